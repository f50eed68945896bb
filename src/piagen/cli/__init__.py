"""Knows the command line: words in, words out.

Nothing heavy is imported until a command runs, so that `piagen --help` answers at once.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, NoReturn

import click

from piagen.cli.settings import CONFIG, VERBOSE
from piagen.version import VERSION

if TYPE_CHECKING:
    from pathlib import Path

COMMANDS: Mapping[str, str] = {
    "new": "Answer the questionnaire here; saves as you go, and goes on where you stopped.",
    "profile": (
        "Answer once what is the same in all your projects; saves as you go into piagen.toml."
    ),
    "starters": (
        "List the starters: what is usual in a common service, for you to check and change."
    ),
    "check": "Check answers: what is missing or open, what is wrong or risky, and why.",
    "explain": (
        "Explain a rule, an entry of the law or a question: what, why, which law, what to do."
    ),
    "render": "Render the documents of each answers file.",
    "batch": "Make the documents of many projects, each once.",
    "extract": (
        "Take the answers out of an assessment in PDF, and say whether it is what they give."
    ),
    "demo": "Copy an example project and render its documents.",
    "questionnaire": "Look at the questionnaire itself.",
    "templates": "Look at the templates, and copy one into an overlay.",
    "law": "Look at the law catalogue: list, show, what is stale, and what fits a project.",
}
"""What `piagen --help` says of each command. The module of the same name is imported when the
command runs; a test keeps these lines and its own help the same."""
_MODULES = {"new": "wizard"}
"""Commands whose module has another name."""

_A_DOCUMENT = 100_000
"""Objects that a document leaves behind. What a command loads stays: looking through it after each
few hundred objects, as Python does, takes an eighth of the time of `piagen check`."""

EXIT_CODES = """\b
Exit codes (piagen batch --help tells its own):
  0    done; gaps alone make a draft, and are fine
  1    an error finding stands; documents asked for are written, as drafts
  2    the command line is wrong
  3    an input, questionnaire or template cannot be used
  4    a fault in piagen
  130  interrupted; what was finished is whole
"""


class Piagen(click.Group):
    """The command, with one place where every error is worded and given its exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command; its module is imported now."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"piagen.cli.{_MODULES.get(cmd_name, cmd_name)}")
        command: click.Command = getattr(module, cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what each command is for, without importing it."""
        names = self.list_commands(ctx)
        room = formatter.width - 6 - max(map(len, names))
        with formatter.section("Commands"):
            formatter.write_dl(
                [
                    (name, click.Command(name, help=COMMANDS[name]).get_short_help_str(room))
                    for name in names
                ]
            )

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
            status = 130
        except BrokenPipeError:
            status = 0
        except Exception as error:
            status = _told(error)
        sys.exit(int(status or 0))


def _told(error: Exception) -> int:
    """Word an error, and return the exit code; what nobody foresaw becomes a report."""
    from piagen.cli import fault, output
    from piagen.errors import ExitCode, PiagenError

    if isinstance(error, PiagenError):
        click.echo(output.error_in_words(error), err=True)
        return error.exit_code
    if fault.nobody_can_write(error):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        click.echo("Nothing more can be written: the disk is full. Make room.", err=True)
        return ExitCode.UNUSABLE
    click.echo(fault.report(error), err=True)
    return ExitCode.FAULT


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


def main() -> None:
    """Run the command line."""
    gc.set_threshold(_A_DOCUMENT, 10, 10)
    try:
        piagen.main(prog_name="piagen")
    finally:
        gc.freeze()  # Python looks through all memory once more as it ends, and finds nothing
