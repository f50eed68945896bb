"""Knows an executor of worker processes, each on its own: one that dies costs its own work only.

The standard pool breaks as a whole when one of its processes dies, and cannot say which work it
was; here every process has a thread that waits for it, and starts another in its place.
"""

from __future__ import annotations

import gc
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import piagen
from piagen.errors import PiagenError, shown
from piagen.frozen import frozen

P = ParamSpec("P")
T = TypeVar("T")

MOST_GROWTH = 50_000_000
"""Bytes by which the memory of a process may grow after its first work before it is replaced.

Pango keeps a little of every line whose words may be broken, about a megabyte for each assessment,
and gives none back. A new process costs half a second, once in some fifteen projects.
"""

_SERVE = "from piagen.pipeline.batch.processes import serve; serve({}, {})"


_TRIES = 3
"""Times that a process is started which ends before it can be given work."""
_BROKEN = 70
"""What a process ends with that cannot go on; anything but 1, which means too long."""


class WorkerEnded(Exception):
    """The process ended before its work was done: killed, out of memory, or a crash."""

    def __init__(self, code: int | None = None) -> None:
        """Keep what it ended with: `limit.CODE` if it took too long, a signal as less than 0."""
        self.code = code
        super().__init__(code)


class CannotStart(PiagenError):
    """A process for the work that cannot be started, whatever the work."""

    def __init__(self, why: str) -> None:
        """Say why, and what to do."""
        super().__init__(
            f"A process that makes documents cannot be started ({shown(why, 300)}). Ask for fewer "
            "at a time with --jobs, or see what the system allows (ulimit -a)."
        )


@frozen
class _Work:
    future: Future[Any]
    call: tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]


class Processes(Executor):
    """An executor whose processes are started anew, begin warm, and end with the one they serve."""

    def __init__(self, count: int) -> None:
        """Start nothing yet.

        Args:
            count: how many processes there may be at a time.
        """
        self.count = count
        self._waiting: queue.SimpleQueue[_Work | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._processes: set[_Process] = set()
        self._hold = threading.Lock()
        self._idle = threading.Semaphore(0)
        self._closed = self._killed = False

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have a function called in one of the processes; it must be at the top of a module."""
        with self._hold:
            if self._closed:
                raise RuntimeError("this executor was shut down")
            if not self._idle.acquire(blocking=False) and len(self._threads) < self.count:
                thread = threading.Thread(target=self._tend, daemon=True)
                try:
                    thread.start()
                except RuntimeError as error:
                    raise CannotStart(str(error)) from error
                self._threads.append(thread)
        future: Future[T] = Future()
        self._waiting.put(_Work(future, (fn, args, kwargs)))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Let the processes end once nothing is waiting."""
        with self._hold:
            self._closed = True
        if cancel_futures:
            with suppress(queue.Empty):
                while work := self._waiting.get_nowait():
                    work.future.cancel()
                    work.future.set_running_or_notify_cancel()
        for _ in self._threads:
            self._waiting.put(None)
        for thread in self._threads if wait else ():
            thread.join()

    def kill(self) -> None:
        """End every process at once; what it wrote is whole or not there."""
        with self._hold:
            self._closed = self._killed = True
            for process in self._processes:
                process.kill()
        self.shutdown(wait=True, cancel_futures=True)

    def _tend(self) -> None:
        """Hand one process its work, and start another when it has ended."""
        process: _Process | None = None
        while work := self._waiting.get():
            if work.future.set_running_or_notify_cancel():
                try:
                    process = self._ready(process)
                    work.future.set_result(process.ask(work.call))
                except BaseException as error:
                    work.future.set_exception(error)
            if process and (process.ended or process.worn):
                self._let_go(process)
                process = None
            self._idle.release()
        if process:
            self._let_go(process)

    def _ready(self, process: _Process | None) -> _Process:
        """Return a process that lives; one that ended before its work is nobody's fault."""
        if process and not process.ended:
            return process
        if process:
            self._let_go(process)
        code = None
        for _ in range(_TRIES):
            with self._hold:
                if self._killed:
                    raise WorkerEnded
                try:
                    started = _Process()
                except OSError as error:
                    raise CannotStart(error.strerror or type(error).__name__) from error
                self._processes.add(started)
            try:
                started.begin()
            except WorkerEnded as error:
                code = error.code
                self._let_go(started)
            except BaseException:
                self._let_go(started)
                raise
            else:
                return started
        raise CannotStart(f"it ended {_TRIES} times before it was ready, with {code}")

    def _let_go(self, process: _Process) -> None:
        with self._hold:
            self._processes.discard(process)
        process.close()


class _Process:
    """One process, and the two lines to it: one for work, one that only says that we live."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        try:
            life, self._life = os.pipe()
        except OSError:
            ours.close()
            theirs.close()
            raise
        home = str(Path(piagen.__file__).resolve().parents[1])
        paths = [home, *filter(None, [os.environ.get("PYTHONPATH")])]
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and code
                [sys.executable, "-P", "-c", _SERVE.format(theirs.fileno(), life)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(), life),
                process_group=0,  # Ctrl-C is for the one who waits, which then ends this one
                env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
            )
        except OSError:
            ours.close()
            os.close(self._life)
            raise
        finally:
            theirs.close()
            os.close(life)
        self._line: Connection[Any, Any] = Connection(ours.detach())
        self._first = 0
        self._worn = False

    @property
    def ended(self) -> bool:
        """Whether it has ended."""
        return self._process.poll() is not None

    @property
    def worn(self) -> bool:
        """Whether it keeps more and more memory, or was stopped in the middle of something."""
        return self._worn

    def begin(self) -> None:
        """Wait until it can be given work.

        Raises:
            WorkerEnded: it ended before.
            CannotStart: it says why it cannot.
        """
        try:
            why = self._line.recv()
        except (EOFError, OSError) as error:
            raise WorkerEnded(self._code()) from error
        if why is not None:
            raise CannotStart(why)

    def ask(self, call: object) -> Any:  # noqa: ANN401 - whatever the function returns
        """Have a call made and return its result.

        Raises:
            WorkerEnded: it ended meanwhile.
        """
        try:
            self._line.send(call)
            good, answer, stopped, memory = self._line.recv()
        except (EOFError, OSError) as error:
            raise WorkerEnded(self._code()) from error
        self._first = self._first or memory
        self._worn = stopped or memory > self._first + MOST_GROWTH
        if not good:
            raise answer
        return answer

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()

    def close(self) -> None:
        """Let it end, and wait until it has."""
        self._line.close()
        with suppress(OSError):
            os.close(self._life)
        self._code()

    def _code(self) -> int:
        """Return what it ends with, by itself if it can."""
        try:
            return self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()


def serve(line: int, life: int) -> None:
    """Do what is asked until nobody asks any more; runs in a process of its own.

    Args:
        line: descriptor of the socket for work.
        life: descriptor of the pipe that closes when the other process ends, however it ends.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(life,), daemon=True).start()
    asked: Connection[Any, Any] = Connection(line)
    try:
        if _begun(asked):
            _answer(asked)
    except (EOFError, OSError):
        pass
    except Exception:
        os._exit(_BROKEN)


def _begun(asked: Connection[Any, Any]) -> bool:
    """Load what the work needs, and tell that it may come; or why not."""
    try:
        from piagen.pipeline.batch.worker import warm

        warm()
    except Exception as error:
        asked.send(str(error) if isinstance(error, PiagenError) else type(error).__name__)
        return False
    gc.collect()
    gc.freeze()  # what is loaded now stays: it need not be looked through again
    asked.send(None)
    return True


def _answer(asked: Connection[Any, Any]) -> None:
    """Make every call that is asked for."""
    from piagen.pipeline.batch import limit

    while True:
        function, args, kwargs = asked.recv()
        try:
            answer = (True, function(*args, **kwargs))
        except Exception as error:
            answer = (False, error)
        asked.send((*answer, limit.has_struck(), _memory()))


def _end_with(life: int) -> None:
    """End this process when the other one has: its folder is then nobody's to write into."""
    with suppress(OSError):
        os.read(life, 1)
    os._exit(0)


def _memory() -> int:
    """Bytes that this process holds; 0 where the system does not tell."""
    try:
        fields = Path("/proc/self/statm").read_text(encoding="ascii").split()
        return int(fields[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0
