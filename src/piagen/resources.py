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
