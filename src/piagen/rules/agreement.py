"""Knows the faults of the terms of the agreement and the protocol."""

from __future__ import annotations

from collections.abc import Iterator

from piagen.domain.project import Project
from piagen.law.dated import DatedLaw
from piagen.law.kinds import BOARD
from piagen.practice.confirmed import is_full
from piagen.questionnaire.missing import Missing
from piagen.rules.rule import Found, Severity, rule

_TERMS = {
    "how a partner leaves, or what ends the sharing at once": (
        "agreement.leaving_notice_days",
        "agreement.ends_at_once",
    ),
    "how disputes are settled, or in what time": (
        "agreement.disputes",
        "agreement.dispute_step_working_days",
    ),
}


@rule(
    "AG001",
    Severity.WARNING,
    asked=[path for paths in _TERMS.values() for path in paths],
    cites=["ico-data-sharing-code/agreements"],
    bank=["R131"],
)
def ending_or_disputes_without_terms(gaps: tuple[Missing, ...]) -> Iterator[Found]:
    """The agreement does not say how it ends or how disputes are settled.

    Why: partners need a safe way to stop, to leave and to disagree. Without one, the people who
    rely on the sharing may lose it from one day to the next.

    Do: add the terms, or adopt the standard text.
    """
    absent = {gap.at for gap in gaps if not gap.open}
    for what, paths in _TERMS.items():
        lacking = [path for path in paths if path in absent]
        if lacking:
            yield Found(lacking[0], f"The agreement does not say {what}.")


@rule(
    "AG002",
    Severity.WARNING,
    asked=["agreement.indemnity", "consultees[].who"],
    cites=["uk-gdpr/82"],
    bank=["R132"],
)
def indemnity_without_legal_advice(project: Project) -> Iterator[Found]:
    """Partners are to give each other an indemnity, and no legal service was consulted.

    Why: public bodies and charities may lack the power or the insurance to give one. The law
    already says how controllers share what is to be paid.

    Do: ask the legal services, and record what they said. Otherwise let each partner bear its own
    liability.
    """
    if project.agreement.indemnity == "mutual_to_be_drafted" and not any(
        row.who == "legal" for row in project.consultees
    ):
        says = "A mutual indemnity is planned, and no legal service was consulted."
        yield Found("agreement.indemnity", says)


@rule(
    "AG003",
    Severity.WARNING,
    asked=["agreement.binding", "partners[].kind"],
    cites=["ico-data-sharing-code/agreements"],
    bank=["R129"],
)
def memorandum_outside_government(project: Project, law: DatedLaw) -> Iterator[Found]:
    """The agreement is not binding, though a party is no public body.

    Why: a memorandum that binds nobody does not serve as a data sharing agreement on its own,
    except between government departments and certain other public bodies.

    Do: make it a binding agreement.
    """
    if project.agreement.binding is not False:
        return
    kinds = law.catalogue.body_kinds
    outside = [
        party.id
        for party in project.parties
        if party.kind and party.kind != BOARD and not kinds[party.kind].public_functions
    ]
    if outside:
        says = "The agreement is not binding, and not every party is a public body: "
        says += f"{project.called_together(outside)}."
        yield Found("agreement.binding", says)


@rule(
    "AG004",
    Severity.WARNING,
    asked=["agreement.freedom_of_information", "partners[].foi_body"],
    cites=["foia-2000/10", "foia-2000/45", "eir-2004"],
    cites_in={"scotland": ("foisa-2002", "eir-scotland-2004", "foia-2000")},
    bank=["R130"],
)
def information_requests_without_terms(gaps: tuple[Missing, ...]) -> Iterator[Found]:
    """A partner is under freedom of information law, and nothing says how partners handle requests.

    Why: a body that gets a request must answer it in 20 working days, and should hear first from
    whoever the information came from. Scottish authorities answer under an Act of their own.

    Do: say who answers and who is asked for a view, or adopt the standard text.
    """
    at = "agreement.freedom_of_information"
    if any(gap.at == at and not gap.open for gap in gaps):
        says = "Nothing says how freedom of information requests about the shared data are handled."
        yield Found(at, says)


# The documents say in their own words that a protocol permits nothing. What the answers can show is
# that nothing else was asked for.
@rule(
    "AG005",
    Severity.ERROR,
    asked=["documents.wanted", "related_documents[].kind", "data_flows[].frequency"],
    cites=["ico-data-sharing-code/agreements", "north-yorkshire-protocol"],
)
def protocol_used_as_permission(project: Project) -> Iterator[Found]:
    """Organisations share regularly, and a protocol is all that they have for it.

    Why: a protocol sets standards and allows nothing. Each regular sharing needs grounds of its
    own, and an agreement that says what moves, why and on which power.

    Do: choose the agreement as well. If there is one, name it among the related documents.
    """
    wanted = project.documents.wanted
    if not (is_full(project) and project.several_organisations):
        return
    if wanted is None or "agreement" in wanted:
        return
    protocol = "protocol" in wanted or project.partnership.protocol == "exists"
    named = any(row.kind == "agreement" for row in project.related_documents)
    suppliers = {partner.id for partner in project.suppliers}
    regular = [
        project.flow_called(flow)
        for flow in project.data_flows
        if flow.frequency not in (None, "one_off")
        and project.carries_identifiable(flow)
        and flow.sender not in suppliers
        and not suppliers.issuperset(flow.recipients or ())
    ]
    if protocol and regular and not named:
        more = f" and {len(regular) - 1} more" if len(regular) > 1 else ""
        says = f"Regular sharing would rest on a protocol alone: {regular[0]}{more}."
        yield Found("documents.wanted", says)
