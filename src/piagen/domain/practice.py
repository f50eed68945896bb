"""Knows how the partners work together: Richardson (2016), C1-C7."""

from typing import Literal

from piagen.domain.ids import PartnerId, SharedTermId, SharedToolId
from piagen.frozen import frozen

CloseCalls = Literal["towards_sharing", "towards_withholding", "depends_on_the_flow"]


@frozen
class Practice:
    """Vision, close calls, checks, challenge, recording and learning."""

    vision: str | None = None
    targeting: Literal["universal", "selective", "both"] | None = None
    beneficiary: Literal["individual", "others", "both"] | None = None
    close_calls: CloseCalls | None = None
    close_calls_reason: str | None = None
    community: Literal["one_community", "constellation"] | None = None
    accept_checks: str | None = None
    challenge: str | None = None
    challenge_working_days: int | None = None
    recording: str | None = None
    withholding_recorded: bool | None = None
    learning: str | None = None
    named_adviser: str | None = None
    evaluation: str | None = None
    withholding_sampled: bool | None = None
    keeping_current: str | None = None


@frozen
class SharedTerm:
    """A word that partners use differently, and what they agree it means."""

    id: SharedTermId
    term: str | None = None
    agreed_meaning: str | None = None


@frozen
class Meaning:
    """What one partner means by a shared term."""

    id: str
    term: SharedTermId | None = None
    partner: PartnerId | None = None
    meaning: str | None = None


@frozen
class Broker:
    """Someone whose role is to work across a boundary."""

    id: str
    role: str | None = None
    partner: PartnerId | None = None
    boundary: str | None = None
    time_given: str | None = None


@frozen
class SharedTool:
    """A form or tool that partners share."""

    id: SharedToolId
    tool: str | None = None
    agreed_use: str | None = None


@frozen
class LocalUse:
    """What one partner does with a shared tool."""

    id: str
    tool: SharedToolId | None = None
    partner: PartnerId | None = None
    use: str | None = None


@frozen
class Influence:
    """Something that helps or hinders good sharing, at one of three levels."""

    id: str
    level: Literal["supra_system", "system", "sub_system"] | None = None
    factor: str | None = None
    effect: Literal["helps", "hinders", "both"] | None = None
    response: str | None = None


@frozen
class Secondment:
    """Someone employed by one partner who works for another."""

    id: str
    role: str | None = None
    employer: PartnerId | None = None
    works_for: PartnerId | None = None
    rules: PartnerId | None = None
    systems: PartnerId | None = None
    records: PartnerId | None = None
    identity: str | None = None
