"""What is told at the end is what the manifest holds; no answer in it is a formula or markup."""

from __future__ import annotations

import csv
import io
import re
from datetime import date

import pytest

from piagen.pipeline.batch.record import Entry, Fault, Output, Place
from piagen.pipeline.batch.report import MOST_PROJECTS, overview, table
from piagen.pipeline.documents import template_roots
from piagen.rendering.overview import Count, bars, render_overview


def entry(key="a", status="ready", **more):
    given = {"versions": {"piagen": "0.1"}, "folder": key} | more
    return Entry(key, "pdf full en", "1", "2", status=status, **given)


ENTRIES = (
    entry("ready", outputs=(Output("pia", "a", "3", 4), Output("protocol", "b", "3", 5))),
    entry(
        "blocked",
        "blocked",
        findings={"error": 2, "warning": 1},
        rules={"LB001": 2, "DF001": 1},
        special_category=True,
        high_residual_risk=True,
        review_due="2026-12-31",
    ),
    entry("late", "draft", rules={"DF001": 1}, review_due="2026-11-01"),
    entry("far", "draft", review_due="2027-06-01"),
    entry("failed", "failed", error=Fault("input", "Mend it.", (Place("line 3", "here"),))),
)


def read(entries):
    content = table(entries)
    assert content.startswith(b"\xef\xbb\xbf"), "Excel knows UTF-8 by it"
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def told(entries=ENTRIES, as_at=date(2026, 11, 22)):
    return overview(lambda: iter(entries), as_at)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1", '=HYPERLINK("x")'])
def test_nothing_in_the_table_is_a_formula(text):
    [row] = read([entry(title=text, reference=text, key=text)])
    for column in ("title", "reference", "input", "folder"):
        assert row[column][0] in "'\ufffd"


def test_the_table_says_of_each_project_what_the_manifest_says():
    rows = {row["input"]: row for row in read(ENTRIES)}
    assert rows["ready"] | {"pages": "9", "documents": "pia protocol"} == rows["ready"]
    assert rows["blocked"]["errors"] == "2"
    assert rows["blocked"]["special_category"] == "yes"
    assert rows["failed"]["error"] == "Mend it."
    assert rows["failed"]["error_at"] == "line 3: here"


def test_the_page_counts_states_findings_and_what_is_notable():
    found = told()
    assert {count.name: count.number for count in found.states} == {
        "ready": 1,
        "draft": 2,
        "blocked": 1,
        "failed": 1,
    }
    assert [(count.name, count.number) for count in found.findings] == [("DF001", 2), ("LB001", 1)]
    assert all(count.note for count in found.findings), "a rule is told in words"
    assert [count.number for count in found.severities] == [2, 1, 0]
    assert [count.number for count in found.notable] == [1, 1]
    assert (found.projects, found.documents, found.pages) == (5, 2, 9)


def test_reviews_are_told_when_they_are_due_within_ninety_days_of_the_day_that_was_given():
    due = next(listing for listing in told().listings if "Reviews" in listing.title)
    assert [project.name for project in due.projects] == ["late", "blocked"]
    assert due.projects[0].says == "1 November 2026, overdue"
    assert not [listing for listing in told(as_at=None).listings if "Reviews" in listing.title]
    assert "--as-at today" in render_overview(told(as_at=None), template_roots())


def test_a_long_list_says_how_many_more_there_are():
    failed = [entry(f"{n:03}", "failed") for n in range(MOST_PROJECTS + 7)]
    listing = told(failed).listings[0]
    assert len(listing.projects) == MOST_PROJECTS
    assert listing.more == 7
    assert "And 7 more" in render_overview(told(failed), template_roots())


def test_the_page_takes_text_as_text_and_loads_nothing():
    html = render_overview(told([entry("<script>{{ 7 * 7 }}", "failed")]), template_roots())
    assert "&lt;script&gt;{{ 7 * 7 }}" in html
    assert "<script" not in html
    assert not re.search(r"(src|href)=\"(?!manifest\.csv|[^\":]*/\")", html)


def test_bars_are_as_long_as_what_they_count_and_none_is_too_short_to_see():
    counted = (Count("a", 1_000), Count("b", 500), Count("c", 1), Count("d", 0))
    assert [bar.width for bar in bars(counted)] == [480, 240, 2, 0]
    assert bars(()) == ()
