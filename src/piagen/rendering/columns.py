"""Knows how wide the columns of a table should be, so that its rows are as low as they can be.

Widths in per cent that a template gives are where the search begins. The text of every cell is
measured in the bundled fonts, and width moves from column to column as long as that saves lines.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from html import unescape
from math import ceil

from piagen.rendering.pictures.measure import Weight, width_of

_TABLE = re.compile(r"<table>\n<caption>.*?</table>", re.DOTALL)
_COLUMNS = re.compile(r"<colgroup>.*?</colgroup>\n?", re.DOTALL)
_WIDTH = re.compile(r"width: (\d+)%")
_ROW = re.compile(r"<tr[^>]*>(.*?)</tr>", re.DOTALL)
_CELL = re.compile(r"<t([hd])[^>]*>(.*?)</t[hd]>", re.DOTALL)
_BREAK = re.compile(r"<br>|</li>|</p>")
_TAG = re.compile(r"<[^>]+>")

_SIZE = 9.0
"""Of the type in tables, in points."""
_WHOLE = 490.0
"""The width of a table in points, rather too narrow than too wide."""
_PADDING = 8.0
"""Left and right of the text of a cell, in points."""
_RAGGED = 1.06
"""A line is not filled to its end: a word that is too long begins the next."""
_STEP = 1
_LEAST = 12
"""Per cent: a column is never narrower, unless all that it holds fits into less."""
_MOST_ROWS = 80
"""Longer tables are judged by their first rows."""

_WORD = 120.0
"""In points: what is longer is an address or a code, and may be broken."""
_BROKEN = 30
"""How many lines it is worth not to break a word."""

_Cell = tuple[tuple[float, ...], float]
"""The width of each line that the text has by itself, and of its longest word."""
_Filled = tuple[list[float], list[float]]
"""The lines that each cell of a column takes, whole ones and as a fraction."""


def balanced(html: str) -> str:
    """Return a document with the widths of the columns of its tables set anew.

    Only tables with a caption and a head are touched. The same document gives the same widths.

    Args:
        html: the document.
    """
    return _TABLE.sub(lambda found: _with_widths(found[0]), html)


def _with_widths(table: str) -> str:
    cells = [
        [(tag, _measured(inner, bold=tag == "h")) for tag, inner in _CELL.findall(row)]
        for row in _ROW.findall(table)[:_MOST_ROWS]
    ]
    count = len(cells[0]) if cells else 0
    if count < 2 or "<thead>" not in table or any(len(row) != count for row in cells):
        return table
    rows = [[cell for _, cell in row] for row in cells]
    given = [int(width) for width in _WIDTH.findall(table.partition("<thead>")[0])]
    start = given if len(given) == count and sum(given) == 100 else _even(count)
    widths = widths_of(rows, start)
    columns = "".join(f'<col style="width: {width}%">' for width in widths)
    head, _, rest = _COLUMNS.sub("", table, count=1).partition("<thead>")
    return f"{head}<colgroup>{columns}</colgroup>\n<thead>{rest}"


def widths_of(rows: Sequence[Sequence[_Cell]], start: Sequence[int]) -> list[int]:
    """Return the width of each column in per cent; together they are 100.

    Args:
        rows: the measured cells, each row with one for each column.
        start: where the search begins, in per cent.
    """
    columns = list(zip(*rows, strict=True))
    least = [_least(column) for column in columns]
    filled = cache(lambda index, width: _filled(columns[index], width))

    def height(widths: Sequence[int]) -> float:
        return _height([filled(index, width) for index, width in enumerate(widths)])

    widths = list(start)
    best = height(widths)
    for _ in range(100):
        moves = enumerate(_moves(widths, least))
        tried = [(height(moved), index, moved) for index, moved in moves]
        if not tried or min(tried)[0] >= best - 1e-9:
            break
        best, _, widths = min(tried)
    return widths


def _least(column: Sequence[_Cell]) -> int:
    """Return the least width of a column in per cent: so that short words stay on one line."""
    widest = max((max(lines, default=0.0) for lines, _ in column), default=0.0)
    return min(_LEAST, ceil((widest + _PADDING) / _WHOLE * 100))


def _moves(widths: Sequence[int], least: Sequence[int]) -> list[list[int]]:
    """Return every way to give a little of one column to another."""
    found = []
    for source, width in enumerate(widths):
        for step in (_STEP, 4 * _STEP):
            if width - step < least[source]:
                continue
            for target in range(len(widths)):
                if target != source:
                    moved = list(widths)
                    moved[source] -= step
                    moved[target] += step
                    found.append(moved)
    return found


def _height(columns: Sequence[_Filled]) -> float:
    """Return how many lines the rows take, part of a line for what almost fills one more."""
    whole = map(max, *(taken for taken, _ in columns))
    smooth = map(max, *(part for _, part in columns))
    total = 0.0
    for lines, part in zip(whole, smooth, strict=True):
        total += max(1.0, lines) + 0.25 * part
    return total


def _filled(column: Sequence[_Cell], width: int) -> _Filled:
    """Return how many lines each cell of a column takes: whole ones, and as a fraction.

    Args:
        column: its measured cells.
        width: in per cent.
    """
    room = width / 100 * _WHOLE - _PADDING
    taken = []
    for lines, longest in column:
        whole: float = sum([max(1, ceil(words * _RAGGED / room)) for words in lines])
        if room < longest <= _WORD:
            whole += _BROKEN * longest / room
        elif longest > room:
            whole += 2 + int(8 * (longest / room - 1))
        taken.append(whole)
    return taken, [sum(lines) / room for lines, _ in column]


def _measured(inner: str, *, bold: bool) -> _Cell:
    lines = [" ".join(unescape(_TAG.sub("", part)).split()) for part in _BREAK.split(inner)]
    lines = [words for words in lines if words]
    weight: Weight = 600 if bold else 400
    longest = max(
        (width_of(word, _SIZE, weight) for words in lines for word in words.split()), default=0.0
    )
    return tuple(width_of(words, _SIZE, weight) for words in lines), longest


def _even(count: int) -> list[int]:
    return [100 // count + (index < 100 % count) for index in range(count)]
