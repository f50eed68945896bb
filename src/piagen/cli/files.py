"""Knows how a command is given answers files: paths, or `-` for standard input."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from piagen.errors import UnusableFile

if TYPE_CHECKING:
    from piagen.config import Config
    from piagen.pipeline.assess import Loaded

FILES = click.argument(
    "files",
    nargs=-1,
    required=True,
    metavar="FILE...",
    type=click.Path(path_type=Path, readable=False),  # one that is not does not stop the others
)


def load_file(path: Path, config: Config | None = None) -> Loaded:
    """Load one answers file.

    Args:
        path: the file, or `-` for standard input.
        config: what the organisation has set: it may ask questions of its own.

    Raises:
        UnusableOverlay: something in the organisation's overlay is wrong.
        UnusableFile: it cannot be read, is not strict JSON, or is of another format version.
        ShapeErrors: answers have the wrong shape.
    """
    from piagen.pipeline.answers import MOST_BYTES
    from piagen.pipeline.assess import load, load_bytes

    if str(path) != "-":
        return load(path, config)
    name = Path("standard input")
    try:
        content = sys.stdin.buffer.read(MOST_BYTES + 1)
    except (AttributeError, OSError) as error:  # it is closed, or broke off
        raise UnusableFile(name, "this cannot be read. Pipe a file of answers into it.") from error
    return load_bytes(content, name, config)
