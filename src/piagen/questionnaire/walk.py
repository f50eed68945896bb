"""Knows what to ask next. Pure: it knows no terminal, so that a form can walk the same way.

Nothing but the answers is stored, so the place where somebody stopped is read from them: the last
answered or open place is the frontier. Optional questions and finished tables before it are passed
over; a required answer missing before it is asked.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from piagen.domain.fact import Answers
from piagen.frozen import frozen
from piagen.questionnaire.missing import open_questions
from piagen.questionnaire.model import Question, Questionnaire, Table
from piagen.questionnaire.survey import Place, Survey, survey


@frozen
class Step:
    """What to ask next.

    Attributes:
        kind: `answer` a question; add the first `row` of a table, or one that must be there;
            or say whether there is `another`.
        key: what to put in `passed` to go on without answering.
        number: which section this is, counted from 1.
        answered: how many places are answered or open by now.
        places: how many places apply by now; it grows as rows are added.
    """

    kind: Literal["answer", "row", "another"]
    place: Place
    key: str
    number: int
    sections: int
    answered: int
    places: int


def walk(
    questionnaire: Questionnaire,
    answers: Answers,
    passed: Collection[str] = (),
    *,
    section: str | None = None,
    found: Survey | None = None,
) -> Step | None:
    """Return the next step, or None when there is nothing left to ask.

    Args:
        questionnaire: what is asked.
        answers: what was answered so far, of the right shape.
        passed: keys of steps that were passed over in this sitting.
        section: the id of the section to stay in; None for all.
        found: which questions apply, where that is known already.
    """
    found = found or survey(questionnaire, answers)
    places = [p for p in found.places if section in (None, p.section.id)]
    known = open_questions(answers)
    settled = [_settled(place, known) for place in places]
    frontier = max(
        (i for i, place in enumerate(places) if settled[i] and place.last_of is None), default=-1
    )
    for i, place in enumerate(places):
        key = f"{place.at} another" if place.last_of else place.at
        if key in passed:
            continue
        if place.last_of is None and settled[i]:
            continue
        if i < frontier and (place.optional or place.last_of):
            continue
        if (
            place.optional
            and isinstance(place.entry, Table)
            and _nothing_to_name(place.entry, answers)
        ):
            continue
        return Step(
            _kind(place),
            place,
            key,
            number=questionnaire.sections.index(place.section) + 1,
            sections=len(questionnaire.sections),
            answered=sum(settled),
            places=len(places),
        )
    return None


def _nothing_to_name(table: Table, answers: Answers) -> bool:
    """A row that has to name a row of another table cannot be written while that is empty."""
    return any(
        column.of and not column.reach.optional and not answers.get(column.of)
        for column in table.columns
    )


def _settled(place: Place, known: Collection[str]) -> bool:
    return place.answered or place.at in known


def _kind(place: Place) -> Literal["answer", "row", "another"]:
    if place.last_of:
        return "another"
    return "answer" if isinstance(place.entry, Question) else "row"
