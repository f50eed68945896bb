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
from piagen.questionnaire.kept import KEPT
from piagen.questionnaire.survey import survey

DATA = Path(__file__).parents[1] / "data"
EXAMPLES = json.loads((DATA / "screening_examples.json").read_text(encoding="utf-8"))
SOUND = [example for example in EXAMPLES if example["outcome"] != "error"]
(CONTRADICTORY,) = (example for example in EXAMPLES if example["outcome"] == "error")
LEAVES = {
    question.reach.bank: question.leaf
    for question in shipped_questionnaire().by_path.values()
    if re.fullmatch(r"S\d\d", question.reach.bank or "")
}
ORDER = list(LEAVES.values())
TRIGGER = re.compile(r"\b(?:A35|ICO|WP|LE|POL)-\w+")
ROUTES = {
    "mandatory": ("full",),
    "required_by_policy": ("full",),
    "likely_required": ("full", "short"),
    "recommended": ("full", "short"),
    "consider": ("short", "full"),
    "covered_by_existing": ("short", "full"),
    "not_required": ("short", "full"),
}


def answered(*yes, word="yes"):
    """Answer every screening question, the named ones with yes."""
    return {leaf: word if id_ in yes else "no" for id_, leaf in LEAVES.items()}


def screen(answers, *nations):
    """The result, in England unless told otherwise."""
    return screen_answers(answers, nations or ("england",))


def fired(result):
    return {trigger.id for reason in result.reasons for trigger in reason.triggers}


def test_every_screening_question_is_known():
    assert list(LEAVES) == [f"S{n:02}" for n in range(1, 24)]


@pytest.mark.parametrize("example", SOUND, ids=lambda example: example["case"])
def test_a_worked_example(example):
    result = screen(answered(*example["yes"]))
    assert result.outcome == example["outcome"]
    assert "D-STOP" not in example["why"] or result.stopped
    why = set(TRIGGER.findall(" ".join(example["why"])))
    assert why <= fired(result)
    assert fired(result).isdisjoint(example.get("not", ()))
    deciding = {t.id for r in result.reasons if r.outcome == result.outcome for t in r.triggers}
    assert why <= deciding | fired(result)
    if why:
        assert why & deciding


@pytest.mark.parametrize("example", SOUND, ids=lambda example: example["case"])
def test_not_sure_counts_as_yes(example):
    assert screen(answered(*example["yes"], word="not_sure")) == screen(answered(*example["yes"]))


def test_nothing_follows_before_the_first_answer():
    assert screen({}) is None
    assert screen({"matching": "yes"}) is None


def test_no_personal_data_ends_the_screening_and_reads_no_other_answer():
    covered = {"covered_by": "Old", "covered_by_agreed_by_dpo": True, "route": "full"}
    for more in ({}, covered):
        result = screen(answered() | more)
        assert (result.outcome, result.stopped) == ("not_required", True)
        (reason,) = result.reasons
        assert (reason.rule, reason.triggers) == ("D-STOP", ())
        assert "ends here" in reason.says


def test_after_no_personal_data_only_who_when_and_why_is_kept():
    result = screen({"personal_data": "no"})
    assert result.record == ("screening.screened_by", "screening.screened_on", "screening.reason")
    assert (result.routes_allowed, result.asked) == ((), "none")


@pytest.mark.parametrize("word", ["yes", "not_sure"])
@pytest.mark.parametrize("id_", list(LEAVES)[1:])
def test_no_personal_data_and_a_later_yes_contradict_each_other(id_, word):
    result = screen({**answered(id_, word=word), "personal_data": "no"})
    assert (result.outcome, result.reasons, result.stopped) == (None, (), False)
    assert result.contradiction.gate == "screening.personal_data"
    assert result.contradiction.others == (f"screening.{LEAVES[id_]}",)
    assert (result.routes_allowed, result.asked, result.record) == ((), "none", ())


def test_every_answer_that_contradicts_is_named_in_the_order_asked():
    result = screen({**answered(*CONTRADICTORY["yes"], "S23", "S02"), "personal_data": "no"})
    assert result.contradiction.others == tuple(
        f"screening.{LEAVES[id_]}" for id_ in ("S02", "S11", "S23")
    )


def test_putting_either_answer_right_gives_an_outcome_again():
    wrong = {**answered(*CONTRADICTORY["yes"]), "personal_data": "no"}
    assert screen(wrong).outcome is None
    assert screen(wrong | {"personal_data": "yes"}).outcome == "mandatory"
    assert screen(wrong | {"matching": "no"}).stopped


ALONE = {
    "S01": "not_required", "S02": "consider", "S03": "mandatory", "S04": "mandatory",
    "S05": "mandatory", "S06": "consider", "S07": "consider", "S08": "not_required",
    "S09": "mandatory", "S10": "consider", "S11": "mandatory", "S12": "consider",
    "S13": "mandatory", "S14": "consider", "S15": "consider", "S16": "consider",
    "S17": "consider", "S18": "mandatory", "S19": "consider", "S20": "not_required",
    "S21": "recommended", "S22": "required_by_policy", "S23": "required_by_policy",
}  # fmt: skip
"""S08 is asked only where S06 is not no, so it says nothing alone."""
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


@pytest.mark.parametrize(("before", "outcome"), [
    ("yes", "mandatory"), ("not_sure", "mandatory"), (None, "mandatory"), ("no", "not_required"),
])  # fmt: skip
def test_sensitive_data_on_a_large_scale_is_read_only_where_it_is_asked(before, outcome):
    answers = {"personal_data": "yes", "large_scale_sensitive": "yes", "sensitive_data": before}
    result = screen({leaf: word for leaf, word in answers.items() if word})
    assert result.outcome == outcome


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
    for agreed in (
        {},
        {"covered_by": "Old"},
        {"covered_by": "Old", "covered_by_agreed_by_dpo": False},
        {"covered_by_agreed_by_dpo": True},
    ):
        assert screen(strict | agreed).outcome == "mandatory"
    result = screen(strict | {"covered_by": "Old", "covered_by_agreed_by_dpo": True})
    assert result.outcome == "covered_by_existing"
    assert "ICO-MATCH" in fired(result), "the other reasons are still told"


def test_the_precedence_is_the_order_of_the_options():
    outcome = shipped_questionnaire().by_path["screening.outcome"]
    assert list(outcome.options) == list(PRECEDENCE)


@pytest.mark.parametrize(("covered", "rules"), [(False, ["D-NO"]), (True, ["D-DONE"])])
def test_an_outcome_without_triggers_has_its_own_reason(covered, rules):
    more = {"covered_by": "Old", "covered_by_agreed_by_dpo": True} if covered else {}
    assert [reason.rule for reason in screen(answered("S01") | more).reasons] == rules


@pytest.mark.parametrize(
    ("ids", "rules"),
    [
        (("S03",), {"D-A35", "D-WP1"}),
        (("S11",), {"D-ICO1", "D-WP1"}),
        (("S15", "S12"), {"D-ICO2", "D-WP2"}),
        (("S17", "S02"), {"D-ICO2", "D-WP1"}),
        (("S20", "S18"), {"D-LE", "D-ICO1"}),
        (("S06", "S07"), {"D-WP2"}),
        (("S22",), {"D-POL"}),
        (("S09",), {"D-A35", "D-POL", "D-WP1"}),
        (("S17",), {"D-WP1"}),
        (("S21",), {"D-SHARE"}),
    ],
)  # fmt: skip
def test_every_rule_that_applies_gives_its_reason(ids, rules):
    assert {reason.rule for reason in screen(answered("S01", *ids)).reasons} == rules


def test_the_code_of_the_digital_economy_act_is_named_only_where_it_is_relied_on():
    assert "POL-DEA" in fired(screen(answered("S01", "S22")))
    others = (id_ for id_ in LEAVES if id_ != "S22")
    assert "POL-DEA" not in fired(screen(answered(*others)))


@pytest.mark.parametrize(
    ("nations", "cited", "note"),
    [
        (("england",), True, False),
        (("england", "wales"), True, True),
        (("wales",), False, False),
        (("scotland", "northern_ireland"), False, False),
        ((), False, False),
    ],
)
def test_guidance_for_england_is_cited_in_england_and_nowhere_else(nations, cited, note):
    result = screen_answers(answered("S01", "S23"), nations)
    assert result is not None
    assert result.outcome == "required_by_policy"
    (trigger,) = (t for reason in result.reasons for t in reason.triggers)
    assert trigger.cites == (("nhse-ig-templates", "dspt") if cited else ())
    assert bool(trigger.note) is note
    elsewhere = trigger.note if cited else trigger.title
    assert ("own national guidance" in elsewhere) is (note or not cited)


@pytest.mark.parametrize("outcome", PRECEDENCE)
def test_each_outcome_says_what_to_do_and_which_form_may_be_chosen(outcome):
    yes = {
        "mandatory": ("S11",), "required_by_policy": ("S22",), "likely_required": ("S06", "S07"),
        "recommended": ("S21",), "consider": ("S06",), "covered_by_existing": (),
        "not_required": (),
    }[outcome]  # fmt: skip
    more = {"covered_by": "Old", "covered_by_agreed_by_dpo": outcome == "covered_by_existing"}
    result = screen(answered("S01", *yes) | more)
    assert result.outcome == outcome
    assert result.routes_allowed == ROUTES[outcome]
    assert result.asked == ROUTES[outcome][0]
    assert result.route.endswith(".")
    assert result.record[:3] == (
        "screening.screened_by", "screening.screened_on", "screening.outcome",
    )  # fmt: skip


def test_what_is_recorded_is_asked():
    by_path = shipped_questionnaire().by_path
    for answers in (answered("S01"), answered()):
        assert set(screen(answers).record) <= set(by_path)


def test_every_decision_rule_is_cited_or_its_triggers_are():
    law = load_catalogue()
    cases = [answered(*LEAVES), answered("S01"), answered(), answered("S01", "S06")]
    cases.append(cases[0] | {"covered_by": "Old", "covered_by_agreed_by_dpo": True})
    reasons = {reason.rule: reason for case in cases for reason in screen(case).reasons}
    assert set(reasons) == {
        "D-STOP", "D-DONE", "D-A35", "D-ICO1", "D-ICO2", "D-LE", "D-WP2", "D-POL", "D-WP1",
        "D-SHARE", "D-NO",
    }  # fmt: skip
    for reason in reasons.values():
        assert reason.cites or all(trigger.cites for trigger in reason.triggers)
        assert all(law.cite(key) for key in reason.cites)


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


STOPPED = {
    "assessment": {"title": "Footfall counts", "nations": ["england"]},
    "screening": {"personal_data": "no"},
}


def test_after_no_personal_data_nothing_is_asked_but_who_when_and_why():
    places = survey(shipped_questionnaire(), {"piagen": "1", **STOPPED}).places
    asked = [place.at for place in places if place.section.id != "assessment"]
    assert asked == [
        "screening.personal_data",
        "screening.reason",
        "screening.screened_by",
        "screening.screened_on",
    ]


def test_after_no_personal_data_what_was_answered_before_is_kept_and_hidden(example):
    answers = example("safeguarding-hub")
    tables = {key for key, held in answers.items() if isinstance(held, list)}
    answers["screening"]["personal_data"] = "no"
    found = survey(shipped_questionnaire(), answers)
    beside = {"related_documents", "history", "reviewers", "distribution", *KEPT}
    assert tables - beside <= set(found.hidden)
    assert {"screening.route", "screening.matching", "project.summary"} <= set(found.hidden)


@pytest.mark.parametrize("example", SOUND, ids=lambda example: example["case"])
def test_what_the_result_says_is_asked_is_what_the_questionnaire_asks(example):
    result = screen(answered(*example["yes"]))
    sections = {"none": set(), "short": {"purposes"}, "full": {"purposes", "risks"}}
    for route in result.routes_allowed or (None,):
        chosen = {"route": route} if route else {}
        answers = {"piagen": "1", "screening": answered(*example["yes"]) | chosen}
        asked = {place.at for place in survey(shipped_questionnaire(), answers).places}
        assert asked & {"purposes", "risks"} == sections[route or result.asked]
