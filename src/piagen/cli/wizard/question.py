"""Knows how one question of the journey is put, answered and recorded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from piagen.cli.wizard import common_risks, law, screening
from piagen.cli.wizard.ask import Asked, Reply, ask
from piagen.cli.wizard.reading import ONE_LINE, read
from piagen.cli.wizard.terminal import NotUnderstood, in_brief, note, say, yes
from piagen.domain.days import in_words
from piagen.domain.fact import rows
from piagen.domain.stored_path import parse
from piagen.errors import Problem, shown
from piagen.questionnaire import edit
from piagen.questionnaire.across import faults
from piagen.questionnaire.kept import KEPT
from piagen.questionnaire.model import Question
from piagen.questionnaire.survey import Place

if TYPE_CHECKING:
    from piagen.cli.wizard.journey import Journey

GUARDED = ("legal_basis", "necessity", "risks", "sign_off")
GUARDED_LEAVES = ("data_items[].category", "data_items[].special_category")
"""Answers that Enter alone never keeps: power, basis, sensitive data, need, risk and sign-off."""


def is_guarded(at: str) -> bool:
    """Tell whether Enter alone may not keep what was prefilled there."""
    place = parse(at)
    return place.key in GUARDED or place.asked in GUARDED_LEAVES


def answer(journey: Journey, place: Place) -> Reply:
    """Ask one question, keep what comes of it, and return that.

    Raises:
        Stop, Back, ToList: one of these commands was typed.
    """
    question: Question = place.entry  # type: ignore[assignment]
    screening.explain(journey, question)
    while True:
        reply = ask(asked(journey, question, place))
        if reply.kind == "given" and not _fits(journey, question, reply.value, place.row):
            continue
        if (
            reply.kind == "unsure"
            and place.answered
            and not yes("Take the answer away until then?")
        ):
            continue
        record(journey, question, place, reply)
        return reply


def record(journey: Journey, question: Question, place: Place, reply: Reply) -> None:
    """Save what came of a question."""
    at = place.at
    match reply.kind:
        case "given":
            edited = edit.put(journey.answers, question, reply.value, place.row)
            edited = edit.confirm(edit.close(edited, at), [at])
            journey.sitting.wrong.pop(at, None)
            journey.save(screening.recorded(journey, question, edited), at)
        case "kept" if journey.is_unconfirmed(at):
            journey.save(edit.confirm(journey.answers, [at]), at)
        case "cleared":
            journey.sitting.wrong.pop(at, None)
            journey.save(edit.take_out(journey.answers, at), at)
            say("  The answer was taken away.")
        case "unsure":
            leave_open(journey, at, reply.value or "")


def leave_open(journey: Journey, at: str, said: str = "") -> None:
    """Record an open question: what is not known, and who will find out.

    Args:
        journey: this sitting.
        at: the stored path of the place.
        said: what was said already about what is not known.

    Raises:
        Stop, Back, ToList: one of these commands was typed; nothing is recorded.
    """
    if journey.is_profile:
        journey.passed.add(at)
        say("  Left out. Each project asks for it.")
        return
    what = _printable(said or note("What is not known?"))
    who = _printable(note("Who will find out?"))
    before = edit.take_out(journey.answers, at) if parse(at).leaf else journey.answers
    journey.sitting.wrong.pop(at, None)
    journey.save(edit.leave_open(before, at, what, who), at)
    # What was said is saved by now, whatever comes of the day.
    if who and (by := _day(note("By when?"))):
        journey.save(edit.leave_open(before, at, what, who, by), at)
    say("  It is listed as an open question.")


def asked(journey: Journey, question: Question, place: Place) -> Asked:
    """Return how a question is put, with everything that helps to answer it."""
    there = _cell(journey.answers, place)
    wrong = journey.sitting.wrong.get(place.at)
    help_ = law.help_with(journey, question, place)
    doubted = journey.is_unconfirmed(place.at)
    menu = journey.menu(question)
    put, first = question, help_.first
    if question.path == common_risks.SLUG and (menu := common_risks.menu(journey, there)):
        put = replace(question, type="choice")  # the catalogue may lack a slug that a file holds
        first = common_risks.first(journey)
    return Asked(
        question=put,
        where=where(journey, place),
        row_name=journey.row_name(place),
        menu=menu,
        first=first,
        notes=(*help_.notes, *_nothing_yet(journey, question, menu)),
        why=() if question.words.guidance else law.checked(question),
        more=help_.more,
        law=law.behind(question),
        now=None if there is None else journey.in_words(question, place),
        value=there,
        unconfirmed=doubted,
        guarded=doubted and is_guarded(place.at),
        wrong=None if wrong is None else _wrong(question, *wrong),
        standard=_standard(question),
    )


def _nothing_yet(
    journey: Journey, question: Question, menu: Mapping[str, str] | None
) -> tuple[str, ...]:
    """Say where to list what could be chosen, if nothing is listed there yet."""
    if question.of is None or menu:
        return ()
    table = journey.questionnaire.tables[question.of]
    section = journey.questionnaire.section_by_path[table.path]
    return (
        f"Nothing is listed yet under “{table.words.label}”. Type :list and choose "
        f"“{section.title}” first; this question waits for you.",
    )


def where(journey: Journey, place: Place) -> str:
    """Return where we are: "Data flows, question 4 of 9, flow 2: Referral"."""
    key = parse(place.at).key
    here = [
        other.at
        for other in journey.survey().places
        if other.section.id == place.section.id
        and other.last_of is None
        and other.row == place.row
        and (other.row is None or parse(other.at).key == key)
    ]
    told = f"{place.section.title}, question {here.index(place.at) + 1} of {len(here)}"
    if place.row is None:
        return told
    order = [row["id"] for row in rows(journey.answers, key)].index(place.row) + 1
    row = journey.questionnaire.tables[key].row
    return f"{told}, {row} {order}: {in_brief(journey.row_name(place))}"


def _fits(journey: Journey, question: Question, value: object, row: str | None) -> bool:
    """Tell whether the answer makes no two rows the same; say so if it does."""
    edited = edit.put(journey.answers, question, value, row)
    for _, says in faults(journey.questionnaire, edited):
        say(f"  {says}")
        return False
    return True


def _printable(typed: str) -> str | None:
    """Return a note as it may be kept; None if it was left blank."""
    owner = next(c for c in KEPT["open_questions"].columns if c.leaf == "owner")
    while typed:
        try:
            return str(read(owner, typed))
        except NotUnderstood as error:
            say(f"  {error}")
            typed = note("Say it another way.")
    return None


def _day(typed: str) -> str | None:
    """Return a day as it is stored; None if it was left blank."""
    due = next(c for c in KEPT["open_questions"].columns if c.leaf == "due")
    while typed:
        try:
            found = str(read(replace(due, month="end"), typed))
        except NotUnderstood as error:
            say(f"  {error}")
            typed = note("By when?")
        else:
            say(f"  {in_words(date.fromisoformat(found))}")
            return found
    return None


def _wrong(question: Question, value: object, problem: Problem) -> str:
    """What the file holds that cannot be taken; what to write, where nothing else says it."""
    says = f" {problem.says}" if question.type in ("prose", *ONE_LINE) else ""
    return f"The file holds {_held(value)}, which cannot be taken as an answer.{says}"


def _held(value: object) -> str:
    """What the file holds, as a message may quote it."""
    if isinstance(value, list):
        return ", ".join(_held(item) for item in value[:5]) or "an empty list"
    return f"“{shown(str(value))}”"


def _cell(answers: Mapping[str, Any], place: Place) -> Any:  # noqa: ANN401 - any answer
    at = parse(place.at)
    found = answers.get(at.key, {})
    if at.row is not None:
        found = next((row for row in rows(answers, at.key) if row["id"] == at.row), {})
    return found.get(str(at.leaf))


def _standard(question: Question) -> str | None:
    text = question.words.standard_text
    return " ".join(text.split()) if text else None
