"""Knows how a Dask cluster does the work: reached safely, and made of the same as this machine."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import os
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import CancelledError, Executor, Future
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import Any, ParamSpec, TypeVar
from urllib.parse import urlsplit

from piagen.config import Config
from piagen.errors import PiagenError, shown
from piagen.frozen import frozen
from piagen.pipeline.batch.fingerprint import Machine, machine, other_machine, roots_of
from piagen.pipeline.batch.worker import warm
from piagen.pipeline.whole import write_whole

P = ParamSpec("P")
T = TypeVar("T")

PATIENCE = 30
"""Seconds to wait for the scheduler, and for its first worker."""
ABSENCE = 60.0
"""Seconds that a batch waits without any worker: another one may be on its way."""
_LOOK = 2.0
"""Seconds after which we look again whether there is a worker."""
_LOST = "The scheduler is gone. What was finished is whole; start it, and run this again."
_ALONE = (
    "The cluster has no workers left, or its scheduler does not answer. "
    "What was finished is whole; start workers, and run this again."
)
_MARKER = ".piagen-shared"


class ClusterFault(PiagenError):
    """A cluster that cannot be used, and what to do about it."""


@frozen
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
    _hush()
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
        yield Cluster(_Workers(client), len(threads))


class _Workers(Executor):
    """Hands work to a cluster, and follows it there.

    Dask's own executor asks how the work stands after it has the result: a worker that dies between
    the two makes an error of a good result, and no executor may do that. And it waits for ever
    for a worker.
    """

    def __init__(self, client: Any) -> None:  # noqa: ANN401 - Dask's own
        self._client = client
        self._waiting: set[Future[Any]] = set()
        self._looking: asyncio.Future[None] | None = None

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have a function called by one of the workers."""
        ours: Future[T] = Future()
        try:
            theirs = self._client.submit(fn, *args, pure=False, **kwargs)
        except Exception as error:
            if self._client.status == "running":
                raise
            raise ClusterFault(_LOST) from error
        self._client.loop.add_callback(self._follow, theirs, ours)
        return ours

    async def _follow(self, theirs: Any, ours: Future[Any]) -> None:  # noqa: ANN401 - Dask's own
        """Give what came of the work there to who waits for it here."""
        ours.set_running_or_notify_cancel()
        self._waiting.add(ours)
        if self._looking is None or self._looking.done():
            self._looking = asyncio.ensure_future(self._look())
        try:
            result = await theirs
        except (CancelledError, asyncio.CancelledError, OSError):  # also where it fetches a result
            self._end(ours, ClusterFault(_LOST))
        except Exception as error:
            self._end(ours, error)
        else:
            if ours in self._waiting:
                self._waiting.remove(ours)
                ours.set_result(result)

    def _end(self, ours: Future[Any], error: Exception) -> None:
        if ours in self._waiting:
            self._waiting.remove(ours)
            ours.set_exception(error)

    async def _look(self) -> None:
        """Look, while anything is waited for, whether there is anybody to do it."""
        last = time.monotonic()
        while self._waiting:
            await asyncio.sleep(_LOOK)
            with suppress(OSError, TimeoutError):
                asked = self._client.scheduler.identity(n_workers=1)
                if (await asyncio.wait_for(asked, PATIENCE))["workers"]:
                    last = time.monotonic()
            if time.monotonic() - last > ABSENCE:
                for ours in tuple(self._waiting):
                    self._end(ours, ClusterFault(_ALONE))


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


def _hush() -> None:
    """Have Dask say nothing of its own on the terminal: what matters is told in our words."""
    for name in ("distributed", *logging.root.manager.loggerDict):
        if name.partition(".")[0] == "distributed":
            logging.getLogger(name).setLevel(logging.CRITICAL)


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
            raise other_machine(f"The worker {worker}", ours, theirs)


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
