"""Knows which HTML a document may hold, and reads it as the PDF's own reader does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import tinyhtml5

from piagen.errors import TemplateFault

Node = Any
"""An element of `xml.etree`, as tinyhtml5 makes it."""

SVG = "{http://www.w3.org/2000/svg}svg"
HEADINGS = ("h1", "h2", "h3", "h4")
GROUPS = (
    "body", "main", "header", "footer", "section", "article", "aside", "div", "nav", "figure",
    "blockquote", "address",
)  # fmt: skip
"""Elements that hold blocks, and are none themselves."""
BLOCKS = (*GROUPS, *HEADINGS, "p", "ul", "ol", "dl", "table", "figcaption", "hr", "pre")
INLINE = (
    "a", "span", "strong", "b", "em", "i", "abbr", "cite", "q", "small", "sub", "sup", "time",
    "code", "br", "wbr", "img", "s", "u", "mark", "dfn", "bdi", SVG,
)  # fmt: skip
INSIDE = (
    "html", "head", "title", "meta", "style", "link", "li", "dt", "dd", "caption", "colgroup",
    "col", "thead", "tbody", "tfoot", "tr", "th", "td",
)  # fmt: skip
KNOWN = frozenset((*BLOCKS, *INLINE, *INSIDE))


def read(html: str) -> Node:
    """Return the tree of a document.

    Args:
        html: what `render_html` gave.

    Raises:
        TemplateFault: it holds an element that has no counterpart in Word.
    """
    tree = tinyhtml5.parse(html, namespace_html_elements=False)
    for node in elements(tree):
        if node.tag not in KNOWN:
            raise TemplateFault(f"A document for Word cannot hold the element <{node.tag}>.")
    return tree


def elements(node: Node) -> Iterator[Node]:
    """Yield an element and all below it, but for comments and what is inside pictures."""
    yield node
    if node.tag != SVG:
        for child in node:
            if isinstance(child.tag, str):
                yield from elements(child)


def classes(node: Node) -> frozenset[str]:
    """Return the classes of an element."""
    return frozenset((node.get("class") or "").split())


def words(node: Node) -> str:
    """Return the text of an element on one line."""
    return " ".join("".join(node.itertext()).split())


def is_block(node: Node) -> bool:
    """Tell whether an element stands on lines of its own."""
    return node.tag in BLOCKS or (node.tag == "span" and any(is_block(child) for child in node))
