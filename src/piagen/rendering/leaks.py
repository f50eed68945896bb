"""Knows how a published edition is searched for what it must not hold.

Text is compared without case, spaces and hyphens, with ligatures taken apart and quotation marks
made alike, so that a line break or a hyphen hides nothing. Other punctuation counts: it is what
parts the cells of a table that happen to follow one another. A long text is also looked for by its
beginning and by each of its sentences: names are shortened in print.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping

from piagen.frozen import frozen
from piagen.rendering.published_text import Surface

LEAST = 12
"""Characters of a text that is looked for; a shorter one stands by chance in any document."""
_LEAST_FOLDED = 8
"""Characters of it, once spaces and hyphens are taken away."""
_LEAST_DRAWN = 24
"""The same, of a text looked for in what is drawn, where cells that follow one another make short
texts by chance. A short one is looked for in what the drawing was made from."""
_LEAST_SENTENCE = 25
_BEGINNING = 30
"""Characters: what a shortened name still shows."""

_BREAKS = re.compile("[\\s\u00ad\u200b-\u200f\u2010-\u2015\u2060\ufeff-]+")
_MARKS = {ord(mark): "'" for mark in "‘’‚‛"} | {ord(mark): '"' for mark in "“”„‟"}
_END = re.compile(r"[.!?;:]\s+|\n+")


@frozen
class Leak:
    """A text that is withheld and stands in a file.

    Attributes:
        at: the stored path of the answer that holds it.
        where: what part of the file it stands in.
        piece: the part of the text that was found, folded; never shown to anybody.
    """

    at: str
    where: str
    piece: str


def folded(text: str) -> str:
    """Return text in lower case without spaces, hyphens and what cannot be seen."""
    return _BREAKS.sub("", unicodedata.normalize("NFKC", text).casefold()).translate(_MARKS)


def leaks(
    withheld: Iterable[tuple[str, str]],
    published: Iterable[str],
    surfaces: Iterable[Surface],
) -> tuple[Leak, ...]:
    """Return what is withheld and yet stands in a file, the first place of each text in each part.

    Args:
        withheld: each text that is withheld, with the stored path of its answer.
        published: the texts of the answers that are published: what they hold is no leak.
        surfaces: what the file holds.
    """
    open_ = "\0".join(folded(text) for text in published)
    wanted = {
        (at, piece): None for at, text in withheld for piece in _pieces(text) if piece not in open_
    }
    return tuple(dict.fromkeys(_found(wanted, surfaces)))


def still_there(found: Iterable[Leak], elsewhere: str) -> tuple[Leak, ...]:
    """Return the leaks whose text does not stand in a text that holds no withheld answer.

    Args:
        found: what `leaks` returned.
        elsewhere: the same document, made without the texts that were found: what stands there too
            is piagen's own wording, “Data protection officer”, and tells nobody anything.
    """
    own = folded(elsewhere)
    return tuple(leak for leak in found if leak.piece not in own)


def _found(wanted: Mapping[tuple[str, str], None], surfaces: Iterable[Surface]) -> Iterator[Leak]:
    for surface in surfaces:
        text = folded(surface.text)
        for at, piece in wanted:
            if piece in text and (len(piece) >= _LEAST_DRAWN or not surface.drawn):
                yield Leak(at, surface.where, piece)


def _pieces(text: str) -> Iterator[str]:
    """Yield what is looked for: the text, its beginning, its sentences; right to left, both ways.

    The glyphs of a right-to-left script stand in a file in the order in which they are drawn.
    """
    whole = text.strip()
    parts = [whole, *(part for part in _END.split(whole) if len(part) >= _LEAST_SENTENCE)]
    parts += [part[:_BEGINNING] for part in parts if len(part) > _BEGINNING]
    for part in dict.fromkeys(parts):
        piece = folded(part).rstrip(".")
        if len(part) < LEAST or len(piece) < _LEAST_FOLDED:
            continue
        yield piece
        if any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in piece):
            yield piece[::-1]
