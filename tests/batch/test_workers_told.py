"""What befalls those who do the work is told for what it is, and nobody waits for ever."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

import pytest

from piagen.pipeline.batch.fingerprint import _LIBRARIES
from piagen.pipeline.batch.lock import NAME
from tests.batch.running import (
    CHEAP,
    children,
    generated,
    lines,
    run,
    small,
    started,
    until,
)
from tests.batch.test_cluster import cluster
from tests.cli.child import run as limited

dask = pytest.mark.skipif(not find_spec("distributed"), reason="the extra `cluster` is not there")
ENOUGH = 20
"""Projects that are not done before something can happen to those who make them."""
IN_C = """
import os
import re
from pathlib import Path
from piagen.pipeline import documents
from piagen.pipeline.batch import limit
limit.GRACE = 0.5
write = documents.render_html
def loops(manifest, answers, **given):
    if answers["assessment"]["title"] == "Loops":
        re.match(r"(a+)+$", "a" * 60 + "b")
    if answers["assessment"]["title"] == "Dies":
        os.kill(os.getpid(), 9)
    return write(manifest, answers, **given)
documents.render_html = loops
"""


@pytest.fixture
def few(tmp_path) -> Path:
    return generated(tmp_path / "in", 3)


def installed(own: Path, name: str, version: str, *, rules: str = "") -> None:
    """Have a library be there, as far as its own description says; with rules of its own or not."""
    about = own / f"{name.replace('-', '_')}-{version}.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    if rules:
        (about / "entry_points.txt").write_text(f"[piagen.rules]\nNO = {name}\n")
        (own / f"{name}.py").write_text(rules)


def seen_by(own: Path) -> Mapping[str, str]:
    paths = [str(own), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}


@dask
def test_a_lost_scheduler_is_told_in_one_sentence_and_nothing_of_dask_s_own(tmp_path):
    source, out = generated(tmp_path / "in", ENOUGH), tmp_path / "out"
    before = set(children(os.getpid()))
    with (
        cluster(tmp_path) as (address, tending),
        started(*CHEAP, "--scheduler", address, "-o", out, source) as main,
    ):
        until(lambda: len(lines(out)) >= 2 or main.poll() is not None)
        (scheduler,) = set(children(os.getpid())) - {main.pid, tending.pid} - before
        os.kill(scheduler, signal.SIGKILL)
        _, says = main.communicate(timeout=60)
    assert main.returncode == 3
    (line,) = says.strip().splitlines()
    assert line == (
        "The scheduler is gone. What was finished is whole; start it, and run this again."
    )
    assert 0 < len(lines(out)) < ENOUGH


@dask
def test_a_cluster_that_loses_all_its_workers_is_not_waited_for_for_ever(tmp_path):
    source, out = generated(tmp_path / "in", ENOUGH), tmp_path / "out"
    first = "import piagen.pipeline.batch.cluster as c; c.ABSENCE = c._LOOK = 0.5"
    with cluster(tmp_path) as (address, tending):
        asked = ("--scheduler", address, "-o", out, source)
        with started(*CHEAP, *asked, first=first) as main:
            until(lambda: len(lines(out)) >= 2 or main.poll() is not None)
            workers = children(tending)
            os.kill(tending.pid, signal.SIGSTOP)  # it would start others
            for pid in workers:
                os.kill(pid, signal.SIGKILL)
            _, says = main.communicate(timeout=30)
    assert main.returncode == 3
    assert "The cluster has no workers left" in says
    assert "What was finished is whole" in says
    assert 0 < len(lines(out)) < ENOUGH


@dask
def test_workers_that_come_back_are_waited_for(tmp_path):
    source, out = generated(tmp_path / "in", ENOUGH), tmp_path / "out"
    with (
        cluster(tmp_path) as (address, tending),
        started(*CHEAP, "--scheduler", address, "-o", out, source) as main,
    ):
        until(lambda: len(lines(out)) >= 2 or main.poll() is not None)
        for pid in children(tending):
            os.kill(pid, signal.SIGKILL)
        _, says = main.communicate(timeout=60)
    assert main.returncode == 1, says
    assert len(lines(out)) == ENOUGH
    assert {line["status"] for line in lines(out)} <= {"draft", "blocked"}


def test_a_document_that_python_cannot_stop_is_told_as_over_its_time_and_a_killed_one_as_killed(
    tmp_path,
):
    own, out = tmp_path / "own", tmp_path / "out"
    installed(own, "loops", "1.0", rules=IN_C)
    source = tmp_path / "many.jsonl"
    titles = ("Loops", "Dies", "Housing")
    source.write_text("".join(json.dumps(small(t.lower(), title=t)) + "\n" for t in titles))
    done = run(*CHEAP, "--timeout", 3, "-o", out, source, env=seen_by(own))
    assert done.returncode == 1
    assert "a document took longer than 3 seconds" in done.stderr
    kinds = [line["error"]["kind"] for line in lines(out) if line["error"]]
    assert sorted(kinds) == ["time", "worker"]
    says = {line["error"]["kind"]: line["error"]["says"] for line in lines(out) if line["error"]}
    assert "--timeout" in says["time"]
    assert "killed" in says["worker"]


def test_each_library_that_shapes_documents_python_and_zlib_are_in_the_fingerprint(tmp_path):
    own = tmp_path / "own"
    wanted = ("python-docx", "lxml", "pypdf", "resvg-py", "tinyhtml5", "cssselect2", "pillow")
    for name in wanted:
        installed(own, name, "99.0")
    code = (
        "import sys, zlib\n"
        "sys.version, zlib.ZLIB_RUNTIME_VERSION = '9.9.9 (main)', '8.8'\n"
        "from piagen.config import Config\n"
        "from piagen.pipeline.batch.cluster import look\n"
        "print(look(Config(), None).libraries)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=seen_by(own), capture_output=True, text=True, check=True
    )
    found = done.stdout.strip().split(", ")
    assert [name for name in wanted if f"{name} 99.0" not in found] == []
    assert {"python 9.9.9", "zlib 8.8"} <= set(found)
    assert "not installed" not in done.stdout
    assert set(wanted) <= set(_LIBRARIES)


def test_another_version_of_a_library_makes_the_documents_again(few, tmp_path):
    own, out = tmp_path / "own", tmp_path / "out"
    asked = (*CHEAP, "-o", out, few)
    assert "3 made now" in run(*asked).stdout
    assert "3 unchanged" in run(*asked, "--check").stdout
    installed(own, "lxml", "99.0")
    assert "3 to make" in run(*asked, "--check", env=seen_by(own)).stdout


def test_a_folder_is_shared_by_a_team_as_its_umask_says(few, tmp_path):
    out = tmp_path / "out"
    assert run(*CHEAP, "-o", out, few, umask=0o002).returncode in (0, 1)
    assert stat.S_IMODE((out / NAME).stat().st_mode) == 0o664


def test_a_folder_that_is_not_shared_says_whom_to_ask(few, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / NAME).touch(0o400)
    done = limited("batch", *CHEAP, "-o", out, few, folder=tmp_path, ordinary=True)
    assert done.returncode == 3
    assert "Permission denied" in done.stderr
    assert f"{NAME} belongs to {(out / NAME).owner()}: ask them" in done.stderr
    assert lines(out) == []


@pytest.mark.parametrize(
    ("first", "why"),
    [
        ("import sys; sys.executable = '/nowhere/python'", "No such file or directory"),
        (
            "import resource, socket\n"
            "pair = socket.socketpair\n"
            "def few():\n"
            "    made = pair()\n"
            "    resource.setrlimit(resource.RLIMIT_NOFILE, (made[1].fileno() + 1, 4096))\n"
            "    return made\n"
            "socket.socketpair = few\n",
            "Too many open files",
        ),
        (
            "import threading\n"
            "def start(self):\n"
            '    raise RuntimeError("can\'t start new thread")\n'
            "threading.Thread.start = start\n",
            "can't start new thread",
        ),
        ("import sys; sys.executable = '/bin/false'", "before it was ready, with 1"),
        ("import sys; sys.executable = '/bin/true'", "before it was ready, with 0"),
    ],
    ids=["interpreter", "files", "threads", "ends at once", "ends well at once"],
)
def test_processes_that_cannot_be_started_are_no_fault_of_a_project(few, tmp_path, first, why):
    done = run(*CHEAP, "-o", tmp_path / "out", few, first=first)
    assert done.returncode == 3, done.stderr
    assert f"A process that makes documents cannot be started ({why}" in done.stderr.replace(
        "it ended 3 times ", ""
    )
    assert "--jobs" in done.stderr
    assert lines(tmp_path / "out") == []


def test_what_a_process_cannot_load_is_told_and_no_fault_of_a_project(few, tmp_path):
    own = tmp_path / "own"
    installed(own, "broken", "1.0", rules="raise LookupError('as it is')\n")
    done = run(*CHEAP, "-o", tmp_path / "out", few, env=seen_by(own))
    assert done.returncode == 3, done.stderr
    assert "cannot be started" in done.stderr
    assert "Traceback" not in done.stderr
    assert lines(tmp_path / "out") == []


def test_a_process_that_dies_before_its_work_is_started_again(few, tmp_path):
    first = (
        "from piagen.pipeline.batch import processes\n"
        "begin, died = processes._Process.begin, []\n"
        "def dying(self):\n"
        "    if len(died) < 2:\n"
        "        died.append(self.kill())\n"
        "    begin(self)\n"
        "processes._Process.begin = dying\n"
    )
    done = run(*CHEAP, "--jobs", 1, "-o", tmp_path / "out", few, first=first)
    assert "3 made now" in done.stdout, done.stderr
    assert done.stderr == ""


def test_a_change_in_mid_run_is_told_as_that_and_not_as_a_cluster(few, tmp_path):
    own = tmp_path / "own" / "templates" / "_base"
    own.mkdir(parents=True)
    (own / "screen.css").write_text("p { color: #123456 }\n")
    (tmp_path / "own" / "overlay.toml").write_text('name = "Northshire Council"\n')
    config = tmp_path / "own" / "piagen.toml"
    config.write_text('overlays = ["."]\n')
    first = (
        "from pathlib import Path\n"
        "from piagen.pipeline.batch.processes import Processes\n"
        "submit = Processes.submit\n"
        "def upgraded(self, *given):\n"
        f"    Path({str(own / 'screen.css')!r}).write_text('p {{ color: #654321 }}')\n"
        "    return submit(self, *given)\n"
        "Processes.submit = upgraded\n"
    )
    env = {**os.environ, "PIAGEN_CONFIG": str(config)}
    asked = (*CHEAP, "-o", tmp_path / "out", few)
    done = run(*asked, first=first, env=env)
    assert done.returncode == 3
    assert "was changed while this ran" in done.stderr
    assert "overlays (before" in done.stderr
    assert "run it again" in done.stderr
    assert "worker" not in done.stderr
    assert run(*asked, env=env).returncode in (0, 1)
