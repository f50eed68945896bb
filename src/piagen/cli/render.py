"""Knows `piagen render`: answers in, documents out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from piagen.cli import output
from piagen.cli.files import FILES, load_file
from piagen.errors import ExitCode, PiagenError

if TYPE_CHECKING:
    from piagen.pipeline.assess import Loaded
    from piagen.rendering.context import Format

FORMATS: tuple[Format, ...] = ("pdf", "html")


@click.command()
@click.option(
    "-o",
    "--output",
    "folder",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder for the documents; it is made if need be.",
)
@click.option(
    "--document",
    default="needed",
    show_default=True,
    metavar="NAME",
    help="needed, all, or one by name: pia, protocol, agreement.",
)
@click.option(
    "--format",
    type=click.Choice(FORMATS),
    default="pdf",
    show_default=True,
    help="The kind of file.",
)
@FILES
@click.pass_context
def render(
    context: click.Context, folder: Path, document: str, format: Format, files: tuple[Path, ...]
) -> None:
    """Render the documents of each answers file.

    \b
    Example:
      piagen render -o documents project.json
    """
    wanted = _wanted(document)
    status = ExitCode.DONE
    for path in files:
        try:
            write_documents(load_file(path), wanted, format, folder)
        except PiagenError as error:
            status = ExitCode.UNUSABLE
            click.echo(output.error_in_words(error, path), err=True)
    context.exit(status)


def write_documents(
    loaded: Loaded, wanted: Sequence[str] | None, format: Format, folder: Path
) -> None:
    """Render and write each document, and print where it is.

    Raises:
        CannotWrite: the folder or disk does not let us.
    """
    from piagen.pipeline.answers import write_whole
    from piagen.pipeline.documents import render as documents_of

    for document in documents_of(loaded, wanted, format=format):
        target = folder / document.filename
        write_whole(target, document.content)
        click.echo(target)


def _wanted(document: str) -> Sequence[str] | None:
    """Return the documents asked for; None lets the project decide."""
    from piagen.pipeline.documents import documents

    there = tuple(documents())
    if document == "needed":
        return None
    if document == "all":
        return there
    if document not in there:
        known = ", ".join(("needed", "all", *there))
        raise click.BadParameter(f"“{document}” is no document. Choose one of {known}.")
    return (document,)
