"""Knows where the folders that ship with piagen are: beside the code, or in a checkout."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

Kind = Literal["templates", "questionnaires", "examples"]


def shipped(kind: Kind) -> Path:
    """Return the shipped `kind` folder: beside the code in a wheel, at the root of a checkout.

    Raises:
        FileNotFoundError: piagen was installed without the folder, or runs from inside a zip.
    """
    here = Path(__file__).resolve().parent
    for home in (here, here.parents[1]):
        folder = home / kind
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"piagen is installed without its {kind}/ folder; reinstall it.")


def told(file: Path, roots: tuple[Path, ...]) -> str:
    """Return a template file's name within its folder, after its layer: `northshire/templates/x`.

    A message may be passed on, so it does not tell where on somebody's disk a folder is.

    Args:
        file: of one of the folders.
        roots: the template folders.
    """
    for root in roots:
        if file.is_relative_to(root):
            layer = [] if root == shipped("templates") else [root.parent.name, root.name]
            return Path(*layer, file.relative_to(root)).as_posix()
    return file.name
