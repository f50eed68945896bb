"""Knows the one bridge from answers, plain JSON, to the typed `Project`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from piagen.domain.fact import Answers
from piagen.domain.project import Project


def project_from(answers: Answers) -> Project:
    """Return the typed project; keys it does not know are passed over.

    Args:
        answers: visible answers of the right shape (see `questionnaire/survey.py`).
    """
    project: Project = _build(Project, answers)
    return project


def _build(kind: Any, value: Any) -> Any:  # noqa: ANN401 - any answer type
    if is_dataclass(kind) and isinstance(kind, type):
        hints = _hints(kind)
        return kind(**{name: _build(hints[name], value[name]) for name in hints if name in value})
    if get_origin(kind) is tuple:
        return tuple(_build(get_args(kind)[0], item) for item in value)
    if kind is date:
        return date.fromisoformat(value)
    return value


@cache
def _hints(kind: Any) -> Mapping[str, Any]:  # noqa: ANN401
    hints = get_type_hints(kind)
    return {f.name: _required(hints[f.name]) for f in fields(kind)}


def _required(hint: Any) -> Any:  # noqa: ANN401
    """`date | None` is built as a `date`."""
    if get_origin(hint) in (Union, UnionType):
        (hint,) = (part for part in get_args(hint) if part is not NoneType)
    return hint
