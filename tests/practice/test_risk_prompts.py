"""Each risk of the catalogue is prompted when its trigger holds, until somebody looks at it."""

from __future__ import annotations

from typing import Any

import pytest

from piagen.domain.facts import FACTS
from piagen.law.catalogue import load_catalogue
from piagen.pipeline.assess import questionnaire as shipped_questionnaire
from piagen.practice.risk_prompts import called_for, catalogue, prompts, title
from piagen.questionnaire.conditions import reads
from piagen.questionnaire.survey import survey

Case = tuple[list[dict[str, Any]], list[dict[str, Any]]]

TWO: dict[str, Any] = {"partners": [{"id": "a"}, {"id": "b"}]}
FLOW: dict[str, Any] = {"data_flows": [{"id": "f", "sender": "a"}]}
ALWAYS: Case = ([{}], [])
"""A trigger that holds of every project."""


def items(**cells):
    return {"data_items": [{"id": "i", **cells}]}


def subjects(**cells):
    return {"data_subjects": [{"id": "s", **cells}]}


def purpose(category):
    return {"purposes": [{"id": "p", "category": category}]}


def partner(**cells):
    return {"partners": [{"id": "a", **cells}]}


def role(word):
    return {"roles": [{"id": "r", "partner": "a", "purpose": "p", "role": word}]}


PROFILED = ([{"automated_decisions": {"profiling": True}}],
            [{"automated_decisions": {"profiling": False}}])  # fmt: skip
SEVERAL = ([TWO], [partner()])
# For each risk: answers that call for it, and answers next door that do not.
TRIGGERS: dict[str, Case] = {
    "seen-without-need": (
        [TWO, {"systems": [{"id": "x", "system": "X"}, {"id": "y", "system": "Y"}]}],
        [partner(), {"systems": [{"id": "x", "system": "X"}]}],
    ),
    "sent-to-wrong-person": ([FLOW], [{"data_flows": []}]),
    "dangerous-person-learns-whereabouts": (
        [purpose("safeguarding"), items(restricted=["witness_or_refuge_location"])],
        [purpose("planning"), items(restricted=["tax"])],
    ),
    "records-mixed-up": (
        [{"processing": {"matching": True}}], [{"processing": {"matching": False}}],
    ),
    "wrong-or-old-information": ALWAYS,
    "more-shared-than-needed": (
        [items(also_contains=["free_text"]),
         {"data_items": [{"id": f"i{n}", "item": "x"} for n in range(16)]}],
        [{"data_items": [{"id": f"i{n}", "item": "x"} for n in range(15)]}],
    ),
    "used-for-something-untold": (
        [{"data_flows": [{"id": "f", "method": "shared_system"}]}, purpose("planning"),
         {"processing": {"matching": True}}, *PROFILED[0]],
        [{"data_flows": [{"id": "f", "method": "secure_email"}]}, purpose("care"), *PROFILED[1]],
    ),
    "people-unaware-cannot-object": (
        [items(source="another_organisation")], [items(source="from_the_person")],
    ),
    "people-avoid-services": (
        [items(special_category=["health"]), items(also_contains=["nationality_or_immigration"]),
         items(restricted=["benefits"]), partner(competent_authority=True)],
        [items(special_category=["beliefs"]), items(restricted=["tax"]),
         partner(competent_authority=False)],
    ),
    "score-unfair-to-a-group": PROFILED,
    "staff-follow-score-blindly": PROFILED,
    "child-labelled-into-adulthood": ([subjects(children=True)], [subjects(children=False)]),
    "kept-too-long": ALWAYS,
    "copies-left-with-partners": SEVERAL,
    "traced-back-to-a-person": (
        [items(identifiability="pseudonymised"), items(identifiability="aggregate")],
        [items(identifiability="identifiable")],
    ),
    "supplier-misuse-or-loss": ([role("processor")], [role("recipient")]),
    "reached-from-abroad": (
        [{"overseas": {"outside_uk": True}}], [{"overseas": {"outside_uk": False}}],
    ),
    "attack-or-outage": ([{"systems": [{"id": "x", "system": "X"}]}], [{"systems": []}]),
    "rights-requests-fall-between-partners": ([role("joint_controller")], [role("controller")]),
    "reply-reveals-someone-else": (
        [items(also_contains=["child_social_care_record"]),
         items(also_contains=["education_record"]), items(category=["criminal_offence"]),
         partner(competent_authority=True)],
        [items(also_contains=["images"]), items(category=["special_category"])],
    ),
    "confidence-broken": (
        [items(special_category=["health"])], [items(special_category=["beliefs"])],
    ),
    "others-obtain-data-too-easily": (
        [{"law_enforcement": {"may_be_asked": True}}, {"scope": {"people_per_year": "from_10000"}}],
        [{"law_enforcement": {"may_be_asked": False}}, {"scope": {"people_per_year": "from_1000"}}],
    ),
    "not-shared-person-not-helped": (
        [purpose("safeguarding"), purpose("care")], [purpose("fraud")],
    ),
    "bystanders-captured": (
        [items(source="cameras"), items(source="other_observation"),
         items(also_contains=["free_text"])],
        [items(source="derived"), items(also_contains=["education_record"])],
    ),
    "breach-found-late": SEVERAL,
    "power-does-not-cover-it": ALWAYS,
    "shared-on-trust-alone": SEVERAL,
    "withheld-for-fear": SEVERAL,
    "shared-word-misread": SEVERAL,
    "offer-accepted-unchecked": ([TWO | FLOW], [TWO, FLOW]),
    "refusal-unchallenged": ([TWO | FLOW], [TWO, FLOW]),
    "broker-leaves": ([{"brokers": [{"id": "x", "role": "Link worker"}]}], [{"brokers": []}]),
}  # fmt: skip
CALLED = [
    (slug, given) for slug, case in TRIGGERS.items() if case is not ALWAYS for given in case[0]
]
QUIET = [
    (slug, given) for slug, case in TRIGGERS.items() if case is not ALWAYS for given in case[1]
]
EVERY = [slug for slug, case in TRIGGERS.items() if case is ALWAYS]
PRACTICE = list(TRIGGERS)[-6:]


def slugs(found):
    return {risk.slug for risk in found}


def test_every_risk_is_tried_both_ways_or_called_for_always():
    assert list(TRIGGERS) == list(catalogue())
    assert len(catalogue()) == 26 + 6
    assert {slug for slug, _ in CALLED} == {slug for slug, _ in QUIET} == set(TRIGGERS) - set(EVERY)


@pytest.mark.parametrize(("slug", "answers"), CALLED)
def test_a_risk_is_prompted_when_the_answers_call_for_it(slug, answers):
    assert slug in slugs(prompts(answers))


@pytest.mark.parametrize(("slug", "answers"), QUIET)
def test_a_risk_is_not_prompted_next_door(slug, answers):
    assert slug not in slugs(prompts(answers))


@pytest.mark.parametrize("slug", EVERY)
def test_some_risks_are_prompted_of_everybody(slug):
    assert slug in slugs(prompts({}))


@pytest.mark.parametrize("slug", TRIGGERS)
def test_a_risk_is_prompted_until_it_is_considered_or_set_aside(slug):
    answers = TRIGGERS[slug][0][0]
    considered = {"risks": [{"id": "r", "slug": slug}]}
    set_aside = {"dismissed_risks": [{"slug": slug, "reason": "There is none here."}]}
    for looked_at in (considered, set_aside):
        assert slug not in slugs(prompts(answers | looked_at))
        assert slug in slugs(called_for(answers | looked_at))


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_risk_is_set_aside_only_for_a_reason(reason):
    answers = {"dismissed_risks": [{"slug": "kept-too-long", "reason": reason}]}
    assert "kept-too-long" in slugs(prompts(answers))


@pytest.mark.parametrize("at", ["risks", "risks[r]", "risks[r].slug"])
def test_a_risk_that_a_starter_wrote_is_considered_once_it_is_confirmed(at):
    answers = {
        "risks": [{"id": "r", "slug": "kept-too-long"}],
        "unconfirmed": [{"path": at, "starter": "hub"}],
    }
    assert "kept-too-long" in slugs(prompts(answers))
    assert "kept-too-long" not in slugs(prompts(answers | {"unconfirmed": []}))


@pytest.mark.parametrize("at", ["risks[r].measures", "risks[other]", "actions", "no path"])
def test_another_unconfirmed_answer_leaves_it_considered(at):
    answers = {
        "risks": [{"id": "r", "slug": "kept-too-long"}],
        "unconfirmed": [{"path": at, "starter": "hub"}],
    }
    assert "kept-too-long" not in slugs(prompts(answers))


@pytest.mark.parametrize("screening", [{"route": "short"}, {"personal_data": "no"}])
def test_nothing_is_prompted_where_risks_are_not_asked(screening):
    assert prompts(TWO | FLOW | {"screening": screening}) == ()


def test_every_prompt_reads_what_exists():
    asked = shipped_questionnaire().by_path
    for risk in catalogue().values():
        for path, word in reads(risk.trigger):
            if path.startswith("fact:"):
                assert path[5:] in FACTS, risk.slug
            else:
                assert path in asked, risk.slug
                assert asked[path].type == "boolean" or word in asked[path].options, risk.slug


def test_every_risk_is_whole_and_its_questions_are_asked():
    questionnaire, law = shipped_questionnaire(), load_catalogue()
    entries = {entry.path for _, entry in questionnaire.entries()}
    for risk in catalogue().values():
        assert risk.title.endswith(".")
        assert risk.why.strip().endswith(".")
        assert not risk.arises_when.endswith(".")
        assert len(risk.measures) >= 2
        assert all(measure.endswith(".") for measure in risk.measures)
        assert risk.questions
        for path in risk.questions:
            known = {*questionnaire.by_path, *questionnaire.tables, *entries}
            assert path in known, (risk.slug, path)
        assert all(law.cite(key) for key in risk.cites)
        assert risk.tip is None or law.cite(f"richardson-2016/T{risk.tip}")
        assert (risk.likelihood is None) is (risk.severity is None) is (risk.slug in PRACTICE)


def test_the_words_of_likelihood_and_severity_are_those_of_the_risks():
    asked = shipped_questionnaire().by_path
    for risk in catalogue().values():
        assert risk.likelihood is None or risk.likelihood in asked["risks[].likelihood"].options
        assert risk.severity is None or risk.severity in asked["risks[].severity"].options
        assert risk.arises_from in asked["risks[].arises_from"].options


@pytest.mark.parametrize("slug", PRACTICE)
def test_a_risk_from_practice_cites_its_source(slug):
    law = load_catalogue()
    cites = catalogue()[slug].cites
    assert cites
    assert all(law.cite(key).text.startswith("Richardson (2016)") for key in cites)


def test_a_risk_is_called_by_its_title_and_an_unknown_one_by_its_words():
    assert title("kept-too-long") == catalogue()["kept-too-long"].title
    assert title("something-of-our-own") == "Something of our own"


def test_the_examples_have_looked_at_every_risk_of_the_bank(example):
    for name in ("safeguarding-hub", "homelessness-duty-to-refer"):
        visible = survey(shipped_questionnaire(), example(name)).visible
        assert slugs(prompts(visible)) <= set(PRACTICE)
