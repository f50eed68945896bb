"""Knows the dates of a project from its start over its reviews to its end, as a picture."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from piagen.domain.days import in_words as day_in_words
from piagen.domain.project import Project
from piagen.rendering.pictures.measure import wrap
from piagen.rendering.pictures.svg import (
    ACCENT,
    FULL_WIDTH,
    INK,
    PAPER,
    QUIET,
    SMALLEST,
    Element,
    element,
    line,
    path,
    picture,
    text,
)

PATHS = (
    "assessment.starts_on",
    "review.due",
    "agreement.starts_on",
    "agreement.first_review_months",
    "agreement.review_months",
    "agreement.ends_on",
)
"""The answers that the days follow from."""

_DOUBT = " (to be confirmed)"
_AXIS = 9.0
_LINE = 11.5
_PAD = 4.0


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens on a day.

    Attributes:
        day: None while nobody has given it.
        words: what happens; several things of one day are joined.
    """

    day: date | None
    words: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """The dates of a project.

    Attributes:
        events: in the order of their days, each day once; those without a day come last.
        open_ended: whether the agreement goes on until the partners end it.
    """

    events: tuple[Event, ...]
    open_ended: bool


def timeline_of(
    project: Project, *, agreement: bool, unconfirmed: frozenset[str] = frozenset()
) -> Timeline:
    """Return the start, the reviews and the end that the answers give.

    Args:
        project: the visible answers, typed.
        agreement: whether an agreement is needed, so that its dates belong here.
        unconfirmed: which of `PATHS` are still to be confirmed.
    """
    doubt = {path: _DOUBT if path in unconfirmed else "" for path in PATHS}
    found = [
        Event(project.assessment.starts_on, f"Planned start{doubt['assessment.starts_on']}"),
        Event(project.review.due, f"Next review of this assessment{doubt['review.due']}"),
    ]
    if agreement:
        found += _of_agreement(project, doubt)
    days = sorted({event.day for event in found if event.day})
    dated = (Event(day, _joined([e.words for e in found if e.day == day])) for day in days)
    undated = (event for event in found if event.day is None)
    open_ended = agreement and project.agreement.open_ended is True
    return Timeline((*dated, *undated), open_ended)


def timeline_picture(timeline: Timeline) -> Markup:
    """Return the dates as SVG, in their order on one line; empty where no date is given.

    The days stand at equal distances, so that every word has its room: the picture says so.
    """
    if not any(event.day for event in timeline.events):
        return Markup()
    columns = len(timeline.events) + timeline.open_ended
    width = FULL_WIDTH / columns
    drawn = list(_axis(timeline, width))
    deepest = 0.0
    for index, event in enumerate(timeline.events):
        x = index * width
        drawn.append(_mark(event, x + 6))
        y = _AXIS + 18
        heads = wrap(
            day_in_words(event.day) if event.day else "No date yet",
            SMALLEST,
            width - _PAD,
            weight=600,
        )
        for words in heads:
            drawn.append(text(words, x, y, weight=600))
            y += _LINE
        for words in wrap(event.words, SMALLEST, width - _PAD, lines=6):
            drawn.append(text(words, x, y))
            y += _LINE
        deepest = max(deepest, y)
    if timeline.open_ended:
        x = len(timeline.events) * width
        for index, words in enumerate(wrap("No fixed end", SMALLEST, width - _PAD, weight=600)):
            drawn.append(text(words, x, _AXIS + 18 + index * _LINE, weight=600))
    drawn.append(text("Not to scale", FULL_WIDTH, deepest + 3, anchor="end", fill=QUIET))
    return picture(in_words(timeline), FULL_WIDTH, deepest + 7, *drawn)


def in_words(timeline: Timeline) -> str:
    """Return what the picture says: each date and what happens on it."""
    said = "; ".join(
        f"{day_in_words(event.day) if event.day else 'no date yet'}: {event.words}"
        for event in timeline.events
    )
    end = " The agreement has no fixed end." if timeline.open_ended else ""
    return f"Dates in their order. {said}.{end}"


def _of_agreement(project: Project, doubt: Mapping[str, str]) -> Iterator[Event]:
    terms = project.agreement
    start, end = terms.starts_on, terms.ends_on
    unsure = doubt["agreement.starts_on"]
    yield Event(start, f"Agreement starts{unsure}")
    if terms.first_review_months is not None:
        unsure = unsure or doubt["agreement.first_review_months"]
        first = _later(start, terms.first_review_months)
        yield Event(first, f"First review of the agreement{unsure}")
        if terms.review_months is not None:
            unsure = unsure or doubt["agreement.review_months"]
            again = _later(first, terms.review_months)
            if not (again and end and again >= end):
                often = "month" if terms.review_months == 1 else f"{terms.review_months} months"
                yield Event(again, f"Next review of the agreement, then every {often}{unsure}")
    if terms.open_ended is False:
        yield Event(end, f"Agreement ends{doubt['agreement.ends_on']}")


def _later(start: date | None, months: int) -> date | None:
    """The same day of a later month, or the last day of one that is too short; None if too late."""
    if start is None:
        return None
    years, month = divmod(start.month - 1 + months, 12)
    if start.year + years > date.max.year:
        return None
    last = monthrange(start.year + years, month + 1)[1]
    return date(start.year + years, month + 1, min(start.day, last))


def _joined(words: list[str]) -> str:
    first, *others = words
    return "; ".join((first, *(word[:1].lower() + word[1:] for word in others)))


def _axis(timeline: Timeline, width: float) -> Iterator[Element]:
    dated = sum(event.day is not None for event in timeline.events)
    last = (dated - 1) * width + 6
    if not timeline.open_ended:
        yield line(6, _AXIS, last, _AXIS, stroke=ACCENT, stroke_width=2)
        return
    yield line(6, _AXIS, FULL_WIDTH - 4, _AXIS, stroke=ACCENT, stroke_width=2)
    yield path(f"M{FULL_WIDTH - 9:.2f} {_AXIS - 5:.2f}l6 5l-6 5", stroke=ACCENT, stroke_width=2)


def _mark(event: Event, x: float) -> Element:
    """A filled mark for a date that is given, a hollow dashed one for a date that is not."""
    if event.day:
        return element("circle", cx=x, cy=_AXIS, r=5, fill=ACCENT, stroke=ACCENT, stroke_width=1.5)
    return element(
        "circle",
        cx=x,
        cy=_AXIS,
        r=5,
        fill=PAPER,
        stroke=INK,
        stroke_width=1.2,
        stroke_dasharray="2 1.5",
    )
