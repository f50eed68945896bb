"""Knows what the folder of a project is called: safe on every system, and its own."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath

from piagen.domain.stored_path import StoredPath, parse
from piagen.pipeline.batch.manifest import Id
from piagen.pipeline.batch.sources import Input
from piagen.pipeline.documents import figures, slug

RESERVED = frozenset(
    {"con", "prn", "aux", "nul"}
    | {f"{port}{number}" for port in ("com", "lpt") for number in range(10)}
)
"""Names that Windows keeps for devices; a folder of that name could not be opened there."""

_SAFE = re.compile("[a-z0-9][a-z0-9-]*")
"""What a folder is called that a former run gave; a manifest may have been written by anybody."""

Holder = Callable[[str], str | None]
"""Gives the key of the input to which a former run gave a folder; None if it gave it to nobody."""


class Claims:
    """Gives each input a folder of its own.

    The first of two with the same reference has the plain name, the second one with a few figures
    of its key. What a former run gave to an input that is still there stays with it, and an input
    in which no reference can be read keeps what it had.
    """

    def __init__(self, holder: Holder, folder: Path) -> None:
        """Begin with what a former run gave; keys begin at the folder of the batch."""
        self._holder = holder
        self._folder = os.path.realpath(folder)
        self._taken: dict[str, str] = {}

    def claim(self, given: Input, former: str | None) -> str:
        """Return the folder for an input; none is empty, where nothing will be made of it.

        Args:
            given: the input.
            former: the folder that a former run gave it.
        """
        plain = folder_name(given)
        own = f"{plain}-{figures(given.key)}"
        if former and self._keeps(given, former, (plain, own)):
            chosen = former
        elif given.fault:
            return ""
        elif plain in self._taken or self._is_held(plain, given.key):
            chosen = own
        else:
            chosen = plain
        self._taken[chosen] = given.key
        return chosen

    def _keeps(self, given: Input, former: str, named: tuple[str, str]) -> bool:
        if self._taken.get(former, given.key) != given.key or self._is_held(former, given.key):
            return False
        is_unread = given.reference is None and _SAFE.fullmatch(former) is not None
        return former in named or is_unread

    def _is_held(self, name: str, key: str) -> bool:
        holder = self._holder(name)
        return holder is not None and holder != key and is_there(holder, self._folder)


def folder_name(given: Input) -> str:
    """Return the reference, or else the name of the input, as a folder may be called."""
    name = given.reference or given.stem
    plain = slug(name)
    return f"{plain}-{figures(name)}" if plain in RESERVED else plain


def as_published(given: Input) -> Input:
    """Return the input as its published edition names it: what is withheld names no folder."""
    try:
        answers = json.loads(given.content)
        about, rows = answers["assessment"], answers.get("withheld", ())
        places = [parse(row["path"]) for row in rows]
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return given  # nothing will be made of these

    def is_withheld(leaf: str) -> bool:
        return any(place.holds(StoredPath("assessment", leaf=leaf)) for place in places)

    no_reference, no_title = is_withheld("reference"), is_withheld("title")
    if (given.reference and not no_reference) or not (no_reference or no_title):
        return given
    title = about.get("title")
    is_public = isinstance(title, str) and title.strip() and not no_title
    return replace(given, reference=title if is_public else "withheld")


def no_inputs(among: Iterable[Id], ids: Collection[Id], folder: Path) -> Iterator[Id]:
    """Yield those that are surely no input any more: their file was read, or is gone.

    Args:
        among: projects that were not among the inputs of a run.
        ids: the projects that were.
        folder: the folder of the batch, where keys begin.
    """
    read = {path for key, _ in ids for path in files_of(key)}
    read |= {str(above) for path in tuple(read) for above in PurePosixPath(path).parents}
    here = os.path.realpath(folder)
    for id_ in among:
        if not read.isdisjoint(files_of(id_[0])) or not is_there(id_[0], here):
            yield id_


def is_there(key: str, folder: str) -> bool:
    """Whether the file of an input is there, and not whether it still holds the project.

    Args:
        key: of the input.
        folder: the folder of the batch, where keys begin.
    """
    try:
        return any(Path(folder, path).exists() for path in files_of(key) if path)
    except ValueError:  # no name of a file
        return False
    except OSError:  # nobody lets us look: it is there until we know better
        return True


def files_of(key: str) -> Iterator[str]:
    """Yield the paths that the file of an input may have; `#` and `:` may be part of a name."""
    yield key
    name, _, number = key.rpartition(":")
    if number.isdigit():
        yield name
    for found in re.finditer("#", key):
        yield key[: found.start()]
