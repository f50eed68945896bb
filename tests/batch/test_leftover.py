"""What a project no longer makes is never taken away, and never told as what it makes now."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import piagen
from piagen.cli import piagen as command
from piagen.pipeline.batch.manifest import Manifest
from tests.batch.running import lines, manifest, small, tree

BOTH = piagen.Options(("card", "screening_record"), "html")
ONE = piagen.Options(("card",), "html")
CARD = ("--format", "html", "--document", "card", "--jobs", "1")

Make = Callable[..., dict[str, Any]]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    return tmp_path / "in" / "one.json"


@pytest.fixture(scope="module")
def worker() -> Iterator[Executor]:
    """One process for all: what is looked at here is not what it makes."""
    with ProcessPoolExecutor(1, get_context("spawn")) as executor:
        yield executor


@pytest.fixture
def batch(worker, source) -> Callable[..., list[piagen.Result]]:
    def made(*sources: Path, options: piagen.Options = ONE) -> list[piagen.Result]:
        out = source.parents[1] / "out"
        return list(piagen.batch(sources or [source], out, options=options, executor=worker))

    return made


@pytest.fixture
def make(batch) -> Make:
    """Make it, and return its line: the one that is told, and the one in the manifest."""

    def made(source: Path, answers: object, options: piagen.Options = ONE) -> dict[str, Any]:
        source.write_text(json.dumps(answers))
        out = source.parents[1] / "out"
        (result,) = batch(source, options=options)
        line = manifest(out)[f"../in/{source.name}"]
        assert [output.file for output in result.entry.left_over] == files(line, "left_over")
        assert {*files(line, "outputs"), *files(line, "left_over")} == set(tree(out))
        return line

    return made


def files(line: dict[str, Any], what: str) -> list[str]:
    return [output["file"] for output in line[what]]


def test_another_version_leaves_the_one_before_as_it_is_and_says_so(source, make):
    first = make(source, small("NSH-1", version="1.0"))
    assert first["left_over"] == []
    before = tree(source.parents[1] / "out")
    second = make(source, small("NSH-1", version="1.1"))
    assert files(second, "outputs") == ["nsh-1/nsh-1_card_v1.1.html"]
    assert second["left_over"] == first["outputs"]
    assert before.items() <= tree(source.parents[1] / "out").items()
    third = make(source, small("NSH-1", version="1.2"))
    assert third["left_over"] == [*first["outputs"], *second["outputs"]]


def test_another_title_or_reference_leaves_the_old_name_and_says_so(source, make):
    first = make(source, small(None, title="Early help"))
    second = make(source, small(None, title="Early help for families"))
    assert second["folder"] == first["folder"] == "one"
    assert second["left_over"] == first["outputs"]
    third = make(source, small("NSH-1"))
    assert third["folder"] == "nsh-1"
    assert files(third, "left_over") == sorted(
        [*files(first, "outputs"), *files(second, "outputs")]
    )


def test_a_document_that_is_not_made_any_more_is_left_over_until_it_is_made_again(source, make):
    assert make(source, small("NSH-1"), BOTH)["left_over"] == []
    assert files(make(source, small("NSH-1")), "left_over") == [
        "nsh-1/nsh-1_screening_record_v0.1.html"
    ]
    assert make(source, small("NSH-1"), BOTH)["left_over"] == []


def test_answers_that_cannot_be_used_any_more_leave_the_documents_and_say_so(source, make):
    first = make(source, small("NSH-1"))
    for broken in ("{", {"piagen": "1", "unheard_of": {}}):
        failed = make(source, broken)
        assert (failed["status"], failed["outputs"]) == ("failed", [])
        assert failed["left_over"] == first["outputs"]
    assert make(source, small("NSH-1"))["left_over"] == []


def test_other_ways_of_making_it_are_not_left_over(source, make, batch):
    make(source, small("NSH-1"))
    (result,) = batch(options=piagen.Options(("card",), "html", "published"))
    assert result.entry.left_over == ()


def test_what_somebody_has_taken_away_is_told_no_more(source, make, batch):
    first = make(source, small("NSH-1", version="1.0"))
    make(source, small("NSH-1", version="1.1"))
    out = source.parents[1] / "out"
    (out / files(first, "outputs")[0]).unlink()
    (result,) = batch()
    assert (result.did, result.entry.left_over) == ("unchanged", ())
    assert [line["left_over"] for line in lines(out)] == [[]]


def test_a_file_that_no_run_wrote_is_neither_touched_nor_told(source, make, batch):
    make(source, small("NSH-1"))
    own = source.parents[1] / "out" / "nsh-1" / "minutes.txt"
    own.write_text("ours")
    source.write_text(json.dumps(small("NSH-1", version="0.2")))
    (result,) = batch()
    assert [output.file for output in result.entry.left_over] == ["nsh-1/nsh-1_card_v0.1.html"]
    assert own.read_text() == "ours"


def test_an_input_with_a_new_name_takes_over_the_folder_and_what_is_left_in_it(source, make):
    first = make(source, small("NSH-1", version="1.0"))
    source.unlink()
    renamed = source.with_name("renamed.json")
    line = make(renamed, small("NSH-1", version="1.1"))
    assert line["folder"] == first["folder"]
    assert line["left_over"] == first["outputs"]
    out = source.parents[1] / "out"
    assert list(manifest(out)) == ["../in/renamed.json"], "the other one holds nothing any more"
    assert [entry.key for entry in Manifest.read(out).entries()] == ["../in/renamed.json"]


def test_the_command_the_table_and_the_page_say_what_is_left_over(source, make):
    make(source, small("NSH-1", version="1.0"))
    source.write_text(json.dumps(small("NSH-1", version="1.1")))
    out = source.parents[1] / "out"
    done = CliRunner().invoke(command, ["batch", *CARD, "-o", str(out), str(source)])
    assert "Left over from before: 1; manifest.csv names them." in done.output
    assert ",nsh-1/nsh-1_card_v1.0.html," in (out / "manifest.csv").read_text("utf-8")
    page = (out / "report.html").read_text("utf-8")
    assert "nsh-1/nsh-1_card_v1.0.html" in page
    assert "Left over" in page
