"""Reads what a document tells, from each kind of file, so that one can be held against another.

Nothing here knows how piagen writes a file: HTML is read by tinyhtml5, Word by its own rules for
counters, what LibreOffice made by its own format.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any
from xml.etree import ElementTree

import tinyhtml5

Tag = Any
Rows = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Table:
    """A table: its caption, how many header rows it has, and its cells."""

    caption: str
    heads: int
    rows: Rows


@dataclass
class Told:
    """What a document tells.

    Attributes:
        headings: level from 1, and text with its number.
        lines: every paragraph, heading, point, caption and cell in order, with printed numbers.
        tables: in order.
        drawn: the text in each picture.
    """

    headings: list[tuple[int, str]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    drawn: list[str] = field(default_factory=list)


def folded(text: str) -> str:
    """White space that matters to nobody is one space."""
    return re.sub(r"[ \t\r\n\f]+", " ", text.replace("\u200b", "")).strip(" ")


def squeezed(text: str) -> str:
    """No white space at all, and no hyphen that a line break brought."""
    return re.sub(r"[\s\u200b\u00ad]+", "", unicodedata.normalize("NFC", text))


# HTML -------------------------------------------------------------------------------------------

_LEAVES = ("h1", "h2", "h3", "h4", "p", "caption", "figcaption", "dt", "dd")
_BLOCKS = (*_LEAVES, "ul", "ol", "table", "div", "section", "li", "main", "nav", "header", "footer",
           "figure", "article", "aside", "dl")  # fmt: skip
_SVG = "{http://www.w3.org/2000/svg}svg"
_UNMARKED = {"authorities", "words", "letters", "two"}


def of_html(html: str) -> Told:
    told = Told()
    body = tinyhtml5.parse(html, namespace_html_elements=False).find("body")
    _html_block(body, told)
    return told


def _html_block(node: Tag, told: Told) -> None:
    loose = [node.text or ""]
    for child in node:
        if child.tag == _SVG:
            lines = (text.text or "" for text in child.iter(f"{_SVG[:-3]}text"))
            told.drawn.append(squeezed("".join(lines)))
        if child.tag == _SVG or not isinstance(child.tag, str):
            loose.append(child.tail or "")
            continue
        if "skip" in (child.get("class") or "").split():
            continue
        if child.tag not in _BLOCKS:
            loose += [*_visible_with(child), child.tail or ""]
            continue
        _say(loose, told)
        loose = [child.tail or ""]
        if child.tag in _LEAVES:
            _html_leaf(child, told)
        elif child.tag in ("ul", "ol"):
            _html_list(child, told, nav=node.tag == "nav")
        elif child.tag == "table":
            _html_table(child, told)
        else:
            _html_block(child, told)
    _say(loose, told)


def _say(loose: list[str], told: Told) -> None:
    if line := folded("".join(loose)):
        told.lines.append(line)


def _html_leaf(node: Tag, told: Told) -> None:
    line = folded("".join(_visible(node)))
    if node.tag[0] == "h":
        told.headings.append((int(node.tag[1]), line))
    if line:
        told.lines.append(line)


def _html_list(node: Tag, told: Told, *, nav: bool) -> None:
    named = set((node.get("class") or "").split())
    number = int(node.get("start") or 1)
    for item in node:
        if item.tag != "li":
            continue
        sign = f"{number}. " if node.tag == "ol" else "• "
        if nav or named & _UNMARKED:
            sign = ""
        number += 1
        told.lines.append(folded(sign + "".join(_visible(item, blocks=False))))
        for child in item:
            if child.tag in ("ul", "ol"):
                _html_list(child, told, nav=False)


def _html_table(node: Tag, told: Told) -> None:
    caption = node.find("caption")
    if caption is not None:
        _html_leaf(caption, told)
    rows = []
    heads = 0
    for part in node:
        for row in part if part.tag in ("thead", "tbody", "tfoot") else ():
            heads += part.tag == "thead"
            rows.append(tuple(_html_cell(cell, told) for cell in row if cell.tag in ("td", "th")))
    about = "" if caption is None else folded("".join(_visible(caption)))
    told.tables.append(Table(about, heads, tuple(rows)))


def _html_cell(cell: Tag, told: Told) -> str:
    inner = Told()
    _html_block(cell, inner)
    told.lines += inner.lines
    return " ".join(inner.lines)


def _visible_with(node: Tag) -> Iterator[str]:
    return iter("\n" if node.tag == "br" else "".join(_visible(node)))


def _visible(node: Tag, *, blocks: bool = True) -> Iterator[str]:
    yield node.text or ""
    for child in node:
        if child.tag == "br":
            yield "\n"
        elif child.tag == _SVG:
            pass
        elif isinstance(child.tag, str) and (blocks or child.tag not in _BLOCKS):
            yield from _visible(child, blocks=blocks)
        yield child.tail or ""


# Word -------------------------------------------------------------------------------------------

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LEVELS = {"Title": 1, "Heading1": 2, "FrontHeading": 2, "TOCHeading": 2, "Heading2": 3,
           "Heading3": 4}  # fmt: skip


def parts_of(docx: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(docx)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def of_docx(docx: bytes) -> Told:
    parts = parts_of(docx)
    body = ElementTree.fromstring(parts["word/document.xml"]).find(f"{_W}body")  # noqa: S314
    counters = Counters(ElementTree.fromstring(parts["word/numbering.xml"]))  # noqa: S314
    told = Told()
    assert body is not None
    for block in _word_blocks(body):
        if block.tag == f"{_W}tbl":
            caption = told.lines[-1] if _captioned(block) else ""
            rows = []
            heads = 0
            for row in block.iter(f"{_W}tr"):
                heads += row.find(f"{_W}trPr/{_W}tblHeader") is not None
                cells = []
                for cell in row.iter(f"{_W}tc"):
                    lines = [_word_line(p, counters) for p in cell.iter(f"{_W}p")]
                    told.lines += [line for line in lines if line]
                    cells.append(" ".join(line for line in lines if line))
                rows.append(tuple(cells))
            told.tables.append(Table(caption, heads, tuple(rows)))
            continue
        line = _word_line(block, counters)
        style = block.find(f"{_W}pPr/{_W}pStyle")
        level = _LEVELS.get(style.get(f"{_W}val", "")) if style is not None else None
        if level and line:
            told.headings.append((level, line))
        if line:
            told.lines.append(line)
    return told


def _captioned(table: Tag) -> bool:
    return table.find(f"{_W}tblPr/{_W}tblCaption") is not None


def _word_blocks(body: Tag) -> Iterator[Tag]:
    for child in body:
        if child.tag == f"{_W}sdt":
            yield from _word_blocks(child.find(f"{_W}sdtContent"))
        elif child.tag in (f"{_W}p", f"{_W}tbl"):
            yield child


def _word_line(paragraph: Tag, counters: Counters) -> str:
    words = []
    for node in paragraph.iter():
        if node.tag == f"{_W}t":
            words.append(node.text or "")
        elif node.tag in (f"{_W}br", f"{_W}tab"):
            words.append(" ")
    numbered = paragraph.find(f"{_W}pPr/{_W}numPr")
    label = "" if numbered is None else counters.next(
        numbered.find(f"{_W}numId").get(f"{_W}val"), int(numbered.find(f"{_W}ilvl").get(f"{_W}val"))
    )  # fmt: skip
    return folded(label + "".join(words))


class Counters:
    """Word's own counters: lists of one kind share them, until one says where it starts."""

    def __init__(self, numbering: Tag) -> None:
        self.kinds = {n.get(f"{_W}abstractNumId"): n for n in numbering.iter(f"{_W}abstractNum")}
        self.lists = {n.get(f"{_W}numId"): n for n in numbering.iter(f"{_W}num")}
        self.counts: dict[str, dict[int, int]] = {}
        self.seen: set[tuple[str, int]] = set()

    def next(self, list_id: str, level: int) -> str:
        one = self.lists[list_id]
        kind = one.find(f"{_W}abstractNumId").get(f"{_W}val")
        levels = {int(n.get(f"{_W}ilvl")): n for n in self.kinds[kind].iter(f"{_W}lvl")}
        counts = self.counts.setdefault(kind, {})
        for override in one.iter(f"{_W}lvlOverride"):
            at = int(override.get(f"{_W}ilvl"))
            start = int(override.find(f"{_W}startOverride").get(f"{_W}val"))
            if (list_id, at) not in self.seen and at <= level:
                self.seen.add((list_id, at))
                counts[at] = start - (at == level)
        first = int(levels[level].find(f"{_W}start").get(f"{_W}val"))
        counts[level] = counts.get(level, first - 1) + 1
        for below in [at for at in counts if at > level]:
            del counts[below]
        printed = levels[level].find(f"{_W}lvlText").get(f"{_W}val")
        for at in range(level + 1):
            shape = levels[at].find(f"{_W}numFmt").get(f"{_W}val")
            if shape != "bullet":
                printed = printed.replace(f"%{at + 1}", _shaped(counts.get(at, 1), shape))
        after = levels[level].find(f"{_W}suff").get(f"{_W}val")
        return printed if after == "nothing" else f"{printed} "


def _shaped(number: int, shape: str) -> str:
    match shape:
        case "upperLetter":
            return chr(64 + number)
        case "lowerLetter":
            return chr(96 + number)
        case "lowerRoman":
            return ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")[number - 1]
    return str(number)


# What LibreOffice made of it ---------------------------------------------------------------------

_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"


def of_fodt(content: bytes) -> Told:
    """Headings and tables as LibreOffice has them; it writes no numbers into this format."""
    told = Told()
    body = ElementTree.fromstring(content).find(f"{_OFFICE}body/{_OFFICE}text")  # noqa: S314
    assert body is not None
    for node in body.iter():
        if node.tag == f"{_TEXT}h" and (line := folded("".join(_open_text(node)))):
            told.headings.append((int(node.get(f"{_TEXT}outline-level", "0")) + 1, line))
        elif node.tag == f"{_TABLE}table":
            rows = [
                tuple(_open_cell(cell) for cell in row if cell.tag == f"{_TABLE}table-cell")
                for row in node.iter(f"{_TABLE}table-row")
            ]
            heads = node.find(f"{_TABLE}table-header-rows")
            told.tables.append(
                Table(
                    "",
                    0 if heads is None else len(heads.findall(f"{_TABLE}table-row")),
                    tuple(rows),
                )
            )
    return told


def _open_cell(cell: Tag) -> str:
    return " ".join(line for part in _open_lines(cell) if (line := folded("".join(part))))


def _open_lines(node: Tag) -> Iterator[Iterator[str]]:
    """Yield the text of each paragraph, but not of remarks in the margin."""
    for child in node:
        if child.tag in (f"{_TEXT}p", f"{_TEXT}h"):
            yield _open_text(child)
        elif child.tag != f"{_OFFICE}annotation":
            yield from _open_lines(child)


def _open_text(node: Tag) -> Iterator[str]:
    yield node.text or ""
    for child in node:
        if child.tag == f"{_TEXT}s":
            yield " " * int(child.get(f"{_TEXT}c") or 1)
        elif child.tag in (f"{_TEXT}tab", f"{_TEXT}line-break"):
            yield " "
        elif child.tag != f"{_OFFICE}annotation":
            yield from _open_text(child)
        yield child.tail or ""


# The PDF -----------------------------------------------------------------------------------------

_SIGN = re.compile(r"^(?:• |\d+\. )")
_ANSWERS_INSIDE = re.compile(r"Fulledition\..{0,300}?publishededition\.")
"""What the assessment's PDF says of the answers that it carries; no other kind carries them."""


def not_in_pdf(text: str, html: Told) -> tuple[str, str]:
    """Hold the text of a PDF against its web page.

    Args:
        text: of the pages, without their margins.
        html: what the web page tells.

    Returns:
        The first line of the web page that does not come next in the PDF, or nothing; and what the
        PDF has beyond it, but for the text in pictures, page numbers, signs of lists, the full stop
        after a heading that shares its line, and heads of tables, which come again on each page.
    """
    page = squeezed(text)
    for drawn in html.drawn:
        page = page.replace(drawn, "", 1)
    page = page.replace("•", "")
    rows = (row for table in html.tables for row in table.rows[: table.heads])
    heads = sorted({squeezed("".join(row)) for row in rows} - {""}, key=len, reverse=True)
    over: list[str] = []
    at = 0
    for line in html.lines:
        wanted = squeezed(_SIGN.sub("", line)).replace("•", "")
        found, there = page.find(wanted, at), wanted
        if found < 0 or found - at > 1_500:
            found, there = _torn(page, wanted, at, heads)
        if found < 0:
            return line, page[at : at + 200]
        over.append(page[at:found])
        at = found + len(there)
    added = _ANSWERS_INSIDE.sub("", "".join(over) + page[at:])
    for known in heads:
        added = added.replace(known, "")
    return "", re.sub(r"[0-9.]", "", added)


def _torn(page: str, line: str, at: int, heads: list[str]) -> tuple[int, str]:
    """Find a line that the end of a page cuts.

    The head of its table comes in between, or the numbers of the points on that page, which
    WeasyPrint draws last.
    """
    start = page.find(line[:12], at)
    pairs = zip(page[start:], line, strict=False) if start >= 0 else ()
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    numbers = re.match(r"(?:\d{1,2}\.)+", page[start + same :])
    if same and numbers and page.startswith(line[same:], start + same + numbers.end()):
        return start, page[start : start + len(line) + numbers.end()]
    for head in heads:
        window = page[at : at + len(line) + 3 * len(head) + 400]
        start = window.find(line[:8])
        if start < 0 or head not in window or line not in window.replace(head, ""):
            continue
        for end in range(start + len(line), len(window) + 1):
            if window[start:end].replace(head, "") == line:
                return at + start, window[start:end]
    return -1, line
