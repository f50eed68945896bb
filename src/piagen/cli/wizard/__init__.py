"""Knows `piagen new`: from nothing, or from a starter, to three drafts in one sitting."""

from __future__ import annotations

from pathlib import Path

import click

from piagen.cli import output, settings
from piagen.errors import ExitCode, ShapeErrors


@click.command()
@click.option(
    "--from", "starter", metavar="NAME", help="Begin with a starter; piagen starters lists them."
)
@click.option(
    "--read", is_flag=True, help="Only read the answers; somebody else may have them open."
)
@click.argument(
    "file", required=False, type=click.Path(path_type=Path, dir_okay=False, readable=False)
)
@click.pass_context
def new(context: click.Context, starter: str | None, read: bool, file: Path | None) -> None:
    """Answer the questionnaire here; saves as you go, and goes on where you stopped.

    \b
    Examples:
      piagen new project.json
      piagen new --from homelessness-duty-to-refer project.json
    """
    from piagen.cli.wizard.journey import Journey
    from piagen.cli.wizard.summary import say_answers, say_wrong
    from piagen.cli.wizard.terminal import Back, Stop, ToList, say, say_commands
    from piagen.pipeline.sitting import Sitting
    from piagen.pipeline.starting import begin

    config = settings.of(context)
    path = file or _asked_for()
    try:
        sitting = Sitting.open(path, hold=not read, config=config)
    except ShapeErrors as error:
        click.echo(output.error_in_words(error, path), err=True)
        context.exit(error.exit_code)
    journey = Journey(sitting, config, questionnaire=sitting.asked)
    try:
        if read:
            say_wrong(journey)
            say_answers(journey)
            return
        if sitting.is_new:
            answers = begin(starter, config)
            if len(answers) > 1:
                sitting.save(answers)
        elif starter:
            says = f"{sitting.path} has answers already. Give --from the name of a new file."
            raise click.UsageError(says)
        say("Type your answer and press Enter; it is saved at once. At any question you can type:")
        say_commands("  ")
        say_wrong(journey)
        journey.run()
    except (click.Abort, KeyboardInterrupt):
        say()
        journey.say_how_to_go_on()
        context.exit(ExitCode.INTERRUPTED)
    except (Stop, Back, ToList):
        journey.say_how_to_go_on()
    finally:
        sitting.close()


def _asked_for() -> Path:
    """Ask where to keep the answers."""
    from piagen.cli.wizard.terminal import NotUnderstood, Stop, say, typed

    say("In which file do you want to keep the answers? For example project.json")
    while True:
        try:
            if found := typed(known=(":save",)):
                return Path(found).expanduser()
        except NotUnderstood as error:
            say(f"  {error}")
        except Stop:
            raise click.Abort from None
