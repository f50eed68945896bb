"""Knows the faults of Part 3 of the Data Protection Act 2018 and requests from investigators."""

from __future__ import annotations

from collections.abc import Iterator

from piagen.domain.data import DataFlow
from piagen.domain.ids import PartnerId
from piagen.domain.lawfulness import LegalBasis
from piagen.domain.project import Project
from piagen.law.dated import DatedLaw
from piagen.questionnaire.missing import Missing
from piagen.rules.rule import Found, Severity, rule

REQUESTED_RISK = "others-obtain-data-too-easily"
"""The risk of the catalogue that investigators and others obtain the data too easily."""

ROUTINE = ("real_time", "daily", "weekly", "monthly", "termly", "yearly")
"""How often a flow happens when nobody decides on each case."""

_NO_AUTHORITY = {"none_found": "no power was found", "contract_only": "only a contract is named"}


@rule(
    "LE001",
    Severity.WARNING,
    asked=["data_flows[].regime", "legal_basis[].regime", "partners[].competent_authority"],
    cites=["dpa-2018/29", "dpa-2018/30", "dpa-2018/31", "ico-data-sharing-code/law-enforcement"],
    bank=["R085"],
)
def regimes_not_told_apart(project: Project) -> Iterator[Found]:
    """Nothing says under which data protection rules a police-type body shares or uses the data.

    Why: the general rules and Part 3 of the Data Protection Act 2018 give people different rights,
    and ask organisations for different logs.

    Do: choose the rules for each flow that it sends and each purpose. Where it does both, make two
    rows of one.
    """
    authorities = {partner.id for partner in project.partners if partner.competent_authority}
    for flow in project.data_flows:
        if flow.regime is None and flow.sender in authorities:
            called, partner = project.flow_called(flow), project.called_together([flow.sender])
            says = f"In {called}, no rules are chosen yet for what comes from {partner}."
            yield Found(f"data_flows[{flow.id}].regime", says)
    for row in project.legal_basis:
        if row.regime is None and row.partner in authorities:
            partner, number = (
                project.called_together([row.partner]),
                project.purpose_number(row.purpose),
            )
            says = f"For {number}, no rules are chosen yet for {partner}."
            yield Found(f"legal_basis[{row.id}].regime", says)


@rule(
    "LE002",
    Severity.WARNING,
    asked=["data_flows[].regime", "legal_basis[].regime", "partners[].competent_authority"],
    cites=["dpa-2018/29", "dpa-2018/30", "dpa-2018/31"],
    bank=["R085"],
)
def part_3_for_another_body(project: Project) -> Iterator[Found]:
    """The law enforcement rules are chosen for a body that is not a competent authority.

    Why: Part 3 of the Data Protection Act 2018 is for competent authorities acting for law
    enforcement. Everyone else stays under the general rules, also when it deals with the police.

    Do: choose the general rules, or mark the partner as a competent authority if it is one.
    """
    others = {p.id for p in project.partners if p.competent_authority is False}
    for flow in project.data_flows:
        if flow.regime == "law_enforcement" and flow.sender in others:
            called, partner = project.flow_called(flow), project.called_together([flow.sender])
            says = f"In {called}, Part 3 is chosen for {partner}: it is for competent authorities."
            yield Found(f"data_flows[{flow.id}].regime", says)
    for row in project.legal_basis:
        if row.regime == "law_enforcement" and row.partner in others:
            partner, number = (
                project.called_together([row.partner]),
                project.purpose_number(row.purpose),
            )
            says = f"For {number}, Part 3 is chosen for {partner}: it is for competent authorities."
            yield Found(f"legal_basis[{row.id}].regime", says)


@rule(
    "LE003",
    Severity.WARNING,
    asked=["data_flows[].regime", "legal_basis[].regime", "legal_basis[].power_kind"],
    cites=["dpa-2018/36/4"],
    bank=["R087"],
    waivable=False,
)
def law_enforcement_data_reused_without_authority(project: Project) -> Iterator[Found]:
    """Law enforcement data goes to a recipient that uses it otherwise, with no authority in law.

    Why: data collected under Part 3 may be used outside it only if the law authorises that.

    Do: name the law that authorises the recipient's use, or take it out of the flow.
    """
    rows: dict[tuple[str | None, str | None], list[LegalBasis]] = {}
    for row in project.legal_basis:
        rows.setdefault((row.partner, row.purpose), []).append(row)
    for flow in project.data_flows:
        if flow.regime != "law_enforcement":
            continue
        without = [
            f"{project.called_together([recipient])}, where {_NO_AUTHORITY[of[0].power_kind]}"
            for recipient in flow.recipients or ()
            if (of := rows.get((recipient, flow.purpose), []))
            and all(row.regime == "uk_gdpr" for row in of)
            and of[0].power_kind in ("none_found", "contract_only")
        ]
        if without:
            called = project.flow_called(flow)
            says = f"By {called}, law enforcement data reaches {'; '.join(without)}."
            yield Found(f"data_flows[{flow.id}].recipients", says)


@rule(
    "LE004",
    Severity.ADVICE,
    asked=["data_flows[].frequency", "partners[].kind", "legal_basis[].confidentiality_route"],
    cites=["nhse-police-guidance"],
    cites_in={
        "wales": ("common-law-confidentiality",),
        "scotland": ("common-law-confidentiality",),
        "northern_ireland": ("common-law-confidentiality",),
    },
    bank=["R092"],
)
def health_data_to_police_as_routine(project: Project, law: DatedLaw) -> Iterator[Found]:
    """A health or social care body sends data about people to the police as a matter of routine.

    Why: each case is a decision of its own, and rests on a law, on serious crime or harm, or on the
    person's agreement.

    Do: let a person decide on each case, or name the duty in law that compels the flow.
    """
    care = _of_sectors(project, law, "health", "social_care")
    forces = _of_sectors(project, law, "police")
    for flow in project.data_flows:
        police = [recipient for recipient in flow.recipients or () if recipient in forces]
        routine = flow.frequency in ROUTINE and project.carries_identifiable(flow)
        if flow.sender in care and police and routine and not _is_compelled(project, flow):
            sender, called = project.called_together([flow.sender]), project.flow_called(flow)
            says = (
                f"By {called}, data goes from {sender} to "
                f"{project.called_together([police[0]])} as routine."
            )
            yield Found(f"data_flows[{flow.id}].frequency", says)


@rule(
    "LE005",
    Severity.ERROR,
    asked=[
        "legal_basis[].schedule_8",
        "legal_basis[].strictly_necessary",
        "data_items[].category",
    ],
    cites=["dpa-2018/35", "dpa-2018/42", "dpa-2018/sch8"],
    bank=["R086"],
    waivable=False,
)
def sensitive_law_enforcement_without_condition(
    project: Project, gaps: tuple[Missing, ...]
) -> Iterator[Found]:
    """Sensitive data is used under Part 3 without a condition, or without strict necessity.

    Why: it takes the person's consent; or it must be strictly necessary and meet a condition of
    Schedule 8 to the Data Protection Act 2018.

    Do: name the condition and say why nothing less will do, or leave the sensitive data out.
    """
    absent = {gap.at for gap in gaps if not gap.open}
    sensitive = {i.id for i in project.data_items if "special_category" in (i.category or ())}
    for row in project.legal_basis:
        if row.regime != "law_enforcement" or row.part_3_ground == "consent":
            continue
        partner = project.partner(row.partner)
        # For whom Part 3 is not made, the choice of Part 3 is the fault.
        if row.purpose is None or partner is None or partner.competent_authority is False:
            continue
        if not any(item.id in sensitive for item in project.items_used(partner.id, row.purpose)):
            continue
        at = f"legal_basis[{row.id}]"
        whose = (
            f"{project.called_together([row.partner])} for {project.purpose_number(row.purpose)}"
        )
        if f"{at}.schedule_8" in absent or row.schedule_8 == ():
            says = f"No Schedule 8 condition covers the sensitive data of {whose}."
            yield Found(f"{at}.schedule_8", says)
        if f"{at}.strictly_necessary" in absent:
            says = f"Nothing says why sensitive data is strictly necessary: {whose}."
            yield Found(f"{at}.strictly_necessary", says)


@rule(
    "LE006",
    Severity.WARNING,
    asked=["law_enforcement.fact_and_opinion", "law_enforcement.kinds_of_person"],
    cites=["dpa-2018/38"],
    bank=["R090"],
)
def facts_and_people_not_told_apart(gaps: tuple[Missing, ...]) -> Iterator[Found]:
    """Under Part 3, facts and opinions, or victims and suspects, are not told apart.

    Why: Part 3 asks for it, and an opinion read as a fact can do lasting harm.

    Do: say which fields, codes or words show the difference.
    """
    absent = {gap.at for gap in gaps if not gap.open}
    if "law_enforcement.fact_and_opinion" in absent:
        says = "Nothing says how facts are kept apart from opinions."
        yield Found("law_enforcement.fact_and_opinion", says)
    if "law_enforcement.kinds_of_person" in absent:
        says = "Nothing says how suspects, convicted people, victims and witnesses are told apart."
        yield Found("law_enforcement.kinds_of_person", says)


@rule(
    "LE007",
    Severity.WARNING,
    asked=["law_enforcement.logging"],
    cites=["dpa-2018/62"],
    bank=["R089"],
)
def system_not_logged(project: Project) -> Iterator[Found]:
    """A system used under Part 3 does not keep the logs that Part 3 asks for.

    Why: an automated system must log who collected, changed, looked at, disclosed, combined and
    deleted records.

    Do: add the logging to the action plan with an owner and a date.
    """
    if project.law_enforcement.logging is False:
        yield Found("law_enforcement.logging", "The system does not log all six kinds of action.")


@rule(
    "LE008",
    Severity.WARNING,
    asked=["law_enforcement.may_be_asked", "law_enforcement.requests", "partners[].kind"],
    cites=["dpa-2018/sch2/2", "ico-law-enforcement-toolkit"],
    bank=["R088"],
)
def requests_without_procedure(
    project: Project, law: DatedLaw, gaps: tuple[Missing, ...]
) -> Iterator[Found]:
    """Investigators may ask for the data, and nothing says how a request is dealt with.

    Why: unless a law or a court order compels it, whoever holds the data decides case by case.
    Without a procedure staff hand over too much, or refuse when someone is in danger.

    Do: say which form is used, who decides, what is recorded and what happens in an emergency.
    """
    absent = {gap.at for gap in gaps if not gap.open}
    if "law_enforcement.requests" in absent:
        says = "Investigators may ask for the data, and nothing says how a request is handled."
        yield Found("law_enforcement.requests", says)
        return
    answer = project.law_enforcement
    at = "law_enforcement.may_be_asked"
    # The procedure is asked for only after a yes here or where a partner is a competent authority.
    settled = answer.requests or project.is_open("law_enforcement.requests")
    if settled or not (at in absent or answer.may_be_asked is False):
        return
    forces = _of_sectors(project, law, "police")
    police = [r for flow in project.data_flows for r in flow.recipients or () if r in forces]
    if police:
        says = f"Data reaches {project.called_together([police[0]])}, and no request is expected."
        yield Found(at, says)
    elif any(risk.slug == REQUESTED_RISK for risk in project.risks):
        says = "A risk says that others obtain the data too easily, and no request is expected."
        yield Found(at, says)


@rule(
    "LE009",
    Severity.ADVICE,
    asked=["law_enforcement.immigration_use", "law_enforcement.immigration_use_detail"],
    cites=["uk-gdpr/5/1/a", "uk-gdpr/5/1/b"],
    bank=["R091"],
)
def immigration_use_left_open(gaps: tuple[Missing, ...]) -> Iterator[Found]:
    """Nothing says whether, or when, the data could be used for immigration enforcement.

    Why: people who do not know may stay away from services that they need.

    Do: rule it out in the agreement, or say when it could happen, under which power, and how people
    are told.
    """
    absent = {gap.at for gap in gaps if not gap.open}
    if "law_enforcement.immigration_use" in absent:
        says = "Nothing says whether the data could be used for immigration enforcement."
        yield Found("law_enforcement.immigration_use", says)
    if "law_enforcement.immigration_use_detail" in absent:
        says = "The data could be used for immigration enforcement, and nothing says when."
        yield Found("law_enforcement.immigration_use_detail", says)


@rule(
    "LE010",
    Severity.WARNING,
    asked=["screening.law_enforcement", "data_flows[].regime", "legal_basis[].regime"],
    cites=["dpa-2018/64"],
)
def law_enforcement_denied(project: Project) -> Iterator[Found]:
    """The screening denies law enforcement, and Part 3 is chosen elsewhere.

    Why: law enforcement use has its own duty to assess. Whoever reads the screening alone is told
    that there is none.

    Do: correct the screening, or the rules that are chosen for the flow or the legal basis.
    """
    if project.screening.law_enforcement != "no":
        return
    # For whom Part 3 is not made, the choice of Part 3 is the fault, LE002.
    others = {p.id for p in project.partners if p.competent_authority is False}
    used = [
        *(
            project.flow_called(flow)
            for flow in project.data_flows
            if flow.regime == "law_enforcement" and flow.sender not in others
        ),
        *(
            f"the legal basis of {project.called_together([row.partner])} for "
            f"{project.purpose_number(row.purpose)}"
            for row in project.legal_basis
            if row.regime == "law_enforcement" and row.partner not in others
        ),
    ]
    if used:
        says = f"The screening says no to law enforcement, and Part 3 is chosen in {used[0]}"
        says += f" and {len(used) - 1} more." if len(used) > 1 else "."
        yield Found("screening.law_enforcement", says)


def _of_sectors(project: Project, law: DatedLaw, *sectors: str) -> set[PartnerId]:
    kinds = law.catalogue.body_kinds
    return {p.id for p in project.partners if p.kind and kinds[p.kind].sector in sectors}


def _is_compelled(project: Project, flow: DataFlow) -> bool:
    basis = project.basis_of_sender(flow)
    return basis is not None and (
        basis.power_kind == "express_duty" or basis.confidentiality_route == "legal_duty"
    )
