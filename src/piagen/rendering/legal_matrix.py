"""Knows the legal matrix as documents print it: what each row rests on, and who has no row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from piagen.domain.ids import DataFlowId, PartnerId, PurposeId
from piagen.domain.lawfulness import Consent, LegalBasis
from piagen.domain.project import Project
from piagen.frozen import frozen
from piagen.law.dated import DatedLaw
from piagen.law.model import Gateway, Role
from piagen.law.why import sentences

Regime = Literal["uk_gdpr", "law_enforcement"]


@frozen
class Power:
    """A law that a row names as its power.

    Attributes:
        conditions: what must be true for it to be used, one sentence each.
        caution: what to know before relying on it; empty for a law that gives a power itself.
    """

    gateway: Gateway
    conditions: tuple[str, ...]
    caution: str


@frozen
class LegalUse:
    """One row of the matrix: what a partner does for a purpose under one set of rules.

    Attributes:
        basis: the row.
        sends: the flows by which the partner sends for the purpose under these rules.
        receives: the flows by which it receives for the purpose.
        powers: the laws of the catalogue that it names.
        crime_data: whether it uses data about crime for the purpose.
        agreements: how people are asked for their agreement for the purpose.
    """

    basis: LegalBasis
    sends: tuple[DataFlowId, ...]
    receives: tuple[DataFlowId, ...]
    powers: tuple[Power, ...]
    crime_data: bool
    agreements: tuple[Consent, ...]


@frozen
class Uncovered:
    """A partner that sends or receives for a purpose, and has no row for that.

    Attributes:
        regime: the rules under which it sends; None where it only receives, or that is not known.
    """

    partner: PartnerId
    purpose: PurposeId
    direction: Literal["sends", "receives"]
    regime: Regime | None


def legal_uses(project: Project, law: DatedLaw) -> tuple[LegalUse, ...]:
    """Return every row of the matrix, in its order.

    Args:
        project: the visible answers, typed.
        law: the catalogue of law.
    """
    return tuple(_use(project, law, basis) for basis in project.legal_basis)


def _use(project: Project, law: DatedLaw, basis: LegalBasis) -> LegalUse:
    partner, purpose = basis.partner, basis.purpose
    known = partner is not None and purpose is not None
    sent = project.flows_sent(partner, purpose) if partner and purpose else ()
    received = project.flows_received(partner, purpose) if partner and purpose else ()
    items = project.items_used(partner, purpose) if partner and purpose else ()
    return LegalUse(
        basis=basis,
        sends=tuple(flow.id for flow in sent if flow.regime in (None, basis.regime)),
        receives=tuple(flow.id for flow in received),
        powers=tuple(_powers(basis, law)),
        crime_data=any("criminal_offence" in (item.category or ()) for item in items),
        agreements=tuple(row for row in project.consent if known and row.purpose == purpose),
    )


def _powers(basis: LegalBasis, law: DatedLaw) -> Iterator[Power]:
    known = law.catalogue.gateways
    for id_ in basis.gateways or ():
        if id_ in known:
            entry = known[id_]
            told = (*sentences(entry.conditions_or_limits), *sentences(entry.agreement_note))
            yield Power(entry, told, _CAUTION[entry.role])


_CAUTION = {
    Role.GATEWAY: "",
    Role.FRAMEWORK: "A framework: it needs a specific power beside it.",
    Role.CONFIDENTIALITY: "It answers the duty of confidence and gives no power.",
    Role.RESTRICTION: "It limits disclosure and gives no power.",
    Role.HISTORIC: "It is kept only so that people recognise it, and gives no power.",
    Role.NOT_PERSONAL_DATA: "It is about data that are not personal, and gives no power.",
}


def uncovered(project: Project) -> tuple[Uncovered, ...]:
    """Return who sends or receives data that may identify people, with no row for the purpose.

    A sender also needs a row for the rules under which it sends. A processor acts under the power
    of those for whom it works.

    Args:
        project: the visible answers, typed.
    """
    return tuple(dict.fromkeys(_uncovered(project)))


def _uncovered(project: Project) -> Iterator[Uncovered]:
    rows: dict[tuple[PartnerId | None, PurposeId | None], set[Regime | None]] = {}
    for basis in project.legal_basis:
        rows.setdefault((basis.partner, basis.purpose), set()).add(basis.regime)
    safe = {i.id for i in project.data_items if i.identifiability in ("aggregate", "anonymous")}
    sending = {(flow.sender, flow.purpose) for flow in project.data_flows}
    for flow in project.data_flows:
        if flow.purpose is None or (flow.data_items and safe.issuperset(flow.data_items)):
            continue
        if flow.sender and not project.is_processor(flow.sender, flow.purpose):
            there = rows.get((flow.sender, flow.purpose), set())
            if not there or (flow.regime and not there & {flow.regime, None}):
                yield Uncovered(flow.sender, flow.purpose, "sends", flow.regime)
        for recipient in flow.recipients or ():
            pair = (recipient, flow.purpose)
            if pair not in rows and pair not in sending and not project.is_processor(*pair):
                yield Uncovered(recipient, flow.purpose, "receives", None)
