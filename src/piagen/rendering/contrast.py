"""Knows which colours stand on which, and how far they must differ to be seen (WCAG 2.2)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

TEXT = 4.5
"""What text needs against its ground, as a ratio: WCAG 2.2, 1.4.3."""
SHAPE = 3.0
"""What a shape that means something needs against what is beside it: WCAG 2.2, 1.4.11."""

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


class Pair(NamedTuple):
    """A token that is seen on another, and the least ratio between the two."""

    front: str
    ground: str
    needs: float


_TEXTS = ("ink", "quiet", "accent", "link", "gap-ink")
_RATINGS = ("low", "medium", "high")

PAIRS = (
    *(Pair(text, "paper", TEXT) for text in _TEXTS),
    *(Pair(text, "tint", TEXT) for text in _TEXTS[:4]),
    Pair("gap-ink", "gap-ground", TEXT),
    *(Pair("ink", rating, TEXT) for rating in _RATINGS),
    *(Pair(text, "watermark", TEXT) for text in _TEXTS),
    *(Pair(shape, ground, SHAPE) for shape in ("ink", "accent") for ground in ("paper", "tint")),
    *(Pair("quiet", ground, SHAPE) for ground in ("paper", "tint", *_RATINGS)),
)
"""Every text on every ground it is printed on, then every shape that means something. Hairlines
between rows (`rule`) only part what is apart already, so they need none."""


class TooLow(NamedTuple):
    """A pair that is hard to tell apart."""

    pair: Pair
    front: str
    ground: str
    ratio: float


def is_colour(text: str) -> bool:
    """Tell whether a token is written as a colour: `#0b4769`."""
    return _COLOUR.fullmatch(text) is not None


def ratio(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21: WCAG 2.2, contrast ratio.

    Args:
        one: written as #rrggbb.
        other: the same.
    """
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def too_low(tokens: Mapping[str, str]) -> Iterator[TooLow]:
    """Yield the pairs of tokens whose contrast is too low; a pair that is not there is passed."""
    for pair in PAIRS:
        front, ground = tokens.get(pair.front, ""), tokens.get(pair.ground, "")
        if is_colour(front) and is_colour(ground) and ratio(front, ground) < pair.needs:
            yield TooLow(pair, front, ground, ratio(front, ground))


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[i : i + 2], 16) / 255) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
