"""Knows how the blocks of a document become paragraphs: headings, clauses, lists, callouts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from piagen.frozen import frozen
from piagen.rendering.word.inline import PLAIN, Look, Piece, loose, pieces
from piagen.rendering.word.markup import Element, run, text, w
from piagen.rendering.word.markup import field as field_of
from piagen.rendering.word.numbering import STEP, Numbered
from piagen.rendering.word.pen import Pen, bookmark
from piagen.rendering.word.reading import GROUPS, Node, classes, is_block, words
from piagen.rendering.word.tables import Cell, columns, grid, rows, table

FULL_WIDTH = 481.9
"""The width of the text in points: A4 less 20 mm on either side."""
CARD_WIDTH = 538.6
"""The same on a card: A4 less 10 mm on either side."""
_CAPTION = re.compile(r"^([^\W\d_]+) (\d+)(?=\b)")
_BY_CLASS = {
    "clause": "Clause",
    "more": "ClauseMore",
    "kind": "Subtitle",
    "status": "Status",
    "lead": "Lead",
    "small": "Small",
    "not-applicable": "NotApplicable",
    "callout": "Callout",
}
"""Styles of paragraphs, by class; the first that matches."""
_UNMARKED = frozenset(("authorities", "words", "letters", "two"))
"""Lists without a sign before each point, as the style sheets have them."""
_SIGNED = ("signature", "signatures")
"""Tables that stay on one page: a name and its signature are not parted."""
_HEADINGS = {"h1": "Title", "h2": "Heading1", "h3": "Heading2", "h4": "Heading3"}


@frozen
class Setting:
    """What stands around a block.

    Attributes:
        style: of a paragraph that has no other.
        width: of the text, in points.
        indent: from the left, in twentieths of a point.
        depth: how many lists it stands in.
        keep: whether a paragraph stays on the page of the next one.
        front: whether it stands before the contents, where headings have no number.
        counted: whether the heading of this part is numbered.
        look: how its text looks.
    """

    style: str = "BodyText"
    width: float = FULL_WIDTH
    indent: int = 0
    depth: int = 0
    keep: bool = False
    front: bool = False
    counted: bool = False
    look: Look = PLAIN


@dataclass(slots=True)
class Body:
    """The body of a document while it is written.

    Attributes:
        grounds: the colour behind each rating, six figures.
    """

    pen: Pen
    grounds: Mapping[str, str]
    _anchors: list[str] = field(default_factory=list)
    _counts: dict[str, int] = field(default_factory=dict)
    _after_table: bool = False
    _new_page: bool = False

    def blocks(self, node: Node, at: Setting) -> list[Element]:
        """Return what an element holds, as paragraphs and tables."""
        made: list[Element] = []
        inline: list[Node | str] = [node.text or ""]
        for child in node:
            if not isinstance(child.tag, str):
                inline.append(child.tail or "")
                continue
            if is_block(child):
                made += self._loose(inline, at)
                first = at.style == "Callout" and not made and child.tag == "p"
                made += self.block(child, replace(at, style="CalloutTitle") if first else at)
                inline = [child.tail or ""]
            else:
                inline += [child, child.tail or ""]
        return made + self._loose(inline, at)

    def block(self, node: Node, at: Setting) -> list[Element]:
        """Return one block."""
        if node.get("id"):
            self._anchors.append(node.get("id"))
        match node.tag:
            case "h1" | "h2" | "h3" | "h4":
                return [self._heading(node, at)]
            case "p" | "pre":
                return [self._paragraph(node, at)]
            case "figcaption":
                return [self._caption(node, at)]
            case "ul" | "ol":
                return self._list(node, at)
            case "dl":
                return self._definitions(node, at)
            case "table":
                return self._table(node, at)
            case "hr":
                return [self.paragraph("Rule", ())]
            case "nav":
                return self._contents(node, at)
            case tag if tag in GROUPS or tag == "span":
                made = self.blocks(node, _inside(node, at))
                if "callout" in classes(node):
                    made.append(self.paragraph("Between", ()))
                self._new_page = self._new_page or "cover" in classes(node)
                return made
        raise AssertionError(node.tag)

    def paragraph(
        self,
        style: str,
        printed: Iterable[Piece],
        at: Setting | None = None,
        *,
        number: Numbered | None = None,
        before: Iterable[Element] = (),
        keep: bool = False,
    ) -> Element:
        """Return one paragraph.

        Args:
            style: by its id.
            printed: its text.
            at: what stands around it.
            number: what Word counts it as.
            before: what comes first: the number of a caption.
            keep: whether it stays on the page of the next one.
        """
        at = at or Setting()
        anchors, self._anchors = self._anchors, []
        spaced, self._after_table = self._after_table, False
        breaks, self._new_page = self._new_page, False
        return w(
            "p",
            w(
                "pPr",
                w("pStyle", val=style),
                w("keepNext") if keep or at.keep else None,
                w("pageBreakBefore") if breaks else None,
                number.properties() if number else None,
                w("spacing", before=120) if spaced and not style.startswith("Head") else None,
                w("ind", left=at.indent) if at.indent and not number else None,
            ),
            *self.pen.bookmarks(anchors),
            *before,
            *self.pen.write(printed, at.width),
        )

    def _loose(self, inline: list[Node | str], at: Setting) -> list[Element]:
        printed = loose(inline, at.look)
        return [self.paragraph(at.style, printed, at)] if printed else []

    def _heading(self, node: Node, at: Setting) -> Element:
        style = _HEADINGS[node.tag]
        number, printed = self._numbered(pieces(node))
        if node.tag == "h2" and number is None and at.counted:
            found = self.pen.numbering.heading(words(node))
            if found is not None:
                number, rest = found
                printed = _without(printed, len(words(node)) - len(rest))
        if node.tag == "h2" and at.front:
            style = "FrontHeading"
        return self.paragraph(style, printed, replace(at, indent=0), number=number)

    def _paragraph(self, node: Node, at: Setting) -> Element:
        named = classes(node)
        style = next((_BY_CLASS[word] for word in _BY_CLASS if word in named), at.style)
        if at.style != "BodyText" and style in ("Clause", "ClauseMore"):
            style = at.style
        number, printed = self._numbered(pieces(node, at.look))
        if number is None and style == "Clause" and any(piece.number for piece in printed):
            style = "ClauseMore"
        return self.paragraph(style, printed, at, number=number, keep="before" in named)

    def _numbered(self, printed: tuple[Piece, ...]) -> tuple[Numbered | None, tuple[Piece, ...]]:
        """Take the number of a clause from its text, if it begins with one that Word can count."""
        for at, piece in enumerate(printed):
            if piece.number:
                printed_number = piece.text.strip()
                number = self.pen.numbering.clause(printed_number)
                number = number or self.pen.numbering.point(printed_number)
                if number is None:
                    return None, printed
                rest = printed[at + 1 :]
                kept = tuple(replace(p, text="") for p in printed[: at + 1] if p.anchors)
                return number, (*kept, *_without(rest, _leading_spaces(rest)))
            if piece.text:
                break
        return None, printed

    def _caption(self, node: Node, at: Setting) -> Element:
        printed = pieces(node)
        whole = "".join(piece.text for piece in printed)
        found = _CAPTION.match(whole)
        if found is None:
            return self.paragraph("Caption", printed, at, keep=True)
        word, number = found[1], int(found[2])
        again = "" if self._counts.get(word, 0) + 1 == number else f" \\r {number}"
        self._counts[word] = number
        counted = field_of(f"SEQ {word} \\* ARABIC{again}", str(number))
        return self.paragraph(
            "Caption",
            _without(printed, found.end()),
            at,
            keep=True,
            before=(run(text(f"{word} ")), *counted),
        )

    def _list(self, node: Node, at: Setting) -> list[Element]:
        made: list[Element] = []
        ordered = node.tag == "ol"
        begins = int(node.get("start") or 1) if ordered else None
        base = at.indent // STEP if at.depth == 0 else at.depth
        if "more" in classes(node):
            base += 2
        list_id = self.pen.numbering.items(base, begins)
        style = at.style if at.style != "BodyText" else "ListParagraph"
        # A list without signs stands where the text does: a rule beside it goes on straight.
        signed = _UNMARKED.isdisjoint(classes(node))
        indent = STEP * (base + 1) if signed or "letters" in classes(node) else at.indent
        inner = replace(at, style=style, depth=base + 1, indent=indent)
        for item in node:
            if item.tag != "li":
                continue
            if item.get("value") and ordered:
                list_id = self.pen.numbering.items(base, int(item.get("value")))
            if item.get("id"):
                self._anchors.append(item.get("id"))
            number = Numbered(list_id, 0, "") if signed else None
            made += self._item(item, inner, number)
        return made

    def _item(self, item: Node, at: Setting, number: Numbered | None) -> list[Element]:
        """Return one point: its first paragraph has the number, what follows stands under it."""
        made: list[Element] = []
        for part in _item_parts(item):
            if isinstance(part, list) or (part.tag == "p" and number is not None):
                printed = loose(part, at.look) if isinstance(part, list) else pieces(part, at.look)
                lettered, rest = self._numbered(printed)
                if lettered is not None:
                    number, printed = lettered, rest
                made.append(self.paragraph(at.style, printed, at, number=number))
                number = None
            else:
                made += self.block(part, at)
        return made

    def _definitions(self, node: Node, at: Setting) -> list[Element]:
        """Each term with what it means, as two columns."""
        made: list[tuple[Cell, ...]] = []
        term: Node | None = None
        for child in node.iter("dt", "dd"):
            if child.tag == "dt":
                term = child
            elif term is not None:
                made.append((Cell(term, header=True), Cell(child)))
        return self._grid(tuple(made), 0, (30.0, 70.0), frozenset({"pairs"}), at, "")

    def _table(self, node: Node, at: Setting) -> list[Element]:
        named = classes(node)
        caption = node.find("caption")
        made: list[Element] = []
        if caption is not None:
            made.append(self._caption(caption, replace(at, keep=False)))
        elif self._after_table:
            made.append(self.paragraph("Between", ()))
        head, body = rows(node)
        found = grid((*head, *body))
        told = "" if caption is None else words(caption)
        return made + self._grid(found, len(head), columns(node, found, at.width), named, at, told)

    def _grid(
        self,
        found: tuple[tuple[Cell, ...], ...],
        heads: int,
        widths: tuple[float, ...],
        named: frozenset[str],
        at: Setting,
        told: str,
    ) -> list[Element]:
        def fill(cell: Cell, row: int, width: float) -> list[Element]:
            if cell.node is None:
                return [self.paragraph("TableText", ())]
            bold = cell.header or "rating" in classes(cell.node)
            style = "TableHead" if row < heads else "RowHead" if bold else "TableText"
            signed = not named.isdisjoint(_SIGNED) and row < len(found) - 1
            together = row < heads or signed
            inside = Setting(style=style, width=at.width * width / 100 - 6, keep=together)
            if cell.node.get("id"):
                self._anchors.append(cell.node.get("id"))
            # A cell that prints an answer keeps its lines: its own element says so.
            if any(is_block(child) for child in cell.node if isinstance(child.tag, str)):
                filled = self.blocks(cell.node, inside)
            else:
                filled = [self.paragraph(style, pieces(cell.node), inside)]
            if not filled or filled[-1].tag.endswith("}tbl"):
                filled.append(self.paragraph(style, (), inside))
            return filled

        self._after_table = False
        made = table(found, heads, widths, named, at.width, told, self.grounds, fill)
        self._after_table = True
        return [made]

    def _contents(self, node: Node, at: Setting) -> list[Element]:
        """A field that Word can make again, with every entry there already.

        The pages are left to Word: it counts them when it opens the file, because the field says
        that it is out of date. Nobody else knows them.
        """
        made: list[Element] = []
        links = [link for link in node.iter("a") if (link.get("href") or "").startswith("#")]
        for heading in node.iter("h2"):
            made.append(self.paragraph("TOCHeading", pieces(heading), at))
        start = [
            run(w("fldChar", fldCharType="begin", dirty=1)),
            *field_of('TOC \\o "1-1" \\h \\z', "")[1:3],
        ]
        for number, link in enumerate(links):
            named = bookmark(link.get("href")[1:])
            entry = w("hyperlink", run(text(words(link))), anchor=named, history=1)
            made.append(
                w("p", w("pPr", w("pStyle", val="TOC1")), *(() if number else start), entry)
            )
        if links:
            made[-1].append(run(w("fldChar", fldCharType="end")))
        gallery = w("docPartObj", w("docPartGallery", val="Table of Contents"), w("docPartUnique"))
        return [w("sdt", w("sdtPr", gallery), w("sdtContent", *made))]


def _item_parts(item: Node) -> Iterator[list[Node | str] | Node]:
    """Yield what a point of a list holds: runs of inline content, and blocks."""
    inline: list[Node | str] = [item.text or ""]
    for child in item:
        if isinstance(child.tag, str) and is_block(child):
            if any(not isinstance(part, str) or part.strip() for part in inline):
                yield inline
            yield child
            inline = [child.tail or ""]
        else:
            inline += [child, child.tail or ""]
    if any(not isinstance(part, str) or part.strip() for part in inline):
        yield inline


def _inside(node: Node, at: Setting) -> Setting:
    named = classes(node)
    if node.tag == "section":
        return replace(at, front="front" in named, counted=not named.isdisjoint(_COUNTED))
    if "callout" in named:
        return replace(at, style="Callout")
    if node.tag == "figure":
        return replace(at, style="Figure")
    return at


_COUNTED = ("section", "schedule", "appendix")


def _leading_spaces(printed: tuple[Piece, ...]) -> int:
    whole = "".join(piece.text for piece in printed)
    return len(whole) - len(whole.lstrip(" "))


def _without(printed: Iterable[Piece], count: int) -> tuple[Piece, ...]:
    """Return the pieces without so many letters at the beginning."""
    kept = []
    for piece in printed:
        taken = min(count, len(piece.text))
        count -= taken
        if piece.anchors or piece.picture is not None or piece.text[taken:]:
            kept.append(replace(piece, text=piece.text[taken:]))
    return tuple(kept)
