"""Knows the faults of risks, measures, actions and prior consultation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import get_args

from piagen.domain.ids import RiskId
from piagen.domain.judgement import Outcome, Risk
from piagen.domain.project import Project
from piagen.domain.risk_scale import Likelihood
from piagen.domain.risk_scale import Severity as Harm
from piagen.practice.risk_prompts import CatalogueRisk
from piagen.questionnaire.missing import Missing
from piagen.questionnaire.naming import number
from piagen.rules.rule import Found, Severity, rule

REPLY_WEEKS, REPLY_WEEKS_PART_3 = 8, 6
"""Weeks that the regulator normally has for its reply; no answer says that a case is complex."""

SHOWN = 3
"""How many common risks one sentence names; the others come up once these are dealt with."""

_LIKELIHOODS: tuple[str, ...] = get_args(Likelihood)
_HARMS: tuple[str, ...] = get_args(Harm)


def _numbers(project: Project) -> dict[RiskId, str]:
    """Return the printed number of each risk: R-01."""
    return {row.id: number("risks", index) for index, row in enumerate(project.risks)}


@rule(
    "RK001",
    Severity.ERROR,
    asked=["risks[]"],
    cites=["uk-gdpr/35/7/c"],
    bank=["R110"],
    waivable=False,
)
def risks_not_recorded(gaps: tuple[Missing, ...]) -> Iterator[Found]:
    """No risk to people is recorded.

    Why: an assessment of the risks to people's rights and freedoms is the third part that the law
    requires.

    Do: start from the risks that the tool suggests, and add your own.
    """
    if any(gap.at == "risks" and not gap.open for gap in gaps):
        yield Found("risks", "No risk to people is listed.")


@rule(
    "RK002",
    Severity.ADVICE,
    asked=["risks[].slug"],
    cites=["ico-dpia-guidance/types-of-harm"],
    bank=["R117"],
)
def common_risk_not_considered(
    project: Project, prompted: tuple[CatalogueRisk, ...]
) -> Iterator[Found]:
    """Risks that are common in such projects are neither listed nor set aside.

    Why: some risks turn up again and again where the answers are like yours. A list that leaves one
    out without a word lets readers think that it was overlooked.

    Do: add each of them to the list under its suggested name, or set it aside with a reason.
    """
    # Without any risk there is one fault, and RK001 names it.
    if not prompted or not project.risks:
        return
    titles = [f"“{risk.title.rstrip('.')}”" for risk in prompted[:SHOWN]]
    if len(prompted) > SHOWN:
        titles.append(f"{len(prompted) - SHOWN} more")
    called = " and ".join(part for part in (", ".join(titles[:-1]), titles[-1]) if part)
    cites = dict.fromkeys(key for risk in prompted for key in risk.cites)
    yield Found("risks", f"Nobody has looked at these common risks: {called}.", tuple(cites))


@rule(
    "RK003",
    Severity.WARNING,
    asked=["risks[].arises_from", "purposes[].category"],
    cites=["ico-data-sharing-code/benefits-and-risks", "caldicott-principles/principle/7"],
    bank=["R116"],
)
def risk_of_not_sharing_missing(project: Project, gaps: tuple[Missing, ...]) -> Iterator[Found]:
    """A purpose is safeguarding or care, and no risk of not sharing is listed.

    Why: silence can hurt as well. Whether sharing is in proportion can be judged only with both
    sides on one scale.

    Do: add what could happen to people if the information is not shared.
    """
    at = "risks[arises_from=not_sharing]"
    if project.risks and any(gap.at == at and not gap.open for gap in gaps):
        yield Found("risks", "No risk of not sharing is listed.")


@rule(
    "RK004",
    Severity.WARNING,
    asked=["risks[].data_subjects"],
    cites=["uk-gdpr/35/7/c", "ico-dpia-guidance"],
    bank=["R111"],
)
def nobody_is_harmed(project: Project) -> Iterator[Found]:
    """No risk says which people it would harm.

    Why: the law asks first about risks to people, not to organisations. A list that names no group
    of people often looks at the organisation's own trouble.

    Do: say for each risk which groups of people it would harm, and write it from their side.
    """
    if project.risks and not any(row.data_subjects for row in project.risks):
        yield Found("risks", "No risk in the list names a group of people whom it would harm.")


@rule(
    "RK005",
    Severity.ERROR,
    asked=["risks[].measures", "risks[].accepted_by", "actions[].risks"],
    cites=["uk-gdpr/35/7/d"],
    bank=["R112"],
)
def risk_without_measure(project: Project) -> Iterator[Found]:
    """A medium or high risk has no measure, or no action carries its measures out.

    Why: the measures that deal with the risks are the fourth part that the law requires. A measure
    that belongs to no action belongs to nobody.

    Do: name a measure, and add an action with an owner; an action that is done already counts too.
    If nothing is done about the risk, record who accepts it.
    """
    numbers = _numbers(project)
    carried = {id_ for action in project.actions for id_ in action.risks or ()}
    unaccepted = {row.id for row in _unaccepted(project)}
    for row in project.risks:
        if row.rating not in ("medium", "high"):
            continue
        called = f"{numbers[row.id]} is {row.rating}"
        at = f"risks[{row.id}].measures"
        if row.measures is None and row.id in unaccepted and not project.is_open(at):
            yield Found(at, f"{called}, and nothing is done about it.")
        # Whoever accepts what is left of a risk relies on the measures, so they must happen.
        elif row.measures and row.id not in carried and not project.is_open("actions"):
            # Without any action the list is the fault, and each risk has its own once there is one.
            at = at if project.actions else "actions"
            yield Found(at, f"{called}, and no action carries its measures out.")


def _unaccepted(project: Project) -> tuple[Risk, ...]:
    """Return the risks that nobody accepts as they are."""
    accepted = {
        id_ for action in project.actions if action.effect == "accept" for id_ in action.risks or ()
    }
    return tuple(row for row in project.risks if row.accepted_by is None and row.id not in accepted)


@rule(
    "RK006",
    Severity.WARNING,
    asked=["risks[].measures", "risks[].residual_likelihood", "risks[].residual_severity"],
    cites=["uk-gdpr/35/7/d"],
    bank=["R114"],
)
def risk_falls_without_measure(project: Project) -> Iterator[Found]:
    """A risk is rated lower after the measures, and no measure is named.

    Why: something has to make a risk less likely or less bad. Nobody believes a lower rating
    without it.

    Do: name what brings the risk down, or rate it as it was.
    """
    numbers = _numbers(project)
    unaccepted = {row.id for row in _unaccepted(project)}
    for row in project.risks:
        # A medium or high risk that nobody accepts is RK005's already.
        grave = row.rating in ("medium", "high") and row.id in unaccepted
        if row.measures is None and not grave:
            for leaf in _fallen(row):
                says = f"{numbers[row.id]} is lower after the measures, and none is named."
                yield Found(f"risks[{row.id}].{leaf}", says)


def _fallen(risk: Risk) -> tuple[str, ...]:
    """Return the leaf that is lower than before the measures, at most one."""
    pairs = (
        ("residual_likelihood", risk.likelihood, risk.residual_likelihood, _LIKELIHOODS),
        ("residual_severity", risk.severity, risk.residual_severity, _HARMS),
    )
    return tuple(
        leaf
        for leaf, before, after, words in pairs
        if before and after and words.index(after) < words.index(before)
    )[:1]


@rule(
    "RK007",
    Severity.WARNING,
    asked=["actions[].owner", "actions[].due"],
    cites=["ico-dpia-template/step/7"],
    bank=["R115"],
)
def action_without_owner(project: Project, gaps: tuple[Missing, ...]) -> Iterator[Found]:
    """An action has no owner or no date.

    Why: what belongs to nobody, or has no day by which it is due, does not happen.

    Do: give one role in one organisation, and a date.
    """
    absent = {gap.at for gap in gaps if not gap.open}
    for index, row in enumerate(project.actions):
        at = f"actions[{row.id}]"
        lacking = [leaf for leaf in ("owner", "due") if f"{at}.{leaf}" in absent]
        words = " or ".join({"owner": "owner", "due": "date"}[leaf] for leaf in lacking)
        if lacking:
            yield Found(f"{at}.{lacking[0]}", f"{number('actions', index)} has no {words}.")


@rule(
    "RK008",
    Severity.ERROR,
    asked=[
        "risks[].residual_likelihood",
        "risks[].residual_severity",
        "outcome.regulator_consulted",
        "outcome.regulator_sent_on",
        "outcome.regulator_reply",
        "outcome.decision",
        "outcome.decided_on",
    ],
    cites=["uk-gdpr/36/1", "uk-gdpr/36/2"],
    bank=["R113"],
    waivable=False,
)
def regulator_not_consulted(project: Project) -> Iterator[Found]:
    """A risk is high after the measures, and the regulator was not consulted or not waited for.

    Why: while a high risk is left, you must not start before you have consulted the regulator. It
    normally replies within 8 weeks, or 14 if the case is complex. Under Part 3 it is 6 weeks, and a
    month more.

    Do: bring the risk down. Otherwise consult the regulator, and wait for its reply or for the end
    of its time.
    """
    outcome, numbers = project.outcome, _numbers(project)
    high = [numbers[row.id] for row in project.risks if row.residual_rating == "high"]
    # What is not done needs no consultation.
    if not high or outcome.decision == "do_not_go_ahead":
        return
    cites = ("dpa-2018/65",) if project.law_enforcement_use else ()
    if not outcome.regulator_consulted:
        says = f"{high[0]} is high after the measures, and nothing says that you consulted the "
        says += "regulator."
        yield Found("outcome.regulator_consulted", says, cites)
    elif outcome.decision == "go_ahead" and not _answered(outcome, part_3=_only_part_3(project)):
        says = "The decision is to go ahead before the regulator has replied or its time has ended."
        yield Found("outcome.decision", says, cites)


def _answered(outcome: Outcome, *, part_3: bool) -> bool:
    """Whether the regulator has replied, or had its time by the day of the decision."""
    if outcome.regulator_reply is not None:
        return True
    if outcome.regulator_sent_on is None or outcome.decided_on is None:
        return False
    weeks = REPLY_WEEKS_PART_3 if part_3 else REPLY_WEEKS
    return outcome.decided_on >= outcome.regulator_sent_on + timedelta(weeks=weeks)


def _only_part_3(project: Project) -> bool:
    return bool(project.data_flows) and all(
        flow.regime == "law_enforcement" for flow in project.data_flows
    )
