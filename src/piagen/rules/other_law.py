"""Knows the faults of law beyond lawful bases: confidence, bars, reuse, private life, equality."""

from __future__ import annotations

from collections.abc import Iterator

from piagen.domain.data import DataItem
from piagen.domain.lawfulness import LegalBasis
from piagen.domain.project import Project
from piagen.law.dated import DatedLaw
from piagen.rules.lawfulness import whose
from piagen.rules.rule import Found, Severity, rule


@rule(
    "OL001",
    Severity.ERROR,
    asked=["legal_basis[].confidentiality_route", "data_items[].special_category"],
    cites=["common-law-confidentiality", "nhs-act-2006/251"],
    cites_in={
        "scotland": ("common-law-confidentiality", "pbpp-scotland"),
        "northern_ireland": ("common-law-confidentiality", "health-data-secondary-use-ni"),
    },
    bank=["R048"],
    waivable=False,
)
def confidentiality_route_missing(project: Project) -> Iterator[Found]:
    """Confidential health or care data is used with no answer to the duty of confidence.

    Why: data protection law does not lift the duty of confidence.

    Do: choose what lifts it: implied or explicit consent, a legal duty, section 251 support or
    the public interest.
    """
    for row in project.legal_basis:
        if row.confidentiality_route is None:
            items = [item.id for item in _used(project, row) if _is_care_secret(item)]
            if items:
                called = project.items_called(items)
                says = (
                    f"{whose(project, row)}: nothing answers the duty of confidence for {called}."
                )
                yield Found(f"legal_basis[{row.id}].confidentiality_route", says)


@rule(
    "OL002",
    Severity.ERROR,
    asked=["legal_basis[].confidentiality_route", "assessment.nations", "partners[].kind"],
    cites=["nhs-act-2006/251"],
    bank=["R048"],
    waivable=False,
)
def section_251_outside_england_and_wales(project: Project, law: DatedLaw) -> Iterator[Found]:
    """Section 251 support is relied on where there is none.

    Why: that support exists in England and Wales only.

    Do: choose another answer to the duty of confidence, with advice from your own nation.
    """
    nations = set(project.assessment.nations or ())
    for row in project.legal_basis:
        partner = project.partner(row.partner)
        kind = law.catalogue.body_kinds.get((partner and partner.kind) or "")
        where = [set(there) for there in (nations, kind.nations if kind else ()) if there]
        outside = any(not there & {"england", "wales"} for there in where)
        if row.confidentiality_route == "section_251" and outside:
            says = f"{whose(project, row)}: section 251 support is for England and Wales only."
            yield Found(f"legal_basis[{row.id}].confidentiality_route", says)


@rule(
    "OL003",
    Severity.ERROR,
    asked=["legal_basis[].confidentiality_route", "purposes[].category"],
    cites=["common-law-confidentiality", "caldicott-principles"],
    bank=["R049"],
    waivable=False,
)
def implied_consent_beyond_care(project: Project) -> Iterator[Found]:
    """Implied consent is used for something other than a person's own care.

    Why: it covers people's own care, where they would expect it. It does not cover planning,
    research or enforcement.

    Do: choose another answer to the duty of confidence.
    """
    beyond = {p.id for p in project.purposes if p.category not in (None, "care")}
    for row in project.legal_basis:
        if row.confidentiality_route == "implied_consent" and row.purpose in beyond:
            says = f"{whose(project, row)}: implied consent does not reach beyond a person’s care."
            yield Found(f"legal_basis[{row.id}].confidentiality_route", says)


@rule(
    "OL004",
    Severity.WARNING,
    asked=["legal_basis[].confidentiality_route", "data_items[].confidential"],
    cites=["common-law-confidentiality"],
)
def confidence_denied(project: Project) -> Iterator[Found]:
    """Data given in confidence is called not confidential.

    Why: two answers disagree, and data protection law does not lift the duty of confidence.

    Do: choose what lifts the duty of confidence, or correct the answer about the item.
    """
    for row in project.legal_basis:
        if row.confidentiality_route == "not_confidential":
            items = [item.id for item in _used(project, row) if item.confidential]
            if items:
                called = project.items_called(items)
                says = f"{whose(project, row)}: this was given in confidence: {called}."
                yield Found(f"legal_basis[{row.id}].confidentiality_route", says)


@rule(
    "OL005",
    Severity.ERROR,
    asked=["lawfulness.bars", "data_items[].category"],
    cites=["uk-gdpr/5/1/a"],
    bank=["R032"],
    waivable=False,
)
def bars_not_checked(project: Project) -> Iterator[Found]:
    """Nobody has made sure that no law forbids the sharing.

    Why: some data may not be passed on even with a lawful basis, for example about tax, benefits,
    adoption or gender recognition.

    Do: get legal advice before you share, and record what it says.
    """
    if project.lawfulness.bars is None and project.is_open("lawfulness.bars"):
        yield Found("lawfulness.bars", "It is open whether a law forbids or limits the sharing.")
    secret = [item.id for item in project.data_items if "restricted" in (item.category or ())]
    if project.lawfulness.bars == "none_found" and secret:
        called = project.items_called(secret)
        yield Found(
            "lawfulness.bars", f"No law was found, and {called} is marked as secret by law."
        )


@rule(
    "OL006",
    Severity.WARNING,
    asked=["lawfulness.reused", "lawfulness.compatible_use", "data_items[].source"],
    cites=["uk-gdpr/5/1/b", "uk-gdpr/8A", "uk-gdpr/annex2"],
    bank=["R036"],
)
def reuse_not_tested(project: Project) -> Iterator[Found]:
    """Data collected for something else is used, and nobody has tested whether that fits.

    Why: data gathered for one reason may be used for another only if the new use is compatible,
    listed, agreed to or required by law.

    Do: say whether it was collected for something else, and why the new use fits.
    """
    lawfulness = project.lawfulness
    if lawfulness.reused and not lawfulness.compatible_use:
        yield Found("lawfulness.compatible_use", "Data is reused, and nobody says why that fits.")
    elsewhere = [item.id for item in project.data_items if item.source == "another_organisation"]
    if lawfulness.reused is None and elsewhere:
        called = project.items_called(elsewhere)
        says = f"Another organisation is the source of {called}: say what it was collected for."
        yield Found("lawfulness.reused", says)


@rule(
    "OL007",
    Severity.WARNING,
    asked=["lawfulness.private_life", "partners[].public_authority"],
    cites=["human-rights-act-1998/6", "echr/8"],
    bank=["R038"],
)
def private_life_not_justified(project: Project) -> Iterator[Found]:
    """A public authority takes part, and nothing is said about private and family life.

    Why: public authorities must act in line with the right to respect for it.

    Do: give the law, the aim, and why the sharing is no more than needed.
    """
    if _any_public_authority(project) and not project.lawfulness.private_life:
        says = "Nothing says how private life is touched, and why that is justified."
        yield Found("lawfulness.private_life", says)


@rule(
    "OL008",
    Severity.WARNING,
    asked=["lawfulness.equality_considered", "lawfulness.equality_detail"],
    cites=["equality-act-2010/149", "northern-ireland-act-1998/75"],
    cites_in={
        "england": ("equality-act-2010/149",),
        "wales": ("equality-act-2010/149", "equality-specific-duties-wales"),
        "scotland": ("equality-act-2010/149", "equality-specific-duties-scotland"),
        "northern_ireland": ("northern-ireland-act-1998/75",),
    },
    bank=["R039"],
)
def equality_not_considered(project: Project) -> Iterator[Found]:
    """A public authority takes part, and effects on equality are not considered.

    Why: sharing and profiling can fall harder on some groups. The duty to think of that has a
    source of its own in Northern Ireland.

    Do: link the equality assessment, or give the reason why there is none.
    """
    at = "lawfulness.equality_considered"
    lawfulness = project.lawfulness
    if not _any_public_authority(project):
        return
    if lawfulness.equality_considered is None and project.is_open(at):
        yield Found(at, "It is open whether effects on equality were considered.")
    elif lawfulness.equality_considered is False and not lawfulness.equality_detail:
        says = "Effects on equality were not considered, and no reason is given."
        yield Found("lawfulness.equality_detail", says)


def _any_public_authority(project: Project) -> bool:
    # the questions are asked only then
    return any(partner.public_authority for partner in project.partners)


def _used(project: Project, row: LegalBasis) -> tuple[DataItem, ...]:
    if row.partner is None or row.purpose is None:
        return ()
    return project.items_used(row.partner, row.purpose)


def _is_care_secret(item: DataItem) -> bool:
    """Whether it is health or care data that nobody has called not confidential."""
    held: tuple[str, ...] = (*(item.special_category or ()), *(item.also_contains or ()))
    care = {"health", "adult_social_care_record", "child_social_care_record"}
    return item.confidential is not False and bool(care & set(held))
