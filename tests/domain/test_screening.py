"""The screening gives the outcome that the law, the lists and the policies lead to."""

from __future__ import annotations

import json
import re
from itertools import product
from pathlib import Path

import pytest

from piagen.law.catalogue import load_catalogue
from piagen.law.screening import PRECEDENCE
from piagen.law.screening import screen as screen_answers
from piagen.pipeline.assess import questionnaire as shipped_questionnaire

DATA = Path(__file__).parents[1] / "data"
EXAMPLES = json.loads((DATA / "screening_examples.json").read_text(encoding="utf-8"))
LEAVES = {
    question.reach.bank: question.leaf
    for question in shipped_questionnaire().by_path.values()
    if re.fullmatch(r"S\d\d", question.reach.bank or "")
}
TRIGGER = re.compile(r"\b(?:A35|ICO|WP|LE|POL)-\w+")


def answered(*yes, word="yes"):
    """Answer every screening question, the named ones with yes."""
    return {leaf: word if id_ in yes else "no" for id_, leaf in LEAVES.items()}


def screen(answers):
    """The result, which is there as soon as the first question is answered."""
    return screen_answers(answers)


def fired(result):
    return {trigger.id for reason in result.reasons for trigger in reason.triggers}


def test_every_screening_question_is_known():
    assert list(LEAVES) == [f"S{n:02}" for n in range(1, 24)]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["case"])
def test_a_worked_example(example):
    result = screen(answered(*example["yes"]))
    assert result.outcome == example["outcome"]
    why = set(TRIGGER.findall(" ".join(example["why"])))
    assert why <= fired(result)
    assert fired(result).isdisjoint(example.get("not", ()))
    deciding = {t.id for r in result.reasons if r.outcome == result.outcome for t in r.triggers}
    assert why <= deciding | fired(result)
    if why:
        assert why & deciding


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["case"])
def test_not_sure_counts_as_yes(example):
    assert screen(answered(*example["yes"], word="not_sure")) == screen(answered(*example["yes"]))


def test_nothing_follows_before_the_first_answer():
    assert screen({}) is None
    assert screen({"matching": "yes"}) is None


@pytest.mark.parametrize("id_", list(LEAVES)[1:])
def test_no_personal_data_ends_the_screening_whatever_else_is_answered(id_):
    result = screen(answered(id_) | {"covered_by_agreed_by_dpo": True})
    assert result.outcome == "not_required"
    assert [reason.triggers for reason in result.reasons] == [()]
    assert "ends here" in result.reasons[0].says


ALONE = {
    "S01": "not_required", "S02": "consider", "S03": "mandatory", "S04": "mandatory",
    "S05": "mandatory", "S06": "consider", "S07": "consider", "S08": "mandatory",
    "S09": "mandatory", "S10": "consider", "S11": "mandatory", "S12": "consider",
    "S13": "mandatory", "S14": "consider", "S15": "consider", "S16": "consider",
    "S17": "consider", "S18": "mandatory", "S19": "consider", "S20": "not_required",
    "S21": "recommended", "S22": "required_by_policy", "S23": "required_by_policy",
}  # fmt: skip
OWN = {"S10": "WP-3", "S14": "WP-8", "S15": "WP-4", "S16": "WP-4"}
"""An item of the regulator's list that repeats a criterion, which is not a second one."""


@pytest.mark.parametrize("id_", LEAVES)
def test_one_yes_alone_leads_to(id_):
    assert screen(answered("S01", id_)).outcome == ALONE[id_]


@pytest.mark.parametrize("id_", OWN)
def test_an_item_does_not_count_its_own_criterion_as_the_second(id_):
    result = screen(answered("S01", id_))
    assert result.outcome == "consider"
    assert OWN[id_] in fired(result)


@pytest.mark.parametrize(("item", "other"), list(product(OWN, ["S07", "S12"])))
def test_an_item_with_another_criterion_is_mandatory(item, other):
    assert screen(answered("S01", item, other)).outcome == "mandatory"


def test_invisible_processing_needs_any_criterion():
    assert screen(answered("S01", "S17")).outcome == "consider"
    assert screen(answered("S01", "S17", "S02")).outcome == "mandatory"


@pytest.mark.parametrize(("item", "same"), [("S15", "S06"), ("S16", "S06")])
def test_sensitive_data_is_the_same_criterion_and_no_second_one(item, same):
    assert screen(answered("S01", item, same)).outcome == "consider"


def test_two_criteria_make_it_likely():
    assert screen(answered("S01", "S06", "S07")).outcome == "likely_required"
    assert screen(answered("S01", "S06")).outcome == "consider"


def test_law_enforcement_needs_something_beside_it():
    def enforced(*ids):
        result = screen(answered("S01", "S20", *ids))
        return result.outcome == "mandatory" and "LE-64" in fired(result)

    assert enforced("S06", "S07")
    assert enforced("S11")
    assert enforced("S17")
    assert not enforced("S06")
    assert not enforced()


@pytest.mark.parametrize(
    ("ids", "outcomes"),
    [
        (("S11", "S23", "S06", "S21"),
         ["mandatory", "required_by_policy", "likely_required", "recommended"]),
        (("S22", "S06", "S07"), ["required_by_policy", "likely_required"]),
        (("S06", "S07", "S21"), ["likely_required", "recommended"]),
        (("S06", "S21"), ["recommended", "consider"]),
    ],
)  # fmt: skip
def test_the_strictest_is_the_outcome_and_every_reason_is_given_strictest_first(ids, outcomes):
    result = screen(answered("S01", *ids))
    assert [reason.outcome for reason in result.reasons] == outcomes
    assert result.outcome == outcomes[0]


def test_an_existing_assessment_replaces_the_outcome_only_when_the_dpo_agrees():
    strict = answered("S01", "S11")
    for agreed in ({}, {"covered_by": "Old"}, {"covered_by_agreed_by_dpo": False}):
        assert screen(strict | agreed).outcome == "mandatory"
    result = screen(strict | {"covered_by": "Old", "covered_by_agreed_by_dpo": True})
    assert result.outcome == "covered_by_existing"
    assert "ICO-MATCH" in fired(result), "the other reasons are still told"


def test_the_precedence_is_the_order_of_the_options():
    outcome = shipped_questionnaire().by_path["screening.outcome"]
    assert list(outcome.options) == list(PRECEDENCE)


def test_every_trigger_is_cited():
    law = load_catalogue()
    result = screen(answered(*LEAVES))
    triggers = [trigger for reason in result.reasons for trigger in reason.triggers]
    assert {trigger.kind for trigger in triggers} == {
        "article_35_3", "ico_list_alone", "ico_list_combined", "wp248", "law_enforcement",
        "policy", "good_practice",
    }  # fmt: skip
    assert len({trigger.id for trigger in triggers}) == 27
    for trigger in triggers:
        assert trigger.cites
        assert all(law.cite(key) for key in trigger.cites)
        assert trigger.title
