"""Knows how flows lie between sharing too much and too little, as a picture.

The two axes are those of Richardson (2016), C3. It is a prompt for professional judgement, not a
score: the four fields look alike, none of them is named as good or bad, and flows stand in the
order of their numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import floor

from markupsafe import Markup

from piagen.domain.ids import DataFlowId
from piagen.practice.posture import Posture
from piagen.rendering.pictures.measure import width_of, wrap
from piagen.rendering.pictures.svg import (
    FULL_HEIGHT,
    FULL_WIDTH,
    INK,
    PAPER,
    QUIET,
    SMALLEST,
    TINT,
    Element,
    line,
    picture,
    rect,
    text,
)

GUARDS = 6
"""How many guards are looked for on each side."""
MOST = 4
"""With so many guards on a side or more, a flow lies in the upper or the right field."""

_LABELS = 92.0
_HEAD = 30.0
_PAD = 6.0
_LINE = 12.0
_GAP = 7.0


@dataclass(frozen=True, slots=True)
class Field:
    """One of the four fields.

    Attributes:
        guarded_openness: whether most guards against over-openness are there.
        guarded_caution: whether most guards against over-caution are there.
        asks: what to talk about for the flows in it.
    """

    guarded_openness: bool
    guarded_caution: bool
    asks: str


FIELDS = (
    Field(True, False, "Talk about: what keeps needed information from being held back?"),
    Field(True, True, "Talk about: do these guards work in practice?"),
    Field(
        False,
        False,
        "Talk about both: what keeps too much from being shared, and what keeps needed "
        "information from being held back?",
    ),
    Field(False, True, "Talk about: what keeps too much from being shared?"),
)
"""The four fields, row by row."""


def field_of(posture: Posture) -> Field:
    """Return the field of a flow, from its two counts of guards."""
    wanted = (posture.over_openness >= MOST, posture.over_caution >= MOST)
    return next(f for f in FIELDS if (f.guarded_openness, f.guarded_caution) == wanted)


def two_by_two(postures: tuple[Posture, ...], numbers: Mapping[DataFlowId, str]) -> Markup:
    """Return the two-by-two as SVG; empty where there is no flow, or more than a page holds.

    Args:
        postures: the guards of each flow, in the order of the flows.
        numbers: the printed number of each flow, F-01.
    """
    if not postures:
        return Markup()
    width = (FULL_WIDTH - _LABELS) / 2
    inside = {f: [numbers[p.flow] for p in postures if field_of(p) is f] for f in FIELDS}
    slot = max(width_of(words, SMALLEST, 600) for words in numbers.values())
    in_line = max(1, floor((width - 2 * _PAD + _GAP) / (slot + _GAP)))
    drawn = list(_heads(width))
    y = _HEAD
    for pair in (FIELDS[:2], FIELDS[2:]):
        asked = [wrap(f.asks, SMALLEST, width - 2 * _PAD, lines=4) for f in pair]
        above = max(map(len, asked)) * 11.0 + 8
        rows = max(1, *(-(-len(inside[f]) // in_line) for f in pair))
        height = above + rows * _LINE + 8
        drawn += _row_head(pair[0], y, height)
        for column, (field, lines) in enumerate(zip(pair, asked, strict=True)):
            x = _LABELS + column * width
            drawn.append(rect(x, y, width, height, fill=PAPER, stroke=QUIET, stroke_width=0.75))
            for index, words in enumerate(lines):
                drawn.append(text(words, x + _PAD, y + 13 + index * 11, fill=QUIET))
            for index, words in enumerate(inside[field]):
                at = x + _PAD + index % in_line * (slot + _GAP)
                base = y + above + 11 + index // in_line * _LINE
                drawn.append(text(words, at, base, weight=600))
            if not inside[field]:
                drawn.append(text("No flow", x + _PAD, y + above + 11))
        y += height
    if y > FULL_HEIGHT:
        return Markup()
    return picture(in_words(postures, numbers), FULL_WIDTH, y + 1, *drawn)


def in_words(postures: tuple[Posture, ...], numbers: Mapping[DataFlowId, str]) -> str:
    """Return what the picture says: which flows have most guards on which side."""
    total = len(postures)
    said = [
        f"{total} data {'flow' if total == 1 else 'flows'}, by how many of six guards on either "
        "side are there: prompts for judgement, not a score."
    ]
    for field, words in zip(FIELDS, _WORDS, strict=True):
        found = [numbers[p.flow] for p in postures if field_of(p) is field]
        said.append(f"{words}: {', '.join(found) if found else 'no flow'}.")
    return " ".join(said)


_WORDS = (
    "Four or more against over-openness, fewer against over-caution",
    "Four or more against both",
    "Fewer than four against both",
    "Fewer than four against over-openness, four or more against over-caution",
)


def _heads(width: float) -> Iterator[Element]:
    yield rect(_LABELS, 0, 2 * width, _HEAD, fill=TINT, stroke=QUIET, stroke_width=0.75)
    yield line(_LABELS + width, 0, _LABELS + width, _HEAD, stroke=QUIET, stroke_width=0.75)
    for column, words in enumerate(_RANGES[::-1]):
        x = _LABELS + column * width + _PAD
        yield text("Guards against over-caution", x, 12, fill=QUIET)
        yield text(words, x, 24, weight=600)


_RANGES = (f"{MOST} to {GUARDS} of {GUARDS}", f"0 to {MOST - 1} of {GUARDS}")


def _row_head(field: Field, y: float, height: float) -> Iterator[Element]:
    yield rect(0, y, _LABELS, height, fill=TINT, stroke=QUIET, stroke_width=0.75)
    yield text("Guards against", _PAD, y + 13, fill=QUIET)
    yield text("over-openness", _PAD, y + 24, fill=QUIET)
    words = _RANGES[0] if field.guarded_openness else _RANGES[1]
    yield text(words, _PAD, y + 37, weight=600, fill=INK)
