"""Knows the power, basis and confidentiality route of each partner for each purpose."""

from datetime import date
from typing import Literal

from piagen.domain.ids import GatewayId, PartnerId, PurposeId
from piagen.frozen import frozen

PowerKind = Literal[
    "express_duty",
    "express_power",
    "implied_power",
    "common_law_power",
    "contract_only",
    "none_found",
]
ConfidentialityRoute = Literal[
    "implied_consent",
    "explicit_consent",
    "legal_duty",
    "section_251",
    "public_interest",
    "not_confidential",
]
RoleOfAgreement = Literal[
    "article_6", "article_9", "part_3", "confidentiality", "gateway_condition"
]


@frozen
class LegalBasis:
    """One partner, one purpose, one regime: the law relied on."""

    id: str
    partner: PartnerId | None = None
    purpose: PurposeId | None = None
    regime: Literal["uk_gdpr", "law_enforcement"] | None = None
    gateways: tuple[GatewayId, ...] | None = None
    other_power: str | None = None
    power_kind: PowerKind | None = None
    law_checked_on: date | None = None
    conditions_met: str | None = None
    agreement_is_condition: bool | None = None
    article_6: str | None = None
    part_3_ground: Literal["consent", "necessary_for_the_task"] | None = None
    legitimate_interest: str | None = None
    article_9: tuple[str, ...] | None = None
    schedule_1: tuple[str, ...] | None = None
    schedule_8: tuple[str, ...] | None = None
    strictly_necessary: str | None = None
    policy_document: bool | None = None
    policy_document_reference: str | None = None
    confidentiality_route: ConfidentialityRoute | None = None
    section_251_reference: str | None = None


@frozen
class Consent:
    """How agreement works for one purpose, whatever its role."""

    id: str
    purpose: PurposeId | None = None
    role_of_agreement: tuple[RoleOfAgreement, ...] | None = None
    why_sought: str | None = None
    what_people_agree_to: str | None = None
    who_asks: tuple[PartnerId, ...] | None = None
    how_recorded: str | None = None
    how_withdrawn: str | None = None
    effect_of_refusal: str | None = None
    capacity_and_children: str | None = None


@frozen
class Lawfulness:
    """Bars, compatibility, private life, equality and opt-out."""

    bars: Literal["none_found", "limits_met"] | None = None
    bars_detail: str | None = None
    reused: bool | None = None
    compatible_use: str | None = None
    private_life: str | None = None
    equality_considered: bool | None = None
    equality_detail: str | None = None
    national_opt_out: Literal["does_not_apply", "upheld", "exempt"] | None = None
    national_opt_out_reason: str | None = None


@frozen
class Necessity:
    """Why this is the least intrusive way that works."""

    why_named_people: str | None = None
    left_out: str | None = None
    statistics: str | None = None
    small_numbers: str | None = None
    control_of_change: str | None = None
    accuracy: str | None = None
    conclusion: str | None = None


@frozen
class Alternative:
    """A less intrusive way that was considered."""

    id: str
    alternative: str | None = None
    why_not_enough: str | None = None
