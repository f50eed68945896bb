"""Knows how an answer reads in print: dates, numbers with their unit, labels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from piagen.domain.days import in_words
from piagen.questionnaire.model import Question
from piagen.questionnaire.naming import brief
from piagen.rendering.language.tongue import ENGLISH, Tongue

Refer = Callable[[str, str], str]


def day(written: str | date) -> str:
    """`2026-11-22` reads 22 November 2026, whatever the locale."""
    found = written if isinstance(written, date) else date.fromisoformat(written)
    return in_words(found)


def read(
    question: Question,
    value: Any,  # noqa: ANN401 - any answer
    refer: Refer,
    said: Tongue = ENGLISH,
) -> str:
    """Return the answer as it is printed, on one line but for prose.

    Args:
        question: what was asked.
        value: the stored answer.
        refer: how a row of a table is referred to, from the table and the row's id.
        said: the language of what is not the answer's own words.
    """
    match question.type:
        case "boolean":
            return said.say("Yes") if value else said.say("No")
        case "choice":
            return question.options[value]
        case "choices":
            return listed([question.options[word] for word in value]) or said.say("None")
        case "number":
            return counted(value, question.unit, said)
        case "date":
            return said.day(value)
        case "reference":
            return refer(str(question.of), value)
        case "references":
            named = (refer(str(question.of), row) for row in value)
            return listed([brief(str(question.of), name) for name in named]) or said.say("None")
    return str(value)


def counted(value: int, unit: str | None, said: Tongue = ENGLISH) -> str:
    """`24` hours reads 24 hours; one of them has no s; people need no unit beside the heading."""
    if unit is None or unit == "people":
        return f"{value:,}"
    one_or_many = unit.removesuffix("s") if value == 1 else unit
    return said.say(f"%(number)s {one_or_many}", number=f"{value:,}")


def listed(items: Sequence[str]) -> str:
    """Join items for one line, by semicolons where one of them has a comma."""
    return ("; " if any("," in item for item in items) else ", ").join(items)
