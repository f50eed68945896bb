"""Knows which documents the sharing needs: protocol, agreement, arrangement, contract, or none.

It is read from who does what (`roles`) and what moves (`data_flows`). A protocol holds the general
promises of a partnership. An agreement governs what moves between organisations that decide for
themselves: both ways, or only one way as a disclosure. Joint controllers settle who does what. A
processor works under a contract and is never party to an agreement.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from piagen.domain.data import DataFlow
from piagen.domain.ids import PartnerId
from piagen.domain.project import Project
from piagen.frozen import frozen

Kind = Literal[
    "protocol",
    "agreement",
    "disclosure_agreement",
    "joint_controller_arrangement",
    "processor_contract",
    "none",
]

TITLES: dict[Kind, str] = {
    "protocol": "Information sharing protocol",
    "agreement": "Information sharing agreement",
    "disclosure_agreement": "Information sharing agreement for one-way disclosure",
    "joint_controller_arrangement": "Arrangement between joint controllers",
    "processor_contract": "Contract with a processor",
    "none": "No sharing document",
}

Pair = tuple[PartnerId, PartnerId]


@frozen
class SharingDocument:
    """A document that the sharing needs, or the statement that it needs none.

    Attributes:
        needed_because: the reasons, each one sentence.
        between: the ids of the partners it binds, in the order of `partners`.
        cites: citation keys of what calls for it.
    """

    kind: Kind
    title: str
    needed_because: tuple[str, ...]
    between: tuple[PartnerId, ...]
    cites: tuple[str, ...]


def sharing_documents(project: Project) -> tuple[SharingDocument, ...]:
    """Return the documents that the project needs, none while it names no partner.

    Where nothing is needed between organisations that decide for themselves, one entry of the kind
    `none` says why; contracts with processors may stand beside it.

    Args:
        project: the visible answers, typed.
    """
    if not project.partners:
        return ()
    between_controllers = (
        *_protocol(project),
        *_agreements(project),
        *_arrangements(project),
    )
    return (*(between_controllers or _none(project)), *_contracts(project))


def _document(
    project: Project,
    kind: Kind,
    because: Iterable[str],
    between: Iterable[PartnerId],
    cites: tuple[str, ...],
) -> SharingDocument:
    bound = set(between)
    in_order = tuple(partner.id for partner in project.partners if partner.id in bound)
    return SharingDocument(kind, TITLES[kind], tuple(because), in_order, cites)


def _protocol(project: Project) -> Iterator[SharingDocument]:
    """Several organisations, no protocol yet, and sharing that is more than one-off."""
    parties = [party.id for party in project.parties]
    if len(parties) < 2 or project.partnership.protocol == "exists" or _only_one_off(project):
        return
    because = [f"{_names(project, parties)} take part, each in its own right."]
    if any(_moves(project, flow) for flow in project.data_flows):
        because.append(
            "They share more than once, so promises that hold for all of it are best made once."
        )
    if project.partnership.protocol == "none":
        because.append("No protocol covers these partners yet.")
    else:
        because.append("The answers do not say yet whether a protocol covers these partners.")
    yield _document(
        project, "protocol", because, parties, ("ico-data-sharing-code", "richardson-2016/T3")
    )


def _agreements(project: Project) -> Iterator[SharingDocument]:
    """One for each group of parties that regular flows join; one-way where nothing comes back."""
    pairs = _pairs(project, [f for f in project.data_flows if f.frequency != "one_off"])
    for group in _groups(pairs):
        inside = [pair for pair in pairs if pair[0] in group]
        mutual = [pair for pair in inside if _reaches(inside, pair[1], pair[0])]
        kind: Kind = "agreement" if mutual else "disclosure_agreement"
        because = list(_who_gives_what(project, inside))
        if mutual:
            because.append("Information goes both ways, so each gives and each receives.")
        else:
            because.append("Information goes one way only, so it is a disclosure.")
        if joint := _joint_pairs(project, group):
            because.append(
                f"{_names(project, joint)} are joint controllers; what they owe each other for "
                "that is settled in their arrangement."
            )
        cites = ["ico-data-sharing-code/agreements", "uk-gdpr/5/2"]
        if _under_part_3(project, group):
            cites.append("ico-data-sharing-code/law-enforcement")
        yield _document(project, kind, because, group, tuple(cites))


def _arrangements(project: Project) -> Iterator[SharingDocument]:
    """One for each set of partners that are joint controllers for the same purposes."""
    sets: dict[frozenset[PartnerId], list[str]] = {}
    for number, purpose in enumerate(project.purposes, 1):
        joint = frozenset(
            role.partner
            for role in project.roles
            if role.purpose == purpose.id and role.role == "joint_controller" and role.partner
        )
        if len(joint) >= 2:
            sets.setdefault(joint, []).append(f"P{number}")
    for joint, numbers in sets.items():
        ordered = [partner.id for partner in project.partners if partner.id in joint]
        because = [
            f"{_names(project, ordered)} decide together why and how data is used for "
            f"{_list(numbers)}.",
            "The law asks joint controllers to settle who does what, and to tell people the "
            "essence of it.",
        ]
        cites = ["uk-gdpr/26/1"]
        if _under_part_3(project, joint):
            because.append("For law enforcement, Part 3 asks for the same.")
            cites.append("dpa-2018/58")
        yield _document(project, "joint_controller_arrangement", because, ordered, tuple(cites))


def _contracts(project: Project) -> Iterator[SharingDocument]:
    """One for each processor, with those that instruct it."""
    for partner in project.partners:
        if "processor" not in project.roles_of(partner.id):
            continue
        instructing = _instructing(project, partner.id)
        name = _names(project, [partner.id])
        whom = _names(project, instructing) or "a controller that the answers do not name yet"
        because = [
            f"{name} handles data for {whom}, as a processor.",
            "The law asks for a written contract; a sharing agreement does not replace it.",
        ]
        if name_of_state := _state_of_contract(project, partner.id):
            because.append(name_of_state)
        cites = ["uk-gdpr/28/3", "ico-data-sharing-code/scope"]
        if _under_part_3(project, instructing):
            cites.append("dpa-2018/59")
        yield _document(
            project, "processor_contract", because, (partner.id, *instructing), tuple(cites)
        )


def _none(project: Project) -> Iterator[SharingDocument]:
    """Nothing is needed between organisations that decide for themselves."""
    parties = [party.id for party in project.parties]
    cites = ("ico-data-sharing-code/scope",)
    if len(parties) < 2:
        because = ["Only one organisation decides about the data; nobody else does."]
    elif _only_one_off(project):
        because = [
            "Every flow is one-off. Decide each on its own, and record the decision and the reason."
        ]
        cites = ("ico-data-sharing-code/ad-hoc",)
    else:
        because = [
            "A protocol covers these partners, and no data moves between them that would need an "
            "agreement of its own."
        ]
    yield _document(project, "none", because, parties, cites)


def _moves(project: Project, flow: DataFlow) -> bool:
    """Whether it takes data from one party to another; a supplier is no party."""
    return bool(_pairs(project, [flow]))


def _only_one_off(project: Project) -> bool:
    flows = [flow for flow in project.data_flows if _moves(project, flow)]
    return bool(flows) and all(flow.frequency == "one_off" for flow in flows)


def _pairs(project: Project, flows: Iterable[DataFlow]) -> list[Pair]:
    """Return who gives to whom, parties only, each pair once, in the order of the flows."""
    parties = {party.id for party in project.parties}
    found = (
        (flow.sender, recipient)
        for flow in flows
        for recipient in flow.recipients or ()
        if flow.sender is not None and flow.sender != recipient
    )
    return [pair for pair in dict.fromkeys(found) if parties.issuperset(pair)]


def _groups(pairs: list[Pair]) -> list[frozenset[PartnerId]]:
    """Return the sets of partners that flows join, whichever way they go."""
    groups: list[set[PartnerId]] = []
    for pair in pairs:
        joined = set(pair).union(*(group for group in groups if not group.isdisjoint(pair)))
        groups = [group for group in groups if group.isdisjoint(pair)] + [joined]
    return [frozenset(group) for group in groups]


def _reaches(pairs: list[Pair], start: PartnerId, end: PartnerId) -> bool:
    """Tell whether what one partner holds can come to another by the flows."""
    seen, waiting = set[PartnerId](), [start]
    while waiting:
        here = waiting.pop()
        if here == end:
            return True
        if here not in seen:
            seen.add(here)
            waiting += [there for giver, there in pairs if giver == here]
    return False


def _who_gives_what(project: Project, pairs: list[Pair]) -> Iterator[str]:
    for giver in dict.fromkeys(giver for giver, _ in pairs):
        receivers = [receiver for one, receiver in pairs if one == giver]
        yield f"{_names(project, [giver])} shares with {_names(project, receivers)}."


def _joint_pairs(project: Project, group: Iterable[PartnerId]) -> list[PartnerId]:
    inside = set(group)
    joint = [
        partner.id
        for partner in project.partners
        if partner.id in inside and "joint_controller" in project.roles_of(partner.id)
    ]
    return joint if len(joint) >= 2 else []


def _instructing(project: Project, processor: PartnerId) -> list[PartnerId]:
    """Return who instructs it: as its contract says, else the controllers of its purposes."""
    contracts = [row for row in project.processors if row.partner == processor]
    if named := [id_ for row in contracts for id_ in row.instructed_by or ()]:
        return list(dict.fromkeys(named))
    purposes = {
        role.purpose
        for role in project.roles
        if role.partner == processor and role.role == "processor"
    }
    controllers = (
        role.partner
        for role in project.roles
        if role.purpose in purposes
        and role.role in ("controller", "joint_controller")
        and role.partner is not None
    )
    return list(dict.fromkeys(controllers))


def _state_of_contract(project: Project, processor: PartnerId) -> str:
    states = {row.contract_state for row in project.processors if row.partner == processor}
    if "none_yet" in states:
        return "There is no contract yet."
    if "in_draft" in states:
        return "The contract is a draft."
    return "A contract is signed." if "signed" in states else ""


def _under_part_3(project: Project, partners: Iterable[PartnerId]) -> bool:
    named = set(partners)
    return any(
        flow.regime == "law_enforcement" and flow.sender in named for flow in project.data_flows
    ) or any(
        basis.regime == "law_enforcement" and basis.partner in named
        for basis in project.legal_basis
    )


def _names(project: Project, partners: Iterable[PartnerId]) -> str:
    found = ((id_, project.partner(id_)) for id_ in partners)
    return _list([(p.name or p.short_name or id_) if p else id_ for id_, p in found])


def _list(words: list[str]) -> str:
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"
