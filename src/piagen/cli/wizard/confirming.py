"""Knows how prefilled answers are shown for confirmation, section by section."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from piagen.cli.wizard import screening
from piagen.cli.wizard.question import is_guarded
from piagen.cli.wizard.terminal import Back, choose, in_brief, say, say_within
from piagen.domain.stored_path import parse
from piagen.questionnaire import edit
from piagen.questionnaire.model import Question, Section
from piagen.questionnaire.survey import Place

if TYPE_CHECKING:
    from piagen.cli.wizard.journey import Journey


def confirm(journey: Journey, section: Section) -> None:
    """Show what was prefilled in a section until it is confirmed, changed or left for later.

    Raises:
        Stop, Back, ToList: one of these commands was typed.
    """
    while places := waiting(journey, section):
        numbers = show(journey, places)
        if section.id == "screening":
            screening.say_result(journey)
        guarded = [place for place in places if is_guarded(place.at)]
        what = f"all {len(places)}" if len(places) > 1 else "it"
        how = f"Type yes to confirm {what}" if guarded else f"Press Enter to confirm {what}"
        asked = f"{how}, a number to change one, or later to leave them unconfirmed."
        while True:
            word = choose(asked).rstrip(".")
            match word:
                case "" if guarded:
                    say(
                        "  Power, basis, sensitive data, need, risk and sign-off are never "
                        "confirmed by Enter alone. Type yes once you have read them."
                    )
                    continue
                case "" | "yes" | "y":
                    sure = edit.confirm(journey.answers, [place.at for place in places])
                    is_chosen = any(place.at == "screening.route" for place in places)
                    journey.save(screening.with_outcome(sure) if is_chosen else sure)
                case "later":
                    return
                case number if number in numbers:
                    _change(journey, numbers[number])
                case _:
                    say("  Type yes, later, or a number from the list.")
                    continue
            break


def _change(journey: Journey, at: str) -> None:
    try:
        journey.open_at(at)
    except Back:
        return


def waiting(journey: Journey, section: Section) -> list[Place]:
    """Return the places of a section whose answers wait to be confirmed."""
    return [
        place
        for place in journey.survey().places
        if place.section.id == section.id
        and place.answered
        and isinstance(place.entry, Question)
        and journey.is_unconfirmed(place.at)
    ]


def show(journey: Journey, places: list[Place]) -> dict[str, str]:
    """Show answers, numbered, row by row; return the stored path of each number."""
    numbers: dict[str, str] = {}
    say("\nPrefilled for you to check:")
    for row, group in groupby(places, lambda place: (parse(place.at).key, place.row)):
        if row[1] is not None:
            called = in_brief(journey.name(row[0], row[1]))
            say(f"  {journey.questionnaire.tables[row[0]].row.capitalize()}: {called}")
        for place in group:
            number = str(len(numbers) + 1)
            numbers[number] = place.at
            question: Question = place.entry  # type: ignore[assignment]
            say_within(f"{number}. {question.words.label}: {journey.in_words(question, place)}")
    return numbers
