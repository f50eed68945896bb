"""Knows the sections that an organisation adds to a document, and the words it changes there."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from piagen.errors import Problem, shown
from piagen.questionnaire.conditions import parse

FILE = "sections.toml"
"""Beside the templates of a document in an overlay: `templates/agreement/sections.toml`."""

WORDS = ("title", "kind", "about", "section_word")
"""What a document says of itself, and an organisation may say in its own words."""

_NEEDED = ("id", "title", "template", "after")
_KNOWN = {*_NEEDED, "kind", "answers", "when", "otherwise"}
_KINDS = ("front", "section", "schedule", "appendix")


def with_own(raw: Mapping[str, Any], document: str, roots: tuple[Path, ...]) -> dict[str, Any]:
    """Return what a document.toml says with what overlays add to it.

    Args:
        raw: what the document.toml says.
        document: the id of the document.
        roots: the template folders, first the one that wins.
    """
    made = dict(raw)
    for root in reversed(roots):
        own = _read(root / document / FILE)
        made |= {word: own[word] for word in WORDS if word in own}
        titles = own.get("titles", {})
        sections = [
            {**section, "title": titles.get(section["id"], section["title"])}
            for section in made["sections"]
        ]
        for section in own.get("sections", []):
            ids = [one["id"] for one in sections]
            sections.insert(ids.index(section["after"]) + 1, section)
        made["sections"] = sections
    return made


def section_faults(
    root: Path, roots: tuple[Path, ...], documents: Mapping[str, Mapping[str, Any]], place: str
) -> Iterator[Problem]:
    """Yield every fault of the `sections.toml` files of an overlay.

    Args:
        root: the template folder of the overlay.
        roots: all template folders, first the one that wins.
        documents: what the document.toml of each document says, by id.
        place: what the folder is called in messages.
    """
    for path in sorted(root.glob(f"*/{FILE}")):
        document, at = path.parent.name, f"{place}/{path.parent.name}/{FILE}"
        text = ""
        try:
            text = path.read_text(encoding="utf-8")
            own = tomllib.loads(text)
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            says = f"this is not TOML: {shown(str(error), 200)}."
            yield Problem(at, says, line=toml_line(error, text))
            continue
        if document not in documents:
            known = ", ".join(documents)
            yield Problem(at, f"there is no document “{document}”. There are {known}.")
            continue
        for line, says in _faults(own, documents[document], document, roots, text):
            yield Problem(at, says, line=line)


def templates_of(root: Path) -> frozenset[str]:
    """Return the templates that the `sections.toml` files of an overlay name."""
    found = set()
    for path in root.glob(f"*/{FILE}"):
        try:
            own = _read(path)
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
            continue
        sections = own.get("sections")
        for section in sections if isinstance(sections, list) else []:
            if isinstance(section, dict) and isinstance(section.get("template"), str):
                found.add(_template(section["template"], path.parent.name))
    return frozenset(found)


def toml_line(error: Exception, text: str) -> int | None:
    """Return the line where TOML stopped being TOML, which its reader tells in words alone.

    Args:
        error: what the reader raised.
        text: the file, as far as it could be read.
    """
    _, found, rest = str(error).partition("(at line ")
    if found:
        return int(rest.partition(",")[0])
    return len(text.splitlines()) or None


def line_of(text: str, word: str, nth: int = 0) -> int | None:
    """Return the line of a TOML file that begins with a word, counted from 1.

    Args:
        text: the file.
        word: a key, or the head of a table with its brackets.
        nth: which of those lines.
    """
    lines = [
        number
        for number, line in enumerate(text.splitlines(), 1)
        if line.strip().partition("=")[0].strip() == word
    ]
    return lines[nth] if nth < len(lines) else None


def _faults(
    own: Mapping[str, Any],
    raw: Mapping[str, Any],
    document: str,
    roots: tuple[Path, ...],
    text: str,
) -> Iterator[tuple[int | None, str]]:
    for key, value in own.items():
        line = line_of(text, key)
        match key, value:
            case ("titles", dict()) | ("sections", list()):
                pass
            case (word, str()) if word in WORDS and value.strip():
                pass
            case (word, _) if word in WORDS:
                yield line, f"write “{word}” as text."
            case _:
                known = ", ".join((*WORDS, "titles", "sections"))
                yield line, f"“{shown(key)}” is not used here. There are {known}."
    ids = [section["id"] for section in raw["sections"]]
    titles = own.get("titles", {})
    for id_, title in titles.items() if isinstance(titles, dict) else ():
        if id_ not in ids:
            yield line_of(text, id_), f"the {document} has no section “{shown(id_)}”."
        elif not (isinstance(title, str) and title.strip()):
            yield line_of(text, id_), f"write the title of “{id_}” as text."
    sections = own.get("sections", [])
    for index, section in enumerate(sections if isinstance(sections, list) else ()):
        line = line_of(text, "[[sections]]", index)
        if not isinstance(section, dict):
            yield line, "write each section as a table: [[sections]]."
            continue
        for says in _of_section(section, ids, document, roots):
            yield line, says
        ids.append(str(section.get("id")))


def _of_section(
    section: Mapping[str, Any], ids: list[str], document: str, roots: tuple[Path, ...]
) -> Iterator[str]:
    for key in _NEEDED:
        if not (isinstance(section.get(key), str) and section[key].strip()):
            yield f"give this section “{key}” as text."
    for key in sorted(section.keys() - _KNOWN):
        yield f"“{shown(key)}” is not used here."
    id_, after, template = (section.get(key) for key in ("id", "after", "template"))
    if id_ in ids:
        yield f"the {document} has a section “{shown(str(id_))}” already. Give yours another id."
    if isinstance(id_, str) and not id_.replace("-", "").isalnum():
        yield f"write the id “{shown(id_)}” with letters, figures and hyphens."
    if isinstance(after, str) and after not in ids:
        yield f"the {document} has no section “{shown(after)}” that this could come after."
    if section.get("kind", "section") not in _KINDS:
        yield f"“{shown(str(section['kind']))}” is no kind of section: {', '.join(_KINDS)}."
    if isinstance(template, str):
        name = _template(template, document)
        if ".." in Path(name).parts or not any((root / name).is_file() for root in roots):
            yield f"there is no template “{shown(name)}” in the overlay or in piagen."
    answers = section.get("answers", [])
    if not (isinstance(answers, list) and all(isinstance(path, str) for path in answers)):
        yield 'write “answers” as a list of paths: answers = ["security.standards"].'
    if "when" in section:
        try:
            parse(section["when"])
        except ValueError as error:
            yield str(error)


def _template(name: str, document: str) -> str:
    return name if name.startswith("_") else f"{document}/{name}"


def _read(path: Path) -> Mapping[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
