"""Knows how our own HTML is read for a PDF: as XML, which takes a tenth of an HTML parser's time.

The templates that ship write every element out and close it, so the tree is the one that an HTML
parser makes. What an organisation's own templates write goes to the HTML parser.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ParseError, XMLParser

import cssselect2  # type: ignore[import-untyped]
from weasyprint import CSS, HTML
from weasyprint.css.counters import CounterStyle
from weasyprint.html import UA

from piagen.resources import shipped

SVG = "http://www.w3.org/2000/svg"
_XMLNS = "{http://www.w3.org/2000/xmlns/}xmlns"
_DOCTYPE = re.compile(r"\A\s*<!doctype html>\s*", re.IGNORECASE)
_VOID = re.compile(
    r"""<(br|col|hr|img|input|link|meta|wbr)\b((?:[^<>"']|"[^"]*"|'[^']*')*?)\s*/?>"""
)
_LINES_INSIDE = re.compile(r'="[^"<>]*[\t\n\r]')
"""An attribute of several lines: XML would make spaces of their ends."""
_BARE_SVG = re.compile(rf'<svg(?! xmlns="{re.escape(SVG)}")')
_OF_NOTES = re.compile(r"^::(?:footnote|note)-.*$", re.MULTILINE)
_OF_MARKERS = re.compile(r"^::marker", re.MULTILINE)


class Written(HTML):  # type: ignore[misc]  # WeasyPrint is untyped
    """A document of the templates that ship; WeasyPrint asks it for the tree and first styles."""

    def __init__(self, root: Element, url_fetcher: Any) -> None:  # noqa: ANN401 - WeasyPrint's own
        """Hold a tree.

        Args:
            root: of the document.
            url_fetcher: what fetches pictures and style sheets.
        """
        self.base_url = None
        self.url_fetcher = url_fetcher
        self.media_type = "print"
        self.wrapper_element = cssselect2.ElementWrapper.from_html_root(root, content_language=None)
        self.etree_element = self.wrapper_element.etree_element

    def _ua_stylesheets(self, forms: bool = False) -> list[CSS]:
        """Return the styles of a browser, without those that every element would carry in vain."""
        return super()._ua_stylesheets(forms) if forms else [_first_styles()]


def parsed(html: str, roots: tuple[Path, ...], url_fetcher: Any) -> HTML:  # noqa: ANN401
    """Return the document as WeasyPrint takes it.

    Args:
        html: the whole document.
        roots: the template folders that it came from.
        url_fetcher: what fetches pictures and style sheets.
    """
    root = tree(html) if ours(roots) else None
    if root is None:
        return HTML(string=html, url_fetcher=url_fetcher)
    return Written(root, url_fetcher)


def tree(html: str) -> Element | None:
    """Return the tree that an HTML parser would make; None if only that can tell."""
    if _LINES_INSIDE.search(html) or _BARE_SVG.search(html):
        return None
    parser = XMLParser()  # noqa: S314 - our own text: no document type, so no entity, is in it
    try:
        parser.feed(_VOID.sub(r"<\1\2/>", _DOCTYPE.sub("", html)).encode())
        root: Element = parser.close()
    except (ParseError, UnicodeError):
        return None
    if root.tag != "html" or [child.tag for child in root] != ["head", "body"]:
        return None
    _blanks_moved(root)
    for picture in root.iter(f"{{{SVG}}}svg"):
        picture.set(_XMLNS, SVG)
    return root


@cache
def ours(roots: tuple[Path, ...]) -> bool:
    """Tell whether all templates and style sheets of these folders are those that ship."""
    own = [root for root in roots if root != shipped("templates")]
    return not any(
        path.suffix in (".j2", ".css") for root in own for path in root.rglob("*") if path.is_file()
    )


def _blanks_moved(root: Element) -> None:
    """Put the blanks around head and body where an HTML parser puts them."""
    root.text = None
    body = root[1]
    after, body.tail = body.tail or "", None
    if len(body):
        body[-1].tail = (body[-1].tail or "") + after
    else:
        body.text = (body.text or "") + after


@cache
def _first_styles() -> CSS:
    """Footnotes there are none, and only entries of lists have a marker."""
    sheet = _OF_MARKERS.sub("li::marker", _OF_NOTES.sub("", UA))
    return CSS(string=sheet, counter_style=CounterStyle())  # it names decimal and disc itself
