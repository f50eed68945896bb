"""Knows Richardson's sixteen tips for sharing (Box 10.1), and how far the answers show each.

A tip is a few checks. It is met when all of them hold, open when none does, and partly met in
between. An answer that nobody confirmed holds up no check. A tip that cannot arise in a project,
and whose answers say so, is met; the note says why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Literal

from piagen.domain.lawfulness import LegalBasis
from piagen.domain.project import Project
from piagen.frozen import frozen
from piagen.practice.confirmed import confirmed, given, is_full
from piagen.yamlio import load_yaml

State = Literal["met", "partly", "open"]


@frozen
class Check:
    """One thing that shows a tip.

    Attributes:
        at: the stored path of the answer that shows it, or that would.
        holds: whether the answer is there and says what the tip asks.
    """

    at: str
    holds: bool


@frozen
class Tip:
    """One of the sixteen tips, and how far the answers show it.

    Attributes:
        number: 1 to 16.
        says: the tip in our words.
        shown_by: stored paths of the answers that show it.
        lacking: stored paths of the answers that would.
        action: what would close it; empty once it is met.
        note: why it does not arise, where it does not.
        cites: where the tip comes from.
    """

    number: int
    says: str
    state: State
    shown_by: tuple[str, ...]
    lacking: tuple[str, ...]
    action: str
    note: str
    cites: tuple[str, ...]

    @property
    def id(self) -> str:
        """Its handle: T1 to T16."""
        return f"T{self.number}"


Checks = Iterator[Check | str]
"""The checks of a tip; or words that say why it does not arise, after checks that show so."""

Condition = Callable[[Project, Project], Checks]
"""A tip's condition: it is given the project, and the project without what is unconfirmed."""


def tips(project: Project) -> tuple[Tip, ...]:
    """Return the sixteen tips in order; none where the full assessment is not made.

    Args:
        project: the visible answers, typed; unconfirmed ones among them do not count.
    """
    if not is_full(project):
        return ()
    shown = confirmed(project)
    return tuple(
        _tip(number, condition(project, shown)) for number, condition in enumerate(_CONDITIONS, 1)
    )


def _tip(number: int, found: Checks) -> Tip:
    words = _words()[str(number)]
    checks: dict[str, bool] = {}
    note = ""
    for check in found:
        if isinstance(check, str):
            note = check
        else:
            checks[check.at] = checks.get(check.at, True) and check.holds
    shown_by = tuple(at for at, holds in checks.items() if holds)
    lacking = tuple(at for at, holds in checks.items() if not holds)
    state: State = "partly" if shown_by and lacking else "open" if lacking else "met"
    return Tip(
        number=number,
        says=words["says"],
        state=state,
        shown_by=shown_by,
        lacking=lacking,
        action=words["action"] if lacking else "",
        note=note,
        cites=(f"richardson-2016/T{number}",),
    )


def _names_power(basis: LegalBasis) -> bool:
    named = given(basis.gateways) or given(basis.other_power)
    return named and basis.power_kind != "none_found"


def _power_at(basis: LegalBasis) -> str:
    leaf = "gateways" if given(basis.gateways) or not given(basis.other_power) else "other_power"
    return f"legal_basis[{basis.id}].{leaf}"


def _alone(project: Project, shown: Project) -> Checks:
    """Yield that nothing passes between organisations, where fewer than two take part."""
    if len(project.parties) < 2:
        yield Check("partners", bool(shown.partners))
        yield "One organisation takes part, so this does not arise."


def t1(project: Project, shown: Project) -> Checks:
    """Met: each legal basis names a power and how its conditions are met; bars were looked for."""
    if not shown.legal_basis:
        yield Check("legal_basis", False)
    for basis in shown.legal_basis:
        yield Check(_power_at(basis), _names_power(basis))
        yield Check(f"legal_basis[{basis.id}].conditions_met", given(basis.conditions_met))
    for flow in project.data_flows:
        if shown.basis_of_sender(flow) is None:
            yield Check("legal_basis", False)
    yield Check("lawfulness.bars", given(shown.lawfulness.bars))


def t2(_: Project, shown: Project) -> Checks:
    """Met: the screening was done by the start, and the project is not live without assessment."""
    start, screened = shown.assessment.starts_on, shown.screening.screened_on
    in_time = start is not None and screened is not None and screened <= start
    yield Check("screening.screened_on", screened is not None)
    yield Check("assessment.starts_on", in_time)
    yield Check("assessment.stage", shown.assessment.stage not in (None, "live_unassessed"))


def t3(project: Project, shown: Project) -> Checks:
    """Met: the vision is written, and protocol and agreement were considered, whatever came out."""
    if len(project.parties) < 2:
        yield from _alone(project, shown)
        return
    yield Check("practice.vision", given(shown.practice.vision))
    yield Check("partnership.protocol", shown.partnership.protocol is not None)
    yield Check("documents.wanted", shown.documents.wanted is not None)


def t4(_: Project, shown: Project) -> Checks:
    """Met: staff learn how to share, are trained in protection, and have a named adviser."""
    yield Check("practice.learning", given(shown.practice.learning))
    yield Check("practice.named_adviser", given(shown.practice.named_adviser))
    yield Check("security.training", given(shown.security.training))


def t5(project: Project, shown: Project) -> Checks:
    """Met: how data is protected is stated, and how the technology makes sharing quick and easy."""
    yield Check("security.protection", given(shown.security.protection))
    if len(project.parties) >= 2:
        yield Check("security.efficient", given(shown.security.efficient))


def t6(project: Project, shown: Project) -> Checks:
    """Met: decisions, those not to share too, are recorded, and so is each agreement sought."""
    yield Check("practice.recording", given(shown.practice.recording))
    yield Check("practice.withholding_recorded", shown.practice.withholding_recorded is True)
    confirmed_rows = {row.id: row for row in shown.consent}
    for row in project.consent:
        there = confirmed_rows.get(row.id)
        yield Check(f"consent[{row.id}].how_recorded", bool(there and given(there.how_recorded)))
    if _seeks_agreement(project) and not project.consent:
        yield Check("consent", False)


def t7(project: Project, shown: Project) -> Checks:
    """Met: each legal basis names a power, and each agreement sought says why it is."""
    if not shown.legal_basis:
        yield Check("legal_basis", False)
    for basis in shown.legal_basis:
        yield Check(_power_at(basis), _names_power(basis))
    confirmed_rows = {row.id: row for row in shown.consent}
    for row in project.consent:
        there = confirmed_rows.get(row.id)
        yield Check(f"consent[{row.id}].why_sought", bool(there and given(there.why_sought)))
    if _seeks_agreement(project) and not project.consent:
        yield Check("consent", False)


def t8(project: Project, shown: Project) -> Checks:
    """Met: for every flow, each recipient says why it needs the data."""
    if len(project.parties) < 2:
        yield from _alone(project, shown)
        return
    if not project.data_flows:
        yield Check("data_flows", False)
    for flow in project.data_flows:
        if not flow.recipients:
            yield Check(f"data_flows[{flow.id}].recipients", False)
        for recipient in flow.recipients or ():
            rows = [
                row
                for row in shown.recipient_needs
                if (row.flow, row.partner) == (flow.id, recipient)
            ]
            at = f"recipient_needs[{rows[0].id}].need" if rows else "recipient_needs"
            yield Check(at, any(given(row.need) for row in rows))


def t9(project: Project, shown: Project) -> Checks:
    """Met: what people are told, also about sharing without agreement; why some are not told."""
    told = shown.transparency
    yield Check("transparency.how_told", given(told.how_told))
    if len(project.parties) >= 2:
        at = "transparency.sharing_without_consent"
        yield Check(at, given(told.sharing_without_consent))
    if project.transparency.anyone_not_told:
        yield Check("transparency.not_told_reason", given(told.not_told_reason))


def t10(project: Project, shown: Project) -> Checks:
    """Met: what people are told about counts, and who makes them; or no counts are made."""
    if _makes_counts(project):
        at = "transparency.aggregate_use"
        yield Check(at, given(shown.transparency.aggregate_use))
        yield Check("necessity.statistics", given(shown.necessity.statistics))
        return
    purposes = [given(row.category) for row in shown.purposes]
    items = [given(row.identifiability) for row in shown.data_items]
    yield Check("purposes", bool(purposes) and all(purposes))
    yield Check("data_items", bool(items) and all(items))
    yield "No counts or statistics are made for planning or research, so this does not arise."


def t11(project: Project, shown: Project) -> Checks:
    """Met: every party says whom it sees first, and how it works with confidentiality."""
    if len(project.parties) < 2:
        yield from _alone(project, shown)
        return
    for party in project.parties:
        partner = shown.partner(party.id)
        for leaf in ("primary_focus", "confidentiality_practice"):
            there = partner is not None and given(getattr(partner, leaf))
            yield Check(f"partners[{party.id}].{leaf}", there)


def t12(project: Project, shown: Project) -> Checks:
    """Met: a refusal can be challenged, and the answer has a time."""
    if len(project.parties) < 2:
        yield from _alone(project, shown)
        return
    days = shown.practice.challenge_working_days
    yield Check("practice.challenge", given(shown.practice.challenge))
    yield Check("practice.challenge_working_days", days is not None)


def t13(project: Project, shown: Project) -> Checks:
    """Met: staff check what is offered, and every flow covers refusing it."""
    if len(project.parties) < 2:
        yield from _alone(project, shown)
        return
    yield Check("practice.accept_checks", given(shown.practice.accept_checks))
    if not project.data_flows:
        yield Check("decisions", False)
    for flow in project.data_flows:
        rows = [r for r in shown.decisions if (r.flow, r.decision) == (flow.id, "refuse")]
        yield Check(f"decisions[{rows[0].id}]" if rows else "decisions", bool(rows))


def t14(_: Project, shown: Project) -> Checks:
    """Met: the codes that apply are named, and somebody watches for new ones."""
    yield Check("scope.codes", given(shown.scope.codes))
    yield Check("practice.keeping_current", given(shown.practice.keeping_current))


def t15(_: Project, shown: Project) -> Checks:
    """Met: evidence is gathered, decisions not to share are sampled, and a review is due."""
    yield Check("practice.evaluation", given(shown.practice.evaluation))
    yield Check("practice.withholding_sampled", shown.practice.withholding_sampled is True)
    yield Check("review.due", shown.review.due is not None)


def t16(_: Project, shown: Project) -> Checks:
    """Met: somebody watches the law, and a change in it brings a review."""
    yield Check("practice.keeping_current", given(shown.practice.keeping_current))
    yield Check("review.triggers", "change_in_law" in (shown.review.triggers or ()))


def _seeks_agreement(project: Project) -> bool:
    """The fact `agreement_sought`, read from the typed project."""
    return any(
        basis.article_6 == "6_1_a"
        or "9_2_a" in (basis.article_9 or ())
        or basis.part_3_ground == "consent"
        or basis.confidentiality_route == "explicit_consent"
        or basis.agreement_is_condition is True
        for basis in project.legal_basis
    )


def _makes_counts(project: Project) -> bool:
    """The fact `aggregate_use`, read from the typed project."""
    return any(row.category in ("planning", "research") for row in project.purposes) or any(
        row.identifiability in ("aggregate", "anonymous") for row in project.data_items
    )


_CONDITIONS: tuple[Condition, ...] = (
    t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12, t13, t14, t15, t16,
)  # fmt: skip


@cache
def _words() -> Mapping[str, Mapping[str, str]]:
    found: Mapping[str, Mapping[str, str]] = load_yaml(Path(__file__).with_name("tips.yaml"))
    return found
