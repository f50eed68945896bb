"""Answers whatever the walk asks, at random but validly, as a patient person would."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

from piagen.domain.fact import rows
from piagen.questionnaire.model import Question, Questionnaire, RequiredRow, Table
from piagen.questionnaire.walk import Step, walk

MOST_ROWS = 3
MOST_STEPS = 5_000
"""No run comes near it; more means that the walk goes round in circles."""


@dataclass
class Sitting:
    """One go at a questionnaire: what was answered, what was passed over, what was asked.

    Attributes:
        hesitant: how often a required answer is left open, from 0 to 1.
    """

    questionnaire: Questionnaire
    seed: int
    answers: dict[str, Any] = field(default_factory=lambda: {"piagen": "1"})
    hesitant: float = 0.0
    passed: set[str] = field(default_factory=set)
    steps: list[Step] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Start the dice."""
        self.random = Random(self.seed)  # noqa: S311 - nothing is secret here

    def finish(self) -> dict[str, Any]:
        """Answer until nothing is left to ask."""
        for _ in self.go_on():
            pass
        return self.answers

    def go_on(self) -> Iterator[Step]:
        """Take one step after another; the answers are up to date after each."""
        for _ in range(MOST_STEPS):
            before = copy.deepcopy(self.answers)
            step = walk(self.questionnaire, self.answers, frozenset(self.passed))
            assert self.answers == before, "the walk changed the answers"
            if step is None:
                return
            assert step.key not in self.passed
            self.steps.append(step)
            self.take(step)
            yield step
        raise AssertionError(f"the walk does not end; it stands at {self.steps[-1].key}")

    def take(self, step: Step) -> None:
        """Do what the step asks, or pass it over."""
        entry = step.place.entry
        if not step.place.last_of and self.random.random() < self.hesitant:
            self.answers.setdefault("open_questions", []).append({"at": step.place.at})
        elif step.kind == "another":
            assert isinstance(entry, Table)
            self.add_row_or_pass(step, entry, {})
        elif step.kind == "row" and isinstance(entry, RequiredRow):
            table = self.questionnaire.tables[entry.key]
            self.add_row(table, {entry.column: entry.word})
        elif isinstance(entry, Table):
            self.add_row_or_pass(step, entry, {})
        else:
            assert isinstance(entry, Question)
            self.answer(step, entry)

    def answer(self, step: Step, question: Question) -> None:
        """Answer a question, or pass over an optional one."""
        values = self.values_for(question, step.place.row)
        if question.reach.optional and (not values or self.random.random() < 0.5):
            self.passed.add(step.key)
        elif not values:
            self.answers.setdefault("open_questions", []).append({"at": step.place.at})
        elif step.place.row is None:
            self.answers.setdefault(question.key, {})[question.leaf] = self.random.choice(values)
        else:
            self.row(question.key, step.place.row)[question.leaf] = self.random.choice(values)

    def row(self, key: str, id_: str) -> dict[str, Any]:
        """Return a row, to be written in."""
        found: dict[str, Any] = next(row for row in self.answers[key] if row["id"] == id_)
        return found

    def add_row_or_pass(self, step: Step, table: Table, cells: dict[str, str]) -> None:
        """Add a row where one is needed, or wanted; pass where none can be told from the rest."""
        there = len(rows(self.answers, table.key))
        wanted = not there if not table.reach.optional else self.random.random() < 0.6
        more = there < MOST_ROWS and (wanted or self.random.random() < 0.4)
        if (wanted or more) and there < MOST_ROWS and self.has_room(table):
            self.add_row(table, cells)
        elif step.place.last_of or table.reach.optional:
            self.passed.add(step.key)
        else:
            self.answers.setdefault("open_questions", []).append({"at": step.place.at})

    def add_row(self, table: Table, cells: dict[str, str]) -> None:
        """Add a row with an id of its own."""
        taken = {row["id"] for row in rows(self.answers, table.key)}
        id_ = next(f"r{n}" for n in itertools.count(1) if f"r{n}" not in taken)
        self.answers.setdefault(table.key, []).append({"id": id_, **cells})

    def has_room(self, table: Table) -> bool:
        """Tell whether another row could be filled in: what it must point at is there."""
        columns = {column.leaf: column for column in table.columns}
        needed = [c for c in table.columns if c.type == "reference" and not c.reach.optional]
        if not all(self.candidates(column) for column in needed):
            return False
        return not table.unique or any(self.free(table, {}, columns))

    def values_for(self, question: Question, row: str | None) -> list[Any]:
        """Return answers to choose from; in a link table, those that no other row has."""
        table = self.questionnaire.tables.get(question.key)
        if row is None or table is None or question.leaf not in table.unique:
            return self.candidates(question)
        columns = {column.leaf: column for column in table.columns}
        given = self.row(table.key, row)
        at = table.unique.index(question.leaf)
        return sorted({combination[at] for combination in self.free(table, given, columns)})

    def free(
        self, table: Table, given: dict[str, Any], columns: dict[str, Question]
    ) -> Iterator[tuple[Any, ...]]:
        """Yield the names of link rows that no row has yet and that agree with what is given."""
        taken = {tuple(row.get(c) for c in table.unique) for row in self.answers.get(table.key, ())}
        choices = [[given[c]] if c in given else self.candidates(columns[c]) for c in table.unique]
        return (names for names in itertools.product(*choices) if names not in taken)

    def candidates(self, question: Question) -> list[Any]:
        """Return a few valid answers."""
        low, high = question.limits
        ids = [row["id"] for row in rows(self.answers, question.of or "")]
        made: dict[str, list[Any]] = {
            "text": ["A", "Northshire Council", "x" * 90],
            "prose": ["One.\n\nTwo.", "Words"],
            "boolean": [True, False],
            "choice": list(question.options),
            "choices": [[], list(question.options), list(question.options)[:1]],
            "number": [low or 0, high or 10],
            "date": ["2027-02-28", "2026-11-20"],
            "email": ["team@northshire.example"],
            "url": ["https://northshire.example/x"],
            "reference": ids,
            "references": [ids, ids[:1]],
        }
        return made[question.type]
