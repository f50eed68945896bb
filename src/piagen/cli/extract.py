"""Knows `piagen extract`: a PDF in, the answers out that it was made from."""

from __future__ import annotations

import sys
import textwrap
from datetime import date
from pathlib import Path

import click

from piagen.cli import settings
from piagen.cli.days import AS_AT
from piagen.errors import CannotWrite, ExitCode, UnusableFile


@click.command()
@click.option(
    "-o",
    "--output",
    "target",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The answers file to write; without it, the answers go to standard output.",
)
@AS_AT
@click.argument(
    "file", metavar="FILE", type=click.Path(path_type=Path, readable=False, dir_okay=False)
)
@click.pass_context
def extract(context: click.Context, target: Path | None, as_at: date | None, file: Path) -> None:
    """Take the answers out of an assessment in PDF, and say whether it is what they give.

    The full edition of the assessment carries them. It is made again with the same settings to see
    whether it has been changed: the command ends with 1 unless every byte is the same.

    \b
    Example:
      piagen extract -o project.json documents/early-help_pia_v1.0.pdf
    """
    from piagen.pipeline.extract import Verdict, answers_in, judge
    from piagen.pipeline.whole import write_whole
    from piagen.version import VERSION

    config = settings.of(context)
    found = answers_in(file, _standard_input() if str(file) == "-" else None, config)
    if target is None:
        click.echo(found.content, nl=False)
    elif target.exists() or target.is_symlink():
        says = "there is a file already, and it is kept. Give another name."
        raise CannotWrite(target, says)
    else:
        write_whole(target, found.content, 0o600)
        click.echo(f"The answers are in {target}.", err=True)
    verdict = judge(found, as_at=as_at, config=config)
    made_by = found.made_by or "a program that it does not name"
    told = verdict.means.format(made_by=made_by, version=VERSION)
    click.echo(textwrap.fill(told, 96), err=True)
    context.exit(ExitCode.DONE if verdict is Verdict.SAME else ExitCode.FINDINGS)


def _standard_input() -> bytes:
    from piagen.pipeline.extract import MOST_BYTES_OF_A_PDF

    try:
        return sys.stdin.buffer.read(MOST_BYTES_OF_A_PDF + 1)
    except (AttributeError, OSError) as error:  # it is closed, or broke off
        says = "this cannot be read. Pipe a PDF into it."
        raise UnusableFile("standard input", says) from error
