"""Knows the course of a batch: what to make, in whose hands it is, and what came of it."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from piagen.config import Config
from piagen.errors import CannotWrite, PiagenError
from piagen.pipeline.batch.fingerprint import fingerprint, machine, roots_of
from piagen.pipeline.batch.lock import held
from piagen.pipeline.batch.manifest import Manifest
from piagen.pipeline.batch.names import Claims
from piagen.pipeline.batch.options import Job, Options
from piagen.pipeline.batch.processes import Processes, WorkerEnded
from piagen.pipeline.batch.record import Entry
from piagen.pipeline.batch.report import report
from piagen.pipeline.batch.sources import Input, inputs
from piagen.pipeline.batch.worker import Outcome, WrongMachine, ended, not_written, unreadable, work
from piagen.pipeline.whole import sweep, write_whole

Did = Literal["made", "unchanged", "stale", "failed"]
Source = Path | str

MOST_AGAIN = 8
"""Projects that wait for another go; their answers are in memory."""
WAITING = 2
"""Projects in hand for each worker: one that it makes, one that it takes up next."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a batch has done about one project.

    Attributes:
        entry: what the manifest says of it.
        did: made its documents; left them as they are; would make them; or could not.
        size: bytes of its answers.
    """

    entry: Entry
    did: Did
    size: int = 0


class StaleWorker(PiagenError):
    """A worker that would write other documents than the machine that asks."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that a batch is told.

    Attributes:
        sources: files, folders, or `-`.
        folder: where the documents go, a folder for each project.
        options: what to make.
        config: what the organisation has set.
        roots: template folders; None for those of the configuration.
        seconds: how long one document may take; None for as long as it likes.
        force: make what is unchanged too.
        fail_fast: take up no further project once one has failed.
        workers_write: whether workers see the folder and write there themselves.
        may_end: whether a worker that cannot be stopped otherwise may be ended.
    """

    sources: tuple[Source, ...]
    folder: Path
    options: Options = field(default_factory=Options)
    config: Config = field(default_factory=Config)
    roots: tuple[Path, ...] | None = None
    seconds: float | None = None
    force: bool = False
    fail_fast: bool = False
    workers_write: bool = True
    may_end: bool = False


def batch(
    sources: Iterable[Source],
    folder: Path | str,
    *,
    options: Options | None = None,
    config: Config | None = None,
    roots: tuple[Path, ...] | None = None,
    jobs: int | None = None,
    executor: Executor | None = None,
    seconds: float | None = None,
    force: bool = False,
    fail_fast: bool = False,
    wait: bool = False,
) -> Iterator[Result]:
    """Make the documents of many projects, and yield what was done about each as it is done.

    What is unchanged is left alone, what failed or is new is made. A manifest in the folder says
    what is there; a run that is killed is finished by the next one.

    Args:
        sources: answers files, folders of them, JSON Lines, JSON arrays, or `-`.
        folder: where the documents go, a folder for each project.
        options: what to make.
        config: what the organisation has set.
        roots: template folders, first the one that wins; None for those of the configuration.
        jobs: how many processes; None for one each core.
        executor: who does the work, instead of processes of ours. It must call functions in
            processes, not in threads, and is not shut down.
        seconds: how long one document may take; None for as long as it likes.
        force: make what is unchanged too.
        fail_fast: take up no further project once one has failed.
        wait: wait for another batch in the same folder.

    Yields:
        A result for each project, in the order in which they are done.

    Raises:
        FolderInUse: another batch writes into the folder.
        CannotWrite: the folder or disk does not let us; the manifest is true all the same.
        StaleWorker: a worker of the executor would write other documents than this machine.
    """
    plan = Plan(
        sources=tuple(sources),
        folder=Path(folder),
        options=options or Options(),
        config=config or Config(),
        roots=roots,
        seconds=seconds,
        force=force,
        fail_fast=fail_fast,
        may_end=executor is None,
    )
    count = jobs or cores()
    if executor is None:
        yield from run(plan, Processes(count), workers=count, wait=wait)
    else:
        plan = replace(plan, workers_write=False)
        yield from run(plan, executor, workers=count, wait=wait)


def cores() -> int:
    """Return how many cores this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        return os.cpu_count() or 1


def run(plan: Plan, executor: Executor, *, workers: int, wait: bool = False) -> Iterator[Result]:
    """Make what is to be made; arguments and errors as for `batch`.

    Args:
        plan: what to do.
        executor: who does the work.
        workers: how many projects it works on at a time.
        wait: wait for another batch in the same folder.
    """
    with ExitStack() as stack:
        stack.enter_context(held(plan.folder, wait=wait))
        manifest = Manifest.open(plan.folder)
        stack.callback(manifest.close)
        stack.callback(clear, plan.folder)
        if isinstance(executor, Processes):  # before the folder is let go, nobody writes there
            stack.callback(executor.kill)
        course = _Course(plan, manifest, executor)
        ids = set()
        for result in course.go(workers):
            ids.add((result.entry.key, result.entry.way))
            yield result
        manifest.tidy()
        report(plan.folder, manifest, ids, as_at=plan.options.as_at, roots=course.roots)


def stale(plan: Plan) -> Iterator[Result]:
    """Yield what would be done about each project; nothing is written."""
    manifest = Manifest.read(plan.folder)
    course = _Course(plan, manifest, None)
    for given in inputs(plan.sources, leave=plan.folder):
        job = course.job(given)
        known = course.unchanged(job)
        if given.fault:
            yield Result(unreadable(job, given.fault), "failed", len(given.content))
        elif known:
            yield Result(known, "unchanged", len(given.content))
        else:
            yield Result(_to_do(job), "stale", len(given.content))


def clear(folder: Path) -> None:
    """Take away what a killed run had not finished writing."""
    sweep(folder)
    for below in folder.iterdir():
        if below.is_dir() and not below.is_symlink():
            sweep(below)


class _Course:
    """One run: what is in hand, and what waits for another go."""

    def __init__(self, plan: Plan, manifest: Manifest, executor: Executor | None) -> None:
        self.plan, self.manifest, self.executor = plan, manifest, executor
        self.claims = Claims(manifest.holder)
        self.roots = roots_of(plan.config, plan.roots)
        self.machine = machine(self.roots, plan.config.overlays)
        self.fingerprint = fingerprint(self.machine, plan.options, plan.config)
        self.stopped = False

    def go(self, workers: int) -> Iterator[Result]:
        """Keep every worker at work until nothing is left."""
        coming = inputs(self.plan.sources, leave=self.plan.folder)
        inhand: dict[Future[Outcome | WrongMachine], Job] = {}
        again: deque[Job] = deque()
        more = True
        while more or inhand or again:
            while more and len(inhand) < WAITING * workers and len(again) < MOST_AGAIN:
                given = None if self.stopped else next(coming, None)
                if given is None:
                    more = False
                    break
                yield from self._take_up(given, inhand)
            for future in self._done(inhand):
                job = inhand.pop(future)
                yield from self._settle(job, future, again)
            while again and not inhand:
                job = again.popleft()
                yield from self._settle(job, self._hand_over(job), None)

    def job(self, given: Input) -> Job:
        """Return what a worker is told about an input."""
        former = self.manifest.get((given.key, self.plan.options.way))
        folder = "" if given.fault else self.claims.claim(given, former.folder if former else None)
        return Job(
            key=given.key,
            content=given.content,
            stem=given.stem,
            folder=folder,
            root=self.plan.folder.absolute() if self.plan.workers_write else None,
            options=self.plan.options,
            config=self.plan.config,
            roots=self.plan.roots,
            seconds=self.plan.seconds,
            may_end=self.plan.may_end,
            machine=self.machine.figures,
        )

    def unchanged(self, job: Job) -> Entry | None:
        """Return what is known of a project if nothing about it, or its documents, has changed."""
        known = self.manifest.get((job.key, job.options.way))
        if known is None or self.plan.force or known.status == "failed":
            return None
        if known.sha256 != hashlib.sha256(job.content).hexdigest():
            return None
        if known.fingerprint != self.fingerprint or known.folder != job.folder:
            return None
        for output in known.outputs:
            try:
                content = (self.plan.folder / output.file).read_bytes()
            except OSError:
                return None
            if hashlib.sha256(content).hexdigest() != output.sha256:
                return None
        return known

    def _take_up(
        self, given: Input, inhand: dict[Future[Outcome | WrongMachine], Job]
    ) -> Iterator[Result]:
        job = self.job(given)
        if given.fault:
            yield self._keep(unreadable(job, given.fault), "failed", 0)
        elif known := self.unchanged(job):
            yield Result(known, "unchanged", len(job.content))
        else:
            inhand[self._hand_over(job)] = job

    def _hand_over(self, job: Job) -> Future[Outcome | WrongMachine]:
        if self.executor is None:
            raise ValueError("nobody is there to do it")
        return self.executor.submit(work, job)

    def _done(
        self, inhand: dict[Future[Outcome | WrongMachine], Job]
    ) -> set[Future[Outcome | WrongMachine]]:
        return wait(inhand, return_when=FIRST_COMPLETED).done if inhand else set()

    def _settle(
        self, job: Job, future: Future[Outcome | WrongMachine], again: deque[Job] | None
    ) -> Iterator[Result]:
        """Write down what came of a project; `again` is where it may wait for another go, alone."""
        try:
            outcome = future.result()
        except Exception as error:
            if not _worker_ended(error):
                raise
            if again is not None:
                again.append(job)
                return
            yield self._keep(ended(job), "failed", len(job.content))
            return
        if isinstance(outcome, WrongMachine):
            raise StaleWorker(other_machine("A worker", self.machine.unlike(outcome.found)))
        if outcome.again and again is not None:
            again.append(job)
            return
        try:
            for document in outcome.documents:
                write_whole(self.plan.folder / document.filename, document.content)
        except CannotWrite as error:
            outcome = not_written(job, error)
        fault = outcome.entry.error
        if outcome.full or (fault and fault.kind == "write" and not _lets_us(self.plan)):
            says = outcome.full or "nothing can be written there."
            raise CannotWrite(self.plan.folder, f"{says} What was finished is whole.")
        yield self._keep(outcome.entry, "failed" if fault else "made", len(job.content))

    def _keep(self, entry: Entry, did: Did, size: int) -> Result:
        self.manifest.add(entry)
        if did == "failed" and self.plan.fail_fast:
            self.stopped = True
        return Result(entry, did, size)


def _to_do(job: Job) -> Entry:
    return Entry(
        key=job.key,
        way=job.options.way,
        sha256=hashlib.sha256(job.content).hexdigest(),
        fingerprint="",
        versions={},
        folder=job.folder,
        status="draft",
    )


def _worker_ended(error: Exception) -> bool:
    """Whether the error says that a worker died; each executor has its own word for that."""
    return isinstance(error, WorkerEnded | BrokenExecutor) or type(error).__name__ == "KilledWorker"


def _lets_us(plan: Plan) -> bool:
    """Whether anything can still be written into the folder: what failed is then one project's."""
    try:
        with tempfile.TemporaryFile(dir=plan.folder):
            return True
    except OSError:
        return False


def other_machine(who: str, what: str) -> str:
    """Return the sentence that refuses a worker."""
    return (
        f"{who} would make other documents: {what}. "
        "Give every worker the same piagen, libraries, templates and overlays."
    )
