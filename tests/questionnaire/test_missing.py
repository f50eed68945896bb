"""What is missing: answers that are not there, and answers that nobody has confirmed."""

from __future__ import annotations

import pytest

from piagen.pipeline.assess import questionnaire
from piagen.questionnaire.edit import confirm
from piagen.questionnaire.missing import is_unconfirmed, missing, unconfirmed

FLOWS = [
    {"id": "referral", "name": "Referral", "method": "secure_email"},
    {"id": "result", "name": "Result"},
]
ANSWERS = {
    "piagen": "1",
    "assessment": {"title": "Early help", "version": "0.1", "reference": "EH-1"},
    "data_flows": FLOWS,
}


def doubted(*paths):
    """The places that count as missing because nobody confirmed them."""
    rows = [{"path": path, "starter": "family-help"} for path in paths]
    found = missing(questionnaire(), {**ANSWERS, "unconfirmed": rows})
    return [gap.at for gap in found if gap.unconfirmed]


@pytest.mark.parametrize(
    ("path", "places"),
    [
        ("assessment.title", ["assessment.title"]),
        ("assessment.reference", ["assessment.reference"]),
        ("assessment", ["assessment.title", "assessment.reference", "assessment.version"]),
        ("data_flows[referral].method", ["data_flows[referral].method"]),
        ("data_flows[referral]", ["data_flows[referral].name", "data_flows[referral].method"]),
        (
            "data_flows",
            [
                "data_flows[referral].name",
                "data_flows[referral].method",
                "data_flows[result].name",
            ],
        ),
        ("data_flows[result].method", []),
        ("data_flows[gone]", []),
        ("data_flows.name", []),
        ("nothing at all", []),
    ],
)
def test_an_answer_that_nobody_confirmed_is_missing_however_it_is_named(path, places):
    assert sorted(doubted(path)) == sorted(places)


def test_an_answer_that_is_confirmed_and_one_that_is_absent_are_told_apart():
    rows = [{"path": "assessment.title", "starter": "family-help"}]
    found = {g.at: g for g in missing(questionnaire(), {**ANSWERS, "unconfirmed": rows})}
    assert found["assessment.title"].unconfirmed
    assert not found["assessment.owner"].unconfirmed
    assert "assessment.version" not in found


def test_an_unconfirmed_answer_keeps_whom_it_was_asked_of():
    answers = {
        **ANSWERS,
        "unconfirmed": [{"path": "assessment.title", "starter": "family-help"}],
        "open_questions": [{"at": "assessment.title", "owner": "IG lead"}],
    }
    (gap,) = (g for g in missing(questionnaire(), answers) if g.unconfirmed)
    assert gap.open is not None
    assert gap.open.owner == "IG lead"


@pytest.mark.parametrize("entry", ["data_flows", "data_flows[referral]"])
def test_confirming_one_answer_of_a_row_leaves_the_others_in_doubt(entry):
    answers = {**ANSWERS, "unconfirmed": [{"path": entry, "starter": "family-help"}]}
    sure = confirm(answers, ["data_flows[referral].name"])
    doubts = unconfirmed(sure)
    assert not is_unconfirmed("data_flows[referral].name", doubts)
    assert is_unconfirmed("data_flows[referral].method", doubts)
    assert is_unconfirmed("data_flows[result].name", doubts) is (entry == "data_flows")
    assert all(row["starter"] == "family-help" for row in sure["unconfirmed"])


def test_confirming_the_last_answer_leaves_no_entry():
    rows = [{"path": "data_flows[result]", "starter": "family-help"}]
    sure = confirm({**ANSWERS, "unconfirmed": rows}, ["data_flows[result].name"])
    assert "unconfirmed" not in sure
