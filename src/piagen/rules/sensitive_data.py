"""Knows the faults of the conditions for sensitive data and for data about crime."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from piagen.domain.lawfulness import LegalBasis
from piagen.domain.project import Project
from piagen.law.dated import DatedLaw
from piagen.rules.lawfulness import whose
from piagen.rules.rule import Found, Severity, rule


@rule(
    "SD001",
    Severity.WARNING,
    asked=["data_items[].category"],
    cites=["dpa-2018/11/2"],
    bank=["R046"],
)
def crime_data_left_open(project: Project) -> Iterator[Found]:
    """It is open whether an item is about crime.

    Why: allegations, suspicions and clean records count as data about crime, and need authority
    or a condition of their own.

    Do: ask the data protection officer, and give the category of the item.
    """
    for item in project.data_items:
        at = f"data_items[{item.id}].category"
        if item.category is None and project.is_open(at):
            called = project.items_called([item.id])
            yield Found(
                at, f"It is open what kind of data {called} is, and whether it is about crime."
            )


@rule(
    "SD002",
    Severity.ERROR,
    asked=["legal_basis[].conditions_met", "legal_basis[].schedule_1"],
    cites=["dpa-2018/10/3"],
    bank=["R141"],
    waivable=False,
)
def reason_for_acting_without_consent_missing(project: Project) -> Iterator[Found]:
    """A safeguarding paragraph is used without the reason for acting without consent.

    Why: paragraphs 18 and 19 of Schedule 1 are met only where one of three reasons holds: consent
    cannot be given, it cannot reasonably be expected to be obtained, or asking would prejudice the
    protection.

    Do: say which of the three it is, with the conditions of the law, for each organisation and
    purpose.
    """
    for row in project.legal_basis:
        used = [id_ for id_ in ("18", "19") if id_ in (row.schedule_1 or ())]
        if used and (row.gateways or row.other_power) and not row.conditions_met:
            named = f"paragraph {' and '.join(used)} of Schedule 1"
            says = f"{whose(project, row)}: {named} needs the reason for acting without consent."
            cites = tuple(f"dpa-2018/sch1/{id_}/{part}" for id_ in used for part in _REASON[id_])
            yield Found(f"legal_basis[{row.id}].conditions_met", says, cites)


_REASON = {"18": ("1/c", "2"), "19": ("1", "2")}


@rule(
    "SD003",
    Severity.ERROR,
    asked=["legal_basis[].article_9", "data_items[].category", "data_flows[].data_items"],
    cites=["uk-gdpr/9/1", "uk-gdpr/9/2"],
    bank=["R040"],
    waivable=False,
)
def article_9_condition_missing(project: Project) -> Iterator[Found]:
    """An organisation uses sensitive data for a purpose and names no Article 9 condition.

    Why: using special category data is forbidden unless a condition applies.

    Do: choose the condition, or stop using the data for that purpose.
    """
    for row in project.legal_basis:
        unsaid = row.regime == "uk_gdpr" and not row.article_9
        if unsaid and (items := _items(project, row, "special_category")):
            says = f"{whose(project, row)}: no Article 9 condition is chosen for {items}."
            yield Found(f"legal_basis[{row.id}].article_9", says)


@rule(
    "SD004",
    Severity.ERROR,
    asked=["legal_basis[].schedule_1", "legal_basis[].article_9"],
    cites=["dpa-2018/10/2", "dpa-2018/10/3", "dpa-2018/sch1"],
    bank=["R041"],
    waivable=False,
)
def schedule_1_paragraph_does_not_fit(project: Project, law: DatedLaw) -> Iterator[Found]:
    """An Article 9 condition has no paragraph of Schedule 1 that belongs to it.

    Why: each of these conditions is met only through its own part of Schedule 1. A paragraph from
    another part is no condition at all.

    Do: choose the paragraph that belongs to the condition, or change the condition.
    """
    for row in project.legal_basis:
        for id_ in _without_paragraph(row):
            basis = law.catalogue.bases["article_9"][id_]
            says = f"{whose(project, row)}: Article {basis.code} needs {_NEEDED[id_]}."
            yield Found(f"legal_basis[{row.id}].schedule_1", says, (basis.key,))


_FITTING: Mapping[str, frozenset[str]] = {
    "9_2_b": frozenset({"1"}),
    "9_2_g": frozenset(str(number) for number in range(6, 29)),
    "9_2_h": frozenset({"2"}),
    "9_2_i": frozenset({"3"}),
    "9_2_j": frozenset({"4"}),
}
_NEEDED = {
    "9_2_b": "paragraph 1 of Schedule 1",
    "9_2_g": "one of paragraphs 6 to 28 of Schedule 1",
    "9_2_h": "paragraph 2 of Schedule 1",
    "9_2_i": "paragraph 3 of Schedule 1",
    "9_2_j": "paragraph 4 of Schedule 1",
}


# The answers do not say who acts under the control of official authority: a body that enforces the
# law for a living is taken to, and every other public body has a paragraph of Schedule 1 to name.
@rule(
    "SD005",
    Severity.ERROR,
    asked=["legal_basis[].schedule_1", "data_items[].category", "partners[].competent_authority"],
    cites=["uk-gdpr/10", "dpa-2018/10/5", "dpa-2018/sch1"],
    bank=["R045"],
    waivable=False,
)
def crime_data_without_authority(project: Project) -> Iterator[Found]:
    """An organisation uses data about crime and names no condition for it.

    Why: data about crimes and allegations may be used only under official authority, or under a
    condition in Schedule 1 to the Data Protection Act 2018.

    Do: name the paragraph, or stop using the data for that purpose.
    """
    for row in project.legal_basis:
        partner = project.partner(row.partner)
        official = partner is not None and partner.competent_authority is True
        unsaid = row.regime == "uk_gdpr" and not row.schedule_1 and not official
        # where a condition for sensitive data lacks its paragraph, that is said already
        items = _items(project, row, "criminal_offence") if unsaid else ""
        if items and not _without_paragraph(row):
            says = f"{whose(project, row)}: nothing permits the data about crime in {items}."
            yield Found(f"legal_basis[{row.id}].schedule_1", says)


@rule(
    "SD006",
    Severity.ERROR,
    asked=["legal_basis[].policy_document", "legal_basis[].schedule_1", "legal_basis[].schedule_8"],
    cites=["dpa-2018/sch1/5", "dpa-2018/sch1/38-41"],
    bank=["R042"],
    waivable=False,
)
def policy_document_missing(project: Project) -> Iterator[Found]:
    """A condition is used that needs an appropriate policy document, and there is none.

    Why: most conditions of Schedule 1, and those of Schedule 8, hold only while such a document is
    in place.

    Do: write it, or bring it up to date, before the sharing starts.
    """
    for row in project.legal_basis:
        if row.policy_document is not False:
            continue
        if needing := _needing_policy(project, row):
            named = f"paragraph {', '.join(needing)} of Schedule 1"
            says = f"{whose(project, row)}: {named} needs a policy document, and there is none."
            yield Found(f"legal_basis[{row.id}].policy_document", says)
        elif row.schedule_8:
            says = f"{whose(project, row)}: Schedule 8 needs a policy document, and there is none."
            yield Found(f"legal_basis[{row.id}].policy_document", says, ("dpa-2018/42",))


def _items(project: Project, row: LegalBasis, category: str) -> str:
    """Return in words the items of a category that the row's partner uses; empty for none."""
    if row.partner is None or row.purpose is None:
        return ""
    used = project.items_used(row.partner, row.purpose)
    found = [item.id for item in used if category in (item.category or ())]
    return project.items_called(found) if found else ""


def _without_paragraph(row: LegalBasis) -> tuple[str, ...]:
    """Return the Article 9 conditions of the row that lack their paragraph of Schedule 1."""
    chosen = frozenset(row.schedule_1 or ())
    return tuple(
        id_ for id_ in row.article_9 or () if id_ in _FITTING and not _FITTING[id_] & chosen
    )


def _needing_policy(project: Project, row: LegalBasis) -> tuple[str, ...]:
    """Return the paragraphs of Schedule 1 that need a policy document for what the row does.

    Paragraph 13 needs none. Paragraph 27 needs none for a disclosure to an anti-doping body, which
    the answers cannot tell, and 10 none for a disclosure to a competent authority, which they can.
    """
    excused = {"13", "27"}
    if row.partner is not None and row.purpose is not None:
        sent = project.flows_sent(row.partner, row.purpose)
        to = {recipient for flow in sent for recipient in flow.recipients or ()}
        able = {partner.id for partner in project.partners if partner.competent_authority}
        if to and to <= able and not project.flows_received(row.partner, row.purpose):
            excused.add("10")
    needing = (_FITTING["9_2_b"] | _FITTING["9_2_g"] | {"35", "37"}) - excused
    return tuple(id_ for id_ in row.schedule_1 or () if id_ in needing)
