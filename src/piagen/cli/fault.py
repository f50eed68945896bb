"""Knows what to do about a fault of ours: a log without answers, and one line that says where."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from piagen.errors import shown
from piagen.version import VERSION

MOST_FAULTS = 20
"""Of one batch, in its log."""
_LIBRARIES = ("click", "jinja2", "marshmallow", "PyYAML", "weasyprint")


def nobody_can_write(error: BaseException) -> bool:
    """Tell whether the terminal or file that commands print to is full: no fault of ours."""
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def report(error: BaseException, path: Path | None = None) -> str:
    """Write a log of the fault and return one line about it.

    The log holds versions, the kind of error and where it arose. Messages of errors are left out,
    because they may quote answers; so are folders, because they may name people.

    Args:
        error: what happened.
        path: the answers file at hand; the line names it without its folder, the log does not.
    """
    about = f"{shown(path.name)}: a" if path else "A"
    says = f"{about} fault in piagen: {type(error).__name__}. No answer was lost."
    return _logged(says, partial(_lines, error))


def report_of_projects(faults: Sequence[tuple[str, Sequence[str]]]) -> str:
    """Write a log of the faults that a batch found, and return one line about them.

    Args:
        faults: of each, what it was, and where it arose; neither holds an answer.
    """
    more = f"; the log tells of the first {len(faults)}" if len(faults) == MOST_FAULTS else ""
    lines = [line for says, places in faults for line in ("", says, *(f"  {at}" for at in places))]
    return _logged(f"There was a fault in piagen{more}.", lambda: [*_versions(), *lines])


def _logged(says: str, lines: Callable[[], Sequence[str]]) -> str:
    import tempfile  # what only a fault needs; every command imports this module

    try:
        handle, name = tempfile.mkstemp(prefix="piagen-fault-", suffix=".log")
        with os.fdopen(handle, "w", encoding="utf-8") as log:
            log.write("\n".join(lines()) + "\n")
    except Exception as no_log:  # a full disk, say, and nothing is left to fall back on
        return f"{says} Its log cannot be written either ({type(no_log).__name__})."
    return f"{says} Please send {name}"


def _lines(error: BaseException) -> list[str]:
    import traceback

    lines = _versions()
    cause: BaseException | None = error
    told: set[int] = set()
    while cause is not None and id(cause) not in told:
        told.add(id(cause))
        kind = type(cause)
        lines += ["", f"{kind.__module__}.{kind.__qualname__}"]
        lines += [
            f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(cause.__traceback__)
        ]
        cause = cause.__cause__ or cause.__context__
    return lines


def _versions() -> list[str]:
    import platform

    lines = [f"piagen {VERSION}, Python {platform.python_version()}, {platform.system()}"]
    return lines + [f"{library} {_version(library)}" for library in _LIBRARIES]


def _version(library: str) -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(library)
    except PackageNotFoundError:
        return "not installed"
