"""What is told at the end is what the manifest holds; no answer in it is a formula or markup."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from piagen.pipeline.batch.record import Entry, Fault, Output, Place
from piagen.pipeline.batch.report import MOST_FINDINGS, MOST_PROJECTS, Ran, Told, table
from piagen.pipeline.documents import template_roots
from piagen.rendering.overview import Count, bars, render_overview


def entry(key="a", status="ready", **more):
    given = {"versions": {"piagen": "0.1"}, "folder": key} | more
    return Entry(key, "pdf full en", "1", "2", status=status, **given)


ENTRIES = (
    entry(
        "ready",
        outputs=(Output("pia", "ready/a", "3", 4), Output("protocol", "ready/b", "3", 5)),
        open=2,
        missing=7,
    ),
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
    content = b"".join(table(entries, {entry.key for entry in entries}))
    assert content.startswith(b"\xef\xbb\xbf"), "Excel knows UTF-8 by it"
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def told(entries=ENTRIES, due_from=date(2026, 11, 22), *, keys=None, folder=Path(), stopped=""):
    keys = {entry.key for entry in entries} if keys is None else keys
    found = Told(Ran(folder, "pdf full en", keys, due_from, stopped))
    for one in entries:
        assert found.look(one) is one
    return found.overview()


def listing(found, title):
    return next(one for one in found.listings if one.title == title)


def named(found, title):
    return [project.name for project in listing(found, title).projects]


def page(*args, **given):
    return render_overview(told(*args, **given), template_roots())


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


def test_the_table_marks_what_this_run_did_not_look_at():
    content = b"".join(table(ENTRIES, {"ready"})).decode("utf-8-sig")
    rows = {row["input"]: row["this_run"] for row in csv.DictReader(io.StringIO(content))}
    assert rows == {"ready": "yes", "blocked": "no", "late": "no", "far": "no", "failed": "no"}


def test_the_page_counts_states_findings_and_what_is_notable():
    found = told()
    assert {count.name: count.number for count in found.states} == {
        "Ready": 1,
        "In draft": 2,
        "Blocked by errors": 1,
        "Failed": 1,
    }
    assert [(count.name, count.number) for count in found.findings] == [("DF001", 2), ("LB001", 1)]
    assert all(count.note for count in found.findings), "a rule is told in words"
    assert [count.number for count in found.severities] == [2, 1, 0]
    assert {count.name: count.number for count in found.notable} == {
        "Special category data": 1,
        "A high risk remains": 1,
        "No review date": 1,
        "Open questions": 1,
    }
    assert "2 questions" in found.notable[-1].note
    assert (found.projects, found.documents, found.pages) == (5, 2, 9)


def test_a_rule_is_told_in_words_beside_its_bar_and_the_page_says_how_many_more_there_are():
    found = [entry("a", rules={f"LB{n:03}": 1 for n in range(1, MOST_FINDINGS + 3)})]
    html = page(found)
    assert re.search(
        r"<th scope=\"row\">[A-Z][^<]+ \(LB001\)</th><td class=\"number\">1</td>", html
    )
    assert "2 other rules found something too" in html
    assert "1 other rule found" in page(
        [replace(found[0], rules=dict(list(found[0].rules.items())[1:]))]
    )


def test_reviews_are_told_when_they_are_due_within_ninety_days_of_the_day_that_was_given():
    due = listing(told(), "Reviews due")
    assert [project.name for project in due.projects] == ["late", "blocked"]
    assert due.projects[0].says == "1 November 2026, overdue"
    assert "90 days from 22 November 2026" in due.about
    assert not [one for one in told(due_from=None).listings if one.title == "Reviews due"]
    assert "--due-from today" in page(due_from=None)
    assert "--due-from today" not in page()


def test_what_is_blocked_and_what_is_open_is_listed_the_most_first():
    many = [
        entry(name, "blocked", findings={"error": number}, open=number, reference=name)
        for name, number in (("one", 1), ("twelve", 12), ("three", 3))
    ]
    for title in ("Blocked by errors", "Open questions"):
        assert named(told(many), title) == ["twelve", "three", "one"]
    assert listing(told(many), "Blocked by errors").projects[0].says.startswith("12 errors stand")


def test_inputs_with_the_same_reference_are_listed_together():
    many = [
        entry(key, reference=ref)
        for key, ref in zip("abcd", ("N-1", "N-2", " n-1", None), strict=True)
    ]
    found = listing(told(many), "The same reference")
    assert [project.says for project in found.projects] == ["a", "c"]


def test_what_has_no_documents_has_no_link():
    html = page(
        [
            entry("gone", "failed", folder="gone"),
            entry("there", "blocked", outputs=(Output("pia", "there/a.pdf", "3", 1),)),
        ]
    )
    assert re.findall(r'<a href="([^"]*)/"', html) == ["there"]


def test_what_is_no_longer_among_the_inputs_is_told_and_what_was_not_looked_at_is_counted(tmp_path):
    (tmp_path / "in").mkdir()
    for name in ("there.json", "all.jsonl", "other.jsonl"):
        (tmp_path / "in" / name).touch()
    looked = "../in/all.jsonl#N-1"
    unseen = {
        "../in/there.json": False,
        "../in/away.json": True,
        "../in/all.jsonl#N-2": True,
        "../in/other.jsonl#N-3": False,
        "-#N-4": False,
    }
    folder = tmp_path / "out"
    folder.mkdir()
    many = [entry(key) for key in (looked, *unseen)]
    found = told(many, keys={looked}, folder=folder)
    assert found.unseen == len(unseen)
    gone = sorted(key for key, is_gone in unseen.items() if is_gone)
    assert named(found, "No longer among the inputs") == gone
    stopped = told(many, keys={looked}, folder=folder, stopped="somebody interrupted it.")
    assert named(stopped, "No longer among the inputs") == ["../in/away.json"]
    assert "did not look at 5 of them" in page(many, keys={looked}, folder=folder)
    piped = told([entry("-#N-4")], keys={"-#N-5"}, folder=folder)
    assert named(piped, "No longer among the inputs") == ["-#N-4"]


def test_a_run_that_stopped_says_so_above_everything_else():
    assert "Stopped: somebody interrupted it." in page(stopped="somebody interrupted it.")
    assert "Stopped" not in page()


@pytest.mark.parametrize("number", [0, 1, 40])
def test_a_long_list_says_how_many_more_there_are(number):
    failed = [entry(f"{n:03}", "failed") for n in range(number)]
    found = listing(told(failed), "Failed")
    assert [project.name for project in found.projects] == [
        f"{n:03}" for n in range(min(number, MOST_PROJECTS))
    ]
    assert found.more == max(0, number - MOST_PROJECTS)
    html = page(failed)
    assert (f"And {found.more} more" in html) == bool(found.more)
    assert f"{number} project" in html
    assert html.count("<table") == html.count("<caption>") == html.count("<thead>")
    assert html.count("<svg") == html.count('aria-hidden="true"'), "its number stands beside it"


def test_the_page_takes_text_as_text_and_loads_nothing():
    html = page([entry("<script>{{ 7 * 7 }}", "failed")])
    assert "&lt;script&gt;{{ 7 * 7 }}" in html
    assert "<script" not in html
    assert not re.search(r"(src|href)=\"(?!manifest\.csv|[^\":]*/\")", html)


def test_bars_are_as_long_as_what_they_count_and_none_is_too_short_to_see():
    counted = (Count("a", 1_000), Count("b", 500), Count("c", 1), Count("d", 0))
    assert [bar.width for bar in bars(counted)] == [200, 100, 2, 0]
    assert bars(()) == ()
