"""Knows how templates are found and run: autoescaped, and strict about names they do not have."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from piagen.rendering.wording import day


@cache
def environment(roots: tuple[Path, ...]) -> Environment:
    """Return the environment for these template folders; an earlier folder wins."""
    made = Environment(
        loader=FileSystemLoader([str(root) for root in roots]),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["day"] = day
    return made
