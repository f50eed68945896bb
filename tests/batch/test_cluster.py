"""A cluster writes the same bytes, loses nothing, and is refused if it is unsafe or unlike us."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

import piagen
from piagen.pipeline.batch import run as course
from piagen.pipeline.batch.cluster import ClusterFault, _see, _Workers, safe
from piagen.pipeline.batch.fingerprint import StaleWorker, machine
from piagen.pipeline.documents import template_roots
from piagen.resources import Kind, shipped
from tests.batch.running import (
    CHEAP,
    MOST_SECONDS,
    ROOT,
    children,
    faulty,
    generated,
    leftovers,
    lines,
    named,
    run,
    small,
    started,
    tree,
    until,
)

COUNT = 10
HTML = piagen.Options(("card",), "html")
CARD = ("--format", "html", "--document", "card", "--jobs", "2")
KINDS: tuple[Kind, ...] = ("templates", "questionnaires", "examples")
dask = pytest.mark.skipif(not find_spec("distributed"), reason="the extra `cluster` is not there")


@pytest.mark.parametrize(
    ("address", "encrypted"),
    [
        ("tls://scheduler.northshire.example:8786", True),
        ("tcp://127.0.0.1:8786", False),
        ("tcp://[::1]:8786", False),
        ("localhost:8786", False),
        ("127.0.0.1:8786", False),
    ],
)
def test_an_address_is_encrypted_or_this_machine(address, encrypted):
    assert safe(address) is encrypted


@pytest.mark.parametrize(
    "address",
    [
        "tcp://scheduler.northshire.example:8786",
        "10.0.0.7:8786",
        "0.0.0.0:8786",
        "tcp://localhost.northshire.example:8786",
        "ws://127.0.0.1:80",
        "inproc://1",
        "",
    ],
)
def test_any_other_address_is_refused_with_what_to_do(address):
    with pytest.raises(ClusterFault, match="tls://HOST"):
        safe(address)


def test_the_command_refuses_an_open_network_before_anything_is_sent(tmp_path):
    address = "tcp://scheduler.northshire.example:8786"
    done = run("-o", tmp_path / "out", "--scheduler", address, tmp_path)
    assert done.returncode == 3
    assert "anybody on the way could read the answers" in done.stderr


def test_a_worker_that_does_not_see_the_folder_is_refused_by_name(tmp_path):
    class Blind:
        def run(self, function, *given):
            return {"tcp://192.0.2.7:40001": function(*given), "tcp://192.0.2.8:40001": None}

    with pytest.raises(ClusterFault, match=r"192\.0\.2\.8:40001 does not see .*--shared"):
        _see(Blind(), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_worker_that_joins_late_is_compared_with_its_first_project(tmp_path, monkeypatch):
    ours = machine(template_roots(), ())
    monkeypatch.setattr(course, "machine", lambda *_: replace(ours, fonts="others"))
    source = generated(tmp_path / "in", 1)
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        batch = piagen.batch([source], tmp_path / "out", options=HTML, executor=pool)
        with pytest.raises(StaleWorker, match=r"A worker .*fonts \(here others, there "):
            list(batch)
    assert tree(tmp_path / "out") == {}
    assert lines(tmp_path / "out") == []


@contextlib.contextmanager
def serving(*args: object, env: Mapping[str, str] | None = None) -> Iterator[subprocess.Popen[str]]:
    """Run one of Dask's commands; it and all that it started end with the test."""
    with subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "dask", *map(str, args)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, **(env or {})},
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            os.killpg(process.pid, signal.SIGKILL)


@contextlib.contextmanager
def cluster(
    folder: Path, *options: object, env: Mapping[str, str] | None = None, protocol: str = "tcp"
) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A scheduler and two workers on loopback; yields its address and who tends the workers."""
    known = folder / "scheduler.json"
    none = ("--no-dashboard", "--dashboard-address", "127.0.0.1:0", "--host", "127.0.0.1")
    scheduler = ("scheduler", *none, "--protocol", protocol, "--port", 0)
    options = options or ("--nthreads", 1)
    workers = ("worker", *none, *options, "--nworkers", 2, "--scheduler-file", known)
    serves = serving(*scheduler, "--scheduler-file", known, env=env if protocol == "tls" else None)
    with serves, serving(*workers, env=env) as tending:
        until(known.exists, seconds=30)
        until(lambda: len(children(tending)) >= 2, seconds=30)
        yield json.loads(known.read_text())["address"], tending


@pytest.fixture(scope="module")
def local(tmp_path_factory) -> tuple[Path, Path]:
    """Some projects, and what is made of them without a cluster."""
    folder = tmp_path_factory.mktemp("local")
    source = generated(folder / "in", COUNT)
    run(*CHEAP, "-o", folder / "out", source)
    assert len(tree(folder / "out")) == COUNT
    return source, folder / "out"


@dask
@pytest.mark.parametrize("shared", [(), ("--shared",)], ids=["bytes", "shared"])
def test_a_cluster_writes_the_same_bytes_and_losing_a_worker_loses_nothing(local, tmp_path, shared):
    source, expected = local
    out = tmp_path / "out"
    with cluster(tmp_path) as (address, tending):
        with started(*CHEAP, *shared, "--scheduler", address, "-o", out, source) as main:
            until(lambda: len(lines(out)) >= 2 or main.poll() is not None)
            os.kill(children(tending)[0], signal.SIGKILL)
            _, says = main.communicate()
        assert main.returncode == 1, says
        assert tree(out) == tree(expected)
        assert named(out) == named(expected)
        again = run(*CHEAP, *shared, "--scheduler", address, "-o", out, source)
        assert f"0 made now, {COUNT} unchanged" in again.stdout


@dask
def test_a_worker_of_another_version_is_refused_by_name(local, tmp_path):
    home = Path(piagen.__file__).parent
    other = tmp_path / "other" / "piagen"
    shutil.copytree(home, other)
    for kind in KINDS:
        shutil.copytree(shipped(kind), other / kind, dirs_exist_ok=True)
    version = other / "version.py"
    version.write_text(version.read_text().replace('VERSION = "', 'VERSION = "9.'))
    for name in ("templates/_base/type.css", "templates/_base/fonts/OFL.txt"):
        path = other / name
        path.write_text(path.read_text() + "\n")
    library = other.parent / "jinja2-99.0.dist-info" / "METADATA"
    library.parent.mkdir()
    library.write_text("Metadata-Version: 2.1\nName: jinja2\nVersion: 99.0\n")
    source, _ = local
    env = {"PYTHONPATH": str(other.parent)}
    with cluster(tmp_path, env=env) as (address, _):
        done = run(*CHEAP, "--scheduler", address, "-o", tmp_path / "out", source)
    assert done.returncode == 3
    assert "The worker tcp://127.0.0.1:" in done.stderr
    assert f"piagen (here {piagen.__version__} " in done.stderr
    assert f"there 9.{piagen.__version__} " in done.stderr
    assert "templates (here" in done.stderr
    assert "fonts (here" in done.stderr
    assert re.search(r"libraries \(here .*jinja2 (?!99)\S+,.* there .*jinja2 99\.0,", done.stderr)
    assert "questionnaire (here" not in done.stderr
    assert not lines(tmp_path / "out")


@dask
def test_workers_with_threads_are_refused(local, tmp_path):
    source, _ = local
    with cluster(tmp_path, "--nthreads", 2) as (address, _):
        done = run(*CHEAP, "--scheduler", address, "-o", tmp_path / "out", source)
    assert done.returncode == 3
    assert "uses 2 threads" in done.stderr
    assert "--nthreads 1" in done.stderr


@dask
def test_a_scheduler_that_is_not_there_is_told(local, tmp_path, monkeypatch):
    source, _ = local
    first = "import piagen.pipeline.batch.cluster as c; c.PATIENCE = 1\n"
    code = f"{first}from piagen.cli import piagen\npiagen.main()"
    args = ["batch", *CHEAP, "--scheduler", "tcp://127.0.0.1:9", "-o", str(tmp_path / "out")]
    done = subprocess.run(
        [sys.executable, "-c", code, *args, str(source)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3, done.stderr
    assert "cannot be reached" in done.stderr
    assert "Traceback" not in done.stderr


@dask
def test_a_worker_that_read_another_overlay_is_refused_by_name(local, tmp_path):
    source, _ = local
    own = tmp_path / "own" / "templates" / "_base"
    own.mkdir(parents=True)
    (own / "screen.css").write_text("p { color: #123456 }\n")
    config = tmp_path / "own" / "piagen.toml"
    config.write_text('overlays = ["."]\n')
    (tmp_path / "own" / "overlay.toml").write_text('name = "Northshire Council"\n')
    env = {**os.environ, "PIAGEN_CONFIG": str(config)}
    with cluster(tmp_path) as (address, _):
        asked = ("--scheduler", address, "-o", tmp_path / "out", source)
        done = run(*CARD, *asked, env=env)
        assert done.returncode == 1, done.stderr
        before = tree(tmp_path / "out")
        (own / "screen.css").write_text("p { color: #654321 }\n")
        done = run(*CARD, *asked, env=env)
    assert done.returncode == 3
    assert "The worker tcp://127.0.0.1:" in done.stderr
    assert "overlays (here" in done.stderr
    assert "piagen (here" not in done.stderr
    assert tree(tmp_path / "out") == before


@pytest.fixture
def certified(tmp_path) -> Callable[[str], dict[str, str]]:
    """What docs/cluster.md says, done: certificates, and the file that tells Dask of them."""
    page = (ROOT / "docs" / "cluster.md").read_text(encoding="utf-8")
    commands = [shlex.split(line) for line in page.splitlines() if line.startswith("openssl ")]
    (told,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    assert len(commands) == 2
    assert "/etc/northshire/" in told

    def made(name: str) -> dict[str, str]:
        folder = tmp_path / name
        folder.mkdir()
        for command in commands:
            subprocess.run(command, cwd=folder, check=True, capture_output=True)
        (folder / "tls.yaml").write_text(told.replace("/etc/northshire/", f"{folder}/"))
        return {"DASK_CONFIG": str(folder)}

    return made


@dask
@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is not there")
def test_a_cluster_as_the_page_says_is_encrypted_and_lets_nobody_else_in(
    local, tmp_path, certified
):
    source, expected = local
    env, stranger = certified("ours"), certified("theirs")
    asked = (*CHEAP, "-o", tmp_path / "out", "--scheduler")
    with cluster(tmp_path, env=env, protocol="tls") as (address, _):
        assert address.startswith("tls://127.0.0.1:")
        port = json.loads((tmp_path / "scheduler.json").read_text())["services"]["dashboard"]
        with pytest.raises(HTTPError, match="404"):  # it tells nothing without encryption
            urlopen(f"http://127.0.0.1:{port}/info/main/workers.html")
        for other, says in (
            (stranger, "certificate"),
            ({"DASK_CONFIG": str(tmp_path / "none")}, "TLS"),
        ):
            refused = run(*asked, address, source, env={**os.environ, **other})
            assert refused.returncode == 3
            assert "cannot be reached" in refused.stderr
            assert says in refused.stderr
            assert "Traceback" not in refused.stderr
        open_ = run(*asked, address.replace("tls", "tcp"), source)
        assert open_.returncode == 3, "who does not speak TLS is not let in"
        assert not tree(tmp_path / "out")
        done = run(*asked, address, source, env={**os.environ, **env})
    assert done.returncode == 1, done.stderr
    assert tree(tmp_path / "out") == tree(expected)
    assert named(tmp_path / "out") == named(expected)


@dask
@pytest.mark.soak
def test_a_project_that_takes_worker_after_worker_down_is_reported_and_the_others_are_made(
    tmp_path,
):
    env = faulty(tmp_path / "own")
    titles = ["Early help", "Dies", "Housing", "Attendance"]
    source = tmp_path / "many.jsonl"
    source.write_text("\n".join(json.dumps(small(title.lower(), title=title)) for title in titles))
    with cluster(tmp_path, env=env) as (address, _):
        done = run(*CARD, "--scheduler", address, "-o", tmp_path / "out", source, env=env)
    assert done.returncode == 1
    found = {line["title"] or "Dies": line for line in lines(tmp_path / "out")}
    assert found["Dies"]["error"]["kind"] == "worker"
    assert {found[title]["status"] for title in titles if title != "Dies"} == {"draft"}


@dask
def test_a_scheduler_that_is_lost_ends_the_batch_with_the_manifest_true(local, tmp_path):
    source, expected = local
    out = tmp_path / "out"
    known = tmp_path / "scheduler.json"
    here = ("--no-dashboard", "--dashboard-address", "127.0.0.1:0", "--host", "127.0.0.1")
    workers = ("worker", *here, "--nthreads", 1, "--nworkers", 2, "--scheduler-file", known)
    serves = serving("scheduler", *here, "--port", 0, "--scheduler-file", known)
    with serves as scheduler, serving(*workers):
        until(known.exists, seconds=30)
        address = json.loads(known.read_text())["address"]
        with started(*CHEAP, "--scheduler", address, "-o", out, source) as main:
            until(lambda: len(lines(out)) >= 2 or main.poll() is not None)
            os.kill(scheduler.pid, signal.SIGKILL)
            _, says = main.communicate(timeout=MOST_SECONDS)
    assert main.returncode == 3, says
    assert "The scheduler is gone" in says
    assert 0 < len(lines(out)) < COUNT
    assert leftovers(out) == []
    assert run(*CHEAP, "-o", out, source).returncode == 1
    assert tree(out) == tree(expected)
    assert named(out) == named(expected)


def test_a_scheduler_lost_while_a_result_is_fetched_is_told_as_lost():
    async def broken() -> None:
        raise OSError("in <TCP>: Stream is closed")

    class Loop:
        def add_callback(self, follow: Callable[..., Any], *futures: Any) -> None:
            asyncio.run(follow(*futures))

    class Client:
        loop = Loop()

        def submit(self, *_: object, pure: bool) -> Any:
            return broken()

    with pytest.raises(ClusterFault, match="The scheduler is gone"):
        _Workers(Client()).submit(len, "").result(timeout=5)
