"""Knows how an answer is put in its place; each edit gives new answers and keeps the old."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Set
from typing import Any

from piagen.domain.fact import Answers, rows
from piagen.domain.stored_path import holders, parse
from piagen.questionnaire.model import Question, Questionnaire

Edited = dict[str, Any]


def put(answers: Answers, question: Question, value: object, row: str | None = None) -> Edited:
    """Return the answers with the value at the question, in the row where it is a column."""
    if row is None:
        section = {**answers.get(question.key, {}), question.leaf: value}
        return {**answers, question.key: section}
    return {
        **answers,
        question.key: [
            {**each, question.leaf: value} if each["id"] == row else each
            for each in rows(answers, question.key)
        ],
    }


def add_row(answers: Answers, table: str, leaf: str, value: object) -> Edited:
    """Return the answers with a new row that holds one value; its id comes from the value."""
    new = {"id": row_id(answers, table, value), leaf: value}
    return {**answers, table: [*rows(answers, table), new]}


def row_id(answers: Answers, table: str, value: object) -> str:
    """Return an id that no row of the table has, made from the value."""
    words = value[0] if isinstance(value, list) and value else value
    plain = unicodedata.normalize("NFKD", str(words)).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:32].strip("-") or "row"
    taken = {row["id"] for row in rows(answers, table)}
    found, count = stem, 1
    while found in taken:
        count += 1
        found = f"{stem}-{count}"
    return found


def leave_open(
    answers: Answers, at: str, note: str | None, owner: str | None, due: str | None = None
) -> Edited:
    """Return the answers with an open question about a place.

    Args:
        answers: all of them.
        at: the stored path of the place.
        note: what is not known.
        owner: who will find out.
        due: the day by which, as 2026-12-01.
    """
    asked: dict[str, Any] = {"at": at}
    if note:
        asked["note"] = note
    if owner:
        asked["owner"] = owner
    if due:
        asked["due"] = due
    kept = [row for row in rows(answers, "open_questions") if row["at"] != at]
    return {**answers, "open_questions": [*kept, asked]}


def close(answers: Answers, at: str) -> Edited:
    """Return the answers without the open question about a place, if there is one."""
    kept = [row for row in rows(answers, "open_questions") if row["at"] != at]
    left = {key: value for key, value in answers.items() if key != "open_questions"}
    return {**left, "open_questions": kept} if kept else left


def take_out(answers: Answers, at: str) -> Edited:
    """Return the answers without the one at a stored path, and without any doubt about it."""
    place = parse(at)
    leaf = str(place.leaf)

    def without(part: Mapping[str, Any]) -> Edited:
        return {name: cell for name, cell in part.items() if name != leaf}

    edited = confirm(answers, [at])
    if place.row is None:
        left = without(edited.get(place.key, {}))
        others = {key: part for key, part in edited.items() if key != place.key}
        return {**others, place.key: left} if left else others
    changed = [without(row) if row["id"] == place.row else row for row in rows(edited, place.key)]
    return {**edited, place.key: changed}


def confirm(answers: Answers, paths: Iterable[str]) -> Edited:
    """Return the answers with nothing at these stored paths waiting to be confirmed.

    What an entry for a whole row, table or section still leaves in doubt is then named by leaf.
    """
    sure = set(paths)
    kept = [
        {**row, "path": path}
        for row in rows(answers, "unconfirmed")
        for path in _in_doubt(answers, row["path"], sure)
    ]
    left = {key: value for key, value in answers.items() if key != "unconfirmed"}
    return {**left, "unconfirmed": kept} if kept else left


def _in_doubt(answers: Answers, path: str, sure: Set[str]) -> Iterable[str]:
    """Return what of an entry is left in doubt once some leaves are sure."""
    if not any(path in holders(at) for at in sure):
        return (path,)
    return [at for at in leaves(answers, path) if at not in sure]


def leaves(answers: Answers, path: str) -> list[str]:
    """Return the stored paths of the answers in a leaf, row, table or section."""
    key = holders(path)[-1]
    held = answers.get(key, {})
    if isinstance(held, Mapping):
        found = [f"{key}.{leaf}" for leaf in held]
    else:
        found = [f"{key}[{row['id']}].{leaf}" for row in held for leaf in row if leaf != "id"]
    return [at for at in found if path in holders(at)]


def in_order(questionnaire: Questionnaire, answers: Answers) -> Edited:
    """Return the answers with their keys in the order in which they are asked."""
    order: dict[str, None] = {"piagen": None}
    for _, entry in questionnaire.entries():
        order[entry.path.partition(".")[0].partition("[")[0]] = None
    known: Mapping[str, Any] = {key: answers[key] for key in order if key in answers}
    return {**known, **answers}
