"""Knows the terms of the protocol and the agreement."""

from datetime import date
from typing import Literal

from piagen.domain.ids import PartnerId
from piagen.frozen import frozen

Principles = Literal[
    "uk_gdpr",
    "part_3",
    "caldicott",
    "golden_rules",
    "data_sharing_code",
    "surveillance_camera_code",
    "waspi",
]
Indemnity = Literal["each_bears_its_own", "mutual_to_be_drafted", "crown_memorandum", "other"]
ComplianceChecks = Literal["self_assessment", "evidence_on_request", "audit"]
ContactFunction = Literal[
    "operational_lead",
    "security",
    "breach",
    "information_rights",
    "freedom_of_information",
    "escalation",
]


@frozen
class ProtocolTerms:
    """What the protocol says beyond the assessment."""

    name: str | None = None
    coverage: str | None = None
    oversight_group: str | None = None
    oversight_detail: str | None = None
    principles: tuple[Principles, ...] | None = None
    joining_and_leaving: str | None = None
    leaving_notice_days: int | None = None
    disputes: str | None = None
    dispute_step_working_days: int | None = None
    register: str | None = None
    register_link: str | None = None
    review_months: int | None = None


@frozen
class AgreementTerms:
    """What the agreement says beyond the assessment."""

    starts_on: date | None = None
    open_ended: bool | None = None
    ends_on: date | None = None
    first_review_months: int | None = None
    review_months: int | None = None
    leaving_notice_days: int | None = None
    ends_at_once: str | None = None
    disputes: str | None = None
    dispute_step_working_days: int | None = None
    indemnity: Indemnity | None = None
    indemnity_detail: str | None = None
    binding: bool | None = None
    freedom_of_information: str | None = None
    foi_consult_working_days: int | None = None
    foi_reply_working_days: int | None = None
    compliance_checks: tuple[ComplianceChecks, ...] | None = None
    data_at_end: Literal["return", "delete", "keep_as_own"] | None = None
    data_at_end_reason: str | None = None


@frozen
class Contact:
    """Whom to reach in a partner, for what."""

    id: str
    partner: PartnerId | None = None
    function: ContactFunction | None = None
    contact: str | None = None
    email: str | None = None
    telephone: str | None = None
    out_of_hours: bool | None = None


@frozen
class Signatory:
    """Who signs which document for a partner."""

    id: str
    partner: PartnerId | None = None
    document: Literal["protocol", "agreement"] | None = None
    name: str | None = None
    role: str | None = None
