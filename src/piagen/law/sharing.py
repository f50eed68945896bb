"""Knows who gives what to whom for one purpose, as far as the choice of a power depends on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

from piagen.domain.data import DataFlow, DataItem
from piagen.domain.ids import PartnerId, PurposeId
from piagen.domain.partners import Partner
from piagen.domain.project import Project
from piagen.domain.purposes import PurposeCategory
from piagen.frozen import frozen

Direction = Literal["discloses", "receives"]
Regime = Literal["uk_gdpr", "law_enforcement"]


@frozen
class Sharing:
    """What one partner discloses, or only receives, for one purpose.

    Attributes:
        partner: whose power is looked for.
        purpose: what for.
        category: the kind of purpose; None where it is not answered.
        direction: whether the partner discloses; a partner that does both is seen as discloser.
        others: whom it discloses to, or from whom it receives.
        items: the data that this partner sends, or only receives.
        kinds: the kinds of everybody who sends or receives for the purpose.
        all_items: the data that anybody sends for the purpose.
        regimes: the regimes of the flows; empty where none is answered.
        about_children: whether any group of people in the data includes children; None where that
            is not answered for all of them.
        about_adults_at_risk: the same of adults at risk.
    """

    partner: Partner
    purpose: PurposeId
    category: PurposeCategory | None
    direction: Direction
    others: tuple[Partner, ...]
    items: tuple[DataItem, ...]
    kinds: tuple[str, ...]
    all_items: tuple[DataItem, ...]
    regimes: frozenset[Regime]
    about_children: bool | None
    about_adults_at_risk: bool | None

    @property
    def pairs(self) -> tuple[tuple[Partner, Partner], ...]:
        """Every discloser with its recipient."""
        if self.direction == "discloses":
            return tuple((self.partner, other) for other in self.others)
        return tuple((other, self.partner) for other in self.others)

    def moves(self, category: Literal["special_category", "criminal_offence"]) -> bool:
        """Whether data of the category move."""
        return any(category in (item.category or ()) for item in self.items)


def pairs_of(project: Project) -> tuple[tuple[PartnerId, PurposeId], ...]:
    """Return each partner with each purpose for which it sends or receives, by the flows.

    Before there are flows, the partners' roles say so. A processor acts under the power of those
    for whom it works, so it is left out.
    """
    found = [
        (partner, flow.purpose)
        for flow in project.data_flows
        if flow.purpose is not None
        for partner in (flow.sender, *(flow.recipients or ()))
        if partner is not None
    ] or [
        (role.partner, role.purpose)
        for role in project.roles
        if role.partner is not None and role.purpose is not None
    ]
    return tuple(pair for pair in dict.fromkeys(found) if not _is_processor(project, *pair))


def sharing_of(project: Project, partner: PartnerId, purpose: PurposeId) -> Sharing:
    """Return what the partner gives or gets for the purpose.

    Raises:
        KeyError: the project has no such partner, or no such purpose.
    """
    found = project.partner(partner)
    wanted = next((p for p in project.purposes if p.id == purpose), None)
    if found is None:
        raise KeyError(partner)
    if wanted is None:
        raise KeyError(purpose)
    flows = [flow for flow in project.data_flows if flow.purpose == purpose]
    sent = [flow for flow in flows if flow.sender == partner and flow.recipients]
    got = [flow for flow in flows if partner in (flow.recipients or ()) and flow.sender]
    direction: Direction = "receives" if got and not sent else "discloses"
    mine = got if direction == "receives" else sent
    items = tuple(_items(project, mine, purpose))
    others = tuple(_counterparts(project, partner, purpose, mine))
    return Sharing(
        partner=found,
        purpose=purpose,
        category=wanted.category,
        direction=direction,
        others=others,
        items=items,
        kinds=_kinds(found, (*others, *_others(project, partner, purpose, flows))),
        all_items=tuple(_items(project, flows, purpose)),
        regimes=frozenset(flow.regime for flow in mine if flow.regime is not None),
        about_children=_about(project, items, "children"),
        about_adults_at_risk=_about(project, items, "adults_at_risk"),
    )


def _counterparts(
    project: Project, partner: PartnerId, purpose: PurposeId, flows: list[DataFlow]
) -> Iterator[Partner]:
    """Those to whom the partner sends; of one that only receives, those from whom."""
    if flows and partner not in [flow.sender for flow in flows]:
        flows = [replace(flow, recipients=()) for flow in flows]
    yield from _others(project, partner, purpose, flows)


def _others(
    project: Project, partner: PartnerId, purpose: PurposeId, flows: list[DataFlow]
) -> Iterator[Partner]:
    ids = [id_ for flow in flows for id_ in (flow.sender, *(flow.recipients or ()))]
    if not flows:
        ids = [role.partner for role in project.roles if role.purpose == purpose]
    for id_ in dict.fromkeys(ids):
        other = project.partner(id_)
        if other and other.id != partner and not _is_processor(project, other.id, purpose):
            yield other


def _kinds(partner: Partner, others: tuple[Partner, ...]) -> tuple[str, ...]:
    kinds = (party.kind for party in (partner, *others))
    return tuple(dict.fromkeys(kind for kind in kinds if kind is not None))


def _items(project: Project, flows: list[DataFlow], purpose: PurposeId) -> Iterator[DataItem]:
    """The data of the flows; where those do not say, the data that the purpose uses."""
    named = {id_ for flow in flows for id_ in flow.data_items or ()}
    for item in project.data_items:
        if item.id in named or (not named and purpose in (item.purposes or ())):
            yield item


def _about(
    project: Project, items: tuple[DataItem, ...], leaf: Literal["children", "adults_at_risk"]
) -> bool | None:
    named = {id_ for item in items for id_ in item.data_subjects or ()}
    said = [getattr(group, leaf) for group in project.data_subjects if group.id in named]
    if True in said:
        return True
    return False if said and None not in said else None


def _is_processor(project: Project, partner: PartnerId, purpose: PurposeId) -> bool:
    roles = {
        role.role
        for role in project.roles
        if role.partner == partner and role.purpose == purpose and role.role
    }
    return roles == {"processor"}
