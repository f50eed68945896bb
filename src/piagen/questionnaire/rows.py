"""Knows how rows are copied, moved and removed, and what else changes when one goes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from piagen.domain.fact import Answers, rows
from piagen.domain.stored_path import StoredPath, holders, parse
from piagen.frozen import frozen
from piagen.questionnaire.edit import Edited, confirm, leaves, row_id
from piagen.questionnaire.model import Question, Questionnaire, Table
from piagen.questionnaire.naming import NAMED_BY

_BY_PLACE = {"open_questions": "at", "unconfirmed": "path", "withheld": "path", "waivers": "at"}
"""Kept tables whose rows are about a place: they go with it."""


@frozen
class Loss:
    """What goes with a row.

    Attributes:
        rows: stored paths of rows of other tables that cannot stand without it.
        references: stored paths of answers that would no longer name it.
    """

    rows: tuple[str, ...] = ()
    references: tuple[str, ...] = ()


def copy_row(answers: Answers, table: Table, row: str, leaf: str, value: object) -> Edited:
    """Return the answers with a copy of a row at the end, one cell of it changed.

    The columns that together name a link row are not copied, nor is what an organisation is called:
    two rows would be the same. What waits to be confirmed waits in the copy too.
    """
    from_ = _row(answers, table.key, row)
    left_out = {"id", *table.unique, *NAMED_BY.get(table.key, ())} - {leaf}
    kept = {name: cell for name, cell in from_.items() if name not in left_out}
    new = {"id": row_id(answers, table.key, value), **kept, leaf: value}
    edited: Edited = {**answers, table.key: [*rows(answers, table.key), new]}
    if doubts := list(_copied_doubts(answers, StoredPath(table.key, row), new, leaf)):
        edited["unconfirmed"] = [*rows(answers, "unconfirmed"), *doubts]
    return edited


def _copied_doubts(
    answers: Answers, source: StoredPath, new: Mapping[str, Any], changed: str
) -> Iterator[Mapping[str, Any]]:
    """Yield what waits to be confirmed in the copy of a row: what does in the row itself."""
    for doubt in rows(answers, "unconfirmed"):
        if str(source) not in holders(doubt["path"]):
            continue  # what waits with its whole table waits in the copy as well
        for each in map(parse, leaves(answers, doubt["path"])):
            if each.leaf in new and each.leaf != changed:
                yield {**doubt, "path": str(each._replace(row=new["id"]))}


def move_row(answers: Answers, table: str, row: str, by: int) -> Edited:
    """Return the answers with a row moved up (-1) or down (1); at the end it stays."""
    there = list(rows(answers, table))
    now = next(i for i, each in enumerate(there) if each["id"] == row)
    then = min(max(now + by, 0), len(there) - 1)
    there.insert(then, there.pop(now))
    return {**answers, table: there}


def loss(questionnaire: Questionnaire, answers: Answers, table: str, row: str) -> Loss:
    """Return what else would change if the row were removed, in the order asked."""
    gone, links = [], []
    for place, question, named in _references(questionnaire, answers):
        if question.of != table or row not in named:
            continue
        if _stands_on(questionnaire, question):
            gone.append(str(StoredPath(place.key, place.row)))
        else:
            links.append(str(place))
    return Loss(tuple(dict.fromkeys(gone)), tuple(links))


def remove_row(questionnaire: Questionnaire, answers: Answers, table: str, row: str) -> Edited:
    """Return the answers without the row, and without anything that refers to it.

    Link rows that stand on it go too; a list loses its name; a single reference is then missing.
    """
    edited: Edited = dict(answers)
    going = [(table, row)]
    while going:
        key, id_ = going.pop()
        for at in loss(questionnaire, edited, key, id_).rows:
            place = parse(at)
            going.append((place.key, str(place.row)))
        edited = _without(questionnaire, edited, key, id_)
    return edited


def _without(questionnaire: Questionnaire, answers: Edited, table: str, row: str) -> Edited:
    edited = dict(answers)
    for place, question, named in list(_references(questionnaire, answers)):
        if question.of == table and row in named and not _stands_on(questionnaire, question):
            edited = _unnamed(confirm(edited, _emptied(edited, place, row)), place, row)
    there = [each for each in rows(edited, table) if each["id"] != row]
    edited[table] = there
    if not there:
        del edited[table]
    gone = StoredPath(table, row)
    for kept, leaf in _BY_PLACE.items():
        if kept in edited:
            left = [r for r in rows(edited, kept) if str(gone) not in holders(r[leaf])]
            edited[kept] = left
            if not left:
                del edited[kept]
    return edited


def _unnamed(answers: Edited, place: StoredPath, row: str) -> Edited:
    """A list loses the name; a single reference is taken out, and is then missing."""

    def cleared(of: Mapping[str, Any]) -> dict[str, Any]:
        leaf = str(place.leaf)
        if isinstance(of[leaf], list):
            left = [name for name in of[leaf] if name != row]
            return {**of, leaf: left} if left else {k: v for k, v in of.items() if k != leaf}
        return {name: cell for name, cell in of.items() if name != leaf}

    if place.row is None:
        return {**answers, place.key: cleared(answers[place.key])}
    changed = [cleared(r) if r["id"] == place.row else r for r in rows(answers, place.key)]
    return {**answers, place.key: changed}


def _emptied(answers: Answers, place: StoredPath, row: str) -> tuple[str, ...]:
    """The place, if nothing is left there to confirm once it no longer names the row."""
    part = answers[place.key] if place.row is None else _row(answers, place.key, place.row)
    return (str(place),) if set(_named(part[str(place.leaf)])) == {row} else ()


def _references(
    questionnaire: Questionnaire, answers: Answers
) -> Iterator[tuple[StoredPath, Question, tuple[str, ...]]]:
    """Yield every place that names rows of another table, in the order asked."""
    for key, columns in questionnaire.leaves.items():
        for leaf, question in columns.items():
            if question.of and leaf in answers.get(key, {}):
                yield StoredPath(key, None, leaf), question, _named(answers[key][leaf])
    for key, table in questionnaire.tables.items():
        for row in rows(answers, key):
            for column in table.columns:
                if column.of and column.leaf in row:
                    place = StoredPath(key, row["id"], column.leaf)
                    yield place, column, _named(row[column.leaf])


def _named(cell: object) -> tuple[str, ...]:
    return tuple(cell) if isinstance(cell, list) else (str(cell),)


def _stands_on(questionnaire: Questionnaire, question: Question) -> bool:
    """Whether the column is part of what names a link row."""
    table = questionnaire.tables.get(question.key)
    return table is not None and question.leaf in table.unique


def _row(answers: Answers, table: str, row: str) -> Mapping[str, Any]:
    return next(each for each in rows(answers, table) if each["id"] == row)
