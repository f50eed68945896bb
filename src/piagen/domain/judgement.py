"""Knows the views sought, the risks, the measures and the decision."""

from datetime import date
from typing import Literal

from piagen.domain.ids import DataSubjectId, PartnerId, RiskId
from piagen.domain.risk_scale import Likelihood, Rating, Severity, rating
from piagen.frozen import frozen

Who = Literal[
    "dpo",
    "security",
    "legal",
    "records",
    "caldicott_guardian",
    "equality",
    "front_line_staff",
    "unions",
    "supplier",
    "partner",
    "other",
]
OutcomeWord = Literal["go_ahead", "go_ahead_when_met", "pause_consult_regulator", "do_not_go_ahead"]
Role = Literal["dpo", "caldicott_guardian", "siro", "information_asset_owner", "joint_controller"]
SignOffWord = Literal["advised", "approved", "approved_with_conditions", "refused", "withdrawn"]
Triggers = Literal[
    "new_purpose",
    "new_partner",
    "new_data_items",
    "new_supplier_or_system",
    "change_in_law",
    "breach",
    "complaints",
    "new_risk",
]


@frozen
class Consultation:
    """Whether people were asked, and what changed."""

    people_asked: bool | None = None
    people_detail: str | None = None
    why_not: str | None = None
    changes: str | None = None


@frozen
class Consultee:
    """Someone who was consulted."""

    id: str
    who: Who | None = None
    view: str | None = None
    consulted_on: date | None = None


@frozen
class Risk:
    """One risk to people, before and after the measures."""

    id: RiskId
    slug: str | None = None
    risk: str | None = None
    arises_from: Literal["sharing", "not_sharing"] | None = None
    data_subjects: tuple[DataSubjectId, ...] | None = None
    likelihood: Likelihood | None = None
    severity: Severity | None = None
    measures: str | None = None
    residual_likelihood: Likelihood | None = None
    residual_severity: Severity | None = None
    accepted_by: str | None = None

    @property
    def rating(self) -> Rating | None:
        """Low, medium or high before the measures; None while a word is missing."""
        return rating(self.likelihood, self.severity)

    @property
    def residual_rating(self) -> Rating | None:
        """Low, medium or high after the measures; None while a word is missing."""
        return rating(self.residual_likelihood, self.residual_severity)


@frozen
class Action:
    """Something that will be done about a risk."""

    id: str
    action: str | None = None
    risks: tuple[RiskId, ...] | None = None
    effect: Literal["avoid", "reduce", "transfer", "accept"] | None = None
    owner: str | None = None
    due: date | None = None
    status: Literal["open", "done"] | None = None
    before_start: bool | None = None


@frozen
class Outcome:
    """Prior consultation and the decision."""

    organisational_risks: str | None = None
    regulator_consulted: bool | None = None
    regulator_sent_on: date | None = None
    regulator_reference: str | None = None
    regulator_reply: str | None = None
    decision: OutcomeWord | None = None
    decided_by: str | None = None
    decided_on: date | None = None


@frozen
class SignOff:
    """One person who advised, approved or accepted."""

    id: str
    role: Role | None = None
    partner: PartnerId | None = None
    name: str | None = None
    signed_on: date | None = None
    decision: SignOffWord | None = None
    advice: str | None = None
    followed: Literal["in_full", "in_part", "not_followed"] | None = None
    reason_not_followed: str | None = None
    overruled_by: str | None = None


@frozen
class ReviewPlan:
    """When the assessment is looked at again, and why it might be sooner."""

    due: date | None = None
    triggers: tuple[Triggers, ...] | None = None
    records_updated: bool | None = None
    records_updated_detail: str | None = None
