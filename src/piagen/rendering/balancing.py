"""Knows how high the columns of a list should be, so that WeasyPrint need not try every height.

WeasyPrint lays a list out anew for each height that it tries: some forty times for nine long
entries, half of the time that a document took. Entries that are never broken are as high in one
place as in another, so they are measured once, the same heights are tried in figures, and
WeasyPrint lays out the one that fits. The page is the same. What is not a plain list, or does not
fit the page, goes to WeasyPrint as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from math import inf
from typing import Any

from weasyprint.formatting_structure.boxes import BlockBox
from weasyprint.layout import block
from weasyprint.layout.column import columns_layout as _as_it_is
from weasyprint.layout.percent import percentage, resolve_percentages

Box = Any
"""A box of WeasyPrint, which has no types."""
Skip = dict[int, Any] | None
"""Where a box that was begun on an earlier page goes on."""

_LEAST = 1.0
"""CSS pixels: WeasyPrint leaves smaller differences to rounding."""
_ROUNDING = 1e-7
"""CSS pixels: what sums of lengths may differ by."""
_MOST_TRIES = 10_000
_ENOUGH = 1e6
"""CSS pixels: higher than any list, so that all of it is measured in one column."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a list, laid out. All lengths are CSS pixels.

    Attributes:
        top: from the head of the first entry.
        bottom: of its border, from the same place.
        foot: of its margin.
    """

    top: float
    bottom: float
    foot: float


def balanced_height(
    entries: Sequence[Entry], count: int, most: float, wants: Callable[[int], float]
) -> float | None:
    """Return the height of columns that hold all entries, none much higher than another.

    The heights tried are WeasyPrint's: the mean first, then each time as much more as lets the
    first line of one entry go to the column before.

    Args:
        entries: in their order.
        count: how many columns there are.
        most: the greatest height in CSS pixels.
        wants: the height of an entry's first line, by number; of the whole entry if it has one.

    Returns:
        The height in CSS pixels; None if the entries do not fit, or not for certain.
    """
    filled = _filled(entries, count, most, wants, whole=True)
    if filled is None or filled.left or max(filled.used) > most:
        return None
    height, lost = sum(filled.used) / count, filled.lost
    for _ in range(_MOST_TRIES):
        filled = _filled(entries, count, height, wants, whole=False)
        lost = min(lost, filled.lost)
        if not filled.left:
            return height
        height += _LEAST if lost == inf else lost
        if height > most:
            return None
    return None


@dataclass(frozen=True, slots=True)
class _Filled:
    """What filling the columns to a height came to.

    Attributes:
        used: the height used in each column.
        lost: the least height that would have let one entry more into a column.
        left: whether entries are left over.
    """

    used: tuple[float, ...]
    lost: float
    left: bool


def _filled(
    entries: Sequence[Entry],
    count: int,
    height: float,
    wants: Callable[[int], float],
    *,
    whole: bool,
) -> _Filled:
    """Fill columns; `whole` says that an entry too high for an empty column is put there still."""
    used: list[float] = []
    lost, start = inf, 0
    for _ in range(count):
        head = entries[start].top
        end = start
        while end < len(entries) and (
            (whole and end == start) or entries[end].foot - head <= height + _ROUNDING
        ):
            end += 1
        if end == start:
            return _Filled(tuple(used), lost, left=True)
        last = entries[end - 1]
        used.append(last.bottom - head)
        if end == len(entries):
            return _Filled(tuple(used), lost, left=False)
        wanted = wants(end) - (height - (last.foot - head))
        if wanted > _LEAST:
            lost = min(lost, wanted)
        start = end
    return _Filled(tuple(used), lost, left=True)


def columns_layout(
    context: Any,  # noqa: ANN401 - WeasyPrint has no types
    box: Box,
    bottom_space: float,
    skip_stack: Skip,
    containing_block: Box,
    *rest: Any,  # noqa: ANN401
) -> Any:  # noqa: ANN401
    """Lay a box out in columns; arguments and result as in WeasyPrint."""
    if _plain(context, box, skip_stack):
        column = _column(box, skip_stack, containing_block, rest[3])
        entries = _measured(context, column, containing_block)
        top, wants = column.position_y, partial(_first_line, context, column, containing_block)
        most = context.page_bottom - top - bottom_space
        height = balanced_height(entries, box.style["column_count"], most, cache(wants))
        if height is not None:
            bottom = context.page_bottom - top - height - _ROUNDING
            told = _told_where_to_end(box)
            result = _as_it_is(context, told, bottom, skip_stack, containing_block, *rest)
            if result[1] is None:
                return result
    return _as_it_is(context, box, bottom_space, skip_stack, containing_block, *rest)


def _plain(context: Any, box: Box, skip_stack: Skip) -> bool:  # noqa: ANN401
    """Tell whether a box is a list of entries that are never broken, with nothing beside it."""
    style = box.style
    return (
        style["column_count"] != "auto"
        and style["column_width"] == style["height"] == "auto"
        and style["column_fill"] == "balance"
        and style["position"] == "static"
        and not context.excluded_shapes
        and not context.footnotes
        and not context.current_page_footnotes
        and (skip_stack is None or list(skip_stack.values()) == [None])
        and len(box.children) > 0
        and all(_is_entry(child) for child in box.children)
    )


def _is_entry(child: Box) -> bool:
    style = child.style
    return (
        isinstance(child, BlockBox)
        and child.is_in_normal_flow()
        and style["break_inside"] in ("avoid", "avoid-page", "avoid-column")
        and style["break_before"] == style["break_after"] == "auto"
        and style["column_span"] == "none"
        and style["margin_top"].value == style["padding_bottom"].value == 0
        and style["border_bottom_width"] == 0
    )


def _column(box: Box, skip_stack: Skip, containing_block: Box, adjoining: list[float]) -> Box:
    """Return a column that holds all entries; place and width are worked out as in WeasyPrint."""
    box = box.copy_with_children(box.children)
    box.position_y += block.collapse_margin(adjoining)
    block.block_level_width(box, containing_block)
    count, gap = box.style["column_count"], box.style["column_gap"]
    gap = box.style["font_size"] if gap == "normal" else percentage(gap, box.style, box.width)
    start = next(iter(skip_stack)) if skip_stack else 0
    column = box.anonymous_from(box, children=[child.copy() for child in box.children[start:]])
    resolve_percentages(column, containing_block)
    column.is_column = True
    column.width = max(0, box.width - (count - 1) * gap) / count
    column.position_x, column.position_y = box.content_box_x(), box.content_box_y()
    return column


def _measured(context: Any, column: Box, containing_block: Box) -> list[Entry]:  # noqa: ANN401
    """Lay the entries out in a column without end."""
    top = column.position_y
    return [
        Entry(
            top=child.border_box_y() - top,
            bottom=child.border_box_y() + child.border_height() - top,
            foot=child.position_y + child.margin_height() - top,
        )
        for child in _laid(context, column, containing_block, None, _ENOUGH)
    ]


def _first_line(
    context: Any,  # noqa: ANN401
    column: Box,
    containing_block: Box,
    number: int,
) -> float:
    """Return how much room an entry asks for, which WeasyPrint measures in a column of no height.

    An entry that is never broken is broken there.
    """
    entry = next(_laid(context, column, containing_block, {number: None}, -inf))
    height: float = entry.margin_height()
    return height


def _laid(
    context: Any,  # noqa: ANN401
    column: Box,
    containing_block: Box,
    skip_stack: Skip,
    height: float,
) -> Iterator[Box]:
    """Yield the entries of a column of some height, laid out."""
    within, context.in_column = context.in_column, True
    laid = block.block_box_layout(
        context=context,
        box=column,
        bottom_space=context.page_bottom - column.position_y - height,
        skip_stack=skip_stack,
        containing_block=containing_block,
        page_is_empty=True,
        absolute_boxes=[],
        fixed_boxes=[],
        adjoining_margins=[],
        first_letter_style=None,
        first_line_style=None,
        discard=False,
        max_lines=None,
    )[0]
    context.in_column = within
    block.remove_placeholders(context, [laid], [], [])
    yield from (child for child in laid.children if child.is_in_normal_flow())


def _told_where_to_end(box: Box) -> Box:
    """Return the box with columns that are filled one after the other."""
    told = box.copy()
    told.style = box.style.copy()
    told.style["column_fill"] = "auto"
    return told


block.columns_layout = columns_layout
