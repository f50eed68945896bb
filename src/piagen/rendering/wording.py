"""Knows how an answer reads in print: dates, numbers with their unit, labels, names of rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from piagen.questionnaire.model import Question
from piagen.questionnaire.naming import name

_NUMBERED = {
    "purposes": "P{}",
    "data_items": "I-{:02}",
    "data_flows": "F-{:02}",
    "legal_basis": "L-{:02}",
    "risks": "R-{:02}",
    "actions": "A-{:02}",
}
"""How the rows of a table are numbered in print; the numbers follow the order of the rows."""

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

_BY_NUMBER_ONLY = ("purposes", "risks", "legal_basis", "actions")
"""Tables whose rows are whole sentences: elsewhere their number stands for them."""

Answers = Mapping[str, Any]


def day(written: str | date) -> str:
    """`2026-11-22` reads 22 November 2026, whatever the locale."""
    found = written if isinstance(written, date) else date.fromisoformat(written)
    return f"{found.day} {_MONTHS[found.month - 1]} {found.year}"


def number(table: str, index: int) -> str:
    """Return the printed number of a row, counted from 0; empty where rows have none."""
    return _NUMBERED[table].format(index + 1) if table in _NUMBERED else ""


def reference(table: str, row_id: str, answers: Answers) -> str:
    """Return how a row is referred to from elsewhere: P1, I-01 Days absent, Northshire Council."""
    for index, row in enumerate(answers.get(table, ())):
        if row["id"] == row_id:
            numbered = number(table, index)
            if table in _BY_NUMBER_ONLY:
                return numbered
            return f"{numbered} {name(table, row)}".strip()
    return row_id


def read(question: Question, value: Any, answers: Answers) -> str:  # noqa: ANN401 - any answer
    """Return the answer as it is printed, on one line but for prose."""
    match question.type:
        case "boolean":
            return "Yes" if value else "No"
        case "choice":
            return question.options[value]
        case "choices":
            return listed([question.options[word] for word in value]) or "None"
        case "number":
            return counted(value, question.unit)
        case "date":
            return day(value)
        case "reference":
            return reference(str(question.of), value, answers)
        case "references":
            return listed([_one_of_several(str(question.of), row, answers) for row in value])
    return str(value)


def _one_of_several(table: str, row_id: str, answers: Answers) -> str:
    """In a list, rows that have numbers are named by them alone: I-01, I-04, I-05."""
    named = reference(table, row_id, answers)
    return named.partition(" ")[0] if table in _NUMBERED else named


def counted(value: int, unit: str | None) -> str:
    """`24` hours reads 24 hours; one of them has no s; people need no unit beside the heading."""
    if unit is None or unit == "people":
        return f"{value:,}"
    return f"{value:,} {unit.removesuffix('s') if value == 1 else unit}"


def listed(items: Sequence[str]) -> str:
    """Join items for one line, by semicolons where one of them has a comma."""
    return ("; " if any("," in item for item in items) else ", ").join(items)
