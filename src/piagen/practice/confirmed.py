"""Knows which answers count as evidence: those that are there, apply, and were confirmed.

An answer that a starter prefilled counts for nothing until somebody confirms it. Guards and tips
are therefore read from the project without it, as if it had not been given.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from piagen.domain.project import Project
from piagen.domain.stored_path import StoredPath, parse


def confirmed(project: Project) -> Project:
    """Return the project without the answers that are listed as unconfirmed.

    An entry of `unconfirmed` may name a leaf, a row, a table or a section. What it names is then
    absent; an entry that names nothing changes nothing.

    Args:
        project: the visible answers, typed.
    """
    for entry in project.unconfirmed:
        try:
            place = parse(entry.path)
        except ValueError:
            continue
        if place.key in type(project).__dataclass_fields__:
            left = _without(getattr(project, place.key), place)
            project = replace(project, **{place.key: left})
    return project


def _without(held: Any, place: StoredPath) -> Any:  # noqa: ANN401 - a section or a table
    match held:
        case tuple() if place.row is None:
            return () if place.leaf is None else held
        case tuple():
            rows = (_row(row, place) for row in held)
            return tuple(row for row in rows if row is not None)
        case _ if not hasattr(held, "__dataclass_fields__") or place.row is not None:
            return held
        case _ if place.leaf is None:
            return type(held)()
    return _leaf(held, place.leaf)


def _row(row: Any, place: StoredPath) -> Any:  # noqa: ANN401 - a row of any table
    if getattr(row, "id", None) != place.row:
        return row
    return None if place.leaf is None else _leaf(row, place.leaf)


def _leaf(held: Any, leaf: str) -> Any:  # noqa: ANN401 - a section or a row
    if leaf == "id" or leaf not in type(held).__dataclass_fields__:
        return held
    return replace(held, **{leaf: None})


def given(answer: object) -> bool:
    """Tell whether an answer says something: a text with words in it, or a choice made."""
    return bool(answer.strip()) if isinstance(answer, str) else answer not in (None, ())


def is_full(project: Project) -> bool:
    """Tell whether the full assessment is done: only then is the practice of sharing asked.

    It is the fact `full_assessment`, read from the typed project.
    """
    return project.screening.personal_data != "no" and project.screening.route != "short"
