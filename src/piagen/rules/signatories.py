"""Knows the faults of the parties' own pages: who signs for them, and whom to reach."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from piagen.domain.project import Project
from piagen.practice.confirmed import is_full
from piagen.rules.rule import Found, Severity, rule


@rule(
    "SG001",
    Severity.ERROR,
    asked=["signatories[].partner", "signatories[].document", "roles[].role", "documents.wanted"],
    cites=["uk-gdpr/5/2"],
    bank=["R133"],
)
def signatory_missing(project: Project) -> Iterator[Found]:
    """Nobody is named to sign the agreement or the protocol for a controller.

    Why: a document that a controller has not signed proves little against it or for it.

    Do: name somebody with the authority to sign for it.
    """
    for document in _documents(project):
        signing = {row.partner for row in project.signatories if row.document == document}
        if unsigned := [p.id for p in project.controllers if p.id not in signing]:
            names = project.called_together(unsigned)
            yield Found("signatories", f"Nobody is named to sign the {document} for {names}.")


@rule(
    "SG002",
    Severity.ERROR,
    asked=["signatories[].partner", "roles[].role"],
    cites=["uk-gdpr/28/3", "ico-data-sharing-code/scope"],
    bank=["R017"],
    waivable=False,
)
def processor_signs(project: Project) -> Iterator[Found]:
    """A supplier that is only a processor is to sign as a party.

    Why: a processor is no party. Its terms belong in a contract, which the documents name in the
    schedule of processors.

    Do: take it out of the signatories, and name its contract.
    """
    suppliers = {partner.id for partner in project.suppliers}
    for row in project.signatories:
        if row.partner in suppliers:
            name = project.called_together([row.partner])
            says = f"A signatory is {name}, whose only role is processor."
            yield Found(f"signatories[{row.id}]", says)


@rule(
    "SG003",
    Severity.WARNING,
    asked=["signatories[].partner", "roles[].role"],
    cites=["uk-gdpr/5/2"],
    bank=["R133"],
)
def signatory_without_role(project: Project) -> Iterator[Found]:
    """An organisation is to sign, and is neither a controller nor a recipient.

    Why: an agreement binds those who decide on the data or receive it. A signature of anybody else
    makes it unclear who answers.

    Do: give the organisation its role, or take out its signature.
    """
    for row in project.signatories:
        if row.partner is not None and not project.roles_of(row.partner):
            name = project.called_together([row.partner])
            says = f"A signatory is {name}, with no role for any purpose."
            yield Found(f"signatories[{row.id}]", says)


@rule(
    "SG004",
    Severity.WARNING,
    asked=["contacts[].partner", "contacts[].function", "partners[].dpo"],
    cites=["uk-gdpr/26/1", "uk-gdpr/33"],
    bank=["R134"],
)
def contact_missing(project: Project) -> Iterator[Found]:
    """A partner has no contact for a breach, or no data protection officer is named.

    Why: in a breach there is no time to look for a number.

    Do: add the contact.
    """
    if not (is_full(project) and project.several_organisations):
        return
    reached = {row.partner for row in project.contacts if row.function == "breach"}
    if bare := [p.id for p in project.parties if p.id not in reached]:
        yield Found("contacts", f"There is no breach contact for {project.called_together(bare)}.")
    for partner in project.parties:
        # Other bodies need an officer only in some cases, so they are not asked for one.
        if partner.public_authority and partner.dpo is None:
            name = project.called_together([partner.id])
            says = f"No data protection officer is named for {name}."
            yield Found(f"partners[{partner.id}].dpo", says)


@rule(
    "SG005",
    Severity.WARNING,
    asked=["contacts[].partner", "roles[].role"],
    cites=["uk-gdpr/28/3", "ico-data-sharing-code/scope"],
    bank=["R017"],
)
def processor_among_contacts(project: Project) -> Iterator[Found]:
    """A supplier that is only a processor is in the parties' list of contacts.

    Why: the list is of the parties, who answer to people and to each other. A supplier answers to
    the controller that instructs it.

    Do: name the contact of that controller, and keep the supplier's in its contract.
    """
    suppliers = {partner.id for partner in project.suppliers}
    for row in project.contacts:
        if row.partner in suppliers:
            name = project.called_together([row.partner])
            says = f"A contact is listed for {name}, whose only role is processor."
            yield Found(f"contacts[{row.id}]", says)


def _documents(project: Project) -> Iterator[Literal["protocol", "agreement"]]:
    """The documents to be signed: the facts `protocol_needed` and `agreement_needed`."""
    if not (is_full(project) and project.several_organisations):
        return
    wanted = project.documents.wanted
    if project.partnership.protocol == "none" if wanted is None else "protocol" in wanted:
        yield "protocol"
    if wanted is None or "agreement" in wanted:
        yield "agreement"
