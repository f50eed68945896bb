"""Knows which characters of the answers no bundled font can print.

A PDF shows an empty box for them, and yet its text can be copied and searched: nothing but the
fonts themselves can tell. What they hold is written down in `coverage.txt`, so that looking is
quick and needs no font to be opened.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from piagen.domain.fact import rows
from piagen.errors import shown
from piagen.frozen import frozen
from piagen.questionnaire.kept import KEPT
from piagen.questionnaire.model import Question, Questionnaire, Table
from piagen.questionnaire.naming import name
from piagen.resources import shipped

TYPED = ("text", "prose", "email", "url")
"""The types whose answers are characters that a person typed."""
NOT_PRINTED = ("starter",)
"""Columns of the kept tables that no document prints; a path that leads nowhere is printed."""
INVISIBLE = (
    (0x00AD, 0x00AD),  # soft hyphen
    (0x034F, 0x034F),  # combining grapheme joiner
    (0x061C, 0x061C),  # Arabic letter mark
    (0x17B4, 0x17B5),  # Khmer inherent vowels
    (0x180B, 0x180E),  # Mongolian variation selectors and vowel separator
    (0x200B, 0x200F),  # zero-width space, joiners, direction marks
    (0x202A, 0x202E),  # direction embeddings
    (0x2060, 0x206F),  # word joiner, direction isolates
    (0xFE00, 0xFE0F),  # variation selectors
    (0xFEFF, 0xFEFF),  # byte order mark
    (0xE0000, 0xE007F),  # tags
    (0xE0100, 0xE01EF),  # variation selectors
)
"""Characters that steer others and have no picture of their own: shaping needs no glyph."""
_WITHOUT_NAME = {"Co": "private use: known to one font only", "Cn": "unassigned"}


@frozen
class Unprintable:
    """One character of one answer that a PDF cannot show.

    Attributes:
        at: the stored path of the answer: `partners[northshire].name`.
        label: the same place in words: "Organisations › Northshire Council › Name".
        character: the character itself.
        name: what Unicode calls it.
    """

    at: str
    label: str
    character: str
    name: str

    @property
    def code(self) -> str:
        """Its number as it is usually written: U+6F22."""
        return f"U+{ord(self.character):04X}"


def uncovered(visible: Mapping[str, Any], questionnaire: Questionnaire) -> tuple[Unprintable, ...]:
    """Return what no bundled font can print, once a field, in the order of the questionnaire.

    Args:
        visible: the answers that apply, of the right shape.
        questionnaire: what they answer.
    """
    return tuple(_everywhere(visible, questionnaire))


def missing_from_fonts(text: str) -> tuple[str, ...]:
    """Return the characters without a glyph, each once, in the order they stand in the text."""
    if text.isascii():
        return ()
    lacking = {c for c in set(text) if not _printable(c) and not _composed(c)}
    return tuple(sorted(lacking, key=text.index))


def covered() -> Iterator[range]:
    """Yield the code points that a bundled font has a glyph for.

    Raises:
        FileNotFoundError: piagen was installed without its templates.
    """
    path = shipped("templates") / "_base" / "fonts" / "coverage.txt"
    for line in path.read_text(encoding="ascii").splitlines():
        if not line.startswith("#"):
            first, _, last = line.partition("-")
            yield range(int(first, 16), int(last, 16) + 1)


@cache
def _printable(character: str) -> bool:
    """Tell whether a font has it, or it needs none: white space but one, and what is invisible."""
    point = ord(character)
    if point <= 0x3000 and character.isspace() and point != 0x1680:
        return True
    return any(point in run for run in _runs())


@cache
def _runs() -> tuple[range, ...]:
    return (*covered(), *(range(first, last + 1) for first, last in INVISIBLE))


def _everywhere(visible: Mapping[str, Any], questionnaire: Questionnaire) -> Iterator[Unprintable]:
    for section, entry in questionnaire.entries():
        match entry:
            case Question():
                text = visible.get(entry.key, {}).get(entry.leaf, "")
                if entry.type in TYPED:
                    yield from _found(text, entry.path, section.title, entry.words.label)
            case Table():
                yield from _in_rows(questionnaire.tables[entry.key], visible, questionnaire)
    for table in KEPT.values():
        yield from _in_rows(table, visible, questionnaire)


def _in_rows(
    table: Table, visible: Mapping[str, Any], questionnaire: Questionnaire
) -> Iterator[Unprintable]:
    for count, row in enumerate(rows(visible, table.key), start=1):
        for column in table.columns:
            text = row.get(column.leaf, "")
            if column.type not in TYPED or not missing_from_fonts(text):
                continue
            if table.keyed:
                at, called = row["id"], shown(name(questionnaire, table.key, row, visible))
            elif column.leaf not in NOT_PRINTED:
                at = called = f"row {count}"
            else:
                continue
            at = f"{table.key}[{at}].{column.leaf}"
            yield from _found(text, at, table.words.label, called, column.words.label)


def _found(text: str, at: str, *where: str) -> Iterator[Unprintable]:
    for character in missing_from_fonts(text):
        yield Unprintable(at, " › ".join(where), character, _name(character))


def _composed(character: str) -> bool:
    """Tell whether shaping draws it from a letter and marks that the fonts have."""
    parts = unicodedata.normalize("NFD", character)
    return parts != character and all(map(_printable, parts))


def _name(character: str) -> str:
    return unicodedata.name(character, "") or _WITHOUT_NAME.get(
        unicodedata.category(character), "without a name"
    )
