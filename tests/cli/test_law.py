"""`piagen law` tells the catalogue and its suggestions, in words and as data."""

from __future__ import annotations

import json
from datetime import date
from typing import get_args

import click
import pytest
from click.testing import CliRunner, Result

from piagen.cli import piagen
from piagen.cli.law import NATIONS, ROLES, STANDINGS, STATUSES, Age, before
from piagen.cli.law_told import MOST_IN_FULL
from piagen.cli.wizard.journey import Journey
from piagen.cli.wizard.law import offered
from piagen.config import Config
from piagen.law.catalogue import load_catalogue
from piagen.law.dated import Standing
from piagen.law.model import Nation, Role, Status
from piagen.pipeline.assess import questionnaire
from piagen.pipeline.sitting import Sitting
from piagen.resources import shipped

EXAMPLES = shipped("examples")
HUB = EXAMPLES / "safeguarding-hub.json"
law = load_catalogue()


def run(*args: object) -> Result:
    return CliRunner().invoke(piagen, ["law", *(str(arg) for arg in args)])


def told(*args: object):
    result = run(*args, "--report", "json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def listed(*args: object) -> list[str]:
    return [row["gateway"] for row in told("list", *args)["gateways"]]


@pytest.mark.parametrize("command", ["list", "show", "stale", "suggest"])
def test_every_command_has_help_with_an_example(command):
    assert f"piagen law {command}" in run(command, "--help").stdout.partition("Example")[2]


def test_the_choices_are_the_words_of_the_catalogue():
    assert get_args(Nation) == NATIONS
    assert set(ROLES) == set(Role)
    assert set(STATUSES) == set(Status)
    assert set(STANDINGS) == set(Standing)


def test_list_filters():
    assert len(listed()) == 136
    assert listed("--nation", "wales", "--contains", "homelessness", "--domain", "housing") == [
        "housing-wales-act-2014-s95",
        "wra-2012-s131",
    ]
    assert "cda-1998-s115" in listed("--role", "gateway", "--kind-of-body", "parish_council")
    assert "police-common-law" not in listed("--role", "framework")
    assert set(listed("--status", "repealed")) == {
        "lsa-2000-s117",
        "cjcsa-2000-ss67-68",
        "lga-2000-s2-wales",
    }
    assert listed("--domain", "adult-social-care") == listed("--domain", "adult_social_care")


def test_list_tells_how_each_stands_on_a_day():
    unknown = listed("--standing", "start_unknown", "--as-at", "2026-11-22")
    assert "children-act-2004-s16la" in unknown
    result = run("list", "--contains", "16LA", "--as-at", "2026-11-22")
    assert "its start date was not read" in " ".join(result.stdout.split())
    assert "136 gateways on 22 November 2026." in result.stdout


@pytest.mark.parametrize(
    ("option", "value", "says"),
    [("--domain", "hovsing", "housing"), ("--kind-of-body", "nhs", "nhs_trust")],
)
def test_list_names_the_words_there_are(option, value, says):
    result = run("list", option, value)
    assert result.exit_code == 2
    assert says in result.stderr


@pytest.mark.parametrize(
    ("key", "holds"),
    [
        ("cda-1998-s115", "NHS trusts and foundation trusts are deliberately absent"),
        ("uk-gdpr/6/1/ea", "Article 6(1)(ea)"),
        ("dpa-2018/164A", "From 19 June 2026."),
        ("duaa-2025", "duaa-2025/70: Lawfulness"),
    ],
)
def test_show_tells_everything_within_80_columns(key, holds):
    result = run("show", key)
    assert result.exit_code == 0
    assert holds in " ".join(result.stdout.split())
    assert "How it was checked\n" in result.stdout
    assert all(len(line) <= 80 or "http" in line for line in result.stdout.splitlines())


def test_show_tells_the_standing_on_a_day():
    assert told("show", "uk-gdpr/6/1/ea", "--as-at", "2026-02-04")["standing"] == "not_yet_in_force"
    assert told("show", "uk-gdpr/6/1/ea", "--as-at", "2026-02-05")["standing"] == "in_force"


@pytest.mark.parametrize("key", [*law.headings, *law.instruments, "uk-gdpr/6/1/e", "dpa-2018/10"])
def test_show_can_tell_every_entry(key):
    held = told("show", key)
    assert held["key"] == key
    assert held["title"]
    assert held["checked_on"]


def test_show_names_the_nearest_key():
    result = run("show", "cda-1998-s116")
    assert result.exit_code == 2
    assert "cda-1998-s115" in result.stderr


def test_stale_counts_back_from_the_day_that_is_given():
    year = told("stale", "--older-than", "12m", "--as-at", "2027-11-22")
    assert year["before"] == "2026-11-22"
    assert all(row["checked_on"] is None for row in year["entries"]), "checked on the very day"
    later = told("stale", "--older-than", "12m", "--as-at", "2027-11-23")
    fresh = {row["key"] for row in later["entries"]} - {row["key"] for row in year["entries"]}
    assert "cda-1998-s115" in fresh
    assert "nhs-act-2006-s2b" in {row["key"] for row in year["entries"]}, "no day was kept"
    text = run("stale", "--older-than", "12m", "--as-at", "2027-11-22").stdout
    assert "Counted back from 22 November 2027." in text
    assert "nhs-act-2006-s2b  checked: unknown" in text


def test_stale_needs_a_day_because_piagen_reads_no_clock():
    result = run("stale", "--older-than", "12m")
    assert result.exit_code == 2
    assert "--as-at" in result.stderr


def test_today_is_named():
    result = run("stale", "--older-than", "1d", "--as-at", "today")
    assert result.exit_code == 0
    assert "Counted back from" in result.stdout


@pytest.mark.parametrize(
    ("day", "age", "expected"),
    [
        (date(2027, 3, 31), (1, "m"), date(2027, 2, 28)),
        (date(2028, 3, 31), (1, "m"), date(2028, 2, 29)),
        (date(2027, 1, 15), (1, "m"), date(2026, 12, 15)),
        (date(2027, 12, 31), (12, "m"), date(2026, 12, 31)),
        (date(2028, 2, 29), (1, "y"), date(2027, 2, 28)),
        (date(2027, 1, 1), (1, "d"), date(2026, 12, 31)),
        (date(2027, 1, 1), (9999, "y"), date(1, 1, 1)),
        (date(1, 1, 2), (9999, "d"), date(1, 1, 1)),
    ],
)
def test_counting_back(day, age, expected):
    assert before(day, age) == expected


@pytest.mark.parametrize("typed", ["12", "m", "0m", "-1m", "12 m", "1q", "١m", ""])
def test_a_length_of_time_that_is_none(typed):
    with pytest.raises(click.BadParameter, match="Write it as 12m"):
        Age().convert(typed, None, None)


def test_suggest_tells_reasons_and_conditions():
    result = run("suggest", HUB, "--partner", "nhs-trust")
    text = " ".join(result.stdout.split())
    assert result.exit_code == 0
    assert "The NHS trust (nhs-trust) discloses for:" in text
    assert "children-act-1989-s47" in text
    assert "Discloser: The NHS trust, of the kind “NHS trust or NHS foundation trust”" in text
    assert "Conditions:" in text
    assert "Left out:" not in text
    assert "on 20 November 2026" in text
    assert all(len(line) <= 80 for line in result.stdout.splitlines())


def test_suggest_tells_the_first_in_full_and_names_the_others_unless_asked_for_all():
    asked = ("suggest", HUB, "--partner", "council", "--purpose", "family-help")
    offered = told(*asked)["suggestions"][0]["offered"]
    first, whole = run(*asked).stdout, run(*asked, "--all").stdout
    assert len(offered) > MOST_IN_FULL
    assert first.count("Conditions:") == MOST_IN_FULL
    assert whole.count("Conditions:") == len(offered)
    named = " ".join(first.split())
    for number, one in enumerate(offered, 1):
        assert f"{number}. {one['title']}" in named
        assert one["gateway"] in named


def test_suggest_names_the_usual_bases_in_words():
    text = run("suggest", HUB, "--partner", "police", "--purpose", "decide-risk").stdout
    assert "Usual with it, Article 6: 6(1)(e) Public task" in " ".join(text.split())
    assert "6_1_e" not in text


def test_suggest_as_data_has_a_stable_shape():
    found = told("suggest", HUB, "--partner", "police", "--purpose", "crime", "--all")
    assert list(found) == ["file", "usable", "day", "suggestions"]
    assert found["day"] == "2026-11-20"
    (one,) = found["suggestions"]
    assert list(one) == ["partner", "purpose", "direction", "offered", "left_out"]
    assert list(one["offered"][0]) == [
        "gateway",
        "title",
        "citation",
        "href",
        "role",
        "kind",
        "nations",
        "domains",
        "standing",
        "verified",
        "checked_on",
        "reasons",
        "conditions",
        "needs_another",
        "agreement_is_a_condition",
        "usual",
        "part_3",
    ]
    assert len(one["offered"]) + len(one["left_out"]) == 136
    assert all(left["why"] for left in one["left_out"])


def test_suggest_all_says_what_was_left_out_and_why():
    text = " ".join(run("suggest", HUB, "--partner", "police", "--all").stdout.split())
    assert "Left out:" in text
    assert "children-act-2004-s16la: It is not yet fully in force" in text


def test_suggest_reads_the_law_on_another_day_if_asked():
    assert told("suggest", HUB, "--as-at", "2026-01-01")["day"] == "2026-01-01"


@pytest.mark.parametrize(("option", "value"), [("--partner", "polise"), ("--purpose", "x")])
def test_suggest_names_the_ids_there_are(option, value):
    result = run("suggest", HUB, option, value)
    assert result.exit_code == 2
    assert value in result.stderr
    assert ("police" if option == "--partner" else "decide-risk") in result.stderr


def test_suggest_says_when_nobody_shares(tmp_path):
    empty = tmp_path / "empty.json"
    empty.write_text('{"piagen": "1"}')
    result = run("suggest", empty)
    assert result.exit_code == 0
    assert "Nobody sends or receives" in result.stdout


@pytest.mark.parametrize("report", ["text", "json"])
def test_suggest_refuses_a_file_as_other_commands_do(tmp_path, report):
    bad = tmp_path / "bad.json"
    bad.write_text('{"piagen": "1", "assessment": {"titel": "X"}}')
    result = run("suggest", "--report", report, bad)
    assert result.exit_code == 3
    if report == "json":
        assert json.loads(result.stdout)["problems"][0]["at"] == "assessment.titel"
    else:
        assert "assessment.titel" in result.stderr


def test_the_wizard_offers_powers_only_while_a_file_may_name_any_entry(tmp_path):
    gateways = questionnaire().by_path["legal_basis[].gateways"]
    assert set(gateways.options) == set(law.headings)
    assert set(offered(gateways)) == {i for i, h in law.headings.items() if h.role.is_power}
    journey = Journey(Sitting(tmp_path / "new.json"), Config())
    assert journey.menu(gateways) == offered(gateways)


def test_an_answers_file_that_names_dead_law_has_the_right_shape(tmp_path, example):
    answers = example("safeguarding-hub")
    answers["legal_basis"][0]["gateways"] = ["lsa-2000-s117"]
    file = tmp_path / "dead.json"
    file.write_text(json.dumps(answers))
    assert run("suggest", file).exit_code == 0
