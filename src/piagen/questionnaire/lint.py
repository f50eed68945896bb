"""Knows whether a questionnaire holds together: ids, facts, order, options, references, citations.

Conditions may only look back; a fact may be used only after the last leaf that it reads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from piagen.domain.facts import FACTS
from piagen.errors import Problem
from piagen.questionnaire.conditions import reads
from piagen.questionnaire.model import (
    LaterColumn,
    Question,
    Questionnaire,
    Reach,
    RequiredRow,
    Table,
    Words,
)

_NEEDS_OPTIONS = ("choice", "choices")
_NEEDS_TABLE = ("reference", "references")
_SELECTIONS = ("parties", "controllers")


def lint(questionnaire: Questionnaire, cites: Callable[[str], object]) -> tuple[Problem, ...]:
    """Return every fault, in the order of the files; none if the questionnaire holds together.

    Args:
        questionnaire: what to look at.
        cites: looks up a citation key and raises KeyError where there is none.
    """
    linter = _Linter(questionnaire, cites)
    return tuple(linter.problems())


class _Linter:
    def __init__(self, questionnaire: Questionnaire, cites: Callable[[str], object]) -> None:
        self.questionnaire = questionnaire
        self.cites = cites
        self.asked: dict[str, Question] = {}
        self.tables: dict[str, Table] = {}
        self.ids: set[str] = set()

    def problems(self) -> Iterator[Problem]:
        for _, entry in self.questionnaire.entries():
            match entry:
                case Question():
                    yield from self.question(entry, None)
                case Table():
                    yield from self.table(entry)
                case LaterColumn():
                    yield from self.later(entry)
                case RequiredRow():
                    yield from self.required_row(entry)

    def table(self, table: Table) -> Iterator[Problem]:
        yield from self.unique(table.path, table.reach)
        yield from self.reason(table.path, table.words, table.reach)
        yield from self.condition(table.path, table.reach, None)
        yield from self.citations(table.path, table.reach)
        self.tables[table.key] = table
        names = {column.leaf for column in table.columns}
        for name in table.unique:
            if name not in names:
                yield self.fault(table.path, table.reach, f"it has no column “{name}”.")
        for column in table.columns:
            yield from self.question(column, table)

    def later(self, entry: LaterColumn) -> Iterator[Problem]:
        table = self.tables.get(entry.question.key)
        reach = entry.question.reach
        if table is None:
            yield self.fault(entry.path, reach, f"the table {entry.question.key} comes later.")
        elif entry.for_each not in (*_SELECTIONS, table.key):
            yield self.fault(entry.path, reach, f"“{entry.for_each}” selects no rows of it.")
        yield from self.question(entry.question, table)

    def required_row(self, entry: RequiredRow) -> Iterator[Problem]:
        yield from self.unique(entry.path, entry.reach)
        yield from self.reason(entry.path, entry.words, entry.reach)
        yield from self.condition(entry.path, entry.reach, None)
        column = self.asked.get(f"{entry.key}[].{entry.column}")
        if column is None:
            yield self.fault(entry.path, entry.reach, "its table or column is not asked before.")
        elif entry.word not in column.options:
            yield self.fault(entry.path, entry.reach, f"“{entry.word}” is no option of it.")

    def question(self, question: Question, table: Table | None) -> Iterator[Problem]:
        path, reach = question.path, question.reach
        yield from self.unique(path, reach)
        yield from self.reason(path, question.words, reach)
        yield from self.condition(path, reach, table)
        yield from self.citations(path, reach)
        if (question.type in _NEEDS_OPTIONS) != bool(question.options):
            yield self.fault(path, reach, f"a {question.type} and options do not go together.")
        if (question.type in _NEEDS_TABLE) != (question.of is not None):
            yield self.fault(path, reach, f"a {question.type} and “of” do not go together.")
        if question.of is not None and question.of not in self.tables:
            yield self.fault(path, reach, f"the table {question.of} is not asked before.")
        self.asked[path] = question

    def condition(self, path: str, reach: Reach, table: Table | None) -> Iterator[Problem]:
        for read, word in reads(reach.when):
            if read.startswith("fact:"):
                yield from self.fact(path, reach, read[5:])
                continue
            full = f"{table.path}{read}" if table and read.startswith(".") else read
            question = self.asked.get(full)
            if question is None:
                yield self.fault(path, reach, f"{full} is not asked before it.")
            elif word is not None and word not in _words(question):
                yield self.fault(path, reach, f"“{word}” is no answer to {full}.")

    def fact(self, path: str, reach: Reach, name: str) -> Iterator[Problem]:
        if name not in FACTS:
            yield self.fault(path, reach, f"there is no fact “{name}”.")
            return
        for leaf in FACTS[name].reads:
            if leaf not in self.asked:
                yield self.fault(path, reach, f"fact {name} reads {leaf}, which comes later.")

    def unique(self, path: str, reach: Reach) -> Iterator[Problem]:
        if path in self.ids:
            yield self.fault(path, reach, "this id stands twice.")
        self.ids.add(path)

    def reason(self, path: str, words: Words, reach: Reach) -> Iterator[Problem]:
        if words.hard_words is not None and not words.hard_words.strip():
            yield self.fault(path, reach, "“hard_words” gives no reason.")

    def citations(self, path: str, reach: Reach) -> Iterator[Problem]:
        for key in reach.cites:
            try:
                self.cites(key)
            except KeyError as error:
                yield self.fault(path, reach, str(error.args[0]))

    def fault(self, path: str, reach: Reach, says: str) -> Problem:
        return Problem(f"{reach.file}:{reach.line} {path}", says)


def _words(question: Question) -> tuple[str, ...]:
    return ("true", "false") if question.type == "boolean" else tuple(question.options)
