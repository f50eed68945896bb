"""Knows the flows as arrows: what is at either end, what marks them, which share a picture."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from piagen.domain.data import DataFlow
from piagen.domain.ids import PartnerId
from piagen.domain.project import Project
from piagen.frozen import frozen
from piagen.questionnaire.naming import number
from piagen.rendering.language.tongue import ENGLISH, Tongue

MOST_ARROWS = 9
"""No picture has more arrows: research note on accessible design, section 5."""

Style = Literal["uk_gdpr", "law_enforcement", "unknown"]

NO_SENDER, NO_RECIPIENT = PartnerId(" sender"), PartnerId(" recipient")
"""Lanes of what is not recorded: no partner's id has a space."""
_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


@frozen
class Arrow:
    """One flow.

    Attributes:
        number: as printed in the table: F-01.
        name: what the flow is called, or nothing.
        purpose: the printed number of the purpose, or nothing.
        sender: the lane that it comes from.
        recipients: the lanes that it goes to, at least one.
        holders: the processors that supply a system that the flow uses.
        style: the regime under which the sender discloses.
        locked: whether it carries special category or criminal offence data.
        abroad: whether it carries an item that goes outside the UK.
    """

    number: str
    name: str
    purpose: str
    sender: PartnerId
    recipients: tuple[PartnerId, ...]
    holders: tuple[PartnerId, ...]
    style: Style
    locked: bool
    abroad: bool


def arrows_of(project: Project) -> tuple[Arrow, ...]:
    """Return an arrow for each flow, in the order of the table."""
    return tuple(_arrow(project, flow, i) for i, flow in enumerate(project.data_flows))


def shared_out(project: Project, arrows: tuple[Arrow, ...]) -> tuple[tuple[Arrow, ...], ...]:
    """Return the arrows of each picture: by purpose, and never more than `MOST_ARROWS`."""
    return _packed(_by_purpose(project, arrows))


def _arrow(project: Project, flow: DataFlow, index: int) -> Arrow:
    items = set(flow.data_items or ())
    known = {partner.id for partner in project.partners}
    suppliers = {partner.id for partner in project.suppliers}
    recipients = tuple(dict.fromkeys(p for p in flow.recipients or () if p in known))
    holders = {
        system.supplier
        for system in project.systems
        if system.id in (flow.systems or ()) and system.supplier in suppliers
    }
    purpose = next((f"P{i}" for i, p in enumerate(project.purposes, 1) if p.id == flow.purpose), "")
    carried = [item for item in project.data_items if item.id in items]
    return Arrow(
        number=number("data_flows", index),
        name=flow.name or "",
        purpose=purpose,
        sender=flow.sender if flow.sender in known and flow.sender else NO_SENDER,
        recipients=recipients or (NO_RECIPIENT,),
        holders=tuple(
            p.id for p in project.partners if p.id in holders - {flow.sender, *recipients}
        ),
        style=flow.regime or "unknown",
        locked=any(
            category in ("special_category", "criminal_offence")
            for item in carried
            for category in item.category or ()
        ),
        abroad=any(items & set(row.data_items or ()) for row in project.transfers),
    )


def _by_purpose(project: Project, arrows: tuple[Arrow, ...]) -> tuple[tuple[Arrow, ...], ...]:
    """Group the arrows by purpose, in the order of the purposes; no group is too large."""
    purposes = [*(f"P{i}" for i in range(1, len(project.purposes) + 1)), ""]
    groups = (tuple(a for a in arrows if a.purpose == purpose) for purpose in purposes)
    return tuple(part for group in groups if group for part in _evenly(group))


def _evenly(group: tuple[Arrow, ...]) -> Iterator[tuple[Arrow, ...]]:
    """Part a group that is too large into as few parts of like size as can be."""
    parts = -(-len(group) // MOST_ARROWS)
    start = 0
    for i in range(parts):
        size = len(group) // parts + (i < len(group) % parts)
        yield group[start : start + size]
        start += size


def _packed(groups: tuple[tuple[Arrow, ...], ...]) -> tuple[tuple[Arrow, ...], ...]:
    """Put neighbouring purposes into one picture as long as it has room for both."""
    found: list[tuple[Arrow, ...]] = []
    for group in groups:
        if found and len(found[-1]) + len(group) <= MOST_ARROWS:
            found[-1] += group
        else:
            found.append(group)
    return tuple(found)


def purposes_in_words(arrows: tuple[Arrow, ...], said: Tongue = ENGLISH) -> str:
    """Name the purposes of the flows: “purposes P1 and P2”, or nothing."""
    numbers = list(dict.fromkeys(arrow.purpose for arrow in arrows if arrow.purpose))
    match numbers:
        case []:
            return ""
        case [number]:
            return said.say("purpose %(number)s", number=number)
    return said.say("purposes %(numbers)s", numbers=_and(numbers, said))


def in_words(arrows: tuple[Arrow, ...], total: int, table: int, said: Tongue = ENGLISH) -> str:
    """Say what a picture shows, for people who do not see it.

    Args:
        arrows: the flows of the picture.
        total: how many flows the project has.
        table: the number of the table that lists them.
        said: the language of the words.
    """
    count = len(arrows)
    told = [_first_sentence(arrows, total, table, said)]
    for chosen, words in (
        ([a for a in arrows if a.style == "law_enforcement"], said.say("Under Part 3")),
        ([a for a in arrows if a.style == "unknown"], said.say("Rules not recorded")),
        (
            [a for a in arrows if a.locked],
            said.say("With special category or criminal offence data"),
        ),
        ([a for a in arrows if a.abroad], said.say("With an item that goes outside the UK")),
        ([a for a in arrows if a.sender == NO_SENDER], said.say("Sender not recorded")),
        (
            [a for a in arrows if a.recipients == (NO_RECIPIENT,)],
            said.say("Recipient not recorded"),
        ),
    ):
        if chosen:
            everyone = len(chosen) == count > 1
            which = said.say("all") if everyone else _and([a.number for a in chosen], said)
            told.append(f"{words}: {which}.")
    return " ".join(told)


def _first_sentence(arrows: tuple[Arrow, ...], total: int, table: int, said: Tongue) -> str:
    taking = {p for a in arrows for p in (a.sender, *a.recipients)} - {NO_SENDER, NO_RECIPIENT}
    count = len(arrows)
    many = _counted(count, said)
    if count != total:
        many = said.say("%(some)s of %(all)s", some=many, all=_counted(total, said))
    flows = said.say("%(many)s flows", many=many)
    if total == 1:
        flows = said.say("%(many)s flow", many=many)
    whom = _counted(len(taking), said)
    if len(taking) == 1:
        told = said.say("%(flows)s with one organisation", flows=flows)
    elif taking:
        told = said.say("%(flows)s between %(whom)s organisations", flows=flows, whom=whom)
    else:
        told = said.say("%(flows)s with no organisations", flows=flows)
    if purposes := purposes_in_words(arrows, said):
        told = said.say("%(flows)s, for %(purposes)s", flows=told, purposes=purposes)
    told = said.say("%(flows)s; full details in Table %(number)s.", flows=told, number=str(table))
    return f"{told[0].upper()}{told[1:]}"


def _counted(count: int, said: Tongue) -> str:
    """Return a small number in words, where the language is English; else in figures."""
    return _WORDS[count] if said.code == "en" and count < len(_WORDS) else str(count)


def _and(words: Sequence[str], said: Tongue) -> str:
    *first, last = words
    if not first:
        return last
    return said.say("%(first)s and %(last)s", first=", ".join(first), last=last)
