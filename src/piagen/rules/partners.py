"""Knows the faults of organisations and roles: who decides, who only processes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from piagen.domain.ids import PartnerId
from piagen.domain.project import Project
from piagen.law.dated import DatedLaw
from piagen.practice.confirmed import is_full
from piagen.questionnaire.missing import Missing
from piagen.rules.rule import Found, Severity, rule

_CONTROLS = ("controller", "joint_controller")
_NO_POWER = ("contract_only", "none_found")
_RELATIONSHIP = (
    "uk-gdpr/5/1/b",
    "uk-gdpr/5/1/c",
    "common-law-confidentiality",
    "richardson-2016/T8",
)


@rule(
    "PA001",
    Severity.WARNING,
    asked=["partners[].kind", "roles[].role"],
    cites=["uk-gdpr/4/7"],
    bank=["R012"],
)
def controller_without_legal_personality(project: Project, law: DatedLaw) -> Iterator[Found]:
    """A team, a panel or a function of a council is named as a controller.

    Why: only a legal body or a person can be a controller. A team, a hub or a panel acts through
    the bodies behind it.

    Do: name the legal body, and keep the name of the team as a detail.
    """
    kinds = law.catalogue.body_kinds
    for partner in project.controllers:
        kind = kinds.get(partner.kind or "")
        if kind is not None and not kind.can_be_controller:
            says = (
                f"{_called(project, partner.id)}: “{kind.name}” cannot be a controller by itself."
            )
            yield Found(f"partners[{partner.id}].kind", says)


@rule(
    "PA002",
    Severity.ADVICE,
    asked=["partners[].fee_number", "roles[].role"],
    cites=["dp-charges-regs-2018", "uk-gdpr/24"],
    bank=["R020"],
)
def fee_number_missing(project: Project) -> Iterator[Found]:
    """A controller's data protection fee number is not recorded.

    Why: partners rely on each other's basics, and most controllers must pay the fee.

    Do: add the number, or note that the organisation is exempt.
    """
    if not is_full(project):
        return
    for partner in project.controllers:
        if partner.fee_number is None:
            says = f"{_called(project, partner.id)}: no data protection fee number is recorded."
            yield Found(f"partners[{partner.id}].fee_number", says)


@rule(
    "PA003",
    Severity.WARNING,
    asked=["partners[]", "roles[].partner"],
    cites=["uk-gdpr/4/7", "uk-gdpr/24"],
    bank=["R011"],
)
def partner_without_role(project: Project) -> Iterator[Found]:
    """An organisation takes part, and has no role for any purpose.

    Why: unless its role is known, nobody can say what it answers for, or whether it is a party.

    Do: say what it is for each purpose, or take it out of the organisations.
    """
    # Who signs without a role is reported where it signs.
    placed = {role.partner for role in project.roles}
    placed |= {row.partner for row in project.signatories}
    idle = [partner.id for partner in project.partners if partner.id not in placed]
    if idle and project.roles:
        yield Found("roles", f"No purpose has a role for {project.called_together(idle)}.")


@rule(
    "PA004",
    Severity.ERROR,
    asked=["purposes[]", "roles[].purpose", "roles[].role"],
    cites=["uk-gdpr/4/7", "uk-gdpr/24"],
    bank=["R011"],
    waivable=False,
)
def purpose_without_controller(project: Project) -> Iterator[Found]:
    """No organisation is the controller for a purpose.

    Why: somebody must answer for every purpose. A body that only receives is a controller for what
    it receives, and not for the purpose that is shared.

    Do: name the controller.
    """
    controlled = {role.purpose for role in project.roles if role.role in _CONTROLS}
    for purpose in project.purposes:
        if purpose.id not in controlled:
            says = f"{project.purpose_number(purpose.id)} has no controller."
            yield Found("roles", says)


@rule("PA005", Severity.WARNING, asked=["roles[].role"], cites=["uk-gdpr/26"], bank=["R014"])
def single_joint_controller(project: Project) -> Iterator[Found]:
    """Only one organisation is a joint controller for a purpose.

    Why: joint control needs at least two that decide together on the same purpose.

    Do: name the others, or make it a controller on its own.
    """
    joint = [role for role in project.roles if role.role == "joint_controller"]
    count = Counter(role.purpose for role in joint)
    for role in joint:
        if role.purpose is not None and count[role.purpose] == 1:
            name = project.called_together([role.partner])
            says = (
                f"{project.purpose_number(role.purpose)} has {name} as its only joint controller."
            )
            yield Found(f"roles[{role.id}].role", says)


@rule(
    "PA006",
    Severity.WARNING,
    asked=["roles[].role", "legal_basis[].gateways", "legal_basis[].other_power"],
    cites=["uk-gdpr/28/10"],
    bank=["R015"],
)
def processor_with_power_of_its_own(project: Project) -> Iterator[Found]:
    """An organisation is called a processor, and relies on a duty or power of its own.

    Why: a body that carries out its own duty decides why the data is used, and is a controller for
    that.

    Do: change its role, or take out its power and say on whose instructions it acts.
    """
    # Use for its own ends, the other half of the rule, is a fault of the supplier's contract.
    powers = {
        (row.partner, row.purpose)
        for row in project.legal_basis
        if (row.gateways or row.other_power) and row.power_kind not in _NO_POWER
    }
    for role in project.roles:
        if role.role == "processor" and role.partner and (role.partner, role.purpose) in powers:
            says = (
                f"For {project.purpose_number(role.purpose)}, the role of a processor and a power "
                f"of its own are both given for {project.called_together([role.partner])}."
            )
            yield Found(f"roles[{role.id}].role", says)


@rule(
    "PA007",
    Severity.ERROR,
    asked=["partnership.joint_arrangement", "responsibilities[]", "roles[].role"],
    cites=["uk-gdpr/26"],
    bank=["R013"],
    waivable=False,
)
def joint_arrangement_missing(project: Project, gaps: tuple[Missing, ...]) -> Iterator[Found]:
    """There are joint controllers, and nothing says who does what.

    Why: controllers who decide together must set out who does what, and make the essence of it
    available to people.

    Do: describe the arrangement, and name who leads on each duty.
    """
    missing, cites = {gap.at for gap in gaps}, _in_part_3(project, "dpa-2018/58")
    if "partnership.joint_arrangement" in missing:
        says = "The joint controllers have not said how they share their duties."
        yield Found("partnership.joint_arrangement", says, cites)
    if "responsibilities" in missing:
        says = "No duty of the joint controllers has anybody to lead it."
        yield Found("responsibilities", says, cites)


@rule(
    "PA008",
    Severity.WARNING,
    asked=["responsibilities[].lead", "roles[].role"],
    cites=["uk-gdpr/26"],
    bank=["R013"],
)
def duty_led_by_another(project: Project) -> Iterator[Found]:
    """A duty of the joint controllers is led by an organisation that is not one of them.

    Why: joint controllers share the duties out between themselves, and each of them answers for
    them in law.

    Do: name a joint controller, or check the roles.
    """
    joint = {role.partner for role in project.roles if role.role == "joint_controller"}
    for row in project.responsibilities:
        if row.lead is not None and row.lead not in joint:
            name = project.called_together([row.lead])
            says = f"A duty is led by {name}, with no role as joint controller."
            yield Found(
                f"responsibilities[{row.id}].lead", says, _in_part_3(project, "dpa-2018/58")
            )


@rule(
    "PA009",
    Severity.ADVICE,
    asked=["assurances[].partner", "roles[].role"],
    cites=["uk-gdpr/24"],
    bank=["R020"],
)
def assurance_missing(project: Project) -> Iterator[Found]:
    """Nothing shows that a controller protects data well.

    Why: partners hand over what people told them, and rely on each other to keep it safe.

    Do: ask for a certificate, a toolkit result or a signed statement, and record it.
    """
    if not (is_full(project) and project.several_organisations):
        return
    assured = {row.partner for row in project.assurances}
    if bare := [p.id for p in project.controllers if p.id not in assured]:
        yield Found("assurances", f"No assurance is recorded for {project.called_together(bare)}.")


@rule(
    "PA010",
    Severity.ERROR,
    asked=["data_flows[].recipients", "recipient_needs[].partner", "recipient_needs[].need"],
    cites=[*_RELATIONSHIP, "nhse-legitimate-relationships"],
    cites_in={
        "wales": _RELATIONSHIP,
        "scotland": _RELATIONSHIP,
        "northern_ireland": _RELATIONSHIP,
    },
    bank=["R018"],
    waivable=False,
)
def recipient_without_relationship(project: Project) -> Iterator[Found]:
    """Somebody receives people's data, and nothing says why they need it.

    Why: a body may see a record only if it has a genuine part in that person's case, or a function
    in law that needs it. Being a partner is not a reason.

    Do: say why the recipient needs the data, or take it out of the flow.
    """
    if not (is_full(project) and project.several_organisations):
        return
    needs = {(row.flow, row.partner): row for row in project.recipient_needs}
    for flow in project.data_flows:
        # Counts that identify nobody are no record of anybody.
        if not project.carries_identifiable(flow):
            continue
        bare = [p for p in flow.recipients or () if (flow.id, p) not in needs]
        if bare:
            names = project.called_together(bare)
            says = f"Nothing says why {names} may receive {project.flow_called(flow)}."
            yield Found("recipient_needs", says)
        for partner in flow.recipients or ():
            row = needs.get((flow.id, partner))
            if row is not None and row.need is None:
                name = project.called_together([partner])
                says = (
                    f"The reason why {name} may receive {project.flow_called(flow)} is not there."
                )
                yield Found(f"recipient_needs[{row.id}].need", says)


@rule(
    "PA011",
    Severity.ERROR,
    asked=["roles[].role", "processors[].partner"],
    cites=["uk-gdpr/28/3", "ico-data-sharing-code/scope"],
    bank=["R017"],
    waivable=False,
)
def processor_without_contract_facts(project: Project) -> Iterator[Found]:
    """A processor has no row in the list of suppliers' contracts.

    Why: a sharing agreement between controllers does not hold the terms that a processor must
    accept. They belong in a contract, and the documents must name it.

    Do: add the processor and its contract, or change its role.
    """
    if not is_full(project):
        return
    listed = {row.partner for row in project.processors}
    for partner in project.partners:
        if "processor" in project.roles_of(partner.id) and partner.id not in listed:
            says = f"No contract is named for {project.called_together([partner.id])}, a processor."
            yield Found("processors", says)


@rule(
    "PA012",
    Severity.ERROR,
    asked=["processors[].contract_state", "processors[].terms_complete", "assessment.status"],
    cites=["uk-gdpr/28/3"],
    bank=["R016"],
    waivable=False,
)
def approved_without_contract(project: Project) -> Iterator[Found]:
    """The assessment is approved, and a processor has no signed contract with the required terms.

    Why: a binding contract with the required terms must exist before a processor handles the data.

    Do: sign the contract first, or set the status back and make it a condition of the start.
    """
    if project.assessment.status != "approved":
        return
    for row in project.processors:
        name, cites = _called(project, row.partner), _in_part_3(project, "dpa-2018/59")
        if row.contract_state in ("in_draft", "none_yet"):
            says = f"{name}: the contract is not signed."
            yield Found(f"processors[{row.id}].contract_state", says, cites)
        elif row.terms_complete is False:
            says = f"{name}: the contract lacks terms that the law requires."
            yield Found(f"processors[{row.id}].terms_complete", says, cites)


@rule(
    "PA013",
    Severity.WARNING,
    asked=["partners[].assessment_agreed", "sign_off[].partner", "sign_off[].decision"],
    cites=["uk-gdpr/26", "uk-gdpr/35/1"],
    bank=["R122"],
)
def joint_controller_has_not_agreed(project: Project) -> Iterator[Found]:
    """A joint controller has not agreed the assessment.

    Why: each joint controller answers in law for the processing.

    Do: get its agreement, or let it do an assessment of its own.
    """
    if not is_full(project) or len(project.controllers) < 2:
        return
    signed = {row.partner: row for row in project.sign_off if row.role == "joint_controller"}
    for partner in project.partners:
        if "joint_controller" not in project.roles_of(partner.id):
            continue
        row, name = signed.get(partner.id), project.called_together([partner.id])
        if row is not None and row.decision in ("refused", "withdrawn"):
            says = f"A joint controller, {name}, did not approve the assessment."
            yield Found(f"sign_off[{row.id}].decision", says)
        elif row is None and partner.assessment_agreed not in ("agreed", "own_assessment"):
            says = f"Nothing shows that {name}, a joint controller, agreed the assessment."
            yield Found(f"partners[{partner.id}].assessment_agreed", says)


def _called(project: Project, partner: PartnerId | None) -> str:
    """The name as a sentence begins."""
    name = project.called(partner)
    return name[:1].upper() + name[1:]


def _in_part_3(project: Project, key: str) -> tuple[str, ...]:
    """The provision of Part 3 that goes with one of the UK GDPR, where Part 3 applies."""
    return (key,) if project.law_enforcement_use else ()
