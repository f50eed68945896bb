"""Knows what an entry of the law catalogue is: its words, its dates and how it was checked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Literal

from piagen.domain.purposes import PurposeCategory
from piagen.frozen import frozen

WILDCARDS = frozenset({"any_public_body", "any"})
"""What a list of kinds may hold besides the ids of `body_kinds.yaml`."""

HrefSource = Literal["seen", "derived", "none"]
InstrumentKind = Literal[
    "act",
    "retained_regulation",
    "regulations",
    "convention",
    "common_law",
    "code",
    "guidance",
    "standard",
    "source",
]
GatewayKind = Literal["express_duty", "express_power", "implied_power", "common_law", "court_order"]
Confidence = Literal["high", "medium", "low"]
Nation = Literal["england", "wales", "scotland", "northern_ireland"]
ExcludedData = Literal[
    "health", "adult_social_care_record", "child_social_care_record", "confidential"
]
YesNoPart = Literal["yes", "no", "part", "as_parent"]
Competence = Literal["yes", "sometimes", "no"]


class VerificationState(StrEnum):
    """How far a statement of law was checked against its text."""

    SEEN_PRIMARY = "seen-primary"
    SEEN_SECONDARY = "seen-secondary"
    FROM_KNOWLEDGE = "from-knowledge"


class Status(StrEnum):
    """Whether an entry is law, will be, or was."""

    IN_FORCE = "in_force"
    NOT_YET_FULLY_IN_FORCE = "not_yet_fully_in_force"
    REPEALED = "repealed"

    @property
    def words(self) -> str:
        """The status as it prints."""
        return self.value.replace("_", " ")


class Role(StrEnum):
    """What a gateway does for a disclosure."""

    GATEWAY = "gateway"
    FRAMEWORK = "framework"
    CONFIDENTIALITY = "confidentiality"
    RESTRICTION = "restriction"
    HISTORIC = "historic"
    NOT_PERSONAL_DATA = "not_personal_data"

    @property
    def is_power(self) -> bool:
        """Whether it can ever be offered as the ground for sharing."""
        return self in {Role.GATEWAY, Role.FRAMEWORK}


@frozen
class Verification:
    """How an entry was checked; `checked_on` is None when no date was kept."""

    state: VerificationState
    note: str | None
    checked_on: date | None


@frozen
class InForce:
    """The first and the last day in force; None is a date that nobody has read."""

    from_: date | None = None
    to: date | None = None

    @property
    def is_known(self) -> bool:
        """Whether at least one date was read."""
        return self.from_ is not None or self.to is not None

    def excludes(self, day: date) -> bool:
        """Whether the dates that are known show that `day` lies outside them."""
        too_soon = self.from_ is not None and day < self.from_
        too_late = self.to is not None and day > self.to
        return too_soon or too_late


@frozen
class Provision:
    """One article, section, paragraph or named part of an instrument."""

    key: str
    title: str
    place: str | None
    href: str | None
    status: Status | None
    in_force: InForce
    verification: Verification


@frozen
class Instrument:
    """An Act, regulations, convention, code, guidance or source; provisions by local key."""

    id: str
    title: str
    short_title: str
    kind: InstrumentKind
    href: str | None
    href_source: HrefSource
    status: Status | None
    in_force: InForce
    verification: Verification
    provisions: Mapping[str, Provision]


@frozen
class Basis:
    """A ground or condition in data protection law, chosen in answers by its `id`."""

    id: str
    key: str
    code: str
    name: str
    group: str | None
    summary: str
    suitable_for_public_authorities: bool
    suitability_note: str | None
    requires: tuple[str, ...]
    consent_imbalance_note: str | None
    href: str | None
    href_source: HrefSource
    status: Status
    in_force: InForce
    verification: Verification


@frozen
class Gateway:
    """A power, duty or other rule about sharing, as the catalogue describes it.

    Attributes:
        one_party_is: kinds, one of which the discloser or the recipient must be; empty for no such
            limit.
        excludes_senders: kinds or sectors of body that may not disclose under it, though listed.
        excludes_data: data that may not be disclosed under it.
        about_data: data that its occasion is about; empty where its words do not say.
        within_one_body: it lets a body use its own data again, and never reaches another body.
        only_purposes: the kinds of purpose for which it can be used; empty for no such limit.
        chiefly_for: the kinds of purpose that its own words are about, where it may be read for
            others; empty where its words are open.
        only_for: the one occasion that it serves, in our words; None where it is more general.
        about_some_people: whether its occasion is something about the person, of which answers
            have no word, such as a sentence or a detention.
        disclose_through: ids of the entries that, by its own words, carry the disclosure itself.
        residual: whether it stands, as its entry says, behind the body's other functions.
    """

    id: str
    title: str
    role: Role
    citation: str
    href: str | None
    href_source: HrefSource
    kind: GatewayKind
    nations: tuple[Nation, ...]
    domains: tuple[str, ...]
    discloser_kinds: tuple[str, ...]
    recipient_kinds: tuple[str, ...]
    kinds_note: str | None
    one_party_is: tuple[str, ...]
    excludes_senders: tuple[str, ...]
    excludes_data: tuple[ExcludedData, ...]
    about_data: tuple[ExcludedData, ...]
    within_one_body: bool
    only_purposes: tuple[PurposeCategory, ...]
    chiefly_for: tuple[PurposeCategory, ...]
    only_for: str | None
    about_some_people: bool
    disclose_through: tuple[str, ...]
    residual: bool
    who_may_share: tuple[str, ...]
    with_whom: tuple[str, ...]
    purpose: str
    conditions_or_limits: str
    article_6: tuple[str, ...]
    article_9: tuple[str, ...]
    schedule_1: tuple[str, ...]
    schedule_8: tuple[str, ...]
    part_3: bool
    bases_note: str | None
    agreement_is_a_condition: bool
    agreement_note: str | None
    status: Status
    status_note: str | None
    in_force: InForce
    confidence: Confidence
    verification: Verification

    @property
    def is_power(self) -> bool:
        """Whether it can ever be offered as the ground for sharing."""
        return self.role.is_power


@frozen
class BodyKind:
    """A kind of organisation and what is normally true of it; a named body may differ."""

    id: str
    name: str
    sector: str
    nations: tuple[Nation, ...]
    part_of: tuple[str, ...]
    public_authority: YesNoPart
    typically_competent_authority: Competence
    foi_body: YesNoPart
    public_functions: bool
    can_be_controller: bool
    note: str | None
