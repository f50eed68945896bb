"""Knows the faults of children, capacity and danger."""

from __future__ import annotations

from collections.abc import Iterator

from piagen.domain.project import Project
from piagen.questionnaire.missing import Missing
from piagen.rules.rule import Found, Severity, rule

WHEREABOUTS = "dangerous-person-learns-whereabouts"
"""The risk of the catalogue that a leak leads to violence."""


@rule(
    "PE001",
    Severity.WARNING,
    asked=["people_at_risk.online_service", "scope.codes"],
    cites=["uk-gdpr/25", "duaa-2025/81", "ico-childrens-code"],
    bank=["R081"],
)
def childrens_code_not_considered(project: Project, gaps: tuple[Missing, ...]) -> Iterator[Found]:
    """Children may use an online service, and the Children's code is not among the codes followed.

    Why: online services that children are likely to use have further duties of design.

    Do: check the design against the code and tick it, or settle that children will not use it.
    """
    asked = any(gap.at == "people_at_risk.online_service" and gap.open for gap in gaps)
    used = project.people_at_risk.online_service
    if "childrens_code" in (project.scope.codes or ()) or project.is_open("scope.codes"):
        return
    if used or asked:
        whether = "are likely to use this" if used else "may use this, which is still being settled"
        says = f"Children {whether} online, and the Children’s code is not among the codes."
        yield Found("scope.codes", says)


@rule(
    "PE002",
    Severity.WARNING,
    asked=[
        "people_at_risk.best_interests",
        "data_subjects[].children",
        "automated_decisions.profiling",
    ],
    cites=[
        "ico-high-risk-list/children",
        "uk-gdpr/recital/38",
        "uk-gdpr/recital/71",
        "ico-data-sharing-code/children",
    ],
    bank=["R080"],
)
def children_profiled(project: Project, gaps: tuple[Missing, ...]) -> Iterator[Found]:
    """Children are scored or profiled, and nothing says how their best interests come first.

    Why: it is on the regulator's list of high risks, and needs strong reasons.

    Do: say what you changed because children are involved. Think again whether to score them.
    """
    absent = any(gap.at == "people_at_risk.best_interests" and not gap.open for gap in gaps)
    if absent and project.automated_decisions.profiling:
        says = "Children are scored or profiled, and nothing says how their interests come first."
        yield Found("people_at_risk.best_interests", says)


@rule(
    "PE003",
    Severity.WARNING,
    asked=[
        "people_at_risk.who_can_act",
        "data_subjects[].children",
        "data_subjects[].may_lack_capacity",
    ],
    cites=["mca-2005/1", "mca-2005/2", "mca-2005/3", "mca-2005/4", "uk-gdpr/12"],
    cites_in={
        "scotland": ("awi-scotland-2000", "legal-capacity-scotland-1991", "uk-gdpr/12"),
        "northern_ireland": ("mca-ni-2016", "common-law-capacity", "uk-gdpr/12"),
    },
    bank=["R084"],
)
def nobody_can_act_for_the_person(project: Project, gaps: tuple[Missing, ...]) -> Iterator[Found]:
    """Some people may not be able to decide for themselves, and nothing says who acts for them.

    Why: somebody must be able to receive the notice, use the person's rights and complain.

    Do: say who acts for a child and for an adult who lacks capacity, and how you check it.
    """
    if not any(gap.at == "people_at_risk.who_can_act" and not gap.open for gap in gaps):
        return
    groups = [g for g in project.data_subjects if g.children or g.may_lack_capacity]
    named = [f"“{group.group}”" for group in groups if group.group][:2] or ["some of the people"]
    if len(groups) > len(named):
        named.append("others")
    yield Found(
        "people_at_risk.who_can_act", f"Nothing says who can act for {' and '.join(named)}."
    )


@rule(
    "PE005",
    Severity.WARNING,
    asked=[
        "screening.vulnerable_people",
        "data_subjects[].children",
        "data_subjects[].adults_at_risk",
        "data_subjects[].may_lack_capacity",
    ],
    cites=["wp248/criterion/7"],
)
def weak_position_denied(project: Project) -> Iterator[Found]:
    """The screening says that nobody is in a weak position, and the groups of people say otherwise.

    Why: it is one of the nine signs of high risk, and it can decide whether an assessment is due.

    Do: correct the screening, or what is said about the group.
    """
    if project.screening.vulnerable_people != "no":
        return
    weak = [
        (f"“{group.group}”" if group.group else "a group of people", about)
        for group in project.data_subjects
        for said, about in (
            (group.children, "children"),
            (group.adults_at_risk, "adults at risk"),
            (group.may_lack_capacity, "people who may lack capacity"),
        )
        if said
    ]
    if weak:
        group, about = weak[0]
        says = (
            f"The screening says that nobody is in a weak position, and {group} includes {about}."
        )
        yield Found("screening.vulnerable_people", says)


@rule(
    "PE004",
    Severity.ERROR,
    asked=["screening.physical_harm", "people_at_risk.danger", "risks[].slug"],
    cites=[
        "uk-gdpr/32",
        "uk-gdpr/35/7/c",
        "uk-gdpr/35/7/d",
        "ico-high-risk-list/physical-harm",
    ],
    bank=["R083"],
    waivable=False,
)
def physical_harm_not_covered(project: Project, gaps: tuple[Missing, ...]) -> Iterator[Found]:
    """A leak could get someone hurt, and the danger or its risk is not dealt with.

    Why: a leak that exposes someone to violence cannot be undone.

    Do: say who is in danger and what prevents it. Add the suggested risk that a dangerous person
    learns an address, with its measures, or set that suggestion aside with a reason.
    """
    if project.screening.physical_harm not in ("yes", "not_sure"):
        return
    if any(gap.at == "people_at_risk.danger" and not gap.open for gap in gaps):
        says = "Someone could be hurt if the data leaked, and nothing says how that is prevented."
        yield Found("people_at_risk.danger", says)
    seen = {risk.slug for risk in project.risks} | {d.slug for d in project.dismissed_risks}
    # Without any risk there is another fault, and the rules of risks name it.
    if project.risks and WHEREABOUTS not in seen:
        says = (
            "Someone could be hurt if the data leaked, and the risk that a dangerous person learns "
            "where they are is neither listed nor set aside."
        )
        yield Found("risks", says)
