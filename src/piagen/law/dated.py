"""Knows how the law stands on one day: the assessment's own date, never the day of printing."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from piagen.frozen import frozen
from piagen.law.model import InForce, Status

if TYPE_CHECKING:
    from piagen.law.catalogue import Catalogue

REGULATOR = "Information Commissioner’s Office (ICO)"
"""How documents name the regulator, unless the configuration names it otherwise.

The office is to pass to the Information Commission: Data (Use and Access) Act 2025, s.119.
"""


class Standing(StrEnum):
    """How an entry of the catalogue stands on a day."""

    IN_FORCE = "in_force"
    NOT_YET_IN_FORCE = "not_yet_in_force"
    ENDED = "ended"
    REPEALED = "repealed"
    START_UNKNOWN = "start_unknown"
    NOT_READ = "not_read"

    @property
    def words(self) -> str:
        """The standing as it prints."""
        match self:
            case Standing.IN_FORCE:
                return "in force"
            case Standing.NOT_YET_IN_FORCE:
                return "not yet in force"
            case Standing.ENDED:
                return "no longer in force"
            case Standing.REPEALED:
                return "repealed"
            case Standing.START_UNKNOWN:
                return "not yet fully in force, and its start date was not read"
            case Standing.NOT_READ:
                return "not stated: nobody read whether it is in force"


@frozen
class DatedLaw:
    """The catalogue as it stands on one day; it shares everything that the catalogue has read.

    Attributes:
        catalogue: the law, with the dates and statuses of each entry.
        day: the assessment's date; None where it is not known, and then only statuses speak.
        regulator: the name of the regulator as documents print it.
    """

    catalogue: Catalogue
    day: date | None
    regulator: str = REGULATOR

    def standing(self, key: str) -> Standing:
        """Return how an entry stands.

        Args:
            key: the id of a gateway, or the citation key of a provision, instrument or basis.

        Raises:
            UnknownCitation: nothing has that key.
        """
        entry = self.catalogue.entry(key)
        return standing_of(entry.status, entry.in_force, self.day)


def standing_of(status: Status | None, in_force: InForce, day: date | None) -> Standing:
    """Return how a status and the dates that were read stand on a day.

    A date that was read speaks before a status, save that what is repealed stays repealed. Where no
    status and no date was read, nothing is claimed.
    """
    if status is Status.REPEALED:
        return Standing.REPEALED
    if day is not None:
        if in_force.from_ is not None and day < in_force.from_:
            return Standing.NOT_YET_IN_FORCE
        if in_force.to is not None and day > in_force.to:
            return Standing.ENDED
        if in_force.from_ is not None:
            return Standing.IN_FORCE
    match status:
        case Status.IN_FORCE:
            return Standing.IN_FORCE
        case Status.NOT_YET_FULLY_IN_FORCE:
            unread = in_force.from_ is None
            return Standing.START_UNKNOWN if unread else Standing.NOT_YET_IN_FORCE
        case None:
            return Standing.NOT_READ
