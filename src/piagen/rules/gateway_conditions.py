"""Knows the faults of what a gateway asks for: whom it names, which data, code and conditions."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from piagen.domain.data import DataItem
from piagen.domain.ids import PartnerId
from piagen.domain.lawfulness import LegalBasis
from piagen.domain.project import Project
from piagen.law.dated import DatedLaw
from piagen.law.kinds import matches
from piagen.law.model import ExcludedData, Gateway, Role
from piagen.rules.gateways import chosen, of_entry, powers
from piagen.rules.lawfulness import whose
from piagen.rules.rule import Found, Severity, rule

_POWER = ("uk-gdpr/5/1/a", "uk-gdpr/6/3")


@rule(
    "GC001",
    Severity.WARNING,
    asked=["legal_basis[].gateways", "scope.codes"],
    cites=["dea-2017/43", "dea-code"],
    bank=["R034"],
    nations=["england", "wales", "scotland"],
)
def digital_economy_code_not_followed(project: Project, law: DatedLaw) -> Iterator[Found]:
    """A Digital Economy Act power is used, and its code is not among those that you follow.

    Why: the powers are for listed bodies and set objectives. Their code of practice expects an
    assessment, an agreement and an entry in the public register.

    Do: read the code, check that both bodies are listed for the objective, register the agreement,
    and add the code to those that you follow.
    """
    used = {e.id: e for row in project.legal_basis for e in chosen(row, law) if e.id in _DIGITAL}
    if used and "digital_economy_act_code" not in (project.scope.codes or ()):
        named = " and ".join(f"“{entry.title}”" for entry in used.values())
        says = f"The code that goes with {named} is not among the codes followed."
        yield Found("scope.codes", says, tuple(used))


_DIGITAL = ("dea-2017-s35", "dea-2017-ss36-38", "dea-2017-s48", "dea-2017-s56")


# A duty to help names a body that helps and one that is helped. Each may rely on it whichever way
# the data moves, since a request for help carries data too.
@rule(
    "GC002",
    Severity.WARNING,
    asked=["legal_basis[].gateways", "partners[].kind", "data_flows[].sender"],
    cites=_POWER,
    bank=["R146"],
)
def organisation_not_named_by_law(project: Project, law: DatedLaw) -> Iterator[Found]:
    """The law chosen does not name this kind of organisation for what it does.

    Why: many laws name who may give and who may receive. A body outside the list cannot use them.

    Do: check the list in the law itself. Correct the kind of organisation or choose another law. If
    the words of the law do cover it, record where.
    """
    for row in project.legal_basis:
        partner = project.partner(row.partner)
        if partner is None or partner.kind is None or row.purpose is None:
            continue
        sends, receives = _plays(project, row)
        for entry in powers(row, law) if sends or receives else ():
            as_sender, as_recipient = _may(entry, partner.kind, law)
            if not ((sends and as_sender) or (receives and as_recipient)):
                does = "give" if sends else "receive"
                fault = f"which does not name its kind among those that {does} data"
                yield of_entry(project, row, entry, fault)


@rule(
    "GC003",
    Severity.WARNING,
    asked=["legal_basis[].gateways", "partners[].kind", "data_flows[].recipients"],
    cites=_POWER,
    bank=["R146"],
)
def recipient_not_named_by_law(project: Project, law: DatedLaw) -> Iterator[Found]:
    """The sender's laws do not name this kind of recipient.

    Why: a power to give data to the bodies that a law lists is no power to give it to others.

    Do: check the list in the law itself. Choose a law that covers the recipient, correct its kind,
    or take it out of the flow. If the words of the law do cover it, record where.
    """
    for row in project.legal_basis:
        partner = project.partner(row.partner)
        if partner is None or partner.kind is None or row.purpose is None:
            continue
        entries = [e for e in powers(row, law) if _may(e, partner.kind, law)[0]]
        if not entries or any(_is_helped(e, partner.kind, law) for e in entries):
            continue
        unnamed = dict.fromkeys(
            recipient
            for flow in project.flows_sent(partner.id, row.purpose)
            if flow.regime in (None, row.regime)
            for recipient in flow.recipients or ()
            if not project.is_processor(recipient, row.purpose)
            and not any(_reaches(e, partner.kind, _kind(project, recipient), law) for e in entries)
        )
        if unnamed:
            yield Found(
                f"legal_basis[{row.id}].gateways",
                f"{whose(project, row)}: data goes to {project.called_together(unnamed)}, and no "
                "law of the row names such a recipient.",
                tuple(entry.id for entry in entries),
            )


@rule(
    "GC004",
    Severity.ERROR,
    asked=["legal_basis[].gateways", "data_items[].special_category", "partners[].kind"],
    cites=_POWER,
    bank=["R033"],
    waivable=False,
)
def law_bars_this_disclosure(project: Project, law: DatedLaw) -> Iterator[Found]:
    """The law chosen does not cover this sender or these data.

    Why: some powers leave out kinds of sender or of data. The serious violence power of 2022, for
    example, does not authorise a health or social care authority to disclose personal data, nor
    anyone to disclose patient information.

    Do: rely on another power for these data, or send only data that identify nobody.
    """
    for row in project.legal_basis:
        if row.partner is None or row.purpose is None:
            continue
        sent = {i for f in project.flows_sent(row.partner, row.purpose) for i in f.data_items or ()}
        items = [i for i in project.items_used(row.partner, row.purpose) if i.id in sent]
        kind = law.catalogue.body_kinds.get(_kind(project, row.partner) or "")
        sender = {kind.id, kind.sector} if kind else set()
        entries = powers(row, law) if items else ()
        barred = {e.id: _barred(e, sender, items) for e in entries if e.role is Role.GATEWAY}
        if all(barred.values()):  # another gateway of the row may carry what this one leaves out
            for entry in entries:
                if why := barred.get(entry.id):
                    yield of_entry(project, row, entry, f"which does not cover {why}")


@rule(
    "GC005",
    Severity.WARNING,
    asked=["legal_basis[].conditions_met"],
    cites=["ico-data-sharing-code/legal-power"],
    bank=["R031", "R034", "R043", "R044"],
)
def conditions_of_law_not_met(project: Project, law: DatedLaw) -> Iterator[Found]:
    """Nobody has said how the conditions of the law are met.

    Why: many powers work only for named bodies or stated purposes. Substantial public interest has
    to be shown, and the health or care condition needs somebody with a duty of secrecy.

    Do: name each condition of the power and of the conditions for sensitive data, and say how it is
    met. Say so if the law sets none.
    """
    for row in project.legal_basis:
        named = bool(row.gateways or row.other_power)
        if not named or row.conditions_met or {"18", "19"} & set(row.schedule_1 or ()):
            continue  # with paragraphs 18 and 19 the fault is an error, SD002
        who, what = project.called(row.partner), project.purpose_number(row.purpose)
        says = f"{who}, {what}: nothing says how the conditions of the law are met."
        yield Found(
            f"legal_basis[{row.id}].conditions_met", says, tuple(_condition_cites(row, law))
        )


def _kind(project: Project, partner: PartnerId) -> str | None:
    found = project.partner(partner)
    return found.kind if found else None


def _plays(project: Project, row: LegalBasis) -> tuple[bool, bool]:
    """Whether the row's partner sends, and whether it receives, for the row's purpose."""
    if row.partner is None or row.purpose is None:
        return False, False
    sent = project.flows_sent(row.partner, row.purpose)
    sends = any(flow.regime in (None, row.regime) for flow in sent)
    return sends, bool(project.flows_received(row.partner, row.purpose))


def _may(entry: Gateway, kind: str, law: DatedLaw) -> tuple[bool, bool]:
    """Whether a body of the kind may rely on the entry as sender, and as recipient.

    A framework gives functions to those that it names, and they may receive what those need.
    """
    kinds = law.catalogue.body_kinds
    gives = matches(kinds, kind, entry.discloser_kinds)
    gets = matches(kinds, kind, entry.recipient_kinds)
    duty = entry.kind == "express_duty"
    return gives or (duty and gets), gets or (gives and (duty or entry.role is Role.FRAMEWORK))


def _is_helped(entry: Gateway, kind: str, law: DatedLaw) -> bool:
    """Whether the entry is a duty to help a body of the kind, which may then ask whom it needs."""
    mutual = set(entry.discloser_kinds) == set(entry.recipient_kinds)
    helped = matches(law.catalogue.body_kinds, kind, entry.recipient_kinds)
    return entry.kind == "express_duty" and not mutual and helped


def _reaches(entry: Gateway, sender: str, recipient: str | None, law: DatedLaw) -> bool:
    """Whether the entry covers the recipient; one whose kind is not answered is not doubted."""
    kinds = law.catalogue.body_kinds
    if recipient is None:
        return True
    named = entry.one_party_is
    listed = not named or any(matches(kinds, kind, named) for kind in (sender, recipient))
    covered = matches(kinds, recipient, entry.recipient_kinds)
    return covered and listed and not entry.within_one_body


def _barred(entry: Gateway, sender: Collection[str], items: Collection[DataItem]) -> str | None:
    """Return in words what the entry leaves out and the flows do; None where it covers them."""
    bars = ["personal data that a body of this kind discloses"] * bool(
        set(entry.excludes_senders) & set(sender)
    )
    bars += [
        _EXCLUDED[excluded]
        for excluded in entry.excludes_data
        if any(_holds(item, excluded) for item in items)
    ]
    return " or ".join(part for part in (", ".join(bars[:-1]), *bars[-1:]) if part) or None


_EXCLUDED: dict[ExcludedData, str] = {
    "health": "health information given in confidence",
    "adult_social_care_record": "data from an adult social care record",
    "child_social_care_record": "data from a child’s social care record",
    "confidential": "confidential information about people who can be identified",
}


def _holds(item: DataItem, excluded: ExcludedData) -> bool:
    match excluded:
        case "health":  # what the police know of an injury is health data, and no patient’s secret
            return "health" in (item.special_category or ()) and item.confidential is True
        case "confidential":
            return item.confidential is True
        case _:
            return excluded in (item.also_contains or ())


def _condition_cites(row: LegalBasis, law: DatedLaw) -> Iterator[str]:
    yield from (entry.id for entry in chosen(row, law))
    if "9_2_h" in (row.article_9 or ()):
        yield from ("uk-gdpr/9/3", "dpa-2018/11/1")
    if "9_2_g" in (row.article_9 or ()):
        known = law.catalogue.bases["schedule_1"]
        yield from (known[id_].key for id_ in row.schedule_1 or () if id_ in known)
