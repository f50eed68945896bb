"""Knows the faults of profiling and automated decisions."""

from __future__ import annotations

from collections.abc import Iterator

from piagen.domain.project import Project
from piagen.law.dated import DatedLaw, Standing
from piagen.questionnaire.missing import Missing
from piagen.rules.rule import Found, Severity, rule


@rule(
    "AD001",
    Severity.ERROR,
    asked=["automated_decisions.solely_automated", "legal_basis[].article_6"],
    cites=["uk-gdpr/22B/4"],
    bank=["R075"],
)
def automated_decision_on_recognised_interest(project: Project, law: DatedLaw) -> Iterator[Found]:
    """Software alone takes a serious decision, and a partner relies on a recognised interest.

    Why: such a decision may not rest, even in part, on a recognised legitimate interest.

    Do: find another basis for whoever takes the decision, or let a person take it. If the decision
    does not rest on this row, have that accepted and say so.
    """
    # Which purpose and whose decision it is are not asked, so a row beside the point can be waived.
    if (
        not project.automated_decisions.solely_automated
        or law.standing("uk-gdpr/22B/4") is Standing.NOT_YET_IN_FORCE
    ):
        return
    for row in project.legal_basis:
        if row.article_6 == "6_1_ea":
            partner, number = (
                project.called_together([row.partner]),
                project.purpose_number(row.purpose),
            )
            says = (
                f"The basis of {partner} for {number} is a recognised legitimate interest, and "
                "software alone takes a decision."
            )
            yield Found(f"legal_basis[{row.id}].article_6", says, ("uk-gdpr/6/1/ea",))


@rule(
    "AD002",
    Severity.WARNING,
    asked=["automated_decisions.profiling", "automated_decisions.human_role"],
    cites=["uk-gdpr/22A/1", "uk-gdpr/22A/2"],
    bank=["R077"],
)
def human_part_not_described(project: Project, gaps: tuple[Missing, ...]) -> Iterator[Found]:
    """People are scored or profiled, and nothing says what the person who decides really does.

    Why: a decision counts as a person's only if that person takes a meaningful part in it, and how
    far it rests on profiling matters to that.

    Do: say what the person sees, how long they have, what they may change and how often they do.
    """
    if project.automated_decisions.solely_automated:
        return
    if any(gap.at == "automated_decisions.human_role" and not gap.open for gap in gaps):
        says = "Software scores people, and nothing says what the person who decides does."
        yield Found("automated_decisions.human_role", says)


@rule(
    "AD003",
    Severity.ERROR,
    asked=[
        "automated_decisions.solely_automated",
        "automated_decisions.ground",
        "data_items[].category",
    ],
    cites=["uk-gdpr/22B/1", "uk-gdpr/22B/2", "uk-gdpr/22B/3"],
    bank=["R074"],
    waivable=False,
)
def automated_decision_on_sensitive_data_without_condition(
    project: Project, law: DatedLaw, gaps: tuple[Missing, ...]
) -> Iterator[Found]:
    """Software alone takes a serious decision with sensitive data, and nothing says what allows it.

    Why: it is allowed only with explicit consent, or for a contract or under a law together with
    substantial public interest.

    Do: put a person in charge of the decision, or name the condition and where it is met.
    """
    if law.standing("uk-gdpr/22B") is Standing.NOT_YET_IN_FORCE:
        return
    sensitive = {i.id for i in project.data_items if "special_category" in (i.category or ())}
    absent = any(gap.at == "automated_decisions.ground" and not gap.open for gap in gaps)
    if absent and sensitive:
        items = project.items_called(sensitive)
        says = f"Nothing says what allows software alone to decide, with sensitive data: {items}."
        yield Found("automated_decisions.ground", says)


@rule(
    "AD004",
    Severity.ERROR,
    asked=["automated_decisions.solely_automated", "automated_decisions.safeguards"],
    cites=["uk-gdpr/22C"],
    bank=["R076"],
    waivable=False,
)
def automated_decision_without_safeguards(
    law: DatedLaw, gaps: tuple[Missing, ...]
) -> Iterator[Found]:
    """Software alone takes a serious decision, and no safeguards are given.

    Why: people must be told of the decision, be able to put their case, get a person to look at it,
    and challenge it.

    Do: say how people use each of the four safeguards, and who answers them.
    """
    if law.standing("uk-gdpr/22C") is Standing.NOT_YET_IN_FORCE:
        return
    if any(gap.at == "automated_decisions.safeguards" and not gap.open for gap in gaps):
        says = "Software alone takes a decision, and no safeguards for people are given."
        yield Found("automated_decisions.safeguards", says)


@rule(
    "AD005",
    Severity.WARNING,
    asked=["automated_decisions.profiling", "automated_decisions.how_tested"],
    cites=["uk-gdpr/5/1/a", "uk-gdpr/5/1/d", "equality-act-2010/149"],
    cites_in={
        "northern_ireland": ("uk-gdpr/5/1/a", "uk-gdpr/5/1/d", "northern-ireland-act-1998/75")
    },
    bank=["R078"],
)
def tool_not_tested(gaps: tuple[Missing, ...]) -> Iterator[Found]:
    """People are scored or profiled, and nothing says how the tool was tested.

    Why: a score can be wrong, and it can be wrong more often for some groups than for others.

    Do: test it, record the error rate, the check for unfair effects and the date, and say who
    repeats the test.
    """
    if any(gap.at == "automated_decisions.how_tested" and not gap.open for gap in gaps):
        says = "Software scores people, and no test for errors and unfair effects is recorded."
        yield Found("automated_decisions.how_tested", says)


@rule(
    "AD006",
    Severity.ADVICE,
    asked=[
        "automated_decisions.transparency_record",
        "automated_decisions.transparency_record_reason",
        "partners[].kind",
    ],
    cites=["atrs"],
    bank=["R079"],
)
def no_algorithmic_record(project: Project, law: DatedLaw) -> Iterator[Found]:
    """No algorithmic transparency record is planned.

    Why: central government is expected to publish one for a tool that influences decisions or meets
    the public. For others it is encouraged.

    Do: plan a record. If no partner is in central government, a reason for having none will do.
    """
    if project.automated_decisions.transparency_record != "no":
        return
    kinds = law.catalogue.body_kinds
    central = next(
        (p for p in project.partners if p.kind and kinds[p.kind].sector == "central_government"),
        None,
    )
    at = "automated_decisions.transparency_record"
    if central:
        partner = project.called_together([central.id])
        says = f"No record of the tool is planned, and one is expected of {partner}."
        yield Found(at, says)
    elif not project.automated_decisions.transparency_record_reason:
        yield Found(at, "No record of the tool is planned, and no reason is given.")
