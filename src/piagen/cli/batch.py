"""Knows `piagen batch`: many projects in, a folder of documents and a manifest out."""

from __future__ import annotations

import json
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

from piagen.cli import settings
from piagen.cli.days import AS_AT
from piagen.cli.render import documents_wanted
from piagen.cli.renditions import RENDITION
from piagen.errors import MOST_OF_A_PATH, ExitCode, shown

if TYPE_CHECKING:
    from piagen.pipeline.batch.record import Entry
    from piagen.pipeline.batch.run import Plan, Result
    from piagen.rendering.rendition import Edition, Format, Language

TIMEOUT = 300.0
"""Seconds for one document, thirty times what the largest example takes."""
_TICK = 0.2
"""Seconds between two lines of progress."""


@click.command()
@click.option(
    "-o",
    "--output",
    "folder",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder for the documents, a folder for each project; it is made if need be.",
)
@RENDITION
@AS_AT
@click.option("--jobs", type=click.IntRange(min=1), help="Processes; as many as cores by default.")
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
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
    "sources", nargs=-1, required=True, metavar="SOURCE...", type=click.Path(path_type=Path)
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
    input. What is unchanged is left alone, and a run that was stopped goes on where it was. The
    folder then holds manifest.jsonl, manifest.csv and report.html.

    \b
    Examples:
      piagen batch -o documents projects/
      piagen batch -o documents --as-at today --quiet projects.jsonl
    """
    from piagen.pipeline.batch.options import Options
    from piagen.pipeline.batch.run import Plan

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
    )
    if shared and not scheduler:
        raise click.UsageError("--shared is for a cluster: name it with --scheduler.")
    teller = Teller(plan, as_json=report == "json", quiet=quiet)
    course = _course(plan, jobs, scheduler, only_check=only_check, wait=wait)
    with stoppable(), closing(course):
        for result in course:
            teller.tell(result)
    teller.end(only_check=only_check)
    context.exit(teller.status(only_check=only_check))


def _order(documents: Any) -> tuple[str, ...] | None:  # noqa: ANN401 - a sequence or None
    return None if documents is None else tuple(documents)


def _course(
    plan: Plan, jobs: int | None, scheduler: str | None, *, only_check: bool, wait: bool
) -> Generator[Result, None, None]:
    """Yield what is done about each project, by whoever does it."""
    from piagen.pipeline.batch.processes import Processes
    from piagen.pipeline.batch.run import cores, run, stale

    if only_check:
        yield from stale(plan)
        return
    with ExitStack() as stack:
        if scheduler:
            from piagen.pipeline.batch.cluster import connected

            shared = plan.folder if plan.workers_write else None
            cluster = stack.enter_context(connected(scheduler, config=plan.config, shared=shared))
            yield from run(plan, cluster.executor, workers=cluster.workers, wait=wait)
        else:
            count = jobs or cores()
            yield from run(plan, Processes(count), workers=count, wait=wait)


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
        self.unusable = 0
        self.progress = None if quiet or not sys.stderr.isatty() else Progress(plan)

    def tell(self, result: Result) -> None:
        """Tell of one project."""
        entry = result.entry
        self.did[result.did] += 1
        self.states[entry.status] += 1
        self.unusable += bool(entry.error and entry.error.kind == "input")
        if self.progress:
            self.progress.clear()
        if entry.error:
            click.echo(_fault(entry), err=True)
        if self.as_json:
            data = {**asdict(entry), "did": result.did}
            click.echo(json.dumps(data, ensure_ascii=True))
        elif result.did == "stale" and not self.quiet:
            click.echo(shown(entry.key, MOST_OF_A_PATH))
        if self.progress:
            self.progress.show(self.did, result.size)

    def end(self, *, only_check: bool) -> None:
        """Tell how it went, in a line or two."""
        if self.progress:
            self.progress.clear()
        if self.quiet:
            return
        total = sum(self.did.values())
        said = f"{total:,} project{'' if total == 1 else 's'}"
        if only_check:
            stale = self.did["stale"] + self.did["failed"]
            line = f"{said}: {stale:,} to make, {self.did['unchanged']:,} unchanged."
        else:
            states = ", ".join(
                f"{self.states[state]:,} {word}"
                for state, word in _STATES.items()
                if self.states[state]
            )
            line = (
                f"{said}{': ' if states else ''}{states}. {self.did['made']:,} made now, "
                f"{self.did['unchanged']:,} unchanged. See {self.plan.folder}/report.html."
            )
        click.echo(line, err=self.as_json)

    def status(self, *, only_check: bool) -> ExitCode:
        """Return what the command ends with."""
        if only_check:
            return ExitCode.FINDINGS if self.did["stale"] + self.did["failed"] else ExitCode.DONE
        if self.unusable and self.unusable == sum(self.did.values()):
            return ExitCode.UNUSABLE
        stands = self.states["failed"] + self.states["blocked"]
        return ExitCode.FINDINGS if stands else ExitCode.DONE


_STATES = {
    "ready": "ready",
    "draft": "in draft",
    "blocked": "blocked by errors",
    "failed": "failed",
}


def _fault(entry: Entry) -> str:
    """Return what failed as lines: which input, why, where."""
    fault = entry.error
    if fault is None:
        return ""
    lines = [f"{shown(entry.key, MOST_OF_A_PATH)}: {shown(fault.says, MOST_OF_A_PATH)}"]
    lines += [f"  {shown(p.at, MOST_OF_A_PATH)}: {shown(p.says, 300)}" for p in fault.places]
    return "\n".join(lines)


class Progress:
    """One line on a terminal: how many, how fast, how long yet."""

    def __init__(self, plan: Plan) -> None:
        from piagen.pipeline.batch.sources import measure

        self.total = measure(plan.sources, plan.folder)
        self.begun = self.last = time.monotonic()
        self.size = 0

    def show(self, did: Counter[str], size: int) -> None:
        """Show where it is; a line of progress is not worth more than a few a second."""
        self.size += size
        now = time.monotonic()
        if now - self.last < _TICK:
            return
        self.last = now
        done, spent = sum(did.values()), now - self.begun
        line = f"{done:,} done, {done / spent:.1f} a second"
        if did["failed"]:
            line += f", {did['failed']:,} failed"
        if self.total and self.size:
            left = spent * max(0, self.total - self.size) / self.size
            line += f", {_in_words(left)} left"
        width = os.get_terminal_size(sys.stderr.fileno()).columns - 1
        click.echo(f"\r\x1b[K{line[:width]}", err=True, nl=False)

    def clear(self) -> None:
        """Take the line away, so that something else can be told."""
        click.echo("\r\x1b[K", err=True, nl=False)


def _in_words(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"about {minutes} min" if minutes >= 2 else f"about {round(seconds)} s"
