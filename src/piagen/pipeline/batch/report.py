"""Knows what is told when a batch is done: a table of all projects, and one page about them."""

from __future__ import annotations

import csv
import io
import os
from collections import Counter
from collections.abc import Collection, Container, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from pathlib import Path, PurePosixPath

from piagen.domain.days import in_words
from piagen.errors import shown
from piagen.frozen import frozen
from piagen.pipeline.batch.manifest import Manifest
from piagen.pipeline.batch.names import files_of, is_there
from piagen.pipeline.batch.record import Entry
from piagen.pipeline.batch.sources import STANDARD_INPUT
from piagen.pipeline.whole import write_whole
from piagen.rendering.overview import Count, Listing, Overview, Project, render_overview
from piagen.rules.registry import rules
from piagen.rules.rule import Severity

TABLE = "manifest.csv"
PAGE = "report.html"
DUE_DAYS = 90
"""A review that is due within so many days is told."""
MOST_FINDINGS = 8
MOST_PROJECTS = 6
"""In one list of the page, which is to be printed on two sheets; the table has all."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a spreadsheet takes for the beginning of a formula, in full width too."""

_STATES = {
    "ready": "Nothing is missing and no error stands",
    "draft": "No error stands, but answers are missing or unconfirmed",
    "blocked": "An error stands; the documents are drafts",
    "failed": "No documents could be made",
}
_WORDS = {
    "ready": "Ready",
    "draft": "In draft",
    "blocked": "Blocked by errors",
    "failed": "Failed",
}
_DUE = "Reviews due"
_LISTS = {
    "Failed": "No documents were made of these. The next run takes them up again.",
    "Blocked by errors": "An error stands in these. piagen check tells which, and what to do.",
    "A high risk remains": "After all measures a risk to people is still high: the regulator is "
    "consulted first.",
    _DUE: "",
    "Open questions": "Somebody was asked, and has not answered yet.",
    "The same reference": "Several answers files have one reference. Give each its own.",
    "Left over": "Documents from before: of another version, title or choice of documents, or of "
    "answers that could still be used. They are not what the answers give now. Keep them as your "
    "record, or remove them.",
    "No longer among the inputs": "Their answers are not there any more, or not in their list. "
    "What was made of them is still here.",
}
"""The lists of the page, in this order, and what each is about."""
_COLUMNS = (
    "input",
    "reference",
    "title",
    "status",
    "this_run",
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
    "left_over",
    "piagen",
    "questionnaire",
    "law",
    "templates",
)


@frozen
class Ran:
    """What a run looked at, and how far it came.

    Attributes:
        folder: the folder of the batch.
        way: kind of file, edition and language of its documents.
        keys: of the projects that it looked at.
        due_from: the day from which reviews are due; None if no day was given.
        stopped: why it ended before all was done, as a sentence; empty if it did not.
    """

    folder: Path
    way: str
    keys: Collection[str]
    due_from: date | None = None
    stopped: str = ""


def report(manifest: Manifest, ran: Ran, *, roots: tuple[Path, ...]) -> None:
    """Write `manifest.csv` and `report.html` about every project whose documents are made this way.

    What an earlier run found about a project is told until another run looks at it again. A file
    that cannot be written is taken away: the one from before would not be true any more.

    Args:
        manifest: what is known of every project.
        ran: what this run looked at.
        roots: template folders.

    Raises:
        CannotWrite: the folder or disk does not let us.
        TemplateFault: the template of the page names something it does not have.
    """
    told = Told(ran)
    entries = (entry for entry in manifest.entries() if entry.way == ran.way)
    with _true_or_not_there(ran.folder / TABLE, ran.folder / PAGE):
        write_whole(ran.folder / TABLE, table(map(told.look, entries), ran.keys))
    with _true_or_not_there(ran.folder / PAGE):
        page = render_overview(told.overview(), roots)
        write_whole(ran.folder / PAGE, page.encode())


@contextmanager
def _true_or_not_there(*paths: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        for path in paths:
            with suppress(OSError):
                path.unlink(missing_ok=True)
        raise


def table(entries: Iterable[Entry], keys: Container[str]) -> Iterator[bytes]:
    """Yield the table: UTF-8 with the mark by which Excel knows it, and nothing a formula.

    Args:
        entries: the projects.
        keys: of those that this run looked at.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    yield b"\xef\xbb\xbf"
    writer.writerow(_COLUMNS)
    for entry in entries:
        yield _taken(text)
        writer.writerow([_cell(value) for value in _row(entry, entry.key in keys)])
    yield _taken(text)


def _taken(text: io.StringIO) -> bytes:
    """Return what was written, and begin again."""
    content = text.getvalue().encode("utf-8", "replace")
    text.seek(0)
    text.truncate()
    return content


def _row(entry: Entry, in_this_run: bool) -> Iterator[object]:
    fault = entry.error
    yield from (entry.key, entry.reference, entry.title, entry.status, in_this_run)
    yield from (entry.folder, entry.way)
    yield " ".join(output.document for output in entry.outputs)
    yield sum(output.pages or 0 for output in entry.outputs) or None
    for severity in (*Severity, "accepted"):
        yield entry.findings.get(str(severity))
    yield from (entry.missing, entry.open, entry.unconfirmed, entry.unprintable)
    yield from (entry.special_category, entry.high_residual_risk, entry.review_due, entry.seconds)
    yield fault and fault.says
    yield fault and "; ".join(
        ": ".join(filter(None, (place.at, place.says))) for place in fault.places
    )
    yield entry.sha256
    yield " ".join(output.sha256 for output in entry.outputs)
    yield " ".join(output.file for output in entry.left_over)
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


class Told:
    """What the page tells, from one look at each project: only those that it names are kept."""

    def __init__(self, ran: Ran) -> None:
        """Begin with nothing."""
        self.ran = ran
        self.states: Counter[str] = Counter()
        self.found: Counter[str] = Counter()
        self.weights: Counter[str] = Counter()
        self.totals: Counter[str] = Counter()
        self.references: dict[str, _Named | None] = {}
        self.lists = {title: _List(title, says) for title, says in _LISTS.items()}
        self.read = {path for key in ran.keys for path in files_of(key)}
        self.home = os.path.realpath(ran.folder)
        self.last = ""
        if ran.due_from is not None:
            last = ran.due_from + timedelta(days=DUE_DAYS)
            self.last = last.isoformat()
            says = f"Due by {in_words(last)}, {DUE_DAYS} days from {in_words(ran.due_from)}."
            self.lists[_DUE].about = says
        else:
            del self.lists[_DUE]

    def look(self, entry: Entry) -> Entry:
        """Take account of a project, and return it."""
        totals = self.totals
        totals["projects"] += 1
        totals["documents"] += len(entry.outputs)
        totals["pages"] += sum(output.pages or 0 for output in entry.outputs)
        totals["unseen"] += entry.key not in self.ran.keys
        totals["special"] += entry.special_category
        totals["high"] += entry.high_residual_risk
        totals["missing"] += entry.missing
        totals["open"] += entry.open
        totals["asking"] += entry.open > 0
        totals["undated"] += entry.status != "failed" and not entry.review_due
        self.states[entry.status] += 1
        self.found.update(entry.rules.keys())
        for severity in Severity:
            self.weights[str(severity)] += entry.findings.get(str(severity), 0)
        self._list(entry)
        return entry

    def _list(self, entry: Entry) -> None:
        lists, errors = self.lists, entry.findings.get(str(Severity.ERROR), 0)
        if entry.status == "failed":
            lists["Failed"].add(entry.key, entry, _why(entry))
        if entry.status == "blocked":
            says = f"{_count(errors, 'error stands', 'errors stand')}, {entry.missing:,} missing"
            lists["Blocked by errors"].add(f"{10**9 - errors}", entry, says)
        if entry.high_residual_risk:
            lists["A high risk remains"].add(entry.key, entry, _WORDS[entry.status])
        if entry.open:
            says = f"{_count(entry.open, 'question', 'questions')}, {entry.missing:,} missing"
            lists["Open questions"].add(f"{10**9 - entry.open}", entry, says)
        if entry.review_due and entry.review_due <= self.last and self.ran.due_from:
            says = _due(date.fromisoformat(entry.review_due), self.ran.due_from)
            lists[_DUE].add(entry.review_due, entry, says)
        if entry.reference:
            self._same_reference(entry, entry.reference)
        if entry.left_over:
            lists["Left over"].add(entry.key, entry, _left(entry))
        if entry.key not in self.ran.keys and self._is_gone(entry.key):
            lists["No longer among the inputs"].add(entry.key, entry, shown(entry.key, 200))

    def _same_reference(self, entry: Entry, reference: str) -> None:
        same, named = reference.strip().casefold(), (entry.key, _project(entry, entry.key))
        if same not in self.references:
            self.references[same] = named
            return
        first, self.references[same] = self.references[same], None
        for key, project in filter(None, (first, named)):
            self.lists["The same reference"].add_project(same, key, project)

    def _is_gone(self, key: str) -> bool:
        """Whether its file is there no more, or is a list that this run read and that lacks it."""
        if not self.ran.stopped and not self.read.isdisjoint(files_of(key)):
            return True
        return STANDARD_INPUT not in files_of(key) and not is_there(key, self.home)

    def overview(self) -> Overview:
        """Return what the page tells."""
        totals = self.totals
        commonest = sorted(self.found.items(), key=lambda item: (-item[1], item[0]))
        return Overview(
            due_from=self.ran.due_from,
            stopped=self.ran.stopped,
            projects=totals["projects"],
            unseen=totals["unseen"],
            documents=totals["documents"],
            pages=totals["pages"],
            states=tuple(
                Count(_WORDS[state], self.states[state], says) for state, says in _STATES.items()
            ),
            notable=(
                Count("Special category data", totals["special"]),
                Count("A high risk remains", totals["high"]),
                Count("No review date", totals["undated"]),
                Count(
                    "Open questions",
                    totals["asking"],
                    f"{_count(totals['open'], 'question', 'questions')} that somebody was asked; "
                    f"{_count(totals['missing'], 'answer is', 'answers are')} missing in all",
                ),
            ),
            severities=tuple(
                Count(str(severity).capitalize(), self.weights[str(severity)])
                for severity in Severity
            ),
            findings=tuple(
                Count(id_, number, _title(id_)) for id_, number in commonest[:MOST_FINDINGS]
            ),
            more_findings=max(0, len(commonest) - MOST_FINDINGS),
            listings=tuple(one.listing() for one in self.lists.values()),
        )


_Named = tuple[str, Project]
"""The key of a project, and how it is named on the page."""


class _List:
    """One list of the page: how many there are, and the first of them in order."""

    def __init__(self, title: str, about: str) -> None:
        self.title, self.about, self.number = title, about, 0
        self._kept: list[tuple[str, str, Project]] = []

    def add(self, order: str, entry: Entry, says: str) -> None:
        self.add_project(order, entry.key, _project(entry, says))

    def add_project(self, order: str, key: str, project: Project) -> None:
        self.number += 1
        self._kept.append((order, key, project))
        if len(self._kept) > 8 * MOST_PROJECTS:  # seldom sorted, and never many
            self._cut()

    def listing(self) -> Listing:
        self._cut()
        projects = tuple(project for _, _, project in self._kept)
        return Listing(self.title, self.about, projects, self.number - len(projects))

    def _cut(self) -> None:
        self._kept = sorted(self._kept, key=lambda kept: kept[:2])[:MOST_PROJECTS]


def _title(id_: str) -> str:
    rule = rules().get(id_)
    return rule.title if rule else ""


def _project(entry: Entry, says: str) -> Project:
    """Return how it is named on the page, with a link to its documents where there are any."""
    name = " ".join(filter(None, (entry.reference, entry.title))) or entry.key
    folder = str(PurePosixPath(entry.outputs[0].file).parent) if entry.outputs else ""
    return Project(shown(name, 120), folder, shown(says, 400))


def _why(entry: Entry) -> str:
    fault = entry.error
    if fault is None:
        return ""
    place = f" First at {shown(fault.places[0].at)}." if fault.places else ""
    return shown(fault.says, 300) + place


def _left(entry: Entry) -> str:
    return ", ".join(output.file for output in entry.left_over)


def _due(day: date, due_from: date) -> str:
    return f"{in_words(day)}, overdue" if day < due_from else in_words(day)


def _count(number: int, one: str, more: str) -> str:
    return f"{number:,} {one if number == 1 else more}"
