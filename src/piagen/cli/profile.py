"""Knows `piagen profile`: what an organisation answers once, for all its projects."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from piagen.errors import ExitCode

if TYPE_CHECKING:
    from piagen.cli.wizard.journey import Journey


@click.command()
@click.option("--read", is_flag=True, help="Only show the profile.")
@click.pass_context
def profile(context: click.Context, read: bool) -> None:
    """Answer once what is the same in all your projects; saves as you go into piagen.toml.

    The file is the one of --config or PIAGEN_CONFIG, or the nearest piagen.toml upwards; without
    one, a new piagen.toml in this folder. Everything else in it stays.

    \b
    Examples:
      piagen profile
      piagen --config council.toml profile --read
    """
    from piagen.cli.wizard.journey import Journey
    from piagen.cli.wizard.summary import say_answers
    from piagen.cli.wizard.terminal import Stop, say, say_command
    from piagen.config import NAME, Config, find
    from piagen.pipeline.profile import ProfileSitting, form

    root = context.find_root()
    path: Path = root.params.get("settings") or find(Path.cwd()) or Path(NAME)
    if root.params.get("verbose"):
        click.echo(f"Settings: {path}", err=True)
    sitting = ProfileSitting.open(path)
    journey = Journey(sitting, Config(path=path), questionnaire=form(), is_profile=True)
    status = ExitCode.DONE
    try:
        if read:
            if sitting.is_new:
                say(f"{path} holds no profile yet. piagen profile asks for it.")
            say_answers(journey)
            return
        say(f"The profile is kept in {path}; each answer is saved at once.")
        say("Press Enter to leave one out. Type ? for help, :back to go back, :save to stop.")
        _ask(journey)
    except (click.Abort, KeyboardInterrupt, EOFError):
        say()
        status = ExitCode.INTERRUPTED
    except Stop:
        pass
    if sitting.is_new:
        say("Nothing was answered, so nothing was saved.")
    else:
        say(f"Saved in {path}. A new project begins with it:")
        say_command("piagen new project.json")
        if root.params.get("settings"):
            say_command(f"piagen --config {shlex.quote(str(path))} new project.json")
    context.exit(status)


def _ask(journey: Journey) -> None:
    """Ask what was not asked yet, then show all of it until nothing is to be changed.

    Raises:
        Stop: somebody chose to stop.
        click.Abort: the input ended, or Ctrl-C was pressed.
    """
    from piagen.cli.wizard.summary import say_answers
    from piagen.cli.wizard.terminal import Back, ToList, choose, say
    from piagen.questionnaire.walk import walk

    journey.passed.add("partners another")  # a profile is of one organisation
    sections = journey.questionnaire.sections
    start = walk(journey.questionnaire, journey.answers, journey.passed)
    try:
        for section in sections[start.number - 1 :] if start else ():
            journey.section(section)
    except ToList:
        pass
    while True:
        numbers = say_answers(journey)
        word = choose("Type a number to change what stands there, or press Enter to end.")
        try:
            if word == "":
                return
            if word in numbers:
                journey.open_at(numbers[word])
            else:
                say("  Type a number from the list, or press Enter to end.")
        except (Back, ToList):
            continue
