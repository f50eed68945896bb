"""Knows what is told when a batch is done: a table of all projects, and one page about them."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from heapq import nsmallest
from pathlib import Path

from piagen.domain.days import in_words
from piagen.errors import shown
from piagen.pipeline.batch.manifest import Id, Manifest
from piagen.pipeline.batch.record import Entry
from piagen.pipeline.whole import write_whole
from piagen.rendering.overview import Count, Listing, Overview, Project, render_overview
from piagen.rules.registry import rules
from piagen.rules.rule import Severity

TABLE = "manifest.csv"
PAGE = "report.html"
DUE_DAYS = 90
"""A review that is due within so many days is told."""
MOST_FINDINGS = 15
MOST_PROJECTS = 50
"""In one list of the page; the table has all."""

Entries = Callable[[], Iterator[Entry]]

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a spreadsheet takes for the beginning of a formula, in full width too."""

_STATES = {
    "ready": "Nothing is missing and no error stands",
    "draft": "No error stands, but answers are missing or unconfirmed",
    "blocked": "An error stands; the documents are drafts",
    "failed": "No documents could be made",
}
_COLUMNS = (
    "input",
    "reference",
    "title",
    "status",
    "folder",
    "made",
    "documents",
    "pages",
    "errors",
    "warnings",
    "advice",
    "accepted",
    "missing",
    "open_questions",
    "unconfirmed",
    "unprintable",
    "special_category",
    "high_residual_risk",
    "review_due",
    "seconds",
    "error",
    "error_at",
    "input_sha256",
    "outputs_sha256",
    "piagen",
    "questionnaire",
    "law",
    "templates",
)


def report(
    folder: Path,
    manifest: Manifest,
    ids: set[Id],
    *,
    as_at: date | None,
    roots: tuple[Path, ...],
) -> None:
    """Write `manifest.csv` and `report.html` about the projects of one run.

    Args:
        folder: the folder of the batch.
        manifest: what is known of every project.
        ids: those of this run.
        as_at: the day from which reviews are due; None if that is not told.
        roots: template folders.

    Raises:
        CannotWrite: the folder or disk does not let us.
        TemplateFault: the template of the page names something it does not have.
    """
    write_whole(folder / TABLE, table(_of(manifest, ids)))
    page = render_overview(overview(lambda: _of(manifest, ids), as_at), roots)
    write_whole(folder / PAGE, page.encode())


def _of(manifest: Manifest, ids: set[Id]) -> Iterator[Entry]:
    return (entry for entry in manifest.entries() if (entry.key, entry.way) in ids)


def table(entries: Iterable[Entry]) -> bytes:
    """Return the table: UTF-8 with the mark by which Excel knows it, and nothing a formula."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_COLUMNS)
    for entry in entries:
        writer.writerow([_cell(value) for value in _row(entry)])
    return b"\xef\xbb\xbf" + text.getvalue().encode("utf-8", "replace")


def _row(entry: Entry) -> Iterator[object]:
    fault = entry.error
    yield from (entry.key, entry.reference, entry.title, entry.status, entry.folder, entry.way)
    yield " ".join(output.document for output in entry.outputs)
    yield sum(output.pages or 0 for output in entry.outputs) or None
    for severity in (*Severity, "accepted"):
        yield entry.findings.get(str(severity))
    yield from (entry.missing, entry.open, entry.unconfirmed, entry.unprintable)
    yield from (entry.special_category, entry.high_residual_risk, entry.review_due, entry.seconds)
    yield fault and fault.says
    yield fault and "; ".join(f"{place.at}: {place.says}" for place in fault.places)
    yield entry.sha256
    yield " ".join(output.sha256 for output in entry.outputs)
    for name in ("piagen", "questionnaire", "law", "templates"):
        yield entry.versions.get(name)


def _cell(value: object) -> str | int | float:
    """Return what a spreadsheet shows as it is: text that looks like a formula gets a quote."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case int() | float():
            return value
    text = shown(str(value), 2_000)
    return f"'{text}" if text.startswith(_FORMULA) else text


def overview(again: Entries, as_at: date | None) -> Overview:
    """Return what the page tells.

    Args:
        again: gives all entries, as often as it is asked: they are never all in memory.
        as_at: the day from which reviews are due.
    """
    states: Counter[str] = Counter()
    found: Counter[str] = Counter()
    weights: Counter[str] = Counter()
    special = high = documents = pages = projects = 0
    for entry in again():
        projects += 1
        states[entry.status] += 1
        found.update(entry.rules.keys())
        weights.update(
            {str(severity): entry.findings.get(str(severity), 0) for severity in Severity}
        )
        special += entry.special_category
        high += entry.high_residual_risk
        documents += len(entry.outputs)
        pages += sum(output.pages or 0 for output in entry.outputs)
    commonest = sorted(found.items(), key=lambda item: (-item[1], item[0]))[:MOST_FINDINGS]
    return Overview(
        as_at=as_at,
        projects=projects,
        documents=documents,
        pages=pages,
        states=tuple(Count(state, states[state], says) for state, says in _STATES.items()),
        findings=tuple(Count(id_, number, _title(id_)) for id_, number in commonest),
        severities=tuple(Count(str(severity), weights[str(severity)]) for severity in Severity),
        notable=(
            Count("Special category data", special),
            Count("A high risk remains", high),
        ),
        listings=tuple(_listings(again, as_at)),
    )


def _title(id_: str) -> str:
    rule = rules().get(id_)
    return rule.title if rule else ""


def _listings(again: Entries, as_at: date | None) -> Iterator[Listing]:
    yield _listing(
        "Failed",
        "No documents were made of these. The next run takes them up again.",
        ((entry.key, entry, _why(entry)) for entry in again() if entry.status == "failed"),
    )
    yield _listing(
        "A high risk remains",
        "After all measures a risk to people is still high: the regulator is consulted first.",
        ((entry.key, entry, entry.status) for entry in again() if entry.high_residual_risk),
    )
    if as_at is not None:
        last = (as_at + timedelta(days=DUE_DAYS)).isoformat()
        yield _listing(
            f"Reviews due within {DUE_DAYS} days",
            f"By {in_words(as_at + timedelta(days=DUE_DAYS))}, and those that are overdue.",
            (
                (entry.review_due, entry, _due(date.fromisoformat(entry.review_due), as_at))
                for entry in again()
                if entry.review_due and entry.review_due <= last
            ),
        )


def _listing(title: str, about: str, found: Iterable[tuple[str, Entry, str]]) -> Listing:
    """Return the first of what was found: no more of it is kept than is shown."""
    number = 0

    def counted() -> Iterator[tuple[str, str, Entry, str]]:
        nonlocal number
        for order, entry, says in found:
            number += 1
            yield order, entry.key, entry, says

    first = nsmallest(MOST_PROJECTS, counted(), key=lambda item: item[:2])
    projects = tuple(Project(_name(entry), entry.folder, says) for _, _, entry, says in first)
    return Listing(title, about, projects, number - len(projects))


def _name(entry: Entry) -> str:
    return shown(" ".join(filter(None, (entry.reference, entry.title))) or entry.key, 200)


def _why(entry: Entry) -> str:
    fault = entry.error
    if fault is None:
        return ""
    place = f" First at {shown(fault.places[0].at)}." if fault.places else ""
    return shown(fault.says, 400) + place


def _due(day: date, as_at: date) -> str:
    return f"{in_words(day)}, overdue" if day < as_at else in_words(day)
