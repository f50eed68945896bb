"""Knows the faults of legal gateways: the power to share, tested by kind, nation and date."""

from __future__ import annotations

from collections.abc import Iterator

from piagen.domain.ids import PartnerId, PurposeId
from piagen.domain.lawfulness import LegalBasis
from piagen.domain.project import Project
from piagen.law.dated import DatedLaw, Standing
from piagen.law.fit import named_nations
from piagen.law.model import Gateway, Role
from piagen.rules.rule import Found, Severity, rule

_POWER = ("uk-gdpr/5/1/a", "uk-gdpr/6/3")
_OVER = (Standing.REPEALED, Standing.ENDED, Standing.NOT_YET_IN_FORCE)


@rule(
    "GW001",
    Severity.ERROR,
    asked=[
        "legal_basis[].partner",
        "legal_basis[].purpose",
        "legal_basis[].regime",
        "legal_basis[].gateways",
        "legal_basis[].other_power",
        "legal_basis[].power_kind",
    ],
    cites=[*_POWER, "dpa-2018/8", "ico-data-sharing-code/legal-power"],
    bank=["R021", "R022"],
    waivable=False,
)
def legal_power_missing(project: Project) -> Iterator[Found]:
    """An organisation uses or shares data for a purpose with no power in law.

    Why: a public body can act only within its powers, and a lawful basis in data protection law
    gives none. A charity or company needs a footing too: its constitution, its contract, or the
    request that it answers.

    Do: find the power with legal help and name it, for each organisation and purpose. If there is
    none, do not share.
    """
    rows: dict[tuple[PartnerId | None, PurposeId | None], list[LegalBasis]] = {}
    for row in project.legal_basis:
        rows.setdefault((row.partner, row.purpose), []).append(row)
    for (partner, purpose), regimes in _called_for(project).items():
        who, what = project.called(partner), project.purpose_number(purpose)
        known = {row.regime for row in rows.get((partner, purpose), ())}
        if not known:
            says = f"{who}, {what}: no row names a power and a lawful basis."
            yield Found("legal_basis", says, ("uk-gdpr/6/1",))
        elif unnamed := [r for r in regimes if r and not known & {r, None}]:
            law = "Part 3" if unnamed[0] == "law_enforcement" else "the UK GDPR"
            says = f"{who}, {what}: data is sent under {law}, and the row is for the other rules."
            yield Found("legal_basis", says)
    for row in project.legal_basis:
        who, what = project.called(row.partner), project.purpose_number(row.purpose)
        if not (row.gateways or row.other_power):
            yield Found(f"legal_basis[{row.id}].gateways", f"{who}, {what}: no power is named.")
        elif row.power_kind == "none_found":
            says = f"{who}, {what}: no power was found."
            yield Found(f"legal_basis[{row.id}].power_kind", says)


@rule(
    "GW002",
    Severity.ERROR,
    asked=["legal_basis[].gateways"],
    cites=_POWER,
    bank=["R142"],
    waivable=False,
)
def law_gives_no_power(project: Project, law: DatedLaw) -> Iterator[Found]:
    """The law chosen gives nobody a power to share.

    Why: the catalogue also holds law that people know by name and that gives no power: dead law,
    limits on disclosure, law on data that are not personal, and answers to the duty of confidence.

    Do: choose a law that gives a power. Record a limit under the laws that forbid sharing, and an
    answer to the duty of confidence as the confidentiality route.
    """
    for row in project.legal_basis:
        for entry in chosen(row, law):
            if not entry.is_power and law.standing(entry.id) not in _OVER:
                yield of_entry(project, row, entry, f"which {_GIVES[entry.role]}")


_GIVES = {
    Role.HISTORIC: "is kept only so that people recognise it",
    Role.RESTRICTION: "limits disclosure and gives no power",
    Role.NOT_PERSONAL_DATA: "is about data that are not personal",
    Role.CONFIDENTIALITY: "answers the duty of confidence and gives no power",
}


@rule(
    "GW003",
    Severity.ERROR,
    asked=["legal_basis[].gateways", "assessment.dated"],
    cites=_POWER,
    bank=["R143"],
    waivable=False,
)
def law_not_in_force(project: Project, law: DatedLaw) -> Iterator[Found]:
    """The law chosen is not in force on the day of the assessment.

    Why: a power that has ended, or has not begun, cannot be used.

    Do: choose a law that is in force on that day.
    """
    for row in project.legal_basis:
        for entry in chosen(row, law):
            standing = law.standing(entry.id)
            if standing in _OVER:
                yield of_entry(project, row, entry, f"which is {standing.words}")


@rule(
    "GW004",
    Severity.ERROR,
    asked=["legal_basis[].gateways"],
    cites=_POWER,
    bank=["R143"],
)
def start_of_law_unknown(project: Project, law: DatedLaw) -> Iterator[Found]:
    """The law chosen is not yet fully in force, and nobody has read when it starts.

    Why: a power cannot be used before its first day, and the catalogue found no order that begins
    it. The answers have no place for what you find, so a waiver holds it.

    Do: look on legislation.gov.uk for the order that brings it into force. If you find it, have
    this accepted with the order, its date and the day you read it. If not, choose another power.
    """
    for row in project.legal_basis:
        for entry in powers(row, law):
            standing = law.standing(entry.id)
            if standing is Standing.START_UNKNOWN:
                yield of_entry(project, row, entry, "and nobody has read when it starts")


@rule(
    "GW005",
    Severity.ERROR,
    asked=["legal_basis[].gateways", "assessment.nations"],
    cites=_POWER,
    bank=["R144"],
    waivable=False,
)
def law_of_another_nation(project: Project, law: DatedLaw) -> Iterator[Found]:
    """The law chosen applies in no nation where the project works.

    Why: a power of one nation cannot be used in another.

    Do: choose the power of the nation where you work, or mend the list of nations.
    """
    nations = set(project.assessment.nations or ())
    for row in project.legal_basis:
        for entry in powers(row, law):
            if nations and not nations & set(entry.nations):
                there = f"which applies in {named_nations(entry.nations)} only"
                yield of_entry(project, row, entry, there)


# The bank makes this an error that nobody may accept. The answers do not say in which nations one
# body acts, so a body of one nation in a project of two must be able to say so.
@rule(
    "GW006",
    Severity.WARNING,
    asked=["legal_basis[].gateways", "assessment.nations", "partners[].kind"],
    cites=_POWER,
    bank=["R144"],
)
def nation_without_a_power(project: Project, law: DatedLaw) -> Iterator[Found]:
    """The project works in a nation where none of the laws chosen applies.

    Why: a power of one nation cannot be used in another.

    Do: add the other nation's own power. If the organisation acts only where its power applies,
    record that as the reason.
    """
    nations = project.assessment.nations or ()
    covered: dict[tuple[PartnerId | None, PurposeId | None], set[str]] = {}
    in_words = {(row.partner, row.purpose) for row in project.legal_basis if row.other_power}
    for row in project.legal_basis:
        here = covered.setdefault((row.partner, row.purpose), set())
        here.update(nation for entry in powers(row, law) for nation in entry.nations)
    for row in project.legal_basis:
        pair = (row.partner, row.purpose)
        entries = powers(row, law)
        if not entries or pair in in_words or not covered[pair] & set(nations):
            continue
        partner = project.partner(row.partner)
        kind = law.catalogue.body_kinds.get((partner and partner.kind) or "")
        acts_in = [n for n in nations if kind is None or n in kind.nations]
        if missed := [n for n in acts_in if n not in covered[pair]]:
            yield Found(
                f"legal_basis[{row.id}].gateways",
                f"{project.called(row.partner)}, {project.purpose_number(row.purpose)}: no law is "
                f"named that applies in {named_nations(missed)}.",
                tuple(entry.id for entry in entries),
            )


@rule(
    "GW007",
    Severity.WARNING,
    asked=["legal_basis[].gateways"],
    cites=_POWER,
    bank=["R145"],
)
def framework_stands_alone(project: Project, law: DatedLaw) -> Iterator[Found]:
    """Every law chosen only sets a framework.

    Why: such a law sets a duty, a body or a plan. The power to share is then implied or lies
    elsewhere, and on its own that is thin authority.

    Do: add the specific duty or power. If there is none, record why the framework cannot work
    without the sharing.
    """
    firm = {
        (row.partner, row.purpose)
        for row in project.legal_basis
        if row.other_power or any(e.role is Role.GATEWAY for e in powers(row, law))
    }
    for row in project.legal_basis:
        entries = powers(row, law)
        if entries and (row.partner, row.purpose) not in firm:
            named = " and ".join(f"“{entry.title}”" for entry in entries)
            yield Found(
                f"legal_basis[{row.id}].gateways",
                f"{project.called(row.partner)}, {project.purpose_number(row.purpose)}: the power "
                f"is a framework alone: {named}.",
                tuple(entry.id for entry in entries),
            )


@rule(
    "GW008",
    Severity.ADVICE,
    asked=["legal_basis[].gateways", "purposes[].category", "data_subjects[].children"],
    cites=["children-act-2004/16LA", "cws-act-2026/4"],
    bank=["R035"],
    nations=["england"],
)
def duty_to_share_about_children_not_looked_at(project: Project, law: DatedLaw) -> Iterator[Found]:
    """Children in England are concerned, and the new duty to share is not considered.

    Why: a duty to share information about children's safety and welfare was enacted in 2026. Local
    letters gave 30 September 2026 as its start, and no order that begins it was found.

    Do: look on legislation.gov.uk whether section 16LA of the Children Act 2004 has begun. Rely on
    it only once you have read that it has. Until then, keep to the powers that you have.
    """
    duty = law.catalogue.gateways["children-act-2004-s16la"]
    if any(duty.id in (row.gateways or ()) for row in project.legal_basis):
        return
    numbers = [
        project.purpose_number(purpose.id)
        for purpose in project.purposes
        if purpose.category in ("safeguarding", "care")
        and _is_about_children(project, purpose.id, whole=purpose.category == "care")
    ]
    if numbers:
        named = ", ".join(numbers)
        says = f"Children are concerned ({named}), and no row looks at “{duty.title}”: it is"
        yield Found("legal_basis", f"{says} {law.standing(duty.id).words}.")


def chosen(row: LegalBasis, law: DatedLaw) -> tuple[Gateway, ...]:
    """Return the entries of the catalogue that the row names, also those that give no power."""
    known = law.catalogue.gateways
    return tuple(known[id_] for id_ in row.gateways or () if id_ in known)


def powers(row: LegalBasis, law: DatedLaw) -> tuple[Gateway, ...]:
    """Return the entries that the row names and that give or imply a power."""
    return tuple(entry for entry in chosen(row, law) if entry.is_power)


def of_entry(project: Project, row: LegalBasis, entry: Gateway, fault: str) -> Found:
    """Return a finding about one entry that a row names.

    Args:
        project: names the organisation and the purpose.
        row: whose choice it is.
        entry: what was chosen.
        fault: the rest of the sentence, without its full stop.
    """
    who, what = project.called(row.partner), project.purpose_number(row.purpose)
    says = f"{who}, {what}: the power is “{entry.title}”, {fault}."
    return Found(f"legal_basis[{row.id}].gateways", says, (entry.id,))


def _called_for(project: Project) -> dict[tuple[PartnerId, PurposeId], list[str | None]]:
    """Return who needs a power for which purpose, with the regimes of what it sends.

    They send or receive data that may identify people, or are controllers of such data.
    """
    found: dict[tuple[PartnerId, PurposeId], list[str | None]] = {}
    safe = {i.id for i in project.data_items if i.identifiability in ("aggregate", "anonymous")}
    for flow in project.data_flows:
        if flow.purpose is None or (flow.data_items and set(flow.data_items) <= safe):
            continue
        if flow.sender is not None:
            found.setdefault((flow.sender, flow.purpose), []).append(flow.regime)
        for recipient in flow.recipients or ():
            found.setdefault((recipient, flow.purpose), []).append(None)
    used = {p for i in project.data_items if i.id not in safe for p in i.purposes or ()}
    for role in project.roles:
        if role.partner is None or role.purpose is None or role.purpose not in used:
            continue
        if role.role in ("controller", "joint_controller"):
            found.setdefault((role.partner, role.purpose), []).append(None)
    return {pair: regimes for pair, regimes in found.items() if not project.is_processor(*pair)}


def _is_about_children(project: Project, purpose: PurposeId, *, whole: bool) -> bool:
    """Whether an item that the purpose needs is about children; `whole`, about nobody else."""
    children = {group.id for group in project.data_subjects if group.children}
    items = (item for item in project.data_items if purpose in (item.purposes or ()))
    groups = [set(item.data_subjects or ()) for item in items]
    return any(group & children and (not whole or group <= children) for group in groups)
