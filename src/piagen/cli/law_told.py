"""Knows how entries of the law catalogue, and suggestions from it, are told as text and as JSON."""

from __future__ import annotations

import json
import textwrap
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from piagen.domain.days import in_words

if TYPE_CHECKING:
    from piagen.domain.project import Project
    from piagen.law.dated import DatedLaw
    from piagen.law.model import Basis, Gateway, Instrument
    from piagen.law.suggestion import Suggestion, Suggestions

Json = dict[str, Any]

WIDTH = 80
MOST_IN_FULL = 5
"""Of one partner and purpose; what comes after them is named, so that people read the first."""


def say_suggestions(
    found: Suggestions, project: Project, dated: DatedLaw, everything: bool
) -> None:
    """Tell what fits one partner and purpose.

    Args:
        found: the suggestions.
        project: has the names.
        dated: has the names of the usual bases and conditions.
        everything: whether to tell all of them in full, and what was left out, and why.
    """
    from piagen.law.fit import name_of

    partner = project.partner(found.partner)
    purpose = next(p for p in project.purposes if p.id == found.purpose)
    name = name_of(partner) if partner else found.partner
    say(f"{name} ({found.partner}) {found.direction} for: {purpose.purpose or purpose.id}", 0)
    if not found.offered:
        say("Nothing in the catalogue fits. It is not all law: look for another power.", 2)
    most = len(found.offered) if everything else MOST_IN_FULL
    for number, one in enumerate(found.offered[:most], 1):
        click.echo()
        say(f"{number}. {one.gateway.title}", 2, hang=3)
        click.echo(f"     {one.gateway.id}")
        for reason in one.reasons:
            say(f"- {reason}", 5, hang=2)
        say("Conditions:", 5)
        for condition in one.conditions:
            say(f"- {condition}", 5, hang=2)
        if one.agreement_is_a_condition:
            say("It works only if the person agrees: record how that is asked.", 5)
        for family, ids in _usual(one).items():
            bases = [dated.catalogue.bases[family][id_] for id_ in ids]
            if bases:
                named = "; ".join(f"{basis.code} {basis.name}" for basis in bases)
                say(f"Usual with it, {words(family).capitalize()}: {named}", 5, hang=2)
    if rest := found.offered[most:]:
        click.echo()
        say("These may fit as well, the nearest first; --all tells them in full:", 2)
        for number, one in enumerate(rest, most + 1):
            say(f"{number}. {one.gateway.title} ({one.gateway.id})", 5, hang=4)
    if everything:
        click.echo()
        say(f"Left out: {len(found.left_out)}", 2)
        for left in found.left_out:
            say(f"- {left.gateway.id}: {left.why}", 5, hang=2)
    click.echo()


def suggestions_as_json(found: Suggestions, dated: DatedLaw, everything: bool) -> Json:
    """Return the same as data."""
    said: Json = {
        "partner": found.partner,
        "purpose": found.purpose,
        "direction": found.direction,
        "offered": [
            gateway_as_json(one.gateway, dated)
            | {
                "reasons": list(one.reasons),
                "conditions": list(one.conditions),
                "needs_another": one.needs_another,
                "agreement_is_a_condition": one.agreement_is_a_condition,
                "usual": {name: list(ids) for name, ids in _usual(one).items()},
                "part_3": one.part_3,
            }
            for one in found.offered
        ],
    }
    if everything:
        said["left_out"] = [{"gateway": one.gateway.id, "why": one.why} for one in found.left_out]
    return said


def _usual(one: Suggestion) -> dict[str, tuple[str, ...]]:
    return {
        "article_6": one.usual_article_6,
        "article_9": one.usual_article_9,
        "schedule_1": one.usual_schedule_1,
        "schedule_8": one.usual_schedule_8,
    }


def gateway_as_json(gateway: Gateway, dated: DatedLaw) -> Json:
    """Return what a list says of a gateway."""
    return {
        "gateway": gateway.id,
        "title": gateway.title,
        "citation": gateway.citation,
        "href": gateway.href,
        "role": gateway.role.value,
        "kind": gateway.kind,
        "nations": list(gateway.nations),
        "domains": list(gateway.domains),
        "standing": dated.standing(gateway.id).value,
        "verified": gateway.verification.state.value,
        "checked_on": iso(gateway.verification.checked_on),
    }


def entry_as_json(key: str, dated: DatedLaw) -> Json:
    """Return everything that the catalogue holds on an entry, by stable names.

    Raises:
        UnknownCitation: nothing has that key.
    """
    from piagen.law.model import Basis, Gateway, Instrument

    entry = dated.catalogue.entry(key)
    cited = dated.catalogue.cite(key)
    said: Json = {"key": key, "title": cited.title, "citation": cited.text, "href": cited.href}
    match entry:
        case Gateway():
            said |= _whole_gateway(entry)
        case Basis():
            said |= _plain(entry, "code group summary suitable_for_public_authorities")
            said |= _plain(entry, "suitability_note requires consent_imbalance_note")
        case Instrument():
            said |= _plain(entry, "kind")
            said["provisions"] = [f"{p.key}: {p.title}" for p in entry.provisions.values()]
    return said | {
        "status": entry.status.value if entry.status else None,
        "in_force_from": iso(entry.in_force.from_),
        "in_force_to": iso(entry.in_force.to),
        "standing": dated.standing(key).value,
        "standing_on": iso(dated.day),
        "verified": entry.verification.state.value,
        "checked_on": iso(entry.verification.checked_on) or "unknown",
        "verified_note": entry.verification.note,
    }


def _whole_gateway(gateway: Gateway) -> Json:
    names = """role kind nations domains purpose conditions_or_limits discloser_kinds
    recipient_kinds kinds_note one_party_is excludes_senders excludes_data about_data
    within_one_body only_purposes chiefly_for only_for about_some_people disclose_through residual
    who_may_share with_whom article_6 article_9 schedule_1 schedule_8 part_3 bases_note
    agreement_is_a_condition agreement_note status_note confidence"""
    return _plain(gateway, names)


def _plain(entry: Gateway | Basis | Instrument, names: str) -> Json:
    values = {name: getattr(entry, name) for name in names.split()}
    return {n: list(v) if isinstance(v, tuple) else v for n, v in values.items()}


def say(text: str, indent: int, *, hang: int = 0) -> None:
    """Print a paragraph, its lines broken between words.

    Args:
        text: one paragraph.
        indent: in characters.
        hang: how much further the lines after the first stand in.
    """
    start = " " * indent
    click.echo(
        textwrap.fill(
            " ".join(text.split()),
            WIDTH,
            initial_indent=start,
            subsequent_indent=start + " " * hang,
            break_long_words=False,
            break_on_hyphens=False,
        )
    )


def words(word: str) -> str:
    """A closed word as it reads in a sentence."""
    return word.replace("_", " ")


def on(day: date | None) -> str:
    """The day in words, to follow what is true on it."""
    return f" on {in_words(day)}" if day else " on no day: only statuses speak"


def iso(day: date | None) -> str | None:
    """The day as it stands in data."""
    return day.isoformat() if day else None


def echo_json(said: Json) -> None:
    """Print data."""
    click.echo(json.dumps(said, ensure_ascii=False, indent=2))
