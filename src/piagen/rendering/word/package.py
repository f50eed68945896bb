"""Knows how a document in HTML becomes a file for Word whose bytes depend on nothing but it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from docx import Document
from docx.document import Document as WordDocument
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.text.paragraph import Paragraph
from docx.text.run import Run
from lxml import etree

from piagen.rendering.tokens import tokens
from piagen.rendering.word.body import CARD_WIDTH, FULL_WIDTH, Body, Setting
from piagen.rendering.word.frame import feet, heads, section
from piagen.rendering.word.markup import Element, legible, q, w
from piagen.rendering.word.numbering import Numbering
from piagen.rendering.word.pen import Pen
from piagen.rendering.word.pictures import drawing
from piagen.rendering.word.reading import Node, read, words
from piagen.rendering.word.remarks import Remark
from piagen.rendering.word.styles import defaults, palette, styles

AUTHOR = "piagen"
Runs = tuple[Element, Element]
"""The first and the last run of what is printed."""
_UNDATED = datetime(2000, 1, 1, tzinfo=UTC)
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""The first day that a zip file can name; it stands for every part."""
_MOST_OF_A_PROPERTY = 255
_THUMBNAIL = PackURI("/docProps/thumbnail.jpeg")


def render_docx(
    html: str,
    *,
    roots: tuple[Path, ...],
    remarks: tuple[Remark, ...] = (),
    gap: Callable[[str, str], str] | None = None,
) -> bytes:
    """Return the document as a file for Word; the same HTML gives the same bytes.

    Args:
        html: what `render_html` gave for the format `docx`.
        roots: the template folders, for pictures and fonts.
        remarks: what to say in the margin, each at the answer that it is about.
        gap: what to say at a gap, from the stored path and how it reads; None for nothing.

    Raises:
        TemplateFault: the HTML holds what has no counterpart in Word, or names a file outside the
            template folders.
    """
    tree = read(html)
    body = tree.find("body")
    made: WordDocument = Document()
    language = tree.get("lang") or "en-GB"
    told = {named: legible(value) for named, value in body.items()}
    colours = palette(tokens(roots))
    card = told.get("data-document") == "card"
    _style(made, language, colours, card=card)
    pen = Pen(made.part, drawing(made.part, roots), _numbers(body))
    content = Body(pen, colours).blocks(body, Setting(width=CARD_WIDTH if card else FULL_WIDTH))
    _replace(
        made.element.body, [*content, section(_frame(made, told, colours["watermark"]), card=card)]
    )
    _replace(made.part.numbering_part.element, pen.numbering.write())
    day = _properties(made, tree, language)
    _remark(made, pen, tree, remarks, gap, day)
    return _packed(made)


def _numbers(body: Node) -> Mapping[str, str]:
    """Return how each part with an id is counted: `schedule-rights`, `Schedule 7`."""
    found = {}
    for part in body.iter("section"):
        heading = part.find("h2")
        if part.get("id") and heading is not None and "front" not in (part.get("class") or ""):
            numbered = Numbering().heading(words(heading))
            if numbered is not None:
                found[part.get("id")] = numbered[0].label
    return found


def _style(made: WordDocument, language: str, colours: Mapping[str, str], *, card: bool) -> None:
    _replace(made.styles.element, [defaults(language, card=card), *styles(colours, card=card)])
    settings = made.settings.element
    compatibility = w("compat", _compatible("compatibilityMode", "15"))
    _replace(settings, [
        w("zoom", percent=100),
        w("defaultTabStop", val=720),
        compatibility,
        w("themeFontLang", val=language),
        w("decimalSymbol", val="."),
        w("listSeparator", val=","),
    ])  # fmt: skip


def _compatible(name: str, value: str) -> Element:
    return w("compatSetting", name=name, uri="http://schemas.microsoft.com/office/word", val=value)


def _frame(made: WordDocument, told: Mapping[str, str], colour: str) -> Mapping[str, str]:
    """Fill the running heads and feet, and return their relationships."""
    found = {}
    for kind, page, lines in (
        ("header", "default", heads(told, first=False, colour=colour)),
        ("header", "first", heads(told, first=True, colour=colour)),
        ("footer", "default", feet(told)),
        ("footer", "first", feet(told)),
    ):
        add = made.part.add_header_part if kind == "header" else made.part.add_footer_part
        part, relation = add()  # type: ignore[no-untyped-call]  # python-docx is half typed
        _replace(part.element, lines)
        found[f"{kind}.{page}"] = relation
    return found


def _properties(made: WordDocument, tree: Node, language: str) -> datetime:
    """Write title, author and dates as the HTML has them, and return the date."""
    named = {meta.get("name"): meta.get("content") or "" for meta in tree.iter("meta")}
    day = _day(named.get("dcterms.created", ""))
    core = made.core_properties
    core.title = _property(words(tree.find("head/title")))
    core.author = _property(named.get("author", ""))
    core.subject = _property(named.get("description", ""))
    core.last_modified_by = AUTHOR
    core.language = language
    core.comments = core.keywords = core.category = ""
    core.created = core.modified = day.replace(tzinfo=None)
    core.revision = 1
    return day


def _property(value: str) -> str:
    return legible(value)[:_MOST_OF_A_PROPERTY]


def _day(written: str) -> datetime:
    try:
        return datetime.fromisoformat(written).replace(tzinfo=UTC)
    except ValueError:
        return _UNDATED


def _remark(
    made: WordDocument,
    pen: Pen,
    tree: Node,
    remarks: tuple[Remark, ...],
    gap: Callable[[str, str], str] | None,
    day: datetime,
) -> None:
    """Write the comments: gaps first, each finding at what it is about, if that is printed."""
    whole = any(part.get("id") == "checks" for part in tree.iter("section"))
    for marked in pen.gaps.values() if gap else ():
        piece = marked[0][1]
        printed = "".join(part.text for _, part in marked)
        place = piece.places[-1] if piece.places else ""
        _comment(made, marked[0][0], marked[-1][0], gap(place, printed) if gap else "", day)
    title = next(iter(made.element.body.iter(q("w:r"))), None)
    for remark in remarks:
        spot = _spot(remark.at, pen.printed)
        if spot is None and whole and title is not None:
            spot = (title, title)
        if spot is not None:
            _comment(made, *spot, remark.says if whole else remark.brief, day)


def _spot(
    at: str, printed: Mapping[str, tuple[Element, Element]]
) -> tuple[Element, Element] | None:
    """Return the runs that print an answer; else those that first print something of its row."""
    if at in printed:
        return printed[at]
    row = f"{at.partition(']')[0]}]." if "[" in at else f"{at}["
    return next((runs for place, runs in printed.items() if place.startswith(row)), None)


def _comment(made: WordDocument, first: Element, last: Element, says: str, day: datetime) -> None:
    parent = made._body
    ends = [Run(element, Paragraph(element.getparent(), parent)) for element in (first, last)]
    comment = made.add_comment(ends, text=legible(says), author=AUTHOR, initials=AUTHOR)
    comment._comment_elm.set(q("w:date"), f"{day:%Y-%m-%dT%H:%M:%SZ}")


def _replace(parent: Element, children: list[Element]) -> None:
    """Put these in place of what the empty document of python-docx brings along."""
    for child in list(parent):
        parent.remove(child)
    parent.extend(children)


def _packed(made: WordDocument) -> bytes:
    """Return the file: no picture of the first page, no clock, parts in one order."""
    package = made.part.package
    for key, relation in list(package.rels.items()):
        if not relation.is_external and relation.target_part.partname == _THUMBNAIL:
            del package.rels[key]
    for part in package.iter_parts():
        _tidy(part)
    written = io.BytesIO()
    made.save(written)
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(written) as given,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as taken,
    ):
        for name in given.namelist():
            entry = zipfile.ZipInfo(name, _FIRST_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            taken.writestr(entry, given.read(name), compresslevel=6)
    return packed.getvalue()


def _tidy(part: Part) -> None:
    """Declare each namespace once, at the root: every element was made on its own."""
    element = getattr(part, "element", None)
    if element is not None:
        etree.cleanup_namespaces(element)
