"""Knows the organisations and what each one does."""

from datetime import date
from typing import Literal

from piagen.domain.ids import PartnerId, PurposeId
from piagen.frozen import frozen

Duty = Literal[
    "telling_people",
    "access_requests",
    "other_rights",
    "complaints",
    "breaches",
    "security",
    "retention",
    "accuracy",
    "freedom_of_information",
]
AssuranceScheme = Literal[
    "dspt",
    "cyber_essentials",
    "cyber_essentials_plus",
    "iso_27001",
    "psn",
    "police_assurance",
    "own_statement",
    "other",
]


@frozen
class Partner:
    """An organisation that sends, receives, hosts or can see the data."""

    id: PartnerId
    name: str | None = None
    short_name: str | None = None
    address: str | None = None
    kind: str | None = None
    public_authority: bool | None = None
    foi_body: bool | None = None
    competent_authority: bool | None = None
    dpo: str | None = None
    dpo_email: str | None = None
    caldicott_guardian: str | None = None
    fee_number: str | None = None
    primary_focus: Literal["individual", "family", "public", "mixed"] | None = None
    primary_focus_note: str | None = None
    confidentiality_practice: str | None = None
    assessment_agreed: Literal["agreed", "own_assessment", "not_yet"] | None = None
    designated_person: str | None = None


@frozen
class Role:
    """What a partner is for one purpose: controller, processor or recipient."""

    id: str
    partner: PartnerId | None = None
    purpose: PurposeId | None = None
    role: Literal["controller", "joint_controller", "processor", "recipient"] | None = None


@frozen
class Partnership:
    """Who leads, who decides, and what the partners already have."""

    lead: PartnerId | None = None
    protocol: Literal["exists", "none"] | None = None
    protocol_title: str | None = None
    protocol_dated: date | None = None
    who_decides: str | None = None
    joint_arrangement: str | None = None
    onward_sharing: bool | None = None
    onward_sharing_detail: str | None = None


@frozen
class Responsibility:
    """One duty of joint controllers and the partner that leads on it."""

    id: str
    duty: Duty | None = None
    lead: PartnerId | None = None
    others: str | None = None


@frozen
class Assurance:
    """Evidence that a partner protects data well."""

    id: str
    partner: PartnerId | None = None
    scheme: AssuranceScheme | None = None
    evidence: str | None = None
    valid_until: date | None = None


@frozen
class Documents:
    """The documents asked for."""

    wanted: tuple[Literal["pia", "protocol", "agreement", "card"], ...] | None = None
