"""Knows the faults of access, security, breaches, training and cameras."""

from __future__ import annotations

from collections.abc import Iterator

from piagen.domain.project import Project
from piagen.law.dated import DatedLaw
from piagen.questionnaire.missing import Missing
from piagen.rules.rule import Found, Severity, rule

MOST_HOURS = 24
"""Hours in which partners tell each other of a breach, if 72 hours are to do for the regulator."""


@rule(
    "SE001",
    Severity.WARNING,
    asked=["access[].partner", "access[].role", "data_flows[].recipients"],
    cites=["uk-gdpr/25/2", "uk-gdpr/32"],
    bank=["R099"],
)
def access_not_tied_to_role(project: Project, gaps: tuple[Missing, ...]) -> Iterator[Found]:
    """An organisation receives data, and nothing says which of its staff can see it.

    Why: access should follow what each job needs. Where no role is named, everybody may have it.

    Do: add each role that can see the data, in each organisation that receives it, and say how that
    is controlled.
    """
    if any(gap.at == "access" and not gap.open for gap in gaps):
        yield Found("access", "No role is named that can see the data.")
    if not project.access:
        return
    named = {row.partner for row in project.access}
    received = {to for flow in project.data_flows for to in flow.recipients or ()}
    for party in project.parties:
        if party.id in received - named:
            called = project.called_together([party.id])
            says = f"Nothing names the roles in {called} that can see the data."
            yield Found("access", says)


@rule(
    "SE002",
    Severity.ADVICE,
    asked=["security.training"],
    cites=["uk-gdpr/29", "uk-gdpr/32/4"],
    bank=["R101"],
)
def training_not_stated(gaps: tuple[Missing, ...]) -> Iterator[Found]:
    """Nothing says how staff are trained and bound to confidence.

    Why: people are the most common cause of breaches. They may use the data only as they are
    instructed, so they have to know the instructions.

    Do: say who is trained, how often, and what binds them, volunteers and agency staff too.
    """
    if any(gap.at == "security.training" and not gap.open for gap in gaps):
        yield Found("security.training", "Nothing says how staff are trained.")


@rule(
    "SE003",
    Severity.WARNING,
    asked=["security.breach_partners_hours"],
    cites=["uk-gdpr/33"],
    bank=["R100"],
)
def breach_told_too_late(project: Project, gaps: tuple[Missing, ...]) -> Iterator[Found]:
    """Partners do not promise to tell each other of a breach within 24 hours.

    Why: a controller has 72 hours for its report to the regulator. It cannot keep to that if its
    partners tell it late.

    Do: agree a number of hours, at most 24.
    """
    at = "security.breach_partners_hours"
    hours = project.security.breach_partners_hours
    # Section 67 is the same duty under Part 3, and goes only with projects that have such use.
    cites = ("dpa-2018/67",) if project.law_enforcement_use else ()
    if any(gap.at == at and not gap.open for gap in gaps):
        says = "Nothing says how soon partners tell each other of a breach."
        yield Found(at, says, cites)
    elif hours is not None and hours > MOST_HOURS:
        says = (
            f"Partners have {hours} hours to tell each other of a breach, more than {MOST_HOURS}."
        )
        yield Found(at, says, cites)


@rule(
    "SE004",
    Severity.WARNING,
    asked=["security.assessed", "assessment.status"],
    cites=["uk-gdpr/32/1/d", "ico-dpia-template/step/3"],
    bank=["R097"],
)
def security_not_assessed(project: Project) -> Iterator[Found]:
    """The assessment is at approval, and nobody has assessed the security.

    Why: security measures have to be tested, and whoever approves relies on the result.

    Do: book the assessment, and make it an action that must be finished before the start.
    """
    at_approval = project.assessment.status in ("for_approval", "approved")
    if at_approval and project.security.assessed is False:
        says = "Nobody has assessed the security of the systems and transfers."
        yield Found("security.assessed", says)


@rule(
    "SE005",
    Severity.WARNING,
    asked=[
        "data_items[].source",
        "screening.public_monitoring",
        "partners[].kind",
        "scope.codes",
    ],
    cites=["pofa-2012/33", "surveillance-camera-code"],
    bank=["R139"],
    nations=["england", "wales"],
)
def camera_code_not_followed(project: Project, law: DatedLaw) -> Iterator[Found]:
    """The police or a council watches a public place with cameras, and does not name the Code.

    Why: police and councils in England and Wales must have regard to the Surveillance Camera Code.
    Others are encouraged to follow it.

    Do: check the project against the Code, and add it to the codes that you follow.
    """
    kinds = law.catalogue.body_kinds
    sectors = {kinds[party.kind].sector for party in project.parties if party.kind}
    followed = project.scope.codes or ()
    if (
        {"england", "wales"} & set(project.assessment.nations or ())
        and any(item.source == "cameras" for item in project.data_items)
        and project.screening.public_monitoring in ("yes", "not_sure")
        and sectors & {"police", "local_government"}
        and "surveillance_camera_code" not in followed
    ):
        yield Found("scope.codes", "Cameras watch a public place, and the Code is not followed.")
