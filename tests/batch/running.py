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
TWO = """
from importlib import import_module
import_module("piagen.cli.batch").documents_wanted = lambda *_: ("pia", "card")
"""
"""To be done first: two documents of each project, for which the command line has no word."""
LOOPS = """
import os
from pathlib import Path
from piagen.pipeline import documents
tried = Path(__file__).with_name("tried")
write = documents.render_html
def loops(manifest, answers, **given):
    title = answers["assessment"]["title"]
    before = tried.read_text().splitlines() if tried.exists() else []
    with tried.open("a") as file:
        file.write(title + "\\n")
    once = title not in before
    if title == "Dies" or (title == "Dies once" and once):
        os.kill(os.getpid(), 9)
    while title == "Loops" or (title == "Slow once" and once):
        pass
    return write(manifest, answers, **given)
documents.render_html = loops
"""
"""Loaded with the rules of an organisation's own: a template of its own is stopped before."""
MOST_SECONDS = 120

Tree = Mapping[str, bytes]


def command(*args: object, first: str = "") -> list[str]:
    """The command; `first` is code that is run in its process before it begins."""
    if not first:
        return [sys.executable, "-m", "piagen", "batch", *map(str, args)]
    code = f"{first}\nfrom piagen.cli import main\nmain()\n"
    return [sys.executable, "-c", code, "batch", *map(str, args)]


def run(
    *args: object, seconds: float = MOST_SECONDS, first: str = "", **given: Any
) -> subprocess.CompletedProcess[str]:
    if "input" not in given:
        given["stdin"] = subprocess.DEVNULL
    return subprocess.run(
        command(*args, first=first),
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
        **given,
    )


@contextlib.contextmanager
def started(*args: object, first: str = "") -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        command(*args, first=first),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def children(process: subprocess.Popen[str] | int) -> tuple[int, ...]:
    """The processes that a process started, in whichever of its threads."""
    found: list[str] = []
    pid = process if isinstance(process, int) else process.pid
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found += path.read_text().split()
    return tuple(map(int, found))


def memory(pid: int) -> int:
    """Bytes that a process holds; 0 once it has ended."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


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


def named(folder: Path) -> dict[str, dict[str, Any]]:
    """The same by the name of each input alone: its path begins at the folder, wherever that is."""
    return {
        Path(key).name: {**line, "key": Path(key).name} for key, line in manifest(folder).items()
    }


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


def faulty(own: Path) -> Mapping[str, str]:
    """Write rules of an organisation's own that bring LOOPS, and return what loads them."""
    about = own / "loops-1.0.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text("Name: loops\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[piagen.rules]\nNO = loops\n")
    (own / "loops.py").write_text(LOOPS)
    paths = [str(own), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}


def chances(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - moments to be killed at are no secret


def stop(process: subprocess.Popen[str], number: signal.Signals) -> tuple[str, str]:
    os.kill(process.pid, number)
    return process.communicate(timeout=MOST_SECONDS)
