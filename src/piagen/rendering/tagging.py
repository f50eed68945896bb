"""Knows what WeasyPrint leaves undone in a tagged PDF, and mends it before the file is written.

Text of page margins becomes pagination artefacts (PDF/UA-1, 7.1: content is tagged or an artefact),
header cells say whether they head a row or a column (7.5), and the metadata can be read without
unpacking it. All through WeasyPrint's public `finisher`. Text in another language than the document
says which (7.2): WeasyPrint reads `lang` for hyphens and forgets it in the tags.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element as HtmlElement

from piagen.rendering.language.spoken import OWN

Element = dict[str, Any]
"""A dictionary of the PDF: a structure element, a page, a stream's head."""


_SPOKEN = "article"
"""Becomes the tag /Art, which no template uses: so text in its own language is known again."""


def tell_languages(html: HtmlElement) -> None:
    """Make each inline text with a language of its own known to `finish`, in place.

    Args:
        html: the root of the document, as WeasyPrint has parsed it.
    """
    for span in html.iter("span"):
        if span.get("lang") == OWN:
            span.tag = _SPOKEN
            span.set("style", "display: inline")


def finish(_: object, pdf: Any) -> None:  # noqa: ANN401 - a pydyf.PDF, which has no types
    """Mend the finished PDF; WeasyPrint calls this before it writes.

    Args:
        _: the WeasyPrint document, not needed.
        pdf: the objects of the file.
    """
    objects = {int(item.number): item for item in pdf.objects if item.number is not None}
    catalogue = pdf.catalog
    root = _at(catalogue["StructTreeRoot"], objects)
    tree = list(_below(root, objects))
    for element in tree:
        if element["S"] == "/TH":
            _set_scope(element, objects)
        elif element["S"] == "/Art":
            element["S"], element["Lang"] = "/Span", f"({OWN})"
        elif element["S"] == "/Figure" and catalogue["Lang"].string != OWN:
            element["Lang"] = f"({OWN})"  # the words of pictures are not translated
    _margins_are_artefacts(root, {id(element) for element in tree}, objects)
    _at(catalogue["Metadata"], objects).compress = False


def _set_scope(header: Element, objects: dict[int, Any]) -> None:
    row = _at(header["P"], objects)
    group = _at(row["P"], objects)
    heads = "/Column" if group["S"] == "/THead" else "/Row"
    attributes = header.setdefault("A", type(header)({"O": "/Table"}))
    attributes["Scope"] = heads


def _margins_are_artefacts(root: Element, linked: set[int], objects: dict[int, Any]) -> None:
    """Content whose element is not in the tree was drawn in a margin: mark it as pagination."""
    pages = {
        page["StructParents"]: page
        for page in objects.values()
        if isinstance(page, dict) and page.get("Type") == "/Page" and "StructParents" in page
    }
    numbers = _at(root["ParentTree"], objects)["Nums"]
    for key, owners in zip(numbers[::2], numbers[1::2], strict=True):
        if key not in pages or not isinstance(owners, list):
            continue
        outside = {
            mark for mark, owner in enumerate(owners) if id(_at(owner, objects)) not in linked
        }
        if outside:
            _mark(_at(pages[key]["Contents"], objects), outside)
            for mark in outside:
                owners[mark] = "null"


def _mark(content: Any, marks: set[int]) -> None:  # noqa: ANN401 - a pydyf.Stream
    lines = content.stream
    for i in range(1, len(lines)):
        if isinstance(lines[i], dict) and lines[i].get("MCID") in marks:
            lines[i - 1], lines[i] = b"/Artifact", b"<</Type /Pagination>>"


def _below(element: Element, objects: dict[int, Any]) -> Iterator[Element]:
    """Yield every structure element below this one."""
    children = element.get("K", ())
    for child in children if isinstance(children, list) else [children]:
        found = _at(child, objects)
        if isinstance(found, dict) and found.get("Type") == "/StructElem":
            yield found
            yield from _below(found, objects)


def _at(reference: Any, objects: dict[int, Any]) -> Any:  # noqa: ANN401
    """Return what a reference `12 0 R` points at; anything else is returned as it is."""
    written = _bytes(reference)
    if written.endswith(b" R"):
        return objects[int(written.split()[0])]
    return reference


def _bytes(value: object) -> bytes:
    match value:
        case bytes():
            return value
        case str():
            return value.encode("latin-1", "replace")
    return b""
