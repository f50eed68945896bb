"""Knows how the wizard explains the screening, and records the outcome that was accepted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from piagen.cli.wizard.terminal import say
from piagen.law.screening import ScreeningResult, screen
from piagen.questionnaire.model import Question

if TYPE_CHECKING:
    from piagen.cli.wizard.journey import Journey


def explain(journey: Journey, question: Question) -> None:
    """Before the question that follows the screening, say what it leads to and why."""
    if _follows(journey, question):
        say_result(journey)


def say_result(journey: Journey) -> None:
    """Say what the screening answers lead to and why, and whether anybody has confirmed them."""
    result = _result(journey.answers)
    if result is None:
        return
    if result.outcome:
        outcome = journey.questionnaire.by_path["screening.outcome"].options[result.outcome]
        say(f"\nThe screening leads to: {outcome}")
    for reason in result.reasons:
        say(f"  {reason.says}")
        for trigger in reason.triggers:
            say(f"    - {trigger.title}")
    say(f"  {result.route}")
    doubts = sum(journey.is_unconfirmed(f"screening.{leaf}") for leaf in _answers(journey.answers))
    if doubts:
        many = "1 answer" if doubts == 1 else f"{doubts} answers"
        say(f"  This rests on {many} that nobody has confirmed yet.")


def recorded(journey: Journey, question: Question, answers: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the answers with the outcome that was accepted, so that a later change shows."""
    return with_outcome(answers) if _follows(journey, question) else answers


def with_outcome(answers: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the answers with the outcome that they lead to, as it was accepted."""
    result = _result(answers)
    outcome = {"outcome": result.outcome} if result and result.outcome else {}
    return {**answers, "screening": {**_answers(answers), **outcome}}


def _follows(journey: Journey, question: Question) -> bool:
    """Whether the question follows the screening: the route, or why there is none."""
    if question.path == "screening.reason":
        return bool(_answers(journey.answers).get("personal_data") == "no")
    return question.path == "screening.route"


def _result(answers: Mapping[str, Any]) -> ScreeningResult | None:
    nations = answers.get("assessment", {}).get("nations", ())
    return screen(_answers(answers), nations)


def _answers(answers: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = answers.get("screening", {})
    return found
