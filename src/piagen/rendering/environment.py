"""Knows how templates are found and run: autoescaped, strict about names, in a sandbox."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from piagen.rendering.wording import day


@cache
def environment(roots: tuple[Path, ...]) -> SandboxedEnvironment:
    """Return the environment for these template folders; an earlier folder wins.

    Templates of an organisation run too: the sandbox keeps them from names with an underscore, and
    so from Python itself. Jinja's own globals are taken away, so that `DocumentContext` is all.
    """
    made = SandboxedEnvironment(
        loader=FileSystemLoader([str(root) for root in roots]),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.clear()
    made.filters["day"] = day
    return made
