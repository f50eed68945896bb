"""Knows how a picture is written as SVG: elements are built as data, and escaped once, here.

All lengths are points (1/72 inch); a picture is at most as wide as the text of an A4 page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Literal

from markupsafe import Markup, escape

from piagen.frozen import frozen
from piagen.rendering.language.tongue import ENGLISH, Tongue
from piagen.rendering.pictures.measure import FAMILIES, Weight, width_of

INK = "var(--ink)"
QUIET = "var(--quiet)"
ACCENT = "var(--accent)"
RULE = "var(--rule)"
TINT = "var(--tint)"
PAPER = "var(--paper)"
"""Colours are tokens: `tokens.coloured` writes their values when the document is whole."""

FULL_WIDTH = 480.0
"""The width of a page's text in points: A4 less 20 mm on either side, rounded down."""
FULL_HEIGHT = 640.0
"""The most that a picture may be high, in points, so that its heading and key fit on its page."""
SMALLEST = 9.0
"""No text is smaller, in points: accessibility of print."""

Anchor = Literal["start", "middle", "end"]
Value = str | float | int


@frozen
class Element:
    """One element: a text child is data, and never markup.

    Attributes:
        name: the tag.
        attributes: in the order in which they are written.
        children: elements and texts.
    """

    name: str
    attributes: Mapping[str, Value] = field(default_factory=dict)
    children: tuple[Element | str, ...] = ()


def element(name: str, *children: Element | str, **attributes: Value) -> Element:
    """Return an element; `stroke_width=1` is the attribute `stroke-width`."""
    named = {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items()}
    return Element(name, named, children)


def text(
    words: str,
    x: float,
    y: float,
    *,
    size: float = SMALLEST,
    weight: Weight = 400,
    anchor: Anchor = "start",
    fill: str = INK,
) -> Element:
    """Return one line of text in the bundled fonts.

    Args:
        words: one line; wrap longer text with `measure.wrap` first.
        x: where the anchor stands.
        y: the base line.
        size: in points.
        weight: as in style sheets.
        anchor: which part of the line stands at x; it is worked out here, because WeasyPrint makes
            each anchored line an object of its own, outside the text of the page.
        fill: the colour.
    """
    match anchor:
        case "middle":
            x -= width_of(words, size, weight) / 2
        case "end":
            x -= width_of(words, size, weight)
    return element(
        "text",
        words,
        x=x,
        y=y,
        font_family=", ".join(FAMILIES),
        font_size=size,
        font_weight=weight,
        fill=fill,
    )


def rect(
    x: float,
    y: float,
    width: float,
    height: float,
    *,
    fill: str = PAPER,
    stroke: str = INK,
    stroke_width: float = 1.0,
    dashes: str = "",
    radius: float = 0.0,
) -> Element:
    """Return a rectangle; `dashes` as in `stroke-dasharray`."""
    more: dict[str, Value] = {"stroke_dasharray": dashes} if dashes else {}
    if radius:
        more["rx"] = radius
    return element(
        "rect",
        x=x,
        y=y,
        width=width,
        height=height,
        fill=fill,
        stroke=stroke,
        stroke_width=stroke_width,
        **more,
    )


def line(
    x1: float,
    y1: float,
    x2: float,
    y2: float,
    *,
    stroke: str = INK,
    stroke_width: float = 1.0,
    dashes: str = "",
) -> Element:
    """Return a straight line; `dashes` as in `stroke-dasharray`."""
    more: dict[str, Value] = {"stroke_dasharray": dashes} if dashes else {}
    return element(
        "line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=stroke, stroke_width=stroke_width, **more
    )


def path(d: str, *, fill: str = "none", stroke: str = INK, stroke_width: float = 1.0) -> Element:
    """Return a path; `d` is made by the program, never typed by a person."""
    return element("path", d=d, fill=fill, stroke=stroke, stroke_width=stroke_width)


def group(*children: Element | str) -> Element:
    """Return elements that belong together."""
    return element("g", *children)


def picture(
    alternative: str,
    width: float,
    height: float,
    *children: Element,
    said: Tongue = ENGLISH,
) -> Markup:
    """Return a whole picture; the same elements give the same text.

    Args:
        alternative: what the picture says, for people who do not see it; it is the title that a
            tagged PDF takes as alternative text.
        width: in points.
        height: in points.
        children: what is drawn, the undermost first.
        said: the language of its words; a picture in English names none.
    """
    spoken: dict[str, Value] = {} if said.code == "en" else {"lang": said.code}
    root = element(
        "svg",
        element("title", alternative),
        *children,
        xmlns="http://www.w3.org/2000/svg",
        role="img",
        width=f"{_number(width)}pt",
        height=f"{_number(height)}pt",
        viewBox=f"0 0 {_number(width)} {_number(height)}",
        style="display: block; max-width: 100%",
        **spoken,
    )
    named = Element(root.name, {**root.attributes, "aria-label": alternative}, root.children)
    return Markup(write(named))  # noqa: S704 - `write` escapes every text


def write(node: Element | str) -> str:
    """Return the SVG of an element, with everything escaped that could be taken for markup."""
    match node:
        case str():
            return str(escape(_legible(node)))
        case Element(name, attributes, children):
            start = "".join(f' {key}="{_value(value)}"' for key, value in attributes.items())
            inside = "".join(write(child) for child in children)
            return f"<{name}{start}>{inside}</{name}>"


def _value(value: Value) -> str:
    return str(escape(_legible(value))) if isinstance(value, str) else _number(value)


def _number(value: float) -> str:
    """Two decimals, none that say nothing: the same on every machine."""
    return f"{value:.2f}".rstrip("0").rstrip(".").replace("-0", "0", int(abs(value) < 0.005))


def _legible(words: str) -> str:
    """Leave out what XML does not allow: control characters, halves of pairs, non-characters."""
    return "".join(c if _allowed(ord(c)) else " " for c in words)


def _allowed(point: int) -> bool:
    return (
        point in (0x9, 0xA)
        or 0x20 <= point < 0x7F
        or (0xA0 <= point < 0xD800)
        or (0xE000 <= point < 0xFFFE)
        or point > 0xFFFF
    )
