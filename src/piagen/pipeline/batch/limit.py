"""Knows how a document that takes too long is stopped, in whatever thread it is made."""

from __future__ import annotations

import ctypes
import faulthandler
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

GRACE = 5.0
"""Seconds after which a process that cannot be stopped is ended, if it may be."""
CODE = 1
"""What the system's own watch ends a process with."""

MOST_SECONDS = 86_400
"""What may be asked for: a day. A clock cannot wait for ever."""

_STRUCK = threading.Event()


class Overdue(BaseException):
    """Raised in the thread that takes too long; no `except Exception` on the way swallows it."""


@contextmanager
def limited(seconds: float | None, *, may_end: bool = False) -> Iterator[None]:
    """Stop what is done inside after some seconds.

    Python is stopped between two steps. What never comes back to Python, such as a loop inside a C
    library, cannot be stopped so: the system's own watch then ends the process.

    Args:
        seconds: how long it may take; None for as long as it likes.
        may_end: whether the process may be ended.

    Raises:
        Overdue: it took too long.
    """
    if seconds is None:
        yield
        return
    thread = ctypes.c_ulong(threading.get_ident())
    hold, done = threading.Lock(), False

    def stop() -> None:
        with hold:
            if not done:
                _STRUCK.set()
                ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, ctypes.py_object(Overdue))

    timer = threading.Timer(seconds, stop)
    timer.daemon = True
    with open(os.devnull, "w") as nowhere:  # noqa: PTH123 - no path of ours
        if may_end:
            faulthandler.dump_traceback_later(seconds + GRACE, exit=True, file=nowhere)
        timer.start()
        try:
            yield
        finally:
            with hold:
                done = True
            timer.cancel()
            if may_end:
                faulthandler.cancel_dump_traceback_later()


def has_struck() -> bool:
    """Tell whether anything was ever stopped in this process: a library may be left half way."""
    return _STRUCK.is_set()
