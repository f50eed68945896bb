"""Knows the catalogues of translations: the .po files of a template folder, read as they are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from piagen.errors import TemplateFault
from piagen.frozen import frozen
from piagen.resources import told

FOLDER = "_locale"
"""Where a template folder keeps its catalogues: `_locale/cy.po`."""

PLACEHOLDER = re.compile(r"%\((\w+)\)s")
"""Stands for what is put in: an answer, a number, a citation."""

TAG = re.compile(r"</?[a-z]+\d*>")
"""Stands for inline markup, whose attributes stay in the template: `<strong>`, `<a2>`."""

_TEMPLATE_SYNTAX = re.compile(r"{{|}}|{%|%}|{#|#}")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\"}
_LINE = re.compile(r'(?:(msgid|msgstr)\s+)?"((?:[^"\\]|\\.)*)"\s*$')


@frozen
class Entry:
    """One message of a catalogue.

    Attributes:
        message: the English text, which is also the key.
        translation: empty where there is none yet.
        fuzzy: whether a tool guessed the translation; such a one is not used.
        line: where it stands in the file.
    """

    message: str
    translation: str
    fuzzy: bool
    line: int


def translations(roots: tuple[Path, ...], language: str) -> Mapping[str, str]:
    """Return the usable translations by message; those of an earlier folder win.

    Args:
        roots: template folders; each may have its own catalogue, and none must.
        language: the code of the language: `cy`.

    Raises:
        TemplateFault: a catalogue is no .po file, or a translation loses a placeholder.
    """
    found: dict[str, str] = {}
    for root in reversed(roots):
        path = root / FOLDER / f"{language}.po"
        if path.is_file():
            for entry in entries(path, told(path, roots)):
                if entry.message and entry.translation and not entry.fuzzy:
                    if fault := misfit(entry.message, entry.translation):
                        place = told(path, roots)
                        raise TemplateFault(f"{place}, line {entry.line}: {fault}")
                    found[entry.message] = entry.translation
    return found


def misfit(message: str, translation: str) -> str | None:
    """Return what a translation has lost or may not have; None if it fits its message.

    Args:
        message: the English text.
        translation: the same in another language.
    """
    for what, pattern in (("placeholders", PLACEHOLDER), ("markup", TAG)):
        if Counter(pattern.findall(message)) != Counter(pattern.findall(translation)):
            return f"“{message}” and its translation do not have the same {what}."
    if "<" in TAG.sub("", translation) and "<" not in TAG.sub("", message):
        return f"The translation of “{message}” has markup of its own."
    if _TEMPLATE_SYNTAX.search(translation):
        return f"The translation of “{message}” has the brackets of a template."
    return None


def entries(path: Path, called: str = "") -> Iterator[Entry]:
    """Yield the entries of a .po file in order, the header (an empty message) too.

    Only what piagen writes is read: no contexts and no plurals. Entries that are commented out as
    obsolete are left out.

    Args:
        path: the file.
        called: what it is called in a message; its own name if nothing is given.

    Raises:
        TemplateFault: a line is not of a .po file, or the file is not UTF-8 text.
    """
    called = called or path.name
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise TemplateFault(f"{called}: this is not UTF-8 text.") from error
    texts: dict[str, str] = {}
    field, fuzzy, start = "", False, 0
    for number, line in enumerate(lines, 1):
        if line.startswith("#") or not line.strip():
            if "msgstr" in texts:
                yield Entry(texts["msgid"], texts["msgstr"], fuzzy, start)
                texts, field, fuzzy = {}, "", False
            fuzzy = fuzzy or (line.startswith("#,") and "fuzzy" in line)
            continue
        matched = _LINE.match(line)
        if matched is None or not (matched[1] or field):
            raise TemplateFault(f"{called}, line {number}: this is no line of a .po file.")
        if matched[1] == "msgid" and "msgstr" in texts:
            yield Entry(texts["msgid"], texts["msgstr"], fuzzy, start)
            texts, fuzzy = {}, False
        if matched[1]:
            field, start = matched[1], number if matched[1] == "msgid" else start
        if field == "msgstr" and "msgid" not in texts:
            raise TemplateFault(f"{called}, line {number}: a translation has no message.")
        texts[field] = texts.get(field, "") + _unescaped(matched[2])
    if "msgstr" in texts:
        yield Entry(texts["msgid"], texts["msgstr"], fuzzy, start)


def _unescaped(written: str) -> str:
    return re.sub(r"\\(.)", lambda found: _ESCAPES.get(found[1], found[1]), written)
