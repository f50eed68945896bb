"""Knows one sitting at the terminal: the task list, the sections, and how to go back."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from piagen.cli.wizard import confirming, law, tables
from piagen.cli.wizard.question import answer
from piagen.cli.wizard.terminal import Back, ToList, choose, say, say_command
from piagen.config import Config
from piagen.domain.fact import rows
from piagen.domain.stored_path import parse
from piagen.errors import shown
from piagen.pipeline.assess import Loaded, check, questionnaire
from piagen.pipeline.sitting import Sitting
from piagen.questionnaire.missing import is_unconfirmed, open_questions, unconfirmed
from piagen.questionnaire.model import Question, Questionnaire, Section, Table
from piagen.questionnaire.naming import name, number, place_in_words
from piagen.questionnaire.survey import Place, Survey
from piagen.questionnaire.tasks import Status, Task, tasks
from piagen.questionnaire.walk import Step, walk
from piagen.rendering.sheet import Sheet
from piagen.rules.engine import Finding

if TYPE_CHECKING:
    from piagen.pipeline.profile import ProfileSitting

Answers = Mapping[str, Any]

MOST_NAMED = 5
"""Answers that are named at once when a change hides them."""


@dataclass
class Journey:
    """One sitting: the answers, and what was passed over in it.

    Attributes:
        sitting: holds the file, and saves after every answer.
        config: what the organisation has set.
        passed: keys of steps that were passed over in this sitting.
        questionnaire: what is asked.
        is_profile: whether it is the organisation's profile that is asked: of one organisation,
            and nothing in it is left open.
    """

    sitting: Sitting | ProfileSitting
    config: Config
    passed: set[str] = field(default_factory=set)
    questionnaire: Questionnaire = field(default_factory=questionnaire)
    is_profile: bool = False
    _left: set[str] = field(default_factory=set)
    _sheet: tuple[Answers, Sheet] | None = None

    @property
    def answers(self) -> Answers:
        """What was answered so far."""
        return self.sitting.answers

    # -- the task list -------------------------------------------------------------------------

    def run(self) -> None:
        """Show the task list until there is nothing left to ask, or somebody stops.

        Raises:
            Stop: somebody chose to stop.
            click.Abort: the input ended, or Ctrl-C was pressed.
        """
        while True:
            try:
                if not self.task_list():
                    return
            except (ToList, Back):
                continue

    def task_list(self) -> bool:
        """Show the sections and do what is chosen; False once somebody is done."""
        from piagen.cli.wizard import summary

        told = self.tasks()
        summary.say_tasks(self, told)
        after = self.next_task(told)
        while True:
            word = choose(summary.what_next(after), (":list", ":save"))
            match word:
                case "" if after:
                    self.go_on(after.section)
                case "":
                    summary.finish(self)
                    return False
                case "c":
                    summary.check_answers(self)
                case "f":
                    summary.say_findings(self)
                case "r":
                    summary.render(self)
                case _:
                    if not self.choose_section(word, told):
                        continue
            return True

    def choose_section(self, word: str, told: tuple[Task, ...]) -> bool:
        """Go to the section that was chosen by its number or name; say so if there is none."""
        from piagen.cli.wizard import summary

        found = [task for i, task in enumerate(told, 1) if str(i) == word]
        found = found or [t for t in told if t.section.title.casefold() == word]
        found = found or [t for t in told if word in t.section.title.casefold()]
        match found:
            case [Task(status=Status.CANNOT_START | Status.NOT_NEEDED) as task]:
                say(f"  {task.section.title}. {summary.why_not(task)}.")
                return False
            case [Task(status=Status.COMPLETE) as task] if not self.wrong_in(task.section):
                summary.check_answers(self, task.section)
            case [task]:
                self.section(task.section)
            case []:
                say(f"  “{shown(word, 40)}” is no section. Type its number, or one of the letters.")
                return False
            case _:
                titles = "; ".join(task.section.title for task in found)
                say(f"  That could be {titles}. Type a number.")
                return False
        return True

    def tasks(self) -> tuple[Task, ...]:
        """Return every section with its status."""
        doubts, asked = unconfirmed(self.answers), open_questions(self.answers)
        return tasks(self.questionnaire, self.survey(), asked, doubts)

    def next_task(self, told: tuple[Task, ...]) -> Task | None:
        """Return the first section with something left to ask in this sitting.

        The screening comes first: it decides how much is asked.
        """
        waiting = (Status.NOT_STARTED, Status.IN_PROGRESS)
        order = sorted(told, key=lambda task: task.section.id != "screening")
        return next(
            (
                task
                for task in order
                if task.section.id not in self._left
                and (task.status in waiting or self.wrong_in(task.section))
            ),
            None,
        )

    # -- one section after another ---------------------------------------------------------------

    def go_on(self, section: Section) -> None:
        """Ask this section, then each that is not complete."""
        self.section(section)
        while task := self.next_task(self.tasks()):
            self.section(task.section)

    def section(self, section: Section) -> None:
        """Ask what is wrong or missing in one section, after what waits there to be confirmed."""
        self._left.discard(section.id)
        try:
            self._ask_section(section)
        except ToList:
            if section.id != "screening":  # how much is asked hangs on it, so it stays the first
                self._left.add(section.id)
            raise
        self._left.add(section.id)

    def _ask_section(self, section: Section) -> None:
        index = self.questionnaire.sections.index(section) + 1
        say(f"\nSection {index} of {len(self.questionnaire.sections)}: {section.title}")
        say(section.intro)
        confirming.confirm(self, section)
        for place in self.wrong_in(section):
            self.ask_or_go_back(place)
        while step := self.next_step(section):
            match step.kind:
                case "answer":
                    self.ask_or_go_back(step.place)
                case "row":
                    self.first_row(step)
                case "another":
                    self.ask_or_go_back(step.place)

    def next_step(self, section: Section) -> Step | None:
        """Return what to ask next in a section."""
        return walk(
            self.questionnaire,
            self.answers,
            self.passed,
            section=section.id,
            found=self.survey(),
        )

    def first_row(self, step: Step) -> None:
        """Begin a table, or go back from there."""
        try:
            tables.first_row(self, step)
        except Back:
            self.back(step.key)

    def ask_or_go_back(self, place: Place) -> None:
        """Ask a question, or show a table's rows; on `:back`, what was there before."""
        try:
            self.put(place)
        except Back:
            self.back(_key(place))

    def put(self, place: Place) -> None:
        """Ask a question, or show a table's rows.

        Raises:
            Stop, Back, ToList: one of these commands was typed.
        """
        if not isinstance(place.entry, Question):
            tables.menu(self, place)
            self.passed.add(_key(place))
        elif answer(self, place).kind in ("passed", "kept", "cleared"):
            self.passed.add(place.at)

    def back(self, key: str) -> None:
        """Go to the question or table before, and from there on back as often as it is asked for.

        What stands there can be kept by Enter; then it goes on where it was.
        """
        while place := self.before(key):
            try:
                self.put(place)
            except Back:
                key = _key(place)
            else:
                return
        say("  There is nothing before this.")

    def before(self, key: str) -> Place | None:
        """Return the last place before this one that was answered, left open or passed over."""
        known = open_questions(self.answers)
        found = None
        for place in self.survey().places:
            if _key(place) == key:
                return found
            if self.ends_one_row(place):
                continue
            if place.last_of is not None or (
                isinstance(place.entry, Question)
                and (place.answered or place.at in known or place.at in self.passed)
            ):
                found = place
        return None

    def open_at(self, at: str) -> bool:
        """Ask again for what is at a stored path: a question, a row or a table.

        Returns:
            whether it is asked at all.
        """
        place = self.place_of(at)
        if place is None:
            return False
        if place.at == at:
            self.put(place)
        else:
            row = str(parse(at).row)
            tables.change(self, self.questionnaire.tables[parse(at).key], row)
        return True

    def place_of(self, at: str) -> Place | None:
        """Return the place of a question or table; of a row, one of its questions."""
        try:
            wanted = parse(at)
        except ValueError:
            return None
        for place in self.survey().places:
            if wanted.leaf is None and wanted.row is None:
                found = place.at == at and isinstance(place.entry, Table)
                if found and (place.last_of is not None or not place.answered):
                    return place
            elif isinstance(place.entry, Question) and place.last_of is None:
                here = parse(place.at)
                if place.at == at or (wanted.leaf is None and wanted.holds(here)):
                    return place
        return None

    # -- what the other modules ask of it --------------------------------------------------------

    @property
    def sheet(self) -> Sheet:
        """The answers as they read, worked out once after every change."""
        if self._sheet is None or self._sheet[0] is not self.answers:
            self._sheet = (self.answers, Sheet(self.questionnaire, self.answers))
        return self._sheet[1]

    def survey(self) -> Survey:
        """Return which questions apply now."""
        return self.sheet.found

    def save(self, answers: Answers, at: str | None = None) -> None:
        """Save the answers; name those that an answer has hidden.

        Args:
            answers: all of them.
            at: the place that was answered.
        """
        before = set(self.survey().hidden)
        self.sitting.save(answers)
        hidden = [path for path in self.survey().hidden if path not in before]
        if not hidden or at is None:
            return
        if len(hidden) == 1:
            say("  1 answer no longer applies. It is kept in the file and not printed:")
        else:
            many = f"{len(hidden)} answers no longer apply"
            say(f"  {many}. They are kept in the file and not printed:")
        for path in hidden[:MOST_NAMED]:
            say(f"    {self.place_in_words(path)}")
        if len(hidden) > MOST_NAMED:
            say(f"    and {len(hidden) - MOST_NAMED} more")

    def findings(self) -> tuple[Finding, ...]:
        """Return what the rules find now."""
        return check(Loaded(Path(self.sitting.path), self.answers), config=self.config).findings

    def is_unconfirmed(self, at: str) -> bool:
        """Tell whether an answer was prefilled and nobody has confirmed it."""
        return is_unconfirmed(at, unconfirmed(self.answers))

    def wrong_in(self, section: Section) -> list[Place]:
        """Return the places of a section where the file holds what cannot be taken."""
        return [
            place
            for place in (self.survey().places if self.sitting.wrong else ())
            if place.section.id == section.id and place.at in self.sitting.wrong
        ]

    def menu(self, question: Question) -> Mapping[str, str] | None:
        """Return what may be chosen, word or row id to label; None where nothing is."""
        if question.of is not None:
            return dict(self.names(question.of))
        if question.options_from:
            return law.offered(question)
        return question.options or None

    def in_words(self, question: Question, place: Place) -> str:
        """Return an answer in words, without the mark of one that is not confirmed."""
        sheet = self.sheet
        found = (
            sheet[question.path]
            if place.row is None
            else sheet.table(parse(place.at).key).line(place.row)[question.leaf]
        )
        return found.text.removesuffix(" (to be confirmed)")

    def ends_one_row(self, place: Place) -> bool:
        """Tell whether a table's rows end here that has one for ever: whose profile it is."""
        return self.is_profile and place.last_of is not None and place.at == "partners"

    def row_name(self, place: Place) -> str:
        """Return what the row of a place is called, or nothing."""
        return "" if place.row is None else self.name(parse(place.at).key, place.row)

    def name(self, table: str, row_id: str) -> str:
        """Return how a row is referred to: its number and name, or its name alone."""
        return next((called for id_, called in self.names(table) if id_ == row_id), row_id)

    def names(self, table: str) -> Iterator[tuple[str, str]]:
        """Yield the id of each row of a table, and how it is referred to."""
        for index, row in enumerate(rows(self.answers, table)):
            called = name(self.questionnaire, table, row, self.answers)
            yield row["id"], f"{number(table, index)} {called}".strip()

    def place_in_words(self, at: str) -> str:
        """Return a stored path as a person finds it."""
        return place_in_words(self.questionnaire, at, self.answers)

    def say_how_to_go_on(self) -> None:
        """Say what was saved, and how to come back to it."""
        if self.sitting.is_new:
            say("Nothing was answered, so nothing was saved.")
            return
        say("Saved. To go on:")
        say_command(f"piagen new {shown(shlex.quote(str(self.sitting.path)), 1_000)}")


def _key(place: Place) -> str:
    """What `walk` calls the step that asks this."""
    return f"{place.at} another" if place.last_of else place.at
