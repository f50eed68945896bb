"""Knows `piagen new`: asks what is next, saves after every answer, and stops anywhere."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from piagen.errors import ExitCode

if TYPE_CHECKING:
    from piagen.questionnaire.model import Question, Questionnaire, Table, Words
    from piagen.questionnaire.survey import Place
    from piagen.questionnaire.walk import Step

HELP = """Type your answer and press Enter. At any question you may also type:
  ?          why we ask, and an example
  :unsure    nobody knows yet; who will find out
  :standard  use the standard text, where one is offered
  :save      stop here; everything is saved
Press Enter alone to pass over a question that is optional."""


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
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
        say(f"Saved. To go on: piagen new {target}")
        context.exit(ExitCode.INTERRUPTED)
    except Stop:
        say(f"Saved. To go on: piagen new {target}")
        return
    say(f"That is everything. Next:\n  piagen check {target}\n  piagen render -o . {target}")


class Stop(Exception):
    """Somebody chose to stop here."""


class Wizard:
    """One sitting: the answers so far, and what was passed over in it."""

    def __init__(self, path: Path) -> None:
        from piagen.pipeline.assess import load, questionnaire
        from piagen.questionnaire.shape import FORMAT_VERSION

        self.path = path
        self.questionnaire: Questionnaire = questionnaire()
        self.answers: Mapping[str, Any] = {"piagen": FORMAT_VERSION}
        if path.exists():
            self.answers = load(path).answers
        self.passed: set[str] = set()
        self.section = ""

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

    def head(self, step: Step) -> None:
        """Say which section begins."""
        if step.place.section.id != self.section:
            self.section = step.place.section.id
            title, intro = step.place.section.title, step.place.section.intro
            say(f"\nSection {step.number} of {step.sections}: {title}\n{intro}")

    def answer(self, step: Step) -> None:
        """Ask one question."""
        question: Question = step.place.entry  # type: ignore[assignment]
        if question.path == "screening.route":
            self.say_screening()
        value = self.ask(question, step.place)
        if value is None:
            self.passed.add(step.key)
            return
        self.keep(question, value, step.place)

    def row(self, step: Step) -> None:
        """Begin a row: the first of a table, or one that must be there."""
        from piagen.questionnaire.edit import add_row
        from piagen.questionnaire.model import RequiredRow

        entry = step.place.entry
        self.put_question(entry.words, step.place)
        if isinstance(entry, RequiredRow):
            self.save(add_row(self.answers, entry.key, entry.column, entry.word))
            return
        table: Table = entry  # type: ignore[assignment]
        if step.place.optional and not self.yes(f"Add a {table.row}?"):
            self.passed.add(step.key)
            return
        self.begin_row(table, step.place)

    def another(self, step: Step) -> None:
        """Ask whether there is another row."""
        table: Table = step.place.entry  # type: ignore[assignment]
        if self.yes(f"\nAdd another {table.row}?"):
            self.begin_row(table, step.place)
        else:
            self.passed.add(step.key)

    def begin_row(self, table: Table, place: Place) -> None:
        """Ask for the first column; the row begins with its answer."""
        from piagen.questionnaire.edit import add_row

        first = table.columns[0]
        value = self.ask(first, place)
        if value is not None:
            self.save(add_row(self.answers, table.key, first.leaf, value))

    def keep(self, question: Question, value: object, place: Place) -> None:
        """Put the answer in its place, unless it would make two rows the same."""
        from piagen.questionnaire.across import faults
        from piagen.questionnaire.edit import close, put

        edited = close(put(self.answers, question, value, place.row), place.at)
        for _, says in faults(self.questionnaire, edited):
            say(f"  {says}")
            return
        if question.path == "screening.route":
            edited = self.with_outcome(edited)
        self.save(edited)

    def ask(self, question: Question, place: Place) -> Any:  # noqa: ANN401 - any answer
        """Ask until there is an answer; None if it was passed over or left open."""
        from piagen.cli.reading import NotUnderstood, read
        from piagen.questionnaire.edit import leave_open

        menu = self.menu(question)
        self.put_question(question.words, place, menu)
        while True:
            typed = click.prompt("", default="", show_default=False, prompt_suffix="> ", err=True)
            match typed.strip():
                case "":
                    if question.reach.optional:
                        return None
                    say("  This needs an answer. If nobody knows yet, type :unsure")
                case "?":
                    say_guidance(question.words)
                case ":save" | ":quit":
                    raise Stop
                case ":unsure":
                    note = _or_none("What is not known? (Enter to leave blank)")
                    owner = _or_none("Who will find out? (Enter to leave blank)")
                    self.save(leave_open(self.answers, self.at(question, place), note, owner))
                    return None
                case ":standard" if question.words.standard_text:
                    return " ".join(question.words.standard_text.split())
                case answer:
                    try:
                        return read(question, answer, menu)
                    except NotUnderstood as error:
                        say(f"  {error}")

    def at(self, question: Question, place: Place) -> str:
        """A table that cannot be begun is itself what is left open."""
        return place.at if place.row or "[" not in question.path else question.key

    def put_question(
        self, words: Words, place: Place, menu: Mapping[str, str] | None = None
    ) -> None:
        """Show a question: of which row, its hint, its choices."""
        say("")
        name = self.row_name(place)
        if name and "{row}" not in words.ask:
            say(f"[{name}]")
        say(words.ask.replace("{row}", name))
        if words.hint:
            say(f"  {words.hint}")
        for number, label in enumerate((menu or {}).values(), 1):
            say(f"  {number}. {label}")
        if words.standard_text:
            say(f"  Standard text (type :standard to use it): {words.standard_text.strip()}")

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
        from piagen.domain.fact import rows
        from piagen.questionnaire.naming import name

        if place.row is None:
            return ""
        key = place.at.partition("[")[0]
        return next(
            name(self.questionnaire, key, row, self.answers)
            for row in rows(self.answers, key)
            if row["id"] == place.row
        )

    def say_screening(self) -> None:
        """Say what the screening leads to, before the route is chosen."""
        from piagen.law.screening import screen

        result = screen(self.answers.get("screening", {}))
        if result:
            outcome = self.questionnaire.by_path["screening.outcome"].options[result.outcome]
            say(f"\nThe screening leads to: {outcome}")
            for reason in result.reasons:
                say(f"  {reason.says}")

    def with_outcome(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        """Record the outcome that was accepted, so that a later change shows."""
        from piagen.law.screening import screen

        screening = answers.get("screening", {})
        result = screen(screening)
        outcome = {"outcome": result.outcome} if result else {}
        return {**answers, "screening": {**screening, **outcome}}

    def yes(self, question: str) -> bool:
        """Ask until the answer is yes or no; Enter alone is neither."""
        while True:
            typed = click.prompt(
                f"{question} (yes or no)", default="", show_default=False, err=True
            )
            match typed.strip().lower():
                case "y" | "yes":
                    return True
                case "n" | "no":
                    return False
                case ":save" | ":quit":
                    raise Stop
            say("  Type yes or no.")

    def save(self, answers: Mapping[str, Any]) -> None:
        """Keep the answers in memory and in the file."""
        from piagen.pipeline.answers import write_answers
        from piagen.questionnaire.edit import in_order

        self.answers = in_order(self.questionnaire, answers)
        write_answers(self.path, self.answers)


def say(text: str) -> None:
    """Tell a person something, on stderr, so that stdout stays clean."""
    click.echo(text, err=True)


def say_guidance(words: Words) -> None:
    """Say why we ask, and show an example."""
    for text in (words.guidance, words.example and f"Example: {words.example}"):
        if text:
            say("\n".join(f"  {line}" for line in text.strip().splitlines()))


def _or_none(question: str) -> str | None:
    typed: str = click.prompt(question, default="", show_default=False, err=True)
    return typed.strip() or None
