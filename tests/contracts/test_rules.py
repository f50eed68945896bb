"""The rules carry out the bank of review rules; each is explained, cited, and never breaks off."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from tests.strategies import documents

from piagen.law.catalogue import load_catalogue
from piagen.law.model import Nation
from piagen.pipeline.assess import evidence_of, load_bytes, questionnaire
from piagen.rules.engine import run
from piagen.rules.registry import FAMILIES, rules

TESTS = Path(__file__).parents[1]
BANK = dict(
    line.split() for line in (TESTS / "data" / "rule_bank.txt").read_text("utf-8").splitlines()
)
"""The id of every review rule asked for, and its severity."""

DROPPED = dict(
    line.split(": ", 1)
    for line in (TESTS / "data" / "rules_dropped.txt").read_text("utf-8").splitlines()
)
"""Review rules that are not built, and why."""

DECIDED = "rendering/test_documents_decided.py"
HELD_BY_TESTS = {
    "R037": (DECIDED, "test_our_words_name_no_law_or_body_that_is_gone"),
    "R127": (DECIDED, "test_an_agreement_without_a_protocol_says_that_it_stands_alone"),
    "R128": (DECIDED, "test_a_protocol_says_in_its_first_clause_that_it_permits_nothing"),
    "R135": (
        DECIDED,
        "test_a_protocol_names_the_designated_person_of_each_partner_or_marks_the_gap",
    ),
    "R137": (DECIDED, "test_nothing_that_ships_holds_a_number_of_a_real_person"),
    "R138": ("rendering/test_pdf.py", "test_every_pdf_is_pdf_ua_1"),
    "R140": (DECIDED, "test_a_document_calls_the_regulator_what_the_configuration_says"),
}
"""Review rules that our own documents keep, whatever the answers: a test of the documents each."""

SEVERITY_DIFFERS = {
    "PA003": "a partner without a role may still be waiting for one; R011 is of a project without",
    "PA008": "the duty has a leader, only not one of the joint controllers",
    "SG003": "a role is missing; who signs without being a party at all is the error",
    "SG005": "a contact is no party; a signature would be",
    "GW006": "the organisation may act only where its power applies, and only it can say",
}
"""Rules whose severity is not that of the bank, and why."""

ALL = tuple(rules().values())
by_id = pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.id)


def asked_paths():
    """Every path that a rule may say feeds it."""
    found = {f"{key}[]" for key in questionnaire().tables}
    found |= {entry.path for _, entry in questionnaire().entries()}
    found |= {question.path for _, question in questionnaire().questions()}
    return found


ASKED = asked_paths()


def test_the_bank_is_whole():
    assert sorted(BANK) == [
        *(f"P{n:03}" for n in range(1, 17)),
        *(f"R{n:03}" for n in range(1, 150)),
    ]


@pytest.mark.parametrize("bank", BANK)
def test_a_review_rule_is_built_or_held_by_a_test_or_dropped_with_a_reason(bank):
    built = [rule.id for rule in ALL if bank in rule.bank]
    ways = [bool(built), bank in HELD_BY_TESTS, bank in DROPPED]
    assert ways.count(True) == 1, f"{bank}: {built}"
    assert DROPPED.get(bank, "A reason.").strip().endswith(".")


@pytest.mark.parametrize("bank", HELD_BY_TESTS)
def test_a_test_of_the_documents_that_holds_a_review_rule_is_there(bank):
    file, name = HELD_BY_TESTS[bank]
    assert f"\ndef {name}(" in (TESTS / file).read_text(encoding="utf-8")


def test_no_rule_names_what_the_bank_lacks():
    assert {bank for rule in ALL for bank in rule.bank} <= set(BANK)
    assert set(DROPPED) <= set(BANK)


@by_id
def test_a_rule_has_an_id_of_its_family_and_a_name_that_says_the_fault(rule):
    family = next((prefix for prefix in FAMILIES if rule.id.startswith(prefix)), None)
    assert family is not None
    assert re.fullmatch(rf"{family}\d{{3}}", rule.id)
    assert rule.check.__module__ == f"piagen.rules.{FAMILIES[family]}"
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", rule.name)


def test_no_two_rules_share_a_name():
    assert len({rule.name for rule in ALL}) == len(ALL)


@by_id
def test_a_rule_says_what_is_wrong_why_and_what_to_do(rule):
    for told in (rule.title, rule.why, rule.do):
        assert told[0].isupper() or told is not rule.title
        assert told.endswith((".", "?")), told
    assert len(rule.title) <= 120


@by_id
def test_a_rule_cites_what_the_catalogue_holds(rule):
    assert rule.cites
    for key in (*rule.cites, *(key for keys in rule.cites_in.values() for key in keys)):
        assert load_catalogue().cite(key).text


@by_id
def test_a_rule_names_nations_that_there_are(rule):
    assert set(rule.nations) | set(rule.cites_in) <= set(get_args(Nation))


@by_id
def test_a_rule_is_fed_by_questions_that_are_asked(rule):
    assert set(rule.asked) <= ASKED
    assert rule.asked or rule.id.startswith("WV")


@by_id
def test_a_rule_weighs_what_the_bank_says(rule):
    weights = {BANK[bank] for bank in rule.bank} - {"merged"}
    differs = weights and rule.severity.value not in weights
    assert bool(differs) is (rule.id in SEVERITY_DIFFERS), (rule.severity.value, weights)


def broken_off(answers):
    """The rules that raise on the answers."""
    evidence = evidence_of(load_bytes(json.dumps(answers).encode(), Path("project.json")))
    return [rule.id for rule in ALL if any(found.at == "" for found in run(rule, evidence))]


def test_no_rule_breaks_off_where_nothing_is_answered():
    assert broken_off({"piagen": "1"}) == []


def test_no_rule_breaks_off_on_rows_that_say_nothing():
    tables = questionnaire().tables
    rows = {key: [{"id": "one"}, {"id": "two"}] for key in tables}
    assert broken_off({"piagen": "1", **rows}) == []
    assert broken_off({"piagen": "1", "assessment": {"status": "approved"}, **rows}) == []


@given(documents(questionnaire()))
def test_no_rule_breaks_off_on_any_answers_of_the_right_shape(answers):
    assert broken_off(answers) == []


@pytest.mark.parametrize(
    ("rule", "given", "cited", "not_cited"),
    [
        ("SE003", {}, "uk-gdpr/33", "dpa-2018/67"),
        ("SE003", {"data_flows": [{"id": "f", "regime": "law_enforcement"}]}, "dpa-2018/67", ""),
        ("SU004", {}, "uk-gdpr/46", "dpa-2018/73"),
        ("SU004", {"data_flows": [{"id": "f", "regime": "law_enforcement"}]}, "dpa-2018/73", ""),
        ("RK008", {}, "uk-gdpr/36/1", "dpa-2018/65"),
        ("RK008", {"legal_basis": [{"id": "b", "regime": "law_enforcement"}]}, "dpa-2018/65", ""),
    ],
)
def test_part_3_is_cited_only_where_there_is_use_under_it(rule, given, cited, not_cited):
    high = {"residual_likelihood": "more_likely_than_not", "residual_severity": "serious_harm"}
    base = {
        "piagen": "1",
        "partners": [{"id": "a"}, {"id": "b"}],
        "overseas": {"outside_uk": True},
        "risks": [{"id": "r", **high}],
    }
    loaded = load_bytes(json.dumps(base | given).encode(), Path("project.json"))
    (found,) = run(rules()[rule], evidence_of(loaded))
    keys = (*rules()[rule].cites, *found.cites)
    assert cited in keys
    assert not_cited not in keys


@pytest.mark.parametrize(
    ("nations", "says", "never"),
    [
        (["england"], "Caldicott Guardian", "Personal Data Guardian"),
        (["northern_ireland"], "Personal Data Guardian", "Caldicott Guardian"),
        (["wales", "northern_ireland"], "Caldicott Guardian or Personal Data Guardian", "England"),
    ],
)
def test_the_guardian_is_called_what_the_nation_calls_it(nations, says, never):
    item = {"id": "record", "category": ["special_category"], "special_category": ["health"]}
    answers = {"piagen": "1", "assessment": {"nations": nations}, "data_items": [item]}
    loaded = load_bytes(json.dumps(answers).encode(), Path("project.json"))
    (found,) = run(rules()["HC004"], evidence_of(loaded))
    assert says in found.says
    assert never not in found.says
