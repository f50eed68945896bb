"""Each of the sixteen tips is met, partly met or open, as the confirmed answers show."""

from __future__ import annotations

import re
from typing import Any

import pytest
from tests.practice.partnership import WHOLE, answers, project

from piagen.domain.build import project_from
from piagen.domain.facts import FACTS
from piagen.law.catalogue import load_catalogue
from piagen.pipeline.assess import questionnaire as shipped_questionnaire
from piagen.practice import tips as module
from piagen.practice.tips import tips
from piagen.questionnaire.survey import survey

# For each tip, the answers that show it. All: met. All but one: partly. None: open.
SHOWN = {
    1: ["legal_basis[b-school].gateways", "legal_basis[b-school].conditions_met",
        "lawfulness.bars"],
    2: ["screening.screened_on", "assessment.starts_on", "assessment.stage"],
    3: ["practice.vision", "partnership.protocol", "documents.wanted"],
    4: ["practice.learning", "practice.named_adviser", "security.training"],
    5: ["security.protection", "security.efficient"],
    6: ["practice.recording", "practice.withholding_recorded", "consent[c1].how_recorded"],
    7: ["legal_basis[b-school].gateways", "consent[c1].why_sought"],
    8: ["recipient_needs[n1].need"],
    9: ["transparency.how_told", "transparency.sharing_without_consent"],
    10: ["transparency.aggregate_use", "necessity.statistics"],
    11: ["partners[council].primary_focus", "partners[council].confidentiality_practice",
         "partners[school].primary_focus", "partners[school].confidentiality_practice"],
    12: ["practice.challenge", "practice.challenge_working_days"],
    13: ["practice.accept_checks", "decisions[d-refuse]"],
    14: ["scope.codes", "practice.keeping_current"],
    15: ["practice.evaluation", "practice.withholding_sampled", "review.due"],
    16: ["practice.keeping_current", "review.triggers"],
}  # fmt: skip
COUNTS: dict[str, Any] = {
    "purposes": [{**WHOLE["purposes"][0], "category": "planning"}],
    "transparency": {"aggregate_use": "In the notice."},
    "necessity": {"statistics": "The council makes them."},
}
"""A project that makes counts, so that the tenth tip arises."""
OTHER_POWER = {**WHOLE["legal_basis"][0], "gateways": [], "other_power": "Charter, article 4"}
EACH = [(number, at) for number, paths in SHOWN.items() for at in paths]


def tip(number, **changed):
    """One tip of the partnership, changed."""
    more = COUNTS if number == 10 else {}
    found = tips(project(**{**more, **changed}))
    assert [one.number for one in found] == list(range(1, 17))
    return found[number - 1]


def lacks(at):
    """What is named when the answer is gone: a row that is gone leaves its table."""
    return at.partition("[")[0] if at.endswith("]") or at.startswith("recipient_needs") else at


@pytest.mark.parametrize("number", SHOWN)
def test_a_tip_is_met_when_every_answer_shows_it(number):
    found = tip(number)
    assert (found.state, found.lacking, found.action, found.note) == ("met", (), "", "")
    assert set(found.shown_by) == set(SHOWN[number])


@pytest.mark.parametrize(("number", "at"), EACH)
def test_without_one_answer_a_tip_is_partly_met(number, at):
    found = tip(number, without=[at])
    rest = [other for other in SHOWN[number] if other != at]
    if number == 2 and at == "screening.screened_on":
        rest.remove("assessment.starts_on")
    assert found.state == ("partly" if rest else "open")
    assert set(found.shown_by) == set(rest)
    assert at in found.lacking or lacks(at) in found.lacking
    assert found.action


@pytest.mark.parametrize(("number", "at"), EACH)
def test_an_unconfirmed_answer_shows_no_more_than_none(number, at):
    doubted, gone = tip(number, unconfirmed=[at]), tip(number, without=[at])
    assert (doubted.state, doubted.shown_by) == (gone.state, gone.shown_by)


@pytest.mark.parametrize("number", SHOWN)
def test_a_tip_is_open_when_nothing_shows_it(number):
    found = tip(number, without=SHOWN[number])
    assert (found.state, found.shown_by) == ("open", ())
    assert found.lacking
    assert found.action


def test_nothing_that_a_starter_filled_in_meets_any_tip():
    tables = [key for key in answers() if key not in ("piagen", "unconfirmed")]
    assert {found.state for found in tips(project(unconfirmed=tables, **COUNTS))} == {"open"}


def test_an_empty_project_leaves_every_tip_open():
    found = tips(project_from({"piagen": "1"}))
    assert {one.state for one in found} == {"open"}


@pytest.mark.parametrize(
    ("number", "changed", "state"),
    [
        (1, {"lawfulness": {"bars": "limits_met"}}, "met"),
        (1, {"legal_basis": [{**WHOLE["legal_basis"][0], "power_kind": "none_found"}]}, "partly"),
        (1, {"legal_basis": [{**WHOLE["legal_basis"][0], "partner": "council"}]}, "partly"),
        (2, {"screening": {"screened_on": "2027-02-02"}}, "partly"),
        (2, {"screening": {"screened_on": "2027-02-01"}}, "met"),
        (2, {"assessment": {"stage": "live_unassessed"}}, "partly"),
        (3, {"partnership": {"protocol": "exists"}, "documents": {"wanted": []}}, "met"),
        (6, {"practice": {"withholding_recorded": False}}, "partly"),
        (6, {"consent": []}, "partly"),
        (6, {"consent": [], "legal_basis": []}, "met"),
        (7, {"consent": []}, "partly"),
        (7, {"legal_basis": [OTHER_POWER]}, "met"),
        (9, {"transparency": {"anyone_not_told": True}}, "partly"),
        (9, {"transparency": {"anyone_not_told": True, "not_told_reason": "Danger."}}, "met"),
        (13, {"data_flows": [*WHOLE["data_flows"], {"id": "two", "sender": "council"}]}, "partly"),
        (14, {"scope": {"codes": []}}, "partly"),
        (15, {"practice": {"withholding_sampled": False}}, "partly"),
        (16, {"review": {"due": "2027-11-01", "triggers": ["breach"]}}, "partly"),
    ],
)  # fmt: skip
def test_what_the_answer_says_matters_and_not_only_that_there_is_one(number, changed, state):
    assert tip(number, **changed).state == state


def test_counts_that_nobody_makes_need_no_telling():
    found = tips(project())[9]
    assert (found.state, found.shown_by) == ("met", ("purposes", "data_items"))
    assert "does not arise" in found.note


@pytest.mark.parametrize("at", ["purposes[help].category", "data_items[absence].identifiability"])
def test_whether_counts_are_made_must_be_known(at):
    for changed in ({"without": [at]}, {"unconfirmed": [at]}):
        assert tips(project(**changed))[9].state == "partly"


ALONE = {"partners": [WHOLE["partners"][0], WHOLE["partners"][2]], "data_flows": []}


@pytest.mark.parametrize("number", [3, 8, 11, 12, 13])
def test_one_organisation_alone_has_nobody_to_share_with(number):
    found = tip(number, **ALONE)
    assert (found.state, found.shown_by) == ("met", ("partners",))
    assert "One organisation" in found.note
    doubted = tip(number, **ALONE, unconfirmed=["partners"])
    assert doubted.state == "open"


@pytest.mark.parametrize(("number", "at"), [
    (5, "security.efficient"), (9, "transparency.sharing_without_consent"),
])  # fmt: skip
def test_one_organisation_alone_is_not_asked_what_partners_are(number, at):
    assert tip(number, **ALONE, without=[at]).state == "met"


@pytest.mark.parametrize("screening", [{"route": "short"}, {"personal_data": "no"}])
def test_where_practice_is_not_asked_there_are_no_tips(screening):
    assert tips(project(screening=screening)) == ()


def test_each_tip_says_what_it_is_where_it_comes_from_and_its_condition():
    law = load_catalogue()
    for found in tips(project()):
        assert found.id == f"T{found.number}"
        assert found.says.endswith(".")
        (key,) = found.cites
        assert law.cite(key).text == f"Richardson (2016), Box 10.1, tip {found.number}"
        stated = getattr(module, f"t{found.number}").__doc__
        assert stated.startswith("Met: ")


def test_what_shows_or_closes_a_tip_is_asked(example, example_names):
    asked = shipped_questionnaire()
    for name in example_names:
        for found in tips(project_from(survey(asked, example(name)).visible)):
            for at in (*found.shown_by, *found.lacking):
                path = re.sub(r"\[[^]]*\]", "[]", at).removesuffix("[]")
                assert path in asked.by_path or path in asked.tables, at


def test_whether_a_tip_arises_agrees_with_the_facts(example, example_names):
    for name in example_names:
        visible = survey(shipped_questionnaire(), example(name)).visible
        seen = project_from(visible)
        assert module._seeks_agreement(seen) is FACTS["agreement_sought"].holds(visible)
        assert module._makes_counts(seen) is FACTS["aggregate_use"].holds(visible)


def test_the_finished_examples_meet_every_tip(example):
    for name in ("safeguarding-hub", "homelessness-duty-to-refer"):
        seen = project_from(survey(shipped_questionnaire(), example(name)).visible)
        assert [found.id for found in tips(seen) if found.state != "met"] == []
