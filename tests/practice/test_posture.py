"""Each guard of a flow counts when its answer is there, and says what closes it when it is not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.practice.partnership import WHOLE, project

import piagen.practice
from piagen.domain.build import project_from
from piagen.law.catalogue import load_catalogue
from piagen.pipeline.assess import questionnaire as shipped_questionnaire
from piagen.practice.posture import CITES, HEADING, postures
from piagen.questionnaire.survey import survey

SHARING = ("offer", "share_when_asked", "request", "accept")
PROTECTING = ("not_offer", "withhold", "not_request", "refuse")
OPEN, CAUTION = "over_openness", "over_caution"

# What is taken away: which guards then fail, and what closes them.
GONE = {
    "decisions[d-offer].good_cause": {(OPEN, 1): "decisions[d-offer].good_cause"},
    "decisions[d-offer]": {(OPEN, 1): "decisions", (CAUTION, 2): "decisions"},
    "practice.accept_checks": {(OPEN, 2): "practice.accept_checks"},
    "decisions[d-refuse]": {(OPEN, 3): "decisions", (CAUTION, 1): "decisions"},
    "recipient_needs[n1]": {(OPEN, 4): "recipient_needs"},
    "recipient_needs[n1].need": {(OPEN, 4): "recipient_needs[n1].need"},
    "recipient_needs": {(OPEN, 4): "recipient_needs"},
    "data_items[absence].why_needed": {(OPEN, 5): "data_items[absence].why_needed"},
    "data_items": {(OPEN, 5): "data_items[absence].why_needed"},
    "necessity.left_out": {(OPEN, 5): "necessity.left_out"},
    "decisions[d-refuse].good_cause": {(CAUTION, 1): "decisions[d-refuse].good_cause"},
    "decisions[d-refuse].guidance": {(CAUTION, 1): "decisions[d-refuse].guidance"},
    "practice.challenge": {(CAUTION, 3): "practice.challenge"},
    "practice.challenge_working_days": {(CAUTION, 3): "practice.challenge_working_days"},
    "legal_basis[b-school]": {(CAUTION, 4): "legal_basis"},
    "legal_basis[b-school].gateways": {(CAUTION, 4): "legal_basis[b-school].gateways"},
    "practice.learning": {(CAUTION, 5): "practice.learning"},
    "practice.named_adviser": {(CAUTION, 5): "practice.named_adviser"},
    "partners[school].primary_focus": {
        (OPEN, 6): "partners[school].primary_focus",
        (CAUTION, 6): "partners[school].primary_focus",
    },
    "partners[council].confidentiality_practice": {
        (OPEN, 6): "partners[council].confidentiality_practice",
        (CAUTION, 6): "partners[council].confidentiality_practice",
    },
}  # fmt: skip
# Taken away, it would be no party, or no flow; unconfirmed, it counts for nothing either.
DOUBTED = {
    "partners[school]": {
        (OPEN, 6): "partners[school].primary_focus",
        (CAUTION, 6): "partners[school].primary_focus",
    },
    "data_flows[referral].recipients": {
        (OPEN, 4): "data_flows[referral].recipients",
        (OPEN, 6): "data_flows[referral].recipients",
        (CAUTION, 6): "data_flows[referral].recipients",
    },
    "data_flows[referral].data_items": {(OPEN, 5): "data_flows[referral].data_items"},
    "data_flows[referral].purpose": {(CAUTION, 4): "legal_basis"},
}  # fmt: skip


def only(found):
    """The posture of the one flow."""
    (posture,) = found
    assert posture.flow == "referral"
    return posture


def lacking(posture):
    return {(guard.axis, guard.number): guard.closes for guard in posture.missing}


def test_every_guard_is_there_when_every_answer_is():
    posture = only(postures(project()))
    assert (posture.over_openness, posture.over_caution, posture.label) == (6, 6, None)
    assert [(guard.axis, guard.number) for guard in posture.guards] == [
        *((OPEN, n) for n in range(1, 7)),
        *((CAUTION, n) for n in range(1, 7)),
    ]
    assert all(guard.met and guard.closes == () for guard in posture.guards)


def test_each_guard_is_tried():
    tried = {guard for failing in GONE.values() for guard in failing}
    assert tried == {(axis, n) for axis in (OPEN, CAUTION) for n in range(1, 7)}


@pytest.mark.parametrize("at", GONE)
def test_without_its_answer_a_guard_is_missing_and_no_other(at):
    found = lacking(only(postures(project(without=[at]))))
    assert set(found) == set(GONE[at])
    for guard, closes in GONE[at].items():
        assert found[guard][0] == closes


@pytest.mark.parametrize("at", GONE | DOUBTED)
def test_an_unconfirmed_answer_counts_no_more_than_none(at):
    expected = (GONE | DOUBTED)[at]
    found = lacking(only(postures(project(unconfirmed=[at]))))
    assert set(found) == set(expected)
    for guard, closes in expected.items():
        assert found[guard][0] == closes


@pytest.mark.parametrize("at", ["practice.learning", "necessity.left_out"])
def test_blank_text_is_no_answer(at):
    section, _, leaf = at.partition(".")
    posture = only(postures(project(**{section: {leaf: "  \n"}})))
    assert [guard.closes for guard in posture.missing] == [(at,)]


@pytest.mark.parametrize("word", SHARING)
def test_any_sharing_decision_states_good_cause_to_share(word):
    row = {"id": "d", "flow": "referral", "decision": word, "good_cause": "A need."}
    found = lacking(only(postures(project(decisions=[row]))))
    assert (OPEN, 1) not in found
    assert (CAUTION, 1) in found
    assert ((CAUTION, 2) in found) is (word != "offer")


@pytest.mark.parametrize("word", PROTECTING)
def test_any_protecting_decision_states_good_cause_to_withhold(word):
    row = {
        "id": "d", "flow": "referral", "decision": word, "good_cause": "None.", "guidance": "Ask.",
    }  # fmt: skip
    found = lacking(only(postures(project(decisions=[row]))))
    assert (CAUTION, 1) not in found
    assert (OPEN, 1) in found
    assert ((OPEN, 3) in found) is (word != "refuse")


def test_a_decision_of_another_flow_counts_for_nothing_here():
    rows = [{**row, "flow": "elsewhere"} for row in WHOLE["decisions"]]
    found = lacking(only(postures(project(decisions=rows))))
    assert set(found) == {(OPEN, 1), (OPEN, 3), (CAUTION, 1), (CAUTION, 2)}


def test_each_decision_needs_its_good_cause():
    more = {"id": "d-ask", "flow": "referral", "decision": "request"}
    found = lacking(only(postures(project(decisions=[*WHOLE["decisions"], more]))))
    assert found == {(OPEN, 1): ("decisions[d-ask].good_cause",)}


def test_every_recipient_needs_a_reason():
    flow = {**WHOLE["data_flows"][0], "recipients": ["council", "supplier"]}
    found = lacking(only(postures(project(data_flows=[flow]))))
    assert found == {(OPEN, 4): ("recipient_needs",)}


def test_a_supplier_is_not_asked_for_its_practice_of_confidentiality():
    flow = {**WHOLE["data_flows"][0], "recipients": ["supplier"]}
    found = lacking(only(postures(project(data_flows=[flow]))))
    assert {(OPEN, 6), (CAUTION, 6)}.isdisjoint(found)


@pytest.mark.parametrize(
    ("change", "there"),
    [
        ({"gateways": []}, False),
        ({"gateways": [], "other_power": "Charter, article 4"}, True),
        ({"power_kind": "none_found"}, False),
        ({"regime": "law_enforcement"}, False),
        ({"partner": "council"}, False),
    ],
)
def test_the_power_is_the_senders_for_this_purpose_and_regime(change, there):
    basis = {**WHOLE["legal_basis"][0], **change}
    found = lacking(only(postures(project(legal_basis=[basis]))))
    assert ((CAUTION, 4) not in found) is there


OPENNESS = [
    "decisions[d-offer].good_cause",
    "practice.accept_checks",
    "recipient_needs",
    "necessity.left_out",
]
"""Four guards against over-openness, each of which is none against over-caution."""
CAUTIOUS = [
    "decisions[d-refuse].guidance",
    "practice.challenge",
    "legal_basis",
    "practice.learning",
]


@pytest.mark.parametrize(
    ("gone", "counts", "label"),
    [
        (OPENNESS, (2, 6), "risk of over-openness"),
        ([*OPENNESS, "practice.challenge"], (2, 5), "risk of over-openness"),
        (OPENNESS[:3], (3, 6), None),
        ([*OPENNESS, "practice.challenge", "practice.learning"], (2, 4), None),
        (CAUTIOUS, (6, 2), "risk of over-caution"),
        ([*CAUTIOUS, "practice.accept_checks"], (5, 2), "risk of over-caution"),
        (CAUTIOUS[:3], (6, 3), None),
        ([*CAUTIOUS, "practice.accept_checks", "necessity.left_out"], (4, 2), None),
        ([*OPENNESS, *CAUTIOUS], (2, 2), None),
    ],
)
def test_a_label_is_given_only_when_clearly_one_sided(gone, counts, label):
    posture = only(postures(project(without=gone)))
    assert ((posture.over_openness, posture.over_caution), posture.label) == (counts, label)


@pytest.mark.parametrize(
    "screening", [{"route": "short"}, {"personal_data": "no"}, {"personal_data": "no", "route": ""}]
)
def test_where_practice_is_not_asked_there_is_no_posture(screening):
    assert postures(project(screening=screening)) == ()


def test_one_organisation_alone_has_no_posture():
    assert postures(project(roles=[{"id": "r", "partner": "council", "role": "controller"}])) != ()
    alone = [WHOLE["partners"][0], WHOLE["partners"][2]]
    assert postures(project(partners=alone)) == ()


def test_each_flow_has_its_own_posture_in_the_order_of_the_flows():
    second = {**WHOLE["data_flows"][0], "id": "answer", "sender": "council"}
    found = postures(project(data_flows=[second, *WHOLE["data_flows"]]))
    assert [posture.flow for posture in found] == ["answer", "referral"]
    assert (found[0].over_openness, found[1].over_openness) == (3, 6)


def test_an_unconfirmed_flow_is_still_listed():
    posture = only(postures(project(unconfirmed=["data_flows[referral]"])))
    assert posture.over_openness < 6


def test_guards_of_one_side_are_found_by_it():
    posture = only(postures(project()))
    assert [guard.number for guard in posture.against(CAUTION)] == [1, 2, 3, 4, 5, 6]
    assert {guard.axis for guard in posture.against(OPEN)} == {OPEN}


def test_what_closes_a_guard_is_asked(example, example_names):
    asked = shipped_questionnaire()
    for name in example_names:
        seen = project_from(survey(asked, example(name)).visible)
        for posture in postures(seen):
            for guard in posture.missing:
                for at in guard.closes:
                    path = re.sub(r"\[[^]]*\]", "[]", at)
                    assert path in asked.by_path or path in asked.tables, at


def test_the_examples_are_complete_in_every_guard(example):
    for name in ("safeguarding-hub", "homelessness-duty-to-refer"):
        seen = project_from(survey(shipped_questionnaire(), example(name)).visible)
        assert {(p.over_openness, p.over_caution) for p in postures(seen)} == {(6, 6)}


def test_it_is_cited_and_called_what_it_is():
    assert all(load_catalogue().cite(key).text.startswith("Richardson (2016)") for key in CITES)
    assert HEADING == "Prompts for professional judgement, not a score"


def test_two_words_are_never_said_of_a_service():
    home = Path(piagen.practice.__file__).parent
    texts = {
        path.name: path.read_text(encoding="utf-8") for path in home.iterdir() if path.is_file()
    }
    assert texts
    assert [
        name for name, text in texts.items() if re.search(r"\b(ideal|chaotic)", text, re.I)
    ] == []
