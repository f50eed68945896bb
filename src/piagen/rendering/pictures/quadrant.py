"""Knows how flows lie between sharing too much and too little, as a picture.

The two axes are those of Richardson (2016), C3. It is a prompt for professional judgement, not a
score: the four fields look alike, none of them is named as good or bad, and flows stand in the
order of their numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import floor

from markupsafe import Markup

from piagen.domain.ids import DataFlowId
from piagen.frozen import frozen
from piagen.practice.posture import Posture
from piagen.rendering.language.tongue import ENGLISH, Tongue
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


@frozen
class Field:
    """One of the four fields.

    Attributes:
        guarded_openness: whether most guards against over-openness are there.
        guarded_caution: whether most guards against over-caution are there.
    """

    guarded_openness: bool
    guarded_caution: bool

    def asks(self, said: Tongue = ENGLISH) -> str:
        """Return what to talk about for the flows in it."""
        match self.guarded_openness, self.guarded_caution:
            case True, True:
                return said.say("Talk about: do these guards work in practice?")
            case True, False:
                return said.say("Talk about: what keeps needed information from being held back?")
            case False, True:
                return said.say("Talk about: what keeps too much from being shared?")
        return said.say(
            "Talk about both: what keeps too much from being shared, and what keeps needed "
            "information from being held back?"
        )

    def in_words(self, said: Tongue = ENGLISH) -> str:
        """Return which guards its flows have."""
        match self.guarded_openness, self.guarded_caution:
            case True, True:
                return said.say("Four or more against both")
            case True, False:
                return said.say("Four or more against over-openness, fewer against over-caution")
            case False, True:
                return said.say(
                    "Fewer than four against over-openness, four or more against over-caution"
                )
        return said.say("Fewer than four against both")


FIELDS = (Field(True, False), Field(True, True), Field(False, False), Field(False, True))
"""The four fields, row by row."""


def field_of(posture: Posture) -> Field:
    """Return the field of a flow, from its two counts of guards."""
    wanted = (posture.over_openness >= MOST, posture.over_caution >= MOST)
    return next(f for f in FIELDS if (f.guarded_openness, f.guarded_caution) == wanted)


def two_by_two(
    postures: tuple[Posture, ...], numbers: Mapping[DataFlowId, str], said: Tongue = ENGLISH
) -> Markup:
    """Return the two-by-two as SVG; empty where there is no flow, or more than a page holds.

    Args:
        postures: the guards of each flow, in the order of the flows.
        numbers: the printed number of each flow, F-01.
        said: the language of the picture's own words.
    """
    said = said.unmarked
    if not postures:
        return Markup()
    width = (FULL_WIDTH - _LABELS) / 2
    inside = {f: [numbers[p.flow] for p in postures if field_of(p) is f] for f in FIELDS}
    slot = max(width_of(words, SMALLEST, 600) for words in numbers.values())
    in_line = max(1, floor((width - 2 * _PAD + _GAP) / (slot + _GAP)))
    drawn = list(_heads(width, said))
    y = _HEAD
    for pair in (FIELDS[:2], FIELDS[2:]):
        asked = [wrap(f.asks(said), SMALLEST, width - 2 * _PAD, lines=4) for f in pair]
        above = max(map(len, asked)) * 11.0 + 8
        rows = max(1, *(-(-len(inside[f]) // in_line) for f in pair))
        height = above + rows * _LINE + 8
        drawn += _row_head(pair[0], y, height, said)
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
                drawn.append(text(said.say("No flow"), x + _PAD, y + above + 11))
        y += height
    if y > FULL_HEIGHT:
        return Markup()
    return picture(in_words(postures, numbers, said), FULL_WIDTH, y + 1, *drawn, said=said)


def in_words(
    postures: tuple[Posture, ...], numbers: Mapping[DataFlowId, str], said: Tongue = ENGLISH
) -> str:
    """Return what the picture says: which flows have most guards on which side."""
    count = str(len(postures))
    many = said.say("%(count)s data flows", count=count)
    if len(postures) == 1:
        many = said.say("%(count)s data flow", count=count)
    told = [
        said.say(
            "%(flows)s, by how many of six guards on either side are there: prompts for judgement, "
            "not a score.",
            flows=many,
        )
    ]
    for field in FIELDS:
        found = [numbers[p.flow] for p in postures if field_of(p) is field]
        told.append(f"{field.in_words(said)}: {', '.join(found) or said.say('no flow')}.")
    return " ".join(told)


def _heads(width: float, said: Tongue) -> Iterator[Element]:
    yield rect(_LABELS, 0, 2 * width, _HEAD, fill=TINT, stroke=QUIET, stroke_width=0.75)
    yield line(_LABELS + width, 0, _LABELS + width, _HEAD, stroke=QUIET, stroke_width=0.75)
    for column, many in enumerate((False, True)):
        x = _LABELS + column * width + _PAD
        yield text(said.say("Guards against over-caution"), x, 12, fill=QUIET)
        yield text(_range(many, said), x, 24, weight=600)


def _range(many: bool, said: Tongue) -> str:
    """Return how many guards that is: 4 to 6 of 6."""
    least, most = (MOST, GUARDS) if many else (0, MOST - 1)
    return said.say(
        "%(least)s to %(most)s of %(all)s", least=str(least), most=str(most), all=str(GUARDS)
    )


def _row_head(field: Field, y: float, height: float, said: Tongue) -> Iterator[Element]:
    yield rect(0, y, _LABELS, height, fill=TINT, stroke=QUIET, stroke_width=0.75)
    lines = wrap(said.say("Guards against over-openness"), SMALLEST, _LABELS - 2 * _PAD)
    for index, words in enumerate(lines):
        yield text(words, _PAD, y + 13 + index * 11, fill=QUIET)
    below = y + 15 + len(lines) * 11
    yield text(_range(field.guarded_openness, said), _PAD, below, weight=600, fill=INK)
