"""The survey splits any answers into what applies and what is hidden, and changes nothing."""

from __future__ import annotations

import copy
from datetime import date
from typing import Any

from hypothesis import given
from tests.strategies import documents

from piagen.pipeline.assess import questionnaire as shipped_questionnaire
from piagen.questionnaire.missing import hidden
from piagen.questionnaire.missing import missing as find_missing
from piagen.questionnaire.model import Question
from piagen.questionnaire.survey import survey

Q = shipped_questionnaire()


def missing(questionnaire, answers):
    """The gaps; a test that looks into an open one expects it to be open."""
    return find_missing(questionnaire, answers)


def stored(answers):
    """Yield the stored path of every answer, and of every table that has rows."""
    for key, leaves in Q.leaves.items():
        yield from (f"{key}.{leaf}" for leaf in leaves if leaf in answers.get(key, {}))
    for key, table in Q.tables.items():
        for row in answers.get(key, ()):
            yield f"{key}[{row['id']}]"
            for column in table.columns:
                if column.leaf in row:
                    yield f"{key}[{row['id']}].{column.leaf}"


def under(path, hidden_paths):
    return path in hidden_paths or path.partition("[")[0] in hidden_paths


@given(documents(Q))
def test_every_answer_is_either_visible_or_hidden(answers):
    found = survey(Q, answers)
    visible = set(stored(found.visible))
    assert {path for path in stored(answers) if not under(path, found.hidden)} == visible
    assert not {path for path in visible if under(path, found.hidden)}


@given(documents(Q))
def test_visible_answers_are_taken_over_as_they_are(answers):
    visible = survey(Q, answers).visible
    for key, part in visible.items():
        if isinstance(part, dict):
            assert part.items() <= answers[key].items()
        elif key in Q.tables:
            assert [row["id"] for row in part] == [row["id"] for row in answers[key]]
            assert all(a.items() <= b.items() for a, b in zip(part, answers[key], strict=True))
        else:
            assert part == answers[key]


@given(documents(Q))
def test_what_is_visible_stays_visible_without_what_is_hidden(answers):
    found = survey(Q, answers)
    again = survey(Q, found.visible)
    assert again.hidden == []
    assert again.visible == found.visible
    assert again.places == found.places


@given(documents(Q))
def test_each_place_is_there_once_and_says_whether_it_is_answered(answers):
    found = survey(Q, answers)
    places = [place for place in found.places if not place.last_of]
    assert len({place.at for place in places}) == len(places)
    leaves = {place.at for place in places if place.answered and isinstance(place.entry, Question)}
    worked_out = {"screening.outcome"}
    assert leaves == {path for path in stored(found.visible) if path[-1] != "]"} - worked_out


@given(documents(Q))
def test_the_answers_are_not_changed(answers):
    before = copy.deepcopy(answers)
    found = survey(Q, answers)
    missing(Q, answers)
    hidden(Q, answers)
    assert answers == before
    for key in Q.tables:
        for row in found.visible.get(key, ()):
            row["scribble"] = True
    assert answers == before


@given(documents(Q))
def test_gaps_are_the_places_without_an_answer_in_the_order_asked(answers):
    places = [place.at for place in survey(Q, answers).places if not place.last_of]
    gaps = missing(Q, answers)
    assert [gap.at for gap in gaps] == [at for at in places if at in {gap.at for gap in gaps}]
    opened = {row["at"] for row in answers.get("open_questions", ())}
    for gap in gaps:
        assert (gap.open is not None) == (gap.at in opened)
        assert gap.open or not gap.entry.reach.optional


def test_what_the_tool_keeps_is_visible_whatever_was_answered():
    kept = {
        "piagen": "1",
        "extra": {"a": 1},
        "open_questions": [{"at": "assessment.title"}],
        "unconfirmed": [{"path": "assessment.title", "starter": "s"}],
        "withheld": [{"path": "security.protection", "reason": "r"}],
        "dismissed_risks": [{"slug": "s", "reason": "r"}],
        "waivers": [{"rule": "R1", "at": "x", "reason": "r", "owner": "o", "until": "2027-01-01"}],
    }
    assert survey(Q, {**kept, "screening": {"route": "short"}}).visible == {
        **kept,
        "screening": {"route": "short"},
    }


def test_an_open_question_brings_its_note_owner_and_date():
    row = {"at": "assessment.title", "note": "Ask the board.", "owner": "IG", "due": "2026-12-01"}
    answers = {"piagen": "1", "open_questions": [row, {"at": "assessment.author"}]}
    title, author, *others = missing(Q, answers)
    assert (title.open.note, title.open.owner) == ("Ask the board.", "IG")
    assert title.open.due == date(2026, 12, 1)
    assert (author.open.note, author.open.owner, author.open.due) == (None, None, None)
    assert all(gap.open is None for gap in others)
    assert title.section.id == "assessment"
    assert title.entry is Q.by_path["assessment.title"]


def test_an_optional_leaf_is_missing_only_while_it_is_open():
    answers: dict[str, Any] = {
        "piagen": "1",
        "open_questions": [{"at": "assessment.reference"}],
    }
    assert "assessment.reference" in {gap.at for gap in missing(Q, answers)}
    assert "assessment.reference" not in {gap.at for gap in missing(Q, {"piagen": "1"})}
    answers["assessment"] = {"reference": "NC-1"}
    assert "assessment.reference" not in {gap.at for gap in missing(Q, answers)}


def test_the_finished_examples_have_no_gap_and_hide_nothing(example):
    for name in ("safeguarding-hub", "homelessness-duty-to-refer"):
        assert missing(Q, example(name)) == ()
        assert hidden(Q, example(name)) == ()


def test_the_draft_has_gaps_of_both_kinds(example):
    gaps = missing(Q, example("early-draft"))
    assert {gap.open is not None for gap in gaps} == {True, False}
    (own_use,) = [gap for gap in gaps if gap.at == "processors[penntarrow].own_use"]
    assert own_use.open.owner == "Procurement category manager"


def test_the_short_form_is_much_shorter(example):
    answers = example("safeguarding-hub")
    answers["screening"]["route"] = "short"
    short = {p.at.partition("[")[0].partition(".")[0] for p in survey(Q, answers).places}
    assert {"practice", "risks", "necessity", "protocol", "agreement"}.isdisjoint(short)
    assert {"assessment", "screening", "project", "sign_off"} <= short
    assert set(hidden(Q, answers)) >= {
        "risks",
        "practice.vision",
        "data_items[child-identity].source",
    }
