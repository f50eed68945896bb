"""The loader reads the YAML strictly and tells every fault at once."""

from __future__ import annotations

import pytest
from tests.questionnaire.tiny import LISTS, tiny, write

from piagen.errors import QuestionnaireErrors, UnusableFile
from piagen.questionnaire.load import load_questionnaire
from piagen.questionnaire.model import All, Answered, FactHolds, LaterColumn, RequiredRow

FULL = FactHolds("full_assessment")


def faults(tmp_path, *questions, **section):
    write(
        tmp_path,
        [{"id": "x", "title": "X", "intro": "X.", "questions": list(questions), **section}],
    )
    with pytest.raises(QuestionnaireErrors) as refused:
        load_questionnaire(tmp_path, LISTS.__getitem__)
    return [f"{problem.at}: {problem.says}" for problem in refused.value.problems]


def test_an_unknown_key_is_refused_wherever_it_stands(tmp_path):
    words = {"label": "L", "ask": "A?"}
    found = faults(
        tmp_path,
        {"id": "x.a", **words, "tpye": "text"},
        {"id": "x.b", **words, "for_each": "rows", "columns": []},
        {
            "id": "rows[]", **words, "type": "table", "row": "r", "options": {},
            "columns": [{"id": "c", **words, "row": "r"}],
        },
        {"id": "rows[c=w]", **words, "type": "rows", "limits": {}},
        colour="red",
    )  # fmt: skip
    assert found == [
        "x.yaml: x: “colour” is not a key that is used here.",
        "x.yaml: x.a: “tpye” is not a key that is used here.",
        "x.yaml: x.b: “columns” is not a key that is used here.",
        "x.yaml: rows[]: “options” is not a key that is used here.",
        "x.yaml: rows[].c: “row” is not a key that is used here.",
        "x.yaml: rows[c=w]: “limits” is not a key that is used here.",
    ]


def test_every_kind_of_fault_is_told_at_once(tmp_path):
    found = faults(
        tmp_path,
        {"id": "x.a", "ask": "A?"},
        {"id": "x.b", "label": "B"},
        {"id": "x.c", "label": "", "ask": "C?"},
        {"id": "x.d", "label": "D", "ask": "D?", "type": "colour"},
        {"id": "x.e", "label": "E", "ask": "E?", "when": {"equals": ["x.d", "1"]}},
        {"id": "x.f", "label": "F", "ask": "F?", "nope": "1"},
    )
    assert found[:4] == [
        "x.yaml: x.a: give it “label”.",
        "x.yaml: x.b: give it “ask”.",
        "x.yaml: x.c: give it “label”.",
        "x.yaml: x.d: “colour” is no type of answer.",
    ]
    assert found[4].startswith("x.yaml: x.e: “equals” with that operand is no condition")
    assert found[5:] == ["x.yaml: x.f: “nope” is not a key that is used here."]


def test_a_fault_knows_its_line(tmp_path):
    (tmp_path / "questionnaire.yaml").write_text("{id: t, version: '1', title: T, sections: [x]}")
    (tmp_path / "x.yaml").write_text(
        "id: x\ntitle: X\nintro: X.\nquestions:\n\n  - id: x.a\n    label: A\n"
    )
    with pytest.raises(QuestionnaireErrors) as refused:
        load_questionnaire(tmp_path, LISTS.__getitem__)
    assert [problem.line for problem in refused.value.problems] == [6]


def test_a_key_written_twice_is_refused_with_both_lines(tmp_path):
    (tmp_path / "questionnaire.yaml").write_text("{id: t, version: '1', title: T, sections: [x]}")
    (tmp_path / "x.yaml").write_text(
        "id: x\ntitle: X\nintro: X.\nquestions:\n- id: x.a\n  label: A\n  ask: A?\n  label: B\n"
    )
    with pytest.raises(UnusableFile) as refused:
        load_questionnaire(tmp_path, LISTS.__getitem__)
    assert refused.value.line == 8
    assert refused.value.says == "key “label” is written twice (first on line 6)."


@pytest.mark.parametrize("written", ["a: [", "a: 1\n---\nb: 2\n", "\tx: 1", "a: *nowhere"])
def test_what_is_not_one_yaml_document_is_refused(tmp_path, written):
    (tmp_path / "questionnaire.yaml").write_text(written)
    with pytest.raises(UnusableFile):
        load_questionnaire(tmp_path, LISTS.__getitem__)


def test_a_section_that_is_not_there_is_refused_by_name(tmp_path):
    (tmp_path / "questionnaire.yaml").write_text("{id: t, version: '1', title: T, sections: [x]}")
    with pytest.raises(UnusableFile) as refused:
        load_questionnaire(tmp_path, LISTS.__getitem__)
    assert refused.value.path.endswith("x.yaml")


def test_scalars_stay_text(tmp_path):
    words = {"yes": "On", "no": "Off", "012": "1.10"}
    question = {"id": "x.a", "type": "choice", "options": words, "example": "2027-03-27"}
    loaded = tiny(tmp_path, [{"id": "x", "questions": [question]}]).by_path["x.a"]
    assert loaded.options == words
    assert loaded.words.example == "2027-03-27"


def test_a_question_keeps_everything_that_is_written(tmp_path):
    question = {
        "id": "x.a", "label": "L", "ask": "A?", "hint": "H", "example": "E", "guidance": "G",
        "standard_text": "S", "errors": {"required": "R"}, "type": "number", "optional": "true",
        "limits": {"min": "2", "max": "30"}, "unit": "days", "documents": ["pia"],
        "cites": ["uk-gdpr/5/2"], "bank": "A01", "when": {"answered": "x.b"},
    }  # fmt: skip
    loaded = tiny(tmp_path, [{"id": "x", "questions": [question]}]).by_path["x.a"]
    words, reach = loaded.words, loaded.reach
    assert (words.label, words.ask, words.hint, words.example) == ("L", "A?", "H", "E")
    assert (words.guidance, words.standard_text, words.errors) == ("G", "S", {"required": "R"})
    assert (loaded.type, loaded.limits, loaded.unit) == ("number", (2, 30), "days")
    assert (reach.optional, reach.documents, reach.cites) == (True, ("pia",), ("uk-gdpr/5/2",))
    assert (reach.bank, reach.file, reach.short_form) == ("A01", "x.yaml", False)
    assert reach.when == All((FULL, Answered("x.b")))
    assert (loaded.key, loaded.leaf) == ("x", "a")


def test_a_column_takes_documents_cites_and_bank_from_its_table_but_not_its_condition(tmp_path):
    table = {
        "id": "rows[]", "type": "table", "row": "row", "documents": ["pia"], "cites": ["c"],
        "bank": "D01", "when": {"answered": "x.y"}, "optional": "true", "unique": ["a"],
        "columns": [{"id": "a"}, {"id": "b", "documents": ["agreement"], "bank": "D02"}],
    }  # fmt: skip
    loaded = tiny(tmp_path, [{"id": "x", "questions": [table]}]).tables["rows"]
    a, b = loaded.columns
    assert (a.reach.documents, a.reach.cites, a.reach.bank) == (("pia",), ("c",), "D01")
    assert (b.reach.documents, b.reach.cites, b.reach.bank) == (("agreement",), ("c",), "D02")
    assert (a.reach.when, a.reach.optional) == (FULL, False)
    assert (loaded.unique, loaded.row, loaded.key) == (("a",), "row", "rows")


def test_only_the_sections_before_the_choice_of_route_are_asked_whatever_comes_of_it(tmp_path):
    sections = [
        {"id": name, "questions": [{"id": f"{name}.a"}, {"id": f"{name}.b", "short_form": "true"}]}
        for name in ("assessment", "screening", "project")
    ]
    whens = {path: q.reach.when for path, q in tiny(tmp_path, sections).by_path.items()}
    assert {path: when for path, when in whens.items() if when} == {
        "project.a": FULL,
        "project.b": FactHolds("personal_data_used"),
    }


def test_entries_are_told_apart(tmp_path):
    sections = [
        {
            "id": "x",
            "questions": [
                {"id": "rows[]", "type": "table", "columns": [{"id": "a"}]},
                {"id": "rows[].b", "for_each": "rows"},
                {"id": "rows[a=w]", "type": "rows"},
            ],
        }
    ]
    loaded = tiny(tmp_path, sections)
    _, later, required = (entry for _, entry in loaded.entries())
    assert isinstance(later, LaterColumn)
    assert (later.path, later.for_each) == ("rows[].b", "rows")
    assert isinstance(required, RequiredRow)
    assert (required.key, required.column, required.word) == ("rows", "a", "w")
    assert [column.leaf for column in loaded.tables["rows"].columns] == ["a", "b"]
    assert list(loaded.by_path) == ["rows[].a", "rows[].b"]
