"""Knows how projects come in: files, folders, JSON Lines, JSON arrays, standard input; streamed."""

from __future__ import annotations

import json
import os
import stat
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import IO

from piagen.errors import UnusableFile
from piagen.frozen import frozen
from piagen.pipeline.answers import MOST_BYTES
from piagen.pipeline.batch import lock, manifest, splitting
from piagen.pipeline.documents import figures

STANDARD_INPUT = "-"
KINDS = (".json", ".jsonl", ".ndjson")
"""What is looked for in a folder."""
LINES = (".jsonl", ".ndjson")

_CHUNK = 1 << 16
_MOST_OF_A_REFERENCE = 100
"""Characters of a reference in a key; the rest of a longer one is a few figures."""


@frozen
class Input:
    """One project as it came in.

    Attributes:
        key: its name from run to run, wherever it is called from and in whatever order it comes:
            the path of its file from the folder of the batch; of a list, and of standard input,
            with its reference: `../all.jsonl#NSH-1`, or its place where nobody can read one:
            `../all.jsonl:12`.
        stem: what it is called where it has no reference.
        content: what it holds; empty where it could not be read.
        reference: the reference in it, which nobody has checked yet; None without one.
        name: the path as it was typed, for messages.
        line: where it begins in a list, counted from 1; None where it is a file of its own.
        fault: why it could not be read.
    """

    key: str
    stem: str
    content: bytes = b""
    reference: str | None = None
    name: str = ""
    line: int | None = None
    fault: UnusableFile | None = None


@frozen
class _File:
    """A file or folder as it was found: its path as typed, its own path, and what is wrong."""

    name: str
    path: str
    says: str | None = None


def inputs(sources: Iterable[Path | str], folder: Path) -> Iterator[Input]:
    """Yield every project, always in the same order, and never the same file twice.

    Nothing but the project at hand is kept, and the names of those before, so there may be any
    number of them. A folder that cannot be read, or in which there is nothing to read, is an input
    that has a fault.

    Args:
        sources: files, folders, or `-` for standard input.
        folder: where the documents go: it is not looked into from above, and keys begin there.
    """
    given: set[str] = set()
    counted: Counter[str] = Counter()
    for file in _found(sources, folder):
        for one in _of_file(file, _from(file.path, folder)):
            key = one.key
            while key in given:
                counted[one.key] += 1
                key = f"{one.key}.{counted[one.key] + 1}"
            given.add(key)
            yield one if key == one.key else replace(one, key=key)


def measure(sources: Iterable[Path | str], folder: Path) -> int | None:
    """Return how many bytes there are to read; None where that cannot be told beforehand."""
    total = 0
    for file in _found(sources, folder):
        if file.path == STANDARD_INPUT:
            return None
        try:
            total += 0 if file.says else Path(file.name).stat().st_size
        except (OSError, ValueError):
            continue
    return total


def reference(content: bytes) -> str | None:
    """Return the reference in answers that nobody has checked yet; None without one."""
    try:
        match json.loads(content):
            case {"assessment": {"reference": str(text)}} if text.strip():
                return text
    except (ValueError, RecursionError):
        pass
    return None


def _from(path: str, folder: Path) -> str:
    """Return a path from the folder of the batch, the same however and from wherever it is named.

    There is none from one drive to another; it is then the whole path.
    """
    if path == STANDARD_INPUT:
        return path
    try:
        return Path(os.path.relpath(path, os.path.realpath(folder))).as_posix()
    except ValueError:
        return Path(path).as_posix()


def _found(sources: Iterable[Path | str], folder: Path) -> Iterator[_File]:
    """Yield each file once, and each folder that has a fault."""
    files: set[str] = set()
    folders: set[str] = set()
    left = os.path.realpath(folder)
    for source in sources:
        for file in _below(str(source), left, folders):
            if file.path not in files:
                files.add(file.path)
                yield file


def _below(source: str, left: str, folders: set[str]) -> Iterator[_File]:
    """Go through a folder and those in it by name; a link to one is followed, each folder once.

    What is hidden is left out, and so are folders that a batch writes into.
    """
    if source == STANDARD_INPUT or not os.path.isdir(source):  # noqa: PTH112 - it never raises
        yield _File(source, source if source == STANDARD_INPUT else _real(source))
        return
    waiting, entered, is_empty = [source], set[str](), True
    while waiting:
        at = waiting.pop()
        real = _real(at)
        if real in folders:
            is_empty = is_empty and real in entered
            continue
        try:
            with os.scandir(at) as entries:
                found = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            says = f"this folder cannot be read ({error.strerror}). Check that you may read it."
            folders.add(real)
            is_empty = False
            yield _File(at, real, says)
            continue
        is_batch = any(entry.name == lock.NAME for entry in found)
        if at != source and (is_batch or real == left):
            continue
        folders.add(real)
        entered.add(real)
        below = []
        for entry in found:
            if entry.name.startswith(".") or (is_batch and entry.name == manifest.NAME):
                continue
            if _is_folder(entry):
                below.append(entry.path)
            elif entry.name.lower().endswith(KINDS):
                is_empty = False
                yield _File(entry.path, _real(entry.path))
        waiting += reversed(below)
    if is_empty:
        kinds = f"{', '.join(KINDS[:-1])} or {KINDS[-1]}"
        yield _File(source, _real(source), f"no answers files ({kinds}) are in it. Check its name.")


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except PermissionError:  # it is tried, and then named
        return True
    except OSError:  # a link to itself
        return False


def _real(path: str) -> str:
    try:
        return os.path.realpath(path)
    except ValueError:  # no name of a file
        return path


def _of_file(file: _File, key: str) -> Iterator[Input]:
    is_piped = file.name == STANDARD_INPUT
    stem = "standard-input" if is_piped else Path(file.path).stem
    try:
        if file.says:
            raise UnusableFile(file.name, file.says)
        with _opened(file.name) as stream:
            shape, chunks = splitting.shape_of(iter(partial(stream.read, _CHUNK), b""), MOST_BYTES)
            if shape == "one" and file.name.lower().endswith(LINES):
                shape = "lines"
            if shape == "one":
                content = _at_most(chunks)
                if is_piped and content:  # as if it were the only one of a list
                    content = content.strip(splitting.SPACE)
                found = reference(content) if content else None
                own = _in_list(key, found) if is_piped and found else key
                yield _input(Input(own, stem, content or b"", found, file.name), content)
                return
            parts = splitting.elements if shape == "list" else splitting.lines
            for number, line, content in parts(chunks, MOST_BYTES):
                found = reference(content) if content else None
                own = _in_list(key, found) if found else f"{key}:{number}"
                one = Input(own, f"{stem}-{number}", content or b"", found, file.name, line)
                yield _input(one, content)
    except UnusableFile as fault:
        yield Input(key, stem, name=file.name, fault=fault)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "it is no name of a file"
        says = f"this cannot be read ({why}). Check its name, and that you may read it."
        yield Input(key, stem, name=file.name, fault=UnusableFile(file.name, says))


def _in_list(key: str, found: str) -> str:
    """Return what a project of a list is called from run to run."""
    name = unicodedata.normalize("NFC", found.strip())
    if len(name) > _MOST_OF_A_REFERENCE:
        name = f"{name[:_MOST_OF_A_REFERENCE]}-{figures(name)}"
    return f"{key}#{name}"


def _at_most(chunks: Iterable[bytes]) -> bytes | None:
    held = bytearray()
    for chunk in chunks:
        held += chunk
        if len(held) > MOST_BYTES:
            return None
    return bytes(held)


def _input(one: Input, content: bytes | None) -> Input:
    if content is not None:
        return one
    says = f"this is too large (over {MOST_BYTES // 1_000_000:,} MB). Name a file of answers only."
    return replace(one, fault=UnusableFile(one.name, says))


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
