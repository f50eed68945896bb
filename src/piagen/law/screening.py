"""Knows when a privacy impact assessment is required: UK GDPR Article 35, and the lists beside it.

"Not sure" counts as yes. No personal data ends the screening, and no other answer is read. The
strictest outcome is given, with every reason that fired. An assessment that already covers the
project replaces the outcome only with the data protection officer's agreement.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

from piagen.domain.about import Outcome
from piagen.frozen import frozen
from piagen.yamlio import load_yaml

Route = Literal["full", "short"]
Asked = Literal["none", "short", "full"]

PRECEDENCE: tuple[Outcome, ...] = get_args(Outcome)
"""Strictest first."""


@frozen
class Trigger:
    """A criterion that points to high risk, and where it comes from.

    Attributes:
        cites: citation keys of where it comes from; none where no source for the nation is known.
        kind: gate, article_35_3, ico_list_alone, ico_list_combined, wp248, law_enforcement, policy
            or good_practice.
        own_wp248: the criterion of WP248 that an item of the regulator's list repeats; it does not
            count as the second one that the item needs.
        note: what to add when it is printed, or nothing.
    """

    id: str
    kind: str
    title: str
    cites: tuple[str, ...]
    own_wp248: str | None
    note: str = ""


@frozen
class Reason:
    """Why an outcome follows: the decision rule in words, and the triggers that fired it.

    Attributes:
        rule: the decision rule: D-STOP, D-A35.
        cites: citation keys of the rule itself; each trigger has its own.
    """

    rule: str
    outcome: Outcome
    says: str
    triggers: tuple[Trigger, ...]
    cites: tuple[str, ...]


@frozen
class Contradiction:
    """No personal data, and yet answers that only make sense of personal data.

    Attributes:
        gate: the path of the answer that says no.
        others: the paths of the answers that say yes or not sure, in the order asked.
        says: what is wrong, in words.
    """

    gate: str
    others: tuple[str, ...]
    says: str


@frozen
class ScreeningResult:
    """What the screening leads to.

    Attributes:
        outcome: the strictest outcome; None while two answers contradict each other.
        reasons: every reason that fired, strictest first.
        route: what to do next, in words.
        routes_allowed: the forms that may be chosen, the usual one first; none where there is
            nothing to choose. `short` in place of `full` needs a reason.
        asked: what is asked after the screening: nothing, the short form or the full assessment.
        record: paths of what is kept as the record of the screening.
        contradiction: the answers that cannot both be right; then there is no outcome.
    """

    outcome: Outcome | None
    reasons: tuple[Reason, ...]
    route: str
    routes_allowed: tuple[Route, ...]
    asked: Asked
    record: tuple[str, ...]
    contradiction: Contradiction | None = None

    @property
    def stopped(self) -> bool:
        """Whether the screening ended at the first question: no personal data is used."""
        return any(reason.rule == "D-STOP" for reason in self.reasons)


def screen(answers: Mapping[str, Any], nations: Collection[str] = ()) -> ScreeningResult | None:
    """Return what the screening answers lead to, or None before the first is given.

    Args:
        answers: the `screening` section as it is stored, hidden answers too: a contradiction can
            only be seen in them. Apart from that, only what applies is read.
        nations: `assessment.nations`; where none is named, no source of one nation is cited.
    """
    gate = answers.get("personal_data")
    if gate is None:
        return None
    if gate == "no":
        return _without_personal_data(answers)
    found = tuple(_reasons(_fired(answers, nations), answers)) or (_reason("D-NO", "not_required"),)
    reasons = tuple(sorted(found, key=lambda reason: PRECEDENCE.index(reason.outcome)))
    covered = any(reason.rule == "D-DONE" for reason in reasons)
    return _result("covered_by_existing" if covered else reasons[0].outcome, reasons)


def _without_personal_data(answers: Mapping[str, Any]) -> ScreeningResult:
    others = tuple(f"screening.{leaf}" for leaf in _catalogue().fires if _says_yes(answers, leaf))
    if others:
        says = (
            "The first answer says that no personal data is used, and a later one says what is "
            "done with it. Put one of them right; until then there is no result."
        )
        contradiction = Contradiction("screening.personal_data", others, says)
        return ScreeningResult(None, (), says, (), "none", (), contradiction)
    return _result("not_required", (_reason("D-STOP", "not_required"),))


def _result(outcome: Outcome, reasons: tuple[Reason, ...]) -> ScreeningResult:
    catalogue = _catalogue()
    stopped = reasons[0].rule == "D-STOP"
    route = catalogue.routes["stopped" if stopped else outcome]
    allowed: tuple[Route, ...] = tuple(route["allowed"])
    return ScreeningResult(
        outcome=outcome,
        reasons=reasons,
        route=route["says"],
        routes_allowed=allowed,
        asked=allowed[0] if allowed else "none",
        record=catalogue.record["stopped" if stopped else "run"],
    )


def _says_yes(answers: Mapping[str, Any], leaf: str) -> bool:
    return answers.get(leaf) in ("yes", "not_sure")


def _fired(answers: Mapping[str, Any], nations: Collection[str]) -> tuple[Trigger, ...]:
    catalogue = _catalogue()
    ids = [
        trigger
        for leaf, named in catalogue.fires.items()
        if _says_yes(answers, leaf) and _is_asked(answers, leaf)
        for trigger in named
    ]
    return tuple(_in_nations(trigger, nations) for trigger in dict.fromkeys(ids))


def _is_asked(answers: Mapping[str, Any], leaf: str) -> bool:
    """An answer that stays in the file after the question before it changed is not read."""
    before = _catalogue().asked_unless_no.get(leaf)
    return before is None or answers.get(before) != "no"


def _in_nations(id_: str, nations: Collection[str]) -> Trigger:
    """A source of one nation is cited there only; elsewhere other words stand in its place."""
    trigger, own = _catalogue().triggers[id_], _catalogue().national.get(id_)
    if own is None:
        return trigger
    if own["nation"] not in nations:
        return replace(trigger, title=own["elsewhere"], cites=())
    if set(nations) == {own["nation"]}:
        return trigger
    return replace(trigger, note=own["beside"])


def _reason(rule: str, outcome: Outcome, triggers: tuple[Trigger, ...] = ()) -> Reason:
    raw = _catalogue().decisions[rule]
    return Reason(rule, outcome, raw["says"], triggers, tuple(raw["cites"]))


def _reasons(fired: tuple[Trigger, ...], answers: Mapping[str, Any]) -> Iterator[Reason]:
    def of(*kinds: str) -> tuple[Trigger, ...]:
        return tuple(trigger for trigger in fired if trigger.kind in kinds)

    if answers.get("covered_by") and answers.get("covered_by_agreed_by_dpo") is True:
        yield _reason("D-DONE", "covered_by_existing")
    if named := of("article_35_3"):
        yield _reason("D-A35", "mandatory", named)
    if listed := of("ico_list_alone"):
        yield _reason("D-ICO1", "mandatory", listed)
    criteria, combined = of("wp248"), of("ico_list_combined")
    together = tuple(
        item for item in combined if any(other.id != item.own_wp248 for other in criteria)
    )
    if together:
        yield _reason("D-ICO2", "mandatory", (*together, *criteria))
    beside = of("article_35_3", "ico_list_alone", "ico_list_combined")
    if (enforcement := of("law_enforcement")) and (beside or len(criteria) >= 2):
        yield _reason("D-LE", "mandatory", enforcement)
    if len(criteria) >= 2:
        yield _reason("D-WP2", "likely_required", criteria)
    if policies := of("policy"):
        yield _reason("D-POL", "required_by_policy", policies)
    alone = tuple(item for item in combined if item not in together)
    if len(criteria) == 1 or alone:
        yield _reason("D-WP1", "consider", (*criteria, *alone))
    if sharing := of("good_practice"):
        yield _reason("D-SHARE", "recommended", sharing)


@frozen
class _Catalogue:
    triggers: Mapping[str, Trigger]
    national: Mapping[str, Mapping[str, str]]
    fires: Mapping[str, list[str]]
    asked_unless_no: Mapping[str, str]
    decisions: Mapping[str, Mapping[str, Any]]
    routes: Mapping[str, Mapping[str, Any]]
    record: Mapping[str, tuple[str, ...]]


@cache
def _catalogue() -> _Catalogue:
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
    return _Catalogue(
        triggers=triggers,
        national=raw["national"],
        fires=raw["fires"],
        asked_unless_no=raw["asked_unless_no"],
        decisions=raw["decisions"],
        routes=raw["routes"],
        record={when: tuple(paths) for when, paths in raw["record"].items()},
    )
