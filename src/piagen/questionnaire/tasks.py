"""Knows the task list: how far each section is, and what it waits for."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Set
from enum import StrEnum
from itertools import groupby

from piagen.domain.facts import FACTS
from piagen.frozen import frozen
from piagen.questionnaire.conditions import reads
from piagen.questionnaire.missing import is_unconfirmed
from piagen.questionnaire.model import LaterColumn, Questionnaire, Section
from piagen.questionnaire.survey import Place, Survey


class Status(StrEnum):
    """How far a section is."""

    NOT_STARTED = "Not started"
    IN_PROGRESS = "In progress"
    COMPLETE = "Complete"
    CANNOT_START = "Cannot start yet"
    NOT_NEEDED = "Not needed"


@frozen
class Task:
    """One section of the task list.

    Attributes:
        answered: how many of what applies is answered and confirmed.
        applies: how many places are required by now, with the optional ones that are answered.
        open: how many of them somebody was asked to find out.
        unconfirmed: how many answers wait to be confirmed.
        waits_for: the section that comes first, where this one cannot start.
    """

    section: Section
    status: Status
    answered: int
    applies: int
    open: int
    unconfirmed: int
    waits_for: Section | None = None


def tasks(
    questionnaire: Questionnaire,
    found: Survey,
    open_at: Collection[str],
    unconfirmed: Set[str],
) -> tuple[Task, ...]:
    """Return every section with its status, in the order asked.

    Args:
        questionnaire: what is asked.
        found: which questions apply.
        open_at: stored paths of the open questions.
        unconfirmed: stored paths that wait to be confirmed, of leaves, rows, tables or sections.
    """
    by_section = {
        id_: [place for place in group if place.last_of is None]
        for id_, group in groupby(found.places, lambda place: place.section.id)
    }
    asked_in = {q.path: section.id for section, q in questionnaire.questions()}
    told: list[Task] = []
    for section in questionnaire.sections:
        task = _task(section, by_section.get(section.id, []), open_at, unconfirmed)
        if task.status is Status.NOT_NEEDED:
            depends = {asked_in[path] for path in _reads(section) if path in asked_in}
            waits = (t.section for t in told if t.section.id in depends and not _complete(t))
            if waits_for := next(waits, None):
                task = Task(section, Status.CANNOT_START, 0, 0, 0, 0, waits_for)
        told.append(task)
    return tuple(told)


def _task(
    section: Section,
    places: list[Place],
    open_at: Collection[str],
    doubted: Set[str],
) -> Task:
    counted = [place for place in places if place.answered or not place.optional]
    waiting = sum(place.answered and is_unconfirmed(place.at, doubted) for place in places)
    sure = sum(place.answered for place in places) - waiting
    asked = sum(not place.answered and place.at in open_at for place in places)
    if not places:
        status = Status.NOT_NEEDED
    elif sure == len(counted):
        status = Status.COMPLETE if counted else Status.NOT_STARTED
    elif any(place.answered for place in places) or asked:
        status = Status.IN_PROGRESS
    else:
        status = Status.NOT_STARTED
    return Task(section, status, sure, len(counted), asked, waiting)


def _complete(task: Task) -> bool:
    return task.status in (Status.COMPLETE, Status.NOT_NEEDED)


def _reads(section: Section) -> Iterator[str]:
    """Yield the paths on which it hangs whether the section is asked."""
    for entry in section.entries:
        reach = entry.question.reach if isinstance(entry, LaterColumn) else entry.reach
        for path, _ in reads(reach.when):
            yield from FACTS[path[5:]].reads if path.startswith("fact:") else (path,)
