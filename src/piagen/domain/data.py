"""Knows whose data it is, which data, and how it moves."""

from datetime import date
from typing import Literal

from piagen.domain.ids import DataFlowId, DataItemId, DataSubjectId, PartnerId, PurposeId, SystemId
from piagen.frozen import frozen

Identifiability = Literal["identifiable", "pseudonymised", "aggregate", "anonymous"]
DataCategory = Literal["personal", "special_category", "criminal_offence", "restricted"]
AlsoContains = Literal[
    "adult_social_care_record",
    "child_social_care_record",
    "education_record",
    "nationality_or_immigration",
    "free_text",
    "images",
]
SpecialCategory = Literal[
    "racial_or_ethnic_origin",
    "political_opinions",
    "beliefs",
    "trade_union",
    "genetic",
    "biometric",
    "health",
    "sex_life",
    "sexual_orientation",
]
Restricted = Literal[
    "adoption",
    "fertility_treatment",
    "gender_recognition",
    "sexually_transmitted_infection",
    "tax",
    "benefits",
    "witness_or_refuge_location",
    "court_restricted",
    "other",
]
Source = Literal[
    "from_the_person",
    "another_organisation",
    "cameras",
    "other_observation",
    "derived",
    "public_sources",
]
Method = Literal[
    "shared_system",
    "interface",
    "secure_portal",
    "secure_email",
    "meeting",
    "telephone",
    "in_person",
    "tracked_post",
    "ordinary_post",
    "unencrypted_email",
    "fax",
    "removable_media",
    "other",
]
Frequency = Literal[
    "one_off", "when_needed", "real_time", "daily", "weekly", "monthly", "termly", "yearly"
]
DecisionWord = Literal[
    "offer",
    "share_when_asked",
    "request",
    "accept",
    "not_offer",
    "withhold",
    "not_request",
    "refuse",
]
MatchingIdentifiers = Literal[
    "none",
    "nhs_number",
    "unique_pupil_number",
    "national_insurance_number",
    "uprn",
    "police_reference",
    "child_consistent_identifier",
    "other",
]


@frozen
class DataSubject:
    """A group of people whose data it is."""

    id: DataSubjectId
    group: str | None = None
    number: int | None = None
    children: bool | None = None
    adults_at_risk: bool | None = None
    may_lack_capacity: bool | None = None
    relationship: str | None = None


@frozen
class DataItem:
    """One kind of data."""

    id: DataItemId
    item: str | None = None
    data_subjects: tuple[DataSubjectId, ...] | None = None
    purposes: tuple[PurposeId, ...] | None = None
    why_needed: str | None = None
    identifiability: Identifiability | None = None
    category: tuple[DataCategory, ...] | None = None
    confidential: bool | None = None
    also_contains: tuple[AlsoContains, ...] | None = None
    original_source: str | None = None
    special_category: tuple[SpecialCategory, ...] | None = None
    restricted: tuple[Restricted, ...] | None = None
    source: Source | None = None


@frozen
class System:
    """A system that holds the data."""

    id: SystemId
    system: str | None = None
    owner: PartnerId | None = None
    supplier: PartnerId | None = None
    hosting_country: str | None = None
    new: bool | None = None
    security_assessed_on: date | None = None


@frozen
class DataFlow:
    """One movement of data between partners, for one purpose."""

    id: DataFlowId
    name: str | None = None
    sender: PartnerId | None = None
    recipients: tuple[PartnerId, ...] | None = None
    data_items: tuple[DataItemId, ...] | None = None
    purpose: PurposeId | None = None
    trigger: str | None = None
    method: Method | None = None
    frequency: Frequency | None = None
    format: str | None = None
    safeguards: str | None = None
    systems: tuple[SystemId, ...] | None = None
    response_working_days: int | None = None
    regime: Literal["uk_gdpr", "law_enforcement"] | None = None


@frozen
class Decision:
    """One of the eight decisions that staff face on a flow: Richardson (2016), Table 10.1."""

    id: str
    flow: DataFlowId | None = None
    decision: DecisionWord | None = None
    good_cause: str | None = None
    guidance: str | None = None


@frozen
class RecipientNeed:
    """Why one recipient of a flow needs the data."""

    id: str
    flow: DataFlowId | None = None
    partner: PartnerId | None = None
    need: str | None = None


@frozen
class Processing:
    """Matching, new technology, and people who have died."""

    people_who_have_died: bool | None = None
    matching: bool | None = None
    matching_detail: str | None = None
    matching_identifiers: tuple[MatchingIdentifiers, ...] | None = None
    new_technology: bool | None = None
    new_technology_detail: str | None = None
