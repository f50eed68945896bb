"""Knows `piagen starters`: the common services that a project can begin from."""

from __future__ import annotations

import json
import shutil
import sys
import textwrap

import click

NARROWEST = 20
"""Columns that lines are wrapped to, however narrow the terminal is."""


@click.command()
@click.option(
    "--report",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How the list is told.",
)
def starters(report: str) -> None:
    """List the starters: what is usual in a common service, for you to check and change.

    \b
    Example:
      piagen starters
      piagen new --from homelessness-duty-to-refer project.json
    """
    from piagen.pipeline.starting import starters as known

    if report == "json":
        told = [{"name": s.name, "title": s.title, "about": s.about} for s in known().values()]
        click.echo(json.dumps({"starters": told}, ensure_ascii=False, indent=2))
        return
    for starter in known().values():
        line = f"{starter.name}: {starter.about}"
        click.echo(_wrapped(line) if sys.stdout.isatty() else line)


def _wrapped(line: str) -> str:
    """Break a line between words, to the width of the terminal; in a pipe it stays one line."""
    width = max(NARROWEST, shutil.get_terminal_size().columns)
    return textwrap.fill(
        line, width, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
    )
