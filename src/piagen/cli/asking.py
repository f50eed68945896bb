"""Knows how a question stands on the terminal, and how what is typed there is taken."""

from __future__ import annotations

import os
import select
import shutil
import sys
import textwrap
from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from piagen.questionnaire.model import Question, Words

HELP = """Type your answer and press Enter. At a question you may also type:
  ?          why we ask, and an example
  :unsure    nobody knows yet; who will find out
  :standard  use the standard text, where one is offered
  :save      stop here; everything is saved
Press Enter alone to pass over a question that is optional."""

LONGEST_LINE = 4095
"""What a terminal hands over as one line; it cuts off the rest without a word."""


COMMANDS = (":unsure", ":standard", ":save")


class NotUnderstood(ValueError):
    """What was typed is no answer to the question; the message says what to type."""


class Stop(Exception):
    """Somebody chose to stop here."""


def say(text: str) -> None:
    """Tell a person something, on stderr, so that stdout stays clean; lines break between words."""
    width = min(100, shutil.get_terminal_size().columns)
    for line in text.split("\n"):
        indent = line[: len(line) - len(line.lstrip())]
        parts = textwrap.wrap(
            line,
            width,
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
        )
        click.echo("\n".join(parts) if parts else "", err=True)


def say_command(command: str) -> None:
    """Show a command on a line of its own, never wrapped, so that it can be copied."""
    click.echo(f"  {command}", err=True)


def say_guidance(words: Words) -> None:
    """Say why we ask, and show an example."""
    for text in (words.guidance, words.example and f"Example: {words.example}"):
        if text:
            say("\n".join(f"  {line}" for line in text.strip().splitlines()))


def put_question(
    words: Words, row_name: str, menu: Mapping[str, str], question: Question | None = None
) -> None:
    """Show a question: of which row, its hint, its choices, its standard text."""
    say("")
    if row_name and "{row}" not in words.ask:
        say(f"[{row_name}]")
    optional = " (optional)" if question and question.reach.optional else ""
    say(words.ask.replace("{row}", row_name) + optional)
    if words.hint:
        say(f"  {words.hint}")
    for number, label in numbered(menu).items():
        say(f"  {number}. {label}")
    if words.standard_text:
        say(f"  Standard text (type :standard to use it): {' '.join(words.standard_text.split())}")
    if question and question.type in ("choices", "references") and menu:
        say("  Type one or more numbers, with commas between, or none.")


def numbered(menu: Mapping[str, str]) -> Mapping[str, str]:
    """Return the choices by what is typed for them.

    Where the words are themselves numbers, as paragraphs of a Schedule are, they are what is typed:
    18 must never mean the eighteenth line.
    """
    if all(word.isdigit() for word in menu):
        return menu
    return {str(place): label for place, label in enumerate(menu.values(), 1)}


def typed_answer(*, several_lines: bool) -> str:
    """Return what is typed; lines pasted together are one answer, or are refused.

    Args:
        several_lines: whether the answer may hold more than one line.

    Raises:
        NotUnderstood: more came than the terminal or the question can take; nothing is kept.
        click.Abort: the input ended, or Ctrl-C was pressed.
    """
    lines = [_line("", "> "), *_pasted()]
    if any(len(line.encode()) >= LONGEST_LINE for line in lines):
        raise NotUnderstood(
            "That line is too long for a terminal, which would cut it off. Type it in several "
            "shorter lines by pasting them together."
        )
    if len(lines) > 1 and not several_lines:
        raise NotUnderstood("More than one line came. Type the answer on one line.")
    typed = "\n".join(line.rstrip() for line in lines).strip()
    if typed.startswith(":") and typed not in COMMANDS:
        known = ", ".join(COMMANDS)
        raise NotUnderstood(f"“{typed[:30]}” is none of the commands: {known}.")
    return typed


def yes(question: str) -> bool:
    """Ask until the answer is yes or no; Enter alone is neither.

    Raises:
        Stop: `:save` was typed.
    """
    while True:
        match _line(f"{question} (yes or no)", ": ").strip().lower():
            case "y" | "yes":
                return True
            case "n" | "no":
                return False
            case ":save":
                raise Stop
        say("  Type yes or no, or :save to stop here.")


def note(question: str) -> str:
    """Ask for a note of one line; empty if it was left blank.

    Raises:
        Stop: `:save` was typed.
    """
    typed = _line(f"{question} (Enter to leave blank)", ": ").strip()
    if typed == ":save":
        raise Stop
    return typed


def _line(prompt: str, suffix: str) -> str:
    typed: str = click.prompt(
        prompt, default="", show_default=False, prompt_suffix=suffix, err=True
    )
    return typed


def _pasted() -> list[str]:
    """Return the lines that came together with the one just read: a paste, not a person."""
    if not sys.stdin.isatty():
        return []
    found = b""
    while select.select([sys.stdin], [], [], 0.02)[0]:
        part = os.read(sys.stdin.fileno(), 65_536)
        if not part:
            break
        found += part
    return found.decode("utf-8", "replace").splitlines()
