"""Knows `piagen check`: is the shape right, what is missing, what is open?"""

from __future__ import annotations

import json
from pathlib import Path

import click

from piagen.cli import fault, output
from piagen.cli.files import FILES, load_file
from piagen.errors import ExitCode, PiagenError


@click.command()
@click.option(
    "--report",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How the result is told.",
)
@FILES
@click.pass_context
def check(context: click.Context, report: str, files: tuple[Path, ...]) -> None:
    """Check answers: what has the wrong shape, what is missing, what is open.

    \b
    Example:
      piagen check project.json
    """
    from piagen.pipeline.assess import check as look

    status = ExitCode.DONE
    told = []
    for path in files:
        try:
            loaded = load_file(path)
            review = look(loaded)
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
            told.append(output.review_as_json(loaded.path, review))
            if report == "text":
                click.echo(output.review_in_words(loaded.path, review))
    if report == "json":
        click.echo(json.dumps({"files": told}, ensure_ascii=False, indent=2))
    context.exit(status)
