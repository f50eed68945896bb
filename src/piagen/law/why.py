"""Knows how the reasons for a suggestion, and the conditions of a law, read as sentences."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from piagen.domain.days import in_words as day_in_words
from piagen.law.dated import DatedLaw
from piagen.law.domains import PURPOSE
from piagen.law.fit import Fit, Pair, name_of, named_nations, words_of
from piagen.law.kinds import Listing, in_words
from piagen.law.model import GatewayKind, VerificationState
from piagen.law.sharing import Sharing

KIND: Mapping[GatewayKind, str] = {
    "express_duty": "It is a duty stated in law.",
    "express_power": "It is a power stated in law.",
    "common_law": "It is a power at common law.",
    "implied_power": "It is a power that is only implied by a function.",
    "court_order": "It rests on the order or leave of a court.",
}
FRAMEWORK = "It is a framework: name a specific power or duty beside it."
UNREAD = "Its own text was not read for the catalogue: read it before you rely on it."
RESIDUAL = "It stands behind the functions of the body: prefer a law that is more specific."
BACKGROUND = (
    "Discloser: ",
    "Recipient: ",
    "On the bodies: ",
    "In force on ",
    "It is listed as in force.",
)
"""How reasons begin that confirm what was compared and tell powers apart seldom."""
BREAK = re.compile(r"(?<=[.!?)’'])\s+(?=[A-Z‘“']|(?:ss?|regs?|paras?)\.? ?\d)")
AT_THE_START = {"s.": "Section ", "ss.": "Sections ", "reg.": "Regulation ", "para.": "Paragraph "}
"""What an abbreviation reads as where a sentence begins with it."""
SHORT = frozenset(
    {"e.g.", "i.e.", "etc.", "v.", "s.", "ss.", "No.", "Sch.", "Art.", "reg.", "para."}
)


def reasons_of(fit: Fit, sharing: Sharing, law: DatedLaw, *, fills_a_hole: bool) -> Iterator[str]:
    """Go through the reasons for offering a gateway: who, where, how near, and how it stands.

    Args:
        fit: the gateway beside the sharing.
        sharing: what is shared.
        law: the law as it stands on the assessment's day.
        fills_a_hole: it is a general power, and no law about the purpose covers everyone.
    """
    gateway = fit.gateway
    kinds = law.catalogue.body_kinds

    def listed(names: Mapping[str, Listing]) -> str:
        return "; ".join(f"{name}, {in_words(kinds, how)}" for name, how in names.items())

    if sharing.direction == "receives":
        name = name_of(sharing.partner)
        yield (
            f"You receive under the discloser’s power. {name} also needs a function or purpose of "
            "its own for which it uses the data."
        )
    disclosers, recipients = _parties(fit.pairs)
    yield f"Discloser: {listed(disclosers)}."
    yield f"Recipient: {listed(recipients)}."
    if missed := list(_missed_parties(fit)):
        yield f"It does not cover everyone here. Not covered: {', '.join(missed)}."
    elif fit.missed:
        pairs = "; ".join(f"{name_of(a)} to {name_of(b)}" for a, b in fit.missed)
        yield f"It does not cover everyone here. Not covered: {pairs}."
    if fit.nations_missed:
        yield f"It does not extend to {named_nations(fit.nations_missed)}: name another law there."
    if fit.gateway.disclose_through:
        through = "; ".join(law.catalogue.headings[id_].title for id_ in gateway.disclose_through)
        yield f"By its entry, the disclosure itself goes through another law: {through}."
    elif fit.only_implies:
        yield FRAMEWORK
    if gateway.only_for:
        yield _occasion(fit, gateway.only_for)
    if gateway.residual and fit.field != "general":
        yield RESIDUAL
    if fit.place == "other_purpose":
        about = ", ".join(PURPOSE[category] for category in gateway.chiefly_for)
        yield f"Its own words are about {about}: consider the laws before it first."
    if fills_a_hole:
        yield "No law here that is about this purpose covers everyone, so a general one is near."
    yield _field(fit, sharing)
    yield KIND[gateway.kind]
    yield _standing(fit, law)
    if gateway.kinds_note:
        yield f"On the bodies: {gateway.kinds_note}"
    if gateway.verification.state is not VerificationState.SEEN_PRIMARY:
        yield UNREAD


def _occasion(fit: Fit, occasion: str) -> str:
    said = f"It serves one occasion only: {occasion}."
    match fit.sign:
        case "names_everybody":
            return (
                f"{said} It names every kind of body that shares for this purpose, or bars it: "
                "check that this is the occasion."
            )
        case "its_party":
            return f"{said} A body whose work that is takes part: check that this is the occasion."
        case "only_recipient":
            return f"{said} It is written for this recipient: check that this is the occasion."
        case None:
            return f"{said} Nothing in the answers tells whether this is it: check."


def _field(fit: Fit, sharing: Sharing) -> str:
    purpose = PURPOSE[sharing.category] if sharing.category else "not stated yet"
    first = words_of(fit.gateway.domains[0])
    match fit.field:
        case "first":
            return f"The purpose is {purpose}; this law is first of all about {first}."
        case "at_large":
            return (
                f"The purpose is {purpose}; this law is first of all about {first}, which is a "
                "council’s work: check that it is this purpose’s."
            )
        case "own_work":
            return (
                f"The purpose is {purpose}, which this law also serves; it is first of all about "
                f"{first}, the discloser’s own work."
            )
        case "later" | "beside":
            also = ", ".join(words_of(field) for field in fit.fields)
            return (
                f"The purpose is {purpose}; this law is first of all about {first}, and also about "
                f"{also}."
            )
        case _:
            if fit.gateway.residual:
                return "It stands behind the functions of the body: prefer a law about one of them."
            return "It is a general power: name the function that it serves."


def _parties(pairs: tuple[Pair, ...]) -> tuple[dict[str, Listing], dict[str, Listing]]:
    """Disclosers and recipients, each named once, with how the law names them."""
    disclosers = {name_of(pair.discloser): pair.discloser_listing for pair in pairs}
    recipients = {name_of(pair.recipient): pair.recipient_listing for pair in pairs}
    return disclosers, recipients


def _missed_parties(fit: Fit) -> Iterator[str]:
    """Those that the law does not cover in this sharing, each named once."""
    covered = {p.id for pair in fit.pairs for p in (pair.discloser, pair.recipient)}
    both = [p for pair in fit.missed for p in pair]
    yield from dict.fromkeys(name_of(p) for p in both if p.id not in covered)


def _standing(fit: Fit, law: DatedLaw) -> str:
    if law.day is None:
        return "It is listed as in force. The assessment has no date, so no day was tested."
    day = day_in_words(law.day)
    if fit.gateway.in_force.from_ is not None:
        return f"In force on {day}."
    return f"It is listed as in force. Its start date was not read: check it for {day}."


def sentences(text: str | None) -> tuple[str, ...]:
    """Return the sentences of a text of the catalogue; what stands in brackets is never divided."""
    if not text:
        return ()
    found: list[str] = []
    for part in BREAK.split(" ".join(text.split())):
        if found and not _is_whole(found[-1]):
            found[-1] = f"{found[-1]} {part}"
        else:
            found.append(part)
    return tuple(found)


def in_brief(reasons: Iterable[str]) -> str:
    """Return the reasons that tell one power from another, in one paragraph."""
    return " ".join(reason for reason in reasons if not reason.startswith(BACKGROUND))


def spelt_out(sentence: str) -> str:
    """Return it with a word at its start that stands there: Section 17 and not s.17."""
    for short, word in AT_THE_START.items():
        if sentence.startswith(short):
            return word + sentence.removeprefix(short).lstrip()
    return sentence


def _is_whole(text: str) -> bool:
    ends = text.rstrip(")’'")[-1:] in (".", "!", "?")
    last = text.split(" ")[-1].rstrip(")’'")
    return ends and last not in SHORT and text.count("(") <= text.count(")")
