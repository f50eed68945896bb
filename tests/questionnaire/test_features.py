"""Each feature of the engine does what its tiny questionnaire says; see `features/`."""

from __future__ import annotations

import copy
import re
from pathlib import Path

import pytest
import yaml
from tests.questionnaire.tiny import tiny

from piagen.law.catalogue import load_catalogue
from piagen.questionnaire.lint import lint
from piagen.questionnaire.missing import hidden, missing
from piagen.questionnaire.survey import survey
from piagen.questionnaire.to_marshmallow import to_marshmallow
from piagen.questionnaire.walk import walk

FEATURES = sorted((Path(__file__).parent / "features").glob("*.yaml"))
READ = {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in FEATURES}
CASES = [
    pytest.param(name, case, id=f"{name}: {case['when']}")
    for name, feature in READ.items()
    for case in feature["cases"]
]
EXPECTED = {"applies", "missing", "hidden", "visible", "next"}


def asked(found):
    return [f"{place.at} another" if place.last_of else place.at for place in found.places]


def test_every_feature_of_the_engine_has_a_file():
    assert set(READ) == {
        "answered", "all_any_not", "derived", "for_each_controllers", "for_each_parties",
        "for_each_table", "includes", "is", "nested_hiding", "open_questions", "options_from",
        "references", "required_rows", "same_row", "short_form", "standard_text", "table_when",
        "facts",
    }  # fmt: skip


@pytest.mark.parametrize("name", READ)
def test_a_feature_is_a_sound_questionnaire(name, tmp_path):
    questionnaire = tiny(tmp_path, READ[name]["sections"])
    ignored = re.compile(r"fact (full_assessment|personal_data_used) reads screening\.")
    faults = [p for p in lint(questionnaire, load_catalogue().cite) if not ignored.match(p.says)]
    assert faults == []


@pytest.mark.parametrize(("name", "case"), CASES)
def test_a_feature(name, case, tmp_path):
    questionnaire = tiny(tmp_path, READ[name]["sections"])
    answers = {"piagen": "1", **case["answers"]}
    untouched = copy.deepcopy(answers)
    assert to_marshmallow(questionnaire).validate(answers) == {}
    found = survey(questionnaire, answers)
    step = walk(questionnaire, answers, case.get("passed", ()))
    gaps = missing(questionnaire, answers)
    results = {
        "applies": asked(found),
        "missing": [gap.at for gap in gaps],
        "hidden": list(hidden(questionnaire, answers)),
        "visible": {key: part for key, part in found.visible.items() if key in questionnaire.tables
                    or key in questionnaire.leaves},
        "next": None if step is None else f"{step.kind} {step.place.at}",
    }  # fmt: skip
    expected = {key: wanted for key, wanted in case.items() if key in EXPECTED}
    assert expected, "a case says what to expect"
    assert {key: results[key] for key in expected} == expected
    assert answers == untouched


def test_standard_text_is_offered_and_never_inserted(tmp_path):
    questionnaire = tiny(tmp_path, READ["standard_text"]["sections"])
    question = questionnaire.by_path["x.steps"]
    assert question.words.standard_text == "Ask first."
    assert survey(questionnaire, {"piagen": "1"}).visible == {"piagen": "1"}


def test_an_option_list_is_read_from_where_it_lives(tmp_path):
    questionnaire = tiny(tmp_path, READ["options_from"]["sections"])
    question = questionnaire.by_path["x.colour"]
    assert question.options == {"red": "Red", "no": "No colour"}
    assert question.options_from == "test.colours"
    assert to_marshmallow(questionnaire).validate({"piagen": "1", "x": {"colour": "blue"}})
