"""What people type, and what is understood."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from piagen.cli.wizard.ask import MOST_SHOWN, Asked, _shown
from piagen.cli.wizard.reading import Several, chosen, found_by, read
from piagen.cli.wizard.terminal import NotUnderstood
from piagen.questionnaire.edit import add_row, close, in_order, leave_open, put, row_id, take_out
from piagen.questionnaire.model import Question, Reach, Words

MENU = {"full": "Full assessment", "short": "Short form", "none_yet": "None yet"}
SHOWN = {"1": "full", "2": "short", "3": "none_yet"}


def question(kind: Any, **more: Any) -> Question:
    return Question("project.leaf", kind, Words("Leaf", "Leaf?"), Reach(), options=MENU, **more)


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        ("date", "2027-03-27", "2027-03-27"),
        ("date", "27/03/2027", "2027-03-27"),
        ("date", "27 3 2027", "2027-03-27"),
        ("date", "3/4/2027", "2027-04-03"),
        ("date", "27 March 2027", "2027-03-27"),
        ("date", "1 sept 2027", "2027-09-01"),
        ("number", "10,000", 10000),
        ("number", "0", 0),
        ("boolean", "Yes", True),
        ("boolean", "n", False),
        ("number", "10 000", 10000),
        ("prose", "One\n\nTwo", "One\n\nTwo"),
        ("text", "  Eastmarsh  ", "Eastmarsh"),
        ("email", "team@council.example", "team@council.example"),
    ],
)
def test_answers_are_read_as_people_write_them(kind: str, typed: str, value: object) -> None:
    assert read(question(kind), typed) == value


@pytest.mark.parametrize(
    ("kind", "typed", "says"),
    [
        ("date", "31 February 2027", "no such day"),
        ("date", "12/25/2027", "no such day"),
        ("date", "next week", "27 March 2027"),
        ("date", "5 Brumaire 2027", "no month"),
        ("number", "ten", "whole number"),
        ("number", "-5", "whole number"),
        ("number", "9" * 30, "whole number"),
        ("boolean", "maybe", "yes or no"),
        ("date", "March 2027", "day month year"),
        ("email", "the council", "email address"),
        ("url", "council.example", "web address"),
        ("text", "bell\u0007", "U+0007"),
    ],
)
def test_what_is_no_answer_is_told_what_to_type(kind: str, typed: str, says: str) -> None:
    with pytest.raises(NotUnderstood, match=says.replace("+", r"\+")):
        read(question(kind), typed)


def test_a_number_is_held_to_its_limits() -> None:
    with pytest.raises(NotUnderstood, match="from 1 to 72"):
        read(question("number", limits=(1, 72)), "96")


def test_edits_leave_the_answers_they_were_given_alone() -> None:
    before: dict[str, Any] = {"piagen": "1", "purposes": [{"id": "p", "purpose": "Old"}]}
    column = Question("purposes[].purpose", "prose", Words("P", "P?"), Reach())
    after = put(before, column, "New", "p")
    assert before["purposes"][0]["purpose"] == "Old"
    assert after["purposes"][0]["purpose"] == "New"


@pytest.mark.parametrize("doubt", ["purposes[p].purpose", "purposes[p]", "purposes"])
def test_an_answer_is_taken_out_with_every_doubt_about_it(doubt: str) -> None:
    before: dict[str, Any] = {
        "purposes": [{"id": "p", "purpose": "Old", "detail": "More"}],
        "scope": {"area": "Wide"},
        "unconfirmed": [{"path": doubt}, {"path": "scope.area"}],
    }
    after = take_out(take_out(before, "scope.area"), "purposes[p].purpose")
    assert after["purposes"] == [{"id": "p", "detail": "More"}]
    assert "scope" not in after
    left = [row["path"] for row in after.get("unconfirmed", ())]
    assert left == ([] if doubt.endswith("purpose") else ["purposes[p].detail"])
    assert before["purposes"][0]["purpose"] == "Old"


def test_a_new_row_gets_an_id_of_its_own_from_its_first_answer() -> None:
    answers = add_row({}, "partners", "name", "Ŵyn & Sons (Cymru)")
    answers = add_row(answers, "partners", "name", "Ŵyn & Sons (Cymru)")
    assert [row["id"] for row in answers["partners"]] == ["wyn-sons-cymru", "wyn-sons-cymru-2"]
    assert row_id(answers, "partners", "东亚") == "row"
    assert row_id(answers, "retention", ["visits", "names"]) == "visits"


def test_an_open_question_is_kept_once_and_closed_by_an_answer() -> None:
    answers = leave_open({}, "scope.area", "Ask planning", "IG lead")
    answers = leave_open(answers, "scope.area", "Ask planning again", None)
    assert answers["open_questions"] == [{"at": "scope.area", "note": "Ask planning again"}]
    assert "open_questions" not in close(answers, "scope.area")


def test_keys_are_kept_in_the_order_in_which_they_are_asked() -> None:
    from piagen.pipeline.assess import questionnaire

    mixed = {"extra": {}, "project": {}, "assessment": {}, "piagen": "1"}
    assert list(in_order(questionnaire(), mixed)) == ["piagen", "assessment", "project", "extra"]


@pytest.mark.parametrize(
    ("month", "typed", "value"),
    [
        ("start", "March 2027", "2027-03-01"),
        ("end", "feb 2028", "2028-02-29"),
        ("end", "15 March 2027", "2027-03-15"),
    ],
)
def test_a_month_is_enough_where_the_question_says_so(month: Any, typed: str, value: str) -> None:
    assert read(question("date", month=month), typed) == value


@pytest.mark.parametrize("month", ["start", "end"])
@pytest.mark.parametrize("typed", ["Marching 2027", "March", "2027", "13 2027", "March 0000"])
def test_what_is_no_month_is_refused(month: Any, typed: str) -> None:
    with pytest.raises(NotUnderstood):
        read(question("date", month=month), typed)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("2", ["short"]),
        ("2.", ["short"]),
        ("short", ["short"]),
        ("Short form", ["short"]),
        ("form", ["short"]),
        ("3, 1,3", ["none_yet", "full"]),
        ("1 3", ["full", "none_yet"]),
        ("1 and short", ["full", "short"]),
        ("none", []),
    ],
)
def test_choices_are_made_by_number_word_or_name(typed: str, words: list[str]) -> None:
    assert chosen(typed, SHOWN, MENU, several=True) == words
    if len(words) == 1:
        assert chosen(typed, SHOWN, MENU, several=False) == words[0]


@pytest.mark.parametrize("typed", ["4", "0", "1, seven", "zebra", ",", "²", "1 2 9"])
def test_what_is_not_in_the_list_is_refused(typed: str) -> None:
    with pytest.raises(NotUnderstood):
        chosen(typed, SHOWN, MENU, several=True)


def test_a_name_may_itself_hold_a_comma_or_an_and() -> None:
    menu = {"a": "Rent, debt and advice", "b": "Debt", "none": "None of these"}
    assert chosen("rent, debt and advice", {}, menu, several=True) == ["a"]
    assert chosen("none", {}, menu, several=True) == ["none"], "a word of the list is that word"


def test_what_could_be_several_is_not_guessed() -> None:
    with pytest.raises(Several) as raised:
        chosen("s", SHOWN, {**MENU, "shorter": "Shorter"}, several=False)
    assert raised.value.words == ["short", "shorter"]


def test_numbers_never_search_the_names() -> None:
    """“1 9” is no way to choose the Act of 1996."""
    with pytest.raises(NotUnderstood):
        chosen("1 9", {"1": "act"}, {"act": "Housing Act 1996"}, several=True)
    with pytest.raises(NotUnderstood):
        chosen("1 9", {"1": "act"}, {"act": "Housing Act 1996"}, several=False)
    assert found_by("housing 1996", {"act": "Housing Act 1996"}) == ["act"]


def test_where_words_are_numbers_they_are_what_is_typed() -> None:
    """Schedule 1 paragraph 18 must never become the eighteenth line of the list."""
    menu = {"1": "One", "6": "Six", "18": "Eighteen"}
    asked = Asked(replace(question("choices"), options=menu), "Here", menu=menu)
    shown = _shown(asked)
    assert chosen("18, 6", shown, menu, several=True) == ["18", "6"]
    with pytest.raises(NotUnderstood, match="as it stands there"):
        chosen("2", shown, menu, several=True)


def test_suggestions_are_listed_first_and_a_long_list_is_not_listed() -> None:
    menu = {f"act-{number}": f"Act {number}" for number in range(MOST_SHOWN + 5)}
    asked = Asked(question("choices"), "Here", menu=menu, first={"act-9": "It fits."})
    assert _shown(asked) == {"1": "act-9"}
