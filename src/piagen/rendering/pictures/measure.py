"""Knows how wide text is in the bundled fonts, and how it is broken into lines that fit."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Literal

from fontTools.ttLib import TTFont

from piagen.resources import shipped

FAMILIES = (
    "Source Sans 3",
    "Noto Sans",
    "Noto Sans Arabic",
    "Noto Sans Bengali",
    "Noto Sans Devanagari",
    "Noto Sans Gujarati",
    "Noto Sans Gurmukhi",
    "Noto Sans Hebrew",
    "Noto Sans Tamil",
    "Noto Sans Symbols",
    "Noto Sans Symbols2",
)
"""The bundled families, in the order of the style sheet."""

Weight = Literal[400, 600, 700]
ELLIPSIS = "…"
_MARGIN = 1.02
"""Shaping may join or move letters: a line is taken to be a little wider than its glyphs."""
_UNKNOWN = 1.0
"""Ems of a character that no bundled font has: it is printed as a box."""
_STYLES: Mapping[Weight, tuple[str, str]] = {
    400: ("Regular", "Regular"),
    600: ("Semibold", "Bold"),
    700: ("Bold", "Bold"),
}
"""The file of the first family, and of the others, for each weight."""


def width_of(words: str, size: float, weight: Weight = 400) -> float:
    """Return the width of one line in points, rather too wide than too narrow.

    Args:
        words: the line.
        size: of the type in points.
        weight: as in style sheets.

    Raises:
        FileNotFoundError: piagen was installed without its fonts.
    """
    return _MARGIN * size * sum(_ems(character, weight) for character in words)


def wrap(
    words: str, size: float, width: float, *, lines: int = 3, weight: Weight = 400
) -> tuple[str, ...]:
    """Return text as lines that fit; what is too long ends in “…”, and a long word is broken.

    Args:
        words: any text; every run of white space counts as one space.
        size: of the type in points.
        width: that each line may take, in points.
        lines: how many lines there may be, at least one.
        weight: as in style sheets.
    """
    found: list[str] = []
    for part in _parts(" ".join(unicodedata.normalize("NFC", words).split()), size, width, weight):
        glued = f"{found[-1]} {part.lstrip()}" if found else ""
        if found and part.startswith(" ") and width_of(glued, size, weight) <= width:
            found[-1] = glued
        else:
            found.append(part.lstrip())
        if len(found) > lines:
            return (*found[: lines - 1], _cut(found[lines - 1], size, width, weight))
    return tuple(found)


def drawable(words: str) -> bool:
    """Tell whether text can be seen in a picture: WeasyPrint draws it letter by letter.

    Letters that join, turn, carry marks of their own or run from right to left would fall apart.
    The text of the documents is not drawn that way.
    """
    letters = unicodedata.normalize("NFC", words)
    if all(unicodedata.category(letter)[0] in "CZ" for letter in letters):
        return False
    return not any(
        _joins(letter) or unicodedata.bidirectional(letter) in ("R", "AL") for letter in letters
    )


def _parts(words: str, size: float, width: float, weight: Weight) -> Iterator[str]:
    """Yield each word with the space before it; a word that is too wide in pieces."""
    for word in words.split(" "):
        if width_of(word, size, weight) <= width:
            yield f" {word}"
            continue
        piece = " "
        for cluster in _clusters(word):
            if piece.strip() and width_of(piece.lstrip() + cluster, size, weight) > width:
                yield piece
                piece = ""
            piece += cluster
        yield piece


def _cut(words: str, size: float, width: float, weight: Weight) -> str:
    """Shorten a line until “…” fits behind it."""
    clusters = list(_clusters(words))
    while clusters and width_of("".join(clusters) + ELLIPSIS, size, weight) > width:
        clusters.pop()
    return "".join(clusters).rstrip(" ,;:-–") + ELLIPSIS


def _clusters(word: str) -> Iterator[str]:
    """Yield letters with the marks that stand on them: no line starts with a lone mark."""
    cluster = ""
    for character in word:
        if cluster and not _joins(character):
            yield cluster
            cluster = ""
        cluster += character
    if cluster:
        yield cluster


def _joins(character: str) -> bool:
    return unicodedata.category(character) in ("Mn", "Mc", "Me", "Cf")


@cache
def _ems(character: str, weight: Weight) -> float:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0.0
    for advances in _fonts(weight):
        if (found := advances.get(character)) is not None:
            return found
    return _UNKNOWN


@cache
def _fonts(weight: Weight) -> tuple[Mapping[str, float], ...]:
    return tuple(_advances(name) for name in _files(weight))


def _files(weight: Weight) -> Iterator[str]:
    first, other = _STYLES[weight]
    for family in FAMILIES:
        plain = family.replace(" ", "")
        style = "Regular" if "Symbols" in plain else first if family == FAMILIES[0] else other
        yield f"{plain}-{style}.ttf"


@cache
def _advances(name: str) -> Mapping[str, float]:
    """The advance of each character of a font, in ems."""
    with TTFont(shipped("templates") / "_base" / "fonts" / name, lazy=True) as font:
        units = font["head"].unitsPerEm
        metrics = font["hmtx"]
        return {chr(c): metrics[glyph][0] / units for c, glyph in font.getBestCmap().items()}
