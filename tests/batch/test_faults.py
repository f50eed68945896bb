"""Nothing is lost: processes killed, disks full, rights missing, loops, and two at a time."""

from __future__ import annotations

import getpass
import hashlib
import json
import os
import re
import shlex
import signal
import subprocess
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import pytest

from piagen.pipeline.batch.lock import NAME, held
from tests.batch.running import (
    CHEAP,
    TWO,
    Tree,
    chances,
    children,
    command,
    faulty,
    generated,
    holds,
    leftovers,
    lines,
    lives,
    named,
    run,
    small,
    started,
    stop,
    tree,
    until,
)
from tests.cli.child import run as limited

COUNT, FEWER = 14, 8
DIE = """
import os, signal
from piagen.pipeline.batch import manifest, report, run
def die(*given, **more):
    os.kill(os.getpid(), signal.SIGKILL)
def at(number, torn):
    add = manifest.Manifest.add
    def dying(self, entry):
        if len(self._lines) == number:
            os.write(self._file, manifest.to_json(entry)[:torn])
            die()
        add(self, entry)
    manifest.Manifest.add = dying
"""
MOMENTS = {
    "before a line is written": ("at(3, 0)", 3),
    "in the middle of a line": ("at(6, 60)", 6),
    "before a whole line ends": ("at(9, -1)", 9),
    "before the manifest is tidied": ("manifest.Manifest.tidy = die", COUNT),
    "while the manifest is tidied": ("manifest.write_whole = die", COUNT),
    "before the table": ("run.report = die", COUNT),
    "between the table and the page": ("report.render_overview = die", COUNT),
}
"""When a run is killed, as code that does it, and how many lines the manifest then has."""


class Undisturbed:
    """Some projects, and what a run of them makes that nobody disturbs: two documents of each."""

    def __init__(self, folder: Path, form: str = "html", count: int = COUNT) -> None:
        self.source, self.form, self.count = generated(folder / "in", count), form, count
        out = folder / "out"
        begun = time.monotonic()
        done = run(*self.args(out), first=TWO)
        self.pace = (time.monotonic() - begun) / count
        self.code, self.told = done.returncode, done.stdout
        self.tree: Tree = tree(out)
        self.manifest = named(out)
        self.report = self._report(out)

    def args(self, out: Path) -> tuple[object, ...]:
        asked = ("--format", self.form, "--jobs", "2", "--as-at", "2026-12-01")
        return (*asked, "-o", out, self.source)

    def assert_same(self, out: Path) -> None:
        """The documents byte for byte, and the manifest but for how long it took."""
        assert tree(out) == self.tree
        assert named(out) == self.manifest
        assert [Path(line["key"]).name for line in lines(out)] == sorted(self.manifest)
        assert self._report(out) == self.report
        assert leftovers(out) == []

    def assert_resumes(self, out: Path) -> None:
        self.assert_true(out)
        assert run(*self.args(out), first=TWO).returncode == self.code
        self.assert_same(out)

    def assert_true(self, out: Path) -> None:
        """Every document is whole, and every line of the manifest is kept by what is there."""
        there = tree(out)
        told = {name: hashlib.sha256(content).hexdigest() for name, content in there.items()}
        for line in lines(out):
            for output in line["outputs"]:
                assert told[output["file"]] == output["sha256"]
        ends = b"%%EOF" if self.form == "pdf" else b"</html>"
        assert all(content.rstrip().endswith(ends) for content in there.values())

    @staticmethod
    def _report(out: Path) -> Mapping[str, str]:
        table = (out / "manifest.csv").read_text(encoding="utf-8-sig")
        return {
            "table": re.sub(r"(?m)^[^,]*/|,\d+\.\d+(?=,)", "", table),
            "page": (out / "report.html").read_text(encoding="utf-8"),
        }


def has(out: Path, done: int) -> bool:
    return len(lines(out)) >= done


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory) -> Undisturbed:
    return Undisturbed(tmp_path_factory.mktemp("undisturbed"))


@pytest.fixture(scope="module")
def printed(tmp_path_factory) -> Undisturbed:
    return Undisturbed(tmp_path_factory.mktemp("printed"), "pdf", FEWER)


def test_undisturbed_it_makes_every_project(undisturbed):
    assert len(undisturbed.manifest) == COUNT
    assert len(undisturbed.tree) == 2 * COUNT
    assert {line["status"] for line in undisturbed.manifest.values()} <= {"draft", "blocked"}


def test_the_number_of_processes_makes_no_difference(undisturbed, tmp_path):
    args = [*undisturbed.args(tmp_path)]
    args[args.index("--jobs") + 1] = "1"
    assert run(*args, first=TWO).returncode == undisturbed.code
    undisturbed.assert_same(tmp_path)


@pytest.mark.parametrize(
    ("form", "seed"),
    [
        *(("undisturbed", seed) for seed in range(3)),
        *(pytest.param("printed", seed, marks=pytest.mark.soak) for seed in range(20)),
    ],
)
def test_killed_at_any_moment_the_next_run_ends_as_if_it_had_not_been(
    request, tmp_path, form, seed
):
    undisturbed: Undisturbed = request.getfixturevalue(form)
    chance = chances(seed)
    done = chance.randrange(undisturbed.count - 3)
    with started(*undisturbed.args(tmp_path), first=TWO) as main:
        until(lambda: len(lines(tmp_path)) >= done or main.poll() is not None)
        time.sleep(chance.random() * undisturbed.pace)
        workers = children(main)
        main.kill()
        main.wait()
        assert main.returncode == -signal.SIGKILL, "it was killed in the middle"
    until(lambda: not any(map(lives, workers)), seconds=10)
    undisturbed.assert_resumes(tmp_path)


def test_a_run_that_is_killed_again_and_again_ends_as_if_it_had_not_been(undisturbed, tmp_path):
    for moment, number in MOMENTS.values():
        died = run(*undisturbed.args(tmp_path), first=f"{TWO}{DIE}{moment}")
        assert died.returncode == -signal.SIGKILL, died.stderr
        assert len(lines(tmp_path)) == number
        undisturbed.assert_true(tmp_path)
    (tmp_path / next(iter(undisturbed.tree))).with_name(".piagen-left.part").write_text("half")
    undisturbed.assert_resumes(tmp_path)


def test_workers_that_are_killed_lose_nothing(undisturbed, tmp_path):
    chance = chances(1)
    killed = 0
    with started(*undisturbed.args(tmp_path), first=TWO) as main:
        for done in (1, 4, 7):
            until(partial(has, tmp_path, done))
            until(partial(children, main))
            os.kill(chance.choice(children(main)), signal.SIGKILL)
            killed += 1
        main.communicate()
        assert main.returncode == undisturbed.code
    assert killed == 3
    undisturbed.assert_same(tmp_path)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_asked_to_stop_it_stops_cleanly_with_130(undisturbed, tmp_path, number):
    with started(*undisturbed.args(tmp_path), first=TWO) as main:
        until(lambda: len(lines(tmp_path)) >= 2)
        workers = children(main)
        _, says = stop(main, number)
        assert main.returncode == 130
        assert says.strip() == "Stopped. What was finished is whole."
    assert not any(map(lives, workers))
    assert leftovers(tmp_path) == []
    assert len(lines(tmp_path)) < COUNT
    undisturbed.assert_resumes(tmp_path)


def test_a_second_run_into_the_folder_says_who_holds_it_or_waits(undisturbed, tmp_path):
    with held(tmp_path):
        second = run(*undisturbed.args(tmp_path), first=TWO)
        assert second.returncode == 3
        assert f"{getpass.getuser()} (process {os.getpid()} on" in second.stderr
        assert "--wait" in second.stderr
        with started(*undisturbed.args(tmp_path), "--wait", first=TWO) as third:
            until(lambda: holds(third, tmp_path / NAME))
            with pytest.raises(subprocess.TimeoutExpired):
                third.wait(0.5)
            assert lines(tmp_path) == []
            os.kill(third.pid, signal.SIGTERM)
            assert third.wait(10) == 130
    with started(*undisturbed.args(tmp_path), "--wait", first=TWO) as fourth:
        fourth.communicate()
    undisturbed.assert_same(tmp_path)


def test_a_document_that_loops_or_kills_its_worker_costs_only_its_own_project(tmp_path):
    own = tmp_path / "own"
    source = tmp_path / "many.jsonl"
    dying = ["Dies", "Dies once"]
    others = ["Early help", "Housing", "Attendance", "Carers", "Refuges", "Outreach"]
    titles = [*dying, "Loops", "Slow once", *others]
    source.write_text(
        "\n".join(json.dumps(small(t.lower().replace(" ", "-"), title=t)) for t in titles)
    )
    env = faulty(own)
    done = run(*CHEAP, "--timeout", 6, "-o", tmp_path / "out", source, env=env)
    assert done.returncode == 1
    assert "longer than 6 seconds" in done.stderr
    assert "the process that made it ended" in done.stderr
    found = {line["folder"]: line for line in lines(tmp_path / "out")}
    failed = {name: line["error"]["kind"] for name, line in found.items() if line["error"]}
    assert failed == {"loops": "time", "dies": "worker"}
    assert {line["status"] for name, line in found.items() if name not in failed} == {"draft"}
    assert len(tree(tmp_path / "out")) == len(titles) - 2
    tried = (own / "tried").read_text().splitlines()
    assert sorted(tried[: len(titles)]) == sorted(titles), "all are tried before any is again"
    again = ["Dies", "Dies once", "Loops", "Slow once"]
    assert sorted(tried[len(titles) :]) == again, "and once more only, alone"


def test_a_disk_that_is_full_stops_it_cleanly_and_room_lets_it_go_on(undisturbed, tmp_path):
    """The folder is a file system of its own, in a name space that ends with the command."""
    full, kept = tmp_path / "full", tmp_path / "kept"
    full.mkdir()
    script = (
        f"mount -t tmpfs -o size=700k none {full} || exit 77\n"
        f"{shlex.join(command(*undisturbed.args(full), first=TWO))}; code=$?\n"
        f"cp -a {full} {kept}; exit $code"
    )
    done = subprocess.run(
        ["unshare", "--mount", "--map-root-user", "sh", "-c", script],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode in (1, 77):
        pytest.skip("this system does not let us mount; the next test limits files instead")
    assert done.returncode == 3, done.stderr
    assert "No space left" in done.stderr
    assert "Traceback" not in done.stderr
    assert 0 < len(lines(kept)) < COUNT
    assert leftovers(kept) == []
    undisturbed.assert_resumes(kept)


def test_a_limit_on_files_stops_it_cleanly_and_without_it_it_goes_on(undisturbed, tmp_path):
    out = tmp_path / "out"
    limits = {"RLIMIT_FSIZE": 20_000}
    done = limited("batch", *undisturbed.args(out), folder=tmp_path, limits=limits, first=TWO)
    assert done.returncode == 3
    assert "File too large" in done.stderr
    assert lines(out) == []
    assert leftovers(out) == []
    undisturbed.assert_resumes(out)


def test_a_folder_without_permission_stops_it_and_is_left_as_it_is(undisturbed, tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    for out in (closed, closed / "below"):
        args = [*undisturbed.args(out)]
        done = limited("batch", *args, folder=tmp_path, ordinary=True, first=TWO)
        assert done.returncode == 3
        assert "Permission denied" in done.stderr
        assert "choose another folder" in done.stderr
    assert list(closed.iterdir()) == []


def test_permission_that_is_lost_in_the_middle_stops_it_with_the_manifest_true(
    undisturbed, tmp_path
):
    out = tmp_path / "out"
    first = (
        "for which in range(64):\n"
        "    ctypes.CDLL(None).prctl(24, which)  # what root starts is no more than this\n"
        "none = (ctypes.c_uint32 * 6)()\n"
        "ctypes.CDLL(None).capset((ctypes.c_uint32 * 2)(0x20080522, 0), none)\n"
        "from piagen.pipeline.batch import run as course\n"
        "keep = course._Course._keep\n"
        "def close(self, *given):\n"
        "    self.plan.folder.chmod(0o500)\n"
        "    return keep(self, *given)\n"
        "course._Course._keep = close\n"
    )
    done = limited("batch", *undisturbed.args(out), folder=tmp_path, first=TWO + first)
    out.chmod(0o700)
    assert done.returncode == 3
    assert 0 < len(lines(out)) < COUNT
    undisturbed.assert_resumes(out)
