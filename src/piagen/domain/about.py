"""Knows the assessment itself: document control and screening."""

from datetime import date
from typing import Literal

from piagen.frozen import frozen

Answer = Literal["yes", "no", "not_sure"]
Stage = Literal["idea", "design", "procurement", "pilot", "change", "live_unassessed"]
AssessmentStatus = Literal[
    "draft", "for_consultation", "for_approval", "approved", "under_review", "withdrawn"
]
Nations = Literal["england", "wales", "scotland", "northern_ireland"]
RelatedDocumentKind = Literal[
    "pia",
    "equality_assessment",
    "contract",
    "supplier_assessment",
    "algorithmic_record",
    "agreement",
    "protocol",
    "other",
]
Outcome = Literal[
    "mandatory",
    "required_by_policy",
    "likely_required",
    "recommended",
    "consider",
    "covered_by_existing",
    "not_required",
]


@frozen
class Assessment:
    """Document control: what the covers and control tables print."""

    title: str | None = None
    reference: str | None = None
    author: str | None = None
    author_role: str | None = None
    author_email: str | None = None
    owner: str | None = None
    owner_role: str | None = None
    owner_email: str | None = None
    stage: Stage | None = None
    starts_on: date | None = None
    status: AssessmentStatus | None = None
    version: str | None = None
    dated: date | None = None
    marking: Literal["none", "official", "official_sensitive"] | None = None
    handling: str | None = None
    nations: tuple[Nations, ...] | None = None


@frozen
class RelatedDocument:
    """An earlier or related document."""

    id: str
    title: str | None = None
    kind: RelatedDocumentKind | None = None
    dated: date | None = None
    link: str | None = None


@frozen
class HistoryEntry:
    """One version of this document."""

    id: str
    version: str | None = None
    dated: date | None = None
    author_role: str | None = None
    change: str | None = None


@frozen
class Reviewer:
    """Someone who read a draft."""

    id: str
    role: str | None = None
    reviewed_on: date | None = None


@frozen
class Distribution:
    """Someone who gets a copy."""

    id: str
    recipient: str | None = None
    format: Literal["full", "published", "summary"] | None = None


@frozen
class Screening:
    """The screening questions, who answered them and what follows."""

    personal_data: Answer | None = None
    scoring: Answer | None = None
    automated_decision: Answer | None = None
    access_to_service: Answer | None = None
    large_scale_profiling: Answer | None = None
    sensitive_data: Answer | None = None
    large_scale: Answer | None = None
    large_scale_sensitive: Answer | None = None
    public_monitoring: Answer | None = None
    tracking: Answer | None = None
    matching: Answer | None = None
    vulnerable_people: Answer | None = None
    targeting_vulnerable: Answer | None = None
    new_technology: Answer | None = None
    biometric_identification: Answer | None = None
    genetic_data: Answer | None = None
    invisible_processing: Answer | None = None
    physical_harm: Answer | None = None
    prevents_a_right: Answer | None = None
    law_enforcement: Answer | None = None
    regular_sharing: Answer | None = None
    digital_economy_act: Answer | None = None
    health_or_care_use: Answer | None = None
    covered_by: str | None = None
    covered_by_reason: str | None = None
    covered_by_agreed_by_dpo: bool | None = None
    outcome: Outcome | None = None
    route: Literal["full", "short"] | None = None
    reason: str | None = None
    screened_by: str | None = None
    screened_on: date | None = None
    dpo_view: str | None = None
    review_on: date | None = None
