"""Knows the text of a paragraph: its pieces, how they look, and which white space is printed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from piagen.frozen import frozen
from piagen.rendering.word.markup import Element, w
from piagen.rendering.word.reading import SVG, Node, classes

SPACES = re.compile("[ \t\r\f]+")
ANY_SPACE = re.compile("[ \t\r\n\f]+")
"""White space as style sheets mean it: a space that must not break is none."""
BREAK = "\n"
PICTURES = ("img", SVG)


@frozen
class Look:
    """How a piece of text looks beside the style of its paragraph.

    Attributes:
        styled: a style for letters, by its id.
        raised: `superscript` or `subscript`.
    """

    bold: bool = False
    italic: bool = False
    struck: bool = False
    styled: str | None = None
    raised: str | None = None

    def properties(self) -> Element:
        """Return the properties of a run; empty where there is nothing to say."""
        return w(
            "rPr",
            w("rStyle", val=self.styled) if self.styled else None,
            w("b") if self.bold else None,
            w("i") if self.italic else None,
            w("strike") if self.struck else None,
            w("vertAlign", val=self.raised) if self.raised else None,
        )


PLAIN = Look()


@frozen
class Piece:
    """A piece of text that looks and leads the same all over.

    Attributes:
        text: what is printed; a line feed is a new line.
        look: beside the style of the paragraph.
        href: where it leads.
        places: stored paths of the answers that it prints, the outermost first.
        gap: a number of the gap that it marks, unlike any other in the document; 0 for none.
        number: whether it is the printed number of a clause.
        anchors: the ids that begin here.
        picture: the picture that stands here, in place of text.
    """

    text: str
    look: Look = PLAIN
    href: str | None = None
    places: tuple[str, ...] = ()
    gap: int = 0
    number: bool = False
    anchors: tuple[str, ...] = ()
    picture: Node | None = None


def pieces(node: Node, look: Look = PLAIN) -> tuple[Piece, ...]:
    """Return the inline content of an element, with white space as a browser prints it."""
    return tuple(_collapsed(_parts(node, Piece("", look), pre=_keeps_lines(node))))


def loose(nodes: list[Node | str], look: Look = PLAIN) -> tuple[Piece, ...]:
    """Return inline content that stands between blocks, not in an element of its own."""
    start = Piece("", look)
    found: list[tuple[Piece, bool]] = []
    for node in nodes:
        if isinstance(node, str):
            found.append((replace(start, text=node), False))
        else:
            found += _element(node, start, pre=False)
    return tuple(_collapsed(iter(found)))


def _parts(node: Node, as_: Piece, *, pre: bool) -> Iterator[tuple[Piece, bool]]:
    """Yield the pieces inside an element, each with whether its line feeds are kept."""
    as_ = replace(as_, places=(*as_.places, node.get("data-at")) if node.get("data-at") else
                  as_.places)  # fmt: skip
    yield replace(as_, text=node.text or ""), pre
    for child in node:
        yield from _element(child, as_, pre=pre)
        yield replace(as_, text=child.tail or ""), pre


def _element(node: Node, as_: Piece, *, pre: bool) -> Iterator[tuple[Piece, bool]]:
    if not isinstance(node.tag, str):
        return
    if node.get("id"):
        yield replace(as_, text="", anchors=(node.get("id"),)), pre
    if node.tag in PICTURES:
        yield replace(as_, text="", picture=node), pre
    elif node.tag == "br":
        yield replace(as_, text=BREAK), True
    elif node.tag == "wbr":
        yield replace(as_, text="\u200b"), pre
    else:
        mark = '"“' if node.tag == "q" else ""
        if mark:
            yield replace(as_, text="“"), pre
        yield from _parts(node, _within(node, as_), pre=pre or _keeps_lines(node))
        if mark:
            yield replace(as_, text="”"), pre


def _within(node: Node, as_: Piece) -> Piece:
    look = as_.look
    match node.tag:
        case "strong" | "b" | "dfn":
            look = replace(look, bold=True)
        case "em" | "i" | "cite":
            look = replace(look, italic=True)
        case "s":
            look = replace(look, struck=True)
        case "sup":
            look = replace(look, raised="superscript")
        case "sub":
            look = replace(look, raised="subscript")
        case "small":
            look = replace(look, styled="SmallLetters")
        case "a" if node.get("href"):
            return replace(as_, href=node.get("href"), look=replace(look, styled="Hyperlink"))
    if "gap" in classes(node):
        return replace(as_, look=replace(look, styled="Gap"), gap=id(node))
    if "n" in classes(node):
        return replace(as_, number=True)
    return replace(as_, look=look)


def _keeps_lines(node: Node) -> bool:
    """What a person typed keeps its lines, as the style sheet says of every `data-at`."""
    return node.get("data-at") is not None


def _collapsed(parts: Iterator[tuple[Piece, bool]]) -> Iterator[Piece]:
    """Drop the white space that is not printed: runs of it, and what begins or ends a line."""
    made: list[Piece] = []
    after_space = True  # the beginning of a line
    for piece, pre in parts:
        if piece.picture is not None or piece.anchors:
            made.append(piece)
            continue
        if pre:
            text = re.sub(" ?\n ?", "\n", SPACES.sub(" ", piece.text))
        else:
            text = ANY_SPACE.sub(" ", piece.text)
        if after_space:
            text = text.lstrip(" ")
        if not text:
            continue
        if text.startswith("\n"):
            _strip_end(made)
        after_space = text[-1] in " \n"
        made.append(replace(piece, text=text))
    _strip_end(made)
    while made and made[-1].text.endswith("\n"):
        last = made.pop()
        if last.text.strip("\n"):
            made.append(replace(last, text=last.text.rstrip("\n")))
    yield from made


def _strip_end(made: list[Piece]) -> None:
    """Take the space away that ends a line."""
    for at in range(len(made) - 1, -1, -1):
        piece = made[at]
        if piece.picture is not None:
            return
        if piece.text:
            made[at] = replace(piece, text=piece.text.rstrip(" "))
            if made[at].text:
                return
