"""marshmallow and the published JSON Schema agree on the shape of every answers file."""

from __future__ import annotations

import calendar
import json
import re
from collections import Counter
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend
from tests.strategies import ODD_VALUES, broken_documents, documents

from piagen.pipeline.assess import questionnaire as shipped_questionnaire
from piagen.questionnaire.kept import KEPT
from piagen.questionnaire.to_jsonschema import to_jsonschema
from piagen.questionnaire.to_marshmallow import to_marshmallow
from piagen.resources import shipped

Q = shipped_questionnaire()
SCHEMA = to_jsonschema(Q)
FORMATS = FormatChecker(formats=())


@FORMATS.checks("date")
def is_a_day(text):
    """RFC 3339's full-date, counted out by hand."""
    if not isinstance(text, str):
        return True
    if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return False
    year, month, day = map(int, text.split("-"))
    return year >= 1 and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]


class Published:
    """A validator of the kind another tool would write: JSON Schema and our two `x-` keywords."""

    def __init__(self, schema):
        self.ids = {}
        kind = extend(
            Draft202012Validator, {"x-unique": self.stands_once, "x-reference": self.resolves}
        )
        self.validator = kind(schema, format_checker=FORMATS)

    def accepts(self, document):
        if not can_be_sent(document):
            return False
        self.ids = {
            key: {row["id"] for row in rows if isinstance(row, dict) and is_text(row.get("id"))}
            for key, rows in document.items()
            if isinstance(rows, list)
        }
        return self.validator.is_valid(document)

    def stands_once(self, _, names, rows, __):
        if not isinstance(rows, list):
            return
        for columns in names:
            cells = [tuple(row.get(c) for c in columns) for row in rows if isinstance(row, dict)]
            whole = [cell for cell in cells if all(map(is_text, cell))]
            if len(set(whole)) < len(whole):
                yield ValidationError(f"{columns} stand twice")

    def resolves(self, _, table, id_, __):
        if is_text(id_) and id_ not in self.ids.get(table, ()):
            yield ValidationError(f"{id_} is not in {table}")


def can_be_sent(document):
    """Half a character cannot stand in UTF-8, so no other tool can send or receive it."""
    try:
        json.dumps(document, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def is_text(value):
    return isinstance(value, str)


PUBLISHED = Published(SCHEMA)


def ours(document):
    return to_marshmallow(Q).validate(document) == {}


def verdicts(document):
    return ours(document), PUBLISHED.accepts(document)


def holding(question, value):
    """The smallest document with one answer, and the rows `a` and `b` for it to refer to."""
    document: dict[str, Any] = {"piagen": "1"}
    if question.of:
        document[question.of] = [{"id": "a"}, {"id": "b"}]
    if "[]" in question.path:
        document.setdefault(question.key, []).insert(0, {"id": "first", question.leaf: value})
    else:
        document[question.key] = {question.leaf: value}
    return document


STORED = [question for table in Q.tables.values() for question in table.columns] + [
    question for leaves in Q.leaves.values() for question in leaves.values()
]
KINDS = {(q.type, q.limits, q.of, tuple(q.options), "[]" in q.path): q for q in STORED}
"""One question of each shape; to check the others would check the same again."""


def test_the_schema_is_a_json_schema():
    Draft202012Validator.check_schema(SCHEMA)


def test_a_validator_of_another_make_reads_the_schema_and_agrees():
    """jsonschema-rs is written in Rust, whose regular expressions are stricter than Python's."""
    other = jsonschema_rs.Draft202012Validator(SCHEMA, validate_formats=True)
    for example in shipped("examples").glob("*.json"):
        assert other.is_valid(json.loads(example.read_text(encoding="utf-8")))
    for broken in (
        {"piagen": "2"},
        {"piagen": "1", "assessment": {"titel": "x"}},
        {"piagen": "1", "assessment": {"title": "a\u0007b"}},
        {"piagen": "1", "assessment": {"author_email": "nobody"}},
        {"piagen": "1", "partners": [{"name": "No id"}]},
    ):
        assert not other.is_valid(broken), broken


def test_every_type_of_answer_is_looked_at():
    assert {question.type for question in KINDS.values()} == {
        "text", "prose", "boolean", "choice", "choices", "number", "date", "email", "url",
        "reference", "references",
    }  # fmt: skip


@given(documents(Q))
def test_both_accept_every_document_of_the_right_shape(document):
    assert to_marshmallow(Q).validate(document) == {}
    assert PUBLISHED.accepts(document)


@settings(max_examples=settings().max_examples * 8)
@given(broken_documents(Q))
def test_both_agree_on_broken_documents(document):
    ours_accepts, published_accepts = verdicts(document)
    assert ours_accepts == published_accepts


@pytest.mark.parametrize("question", KINDS.values(), ids=lambda question: question.path)
def test_both_agree_on_every_odd_value(question):
    disagreed = [v for v in ODD_VALUES if len(set(verdicts(holding(question, v)))) > 1]
    assert disagreed == []


def test_both_agree_on_every_odd_value_of_what_the_tool_keeps():
    disagreed = []
    for table in KEPT.values():
        whole = {c.leaf: {"date": "2027-01-01"}.get(c.type, "x") for c in table.columns}
        assert verdicts({"piagen": "1", table.key: [whole]}) == (True, True)
        for column in table.columns:
            rows = [{**whole, column.leaf: value} for value in ODD_VALUES]
            rows.append({leaf: cell for leaf, cell in whole.items() if leaf != column.leaf})
            found = [verdicts({"piagen": "1", table.key: [row]}) for row in rows]
            disagreed += [
                (column.path, row) for row, v in zip(rows, found, strict=True) if v[0] != v[1]
            ]
            assert found[-1] == (column.reach.optional, column.reach.optional)
    assert disagreed == []


GOOD: dict[str, list[Any]] = {
    "text": ["x", "TBC", "a" * 300],
    "prose": ["x", "a\nb", "a\tb", "a\u2028b"],
    "boolean": [True, False],
    "number": [1, 1.0],
    "date": ["2027-02-28", "2028-02-29", "9999-12-31"],
    "email": ["a@b.example"],
    "url": ["https://x.example"],
    "choices": [[]],
    "reference": ["a", "b"],
    "references": [[], ["a"], ["a", "b"]],
}
BAD: dict[str, list[Any]] = {
    "text": [None, True, 1, "", " ", "\u00a0", "a\nb", "a\u0000b", "a\u2028b", "\ud800", ["a"], {}],
    "prose": [None, False, 1, "", "\n", "a\u0000b", "a\r\nb", "\ud800", []],
    "boolean": [None, 0, 1, "true", "yes", []],
    "number": [None, True, "1", 0, -1, 1.5, 10**30, [1]],
    "date": [None, "", 20270228, "2027-02-30", "2027-2-1", "20270201", "2027-02-28\n", "0000-01-01",
             "2027-02-28T00:00:00"],
    "email": [None, "", "a@b", "a b@c.example", "a@b.example\n", "<a@b.example>"],
    "url": [None, "", "x.example", "ftp://x.example", "javascript:alert(1)", "https://x.example\n"],
    "choice": [None, "", "no such word", 1, True, []],
    "choices": [None, "", "no such word", ["no such word"], [None], [["a"]]],
    "reference": [None, "", "nowhere", "UPPER", "a\n", ["a"], 1],
    "references": [None, "a", ["nowhere"], ["a", "a"], ["a", None], [1, 1]],
}  # fmt: skip


@pytest.mark.parametrize("question", KINDS.values(), ids=lambda question: question.path)
def test_both_refuse_what_is_wrong_and_accept_what_is_right(question):
    good = GOOD.get(question.type, []) + (
        [next(iter(question.options))] if question.type == "choice" else []
    )
    if question.type == "choices":
        words = list(question.options)
        good = [*good, words, words[:1]]
        assert verdicts(holding(question, [words[0], words[0]])) == (False, False)
    low, high = question.limits
    if high is not None:
        good = [*good, low, high]
        assert verdicts(holding(question, high + 1)) == (False, False)
        assert verdicts(holding(question, low - 1)) == (False, False)
    right = {str(value): verdicts(holding(question, value)) for value in good}
    wrong = {repr(value): verdicts(holding(question, value)) for value in BAD[question.type]}
    assert set(right.values()) == {(True, True)}, right
    assert set(wrong.values()) == {(False, False)}, wrong


BASE: dict[str, Any] = {
    "piagen": "1",
    "purposes": [{"id": "p"}, {"id": "q"}],
    "partners": [{"id": "a", "name": "A"}, {"id": "b"}],
    "roles": [{"id": "1", "partner": "a", "purpose": "p"}, {"id": "2", "partner": "a"}],
    "assessment": {"title": "T"},
}


@pytest.mark.parametrize(
    ("change", "valid"),
    [
        ({}, True),
        ({"extra": {"anything": [1, None, {}]}}, True),
        ({"partners": []} | {"roles": []}, True),
        ({"assessment": {}}, True),
        ({"piagen": "2"}, False),
        ({"piagen": 1}, False),
        ({"piagen": None}, False),
        ({"nmae": 1}, False),
        ({"assessment": {"titel": "T"}}, False),
        ({"assessment": None}, False),
        ({"assessment": []}, False),
        ({"assessment": "T"}, False),
        ({"partners": {"a": {}}}, False),
        ({"partners": None}, False),
        ({"partners": [{"id": "a"}, {"id": "a"}]}, False),
        ({"partners": [{"id": "a"}, {"name": "no id"}]}, False),
        ({"partners": [{"id": "a"}, {"id": "Å"}]}, False),
        ({"partners": [{"id": "a"}, "b"]}, False),
        ({"partners": [{"id": "a"}, None]}, False),
        ({"partners": [{"id": "a", "nmae": "A"}]}, False),
        ({"roles": [{"id": "1", "partner": "c"}]}, False),
        ({"roles": [{"id": n, "partner": "a", "purpose": "p"} for n in "12"]}, False),
        ({"roles": [{"id": n, "partner": "a"} for n in "12"]}, True),
        ({"roles": [{"id": "1", "partner": "a", "purpose": p} for p in "p"]}, True),
        ({"roles": [{"id": "a"}], "consent": [{"id": "a"}]}, True),
        ({"extra": []}, False),
        ({"extra": None}, False),
        ({"waivers": [{"rule": "R1"}]}, False),
        ({"open_questions": [{"at": "x"}, {"at": "x"}]}, True),
        ({"open_questions": [{"id": "1", "at": "x"}]}, False),
        ({"screening": {"outcome": "mandatory"}}, True),
        ({"partnership": {"dpo": "Derived, never stored"}}, False),
    ],
)
def test_both_agree_on_the_shape_of_sections_tables_and_link_rows(change, valid):
    assert verdicts({**BASE, **change}) == (valid, valid)


def test_a_version_is_always_needed():
    assert verdicts({key: part for key, part in BASE.items() if key != "piagen"}) == (False, False)


def test_no_key_but_the_version_and_the_ids_is_needed():
    for key in {**Q.leaves, **Q.tables}:
        assert verdicts({"piagen": "1", key: {} if key in Q.leaves else [{"id": "a"}]}) == (
            True,
            True,
        )


def test_the_drawn_documents_are_of_both_kinds():
    """The agreement above would mean little if nearly every broken document were valid."""
    counted: Counter[bool] = Counter()

    @settings(max_examples=200, database=None, derandomize=True)
    @given(broken_documents(Q))
    def draw(document):
        counted[ours(document)] += 1

    draw()
    assert counted[False] > 30
    assert counted[True] > 5


def test_both_agree_on_every_odd_row_id():
    found = {
        repr(value): verdicts({"piagen": "1", "risks": [{"id": value}]}) for value in ODD_VALUES
    }
    right = {value for value, verdict in found.items() if verdict == (True, True)}
    assert set(found.values()) == {(True, True), (False, False)}
    assert {"'a'", "'b'", "'1'", "'2027-2-1'"} <= right
    assert right.isdisjoint(
        {"''", "'UPPER'", "'-a'", "'a_b'", "'a b'", "'a\\n'", "'é'", "1", "None"}
    )


@pytest.mark.parametrize(
    "broken",
    [{"risks": [None]}, {"scope": None}, {"history": None}, {"assessment": {"nations": [None]}}],
)
def test_null_is_refused_in_words_of_our_own(broken):
    assert "Field may not be null" not in str(to_marshmallow(Q).validate({"piagen": "1", **broken}))


def test_every_fault_of_a_row_or_section_is_told_with_its_place():
    broken = {
        "piagen": "1",
        "risks": [None, 3, {"id": "a", "colour": 1, "slug": ""}, {}],
        "scope": [],
        "extra": 3,
        "data_subjects": {},
    }
    found: dict[str, object] = dict(to_marshmallow(Q).validate(broken))
    an_object = ["Write this as an object, in curly brackets."]
    assert found["scope"] == found["extra"] == an_object
    assert found["data_subjects"] == ["Write this as a list of rows, in square brackets."]
    assert found["risks"] == {
        0: an_object,
        1: an_object,
        2: {
            "slug": ["Write an answer, or leave this key out."],
            "colour": ["This is not a key of the answers file."],
        },
        3: {"id": ["Write this key; it is always needed."]},
    }
