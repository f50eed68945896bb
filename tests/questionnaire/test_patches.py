"""A patch adds questions and makes ours stricter; it takes nothing away, and lets nobody off."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from tests.questionnaire.tiny import LISTS

from piagen.errors import Problem
from piagen.pipeline.assess import questionnaire
from piagen.questionnaire.missing import missing
from piagen.questionnaire.model import FactHolds, Questionnaire
from piagen.questionnaire.patch import patched
from piagen.questionnaire.survey import survey
from piagen.questionnaire.to_jsonschema import to_jsonschema
from piagen.questionnaire.to_marshmallow import to_marshmallow

HEAD = "extends: piagen:core/practice\n"
ADDED = """
add:
  - id: nsh_visits
    after: practice.vision
    label: Visits
    ask: How many visits a year?
    type: number
    limits: { min: 1, max: 9 }
    documents: [pia]
"""


def with_patch(folder: Path, text: str, section: str = "practice") -> Questionnaire:
    asked, problems = patch(folder, text, section)
    assert problems == ()
    return asked


def patch(
    folder: Path, text: str, section: str = "practice", prefix: str | None = "nsh"
) -> tuple[Questionnaire, tuple[Problem, ...]]:
    (folder / f"{section}.yaml").write_text(text, encoding="utf-8")
    return patched(questionnaire(), folder, prefix, LISTS.__getitem__, "northshire")


def refused(folder: Path, text: str, **more: Any) -> str:
    asked, problems = patch(folder, text, **more)
    assert asked is questionnaire()
    (problem,) = problems
    assert problem.at.startswith("northshire/")
    return f"{problem.line} {problem.at.partition(': ')[2]}: {problem.says}"


def shape(asked: Questionnaire, answers: Mapping[str, Any]) -> tuple[bool, bool]:
    """Whether marshmallow and the JSON Schema take the answers."""
    whole = {"piagen": "1", **answers}
    validator = jsonschema.Draft202012Validator(to_jsonschema(asked))
    return not to_marshmallow(asked).validate(whole), validator.is_valid(whole)


def test_an_added_question_is_asked_where_it_was_put(tmp_path: Path) -> None:
    asked = with_patch(tmp_path, HEAD + ADDED)
    section = next(section for section in asked.sections if section.id == "practice")
    paths = [entry.path for entry in section.entries]
    assert paths[paths.index("practice.vision") + 1] == "extra.nsh_visits"
    last = with_patch(tmp_path, HEAD + ADDED.replace("    after: practice.vision\n", ""))
    section = next(section for section in last.sections if section.id == "practice")
    assert section.entries[-1].path == "extra.nsh_visits"


def test_it_is_a_gap_until_it_is_answered_and_only_in_a_full_assessment(tmp_path: Path) -> None:
    asked = with_patch(tmp_path, HEAD + ADDED)
    full = {"piagen": "1", "screening": {"route": "full"}}
    assert "extra.nsh_visits" in [gap.at for gap in missing(asked, full)]
    done = {**full, "extra": {"nsh_visits": 3}}
    assert "extra.nsh_visits" not in [gap.at for gap in missing(asked, done)]
    assert asked.by_path["extra.nsh_visits"].reach.when == FactHolds("full_assessment")
    short = {**done, "screening": {"route": "short"}}
    assert survey(asked, short).hidden == ["extra.nsh_visits"]
    assert survey(asked, short).visible["extra"] == {}


@pytest.mark.parametrize(
    ("extra", "fits"),
    [
        ({"nsh_visits": 3}, True),
        ({"nsh_visits": 0}, False),
        ({"nsh_visits": "3"}, False),
        ({"nsh_visits": None}, False),
        ({"nsh_other": {"a": [1, "b"]}}, True),
        ({"abc": "of another organisation"}, True),
        ({"nsh_visits": 3, "abc": "\u0000"}, False),
        ([], False),
    ],
)
def test_its_answer_has_a_shape_and_both_schemas_agree(
    tmp_path: Path, extra: object, fits: bool
) -> None:
    asked = with_patch(tmp_path, HEAD + ADDED)
    assert shape(asked, {"extra": extra}) == (fits, fits)
    assert shape(questionnaire(), {"extra": {"nsh_visits": "anything"}}) == (True, True)


def test_what_nobody_asks_stays_in_extra_as_it_was(tmp_path: Path) -> None:
    asked = with_patch(tmp_path, HEAD + ADDED)
    answers = {"piagen": "1", "extra": {"nsh_visits": 3, "abc": {"kept": True}}}
    assert survey(asked, answers).visible["extra"] == {"abc": {"kept": True}, "nsh_visits": 3}
    assert answers["extra"] == {"nsh_visits": 3, "abc": {"kept": True}}


def test_words_change_and_the_rest_of_a_question_stays(tmp_path: Path) -> None:
    before = questionnaire().by_path["practice.vision"]
    text = (
        "change:\n  - {id: practice.vision, ask: New ask?, hint: New hint, errors: {required: X}}"
    )
    after = with_patch(tmp_path, HEAD + text).by_path["practice.vision"]
    assert (after.words.ask, after.words.hint) == ("New ask?", "New hint")
    assert after.words.errors == {**before.words.errors, "required": "X"}
    assert (after.words.label, after.words.guidance) == (before.words.label, before.words.guidance)
    assert (after.type, after.reach, after.options) == (before.type, before.reach, before.options)


def test_what_was_optional_can_be_asked_of_everybody(tmp_path: Path) -> None:
    path, answers = "security.continuity", {"piagen": "1", "screening": {"route": "full"}}
    assert path not in [gap.at for gap in missing(questionnaire(), answers)]
    text = f"extends: piagen:core/security\nchange:\n  - {{id: {path}, optional: false}}"
    asked = with_patch(tmp_path, text, "security")
    assert path in [gap.at for gap in missing(asked, answers)]


def test_options_are_added_after_ours(tmp_path: Path) -> None:
    text = "change:\n  - {id: practice.targeting, options: {nsh_ward: Some wards}}"
    asked = with_patch(tmp_path, HEAD + text)
    options = asked.by_path["practice.targeting"].options
    assert list(options) == [*questionnaire().by_path["practice.targeting"].options, "nsh_ward"]
    assert shape(asked, {"practice": {"targeting": "nsh_ward"}}) == (True, True)
    assert shape(questionnaire(), {"practice": {"targeting": "nsh_ward"}}) == (False, False)


def test_a_column_and_a_table_can_be_changed(tmp_path: Path) -> None:
    text = (
        "extends: piagen:core/data_flows\nchange:\n"
        "  - {id: 'systems[]', ask: Which systems?}\n"
        "  - {id: 'data_flows[].method', options: {nsh_portal: Our portal}}\n"
    )
    asked = with_patch(tmp_path, text, "data_flows")
    assert asked.tables["systems"].words.ask == "Which systems?"
    assert "nsh_portal" in asked.by_path["data_flows[].method"].options


def test_the_version_says_that_it_was_patched(tmp_path: Path) -> None:
    assert with_patch(tmp_path, HEAD + ADDED).version == f"{questionnaire().version} with nsh"
    assert with_patch(tmp_path, HEAD).version == questionnaire().version


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("type: text", "“type” of a question of piagen's cannot be changed"),
        ("when: {fact: cameras}", "“when” of"),
        ("remove: true", "“remove” of"),
        ("label: New", "“label” of"),
        ("documents: []", "“documents” of"),
        ("options_from: law", "“options_from” of"),
        ("optional: true", "never optional"),
        ("options: {nsh_a: A}", "this question has no options"),
        ("ask: ''", "write “ask” as text"),
        ("errors: none", "write “errors” as text"),
    ],
)
def test_a_core_question_is_never_retyped_nor_let_off(
    tmp_path: Path, change: str, says: str
) -> None:
    told = refused(tmp_path, f"{HEAD}change:\n  - id: practice.vision\n    {change}\n")
    assert told.startswith("3 practice.vision: ")
    assert says in told


@pytest.mark.parametrize(
    ("path", "section", "says"),
    [
        ("risks[].likelihood", "risks", "rules work from its options"),
        ("partners[].kind", "partners", "come from the law"),
    ],
)
def test_no_option_is_added_where_law_or_rules_decide(
    tmp_path: Path, path: str, section: str, says: str
) -> None:
    text = f"extends: piagen:core/{section}\nchange:\n  - {{id: '{path}', options: {{nsh_a: A}}}}"
    assert says in refused(tmp_path, text, section=section)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("title: All new\nquestions: []\n", "begin with “extends: piagen:core/practice”"),
        (HEAD + "remove: [practice.vision]\n", "1 : “remove” is not used here"),
        (HEAD + "change:\n  - {id: practice.visions, ask: A}\n", "asks no such question"),
        (HEAD + "change:\n  - {id: security.continuity, ask: A}\n", "It is asked in security."),
        (HEAD + "change:\n  - {ask: A}\n", "give it “id”"),
        (HEAD + "change:\n  - {id: practice.targeting, options: {a: A}}\n", "with “nsh_”"),
        (HEAD + ADDED.replace("nsh_visits", "visits"), "begin its id with “nsh_”"),
        (HEAD + ADDED.replace("type: number", "type: table"), "one answer, and no table"),
        (HEAD + ADDED.replace("    documents: [pia]\n", ""), "name the documents that print it"),
        (HEAD + ADDED.replace("practice.vision", "practice.visions"), "to come after"),
        (HEAD + ADDED.replace("type: number", "type: numbers"), "is no type of answer"),
        (HEAD + ADDED.replace("label: Visits", "bank: A01\n    label: A"), "has no “bank”"),
        (HEAD + ADDED.replace("    label: Visits\n", ""), "give it “label”"),
    ],
)  # fmt: skip
def test_what_a_patch_may_not_say(tmp_path: Path, text: str, says: str) -> None:
    assert says in refused(tmp_path, text)


def test_a_question_of_ones_own_needs_a_prefix(tmp_path: Path) -> None:
    assert "set “prefix” in overlay.toml" in refused(tmp_path, HEAD + ADDED, prefix=None)


def test_a_file_must_be_named_after_a_section(tmp_path: Path) -> None:
    text = "extends: piagen:core/practise\n"
    assert "there is no section “practise”" in refused(tmp_path, text, section="practise")


def test_all_faults_of_all_files_are_told(tmp_path: Path) -> None:
    (tmp_path / "security.yaml").write_text("a: [", encoding="utf-8")
    text = (
        HEAD + "change:\n  - {id: practice.vision, type: text}\n  - {id: practice.none, ask: A}\n"
    )
    _, problems = patch(tmp_path, text)
    files = [problem.at.partition(":")[0].rpartition("/")[2] for problem in problems]
    assert files == ["practice.yaml", "practice.yaml", "security.yaml"]
