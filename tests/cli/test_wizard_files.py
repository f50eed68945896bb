"""The file of a sitting: held by one person, mended by hand, not overwritten, never half there."""

from __future__ import annotations

import fcntl
import json
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from piagen.errors import CannotWrite, ShapeErrors
from piagen.pipeline.answers import read_answers
from piagen.pipeline.assess import questionnaire
from piagen.pipeline.sitting import InUse, Sitting
from piagen.resources import shipped
from tests.cli.child import run
from tests.cli.terminal import PROMPT, Person, ended, prompted, say, sit_down
from tests.cli.test_wizard import ANSWERS, MORE
from tests.cli.test_wizard_questions import said, saved, typing

FIRST = {"piagen": "1", "assessment": {"title": "First"}}
SECOND = {"piagen": "1", "assessment": {"title": "Second"}}


def held_by(path: Path, who: str) -> None:
    (path.parent / f".{path.name}.open").write_text(who)


def test_a_second_person_is_told_who_has_it_open_and_may_read(tmp_path: Path) -> None:
    path = tmp_path / "p.json"
    env = {"LOGNAME": "ada", "USER": "ada"}
    first = sit_down(path, env=env)
    prompted(first)
    say(first, "about", "Warm homes")
    status, told = ended(sit_down(path))
    assert status == 3
    assert "ada has this open now" in told
    assert "add --read" in told
    status, told = ended(sit_down("--read", path))
    assert status == 0
    assert "Warm homes" in told
    first.sendline(":save")
    ended(first)
    assert [at.name for at in tmp_path.iterdir()] == ["p.json"]


def test_a_killed_sitting_holds_nothing_any_more(tmp_path: Path) -> None:
    path = tmp_path / "p.json"
    first = sit_down(path)
    prompted(first)
    first.kill(9)
    first.wait()
    Sitting.open(path).close()


def test_a_link_to_the_file_is_the_same_file(tmp_path: Path) -> None:
    path, link = tmp_path / "p.json", tmp_path / "link.json"
    link.symlink_to(path)
    first = Sitting.open(path)
    with pytest.raises(InUse):
        Sitting.open(link)
    first.close()


def test_who_has_it_open_is_told_without_what_a_terminal_would_obey(tmp_path: Path) -> None:
    path = tmp_path / "p.json"
    held_by(path, "ada\x1b[2J")
    with (tmp_path / ".p.json.open").open() as marker:
        fcntl.flock(marker, fcntl.LOCK_EX)
        with pytest.raises(InUse) as refused:
            Sitting.open(path)
    assert "\x1b" not in str(refused.value)


def test_a_marker_that_was_taken_away_meanwhile_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two people must not both hold it: one a file that is there, one a file that is gone."""
    path, hold, gone = tmp_path / "p.json", fcntl.flock, list[Path]()

    def late(handle: int, how: int) -> None:
        if not gone:
            gone.append(tmp_path / ".p.json.open")
            gone[0].unlink()
        hold(handle, how)

    monkeypatch.setattr(fcntl, "flock", late)
    sitting = Sitting.open(path)
    with pytest.raises(InUse):
        Sitting.open(path)
    sitting.close()


def test_a_file_changed_during_the_sitting_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "p.json"
    child = sit_down(path)
    prompted(child)
    say(child, "about", "Warm homes")
    path.write_text(json.dumps(SECOND))
    child.sendline("Another answer")
    status, told = ended(child)
    assert status == 3
    assert "changed by something else while you were answering" in " ".join(told.split())
    assert saved(path) == SECOND


def test_a_file_that_appeared_or_went_during_the_sitting_is_noticed(tmp_path: Path) -> None:
    sitting = Sitting(tmp_path / "p.json")
    (tmp_path / "p.json").write_text(json.dumps(SECOND))
    with pytest.raises(CannotWrite, match="changed by something else"):
        sitting.save(FIRST)
    (tmp_path / "p.json").unlink()
    sitting.save(FIRST)
    (tmp_path / "p.json").unlink()
    with pytest.raises(CannotWrite, match="changed by something else"):
        sitting.save(FIRST)


# -- changed by hand between two sittings ----------------------------------------------------------


@pytest.fixture
def mended(tmp_path: Path) -> tuple[Path, dict[str, Any]]:
    answers = json.loads((shipped("examples") / "homelessness-duty-to-refer.json").read_text())
    answers["assessment"]["title"] = "Changed by hand"
    answers["assessment"]["dated"] = "next week"
    answers["assessment"]["nations"] = ["england", "mars", "venus"]
    answers["data_flows"][0]["recipients"] = ["nobody", "no-one"]
    answers["data_flows"][1]["method"] = "\x1b[2Jpigeon"
    answers["partners"][0]["short_name"] = 5
    path = tmp_path / "p.json"
    path.write_text(json.dumps(answers))
    return path, answers


def test_what_was_changed_by_hand_is_taken_up_and_what_is_wrong_is_asked_in_its_place(
    mended: tuple[Path, dict[str, Any]],
) -> None:
    path, answers = mended
    result = typing(path, "about", "27 March 2027", "england")
    told = said(result)
    assert "Changed by hand: " in told
    assert told.count("To mend:") == 5
    assert "“next week”, which cannot be taken" in told
    assert "\x1b" not in result.stderr
    after = saved(path)
    assert after["assessment"]["dated"] == "2027-03-27"
    assert after["assessment"]["nations"] == ["england"]
    assert after["data_flows"] == answers["data_flows"], "wrong until it is answered, never lost"


def test_wrong_answers_outlive_a_sitting_in_which_nobody_mends_them(
    mended: tuple[Path, dict[str, Any]],
) -> None:
    path, answers = mended
    typing(path, "c", "1", "Changed again")
    after = saved(path)
    assert after["assessment"].pop("title") == "Changed again"
    answers["assessment"].pop("title")
    assert after == answers
    assert said(typing(path)).count("To mend:") == 5


def test_a_wrong_answer_is_asked_again_even_where_none_is_needed(
    mended: tuple[Path, dict[str, Any]],
) -> None:
    path, _ = mended
    assert "1 to mend" in said(typing(path))
    assert "holds “5”, which cannot be taken" in said(typing(path, "organisations", "the council"))
    assert saved(path)["partners"][0]["short_name"] == "the council"


def test_a_wrong_answer_goes_with_its_row_and_never_comes_back(
    mended: tuple[Path, dict[str, Any]],
) -> None:
    path, answers = mended
    sitting = Sitting.open(path)
    flow = answers["data_flows"][1]["id"]
    assert f"data_flows[{flow}].method" in sitting.wrong
    left = [row for row in sitting.answers["data_flows"] if row["id"] != flow]
    sitting.save({**sitting.answers, "data_flows": left})
    sitting.save({**sitting.answers, "data_flows": [*left, {"id": flow}]})
    sitting.close()
    assert saved(path)["data_flows"][-1] == {"id": flow}


@pytest.mark.parametrize(
    ("broken", "names"),
    [
        ({"partners": [{"id": "A B", "name": "N"}, {"id": "b", "nam": "N"}]}, ["nam", "A B"]),
        ({"partners": [{"id": "a"}, {"id": "a"}]}, ["partners"]),
        ({"partnres": []}, ["partnres"]),
        ({"open_questions": [{"note": "N"}]}, ["open_questions"]),
    ],
)
def test_what_is_no_answer_is_told_all_at_once_and_nothing_is_lost(
    tmp_path: Path, broken: dict[str, Any], names: list[str]
) -> None:
    path = tmp_path / "p.json"
    path.write_text(json.dumps({"piagen": "1", "assessment": {"dated": "soon"}, **broken}))
    before = path.read_bytes()
    done = run("new", path, folder=tmp_path)
    assert done.returncode == 3, done.stderr
    assert done.stderr.startswith(f"{path} is not ready")
    assert all(name in done.stderr for name in names)
    assert path.read_bytes() == before
    with pytest.raises(ShapeErrors):
        Sitting.open(path)
    assert [at.name for at in tmp_path.iterdir()] == ["p.json"]


# -- killed at random moments ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "deaths", [pytest.param(10, id="some"), pytest.param(200, id="many", marks=pytest.mark.soak)]
)
def test_killed_at_any_moment_the_file_is_whole_and_holds_every_answer_given_before(
    tmp_path: Path, deaths: int
) -> None:
    chance = random.Random(5)  # noqa: S311 - moments to be killed at are no secret
    path = tmp_path / "homes.json"
    person = Person(path, ANSWERS, MORE)
    counted = 0
    for _ in range(deaths):
        if person.go_on(chance.randrange(2, 7)):
            person.again()
            person.go_on(1)
        person.child.expect(PROMPT)
        given = set(_leaves(saved(path))) if path.exists() else set()
        screen = str(person.child.before).replace("\r\n", "\n")
        person.child.sendline(person._reply(screen))
        time.sleep(chance.random() * 0.06)
        person.kill()
        answers = read_answers(path, questionnaire())
        after = set(_leaves(answers))
        assert given <= after, "an answer that was confirmed is gone"
        counted = max(counted, len(after))
        person.again()
    assert counted >= min(deaths * 2, 100), "answers were kept on the way"
    person.kill()


def _leaves(answers: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for key, part in answers.items():
        for row in part if isinstance(part, list) else [part]:
            if isinstance(row, dict):
                name = row.get("id", "")
                yield from ((f"{key}[{name}].{leaf}", json.dumps(row[leaf])) for leaf in row)
