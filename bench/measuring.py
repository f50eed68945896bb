"""Knows how CPU time and ratios are measured: of whole trees of processes, beside their targets."""

from __future__ import annotations

import ctypes
import os
import resource
import statistics
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

_SUBREAPER = 36
"""PR_SET_CHILD_SUBREAPER of Linux: what a command leaves behind is counted as well."""


def adopt() -> None:
    """Make this process the parent of whatever its commands leave behind, where it can be."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)


def spent() -> float:
    """Return the CPU seconds of this process and of all that it has waited for."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    own, children = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def interleaved(ways: Mapping[str, Callable[[], None]], runs: int) -> dict[str, float]:
    """Run each way in turn, several times, and return the median of its CPU seconds."""
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(runs):
        for name, way in ways.items():
            begun = spent()
            way()
            seconds[name].append(spent() - begun)
    return {name: statistics.median(times) for name, times in seconds.items()}


def told(what: str, ratio: float, target: float, *, least: bool = False) -> None:
    """Print a ratio beside its target."""
    good = ratio >= target if least else ratio <= target
    word = "at least" if least else "at most"
    kept = "kept" if good else "not kept"
    print(f"  {what}: {ratio:.4g} (target {word} {target:.4g}: {kept})", flush=True)


def load() -> str:
    """Say how busy the machine is: wall clock means nothing where others work."""
    busy = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    return f"{os.cpu_count()} cores, load {busy}"


def missing(commands: Sequence[str], found: Mapping[str, str | None]) -> None:
    """Say which programs are not here, so are not compared with."""
    for name in commands:
        if not found.get(name):
            print(f"  {name} is not installed: not compared.")
