"""Knows the course of a batch: what to make, in whose hands it is, and what came of it."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import date
from pathlib import Path

from piagen.config import Config
from piagen.errors import CannotWrite, PiagenError, shown
from piagen.pipeline.batch.fingerprint import (
    changed,
    fingerprint,
    machine,
    other_machine,
    roots_of,
)
from piagen.pipeline.batch.leftover import left_over
from piagen.pipeline.batch.lock import held
from piagen.pipeline.batch.manifest import Id, Manifest
from piagen.pipeline.batch.names import Claims, as_published, no_inputs
from piagen.pipeline.batch.options import Did, Job, Options, Plan, Result, Source
from piagen.pipeline.batch.processes import Processes, WorkerEnded
from piagen.pipeline.batch.record import Entry
from piagen.pipeline.batch.report import Ran, report
from piagen.pipeline.batch.sources import Input, inputs
from piagen.pipeline.batch.worker import (
    Outcome,
    WrongMachine,
    ended,
    new,
    not_written,
    unreadable,
    work,
)
from piagen.pipeline.whole import sweep, write_whole

MOST_AGAIN = 8
"""Projects that wait for another go; their answers are in memory."""
WAITING = 2
"""Projects in hand for each worker: one that it makes, one that it takes up next."""


def batch(
    sources: Source | Iterable[Source],
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
    due_from: date | None = None,
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
        due_from: the day from which the report tells what reviews are due; None for that of the
            options.

    Yields:
        A result for each project, in the order in which they are done.

    Raises:
        FolderInUse: another batch writes into the folder.
        CannotWrite: the folder or disk does not let us; the manifest is true all the same.
        StaleWorker: a worker of the executor would write other documents than this machine.
    """
    plan = Plan(
        sources=(sources,) if isinstance(sources, str | os.PathLike) else tuple(sources),
        folder=Path(folder),
        options=options or Options(),
        config=config or Config(),
        roots=roots,
        seconds=seconds,
        force=force,
        fail_fast=fail_fast,
        may_end=executor is None,
        due_from=due_from,
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


def run(
    plan: Plan, executor: Executor, *, workers: int, wait: bool = False
) -> Generator[Result, None, bool]:
    """Make what is to be made; arguments and errors as for `batch`.

    Args:
        plan: what to do.
        executor: who does the work.
        workers: how many projects it works on at a time.
        wait: wait for another batch in the same folder.

    Returns:
        Whether it stopped at the first project that failed, and left others.
    """
    with ExitStack() as stack:
        stack.enter_context(held(plan.folder, wait=wait))
        manifest = Manifest.open(plan.folder)
        stack.callback(manifest.close)
        stack.callback(clear, plan.folder)
        if isinstance(executor, Processes):  # before the folder is let go, nobody writes there
            stack.callback(executor.kill)
        course = _Course(plan, manifest, executor)
        ids: set[Id] = set()
        try:
            for result in course.go(workers):
                ids.add((result.entry.key, result.entry.way))
                yield result
            course.forget(ids)
            manifest.tidy()
            report(manifest, course.ran(ids), roots=course.roots)
        except BaseException as error:
            if isinstance(executor, Processes):
                executor.kill()
            with suppress(Exception):  # what is on the disk counts: it may be a line ahead of us
                report(Manifest.read(plan.folder), course.ran(ids, error), roots=course.roots)
            raise
        return course.cut


def stale(plan: Plan) -> Iterator[Result]:
    """Yield what would be done about each project; nothing is written."""
    manifest = Manifest.read(plan.folder)
    course = _Course(plan, manifest, None)
    for given in inputs(plan.sources, folder=plan.folder):
        job = course.job(given)
        if given.fault:
            yield _result(job, unreadable(job, given.fault), "failed")
        elif known := course.unchanged(job):
            yield _result(job, known, "unchanged")
        else:
            known = manifest.get((job.key, job.options.way))
            did: Did = "failed" if course.failed(job, known) else "stale"
            yield _result(job, known or new(job), did)


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
        self.claims = Claims(manifest.holder, plan.folder)
        self.roots = roots_of(plan.config, plan.roots)
        self.machine = machine(self.roots, plan.config.overlays)
        self.fingerprint = fingerprint(self.machine, plan.options, plan.config)
        self.stopped = self.cut = False

    def go(self, workers: int) -> Iterator[Result]:
        """Keep every worker at work until nothing is left."""
        coming = inputs(self.plan.sources, folder=self.plan.folder)
        inhand: dict[Future[Outcome | WrongMachine], Job] = {}
        again: deque[Job] = deque()
        more = True
        while more or inhand or again:
            while more and len(inhand) < WAITING * workers and len(again) < MOST_AGAIN:
                given = next(coming, None)
                self.cut = self.stopped and given is not None
                if given is None or self.stopped:
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
        named = as_published(given) if self.plan.options.edition == "published" else given
        folder = self.claims.claim(named, former.folder if former else None)
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
            name=given.name,
            line=given.line,
        )

    def failed(self, job: Job, known: Entry | None) -> bool:
        """Return whether the same answers failed the last time, and would be tried again."""
        return known is not None and known.status == "failed" and known.sha256 == job.sha256

    def unchanged(self, job: Job) -> Entry | None:
        """Return what is known of a project if nothing about it, or its documents, has changed."""
        known = self.manifest.get((job.key, job.options.way))
        if known is None or self.plan.force or known.status == "failed":
            return None
        if known.sha256 != job.sha256:
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
            yield self._keep(job, unreadable(job, given.fault), "failed")
        elif (self.plan.folder / job.folder).is_symlink():
            error = CannotWrite(job.folder, "this is a link. Take it away, and run it again.")
            yield self._keep(job, not_written(job, error).entry, "failed")
        elif known := self.unchanged(job):
            yield _result(job, self._still(known), "unchanged")
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
            code = error.code if isinstance(error, WorkerEnded) else None
            yield self._keep(job, ended(job, code), "failed")
            return
        if isinstance(outcome, WrongMachine):
            if isinstance(self.executor, Processes):
                raise changed(self.machine, outcome.found)
            raise other_machine("A worker", self.machine, outcome.found)
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
        yield self._keep(job, outcome.entry, "failed" if fault else "made")

    def _still(self, known: Entry) -> Entry:
        """Return what is known; what was left over and somebody has taken away is told no more."""
        left = left_over(self.plan.folder, (known,), known.outputs)
        if left != known.left_over:
            known = replace(known, left_over=left)
            self.manifest.add(known)
        return known

    def _keep(self, job: Job, entry: Entry, did: Did) -> Result:
        before = (
            self.manifest.owner(entry.folder, entry.way),
            self.manifest.get((entry.key, entry.way)),
        )
        left = left_over(self.plan.folder, before, entry.outputs)
        entry = replace(entry, left_over=left)
        self.manifest.add(entry)
        if did == "failed" and self.plan.fail_fast:
            self.stopped = True
        return _result(job, entry, did)

    def ran(self, ids: set[Id], error: BaseException | None = None) -> Ran:
        """Return what is to be told of the run, and why it ended early if it did."""
        why = "the first project failed, and the others were not looked at." if self.cut else ""
        return Ran(
            folder=self.plan.folder,
            way=self.plan.options.way,
            keys=frozenset(key for key, _ in ids),
            due_from=self.plan.due_from or self.plan.options.as_at,
            stopped=why if error is None else _why(error),
        )

    def forget(self, ids: set[Id]) -> None:
        """Forget what failed, left no document, and is no input any more: nobody can mend it.

        What this run did not look at stays: only a file that it read, or one that is gone, tells
        that a project is no input.
        """
        if self.stopped:
            return
        gone = tuple(
            (entry.key, entry.way)
            for entry in self.manifest.entries(but=ids)
            if entry.status == "failed" and not entry.outputs and not entry.left_over
        )
        if gone:
            for id_ in no_inputs(gone, ids, self.plan.folder):
                self.manifest.forget(id_)


def _why(error: BaseException) -> str:
    """Return why a run ended before its end, as a sentence that names no folder."""
    match error:
        case KeyboardInterrupt() | GeneratorExit():
            return "somebody interrupted it."
        case CannotWrite(says=says):
            return says
        case PiagenError():
            return shown(str(error), 300)
    return f"a fault in piagen ({type(error).__name__})."


def _result(job: Job, entry: Entry, did: Did) -> Result:
    return Result(entry, did, len(job.content), job.place(entry.error))


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
