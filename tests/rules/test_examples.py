"""The complete examples have no error, and what stands in them is listed here with its reason."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from piagen.pipeline.assess import check, load_bytes

STANDS = {
    "safeguarding-hub": {
        # advice; its solicitor looked and found no start, so it is accepted until the next look
        ("GW008", "legal_basis", "accepted"),
    },
    "homelessness-duty-to-refer": set(),
    "serious-violence-hub": set(),
    "shared-care-record": {
        # advice; its social care flag concerns children, and no row rests on the new duty
        ("GW008", "legal_basis", "stands"),
    },
}
"""What is found in each complete example."""

EARLY_HELP = [
    "ellismoor-vale-early-help",
    "tarrowshire-early-help",
    "hospitals-early-help",
    "prisons-early-help",
    "probation-early-help",
    "jobcentre-early-help",
]
"""Who takes part in the homelessness referrals, by row of the legal bases."""


def reviewed(answers):
    return check(load_bytes(json.dumps(answers).encode(), Path("project.json")))


def found(review):
    return {(f.rule.id, f.at, "stands" if f.stands else "accepted") for f in review.findings}


def on_consent(review):
    return {f.rule.id: f for f in review.findings if f.rule.id.startswith("CO")}


@pytest.mark.parametrize("name", STANDS)
def test_a_complete_example_has_no_error_and_only_what_is_listed(name, example):
    review = reviewed(example(name))
    assert review.errors == ()
    assert found(review) == STANDS[name]
    assert review.missing == ()
    assert review.hidden == ()
    assert review.unprintable == ()


def test_every_example_but_the_early_draft_is_complete(example_names):
    assert set(example_names) == {*STANDS, "early-draft"}


def test_the_early_draft_is_faulted_only_where_it_was_begun(example):
    draft = example("early-draft")
    review = reviewed(draft)
    assert review.findings
    assert {f.section for f in review.findings} <= review.begun
    draft["assessment"]["status"] = "for_consultation"
    assert {f.section for f in reviewed(draft).findings} - review.begun


@pytest.mark.parametrize("article_6", ["6_1_c", "6_1_e"])
def test_agreement_under_the_duty_to_refer_is_no_fault_of_consent(article_6, example):
    answers = example("homelessness-duty-to-refer")
    rows = {row["id"]: row for row in answers["legal_basis"]}
    for row in EARLY_HELP:
        rows[row]["article_6"] = article_6
    assert sum(rows[row]["agreement_is_condition"] for row in EARLY_HELP) == 5
    assert on_consent(reviewed(answers)) == {}


def test_consent_in_place_of_the_duty_to_refer_is_a_fault(example):
    answers = example("homelessness-duty-to-refer")
    row = next(r for r in answers["legal_basis"] if r["id"] == "hospitals-early-help")
    row |= {
        "gateways": ["nhs-act-2006-s82"],
        "agreement_is_condition": False,
        "article_6": "6_1_a",
    }
    passed_over = on_consent(reviewed(answers))["CO002"]
    assert passed_over.at == "legal_basis[hospitals-early-help].article_6"
    assert "housing-act-1996-s213b" in passed_over.cites


def test_consent_beside_the_duty_to_refer_is_told_apart_from_its_condition(example):
    answers = example("homelessness-duty-to-refer")
    row = next(r for r in answers["legal_basis"] if r["id"] == "hospitals-early-help")
    row["article_6"] = "6_1_a"
    faults = on_consent(reviewed(answers))
    assert "CO002" not in faults
    assert faults["CO004"].at == "legal_basis[hospitals-early-help].article_6"
    assert "housing-act-1996-s213b" in faults["CO004"].cites
