"""Knows how a picture is put into a document for Word: as PNG, with its text in words beside it.

Word draws SVG too, and yet with the fonts of whoever reads it: labels would then leave their boxes.
So the picture is drawn here, with the bundled fonts, at the resolution of a good printer.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import resvg_py
from docx.parts.story import StoryPart

from piagen.errors import TemplateFault
from piagen.rendering.word.markup import Element, legible, w
from piagen.rendering.word.reading import SVG, Node
from piagen.resources import shipped

PIXELS_PER_POINT = 200 / 72
"""200 dots an inch: sharp in print, and still a small file."""
EMU_PER_POINT = 12_700
LOGO_HEIGHT = 57.0
"""Of a picture that says no size, in points at most: 20 mm, as the style sheet has it."""
_FONTS = "_base/fonts"


def drawing(part: StoryPart, roots: tuple[Path, ...]) -> Callable[[Node, float], Element]:
    """Return what makes an inline picture of an element, at most so many points wide.

    Args:
        part: where pictures are kept; the same one is kept once.
        roots: the template folders, for `piagen:` addresses and for fonts.
    """
    count = iter(range(1, 1_000_000))

    def draw(node: Node, most: float) -> Element:
        content, width, height, told = _svg(node) if node.tag == SVG else _file(node, roots)
        if content.lstrip()[:1] == b"<":
            content = _png(content.decode(), width, roots)
        _, image = part.get_or_add_image(io.BytesIO(content))
        if not width:
            height = min(image.px_height * 0.75, LOGO_HEIGHT)
            width = image.px_width * height / image.px_height
        if width > most:
            width, height = most, height * most / width
        size = int(width * EMU_PER_POINT), int(height * EMU_PER_POINT)
        number = next(count)
        made: Element = part.new_pic_inline(io.BytesIO(content), *size)
        about = made.graphic.graphicData.pic.nvPicPr.cNvPr
        for named in (made.docPr, about):
            named.set("name", f"Picture {number}")
            named.set("descr", legible(told))
        made.docPr.set("id", str(number))
        for side in ("distT", "distB", "distL", "distR"):  # LibreOffice leaves a gap otherwise
            made.set(side, "0")
        return w("drawing", made)

    return draw


def _svg(node: Node) -> tuple[bytes, float, float, str]:
    """Return the SVG of a picture, its size in points, and what it says."""
    told = node.get("aria-label") or node.findtext(f"{SVG[:-3]}title") or ""
    width, height = (_points(node.get(side) or "") for side in ("width", "height"))
    return _written(node, root=True).encode(), width, height, told


def _written(node: Node, *, root: bool = False) -> str:
    """Write the SVG again: the reader of HTML has taken its names apart."""
    name = node.tag.rpartition("}")[2]
    named = f' xmlns="{SVG[1:-4]}"' if root else ""
    named += "".join(
        f" {key}={quoteattr(value)}" for key, value in node.items() if "xmlns" not in key
    )
    inside = escape(node.text or "") + "".join(
        _written(child) + escape(child.tail or "") for child in node
    )
    return f"<{name}{named}>{inside}</{name}>"


def _file(node: Node, roots: tuple[Path, ...]) -> tuple[bytes, float, float, str]:
    """Return a picture that the HTML carries, or one of the template folders: a logo."""
    address, told = node.get("src") or "", node.get("alt") or ""
    if address.startswith("data:") and ";base64," in address:
        return base64.b64decode(address.partition(",")[2]), 0.0, 0.0, told
    from piagen.rendering.fetcher import Bundled  # brings WeasyPrint, which few documents need

    return Bundled(roots).fetch(address).read(), 0.0, 0.0, told


def _png(svg: str, width: float, roots: tuple[Path, ...]) -> bytes:
    fonts = [str(root / _FONTS) for root in (*roots, shipped("templates"))]
    try:
        return bytes(
            resvg_py.svg_to_bytes(
                svg_string=svg,
                width=round(width * PIXELS_PER_POINT) if width else None,
                dpi=96,
                background="#ffffff",
                skip_system_fonts=True,
                font_dirs=list(dict.fromkeys(fonts)),
                font_family="Source Sans 3",
                sans_serif_family="Source Sans 3",
            )
        )
    except ValueError as error:
        raise TemplateFault(f"A picture cannot be drawn: {error}") from error


def _points(length: str) -> float:
    """Return a length of a picture in points: `480pt`, or pixels, four to three points."""
    if length.endswith("pt"):
        return float(length.removesuffix("pt"))
    plain = length.removesuffix("px")
    return float(plain) * 0.75 if plain.replace(".", "", 1).isdigit() else 0.0
