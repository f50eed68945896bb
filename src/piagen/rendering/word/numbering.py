"""Knows how printed numbers become Word's own: lists that count on, and start again where need be.

The number is read where the HTML prints it, and Word's counters are worked out beside it. Where
they would say anything else, a new list begins with the printed number: so Word shows what the PDF
shows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from piagen.frozen import frozen
from piagen.rendering.word.markup import Element, w

Kind = Literal["plain", "lettered"]
"""How the parts of a document are counted: 1, 2 or A, B."""

_CLAUSE = re.compile(r"^([0-9]+|[A-Z])\.([0-9]+)$")
_HEADING = re.compile(
    r"^(?:(?P<word>[^\W\d_]+) )?(?P<number>[0-9]+|[A-Z])(?P<rest>[:.)]? .+)$", re.S
)
_POINT = re.compile(r"^\(([a-z])\)$")
_DEPTH = 9
HANG = 794
"""By how much a clause hangs from its number, in twentieths of a point: 14 mm, so that 16.10 in
the type of a heading has a gap after it."""
STEP = 340
"""By how much a list stands in from the one around it, in twentieths of a point: 6 mm."""


@frozen
class Numbered:
    """A number that Word counts.

    Attributes:
        list_id: which list.
        level: of the list, from 0.
        label: what is printed: `Schedule 3`, `7`, `7.2`.
    """

    list_id: int
    level: int
    label: str

    def properties(self) -> Element:
        """Return the properties of a paragraph that say so."""
        return w("numPr", w("ilvl", val=self.level), w("numId", val=self.list_id))


@dataclass(slots=True)
class _Chain:
    """A list while it is written: how far each of its three levels has counted."""

    abstract: int
    list_id: int
    kind: Kind
    part: int = 0
    clause: int = 0
    point: int = 0


@dataclass(slots=True)
class Numbering:
    """Every list of a document while it is written."""

    _chains: dict[tuple[str, Kind], _Chain] = field(default_factory=dict)
    _now: _Chain | None = None
    _abstracts: list[Element] = field(default_factory=list)
    _lists: list[Element] = field(default_factory=list)

    def heading(self, words: str) -> tuple[Numbered, str] | None:
        """Return the number of a numbered heading, and the text without it; None if it has none.

        Args:
            words: as printed: `7 Lawfulness`, `Schedule A: Contacts`.
        """
        found = _HEADING.match(words)
        if found is None:
            return None
        word, number, rest = found["word"] or "", found["number"], found["rest"]
        if not word and not number.isdigit():
            return None  # a title that begins with a letter: A word to staff
        value, kind = _value(number)
        chain = self._chain(word, kind)
        if chain.part + 1 != value:
            self._start(chain, {0: value})
        chain.part, chain.clause, chain.point = value, 0, 0
        self._now = chain
        label = f"{word} {number}".strip()
        return Numbered(chain.list_id, 0, label), rest if word else rest.lstrip()

    def clause(self, printed: str) -> Numbered | None:
        """Return the number of a clause within the part that is written; None if it is no number.

        Args:
            printed: `7.2`, `A.1`.
        """
        found = _CLAUSE.match(printed)
        if found is None:
            return None
        value, kind = _value(found[1])
        chain = self._now
        if chain is None or chain.part != value or kind != chain.kind:
            chain = self._now = self._chain("", kind)
            self._start(chain, {0: value, 1: int(found[2])})
            chain.part = value
        elif chain.clause + 1 != int(found[2]):
            self._start(chain, {0: value, 1: int(found[2])})
        chain.clause, chain.point = int(found[2]), 0
        return Numbered(chain.list_id, 1, printed)

    def point(self, printed: str) -> Numbered | None:
        """Return the letter of a point within the clause that is written; None if it is none.

        Args:
            printed: `(a)`.
        """
        found, chain = _POINT.match(printed), self._now
        if found is None or chain is None or not chain.clause:
            return None
        value = ord(found[1]) - 96
        if chain.point + 1 != value:
            self._start(chain, {0: chain.part, 1: chain.clause, 2: value})
        chain.point = value
        return Numbered(chain.list_id, 2, printed)

    def items(self, depth: int, start: int | None) -> int:
        """Begin a list of points, and return its id; every list counts for itself.

        Args:
            depth: how many lists it stands in.
            start: its first number; None for a list without numbers.
        """
        at = len(self._abstracts)
        counted = (("decimal", "%{}."), ("lowerLetter", "(%{})"), ("lowerRoman", "(%{})"))
        signs = ("•", "–", "•")
        levels = []
        for level in range(_DEPTH):
            shape, printed = counted[(level + depth) % 3]
            levels.append(
                _level(
                    level,
                    start or 1 if level == 0 else 1,
                    shape if start is not None else "bullet",
                    printed.format(level + 1) if start is not None else signs[level % 3],
                    indent=STEP * (depth + level + 1),
                    hanging=STEP,
                )
            )
        self._abstracts.append(_abstract(at, levels))
        return self._new_list(at)

    def write(self) -> list[Element]:
        """Return what numbering.xml holds, in its order."""
        return [*self._abstracts, *self._lists]

    def _chain(self, word: str, kind: Kind) -> _Chain:
        if (word, kind) not in self._chains:
            at = len(self._abstracts)
            shape = "decimal" if kind == "plain" else "upperLetter"
            after = "nothing" if word else "space"
            self._abstracts.append(
                _abstract(
                    at,
                    [
                        _level(0, 1, shape, f"{word} %1".strip(), after=after),
                        _level(1, 1, "decimal", "%1.%2", indent=HANG, hanging=HANG),
                        _level(2, 1, "lowerLetter", "(%3)", indent=HANG + STEP, hanging=STEP),
                        *(_level(n, 1, "decimal", f"%{n + 1}.") for n in range(3, _DEPTH)),
                    ],
                )
            )
            self._chains[word, kind] = _Chain(at, self._new_list(at), kind)
        return self._chains[word, kind]

    def _start(self, chain: _Chain, at: dict[int, int]) -> None:
        """Let the chain go on as a new list that starts with these numbers."""
        chain.list_id = self._new_list(chain.abstract, at)

    def _new_list(self, abstract: int, start: dict[int, int] | None = None) -> int:
        number = len(self._lists) + 1
        starts = (
            w("lvlOverride", w("startOverride", val=value), ilvl=level)
            for level, value in (start or {}).items()
        )
        self._lists.append(w("num", w("abstractNumId", val=abstract), *starts, numId=number))
        return number


def _value(number: str) -> tuple[int, Kind]:
    return (int(number), "plain") if number.isdigit() else (ord(number) - 64, "lettered")


def _abstract(at: int, levels: list[Element]) -> Element:
    return w("abstractNum", w("multiLevelType", val="multilevel"), *levels, abstractNumId=at)


def _level(
    level: int,
    start: int,
    shape: str,
    printed: str,
    *,
    indent: int = 0,
    hanging: int = 0,
    after: str = "tab",
) -> Element:
    stops = w("tabs", w("tab", val="num", pos=indent)) if hanging else None
    return w(
        "lvl",
        w("start", val=start),
        w("numFmt", val=shape),
        w("suff", val=after),
        w("lvlText", val=printed),
        w("lvlJc", val="left"),
        w("pPr", stops, w("ind", left=indent, hanging=hanging)),
        ilvl=level,
    )
