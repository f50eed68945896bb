"""Knows how the data is kept, protected, and handled by others."""

from datetime import date
from typing import Literal

from piagen.domain.ids import DataItemId, PartnerId
from piagen.frozen import frozen

Mechanism = Literal[
    "uk_regulations",
    "idta",
    "uk_addendum",
    "binding_corporate_rules",
    "article_49",
    "part_3_chapter_5",
]


@frozen
class Retention:
    """How long one holder keeps some items."""

    id: str
    data_items: tuple[DataItemId, ...] | None = None
    holder: PartnerId | None = None
    period_unit: Literal["days", "months", "years", "permanent"] | None = None
    period: int | None = None
    starts_from: str | None = None
    authority: str | None = None
    disposal: str | None = None
    responsible: str | None = None


@frozen
class Access:
    """Who in a partner can see which items."""

    id: str
    partner: PartnerId | None = None
    role: str | None = None
    data_items: tuple[DataItemId, ...] | None = None
    control: str | None = None


@frozen
class Security:
    """Protection, monitoring, training and breaches."""

    protection: str | None = None
    monitoring: str | None = None
    training: str | None = None
    breaches: str | None = None
    breach_partners_hours: int | None = None
    breach_regulator_hours: int | None = None
    assessed: bool | None = None
    assessed_detail: str | None = None
    meetings: str | None = None
    key_holder: PartnerId | None = None
    re_identification: str | None = None
    continuity: str | None = None
    efficient: str | None = None


@frozen
class Processor:
    """The contract of one supplier."""

    id: str
    partner: PartnerId | None = None
    instructed_by: tuple[PartnerId, ...] | None = None
    service: str | None = None
    country: str | None = None
    contract_state: Literal["signed", "in_draft", "none_yet"] | None = None
    contract_date: date | None = None
    terms_complete: bool | None = None
    sub_processors: str | None = None
    own_use: bool | None = None
    own_use_detail: str | None = None


@frozen
class Overseas:
    """Whether data leaves the UK."""

    outside_uk: bool | None = None
    outside_uk_detail: str | None = None


@frozen
class Transfer:
    """One transfer outside the UK and what makes it lawful."""

    id: str
    country: str | None = None
    recipient: str | None = None
    data_items: tuple[DataItemId, ...] | None = None
    mechanism: Mechanism | None = None
    exception: str | None = None
    tested_on: date | None = None
