"""Knows which `piagen.toml` a run uses: --config, then PIAGEN_CONFIG, then the nearest upwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pathlib import Path

    from piagen.config import Config


def _path(_: click.Context, __: click.Parameter, value: str | None) -> Path | None:
    from pathlib import Path

    return Path(value) if value else None


CONFIG = click.option(
    "--config",
    "settings",
    envvar="PIAGEN_CONFIG",
    type=click.Path(dir_okay=False),
    callback=_path,
    help="The organisation's piagen.toml; without it, the nearest one upwards is used.",
)
VERBOSE = click.option("--verbose", is_flag=True, help="Say which piagen.toml is used.")


def of(context: click.Context) -> Config:
    """Return what the organisation has set, read once in a run.

    Raises:
        UnusableConfig: the file cannot be used.
    """
    from pathlib import Path

    from piagen.config import Config, find, read

    group = context.find_root()
    if not isinstance(group.obj, Config):
        path = group.params.get("settings") or find(Path.cwd())
        if group.params.get("verbose"):
            click.echo(f"Settings: {path or 'no piagen.toml'}", err=True)
        group.obj = read(path) if path else Config()
    return group.obj
