"""Knows what the tool keeps beside the answers; none of it is asked."""

from datetime import date

from piagen.frozen import frozen


@frozen
class OpenQuestion:
    """An answer that nobody knows yet, and who will find out."""

    at: str
    note: str | None = None
    owner: str | None = None
    due: date | None = None


@frozen
class Unconfirmed:
    """An answer prefilled by a starter or profile, not yet confirmed."""

    path: str
    starter: str


@frozen
class Withheld:
    """An answer left out of the published edition."""

    path: str
    reason: str


@frozen
class DismissedRisk:
    """A risk of the catalogue, looked at and set aside."""

    slug: str
    reason: str


@frozen
class Waiver:
    """A finding accepted for a reason, by a named owner, until a date."""

    rule: str
    at: str
    reason: str
    owner: str
    until: date
    dpo: str | None = None
