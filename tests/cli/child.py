"""Runs piagen in a process of its own: with little memory, little time, little disk, no rights."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

CANNOT_RUN = 77
DRIVER = f"""
import ctypes, json, resource, sys
given = json.loads(sys.argv[1])
from piagen.cli import piagen as command
if given["ordinary"]:
    version, none = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    if ctypes.CDLL(None).capset(version, none):
        sys.exit({CANNOT_RUN})
for name, most in given["limits"].items():
    resource.setrlimit(getattr(resource, name), (most, most))
exec(given["first"])
command.main(given["args"], prog_name="piagen")
"""

BOUNDS = {"RLIMIT_AS": 700_000_000, "RLIMIT_CPU": 60}
"""What any answers file must be refused or checked in."""


def run(
    *args: object,
    folder: Path,
    limits: Mapping[str, int] | None = None,
    ordinary: bool = False,
    first: str = "",
    stdin: int | None = subprocess.DEVNULL,
    env: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run a command; it fails the test if it does not end by itself.

    Args:
        args: the command line, without `piagen`.
        folder: where to run it.
        limits: of `resource.setrlimit`, by name.
        ordinary: without the capabilities of root: what its owner may not read, it may not.
        first: Python to run in the process before the command.
        stdin: what it reads.
        env: more of the environment.
    """
    given = {
        "args": [os.fspath(arg) if isinstance(arg, Path) else str(arg) for arg in args],
        "limits": limits or {},
        "ordinary": ordinary,
        "first": first,
    }
    done = subprocess.run(
        [sys.executable, "-c", DRIVER, json.dumps(given)],
        cwd=folder,
        stdin=stdin,
        capture_output=True,
        text=True,
        errors="surrogateescape",
        env={**os.environ, **(env or {})},
        timeout=120,
        check=False,
    )
    if done.returncode == CANNOT_RUN:
        pytest.skip("this system does not let go of capabilities")
    assert "Traceback" not in done.stderr, done.stderr
    return done


def names(folder: Path, *, hidden: bool = False) -> Sequence[str]:
    """What a folder holds."""
    return sorted(path.name for path in folder.iterdir() if path.name.startswith(".") == hidden)
