"""Knows the faults of lawful bases and conditions of data protection law."""

from __future__ import annotations

from collections.abc import Iterator

from piagen.domain.lawfulness import LegalBasis
from piagen.domain.project import Project
from piagen.law.dated import DatedLaw, Standing, standing_of
from piagen.law.kinds import listing
from piagen.law.model import VerificationState
from piagen.rules.gateways import powers
from piagen.rules.rule import Found, Severity, rule


@rule(
    "LB001",
    Severity.ADVICE,
    asked=[
        "legal_basis[].law_checked_on",
        "legal_basis[].gateways",
        "legal_basis[].article_6",
        "legal_basis[].article_9",
        "legal_basis[].schedule_1",
    ],
    cites=["uk-gdpr/5/2"],
    bank=["R147"],
)
def law_not_read_in_its_own_text(project: Project, law: DatedLaw) -> Iterator[Found]:
    """Law is relied on that nobody has read in its own text.

    Why: the catalogue says of each entry how it was checked. Some rest on a summary or on memory.

    Do: read the law on legislation.gov.uk before anyone signs, and record the day.
    """
    for row in project.legal_basis:
        unread = tuple(_unread(row, law)) if row.law_checked_on is None else ()
        if unread:
            named = ", ".join(law.catalogue.cite(key).text for key in unread)
            yield Found(
                f"legal_basis[{row.id}].law_checked_on",
                f"{whose(project, row)}: give the day on which somebody read {named}.",
                unread,
            )


@rule(
    "LB002",
    Severity.ERROR,
    asked=["legal_basis[].article_6", "legal_basis[].regime"],
    cites=["uk-gdpr/6/1"],
    bank=["R022"],
    waivable=False,
)
def article_6_basis_missing(project: Project) -> Iterator[Found]:
    """An organisation names no Article 6 lawful basis for a purpose.

    Why: nobody may use personal data without one.

    Do: choose one for each organisation and purpose.
    """
    for row in project.legal_basis:
        if row.article_6 is None and row.regime != "law_enforcement":
            leaf = "article_6" if row.regime else "regime"
            lacks = (
                "no Article 6 basis is" if row.regime else "no rules, and so no lawful basis, are"
            )
            at = f"legal_basis[{row.id}].{leaf}"
            yield Found(at, f"{whose(project, row)}: {lacks} chosen.")


@rule(
    "LB003",
    Severity.ERROR,
    asked=["legal_basis[].article_6", "assessment.dated"],
    cites=["uk-gdpr/6/1", "duaa-2025/70"],
    bank=["R143"],
    waivable=False,
)
def lawful_basis_not_in_force(project: Project, law: DatedLaw) -> Iterator[Found]:
    """The lawful basis chosen is not in force on the day of the assessment.

    Why: recognised legitimate interests became a lawful basis only in 2026.

    Do: choose a basis that is in force on that day, or mend the date of the assessment.
    """
    for row in project.legal_basis:
        basis = law.catalogue.bases["article_6"].get(row.article_6 or "")
        if basis is None:
            continue
        standing = standing_of(basis.status, basis.in_force, law.day)
        if standing is not Standing.IN_FORCE:
            says = f"{whose(project, row)}: Article {basis.code} is {standing.words} on that day."
            yield Found(f"legal_basis[{row.id}].article_6", says, (basis.key,))


@rule(
    "LB004",
    Severity.ERROR,
    asked=["legal_basis[].article_6", "legal_basis[].power_kind", "partners[].public_authority"],
    cites=["uk-gdpr/6/1", "duaa-2025/70"],
    bank=["R027"],
    waivable=False,
)
def legitimate_interests_of_public_authority(project: Project, law: DatedLaw) -> Iterator[Found]:
    """A public authority relies on a legitimate interest for a task that law gives it.

    Why: neither legitimate interests nor recognised legitimate interests is open to a public
    authority in its tasks.

    Do: use public task, or legal obligation where the law says that it must.
    """
    for row in project.legal_basis:
        partner = project.partner(row.partner)
        # DPA 2018 s.7(3): parish and community councils are no public authorities here
        if partner is None or partner.kind == "parish_council":
            continue
        kind = law.catalogue.body_kinds.get(partner.kind or "")
        public = partner.public_authority
        if public is None:
            public = kind is not None and kind.public_authority in ("yes", "as_parent")
        by_law = row.power_kind in _GIVEN_BY_LAW or (not row.power_kind and powers(row, law))
        if row.article_6 in ("6_1_f", "6_1_ea") and public and by_law:
            says = f"{whose(project, row)}: a public authority relies on a legitimate interest."
            cites = (law.catalogue.bases["article_6"][row.article_6].key,)
            yield Found(f"legal_basis[{row.id}].article_6", says, cites)


_GIVEN_BY_LAW = ("express_duty", "express_power", "implied_power", "common_law_power")


@rule(
    "LB005",
    Severity.ERROR,
    asked=["legal_basis[].article_6", "legal_basis[].power_kind", "partners[].kind"],
    cites=["uk-gdpr/6/1/e", "uk-gdpr/6/1/ea", "uk-gdpr/annex1", "duaa-2025/70"],
    bank=["R028"],
    waivable=False,
)
def public_task_of_another_body(project: Project, law: DatedLaw) -> Iterator[Found]:
    """A charity or company relies on public task, and names no function that law gives it.

    Why: public task is for the controller's own task. Whoever helps a public body needs a basis of
    its own, and a recognised legitimate interest can cover the answer to that body's request.

    Do: choose recognised legitimate interest, legitimate interests or another basis, and keep the
    request on file. If law gives the organisation a function, name that law.
    """
    for row in project.legal_basis:
        partner = project.partner(row.partner)
        kind = law.catalogue.body_kinds.get((partner and partner.kind) or "")
        if row.article_6 != "6_1_e" or kind is None or kind.public_functions:
            continue
        # what is named in words is taken at its word: nobody can tell whose function it is
        said = row.other_power and row.power_kind in (
            "express_duty",
            "express_power",
            "implied_power",
        )
        ways = (
            listing(law.catalogue.body_kinds, kind.id, e.discloser_kinds) for e in powers(row, law)
        )
        if not said and not any(way and way.is_specific for way in ways):
            says = f"{whose(project, row)}: public task is chosen, and no law gives it that task."
            yield Found(f"legal_basis[{row.id}].article_6", says)


@rule(
    "LB006",
    Severity.ERROR,
    asked=["legal_basis[].article_6", "legal_basis[].power_kind", "legal_basis[].gateways"],
    cites=["uk-gdpr/6/1/c", "uk-gdpr/6/3"],
    bank=["R029"],
    waivable=False,
)
def legal_obligation_without_a_duty(project: Project, law: DatedLaw) -> Iterator[Found]:
    """Legal obligation is chosen, and no duty in law is named.

    Why: it needs a legal obligation on the organisation that you can point at. A law that says
    must, a notice or requirement made under one, a court order, or a duty at common law will do. A
    power will not.

    Do: name the duty or the order, or use public task.
    """
    bound = {
        (row.partner, row.purpose)
        for row in project.legal_basis
        if row.power_kind == "express_duty"
        # a duty at common law has no kind of its own, and in words it is taken at its word
        or (row.other_power and row.power_kind == "common_law_power")
        # the catalogue pairs every duty and court order with legal obligation, and some frameworks
        or any("6_1_c" in entry.article_6 for entry in powers(row, law))
    }
    for row in project.legal_basis:
        named = row.gateways or row.other_power
        if row.article_6 == "6_1_c" and named and (row.partner, row.purpose) not in bound:
            says = f"{whose(project, row)}: legal obligation is chosen, and no duty is named."
            yield Found(f"legal_basis[{row.id}].article_6", says)


@rule(
    "LB007",
    Severity.WARNING,
    asked=["legal_basis[].article_6", "legal_basis[].article_9", "data_flows[].frequency"],
    cites=["uk-gdpr/6/1/d", "uk-gdpr/9/2/c", "uk-gdpr/recital/46"],
    bank=["R030"],
)
def vital_interests_for_planned_sharing(project: Project) -> Iterator[Found]:
    """Vital interests are relied on for sharing that is planned and regular.

    Why: this basis is for need of life or death, when nothing else fits.

    Do: use a safeguarding or care basis for what is planned.
    """
    for row in project.legal_basis:
        leaf = "article_6" if row.article_6 == "6_1_d" else "article_9"
        vital = leaf == "article_6" or row.article_9 == ("9_2_c",)
        if not vital or row.partner is None or row.purpose is None:
            continue
        flows = (
            *project.flows_sent(row.partner, row.purpose),
            *project.flows_received(row.partner, row.purpose),
        )
        regular = [f for f in flows if f.frequency not in (None, "one_off", "when_needed")]
        if regular:
            called = ", ".join(dict.fromkeys(project.flow_called(flow) for flow in regular))
            says = f"{whose(project, row)}: vital interests cover {called}, which is regular."
            yield Found(f"legal_basis[{row.id}].{leaf}", says)


def whose(project: Project, row: LegalBasis) -> str:
    """Return how a sentence about a row begins: The council, P1."""
    return f"{project.called(row.partner)}, {project.purpose_number(row.purpose)}"


def _unread(row: LegalBasis, law: DatedLaw) -> Iterator[str]:
    """The keys of the law in the row that was not read in its own text."""
    bases = law.catalogue.bases
    chosen = (
        *((entry.id, entry.verification) for entry in powers(row, law)),
        *(
            (basis.key, basis.verification)
            for family, ids in (
                ("article_6", (row.article_6,)),
                ("article_9", row.article_9 or ()),
                ("schedule_1", row.schedule_1 or ()),
            )
            for basis in (bases[family].get(id_ or "") for id_ in ids)
            if basis is not None
        ),
    )
    yield from (key for key, how in chosen if how.state is not VerificationState.SEEN_PRIMARY)
