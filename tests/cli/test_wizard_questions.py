"""One question at a time: what can be typed at it, how to go back, what is said."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from piagen.cli import piagen
from piagen.cli.wizard.terminal import COMMANDS
from piagen.pipeline.answers import write_answers
from piagen.pipeline.assess import questionnaire
from piagen.resources import shipped


def typing(path: Path, *lines: str) -> Result:
    """Answer at the task list and after it, one answer a line, then stop."""
    result = CliRunner().invoke(piagen, ["new", str(path)], input="\n".join([*lines, ":save", ""]))
    assert result.exit_code == 0, result.stderr
    assert result.stdout == "", "the result is the file; all else is said on standard error"
    return result


def said(result: Result) -> str:
    return " ".join(result.stderr.split())


def saved(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def project(folder: Path, answers: Mapping[str, Any]) -> Path:
    path = folder / "p.json"
    write_answers(path, {"piagen": "1", **answers})
    return path


def hub(folder: Path) -> Path:
    path = folder / "hub.json"
    path.write_bytes((shipped("examples") / "safeguarding-hub.json").read_bytes())
    return path


def test_the_screening_comes_first_and_then_what_was_not_finished(tmp_path: Path) -> None:
    path = tmp_path / "p.json"
    assert "go on with “Screening”" in said(typing(path, "", "1"))
    assert "Screening, question 2 of" in said(typing(path, ""))


def test_commands_are_shown_at_the_start_and_by_a_question_mark_only(tmp_path: Path) -> None:
    assert said(typing(tmp_path / "p.json", "", "1", "2", "2")).count("nobody knows yet: say") == 1
    assert said(typing(tmp_path / "q.json", "", "?")).count("nobody knows yet: say") == 2
    assert all(command in said(typing(tmp_path / "r.json")) for command in COMMANDS)


def test_a_question_mark_says_why_what_is_good_and_which_law_on_which_day(tmp_path: Path) -> None:
    asked = said(typing(tmp_path / "p.json", "", "1", "1", "1", "1", "1", "1", "?"))
    assert "As a rule of thumb, treat 10,000 people or more as large scale." in asked
    assert "Law: WP248" in asked


def test_a_question_is_shown_once_and_a_wrong_answer_says_only_what_to_type(
    tmp_path: Path,
) -> None:
    asked = said(typing(tmp_path / "p.json", "", "9", "maybe", ""))
    assert asked.count("Will the project use information about people") == 1
    assert "There is no 9 in the list." in asked
    assert "“maybe” is not in the list." in asked
    assert "Not sure" in asked


def test_nothing_is_taken_by_enter_alone_where_there_is_no_answer(tmp_path: Path) -> None:
    result = typing(tmp_path / "p.json", "", "", "", "")
    assert "If nobody knows yet, type :unsure" in said(result)
    assert not (tmp_path / "p.json").exists()


# -- back ------------------------------------------------------------------------------------------


def test_back_at_the_first_question_says_there_is_nothing_before(tmp_path: Path) -> None:
    asked = said(typing(tmp_path / "p.json", "", ":back", "1"))
    assert "There is nothing before this." in asked
    assert saved(tmp_path / "p.json")["screening"] == {"personal_data": "yes"}


def test_back_twice_and_on_again_changes_one_answer_and_keeps_the_others(tmp_path: Path) -> None:
    path = tmp_path / "p.json"
    asked = said(typing(path, "", "1", "1", "1", ":back", ":back", "2", ":back", ""))
    assert saved(path)["screening"] == {
        "personal_data": "yes",
        "scoring": "no",
        "automated_decision": "yes",
    }
    assert asked.count("Now: Yes Press Enter to keep it") == 3


def test_back_works_over_what_an_earlier_sitting_answered(tmp_path: Path) -> None:
    path = tmp_path / "p.json"
    typing(path, "", "1", "1")
    typing(path, "", ":back", "2")
    assert saved(path)["screening"] == {"personal_data": "yes", "scoring": "no"}


PARTNERS = [
    {"id": "a", "name": "Eastmarsh Council", "kind": "county_or_unitary_council"},
    {"id": "b", "name": "Lantern Advice"},
]


def test_back_from_a_new_row_asks_its_first_answer_again(tmp_path: Path) -> None:
    path = project(tmp_path, {"purposes": [{"id": "p", "purpose": "Help"}], "project": {}})
    typing(path, "organisations", "Lantern", ":back", "Lantern Advice", ":save")
    assert [row["name"] for row in saved(path)["partners"]] == ["Lantern Advice"]


def test_back_before_a_row_is_begun_adds_none(tmp_path: Path) -> None:
    path = project(tmp_path, {"partners": PARTNERS[:1], "assessment": {"title": "T"}})
    asked = said(
        typing(path, "c", _number(path, "Organisations: add"), "add", ":back", "", ":list")
    )
    assert asked.count("new organisation") <= 1
    assert saved(path)["partners"] == PARTNERS[:1]


def _number(path: Path, label: str) -> str:
    """The number of a line in “check your answers”."""
    shown = CliRunner().invoke(piagen, ["new", "--read", str(path)]).stderr
    line = next(line for line in shown.splitlines() if label in line)
    return line.strip().partition(".")[0]


# -- menus -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("1,3", ["england", "scotland"]),
        ("1 3", ["england", "scotland"]),
        ("Scotland and Wales", ["scotland", "wales"]),
        ("scot, northern_ireland", ["scotland", "northern_ireland"]),
        ("none", []),
    ],
)
def test_several_are_chosen_by_number_name_or_part_of_a_name(
    tmp_path: Path, typed: str, kept: list[str]
) -> None:
    path = project(tmp_path, {"assessment": {"title": "T"}})
    again(path, "Parts of the UK", typed)
    assert saved(path)["assessment"]["nations"] == kept


def again(path: Path, label: str, *typed: str) -> str:
    """Change one answer in “check your answers”."""
    return said(typing(path, "c", _number(path, f". {label}:"), *typed))


def test_a_long_menu_is_searched_and_an_unclear_word_shows_what_it_may_mean(
    tmp_path: Path,
) -> None:
    path = project(tmp_path, {"partners": [PARTNERS[1]]})
    asked = again(path, "Kind of body", ":search zebra", "council", "2")
    assert "Nothing in the list has “zebra”" in asked
    assert "More than one has that. Type a number." in asked
    chosen = saved(path)["partners"][0]["kind"]
    kinds = questionnaire().by_path["partners[].kind"].options
    assert "council" in kinds[chosen].casefold()


def test_paragraphs_are_typed_by_their_own_number(tmp_path: Path) -> None:
    path = hub(tmp_path)
    again(path, "Schedule 1 paragraph", "18")
    rows = saved(path)["legal_basis"]
    assert "18" in str([row.get("schedule_1") for row in rows])


# -- one answer and what becomes of it -------------------------------------------------------------


def test_unsure_leaves_an_open_question_and_takes_an_answer_away_only_on_a_yes(
    tmp_path: Path,
) -> None:
    path = project(tmp_path, {"assessment": {"title": "T", "nations": ["wales"]}})
    again(path, "Parts of the UK", ":unsure", "no", "")
    assert saved(path)["assessment"]["nations"] == ["wales"]
    again(path, "Parts of the UK", ":unsure", "yes", "Does Wales take part?", "the office")
    assert "nations" not in saved(path)["assessment"]
    asked = {"at": "assessment.nations", "note": "Does Wales take part?", "owner": "the office"}
    assert saved(path)["open_questions"] == [asked]
    again(path, "Parts of the UK", "wales")
    assert "open_questions" not in saved(path)


def test_an_open_question_may_have_a_day_which_is_said_back(tmp_path: Path) -> None:
    path = project(tmp_path, {"assessment": {"title": "T"}})
    said = again(path, "Parts of the UK", ":unsure", "Wales?", "the office", "soon", "1/12/2026")
    assert "Type a date as day month year" in said
    assert "1 December 2026" in said
    (asked,) = saved(path)["open_questions"]
    assert asked["due"] == "2026-12-01"
    assert "31 March 2027" in again(path, "Parts of the UK", ":unsure", "W?", "me", "March 2027")


def test_a_day_is_asked_for_only_where_somebody_will_find_out(tmp_path: Path) -> None:
    path = project(tmp_path, {"assessment": {"title": "T"}})
    assert "By when?" not in again(path, "Parts of the UK", ":unsure", "Wales?", "")
    assert saved(path)["open_questions"] == [{"at": "assessment.nations", "note": "Wales?"}]


def test_an_answer_can_be_taken_away(tmp_path: Path) -> None:
    path = project(tmp_path, {"assessment": {"title": "T", "nations": ["wales"]}})
    assert "The answer was taken away." in again(path, "Parts of the UK", ":clear")
    assert "nations" not in saved(path)["assessment"]
    assert "There is no answer to take away." in again(path, "Parts of the UK", ":clear")


def test_a_command_with_words_after_it_is_never_an_answer(tmp_path: Path) -> None:
    path = tmp_path / "p.json"
    result = typing(path, "about", ":keep it", ":fly", ":BACK", "Warm homes", ":Save it")
    assert "“:fly” is none of the commands" in said(result)
    assert ":BACK" not in said(result)
    assert saved(path)["assessment"] == {"title": "Warm homes"}


@pytest.mark.parametrize(
    ("typed", "kept", "told"),
    [
        ("March 2027", "2027-03-01", "1 March 2027"),
        ("27 3 2027", "2027-03-27", "27 March 2027"),
        ("3/4/2027", "2027-04-03", "3 April 2027"),
    ],
)
def test_dates_are_said_back_in_words(tmp_path: Path, typed: str, kept: str, told: str) -> None:
    path = project(tmp_path, {"assessment": {"title": "T"}})
    assert told in again(path, "Planned start date", typed)
    assert saved(path)["assessment"]["starts_on"] == kept


def test_a_month_is_not_enough_where_the_day_matters(tmp_path: Path) -> None:
    path = project(tmp_path, {"sign_off": [{"id": "dpo", "role": "dpo", "name": "Ada Example"}]})
    assert "Type a date as day month year" in again(path, "Date", "March 2027")


def test_a_change_that_hides_answers_names_them_and_keeps_them(tmp_path: Path) -> None:
    path = hub(tmp_path)
    before = saved(path)
    asked = again(path, "Personal data", "no")
    after = saved(path)
    assert "answers no longer apply. They are kept in the file" in asked
    assert after["data_flows"] == before["data_flows"]
    shown = CliRunner().invoke(piagen, ["new", "--read", str(path)]).stderr
    hidden = shown.partition("Kept in the file, no longer asked and not printed:")[2]
    assert "Data flows" in hidden


# -- what was prefilled ----------------------------------------------------------------------------


def prefilled(path: Path, *places: str) -> None:
    answers = saved(path)
    answers["unconfirmed"] = [{"path": at, "starter": "s"} for at in places]
    write_answers(path, answers)


def doubted(path: Path) -> list[str]:
    return [row["path"] for row in saved(path).get("unconfirmed", ())]


def test_what_was_prefilled_is_confirmed_section_by_section(tmp_path: Path) -> None:
    path = hub(tmp_path)
    prefilled(path, "project.summary", "project.benefits", "scope")
    asked = said(typing(path, "project", ""))
    assert "Prefilled for you to check:" in asked
    assert "Press Enter to confirm all 2" in asked
    assert doubted(path) == ["scope"] or all(at.startswith("scope.") for at in doubted(path))
    typing(path, "scope", "later")
    assert doubted(path)
    typing(path, "scope", "")
    assert doubted(path) == [], "what was doubted as a whole is confirmed leaf by leaf"


@pytest.mark.parametrize(
    ("section", "kind"),
    [
        ("legal powers", "legal_basis[{}].gateways"),
        ("legal powers", "legal_basis[{}].article_6"),
        ("people and data", "data_items[{}].special_category"),
        ("need", "necessity.why_needed"),
        ("risks", "risks[{}].likelihood"),
        ("advice", "sign_off[{}].decision"),
    ],
)
def test_what_matters_most_is_never_confirmed_by_enter_alone(
    tmp_path: Path, section: str, kind: str
) -> None:
    path = hub(tmp_path)
    place = _answered(path, kind)
    prefilled(path, place)
    asked = said(typing(path, section, "", ""))
    assert "Type yes to confirm it" in asked
    assert "never confirmed by Enter alone" in asked
    assert doubted(path) == [place]
    assert "too much for Enter alone" in said(typing(path, section, "1", ""))
    assert doubted(path) == [place]
    typing(path, section, "1", ":keep")
    assert doubted(path) == []


def _answered(path: Path, kind: str) -> str:
    answers = saved(path)
    table, _, leaf = kind.partition("[{}].")
    if not leaf:
        key = kind.partition(".")[0]
        return f"{key}.{next(iter(answers[key]))}"
    return kind.format(next(row["id"] for row in answers[table] if leaf in row))


def test_changing_what_was_prefilled_confirms_it(tmp_path: Path) -> None:
    path = hub(tmp_path)
    prefilled(path, "project.summary")
    typing(path, "project", "1", "A new summary.")
    assert doubted(path) == []
    assert saved(path)["project"]["summary"] == "A new summary."


# -- the law ---------------------------------------------------------------------------------------


def test_powers_that_fit_come_first_with_reasons_and_what_is_left_to_meet(tmp_path: Path) -> None:
    asked = again(hub(tmp_path), "Legal gateway", "")
    assert "These fit by kind of body, purpose, nation, data and date." in asked
    assert "Why it fits: " in asked
    assert "Left to meet: " in asked
    assert "Discloser: " not in asked
    assert "Type a word or two to find yours" in asked


def test_the_screening_says_what_it_leads_to_and_why(tmp_path: Path) -> None:
    path = hub(tmp_path)
    asked = again(path, "Form chosen", "")
    assert "The screening leads to:" in asked


# -- check your answers, findings, the task list ---------------------------------------------------


def test_a_wrong_word_at_the_task_list_is_told_and_the_list_is_not_shown_again(
    tmp_path: Path,
) -> None:
    asked = said(typing(tmp_path / "p.json", "zebra", "99", "risks", ":list"))
    assert "“zebra” is no section." in asked
    assert asked.count("1. About this assessment: Not started") <= 2


def test_after_the_list_enter_goes_on_with_the_next_section_but_screening_stays_first(
    tmp_path: Path,
) -> None:
    path = tmp_path / "p.json"
    asked = said(typing(path, "", "1", ":list", "about", "Warm homes", ":list"))
    assert asked.count("Press Enter to go on with “Screening”") == 3
    path = hub(tmp_path)
    prefilled(path, "project.summary", "scope.area")
    left = said(typing(path, "", ":list"))
    assert left.index("go on with “The project and its purposes”") < left.index("“Scope and conte")


def test_a_section_that_cannot_start_says_what_it_depends_on(tmp_path: Path) -> None:
    asked = said(typing(tmp_path / "p.json", "children"))
    assert "it depends on “Screening”" in asked


def test_findings_are_told_gravest_first_and_can_be_changed_there(tmp_path: Path) -> None:
    path = hub(tmp_path)
    answers = saved(path)
    answers["assessment"]["owner"] = answers["partners"][0].get("dpo", "Ada Example")
    del answers["legal_basis"][0]["article_6"]
    write_answers(path, answers)
    asked = typing(path, "f", *["no"] * 7).stderr
    graves = [line.partition(":")[0] for line in asked.splitlines() if line.startswith(GRAVE)]
    assert graves == sorted(graves, key=GRAVE.index)
    assert "Do: " in asked


GRAVE = ("Error", "Warning", "Advice", "Note")


def test_reading_shows_the_answers_and_asks_nothing(tmp_path: Path) -> None:
    path = hub(tmp_path)
    before = path.read_bytes()
    result = CliRunner().invoke(piagen, ["new", "--read", str(path)])
    assert result.exit_code == 0
    assert "> " not in result.stderr
    assert path.read_bytes() == before
    missing = CliRunner().invoke(piagen, ["new", "--read", str(tmp_path / "none.json")])
    assert missing.exit_code == 3
    assert "No such file" in missing.stderr
