"""Knows how one project is made, in a process of its own: everything that happens is an outcome."""

from __future__ import annotations

import errno
import hashlib
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from piagen.domain.facts import FACTS
from piagen.errors import (
    CannotWrite,
    PiagenError,
    ShapeErrors,
    TemplateFault,
    Unpublishable,
    UnusableFile,
    shown,
)
from piagen.frozen import frozen
from piagen.pipeline.assess import Loaded, Review, check, load_bytes, questionnaire
from piagen.pipeline.batch.counting import pages
from piagen.pipeline.batch.fingerprint import Machine, fingerprint, machine, roots_of, versions
from piagen.pipeline.batch.limit import CODE, Overdue, limited
from piagen.pipeline.batch.options import Job
from piagen.pipeline.batch.record import Entry, Fault, FaultKind, Output, Place, Status
from piagen.pipeline.documents import Rendered, render, template_roots
from piagen.pipeline.whole import write_whole
from piagen.questionnaire.survey import survey
from piagen.rendering.published_answers import publish
from piagen.rules.rule import Severity

MOST_PLACES = 20
"""Of one input, or of one fault of ours; who mends those sees the rest."""
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG)
"""What befalls every project, not one: no room, or nothing can be written at all."""


@frozen
class Outcome:
    """What came of one project.

    Attributes:
        entry: what the manifest is to say.
        documents: what was made, if the worker was not to write it itself.
        again: whether it is worth another go, alone.
        full: whether no project can be written, and why.
    """

    entry: Entry
    documents: tuple[Rendered, ...] = ()
    again: bool = False
    full: str | None = None


@frozen
class WrongMachine:
    """A worker that would write other documents than the machine that asks."""

    found: Machine


def work(job: Job) -> Outcome | WrongMachine:
    """Make the documents of one project; nothing is raised but what ends the process."""
    begun = time.perf_counter()
    try:
        outcome = _made(job)
    except Overdue:
        outcome = _overdue(job)
    except TemplateFault as error:
        outcome = _failed(job, "template", str(error))
    except CannotWrite as error:
        outcome = not_written(job, error)
    except PiagenError as error:
        outcome = _failed(job, "input", *_in_words(error, job.line))
    except Exception as error:
        says = f"a fault in piagen: {type(error).__name__}. No answer was lost."
        places = tuple(
            Place(f"{Path(frame.filename).name}:{frame.lineno}", frame.name)
            for frame in traceback.extract_tb(error.__traceback__)[-MOST_PLACES:]
        )
        outcome = _failed(job, "fault", says, places, again=True)
    if isinstance(outcome, WrongMachine):
        return outcome
    seconds = round(time.perf_counter() - begun, 3)
    return replace(outcome, entry=replace(outcome.entry, seconds=seconds))


def warm() -> None:
    """Load what every document needs, once in the life of a process."""
    from piagen.rendering import pdf
    from piagen.rules.registry import rules

    questionnaire()
    rules()
    pdf.render_pdf("<p>.</p>", roots=template_roots(), identifier="")


def unreadable(job: Job, fault: UnusableFile) -> Entry:
    """Return what the manifest says of an input that could not be read."""
    return _failed(job, "input", *_in_words(fault, job.line)).entry


def ended(job: Job, code: int | None = None) -> Entry:
    """Return what the manifest says of a project whose worker ended, and ended again alone.

    Args:
        job: the project.
        code: what the process ended with, where that is known.
    """
    if code == CODE:
        return _overdue(job).entry
    says = (
        "the process that made it ended, and did so again when nothing else ran (killed, out of "
        "memory, or a crash)."
    )
    return _failed(job, "worker", says).entry


def new(job: Job) -> Entry:
    """Return what is known of a project that nobody has made yet."""
    return Entry(
        key=job.key,
        way=job.options.way,
        sha256=job.sha256,
        fingerprint="",
        versions={},
        folder=job.folder,
        status="new",
    )


def _made(job: Job) -> Outcome | WrongMachine:
    roots = roots_of(job.config, job.roots)
    found = machine(roots, job.config.overlays)
    if job.machine not in (None, found.figures):
        return WrongMachine(found)
    with limited(job.seconds, may_end=job.may_end):
        loaded = load_bytes(job.content, Path(job.key), job.config)
        loaded = Loaded(Path(f"{job.stem}.json"), loaded.answers)
        review = check(loaded, as_at=job.options.as_at, config=job.config)
    documents, outputs = [], []
    for rendered in _rendered(job, loaded, review):
        name = f"{job.folder}/{rendered.filename}"
        if job.root is None:
            documents.append(replace(rendered, filename=name))
        else:
            write_whole(job.root / name, rendered.content)
        told = hashlib.sha256(rendered.content).hexdigest()
        outputs.append(Output(rendered.document, name, told, pages(rendered.content)))
    entry = _entry(job, status=_status(review), outputs=tuple(outputs))
    return Outcome(replace(entry, **_told(job, loaded, review)), tuple(documents))


def _rendered(job: Job, loaded: Loaded, review: Review) -> Iterator[Rendered]:
    """Yield each document; each has the whole time to itself."""
    making = render(
        loaded,
        job.options.documents,
        roots=job.roots,
        config=job.config,
        review=review,
        **job.options.of_render,
    )
    while True:
        with limited(job.seconds, may_end=job.may_end):
            rendered = next(making, None)
        if rendered is None:
            return
        yield rendered


def _entry(job: Job, *, status: Status, outputs: tuple[Output, ...] = ()) -> Entry:
    found = machine(roots_of(job.config, job.roots), job.config.overlays)
    return Entry(
        key=job.key,
        way=job.options.way,
        sha256=job.sha256,
        fingerprint=fingerprint(found, job.options, job.config),
        versions=versions(found, job.config),
        folder=job.folder,
        status=status,
        outputs=outputs,
    )


def _status(review: Review) -> Status:
    if review.errors:
        return "blocked"
    return "draft" if review.missing else "ready"


def _told(job: Job, loaded: Loaded, review: Review) -> Mapping[str, Any]:
    """What a governance lead asks about one project."""
    visible = survey(questionnaire(job.config), loaded.answers).visible
    standing = [finding for finding in review.findings if finding.stands]
    counts = Counter(str(finding.severity) for finding in standing)
    about = visible.get("assessment", {})
    withheld: set[str] = set()
    if job.options.edition == "published":
        left_out = publish(questionnaire(job.config), loaded.answers).left_out
        withheld = {left.at for left in left_out}
    return {
        name: None if f"assessment.{name}" in withheld else about.get(name)
        for name in ("reference", "title")
    } | {
        "findings": {str(severity): counts[str(severity)] for severity in Severity}
        | {"accepted": len(review.findings) - len(standing)},
        "rules": dict(sorted(Counter(finding.rule.id for finding in standing).items())),
        "missing": len(review.missing),
        "open": len(review.open),
        "unconfirmed": len(review.unconfirmed),
        "unprintable": len(review.unprintable),
        "special_category": FACTS["special_category_data"].holds(visible),
        "high_residual_risk": FACTS["any_high_residual_risk"].holds(visible),
        "review_due": visible.get("review", {}).get("due"),
    }


def _overdue(job: Job) -> Outcome:
    says = f"a document took longer than {job.seconds:g} seconds. Allow more with --timeout."
    return _failed(job, "time", says, again=True)


def _failed(
    job: Job, kind: FaultKind, says: str, places: tuple[Place, ...] = (), *, again: bool = False
) -> Outcome:
    entry = _entry(job, status="failed")
    return Outcome(replace(entry, error=Fault(kind, says, places)), again=again)


def not_written(job: Job, error: CannotWrite) -> Outcome:
    """Return what came of a project whose documents could not be written."""
    cause = error.__cause__
    outcome = _failed(job, "write", str(error).replace(f"{job.root}/", ""))
    full = isinstance(cause, OSError) and cause.errno in FULL
    return replace(outcome, full=error.says if full else None)


def _in_words(error: PiagenError, begins: int | None) -> tuple[str, tuple[Place, ...]]:
    """Return what happened, and where; `begins` is the line of a list on which a project begins."""
    match error:
        case ShapeErrors(problems=problems) | Unpublishable(problems=problems):
            places = tuple(Place(p.at, p.says) for p in problems[:MOST_PLACES])
            needs = "answer needs" if len(problems) == 1 else "answers need"
            return f"{len(problems):,} {needs} attention.", places
        case UnusableFile(says=says, line=int(line)):
            return says, (Place(f"line {line + (begins or 1) - 1}", ""),)
        case UnusableFile(says=says):
            return says, ()
    return shown(str(error), 1_000), ()
