"""Knows how data flows are drawn: a lane for each organisation, a numbered arrow for each flow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from markupsafe import Markup

from piagen.domain.ids import PartnerId
from piagen.domain.partners import Partner
from piagen.domain.project import Project
from piagen.frozen import frozen
from piagen.rendering.language.tongue import ENGLISH, Tongue
from piagen.rendering.pictures.arrows import (
    NO_RECIPIENT,
    NO_SENDER,
    Arrow,
    Style,
    arrows_of,
    in_words,
    purposes_in_words,
    shared_out,
)
from piagen.rendering.pictures.measure import drawable, width_of, wrap
from piagen.rendering.pictures.svg import (
    ACCENT,
    FULL_HEIGHT,
    FULL_WIDTH,
    INK,
    PAPER,
    QUIET,
    RULE,
    SMALLEST,
    TINT,
    Element,
    element,
    line,
    path,
    picture,
    rect,
    text,
)

Kind = Literal["party", "processor", "unknown"]
_DASHES: dict[Style, str] = {"uk_gdpr": "", "law_enforcement": "6 3", "unknown": "1.5 3"}
_DOTTED = "1.5 2.5"
_LABEL = 128.0
_INSET = 6.0
_LEADING = 11.0
_GAP = 3.0
_LEAST_LANE = 17.0
_OWN_LANE = 22.0
"""The least height of a lane with a flow that ends where it starts: both ends are drawn in it."""
_LEAST_NAMED_COLUMN = 58.0
"""Narrower columns show the number of the flow alone; its name is in the table."""
_ROOM = FULL_HEIGHT - 150
"""What the head and the key leave for the lanes at the least."""


@frozen
class FlowPicture:
    """One picture of flows.

    Attributes:
        svg: the picture; empty if so many organisations take part that it would not fit a page.
        alternative: what it says, for people who do not see it.
        caption: which flows it shows.
        flows: their numbers, in the order from left to right.
    """

    svg: Markup
    alternative: str
    caption: str
    flows: tuple[str, ...]


@frozen
class _Lane:
    kind: Kind
    lines: tuple[str, ...]
    top: float
    height: float

    @property
    def middle(self) -> float:
        return self.top + self.height / 2


def flow_pictures(project: Project, table: int, said: Tongue = ENGLISH) -> tuple[FlowPicture, ...]:
    """Return the pictures of all flows of a project; each flow is in exactly one.

    Args:
        project: the answers.
        table: the number of the table that lists the flows.
        said: the language of the pictures' own words.
    """
    arrows, plain = arrows_of(project), said.unmarked
    parts = [
        p for several in shared_out(project, arrows) for p in _fitting(project, several, plain)
    ]
    return tuple(
        FlowPicture(
            _drawn(project, part, alternative := in_words(part, len(arrows), table, plain), plain),
            alternative,
            _caption(part, i, len(parts), said),
            tuple(arrow.number for arrow in part),
        )
        for i, part in enumerate(parts, 1)
    )


def _fitting(
    project: Project, arrows: tuple[Arrow, ...], said: Tongue
) -> Iterator[tuple[Arrow, ...]]:
    """Part the arrows until the lanes of each part fit a page, or one arrow is left."""
    if len(arrows) == 1 or _lanes(project, arrows, 0, _ROOM, said) is not None:
        yield arrows
        return
    half = len(arrows) // 2
    yield from _fitting(project, arrows[:half], said)
    yield from _fitting(project, arrows[half:], said)


def _lanes(
    project: Project, arrows: Sequence[Arrow], top: float, room: float, said: Tongue
) -> dict[PartnerId, _Lane] | None:
    """Return the lanes of all that take part, or None if they are higher than there is room."""
    taking = {p for a in arrows for p in (a.sender, *a.recipients, *a.holders)}
    ordered: list[tuple[PartnerId, Kind, str]] = [
        *((p.id, "party", _called(project, p, said)) for p in project.parties),
        *((p.id, "processor", _called(project, p, said)) for p in project.suppliers),
        (NO_SENDER, "unknown", said.say("Sender not recorded")),
        (NO_RECIPIENT, "unknown", said.say("Recipient not recorded")),
    ]
    own = {a.sender for a in arrows if a.sender in a.recipients}
    for most in (3, 2, 1):
        found, at = {}, top
        for partner, kind, name in ordered:
            if partner in taking:
                lines = wrap(name, SMALLEST, _LABEL - 3 * _INSET, lines=most, weight=600)
                tall = _LEADING * (len(lines) + (kind == "processor")) + 6
                least = _OWN_LANE if partner in own else _LEAST_LANE
                found[partner] = _Lane(kind, lines, at, max(tall, least if most > 1 else 0))
                at += found[partner].height + _GAP
        if at - top <= room:
            return found
    return None


def _called(project: Project, partner: Partner, said: Tongue) -> str:
    """Return the name on a lane; one that cannot be drawn is told by its place in the answers."""
    name = partner.short_name or partner.name or ""
    if drawable(name):
        return name
    place = project.partners.index(partner) + 1
    return said.say("Organisation %(place)s in the answers", place=str(place))


def _drawn(project: Project, arrows: tuple[Arrow, ...], alternative: str, said: Tongue) -> Markup:
    column = (FULL_WIDTH - _LABEL - _GAP) / len(arrows)
    middles = [_LABEL + _GAP + column * (i + 0.5) for i in range(len(arrows))]
    head, top = _head(arrows, middles, column, said)
    key, tall = _key(arrows, said)
    lanes = _lanes(project, arrows, top, FULL_HEIGHT - top - tall, said)
    if lanes is None:
        return Markup()
    foot = max(lane.top + lane.height for lane in lanes.values())
    drawn = [part for lane in lanes.values() for part in _lane(lane, said)]
    drawn += [
        part for arrow, x in zip(arrows, middles, strict=True) for part in _draw(arrow, x, lanes)
    ]
    below = element("g", *key, transform=f"translate(0 {foot + 9:.2f})")
    return picture(alternative, FULL_WIDTH, foot + 9 + tall, *head, *drawn, below, said=said)


def _head(
    arrows: tuple[Arrow, ...], middles: Sequence[float], column: float, said: Tongue
) -> tuple[list[Element], float]:
    """Return what stands over the lanes, and where it ends: purpose, number, name, marks."""
    found: list[Element] = []
    y = 2.0
    purposes = list(dict.fromkeys(arrow.purpose for arrow in arrows))
    if len(purposes) > 1:
        for purpose in purposes:
            of = [x for arrow, x in zip(arrows, middles, strict=True) if arrow.purpose == purpose]
            left, right = of[0] - column / 2 + 3, of[-1] + column / 2 - 3
            words = said.say("Purpose not recorded")
            if purpose:
                words = said.say("Purpose %(number)s", number=purpose)
            if width_of(words, SMALLEST) > right - left:
                words = purpose or said.say("None")
            found.append(text(words, (left + right) / 2, y + 8, anchor="middle", fill=QUIET))
            found.append(
                path(
                    f"M{left:.2f} {y + 16:.2f} V{y + 12.5:.2f} H{right:.2f} V{y + 16:.2f}",
                    stroke=QUIET,
                    stroke_width=0.75,
                )
            )
        y += 19
    found += [
        text(a.number, x, y + 10, size=10, weight=600, anchor="middle", fill=ACCENT)
        for a, x in zip(arrows, middles, strict=True)
    ]
    y += 14
    if column >= _LEAST_NAMED_COLUMN:
        wide = min(column - 6, 130)
        told = [arrow.name if drawable(arrow.name) else "" for arrow in arrows]
        names = [wrap(name, SMALLEST, wide, lines=4) for name in told]
        for lines, x in zip(names, middles, strict=True):
            found += [
                text(words, x, y + 8 + i * 10.5, anchor="middle") for i, words in enumerate(lines)
            ]
        y += 10.5 * max(len(lines) for lines in names)
    if any(arrow.locked or arrow.abroad for arrow in arrows):
        for arrow, x in zip(arrows, middles, strict=True):
            both = 7.0 if arrow.locked and arrow.abroad else 0.0
            if arrow.locked:
                found.append(_lock(x - both, y + 7.5))
            if arrow.abroad:
                found.append(_globe(x + both, y + 7.5))
        y += 15
    return found, y + 3


def _lane(lane: _Lane, said: Tongue) -> Iterator[Element]:
    yield line(_LABEL, lane.middle, FULL_WIDTH, lane.middle, stroke=RULE, stroke_width=0.75)
    yield rect(
        0.5,
        lane.top,
        _LABEL - 0.5,
        lane.height,
        fill=PAPER if lane.kind != "party" else TINT,
        stroke=ACCENT if lane.kind == "party" else INK,
        stroke_width=0.9,
        dashes=_DOTTED if lane.kind == "processor" else "",
        radius=2.5,
    )
    lines = len(lane.lines) + (lane.kind == "processor")
    y = lane.middle - lines * _LEADING / 2 + 8.3
    for i, words in enumerate(lane.lines):
        yield text(words, _INSET, y + i * _LEADING, weight=600)
    if lane.kind == "processor":
        yield text(said.say("Processor"), _INSET, y + len(lane.lines) * _LEADING, fill=QUIET)


def _draw(arrow: Arrow, x: float, lanes: dict[PartnerId, _Lane]) -> Iterator[Element]:
    """Draw one flow: a dot where it starts, a line, an arrowhead wherever it arrives."""
    home = lanes[arrow.sender]
    own = arrow.sender in arrow.recipients
    apart = min(7.0, home.height / 2 - 5.5) if own else 0.0
    start = home.middle - apart
    ends = {p: lanes[p].middle + (apart if p == arrow.sender else 0.0) for p in arrow.recipients}
    lowest = max(start, *ends.values())
    for partner in arrow.holders:
        yield line(x, lowest, x, lanes[partner].middle, stroke=INK, dashes="1 3")
    yield _stroke(x, min(start, *ends.values()), x, lowest, arrow.style)
    for partner in arrow.holders:
        yield _square(x, lanes[partner].middle)
    for y in ends.values():
        yield _arrowhead(x, y, down=y >= start)
    yield _dot(x, start)


def _stroke(x1: float, y1: float, x2: float, y2: float, style: Style) -> Element:
    return line(x1, y1, x2, y2, stroke=ACCENT, stroke_width=1.6, dashes=_DASHES[style])


def _dot(x: float, y: float) -> Element:
    return element("circle", cx=x, cy=y, r=4.4, fill=PAPER, stroke=ACCENT, stroke_width=2.2)


def _arrowhead(x: float, y: float, *, down: bool) -> Element:
    tip, back = (y + 4.5, y - 4.5) if down else (y - 4.5, y + 4.5)
    d = f"M{x - 4.8:.2f} {back:.2f} H{x + 4.8:.2f} L{x:.2f} {tip:.2f} Z"
    return path(d, fill=ACCENT, stroke=ACCENT, stroke_width=0.4)


def _square(x: float, y: float) -> Element:
    return rect(x - 3.6, y - 3.6, 7.2, 7.2, stroke=INK, stroke_width=1.2)


def _lock(x: float, y: float) -> Element:
    return element(
        "g",
        path("M-2.7 -0.5 V-2.6 A2.7 2.7 0 0 1 2.7 -2.6 V-0.5", stroke=INK, stroke_width=1.3),
        rect(-4.2, -0.7, 8.4, 6.2, fill=INK, stroke=INK, stroke_width=0.4, radius=0.8),
        transform=f"translate({x:.2f} {y:.2f})",
    )


def _globe(x: float, y: float) -> Element:
    return element(
        "g",
        element("circle", cx=0, cy=0, r=5, fill=PAPER, stroke=INK, stroke_width=1),
        element("ellipse", cx=0, cy=0, rx=2.2, ry=5, fill="none", stroke=INK, stroke_width=0.8),
        line(-5, 0, 5, 0, stroke_width=0.8),
        transform=f"translate({x:.2f} {y:.2f})",
    )


def _key(arrows: tuple[Arrow, ...], said: Tongue) -> tuple[list[Element], float]:
    """Return the key, which explains what the picture has and no more, and its height."""
    styles: dict[Style, str] = {
        "uk_gdpr": said.say("UK GDPR"),
        "law_enforcement": said.say("Part 3, law enforcement"),
        "unknown": said.say("rules not recorded"),
    }
    samples: list[tuple[str, float, Element]] = [
        (said.say("sends"), 12, _dot(6, 5)),
        (said.say("receives"), 10, _arrowhead(5, 5, down=True)),
    ]
    for style, words in styles.items():
        if any(arrow.style == style for arrow in arrows):
            samples.append((words, 22, _stroke(0, 5, 22, 5, style)))
    if any(a.locked for a in arrows):
        words = said.say("special category or criminal offence data")
        samples.append((words, 9, _lock(4.5, 4)))
    if any(a.abroad for a in arrows):
        words = said.say("carries an item that goes outside the UK")
        samples.append((words, 11, _globe(5.5, 5)))
    if any(a.holders for a in arrows):
        samples.append((said.say("supplies a system that is used"), 8, _square(4, 5)))
    found: list[Element] = []
    x, y = 0.0, 0.0
    for words, wide, sample in samples:
        needed = wide + 4 + width_of(words, SMALLEST)
        if x and x + needed > FULL_WIDTH:
            x, y = 0.0, y + 14
        found.append(element("g", sample, transform=f"translate({x:.2f} {y:.2f})"))
        found.append(text(words, x + wide + 4, y + 8.2))
        x += needed + 14
    return found, y + 14


def _caption(arrows: tuple[Arrow, ...], place: int, of: int, said: Tongue) -> str:
    told = said.say("Data flows")
    if purposes := purposes_in_words(arrows, said):
        told = said.say("Data flows for %(purposes)s", purposes=purposes)
    if of == 1:
        return told
    return said.say(
        "%(flows)s (picture %(place)s of %(all)s)", flows=told, place=str(place), all=str(of)
    )
