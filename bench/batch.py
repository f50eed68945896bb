"""Measures what a batch of many projects costs: made, unchanged, one changed, and how it grows.

Each batch runs in a process of its own, and its CPU time is that of all its workers together.
"""

from __future__ import annotations

import argparse
import copy
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import measuring
import projects

from piagen.pipeline.assess import load
from piagen.pipeline.batch.options import Options
from piagen.pipeline.batch.run import batch
from piagen.pipeline.documents import render

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = ROOT / "examples"
MANY, FEW = 200, 50
WHOLE = 12
"""Projects with three documents each, unless more are asked for."""
SMALL = ("pia",)
"""Memory is looked at over many projects, not over many pages: assessments that are begun."""
UNCHANGED, ONE_CHANGED, MEMORY, LINEAR = 1 / 200, 1 / 100, 1.05, 4.2


@dataclass(frozen=True, slots=True)
class Run:
    """What a batch took.

    Attributes:
        cpu: seconds, of its workers too, without what Python takes to start.
        wall: seconds.
        worker: bytes, at most, of one worker.
        did: how many projects were made, unchanged and so on.
    """

    cpu: float
    wall: float
    worker: int
    did: dict[str, int]


def main() -> None:
    """Print each ratio beside its target."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=0, help="projects of three documents")
    parser.add_argument("--child", nargs=3, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        child(*given.child)
        return
    with tempfile.TemporaryDirectory() as folder:
        again(Path(folder), given.count or WHOLE)
        memory(Path(folder))
    size()


def again(folder: Path, count: int) -> None:
    """Make projects, then make them again unchanged, then with one changed."""
    sources = folder / "whole"
    sizes = ("begun", "whole", "large") if count >= MANY else ("whole",)
    paths = projects.write(count, sources, EXAMPLES, seed=3, sizes=sizes)
    first = ran(sources, folder / "out")
    second = ran(sources, folder / "out")
    answers = json.loads(paths[0].read_text(encoding="utf-8"))
    answers["assessment"]["title"] += " again"
    paths[0].write_text(json.dumps(answers), encoding="utf-8")
    third = ran(sources, folder / "out")
    if (first.did, second.did) != ({"made": count}, {"unchanged": count}):
        raise SystemExit(f"Not every project was made once: {first.did}, {second.did}.")
    print(f"{count:,} projects, three documents or fewer each: {first.wall:.0f} s by the clock,")
    print(f"  {first.cpu:.0f} s of CPU; {measuring.load()}")
    measuring.told("unchanged second run to the first", second.cpu / first.cpu, UNCHANGED)
    if count >= MANY:
        measuring.told("one changed to the whole", third.cpu / first.cpu, ONE_CHANGED)
        return
    each, look, one = first.cpu / count, second.cpu / count, third.cpu - second.cpu
    reckoned = (one + MANY * look) / (MANY * each)
    measuring.told(f"one changed of {MANY}, reckoned from {count}", reckoned, ONE_CHANGED)


def memory(folder: Path) -> None:
    """Compare the memory of a worker after many projects with that after few."""
    most: list[int] = []
    for count in (FEW, MANY):
        sources = folder / f"small{count}"
        projects.write(count, sources, EXAMPLES, seed=5, sizes=("begun",))
        most.append(ran(sources, folder / f"by{count}", SMALL).worker)
    print(f"Peak memory of a worker: {most[0] / 1e6:.0f} MB after {FEW} assessments.")
    measuring.told(f"memory at {MANY} projects to {FEW}", most[1] / most[0], MEMORY)


def size() -> None:
    """Compare a project with one of four times its rows."""
    example = json.loads((EXAMPLES / "safeguarding-hub.json").read_text(encoding="utf-8"))
    seconds: dict[int, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "project.json"
        for times in (1, 2, 4):
            answers = copy.deepcopy(example)
            for key in projects.GROWING:
                projects._grow(answers, key, times)
            path.write_text(json.dumps(answers), encoding="utf-8")
            own = load(path)
            if times == 1:
                list(render(own))  # the process is warm now
            begun = measuring.spent()
            list(render(own))
            seconds[times] = measuring.spent() - begun
    print(f"A project with more rows: {seconds[1]:.1f}, {seconds[2]:.1f} and {seconds[4]:.1f} s.")
    measuring.told("four times the rows to one", seconds[4] / seconds[1], LINEAR)
    grown = (seconds[4] - seconds[2]) / 2 / (seconds[2] - seconds[1])
    print(f"  a row among many to a row among few: {grown:.3g} (1 is linear)")


def ran(sources: Path, folder: Path, documents: Sequence[str] = ()) -> Run:
    """Run a batch in a process of its own."""
    told = [str(sources), str(folder), ",".join(documents)]
    command = [sys.executable, __file__, "--child", *told]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return Run(**json.loads(done.stdout))


def child(sources: str, folder: str, documents: str) -> None:
    """Run a batch here, and print what it took."""
    begun, used = time.perf_counter(), measuring.spent()
    options = Options(documents=tuple(documents.split(",")) if documents else None)
    did = Counter(result.did for result in batch([sources], folder, options=options))
    worker = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    wall, cpu = time.perf_counter() - begun, measuring.spent() - used
    print(json.dumps({"cpu": cpu, "wall": wall, "worker": worker, "did": did}))


if __name__ == "__main__":
    main()
