"""Knows the dates of a project from its start over its reviews to its end, as a picture."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Mapping
from datetime import date

from markupsafe import Markup

from piagen.domain.project import Project
from piagen.frozen import frozen
from piagen.rendering.language.tongue import ENGLISH, Tongue
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

_AXIS = 9.0
_LINE = 11.5
_PAD = 4.0


@frozen
class Event:
    """Something that happens on a day.

    Attributes:
        day: None while nobody has given it.
        words: what happens; several things of one day are joined.
    """

    day: date | None
    words: str


@frozen
class Timeline:
    """The dates of a project.

    Attributes:
        events: in the order of their days, each day once; those without a day come last.
        open_ended: whether the agreement goes on until the partners end it.
    """

    events: tuple[Event, ...]
    open_ended: bool


def timeline_of(
    project: Project,
    *,
    agreement: bool,
    unconfirmed: frozenset[str] = frozenset(),
    said: Tongue = ENGLISH,
) -> Timeline:
    """Return the start, the reviews and the end that the answers give.

    Args:
        project: the visible answers, typed.
        agreement: whether an agreement is needed, so that its dates belong here.
        unconfirmed: which of `PATHS` are still to be confirmed.
        said: the language of the picture's own words.
    """
    said = said.unmarked
    words = f" {said.say('(to be confirmed)')}"
    doubt = {path: words if path in unconfirmed else "" for path in PATHS}
    start, review = project.assessment.starts_on, project.review.due
    found = [
        Event(start, f"{said.say('Planned start')}{doubt['assessment.starts_on']}"),
        Event(review, f"{said.say('Next review of this assessment')}{doubt['review.due']}"),
    ]
    if agreement:
        found += _of_agreement(project, doubt, said)
    days = sorted({event.day for event in found if event.day})
    dated = (Event(day, _joined([e.words for e in found if e.day == day])) for day in days)
    undated = (event for event in found if event.day is None)
    open_ended = agreement and project.agreement.open_ended is True
    return Timeline((*dated, *undated), open_ended)


def timeline_picture(timeline: Timeline, said: Tongue = ENGLISH) -> Markup:
    """Return the dates as SVG, in their order on one line; empty where no date is given.

    The days stand at equal distances, so that every word has its room: the picture says so.

    Args:
        timeline: the dates, with words in the same language.
        said: the language of the picture's own words.
    """
    said = said.unmarked
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
            said.day(event.day) if event.day else said.say("No date yet"),
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
        ends = wrap(said.say("No fixed end"), SMALLEST, width - _PAD, weight=600)
        for index, words in enumerate(ends):
            drawn.append(text(words, x, _AXIS + 18 + index * _LINE, weight=600))
    scale = said.say("Not to scale")
    drawn.append(text(scale, FULL_WIDTH, deepest + 3, anchor="end", fill=QUIET))
    return picture(in_words(timeline, said), FULL_WIDTH, deepest + 7, *drawn, said=said)


def in_words(timeline: Timeline, said: Tongue = ENGLISH) -> str:
    """Return what the picture says: each date and what happens on it."""
    told = "; ".join(
        f"{said.day(event.day) if event.day else said.say('no date yet')}: {event.words}"
        for event in timeline.events
    )
    end = f" {said.say('The agreement has no fixed end.')}" if timeline.open_ended else ""
    return f"{said.say('Dates in their order.')} {told}.{end}"


def _of_agreement(project: Project, doubt: Mapping[str, str], said: Tongue) -> Iterator[Event]:
    terms = project.agreement
    start, end = terms.starts_on, terms.ends_on
    unsure = doubt["agreement.starts_on"]
    yield Event(start, f"{said.say('Agreement starts')}{unsure}")
    if terms.first_review_months is not None:
        unsure = unsure or doubt["agreement.first_review_months"]
        first = _later(start, terms.first_review_months)
        yield Event(first, f"{said.say('First review of the agreement')}{unsure}")
        if terms.review_months is not None:
            unsure = unsure or doubt["agreement.review_months"]
            again = _later(first, terms.review_months)
            if not (again and end and again >= end):
                yield Event(again, f"{_next_review(terms.review_months, said)}{unsure}")
    if terms.open_ended is False:
        yield Event(end, f"{said.say('Agreement ends')}{doubt['agreement.ends_on']}")


def _next_review(months: int, said: Tongue) -> str:
    if months == 1:
        return said.say("Next review of the agreement, then every month")
    return said.say(
        "Next review of the agreement, then every %(number)s months", number=str(months)
    )


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
