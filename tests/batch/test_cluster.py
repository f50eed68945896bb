"""A cluster writes the same bytes, loses nothing, and is refused if it is unsafe or unlike us."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

import piagen
from piagen.pipeline.batch.cluster import ClusterFault, safe
from piagen.resources import Kind, shipped
from tests.batch.running import (
    CHEAP,
    children,
    generated,
    lines,
    manifest,
    run,
    started,
    tree,
    until,
)

COUNT = 10
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


@contextlib.contextmanager
def serving(*args: object, env: dict[str, str] | None = None) -> Iterator[subprocess.Popen[str]]:
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
    folder: Path, *options: object, env: dict[str, str] | None = None
) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A scheduler and two workers on loopback; yields its address and who tends the workers."""
    known = folder / "scheduler.json"
    none = ("--no-dashboard", "--host", "127.0.0.1")
    scheduler = ("scheduler", *none, "--port", 0, "--scheduler-file", known)
    options = options or ("--nthreads", 1)
    workers = ("worker", *none, *options, "--nworkers", 2, "--scheduler-file", known)
    with serving(*scheduler), serving(*workers, env=env) as tending:
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
        assert manifest(out) == manifest(expected)
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
    sheet = other / "templates" / "_base" / "type.css"
    sheet.write_text(sheet.read_text() + "\n")
    source, _ = local
    env = {"PYTHONPATH": str(other.parent)}
    with cluster(tmp_path, env=env) as (address, _):
        done = run(*CHEAP, "--scheduler", address, "-o", tmp_path / "out", source)
    assert done.returncode == 3
    assert "The worker tcp://127.0.0.1:" in done.stderr
    assert f"piagen (here {piagen.__version__} " in done.stderr
    assert f"there 9.{piagen.__version__} " in done.stderr
    assert "templates (here" in done.stderr
    assert "fonts (here" not in done.stderr
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
