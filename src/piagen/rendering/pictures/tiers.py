"""Knows the four layers of law, protocol, agreements and procedures, as a picture."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from piagen.frozen import frozen
from piagen.rendering.language.tongue import ENGLISH, Tongue
from piagen.rendering.pictures.measure import Weight, wrap
from piagen.rendering.pictures.svg import (
    ACCENT,
    FULL_WIDTH,
    INK,
    PAPER,
    QUIET,
    SMALLEST,
    TINT,
    Element,
    path,
    picture,
    rect,
    text,
)

_NAMES = 130.0
_PAD = 7.0
_LINE = 11.0
_BETWEEN = 13.0
_TITLE = 10.5


@frozen
class Box:
    """One document, or one kind of document, in a layer.

    Attributes:
        words: what is said of it, in at most three lines.
        name: what it is called, in at most two lines; empty for a kind of document.
        to_come: whether it is still to be made: its edge is dashed.
    """

    words: str
    name: str = ""
    to_come: bool = False


@frozen
class Tier:
    """One layer.

    Attributes:
        title: what it is called.
        boxes: what it holds, from left to right.
    """

    title: str
    boxes: tuple[Box, ...]


def tiers_of(project: str | None, protocol: str | None, said: Tongue = ENGLISH) -> tuple[Tier, ...]:
    """Return the four layers, the highest first.

    Args:
        project: the title of the first project; None while it has none.
        protocol: what the partnership is called; None where that is not said.
        said: the language of the picture's own words.
    """
    said = said.unmarked
    return (
        Tier(
            said.say("Law and codes"),
            (Box(said.say("Acts, regulations, the common law, codes of regulators")),),
        ),
        Tier(
            said.say("This protocol (tier 1)"),
            (Box(said.say("Promises for all sharing; it permits none by itself"), protocol or ""),),
        ),
        Tier(
            said.say("Agreements (tier 2)"),
            (
                Box(
                    said.say("With its privacy impact assessment"),
                    project or said.say("The first project"),
                ),
                Box(
                    said.say("Each with its own impact assessment"),
                    said.say("Later projects"),
                    to_come=True,
                ),
            ),
        ),
        Tier(
            said.say("Procedures and staff guidance"),
            (Box(said.say("What staff do from day to day")),),
        ),
    )


def tier_diagram(tiers: tuple[Tier, ...], said: Tongue = ENGLISH) -> Markup:
    """Return the layers as SVG, one under the other, with an arrow from each to the next.

    Args:
        tiers: the layers, in the same language.
        said: the language of the picture's own words.
    """
    said = said.unmarked
    drawn: list[Element] = []
    y = 0.5
    for index, tier in enumerate(tiers):
        if index:
            drawn += _arrow(_NAMES / 2, y)
            if index == 1:
                rule = said.say("Each layer keeps to the one above it")
                drawn.append(text(rule, _NAMES + _PAD, y + 11, fill=QUIET))
            y += _BETWEEN
        height, elements = _tier(tier, y)
        drawn += elements
        y += height
    return picture(in_words(tiers, said), FULL_WIDTH, y + 1, *drawn, said=said)


def in_words(tiers: tuple[Tier, ...], said: Tongue = ENGLISH) -> str:
    """Return what the picture says, from the highest layer to the lowest."""
    named = "; ".join(
        f"{tier.title}: {', '.join(map(_box_in_words, tier.boxes))}" for tier in tiers
    )
    return said.say("Four layers, each keeping to the one above it. %(layers)s.", layers=named)


def _box_in_words(box: Box) -> str:
    words = box.words[:1].lower() + box.words[1:]
    return f"{box.name} ({words})" if box.name else words


def _tier(tier: Tier, y: float) -> tuple[float, list[Element]]:
    """Return the height of a layer, and what is drawn."""
    title = wrap(tier.title, _TITLE, _NAMES - 2 * _PAD, weight=600)
    width = (FULL_WIDTH - _NAMES - 1) / len(tier.boxes)
    names = [
        wrap(box.name, SMALLEST, width - 2 * _PAD, lines=2, weight=600) if box.name else ()
        for box in tier.boxes
    ]
    said = [wrap(box.words, SMALLEST, width - 2 * _PAD) for box in tier.boxes]
    most = max(len(name) + len(words) for name, words in zip(names, said, strict=True))
    height = max(len(title), most) * _LINE + 7
    drawn = [rect(0.5, y, _NAMES - 0.5, height, fill=ACCENT, stroke=ACCENT)]
    drawn += _lines(title, _PAD, y, height, size=_TITLE, fill=PAPER, weight=600)
    for index, (box, name, words) in enumerate(zip(tier.boxes, names, said, strict=True)):
        x = _NAMES + index * width
        drawn.append(
            rect(
                x,
                y,
                width,
                height,
                fill=PAPER if box.to_come else TINT,
                stroke=ACCENT,
                dashes="3 2" if box.to_come else "",
            )
        )
        room = height - len(words) * _LINE
        drawn += _lines(name, x + _PAD, y, room, weight=600)
        drawn += _lines(words, x + _PAD, y + len(name) * _LINE, height - len(name) * _LINE)
    return height, drawn


def _lines(
    lines: tuple[str, ...],
    x: float,
    y: float,
    height: float,
    *,
    size: float = SMALLEST,
    fill: str = INK,
    weight: Weight = 400,
) -> Iterator[Element]:
    """Lines of text in the middle of the height of a box."""
    first = y + (height - len(lines) * _LINE) / 2 + 9
    for index, words in enumerate(lines):
        yield text(words, x, first + index * _LINE, size=size, weight=weight, fill=fill)


def _arrow(x: float, y: float) -> Iterator[Element]:
    yield path(
        f"M{x:.2f} {y + 2:.2f}v{_BETWEEN - 5:.2f}m-4 -4l4 4l4 -4", stroke=ACCENT, stroke_width=1.4
    )
