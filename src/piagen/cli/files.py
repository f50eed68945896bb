"""Knows how a command is given answers files: paths, or `-` for standard input."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from piagen.pipeline.assess import Loaded

FILES = click.argument(
    "files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path)
)


def load_file(path: Path) -> Loaded:
    """Load one answers file.

    Raises:
        UnusableFile: it cannot be read, is not strict JSON, or is of another format version.
        ShapeErrors: answers have the wrong shape.
    """
    from piagen.pipeline.assess import load, load_bytes

    if str(path) == "-":
        return load_bytes(sys.stdin.buffer.read(), Path("standard input"))
    return load(path)
