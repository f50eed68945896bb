"""Knows which text begins a line, so that WeasyPrint breaks no other word in the middle.

A word may be broken where it is wider than a whole line. WeasyPrint takes a text for the beginning
of a line as long as the element at the top of that line is not finished: in a paragraph that
stands beside its heading, every link. So it broke “Article” after “Art”, with the next line empty.

This takes the place of a function inside WeasyPrint, so it asks nothing of a version but the one
that `constraints.txt` names; a test lays such a paragraph out.
"""

from __future__ import annotations

from typing import Any

from weasyprint.formatting_structure.boxes import TextBox
from weasyprint.layout import inline

as_it_is = inline.split_inline_level
"""WeasyPrint's own way to put a box on a line."""
Box = Any
"""A box of WeasyPrint, which has no types."""

_CHILDREN = 11
"""The place of `line_children` among the arguments: a new list for each line."""


class _Line:
    """The line that is being filled.

    Attributes:
        children: the list by which WeasyPrint knows it.
        start: where its first text stands, in CSS pixels.
    """

    def __init__(self) -> None:
        self.children: list[Any] | None = None
        self.start = 0.0


_line = _Line()


def split_inline_level(
    context: Any,  # noqa: ANN401 - WeasyPrint's
    box: Box,
    position_x: float,
    *rest: Any,  # noqa: ANN401 - WeasyPrint's
) -> Any:  # noqa: ANN401 - WeasyPrint's
    """Put a box on a line; a text that others stand before does not begin it.

    Args:
        context: WeasyPrint's.
        box: what to put there.
        position_x: where, in CSS pixels.
        rest: the other arguments of WeasyPrint's function, as they come.
    """
    given = list(rest)
    children = given[_CHILDREN - 3]
    if isinstance(box, TextBox):
        if children is not _line.children:
            _line.children, _line.start = children, position_x
        elif not children and position_x > _line.start:
            given[_CHILDREN - 3] = [box]  # of which WeasyPrint asks only whether it is empty
    return as_it_is(context, box, position_x, *given)


inline.split_inline_level = split_inline_level
