"""Knows the faults of requests, corrections, objections and complaints."""

from __future__ import annotations

from collections.abc import Iterator

from piagen.domain.project import Project
from piagen.law.dated import DatedLaw, Standing
from piagen.questionnaire.missing import Missing
from piagen.rules.rule import Found, Severity, rule

SHORTEST_MONTH = 20
"""Working days in the shortest month, before any public holiday."""

OPEN_TO_OBJECTION = ("6_1_e", "6_1_ea", "6_1_f")
"""The Article 6 bases to which the right to object applies: public task and both interests."""


@rule(
    "RI001",
    Severity.WARNING,
    asked=["rights.lead_partner", "rights.contact"],
    cites=["uk-gdpr/12", "uk-gdpr/26/1", "uk-gdpr/26/3"],
    bank=["R069"],
)
def no_contact_for_rights(gaps: tuple[Missing, ...]) -> Iterator[Found]:
    """Nobody is named to whom people can send a request about their data.

    Why: people and partners need one door, though people may use any.

    Do: name the organisation that co-ordinates requests, and the role or team there.
    """
    absent = {gap.at for gap in gaps if not gap.open}
    if "rights.lead_partner" in absent:
        yield Found("rights.lead_partner", "No organisation is the single contact for requests.")
    elif "rights.contact" in absent:
        yield Found("rights.contact", "No role or team is named that deals with requests.")


@rule(
    "RI002",
    Severity.WARNING,
    asked=["rights.access_requests"],
    cites=["uk-gdpr/12A", "duaa-2025/76", "uk-gdpr/15", "uk-gdpr/15/1A"],
    bank=["R070"],
)
def no_procedure_for_access_requests(gaps: tuple[Missing, ...]) -> Iterator[Found]:
    """Nothing says what the partners do when someone asks for their data.

    Why: the reply is due in one month. The month starts with the latest of the request, the proof
    of identity asked for and a lawful fee. It pauses only while the person is asked which data they
    mean.

    Do: say who searches, who gives views and who replies. The standard text does.
    """
    if any(gap.at == "rights.access_requests" and not gap.open for gap in gaps):
        says = "Nothing says what happens when someone asks for a copy of their data."
        yield Found("rights.access_requests", says)


@rule(
    "RI003",
    Severity.WARNING,
    asked=["rights.pass_on_working_days", "rights.views_working_days"],
    cites=["uk-gdpr/12A"],
    bank=["R149"],
)
def promised_times_fill_the_month(project: Project) -> Iterator[Found]:
    """The times promised between partners leave none to answer an access request.

    Why: the whole reply is due in one month. Time that partners take is no pause of that month.

    Do: shorten the time to pass a request on, or the time to give views.
    """
    # What starts and pauses the month is asked in words only; the promised times are numbers.
    first, then = project.rights.pass_on_working_days, project.rights.views_working_days
    if first is not None and then is not None and first + then >= SHORTEST_MONTH:
        says = (
            f"Passing a request on ({first} working days) and giving views ({then}) may take the "
            "whole month in which the reply is due."
        )
        cites = ("dpa-2018/54",) if project.law_enforcement_use else ()
        yield Found("rights.views_working_days", says, cites)


@rule(
    "RI004",
    Severity.WARNING,
    asked=["rights.corrections", "rights.corrections_working_days"],
    cites=["uk-gdpr/16", "uk-gdpr/19"],
    bank=["R063"],
)
def corrections_not_passed_on(gaps: tuple[Missing, ...]) -> Iterator[Found]:
    """Nothing says how, or by when, partners learn that data was corrected.

    Why: a mistake that was copied to partners lives on until they hear of the correction.

    Do: say who tells whom and how, and set a time limit.
    """
    absent = {gap.at for gap in gaps if not gap.open}
    if "rights.corrections" in absent:
        yield Found("rights.corrections", "Nothing says how partners are told of a correction.")
    elif "rights.corrections_working_days" in absent:
        says = "No time limit is set for telling partners of a correction."
        yield Found("rights.corrections_working_days", says)


@rule(
    "RI005",
    Severity.WARNING,
    asked=["rights.objections", "legal_basis[].article_6"],
    cites=["uk-gdpr/21"],
    bank=["R071"],
)
def objections_not_handled(project: Project, gaps: tuple[Missing, ...]) -> Iterator[Found]:
    """People have a right to object, and nothing says how an objection is dealt with.

    Why: the right applies wherever the basis is public task or a legitimate interest.

    Do: say how people object, who decides, and what happens to the data meanwhile.
    """
    bases = [row for row in project.legal_basis if row.article_6 in OPEN_TO_OBJECTION]
    if bases and any(gap.at == "rights.objections" and not gap.open for gap in gaps):
        partner = project.called_together([bases[0].partner])
        says = f"People can object to the use by {partner}, and nothing says how that is handled."
        yield Found("rights.objections", says)


@rule(
    "RI006",
    Severity.ERROR,
    asked=["rights.complaints", "rights.complaints_acknowledged_days"],
    cites=["dpa-2018/164A", "duaa-2025/103"],
    bank=["R073"],
    waivable=False,
)
def no_complaints_procedure(law: DatedLaw, gaps: tuple[Missing, ...]) -> Iterator[Found]:
    """Nothing says how complaints about data protection are handled.

    Why: since 19 June 2026 a controller must make it easy to complain, acknowledge a complaint
    within 30 days, look into it, and tell the person the outcome.

    Do: adopt the standard text, and set the days within which a complaint is acknowledged.
    """
    if law.standing("dpa-2018/164A") is Standing.NOT_YET_IN_FORCE:
        return
    absent = {gap.at for gap in gaps if not gap.open}
    if "rights.complaints" in absent:
        yield Found("rights.complaints", "Nothing says how a complaint is handled.")
    elif "rights.complaints_acknowledged_days" in absent:
        says = "Nothing says within how many days a complaint is acknowledged."
        yield Found("rights.complaints_acknowledged_days", says)
