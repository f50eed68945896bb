"""Knows the answers as a template sees them: each with its label, its words and its state."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, Literal, TypeVar

from markupsafe import Markup

from piagen.domain.fact import rows
from piagen.domain.facts import FACTS
from piagen.frozen import frozen
from piagen.questionnaire.missing import (
    Missing,
    Open,
    gaps,
    is_unconfirmed,
    open_questions,
    unconfirmed,
)
from piagen.questionnaire.model import Question, Questionnaire, RequiredRow, Table
from piagen.questionnaire.naming import name, number, referred
from piagen.questionnaire.survey import Survey, survey
from piagen.rendering import wording
from piagen.rendering.language.tongue import ENGLISH, Tongue
from piagen.rendering.published import Published

State = Literal["answered", "gap", "empty", "hidden", "withheld"]
Read = TypeVar("Read")


@frozen
class Answer:
    """One leaf.

    Attributes:
        at: its stored path.
        state: `answered`; a `gap` that must be filled; `empty` because it may be; `hidden` because
            it does not apply; or `withheld` from the published edition. A text that is withheld is
            `answered` by the line that stands in its place.
        text: how it reads; empty unless answered or withheld. It says so if nobody has confirmed it
            yet.
        value: the stored answer, or None.
        open: who was asked to fill the gap.
        unconfirmed: prefilled, and nobody has confirmed it yet.
        said: the language of what is not the answer's own words.
    """

    at: str
    question: Question
    state: State
    text: str = ""
    value: Any = None
    open: Open | None = None
    unconfirmed: bool = False
    said: Tongue = ENGLISH

    def __html__(self) -> str:
        """Print the answer, or a marked gap."""
        if self.state == "gap":
            return self.gap
        return Markup("{}").format(self.text)

    def __bool__(self) -> bool:
        """Whether there is something to print: an answer, a gap, or that it is withheld."""
        return self.state in ("answered", "gap", "withheld")

    @property
    def label(self) -> str:
        """Its short name."""
        return self.question.words.label

    @property
    def given(self) -> bool:
        """Whether it is answered."""
        return self.state == "answered"

    @property
    def brief(self) -> Markup | str:
        """The answer where its label stands beside it: a gap need not name it again."""
        return gap("", self.open, self.said) if self.state == "gap" else Markup("{}").format(self)

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The answer in paragraphs, as typed, parted where a line was left empty."""
        parts = self.text.replace("\r\n", "\n").split("\n\n")
        return tuple(part.strip("\n") for part in parts if part.strip())

    @property
    def mark(self) -> Markup:
        """An attribute that says which answer an element prints."""
        return Markup(' data-at="{}"').format(self.at)

    @property
    def gap(self) -> Markup:
        """What stands in place of an answer: a marked gap with who fills it; or it is withheld."""
        if self.state == "withheld":
            return Markup("{}").format(self.text)
        return gap(self.label, self.open, self.said)


def gap(label: str, open_: Open | None, language: Tongue = ENGLISH) -> Markup:
    """Return a marked gap: To be completed, what, by whom, by when."""
    said = "" if open_ is None else ", ".join(_asked_of(open_, language))
    tail = Markup(" ({})").format(said) if said else ""
    what = f": {label}" if label else ""
    return Markup('<strong class="gap">{}{}{}</strong>').format(
        language.say("To be completed"), what, tail
    )


def _asked_of(open_: Open, language: Tongue) -> Iterator[str]:
    if open_.owner:
        yield language.say("asked of %(owner)s", owner=open_.owner)
    if open_.due:
        yield language.say("due %(day)s", day=language.day(open_.due))


@frozen
class Line:
    """One row of a table.

    Attributes:
        number: its printed number, P1 or I-01; empty where rows have none.
        name: what it is called.
    """

    at: str
    id: str
    number: str
    name: str
    _cells: Mapping[str, Answer]

    def __getitem__(self, leaf: str) -> Answer:
        """Return the answer in a column."""
        return self._cells[leaf]

    @property
    def reference(self) -> str:
        """Number and name together."""
        return f"{self.number} {self.name}".strip()


@frozen
class Grid:
    """A table: its rows, or why it has none.

    Attributes:
        withheld: the line printed in its place where a whole table is withheld; its state is then
            that of a gap.
    """

    table: Table
    state: State
    lines: tuple[Line, ...]
    open: Open | None
    withheld: str | None = None
    said: Tongue = ENGLISH

    def __iter__(self) -> Iterator[Line]:
        """Go through the rows."""
        return iter(self.lines)

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.lines)

    @property
    def label(self) -> str:
        """Its name."""
        return self.table.words.label

    @property
    def gap(self) -> Markup:
        """The marked gap where rows should be."""
        if self.withheld:
            return Markup("{}").format(self.withheld)
        return gap(self.label, self.open, self.said)

    def line(self, row_id: str) -> Line:
        """Return the row with the id."""
        return next(line for line in self.lines if line.id == row_id)

    def where(self, leaf: str, *words: object) -> tuple[Line, ...]:
        """Return the rows whose stored answer in a column is one of the words."""
        return tuple(line for line in self.lines if line[leaf].value in words)


class Sheet:
    """All answers of one project, ready to print."""

    def __init__(
        self,
        questionnaire: Questionnaire,
        answers: Mapping[str, Any],
        published: Published | None = None,
        said: Tongue = ENGLISH,
    ) -> None:
        """Survey the answers once; a template may then ask for any of them.

        Args:
            questionnaire: what is asked.
            answers: as the file holds them; those of `published` for that edition.
            published: what the published edition leaves out; None for the full edition.
            said: the language of the fixed text.
        """
        self.said = said
        self.questionnaire = questionnaire
        self.found: Survey = survey(questionnaire, answers)
        self._judged = self.found.visible
        self._published = published
        if published:
            self.found.visible = published.cut_from(self._judged)
        self.visible = self.found.visible
        self._open = open_questions(answers)
        self._unconfirmed = unconfirmed(answers)
        self._applies = {place.at: place for place in self.found.places if not place.last_of}
        self._lacking = gaps(self.found, answers)
        self._gaps = tuple(gap for gap in self._lacking if not self._withheld(gap.at))
        self._grids: dict[str, Grid] = {}
        self._names: dict[str, dict[str, str]] = {}

    def __getitem__(self, path: str) -> Answer:
        """Return a single leaf: `sheet["scope.area"]`."""
        question = self.questionnaire.by_path[path]
        given = self.visible.get(question.key, {})
        return self._answer(question, path, question.leaf in given, given.get(question.leaf))

    def table(self, key: str) -> Grid:
        """Return a table by key."""
        if key not in self._grids:
            self._grids[key] = self._grid(self.questionnaire.tables[key])
        return self._grids[key]

    def fact(self, name: str) -> bool:
        """Tell whether the named fact holds."""
        return self.judged(FACTS[name].holds)

    def judged(self, read: Callable[[Mapping[str, Any]], Read]) -> Read:
        """Return what a fact, a condition or a tip reads from the answers.

        It is given words, numbers, dates and references that are withheld as well: the published
        edition must not say that something does not apply which does. No text that is withheld is
        among them.

        Args:
            read: a pure function of the visible answers that quotes none of them.
        """
        return read(self._judged)

    @property
    def complete(self) -> bool:
        """Whether nothing is missing, open or unconfirmed, in any document or edition."""
        return not self._lacking

    def _withheld(self, at: str) -> str | None:
        return self._published.withheld(at, self.said) if self._published else None

    def gaps(self, belongs: Callable[[Missing], bool]) -> tuple[Missing, ...]:
        """Return the gaps that belong to a document."""
        return tuple(gap for gap in self._gaps if belongs(gap))

    def settled(self, paths: Iterable[str]) -> bool:
        """Tell whether what is at the paths (of the questionnaire) is known, not still a gap."""
        return self._unsettled.isdisjoint(paths)

    @cached_property
    def _unsettled(self) -> frozenset[str]:
        """The paths with a gap, and every column of a table that should have rows and has none."""
        found = set()
        for gap in self._gaps:
            if isinstance(gap.entry, Table):
                columns = self.questionnaire.tables[gap.entry.key].columns
                found |= {column.path for column in columns}
            found.add(gap.entry.path)
        return frozenset(found)

    def applies(self, path: str) -> bool:
        """Tell whether a place applies: a leaf, a table, or a row that must be there."""
        return path in self._applies

    def lacks_row(self, path: str) -> Markup | None:
        """Return a marked gap if a row that must be there is not: `sign_off[role=siro]`."""
        place = self._applies.get(path)
        if place is None or place.answered or not isinstance(place.entry, RequiredRow):
            return None
        return gap(place.entry.words.label, self._open.get(path), self.said)

    def _grid(self, table: Table) -> Grid:
        place = self._applies.get(table.key)
        lines = tuple(
            self._line(table, index, row) for index, row in enumerate(rows(self.visible, table.key))
        )
        state: State = "hidden" if place is None else "answered"
        held = self._withheld(table.key)
        if place is not None and held and table.key not in self.visible:
            return Grid(table, "gap", (), None, held)
        if place is not None and not lines:
            state = "gap" if not place.optional or table.key in self._open else "empty"
        return Grid(table, state, lines, self._open.get(table.key), said=self.said)

    def _refer(self, table: str, row_id: str) -> str:
        """How a row is referred to; the names of a table are worked out once."""
        if table not in self._names:
            self._names[table] = {
                row["id"]: referred(
                    table, index, name(self.questionnaire, table, row, self.visible)
                )
                for index, row in enumerate(rows(self.visible, table))
            }
        return self._names[table].get(row_id, row_id)

    def _line(self, table: Table, index: int, row: Mapping[str, Any]) -> Line:
        at = f"{table.key}[{row['id']}]"
        cells = {
            column.leaf: self._answer(
                column, f"{at}.{column.leaf}", column.leaf in row, row.get(column.leaf)
            )
            for column in table.columns
        }
        named = name(self.questionnaire, table.key, row, self.visible)
        return Line(at, row["id"], number(table.key, index), named, cells)

    def _answer(self, question: Question, at: str, given: bool, value: object) -> Answer:
        if given:
            held = self._published and self._published.in_place_of(at, self.said)
            text = held or wording.read(question, value, self._refer, self.said)
            doubt = is_unconfirmed(at, self._unconfirmed)
            if doubt:
                text += f" {self.said.say('(to be confirmed)')}"
            return Answer(at, question, "answered", text, value, unconfirmed=doubt, said=self.said)
        place = self._applies.get(at)
        if place is None:
            return Answer(at, question, "hidden", said=self.said)
        if held := self._withheld(at):
            return Answer(at, question, "withheld", held)
        wanted = self._open.get(at)
        state: State = "empty" if place.optional and wanted is None else "gap"
        return Answer(at, question, state, open=wanted, said=self.said)
