"""Knows how a table of the HTML becomes one of Word: its grid, its widths, its header rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from piagen.frozen import frozen
from piagen.rendering.pictures.measure import width_of
from piagen.rendering.word.markup import Element, w
from piagen.rendering.word.reading import Node, classes, words

TWIPS = 20
"""Twentieths of a point in a point."""
_WIDTH = re.compile(r"width:\s*([0-9.]+)%")
_FIRST = {"signature": 40.0, "pairs": 30.0, "card": 22.0}
"""The width of the first of two columns in per cent, by class, as the style sheets have it."""
_HEIGHTS = {"signatures": 567, "signature": 510, "lines": 425}
"""Of a line to write on, by class, in twentieths of a point: 10 mm, 9 mm and 7.5 mm."""
_SIZE = 9.0
"""Of the type in tables, in points."""
_WIDER = 1.13
"""The type of Word against that of the PDF, in which words are measured."""
_PADDING = 9.0
"""Left and right of the text of a cell, in points."""
_WORD = 110.0
"""In points: what is longer is an address or a code, and may be broken."""
_RATINGS = ("low", "medium", "high")


@frozen
class Cell:
    """One cell of the grid.

    Attributes:
        node: what it holds; None where a cell above reaches down into it.
        header: whether it heads its row or column.
        across: how many columns it takes.
        down: whether it begins a cell that reaches down.
        long: whether its row may run over the page.
    """

    node: Node | None
    header: bool = False
    across: int = 1
    down: bool = False
    long: bool = False

    @property
    def rating(self) -> str | None:
        """The rating that it shows: low, medium or high."""
        named = frozenset() if self.node is None else classes(self.node)
        if named.isdisjoint(("rating", "rated")):
            return None
        return next((word for word in _RATINGS if word in named), None)


Fill = Callable[[Cell, int, float], list[Element]]
"""Gives the paragraphs of a cell, from the cell, its row and its width in per cent."""


def rows(node: Node) -> tuple[tuple[Node, ...], tuple[Node, ...]]:
    """Return the header rows and the other rows of a table."""
    head = tuple(row for part in node if part.tag == "thead" for row in part if row.tag == "tr")
    body = tuple(
        row for part in node if part.tag in ("tbody", "tfoot") for row in part if row.tag == "tr"
    )
    return head, body


def grid(found: tuple[Node, ...]) -> tuple[tuple[Cell, ...], ...]:
    """Return the cells of rows, with those that reach over several rows or columns in place."""
    made: list[tuple[Cell, ...]] = []
    reaching: dict[int, tuple[int, int]] = {}  # column: rows still to go, and columns it takes
    for row in found:
        line: list[Cell] = []
        column = 0
        cells = [cell for cell in row if cell.tag in ("th", "td")]
        while cells or any(at >= column for at in reaching):
            if column in reaching:
                left, across = reaching.pop(column)
                line.append(Cell(None, across=across))
                if left > 1:
                    reaching[column] = (left - 1, across)
                column += across
                if not cells and not any(at >= column for at in reaching):
                    break
                continue
            if not cells:
                break
            cell = cells.pop(0)
            across, down = int(cell.get("colspan") or 1), int(cell.get("rowspan") or 1)
            long = "long" in classes(row)
            line.append(Cell(cell, cell.tag == "th", across, down > 1, long))
            if down > 1:
                reaching[column] = (down - 1, across)
            column += across
        made.append(tuple(line))
    return tuple(made)


def columns(node: Node, found: tuple[tuple[Cell, ...], ...], width: float) -> tuple[float, ...]:
    """Return the width of each column in per cent: as the HTML says, or as the style sheets do.

    The type of Word is wider than that of the PDF: a column that would break a word takes room from
    those that have it.

    Args:
        node: the table.
        found: its cells, row by row.
        width: of all of it, in points.
    """
    given = _given(node, found)
    least = [0.0] * len(given)
    for row in found:
        column = 0
        for cell in row:
            if cell.across == 1 and cell.node is not None:
                least[column] = max(least[column], _longest_word(cell.node))
            column += cell.across
    return _with_room(given, [need * 100 / width for need in least])


def _with_room(given: tuple[float, ...], least: list[float]) -> tuple[float, ...]:
    """Return widths of which none is below its least, if all of them together allow it."""
    if sum(least) > 100:
        return given
    wanting = [max(0.0, need - has) for has, need in zip(given, least, strict=True)]
    spare = [max(0.0, has - need) for has, need in zip(given, least, strict=True)]
    share = sum(wanting) / sum(spare) if sum(spare) else 0.0
    return tuple(
        has + lack - free * share for has, lack, free in zip(given, wanting, spare, strict=True)
    )


def _longest_word(node: Node) -> float:
    """Return how wide a column must be for the longest word of a cell, in points."""
    wide = (width_of(word, _SIZE, 600) for word in words(node).split())
    return max((w for w in wide if w <= _WORD), default=0.0) * _WIDER + _PADDING


def _given(node: Node, found: tuple[tuple[Cell, ...], ...]) -> tuple[float, ...]:
    count = max((sum(cell.across for cell in row) for row in found), default=1)
    told = [_WIDTH.search(col.get("style") or "") for col in node.iter("col")]
    widths = [float(one[1]) for one in told if one]
    if len(widths) == count:
        return tuple(width * 100 / sum(widths) for width in widths)
    first = next((_FIRST[name] for name in _FIRST if name in classes(node)), None)
    if first is not None and count == 2:
        return (first, 100 - first)
    return (100 / count,) * count


def table(
    found: tuple[tuple[Cell, ...], ...],
    heads: int,
    widths: tuple[float, ...],
    named: frozenset[str],
    width: float,
    told: str,
    grounds: Mapping[str, str],
    fill: Fill,
) -> Element:
    """Return a table.

    Args:
        found: its cells, row by row.
        heads: how many rows at the top head the columns; they come again on each page.
        widths: of the columns, in per cent.
        named: its classes.
        width: of all of it, in points.
        told: its caption, which Word also keeps as alternative text.
        grounds: the colour behind each rating, six figures.
        fill: gives the paragraphs of a cell.
    """
    twips = [round(width * TWIPS * part / 100) for part in widths]
    style = "Card" if "card" in named else "Pairs" if "pairs" in named else "Rows"
    first = any(row and row[0].header for row in found[heads:])
    look = w("tblLook", val="04A0", firstRow=int(heads > 0), lastRow=0, firstColumn=int(first),
             lastColumn=0, noHBand=1, noVBand=1)  # fmt: skip
    made = w(
        "tbl",
        w(
            "tblPr",
            w("tblStyle", val=style),
            w("tblW", w=sum(twips), type="dxa"),
            w("tblLayout", type="fixed"),
            look,
            w("tblCaption", val=told) if told else None,
        ),
        w("tblGrid", *(w("gridCol", w=part) for part in twips)),
    )
    for number, row in enumerate(found):
        made.append(_row(row, number, heads, twips, widths, named, grounds, fill))
    return made


def _row(
    row: tuple[Cell, ...],
    number: int,
    heads: int,
    twips: list[int],
    widths: tuple[float, ...],
    named: frozenset[str],
    grounds: Mapping[str, str],
    fill: Fill,
) -> Element:
    split = any(cell.long for cell in row)
    height = next((_HEIGHTS[name] for name in _HEIGHTS if name in named), None)
    properties = w(
        "trPr",
        None if split else w("cantSplit"),
        w("trHeight", val=height, hRule="atLeast") if height and number >= heads else None,
        w("tblHeader") if number < heads else None,
    )
    made = w("tr", properties)
    column = 0
    for cell in row:
        reach = slice(column, column + cell.across)
        column += cell.across
        merged = w("vMerge", val="restart") if cell.down else None
        if cell.node is None:
            merged = w("vMerge")
        made.append(
            w(
                "tc",
                w(
                    "tcPr",
                    w("tcW", w=sum(twips[reach]), type="dxa"),
                    w("gridSpan", val=cell.across) if cell.across > 1 else None,
                    merged,
                    w("shd", val="clear", color="auto", fill=grounds[cell.rating])
                    if cell.rating
                    else None,
                ),
                *fill(cell, number, sum(widths[reach])),
            )
        )
    return made
