"""Knows the faults of how long data is kept and what happens at the end."""

from __future__ import annotations

from collections.abc import Iterator

from piagen.domain.ids import DataItemId, PartnerId
from piagen.domain.project import Project
from piagen.law.dated import DatedLaw
from piagen.questionnaire.missing import Missing
from piagen.rules.rule import Found, Severity, rule


@rule(
    "RE001",
    Severity.ERROR,
    asked=["retention[].data_items", "retention[].holder", "data_flows[].recipients"],
    cites=["uk-gdpr/5/1/e", "uk-gdpr/13/2/a", "uk-gdpr/30/1/f"],
    bank=["R093"],
    waivable=False,
)
def retention_period_missing(project: Project) -> Iterator[Found]:
    """An organisation holds data, and nothing says how long it keeps it.

    Why: data may not be kept in a form that identifies people for longer than it is needed. Each
    organisation that holds a copy has to say when its copy goes, and people must be told.

    Do: add a row for the organisation and the data, with the period and what starts it.
    """
    personal = {
        item.id
        for item in project.data_items
        if item.identifiability not in ("aggregate", "anonymous")  # it identifies nobody
    }
    if not personal or project.is_open("retention"):
        return
    if not project.retention:
        yield Found("retention", "Nothing says how long any of the data is kept.")
        return
    held = _held(project)
    for holder, items in held.items():
        lacking = (items & personal) - _kept(project, holder)
        if lacking:
            called = project.items_called(lacking)
            says = (
                f"Nothing says how long {called} may stay with {project.called_together([holder])}."
            )
            yield Found("retention", says)
    # An item that no flow carries has no known holder: any row for it will do.
    lacking = personal - set().union(*held.values()) - _kept(project, None)
    if lacking:
        called = project.items_called(lacking)
        yield Found("retention", f"No retention row covers {called}.")


def _held(project: Project) -> dict[PartnerId, set[DataItemId]]:
    """Return the items that each party sends or receives, in the order of the partners.

    What a supplier holds is kept for those whom it works for.
    """
    held: dict[PartnerId, set[DataItemId]] = {party.id: set() for party in project.parties}
    for flow in project.data_flows:
        for partner in (flow.sender, *(flow.recipients or ())):
            if partner in held:
                held[partner].update(flow.data_items or ())
    return held


def _kept(project: Project, holder: PartnerId | None) -> set[DataItemId]:
    """Return the items with a row for the holder; a row that names no holder yet counts for all."""
    return {
        item
        for row in project.retention
        if holder is None or row.holder in (None, holder)
        for item in row.data_items or ()
    }


@rule(
    "RE002",
    Severity.WARNING,
    asked=[
        "retention[].period_unit",
        "retention[].period",
        "retention[].starts_from",
        "retention[].authority",
    ],
    cites=["uk-gdpr/5/1/e"],
    bank=["R094"],
)
def retention_without_end(project: Project, gaps: tuple[Missing, ...]) -> Iterator[Found]:
    """A retention row has no end: neither a number nor an event, or for ever without a reason.

    Why: “as long as necessary” is no period. Nobody can act on it, and nobody can check it.

    Do: give a number and the event that starts the clock. If it is kept for ever, name the schedule
    or law that calls for that.
    """
    absent = {gap.at for gap in gaps if not gap.open}
    for row in project.retention:
        at = f"retention[{row.id}]"
        holder = project.called_together([row.holder])
        if {f"{at}.period", f"{at}.starts_from"} <= absent:
            says = f"The row of {holder} gives neither a period nor an event that starts it."
            yield Found(f"{at}.period", says)
        elif row.period_unit == "permanent" and f"{at}.authority" in absent:
            says = f"The row of {holder} keeps data for ever, and no schedule or law is named."
            yield Found(f"{at}.authority", says)


@rule(
    "RE003",
    Severity.WARNING,
    asked=[
        "retention[].holder",
        "retention[].period",
        "retention[].authority",
        "partners[].kind",
    ],
    cites=["uk-gdpr/5/1/e"],
    bank=["R095"],
)
def retention_the_same_for_all(project: Project, law: DatedLaw) -> Iterator[Found]:
    """Organisations of different kinds all keep the data for one period under one schedule.

    Why: police, health, school and council schedules differ. Each holder's own rules apply to its
    own record.

    Do: give each holder's period from its own schedule. If all of them did agree on one, waive this
    and say where.
    """
    # A holder without any row is RE001's, so what is left of “one row for everyone” is one answer.
    holders = dict.fromkeys(row.holder for row in project.retention if row.holder)
    rows = project.retention
    periods = {(row.period_unit, row.period, (row.authority or "").casefold()) for row in rows}
    found = (project.partner(holder) for holder in holders)
    kinds = {partner.kind for partner in found if partner and partner.kind}
    sectors = {law.catalogue.body_kinds[kind].sector for kind in kinds}
    told = all(row.period and row.authority for row in rows)
    if len(holders) > 2 and len(sectors) > 1 and len(periods) == 1 and told:
        named = project.called_together(holders)
        yield Found("retention", f"One period under one schedule is given for {named}.")


@rule(
    "RE004",
    Severity.WARNING,
    asked=["agreement.data_at_end", "agreement.data_at_end_reason"],
    cites=["uk-gdpr/5/1/e", "uk-gdpr/5/1/f", "ico-data-sharing-code/agreements"],
    bank=["R096"],
)
def data_at_end_undecided(gaps: tuple[Missing, ...]) -> Iterator[Found]:
    """Nothing says what happens to the shared data when the sharing ends.

    Why: copies that nobody thinks of stay behind, and are used for something else.

    Do: choose whether the data goes back, is deleted or is kept, and why it is kept.
    """
    absent = {gap.at for gap in gaps if not gap.open}
    if "agreement.data_at_end" in absent:
        says = "Nothing says what happens to the shared data when the agreement ends."
        yield Found("agreement.data_at_end", says)
    if "agreement.data_at_end_reason" in absent:
        says = "Partners keep the data after the agreement ends, and no reason is given."
        yield Found("agreement.data_at_end_reason", says)
