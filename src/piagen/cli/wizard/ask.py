"""Knows how one question is asked, until there is an answer or a reason why there is none."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from piagen.cli.wizard.incoming import soft_returns_as
from piagen.cli.wizard.reading import ONE_LINE, Several, chosen, found_by, read
from piagen.cli.wizard.terminal import (
    COMMANDS,
    NotUnderstood,
    in_editor,
    say,
    say_commands,
    say_within,
    typed,
)
from piagen.errors import shown as quoted
from piagen.frozen import frozen
from piagen.questionnaire.model import Question
from piagen.rendering.wording import read as in_words

MOST_SHOWN = 16
"""Choices that are all listed; a longer list is searched."""


MENUS = ("choice", "choices", "reference", "references")
"""Types of question that are answered from a menu."""


@frozen
class Asked:
    """One question as it is put.

    Attributes:
        question: what is asked.
        where: where we are: "Data flows, question 4 of 9, flow 2: Referral".
        row_name: what the row is called; empty for a question of a section.
        menu: word or row id to label, in the order offered.
        first: words of the menu to show first, each with why: suggestions.
        law: the law behind the question, in words.
        now: the answer there is, in words; None where there is none.
        value: the same, as it is stored.
        unconfirmed: whether it was prefilled and nobody has confirmed it.
        guarded: whether Enter alone never keeps it.
        wrong: what the file holds that cannot be taken, and what to do.
        standard: the standard text that is offered.
        notes: what else helps here, a line each.
        why: why the answer matters, a paragraph each; `?` tells it.
        more: what else `?` tells, a line each.
    """

    question: Question
    where: str
    row_name: str = ""
    menu: Mapping[str, str] | None = None
    first: Mapping[str, str] | None = None
    law: tuple[str, ...] = ()
    now: str | None = None
    value: Any = None
    unconfirmed: bool = False
    guarded: bool = False
    wrong: str | None = None
    standard: str | None = None
    notes: tuple[str, ...] = ()
    why: tuple[str, ...] = ()
    more: tuple[str, ...] = ()


@frozen
class Reply:
    """What came of a question.

    Attributes:
        kind: an answer was given; the one there kept, or cleared; the question was passed over; or
            nobody is sure.
        value: the answer, or what was said with `:unsure`.
    """

    kind: Literal["given", "kept", "cleared", "passed", "unsure"]
    value: Any = None


def ask(asked: Asked) -> Reply:
    """Ask until there is an answer.

    Raises:
        Stop, Back, ToList: one of these commands was typed.
        click.Abort: the input ended, or Ctrl-C was pressed.
    """
    put(asked)
    shown = dict(_shown(asked))
    while True:
        try:
            text = typed(
                several_lines=asked.question.type == "prose",
                known=_known(asked),
            )
            if reply := _reply(asked, text, shown):
                return reply
        except NotUnderstood as error:
            say(f"  {error}")


def _known(asked: Asked) -> tuple[str, ...]:
    more = (":search",) if asked.menu and asked.question.type in MENUS else ()
    return (*COMMANDS, ":keep", *more)


def _reply(asked: Asked, text: str, shown: dict[str, str]) -> Reply | None:
    command, _, rest = text.partition(" ")
    match command:
        case "?":
            say_guidance(asked)
        case ":keep" if asked.now is not None:
            return Reply("kept", asked.value)
        case ":keep":
            raise NotUnderstood("There is no answer to keep. Type one.")
        case ":unsure":
            return Reply("unsure", rest.strip())
        case ":clear" if asked.value is not None or asked.wrong is not None:
            return Reply("cleared")
        case ":clear":
            raise NotUnderstood("There is no answer to take away.")
        case ":edit":
            return _edited(asked)
        case ":standard":
            if asked.standard is None:
                raise NotUnderstood("There is no standard text for this question.")
            return Reply("given", asked.standard)
        case ":search":
            _search(asked, rest, shown)
        case "":
            return _enter(asked)
        case _:
            return _given(asked, text, shown)
    return None


def _enter(asked: Asked) -> Reply:
    if asked.now is not None and not asked.guarded:
        return Reply("kept", asked.value)
    if asked.now is not None:
        raise NotUnderstood("This one matters too much for Enter alone. Type :keep to keep it.")
    if asked.question.reach.optional:
        return Reply("passed")
    needed = asked.question.words.errors.get("required", "This needs an answer.")
    raise NotUnderstood(f"{needed} If nobody knows yet, type :unsure")


def _given(asked: Asked, text: str, shown: dict[str, str]) -> Reply | None:
    menu = asked.menu
    if menu is None or asked.question.type not in MENUS:
        value = read(asked.question, text)
    else:
        several = asked.question.type in ("choices", "references")
        try:
            value = chosen(text, shown, menu, several=several)
        except Several as error:
            _number(error.words, menu, shown)
            raise NotUnderstood("More than one has that. Type a number.") from error
    _say_back(asked, value)
    return Reply("given", value)


def _edited(asked: Asked) -> Reply | None:
    if asked.question.type not in ("prose", "text"):
        raise NotUnderstood("Type the answer here: it is a short one.")
    written = in_editor(str(asked.value or asked.standard or ""))
    if asked.question.type in ONE_LINE:
        written = soft_returns_as(" ".join(written.split("\n")), " ")
    return Reply("given", read(asked.question, written))


def _search(asked: Asked, words: str, shown: dict[str, str]) -> None:
    """Show what in a long list has the words; it can then be chosen by number."""
    menu = asked.menu or {}
    if not words.strip():
        raise NotUnderstood("Type :search and a word or two, such as :search housing")
    found = found_by(words, menu)
    if not found:
        raise NotUnderstood(f"Nothing in the list has “{quoted(words, 40)}”. Try another word.")
    _number(found, menu, shown)


def _number(found: Sequence[str], menu: Mapping[str, str], shown: dict[str, str]) -> None:
    """Show choices with the numbers they have, or get."""
    numbers = {word: number for number, word in shown.items()}
    own = all(word.isdigit() for word in menu)
    for word in found[:MOST_SHOWN]:
        if word not in numbers:
            number = word if own else str(len(shown) + 1)
            shown[number], numbers[word] = word, number
        say(f"  {numbers[word]}. {menu[word]}")
    if len(found) > MOST_SHOWN:
        say(f"  And {len(found) - MOST_SHOWN} more: add a word to narrow it down.")


def put(asked: Asked) -> None:
    """Show a question: where we are, its words, hint, example, choices and what is there now."""
    question, words = asked.question, asked.question.words
    say()
    say(asked.where)
    passes = question.reach.optional and asked.now is None
    optional = " (optional: press Enter to pass)" if passes else ""
    say(words.ask.replace("{row}", asked.row_name) + optional)
    if words.hint:
        say_within(words.hint)
    if words.example and question.type in ("text", "prose"):
        say(f"  For example: {words.example}")
    for line in asked.notes:
        say(f"  {line}")
    _put_menu(asked)
    if asked.standard is not None:
        say("  Standard text, for you to check (type :standard to use it, :edit to change it):")
        say_within(asked.standard, "    ")
    if asked.wrong is not None:
        say(f"  {asked.wrong}")
    if asked.now is not None:
        _put_now(asked)


def _put_now(asked: Asked) -> None:
    state = "Prefilled, not confirmed" if asked.unconfirmed else "Now"
    say_within(f"{state}: {asked.now}")
    how = "Type :keep" if asked.guarded else "Press Enter"
    say(f"  {how} to keep it, or type another answer.")


def _put_menu(asked: Asked) -> None:
    if asked.menu is None or asked.question.type == "boolean":
        return
    for number, word in _shown(asked).items():
        label = asked.menu[word]
        why = (asked.first or {}).get(word)
        say(f"  {number}. {label}")
        if why:
            say_within(why, "     ")
    if left := len(asked.menu) - len(_shown(asked)):
        others = "others" if _shown(asked) else "choices"
        say(
            f"  There are {left} {others}. Type a word or two to find yours; with :search before "
            "them, nothing is chosen yet."
        )
    if asked.menu and asked.question.type in ("choices", "references"):
        say("  Type numbers or names, with commas between; or none.")


def _shown(asked: Asked) -> Mapping[str, str]:
    """Return what is listed, by what is typed for it.

    Where the words are themselves numbers, as paragraphs of a Schedule are, they are what is typed:
    18 must never mean the eighteenth line.
    """
    menu = asked.menu or {}
    if menu and all(word.isdigit() for word in menu):
        return {word: word for word in menu}
    first = [word for word in asked.first or {} if word in menu]
    rest = [] if len(menu) > MOST_SHOWN else [word for word in menu if word not in first]
    return {str(place): word for place, word in enumerate([*first, *rest], 1)}


def say_guidance(asked: Asked) -> None:
    """Say why we ask, what good looks like, which law stands behind it, and what can be typed."""
    words = asked.question.words
    if words.guidance:
        say_within("\n".join(_paragraphs(words.guidance)))
    for line in asked.why:
        say_within(line)
    if words.example:
        say_within(f"For example: {words.example}")
    for line in asked.law:
        say_within(f"Law: {line}")
    for line in asked.more:
        say_within(line)
    say("  You can type:")
    say_commands("    ")
    if asked.menu and asked.question.type in MENUS:
        say("    :search    words to find in the list, after it; nothing is chosen yet")
    if asked.guarded:
        say("    :keep      keep what is there now")


def _paragraphs(text: str) -> list[str]:
    """Return its paragraphs as one line each; lists keep their lines."""
    found: list[str] = []
    for part in re.split(r"\n\s*\n", text.strip()):
        lines = [line.strip() for line in part.splitlines()]
        listed = any(re.match(r"[-*•]|\d+\.", line) for line in lines)
        found += lines if listed else [" ".join(lines)]
    return found


def _say_back(asked: Asked, value: object) -> None:
    """Say a choice, a date or a number back in words, so that a slip is seen at once."""
    menu = asked.menu or {}
    if asked.question.type in ("text", "prose", "email", "url"):
        return
    if asked.question.of or menu:
        words = value if isinstance(value, list) else [value]
        say("  " + ("; ".join(menu[str(word)] for word in words) or "None of these"))
    else:
        say("  " + in_words(asked.question, value, lambda _, row: row))
