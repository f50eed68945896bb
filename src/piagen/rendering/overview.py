"""Knows how the outcome of a batch becomes one page: tables, and plain bars that say the same."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from jinja2 import TemplateError

from piagen.errors import TemplateFault
from piagen.frozen import frozen
from piagen.rendering.environment import environment

BARS = 200
"""Units of width that the longest bar takes."""


@frozen
class Count:
    """How often something was found.

    Attributes:
        name: what was counted.
        number: how often.
        note: more about it; empty where the name says all.
    """

    name: str
    number: int
    note: str = ""


@frozen
class Project:
    """One project in a list.

    Attributes:
        name: its reference and title, or its input where it has neither.
        folder: where its documents are, below the page; empty where there are none.
        says: what is told about it here.
    """

    name: str
    folder: str
    says: str


@frozen
class Listing:
    """Projects to look at, the first of them by name.

    Attributes:
        title: what they have in common.
        about: one sentence about that.
        projects: those that are named.
        more: how many others there are; the table of all projects names them.
    """

    title: str
    about: str
    projects: tuple[Project, ...]
    more: int = 0


@frozen
class Overview:
    """What a governance lead asks about all projects.

    Attributes:
        due_from: the day from which reviews are due; None if no day was given.
        stopped: why the run ended before all was done, as a sentence; empty if it did not.
        projects: how many there are.
        unseen: how many of them the run did not look at.
        documents: how many documents there are.
        pages: how many pages they have.
        states: how many are ready, in draft, blocked, failed.
        notable: how many projects carry special category data, a high risk that remains, and so on.
        severities: how many findings stand, by severity.
        findings: the commonest findings that stand: how many projects have each.
        more_findings: how many other rules found something.
        listings: projects to look at.
    """

    due_from: date | None
    stopped: str
    projects: int
    unseen: int
    documents: int
    pages: int
    states: tuple[Count, ...]
    notable: tuple[Count, ...]
    severities: tuple[Count, ...]
    findings: tuple[Count, ...]
    more_findings: int
    listings: tuple[Listing, ...]


@frozen
class Bar:
    """One bar of a chart: a count, and how long it is."""

    count: Count
    width: int


def bars(counts: tuple[Count, ...]) -> tuple[Bar, ...]:
    """Return a bar for each count; none that stands for something is too short to see."""
    most = max((count.number for count in counts), default=0)
    return tuple(
        Bar(count, max(2, round(BARS * count.number / most)) if count.number else 0)
        for count in counts
    )


def render_overview(overview: Overview, roots: tuple[Path, ...]) -> str:
    """Return the page as HTML; it loads nothing.

    Args:
        overview: what it tells.
        roots: template folders, first the one that wins.

    Raises:
        TemplateFault: the template names something it does not have.
    """
    try:
        template = environment(roots).get_template("_report/report.html.j2")
        return template.render(overview=overview, bars=bars)
    except TemplateError as error:
        raise TemplateFault(f"templates/_report: {error}") from error
