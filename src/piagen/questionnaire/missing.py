"""Knows what is missing: what applies, is required and has no answer. A gap is never an error."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from piagen.domain.fact import Answers, rows
from piagen.questionnaire.model import Question, Questionnaire, RequiredRow, Section, Table
from piagen.questionnaire.survey import Survey, survey


@dataclass(frozen=True, slots=True)
class Open:
    """A gap that somebody is asked to close: a row of `open_questions`."""

    note: str | None
    owner: str | None
    due: date | None


@dataclass(frozen=True, slots=True)
class Missing:
    """One gap.

    Attributes:
        at: its stored path.
        open: who was asked to close it, if anybody.
    """

    section: Section
    entry: Question | Table | RequiredRow
    at: str
    open: Open | None


def missing(questionnaire: Questionnaire, answers: Answers) -> tuple[Missing, ...]:
    """Return the gaps in the order asked; an optional leaf is one only while it is open."""
    return gaps(survey(questionnaire, answers), answers)


def gaps(found: Survey, answers: Answers) -> tuple[Missing, ...]:
    """Return the gaps of answers that were surveyed already."""
    known = open_questions(answers)
    return tuple(
        Missing(place.section, place.entry, place.at, known.get(place.at))
        for place in found.places
        if not place.answered and (not place.optional or place.at in known)
    )


def hidden(questionnaire: Questionnaire, answers: Answers) -> tuple[str, ...]:
    """Return the stored paths of answers that no longer apply; they stay in the file."""
    return tuple(survey(questionnaire, answers).hidden)


def open_questions(answers: Answers) -> dict[str, Open]:
    """Return the open questions by the path that each is about."""
    return {
        row["at"]: Open(
            row.get("note"),
            row.get("owner"),
            date.fromisoformat(row["due"]) if "due" in row else None,
        )
        for row in rows(answers, "open_questions")
    }
