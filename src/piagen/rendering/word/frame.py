"""Knows what stands around the text of every page: running heads, marking, page numbers, DRAFT."""

from __future__ import annotations

from collections.abc import Mapping

from docx.oxml import parse_xml

from piagen.rendering.word.markup import Element, field, run, text, w

_PAGE = {"w": 11906, "h": 16838}
"""A4 in twentieths of a point."""
_MARGINS = {"top": 1304, "right": 1134, "bottom": 1304, "left": 1134, "header": 567, "footer": 510}
_ON_A_CARD = {"top": 520, "right": 567, "bottom": 460, "left": 567, "header": 240, "footer": 220}

_WATERMARK = """
<w:r xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"
 xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"
 ><w:rPr><w:noProof/></w:rPr><w:pict><v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136"
 adj="10800" path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas><v:f eqn="sum #0 0 10800"/><v:f
 eqn="prod #0 2 1"/><v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/><v:f eqn="sum 21600 0 @3"/><v:f
 eqn="if @0 @3 0"/><v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/><v:f
 eqn="mid @5 @6"/><v:f eqn="mid @8 @5"/><v:f eqn="mid @7 @8"/><v:f eqn="mid @6 @7"/><v:f
 eqn="sum @6 0 @5"/></v:formulas><v:path textpathok="t" o:connecttype="custom"
 o:connectlocs="@9,0;@10,10800;@11,21600;@12,10800" o:connectangles="270,180,90,0"/><v:textpath on="t"
 fitshape="t"/></v:shapetype><v:shape id="PowerPlusWaterMarkObject{number}" type="#_x0000_t136" alt=""
 style="position:absolute;margin-left:0;margin-top:0;width:440pt;height:165pt;rotation:315;z-index:-251658752;mso-position-horizontal:center;mso-position-horizontal-relative:margin;mso-position-vertical:center;mso-position-vertical-relative:margin"
 fillcolor="#{colour}" stroked="f"><v:textpath style="font-family:Arial;font-size:1pt" string="DRAFT"/></v:shape></w:pict></w:r>
"""  # noqa: E501 - the style of VML may not be broken


def section(references: Mapping[str, str], *, card: bool = False) -> Element:
    """Return the properties of the page: A4, with a first page of its own.

    Args:
        references: the relationship of each running head or foot, by `header.first` and the like.
        card: whether it is a card, whose margins are narrow.
    """
    relation = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
    made = []
    for which, id_ in references.items():
        kind, _, page = which.partition(".")
        reference = w(f"{kind}Reference", type=page)
        reference.set(relation, id_)
        made.append(reference)
    return w(
        "sectPr",
        *made,
        w("pgSz", **_PAGE),
        w("pgMar", **(_ON_A_CARD if card else _MARGINS), gutter=0),
        w("titlePg"),
    )


def heads(body: Mapping[str, str], *, first: bool, colour: str) -> list[Element]:
    """Return the running head: kind, marking and lead; on the cover the marking alone.

    Args:
        body: the attributes of the body, which name them: `data-marking`.
        first: whether it is for the cover.
        colour: of the word DRAFT, six figures.
    """
    kind, lead = ("", "") if first else (body.get("data-kind", ""), body.get("data-lead", ""))
    made = _line("Header", body, _said(kind), _said(lead))
    if "draft" in body.get("class", "").split():
        made.append(parse_xml(_WATERMARK.format(number=1 if first else 2, colour=colour)))
    return [made]


def feet(body: Mapping[str, str]) -> list[Element]:
    """Return the running foot: title and version, marking, status and page x of y.

    Args:
        body: the attributes of the body, which name them: `data-title`, `data-state`.
    """
    page = [
        run(text(f"{body.get('data-state', '')} · page ".lstrip(" ·"))),
        *field("PAGE", "1"),
        run(text(" of ")),
        *field("NUMPAGES", "1"),
    ]
    return [_line("Footer", body, _said(body.get("data-title", "")), page)]


def _marking(body: Mapping[str, str]) -> list[Element]:
    marking = body.get("data-marking", "")
    return [run(text(marking), look=w("rPr", w("b")))] if marking else []


def _said(words: str) -> list[Element]:
    return [run(text(words))] if words else []


def _line(
    style: str, body: Mapping[str, str], left: list[Element], right: list[Element]
) -> Element:
    """Return a line with the marking in its middle."""
    margins = _ON_A_CARD if body.get("data-document") == "card" else _MARGINS
    width = _PAGE["w"] - margins["left"] - margins["right"]
    stops = w("tabs", w("tab", val="center", pos=width // 2), w("tab", val="right", pos=width))
    return w(
        "p",
        w("pPr", w("pStyle", val=style), stops),
        *left,
        run(w("tab")),
        *_marking(body),
        run(w("tab")),
        *right,
    )
