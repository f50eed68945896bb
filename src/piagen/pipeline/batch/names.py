"""Knows what the folder of a project is called: safe on every system, and its own."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

from piagen.pipeline.batch.sources import Input
from piagen.pipeline.documents import slug

RESERVED = frozenset(
    {"con", "prn", "aux", "nul"}
    | {f"{port}{number}" for port in ("com", "lpt") for number in range(10)}
)
"""Names that Windows keeps for devices; a folder of that name could not be opened there."""

Holder = Callable[[str], str | None]
"""Gives the key of the input to which a former run gave a folder; None if it gave it to nobody."""


class Claims:
    """Gives each input a folder of its own.

    The first of two with the same reference has the plain name, the second one with a few figures
    of its key. What a former run gave to an input that is still there stays with it.
    """

    def __init__(self, holder: Holder) -> None:
        """Begin with what a former run gave."""
        self._holder = holder
        self._taken: dict[str, str] = {}

    def claim(self, given: Input, former: str | None) -> str:
        """Return the folder for an input.

        Args:
            given: the input.
            former: the folder that a former run gave it.
        """
        plain = folder_name(given)
        own = f"{plain}-{_figures(given.key)}"
        if former in (plain, own) and self._taken.get(former, given.key) == given.key:
            chosen = former
        elif plain in self._taken or self._is_held(plain, given.key):
            chosen = own
        else:
            chosen = plain
        self._taken[chosen] = given.key
        return chosen

    def _is_held(self, name: str, key: str) -> bool:
        holder = self._holder(name)
        return holder is not None and holder != key and _is_there(holder)


def folder_name(given: Input) -> str:
    """Return the reference, or else the name of the input, as a folder may be called."""
    name = reference(given.content) or given.stem
    plain = slug(name)
    return f"{plain}-{_figures(name)}" if plain in RESERVED else plain


def reference(content: bytes) -> str | None:
    """Return the reference in answers that nobody has checked yet; None without one."""
    try:
        match json.loads(content):
            case {"assessment": {"reference": str(text)}} if text.strip():
                return text
    except (ValueError, RecursionError):
        pass
    return None


def _figures(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def _is_there(key: str) -> bool:
    """Whether the file of an input is there; the place in a list is no part of its name."""
    name, _, number = key.rpartition(":")
    try:
        return Path(key).exists() or (number.isdigit() and Path(name).exists())
    except (OSError, ValueError):  # no name of a file
        return False
