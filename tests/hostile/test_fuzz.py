"""Any project of the right shape is worked through; any other is refused with problems."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import example, given
from tests.rendering.reach import html_of
from tests.strategies import broken_documents, documents

from piagen.cli import piagen
from piagen.errors import ExitCode, Problem, ShapeErrors, UnusableFile
from piagen.pipeline.answers import read_answers, write_answers
from piagen.pipeline.assess import Loaded, check, questionnaire
from piagen.pipeline.documents import documents as kinds
from piagen.pipeline.documents import filename, needed
from piagen.questionnaire.missing import hidden, missing
from piagen.questionnaire.survey import survey
from piagen.questionnaire.walk import walk
from piagen.rendering.rendition import Rendition

Q = questionnaire()
HERE = Path("fuzz.json")


def read(document: Any) -> dict[str, Any]:
    return read_answers(HERE, Q, json.dumps(document).encode())


def work_through(answers: dict[str, Any]) -> None:
    """All that can be done with answers; none of it raises, none of it changes them."""
    before = json.dumps(answers)
    survey(Q, answers), missing(Q, answers), hidden(Q, answers), walk(Q, answers)
    loaded = Loaded(HERE, answers)
    check(loaded), needed(loaded)
    for document in kinds():
        assert filename(loaded, document, Rendition("html"))
        assert "<!doctype html>" in html_of(document, answers)
    assert json.dumps(answers) == before


@given(documents(Q))
def test_any_project_of_the_right_shape_is_worked_through(document: dict[str, Any]) -> None:
    work_through(read(document))


@given(broken_documents(Q))
@example({"piagen": "1", "": None})
def test_any_other_is_refused_with_problems(document: Any) -> None:
    problems: list[Problem] = []
    try:
        work_through(read(document))
    except ShapeErrors as refused:
        problems += refused.problems
        assert refused.problems  # noqa: PT017 - either way is right
    except UnusableFile as refused:
        problems.append(Problem("", refused.says, where=refused.path))
    assert all(problem.says and problem.where for problem in problems)


@given(documents(Q))
def test_what_is_saved_comes_back_the_same(document: dict[str, Any]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "saved.json"
        write_answers(path, read(document))
        first = path.read_bytes()
        write_answers(path, read_answers(path, Q))
        assert path.read_bytes() == first
        assert read_answers(path, Q) == read(document) == document


@given(broken_documents(Q))
def test_no_command_ends_in_a_fault(document: Any) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "fuzz.json"
        path.write_text(json.dumps(document), "utf-8")
        for command in (
            ["check", str(path)],
            ["check", "--report", "json", str(path)],
            ["render", "--format", "html", "--document", "all", "-o", folder, str(path)],
        ):
            said = CliRunner().invoke(piagen, command)
            assert said.exit_code in (ExitCode.DONE, ExitCode.FINDINGS, ExitCode.UNUSABLE), (
                said.output
            )
            assert "Traceback" not in said.output


def test_a_place_that_is_gone_is_still_named() -> None:
    """Found by trying: `withheld` may name a place that no longer is, or never was."""
    told = {
        "0": "0",
        "partners[a].name": "Organisations › a › Legal name",
        "partners[": "partners[",
        "no.such": "no.such",
        "[x]": "[x]",
        "assessment": "About this assessment",
        "partners[b]": "Organisations › B",
        "partners": "Organisations",
        "partners[b].name": "Organisations › B › Legal name",
    }
    answers = {
        "piagen": "1",
        "partners": [{"id": "b", "name": "B"}],
        "withheld": [
            {"path": path, "reason": "x"}
            for path in (*told, "partners[].name", "partners[b].nothing")
        ],
    }
    html = html_of("pia", read(answers))
    for words in told.values():
        assert f'<th scope="row">{words}</th>' in html


def test_a_reply_of_the_regulator_is_printed_though_no_high_risk_is_left() -> None:
    """Found by hostile text: the section left out what it did not expect."""
    answers = read({"piagen": "1", "outcome": {"regulator_reply": "Advised a shorter period."}})
    assert "Advised a shorter period." in html_of("pia", answers)


@pytest.mark.parametrize("document", [*kinds()])
def test_no_answer_at_all_gives_a_draft(document: str) -> None:
    assert "To be completed" in html_of(document, read({"piagen": "1"}))
