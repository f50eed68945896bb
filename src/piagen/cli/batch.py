"""Knows `piagen batch`: many projects in, a folder of documents and a manifest out."""

from __future__ import annotations

import json
import math
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from piagen.cli import fault, settings
from piagen.cli.days import AS_AT, Day
from piagen.cli.render import documents_wanted
from piagen.cli.renditions import RENDITION
from piagen.errors import MOST_OF_A_PATH, ExitCode, shown
from piagen.pipeline.batch.limit import MOST_SECONDS

if TYPE_CHECKING:
    from piagen.pipeline.batch.options import Plan, Result
    from piagen.pipeline.batch.record import Entry
    from piagen.rendering.rendition import Edition, Format, Language

TIMEOUT = 300.0
"""Seconds for one document, thirty times what the largest example takes."""
_TICK = 0.2
"""Seconds between two lines of progress."""
_MOST_NAMED = 5
"""References that are named on the terminal; the page has more."""

EXIT_CODES = """\b
Exit codes:
  0    all done, or nothing to do
  1    some projects failed, or errors stand in them; the rest are done
       (with --check: something would be made)
  2    the command line is wrong
  3    no input can be used, or the folder cannot
  4    a fault in piagen; what could be made is made, and a log is written
  130  interrupted; what was finished is whole
"""


def _measurable(
    context: click.Context,
    option: click.Parameter,
    seconds: float,
) -> float:
    """Refuse what is no number, which no range does."""
    if math.isnan(seconds):
        raise click.BadParameter("“nan” is no number of seconds.", param=option)
    return seconds


@click.command(epilog=EXIT_CODES)
@click.option(
    "-o",
    "--output",
    "folder",
    required=True,
    type=click.Path(path_type=Path, file_okay=False, readable=False),
    help="The folder for the documents, a folder for each project; it is made if need be.",
)
@RENDITION
@AS_AT
@click.option(
    "--due-from",
    type=Day(),
    metavar="DAY",
    help="Tell in report.html which reviews are due in the 90 days from this day (2026-11-22, or "
    "today). It changes no document. Without it, the day of --as-at counts.",
)
@click.option("--jobs", type=click.IntRange(min=1), help="Processes; as many as cores by default.")
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True, max=MOST_SECONDS),
    callback=_measurable,
    default=TIMEOUT,
    show_default=True,
    help="Seconds for one document; one that takes longer is tried once more, alone.",
)
@click.option("--force", is_flag=True, help="Make what is unchanged too.")
@click.option("--fail-fast", is_flag=True, help="Take up no further project once one has failed.")
@click.option(
    "--check", "only_check", is_flag=True, help="Tell what would be made; 1 if anything would."
)
@click.option("--wait", is_flag=True, help="Wait for another batch in the same folder.")
@click.option(
    "--scheduler", metavar="ADDRESS", help="Have a Dask cluster do the work: tls://HOST:8786."
)
@click.option(
    "--shared", is_flag=True, help="The cluster's workers see the folder, and write there."
)
@click.option("--quiet", is_flag=True, help="Tell nothing but what failed.")
@click.option(
    "--report",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How the result is told; json is one line for each project.",
)
@click.argument(
    "sources",
    nargs=-1,
    required=True,
    metavar="SOURCE...",
    type=click.Path(path_type=Path, readable=False),  # one that is not does not stop the others
)
@click.pass_context
def batch(
    context: click.Context,
    folder: Path,
    document: str,
    format: Format,
    edition: Edition,
    language: Language,
    as_at: date | None,
    due_from: date | None,
    jobs: int | None,
    timeout: float,
    force: bool,
    fail_fast: bool,
    only_check: bool,
    wait: bool,
    scheduler: str | None,
    shared: bool,
    quiet: bool,
    report: str,
    sources: tuple[Path, ...],
) -> None:
    """Make the documents of many projects, each once.

    A SOURCE is an answers file, a folder of them, JSON Lines, a JSON array, or - for standard
    input; of a folder, what is hidden and what a batch writes into is left out. A project of a list
    is known by its reference. What is unchanged is left alone, and a run that was stopped goes on.
    Keep its manifest.jsonl, manifest.csv and report.html to yourself: they name what is withheld.

    \b
    Examples:
      piagen batch -o documents projects/
      piagen batch -o documents --due-from today --quiet projects.jsonl
    """
    from piagen.pipeline.batch.options import Options, Plan

    config = settings.of(context)
    wanted = _order(documents_wanted(document, config))
    plan = Plan(
        sources=sources,
        folder=folder,
        options=Options(wanted, format, edition, language, as_at),
        config=config,
        seconds=timeout,
        force=force,
        fail_fast=fail_fast,
        may_end=True,
        workers_write=shared or not scheduler,
        due_from=due_from,
    )
    if shared and not scheduler:
        raise click.UsageError("--shared is for a cluster: name it with --scheduler.")
    _open_what_is_closed()
    teller = Teller(plan, as_json=report == "json", quiet=quiet)
    course = _course(plan, jobs, scheduler, only_check=only_check, wait=wait)
    with stoppable(), closing(course), teller:
        for result in teller.follow(course):
            teller.tell(result)
    teller.end(only_check=only_check)
    context.exit(teller.status(only_check=only_check))


def _order(documents: Any) -> tuple[str, ...] | None:  # noqa: ANN401 - a sequence or None
    return None if documents is None else tuple(documents)


def _course(
    plan: Plan, jobs: int | None, scheduler: str | None, *, only_check: bool, wait: bool
) -> Generator[Result, None, bool]:
    """Yield what is done about each project, by whoever does it; return whether it left some."""
    from piagen.pipeline.batch.processes import Processes
    from piagen.pipeline.batch.run import cores, run, stale

    if only_check:
        yield from stale(plan)
        return False
    with ExitStack() as stack:
        if scheduler:
            from piagen.pipeline.batch.cluster import connected

            shared = plan.folder if plan.workers_write else None
            cluster = stack.enter_context(connected(scheduler, config=plan.config, shared=shared))
            return (yield from run(plan, cluster.executor, workers=cluster.workers, wait=wait))
        count = jobs or cores()
        return (yield from run(plan, Processes(count), workers=count, wait=wait))


def _open_what_is_closed() -> None:
    """Put nothing where standard output and error were closed: no file of ours gets their number.

    What a library complains of would else be written into a document.
    """
    for number in (1, 2):
        try:
            os.fstat(number)
        except OSError:
            if os.open(os.devnull, os.O_RDWR) == number:
                os.set_inheritable(number, True)


@contextmanager
def stoppable() -> Iterator[None]:
    """Let a polite request to end (SIGTERM) do the same as Ctrl-C, once; a second one is late."""

    def stop(number: int, frame: object) -> None:
        signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    former = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, former)


class Teller:
    """Tells what is done as it is done, and counts it."""

    def __init__(self, plan: Plan, *, as_json: bool, quiet: bool) -> None:
        self.plan, self.as_json, self.quiet = plan, as_json, quiet
        self.did: Counter[str] = Counter()
        self.states: Counter[str] = Counter()
        self.references: dict[str, str] = {}
        self.same: dict[str, str] = {}
        self.faults: list[tuple[str, list[str]]] = []
        self.unusable = self.left_over = 0
        self.cut = False
        is_watched = sys.stderr is not None and sys.stderr.isatty()
        self.progress = Progress(plan) if is_watched and not quiet else None

    def __enter__(self) -> Teller:
        """Begin."""
        return self

    def __exit__(self, *error: object) -> None:
        """Take the line of progress away, whatever is told next."""
        if self.progress:
            self.progress.clear()

    def follow(self, course: Generator[Result, None, bool]) -> Iterator[Result]:
        """Yield what is done, and keep whether some projects were left."""
        self.cut = yield from course

    def tell(self, result: Result) -> None:
        """Tell of one project."""
        entry, error = result.entry, result.entry.error
        self.did[result.did] += 1
        self.states[entry.status] += 1
        self.left_over += len(entry.left_over)
        self.unusable += bool(error and error.kind == "input")
        if entry.reference:
            folded = entry.reference.strip().casefold()
            if folded in self.references:
                self.same[folded] = self.references[folded]
            self.references.setdefault(folded, entry.reference)
        if error and error.kind == "fault" and len(self.faults) < fault.MOST_FAULTS:
            self.faults.append((error.says, [f"{at.at} {at.says}" for at in error.places]))
        is_told = error or self.as_json or (result.did == "stale" and not self.quiet)
        if self.progress and is_told:
            self.progress.clear()
        if error:
            click.echo(_fault(entry, result.place), err=True)
        if self.as_json:
            data = {**asdict(entry), "did": result.did}
            click.echo(json.dumps(data, ensure_ascii=True))
        elif result.did == "stale" and not self.quiet:
            click.echo(shown(result.place, MOST_OF_A_PATH))
        if self.progress:
            self.progress.show(self.did, result.size)

    def end(self, *, only_check: bool) -> None:
        """Tell how it went, in a line or two."""
        if self.faults and not only_check:
            click.echo(fault.report_of_projects(self.faults), err=True)
        if self.cut:
            says = "Stopped at the first that failed; the others were not looked at."
            click.echo(says, err=True)
        if not self.quiet:
            click.echo(self._checked() if only_check else self._made(), err=self.as_json)

    def _checked(self) -> str:
        line = (
            f"{self._total()}: {self.did['stale']:,} to make, {self.did['unchanged']:,} unchanged"
        )
        if self.did["failed"]:
            line += f", {self.did['failed']:,} failed and would be tried again"
        return f"{line}."

    def _made(self) -> str:
        states = ", ".join(
            f"{self.states[state]:,} {word}"
            for state, word in _STATES.items()
            if self.states[state]
        )
        line = (
            f"{self._total()}{': ' if states else ''}{states}. {self.did['made']:,} made now, "
            f"{self.did['unchanged']:,} unchanged. See {self.plan.folder}/report.html."
        )
        if self.left_over:
            line += f" Left over from before: {self.left_over:,}; manifest.csv names them."
        if same := sorted(self.same.values()):
            named = ", ".join(shown(name) for name in same[:_MOST_NAMED])
            more = f" and {len(same) - _MOST_NAMED:,} more" if len(same) > _MOST_NAMED else ""
            line += f"\nThe same reference is in more than one input: {named}{more}."
        return line

    def _total(self) -> str:
        total = sum(self.did.values())
        return f"{total:,} project{'' if total == 1 else 's'}"

    def status(self, *, only_check: bool) -> ExitCode:
        """Return what the command ends with."""
        if only_check:
            return ExitCode.FINDINGS if self.did["stale"] + self.did["failed"] else ExitCode.DONE
        if self.faults:
            return ExitCode.FAULT
        if self.unusable and self.unusable == sum(self.did.values()) and not self.cut:
            return ExitCode.UNUSABLE
        stands = self.states["failed"] + self.states["blocked"]
        return ExitCode.FINDINGS if stands else ExitCode.DONE


_STATES = {
    "ready": "ready",
    "draft": "in draft",
    "blocked": "blocked by errors",
    "failed": "failed",
}


def _fault(entry: Entry, place: str) -> str:
    """Return what failed as lines: which input, why, where."""
    error = entry.error
    if error is None:
        return ""
    lines = [f"{shown(place, MOST_OF_A_PATH)}: {shown(error.says, MOST_OF_A_PATH)}"]
    lines += [
        f"  {shown(p.at, MOST_OF_A_PATH)}: {shown(p.says, 300)}"
        for p in (error.places[-1:] if error.kind == "fault" else error.places)
        if p.says
    ]
    return "\n".join(lines)


class Progress:
    """One line on a terminal: how many, how fast, how long yet. It stands until it is replaced."""

    def __init__(self, plan: Plan) -> None:
        from piagen.pipeline.batch.sources import measure

        self.begun, self.last, self.size = time.monotonic(), 0.0, 0
        self._draw("Looking at what there is to do")
        self.total = measure(plan.sources, plan.folder)
        self._draw("0 done, begun")

    def show(self, did: Counter[str], size: int) -> None:
        """Show where it is, a few times a second at most."""
        self.size += size
        now = time.monotonic()
        if now - self.last < _TICK:
            return
        self.last = now
        done, spent = sum(did.values()), max(now - self.begun, 0.001)
        line = f"{done:,} done, {done / spent:.1f} a second"
        if did["failed"]:
            line += f", {did['failed']:,} failed"
        if self.total and self.size:
            left = spent * max(0, self.total - self.size) / self.size
            line += f", {_in_words(left)} left"
        self._draw(line)

    def clear(self) -> None:
        """Take the line away, so that something else can be told; the next one follows at once."""
        click.echo("\r\x1b[K", err=True, nl=False)
        self.last = 0.0

    def _draw(self, line: str) -> None:
        width = os.get_terminal_size(sys.stderr.fileno()).columns - 1
        click.echo(f"\r\x1b[K{line[:width]}", err=True, nl=False)


def _in_words(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"about {minutes} min" if minutes >= 2 else f"about {round(seconds)} s"
