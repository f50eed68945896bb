"""Knows which questions apply to some answers: one pass over the questionnaire, in order.

Conditions only look back, so one pass is enough: each is judged on the answers found visible
before it. What is asked next, what is missing, what is hidden and what a document may print are all
read from the result.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from piagen.domain.fact import Answers, Row, controllers, parties, rows
from piagen.frozen import frozen
from piagen.questionnaire.conditions import holds
from piagen.questionnaire.kept import KEPT
from piagen.questionnaire.model import (
    Entry,
    LaterColumn,
    Question,
    Questionnaire,
    RequiredRow,
    Section,
    Table,
)


@frozen
class Place:
    """Somewhere an answer belongs, because its condition holds.

    Attributes:
        entry: a question, a table (does it have a row?) or a row that must be there.
        at: its stored path, the row by id: `data_flows[referral].method`.
        row: the id of the row it stands in.
        answered: whether something is there.
        last_of: the table whose rows end here, where "another row?" would be asked.
    """

    section: Section
    entry: Question | Table | RequiredRow
    at: str
    row: str | None = None
    answered: bool = False
    last_of: Table | None = None

    @property
    def optional(self) -> bool:
        """Whether it may stay empty."""
        return self.entry.reach.optional


@dataclass(slots=True)
class Survey:
    """What applies.

    Attributes:
        places: every place that applies, in the order asked.
        visible: the answers without those whose condition is false.
        hidden: stored paths of answers whose condition is false.
    """

    places: list[Place] = field(default_factory=list)
    visible: dict[str, Any] = field(default_factory=dict)
    hidden: list[str] = field(default_factory=list)


def survey(questionnaire: Questionnaire, answers: Answers) -> Survey:
    """Judge every question on the answers; the answers must have the right shape."""
    found = Survey()
    for key in ("piagen", *KEPT):
        if key in answers:
            found.visible[key] = answers[key]
    if "extra" in answers:
        asked = questionnaire.leaves.get("extra", {})
        kept = {leaf: value for leaf, value in answers["extra"].items() if leaf not in asked}
        found.visible["extra"] = kept  # what is asked is judged below, as any other answer
    for section, entry in questionnaire.entries():
        _judge(section, entry, answers, found)
    return found


def _judge(section: Section, entry: Entry, answers: Answers, found: Survey) -> None:
    match entry:
        case Question():
            _leaf(section, entry, answers, found)
        case Table():
            _table(section, entry, answers, found)
        case LaterColumn():
            selected = {row["id"] for row in _selection(entry.for_each, found.visible)}
            key, leaf = entry.question.key, entry.question.leaf
            whole = {row["id"]: row for row in rows(answers, key)}
            for seen in found.visible.get(key, ()):
                given, at = whole[seen["id"]], f"{key}[{seen['id']}].{leaf}"
                if seen["id"] in selected:
                    _cell(section, entry.question, leaf, at, given, seen, found)
                elif leaf in given:
                    found.hidden.append(at)
        case RequiredRow():
            if holds(entry.reach.when, found.visible):
                _required_row(section, entry, found)


def _leaf(section: Section, question: Question, answers: Answers, found: Survey) -> None:
    given = answers.get(question.key, {})
    present = question.leaf in given
    if question.derived:
        if present:
            found.visible.setdefault(question.key, {})[question.leaf] = given[question.leaf]
        return
    if not holds(question.reach.when, found.visible):
        if present:
            found.hidden.append(question.path)
        return
    found.places.append(Place(section, question, question.path, answered=present))
    if present:
        found.visible.setdefault(question.key, {})[question.leaf] = given[question.leaf]


def _table(section: Section, table: Table, answers: Answers, found: Survey) -> None:
    given = rows(answers, table.key)
    if not holds(table.reach.when, found.visible):
        if given:
            found.hidden.append(table.key)
        return
    found.places.append(Place(section, table, table.key, answered=bool(given)))
    if table.key in answers:
        seen = found.visible[table.key] = [{"id": row["id"]} for row in given]
        columns = [(column, column.leaf) for column in table.columns]
        for whole, part in zip(given, seen, strict=True):
            row = f"{table.key}[{part['id']}]"
            for column, leaf in columns:
                _cell(section, column, leaf, f"{row}.{leaf}", whole, part, found)
    if given:
        found.places.append(Place(section, table, table.key, answered=True, last_of=table))


def _cell(
    section: Section,
    column: Question,
    leaf: str,
    at: str,
    whole: Row,
    part: dict[str, Any],
    found: Survey,
) -> None:
    present = leaf in whole
    if holds(column.reach.when, found.visible, part):
        found.places.append(Place(section, column, at, row=part["id"], answered=present))
        if present:
            part[leaf] = whole[leaf]
    elif present:
        found.hidden.append(at)


def _required_row(section: Section, entry: RequiredRow, found: Survey) -> None:
    there = any(row.get(entry.column) == entry.word for row in rows(found.visible, entry.key))
    found.places.append(Place(section, entry, entry.path, answered=there))


def _selection(name: str, visible: Answers) -> Iterable[Row]:
    match name:
        case "parties":
            return parties(visible)
        case "controllers":
            return controllers(visible)
    return rows(visible, name)
