"""The condition language: its truth table, its spelling, and what it reads."""

from __future__ import annotations

from itertools import product

import pytest

from piagen.domain.facts import FACTS
from piagen.questionnaire.conditions import holds, parse, reads, reasons
from piagen.questionnaire.model import All, Answered, AnyOf, FactHolds, Includes, Is, Not

ANSWERS = {
    "x": {"word": "yes", "true": True, "false": False, "nought": 0, "none": [], "kinds": ["ab"]},
    "partners": [{"id": "a"}, {"id": "b"}],
}
ROW = {"id": "r", "word": "no", "kinds": ["a", "b"]}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ({"answered": "x.word"}, True),
        ({"answered": "x.true"}, True),
        ({"answered": "x.false"}, True),
        ({"answered": "x.nought"}, True),
        ({"answered": "x.none"}, False),
        ({"answered": "x.absent"}, False),
        ({"answered": "nowhere.absent"}, False),
        ({"answered": ".word"}, True),
        ({"answered": ".absent"}, False),
        ({"is": ["x.word", "yes"]}, True),
        ({"is": ["x.word", "no"]}, False),
        ({"is": ["x.absent", "yes"]}, False),
        ({"is": ["x.true", "true"]}, True),
        ({"is": ["x.true", "false"]}, False),
        ({"is": ["x.false", "false"]}, True),
        ({"is": ["x.absent", "false"]}, False),
        ({"is": [".word", "no"]}, True),
        ({"is": [".word", "yes"]}, False),
        ({"includes": ["x.kinds", "ab"]}, True),
        ({"includes": ["x.kinds", "a"]}, False),
        ({"includes": ["x.none", "a"]}, False),
        ({"includes": ["x.absent", "a"]}, False),
        ({"includes": [".kinds", "a"]}, True),
        ({"fact": "several_organisations"}, True),
        ({"fact": "any_processor"}, False),
        ({"not": {"answered": "x.absent"}}, True),
        ({"not": {"answered": "x.word"}}, False),
        ({"not": {"not": {"answered": "x.word"}}}, True),
        ({"all": []}, True),
        ({"any": []}, False),
        ({"all": [{"any": [{"answered": "x.absent"}, {"answered": "x.word"}]}]}, True),
    ],
)
def test_an_operator_holds_or_not(written, expected):
    assert holds(parse(written), ANSWERS, ROW) is expected


@pytest.mark.parametrize(("a", "b"), list(product([True, False], repeat=2)))
def test_all_and_any_follow_the_truth_table(a, b):
    both = [{"is": ["x.a", "true"]}, {"is": ["x.b", "true"]}]
    answers = {"x": {"a": a, "b": b}}
    assert holds(parse({"all": both}), answers) is (a and b)
    assert holds(parse({"any": both}), answers) is (a or b)
    assert holds(parse({"not": {"all": both}}), answers) is not (a and b)
    assert holds(parse({"not": {"any": both}}), answers) is not (a or b)


def test_no_condition_always_holds():
    assert holds(None, {}) is True


def test_a_column_of_the_row_is_absent_where_there_is_no_row():
    assert holds(Answered(".word"), ANSWERS) is False


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ({"answered": "a.b"}, Answered("a.b")),
        ({"is": [".b", "no"]}, Is(".b", "no")),
        ({"includes": ["a.b", "c"]}, Includes("a.b", "c")),
        ({"fact": "cameras"}, FactHolds("cameras")),
        ({"not": {"fact": "cameras"}}, Not(FactHolds("cameras"))),
        ({"all": [{"answered": "a.b"}]}, All((Answered("a.b"),))),
        ({"any": [{"answered": "a.b"}, {"fact": "x"}]}, AnyOf((Answered("a.b"), FactHolds("x")))),
    ],
)
def test_a_condition_is_read(written, expected):
    assert parse(written) == expected


@pytest.mark.parametrize(
    "written",
    [
        "answered",
        "",
        None,
        [],
        [{"answered": "a.b"}],
        {},
        {"answered": "a.b", "fact": "cameras"},
        {"answered": ["a.b"]},
        {"answered": {}},
        {"is": "a.b"},
        {"is": ["a.b"]},
        {"is": ["a.b", "c", "d"]},
        {"is": ["a.b", ["c"]]},
        {"includes": {"a.b": "c"}},
        {"fact": ["cameras"]},
        {"not": [{"answered": "a.b"}]},
        {"not": "a.b"},
        {"all": {"answered": "a.b"}},
        {"any": "a.b"},
        {"any": ["a.b"]},
        {"all": [{"answered": "a.b"}, {"nope": "a.b"}]},
        {"equals": ["a.b", "c"]},
        {"none": []},
        {"All": []},
    ],
)
def test_anything_else_is_refused_with_what_to_write(written):
    with pytest.raises(ValueError, match="answered") as refused:
        parse(written)
    assert str(refused.value).endswith(".")


def test_reads_names_every_path_with_the_word_it_looks_for():
    condition = parse(
        {
            "all": [
                {"answered": "a.b"},
                {"any": [{"is": [".c", "w"]}, {"not": {"includes": ["d.e", "v"]}}]},
                {"fact": "cameras"},
            ]
        }
    )
    assert list(reads(condition)) == [
        ("a.b", None),
        (".c", "w"),
        ("d.e", "v"),
        ("fact:cameras", None),
    ]
    assert list(reads(None)) == []


def test_reasons_say_why_the_facts_do_not_hold():
    condition = All((FactHolds("full_assessment"), AnyOf((FactHolds("cameras"), Answered("x.y")))))
    assert list(reasons(condition, {})) == [FACTS["cameras"].otherwise]
    assert list(reasons(condition, {"data_items": [{"id": "a", "source": "cameras"}]})) == []
