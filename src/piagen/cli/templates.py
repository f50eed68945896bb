"""Knows `piagen templates`: which file a document is made from, and how to begin one's own."""

from __future__ import annotations

import json

import click

from piagen.cli import settings


@click.group()
def templates() -> None:
    """Look at the templates, and copy one into an overlay."""


@templates.command("list")
@click.option(
    "--report",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How the result is told.",
)
@click.option("--own", is_flag=True, help="Only files that an overlay has.")
@click.pass_context
def list_(context: click.Context, report: str, own: bool) -> None:
    """List the files that documents are made from, and which layer each comes from.

    \b
    Examples:
      piagen templates list
      piagen templates list --own
    """
    from piagen.pipeline.overlay import LAYER, layers

    told = [file for file in layers(settings.of(context)) if not own or file.layers[0] != LAYER]
    if report == "json":
        files = [
            {"file": file.name, "layer": file.layers[0], "replaces": list(file.layers[1:])}
            for file in told
        ]
        click.echo(json.dumps({"files": files}, ensure_ascii=False, indent=2))
        return
    width = max((len(file.name) for file in told), default=0)
    for file in told:
        click.echo(f"{file.name:{width}}  {file.layers[0]}{_replaced(file.layers[1:])}")


def _replaced(layers: tuple[str, ...]) -> str:
    return f", in place of {' and '.join(layers)}" if layers else ""


@templates.command()
@click.argument("file")
@click.pass_context
def eject(context: click.Context, file: str) -> None:
    """Copy one shipped file into your overlay, to start from; it never overwrites.

    Often a few lines are enough, and stay right when piagen changes: see docs/overlays.md.

    \b
    Example:
      piagen templates eject agreement/clauses/security.html.j2
    """
    from piagen.pipeline.overlay import eject as copied

    click.echo(copied(settings.of(context), file))
