"""The walk asks everything that applies, once, ends, and goes on from wherever it stopped."""

from __future__ import annotations

import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.questionnaire.answering import Sitting
from tests.questionnaire.test_features import READ
from tests.questionnaire.tiny import tiny

from piagen.pipeline.assess import questionnaire as shipped_questionnaire
from piagen.questionnaire.missing import missing
from piagen.questionnaire.survey import survey
from piagen.questionnaire.to_marshmallow import to_marshmallow
from piagen.questionnaire.walk import walk as walk_on

Q = shipped_questionnaire()
SEEDS = st.integers(0, 2**32)
FEW = max(4, settings().max_examples // 10)
"""A whole run through the shipped questionnaire takes hundreds of steps."""


def walk(questionnaire, answers, passed=()):
    """The next step; a test that looks into it expects one."""
    return walk_on(questionnaire, answers, passed)


def assert_finished(questionnaire, answers):
    assert to_marshmallow(questionnaire).validate(answers) == {}
    opened = {row["at"] for row in answers.get("open_questions", ())}
    assert {gap.at for gap in missing(questionnaire, answers)} <= opened
    return opened


def assert_nothing_asked_twice(sitting):
    asked = [step.key for step in sitting.steps if step.kind == "answer"]
    assert len(asked) == len(set(asked))


def told(sitting):
    """What must hold of every step: it says where it is, and its place has no answer yet."""
    for step in sitting.go_on():
        assert 1 <= step.number <= step.sections == len(sitting.questionnaire.sections)
        assert 0 <= step.answered <= step.places
        assert step.place.answered == (step.kind == "another")
        yield step


@settings(max_examples=FEW)
@given(SEEDS)
def test_answering_whatever_is_asked_ends_with_nothing_missing(seed):
    sitting = Sitting(Q, seed)
    assert list(told(sitting))
    assert assert_finished(Q, sitting.answers) == set()
    assert_nothing_asked_twice(sitting)


@settings(max_examples=FEW)
@given(SEEDS)
def test_leaving_answers_open_ends_too_and_every_gap_is_open(seed):
    sitting = Sitting(Q, seed, hesitant=0.2)
    sitting.finish()
    assert assert_finished(Q, sitting.answers)
    assert_nothing_asked_twice(sitting)


@settings(max_examples=FEW)
@given(SEEDS, st.floats(0, 1))
def test_a_run_that_stopped_anywhere_goes_on_from_there(seed, part):
    whole = Sitting(Q, seed)
    stages = [copy.deepcopy(whole.answers) for _ in whole.go_on()]
    stopped = stages[int(part * (len(stages) - 1))]
    resumed = Sitting(Q, seed + 1, copy.deepcopy(stopped))
    found = survey(Q, stopped)
    answered = {place.at for place in found.places if place.answered and not place.last_of}
    resumed.finish()
    assert answered.isdisjoint(step.key for step in resumed.steps)
    assert assert_finished(Q, resumed.answers) == set()
    assert_nothing_asked_twice(resumed)
    for key, given_part in stopped.items():
        if isinstance(given_part, dict):
            assert given_part.items() <= resumed.answers[key].items()


@pytest.mark.parametrize("name", READ)
@given(seed=SEEDS)
def test_every_feature_can_be_walked_to_its_end_from_any_stage(tmp_path_factory, name, seed):
    questionnaire = tiny(tmp_path_factory.mktemp("tiny"), READ[name]["sections"])
    sitting = Sitting(questionnaire, seed, hesitant=seed % 2 / 4)
    stages = [copy.deepcopy(sitting.answers) for _ in told(sitting)]
    assert_finished(questionnaire, sitting.answers)
    for stage in stages:
        resumed = Sitting(questionnaire, seed, stage)
        resumed.finish()
        assert_finished(questionnaire, resumed.answers)


def test_a_finished_example_asks_for_nothing_required(example):
    for name in ("safeguarding-hub", "homelessness-duty-to-refer"):
        step = walk(Q, example(name))
        assert step is None or step.place.optional or step.kind == "another"


def test_the_draft_goes_on_with_its_first_gap(example):
    answers = example("early-draft")
    opened = {row["at"] for row in answers["open_questions"]}
    first = next(gap for gap in missing(Q, answers) if gap.at not in opened)
    step = walk(Q, answers)
    assert (step.kind, step.place.at) == ("answer", first.at)


def test_an_empty_file_is_asked_for_its_title_first():
    step = walk(Q, {"piagen": "1"})
    assert (step.kind, step.key, step.number) == ("answer", "assessment.title", 1)
    assert (step.answered, step.sections) == (0, len(Q.sections))


def test_a_required_question_that_was_passed_is_asked_again_in_the_next_sitting():
    answers = {"piagen": "1"}
    assert walk(Q, answers, {"assessment.title"}).key != "assessment.title"
    assert walk(Q, answers).key == "assessment.title"


def test_optional_questions_before_the_last_answer_are_passed_over():
    begun = {"title": "T"}
    assert walk(Q, {"piagen": "1", "assessment": begun}).key == "assessment.reference"
    begun["author"] = "A"
    assert walk(Q, {"piagen": "1", "assessment": begun}).key == "assessment.author_role"


def test_progress_grows_with_the_answers():
    empty = walk(Q, {"piagen": "1"})
    begun = walk(Q, {"piagen": "1", "assessment": {"title": "T", "author": "A"}})
    assert begun.answered == empty.answered + 2
    assert begun.places == empty.places
