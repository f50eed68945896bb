"""Work is done in processes that end with the one they serve; one that dies costs its own work."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from concurrent.futures import Executor, Future, wait
from pathlib import Path

import pytest

from piagen.pipeline.batch import limit
from piagen.pipeline.batch.processes import MOST_GROWTH, Processes, WorkerEnded
from tests.batch.running import ROOT, lives, until

HELD: list[bytes] = []


def name() -> int:
    return os.getpid()


def die(number: int) -> None:
    os.kill(os.getpid(), number)


def sleep(seconds: float) -> int:
    time.sleep(seconds)
    return os.getpid()


def busy(path: str) -> None:
    Path(path).write_text(str(os.getpid()))
    time.sleep(60)


def fail() -> None:
    raise ValueError("as asked")


def hold(size: int) -> int:
    HELD.append(os.urandom(1) * size)
    return os.getpid()


def loop_in_python(seconds: float) -> str:
    try:
        with limit.limited(seconds):
            while True:
                try:
                    sum(range(100))
                except Exception:  # noqa: S112 - swallows every error, but not this one
                    continue
    except limit.Overdue:
        return "stopped"


def loop_in_c(seconds: float) -> None:
    limit.GRACE = 0.3
    with limit.limited(seconds, may_end=True):
        re.match(r"(a+)+$", "a" * 60 + "b")


@pytest.fixture
def two(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(ROOT), prepend=os.pathsep)
    executor = Processes(2)
    yield executor
    executor.kill()


@pytest.fixture
def alone(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(ROOT), prepend=os.pathsep)
    executor = Processes(1)
    yield executor
    executor.kill()


def test_it_is_an_executor_and_hands_over_results_and_errors(two):
    assert isinstance(two, Executor)
    assert list(two.map(abs, [-1, 2, -3])) == [1, 2, 3]
    with pytest.raises(ValueError, match="as asked"):
        two.submit(fail).result()


def test_no_more_processes_than_asked_for_and_each_is_used_again(two):
    many = [two.submit(sleep, 0.05) for _ in range(10)]
    assert len({future.result() for future in many}) == 2


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV])
def test_a_process_that_dies_costs_its_own_work_only(two, number):
    others = [two.submit(sleep, 0.2) for _ in range(4)]
    dying = two.submit(die, number)
    later = [two.submit(name) for _ in range(4)]
    with pytest.raises(WorkerEnded):
        dying.result()
    assert len({future.result() for future in (*others, *later)}) >= 2


def test_one_that_died_while_it_was_idle_is_replaced(alone):
    pid = alone.submit(name).result()
    os.kill(pid, signal.SIGKILL)
    until(lambda: not lives(pid) and len([*Path(f"/proc/{pid}/task").iterdir()]) == 1)
    assert alone.submit(name).result() != pid


def test_one_whose_memory_grows_is_replaced(alone):
    first = alone.submit(hold, 1_000_000).result()
    assert alone.submit(hold, 1_000_000).result() == first
    assert alone.submit(hold, MOST_GROWTH).result() == first
    assert alone.submit(name).result() != first


def test_a_loop_in_python_is_stopped_and_the_process_replaced(alone):
    pid = alone.submit(name).result()
    assert alone.submit(loop_in_python, 0.2).result(timeout=60) == "stopped"
    assert alone.submit(name).result() != pid


def test_a_loop_that_python_cannot_stop_ends_the_process(alone):
    with pytest.raises(WorkerEnded):
        alone.submit(loop_in_c, 0.2).result(timeout=20)
    assert alone.submit(name).result()


def test_what_is_done_in_time_is_not_stopped_later():
    with limit.limited(0.05):
        pass
    time.sleep(0.1)
    assert not limit.has_struck()


def test_killed_it_leaves_no_process_and_no_work(two):
    running: list[Future[int]] = [two.submit(sleep, 60) for _ in range(2)]
    pids = {two.submit(name), two.submit(name)}
    until(lambda: all(future.running() for future in running))
    begun = time.monotonic()
    two.kill()
    assert time.monotonic() - begun < 20
    assert wait([*running, *pids], timeout=5).not_done == set()
    with pytest.raises(RuntimeError):
        two.submit(name)


def test_its_processes_end_with_the_one_they_serve_however_it_ends(monkeypatch, tmp_path):
    monkeypatch.setenv("PYTHONPATH", str(ROOT), prepend=os.pathsep)
    told = tmp_path / "pid"
    code = (
        "from tests.batch.test_processes import *\n"
        f"Processes(2).submit(busy, {str(told)!r}).result()\n"
    )
    with subprocess.Popen([sys.executable, "-c", code]) as main:
        until(lambda: told.exists() and told.read_text())
        pid = int(told.read_text())
        assert lives(pid)
        main.kill()
    until(lambda: not lives(pid), seconds=10)
