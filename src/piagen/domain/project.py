"""Knows one whole project: every section and table, and how their rows belong together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
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
from piagen.domain.ids import DataItemId, PartnerId
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


@dataclass(frozen=True, slots=True)
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

    def roles_of(self, partner: PartnerId) -> set[str]:
        """Return every role that the partner has, for any purpose."""
        return {r.role for r in self.roles if r.partner == partner and r.role is not None}

    def partner(self, partner: PartnerId | None) -> Partner | None:
        """Return the partner with the id, or None."""
        return next((p for p in self.partners if p.id == partner), None)

    def recipients_of(self, item: DataItemId) -> tuple[PartnerId, ...]:
        """Return the partners that receive the item by any flow, in the order of the flows."""
        found = (
            recipient
            for flow in self.data_flows
            if item in (flow.data_items or ())
            for recipient in flow.recipients or ()
        )
        return tuple(dict.fromkeys(found))

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
