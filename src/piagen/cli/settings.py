"""Knows which `piagen.toml` a run uses: --config, then PIAGEN_CONFIG, then the nearest upwards."""

from __future__ import annotations

from pathlib import Path

import click

from piagen.config import Config, find, read

CONFIG = click.option(
    "--config",
    "settings",
    envvar="PIAGEN_CONFIG",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The organisation's piagen.toml; without it, the nearest one upwards is used.",
)
VERBOSE = click.option("--verbose", is_flag=True, help="Say which piagen.toml is used.")


def of(context: click.Context) -> Config:
    """Return what the organisation has set, read once in a run.

    Raises:
        UnusableConfig: the file cannot be used.
    """
    group = context.find_root()
    if not isinstance(group.obj, Config):
        path = group.params.get("settings") or find(Path.cwd())
        if group.params.get("verbose"):
            click.echo(f"Settings: {path or 'no piagen.toml'}", err=True)
        group.obj = read(path) if path else Config()
    return group.obj
