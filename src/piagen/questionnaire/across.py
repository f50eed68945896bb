"""Knows what is wrong between rows: an id or link row that stands twice, a reference to nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from piagen.errors import shown
from piagen.questionnaire.model import Questionnaire, Table

Path = tuple[str | int, ...]


def faults(questionnaire: Questionnaire, answers: object) -> Iterator[tuple[Path, str]]:
    """Yield the path and a message for each fault; answers of any shape are borne."""
    if not isinstance(answers, dict):
        return
    ids = {key: _ids(answers.get(key)) for key in questionnaire.tables}
    for key, leaves in questionnaire.leaves.items():
        section = answers.get(key)
        if isinstance(section, dict):
            for leaf, question in leaves.items():
                if question.of:
                    yield from _references(question.of, section.get(leaf), (key, leaf), ids)
    for key, table in questionnaire.tables.items():
        rows = _rows(answers.get(key))
        yield from _twice(key, ("id",), rows, "This id stands twice in the table; change one.")
        if table.unique:
            yield from _twice(key, table.unique, rows, _already(table))
        referring = [(column.leaf, column.of) for column in table.columns if column.of]
        for index, row in rows:
            for leaf, of in referring:
                yield from _references(of, row.get(leaf), (key, index, leaf), ids)


def _already(table: Table) -> str:
    labels = [c.words.label.lower() for c in table.columns if c.leaf in table.unique]
    return f"There is a row already with the same {' and '.join(labels)}; change or remove one."


def _rows(table: object) -> list[tuple[int, dict[str, Any]]]:
    if not isinstance(table, list):
        return []
    return [(i, row) for i, row in enumerate(table) if isinstance(row, dict)]


def _ids(table: object) -> set[str]:
    return {row["id"] for _, row in _rows(table) if isinstance(row.get("id"), str)}


def _twice(
    key: str, columns: tuple[str, ...], rows: list[tuple[int, dict[str, Any]]], says: str
) -> Iterator[tuple[Path, str]]:
    seen: set[tuple[str, ...]] = set()
    for index, row in rows:
        cells = tuple(row.get(column) for column in columns)
        if not all(isinstance(cell, str) for cell in cells):
            continue
        if cells in seen:
            yield (key, index, columns[-1]), says
        seen.add(cells)  # type: ignore[arg-type]


def _references(
    of: str, given: object, path: Path, ids: dict[str, set[str]]
) -> Iterator[tuple[Path, str]]:
    named = given if isinstance(given, list) else [given]
    for name in named:
        if isinstance(name, str) and name not in ids[of]:
            says = f"“{shown(name)}” is the id of no row of {of}; name one that is there."
            yield path, says
