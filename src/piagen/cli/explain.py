"""Knows `piagen explain`: a rule, an entry of the law, a kind of body or a question, in words."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING

import click

from piagen.cli import settings
from piagen.cli.days import Day
from piagen.cli.law_told import WIDTH, echo_json

if TYPE_CHECKING:
    from piagen.pipeline.explanation import Explanation


@click.command()
@click.option(
    "--report",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How it is told.",
)
@click.option(
    "--as-at",
    type=Day(),
    metavar="DAY",
    help="Say how the law stands on this day: 2026-11-22, or today.",
)
@click.argument("id_", metavar="[ID]", required=False)
@click.pass_context
def explain(context: click.Context, report: str, as_at: date | None, id_: str | None) -> None:
    """Explain a rule, an entry of the law or a question: what, why, which law, what to do.

    The ID is that of a rule, a gateway, a basis, a provision, an Act or guidance, a kind of body,
    or the path of a question. Without one, the rules are listed. A rule weighs what your
    piagen.toml makes of it.

    \b
    Examples:
      piagen explain GW001
      piagen explain legal_basis[].article_9
      piagen explain cda-1998-s115
      piagen explain uk-gdpr/6/1/e --as-at today
    """
    from piagen.law.catalogue import load_catalogue
    from piagen.pipeline.assess import severities_of
    from piagen.pipeline.explain import NothingToExplain
    from piagen.pipeline.explain import explain as told
    from piagen.rules.registry import rules

    moved = severities_of(settings.of(context))
    if id_ is None:
        listed = [
            (rule.id, str(moved.get(rule.id, rule.severity)), rule.title)
            for rule in rules().values()
        ]
        if report == "json":
            keys = ("id", "severity", "title")
            echo_json({"rules": [dict(zip(keys, row, strict=True)) for row in listed]})
            return
        for number, severity, title in listed:
            click.echo(f"{number}  {severity:<7}  {title}")
        return
    try:
        explanation = told(id_, load_catalogue().as_at(as_at), moved)
    except NothingToExplain as error:
        raise click.BadParameter(str(error), param_hint="ID") from error
    if report == "json":
        echo_json(asdict(explanation))
    else:
        click.echo("\n".join(in_words(explanation)))


def in_words(explanation: Explanation) -> Iterator[str]:
    """Yield the lines of an explanation, at most 80 characters wide."""
    yield from textwrap.wrap(f"{explanation.id}  {explanation.title}", WIDTH)
    for part in explanation.parts:
        yield ""
        yield part.label
        for line in part.lines:
            yield from textwrap.wrap(
                line,
                WIDTH,
                initial_indent="  ",
                subsequent_indent="  ",
                break_long_words=False,
                break_on_hyphens=False,
            )
