"""Knows what is missing: what applies and has no answer that counts. A gap is never an error.

An answer that a starter or the profile filled in counts only when somebody has confirmed it.
"""

from __future__ import annotations

from collections.abc import Set
from datetime import date

from piagen.domain.fact import Answers, rows
from piagen.domain.stored_path import holders
from piagen.frozen import frozen
from piagen.questionnaire.model import Question, Questionnaire, RequiredRow, Section, Table
from piagen.questionnaire.survey import Place, Survey, survey


@frozen
class Open:
    """A gap that somebody is asked to close: a row of `open_questions`."""

    note: str | None
    owner: str | None
    due: date | None


@frozen
class Missing:
    """One gap.

    Attributes:
        at: its stored path.
        open: who was asked to close it, if anybody.
        unconfirmed: whether there is an answer, which nobody has confirmed yet.
    """

    section: Section
    entry: Question | Table | RequiredRow
    at: str
    open: Open | None
    unconfirmed: bool = False


def missing(questionnaire: Questionnaire, answers: Answers) -> tuple[Missing, ...]:
    """Return the gaps in the order asked, unconfirmed answers among them.

    An optional leaf is a gap only while it is open, or while its answer is unconfirmed.
    """
    return gaps(survey(questionnaire, answers), answers)


def gaps(found: Survey, answers: Answers) -> tuple[Missing, ...]:
    """Return the gaps of answers that were surveyed already."""
    known, doubts = open_questions(answers), unconfirmed(answers)
    return tuple(
        Missing(place.section, place.entry, place.at, known.get(place.at), place.answered)
        for place in found.places
        if (
            _is_doubted(place, doubts)
            if place.answered
            else not place.optional or place.at in known
        )
    )


def _is_doubted(place: Place, doubts: frozenset[str]) -> bool:
    """Whether the place is one answer, and it is unconfirmed: a table is doubted cell by cell."""
    return isinstance(place.entry, Question) and is_unconfirmed(place.at, doubts)


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


def unconfirmed(answers: Answers) -> frozenset[str]:
    """Return the stored paths that nobody has confirmed: of leaves, rows, tables and sections."""
    return frozenset(row["path"] for row in rows(answers, "unconfirmed"))


def is_unconfirmed(at: str, doubts: Set[str]) -> bool:
    """Tell whether an answer, or what it lies in, is among what nobody has confirmed.

    Args:
        at: the stored path of a leaf.
        doubts: what `unconfirmed` returned.
    """
    return not doubts.isdisjoint(holders(at))
