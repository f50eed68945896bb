"""Knows `piagen render`: answers in, documents out."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from piagen.cli import fault, output, settings
from piagen.cli.days import AS_AT
from piagen.cli.files import FILES, load_file
from piagen.cli.renditions import RENDITION
from piagen.errors import MOST_OF_A_PATH, CannotWrite, ExitCode, PiagenError, shown

if TYPE_CHECKING:
    from piagen.config import Config
    from piagen.pipeline.assess import Loaded, Review
    from piagen.rendering.rendition import Edition, Format, Language


@click.command()
@click.option(
    "-o",
    "--output",
    "folder",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder for the documents; it is made if need be.",
)
@RENDITION
@AS_AT
@FILES
@click.pass_context
def render(
    context: click.Context,
    folder: Path,
    document: str,
    format: Format,
    edition: Edition,
    language: Language,
    as_at: date | None,
    files: tuple[Path, ...],
) -> None:
    """Render the documents of each answers file.

    While an error stands they are drafts, and the command ends with 1; piagen check tells why.

    \b
    Example:
      piagen render -o documents project.json
    """
    from piagen.pipeline.assess import check as look

    config = settings.of(context)
    wanted = documents_wanted(document, config)
    status = ExitCode.DONE
    taken: dict[Path, Path] = {}
    for path in files:
        try:
            loaded = load_file(path, config)
            review = look(loaded, as_at=as_at, config=config)
            if edition == "published":
                _warn_of_repeats(loaded, config)
            if format == "pdf":  # others are shown with the fonts of whoever reads them
                _warn(loaded, review)
            write_documents(
                loaded,
                wanted,
                format,
                folder,
                taken,
                edition=edition,
                language=language,
                as_at=as_at,
                config=config,
            )
            if review.errors:
                status = max(status, ExitCode.FINDINGS)
                click.echo(output.drafts_in_words(loaded.path, review), err=True)
        except PiagenError as error:
            status = max(status, ExitCode.UNUSABLE)
            click.echo(output.error_in_words(error, path), err=True)
        except Exception as error:  # a fault of ours in one file does not cost the others
            if fault.nobody_can_write(error):
                raise
            status = ExitCode.FAULT
            click.echo(fault.report(error, path), err=True)
    context.exit(status)


def write_documents(
    loaded: Loaded,
    wanted: Sequence[str] | None,
    format: Format,
    folder: Path,
    taken: dict[Path, Path] | None = None,
    *,
    edition: Edition = "full",
    language: Language = "en",
    as_at: date | None = None,
    config: Config | None = None,
) -> None:
    """Render and write each document, and print where it is.

    Args:
        loaded: a project.
        wanted: ids of documents; None for those that the project needs.
        format: the kind of file.
        folder: where to.
        taken: what was written in this run and from which answers; this is added to it.
        edition: for whom.
        language: of the fixed text.
        as_at: the day on which the law is read; None for the assessment's own date.
        config: what the organisation has set.

    Raises:
        CannotWrite: the folder or disk does not let us, or another project took the name.
        Unpublishable: `withheld` names a place that is not there.
        Leaked: a text that is withheld stands in what was to be published.
    """
    from piagen.pipeline.documents import render as documents_of
    from piagen.pipeline.whole import write_whole

    taken = {} if taken is None else taken
    made = documents_of(
        loaded,
        wanted,
        format=format,
        edition=edition,
        language=language,
        as_at=as_at,
        config=config,
    )
    for document in made:
        target = folder / document.filename
        first = taken.setdefault(target, loaded.path)
        if first.resolve() != loaded.path.resolve():
            says = f"{first} has written this already. Give one of the two another reference."
            raise CannotWrite(target, shown(says, MOST_OF_A_PATH))
        write_whole(target, document.content)
        click.echo(os.fsencode(target))


def _warn(loaded: Loaded, review: Review) -> None:
    """Say which characters the PDF will not show."""
    if review.unprintable:
        click.echo(output.warnings_in_words(loaded.path, review.unprintable), err=True)


def _warn_of_repeats(loaded: Loaded, config: Config) -> None:
    """Say which withheld texts stand in an answer that is published."""
    from piagen.pipeline.publish import repeated

    for withheld, published in repeated(loaded, config).items():
        most = 3
        places = ", ".join(published[:most])
        more = f" and {len(published) - most:,} more" if len(published) > most else ""
        says = f"the text of {withheld} is withheld, but these are published and hold it: {places}"
        click.echo(f"{shown(str(loaded.path), MOST_OF_A_PATH)}: {says}{more}.", err=True)


def documents_wanted(document: str, config: Config | None = None) -> Sequence[str] | None:
    """Return the documents asked for; None lets the project decide."""
    from piagen.pipeline.documents import documents, template_roots

    there = tuple(documents(template_roots(config)))
    if document == "needed":
        return None
    if document == "all":
        return there
    if document not in there:
        known = ", ".join(("needed", "all", *there))
        raise click.BadParameter(f"“{document}” is no document. Choose one of {known}.")
    return (document,)
