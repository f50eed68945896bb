"""Knows how much a template of an organisation may do, and what it may reach.

Jinja's sandbox keeps a template from Python. It does not keep it from looping for ever, or from
making a text so long that it fills the memory: that is counted here.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, MutableMapping
from itertools import islice
from pathlib import Path
from types import CodeType, FrameType, ModuleType
from typing import Any

from jinja2 import nodes
from jinja2.environment import Environment
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import modifies_known_mutable
from jinja2.utils import pass_context
from jinja2.visitor import NodeTransformer

MOST_STEPS = 200_000
"""Rows gone through, templates included and macros called, in the templates of an organisation."""
MOST_TEXT = 5_000_000
"""Characters of one text while a template runs; the longest document has some 600,000."""
A_STEP = 200
"""Characters of text that are written at the cost of one step: some 40 MB in all."""
MOST_COUNT = 10_000
"""The largest number that a filter may be given: a width, a length or a number of columns."""

_STEPS = "piagen steps"
_COUNT, _ONE, _WEIGH = "counted rows", "counted step", "weighed text"
_UNSAFE = (Path, ModuleType, CodeType, FrameType, type)
_TAKEN_AWAY = ("random", "pprint", "format", "center", "batch", "slice", "wordwrap", "xmlattr")
"""Filters that no document needs: chance, Python's own way of writing, and filling up with text."""
_GATHERS = ("append", "insert", "extend", "setdefault")
_GROW = (
    "center", "expandtabs", "format", "format_map", "join", "ljust", "replace", "rjust",
    "translate", "zfill",
)  # fmt: skip
"""What a text can do that makes it longer without bounds; filters do the same within bounds."""


def begin(environment: Environment) -> None:
    """Start to count anew, for one document."""
    vars(environment)[_STEPS] = 0


def may_reach(obj: object, value: object) -> bool:
    """Tell whether a template may have an attribute: none of Python, and none of files."""
    return not isinstance(obj, _UNSAFE) and not isinstance(value, _UNSAFE)


def refuse_large(operator: str, left: object, right: object) -> None:
    """Refuse a product that could be huge, before it is made.

    Raises:
        SecurityError: one side is no small number.
    """
    numbers = all(isinstance(side, int | float) for side in (left, right))
    if not numbers or max(abs(left), abs(right)) > 1_000_000_000:  # type: ignore[arg-type]
        raise SecurityError(f"only small numbers may be joined by “{operator}” in a template")
    if operator == "**" and (abs(left) > 1_000 or abs(right) > 10):  # type: ignore[arg-type]
        raise SecurityError("this power is too large for a template")


def bounded(filters: MutableMapping[str, Callable[..., Any]]) -> dict[str, Callable[..., Any]]:
    """Return the filters that templates may use, none of which takes or gives what is huge."""
    kept = {name: _bounded(f) for name, f in filters.items() if name not in _TAKEN_AWAY}
    return kept | {_COUNT: _count, _ONE: _one, _WEIGH: _weigh}


def _bounded(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def within(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - any filter
        _refuse_long([*args, *kwargs.values()])
        return _of_a_length(function(*args, **kwargs))

    return within


def _refuse_long(given: Iterable[object]) -> None:
    """Refuse what could multiply: a large number, or two texts whose product is huge."""
    longest = 1
    for value in given:
        match value:
            case bool():
                continue
            case int() if abs(value) > MOST_COUNT:
                raise SecurityError(f"{value:,} is too large a number for a filter")
            case str():
                longest *= max(1, len(value))
    if longest > MOST_TEXT * 10:
        raise SecurityError("these texts are too long for a filter")


def _of_a_length(value: Any) -> Any:  # noqa: ANN401 - any value
    if isinstance(value, str) and len(value) > MOST_TEXT:
        raise SecurityError("this text grows without end")
    return value


def counted(tree: nodes.Template) -> nodes.Template:
    """Return a template in which rows, calls and texts are counted while it runs."""
    made: nodes.Template = _Counting().visit(tree)
    return made


class _Counting(NodeTransformer):
    """Puts a filter of ours around each part of a template that could go on for ever."""

    def visit_For(self, node: nodes.For) -> nodes.For:  # noqa: N802 - jinja's name
        text = sum(len(data.data) for data in node.find_all(nodes.TemplateData))
        self.generic_visit(node)
        node.iter = _filtered(node.iter, _COUNT, 1 + text // A_STEP)
        return node

    def visit_Output(self, node: nodes.Output) -> nodes.Output:  # noqa: N802 - jinja's name
        self.generic_visit(node)
        node.nodes = [
            part if isinstance(part, nodes.TemplateData) else _filtered(part, _WEIGH)
            for part in node.nodes  # each is an expression
        ]
        return node

    def visit_Call(self, node: nodes.Call) -> nodes.Call:  # noqa: N802 - jinja's name
        self.generic_visit(node)
        node.node = _filtered(node.node, _ONE)
        return node

    def visit_Include(self, node: nodes.Include) -> nodes.Include:  # noqa: N802 - jinja's name
        self.generic_visit(node)
        node.template = _filtered(node.template, _ONE)
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Expr:  # noqa: N802 - jinja's name
        self.generic_visit(node)
        return _filtered(node, _WEIGH)

    def visit_Add(self, node: nodes.Add) -> nodes.Expr:  # noqa: N802 - jinja's name
        self.generic_visit(node)
        return _filtered(node, _WEIGH)

    def visit_AssignBlock(self, node: nodes.AssignBlock) -> nodes.AssignBlock:  # noqa: N802
        self.generic_visit(node)
        inner = node.filter
        made = nodes.Filter(inner, _WEIGH, [], [], None, None, lineno=node.lineno)
        node.filter = made
        return node


def _filtered(node: Any, name: str, *given: int) -> nodes.Filter:  # noqa: ANN401 - jinja's own
    args = [nodes.Const(number, lineno=node.lineno) for number in given]
    return nodes.Filter(node, name, args, [], None, None, lineno=node.lineno)


def _spend(context: Context, steps: int) -> None:
    kept = vars(context.environment)
    kept[_STEPS] = kept.get(_STEPS, 0) + steps
    if kept[_STEPS] > MOST_STEPS:
        raise SecurityError(f"this takes more than {MOST_STEPS:,} steps, so it was stopped")


@pass_context
def _count(context: Context, rows: Any, each: int) -> Any:  # noqa: ANN401 - what is gone through
    """Go through rows, each some steps; those without a length are taken up to the limit first."""
    if hasattr(rows, "__len__"):
        _spend(context, len(rows) * each)
        return rows
    taken = list(islice(rows, MOST_STEPS + 1))
    _spend(context, len(taken) * each)
    return taken


@pass_context
def _one(context: Context, value: Any) -> Any:  # noqa: ANN401 - what is called or included
    _spend(context, 1)
    method = getattr(value, "__wrapped__", value)  # the sandbox wraps `format`
    owner, name = getattr(method, "__self__", None), getattr(method, "__name__", "")
    if isinstance(owner, str) and name in _GROW:
        raise SecurityError(f"use the filter in place of .{name}()")
    if name not in _GATHERS and modifies_known_mutable(owner, name):
        raise SecurityError(f"a template may add to what it gathers, and not .{name}() it")
    return value


@pass_context
def _weigh(context: Context, value: Any) -> Any:  # noqa: ANN401 - what was joined
    if isinstance(value, list | tuple) and len(value) > MOST_COUNT:
        raise SecurityError("this list grows without end")
    if isinstance(value, str):
        _spend(context, len(value) // A_STEP)
    return _of_a_length(value)
