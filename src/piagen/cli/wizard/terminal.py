"""Knows the terminal: how lines are shown there, and what a typed word or command means.

Everything is said on standard error, in plain lines: no cursor tricks, no colour, no boxes.
"""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
from collections.abc import Mapping

import click

from piagen.cli.wizard import incoming
from piagen.errors import shown

LONGEST_LINE = 4095
"""Bytes that a terminal hands over as one line; it cuts off the rest without a word."""

WIDEST, NARROWEST = 100, 20
"""Columns that lines are wrapped to, however wide or narrow the terminal is."""

NAMED = 64
"""Letters of a name that are shown where a row is only pointed to; some names are sentences."""

COMMANDS: Mapping[str, str] = {
    "?": "why we ask, what a good answer looks like, and the law",
    ":back": "the question before",
    ":list": "the list of sections",
    ":unsure": "nobody knows yet: say who will find out",
    ":clear": "take an answer away",
    ":edit": "write a long answer in your own editor",
    ":standard": "use the standard text, where one is offered",
    ":save": "stop here; everything is saved",
}
"""What can be typed at any question, and what it does."""

MOVES = (":back", ":list", ":save")
"""What can be typed at any prompt."""


class NotUnderstood(ValueError):
    """What was typed is no answer to the question; the message says what to type."""


class Stop(Exception):
    """Somebody chose to stop here."""


class Back(Exception):
    """Somebody wants the question before."""


class ToList(Exception):
    """Somebody wants the list of sections."""


def say(text: str = "") -> None:
    """Tell a person something; lines break between words, and keep their indent."""
    width = max(NARROWEST, min(WIDEST, _columns()))
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


def _columns() -> int:
    """How wide the terminal is now: it may have been resized since the last line."""
    try:
        found = os.get_terminal_size(sys.stderr.fileno()).columns
    except (OSError, ValueError):  # it is a file or a pipe
        found = 0
    return found or shutil.get_terminal_size().columns


def say_within(text: str, indent: str = "  ") -> None:
    """Tell something of several lines or paragraphs, all of it indented."""
    say("\n".join(f"{indent}{line}".rstrip() for line in text.strip().splitlines()))


def in_brief(name: str) -> str:
    """Return what something is called as far as it fits on a line of its own."""
    return textwrap.shorten(name, NAMED, placeholder=" …")


def say_command(command: str) -> None:
    """Show a command on a line of its own, never wrapped, so that it can be copied."""
    click.echo(f"  {command}", err=True)


def say_commands(indent: str) -> None:
    """Show what can be typed at any question."""
    width = max(len(command) for command in COMMANDS)
    for command, means in COMMANDS.items():
        say(f"{indent}{command:<{width}}  {means}")


def typed(*, several_lines: bool = False, known: tuple[str, ...] = tuple(COMMANDS)) -> str:
    """Return what is typed at the prompt; lines pasted together are one answer, or are refused.

    What came in before the prompt was shown can be no answer to it: it is the rest of a paste. It
    is not taken, and that is said.

    Args:
        several_lines: whether the answer may hold more than one line.
        known: the commands that mean something here, without what follows them.

    Raises:
        NotUnderstood: more came than the terminal or the question can take; nothing is kept.
        Stop, Back, ToList: one of these commands was typed.
        click.Abort: the input ended, or Ctrl-C was pressed.
    """
    if early := " ".join(incoming.waiting().split()):
        say(f"\n  This came before the question, so it is not taken: “{shown(early, 60)}”")
    click.echo("> ", nl=False, err=True)
    lines = incoming.lines()
    _refuse_what_was_cut_off(lines)
    if len(lines) > 1 and not several_lines:
        raise NotUnderstood("More than one line came, and none was taken. Type one line.")
    text = incoming.soft_returns_as("\n".join(lines), "\n" if several_lines else " ")
    text = "\n".join(line.rstrip() for line in text.split("\n")).strip()
    if not several_lines:
        text = text.replace("\t", " ")
    return _obeyed(text, known)


def _refuse_what_was_cut_off(lines: list[str]) -> None:
    longest = max(len(line.encode(errors="surrogateescape")) for line in lines)
    if longest >= incoming.MOST_BYTES:
        raise NotUnderstood("That line is far too long for an answer. Type a shorter one.")
    if longest >= LONGEST_LINE and sys.stdin.isatty():
        raise NotUnderstood(
            "That line is too long for a terminal, which cuts it off. Type :edit to write it in "
            "your editor, or paste it in several shorter lines."
        )
    if any("\udc80" <= letter <= "\udcff" for line in lines for letter in line):
        raise NotUnderstood("Some of that is not text that can be read here. Type it again.")


def _obeyed(text: str, known: tuple[str, ...]) -> str:
    """Do what a command says that means the same everywhere; return any other text."""
    word, space, rest = text.partition(" ")
    if not text.startswith(":"):
        return text
    command = word.casefold()
    if command not in known:
        listed = ", ".join(name for name in known if name != "?")
        raise NotUnderstood(f"“{shown(word, 30)}” is none of the commands: {listed}.")
    match command:
        case ":save":
            raise Stop
        case ":back":
            raise Back
        case ":list":
            raise ToList
    return f"{command}{space}{rest}"


def choose(question: str, known: tuple[str, ...] = MOVES) -> str:
    """Ask for one short word, and return it in lower case.

    Raises:
        Stop, Back, ToList: one of these commands was typed.
        click.Abort: the input ended, or Ctrl-C was pressed.
    """
    say(question)
    while True:
        try:
            return " ".join(typed(known=known).lower().split())
        except NotUnderstood as error:
            say(f"  {error}")


def yes(question: str) -> bool:
    """Ask until the answer is yes or no; Enter alone is neither.

    Raises:
        Stop, Back, ToList: one of these commands was typed.
    """
    say(f"{question} (yes or no)")
    while True:
        try:
            match typed(known=MOVES).lower():
                case "y" | "yes":
                    return True
                case "n" | "no":
                    return False
            say("  Type yes or no.")
        except NotUnderstood as error:
            say(f"  {error}")


def note(question: str) -> str:
    """Ask for a note of one line; empty if it was left blank.

    Raises:
        Stop, Back, ToList: one of these commands was typed.
    """
    say(f"{question} (Enter to leave blank)")
    while True:
        try:
            return typed(known=MOVES)
        except NotUnderstood as error:
            say(f"  {error}")


def in_editor(text: str) -> str:
    """Let a long answer be written in the user's own editor.

    Raises:
        NotUnderstood: no editor can be started here, or nothing was saved in it.
    """
    if not (sys.stdin.isatty() or os.environ.get("VISUAL") or os.environ.get("EDITOR")):
        raise NotUnderstood("There is no terminal here to start an editor in. Type the answer.")
    try:
        written = click.edit(text, extension=".txt")
    except (click.ClickException, OSError) as error:
        raise NotUnderstood(
            "No editor could be started. Set EDITOR to the one you use, or type the answer here."
        ) from error
    except UnicodeError as error:
        raise NotUnderstood("The editor did not save UTF-8 text, so nothing changed.") from error
    if written is None or not written.strip():
        raise NotUnderstood("Nothing was saved in the editor, so nothing changed.")
    return incoming.soft_returns_as(written.replace("\r\n", "\n"), "\n").strip()
