"""Knows which powers fit what a partner shares for a purpose, why each fits, and why others do not.

Only closed words are compared: kinds of body, nations, kinds of purpose, categories of data, days.
A suggestion is a place to start reading; whether the power is there is for a person to decide.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from piagen.domain.ids import PartnerId, PurposeId
from piagen.domain.project import Project
from piagen.frozen import frozen
from piagen.law import fit as fits
from piagen.law.dated import DatedLaw, Standing, standing_of
from piagen.law.fit import Field, Fit
from piagen.law.model import Gateway
from piagen.law.sharing import Direction, Sharing, pairs_of, sharing_of
from piagen.law.why import reasons_of, sentences, spelt_out


@frozen
class Suggestion:
    """A power that fits, with the reasons that put it where it stands.

    Attributes:
        gateway: the entry of the catalogue.
        standing: how it stands on the day.
        reasons: why it fits, and what to check.
        conditions: what must be true for it to be used, one sentence each.
        needs_another: its power is implied, or lies in another law: name a specific one beside it.
        agreement_is_a_condition: it works only if the person agrees.
        usual_article_6: Article 6 bases that go with it for this partner, by id.
        usual_article_9: Article 9 conditions, where special category data move.
        usual_schedule_1: Schedule 1 paragraphs, where special category or criminal offence data
            move.
        usual_schedule_8: Schedule 8 conditions, where sensitive data move under Part 3.
        part_3: whether any of the sharing is under Part 3 of the Data Protection Act 2018.
    """

    gateway: Gateway
    standing: Standing
    reasons: tuple[str, ...]
    conditions: tuple[str, ...]
    needs_another: bool
    agreement_is_a_condition: bool
    usual_article_6: tuple[str, ...]
    usual_article_9: tuple[str, ...]
    usual_schedule_1: tuple[str, ...]
    usual_schedule_8: tuple[str, ...]
    part_3: bool


@frozen
class LeftOut:
    """An entry that is not offered, and the first test that it fails."""

    gateway: Gateway
    why: str


@frozen
class Suggestions:
    """What fits one partner and purpose, the best fit first, and everything that does not.

    Attributes:
        direction: whether the partner discloses, or only receives under others' powers.
        left_out: first those whose field is this purpose's, then the others, in catalogue order.
    """

    partner: PartnerId
    purpose: PurposeId
    direction: Direction
    offered: tuple[Suggestion, ...]
    left_out: tuple[LeftOut, ...]


def suggest(project: Project, law: DatedLaw) -> tuple[Suggestions, ...]:
    """Return what fits every partner and purpose that sends or receives, in the order of the flows.

    Before there are flows, every partner and purpose of the roles.
    """
    return tuple(
        suggest_for(project, law, partner, purpose) for partner, purpose in pairs_of(project)
    )


def suggest_for(
    project: Project, law: DatedLaw, partner: PartnerId, purpose: PurposeId
) -> Suggestions:
    """Return what fits one partner and purpose.

    Raises:
        KeyError: the project has no such partner, or no such purpose.
    """
    sharing = sharing_of(project, partner, purpose)
    nations = frozenset(project.assessment.nations or ())
    fields = fits.purpose_of(sharing)
    found = [
        fits.fit_of(gateway, sharing, fields, nations, law)
        for gateway in law.catalogue.gateways.values()
    ]
    near = [f for f in found if f.why_not is not None and f.field is not None]
    far = [f for f in found if f.why_not is not None and f.field is None]
    open_to_use = [f for f in found if f.why_not is None]
    reached = any(reaches_all(f) for f in open_to_use)
    return Suggestions(
        partner=partner,
        purpose=purpose,
        direction=sharing.direction,
        offered=tuple(
            _suggestion(fit, sharing, law, reached=reached)
            for fit in sorted(open_to_use, key=lambda f: rank(f, reached=reached))
        ),
        left_out=tuple(LeftOut(f.gateway, f.why_not or "") for f in (*near, *far)),
    )


def reaches_all(fit: Fit) -> bool:
    """Whether it is about the purpose and covers everyone, so that no general power is needed."""
    return fit.place == "to_the_point" and fit.covers_all and fit.field in ("first", "own_work")


def fills_a_hole(fit: Fit, *, reached: bool) -> bool:
    """Whether it is a general power over everyone, where no law about the purpose reaches them."""
    return fit.place == "general" and fit.covers_all and not reached


def rank(fit: Fit, *, reached: bool) -> tuple[int, ...]:
    """Return what sorts the best fit first; equals keep the order of the catalogue.

    Args:
        fit: a gateway that can be offered.
        reached: whether some law about the purpose covers everyone.

    In this order: the step that `_step` tells; it covers everyone; what `_directness` tells; it is
    express and not implied; it does not stand behind other functions; it names the kinds of both
    sides; its first field is this purpose's; it names the disclosers, or a body that must be one of
    the two; it is about this kind of purpose alone; and it is a duty before a power.
    """
    gateway = fit.gateway
    names_giver = fit.names_disclosers or bool(gateway.one_party_is)
    return (
        _step(fit, reached=reached),
        not fit.covers_all,
        _directness(fit),
        fit.only_implies,
        gateway.residual,
        2 - (names_giver + fit.names_recipients),
        get_args(Field).index(fit.field or "general"),
        not names_giver,
        len(gateway.only_purposes or gateway.chiefly_for) != 1,
        ("express_duty", "express_power", "common_law", "implied_power", "court_order").index(
            gateway.kind
        ),
    )


def _step(fit: Fit, *, reached: bool) -> int:
    """How near it comes to this sharing, the nearest first.

    A general power fills a hole: where a law about the purpose covers everyone, it comes after
    those that cover some; where none does, before them.
    """
    match fit.place:
        case "to_the_point":
            return 0 if fit.covers_all else 2
        case "general":
            return 1 if fills_a_hole(fit, reached=reached) else 4
        case "likely_occasion":
            return 3
        case "other_purpose":
            return 5
        case "other_occasion":
            return 6
        case "beside":
            return 7


def _directness(fit: Fit) -> int:
    """Whether it gives the power for this purpose itself, the most direct first.

    An express law of the purpose; one for an occasion that the answers speak for; an express law
    that is also about the purpose; a framework; and what only a council at large brings.
    """
    if fit.field in ("at_large", "general"):
        return 4
    if fit.sign is not None:
        return 1
    if fit.only_implies:
        return 3
    return 0 if fit.field in ("first", "own_work") else 2


def _suggestion(fit: Fit, sharing: Sharing, law: DatedLaw, *, reached: bool) -> Suggestion:
    gateway = fit.gateway
    by_part_3 = "law_enforcement" in sharing.regimes
    by_gdpr = not sharing.regimes or "uk_gdpr" in sharing.regimes
    special = sharing.moves("special_category")
    sensitive = special or sharing.moves("criminal_offence")
    return Suggestion(
        gateway=gateway,
        standing=fit.standing,
        reasons=tuple(
            reasons_of(fit, sharing, law, fills_a_hole=fills_a_hole(fit, reached=reached))
        ),
        conditions=tuple(
            spelt_out(sentence)
            for text in (gateway.conditions_or_limits, gateway.agreement_note)
            for sentence in sentences(text)
        ),
        needs_another=fit.only_implies,
        agreement_is_a_condition=gateway.agreement_is_a_condition,
        usual_article_6=tuple(_article_6(gateway, sharing, law)) if by_gdpr else (),
        usual_article_9=gateway.article_9 if by_gdpr and special else (),
        usual_schedule_1=gateway.schedule_1 if by_gdpr and sensitive else (),
        usual_schedule_8=gateway.schedule_8 if by_part_3 and special else (),
        part_3=by_part_3,
    )


def _article_6(gateway: Gateway, sharing: Sharing, law: DatedLaw) -> Iterator[str]:
    """The bases that the entry names, less those that are not open to this partner.

    Legitimate interests are closed to a public authority in its tasks, and public task to a body
    without functions given by law (UK GDPR Article 6(1)). A duty to disclose binds the discloser,
    so it is no legal obligation of one that only receives.
    """
    partner = sharing.partner
    kind = law.catalogue.body_kinds.get(partner.kind or "")
    public = partner.public_authority
    if public is None:
        public = kind is not None and kind.public_authority in ("yes", "as_parent")
    for id_ in gateway.article_6:
        basis = law.catalogue.bases["article_6"][id_]
        if standing_of(basis.status, basis.in_force, law.day) is not Standing.IN_FORCE:
            continue
        match id_:
            case "6_1_f" | "6_1_ea" if public:
                continue
            case "6_1_e" if kind is not None and not kind.public_functions:
                continue
            case "6_1_c" if sharing.direction == "receives":
                continue
        yield id_
