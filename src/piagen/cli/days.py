"""Knows how a command is given the day on which the law is read; `today` is piagen's only clock."""

from __future__ import annotations

from datetime import date

import click

from piagen.domain.days import in_words


class Day(click.ParamType[date]):
    """A day, as 2026-11-22, or the word `today`, which says on standard error which day it was."""

    name = "day"

    def convert(
        self, value: str | date, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        """Return the day, or fail with a message that says how to write one."""
        if isinstance(value, date):
            return value
        if value == "today":
            day = date.today()
            click.echo(f"Today is {in_words(day)}.", err=True)
            return day
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"“{value}” is no day. Write it as 2026-11-22, or write today.", param, ctx)


AS_AT = click.option(
    "--as-at",
    type=Day(),
    metavar="DAY",
    help="Read the law on this day (2026-11-22, or today) instead of the assessment's own date.",
)
