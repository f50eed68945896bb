"""Every question can be read with eight years of school or so, and the measure of it is known."""

from __future__ import annotations

import pytest
from bench.plain import HARDEST, MEAN, grade, graded, mean, syllables, without_law
from tests.questionnaire.tiny import tiny

from piagen.law.catalogue import load_catalogue
from piagen.pipeline.assess import questionnaire as shipped_questionnaire
from piagen.questionnaire.lint import lint
from piagen.resources import shipped
from piagen.yamlio import load_yaml

HARD = (
    "Considering organisational accountability, which international administrative authorities "
    "participate?"
)
EASY = "Who reads it?"
EXAMPLE_IS_SHOWN = ("text", "prose")
"""Only these types print `For example:` and the example beside the question."""


def too_hard(questionnaire):
    return [
        one.path
        for one in graded(questionnaire)
        if one.grade > HARDEST and not one.words.hard_words
    ]


def needlessly_excused(questionnaire):
    return [
        one.path
        for one in graded(questionnaire)
        if one.grade <= HARDEST and one.words.hard_words is not None
    ]


def saying_for_example_twice(questionnaire):
    return [
        question.path
        for _, question in questionnaire.questions()
        if question.type in EXAMPLE_IS_SHOWN
        and question.words.example
        and (question.words.hint or "").startswith("For example")
    ]


def of_every_kind(tmp_path, ask, **more):
    """A questionnaire that asks in the same words with each kind of entry."""
    words = {"ask": ask, **more}
    column = {"id": "c", "type": "choice", "options": {"w": "W"}, **words}
    return tiny(
        tmp_path,
        [
            {
                "id": "x",
                "questions": [
                    {"id": "x.a", **words},
                    {"id": "rows[]", "type": "table", "columns": [column], **words},
                    {"id": "rows[].d", "for_each": "rows", **words},
                    {"id": "rows[c=w]", "type": "rows", **words},
                ],
            }
        ],
    )


KINDS = ["x.a", "rows[]", "rows[].c", "rows[].d", "rows[c=w]"]


def test_the_questions_are_plain_on_average():
    assert mean(graded(shipped_questionnaire())) <= MEAN


def test_no_question_is_too_hard_without_a_reason():
    assert too_hard(shipped_questionnaire()) == []


def test_no_reason_stands_where_none_is_needed():
    assert needlessly_excused(shipped_questionnaire()) == []


def test_no_question_says_for_example_twice():
    assert saying_for_example_twice(shipped_questionnaire()) == []


def test_everything_that_is_asked_is_graded():
    asked = 0
    folder = shipped("questionnaires") / "core"
    for section in load_yaml(folder / "questionnaire.yaml")["sections"]:
        for entry in load_yaml(folder / f"{section}.yaml")["questions"]:
            asked += 1 + len(entry.get("columns", ()))
    assert len(graded(shipped_questionnaire())) == asked


def test_a_hard_question_of_each_kind_is_found(tmp_path):
    assert too_hard(of_every_kind(tmp_path, HARD)) == KINDS


def test_a_hard_hint_is_found(tmp_path):
    assert too_hard(of_every_kind(tmp_path, EASY)) == []
    assert too_hard(of_every_kind(tmp_path, EASY, hint=HARD)) == KINDS


def test_a_reason_excuses_a_hard_question(tmp_path):
    excused = of_every_kind(tmp_path, HARD, hard_words="The law has no other word.")
    assert too_hard(excused) == []
    assert needlessly_excused(excused) == []


def test_a_reason_is_refused_where_the_question_is_easy(tmp_path):
    assert needlessly_excused(of_every_kind(tmp_path, EASY, hard_words="A reason.")) == KINDS


@pytest.mark.parametrize("reason", ["", " ", "\n"])
def test_lint_refuses_a_reason_without_words(reason, tmp_path):
    linted = of_every_kind(tmp_path, HARD, hard_words=reason)
    told = [fault for fault in lint(linted, load_catalogue().cite) if "hard_words" in fault.says]
    assert [fault.at.partition(" ")[2] for fault in told] == KINDS
    assert {fault.says for fault in told} == {"“hard_words” gives no reason."}


def test_a_hint_that_begins_as_the_example_does_is_found(tmp_path):
    example = {"example": "E", "hint": "For example a school."}
    assert "x.a" in saying_for_example_twice(of_every_kind(tmp_path, EASY, **example))
    assert saying_for_example_twice(of_every_kind(tmp_path, EASY, hint=example["hint"])) == []


def test_the_grade_is_that_of_flesch_and_kincaid():
    assert grade("The cat sat on the mat.") == pytest.approx(0.39 * 6 + 11.8 * 6 / 6 - 15.59)
    two = "People share information. Who reads it?"
    assert grade(two) == pytest.approx(0.39 * 6 / 2 + 11.8 * 10 / 6 - 15.59)
    assert grade("") == grade("Article 9") == 0.0


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("data", 2), ("shared", 1), ("needed", 2), ("coded", 2), ("service", 2), ("services", 3),
        ("people", 2), ("table", 2), ("tables", 2), ("rule", 1), ("times", 1), ("the", 1),
        ("organisation", 5), ("person's", 2), ("72", 1), ("NHS", 1), ("purposes", 3),
    ],
)  # fmt: skip
def test_syllables_are_groups_of_vowels_without_a_silent_e(word, count):
    assert syllables(word) == count


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("the Digital Economy Act 2017, Part 5?", "the , ?"),
        ("Which basis (Article 6)?", "Which basis ()?"),
        ("(Articles 5(1)(b), 8A and 25)", "()"),
        ("Add it to the article.", "Add it to the article."),
        ("under section 35(5) of the Data Protection Act 2018", "under  of the "),
        ("paragraphs 18 and 19 of Schedule 1", " of "),
        ("UK GDPR and the Data Sharing Code", " and the "),
        ("Is a part of it law?", "Is a part of it law?"),
    ],
)
def test_the_names_of_laws_are_left_out(text, left):
    assert without_law(text) == left
