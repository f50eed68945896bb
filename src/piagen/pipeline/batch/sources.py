"""Knows how projects come in: files, folders, JSON Lines, JSON arrays, standard input; streamed."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO

from piagen.errors import UnusableFile
from piagen.pipeline.answers import MOST_BYTES
from piagen.pipeline.batch import splitting

STANDARD_INPUT = "-"
KINDS = (".json", ".jsonl", ".ndjson")
"""What is looked for in a folder."""
LINES = (".jsonl", ".ndjson")

_CHUNK = 1 << 16


@dataclass(frozen=True, slots=True)
class Input:
    """One project as it came in.

    Attributes:
        key: its name from run to run: the path as given, and its place in a list: `all.jsonl:12`.
        stem: what it is called where it has no reference.
        content: what it holds; empty where it could not be read.
        fault: why it could not be read.
    """

    key: str
    stem: str
    content: bytes = b""
    fault: UnusableFile | None = None


def inputs(sources: Iterable[Path | str], leave: Path | None = None) -> Iterator[Input]:
    """Yield every project, always in the same order, and never the same one twice.

    Nothing but the project at hand is kept, so there may be any number of them.

    Args:
        sources: files, folders, or `-` for standard input.
        leave: a folder that is not looked into: where the documents go.
    """
    seen: set[str] = set()
    for source in sources:
        for path in _files(str(source), leave):
            name = os.path.normpath(path) if path != STANDARD_INPUT else path
            if name not in seen:
                seen.add(name)
                yield from _of_file(name)


def measure(sources: Iterable[Path | str], leave: Path | None = None) -> int | None:
    """Return how many bytes there are to read; None where that cannot be told beforehand."""
    total = 0
    for source in sources:
        for path in _files(str(source), leave):
            if path == STANDARD_INPUT:
                return None
            try:
                total += Path(path).stat().st_size
            except OSError:
                continue
    return total


def _files(source: str, leave: Path | None) -> Iterator[str]:
    """Go through a folder and those in it by name, and leave out what is hidden."""
    if source == STANDARD_INPUT or not Path(source).is_dir():
        yield source
        return
    left = leave.resolve() if leave else None
    for folder, below, names in os.walk(source):
        below[:] = sorted(
            name
            for name in below
            if not name.startswith(".") and Path(folder, name).resolve() != left
        )
        for name in sorted(names):
            if name.lower().endswith(KINDS) and not name.startswith("."):
                yield str(Path(folder, name))


def _of_file(name: str) -> Iterator[Input]:
    stem = "standard-input" if name == STANDARD_INPUT else Path(name).stem
    try:
        with _opened(name) as file:
            shape, chunks = splitting.shape_of(iter(partial(file.read, _CHUNK), b""), MOST_BYTES)
            if shape == "one" and name.lower().endswith(LINES):
                shape = "lines"
            if shape == "one":
                yield _input(name, stem, _at_most(chunks))
                return
            parts = splitting.elements if shape == "list" else splitting.lines
            for number, content in parts(chunks, MOST_BYTES):
                yield _input(f"{name}:{number}", f"{stem}-{number}", content)
    except UnusableFile as fault:
        yield Input(name, stem, fault=fault)
    except OSError as error:
        says = f"this cannot be read ({error.strerror}). Check its name, and that you may read it."
        yield Input(name, stem, fault=UnusableFile(name, says))


def _at_most(chunks: Iterable[bytes]) -> bytes | None:
    held = bytearray()
    for chunk in chunks:
        held += chunk
        if len(held) > MOST_BYTES:
            return None
    return bytes(held)


def _input(key: str, stem: str, content: bytes | None) -> Input:
    if content is not None:
        return Input(key, stem, content)
    says = f"this is too large (over {MOST_BYTES // 1_000_000:,} MB). Name a file of answers only."
    return Input(key, stem, fault=UnusableFile(key, says))


def _opened(name: str) -> IO[bytes]:
    """Open a plain file. Its kind is asked of what was opened; a FIFO would wait for a writer."""
    if name == STANDARD_INPUT:
        try:
            return os.fdopen(sys.stdin.fileno(), "rb", closefd=False)
        except (AttributeError, ValueError, OSError) as error:  # it is closed
            says = "this cannot be read. Pipe answers into it."
            raise UnusableFile("standard input", says) from error
    handle = os.open(name, os.O_RDONLY | os.O_NONBLOCK)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise UnusableFile(name, "this is neither a file nor a folder. Name one, or “-”.")
    return os.fdopen(handle, "rb")
