"""Knows how the law is brought to a question: what fits, why, and what is left to meet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING

from piagen.domain.build import project_from
from piagen.domain.fact import rows
from piagen.frozen import frozen
from piagen.law.catalogue import load_catalogue
from piagen.law.dated import DatedLaw
from piagen.law.suggestion import Suggestion, suggest_for
from piagen.law.why import FRAMEWORK, in_brief
from piagen.pipeline.assess import Loaded, law_of
from piagen.questionnaire.model import Question
from piagen.questionnaire.survey import Place

if TYPE_CHECKING:
    from piagen.cli.wizard.journey import Journey

MOST_SUGGESTED = 5
"""Powers that are shown at once; the others are searched."""

MOST_WHYS = 2
"""Rules whose reason is told where a question has no guidance of its own."""


@frozen
class Help:
    """What the law adds to a question.

    Attributes:
        first: choices to show first, each with why; None where nothing is suggested.
        notes: what else helps, a line each.
        more: what `?` adds, a line each: all reasons and conditions of what is suggested.
    """

    first: Mapping[str, str] | None = None
    notes: tuple[str, ...] = ()
    more: tuple[str, ...] = ()


def help_with(journey: Journey, question: Question, place: Place) -> Help:
    """Return what the law adds to a question of the legal basis; nothing to any other."""
    if question.key != "legal_basis" or place.row is None:
        return Help()
    row = next(r for r in rows(journey.answers, "legal_basis") if r["id"] == place.row)
    if "partner" not in row or "purpose" not in row:
        return Help()
    found = journey.survey().visible
    there = {part: {each["id"] for each in rows(found, part)} for part in ("partners", "purposes")}
    if row["partner"] not in there["partners"] or row["purpose"] not in there["purposes"]:
        return Help()
    law = law_of(Loaded(journey.sitting.path, journey.answers), None, journey.config)
    offered = suggest_for(project_from(found), law, row["partner"], row["purpose"]).offered
    chosen = [s for s in offered if s.gateway.id in row.get("gateways", ())]
    match question.leaf:
        case "gateways":
            return _powers(offered)
        case "conditions_met":
            return Help(notes=tuple(_conditions(row.get("gateways", ()), law)))
        case "agreement_is_condition":
            return Help(notes=tuple(_agreement(chosen)))
        case "article_6" | "article_9" | "schedule_1" | "schedule_8":
            return _usual(question, chosen or list(offered[:1]))
    return Help()


def behind(question: Question) -> tuple[str, ...]:
    """Return the law behind a question, with how and when each was verified."""
    from piagen.pipeline.explanation import cited

    return tuple(cited(key) for key in question.reach.cites)


def offered(question: Question) -> Mapping[str, str]:
    """Return what a question may offer from the catalogue: never what gives no power."""
    return load_catalogue().offered(str(question.options_from))


def _powers(offered: tuple[Suggestion, ...]) -> Help:
    if not offered:
        none = "Nothing in the catalogue fits this partner and purpose by kind, nation and date."
        return Help(first={}, notes=(none, "Search it, or type :unsure and name a legal adviser."))
    shown = offered[:MOST_SUGGESTED]
    first = {suggestion.gateway.id: "\n".join(_briefly(suggestion)) for suggestion in shown}
    notes = (
        "These fit by kind of body, purpose, nation, data and date. A lawyer decides.",
        "Type ? for every reason, and for all that is left to meet.",
    )
    more = tuple(line for suggestion in shown for line in _in_full(suggestion))
    return Help(first=first, notes=notes, more=more)


def _briefly(suggestion: Suggestion) -> Iterator[str]:
    """Why it fits and what comes first to meet, short enough for several on one screen."""
    yield f"Why it fits: {in_brief((*suggestion.reasons, *_marks(suggestion)))}"
    if suggestion.conditions:
        first, *others = suggestion.conditions
        yield f"Left to meet: {first}" + (f" And {len(others)} more." if others else "")


def _in_full(suggestion: Suggestion) -> Iterator[str]:
    yield suggestion.gateway.title
    yield "Why it fits:"
    yield from (f"- {reason}" for reason in (*suggestion.reasons, *_marks(suggestion)))
    if suggestion.conditions:
        yield "Left to meet:"
        yield from (f"- {condition}" for condition in suggestion.conditions)


def _marks(suggestion: Suggestion) -> Iterator[str]:
    if suggestion.needs_another and FRAMEWORK not in suggestion.reasons:
        yield "Not alone: it implies a power, so choose a specific one beside it."
    if suggestion.agreement_is_a_condition:
        yield "It works only if the person agrees."


def checked(question: Question) -> tuple[str, ...]:
    """Return why the answer matters: what the first rules that read it guard against."""
    from piagen.pipeline.explanation import sentence
    from piagen.rules.registry import rules

    asked = (sentence(rule.why) for rule in rules().values() if question.path in rule.asked)
    return tuple(islice(asked, MOST_WHYS))


def _conditions(gateways: tuple[str, ...], law: DatedLaw) -> list[str]:
    known = law.catalogue.gateways
    return [
        f"{known[id_].citation}: {known[id_].conditions_or_limits}"
        for id_ in gateways
        if id_ in known
    ]


def _agreement(chosen: list[Suggestion]) -> list[str]:
    if any(suggestion.agreement_is_a_condition for suggestion in chosen):
        return ["A power that you chose works only if the person agrees: that is a condition."]
    return [
        "None of the powers that you chose asks for the person’s agreement.",
        "A public body seldom relies on consent: people cannot freely refuse what they depend on.",
    ]


def _usual(question: Question, chosen: list[Suggestion]) -> Help:
    usual: dict[str, str] = {}
    for suggestion in chosen:
        for id_ in getattr(suggestion, f"usual_{question.leaf}"):
            usual.setdefault(id_, f"Usually goes with {suggestion.gateway.citation}.")
    return Help(first=usual or None)
