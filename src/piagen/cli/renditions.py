"""Knows the options that say which documents to make, and how: `render` and `batch` share them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, get_args

import click

from piagen.rendering.rendition import Edition, Format, Language

Command = TypeVar("Command", bound=Callable[..., object])

_OPTIONS = (
    click.option(
        "--document",
        default="needed",
        show_default=True,
        metavar="NAME",
        help="needed, all, or one by name: pia, protocol, agreement, card, blank_agreement.",
    ),
    click.option(
        "--format",
        type=click.Choice(get_args(Format)),
        default="pdf",
        show_default=True,
        help="The kind of file.",
    ),
    click.option(
        "--edition",
        type=click.Choice(get_args(Edition)),
        default="full",
        show_default=True,
        help="Everything, or what may be published: named staff, security detail and what the "
        "answers withhold are left out.",
    ),
    click.option(
        "--language",
        type=click.Choice(get_args(Language)),
        default="en",
        show_default=True,
        help="Of the fixed text: English, or Welsh as a draft. Answers keep their own.",
    ),
)


def RENDITION(command: Command) -> Command:  # noqa: N802 - stands in a row with AS_AT and FILES
    """Add the options to a command, in this order."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command
