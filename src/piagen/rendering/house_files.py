"""Knows whether a file that an organisation brings can be used: a logo, or a font."""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from fontTools.ttLib import TTFont, TTLibError

MOST_OF_A_LOGO = 500_000
"""Bytes; it is in every document, and in HTML as text."""
MOST_OF_A_FONT = 2_000_000
"""Bytes of one file; the largest that ships has some 500,000."""
MOST_PIXELS = 4_000
"""Across and down; 80 mm in print have 1,000 at 300 to the inch."""

NEEDED = frozenset(
    [chr(point) for point in range(0x20, 0x7F)]
    + list("£§©·×½ÀÁÂÄÈÉÊËÌÍÎÏÒÓÔÖÙÚÛÜàáâäçèéêëìíîïòóôöùúûüŴŵŶŷẀẁẂẃẄẅỲỳŸÿ–—‘’“”…•€")
)
"""What a body font must have: English, Welsh, Gaelic and what the fixed text is written with."""

_PNG = b"\x89PNG\r\n\x1a\n"
_SVG_REFUSED = {"script", "foreignObject", "image", "iframe", "style", "a", "animate", "set"}
_RESTRICTED = 0x0002
"""The bit of OS/2.fsType that forbids to embed a font in a document."""


def logo_faults(path: Path) -> Iterator[str]:
    """Yield why a logo cannot be used.

    Args:
        path: a file that is there.
    """
    if path.suffix not in (".svg", ".png"):
        yield "use an SVG or a PNG file."
        return
    content = path.read_bytes()
    if len(content) > MOST_OF_A_LOGO:
        yield f"this has {len(content):,} bytes; use one of at most {MOST_OF_A_LOGO:,}."
    elif path.suffix == ".png":
        yield from _png(content)
    else:
        yield from _svg(content)


def font_faults(path: Path) -> Iterator[str]:
    """Yield why a font file cannot be used.

    Args:
        path: a file that is there.
    """
    if path.suffix not in (".ttf", ".otf", ".woff2"):
        yield "use a TTF, OTF or WOFF2 file."
        return
    content = path.read_bytes()
    if len(content) > MOST_OF_A_FONT:
        yield f"this is larger than {MOST_OF_A_FONT:,} bytes; keep the characters that you need."
        return
    try:
        with TTFont(io.BytesIO(content), lazy=True) as font:
            has = {chr(point) for point in font.getBestCmap() or ()}
            rights = font["OS/2"].fsType if "OS/2" in font else 0
    except (TTLibError, OSError, KeyError, ValueError, AssertionError, struct.error) as error:
        yield f"this is no font that can be read ({type(error).__name__})."
        return
    if rights & 0x000F == _RESTRICTED:
        yield "its maker does not allow it to be embedded in documents. Use another."
    if lacks := sorted(NEEDED - has):
        named = " ".join(lacks[:20]) + (f" and {len(lacks) - 20} more" if lacks[20:] else "")
        yield f"it lacks characters that every document needs: {named}"


def _png(content: bytes) -> Iterator[str]:
    if not content.startswith(_PNG) or content[12:16] != b"IHDR" or len(content) < 24:
        yield "this is no PNG file."
        return
    width, height = struct.unpack(">II", content[16:24])
    if not 0 < width <= MOST_PIXELS or not 0 < height <= MOST_PIXELS:
        yield f"this has {width:,} by {height:,} pixels; use at most {MOST_PIXELS:,} each way."


def _svg(content: bytes) -> Iterator[str]:
    """An SVG may draw; it may not run, load or style anything."""
    if re.search(rb"<!(DOCTYPE|ENTITY)", content, re.IGNORECASE):
        yield "take out the DOCTYPE and its entities."
        return
    try:
        root = ElementTree.fromstring(content.decode("utf-8"))  # noqa: S314 - no entities, see above
    except (ElementTree.ParseError, UnicodeDecodeError, ValueError) as error:
        yield f"this is no SVG ({error})."
        return
    if root.tag.rpartition("}")[2] != "svg":
        yield "this is no SVG: its outermost element is not svg."
        return
    if not (root.get("viewBox") or (root.get("width") and root.get("height"))):
        yield "give the svg element a viewBox, so that its size is known."
    told = set()
    for element in root.iter():
        tag = str(element.tag).rpartition("}")[2]
        if tag in _SVG_REFUSED or tag.startswith("animate"):
            told.add(f"take out <{tag}>: a logo may only draw.")
        for key, value in element.attrib.items():
            name = key.rpartition("}")[2]
            if name.startswith("on"):
                told.add(f"take out the attribute {name}: a logo may only draw.")
            loads = name in ("href", "src") or "url(" in value or "@import" in value
            if loads and not re.fullmatch(r"\s*(url\(\s*['\"]?)?#[^'\")]*['\"]?\)?\s*;?", value):
                told.add(f"the attribute {name} loads something from elsewhere. Take it out.")
    yield from sorted(told)
