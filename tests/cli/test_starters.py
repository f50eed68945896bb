"""`piagen starters` lists them; `piagen new --from` begins with one, shown for confirmation."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from piagen.cli import piagen
from piagen.cli.wizard.question import is_guarded
from piagen.pipeline.assess import check, load
from piagen.pipeline.starting import starters

NAME = "homelessness-duty-to-refer"


def run(*args, typed=""):
    return CliRunner().invoke(piagen, [str(arg) for arg in args], input=typed)


def test_starters_are_listed_with_a_line_each():
    lines = run("starters").stdout.splitlines()
    assert [line.partition(": ")[0] for line in lines] == list(starters())
    assert all(len(line.partition(": ")[2]) > 20 for line in lines)


def test_starters_are_listed_as_data():
    told = json.loads(run("starters", "--report", "json").stdout)["starters"]
    assert [row["name"] for row in told] == list(starters())
    assert all(row.keys() == {"name", "title", "about"} for row in told)


def test_there_are_at_least_eight_starters():
    assert len(starters()) >= 8


def test_an_unknown_starter_leaves_no_file(tmp_path):
    done = run("new", "--from", "homeless", tmp_path / "a.json")
    assert done.exit_code == 3
    assert NAME in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def begun(tmp_path):
    """A project that was begun from the starter, with nothing confirmed."""
    path = tmp_path / "referrals.json"
    run("new", "--from", NAME, path, typed=":save\n")
    return path


def test_a_starter_is_saved_at_once_with_nothing_confirmed(begun):
    review = check(load(begun))
    assert review.given == 0
    assert len(review.unconfirmed) > 500


def test_a_starter_is_never_laid_over_answers(begun):
    before = begun.read_bytes()
    done = run("new", "--from", "safeguarding-hub", begun, typed="\n")
    assert done.exit_code == 2
    assert begun.read_bytes() == before


def test_check_tells_missing_and_unconfirmed_apart(begun):
    text = run("check", begun).stdout
    told = json.loads(run("check", "--report", "json", begun).stdout)["files"][0]
    review = check(load(begun))
    assert f"Unconfirmed: {len(review.unconfirmed):,} answers." in text
    assert f"Missing: {len(review.unasked):,} answers." in text
    assert [gap["at"] for gap in told["unconfirmed"]] == [gap.at for gap in review.unconfirmed]
    missing = {gap["at"] for gap in told["missing"]}
    assert not missing & {gap["at"] for gap in told["unconfirmed"]}
    assert "partners[nhs-trust].name" in missing
    assert {f["rule"] for f in told["findings"] if f["at"] == "assessment.title"} == {"PR015"}


def test_enter_confirms_a_section_and_only_that(begun):
    done = run("new", begun, typed="\n\n:save\n")
    assert "Press Enter to confirm all" in done.stderr
    places = {gap.section.id for gap in check(load(begun)).unconfirmed}
    assert "screening" not in places
    assert "project" in places


def test_the_screening_says_that_it_rests_on_unconfirmed_answers_and_keeps_its_outcome(begun):
    done = run("new", begun, typed="\n\n:save\n")
    assert "The screening leads to:" in done.stderr
    assert "This rests on 24 answers that nobody has confirmed yet." in " ".join(
        done.stderr.split()
    )
    assert json.loads(begun.read_text())["screening"]["outcome"]


@pytest.mark.parametrize(
    "title", ["Legal powers", "Need and", "Risks to people", "People and data"]
)
def test_enter_alone_never_confirms_power_basis_sensitive_data_need_or_risk(begun, title):
    before = begun.read_bytes()
    done = run("new", begun, typed=f"{title.lower()}\n\n\n\n:save\n")
    assert "never confirmed by Enter alone" in " ".join(done.stderr.split())
    assert begun.read_bytes() == before
    run("new", begun, typed=f"{title.lower()}\nyes\n:save\n")
    assert begun.read_bytes() != before


def test_what_enter_alone_never_confirms():
    for at in (
        "legal_basis[a].gateways",
        "legal_basis[a].article_6",
        "legal_basis[a].article_9",
        "data_items[a].special_category",
        "data_items[a].category",
        "necessity.why_needed",
        "risks[a].likelihood",
        "sign_off[a].name",
    ):
        assert is_guarded(at), at
    assert not is_guarded("project.summary")


def test_one_answer_can_be_changed_before_the_rest_is_confirmed(begun):
    path: Path = begun
    run("new", path, typed="about this\n1\nHomes first\n\n:save\n")
    answers = json.loads(path.read_text())
    assert answers["assessment"]["title"] == "Homes first"
    assert not any(gap.section.id == "assessment" for gap in check(load(path)).unconfirmed)


def test_later_leaves_a_section_unconfirmed(begun):
    before = begun.read_bytes()
    run("new", begun, typed="screening\nlater\n:save\n")
    assert begun.read_bytes() == before
