"""Knows the styles of a document for Word, so that whoever takes it on changes each look once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from piagen.errors import TemplateFault
from piagen.frozen import frozen
from piagen.rendering.word.markup import Element, w
from piagen.rendering.word.numbering import HANG

FONT = "Arial"
"""Everybody who has Word has it: the fonts of the PDF are not on the computer of a partner."""


USED = (
    "ink", "quiet", "accent", "link", "rule", "tint", "gap-ink", "gap-ground", "watermark",
    "low", "medium", "high",
)  # fmt: skip
"""The design tokens that a document for Word takes its colours from."""

_COLOUR = re.compile("#([0-9a-f]{6})", re.IGNORECASE)


def palette(tokens: Mapping[str, str]) -> Mapping[str, str]:
    """Return the colours of the design as Word writes them: six figures, by the name of the token.

    Args:
        tokens: the design tokens, as style sheets write them.

    Raises:
        TemplateFault: a token is missing, or is no colour of six figures.
    """
    found = {}
    for name in USED:
        colour = _COLOUR.fullmatch(tokens.get(name, ""))
        if colour is None:
            raise TemplateFault(f"The token “--{name}” must be a colour such as #0b4769.")
        found[name] = colour[1]
    return found


@frozen
class Style:
    """A style of paragraphs.

    Attributes:
        id: what the body calls it.
        name: what Word calls it; its own name where Word has one like it.
        base: the id of the style that it changes.
        size: of the type in points; None for that of the base.
        colour: the name of a design token; so is `ground`, the colour behind it.
        before: the room above, in twentieths of a point; so is `after` below.
        outline: its level in the outline, from 0; None for none.
        left: how far it stands in, in twentieths of a point.
        keep: whether it stays on the page of what follows.
        line: a rule beside or above it: `left`, `top`, `bottom`.
        gap: between the rule and the text, in points.
    """

    id: str
    name: str
    base: str | None = "Normal"
    size: float | None = None
    bold: bool = False
    colour: str | None = None
    before: int | None = None
    after: int | None = None
    outline: int | None = None
    left: int = 0
    hanging: int = 0
    keep: bool = False
    line: str | None = None
    gap: int = 6
    ground: str | None = None
    stops: int | None = None


PARAGRAPHS = (
    Style("Normal", "Normal", None, 10.5, colour="ink", after=100),
    Style("BodyText", "Body Text"),
    Style("Title", "Title", size=28, bold=True, colour="accent", before=0, after=360, keep=True),
    Style("Subtitle", "Subtitle", size=14, bold=True, colour="quiet", before=1200, after=200),
    Style("Status", "Status", size=13, bold=True, after=200, line="top"),
    Style("Heading1", "heading 1", size=16, bold=True, colour="accent", before=400, after=160,
          outline=0, keep=True, line="top"),
    Style("FrontHeading", "Front heading", "Heading1", outline=0),
    Style("Heading2", "heading 2", size=12, bold=True, colour="accent", before=220, after=80,
          outline=1, keep=True),
    Style("Heading3", "heading 3", size=11, bold=True, colour="accent", before=160, after=60,
          outline=2, keep=True),
    Style("TOCHeading", "TOC Heading", "Heading1", outline=9),
    Style("TOC1", "toc 1", after=40, stops=9638),
    Style("Clause", "Clause", "BodyText", left=HANG),
    Style("ClauseMore", "Clause continued", "BodyText", left=HANG),
    Style("ListParagraph", "List Paragraph", after=60),
    Style("Lead", "Lead", "BodyText", 13),
    Style("Small", "Small", "BodyText", 9, colour="quiet"),
    Style("NotApplicable", "Does not apply", "BodyText", colour="quiet"),
    Style("Callout", "Callout", "BodyText", left=170, line="left", ground="tint"),
    Style("CalloutTitle", "Callout title", "Callout", bold=True, colour="accent", keep=True),
    Style("Figure", "Figure", after=160),
    Style("Caption", "caption", size=10.5, bold=True, colour="accent", before=200, after=80),
    Style("TableText", "Table text", size=9, before=10, after=10),
    Style("RowHead", "Table row heading", "TableText", bold=True),
    Style("TableHead", "Table column heading", "TableText", bold=True, colour="accent", keep=True),
    Style("Between", "Between tables", size=6, after=0),
    Style("Rule", "Rule", after=160, line="bottom"),
    Style("Header", "header", size=8, colour="quiet", after=0),
    Style("Footer", "footer", size=8, colour="quiet", after=0),
    Style("CommentText", "annotation text", size=10, after=60),
)  # fmt: skip


_ON_A_CARD: Mapping[str, tuple[float, int, int]] = {
    "Normal": (8.5, 0, 24),
    "Title": (14, 0, 20),
    "Status": (8.5, 0, 30),
    "Heading1": (9.5, 50, 16),
    "Caption": (8.5, 20, 10),
    "ListParagraph": (8.5, 0, 8),
    "TableText": (8.5, 0, 0),
    "Header": (7, 0, 0),
    "Footer": (7, 0, 0),
}
"""Size in points, room above and below in twentieths of a point: one side of A4 holds it all."""


def _on_a_card(style: Style) -> Style:
    if style.id not in _ON_A_CARD:
        return style
    size, before, after = _ON_A_CARD[style.id]
    bold = style.bold and style.id != "Status"
    return replace(style, size=size, before=before, after=after, bold=bold, gap=1)


def styles(colours: Mapping[str, str], *, card: bool = False) -> Iterator[Element]:
    """Yield every style.

    Args:
        colours: of the design, by the name of their token, six figures each.
        card: whether they are those of a card, which is set closer.
    """
    accent, rule = colours["accent"], colours["rule"]
    for style in PARAGRAPHS:
        yield _paragraph(_on_a_card(style) if card else style, colours)
    yield _letters("DefaultParagraphFont", "Default Paragraph Font", default="1")
    yield _letters("Hyperlink", "Hyperlink", w("color", val=colours["link"]), w("u", val="single"))
    gap = w("shd", val="clear", color="auto", fill=colours["gap-ground"])
    yield _letters("Gap", "To be completed", w("b"), w("color", val=colours["gap-ink"]), gap)
    yield _letters(
        "SmallLetters", "Small letters", w("color", val=colours["quiet"]), w("sz", val=18)
    )
    yield _letters("CommentReference", "annotation reference", w("sz", val=16))
    yield w("style", w("name", val="No List"), type="numbering", default=1, styleId="NoList")
    yield w(
        "style",
        w("name", val="Normal Table"),
        w("tblPr", w("tblInd", w=0, type="dxa"), _margins(0, 108)),
        type="table",
        default=1,
        styleId="TableNormal",
    )
    lines = (_border("bottom", 4, rule), _border("insideH", 4, rule))
    yield _table("Rows", "Rows", w("top", val="nil"), *lines, head=colours)
    yield _table("Pairs", "Label and value", _border("top", 8, accent), *lines)
    yield _table("Card", "Card", _border("top", 4, rule), _border("left", 20, accent), *lines)


def defaults(language: str, *, card: bool = False) -> Element:
    """Return what holds where no style says otherwise.

    Args:
        language: of the document, as the HTML names it: `en-GB`.
        card: whether it is a card, whose lines are set closer.
    """
    fonts = w("rFonts", ascii=FONT, hAnsi=FONT, cs=FONT, eastAsia=FONT)
    letters = w(
        "rPr", fonts, w("sz", val=21), w("szCs", val=21),
        w("lang", val=language, eastAsia=language, bidi="ar-SA"),
    )  # fmt: skip
    lines = w("pPr", w("spacing", after=100, line=228 if card else 259, lineRule="auto"))
    return w("docDefaults", w("rPrDefault", letters), w("pPrDefault", lines))


def _paragraph(style: Style, colours: Mapping[str, str]) -> Element:
    border = None
    if style.line:
        border = w("pBdr", _border(style.line, 12, colours["accent"], space=style.gap))
    ground = colours[style.ground] if style.ground else None
    spaced = {"before": style.before, "after": style.after}
    properties = w(
        "pPr",
        w("keepNext") if style.keep else None,
        border,
        w("shd", val="clear", color="auto", fill=ground) if ground else None,
        w("tabs", w("tab", val="right", leader="dot", pos=style.stops)) if style.stops else None,
        w("spacing", **spaced) if any(v is not None for v in spaced.values()) else None,
        w("ind", left=style.left) if style.left else None,
        w("outlineLvl", val=style.outline) if style.outline is not None else None,
    )
    letters = w(
        "rPr",
        w("b") if style.bold else None,
        w("color", val=colours[style.colour]) if style.colour else None,
        w("sz", val=round(style.size * 2)) if style.size else None,
    )
    return w(
        "style",
        w("name", val=style.name),
        w("basedOn", val=style.base) if style.base else None,
        w("qFormat"),
        properties,
        letters,
        type="paragraph",
        default=1 if style.base is None else None,
        styleId=style.id,
        customStyle=1 if style.name[0].isupper() and style.id in _OWN else None,
    )


_OWN = frozenset({
    "Status", "FrontHeading", "Clause", "ClauseMore", "Lead", "Small", "NotApplicable", "Callout",
    "CalloutTitle", "Figure", "TableText", "RowHead", "TableHead", "Between", "Rule",
})  # fmt: skip
"""Styles that Word has no name for."""


def _letters(id_: str, name: str, *look: Element, default: str | None = None) -> Element:
    own = 1 if id_ in ("Gap", "SmallLetters") else None
    return w(
        "style", w("name", val=name), w("rPr", *look), type="character", styleId=id_,
        default=default, customStyle=own,
    )  # fmt: skip


def _table(id_: str, name: str, *edges: Element, head: Mapping[str, str] | None = None) -> Element:
    tinted = None
    if head is not None:
        below = w("tcBorders", _border("bottom", 8, head["accent"]))
        ground = w("shd", val="clear", color="auto", fill=head["tint"])
        tinted = w("tblStylePr", w("tcPr", below, ground), type="firstRow")
    return w(
        "style",
        w("name", val=name),
        w("basedOn", val="TableNormal"),
        w("tblPr", w("tblBorders", *edges), _margins(28, 85)),
        tinted,
        type="table",
        customStyle=1,
        styleId=id_,
    )


def _margins(upright: int, sideways: int) -> Element:
    return w(
        "tblCellMar",
        w("top", w=upright, type="dxa"),
        w("left", w=sideways, type="dxa"),
        w("bottom", w=upright, type="dxa"),
        w("right", w=sideways, type="dxa"),
    )


def _border(side: str, eighths: int, colour: str, space: int = 0) -> Element:
    return w(side, val="single", sz=eighths, space=space, color=colour)
