"""Knows how the risks that are common in such projects are brought to the list of risks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from piagen.cli.wizard.terminal import NotUnderstood, choose, note, say, say_within
from piagen.domain.fact import rows
from piagen.practice.risk_prompts import CatalogueRisk, prompts, title
from piagen.questionnaire import edit
from piagen.questionnaire.kept import KEPT

if TYPE_CHECKING:
    from piagen.cli.wizard.journey import Journey

TABLE, SLUG = "risks", "risks[].slug"

MOST_NAMED = 7
"""Risks that are named before a new row; the others are in the menu."""


def left(journey: Journey) -> tuple[CatalogueRisk, ...]:
    """Return the risks that the answers call for and nobody has listed or set aside."""
    kept = {key: journey.answers[key] for key in KEPT if key in journey.answers}
    return prompts({**journey.survey().visible, **kept})


def notes(journey: Journey) -> Iterator[str]:
    """Yield what is common in such projects and not listed yet, a line each."""
    waiting = left(journey)
    if waiting:
        yield "Common in projects like this, and not listed yet (you can choose one next):"
        yield from (f"- {risk.title}" for risk in waiting[:MOST_NAMED])
    if len(waiting) > MOST_NAMED:
        yield f"And {len(waiting) - MOST_NAMED} more: you can go through them after this one."


def menu(journey: Journey, now: str | None) -> Mapping[str, str]:
    """Return what a risk may be based on, by slug: what is left, and what it is based on now."""
    there = {} if now is None else {now: title(now)}
    return there | {risk.slug: risk.title for risk in left(journey)}


def first(journey: Journey) -> Mapping[str, str]:
    """Return those of the menu that are listed, where it is too long to be listed whole."""
    return {risk.slug: "" for risk in left(journey)[:MOST_NAMED]}


def consider(journey: Journey, fill: Callable[[str], None]) -> None:
    """Offer what is left, one by one: to list it, to set it aside with a reason, or to leave it.

    Args:
        journey: this sitting.
        fill: asks for the other answers of a new row.

    Raises:
        Stop, Back, ToList: one of these commands was typed.
    """
    waiting = left(journey)
    if not waiting:
        return
    many = "1 risk is" if len(waiting) == 1 else f"{len(waiting)} risks are"
    say(f"\n{many} common in projects like this, and neither listed nor set aside.")
    question = "Type look to go through what is left, or press Enter to go on."
    while (word := choose(question)) not in ("", "look"):
        say("  That is neither look nor Enter.")
    if not word:
        return
    for number, risk in enumerate(waiting, 1):
        say(f"\nCommon risk {number} of {len(waiting)}: {risk.title}")
        say_within(risk.why)
        say_within(f"It comes up because {risk.arises_when}.")
        if risk.measures:
            say_within(f"What usually helps: {' '.join(risk.measures)}")
        said = note("Type add to list it, or say why it cannot happen here.")
        if said.casefold() == "add":
            fill(_listed(journey, risk))
        elif said:
            _set_aside(journey, risk, said)


def _listed(journey: Journey, risk: CatalogueRisk) -> str:
    """List a risk in the words of the catalogue, and return the id of its row."""
    begun = edit.add_row(journey.answers, TABLE, "risk", risk.title)
    new = str(rows(begun, TABLE)[-1]["id"])
    slug = next(c for c in journey.questionnaire.tables[TABLE].columns if c.path == SLUG)
    journey.save(edit.put(edit.close(begun, TABLE), slug, risk.slug, new))
    say("  Listed in these words. You can change them afterwards.")
    return new


def _set_aside(journey: Journey, risk: CatalogueRisk, reason: str) -> None:
    from piagen.cli.wizard.reading import read

    column = next(c for c in KEPT["dismissed_risks"].columns if c.leaf == "reason")
    try:
        kept = {"slug": risk.slug, "reason": read(column, reason)}
    except NotUnderstood as error:
        say(f"  {error} It is left for later.")
        return
    there = [row for row in rows(journey.answers, "dismissed_risks") if row["slug"] != risk.slug]
    journey.save({**journey.answers, "dismissed_risks": [*there, kept]})
    say("  Set aside, with your reason. The assessment prints both.")
