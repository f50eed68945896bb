"""Knows the manifest: one line a project, each on the disk before the next; the last line counts.

A run that is killed leaves at most one line unfinished, which the next run takes away.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path

from piagen.errors import CannotWrite, UnusableFile
from piagen.pipeline.batch.record import Entry, from_json, to_json
from piagen.pipeline.whole import write_whole

NAME = "manifest.jsonl"

Id = tuple[str, str]
"""The key of an input and the way its documents are made."""

_NOT_OURS = (
    "this line is not one that this version of piagen writes: another version wrote it, or "
    "somebody changed it. Move the file away. The next run then looks at every project again and "
    "begins a new one."
)


@dataclass
class Manifest:
    """What is known of every project; of each, only where its line is, is kept in memory."""

    path: Path
    _lines: dict[Id, int] = field(default_factory=dict)
    _folders: dict[Id, str] = field(default_factory=dict)
    _holders: dict[str, str] = field(default_factory=dict)
    _places: dict[tuple[str, str], str] = field(default_factory=dict)
    _size: int = 0
    _file: int | None = None

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Read what former runs wrote, if there is anything; nothing is written.

        Raises:
            UnusableFile: it is there and cannot be read, or a line of it is none of ours.
        """
        manifest = cls(folder / NAME)
        try:
            if manifest.path.exists():
                manifest._index()
        except OSError as error:
            says = f"this cannot be read ({error.strerror}). Check that you may read it."
            raise UnusableFile(manifest.path, says) from error
        return manifest

    @classmethod
    def open(cls, folder: Path) -> Manifest:
        """Read what former runs wrote, and begin to add to it.

        Raises:
            UnusableFile: it is there and cannot be read, or a line of it is none of ours.
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

    def owner(self, folder: str, way: str) -> Entry | None:
        """Return what is known of the project whose documents of this way are in a folder."""
        key = self._places.get((folder, way))
        return None if key is None else self.get((key, way))

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
        self._know((entry.key, entry.way), entry.folder, self._size)
        self._size += len(line)

    def forget(self, id_: Id) -> None:
        """Take a project out, together with its folder; `tidy` then writes no line for it."""
        key, way = id_
        del self._lines[id_]
        folder = self._folders.pop(id_)
        if self._places.get((folder, way)) == key:
            del self._places[folder, way]
        if self._holders.get(folder) == key:
            del self._holders[folder]

    def entries(self, but: Collection[Id] = ()) -> Iterator[Entry]:
        """Yield every project by key, each once; one whose folder went to another is no more.

        Args:
            but: projects to leave out; their lines are not read.
        """
        for line in self._counted(but):
            entry = from_json(line)
            if entry:
                yield entry

    def tidy(self) -> None:
        """Write it again with one line a project, by key: it then tells nothing of interruptions.

        Nothing can be added afterwards. It is never whole in memory.

        Raises:
            CannotWrite: the folder or disk does not let us.
        """
        with self.path.open("rb") as file:
            same = all(line == now for line, now in zip_longest(self._counted(), file))
        if not same:
            write_whole(self.path, self._counted())
        self.close()
        kept = [(id_, self._folders[id_]) for id_ in self._ids()]
        for known in (self._lines, self._folders, self._holders, self._places):
            known.clear()
        self._size = 0
        with self.path.open("rb") as file:
            for (id_, folder), line in zip(kept, file, strict=True):
                self._know(id_, folder, self._size)
                self._size += len(line)

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _ids(self) -> Iterator[Id]:
        for id_ in sorted(self._lines):
            key, way = id_
            if self._places.get((self._folders[id_], way), key) == key:
                yield id_

    def _counted(self, but: Collection[Id] = ()) -> Iterator[bytes]:
        """Yield the line of each project that counts, by key."""
        if not self._lines:
            return
        with self.path.open("rb") as file:
            for id_ in self._ids():
                if id_ not in but:
                    file.seek(self._lines[id_])
                    yield file.readline()

    def _index(self) -> None:
        with self.path.open("rb") as file:
            for number, line in enumerate(file, 1):
                if not line.endswith(b"\n"):
                    return
                entry = from_json(line)
                if entry is None:
                    raise UnusableFile(self.path, _NOT_OURS, line=number)
                self._know((entry.key, entry.way), entry.folder, self._size)
                self._size += len(line)

    def _know(self, id_: Id, folder: str, at: int) -> None:
        key, way = id_[0], sys.intern(id_[1])  # there are few ways, and many projects
        self._lines[key, way] = at
        self._folders[key, way] = folder
        if folder:
            self._holders[folder] = key
            self._places[folder, way] = key


def _cannot(path: Path, error: OSError) -> CannotWrite:
    says = (
        f"this cannot be written ({error.strerror}). "
        "Make room there, ask for permission, or choose another folder."
    )
    return CannotWrite(path, says)
