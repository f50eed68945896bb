"""Lint finds each kind of fault in a questionnaire, and none in the shipped one."""

from __future__ import annotations

from typing import Any

import pytest
from tests.questionnaire.tiny import tiny

from piagen.law.catalogue import load_catalogue
from piagen.pipeline.assess import questionnaire as shipped_questionnaire
from piagen.questionnaire.lint import lint

ROUTE = {
    "id": "screening",
    "questions": [
        {"id": "screening.personal_data", "type": "choice", "options": {"yes": "Y", "no": "N"}},
        {"id": "screening.route", "type": "choice", "options": {"full": "F", "short": "S"}},
    ],
}
TABLE = {
    "id": "partners[]",
    "type": "table",
    "columns": [{"id": "name"}, {"id": "foi_body", "type": "boolean"}],
}
CHOICE = {"id": "x.c", "type": "choice", "options": {"a": "A", "b": "B"}}


def faults(tmp_path, *questions):
    loaded = tiny(tmp_path, [ROUTE, {"id": "x", "questions": list(questions)}])
    return [f"{p.at.partition(' ')[2]}: {p.says}" for p in lint(loaded, load_catalogue().cite)]


def test_the_shipped_questionnaire_holds_together():
    assert lint(shipped_questionnaire(), load_catalogue().cite) == ()


def test_a_sound_questionnaire_has_no_fault(tmp_path):
    sound = (
        CHOICE,
        {"id": "x.d", "when": {"is": ["x.c", "b"]}, "cites": ["uk-gdpr/5/2"]},
        TABLE,
        {"id": "x.e", "type": "reference", "of": "partners", "when": {"fact": "any_foi_body"}},
        {"id": "partners[].f", "for_each": "partners", "when": {"answered": ".name"}},
        {"id": "partners[].g", "for_each": "parties"},
    )
    assert faults(tmp_path, *sound) == []


FAULTS: dict[str, tuple[list[dict[str, Any]], str]] = {
    "a condition looks ahead": (
        [{"id": "x.a", "when": {"answered": "x.b"}}, {"id": "x.b"}],
        "x.a: x.b is not asked before it.",
    ),
    "a condition reads itself": (
        [{"id": "x.a", "when": {"answered": "x.a"}}],
        "x.a: x.a is not asked before it.",
    ),
    "a condition reads nothing that is asked": (
        [{"id": "x.a", "when": {"not": {"answered": "nowhere.b"}}}],
        "x.a: nowhere.b is not asked before it.",
    ),
    "a column looks ahead in its row": (
        [{"id": "r[]", "type": "table",
          "columns": [{"id": "a", "when": {"answered": ".b"}}, {"id": "b"}]}],
        "r[].a: r[].b is not asked before it.",
    ),
    "a table's own condition looks into its rows": (
        [{"id": "r[]", "type": "table", "when": {"answered": ".a"}, "columns": [{"id": "a"}]}],
        "r[]: .a is not asked before it.",
    ),
    "a fact comes before its last read": (
        [{"id": "x.a", "when": {"fact": "any_foi_body"}}, TABLE],
        "x.a: fact any_foi_body reads partners[].foi_body, which comes later.",
    ),
    "there is no such fact": (
        [{"id": "x.a", "when": {"fact": "any_unicorn"}}],
        "x.a: there is no fact “any_unicorn”.",
    ),
    "a condition looks for a word that is no option": (
        [CHOICE, {"id": "x.a", "when": {"is": ["x.c", "z"]}}],
        "x.a: “z” is no answer to x.c.",
    ),
    "a condition on a boolean looks for another word": (
        [{"id": "x.f", "type": "boolean"}, {"id": "x.a", "when": {"is": ["x.f", "yes"]}}],
        "x.a: “yes” is no answer to x.f.",
    ),
    "a condition looks for a word in text": (
        [{"id": "x.t"}, {"id": "x.a", "when": {"is": ["x.t", "hello"]}}],
        "x.a: “hello” is no answer to x.t.",
    ),
    "a reference points at a later table": (
        [{"id": "x.a", "type": "reference", "of": "partners"}, TABLE],
        "x.a: the table partners is not asked before.",
    ),
    "a reference names no table": (
        [{"id": "x.a", "type": "references"}],
        "x.a: a references and “of” do not go together.",
    ),
    "text points at a table": (
        [TABLE, {"id": "x.a", "type": "text", "of": "partners"}],
        "x.a: a text and “of” do not go together.",
    ),
    "a choice has no options": (
        [{"id": "x.a", "type": "choice"}],
        "x.a: a choice and options do not go together.",
    ),
    "a boolean has options": (
        [{"id": "x.a", "type": "boolean", "options": {"a": "A"}}],
        "x.a: a boolean and options do not go together.",
    ),
    "an id stands twice": (
        [{"id": "x.a"}, {"id": "x.a"}],
        "x.a: this id stands twice.",
    ),
    "a column stands twice": (
        [TABLE, {"id": "partners[].name", "for_each": "partners"}],
        "partners[].name: this id stands twice.",
    ),
    "a table stands twice": (
        [{"id": "r[]", "type": "table", "columns": [{"id": "a"}]},
         {"id": "r[]", "type": "table", "columns": [{"id": "b"}]}],
        "r[]: this id stands twice.",
    ),
    "a later column comes before its table": (
        [{"id": "partners[].f", "for_each": "partners"}, TABLE],
        "partners[].f: the table partners comes later.",
    ),
    "a later column selects rows of another table": (
        [{"id": "other[]", "type": "table", "columns": [{"id": "a"}]}, TABLE,
         {"id": "partners[].f", "for_each": "other"}],
        "partners[].f: “other” selects no rows of it.",
    ),
    "a required row has no table before it": (
        [{"id": "partners[name=w]", "type": "rows"}, TABLE],
        "partners[name=w]: its table or column is not asked before.",
    ),
    "a required row looks for a word that is no option": (
        [{"id": "r[]", "type": "table",
          "columns": [{"id": "c", "type": "choice", "options": {"a": "A"}}]},
         {"id": "r[c=z]", "type": "rows"}],
        "r[c=z]: “z” is no option of it.",
    ),
    "a link table is named by a column that it has not": (
        [{"id": "r[]", "type": "table", "unique": ["a", "z"], "columns": [{"id": "a"}]}],
        "r[]: it has no column “z”.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_lint_finds_that(name, tmp_path):
    questions, expected = FAULTS[name]
    assert faults(tmp_path, *questions) == [expected]


@pytest.mark.parametrize("key", ["uk-gdpr/999", "no-such-act", "no-such-act/1", "uk-gdpr/5/2/zz"])
def test_lint_finds_a_citation_that_does_not_exist(key, tmp_path):
    table = {"id": "r[]", "type": "table", "cites": [key], "columns": [{"id": "a", "cites": []}]}
    for question in ({"id": "x.a", "cites": ["uk-gdpr/5/2", key]}, table):
        (found,) = faults(tmp_path, question)
        assert found.startswith(f"{question['id']}: ")
        assert key in found


def test_every_fault_is_told_in_the_order_of_the_files(tmp_path):
    found = faults(
        tmp_path,
        {"id": "x.a", "when": {"fact": "nope"}},
        {"id": "x.b", "type": "choice", "when": {"answered": "x.z"}, "cites": ["nope"]},
        {"id": "x.a"},
    )
    assert [fault.partition(":")[0] for fault in found] == ["x.a", "x.b", "x.b", "x.b", "x.a"]


def test_a_fault_names_its_file_and_line(tmp_path):
    questions = [CHOICE, {"id": "x.a", "when": {"fact": "no"}}]
    loaded = tiny(tmp_path, [ROUTE, {"id": "x", "questions": questions}])
    (fault,) = lint(loaded, load_catalogue().cite)
    line = (tmp_path / "x.yaml").read_text(encoding="utf-8").splitlines().index("- id: x.a") + 1
    assert fault.at == f"x.yaml:{line} x.a"
