"""Knows when the kind of an organisation is among the kinds that a law names."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Literal

from piagen.frozen import frozen
from piagen.law.model import BodyKind

BOARD = "multi_agency_board"
"""A team without legal personality: sharing with it is sharing with its members, so only a law that
names it covers it, and each member is tested too."""

How = Literal["itself", "part_of_it", "has_its_functions", "any_public_body", "any"]


@frozen
class Listing:
    """How a kind comes to be among those that a law names.

    Attributes:
        kind: the id of the organisation's kind.
        named: what the law names: a kind, or one of the two wildcards.
        how: the kind is named itself; it is part of the kind named; it has the functions of the
            kind named; or a wildcard covers it.
    """

    kind: str
    named: str
    how: How

    @property
    def is_specific(self) -> bool:
        """Whether the law names a kind, and not every body."""
        return self.how not in ("any_public_body", "any")


def matches(body_kinds: Mapping[str, BodyKind], kind: str | None, listed: Collection[str]) -> bool:
    """Return whether an organisation of the kind is among those listed.

    Args:
        body_kinds: the kinds of the catalogue, by id.
        kind: the organisation's kind; None, not yet answered, is never listed.
        listed: ids of kinds and wildcards, as a gateway lists them.

    Raises:
        KeyError: the catalogue has no such kind.
    """
    return listing(body_kinds, kind, listed) is not None


def listing(
    body_kinds: Mapping[str, BodyKind], kind: str | None, listed: Collection[str]
) -> Listing | None:
    """Return how the kind is listed, the most exact way first, or None where it is not.

    Raises:
        KeyError: the catalogue has no such kind.
    """
    if kind is None:
        return None
    return next(_ways(body_kinds, body_kinds[kind], listed), None)


def _ways(
    body_kinds: Mapping[str, BodyKind], of: BodyKind, listed: Collection[str]
) -> Iterator[Listing]:
    if of.id in listed:
        yield Listing(of.id, of.id, "itself")
    if of.id == BOARD:
        return
    for whole in of.part_of:
        if whole in listed:
            yield Listing(of.id, whole, "part_of_it")
    for named in listed:
        if named in body_kinds and of.id in body_kinds[named].part_of:
            yield Listing(of.id, named, "has_its_functions")
    if "any_public_body" in listed and of.public_functions:
        yield Listing(of.id, "any_public_body", "any_public_body")
    if "any" in listed:
        yield Listing(of.id, "any", "any")


def in_words(body_kinds: Mapping[str, BodyKind], found: Listing) -> str:
    """Return how a kind is listed, to stand after the name of an organisation and a comma.

    “Elm Trust” and this read: Elm Trust, of the kind “NHS trust or NHS foundation trust”, which the
    law names.
    """
    of = f"of the kind “{body_kinds[found.kind].name}”"
    match found.how:
        case "itself":
            return f"{of}, which the law names"
        case "part_of_it":
            return f"{of}, part of “{body_kinds[found.named].name}”, which the law names"
        case "has_its_functions":
            named = body_kinds[found.named].name
            return f"{of}, which has the functions of “{named}”, which the law names"
        case "any_public_body":
            return f"{of}; the law covers any public body"
        case "any":
            return f"{of}; the law covers any body"
