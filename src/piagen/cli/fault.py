"""Knows what to do about a fault of ours: a log without answers, and one line that says where."""

from __future__ import annotations

import errno
import os
import platform
import tempfile
import traceback
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from piagen.errors import shown
from piagen.version import VERSION

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
    try:
        handle, name = tempfile.mkstemp(prefix="piagen-fault-", suffix=".log")
        with os.fdopen(handle, "w", encoding="utf-8") as log:
            log.write("\n".join(_lines(error)) + "\n")
    except Exception as no_log:  # a full disk, say, and nothing is left to fall back on
        return f"{says} Its log cannot be written either ({type(no_log).__name__})."
    return f"{says} Please send {name}"


def _lines(error: BaseException) -> list[str]:
    lines = [f"piagen {VERSION}, Python {platform.python_version()}, {platform.system()}"]
    lines += [f"{library} {_version(library)}" for library in _LIBRARIES]
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


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "not installed"
