"""Knows `piagen starters`: the common services that a project can begin from."""

from __future__ import annotations

import json

import click


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
        click.echo(f"{starter.name}: {starter.about}")
