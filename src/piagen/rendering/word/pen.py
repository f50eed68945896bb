"""Knows what is kept while a document is written: lists, bookmarks, links, pictures, remarks."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.parts.story import StoryPart

from piagen.rendering.word.inline import Piece
from piagen.rendering.word.markup import Element, q, run, text, w
from piagen.rendering.word.markup import field as field_of
from piagen.rendering.word.numbering import Numbering
from piagen.rendering.word.reading import Node

_LONGEST_NAME = 40
"""Of a bookmark: Word takes no more."""


@dataclass(slots=True)
class Pen:
    """A document while it is written.

    Attributes:
        part: where links and pictures are kept.
        draw: makes an inline picture of an element, at most so many points wide.
        numbers: what each id of a numbered heading is counted as: `schedule-rights`, `Schedule 7`.
        numbering: the lists.
        printed: where each stored path is printed first: the first and the last run.
        gaps: the runs that mark each gap, and the stored path of the answer that is missing.
    """

    part: StoryPart
    draw: Callable[[Node, float], Element]
    numbers: Mapping[str, str]
    numbering: Numbering = field(default_factory=Numbering)
    printed: dict[str, tuple[Element, Element]] = field(default_factory=dict)
    gaps: dict[int, list[tuple[Element, Piece]]] = field(default_factory=dict)
    _marks: dict[str, int] = field(default_factory=dict)

    def bookmarks(self, anchors: Iterable[str]) -> list[Element]:
        """Return bookmarks for ids; the first of each wins."""
        made = []
        for anchor in anchors:
            if anchor not in self._marks:
                number = self._marks[anchor] = len(self._marks) + 1
                made.append(w("bookmarkStart", id=number, name=bookmark(anchor)))
                made.append(w("bookmarkEnd", id=number))
        return made

    def write(self, pieces: Iterable[Piece], width: float) -> list[Element]:
        """Return the runs of a paragraph, in links where they lead somewhere.

        Args:
            pieces: as `inline.pieces` gave them; a printed number is left to Word by the caller.
            width: the room for pictures, in points.
        """
        made: list[Element] = []
        link: Element | None = None
        leads = None
        for piece in pieces:
            made_of = [*self.bookmarks(piece.anchors), *self._runs(piece, width)]
            if piece.href is None:
                link, leads = None, None
                made += made_of
                continue
            if link is None or piece.href != leads:
                link, leads = self._link(piece.href), piece.href
                made.append(link)
            link.extend(made_of)
        return made

    def _runs(self, piece: Piece, width: float) -> list[Element]:
        if piece.picture is not None:
            return [run(self.draw(piece.picture, width))]
        if not piece.text:
            return []
        made = self._referring(piece) or [_run(piece)]
        for place in piece.places:
            self.printed.setdefault(place, (made[0], made[-1]))
        if piece.gap:
            self.gaps.setdefault(piece.gap, []).append((made[-1], piece))
        return made

    def _referring(self, piece: Piece) -> list[Element]:
        """Return a reference that counts on when a clause is put in before; else nothing."""
        anchor = (piece.href or "").removeprefix("#")
        label = self.numbers.get(anchor, "")
        printed = piece.text.replace("\u00a0", " ")
        before = printed.removesuffix(label)
        if not label or piece.href == anchor or (before and not before.endswith(" ")):
            return []
        if before == printed:
            return []
        look = piece.look.properties()
        lead, told = piece.text[: len(before)], piece.text[len(before) :]
        leads = [run(text(lead), look=look)] if lead else []
        return [*leads, *field_of(f"REF {bookmark(anchor)} \\r \\h", told, look)]

    def _link(self, href: str) -> Element:
        if href.startswith("#"):
            return w("hyperlink", anchor=bookmark(href[1:]), history=1)
        made = w("hyperlink", history=1)
        made.set(
            q("r:id"), self.part.relate_to(href, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        )
        return made


def bookmark(anchor: str) -> str:
    """Return a name that Word takes for an id: letters, digits and `_`, at most 40 of them."""
    name = "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in anchor)
    if name == anchor and name[:1].isalpha() and len(name) <= _LONGEST_NAME:
        return name
    told = hashlib.sha256(anchor.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"_{name[: _LONGEST_NAME - 10]}_{told}".replace("__", "_")


def _run(piece: Piece) -> Element:
    """Return one run; its line feeds are new lines of the same paragraph."""
    made = run(look=piece.look.properties())
    for number, line in enumerate(piece.text.split("\n")):
        if number:
            made.append(w("br"))
        if line:
            made.append(text(line))
    return made
