"""Knows how high the columns of a list should be, so that WeasyPrint need not try every height.

WeasyPrint lays a list out anew for each height that it tries: some forty times for nine long
entries, half of the time that a document took. Entries that are never broken are as high in one
place as in another, so they are measured once, the same heights are tried in figures, and
WeasyPrint lays out the one that fits. The page is the same, save that a block inside the last entry
of a column need not have room for its padding twice. What is not a plain list, or does not fit the
page, goes to WeasyPrint as it is.

This takes the place of a function inside WeasyPrint, so it asks nothing of a version but the one
that `constraints.txt` names; a test lays lists out both ways.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache, partial
from math import inf
from typing import Any

from weasyprint.formatting_structure.boxes import BlockBox
from weasyprint.layout import block
from weasyprint.layout.percent import percentage, resolve_percentages

from piagen.frozen import frozen

as_it_is = block.block_box_layout
"""WeasyPrint's own way to lay a box out."""
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


@frozen
class Entry:
    """One entry of a list, laid out. All lengths are CSS pixels.

    Attributes:
        top: from the head of the first entry.
        bottom: of its border, from the same place.
        foot: of its margin.
        need: of the room that WeasyPrint asks for: more than `foot` where a block stands inside,
            whose padding and border it counts twice.
    """

    top: float
    bottom: float
    foot: float
    need: float


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


@frozen
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


@frozen
class _Layout:
    """What WeasyPrint gives along when a box is to be laid out; named as there."""

    context: Any
    bottom_space: float
    containing_block: Box
    absolute_boxes: list[Any]
    fixed_boxes: list[Any]
    page_is_empty: bool = True

    def of(self, column: Box, skip_stack: Skip) -> tuple[Any, ...]:
        """Return what WeasyPrint makes of a column."""
        within, self.context.in_column = self.context.in_column, True
        result: tuple[Any, ...] = as_it_is(
            self.context,
            column,
            self.bottom_space,
            skip_stack,
            self.containing_block,
            self.page_is_empty,
            self.absolute_boxes,
            self.fixed_boxes,
            None,
            None,
            None,
            discard=False,
            max_lines=None,
        )
        self.context.in_column = within
        return result


def block_box_layout(
    context: Any,  # noqa: ANN401 - WeasyPrint has no types
    box: Box,
    bottom_space: float,
    skip_stack: Skip,
    containing_block: Box,
    page_is_empty: bool,
    absolute_boxes: list[Any],
    fixed_boxes: list[Any],
    adjoining_margins: list[float] | None,
    *rest: Any,  # noqa: ANN401
    **named: Any,  # noqa: ANN401
) -> Any:  # noqa: ANN401
    """Lay a box out; arguments and result as in WeasyPrint."""
    if box.style["column_count"] != "auto" and _plain(context, box, skip_stack):
        given = _Layout(
            context, bottom_space, containing_block, absolute_boxes, fixed_boxes, page_is_empty
        )
        if result := _balanced(given, box, skip_stack, adjoining_margins or []):
            return result
    return as_it_is(
        context,
        box,
        bottom_space,
        skip_stack,
        containing_block,
        page_is_empty,
        absolute_boxes,
        fixed_boxes,
        adjoining_margins,
        *rest,
        **named,
    )


def _plain(context: Any, box: Box, skip_stack: Skip) -> bool:  # noqa: ANN401
    """Tell whether a box is a list of entries that are never broken, with nothing beside it."""
    style = box.style
    return (
        style["column_width"] == style["height"] == "auto"
        and style["column_fill"] == "balance"
        and style["position"] == "static"
        and style["direction"] == "ltr"
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


def _balanced(given: _Layout, box: Box, skip_stack: Skip, adjoining: list[float]) -> Any:  # noqa: ANN401
    """Return the box with its columns, as WeasyPrint does; None if they do not fit the page."""
    box = box.copy_with_children(box.children)
    box.position_y += block.collapse_margin(adjoining)
    block.block_level_width(box, given.containing_block)
    count, gap = box.style["column_count"], box.style["column_gap"]
    gap = box.style["font_size"] if gap == "normal" else percentage(gap, box.style, box.width)
    width = max(0, box.width - (count - 1) * gap) / count
    top = box.content_box_y()
    start = next(iter(skip_stack)) if skip_stack else 0
    children = [child.copy() for child in box.children[start:]]
    column = partial(_column, box, given.containing_block, children, width)

    whole, entries = _measured(given, column(box.content_box_x()))
    foot = box.margin_bottom + box.padding_bottom + box.border_bottom_width
    most = given.context.page_bottom - top - given.bottom_space - foot
    wants = cache(partial(_first_line, given, column(box.content_box_x())))
    height = balanced_height(entries, count, most, wants) if entries else None
    if height is None:
        return None

    kept = sum(entry.foot <= height + _ROUNDING for entry in entries)
    first = whole.copy_with_children(whole.children[:kept])
    if kept < len(entries):
        first.height = entries[kept - 1].bottom
    if kept < len(entries):
        next_to = partial(_beside, column, box.content_box_x(), width + gap, count, kept)
        room = given.context.page_bottom - top - height
        more = max(entry.need - entry.foot for entry in entries)
        laid = next_to(replace(given, bottom_space=room))
        if not laid and more:  # the last entry of a column takes less room than it asks for
            laid = next_to(replace(given, bottom_space=room - more))
        if not laid:
            return None
        columns, next_page = [first, *laid[0]], laid[1]
    else:
        columns, next_page = [first], {"break": "any", "page": whole.page_values()[1]}

    tallest = max(one.margin_height() for one in columns)
    for one in columns:
        one.height = tallest
    box.children = columns
    box.height = top + min(most, tallest) - top
    if box.min_height != "auto" and box.min_height > box.height:
        return None
    given.context.in_column = False
    return box, None, next_page, [], False, None


def _beside(
    column: Callable[[float], Box], left: float, step: float, count: int, kept: int, given: _Layout
) -> tuple[list[Box], Any] | None:
    """Return the columns after the first and what comes next; None if they leave entries over.

    Args:
        column: makes an empty column at a place.
        left: where the first column stands, in CSS pixels.
        step: from one column to the next, in CSS pixels.
        count: how many columns there are.
        kept: how many entries the first column holds.
        given: how high they may be.
    """
    columns: list[Box] = []
    resume_at: Skip = {kept: None}
    next_page = None
    while resume_at:
        if len(columns) == count - 1:
            return None
        laid, resume_at, next_page, *_ = given.of(
            column(left + (len(columns) + 1) * step), resume_at
        )
        if laid is None:
            return None
        columns.append(laid)
    return columns, next_page


def _column(
    box: Box, containing_block: Box, children: Sequence[Box], width: float, left: float
) -> Box:
    """Return an empty column at a place, as WeasyPrint makes it."""
    column = box.anonymous_from(box, children=children)
    resolve_percentages(column, containing_block)
    column.is_column = True
    column.width = width
    column.position_x, column.position_y = left, box.content_box_y()
    return column


def _measured(given: _Layout, column: Box) -> tuple[Box, list[Entry]]:
    """Lay the entries out in a column without end, and return it and them.

    Nothing is returned of entries that hold something placed elsewhere.
    """
    apart: list[Any] = []
    top = column.position_y
    endless = given.context.page_bottom - top - _ENOUGH
    laid = replace(given, bottom_space=endless, absolute_boxes=apart, fixed_boxes=apart).of(
        column, None
    )[0]
    block.remove_placeholders(given.context, [laid], [], [])
    return laid, [
        Entry(
            top=child.border_box_y() - top,
            bottom=child.border_box_y() + child.border_height() - top,
            foot=child.position_y + child.margin_height() - top,
            need=_need(child) - top,
        )
        for child in laid.children
        if not apart
    ]


def _need(entry: Box) -> float:
    """Return where the room ends that WeasyPrint asks for an entry, in CSS pixels of the page."""
    need: float = entry.position_y + entry.margin_height()
    inside = entry
    while inside := next((box for box in inside.children[-1:] if isinstance(box, BlockBox)), None):
        below = inside.padding_bottom + inside.border_bottom_width
        need = max(need, inside.border_box_y() + inside.border_height() + below)
    return need


def _first_line(given: _Layout, column: Box, number: int) -> float:
    """Return how much room an entry asks for, which WeasyPrint measures in a column of no height.

    An entry that is never broken is broken there.
    """
    none = replace(given, bottom_space=inf, absolute_boxes=[], fixed_boxes=[], page_is_empty=True)
    laid = none.of(column, {number: None})[0]
    block.remove_placeholders(given.context, [laid], [], [])
    height: float = laid.children[0].margin_height()
    return height


block.block_box_layout = block_box_layout
