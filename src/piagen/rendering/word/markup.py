"""Knows how WordprocessingML is written: elements are built as data, text is made legible once."""

from __future__ import annotations

import copy
import re
from typing import Any

from docx.oxml.ns import nsmap
from docx.oxml.parser import oxml_parser

Element = Any
"""An element of lxml, which has no types."""

LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
MATHS_OF_WIDTH = 20
"""Twentieths of a point, in which Word measures lengths on the page."""

_ILLEGIBLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_W = nsmap["w"]


def w(name: str, /, *children: Element | None, **attributes: object) -> Element:
    """Return an element of the main namespace: `w("b")`, `w("color", val="0b4769")`.

    Args:
        name: without its prefix.
        children: elements; None is left out.
        attributes: each in the main namespace; one that is None is left out.
    """
    made = oxml_parser.makeelement(f"{{{_W}}}{name}", nsmap={"w": _W})
    for key, value in attributes.items():
        if value is not None:
            made.set(f"{{{_W}}}{key.rstrip('_')}", legible(str(value)))
    made.extend(child for child in children if child is not None)
    return made


def q(name: str) -> str:
    """Return the name of an element or attribute as lxml writes it: `q("r:id")`."""
    prefix, _, local = name.partition(":")
    return f"{{{nsmap[prefix]}}}{local}"


def text(words: str) -> Element:
    """Return a text of a run; its spaces are kept."""
    made = w("t")
    made.text = legible(words)
    made.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return made


def field(code: str, result: str, look: Element | None = None, **marks: object) -> list[Element]:
    """Return the runs of a field: its code, and what it says until Word works it out again.

    Args:
        code: `PAGE`, or `SEQ Table`.
        result: what is shown.
        look: run properties, copied to each run.
        marks: attributes of the beginning: `dirty="1"`.
    """
    return [
        run(w("fldChar", fldCharType="begin", **marks), look=look),
        run(instruction(code), look=look),
        run(w("fldChar", fldCharType="separate"), look=look),
        run(text(result), look=look),
        run(w("fldChar", fldCharType="end"), look=look),
    ]


def instruction(code: str) -> Element:
    """Return the code of a field."""
    made = w("instrText")
    made.text = f" {legible(code)} "
    made.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return made


def run(*children: Element, look: Element | None = None) -> Element:
    """Return a run, with a copy of its properties."""
    return w("r", _copy(look), *children)


def _copy(look: Element | None) -> Element | None:
    return None if look is None or not len(look) else copy.deepcopy(look)


def legible(words: str) -> str:
    """Return text without what XML does not allow: control characters and halves of pairs."""
    return _ILLEGIBLE.sub("\ufffd", words)
