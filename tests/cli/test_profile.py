"""`piagen profile` asks once what an organisation repeats, and `piagen new` fills it in."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from piagen.cli import piagen

FIRST = "Northshire Council\nthe council\ncounty, unitary\nyes\nyes\nno\n"
"""The first six answers: names, kind, and three questions with yes or no."""


def run(*args, typed=""):
    return CliRunner().invoke(piagen, [str(arg) for arg in args], input=typed)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PIAGEN_CONFIG", raising=False)
    return tmp_path


def profile_in(path: Path):
    return tomllib.loads(path.read_text())["profile"]


def test_every_answer_is_saved_at_once_readable_by_its_owner_only(folder):
    done = run("profile", typed=FIRST + ":save\n")
    assert done.exit_code == 0
    (row,) = profile_in(folder / "piagen.toml")["partners"]
    assert row == {
        "id": "northshire-council",
        "name": "Northshire Council",
        "short_name": "the council",
        "kind": "county_or_unitary_council",
        "public_authority": True,
        "foi_body": True,
        "competent_authority": False,
    }
    assert (folder / "piagen.toml").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in folder.iterdir()] == ["piagen.toml"]


def test_it_goes_on_where_it_stopped(folder):
    run("profile", typed=FIRST + ":save\n")
    done = run("profile", typed="Data protection officer\ndpo@northshire.example\n:save\n")
    assert "legal name" not in done.stderr
    assert profile_in(folder / "piagen.toml")["partners"][0]["dpo_email"] == (
        "dpo@northshire.example"
    )


def test_what_was_left_out_before_is_not_asked_again(folder):
    run("profile", typed=FIRST + "\n" * 7 + "Rights team\n:save\n")
    assert profile_in(folder / "piagen.toml")["rights"] == {"contact": "Rights team"}
    done = run("profile", typed=":save\n")
    assert "fee number" not in done.stderr
    assert "copy of their data" in done.stderr


def test_input_that_ends_loses_nothing(folder):
    done = run("profile", typed=FIRST)
    assert done.exit_code == 130
    assert profile_in(folder / "piagen.toml")["partners"][0]["foi_body"] is True


def test_nothing_answered_nothing_written(folder):
    done = run("profile", typed=":save\n")
    assert "nothing was saved" in done.stderr
    assert list(folder.iterdir()) == []


def test_the_rest_of_the_file_stays_with_its_comments(folder):
    path = folder / "piagen.toml"
    path.write_text('# Ours.\nregulator = "Information Commission" # from 2026\n')
    run("profile", typed=FIRST + ":save\n")
    assert path.read_text().startswith(
        '# Ours.\nregulator = "Information Commission" # from 2026\n'
    )
    assert profile_in(path)["partners"]


def test_the_file_is_the_one_named_or_the_nearest_upwards(folder, monkeypatch):
    run("--config", "own.toml", "profile", typed=FIRST + ":save\n")
    assert [path.name for path in folder.iterdir()] == ["own.toml"]
    monkeypatch.setenv("PIAGEN_CONFIG", str(folder / "env.toml"))
    run("profile", typed=FIRST + ":save\n")
    assert (folder / "env.toml").is_file()
    monkeypatch.delenv("PIAGEN_CONFIG")
    (folder / "piagen.toml").write_text("")
    below = folder / "below"
    below.mkdir()
    monkeypatch.chdir(below)
    run("profile", typed=FIRST + ":save\n")
    assert profile_in(folder / "piagen.toml")["partners"]
    assert list(below.iterdir()) == []


def test_read_shows_the_profile_and_changes_nothing(folder):
    run("profile", typed=FIRST + ":save\n")
    before = (folder / "piagen.toml").read_bytes()
    done = run("profile", "--read")
    assert "Legal name: Northshire Council" in done.stderr
    assert (folder / "piagen.toml").read_bytes() == before


def test_read_says_where_there_is_no_profile():
    assert "holds no profile yet" in run("profile", "--read").stderr


def test_a_profile_with_faults_is_refused_with_each_place(folder):
    (folder / "piagen.toml").write_text("[profile.security]\nbreach_hours = 3\ntraining = 4\n")
    for args in (["profile"], ["new", "a.json"]):
        done = run(*args, typed="\n")
        assert done.exit_code == 3
        assert "profile.security.breach_hours" in done.stderr
        assert "profile.security.training" in done.stderr
    assert not (folder / "a.json").exists()


def test_all_of_it_can_be_asked_and_changed_afterwards(folder):
    """Every question left out but contacts, one row of which is given; then one is changed."""
    skip = "\n" * 7  # the rest of the organisation's row
    skip += "\n" * 8 + "\n" * 6 + "\n" * 4  # requests, security, notices
    row = "yes\nbreaches\nSecurity desk\nbreach@northshire.example\n\nyes\n\n"
    after = "\n" + "no\n"  # no other contact, no retention period
    more = "37\nadd\nrights requests\nno\nRights team\nrights@northshire.example\n\n\n"
    wrong = "99\n"
    change = "1\nNorthshire City Council\n"
    after += more + wrong + change
    done = run("profile", typed=FIRST + skip + row + after + "\n")
    assert done.exit_code == 0, done.stderr
    assert "organisation: add, copy" not in done.stderr, "a profile is of one"
    assert profile_in(folder / "piagen.toml")["partners"][0]["name"] == "Northshire City Council"
    contacts = profile_in(folder / "piagen.toml")["contacts"]
    assert [(c["function"], c["partner"]) for c in contacts] == [
        ("breach", "northshire-council"),
        ("information_rights", "northshire-council"),
    ]


def test_nothing_is_left_open_in_a_profile(folder):
    done = run("profile", typed=FIRST + ":unsure\n:save\n")
    assert "What is not known" not in done.stderr
    assert done.stderr.count("Who is its data protection officer?") == 1
    assert profile_in(folder / "piagen.toml").keys() == {"partners"}


def test_back_never_leads_to_a_second_organisation(folder):
    typed = FIRST + "\n" * 7 + ":back\nNorthshire\n:save\n"
    done = run("profile", typed=typed)
    assert "add for another organisation" not in done.stderr
    assert len(profile_in(folder / "piagen.toml")["partners"]) == 1


def test_a_new_project_begins_with_the_profile_unconfirmed(folder):
    run("profile", typed=FIRST + ":save\n")
    run("new", "a.json", typed=":save\n")
    answers = json.loads((folder / "a.json").read_text())
    assert answers["partners"][0]["name"] == "Northshire Council"
    assert answers["unconfirmed"] == [{"path": "partners[the-council]", "starter": "profile"}]


def test_a_project_that_has_begun_is_not_filled_in_again(folder):
    run("new", "a.json", typed="about this\nEarly help\n:save\n")
    before = (folder / "a.json").read_bytes()
    run("profile", typed=FIRST + ":save\n")
    run("new", "a.json", typed=":save\n")
    assert (folder / "a.json").read_bytes() == before
