"""Knows the posture of each flow: which guards against sharing too much and too little are there.

Richardson (2016) warns against reducing this to an algorithm. What is derived here are prompts for
professional judgement: for each flow, two counts and the guards that are missing, each with the
questions that close it. There is no total for the project and no ranking.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from piagen.domain.data import DataFlow, Decision
from piagen.domain.ids import DataFlowId
from piagen.domain.partners import Partner
from piagen.domain.project import Project
from piagen.frozen import frozen
from piagen.practice.confirmed import confirmed, given, is_full

Axis = Literal["over_openness", "over_caution"]
Label = Literal["risk of over-openness", "risk of over-caution"]

SHARING = ("offer", "share_when_asked", "request", "accept")
"""The four sharing decisions of Table 10.1."""

PROTECTING = ("not_offer", "withhold", "not_request", "refuse")
"""The four protecting decisions of Table 10.1."""

HEADING = "Prompts for professional judgement, not a score"
"""The heading under which postures are printed."""

CITES = ("richardson-2016/C3", "richardson-2016/C2", "richardson-2016/C4")
"""Where the idea comes from: the postures, the eight decisions, practices of confidentiality."""

_FEW, _MOST = 2, 5


@frozen
class Guard:
    """One of the six guards on one side.

    Attributes:
        number: 1 to 6, as in the table of guards.
        axis: what it guards against.
        says: the guard in words.
        met: whether its answers are there, apply and were confirmed.
        closes: stored paths to answer or confirm so that it is met; empty if it is. A table with
            no row for it yet is named by its key.
    """

    number: int
    axis: Axis
    says: str
    met: bool
    closes: tuple[str, ...]


@frozen
class Posture:
    """The guards of one flow.

    Attributes:
        guards: all twelve, those against over-openness first.
        over_openness: how many of the 6 guards against over-openness are there.
        over_caution: how many of the 6 guards against over-caution are there.
        label: only where the guards are clearly one-sided.
    """

    flow: DataFlowId
    guards: tuple[Guard, ...]
    over_openness: int
    over_caution: int
    label: Label | None

    @property
    def missing(self) -> tuple[Guard, ...]:
        """The guards that are not there."""
        return tuple(guard for guard in self.guards if not guard.met)

    def against(self, axis: Axis) -> tuple[Guard, ...]:
        """Return the six guards on one side."""
        return tuple(guard for guard in self.guards if guard.axis == axis)


def postures(project: Project) -> tuple[Posture, ...]:
    """Return the posture of each flow, in the order of the flows.

    None is given where practice is not asked: in the short form, with no personal data, and where
    fewer than two organisations take part.

    Args:
        project: the visible answers, typed; unconfirmed ones among them do not count.
    """
    if not is_full(project) or len(project.parties) < 2:
        return ()
    shown = confirmed(project)
    return tuple(_posture(shown, flow.id) for flow in project.data_flows)


def _posture(shown: Project, flow_id: DataFlowId) -> Posture:
    flow = next((row for row in shown.data_flows if row.id == flow_id), DataFlow(flow_id))
    guards = (*_against_over_openness(shown, flow), *_against_over_caution(shown, flow))
    openness = sum(guard.met for guard in guards if guard.axis == "over_openness")
    caution = sum(guard.met for guard in guards if guard.axis == "over_caution")
    return Posture(flow_id, guards, openness, caution, _label(openness, caution))


def _label(openness: int, caution: int) -> Label | None:
    if openness <= _FEW and caution >= _MOST:
        return "risk of over-openness"
    if caution <= _FEW and openness >= _MOST:
        return "risk of over-caution"
    return None


def _against_over_openness(shown: Project, flow: DataFlow) -> Iterator[Guard]:
    def guard(number: int, says: str, closes: Iterator[str]) -> Guard:
        return _guard(number, "over_openness", says, closes)

    yield guard(1, "Good cause to share is stated.", _causes(shown, flow, SHARING, bounded=False))
    yield guard(
        2,
        "Staff check what is offered before they accept it.",
        _leaves(practice_accept_checks=shown.practice.accept_checks),
    )
    yield guard(3, "Refusing what is offered is covered.", _covers(shown, flow, "refuse"))
    yield guard(
        4, "Every recipient has a legitimate relationship to the person.", _needs(shown, flow)
    )
    yield guard(5, "Only the data that is needed is shared.", _minimum(shown, flow))
    yield guard(6, _UNDERSTOOD, _practices(shown, flow))


def _against_over_caution(shown: Project, flow: DataFlow) -> Iterator[Guard]:
    def guard(number: int, says: str, closes: Iterator[str]) -> Guard:
        return _guard(number, "over_caution", says, closes)

    practice = shown.practice
    yield guard(
        1,
        "Good cause to withhold is stated, with guidance that sets its limits.",
        _causes(shown, flow, PROTECTING, bounded=True),
    )
    yield guard(2, "Offering what others need is covered.", _covers(shown, flow, "offer"))
    yield guard(
        3,
        "A refusal can be challenged, and the answer has a time.",
        _leaves(
            practice_challenge=practice.challenge,
            practice_challenge_working_days=practice.challenge_working_days,
        ),
    )
    yield guard(4, "The sender names the power that it shares under.", _power(shown, flow))
    yield guard(
        5,
        "Staff learn this and have somebody to ask.",
        _leaves(practice_learning=practice.learning, practice_named_adviser=practice.named_adviser),
    )
    yield guard(6, _UNDERSTOOD, _practices(shown, flow))


_UNDERSTOOD = "The partners know how each other works with confidentiality."


def _guard(number: int, axis: Axis, says: str, closes: Iterator[str]) -> Guard:
    lacking = tuple(dict.fromkeys(closes))
    return Guard(number, axis, says, met=not lacking, closes=lacking)


def _leaves(**answers: object) -> Iterator[str]:
    """Yield the path of each leaf without an answer; `practice_learning` is practice.learning."""
    for name, answer in answers.items():
        if not given(answer):
            yield name.replace("_", ".", 1)


def _of(shown: Project, flow: DataFlow, words: tuple[str, ...]) -> tuple[Decision, ...]:
    return tuple(row for row in shown.decisions if row.flow == flow.id and row.decision in words)


def _causes(
    shown: Project, flow: DataFlow, words: tuple[str, ...], *, bounded: bool
) -> Iterator[str]:
    """At least one such decision, and each has its good cause; bounded ones, guidance too."""
    rows = _of(shown, flow, words)
    if not rows:
        yield "decisions"
    for row in rows:
        if not given(row.good_cause):
            yield f"decisions[{row.id}].good_cause"
        if bounded and not given(row.guidance):
            yield f"decisions[{row.id}].guidance"


def _covers(shown: Project, flow: DataFlow, word: str) -> Iterator[str]:
    if not _of(shown, flow, (word,)):
        yield "decisions"


def _needs(shown: Project, flow: DataFlow) -> Iterator[str]:
    """Every recipient has a row that says why it needs the data."""
    if not flow.recipients:
        yield f"data_flows[{flow.id}].recipients"
    for recipient in flow.recipients or ():
        rows = [
            row for row in shown.recipient_needs if (row.flow, row.partner) == (flow.id, recipient)
        ]
        if not rows:
            yield "recipient_needs"
        elif not any(given(row.need) for row in rows):
            yield f"recipient_needs[{rows[0].id}].need"


def _minimum(shown: Project, flow: DataFlow) -> Iterator[str]:
    """Every item says why it is needed, and what was left out is stated."""
    reasons = {item.id: item.why_needed for item in shown.data_items}
    if not flow.data_items:
        yield f"data_flows[{flow.id}].data_items"
    for item in flow.data_items or ():
        if not given(reasons.get(item)):
            yield f"data_items[{item}].why_needed"
    if not given(shown.necessity.left_out):
        yield "necessity.left_out"


def _practices(shown: Project, flow: DataFlow) -> Iterator[str]:
    """Sender and recipients each state their first concern and practice of confidentiality.

    A supplier that is only a processor is not asked, so nothing is expected of it.
    """
    suppliers = {partner.id for partner in shown.suppliers}
    if flow.sender is None:
        yield f"data_flows[{flow.id}].sender"
    if not flow.recipients:
        yield f"data_flows[{flow.id}].recipients"
    for id_ in (flow.sender, *(flow.recipients or ())):
        if id_ is None or id_ in suppliers:
            continue
        partner = shown.partner(id_) or Partner(id_)
        for leaf in ("primary_focus", "confidentiality_practice"):
            if not given(getattr(partner, leaf)):
                yield f"partners[{id_}].{leaf}"


def _power(shown: Project, flow: DataFlow) -> Iterator[str]:
    """The sender's legal basis for this purpose and regime names a power."""
    basis = shown.basis_of_sender(flow)
    if basis is None:
        yield "legal_basis"
    elif basis.power_kind == "none_found":
        yield f"legal_basis[{basis.id}].power_kind"
    elif not given(basis.gateways) and not given(basis.other_power):
        yield f"legal_basis[{basis.id}].gateways"
