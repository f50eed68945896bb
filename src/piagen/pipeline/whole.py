"""Knows how a file is written whole or not at all, and clears away what a killed run left."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from piagen.errors import CannotWrite

_BEGIN, _END = ".piagen-", ".part"
"""A file that is being written has a hidden name until it is whole."""


def write_whole(path: Path, content: bytes | Iterable[bytes], mode: int | None = None) -> None:
    """Write a file beside its place, then move it there: it is whole or not there at all.

    Args:
        path: the file.
        content: what it is to hold, in one piece or many.
        mode: who may read it; None for what the user's umask leaves.

    Raises:
        CannotWrite: the folder or disk does not let us.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        sweep(path.parent)
        handle, part = _begin(path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.writelines((content,) if isinstance(content, bytes) else content)
                file.flush()
                os.fsync(file.fileno())
                part.chmod(_left_by_umask() if mode is None else mode)
                part.replace(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    except OSError as error:
        says = (
            f"this cannot be written ({error.strerror}). "
            "Make room there, ask for permission, or choose another folder."
        )
        raise CannotWrite(path, says) from error


def _left_by_umask() -> int:
    """The system tells the umask only when it is set."""
    mask = os.umask(0o077)
    os.umask(mask)
    return 0o666 & ~mask


def _begin(folder: Path) -> tuple[int, Path]:
    """Make the hidden file and hold it: the system lets go when the process ends, however it ends.

    Another run may have swept it away before it was held; then another one is made.
    """
    import tempfile  # for those who write

    while True:
        handle, name = tempfile.mkstemp(dir=folder, prefix=_BEGIN, suffix=_END)
        with suppress(OSError):  # some network folders cannot hold a file; nothing sweeps there
            fcntl.flock(handle, fcntl.LOCK_EX)
        if os.fstat(handle).st_nlink:
            return handle, Path(name)
        os.close(handle)


def sweep(folder: Path) -> None:
    """Remove the hidden files of a folder that no running process holds."""
    for part in folder.glob(f"{_BEGIN}*{_END}"):
        with suppress(OSError):
            handle = os.open(part, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                part.unlink()
            finally:
                os.close(handle)
