"""Knows the command line: words in, words out.

Nothing heavy is imported until a command runs, so that `piagen --help` answers at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

import click

from piagen.cli import (
    batch,
    check,
    demo,
    explain,
    extract,
    fault,
    law,
    output,
    profile,
    questionnaire,
    render,
    starters,
    templates,
    wizard,
)
from piagen.cli.settings import CONFIG, VERBOSE
from piagen.errors import ExitCode, PiagenError
from piagen.version import VERSION

EXIT_CODES = """\b
Exit codes:
  0    done; gaps alone make a draft, and are fine
  1    an error finding stands; documents asked for are written, as drafts
  2    the command line is wrong
  3    an input, questionnaire or template cannot be used
  4    a fault in piagen
  130  interrupted; what was finished is whole
"""


class Piagen(click.Group):
    """The command, with one place where every error is worded and given its exit code."""

    def main(  # type: ignore[override]
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        **extra: Any,  # noqa: ANN401 - click's own
    ) -> NoReturn:
        """Run a command and exit; nothing a user can mend ends in a traceback."""
        extra["standalone_mode"] = False
        try:
            status = super().main(args, prog_name, **extra)
        except click.ClickException as error:
            error.show()
            status = error.exit_code
        except (click.Abort, KeyboardInterrupt):
            click.echo("Stopped. What was finished is whole.", err=True)
            status = ExitCode.INTERRUPTED
        except PiagenError as error:
            click.echo(output.error_in_words(error), err=True)
            status = error.exit_code
        except BrokenPipeError:
            status = ExitCode.DONE
        except Exception as error:  # the last resort: a fault becomes a report
            if fault.nobody_can_write(error):
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
                click.echo("Nothing more can be written: the disk is full. Make room.", err=True)
                sys.exit(int(ExitCode.UNUSABLE))
            click.echo(fault.report(error), err=True)
            status = ExitCode.FAULT
        sys.exit(int(status or ExitCode.DONE))


@click.group(
    cls=Piagen, epilog=EXIT_CODES, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(VERSION, prog_name="piagen")
@CONFIG
@VERBOSE
def piagen(settings: Path | None, verbose: bool) -> None:
    """Write a privacy impact assessment, an information sharing protocol and an agreement.

    One set of answers, three documents. Start with: piagen new project.json
    """


for command in (
    wizard.new,
    profile.profile,
    starters.starters,
    check.check,
    explain.explain,
    render.render,
    batch.batch,
    extract.extract,
    demo.demo,
    questionnaire.questionnaire,
    templates.templates,
    law.law,
):
    piagen.add_command(command)


def main() -> None:
    """Run the command line."""
    piagen.main(prog_name="piagen")
