"""Runs batches as people do, in processes of their own, and reads what they leave."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.projects import write

from piagen.resources import shipped

ROOT = Path(__file__).resolve().parents[2]
CHEAP = ("--format", "html", "--document", "pia", "--jobs", "2")
MOST_SECONDS = 120

Tree = Mapping[str, bytes]


def command(*args: object) -> list[str]:
    return [sys.executable, "-m", "piagen", "batch", *map(str, args)]


def run(
    *args: object, seconds: float = MOST_SECONDS, **given: Any
) -> subprocess.CompletedProcess[str]:
    if "input" not in given:
        given["stdin"] = subprocess.DEVNULL
    return subprocess.run(
        command(*args), capture_output=True, text=True, timeout=seconds, check=False, **given
    )


@contextlib.contextmanager
def started(*args: object) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        command(*args),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def children(process: subprocess.Popen[str]) -> tuple[int, ...]:
    """The processes that a process started, in whichever of its threads."""
    found: list[str] = []
    for path in Path(f"/proc/{process.pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found += path.read_text().split()
    return tuple(map(int, found))


def lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def holds(process: subprocess.Popen[str], path: Path) -> bool:
    """Whether the process has the file open."""
    try:
        there = [one.readlink() for one in Path(f"/proc/{process.pid}/fd").iterdir()]
    except FileNotFoundError:  # one was closed while we looked
        return False
    return path.resolve() in there


def until(happened: Callable[[], object], seconds: float = MOST_SECONDS) -> None:
    last = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < last, "it did not happen in time"
        time.sleep(0.005)


def lines(folder: Path) -> list[dict[str, Any]]:
    """The whole lines of the manifest."""
    path = folder / "manifest.jsonl"
    content = path.read_bytes() if path.exists() else b""
    return [json.loads(line) for line in content.splitlines(keepends=True) if line.endswith(b"\n")]


def manifest(folder: Path) -> dict[str, dict[str, Any]]:
    """The last line of each project, without what differs from run to run."""
    return {line["key"]: {**line, "seconds": 0} for line in lines(folder)}


def tree(folder: Path) -> Tree:
    """Every document, by name."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.parent != folder and not path.name.startswith(".")
    }


def leftovers(folder: Path) -> Sequence[str]:
    return [path.name for path in folder.rglob(".piagen-*.part")]


def small(reference: str | None, **more: Any) -> dict[str, Any]:
    about = {"title": "Early help referrals", "version": "0.1", "dated": "2026-11-20", **more}
    return {"piagen": "1", "assessment": about | ({"reference": reference} if reference else {})}


def generated(folder: Path, count: int, *, sizes: tuple[str, ...] = ("begun",)) -> Path:
    write(count, folder, shipped("examples"), sizes=sizes)
    return folder


def chances(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - moments to be killed at are no secret


def stop(process: subprocess.Popen[str], number: signal.Signals) -> tuple[str, str]:
    os.kill(process.pid, number)
    return process.communicate(timeout=MOST_SECONDS)
