"""Knows the faults of consent and agreement."""

from __future__ import annotations

from collections.abc import Iterator

from piagen.domain.ids import PurposeId
from piagen.domain.lawfulness import LegalBasis
from piagen.domain.project import Project
from piagen.law.dated import DatedLaw
from piagen.law.model import WILDCARDS, Gateway, Role
from piagen.law.suggestion import suggest_for
from piagen.rules.gateways import of_entry, powers
from piagen.rules.lawfulness import whose
from piagen.rules.rule import Found, Severity, rule

_CONSENT = ("uk-gdpr/4/11", "uk-gdpr/6/1", "uk-gdpr/7")


@rule(
    "CO001",
    Severity.WARNING,
    asked=["legal_basis[].agreement_is_condition", "legal_basis[].gateways"],
    cites=["uk-gdpr/5/1/a", "uk-gdpr/6/3"],
)
def agreement_condition_denied(project: Project, law: DatedLaw) -> Iterator[Found]:
    """A law is used that works only if the person agrees, and the answers say that it does not.

    Why: where agreement is a condition of a power, the power cannot be used without it.

    Do: say that agreement is a condition, and how people are asked. If you rely on another of the
    laws you chose, take this one out.
    """
    for row in project.legal_basis:
        for entry in powers(row, law) if row.agreement_is_condition is False else ():
            if entry.agreement_is_a_condition:
                found = of_entry(project, row, entry, "which works only if the person agrees")
                yield Found(
                    f"legal_basis[{row.id}].agreement_is_condition", found.says, found.cites
                )


@rule(
    "CO002",
    Severity.WARNING,
    asked=["legal_basis[].article_6", "legal_basis[].gateways", "consent[].why_sought"],
    cites=[*_CONSENT, "ico-10-step-guide/right-basis", "richardson-2016/T7"],
    bank=["R023", "P015"],
)
def consent_where_a_gateway_fits(project: Project, law: DatedLaw) -> Iterator[Found]:
    """Consent is the lawful basis, and a duty or power that fits was passed over.

    Why: if the law covers the sharing already, consent misleads: people think that they can refuse.
    Ask first what the law allows, and only then whether to ask for agreement.

    Do: rely on public task or legal obligation, and keep agreement to the service as a courtesy.
    Or say why the gateway does not serve, where you say why agreement is sought.
    """
    for row, entry in _passed_over(project, law):
        says = f"{whose(project, row)}: consent is the basis, and “{entry.title}” may fit."
        yield Found(f"legal_basis[{row.id}].article_6", says, (entry.id,))


@rule(
    "CO003",
    Severity.WARNING,
    asked=["legal_basis[].article_6", "scope.power_imbalance", "partners[].kind"],
    cites=["uk-gdpr/4/11", "uk-gdpr/7/4", "uk-gdpr/recital/43"],
    bank=["R024"],
)
def consent_to_a_body_with_power(project: Project, law: DatedLaw) -> Iterator[Found]:
    """A public body relies on the consent of people over whom it has power.

    Why: consent must be free. Where a person depends on the body it seldom is.

    Do: choose another basis, or show why saying no has no consequence.
    """
    if not project.scope.power_imbalance:
        return
    for row in project.legal_basis:
        partner = project.partner(row.partner)
        kind = law.catalogue.body_kinds.get((partner and partner.kind) or "")
        if row.article_6 == "6_1_a" and kind is not None and kind.public_functions:
            says = f"{whose(project, row)}: people consent to a body that has power over them."
            yield Found(f"legal_basis[{row.id}].article_6", says)


@rule(
    "CO004",
    Severity.ADVICE,
    asked=["legal_basis[].article_6", "legal_basis[].agreement_is_condition"],
    cites=["housing-act-1996/213B", "homelessness-code/chapter/4"],
    bank=["R026"],
)
def agreement_taken_for_the_basis(project: Project, law: DatedLaw) -> Iterator[Found]:
    """Agreement that a power asks for is taken for the lawful basis.

    Why: some powers work only if the person agrees, for example a homelessness referral. That is
    a condition of the power, and the lawful basis is something else.

    Do: keep agreement as the condition, and use public task or legal obligation as the basis.
    """
    for row in project.legal_basis:
        if row.article_6 == "6_1_a" and _is_condition(row, law):
            named = tuple(e.id for e in powers(row, law) if e.agreement_is_a_condition)
            says = f"{whose(project, row)}: agreement is a condition of the power, not the basis."
            yield Found(f"legal_basis[{row.id}].article_6", says, named)


@rule(
    "CO005",
    Severity.WARNING,
    asked=["legal_basis[].article_6", "purposes[].category", "data_subjects[].children"],
    cites=["dfe-information-sharing-2024/rule/3"],
    bank=["R082"],
    nations=["england"],
)
def consent_where_a_child_may_be_at_risk(project: Project, law: DatedLaw) -> Iterator[Found]:
    """Consent is the basis for safeguarding that concerns children.

    Why: where a child may be at risk consent is not needed, and asking can raise the danger.

    Do: use public task or legal obligation. Engage with the family where that is safe.
    """
    # Where another law fits, CO002 names it, and the mend is the same.
    named = {row.id for row, _ in _passed_over(project, law)}
    purposes = _for_children_at_risk(project)
    for row in project.legal_basis:
        if row.id in named:
            continue
        if row.article_6 == "6_1_a" and row.purpose in purposes:
            says = f"{whose(project, row)}: consent is the basis where a child may be at risk."
            yield Found(f"legal_basis[{row.id}].article_6", says)


@rule(
    "CO006",
    Severity.WARNING,
    asked=["consent[].role_of_agreement", "legal_basis[].article_6", "legal_basis[].article_9"],
    cites=["uk-gdpr/5/1/a", "uk-gdpr/7"],
)
def role_of_agreement_differs(project: Project) -> Iterator[Found]:
    """What agreement does in law differs between two answers.

    Why: each job of agreement has its own test, and people are told what saying no would change.

    Do: make the row on agreement say what the legal bases of that purpose say.
    """
    for row in project.consent:
        bases = [basis for basis in project.legal_basis if basis.purpose == row.purpose]
        if row.role_of_agreement is None or row.purpose is None or not bases:
            continue
        said, used = set(row.role_of_agreement), {job for basis in bases for job in _jobs(basis)}
        number = project.purpose_number(row.purpose)
        at = f"consent[{row.id}].role_of_agreement"
        if unsaid := [_JOBS[job] for job in _JOBS if job in used - said]:
            yield Found(at, f"{number}: agreement is also used as {' and '.join(unsaid)}.")
        if unused := [_JOBS[job] for job in _JOBS if job in said - used]:
            yield Found(at, f"{number}: no legal basis uses agreement as {' or '.join(unused)}.")


_JOBS = {
    "article_6": "the lawful basis",
    "article_9": "the condition for sensitive data",
    "part_3": "the law enforcement ground",
    "confidentiality": "the confidentiality route",
    "gateway_condition": "a condition of the power",
}


@rule(
    "CO007",
    Severity.ERROR,
    asked=["consent[].how_withdrawn", "legal_basis[].article_6", "legal_basis[].article_9"],
    cites=["uk-gdpr/7/3"],
    bank=["R025"],
    waivable=False,
)
def withdrawal_missing(project: Project) -> Iterator[Found]:
    """Consent is relied on, and nothing says how people withdraw it.

    Why: withdrawing must be as easy as giving.

    Do: say how people withdraw, and what then happens to data already shared.
    """
    rows = {row.purpose: row for row in project.consent if row.purpose is not None}
    for purpose in dict.fromkeys(_purposes_on_consent(project)):
        row = rows.get(purpose)
        number = project.purpose_number(purpose)
        says = f"{number} rests on consent, and nothing says how people withdraw."
        if row is None:
            yield Found("consent", says)
        elif not row.how_withdrawn:
            yield Found(f"consent[{row.id}].how_withdrawn", says)


def _passed_over(project: Project, law: DatedLaw) -> Iterator[tuple[LegalBasis, Gateway]]:
    """Go through the rows that rest on consent with no reason why, with a law that may fit."""
    reasons = {
        row.purpose
        for row in project.consent
        # a reason to ask as a condition of a power is no reason to rest on consent
        if row.why_sought and "article_6" in (row.role_of_agreement or ("article_6",))
    }
    for row in project.legal_basis:
        if row.article_6 != "6_1_a" or row.purpose in reasons or _is_condition(row, law):
            continue
        if entry := _fitting(project, row, law):
            yield row, entry


def _for_children_at_risk(project: Project) -> set[PurposeId]:
    """Return the purposes of safeguarding whose data is about children."""
    children = {group.id for group in project.data_subjects if group.children}
    about = {
        purpose
        for item in project.data_items
        if children & set(item.data_subjects or ())
        for purpose in item.purposes or ()
    }
    return {p.id for p in project.purposes if p.category == "safeguarding"} & about


def _purposes_on_consent(project: Project) -> Iterator[PurposeId]:
    for row in project.legal_basis:
        if row.purpose and (row.article_6 == "6_1_a" or "9_2_a" in (row.article_9 or ())):
            yield row.purpose


def _is_condition(row: LegalBasis, law: DatedLaw) -> bool:
    """Whether a power of the row works only if the person agrees."""
    named = any(entry.agreement_is_a_condition for entry in powers(row, law))
    return named or row.agreement_is_condition is True


def _fitting(project: Project, row: LegalBasis, law: DatedLaw) -> Gateway | None:
    """Return a gateway for what the row does: the one chosen, or else the one that fits best.

    One that is open to every body on both sides, or serves one occasion only, says too little.
    """
    for entry in powers(row, law):
        if entry.role is Role.GATEWAY:
            return entry
    purpose = next((p.id for p in project.purposes if p.id == row.purpose), None)
    partner = project.partner(row.partner)
    if partner is None or purpose is None:
        return None
    for offered in suggest_for(project, law, partner.id, purpose).offered:
        entry = offered.gateway
        open_to_all = WILDCARDS & set(entry.discloser_kinds) and WILDCARDS & set(
            entry.recipient_kinds
        )
        specific = not open_to_all and entry.only_for is None
        if entry.role is Role.GATEWAY and specific:
            return entry
    return None


def _jobs(basis: LegalBasis) -> Iterator[str]:
    """Go through what agreement does in one row of legal bases."""
    if basis.article_6 == "6_1_a":
        yield "article_6"
    if "9_2_a" in (basis.article_9 or ()):
        yield "article_9"
    if basis.part_3_ground == "consent":
        yield "part_3"
    if basis.confidentiality_route == "explicit_consent":
        yield "confidentiality"
    if basis.agreement_is_condition:
        yield "gateway_condition"
