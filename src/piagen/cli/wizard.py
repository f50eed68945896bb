"""Knows `piagen new`: asks what is next, saves after every answer, and stops anywhere."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from piagen.cli.asking import (
    HELP,
    NotUnderstood,
    Stop,
    note,
    put_question,
    say,
    say_command,
    say_guidance,
    typed_answer,
    yes,
)
from piagen.errors import CannotWrite, ExitCode

if TYPE_CHECKING:
    from piagen.questionnaire.model import Question, Questionnaire, Table
    from piagen.questionnaire.survey import Place
    from piagen.questionnaire.walk import Step


@click.command()
@click.argument(
    "file", required=False, type=click.Path(path_type=Path, dir_okay=False, readable=False)
)
@click.pass_context
def new(context: click.Context, file: Path | None) -> None:
    """Answer the questionnaire here; saves as you go, and goes on where you stopped.

    \b
    Example:
      piagen new project.json
    """
    target = file or Path(click.prompt("File to keep the answers in", type=str, err=True))
    wizard = Wizard(target)
    try:
        wizard.run()
    except (click.Abort, KeyboardInterrupt, EOFError):
        say("")
        wizard.say_how_to_go_on()
        context.exit(ExitCode.INTERRUPTED)
    except Stop:
        wizard.say_how_to_go_on()
        return
    name = shlex.quote(str(target))
    say("That is everything. Next:")
    say_command(f"piagen check {name}")
    say_command(f"piagen render -o . {name}")


class Wizard:
    """One sitting: the answers so far, and what was passed over in it."""

    def __init__(self, path: Path) -> None:
        from piagen.pipeline.assess import load, questionnaire
        from piagen.questionnaire.shape import FORMAT_VERSION

        self.path = path
        self.questionnaire: Questionnaire = questionnaire()
        self.answers: Mapping[str, Any] = {"piagen": FORMAT_VERSION}
        if _is_there(path):
            self.answers = load(path).answers
        self.passed: set[str] = set()
        self.section = ""
        self.on_disk = path.read_bytes() if path.is_file() else None

    def run(self) -> None:
        """Ask until there is nothing left to ask."""
        from piagen.questionnaire.walk import walk

        say(HELP)
        while step := walk(self.questionnaire, self.answers, self.passed):
            self.head(step)
            match step.kind:
                case "answer":
                    self.answer(step)
                case "row":
                    self.row(step)
                case "another":
                    self.another(step)

    def say_how_to_go_on(self) -> None:
        """Say what was saved, and how to come back to it."""
        if self.on_disk is None:
            say("Nothing was answered, so nothing was saved.")
            return
        say("Saved. To go on:")
        say_command(f"piagen new {shlex.quote(str(self.path))}")

    def head(self, step: Step) -> None:
        """Say which section begins."""
        if step.place.section.id != self.section:
            self.section = step.place.section.id
            title, intro = step.place.section.title, step.place.section.intro
            say(f"\nSection {step.number} of {step.sections}: {title}\n{intro}")

    def answer(self, step: Step) -> None:
        """Ask one question."""
        from piagen.questionnaire.edit import close, put

        question: Question = step.place.entry  # type: ignore[assignment]
        if question.path == "screening.route":
            self.say_screening()
        value = self.ask(question, step.place)
        if value is None:
            self.passed.add(step.key)
            return
        edited = close(put(self.answers, question, value, step.place.row), step.place.at)
        if question.path == "screening.route":
            edited = self.with_outcome(edited)
        self.keep(edited)

    def row(self, step: Step) -> None:
        """Begin a row: the first of a table, or one that must be there."""
        from piagen.questionnaire.edit import add_row
        from piagen.questionnaire.model import RequiredRow

        entry = step.place.entry
        put_question(entry.words, "", {})
        if isinstance(entry, RequiredRow):
            self.keep(add_row(self.answers, entry.key, entry.column, entry.word))
            return
        table: Table = entry  # type: ignore[assignment]
        if step.place.optional and not yes(f"Add a {table.row}?"):
            self.passed.add(step.key)
            return
        self.begin_row(table, step.place)

    def another(self, step: Step) -> None:
        """Ask whether there is another row."""
        from piagen.domain.fact import rows

        table: Table = step.place.entry  # type: ignore[assignment]
        names = [self.name_of(table.key, row["id"]) for row in rows(self.answers, table.key)]
        say("\nSo far: " + "; ".join(names))
        if yes(f"Add another {table.row}?"):
            self.begin_row(table, step.place)
        else:
            self.passed.add(step.key)

    def begin_row(self, table: Table, place: Place) -> None:
        """Ask for the first column that is needed; the row begins with its answer."""
        from piagen.questionnaire.edit import add_row

        first = next(column for column in table.columns if not column.reach.optional)
        value = self.ask(first, place)
        if value is not None:
            self.keep(add_row(self.answers, table.key, first.leaf, value))

    def keep(self, edited: Mapping[str, Any]) -> None:
        """Save the edited answers, unless two rows would become the same."""
        from piagen.questionnaire.across import faults

        for _, says in faults(self.questionnaire, edited):
            say(f"  {says}")
            return
        self.save(edited)

    def ask(self, question: Question, place: Place) -> Any:  # noqa: ANN401 - any answer
        """Ask until there is an answer; None if it was passed over or left open."""
        from piagen.cli.reading import read

        menu = self.menu(question)
        put_question(question.words, self.row_name(place), menu, question)
        while True:
            try:
                typed = typed_answer(several_lines=question.type == "prose")
                match typed:
                    case "" if question.reach.optional:
                        return None
                    case "":
                        needed = question.words.errors.get("required", "This needs an answer.")
                        say(f"  {needed} If nobody knows yet, type :unsure")
                    case "?":
                        say_guidance(question.words)
                    case ":save":
                        raise Stop
                    case ":unsure":
                        self.leave_open(question, place)
                        return None
                    case ":standard" if question.words.standard_text:
                        return " ".join(question.words.standard_text.split())
                    case ":standard":
                        say("  There is no standard text for this question.")
                    case _:
                        value = read(question, typed, menu)
                        self.say_back(value, menu)
                        return value
            except NotUnderstood as error:
                say(f"  {error}")

    def say_back(self, value: object, menu: Mapping[str, str]) -> None:
        """Say a choice back in words, so that a wrong number is seen at once."""
        chosen = value if isinstance(value, list) else [value]
        if menu:
            say("  " + ("; ".join(menu[str(word)] for word in chosen) or "None of these"))

    def leave_open(self, question: Question, place: Place) -> None:
        """Record an open question: what is not known, and who will find out."""
        from piagen.questionnaire.edit import leave_open

        if place.last_of:
            say("  No row was added.")
            self.passed.add(f"{place.at} another")
            return
        at = place.at if place.row or "[" not in question.path else question.key
        what = self.ask_note("What is not known?")
        who = self.ask_note("Who will find out?")
        self.save(leave_open(self.answers, at, what, who))

    def ask_note(self, question: str) -> str | None:
        """Ask for a note until it can be printed; None if it was left blank."""
        from piagen.cli.reading import read
        from piagen.questionnaire.kept import KEPT

        owner = next(c for c in KEPT["open_questions"].columns if c.leaf == "owner")
        while typed := note(question):
            try:
                return str(read(owner, typed, {}))
            except NotUnderstood as error:
                say(f"  {error}")
        return None

    def menu(self, question: Question) -> Mapping[str, str]:
        """Return what may be chosen, word or row id to label."""
        from piagen.domain.fact import rows
        from piagen.questionnaire.naming import name

        if question.of is None:
            return question.options
        return {
            row["id"]: name(self.questionnaire, question.of, row, self.answers)
            for row in rows(self.answers, question.of)
        }

    def row_name(self, place: Place) -> str:
        """Return what the row of a place is called, or nothing."""
        return "" if place.row is None else self.name_of(place.at.partition("[")[0], place.row)

    def name_of(self, table: str, row_id: str) -> str:
        """Return what a row is called."""
        from piagen.domain.fact import rows
        from piagen.questionnaire.naming import name

        row = next(row for row in rows(self.answers, table) if row["id"] == row_id)
        return name(self.questionnaire, table, row, self.answers)

    def say_screening(self) -> None:
        """Say what the screening leads to, before the route is chosen."""
        from piagen.law.screening import screen

        result = screen(self.answers.get("screening", {}))
        if result:
            outcome = self.questionnaire.by_path["screening.outcome"].options[result.outcome]
            say(f"\nThe screening leads to: {outcome}")
            for reason in result.reasons:
                titles = "; ".join(trigger.title for trigger in reason.triggers)
                say(f"  {reason.says} {titles}")

    def with_outcome(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        """Record the outcome that was accepted, so that a later change shows."""
        from piagen.law.screening import screen

        screening = answers.get("screening", {})
        result = screen(screening)
        outcome = {"outcome": result.outcome} if result else {}
        return {**answers, "screening": {**screening, **outcome}}

    def save(self, answers: Mapping[str, Any]) -> None:
        """Keep the answers in memory and in the file."""
        from piagen.pipeline.answers import write_answers
        from piagen.questionnaire.edit import in_order

        now = self.path.read_bytes() if self.path.is_file() else None
        if now != self.on_disk:
            says = (
                "this was changed by something else while you were answering. Nothing of it was "
                "overwritten; start again to go on from what it holds now."
            )
            raise CannotWrite(self.path, says)
        self.answers = in_order(self.questionnaire, answers)
        write_answers(self.path, self.answers)
        self.on_disk = self.path.read_bytes()


def _is_there(path: Path) -> bool:
    """Tell whether the file is there; reading one that cannot be looked at says why."""
    try:
        path.stat()
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return True
