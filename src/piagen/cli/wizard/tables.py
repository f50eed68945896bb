"""Knows how the rows of a table are added, copied, changed, moved and removed at the terminal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from piagen.cli.wizard import common_risks
from piagen.cli.wizard import question as one
from piagen.cli.wizard.ask import Asked, ask
from piagen.cli.wizard.terminal import Back, choose, in_brief, say, say_within, yes
from piagen.domain.fact import rows
from piagen.domain.stored_path import parse
from piagen.questionnaire import edit
from piagen.questionnaire.across import faults
from piagen.questionnaire.missing import open_questions
from piagen.questionnaire.model import Question, RequiredRow, Section, Table
from piagen.questionnaire.naming import NAMED_BY
from piagen.questionnaire.rows import copy_row, loss, move_row, remove_row
from piagen.questionnaire.survey import Place
from piagen.questionnaire.walk import Step

if TYPE_CHECKING:
    from piagen.cli.wizard.journey import Journey

_ADD = ("add", "a", "yes", "y", "another")

WORTH_COPYING = 3
"""Answers of the row before that make a copy worth the question."""


def first_row(journey: Journey, step: Step) -> None:
    """Begin a table, or a row that must be there.

    Raises:
        Stop, Back, ToList: one of these commands was typed.
    """
    entry = step.place.entry
    say()
    say(entry.words.ask)
    if entry.words.hint:
        say_within(entry.words.hint)
    if isinstance(entry, RequiredRow):
        journey.save(edit.add_row(journey.answers, entry.key, entry.column, entry.word))
        return
    table = journey.questionnaire.tables[step.place.at]
    if step.place.optional and not yes(f"Add {_a(table.row)}?"):
        journey.passed.add(step.key)
        return
    add(journey, table, step.place.section)


def menu(journey: Journey, place: Place) -> None:
    """Show the rows, and change them until somebody goes on.

    Raises:
        Stop, Back, ToList: one of these commands was typed.
    """
    table = journey.questionnaire.tables[place.at]
    while True:
        order = _say_rows(journey, table, place.section)
        word = choose(_what_next(table, order))
        while not (word in ("", "no", "n") or _is_understood(word, order)):
            say(f"  {_how_to_choose(order)}")
            word = choose(_what_next(table, order))
        if word in ("", "no", "n"):
            if table.key == common_risks.TABLE:
                common_risks.consider(journey, lambda row: fill(journey, table, row, place.section))
            return
        try:
            _do(journey, table, place.section, word, order)
        except Back:
            continue


def _what_next(table: Table, order: list[str]) -> str:
    if not order:
        return f"Type add for {_a(table.row)}, or press Enter to go on."
    return (
        f"Type add for another {table.row}, or a number to change one; copy, remove, up or down "
        "and a number; or press Enter to go on."
    )


def _is_understood(word: str, order: list[str]) -> bool:
    verb, _, which = word.partition(" ")
    return word in _ADD or _among(word, order) or (verb in _VERBS and _among(which, order))


def _do(journey: Journey, table: Table, section: Section, word: str, order: list[str]) -> None:
    verb, _, which = word.partition(" ")
    if word in _ADD:
        add(journey, table, section)
    elif which:
        _VERBS[verb](journey, table, order[int(which) - 1], section)
    else:
        change(journey, table, order[int(word) - 1])


def _among(typed: str, order: list[str]) -> bool:
    return typed.isascii() and typed.isdigit() and 1 <= int(typed[:6]) <= len(order)


def _how_to_choose(order: list[str]) -> str:
    match len(order):
        case 0:
            return "That is neither add nor Enter."
        case 1:
            return "That is neither add, nor 1, nor a word and a number such as copy 1."
    return f"That is neither add, nor a number from 1 to {len(order)}, nor such as copy 1."


def _say_rows(journey: Journey, table: Table, section: Section) -> list[str]:
    """Show each row in one line; return their ids in that order."""
    names = dict(journey.names(table.key))
    say(f"\n{table.words.label} so far:" if names else f"\n{table.words.label}: none so far.")
    for number, (row, called) in enumerate(names.items(), 1):
        say(f"  {number}. {in_brief(called)}{_left(journey, table, row, section)}")
    return list(names)


def add(journey: Journey, table: Table, section: Section, like: str | None = None) -> None:
    """Ask for the first answer of a new row, with which it begins; then for its other answers.

    Args:
        journey: this sitting.
        table: where the row goes.
        section: where it is asked.
        like: the row to copy; None to offer the one before, unless each row is something else, as
            organisations are.

    Raises:
        Stop, Back, ToList: one of these commands was typed.
    """
    first = next(column for column in table.columns if not column.reach.optional)
    before = [row["id"] for row in rows(journey.answers, table.key)]
    edited = None
    while edited is None:
        where = f"{section.title}, new {table.row}"
        notes = tuple(common_risks.notes(journey)) if table.key == common_risks.TABLE else ()
        reply = ask(Asked(question=first, where=where, menu=journey.menu(first), notes=notes))
        if reply.kind == "unsure" and not before:
            one.leave_open(journey, table.key, reply.value or "")
            return
        if reply.kind == "unsure":
            say(f"  {_a(table.row).capitalize()} begins with this. Type :back to add none.")
            continue
        alike = not (table.unique or table.key in NAMED_BY)
        source = like or (before[-1] if before and alike else None)
        if source and (like or _offer_copy(journey, table, source, first)):
            edited = copy_row(journey.answers, table, source, first.leaf, reply.value)
        else:
            edited = edit.add_row(journey.answers, table.key, first.leaf, reply.value)
        for _, says in faults(journey.questionnaire, edited):
            say(f"  {says}")
            edited = None
            break
    journey.save(edit.close(edited, table.key))
    new = rows(journey.answers, table.key)[-1]["id"]
    _forget(journey, table, new)
    fill(journey, table, new, section)


def fill(journey: Journey, table: Table, row: str, section: Section) -> None:
    """Ask for what a row still lacks, optional answers too, in the order of its columns.

    Raises:
        Stop, ToList: one of these commands was typed; the row is left half done.
        Back: there is no question before in this row.
    """
    while True:
        places = [p for p in _places(journey, table, row) if p.section.id == section.id]
        known = open_questions(journey.answers)
        todo = (p for p in places if not (p.answered or p.at in known or p.at in journey.passed))
        place = next(todo, None)
        if place is None:
            return
        while True:
            try:
                journey.put(place)
                break
            except Back:
                before = [p for p in places[: _index(places, place)] if _met(journey, p)]
                if not before:
                    raise
                place = before[-1]


def _index(places: list[Place], place: Place) -> int:
    return next(i for i, other in enumerate(places) if other.at == place.at)


def _met(journey: Journey, place: Place) -> bool:
    """Whether a question of the row was asked by now."""
    known = open_questions(journey.answers)
    return place.answered or place.at in known or place.at in journey.passed


def _offer_copy(journey: Journey, table: Table, row: str, first: Question) -> bool:
    """Show what a copy of the row before would hold, and ask."""
    cells = [(c, text) for c, text in _cells(journey, table, row) if c.leaf != first.leaf]
    if len(cells) < WORTH_COPYING:
        return False
    say(f"\nThe {table.row} before, {in_brief(journey.name(table.key, row))}, has:")
    for column, text in cells:
        say_within(f"{column.words.label}: {text}")
    return yes("Is the new one the same in all of this? You can change each answer afterwards.")


def change(journey: Journey, table: Table, row: str, _: Section | None = None) -> None:
    """Show the answers of a row, numbered, and ask again for those that are chosen.

    Raises:
        Stop, Back, ToList: one of these commands was typed.
    """
    while True:
        places = {str(n): place for n, place in enumerate(_places(journey, table, row), 1)}
        say(f"\n{table.row.capitalize()}: {in_brief(journey.name(table.key, row))}")
        for number, place in places.items():
            question: Question = place.entry  # type: ignore[assignment]
            text = journey.in_words(question, place) if place.answered else "not answered"
            say_within(f"{number}. {question.words.label}: {text}")
        while (
            word := choose("Type a number to change an answer, or press Enter to go back.")
        ) and word not in places:
            say(f"  Type a number from 1 to {len(places)}, or press Enter.")
        if not word:
            return
        try:
            journey.put(places[word])
        except Back:
            continue


def _copy(journey: Journey, table: Table, row: str, section: Section) -> None:
    add(journey, table, section, like=row)


def _remove(journey: Journey, table: Table, row: str, _: Section) -> None:
    """Say what would go too, and remove the row only on a yes."""
    name = journey.name(table.key, row)
    going = loss(journey.questionnaire, journey.answers, table.key, row)
    for text, paths in (
        ("These would be removed too", going.rows),
        (f"These would no longer name {name}", going.references),
    ):
        if paths:
            say(f"  {text}:")
            for path in paths:
                say(f"    {journey.place_in_words(path)}")
    if not yes(f"Remove {name}?"):
        return
    journey.save(remove_row(journey.questionnaire, journey.answers, table.key, row))
    _forget(journey, table, row)
    say("  Removed.")


def _forget(journey: Journey, table: Table, row: str) -> None:
    """Forget what was passed over in a row of this name, which is gone or new."""
    journey.passed -= {key for key in journey.passed if key.startswith(f"{table.key}[{row}]")}


def _up(journey: Journey, table: Table, row: str, _: Section) -> None:
    journey.save(move_row(journey.answers, table.key, row, -1))


def _down(journey: Journey, table: Table, row: str, _: Section) -> None:
    journey.save(move_row(journey.answers, table.key, row, 1))


_VERBS: Mapping[str, Callable[[Journey, Table, str, Section], None]] = {
    "copy": _copy,
    "change": change,
    "remove": _remove,
    "delete": _remove,
    "up": _up,
    "down": _down,
}


def _a(row: str) -> str:
    """`purpose` reads a purpose, `action` an action."""
    return f"{'an' if row[0] in 'aeiou' else 'a'} {row}"


def _places(journey: Journey, table: Table, row: str) -> list[Place]:
    return [
        place
        for place in journey.survey().places
        if place.row == row
        and isinstance(place.entry, Question)
        and parse(place.at).key == table.key
    ]


def _cells(journey: Journey, table: Table, row: str) -> list[tuple[Question, str]]:
    return [
        (place.entry, journey.in_words(place.entry, place))
        for place in _places(journey, table, row)
        if place.answered and isinstance(place.entry, Question)
    ]


def _left(journey: Journey, table: Table, row: str, section: Section) -> str:
    """How much of a row is still to be answered in this section, if anything."""
    known = open_questions(journey.answers)
    here = [p for p in _places(journey, table, row) if p.section.id == section.id]
    left = sum(not (p.answered or p.optional or p.at in known) for p in here)
    return f" ({left} still to answer)" if left else ""
