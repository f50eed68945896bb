"""Knows one whole project: every section and table, and how their rows belong together."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import field
from textwrap import shorten
from typing import Any

from piagen.domain.about import (
    Assessment,
    Distribution,
    HistoryEntry,
    RelatedDocument,
    Reviewer,
    Screening,
)
from piagen.domain.data import (
    DataFlow,
    DataItem,
    DataSubject,
    Decision,
    Processing,
    RecipientNeed,
    System,
)
from piagen.domain.ids import DataItemId, PartnerId, PurposeId
from piagen.domain.judgement import (
    Action,
    Consultation,
    Consultee,
    Outcome,
    ReviewPlan,
    Risk,
    SignOff,
)
from piagen.domain.kept import DismissedRisk, OpenQuestion, Unconfirmed, Waiver, Withheld
from piagen.domain.lawfulness import Alternative, Consent, Lawfulness, LegalBasis, Necessity
from piagen.domain.partners import Assurance, Documents, Partner, Partnership, Responsibility, Role
from piagen.domain.people import (
    AutomatedDecisions,
    LawEnforcement,
    PeopleAtRisk,
    Rights,
    Transparency,
)
from piagen.domain.practice import (
    Broker,
    Influence,
    LocalUse,
    Meaning,
    Practice,
    Secondment,
    SharedTerm,
    SharedTool,
)
from piagen.domain.purposes import Description, Purpose, Scope
from piagen.domain.safeguards import Access, Overseas, Processor, Retention, Security, Transfer
from piagen.domain.terms import AgreementTerms, Contact, ProtocolTerms, Signatory
from piagen.frozen import frozen


@frozen
class Project:
    """The visible answers of one project, typed. Absent answers are None, absent tables empty."""

    assessment: Assessment = field(default_factory=Assessment)
    related_documents: tuple[RelatedDocument, ...] = ()
    history: tuple[HistoryEntry, ...] = ()
    reviewers: tuple[Reviewer, ...] = ()
    distribution: tuple[Distribution, ...] = ()
    screening: Screening = field(default_factory=Screening)
    project: Description = field(default_factory=Description)
    purposes: tuple[Purpose, ...] = ()
    scope: Scope = field(default_factory=Scope)
    partners: tuple[Partner, ...] = ()
    roles: tuple[Role, ...] = ()
    partnership: Partnership = field(default_factory=Partnership)
    responsibilities: tuple[Responsibility, ...] = ()
    assurances: tuple[Assurance, ...] = ()
    documents: Documents = field(default_factory=Documents)
    practice: Practice = field(default_factory=Practice)
    shared_terms: tuple[SharedTerm, ...] = ()
    meanings: tuple[Meaning, ...] = ()
    brokers: tuple[Broker, ...] = ()
    shared_tools: tuple[SharedTool, ...] = ()
    local_uses: tuple[LocalUse, ...] = ()
    influences: tuple[Influence, ...] = ()
    secondments: tuple[Secondment, ...] = ()
    data_subjects: tuple[DataSubject, ...] = ()
    data_items: tuple[DataItem, ...] = ()
    systems: tuple[System, ...] = ()
    data_flows: tuple[DataFlow, ...] = ()
    decisions: tuple[Decision, ...] = ()
    recipient_needs: tuple[RecipientNeed, ...] = ()
    processing: Processing = field(default_factory=Processing)
    legal_basis: tuple[LegalBasis, ...] = ()
    consent: tuple[Consent, ...] = ()
    lawfulness: Lawfulness = field(default_factory=Lawfulness)
    necessity: Necessity = field(default_factory=Necessity)
    alternatives: tuple[Alternative, ...] = ()
    transparency: Transparency = field(default_factory=Transparency)
    rights: Rights = field(default_factory=Rights)
    automated_decisions: AutomatedDecisions = field(default_factory=AutomatedDecisions)
    people_at_risk: PeopleAtRisk = field(default_factory=PeopleAtRisk)
    law_enforcement: LawEnforcement = field(default_factory=LawEnforcement)
    retention: tuple[Retention, ...] = ()
    access: tuple[Access, ...] = ()
    security: Security = field(default_factory=Security)
    processors: tuple[Processor, ...] = ()
    overseas: Overseas = field(default_factory=Overseas)
    transfers: tuple[Transfer, ...] = ()
    consultation: Consultation = field(default_factory=Consultation)
    consultees: tuple[Consultee, ...] = ()
    risks: tuple[Risk, ...] = ()
    actions: tuple[Action, ...] = ()
    outcome: Outcome = field(default_factory=Outcome)
    sign_off: tuple[SignOff, ...] = ()
    review: ReviewPlan = field(default_factory=ReviewPlan)
    protocol: ProtocolTerms = field(default_factory=ProtocolTerms)
    agreement: AgreementTerms = field(default_factory=AgreementTerms)
    contacts: tuple[Contact, ...] = ()
    signatories: tuple[Signatory, ...] = ()
    open_questions: tuple[OpenQuestion, ...] = ()
    unconfirmed: tuple[Unconfirmed, ...] = ()
    withheld: tuple[Withheld, ...] = ()
    dismissed_risks: tuple[DismissedRisk, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def parties(self) -> tuple[Partner, ...]:
        """The partners with any role but processor, or no role yet."""
        return tuple(p for p in self.partners if self.roles_of(p.id) != {"processor"})

    @property
    def suppliers(self) -> tuple[Partner, ...]:
        """The partners whose every role is processor; never parties to an agreement."""
        return tuple(p for p in self.partners if self.roles_of(p.id) == {"processor"})

    @property
    def lead(self) -> Partner | None:
        """The partner that leads the project and owns the assessment."""
        return self.partner(self.partnership.lead)

    @property
    def several_organisations(self) -> bool:
        """Whether at least two partners are parties: the fact of that name."""
        return len(self.parties) >= 2

    @property
    def law_enforcement_use(self) -> bool:
        """Whether any flow or legal basis is under Part 3: the fact of that name."""
        regimes = [flow.regime for flow in self.data_flows]
        return "law_enforcement" in (*regimes, *(basis.regime for basis in self.legal_basis))

    @property
    def controllers(self) -> tuple[Partner, ...]:
        """The partners that are a controller or joint controller for any purpose."""
        named = {r.partner for r in self.roles if r.role in ("controller", "joint_controller")}
        return tuple(p for p in self.partners if p.id in named)

    def is_open(self, at: str) -> bool:
        """Whether somebody was asked to find the answer that is missing at the stored path."""
        return any(question.at == at for question in self.open_questions)

    def roles_of(self, partner: PartnerId) -> set[str]:
        """Return every role that the partner has, for any purpose."""
        return {r.role for r in self.roles if r.partner == partner and r.role is not None}

    def partner(self, partner: PartnerId | None) -> Partner | None:
        """Return the partner with the id, or None."""
        return next((p for p in self.partners if p.id == partner), None)

    def called(self, partner: PartnerId | None) -> str:
        """Return what a sentence calls the partner: its short name, its name, or “a partner”."""
        found = self.partner(partner)
        return "a partner" if found is None else found.short_name or found.name or "a partner"

    def called_together(self, partners: Iterable[PartnerId | None]) -> str:
        """Return what the middle of a sentence calls several partners: “the police and B”."""
        names = [self.called(partner) for partner in partners]
        names = [f"the {name[4:]}" if name.startswith("The ") else name for name in names]
        return " and ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)

    def purpose_number(self, purpose: PurposeId | None) -> str:
        """Return the printed number of the purpose, P1, or “a purpose” where it is not known."""
        numbers = (f"P{i}" for i, row in enumerate(self.purposes, 1) if row.id == purpose)
        return next(numbers, "a purpose")

    def flow_called(self, flow: DataFlow) -> str:
        """Return what a sentence calls the flow: its name in quotation marks, or its number."""
        numbers = (f"flow F-{i:02}" for i, row in enumerate(self.data_flows, 1) if row == flow)
        return f"“{flow.name}”" if flow.name else next(numbers, "a flow")

    def items_called(self, items: Collection[DataItemId], most: int = 3) -> str:
        """Return what a sentence calls the items: at most so many by name, then how many more."""
        named = [
            f"“{shorten(item.item, 60, placeholder=' …')}”" if item.item else f"item I-{i:02}"
            for i, item in enumerate(self.data_items, 1)
            if item.id in items
        ]
        shown = named[:most]
        if len(named) > most:
            shown.append(f"{len(named) - most} more")
        *first, last = shown or ["no item"]
        return f"{', '.join(first)} and {last}" if first else last

    def carries_identifiable(self, flow: DataFlow) -> bool:
        """Whether any item of the flow is identifiable or pseudonymised."""
        carried = set(flow.data_items or ())
        return any(
            item.identifiability in ("identifiable", "pseudonymised")
            for item in self.data_items
            if item.id in carried
        )

    def recipients_of(self, item: DataItemId) -> tuple[PartnerId, ...]:
        """Return the partners that receive the item by any flow, in the order of the flows."""
        found = (
            recipient
            for flow in self.data_flows
            if item in (flow.data_items or ())
            for recipient in flow.recipients or ()
        )
        return tuple(dict.fromkeys(found))

    def flows_sent(self, partner: PartnerId, purpose: PurposeId) -> tuple[DataFlow, ...]:
        """Return the flows by which the partner sends for the purpose."""
        return tuple(f for f in self.data_flows if (f.sender, f.purpose) == (partner, purpose))

    def flows_received(self, partner: PartnerId, purpose: PurposeId) -> tuple[DataFlow, ...]:
        """Return the flows by which the partner receives for the purpose."""
        return tuple(
            f for f in self.data_flows if f.purpose == purpose and partner in (f.recipients or ())
        )

    def items_used(self, partner: PartnerId, purpose: PurposeId) -> tuple[DataItem, ...]:
        """Return the items that the partner uses for the purpose and that may identify people.

        They are those of its flows; without a flow, those that are needed for the purpose.
        """
        flows = (*self.flows_sent(partner, purpose), *self.flows_received(partner, purpose))
        carried = {item for flow in flows for item in flow.data_items or ()}
        return tuple(
            item
            for item in self.data_items
            if item.identifiability not in ("aggregate", "anonymous")
            and (item.id in carried if flows else purpose in (item.purposes or ()))
        )

    def is_processor(self, partner: PartnerId, purpose: PurposeId) -> bool:
        """Whether the partner is nothing but a processor for the purpose."""
        named = {
            r.role for r in self.roles if (r.partner, r.purpose) == (partner, purpose) and r.role
        }
        return named == {"processor"}

    def basis_of_sender(self, flow: DataFlow) -> LegalBasis | None:
        """Return the sender's legal basis for the flow: same partner, purpose and regime."""
        if None in (flow.sender, flow.purpose, flow.regime):
            return None
        return next(
            (
                basis
                for basis in self.legal_basis
                if (basis.partner, basis.purpose, basis.regime)
                == (flow.sender, flow.purpose, flow.regime)
            ),
            None,
        )

    def top_risks(self, most: int) -> tuple[Risk, ...]:
        """Return at most so many risks, the worst first: as it is now, then as it is left."""
        ranks = {"high": 0, "medium": 1, "low": 2, None: 3}
        ordered = sorted(
            self.risks, key=lambda risk: (ranks[risk.rating], ranks[risk.residual_rating])
        )
        return tuple(ordered[:most])

    def retention_of(self, item: DataItemId) -> tuple[Retention, ...]:
        """Return the retention rows that cover the item."""
        return tuple(row for row in self.retention if item in (row.data_items or ()))
