"""Writes templates/_locale/: every fixed text of the documents, for translators.

`piagen.pot` holds all messages; each `.po` file keeps its translations and is given what is new.
Run `make messages` after a change of wording. Babel is needed here alone.
"""

from __future__ import annotations

import ast
import io
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

import piagen
from piagen.domain.days import MONTHS
from piagen.domain.facts import FACTS
from piagen.law.dated import Standing
from piagen.pipeline.assess import questionnaire
from piagen.questionnaire.model import WITHHOLDING, Questionnaire
from piagen.rendering.language.asked import messages_of_manifest, messages_of_questionnaire
from piagen.rendering.language.catalogue import FOLDER
from piagen.rendering.language.literals import signatures
from piagen.rendering.language.runs import messages
from piagen.rendering.language.styles import messages_of_styles
from piagen.rendering.language.templates import sources
from piagen.rendering.law_in_words import READ
from piagen.rendering.manifest import manifests
from piagen.rendering.pictures.matrices import COLUMNS, GROUNDS, ROWS
from piagen.rendering.published import IN_OTHER_WORDS
from piagen.resources import shipped

TEMPLATES = shipped("templates")
RENDERING = Path(piagen.__file__).parent / "rendering"
POT = "piagen.pot"
WIDTH = 100
Found = tuple[str, str]
"""A message and the file that says it."""

_TOP = """# The fixed text of piagen's documents. MIT licence, as piagen.
# Written by make messages from templates, questionnaire and code: change the wording there.
# %(name)s stands for what is put in, and <strong> or <a> for markup: keep all of them.
msgid ""
msgstr ""
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


def main() -> None:
    """Write the files, in place of what they held."""
    for name, text in files().items():
        (TEMPLATES / FOLDER / name).write_text(text, encoding="utf-8")


def files() -> dict[str, str]:
    """Return the text of each file by its name."""
    template = catalogue(found())
    written = {POT: _TOP + _body(template)}
    for path in sorted((TEMPLATES / FOLDER).glob("*.po")):
        text = path.read_text(encoding="utf-8")
        translated = read_po(io.StringIO(text), locale=path.stem)
        translated.update(template, no_fuzzy_matching=True)
        for key in [key for key, old in translated.obsolete.items() if not old.string]:
            del translated.obsolete[key]
        top = text[: text.index("\n\n") + 2]
        written[path.name] = top + _body(translated)
    return written


def catalogue(of: Iterable[Found]) -> Catalog:
    """Return the messages, in the order found, each with the files that say it."""
    made = Catalog(project="piagen", fuzzy=False)
    for message, place in of:
        made.add(message, locations=[(place, 1)])
    return made


def found() -> Iterator[Found]:
    """Yield every message of the documents and where it is from."""
    yield from _of_templates()
    yield from _of_styles()
    yield from _of_manifests()
    yield from _of_python()
    yield from _chosen_by_a_value(questionnaire())
    for message in messages_of_questionnaire(questionnaire()):
        yield message, "questionnaires/core"


def _of_templates() -> Iterator[Found]:
    known = signatures(sources((TEMPLATES,)))
    for path in sorted(TEMPLATES.rglob("*.j2")):
        place = f"templates/{path.relative_to(TEMPLATES).as_posix()}"
        for message in messages(path.read_text(encoding="utf-8"), known):
            yield message, place


def _of_styles() -> Iterator[Found]:
    for path in sorted(TEMPLATES.rglob("*.css")):
        for message in messages_of_styles(path.read_text(encoding="utf-8")):
            yield message, f"templates/{path.relative_to(TEMPLATES).as_posix()}"


def _of_manifests() -> Iterator[Found]:
    for manifest in manifests((TEMPLATES,)).values():
        for message in messages_of_manifest(manifest):
            yield message, f"templates/{manifest.id}/document.toml"


def _of_python() -> Iterator[Found]:
    """Yield what code says through `say("...")`."""
    for path in sorted(RENDERING.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(
                    func=ast.Attribute(attr="say"), args=[ast.Constant(value=str(text)), *_]
                ):
                    yield text, f"src/piagen/rendering/{path.relative_to(RENDERING).as_posix()}"


def _chosen_by_a_value(asked: Questionnaire) -> Iterator[Found]:
    """Yield what code looks up by a value: months, units, reasons, how a law stands."""
    for month in MONTHS:
        yield month, "src/piagen/domain/days.py"
    for fact in FACTS.values():
        yield fact.otherwise, "src/piagen/domain/facts.py"
    for standing in Standing:
        yield standing.words, "src/piagen/law/dated.py"
    for words in READ.values():
        yield words, "src/piagen/rendering/law_in_words.py"
    for words in (*ROWS.values(), *COLUMNS.values(), *map(str.capitalize, GROUNDS)):
        yield words, "src/piagen/rendering/pictures/matrices.py"
    for reason in (*WITHHOLDING.values(), IN_OTHER_WORDS):
        yield reason, "src/piagen/rendering/published.py"
    units = {question.unit for _, question in asked.questions() if question.unit}
    for unit in sorted(units - {"people"}):
        for word in (unit.removesuffix("s"), unit):
            yield f"%(number)s {word}", "questionnaires/core"
    raw = [tomllib.loads(path.read_text()) for path in sorted(TEMPLATES.glob("*/document.toml"))]
    words = {one["section_word"] for one in raw} | {"schedule", "appendix"}
    for word in sorted({one["section_word"] for one in raw}):
        yield word.capitalize(), "src/piagen/rendering/context.py"
    for what in ("This", *(f"This {word}" for word in sorted(words))):
        for case in (what, what.lower()):
            yield case, "src/piagen/rendering/sections.py"


def _body(of: Catalog) -> str:
    written = io.BytesIO()
    write_po(
        written,
        of,
        width=WIDTH,
        omit_header=True,
        include_lineno=False,
        ignore_obsolete=False,
    )
    return written.getvalue().decode("utf-8").strip() + "\n"


if __name__ == "__main__":
    main()
