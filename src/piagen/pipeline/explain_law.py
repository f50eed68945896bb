"""Knows how an entry of the law, or a kind of body, is explained."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from piagen.domain.days import in_words
from piagen.law.dated import DatedLaw, Standing, standing_of
from piagen.law.domains import PURPOSE
from piagen.law.fit import EXCLUDED, named_nations, not_a_power, words_of
from piagen.law.model import (
    Basis,
    BodyKind,
    Gateway,
    Instrument,
    Provision,
    Role,
    VerificationState,
)
from piagen.law.why import FRAMEWORK, KIND, RESIDUAL, UNREAD, sentences, spelt_out
from piagen.pipeline.explanation import Explanation, Part, cited, explanation, sentence, where
from piagen.rendering.law_in_words import verified as how_verified

CHECKED: Mapping[VerificationState, str] = {
    VerificationState.SEEN_PRIMARY: "Its words, or a copy of them, were read",
    VerificationState.SEEN_SECONDARY: "What somebody else says of it was read",
    VerificationState.FROM_KNOWLEDGE: "Neither its words nor what others say of it were read",
}
"""How an entry was verified, in words."""


def of_law(key: str, law: DatedLaw) -> Explanation:
    """Explain an entry of the law.

    Args:
        key: the id of a gateway, or the citation key of a provision, an instrument or a basis.
        law: says how it stands.

    Raises:
        UnknownCitation: nothing has that key.
    """
    match law.catalogue.entry(key):
        case Gateway() as gateway:
            return of_gateway(gateway, law)
        case Basis() as basis:
            return of_basis(basis, law)
        case Instrument() as instrument:
            return of_instrument(instrument, law)
        case provision:
            return of_provision(provision, law)


def of_gateway(gateway: Gateway, law: DatedLaw) -> Explanation:
    """Explain one gateway: what it is for, who may use it, and under which conditions."""
    no_power = not_a_power(gateway)
    standing = standing_of(gateway.status, gateway.in_force, law.day)
    return explanation(
        gateway.id,
        gateway.title,
        Part("What it is", (no_power or KIND[gateway.kind], *_beside(gateway, law))),
        Part("What it is for", (sentence(gateway.purpose), *_served(gateway))),
        Part(
            "Conditions and limits", tuple(map(spelt_out, sentences(gateway.conditions_or_limits)))
        ),
        Part("Who may disclose", tuple(map(sentence, gateway.who_may_share))),
        Part("To whom", tuple(map(sentence, gateway.with_whom))),
        Part("Kinds of body that it names", tuple(_bodies(gateway, law))),
        Part("Applies in", (named_nations(gateway.nations),)),
        Part("Usual bases and conditions", tuple(_usual(gateway, law))),
        *_checked(gateway.id, gateway, law, gateway.status_note),
        Part("Do", (_use(no_power, standing), *_unread(gateway))),
        *where(gateway.id, "law.gateways", gateway.id),
    )


def of_basis(basis: Basis, law: DatedLaw) -> Explanation:
    """Explain one lawful basis or condition of data protection law."""
    families = law.catalogue.bases.items()
    family = next(name for name, found in families if basis in found.values())
    suits = "It can suit" if basis.suitable_for_public_authorities else "It does not suit"
    note = basis.suitability_note
    return explanation(
        basis.key,
        basis.name,
        Part("What it is", (sentence(basis.summary), *((basis.group,) if basis.group else ()))),
        Part(
            "Public authorities",
            (f"{suits} a public authority.", *sentences(note and sentence(note))),
        ),
        Part("It needs", tuple(map(sentence, basis.requires))),
        Part("Where power is unequal", sentences(basis.consent_imbalance_note)),
        *_checked(basis.key, basis, law),
        Part("Do", ("Name it where it is asked for, and have what it needs.", *_unread(basis))),
        *where(basis.key, f"law.{family}", basis.id),
    )


def of_provision(provision: Provision, law: DatedLaw) -> Explanation:
    """Explain one place in an instrument: what it is about, and what in piagen rests on it."""
    return explanation(
        provision.key,
        provision.title,
        *_checked(provision.key, provision, law),
        Part("Do", _unread(provision)),
        *where(provision.key),
    )


def of_instrument(instrument: Instrument, law: DatedLaw) -> Explanation:
    """Explain an Act, regulations, code, guidance or source, and list the places in it."""
    cites = (law.catalogue.cite(provision.key) for provision in instrument.provisions.values())
    places = (f"{c.key}: {c.title} ({how_verified(c)})" for c in cites)
    return explanation(
        instrument.id,
        instrument.title,
        Part("What it is", (sentence(f"{words_of(instrument.kind)}."),)),
        *_checked(instrument.id, instrument, law),
        Part("Do", _unread(instrument)),
        Part("Places in it", tuple(places)),
        *where(instrument.id),
    )


def of_body_kind(kind: BodyKind, law: DatedLaw) -> Explanation:
    """Explain a kind of organisation, and which gateways name it."""
    kinds, gateways = law.catalogue.body_kinds, law.catalogue.gateways.values()
    true = (
        f"Public authority: {words_of(kind.public_authority)}.",
        f"Competent authority under Part 3: {kind.typically_competent_authority}.",
        f"Under freedom of information law: {words_of(kind.foi_body)}.",
        f"Functions given by law: {'yes' if kind.public_functions else 'no'}.",
        f"Can be a controller: {'yes' if kind.can_be_controller else 'no'}.",
    )
    return explanation(
        kind.id,
        kind.name,
        Part("Sector", (sentence(words_of(kind.sector)),)),
        Part("Applies in", (named_nations(kind.nations),)),
        Part("Part of", tuple(f"{kinds[id_].name} ({id_})" for id_ in kind.part_of)),
        Part("Normally true; a named body may differ", true),
        Part("Note", sentences(kind.note)),
        Part("May disclose under", _titles(g for g in gateways if kind.id in g.discloser_kinds)),
        Part("May receive under", _titles(g for g in gateways if kind.id in g.recipient_kinds)),
        *where(kind.id, "law.body_kinds", kind.id),
    )


def _use(no_power: str | None, standing: Standing) -> str:
    """Whether to name a gateway as a power, and what comes first."""
    if no_power:
        return "Do not name it as a power to share."
    match standing:
        case Standing.IN_FORCE:
            return "Name it where it is asked for."
        case Standing.START_UNKNOWN | Standing.NOT_READ:
            return "Check that it has begun, and record what you find, before you name it."
        case Standing.NOT_YET_IN_FORCE | Standing.ENDED | Standing.REPEALED:
            return "Do not name it: it is not in force."


def _beside(gateway: Gateway, law: DatedLaw) -> Iterator[str]:
    """What else has to be named beside it, or before it."""
    if gateway.role is Role.FRAMEWORK:
        yield FRAMEWORK
    if gateway.disclose_through:
        others = (f"{law.catalogue.headings[i].title} ({i})" for i in gateway.disclose_through)
        yield f"By its own words, the disclosure goes through: {'; '.join(others)}."
    if gateway.residual:
        yield RESIDUAL


def _served(gateway: Gateway) -> Iterator[str]:
    yield f"Fields: {', '.join(map(words_of, gateway.domains))}."
    if gateway.only_for:
        yield f"It serves one occasion only: {gateway.only_for}."
    if gateway.only_purposes:
        served = (PURPOSE[purpose] for purpose in gateway.only_purposes)
        yield f"It serves these purposes only: {', '.join(served)}."
    if gateway.chiefly_for:
        chiefly = (PURPOSE[purpose] for purpose in gateway.chiefly_for)
        yield f"Its own words are about: {', '.join(chiefly)}."
    if gateway.about_data:
        yield f"It is about {', '.join(EXCLUDED[data] for data in gateway.about_data)}."
    if gateway.about_some_people:
        yield "Whether it can be used depends on something about the person: check that first."


def _bodies(gateway: Gateway, law: DatedLaw) -> Iterator[str]:
    """Which kinds of body a suggestion reads in the words of the law."""
    yield f"May disclose: {_kinds(gateway.discloser_kinds, law)}."
    yield f"May receive: {_kinds(gateway.recipient_kinds, law)}."
    if gateway.one_party_is:
        yield f"One of the two must be: {_kinds(gateway.one_party_is, law)}."
    if gateway.excludes_senders:
        yield f"May not disclose, though listed: {_kinds(gateway.excludes_senders, law)}."
    if gateway.excludes_data:
        yield f"Not covered: {', '.join(EXCLUDED[data] for data in gateway.excludes_data)}."
    if gateway.within_one_body:
        yield "It lets one body use its own data again, and never reaches another body."
    if gateway.kinds_note:
        yield gateway.kinds_note


def _kinds(ids: Iterable[str], law: DatedLaw) -> str:
    kinds = law.catalogue.body_kinds
    return "; ".join(f"{kinds[i].name} ({i})" if i in kinds else words_of(i) for i in ids) or "none"


def _usual(gateway: Gateway, law: DatedLaw) -> Iterator[str]:
    """The bases that are usual with a gateway, and what it asks of agreement."""
    for family in ("article_6", "article_9", "schedule_1", "schedule_8"):
        for id_ in getattr(gateway, family):
            basis = law.catalogue.bases[family][id_]
            yield f"{law.catalogue.cite(basis.key).text}: {basis.name} ({basis.key})"
    if gateway.part_3:
        yield "Part 3 of the Data Protection Act 2018 can apply to it."
    if gateway.bases_note:
        yield gateway.bases_note
    if gateway.agreement_is_a_condition:
        yield "It works only if the person agrees."
    if gateway.agreement_note:
        yield gateway.agreement_note


def _checked(
    key: str,
    entry: Gateway | Basis | Instrument | Provision,
    law: DatedLaw,
    note: str | None = None,
) -> Iterator[Part]:
    """Where it stands, how that was checked, and how it stands on the day."""
    state, day = entry.verification.state, entry.in_force
    yield Part("Law", (cited(key),))
    checked = entry.verification.checked_on
    when = f"Checked on {in_words(checked)}." if checked else "The day of the check was not kept."
    how = f"{CHECKED[state]} ({state}). {when}"
    yield Part("How it was checked", (how, *sentences(entry.verification.note)))
    standing = standing_of(entry.status, day, law.day)
    # Without a day a date speaks for itself, and “nobody read it” would deny it.
    told = law.day is not None or entry.status is not None or not day.is_known
    words = f"On {in_words(law.day)}: {standing.words}." if law.day else f"{standing.words}."
    stands = (sentence(words),) if told else ()
    begun = f"From {in_words(day.from_)}." if day.from_ else "Its first day was not read."
    ended = (f"Until {in_words(day.to)}.",) if day.to else ()
    yield Part("Standing", (*stands, begun, *ended, *sentences(note)))


def _titles(gateways: Iterable[Gateway]) -> tuple[str, ...]:
    return tuple(f"{gateway.title} ({gateway.id})" for gateway in gateways)


def _unread(entry: Gateway | Basis | Instrument | Provision) -> tuple[str, ...]:
    """What is left to do where nobody has read the words themselves."""
    return () if entry.verification.state is VerificationState.SEEN_PRIMARY else (UNREAD,)
