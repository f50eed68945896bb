"""Knows what people are told, what rights they use, and who needs special care."""

from typing import Literal

from piagen.domain.ids import PartnerId
from piagen.frozen import frozen


@frozen
class Transparency:
    """How people are told, and what is published."""

    how_told: str | None = None
    notice_link: str | None = None
    anyone_not_told: bool | None = None
    not_told_reason: str | None = None
    not_told_decided_by: str | None = None
    accessible_notices: str | None = None
    publication: Literal["in_full", "parts_removed", "summary", "no"] | None = None
    publication_reason: str | None = None
    sharing_without_consent: str | None = None
    aggregate_use: str | None = None


@frozen
class Rights:
    """Requests, corrections, objections and complaints."""

    lead_partner: PartnerId | None = None
    contact: str | None = None
    contact_email: str | None = None
    access_requests: str | None = None
    pass_on_working_days: int | None = None
    views_working_days: int | None = None
    corrections: str | None = None
    corrections_working_days: int | None = None
    objections: str | None = None
    complaints: str | None = None
    complaints_acknowledged_days: int | None = None
    exemptions: str | None = None


@frozen
class AutomatedDecisions:
    """Profiling, scoring and automated decisions."""

    profiling: bool | None = None
    profiling_detail: str | None = None
    solely_automated: bool | None = None
    human_role: str | None = None
    ground: str | None = None
    safeguards: str | None = None
    how_it_works: str | None = None
    how_tested: str | None = None
    transparency_record: Literal["published", "planned", "no"] | None = None
    transparency_record_link: str | None = None
    transparency_record_reason: str | None = None
    if_wrong: str | None = None


@frozen
class PeopleAtRisk:
    """Children, capacity and danger."""

    best_interests: str | None = None
    online_service: bool | None = None
    online_service_detail: str | None = None
    who_can_act: str | None = None
    danger: str | None = None


@frozen
class LawEnforcement:
    """Part 3 of the DPA 2018, and requests from investigators."""

    fact_and_opinion: str | None = None
    kinds_of_person: str | None = None
    logging: bool | None = None
    logging_detail: str | None = None
    may_be_asked: bool | None = None
    requests: str | None = None
    immigration_use: Literal["ruled_out", "possible", "yes"] | None = None
    immigration_use_detail: str | None = None
