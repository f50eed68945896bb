"""Knows `piagen check`: is the shape right, what is missing or open, what is wrong or risky?"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from piagen.cli import fault, output, settings
from piagen.cli.days import AS_AT
from piagen.cli.files import FILES, load_file
from piagen.errors import ExitCode, PiagenError

if TYPE_CHECKING:
    from piagen.rules.engine import Finding


@click.command()
@click.option(
    "--report",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How the result is told.",
)
@click.option(
    "--severity",
    type=click.Choice(["error", "warning", "advice"]),
    default="advice",
    show_default=True,
    help="Tell findings of this weight and graver; the others are counted.",
)
@click.option("--rule", "only", multiple=True, metavar="ID", help="Tell findings of this rule.")
@AS_AT
@FILES
@click.pass_context
def check(
    context: click.Context,
    report: str,
    severity: str,
    only: tuple[str, ...],
    as_at: date | None,
    files: tuple[Path, ...],
) -> None:
    """Check answers: what is missing or open, what is wrong or risky, and why.

    Ends with 1 while an error stands, whether or not it is told.

    \b
    Examples:
      piagen check project.json
      piagen check --severity error --as-at today project.json
    """
    from piagen.pipeline.assess import check as look
    from piagen.rules.registry import rules

    for id_ in only:
        if id_ not in rules():
            raise click.BadParameter(f"“{id_}” is no rule; piagen explain lists them.")
    config = settings.of(context)
    status = ExitCode.DONE
    told = []
    for path in files:
        try:
            loaded = load_file(path, config)
            review = look(loaded, as_at=as_at, config=config)
            shown = told_of(review.findings, severity, only)
        except PiagenError as error:
            status = max(status, ExitCode.UNUSABLE)
            told.append(output.error_as_json(error, path))
            if report == "text":
                click.echo(output.error_in_words(error, path), err=True)
        except Exception as error:  # a fault of ours in one file does not cost the others
            if fault.nobody_can_write(error):
                raise
            status = ExitCode.FAULT
            click.echo(fault.report(error, path), err=True)
        else:
            if review.errors:
                status = max(status, ExitCode.FINDINGS)
            told.append(output.review_as_json(loaded.path, review, shown))
            if report == "text":
                click.echo(output.review_in_words(loaded.path, review, shown))
    if report == "json":
        click.echo(json.dumps({"files": told}, ensure_ascii=False, indent=2))
    context.exit(status)


def told_of(
    findings: tuple[Finding, ...], severity: str, only: tuple[str, ...]
) -> tuple[Finding, ...]:
    """Return the findings that are asked for."""
    from piagen.rules.rule import Severity

    return tuple(
        finding
        for finding in findings
        if finding.severity.rank <= Severity(severity).rank
        and (not only or finding.rule.id in only)
    )
