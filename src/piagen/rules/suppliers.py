"""Knows the faults of processors and transfers outside the United Kingdom."""

from __future__ import annotations

import re
from collections.abc import Iterator

from piagen.domain.project import Project
from piagen.domain.safeguards import Mechanism, Transfer
from piagen.practice.confirmed import is_full
from piagen.questionnaire.missing import Missing
from piagen.rules.rule import Found, Severity, rule

OCCASIONAL = ("one_off", "when_needed")
"""How often a flow may happen, and not be regular."""

_OWN_RULES: dict[Mechanism, tuple[str, ...]] = {
    "uk_regulations": ("uk-gdpr/45A",),
    "idta": ("uk-gdpr/46",),
    "uk_addendum": ("uk-gdpr/46",),
    "binding_corporate_rules": ("uk-gdpr/46", "uk-gdpr/47"),
    "article_49": ("uk-gdpr/49",),
    "part_3_chapter_5": ("dpa-2018/72", "dpa-2018/73"),
}
_WITHOUT = {
    "mechanism": "Nothing makes the transfer to {place} lawful.",
    "exception": "The transfer to {place} relies on Article 49, and no exception is named.",
    "tested_on": "The transfer to {place} has no date of a data protection test.",
}


@rule(
    "SU001",
    Severity.WARNING,
    asked=["systems[].hosting_country", "processors[].country"],
    cites=["uk-gdpr/44A", "uk-gdpr/30/1/e"],
    bank=["R103"],
)
def country_unknown(project: Project, gaps: tuple[Missing, ...]) -> Iterator[Found]:
    """Nothing says in which country a system is hosted or a supplier works.

    Why: nobody can judge a transfer that they do not know about. Support staff who look at the data
    from abroad count too.

    Do: ask the supplier where the data is held, and from where it can be seen.
    """
    absent = {gap.at for gap in gaps if not gap.open}
    for system in project.systems:
        at = f"systems[{system.id}].hosting_country"
        if at in absent:
            called = f"“{system.system}”" if system.system else "A system"
            yield Found(at, f"{called} is hosted in a country that is not named.")
    for row in project.processors:
        at = f"processors[{row.id}].country"
        if at in absent:
            called = project.called_together([row.partner])
            yield Found(at, f"Nothing says in which country {called} may hold or see the data.")


@rule(
    "SU002",
    Severity.WARNING,
    asked=["processors[].sub_processors"],
    cites=["uk-gdpr/28/2", "uk-gdpr/28/4"],
    bank=["R106"],
)
def sub_processors_unknown(project: Project, gaps: tuple[Missing, ...]) -> Iterator[Found]:
    """Nothing says which companies stand behind a supplier.

    Why: a supplier needs permission to use others, and must bind them to the same terms. Nobody can
    give permission for companies that they do not know.

    Do: ask the supplier for the list. If there are none, say so.
    """
    absent = {gap.at for gap in gaps if not gap.open}
    for row in project.processors:
        at = f"processors[{row.id}].sub_processors"
        if at in absent:
            called = project.called_together([row.partner])
            yield Found(at, f"Nothing says which other companies work for {called}.")


@rule(
    "SU003",
    Severity.WARNING,
    asked=["processors[].own_use", "roles[].role"],
    cites=["uk-gdpr/28/10"],
    bank=["R105"],
)
def supplier_uses_data_for_itself(project: Project) -> Iterator[Found]:
    """A supplier uses the data for itself, or nobody knows whether it does.

    Why: a supplier that decides on a use of its own is a controller for that use. It then needs a
    lawful basis of its own, and people must be told.

    Do: rule it out in the contract. Otherwise list the use as a purpose, and the supplier as a
    controller for it.
    """
    for row in project.processors:
        at = f"processors[{row.id}].own_use"
        called = project.called(row.partner)
        roles = project.roles_of(row.partner) if row.partner else set()
        # A use that is listed with its controller is tested there, like any other use.
        listed = bool(roles & {"controller", "joint_controller"}) and row.own_use_detail
        if row.own_use and not listed:
            yield Found(at, f"{called} may use the data for its own purposes.")
        elif row.own_use is None and project.is_open(at):
            called = project.called_together([row.partner])
            yield Found(at, f"It is not known whether {called} may use the data for itself.")


@rule(
    "SU004",
    Severity.ERROR,
    asked=[
        "overseas.outside_uk",
        "transfers[].mechanism",
        "transfers[].exception",
        "transfers[].tested_on",
    ],
    cites=["uk-gdpr/44A"],
    bank=["R102"],
    waivable=False,
)
def transfer_without_safeguard(project: Project, gaps: tuple[Missing, ...]) -> Iterator[Found]:
    """Data leaves the United Kingdom, and what makes that lawful is not recorded in full.

    Why: a transfer needs regulations that approve the country, a safeguard such as standard clauses
    with a data protection test, or a named exception. Part 3 has rules of its own.

    Do: complete the row of the transfer, or keep the data in the United Kingdom.
    """
    absent = {gap.at for gap in gaps if not gap.open}
    if "transfers" in absent:
        # Which safeguard fits is not chosen yet, so all the ways there are go with the finding.
        part_3 = _OWN_RULES["part_3_chapter_5"] if project.law_enforcement_use else ()
        cites = ("uk-gdpr/45A", "uk-gdpr/46", "uk-gdpr/49", *part_3)
        yield Found("transfers", "Data leaves the UK, and no transfer is listed.", cites)
    for row in project.transfers:
        for leaf, says in _WITHOUT.items():
            at = f"transfers[{row.id}].{leaf}"
            if at in absent:
                own = _OWN_RULES[row.mechanism] if row.mechanism else ()
                yield Found(at, says.format(place=_place(row)), own)


@rule(
    "SU005",
    Severity.WARNING,
    asked=["transfers[].mechanism", "transfers[].data_items", "data_flows[].frequency"],
    cites=["uk-gdpr/49"],
    bank=["R104"],
)
def exception_for_regular_transfer(project: Project) -> Iterator[Found]:
    """A transfer rests on an exception in Article 49, and the same data moves regularly.

    Why: the exceptions are for occasional need. What happens every day or every month needs a
    safeguard that lasts.

    Do: use standard clauses. If only single cases leave the country, waive this and say so.
    """
    for row in project.transfers:
        if row.mechanism != "article_49":
            continue
        regular = [
            project.flow_called(flow)
            for flow in project.data_flows
            if flow.frequency not in (None, *OCCASIONAL)
            and set(flow.data_items or ()) & set(row.data_items or ())
        ]
        if regular:
            says = f"The transfer to {_place(row)} relies on Article 49, and its data moves "
            yield Found(f"transfers[{row.id}].mechanism", f"{says}regularly in {regular[0]}.")


_UK = re.compile(
    r"\b(?:UK|GB|U\.K\.|United Kingdom|(?:Great )?Britain|England|Scotland|Wales|Northern Ireland)",
    re.IGNORECASE,
)
_ABROAD = re.compile(
    r"\b(?:(?<!northern )Ireland|EU|EEA|Europe|European|USA|United States|America|Canada|India|"
    r"Australia|Germany|Netherlands|France|Sweden|Finland|Norway|Denmark|Belgium|Switzerland|Spain|"
    r"Italy|Poland|Romania|Portugal|Singapore|Japan|Israel|South Africa|Philippines)\b",
    re.IGNORECASE,
)
"""Places where services are often hosted; a country is typed in free text, so no list is whole."""


@rule(
    "SU007",
    Severity.WARNING,
    asked=["systems[].hosting_country", "processors[].country", "overseas.outside_uk"],
    cites=["uk-gdpr/44A"],
)
def place_abroad_denied(project: Project) -> Iterator[Found]:
    """A system or supplier has a place outside the United Kingdom, and the answers deny that.

    Why: each transfer needs its own safeguard, and a no here means that none is asked for.

    Do: say yes, and list the transfer. If the data is in the United Kingdom after all, write that
    as the country.
    """
    if project.overseas.outside_uk is not False:
        return
    places = [
        *((f"“{row.system}”" if row.system else "a system", row.hosting_country)
          for row in project.systems),
        *((project.called_together([row.partner]), row.country) for row in project.processors),
    ]  # fmt: skip
    abroad = [f"{called} ({place})" for called, place in places if place and _is_abroad(place)]
    if abroad:
        says = f"No data is said to leave the UK, and the place of {abroad[0]} is not in it"
        says += f"; nor are {len(abroad) - 1} more." if len(abroad) > 1 else "."
        yield Found("overseas.outside_uk", says)


def _is_abroad(place: str) -> bool:
    """Whether a place, as typed, names no part of the United Kingdom, or another country too."""
    return _UK.search(place) is None or _ABROAD.search(place) is not None


def _place(row: Transfer) -> str:
    """Return what a sentence calls where the data goes: the recipient, the country, or both."""
    return ", ".join(part for part in (row.recipient, row.country) if part) or "another country"


@rule(
    "SU006",
    Severity.WARNING,
    asked=["consultees[].who", "roles[].role"],
    cites=["uk-gdpr/28/3/f", "ico-dpia-template/step/3"],
    bank=["R109"],
)
def supplier_not_consulted(project: Project) -> Iterator[Found]:
    """A supplier handles the data, and none was asked about the assessment.

    Why: a supplier must help with the assessment. It knows its own system, and where that fails.

    Do: ask each supplier, and record what it said.
    """
    processors = [p.id for p in project.partners if "processor" in project.roles_of(p.id)]
    asked = any(row.who == "supplier" for row in project.consultees)
    if processors and not asked and is_full(project) and not project.is_open("consultees"):
        called = project.called_together(processors)
        yield Found("consultees", f"Nothing says what {called} said about the assessment.")
