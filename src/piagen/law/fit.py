"""Knows whether one gateway fits what a partner shares, and how near it comes to the purpose."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from piagen.domain.data import DataItem
from piagen.domain.days import in_words as day_in_words
from piagen.domain.partners import Partner
from piagen.frozen import frozen
from piagen.law.catalogue import Catalogue
from piagen.law.dated import DatedLaw, Standing, standing_of
from piagen.law.domains import ALL_PURPOSE, GENERAL, PURPOSE, PurposeFields, of_purpose, own_work
from piagen.law.kinds import Listing, listing
from piagen.law.model import WILDCARDS, ExcludedData, Gateway, Role
from piagen.law.sharing import Sharing

Field = Literal["first", "own_work", "at_large", "later", "beside", "general"]
"""How a gateway's fields meet the purpose.

Its first field is the purpose's; a later one is, and the first is the discloser's own work; its
first is what a council does, and nothing says that this purpose is about it; only a later one is
the purpose's, whoever takes part; only a later one is, because of who takes part or what the data
are; or it is a power for any function.
"""

Place = Literal[
    "to_the_point", "likely_occasion", "general", "other_purpose", "other_occasion", "beside"
]
"""How near a gateway comes to the purpose.

It is about it; it serves one occasion, in this kind of purpose by its own words; it is a power for
any function; its own words are about other kinds of purposes; it serves one occasion, of which the
answers say nothing; or it meets the purpose only because of who takes part or what the data are.
"""

Sign = Literal["names_everybody", "its_party", "only_recipient"]
"""What in the answers speaks for the one occasion of a law.

It names the kind of everybody who shares for the purpose; a body that must be one of the two takes
part, and it is about that body's own work; or the one kind of recipient that it names takes part.
"""

ENOUGH = 4
"""So many kinds of body, all named by one law, say that the purpose is what that law is for."""

ENOUGH_OF_ITS_FIELD = 3
"""So many suffice where all but councils work in its first field: fewer meet in too many laws."""


@frozen
class Pair:
    """A discloser and a recipient that the law covers, and how it names them."""

    discloser: Partner
    recipient: Partner
    discloser_listing: Listing
    recipient_listing: Listing


@frozen
class Fit:
    """A gateway beside one sharing.

    Attributes:
        pairs: the disclosers and recipients that it covers.
        missed: those that it does not.
        field: how its fields meet the purpose; None where they do not.
        fields: those of its fields that are the purpose's.
        place: how near it comes to the purpose.
        sign: what speaks for its occasion; None where nothing does, or it serves more than one.
        nations_missed: nations of the project to which it does not extend.
        why_not: the first test that it fails; None where it can be offered.
    """

    gateway: Gateway
    standing: Standing
    pairs: tuple[Pair, ...]
    missed: tuple[tuple[Partner, Partner], ...]
    field: Field | None
    fields: tuple[str, ...]
    place: Place
    sign: Sign | None
    nations_missed: tuple[str, ...]
    why_not: str | None

    @property
    def only_implies(self) -> bool:
        """Whether it implies a power, or sends to another law for it: name that one beside it."""
        return self.gateway.role is Role.FRAMEWORK or bool(self.gateway.disclose_through)

    @property
    def covers_all(self) -> bool:
        """Whether it covers every discloser with every recipient, in every nation."""
        return not (self.missed or self.nations_missed)

    @property
    def names_disclosers(self) -> bool:
        """Whether it names the kinds of those who disclose, and not every body."""
        return all(pair.discloser_listing.is_specific for pair in self.pairs)

    @property
    def names_recipients(self) -> bool:
        """Whether it names the kinds of those who receive, and not every body."""
        return all(pair.recipient_listing.is_specific for pair in self.pairs)


def fit_of(
    gateway: Gateway,
    sharing: Sharing,
    purpose: PurposeFields,
    nations: Collection[str],
    law: DatedLaw,
) -> Fit:
    """Return how the gateway fits, or the first reason why it cannot be offered.

    Args:
        gateway: an entry of the catalogue, whatever its role.
        sharing: what is shared.
        purpose: the fields that the purpose belongs to, as `purpose_of` tells them.
        nations: where the project works; empty where that is not answered.
        law: the law as it stands on the assessment's day.
    """
    catalogue = law.catalogue
    standing = standing_of(gateway.status, gateway.in_force, law.day)
    fields = tuple(field for field in gateway.domains if field in purpose.all)
    pairs, missed = _pairs(gateway, sharing, catalogue)
    field = _field(
        gateway.domains[0],
        fields,
        purpose,
        own_work(pair.discloser.kind or "" for pair in pairs),
    )
    sign = _sign(gateway, sharing, purpose, catalogue) if pairs else None
    return Fit(
        gateway=gateway,
        standing=standing,
        pairs=pairs,
        missed=missed,
        field=field,
        fields=fields,
        place=_place(gateway, sharing, field, sign),
        sign=sign,
        nations_missed=tuple(n for n in sorted(nations) if n not in gateway.nations),
        why_not=not_a_power(gateway)
        or _not_standing(standing, law)
        or _not_there(gateway, nations)
        or _not_ordered(gateway, sharing)
        or _not_between(gateway, sharing, pairs, catalogue)
        or _not_this_data(gateway, sharing.items)
        or _not_this_purpose(gateway, sharing, fields)
        or _not_these_people(gateway, sharing),
    )


def purpose_of(sharing: Sharing) -> PurposeFields:
    """Return the fields that the purpose belongs to, for these parties and data."""
    return of_purpose(
        sharing.category, sharing.kinds, sharing.all_items, about_children=sharing.about_children
    )


def _pairs(
    gateway: Gateway, sharing: Sharing, catalogue: Catalogue
) -> tuple[tuple[Pair, ...], tuple[tuple[Partner, Partner], ...]]:
    found: list[Pair] = []
    missed: list[tuple[Partner, Partner]] = []
    for discloser, recipient in sharing.pairs:
        gives = listing(catalogue.body_kinds, discloser.kind, gateway.discloser_kinds)
        gets = listing(catalogue.body_kinds, recipient.kind, gateway.recipient_kinds)
        barred = _is_excluded(gateway, discloser.kind, catalogue)
        if gives and gets and not barred and _has_party(gateway, discloser, recipient, catalogue):
            found.append(Pair(discloser, recipient, gives, gets))
        else:
            missed.append((discloser, recipient))
    return tuple(found), tuple(missed)


def _is_excluded(gateway: Gateway, discloser: str | None, catalogue: Catalogue) -> bool:
    kind = catalogue.body_kinds.get(discloser or "")
    return kind is not None and bool({kind.id, kind.sector} & set(gateway.excludes_senders))


def _has_party(
    gateway: Gateway, discloser: Partner, recipient: Partner, catalogue: Catalogue
) -> bool:
    return not gateway.one_party_is or any(
        listing(catalogue.body_kinds, party.kind, gateway.one_party_is)
        for party in (discloser, recipient)
    )


def _field(
    first: str, fields: tuple[str, ...], purpose: PurposeFields, own: frozenset[str]
) -> Field | None:
    if not fields:
        return None
    if first == GENERAL or set(fields) == {GENERAL}:
        return "general"
    if first in purpose.close:
        return "first"
    if first in own:
        return "own_work"
    if first in purpose.at_large:
        return "at_large"
    return "later" if purpose.certain & set(fields) else "beside"


def _sign(
    gateway: Gateway, sharing: Sharing, purpose: PurposeFields, catalogue: Catalogue
) -> Sign | None:
    if gateway.only_for is None or gateway.about_some_people:
        return None
    first, kinds = gateway.domains[0], sharing.kinds
    if any(kind in gateway.one_party_is and first in own_work([kind]) for kind in kinds):
        return "its_party"
    theirs = all(first in own_work([kind]) for kind in kinds if kind not in ALL_PURPOSE)
    at_work = purpose.close | own_work(kinds)
    apt = (theirs or first in purpose.close) and at_work.issuperset(gateway.domains)
    if not apt and first not in purpose.certain:
        return None
    if _names_everybody(gateway, kinds, ENOUGH_OF_ITS_FIELD if theirs else ENOUGH, catalogue):
        return "names_everybody"
    only = gateway.recipient_kinds[0]
    if len(gateway.recipient_kinds) == 1 and only in kinds and only not in ALL_PURPOSE:
        return "only_recipient"
    return None


def _names_everybody(
    gateway: Gateway, kinds: tuple[str, ...], enough: int, catalogue: Catalogue
) -> bool:
    """Whether it names all these kinds, less those that it bars, and no body at large."""
    named = gateway.discloser_kinds + gateway.recipient_kinds
    left = [kind for kind in kinds if not _is_excluded(gateway, kind, catalogue)]
    return (
        len(kinds) >= enough
        and not WILDCARDS & set(named)
        and all(listing(catalogue.body_kinds, kind, named) for kind in left)
    )


def _place(gateway: Gateway, sharing: Sharing, field: Field | None, sign: Sign | None) -> Place:
    about = gateway.only_purposes + gateway.chiefly_for
    held = [_holds(item, data) for item in sharing.items for data in gateway.about_data]
    off = bool(gateway.chiefly_for) and sharing.category not in gateway.chiefly_for
    exactly_its_own = set(sharing.kinds) == set(gateway.one_party_is)
    if field == "beside":
        return "beside"
    if gateway.only_for is not None and sign is None:
        likely = sharing.category in about and (any(held) or not held)
        return "likely_occasion" if likely else "other_occasion"
    if off and not exactly_its_own:
        return "other_purpose"
    return "general" if field == "general" else "to_the_point"


def not_a_power(gateway: Gateway) -> str | None:
    """Why the entry can never be the ground for sharing; None where it can."""
    match gateway.role:
        case Role.HISTORIC:
            return "It is kept so that people recognise it; it is dead law and gives no power."
        case Role.RESTRICTION:
            return "It limits disclosure and gives no power to disclose."
        case Role.NOT_PERSONAL_DATA:
            return "It is about data that are not personal, and gives no power over those that are."
        case Role.CONFIDENTIALITY:
            return "It answers the duty of confidence and gives no power to share."
        case Role.GATEWAY | Role.FRAMEWORK:
            return None


def _not_standing(standing: Standing, law: DatedLaw) -> str | None:
    on = f" on {day_in_words(law.day)}" if law.day else ""
    match standing:
        case Standing.IN_FORCE:
            return None
        case Standing.START_UNKNOWN:
            return (
                "It is not yet fully in force and its start date was not read. Check its "
                "commencement, and record what you find, before you rely on it."
            )
        case Standing.NOT_READ:
            return "Nobody has read whether it is in force."
        case Standing.NOT_YET_IN_FORCE | Standing.ENDED | Standing.REPEALED:
            return f"It is {standing.words}{on}."


def _not_there(gateway: Gateway, nations: Collection[str]) -> str | None:
    if not nations or set(nations) & set(gateway.nations):
        return None
    return f"It applies in {named_nations(gateway.nations)} only, and the project does not."


def _not_ordered(gateway: Gateway, sharing: Sharing) -> str | None:
    if gateway.kind != "court_order" or "court" in sharing.kinds:
        return None
    return "It needs the order or leave of a court, and no court takes part."


def _not_between(
    gateway: Gateway, sharing: Sharing, pairs: tuple[Pair, ...], catalogue: Catalogue
) -> str | None:
    if gateway.within_one_body:
        return "It lets one body use its own data again, and gives no power to disclose to another."
    if pairs:
        return None
    if not sharing.pairs:
        return "Nobody is named yet to whom this partner discloses or from whom it receives."
    parties = [sharing.partner, *sharing.others]
    if unknown := [name_of(party) for party in parties if party.kind is None]:
        return f"The kind of body is not answered for: {', '.join(unknown)}."
    if all(_is_excluded(gateway, discloser.kind, catalogue) for discloser, _ in sharing.pairs):
        names = dict.fromkeys(name_of(discloser) for discloser, _ in sharing.pairs)
        return f"It may not be used by a body of this kind to disclose: {', '.join(names)}."
    given = [p for p in sharing.pairs if _is_listed(p[0], gateway.discloser_kinds, catalogue)]
    if not given:
        names = dict.fromkeys(name_of(discloser) for discloser, _ in sharing.pairs)
        return f"It does not name this discloser’s kind: {', '.join(names)}."
    if not any(_is_listed(p[1], gateway.recipient_kinds, catalogue) for p in given):
        names = dict.fromkeys(name_of(recipient) for _, recipient in given)
        return f"It does not name the kind of any recipient: {', '.join(names)}."
    if gateway.one_party_is:
        wanted = "; ".join(catalogue.body_kinds[kind].name for kind in gateway.one_party_is)
        return f"One of the two must be: {wanted}."
    return "It names no pair of these disclosers and recipients together."


def _is_listed(partner: Partner, listed: Collection[str], catalogue: Catalogue) -> bool:
    return listing(catalogue.body_kinds, partner.kind, listed) is not None


def _not_this_data(gateway: Gateway, items: tuple[DataItem, ...]) -> str | None:
    for excluded in gateway.excludes_data:
        if any(_holds(item, excluded) for item in items):
            return f"It does not cover {EXCLUDED[excluded]}, and such data move here."
    return None


EXCLUDED: dict[ExcludedData, str] = {
    "health": "patient or health data",
    "adult_social_care_record": "data from an adult social care record",
    "child_social_care_record": "data from a child’s social care record",
    "confidential": "confidential information about people who can be identified",
}
"""What a law does not cover, as it reads in a sentence."""


def _holds(item: DataItem, excluded: ExcludedData) -> bool:
    """Whether an item holds what is excluded; health and care records are confidential as well."""
    contains: tuple[str, ...] = (*(item.special_category or ()), *(item.also_contains or ()))
    if excluded != "confidential":
        return excluded in contains
    records = ("health", "adult_social_care_record", "child_social_care_record")
    known = item.identifiability in (None, "identifiable", "pseudonymised")
    return known and (item.confidential is True or any(record in contains for record in records))


def _not_this_purpose(gateway: Gateway, sharing: Sharing, fields: tuple[str, ...]) -> str | None:
    if not fields:
        about = ", ".join(words_of(field) for field in gateway.domains)
        return f"It is about {about}, which this purpose is not, for these parties and data."
    if gateway.only_purposes and sharing.category not in (None, *gateway.only_purposes):
        served = ", ".join(PURPOSE[category] for category in gateway.only_purposes)
        return f"It can only be used for: {served}."
    return None


def _not_these_people(gateway: Gateway, sharing: Sharing) -> str | None:
    """Law on children is for data about children, and law on adults' care for adults at risk."""
    first = gateway.domains[0]
    if first == "children" and sharing.about_children is False:
        return "It is about children, and none of the data are."
    if (
        first == "adult_social_care"
        and sharing.category != "care"
        and sharing.about_adults_at_risk is False
        and not any(_holds(item, "adult_social_care_record") for item in sharing.items)
    ):
        return "It is about the care of adults, and none of the data are about adults at risk."
    return None


def name_of(partner: Partner) -> str:
    """The partner as a person knows it."""
    return partner.short_name or partner.name or partner.id


def words_of(word: str) -> str:
    """A closed word as it reads in a sentence."""
    return word.replace("_", " ")


def named_nations(nations: Collection[str]) -> str:
    """The nations as a list in a sentence."""
    names = [words_of(nation).title() for nation in nations]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
