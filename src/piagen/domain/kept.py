"""Knows what the tool keeps beside the answers; none of it is asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """An answer that nobody knows yet, and who will find out."""

    at: str
    note: str | None = None
    owner: str | None = None
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """An answer prefilled by a starter or profile, not yet confirmed."""

    path: str
    starter: str


@dataclass(frozen=True, slots=True)
class Withheld:
    """An answer left out of the published edition."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class DismissedRisk:
    """A risk of the catalogue, looked at and set aside."""

    slug: str
    reason: str


@dataclass(frozen=True, slots=True)
class Waiver:
    """A finding accepted for a reason, by a named owner, until a date."""

    rule: str
    at: str
    reason: str
    owner: str
    until: date
    dpo: str | None = None
