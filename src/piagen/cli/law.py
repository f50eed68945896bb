"""Knows `piagen law`: what the catalogue holds, how old it is, and which powers fit a project."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from piagen.cli import law_told as told
from piagen.cli import output, settings
from piagen.cli.days import AS_AT, Day
from piagen.cli.explain import in_words as explained
from piagen.cli.files import load_file
from piagen.domain.days import in_words
from piagen.errors import ExitCode, PiagenError, shown

if TYPE_CHECKING:
    from piagen.config import Config
    from piagen.domain.project import Project
    from piagen.law.dated import DatedLaw
    from piagen.law.model import Gateway, Verification

REPORT = click.option(
    "--report",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How it is told.",
)
NATIONS = ("england", "wales", "scotland", "northern_ireland")
ROLES = (
    "gateway",
    "framework",
    "confidentiality",
    "restriction",
    "historic",
    "not_personal_data",
)
STATUSES = ("in_force", "not_yet_fully_in_force", "repealed")
STANDINGS = ("in_force", "not_yet_in_force", "ended", "repealed", "start_unknown", "not_read")


class Age(click.ParamType[tuple[int, str]]):
    """A length of time: days, months or years, as 90d, 12m or 2y."""

    name = "age"

    def convert(
        self,
        value: str | tuple[int, str],
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> tuple[int, str]:
        """Return the number and the unit, or fail with a message that says how to write one."""
        if isinstance(value, tuple):
            return value
        found = re.fullmatch(r"([1-9]\d{0,3})([dmy])", value, re.ASCII)
        if found is None:
            self.fail(f"“{shown(value)}” is no length of time. Write it as 12m, 90d or 2y.")
        return int(found[1]), found[2]


def before(day: date, age: tuple[int, str]) -> date:
    """Return the day that lies so long before; a month that is too short ends on its last day."""
    number, unit = age
    if unit == "d":
        return max(date.min + timedelta(number), day) - timedelta(number)
    months = day.year * 12 + day.month - 1 - number * (12 if unit == "y" else 1)
    year, month = divmod(max(months, 12), 12)
    last = (date(year + month // 11, (month + 1) % 12 + 1, 1) - timedelta(1)).day
    return date(year, month + 1, min(day.day, last))


@click.group()
def law() -> None:
    """Look at the law catalogue: list, show, what is stale, and what fits a project.

    \b
    Example:
      piagen law suggest project.json
    """


@law.command("list")
@click.option("--nation", type=click.Choice(NATIONS), help="It applies there.")
@click.option("--domain", metavar="FIELD", help="It is about this: housing, children, fraud.")
@click.option("--role", type=click.Choice(ROLES), help="What it does for a disclosure.")
@click.option(
    "--kind-of-body", metavar="KIND", help="It names this kind to give or get: nhs_trust."
)
@click.option("--status", type=click.Choice(STATUSES), help="What the catalogue states.")
@click.option("--standing", type=click.Choice(STANDINGS), help="How it stands (see --as-at).")
@click.option("--contains", metavar="WORDS", help="These words stand in it, in any letters.")
@AS_AT
@REPORT
def list_(
    nation: str | None,
    domain: str | None,
    role: str | None,
    kind_of_body: str | None,
    status: str | None,
    standing: str | None,
    contains: str | None,
    as_at: date | None,
    report: str,
) -> None:
    """List the gateways: powers, duties, frameworks, and what is kept so that it is recognised.

    \b
    Examples:
      piagen law list --nation wales --domain housing
      piagen law list --kind-of-body nhs_trust --standing in_force --as-at 2026-11-22
    """
    from piagen.law.catalogue import load_catalogue
    from piagen.law.kinds import matches

    dated = load_catalogue().as_at(as_at)
    kinds = dated.catalogue.body_kinds
    found = list(dated.catalogue.gateways.values())
    fields = sorted({field for gateway in found for field in gateway.domains})
    if domain is not None and (domain := domain.replace("-", "_")) not in fields:
        says = f"“{shown(domain)}” is no field. Choose one of {', '.join(fields)}."
        raise click.BadParameter(says, param_hint="--domain")
    if kind_of_body is not None and kind_of_body not in kinds:
        says = f"“{shown(kind_of_body)}” is no kind of body. Choose one of {', '.join(kinds)}."
        raise click.BadParameter(says, param_hint="--kind-of-body")
    wanted = [
        g
        for g in found
        if (nation is None or nation in g.nations)
        and (domain is None or domain in g.domains)
        and (role is None or role == g.role)
        and (status is None or status == g.status)
        and (standing is None or standing == dated.standing(g.id))
        and (
            kind_of_body is None
            or matches(kinds, kind_of_body, (*g.discloser_kinds, *g.recipient_kinds))
        )
        and (contains is None or contains.casefold() in _text_of(g).casefold())
    ]
    if report == "json":
        told.echo_json(
            {"day": told.iso(as_at), "gateways": [told.gateway_as_json(g, dated) for g in wanted]}
        )
        return
    for gateway in wanted:
        stands = dated.standing(gateway.id).words
        click.echo(gateway.id)
        told.say(f"{gateway.title} ({told.words(gateway.role)}; {stands})", 2)
    click.echo(f"{len(wanted)} of {len(found)} gateways{told.on(as_at)}.")


@law.command()
@AS_AT
@REPORT
@click.argument("key")
def show(as_at: date | None, report: str, key: str) -> None:
    """Show what the catalogue holds on one gateway, instrument, provision or basis.

    The text is that of piagen explain; the JSON holds the fields of the catalogue.

    \b
    Examples:
      piagen law show cda-1998-s115
      piagen law show uk-gdpr/6/1/e --as-at today
    """
    from piagen.law.catalogue import load_catalogue
    from piagen.law.citation import UnknownCitation
    from piagen.pipeline.explain_law import of_law

    dated = load_catalogue().as_at(as_at)
    try:
        if report == "json":
            told.echo_json(told.entry_as_json(key, dated))
        else:
            click.echo("\n".join(explained(of_law(key, dated))))
    except UnknownCitation as error:
        raise click.BadParameter(shown(str(error), 300), param_hint="KEY") from error


@law.command()
@click.option(
    "--older-than",
    type=Age(),
    required=True,
    metavar="AGE",
    help="How long ago it was checked: 12m, 90d or 2y.",
)
@click.option(
    "--as-at",
    type=Day(),
    required=True,
    metavar="DAY",
    help="Count back from this day: 2026-11-22, or today.",
)
@REPORT
def stale(older_than: tuple[int, str], as_at: date, report: str) -> None:
    """List every entry that was checked too long ago, or on a day that nobody kept.

    It tells and does not fail: it ends with 0 whatever it finds.

    \b
    Example:
      piagen law stale --older-than 12m --as-at today
    """
    from piagen.law.catalogue import load_catalogue

    since = before(as_at, older_than)
    dated = load_catalogue().as_at(as_at)
    everything = list(_checked(dated))
    old = [row for row in everything if row[2].checked_on is None or row[2].checked_on < since]
    if report == "json":
        rows = [
            {"key": k, "title": t, "checked_on": told.iso(v.checked_on), "verified": v.state.value}
            for k, t, v in old
        ]
        told.echo_json({"day": as_at.isoformat(), "before": since.isoformat(), "entries": rows})
        return
    for key, title, verification in old:
        when = in_words(verification.checked_on) if verification.checked_on else "unknown"
        click.echo(f"{key}  checked: {when}")
        told.say(title, 2)
    click.echo(
        f"{len(old)} of {len(everything)} entries were checked before {in_words(since)}, or on no "
        f"known day. Counted back from {in_words(as_at)}."
    )


@law.command()
@click.option("--partner", metavar="ID", help="Only for this partner.")
@click.option("--purpose", metavar="ID", help="Only for this purpose.")
@click.option(
    "--all", "everything", is_flag=True, help="Tell all in full, and what was left out, and why."
)
@AS_AT
@REPORT
@click.argument("file", type=click.Path(path_type=Path, readable=False))
@click.pass_context
def suggest(
    context: click.Context,
    partner: str | None,
    purpose: str | None,
    everything: bool,
    as_at: date | None,
    report: str,
    file: Path,
) -> None:
    """Suggest powers for each partner and purpose of a project, with reasons and conditions.

    A suggestion is a place to start reading. Nothing is written into the answers.

    \b
    Examples:
      piagen law suggest project.json
      piagen law suggest --partner council --purpose safeguarding --all project.json
    """
    from piagen.law.catalogue import load_catalogue
    from piagen.law.sharing import pairs_of
    from piagen.law.suggestion import suggest_for

    try:
        project = _project(file, settings.of(context))
    except PiagenError as error:
        if report == "json":
            told.echo_json(output.error_as_json(error, file))
        else:
            click.echo(output.error_in_words(error, file), err=True)
        context.exit(ExitCode.UNUSABLE)
    _known(partner, [p.id for p in project.partners], "--partner")
    _known(purpose, [p.id for p in project.purposes], "--purpose")
    dated = load_catalogue().as_at(as_at or project.assessment.dated)
    found = [
        suggest_for(project, dated, *pair)
        for pair in pairs_of(project)
        if partner in (None, pair[0]) and purpose in (None, pair[1])
    ]
    if report == "json":
        listed = [told.suggestions_as_json(s, dated, everything) for s in found]
        told.echo_json(
            {"file": str(file), "usable": True, "day": told.iso(dated.day), "suggestions": listed}
        )
        return
    if not found:
        click.echo("Nobody sends or receives by a flow, or has a role, for what was asked.")
    for one in found:
        told.say_suggestions(one, project, dated, everything)
    click.echo(f"Read the law before you rely on it. It was read{told.on(dated.day)} here.")


def _project(path: Path, config: Config) -> Project:
    from piagen.domain.build import project_from
    from piagen.pipeline.assess import questionnaire
    from piagen.questionnaire.survey import survey

    answers = load_file(path, config).answers
    return project_from(survey(questionnaire(config), answers).visible)


def _known(id_: str | None, ids: list[str], option: str) -> None:
    if id_ is not None and id_ not in ids:
        says = f"“{shown(id_)}” is not in this project. It has: {', '.join(ids) or 'none yet'}."
        raise click.BadParameter(says, param_hint=option)


def _checked(dated: DatedLaw) -> Iterator[tuple[str, str, Verification]]:
    catalogue = dated.catalogue
    for gateway in catalogue.gateways.values():
        yield gateway.id, gateway.title, gateway.verification
    for family in catalogue.bases.values():
        for basis in family.values():
            yield basis.key, basis.name, basis.verification
    for instrument in catalogue.instruments.values():
        yield instrument.id, instrument.title, instrument.verification
        for provision in instrument.provisions.values():
            yield provision.key, provision.title, provision.verification


def _text_of(gateway: Gateway) -> str:
    words: Iterable[str | None] = (
        gateway.id,
        gateway.title,
        gateway.citation,
        gateway.purpose,
        gateway.conditions_or_limits,
        gateway.kinds_note,
        *gateway.who_may_share,
        *gateway.with_whom,
    )
    return " ".join(word for word in words if word)
