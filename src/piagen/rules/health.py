"""Knows the faults of health and care data: opt-out, Caldicott Guardian, NHS number."""

from __future__ import annotations

from collections.abc import Iterator

from piagen.domain.data import DataItem
from piagen.domain.partners import Partner
from piagen.domain.project import Project
from piagen.law.dated import DatedLaw
from piagen.law.kinds import matches
from piagen.questionnaire.missing import Missing
from piagen.rules.rule import Found, Severity, rule

UNDER_251A = "hsca-2012-ss251a-251c"
"""The entry of the catalogue that says which bodies the identifier binds."""


def _is_health(item: DataItem) -> bool:
    return "health" in (item.special_category or ())


def _is_care(item: DataItem) -> bool:
    return "adult_social_care_record" in (item.also_contains or ())


@rule(
    "HC001",
    Severity.ADVICE,
    asked=[
        "processing.matching_identifiers",
        "data_flows[].data_items",
        "data_flows[].purpose",
        "data_items[].special_category",
        "data_items[].also_contains",
        "partners[].kind",
        "purposes[].category",
    ],
    cites=["hsca-2012/251A", "hsca-2012/251B"],
    bank=["R053"],
    nations=["england"],
)
def nhs_number_not_used(project: Project, law: DatedLaw) -> Iterator[Found]:
    """Health or care bodies match records about the same person without the NHS number.

    Why: in England, health and adult social care bodies must use the NHS number as the identifier
    where the law applies. Matching on other things mixes people up more often.

    Do: add the NHS number to what is matched on. If the law does not apply here, waive this and say
    why.
    """
    identifiers = project.processing.matching_identifiers
    in_england = "england" in (project.assessment.nations or ())
    if not in_england or identifiers is None or "nhs_number" in identifiers:
        return
    care = {purpose.id for purpose in project.purposes if purpose.category == "care"}
    items = [item for item in project.data_items if _is_under_251a(item)]
    for flow in project.data_flows:
        carried = [item for item in items if item.id in (flow.data_items or ())]
        recipients = [project.partner(id_) for id_ in flow.recipients or ()]
        if flow.purpose in care and _give_care(
            law, project.partner(flow.sender), recipients, carried
        ):
            called = project.flow_called(flow)
            says = f"{called} passes health or care data between such bodies, and records are "
            yield Found("processing.matching_identifiers", f"{says}matched without the NHS number.")
            return  # one answer mends it for every flow


def _is_under_251a(item: DataItem) -> bool:
    """Whether it is about the care of a known person; children's social care is not covered."""
    return (
        (_is_health(item) or _is_care(item))
        and item.identifiability in (None, "identifiable")
        and "child_social_care_record" not in (item.also_contains or ())
    )


def _give_care(
    law: DatedLaw,
    sender: Partner | None,
    recipients: list[Partner | None],
    carried: list[DataItem],
) -> bool:
    """Whether the sender and a recipient are health or care bodies for what is carried.

    A council is one as far as it has adult social care, so for it only data from such a record
    counts.
    """
    entry, kinds = law.catalogue.gateways[UNDER_251A], law.catalogue.body_kinds

    def gives_care(partner: Partner | None, listed: tuple[str, ...]) -> bool:
        if partner is None or partner.kind is None or not matches(kinds, partner.kind, listed):
            return False
        is_health = kinds[partner.kind].sector == "health"
        return any(_is_care(item) or is_health for item in carried)

    return gives_care(sender, entry.discloser_kinds) and any(
        gives_care(recipient, entry.recipient_kinds) for recipient in recipients
    )


@rule(
    "HC002",
    Severity.ERROR,
    asked=[
        "lawfulness.national_opt_out",
        "purposes[].category",
        "data_items[].special_category",
        "data_items[].also_contains",
        "assessment.nations",
    ],
    cites=["national-data-opt-out", "copi-regs-2002"],
    bank=["R050"],
    nations=["england"],
)
def national_opt_out_not_considered(project: Project, gaps: tuple[Missing, ...]) -> Iterator[Found]:
    """Health or care data is used for planning or research, and the opt-out is not considered.

    Why: people in England can stop confidential patient information being used for more than their
    own care. Health bodies and publicly funded adult social care must uphold that.

    Do: uphold the opt-out and say how, or record the exemption or why it does not apply.
    """
    at = "lawfulness.national_opt_out"
    # Open counts as not considered: nobody knows yet whether it applies.
    if not any(gap.at == at for gap in gaps):
        return
    beyond = {row.id for row in project.purposes if row.category in ("planning", "research")}
    used = {
        item.id
        for item in project.data_items
        if (_is_health(item) or _is_care(item))
        and beyond & set(item.purposes or ())
        # Counts and anonymous data identify no patient.
        and item.identifiability not in ("aggregate", "anonymous")
    }
    if used:
        called = project.items_called(used)
        says = (
            f"Nothing says whether the opt-out applies to {called}, used for planning or research."
        )
        yield Found(at, says)


@rule(
    "HC003",
    Severity.WARNING,
    asked=["legal_basis[].confidentiality_route", "lawfulness.national_opt_out"],
    cites=["national-data-opt-out/section/5"],
    bank=["R051"],
    nations=["england"],
)
def opt_out_denied_under_section_251(project: Project) -> Iterator[Found]:
    """The opt-out is said not to apply, and section 251 support is the route.

    Why: the opt-out usually applies to data that is released with section 251 support.

    Do: look in the letter of approval, and correct the answer or give the exact reason.
    """
    route = [
        row.partner for row in project.legal_basis if row.confidentiality_route == "section_251"
    ]
    if route and project.lawfulness.national_opt_out == "does_not_apply":
        called = project.called_together(dict.fromkeys(route))
        says = "The opt-out is said not to apply, though section 251 support is the route of "
        yield Found("lawfulness.national_opt_out", f"{says}{called}.")


@rule(
    "HC004",
    Severity.WARNING,
    asked=["sign_off[].role", "sign_off[].advice", "data_items[].special_category"],
    cites=["caldicott-principles"],
    cites_in={
        "england": ("ndg-caldicott-guardians-2021",),
        "wales": ("caldicott-guardians-wales",),
        "scotland": ("caldicott-guardians-scotland",),
        "northern_ireland": ("personal-data-guardian-ni",),
    },
    bank=["R052"],
)
def guardians_view_missing(project: Project, gaps: tuple[Missing, ...]) -> Iterator[Found]:
    """Health or care data is used, and the Caldicott Guardian's view is not recorded.

    Why: health and care services should have a senior person who looks after confidential records,
    and should involve them in new uses. In Northern Ireland it is the Personal Data Guardian.

    Do: ask the Guardian, and record the view as advice.
    """
    absent = {gap.at for gap in gaps if not gap.open}
    nations = project.assessment.nations or ()
    names = [] if nations == ("northern_ireland",) else ["Caldicott Guardian"]
    if "northern_ireland" in nations:
        names.append("Personal Data Guardian")
    guardian = " or ".join(names)
    if "sign_off[role=caldicott_guardian]" in absent:
        yield Found("sign_off", f"The view of a {guardian} is not recorded.")
    for row in project.sign_off:
        at = f"sign_off[{row.id}].advice"
        if row.role == "caldicott_guardian" and at in absent:
            yield Found(at, f"A {guardian} is named, but the view is not there.")
