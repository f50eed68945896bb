"""Knows how a provision is named: by its key, in words, and by its address."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from piagen.domain.days import in_words
from piagen.frozen import frozen
from piagen.law.model import Instrument, InstrumentKind, Provision, Status, VerificationState

UNIT: dict[InstrumentKind, str] = {
    "act": "section",
    "regulations": "regulation",
    "retained_regulation": "Article",
    "convention": "Article",
}
"""What a bare number is called in each kind of law."""

DIVISION = re.compile(r"(sch|annex|part)(\d.*)")
DIVISION_NAME = {"sch": "Schedule", "annex": "Annex", "part": "Part"}
DIVISION_ADDRESS = {"sch": "schedule", "part": "part"}
LEGISLATION = "https://www.legislation.gov.uk/"
MADE = re.compile(r"/(body/)?(made|enacted)$")


@frozen
class Citation:
    """One reference to law or to a source, ready to print and to list."""

    key: str
    text: str
    title: str
    href: str | None
    verified: VerificationState
    checked_on: date | None
    status: Status | None

    @property
    def checked(self) -> str:
        """The date of checking in words; a date that was not kept is never made up."""
        if self.checked_on is None:
            return "unknown"
        return in_words(self.checked_on)


class UnknownCitation(KeyError):
    """A key that names nothing in the catalogue."""

    def __init__(self, key: str, known: Iterable[str]) -> None:
        """Find the nearest key that does exist."""
        import difflib  # for mistakes only

        self.key = key
        near = difflib.get_close_matches(key, list(known), n=1, cutoff=0.5)
        self.nearest = near[0] if near else None
        super().__init__(key)

    def __str__(self) -> str:
        """Return the message, without the quotation marks that KeyError adds."""
        hint = f"; the nearest is “{self.nearest}”" if self.nearest else ""
        return f"nothing in the law catalogue has the key “{self.key}”{hint}"


def wording(kind: InstrumentKind, local: str) -> str:
    """Return the place as it prints: `35/7/a` of an Act is “section 35(7)(a)”."""
    first, *rest = local.split("/")
    if division := DIVISION.fullmatch(first):
        name = f"{DIVISION_NAME[division[1]]} {division[2]}"
        return f"{name}, {_numbered('paragraph', rest)}" if rest else name
    if kind in UNIT and first[0].isdigit():
        return _numbered(UNIT[kind], [first, *rest])
    return _numbered(first, rest) if rest else first.replace("-", " ")


def _numbered(unit: str, parts: list[str]) -> str:
    number, *deeper = parts
    if "-" in number:
        unit, number = f"{unit}s", number.replace("-", " to ")
    return f"{unit} {number}" + "".join(f"({part})" for part in deeper)


def address(instrument: Instrument, local: str) -> str | None:
    """Return the address on legislation.gov.uk, by its pattern; else that of the instrument.

    Addresses stop at the section, article, regulation or paragraph of a schedule.
    """
    href, unit = instrument.href, UNIT.get(instrument.kind, "").lower()
    if href is None or not unit or not href.startswith(LEGISLATION) or MADE.search(href):
        return href
    if instrument.kind == "convention":  # its address is already that of the Schedule to an Act
        return href
    first, *rest = local.split("/")
    if division := DIVISION.fullmatch(first):
        if division[1] not in DIVISION_ADDRESS:
            return href
        base = f"{href}/{DIVISION_ADDRESS[division[1]]}/{division[2]}"
        return f"{base}/paragraph/{rest[0]}" if rest and "-" not in rest[0] else base
    return f"{href}/{unit}/{first}" if first[0].isdigit() else href


def of_instrument(instrument: Instrument) -> Citation:
    """Return the citation of a whole instrument."""
    return Citation(
        key=instrument.id,
        text=instrument.short_title,
        title=instrument.title,
        href=instrument.href,
        verified=instrument.verification.state,
        checked_on=instrument.verification.checked_on,
        status=instrument.status,
    )


def of_provision(instrument: Instrument, local: str, provision: Provision) -> Citation:
    """Return the citation of one place in an instrument."""
    return Citation(
        key=provision.key,
        text=f"{instrument.short_title}, {provision.place or wording(instrument.kind, local)}",
        title=provision.title,
        href=provision.href or address(instrument, local),
        verified=provision.verification.state,
        checked_on=provision.verification.checked_on,
        status=provision.status,
    )
