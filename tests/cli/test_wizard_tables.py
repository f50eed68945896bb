"""Tables at the terminal: rows added, copied, changed, moved and removed, and left half done."""

from __future__ import annotations

from pathlib import Path

import pytest

from piagen.pipeline.answers import read_answers
from piagen.pipeline.assess import questionnaire
from piagen.practice.risk_prompts import catalogue
from tests.cli.test_wizard_questions import _number, again, hub, project, said, saved, typing

SYSTEMS = [
    {"id": "one", "name": "One", "new": True, "hosted_by": "The council"},
    {"id": "two", "name": "Two"},
]
PURPOSES = [
    {"id": "a", "purpose": "First help"},
    {"id": "b", "purpose": "Second help"},
    {"id": "c", "purpose": "Third help"},
]


def at_purposes(path: Path, *lines: str) -> str:
    return said(typing(path, "c", _number(path, ". Purposes: add"), *lines))


def names(path: Path) -> list[str]:
    read_answers(path, questionnaire())
    return [row.get("purpose", row["id"]) for row in saved(path)["purposes"]]


@pytest.fixture
def purposes(tmp_path: Path) -> Path:
    return project(tmp_path, {"assessment": {"title": "T"}, "purposes": PURPOSES})


def test_rows_are_shown_one_a_line_with_what_is_left_in_each(purposes: Path) -> None:
    asked = typing(purposes, "c", _number(purposes, ". Purposes: add")).stderr
    menu = asked.rpartition("Purposes so far:")[2].splitlines()
    assert menu[1].strip().startswith("1. P1 First help (")
    assert "still to answer)" in menu[1]
    assert menu[3].strip().startswith("3. P3 Third help")


@pytest.mark.parametrize("word", ["zebra", "9", "copy", "copy 9", "remove x", "0", "²", "up -1"])
def test_a_wrong_word_changes_nothing_and_is_told(purposes: Path, word: str) -> None:
    before = saved(purposes)
    asked = at_purposes(purposes, word, "")
    assert "That is neither add, nor a number from 1 to 3" in asked
    assert asked.count("Purposes so far:") == 1, "the list is shown once"
    assert saved(purposes) == before


def test_rows_are_moved_and_stay_at_the_ends(purposes: Path) -> None:
    at_purposes(purposes, "up 3", "up 1", "down 3", "")
    assert names(purposes) == ["First help", "Third help", "Second help"]


def test_a_row_is_removed_only_on_a_yes(purposes: Path) -> None:
    at_purposes(purposes, "remove 2", "", "no", "")
    assert len(names(purposes)) == 3
    at_purposes(purposes, "remove 2", "yes", "")
    assert names(purposes) == ["First help", "Third help"]


def test_removing_a_row_says_what_would_lose_its_reference(tmp_path: Path) -> None:
    path = hub(tmp_path)
    before = saved(path)
    asked = at_purposes(path, "remove 1", "no", "")
    gone = before["purposes"][0]["id"]
    naming = [row for row in before["data_flows"] if gone in row.get("purposes", ())]
    assert "These would be removed too:" in asked
    assert "These would no longer name" in asked
    assert asked.count("Data flows › F-") >= len(naming)
    at_purposes(path, "remove 1", "yes", "")
    read_answers(path, questionnaire())
    assert f"'{gone}'" not in str({k: v for k, v in saved(path).items() if k != "extra"})


def test_a_new_row_is_asked_to_its_end_and_the_list_comes_back(purposes: Path) -> None:
    asked = at_purposes(purposes, "add", "Fourth help", "no", "1", "", ":list")
    assert "new purpose" in asked
    assert "purpose 4: P4 Fourth help" in asked
    assert names(purposes)[-1] == "Fourth help"


def test_a_row_may_be_left_half_done_and_is_taken_up_again(tmp_path: Path) -> None:
    path = project(tmp_path, {"assessment": {"title": "T"}, "screening": {"personal_data": "yes"}})
    typing(path, "organisations", "Lantern Advice", ":save")
    assert [row["name"] for row in saved(path)["partners"]] == ["Lantern Advice"]
    assert "organisation 1: Lantern Advice" in said(typing(path, "organisations")) or (
        "partner 1: Lantern Advice" in said(typing(path, "organisations"))
    )


def test_a_copy_takes_the_row_s_answers_and_asks_for_the_first(tmp_path: Path) -> None:
    path = hub(tmp_path)
    before = saved(path)["data_items"]
    again(path, "Data items", "copy 1", "A new item", "")
    rows = saved(path)["data_items"]
    assert len(rows) == len(before) + 1
    new = {k: v for k, v in rows[-1].items() if k != "id"}
    old = {k: v for k, v in before[0].items() if k != "id"}
    assert new == {**old, "item": "A new item"}
    assert rows[-1]["id"] not in [row["id"] for row in before]


def test_the_same_as_before_is_offered_with_what_would_be_copied(tmp_path: Path) -> None:
    path = hub(tmp_path)
    asked = again(path, "Data items", "add", "A new item", "no", ":list")
    assert "has:" in asked
    assert "Is the new one the same in all of this?" in asked
    assert set(saved(path)["data_items"][-1]) == {"id", "item"}


def test_two_link_rows_are_never_the_same(tmp_path: Path) -> None:
    path = project(
        tmp_path,
        {
            "assessment": {"title": "T"},
            "partners": [{"id": "a", "name": "A"}, {"id": "b", "name": "B"}],
            "purposes": PURPOSES[:1],
            "roles": [
                {"id": "x", "partner": "a", "purpose": "a", "role": "controller"},
                {"id": "y", "partner": "b", "purpose": "a", "role": "controller"},
            ],
        },
    )
    before = saved(path)["roles"]
    again(path, "Roles", "2", "1", "1", "", "")
    assert saved(path)["roles"] == before
    read_answers(path, questionnaire())


def test_a_new_link_row_is_refused_while_it_is_the_same_as_another(tmp_path: Path) -> None:
    path = hub(tmp_path)
    before = saved(path)["consent"]
    place = _number(path, "for agreement: add")
    asked = said(typing(path, "c", place, "add", before[0]["purpose"], ":back", ""))
    assert saved(path)["consent"] == before
    assert asked.count("new request for agreement") == 2


def test_a_table_without_rows_can_be_begun_from_check_your_answers(tmp_path: Path) -> None:
    path = project(tmp_path, {"assessment": {"title": "T"}})
    again(path, "Purposes", "add", "First help", ":list")
    assert names(path) == ["First help"]


def test_changing_a_row_asks_only_what_is_chosen(purposes: Path) -> None:
    at_purposes(purposes, "2", "1", "Better help", "", "")
    assert names(purposes) == ["First help", "Better help", "Third help"]


def test_organisations_are_never_offered_as_the_same_and_a_copy_has_no_name_of_the_other(
    tmp_path: Path,
) -> None:
    path = hub(tmp_path)
    assert "Is the new one the same" not in again(
        path, "Organisations", "add", "Elm School", ":list"
    )
    again(path, "Organisations", "copy 1", "Oak School", ":list")
    rows = saved(path)["partners"]
    assert rows[0]["short_name"]
    assert (rows[-1]["name"], rows[-1]["kind"]) == ("Oak School", rows[0]["kind"])
    assert "short_name" not in rows[-1]


# -- common risks ----------------------------------------------------------------------------------


def forgotten(tmp_path: Path) -> Path:
    """A project whose answers call for risks that nobody has listed."""
    path = hub(tmp_path)
    answers = saved(path)
    answers.pop("dismissed_risks", None)
    answers["risks"] = [{k: v for k, v in r.items() if k != "slug"} for r in answers["risks"]]
    return project(tmp_path, answers)


def test_common_risks_are_named_before_a_new_one_and_may_be_what_it_is_based_on(
    tmp_path: Path,
) -> None:
    path = forgotten(tmp_path)
    asked = again(path, "Risks to people", "add", "A risk of our own", "no", "1", ":list")
    assert "Common in projects like this, and not listed yet (you can choose one next): - " in asked
    new = saved(path)["risks"][-1]
    assert new["risk"] == "A risk of our own"
    assert new["slug"] in catalogue()


def test_a_common_risk_is_listed_set_aside_with_a_reason_or_left(tmp_path: Path) -> None:
    path = forgotten(tmp_path)
    before = saved(path)["risks"]
    asked = again(path, "Risks to people", "", "look", "It cannot happen here.", "", "add", ":list")
    assert "neither listed nor set aside" in asked
    after = saved(path)
    assert [row["reason"] for row in after["dismissed_risks"]] == ["It cannot happen here."]
    assert len(after["risks"]) == len(before) + 1
    assert after["risks"][-1]["risk"] == catalogue()[after["risks"][-1]["slug"]].title
    assert set(after["risks"][-1]) == {"id", "risk", "slug"}, "nothing else is filled in"


def test_enter_passes_over_the_common_risks(tmp_path: Path) -> None:
    path = forgotten(tmp_path)
    before = saved(path)
    again(path, "Risks to people", "", "", "")
    assert saved(path) == before


def test_a_choice_from_a_table_that_is_empty_says_where_to_begin(tmp_path: Path) -> None:
    path = project(tmp_path, {"partners": [{"id": "a", "name": "Elm Council"}]})
    told = typing(path, "data flows", "Portal", "1", ":back", ":list")
    assert "Nothing is listed yet" not in said(told)
    path = project(tmp_path, {"assessment": {"title": "T"}})
    asked = said(typing(path, "data flows", "Portal", ":list"))
    assert "Nothing is listed yet under “Organisations”. Type :list and choose" in asked
    assert "Type numbers or names" not in asked
