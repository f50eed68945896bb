"""Knows how a Dask cluster does the work: reached safely, and made of the same as this machine."""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from piagen.config import Config
from piagen.errors import PiagenError, shown
from piagen.pipeline.batch.fingerprint import Machine, machine, roots_of
from piagen.pipeline.batch.run import StaleWorker, other_machine
from piagen.pipeline.batch.worker import warm
from piagen.pipeline.whole import write_whole

PATIENCE = 30
"""Seconds to wait for the scheduler, and for its first worker."""
_MARKER = ".piagen-shared"


class ClusterFault(PiagenError):
    """A cluster that cannot be used, and what to do about it."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster that may be given work.

    Attributes:
        executor: what hands the work over.
        workers: how many projects it makes at a time.
    """

    executor: Executor
    workers: int


@contextmanager
def connected(
    address: str,
    *,
    config: Config,
    roots: tuple[Path, ...] | None = None,
    shared: Path | None = None,
) -> Iterator[Cluster]:
    """Connect to a scheduler, and look at each worker before it is given anything.

    Args:
        address: of the scheduler: `tls://scheduler.northshire.example:8786`.
        config: what the organisation has set.
        roots: template folders, first the one that wins; None for those of the configuration.
        shared: the folder of the batch, if workers are to write there; each must see it.

    Raises:
        ClusterFault: it is not safe, cannot be reached, or lacks something.
        StaleWorker: a worker would write other documents than this machine.
    """
    secure = safe(address)
    try:
        dask: Any = import_module("distributed")
    except ImportError as error:
        says = "--scheduler needs Dask. Install it: pip install 'piagen[cluster]'."
        raise ClusterFault(says) from error
    security = dask.Security(require_encryption=True) if secure else None
    try:
        client = dask.Client(address, security=security, timeout=PATIENCE, set_as_default=False)
    except (OSError, TimeoutError, ValueError, TypeError, RuntimeError) as error:
        says = (
            f"The scheduler {shown(address)} cannot be reached ({shown(str(error), 200)}). Check "
            "its address, that it runs, and the certificates in Dask's configuration."
        )
        raise ClusterFault(says) from error
    with client:
        threads = _threads(client)
        crowded = sorted(name for name, number in threads.items() if number != 1)
        if crowded:
            says = (
                f"The worker {crowded[0]} uses {threads[crowded[0]]} threads. Documents are made "
                "in processes: start workers with --nthreads 1, one for each core."
            )
            raise ClusterFault(says)
        _alike(client, config, roots)
        if shared:
            _see(client, shared)
        client.run(warm)
        yield Cluster(client.get_executor(pure=False), len(threads))


def safe(address: str) -> bool:
    """Tell whether the address is encrypted; one that is not must be this machine.

    A scheduler without TLS takes work from anybody who reaches it, and answers cross the network
    as they are.

    Raises:
        ClusterFault: it is neither encrypted nor this machine.
    """
    parts = urlsplit(address if "://" in address else f"tcp://{address}")
    if parts.scheme == "tls":
        return True
    if parts.scheme == "tcp" and _is_here(parts.hostname or ""):
        return False
    says = (
        f"The scheduler {shown(address)} is on another machine and not encrypted, so anybody on "
        "the way could read the answers. Start it with TLS and give its address as "
        "tls://HOST:8786; docs/cluster.md tells how."
    )
    raise ClusterFault(says)


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _threads(client: Any) -> Mapping[str, int]:  # noqa: ANN401 - Dask's own
    """Return how many threads each worker has."""
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except TimeoutError as error:
        says = "The scheduler has no workers. Start some: dask worker ADDRESS --nthreads 1."
        raise ClusterFault(says) from error
    workers = client.scheduler_info(n_workers=-1)["workers"]
    return {name: worker["nthreads"] for name, worker in workers.items()}


def look(config: Config, roots: tuple[Path, ...] | None) -> Machine:
    """Return what a worker makes documents from; runs there."""
    return machine(roots_of(config, roots), config.overlays)


def _alike(client: Any, config: Config, roots: tuple[Path, ...] | None) -> None:  # noqa: ANN401
    """Refuse a worker that would make other documents, by name and with what differs."""
    ours = look(config, roots)
    found = client.run(look, config, roots, on_error="return")
    for worker, theirs in sorted(found.items()):
        if not isinstance(theirs, Machine):
            says = (
                f"The worker {worker} cannot be used ({shown(str(theirs), 200)}). "
                "Install the same piagen there."
            )
            raise ClusterFault(says)
        if theirs != ours:
            raise StaleWorker(other_machine(f"The worker {worker}", ours.unlike(theirs)))


def reads(path: Path) -> bytes | None:
    """Return what a file holds, or None if it is not there; runs on a worker."""
    try:
        return path.read_bytes()
    except OSError:
        return None


def _see(client: Any, folder: Path) -> None:  # noqa: ANN401 - Dask's own
    """Refuse a worker that does not see the folder."""
    marker = folder.absolute() / _MARKER
    told = f"{socket.gethostname()} {os.getpid()}".encode()
    write_whole(marker, told)
    try:
        for worker, read in sorted(client.run(reads, marker).items()):
            if read != told:
                says = (
                    f"The worker {worker} does not see {shown(str(folder))}. Mount the folder "
                    "there under the same name, or leave out --shared."
                )
                raise ClusterFault(says)
    finally:
        marker.unlink(missing_ok=True)
