"""Knows what a fact is, how it registers itself, and how it reads the answers.

A fact is a pure, total predicate over the visible answers. What is absent reads as false. Facts
decide what is asked, what a document prints, and, through `otherwise`, the line that says why a
section does not apply.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from piagen.frozen import frozen

Answers = Mapping[str, Any]
Row = Mapping[str, Any]
Predicate = Callable[[Answers], bool]


@frozen
class Fact:
    """A named predicate.

    Attributes:
        name: its name in conditions: `fact: several_organisations`.
        holds: the predicate.
        reads: the paths it reads, `table[].column` or `section.leaf`.
        otherwise: why something does not apply when the fact is false, as the end of a sentence.
    """

    name: str
    holds: Predicate
    reads: tuple[str, ...]
    otherwise: str


FACTS: dict[str, Fact] = {}


def fact(*reads: str, otherwise: str) -> Callable[[Predicate], Predicate]:
    """Register the decorated predicate; a read of `fact:name` stands for all that fact reads."""

    def register(predicate: Predicate) -> Predicate:
        name = predicate.__name__
        leaves = [
            leaf
            for path in reads
            for leaf in (FACTS[path[5:]].reads if path.startswith("fact:") else (path,))
        ]
        FACTS[name] = Fact(name, predicate, tuple(dict.fromkeys(leaves)), otherwise)
        return predicate

    return register


def value(answers: Answers, section: str, leaf: str) -> Any:  # noqa: ANN401 - any answer
    """Return one answer of a section, or None."""
    return answers.get(section, {}).get(leaf)


def rows(answers: Answers, table: str) -> tuple[Row, ...]:
    """Return the rows of a table, none if it is absent."""
    return tuple(answers.get(table, ()))


def cells(answers: Answers, table: str, column: str) -> Iterator[Any]:
    """Return the cells of a column that are answered."""
    return (row[column] for row in rows(answers, table) if column in row)


def any_is(answers: Answers, table: str, column: str, *words: object) -> bool:
    """Tell whether any cell of the column is one of the words."""
    return any(cell in words for cell in cells(answers, table, column))


def any_includes(answers: Answers, table: str, column: str, word: str) -> bool:
    """Tell whether any cell of the column, a list of words, includes the word."""
    return any(word in cell for cell in cells(answers, table, column))


def parties(answers: Answers) -> tuple[Row, ...]:
    """Return the partners that are parties: any role but processor, or no role yet."""
    held: dict[str, set[str]] = {}
    for role in rows(answers, "roles"):
        if "partner" in role and "role" in role:
            held.setdefault(role["partner"], set()).add(role["role"])
    return tuple(
        partner for partner in rows(answers, "partners") if held.get(partner["id"]) != {"processor"}
    )


def controllers(answers: Answers) -> tuple[Row, ...]:
    """Return the partners that are a controller or joint controller for any purpose."""
    named = {
        role.get("partner")
        for role in rows(answers, "roles")
        if role.get("role") in ("controller", "joint_controller")
    }
    return tuple(partner for partner in rows(answers, "partners") if partner["id"] in named)
