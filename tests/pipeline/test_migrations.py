"""Answers of every past format are read by this piagen, and those of a newer one never."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from piagen.errors import UnusableFile
from piagen.pipeline.answers import read_answers, write_answers
from piagen.pipeline.assess import check, load, questionnaire
from piagen.pipeline.documents import needed, render
from piagen.pipeline.migrations import MIGRATIONS, Migration, migrate
from piagen.questionnaire.shape import FORMAT_VERSION

FORMATS = Path(__file__).resolve().parents[1] / "data" / "formats"
NEVER_CHANGED = {
    "1": "de573742fa54e9428c5e282371fd8d9637bb2e256c80576319ec6687cac36fd7",
}
"""The SHA-256 of a whole project as the first piagen of each format wrote it."""

PATH = Path("answers.json")


def renamed(answers: dict[str, Any]) -> dict[str, Any]:
    """From format 1 to 2: the project becomes the scheme."""
    return {"scheme" if key == "project" else key: value for key, value in answers.items()}


def split(answers: dict[str, Any]) -> dict[str, Any]:
    """From format 2 to 3: the scheme's name is two answers."""
    first, second = answers["scheme"]["name"].split()
    return {**answers, "scheme": {"first": first, "second": second}}


STEPS: dict[int, Migration] = {1: renamed, 2: split}


def test_every_format_there_ever_was_has_a_file_and_a_way_to_todays() -> None:
    every = [str(number) for number in range(1, int(FORMAT_VERSION) + 1)]
    assert sorted(NEVER_CHANGED) == every
    assert sorted(path.stem for path in FORMATS.iterdir()) == every
    assert sorted(MIGRATIONS) == [int(number) for number in every[:-1]]


@pytest.mark.parametrize("number", NEVER_CHANGED)
def test_the_file_of_a_format_is_as_it_was_and_can_be_checked_and_rendered(number: str) -> None:
    path = FORMATS / f"{number}.json"
    assert hashlib.sha256(path.read_bytes()).hexdigest() == NEVER_CHANGED[number]
    assert json.loads(path.read_text(encoding="utf-8"))["piagen"] == number
    loaded = load(path)
    assert loaded.answers["piagen"] == FORMAT_VERSION
    assert check(loaded).given > 100
    assert len(list(render(loaded, format="html"))) == len(needed(loaded))


def test_answers_are_brought_from_format_to_format_up_to_the_newest() -> None:
    given = {"piagen": "1", "project": {"name": "Warm homes"}, "extra": {}}
    found = migrate(PATH, given, STEPS, newest=3)
    assert found == {"piagen": "3", "scheme": {"first": "Warm", "second": "homes"}, "extra": {}}
    assert given["piagen"] == "1", "what was given is left alone"
    half_way = {"piagen": "2", "scheme": {"name": "Warm homes"}}
    assert migrate(PATH, half_way, STEPS, newest=3)["piagen"] == "3"
    assert migrate(PATH, {"piagen": "3"}, STEPS, newest=3) == {"piagen": "3"}


@pytest.mark.parametrize(("version", "newest"), [("2", 1), ("4", 3), ("10", 9), ("999999", 3)])
def test_a_newer_format_is_refused_by_file_and_by_name(version: str, newest: int) -> None:
    with pytest.raises(UnusableFile) as error:
        migrate(PATH, {"piagen": version}, STEPS, newest)
    assert str(error.value).startswith("answers.json: it was written by a newer piagen")
    assert f"(format {version})" in error.value.says
    assert "Update this piagen" in error.value.says


@pytest.mark.parametrize("version", ["0", "01", "9" * 5_000, "1.0", "", "-1", "²", 1, None, [], {}])
def test_what_is_no_format_is_told_how_to_begin(version: object) -> None:
    with pytest.raises(UnusableFile) as error:
        migrate(PATH, {"piagen": version}, STEPS, newest=3)
    assert '"piagen": "' in error.value.says
    assert "newer" not in error.value.says
    assert len(error.value.says) < 200


@pytest.mark.parametrize(
    "given", [{}, {"project": 1}, {"project": {"name": 1}}, {"project": {"name": "a b c"}}]
)
def test_answers_that_have_not_the_shape_of_their_format_are_refused(given: dict[str, Any]) -> None:
    with pytest.raises(UnusableFile, match="of format 1, but has not its shape"):
        migrate(PATH, {"piagen": "1", **given}, STEPS, newest=3)


def test_a_file_of_a_past_format_is_read_as_one_of_todays(tmp_path: Path) -> None:
    """Format 0 never was; here it had another name for the title."""

    def from_0(answers: dict[str, Any]) -> dict[str, Any]:
        return {**answers, "assessment": {"title": answers["assessment"]["name"]}}

    path = tmp_path / "answers.json"
    path.write_text('{"piagen": "0", "assessment": {"name": "Cafe\u0301"}}', encoding="utf-8")
    found = read_answers(path, questionnaire(), migrations={0: from_0})
    assert found == {"piagen": FORMAT_VERSION, "assessment": {"title": "Café"}}
    write_answers(path, found)
    assert read_answers(path, questionnaire()) == found, "saved, it is of today's format"


def test_a_newer_file_is_never_written_over_by_reading_it(tmp_path: Path) -> None:
    path = tmp_path / "answers.json"
    path.write_text('{"piagen": "99", "new": true}')
    with pytest.raises(UnusableFile, match="newer piagen"):
        load(path)
    assert path.read_text() == '{"piagen": "99", "new": true}'
