"""What `piagen batch` tells: on the terminal, by its exit code, in the table and on the page."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor, ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import piagen
from piagen.cli import batch as told
from piagen.cli import piagen as command
from piagen.errors import CannotWrite, ExitCode
from piagen.pipeline.batch import report
from piagen.pipeline.batch.manifest import Manifest
from piagen.pipeline.batch.options import Plan
from piagen.pipeline.batch.record import Entry, Fault
from tests.batch.running import CHEAP, children, faulty, lines, run, small, started, tree, until

CARD = piagen.Options(("card",), "html")


@pytest.fixture(scope="module")
def worker() -> Iterator[Executor]:
    """One process for all."""
    with ProcessPoolExecutor(1, get_context("spawn")) as executor:
        yield executor


@pytest.fixture
def projects(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    for number in (1, 2, 3):
        write(folder / f"{number}.json", small(f"NSH-{number}"))
    return folder


def write(path: Path, answers: object) -> Path:
    path.write_text(json.dumps(answers))
    return path


def cli(*args: object) -> Result:
    return CliRunner().invoke(command, ["batch", *map(str, args)])


def rows(folder: Path) -> Mapping[str, Mapping[str, str]]:
    content = (folder / "manifest.csv").read_text(encoding="utf-8-sig")
    return {Path(row["input"]).name: row for row in csv.DictReader(io.StringIO(content))}


def page(folder: Path) -> str:
    return (folder / "report.html").read_text(encoding="utf-8")


def test_the_day_from_which_reviews_are_due_changes_the_report_and_no_document(tmp_path):
    source = write(tmp_path / "a.json", small("NSH-1") | {"review": {"due": "2027-01-31"}})
    out = tmp_path / "out"
    asked = (*CHEAP, "-o", out, source)
    assert cli(*asked).exit_code == 0
    assert "--due-from today" in page(out)
    before = tree(out)
    soon = cli("--due-from", "2026-12-01", *asked)
    assert "0 made now, 1 unchanged" in soon.stdout
    assert "Due by 1 March 2027, 90 days from 1 December 2026." in page(out)
    assert "31 January 2027<" in page(out)
    cli("--due-from", "2027-02-01", *asked)
    assert "31 January 2027, overdue" in page(out)
    cli("--due-from", "2026-10-01", *asked)
    assert "31 January 2027" not in page(out)
    assert tree(out) == before
    assert "--due-from today" in cli("--help").stdout


def test_the_table_and_the_page_keep_what_an_earlier_run_found(projects, tmp_path, worker):
    out = tmp_path / "out"
    make = {"options": CARD, "executor": worker}
    assert len(list(piagen.batch(projects, out, **make))) == 3
    assert len(list(piagen.batch(projects / "2.json", out, **make))) == 1
    assert {name: row["this_run"] for name, row in rows(out).items()} == {
        "1.json": "no",
        "2.json": "yes",
        "3.json": "no",
    }
    assert "did not look at 2 of them" in page(out)
    assert "No longer among the inputs:" not in page(out)
    (projects / "3.json").unlink()
    list(piagen.batch(projects, out, **make))
    assert re.search(r"No longer among the inputs: 1</h3>.*NSH-3", page(out), re.DOTALL)
    assert "did not look at 1 of them" in page(out)


def test_a_run_that_is_left_or_stopped_tells_so_and_what_the_manifest_holds(
    projects, tmp_path, worker, monkeypatch
):
    out = tmp_path / "out"
    make = {"options": CARD, "executor": worker, "jobs": 1}
    course = piagen.batch(projects, out, **make)
    next(course)
    course.close()  # type: ignore[attr-defined]
    assert "Stopped: somebody interrupted it." in page(out)
    assert len(rows(out)) == len(lines(out)) == 1
    list(piagen.batch(projects, out, **make))
    assert "Stopped" not in page(out)
    write(projects / "2.json", small("NSH-2", title="Another"))
    add = Manifest.add
    full = CannotWrite(out, "there is no room.")

    def no_room(self: Manifest, entry: Entry) -> None:
        if entry.title == "Another":
            raise full
        add(self, entry)

    monkeypatch.setattr(Manifest, "add", no_room)
    with pytest.raises(CannotWrite):
        list(piagen.batch(projects, out, **make))
    assert "Stopped: there is no room." in page(out)
    assert rows(out)["2.json"]["this_run"] == "no"
    assert rows(out)["2.json"]["title"] == "Early help referrals"

    def nowhere(*given: object) -> None:
        raise full

    monkeypatch.setattr(report, "write_whole", nowhere)
    with pytest.raises(CannotWrite):
        list(piagen.batch(projects, out, **make))
    assert not (out / "report.html").exists(), "it would not be true any more"
    assert not (out / "manifest.csv").exists()


def test_ctrl_c_leaves_a_page_that_says_so(tmp_path):
    source = tmp_path / "many.jsonl"
    source.write_text("\n".join(json.dumps(small(f"NSH-{number}")) for number in range(60)))
    out = tmp_path / "out"
    with started(*CHEAP, "-o", out, source) as main:
        until(lambda: len(lines(out)) >= 2)
        assert children(main)
        main.terminate()
        main.communicate()
    assert main.returncode == ExitCode.INTERRUPTED
    assert "Stopped: somebody interrupted it." in page(out)
    assert len(rows(out)) == len(lines(out)) < 60


def test_fail_fast_says_that_it_left_the_others(tmp_path):
    source = tmp_path / "many.jsonl"
    source.write_text("{\n" + "\n".join(json.dumps(small(f"NSH-{n}")) for n in range(9)))
    out = tmp_path / "out"
    done = cli(*CHEAP, "--fail-fast", "--quiet", "-o", out, source)
    says = "Stopped at the first that failed; the others were not looked at."
    assert says in done.stderr
    assert done.exit_code == 1, "whether the others can be used is not known"
    assert "Stopped: the first project failed" in page(out)
    (tmp_path / "alone.json").write_text("{")
    for alone in ("alone.json", "nowhere.json"):
        last = cli(*CHEAP, "--fail-fast", "-o", tmp_path / alone[:-5], tmp_path / alone)
        assert last.exit_code == 3
        assert says not in last.stderr
        assert "Stopped" not in page(tmp_path / alone[:-5])


def test_two_inputs_with_one_reference_are_told(projects, tmp_path):
    write(projects / "4.json", small("nsh-2"))
    done = cli(*CHEAP, "-o", tmp_path / "out", projects)
    assert "The same reference is in more than one input: NSH-2.\n" in done.stdout
    assert "The same reference: 2</h3>" in page(tmp_path / "out")
    assert "NSH-1" not in done.stdout


def test_check_says_what_failed_and_would_be_tried_again(projects, tmp_path):
    (projects / "2.json").write_text("{")
    asked = (*CHEAP, "-o", tmp_path / "out", projects)
    first = cli("--check", "--report", "json", *asked)
    new = [json.loads(line) for line in first.stdout.splitlines()]
    assert [(line["status"], line["did"]) for line in new] == [("new", "stale")] * 3
    cli(*asked)
    done = cli("--check", *asked)
    assert done.exit_code == 1
    assert done.stdout == (
        "3 projects: 0 to make, 2 unchanged, 1 failed and would be tried again.\n"
    )
    assert "not JSON" in done.stderr, "it says why"
    again = cli("--check", "--report", "json", *asked)
    [line] = [json.loads(line) for line in again.stdout.splitlines() if '"failed"' in line]
    assert (line["status"], line["did"]) == ("failed", "failed")
    assert line["versions"]
    write(projects / "2.json", small("NSH-2"))
    assert "3 projects: 1 to make, 2 unchanged.\n" in cli("--check", *asked).stdout


def test_help_lists_the_exit_codes_of_batch():
    about = cli("--help").stdout
    assert re.findall(r"^ +(\d+)  ", about, re.MULTILINE) == [str(int(code)) for code in ExitCode]
    assert "piagen batch --help" in CliRunner().invoke(command, ["--help"]).stdout


FAILS = """
from piagen.pipeline import documents
write = documents.render_html
def fails(manifest, answers, **given):
    if answers["assessment"]["title"] == "Secret":
        raise LookupError(answers["assessment"]["title"])
    return write(manifest, answers, **given)
documents.render_html = fails
"""


def test_a_fault_in_piagen_ends_with_4_and_a_log_that_holds_no_answer(projects, tmp_path):
    env = {**faulty(tmp_path / "own"), "TMPDIR": str(tmp_path)}
    (tmp_path / "own" / "loops.py").write_text(FAILS)
    write(projects / "2.json", small("NSH-2", title="Secret"))
    out = tmp_path / "out"
    done = run(*CHEAP, "-o", out, projects, env=env)
    assert done.returncode == 4, done.stderr
    assert len(tree(out)) == 2, "the others are made"
    [log] = tmp_path.glob("piagen-fault-*.log")
    assert str(log) in done.stderr
    content = log.read_text()
    assert "LookupError" in content
    assert "loops.py:6 fails" in content
    assert "worker.py:" in content
    assert "Secret" not in content + done.stderr
    assert f"piagen {piagen.__version__}, Python" in content


@pytest.mark.parametrize("seconds", ["nan", "inf", "-inf", "1e13", "86401", "0", "-1"])
def test_a_time_that_no_clock_can_measure_is_refused(tmp_path, seconds):
    done = cli("--timeout", seconds, "-o", tmp_path / "out", tmp_path)
    assert done.exit_code == 2
    assert "--timeout" in done.stderr
    assert not (tmp_path / "out").exists()
    with pytest.raises(ValueError, match="86400 seconds"):
        Plan((), tmp_path, seconds=float(seconds))


@pytest.mark.parametrize("wrong", [{"format": "htm"}, {"edition": "public"}, {"language": "welsh"}])
def test_options_that_there_are_not_are_refused_at_once(wrong: dict[str, Any]):
    with pytest.raises(ValueError, match="choose one of"):
        piagen.Options(("pia",), **wrong)


class Screen(io.StringIO):
    """A terminal, and what stands in its last line."""

    def isatty(self) -> bool:
        return True

    def fileno(self) -> int:
        return 2

    @property
    def line(self) -> str:
        return re.split(r"\r\x1b\[K|\n", self.getvalue())[-1]


def test_progress_stands_on_the_terminal_from_the_beginning(projects, tmp_path, monkeypatch):
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setattr(os, "get_terminal_size", lambda number: os.terminal_size((80, 24)))
    plan = Plan((projects,), tmp_path / "out")
    with told.Teller(plan, as_json=False, quiet=False) as teller:
        assert screen.line, "nothing is done yet"
        made = Entry("a", "pdf full en", "1", "2", {}, "a", "draft")
        failed = Entry("b", "pdf full en", "1", "2", {}, "b", "failed", error=Fault("input", "x"))
        for entry in (made, made, failed, made):
            teller.tell(piagen.Result(entry, "failed" if entry.error else "made", 10, "b.json"))
            assert "done" in screen.line
        assert "b.json: x\n" in screen.getvalue()
    assert screen.line == "", "it is out of the way"


def test_without_standard_error_it_works_and_writes_nothing_of_ours_there(projects, tmp_path):
    out = tmp_path / "out"
    first = (
        "import os, sys\n"
        "os.close(2)\n"
        "sys.stderr = None\n"
        "from piagen.pipeline.batch import run\n"
        "course = run._Course.go\n"
        "def go(self, workers):\n"
        "    assert os.readlink('/proc/self/fd/2') == os.devnull\n"
        "    return course(self, workers)\n"
        "run._Course.go = go\n"
    )
    done = run(*CHEAP, "-o", out, projects, first=first)
    assert done.returncode == 0
    assert "3 made now" in done.stdout
    assert len(lines(out)) == 3


def test_a_manifest_that_cannot_be_used_is_told_with_a_remedy(projects, tmp_path):
    out = tmp_path / "out"
    (out / "manifest.jsonl").mkdir(parents=True)
    for asked in (("--check",), ()):
        done = cli(*CHEAP, *asked, "-o", out, projects)
        assert done.exit_code == 3
        assert "this cannot be read" in done.stderr
        assert "written" not in done.stderr
    (out / "manifest.jsonl").rmdir()
    (out / "manifest.jsonl").write_text('{"key": "a", "unheard_of": 1}\n')
    done = cli(*CHEAP, "-o", out, projects)
    assert done.exit_code == 3
    assert "manifest.jsonl:1: this line is not one" in done.stderr
    assert "Traceback" not in done.stderr


def test_what_a_published_edition_withholds_names_no_folder_and_no_row(tmp_path, worker):
    hidden = [{"path": "assessment.reference", "reason": "named_staff"}]
    both = [*hidden, {"path": "assessment.title", "reason": "named_staff"}]
    folder = tmp_path / "in"
    folder.mkdir()
    write(folder / "a.json", small("SECRET-9") | {"withheld": hidden})
    write(folder / "b.json", small("SECRET-8", title="Secret title") | {"withheld": both})
    write(folder / "c.json", small("NSH-1"))
    out = tmp_path / "out"
    published = piagen.Options(("card",), "html", edition="published")
    found = {
        Path(one.entry.key).name: one.entry
        for one in piagen.batch(folder, out, options=published, executor=worker)
    }
    assert {name: entry.folder for name, entry in found.items()} == {
        "a.json": "early-help-referrals-" + found["a.json"].folder[-8:],
        "b.json": "withheld",
        "c.json": "nsh-1",
    }
    for told_there in (*tree(out), (out / "manifest.csv").read_text(), page(out)):
        assert "secret" not in told_there.lower()
    assert [found[name].reference for name in sorted(found)] == [None, None, "NSH-1"]
    assert found["b.json"].title is None
    full = piagen.Options(("card",), "html")
    kept = [one.entry.folder for one in piagen.batch(folder, out, options=full, executor=worker)]
    assert kept == ["secret-9", "secret-8", "nsh-1"]
