"""Knows when a privacy impact assessment is required: UK GDPR Article 35, and the lists beside it.

"Not sure" counts as yes. No personal data ends the screening. The strictest outcome is given, with
every reason that fired. An assessment that already covers the project replaces the outcome only
with the data protection officer's agreement.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, get_args

from piagen.domain.about import Outcome
from piagen.yamlio import load_yaml

PRECEDENCE: tuple[Outcome, ...] = get_args(Outcome)
"""Strictest first."""


@dataclass(frozen=True, slots=True)
class Trigger:
    """A criterion that points to high risk, and where it comes from.

    Attributes:
        cites: citation keys of where it comes from.
        kind: gate, article_35_3, ico_list_alone, ico_list_combined, wp248, law_enforcement, policy
            or good_practice.
        own_wp248: the criterion of WP248 that an item of the regulator's list repeats; it does not
            count as the second one that the item needs.
    """

    id: str
    kind: str
    title: str
    cites: tuple[str, ...]
    own_wp248: str | None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an outcome follows: the rule in words, and the triggers that fired it."""

    outcome: Outcome
    says: str
    triggers: tuple[Trigger, ...]


@dataclass(frozen=True, slots=True)
class ScreeningResult:
    """The strictest outcome, and every reason that fired, strictest first."""

    outcome: Outcome
    reasons: tuple[Reason, ...]


def screen(answers: Mapping[str, Any]) -> ScreeningResult | None:
    """Return what the screening answers lead to, or None before the first is given.

    Args:
        answers: the `screening` section: leaf to `yes`, `no` or `not_sure`.
    """
    gate = answers.get("personal_data")
    if gate is None:
        return None
    if gate == "no":
        says = "No personal data is used, so the screening ends here."
        return ScreeningResult("not_required", (Reason("not_required", says, ()),))
    reasons = sorted(
        _reasons(_fired(answers), answers), key=lambda reason: PRECEDENCE.index(reason.outcome)
    )
    if not reasons:
        says = "Nothing in the answers points to a high risk."
        return ScreeningResult("not_required", (Reason("not_required", says, ()),))
    if answers.get("covered_by_agreed_by_dpo") is True:
        return ScreeningResult("covered_by_existing", tuple(reasons))
    return ScreeningResult(reasons[0].outcome, tuple(reasons))


def _fired(answers: Mapping[str, Any]) -> tuple[Trigger, ...]:
    triggers, fires = _catalogue()
    ids = [
        trigger
        for leaf, named in fires.items()
        if answers.get(leaf) in ("yes", "not_sure")
        for trigger in named
    ]
    return tuple(triggers[trigger] for trigger in dict.fromkeys(ids))


def _reasons(fired: tuple[Trigger, ...], answers: Mapping[str, Any]) -> Iterator[Reason]:
    def of(*kinds: str) -> tuple[Trigger, ...]:
        return tuple(trigger for trigger in fired if trigger.kind in kinds)

    if answers.get("covered_by_agreed_by_dpo") is True:
        says = "An existing assessment covers this project, and the data protection officer agrees."
        yield Reason("covered_by_existing", says, ())
    if named := of("article_35_3"):
        yield Reason("mandatory", "Article 35(3) names this kind of processing.", named)
    if listed := of("ico_list_alone"):
        yield Reason("mandatory", "It is on the regulator's list of high-risk processing.", listed)
    criteria = of("wp248")
    combined = tuple(
        item
        for item in of("ico_list_combined")
        if any(criterion.id != item.own_wp248 for criterion in criteria)
    )
    if combined:
        says = "It is on the regulator's list, together with another criterion of high risk."
        yield Reason("mandatory", says, (*combined, *criteria))
    enforcement = of("law_enforcement")
    if enforcement and (
        of("article_35_3", "ico_list_alone", "ico_list_combined") or len(criteria) >= 2
    ):
        says = "Law-enforcement processing of this kind needs an assessment of its own law too."
        yield Reason("mandatory", says, enforcement)
    if policies := of("policy"):
        says = "A code or sector policy expects an assessment, whether or not the law does."
        yield Reason("required_by_policy", says, policies)
    if len(criteria) >= 2:
        says = "Two or more criteria of high risk usually mean that one is required."
        yield Reason("likely_required", says, criteria)
    elif criteria or of("ico_list_combined"):
        says = "One criterion of high risk is met. Ask the data protection officer."
        yield Reason("consider", says, (*criteria, *of("ico_list_combined")))
    if sharing := of("good_practice"):
        says = "The regulator advises an assessment before organisations share data regularly."
        yield Reason("recommended", says, sharing)


@cache
def _catalogue() -> tuple[Mapping[str, Trigger], Mapping[str, list[str]]]:
    raw = load_yaml(Path(__file__).with_name("screening.yaml"))
    triggers = {
        key: Trigger(
            id=key,
            kind=entry["kind"],
            title=entry["title"],
            cites=tuple(entry["cites"]),
            own_wp248=entry.get("own_wp248"),
        )
        for key, entry in raw["triggers"].items()
    }
    return triggers, raw["fires"]
