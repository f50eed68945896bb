"""What people type, and what is understood."""

from __future__ import annotations

from typing import Any

import pytest

from piagen.cli.asking import NotUnderstood
from piagen.cli.reading import read
from piagen.questionnaire.edit import add_row, close, in_order, leave_open, put, row_id
from piagen.questionnaire.model import Question, Reach, Words

MENU = {"full": "Full", "short": "Short", "none_yet": "None yet"}


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
        ("choice", "2", "short"),
        ("choice", "short", "short"),
        ("choices", "3, 1,3", ["none_yet", "full"]),
        ("choices", "none", []),
        ("text", "  Eastmarsh  ", "Eastmarsh"),
        ("email", "team@council.example", "team@council.example"),
    ],
)
def test_answers_are_read_as_people_write_them(kind: str, typed: str, value: object) -> None:
    assert read(question(kind), typed, MENU) == value


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
        ("choice", "4", "from 1 to 3"),
        ("choice", "0", "from 1 to 3"),
        ("choices", "1, seven", "from 1 to 3"),
        ("email", "the council", "email address"),
        ("url", "council.example", "web address"),
        ("text", "bell\u0007", "U+0007"),
    ],
)
def test_what_is_no_answer_is_told_what_to_type(kind: str, typed: str, says: str) -> None:
    with pytest.raises(NotUnderstood, match=says.replace("+", r"\+")):
        read(question(kind), typed, MENU)


def test_a_number_is_held_to_its_limits() -> None:
    with pytest.raises(NotUnderstood, match="from 1 to 72"):
        read(question("number", limits=(1, 72)), "96", {})


def test_edits_leave_the_answers_they_were_given_alone() -> None:
    before: dict[str, Any] = {"piagen": "1", "purposes": [{"id": "p", "purpose": "Old"}]}
    column = Question("purposes[].purpose", "prose", Words("P", "P?"), Reach())
    after = put(before, column, "New", "p")
    assert before["purposes"][0]["purpose"] == "Old"
    assert after["purposes"][0]["purpose"] == "New"


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


def test_where_words_are_numbers_they_are_what_is_typed() -> None:
    """Schedule 1 paragraph 18 must never become the eighteenth line of the list."""
    paragraphs = {"1": "One", "6": "Six", "18": "Eighteen"}
    asked = question("choices")
    from dataclasses import replace

    asked = replace(asked, options=paragraphs)
    assert read(asked, "18, 6", paragraphs) == ["18", "6"]
    with pytest.raises(NotUnderstood, match="as it stands in the list"):
        read(asked, "2", paragraphs)
