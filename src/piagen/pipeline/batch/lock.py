"""Knows how a batch has its folder to itself, however it ends."""

from __future__ import annotations

import fcntl
import getpass
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from piagen.errors import CannotWrite, PiagenError, shown

NAME = ".piagen-batch"
_MOST_OF_A_NAME = 200


class FolderInUse(PiagenError):
    """A folder into which another batch is writing."""

    def __init__(self, folder: Path, who: str) -> None:
        """Name the folder and who has it."""
        self.folder, self.who = folder, who
        super().__init__(
            f"{shown(str(folder), 1_000)}: {who} is writing a batch there now. "
            "Wait for it, name another folder, or add --wait."
        )


@contextmanager
def held(folder: Path, *, wait: bool = False) -> Iterator[None]:
    """Hold a folder; the system lets go of it when the process ends, however it ends.

    Args:
        folder: where the documents go; it is made if need be.
        wait: whether to wait until another batch is done.

    Raises:
        FolderInUse: another batch has it.
        CannotWrite: the folder or disk does not let us.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder / NAME, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o666)
    except OSError as error:
        says = (
            f"nothing can be written there ({error.strerror}). "
            f"{_whose(folder / NAME)}, or choose another folder."
        )
        raise CannotWrite(folder, says) from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            who = os.pread(handle, _MOST_OF_A_NAME, 0).decode("utf-8", "replace").strip()
            raise FolderInUse(folder, shown(who, _MOST_OF_A_NAME) or "somebody") from None
        except OSError:  # some network folders cannot hold a file
            pass
        with suppress(OSError):  # a full disk: nobody then learns who it is
            os.truncate(handle, 0)
            os.pwrite(handle, _who().encode()[:_MOST_OF_A_NAME], 0)
        yield
    finally:
        os.close(handle)


def _whose(file: Path) -> str:
    """Return whom to ask for permission, as the beginning of a sentence."""
    try:
        try:
            owner = shown(file.owner())
        except KeyError:  # a user without a name, as in a container
            owner = f"user {file.stat().st_uid}"
    except OSError:  # there is none
        return "Ask for permission"
    return f"{file.name} belongs to {owner}: ask them to let the team write (chmod -R g+rwX)"


def _who() -> str:
    try:
        name = getpass.getuser()
    except (OSError, KeyError):  # a user without a name, as in a container
        name = "somebody"
    return f"{name} (process {os.getpid()} on {socket.gethostname()})"
