"""Knows the faults of the decisions that staff face on a flow: Richardson (2016), Table 10.1."""

from __future__ import annotations

from collections.abc import Iterator

from piagen.domain.data import DataFlow, Decision
from piagen.domain.ids import DataFlowId
from piagen.domain.project import Project
from piagen.practice.confirmed import is_full
from piagen.practice.posture import PROTECTING, SHARING, postures
from piagen.questionnaire.missing import Missing
from piagen.rules.rule import Found, Severity, rule


@rule(
    "DC001",
    Severity.WARNING,
    asked=["decisions[].decision"],
    cites=["richardson-2016/C2"],
    bank=["P001"],
)
def protecting_decisions_missing(project: Project) -> Iterator[Found]:
    """The decisions on a flow are all decisions to share.

    Why: appropriate withholding is as much part of good practice as appropriate sharing, and staff
    need to know when it is right.

    Do: add the decisions to hold back that staff will face, with good cause and guidance.
    """
    for flow, rows in _decisions(project):
        if rows and not any(row.decision in PROTECTING for row in rows):
            says = f"{_called(project, flow)}: only decisions to share are covered."
            yield Found("decisions", says)


@rule(
    "DC002",
    Severity.ADVICE,
    asked=["decisions[].decision", "data_flows[].frequency"],
    cites=["richardson-2016/C2"],
    bank=["P002"],
)
def offering_forgotten(project: Project) -> Iterator[Found]:
    """Staff share when it is needed, and offering is not among their decisions.

    Why: the decision that people forget most is to offer what another service needs and has not
    asked for.

    Do: say when the sender should offer it, or record that this flow only ever answers requests.
    """
    for flow, rows in _decisions(project):
        # A flow on a fixed day leaves nothing to offer.
        if flow.frequency != "when_needed":
            continue
        words = {row.decision for row in rows}
        if words & set(SHARING) and "offer" not in words:
            says = f"{_called(project, flow)}: offering is not among the decisions."
            yield Found("decisions", says)


@rule(
    "DC003",
    Severity.WARNING,
    asked=["decisions[].decision", "practice.accept_checks"],
    cites=["richardson-2016/C2", "richardson-2016/T13"],
    bank=["P003"],
)
def refusing_forgotten(project: Project) -> Iterator[Found]:
    """Information is offered, and nothing says what to check before accepting or when to refuse.

    Why: taking in too much, or something wrong, can harm a person as surely as a leak, and staff
    often forget that they can refuse.

    Do: say what staff check before they accept, and when they refuse.
    """
    if project.practice.accept_checks is not None:
        return
    for flow, rows in _decisions(project):
        words = {row.decision for row in rows}
        if words & {"offer", "accept"} and "refuse" not in words:
            says = f"{_called(project, flow)}: offers are accepted with no check and no refusal."
            yield Found("decisions", says)


@rule(
    "DC004",
    Severity.ERROR,
    asked=["decisions[].good_cause", "data_items[].identifiability"],
    cites=["richardson-2016/C3"],
    bank=["P004"],
)
def good_cause_missing(project: Project) -> Iterator[Found]:
    """People's data moves, and nothing says what counts as good cause.

    Why: good cause is clear in few places. Unless it is written down, staff share on trust or hold
    back out of fear.

    Do: say what makes each decision right, in words that staff could apply on a busy day.
    """
    for flow, rows in _decisions(project):
        if _lacks_good_cause(project, flow, rows):
            says = f"{_called(project, flow)}: no decision has a good cause."
            yield Found("decisions", says)


@rule(
    "DC005",
    Severity.WARNING,
    asked=[
        "decisions[].good_cause",
        "decisions[].guidance",
        "practice.challenge",
        "practice.challenge_working_days",
    ],
    cites=["richardson-2016/C3", "richardson-2016/T12"],
    bank=["P005"],
)
def withholding_unbounded(project: Project, gaps: tuple[Missing, ...]) -> Iterator[Found]:
    """Staff may hold back with no reason, no limit, or no way to challenge it.

    Why: a refusal can be right. One that has no limit, or that nobody may question, can leave
    somebody without help.

    Do: state the reason, how far it goes and when to look again, and a route to challenge it in
    a set time.
    """
    protecting = False
    for flow, rows in _decisions(project):
        bare = _lacks_good_cause(project, flow, rows)
        for row in rows:
            if row.decision not in PROTECTING:
                continue
            protecting = True
            if row.good_cause is None and not bare:
                says = f"{_called(project, flow)}: holding back has no good cause."
                yield Found(f"decisions[{row.id}].good_cause", says)
            elif row.guidance is None:
                says = f"{_called(project, flow)}: no guidance says how far holding back goes."
                yield Found(f"decisions[{row.id}].guidance", says)
    missing = {gap.at for gap in gaps}
    if protecting and "practice.challenge" in missing:
        yield Found("practice.challenge", "Staff may hold back, and nobody can challenge it.")
    elif protecting and "practice.challenge_working_days" in missing:
        says = "A challenge to a refusal has no time for its answer."
        yield Found("practice.challenge_working_days", says)


@rule(
    "DC006",
    Severity.WARNING,
    asked=["data_flows[]", "decisions[]", "recipient_needs[]", "practice.accept_checks"],
    cites=["richardson-2016/C3", "richardson-2016/C4"],
    bank=["P013"],
)
def trust_is_the_only_safeguard(project: Project) -> Iterator[Found]:
    """A flow has much that makes staff share, and little that keeps them from sharing too much.

    Why: personal trust alone moves people from holding back too much to sharing too much.

    Do: look at the guards of this flow that are missing. They are prompts for judgement, not a
    score.
    """
    flows = {flow.id: flow for flow in project.data_flows}
    for posture in postures(project):
        if posture.label == "risk of over-openness":
            says = (
                f"{_called(project, flows[posture.flow])}: {posture.over_openness} of 6 guards "
                f"against over-openness are there, and {posture.over_caution} of 6 against "
                "over-caution."
            )
            yield Found(f"data_flows[{posture.flow}]", says)


def _decisions(project: Project) -> Iterator[tuple[DataFlow, list[Decision]]]:
    """Each flow with its decisions, where they are asked."""
    if not (is_full(project) and project.several_organisations):
        return
    rows: dict[DataFlowId | None, list[Decision]] = {}
    for row in project.decisions:
        rows.setdefault(row.flow, []).append(row)
    for flow in project.data_flows:
        yield flow, rows.get(flow.id, [])


def _lacks_good_cause(project: Project, flow: DataFlow, rows: list[Decision]) -> bool:
    return project.carries_identifiable(flow) and not any(row.good_cause for row in rows)


def _called(project: Project, flow: DataFlow) -> str:
    """The name of the flow as a sentence begins."""
    name = project.flow_called(flow)
    return name[:1].upper() + name[1:]
