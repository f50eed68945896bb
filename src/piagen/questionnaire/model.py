"""Knows what a questionnaire is: sections of questions, tables and columns; inert data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

from piagen.frozen import frozen

AnswerType = Literal[
    "text",
    "prose",
    "boolean",
    "choice",
    "choices",
    "number",
    "date",
    "email",
    "url",
    "reference",
    "references",
]


@frozen
class All:
    """Every condition holds."""

    conditions: tuple[Condition, ...]


@frozen
class AnyOf:
    """At least one condition holds."""

    conditions: tuple[Condition, ...]


@frozen
class Not:
    """The condition does not hold."""

    condition: Condition


@frozen
class Answered:
    """The leaf has an answer; an empty list of words is none. `.x` is column x of the same row."""

    path: str


@frozen
class Is:
    """The answer is the word."""

    path: str
    word: str


@frozen
class Includes:
    """The answer, a list of words, includes the word."""

    path: str
    word: str


@frozen
class FactHolds:
    """The named fact of `domain/facts.py` holds."""

    name: str


Condition = All | AnyOf | Not | Answered | Is | Includes | FactHolds


@frozen
class Words:
    """What every entry says to people.

    Attributes:
        label: a short noun phrase: column heading, or name of a gap.
        ask: the question as a person would ask it; `{row}` stands for the row's name.
        hint: what helps to answer, a line or two.
        example: a good answer.
        guidance: why we ask, as long as it must be.
        standard_text: an answer offered to confirm or edit, never inserted silently.
        errors: our words for its failures, by kind.
        hard_words: why its words have to stay as hard to read as they are.
    """

    label: str
    ask: str
    hint: str | None = None
    example: str | None = None
    guidance: str | None = None
    standard_text: str | None = None
    errors: Mapping[str, str] = field(default_factory=dict)
    hard_words: str | None = None


WITHHOLDING: Mapping[str, str] = {
    "security_detail": "security detail",
    "named_staff": "named staff",
    "operational_tactics": "operational tactics",
    "small_numbers": "small numbers",
    "foi_exemption": "an exemption under freedom of information law",
}
"""Why an answer may be left out of the published edition: the word, and how it is printed."""


@frozen
class Reach:
    """When an entry is asked, where it is printed, and where it came from.

    Attributes:
        withhold: why its answers are left out of the published edition, a word of `WITHHOLDING`;
            None where they are published unless the answers file withholds them.
    """

    optional: bool = False
    when: Condition | None = None
    short_form: bool = False
    documents: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()
    bank: str | None = None
    withhold: str | None = None
    file: str = ""
    line: int = 0


@frozen
class Question:
    """One leaf of the answers: `assessment.title`, or a column: `partners[].name`.

    Attributes:
        path: its name in the answers file, conditions and templates.
        options: word to label, in order, of a choice.
        of: the table that a reference points at.
        limits: lowest and highest number, either None.
        unit: what a number counts.
        month: which day of a month is meant where a month is enough: its `start` or its `end`.
        derived: worked out, never asked; `screening.outcome` alone is also stored.
    """

    path: str
    type: AnswerType
    words: Words
    reach: Reach
    options: Mapping[str, str] = field(default_factory=dict)
    options_from: str | None = None
    of: str | None = None
    limits: tuple[int | None, int | None] = (None, None)
    unit: str | None = None
    month: Literal["start", "end"] | None = None
    derived: bool = False

    @property
    def key(self) -> str:
        """The section or table it belongs to: `assessment`, `partners`."""
        return self.path.partition(".")[0].removesuffix("[]")

    @property
    def leaf(self) -> str:
        """Its own name: `title`, `name`."""
        return self.path.rpartition(".")[2]


@frozen
class Table:
    """A list of rows: `partners[]`.

    Attributes:
        row: what one row is called, singular, lower case.
        unique: the columns that together name a row of a link table.
        keyed: whether its rows have an id; tables kept by the tool do not.
    """

    path: str
    words: Words
    reach: Reach
    row: str
    columns: tuple[Question, ...]
    unique: tuple[str, ...] = ()
    keyed: bool = True

    @property
    def key(self) -> str:
        """Its name in the answers file: `partners`."""
        return self.path.removesuffix("[]")


@frozen
class LaterColumn:
    """A column of an earlier table, asked later, row by row.

    Attributes:
        question: the column.
        for_each: whose rows: the table's name, or the selection `parties` or `controllers`.
    """

    question: Question
    for_each: str

    @property
    def path(self) -> str:
        """The column's path."""
        return self.question.path


@frozen
class RequiredRow:
    """At least one row of a table must have a word in a column: `sign_off[role=siro]`."""

    path: str
    words: Words
    reach: Reach

    @property
    def key(self) -> str:
        """The table."""
        return self.path.partition("[")[0]

    @property
    def column(self) -> str:
        """The column that must hold the word."""
        return self.path.partition("[")[2].partition("=")[0]

    @property
    def word(self) -> str:
        """The word that one row must have."""
        return self.path.partition("=")[2].removesuffix("]")


Entry = Question | Table | LaterColumn | RequiredRow


@frozen
class Section:
    """A group of entries that are asked together; one YAML file."""

    id: str
    title: str
    intro: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, eq=False)
class Questionnaire:
    """Everything that is asked, in order."""

    id: str
    version: str
    title: str
    sections: tuple[Section, ...]

    def entries(self) -> Iterator[tuple[Section, Entry]]:
        """Yield every entry with its section, in the order asked."""
        for section in self.sections:
            for entry in section.entries:
                yield section, entry

    def questions(self) -> Iterator[tuple[Section, Question]]:
        """Yield every leaf, columns included, with its section, in the order asked."""
        for section, entry in self.entries():
            match entry:
                case Question():
                    yield section, entry
                case LaterColumn():
                    yield section, entry.question
                case Table():
                    for column in entry.columns:
                        yield section, column

    @cached_property
    def tables(self) -> Mapping[str, Table]:
        """Each table by key, its later columns added at the end."""
        found: dict[str, Table] = {}
        for _, entry in self.entries():
            if isinstance(entry, Table):
                found[entry.key] = entry
            elif isinstance(entry, LaterColumn):
                table = found[entry.question.key]
                found[table.key] = replace(table, columns=(*table.columns, entry.question))
        return found

    @cached_property
    def leaves(self) -> Mapping[str, Mapping[str, Question]]:
        """The stored single leaves, by section key and name."""
        found: dict[str, dict[str, Question]] = {}
        for _, entry in self.entries():
            if isinstance(entry, Question) and (not entry.derived or entry.path in STORED_DERIVED):
                found.setdefault(entry.key, {})[entry.leaf] = entry
        return found

    @cached_property
    def by_path(self) -> Mapping[str, Question]:
        """Every leaf and column by path, derived ones too."""
        return {question.path: question for _, question in self.questions()}

    @cached_property
    def section_by_path(self) -> Mapping[str, Section]:
        """The section of every question, table and later column, by path."""
        return {entry.path: section for section, entry in self.entries()}


STORED_DERIVED = frozenset({"screening.outcome"})
"""Worked out, yet stored: the value accepted is recorded, so that a later change shows."""
