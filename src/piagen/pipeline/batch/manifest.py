"""Knows the manifest: one line a project, each on the disk before the next; the last line counts.

A run that is killed leaves at most one line unfinished, which the next run takes away.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from piagen.errors import CannotWrite
from piagen.pipeline.batch.record import Entry, from_json, to_json
from piagen.pipeline.whole import write_whole

NAME = "manifest.jsonl"

Id = tuple[str, str]
"""The key of an input and the way its documents are made."""


@dataclass
class Manifest:
    """What is known of every project; of each, only where its line is, is kept in memory."""

    path: Path
    _lines: dict[Id, int] = field(default_factory=dict)
    _holders: dict[str, str] = field(default_factory=dict)
    _size: int = 0
    _file: int | None = None

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Read what former runs wrote, if there is anything; nothing is written.

        Raises:
            CannotWrite: it is there and cannot be read.
        """
        manifest = cls(folder / NAME)
        try:
            if manifest.path.exists():
                manifest._index()
        except OSError as error:
            raise _cannot(manifest.path, error) from error
        return manifest

    @classmethod
    def open(cls, folder: Path) -> Manifest:
        """Read what former runs wrote, and begin to add to it.

        Raises:
            CannotWrite: the folder or disk does not let us.
        """
        manifest = cls.read(folder)
        try:
            manifest._file = os.open(
                manifest.path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o666
            )
            os.ftruncate(manifest._file, manifest._size)
        except OSError as error:
            manifest.close()
            raise _cannot(manifest.path, error) from error
        return manifest

    def get(self, id_: Id) -> Entry | None:
        """Return what is known of a project."""
        at = self._lines.get(id_)
        if at is None:
            return None
        with self.path.open("rb") as file:
            file.seek(at)
            return from_json(file.readline())

    def holder(self, folder: str) -> str | None:
        """Return the key of the input to which a folder was given."""
        return self._holders.get(folder)

    def add(self, entry: Entry) -> None:
        """Add a line, and return once it is on the disk.

        Raises:
            CannotWrite: there is no room, and the manifest is as it was.
        """
        if self._file is None:
            raise ValueError("the manifest was opened for reading")
        line = to_json(entry)
        try:
            if os.write(self._file, line) != len(line):
                raise OSError(28, "No space left on device")
            os.fsync(self._file)
        except OSError as error:
            os.ftruncate(self._file, self._size)
            raise _cannot(self.path, error) from error
        self._know(entry, self._size)
        self._size += len(line)

    def entries(self) -> Iterator[Entry]:
        """Yield every project by key, each once."""
        for id_ in sorted(self._lines):
            if entry := self.get(id_):
                yield entry

    def tidy(self) -> None:
        """Write it again with one line a project, by key: it then tells nothing of interruptions.

        Nothing can be added afterwards.

        Raises:
            CannotWrite: the folder or disk does not let us.
        """
        content = b"".join(map(to_json, self.entries()))
        if content != self.path.read_bytes():
            write_whole(self.path, content)
        self.close()
        self._lines.clear()
        self._size = 0
        self._index()

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _index(self) -> None:
        with self.path.open("rb") as file:
            for line in file:
                entry = from_json(line) if line.endswith(b"\n") else None
                if not line.endswith(b"\n"):
                    return
                if entry:
                    self._know(entry, self._size)
                self._size += len(line)

    def _know(self, entry: Entry, at: int) -> None:
        self._lines[entry.key, entry.way] = at
        if entry.folder:
            self._holders[entry.folder] = entry.key


def _cannot(path: Path, error: OSError) -> CannotWrite:
    says = (
        f"this cannot be written ({error.strerror}). "
        "Make room there, ask for permission, or choose another folder."
    )
    return CannotWrite(path, says)
