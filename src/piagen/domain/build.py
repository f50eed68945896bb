"""Knows the one bridge from answers, plain JSON, to the typed `Project`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache, partial
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin

from piagen.domain.fact import Answers
from piagen.domain.project import Project

T = TypeVar("T")
Maker = Callable[[Any], Any]


def project_from(answers: Answers) -> Project:
    """Return the typed project; keys it does not know are passed over.

    Args:
        answers: visible answers of the right shape (see `questionnaire/survey.py`).
    """
    return _made(Project, answers)


def _made(kind: type[T], answers: Answers) -> T:
    """Return the dataclass of a section or row, of what was answered there."""
    found = {}
    for name, make in _makers(kind).items():  # type: ignore[arg-type]
        if name in answers:
            found[name] = make(answers[name]) if make else answers[name]
    return kind(**found)


@cache
def _makers(kind: Any) -> Mapping[str, Maker | None]:  # noqa: ANN401 - any dataclass
    """What makes each field; its type is the type itself, since `domain` annotates with types."""
    return {field.name: _maker(field.type) for field in fields(kind)}


def _maker(kind: Any) -> Maker | None:  # noqa: ANN401 - any answer type
    """Return what makes an answer of the kind; None where it stays as it is."""
    if get_origin(kind) in (Union, UnionType):  # `date | None` is made as a `date`
        (kind,) = (part for part in get_args(kind) if part is not NoneType)
    if is_dataclass(kind) and isinstance(kind, type):
        return partial(_made, kind)
    if get_origin(kind) is tuple:
        each = _maker(get_args(kind)[0])
        return partial(_all_made, each) if each else tuple
    return date.fromisoformat if kind is date else None


def _all_made(make: Maker, items: list[Any]) -> tuple[Any, ...]:
    return tuple(map(make, items))
