"""Loading a project and looking at it tells what is missing, open and hidden."""

from __future__ import annotations

import json

import pytest

from piagen.errors import ShapeErrors, UnusableFile
from piagen.pipeline.assess import check, load
from piagen.resources import shipped

EXAMPLES = shipped("examples")


def test_a_finished_example_has_nothing_missing():
    review = check(load(EXAMPLES / "safeguarding-hub.json"))
    assert (review.missing, review.hidden, review.open, review.unasked) == ((), (), (), ())
    assert review.given > 1_500


def test_gaps_are_split_into_open_and_unasked():
    review = check(load(EXAMPLES / "early-draft.json"))
    assert review.open
    assert review.unasked
    assert sorted((*review.open, *review.unasked), key=review.missing.index) == [*review.missing]
    assert all(gap.open is None for gap in review.unasked)


def test_hidden_answers_are_told_by_path(tmp_path):
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"piagen": "1", "partnership": {"protocol": "none"}}))
    assert check(load(path)).hidden == ("partnership.protocol",)


def test_answers_are_counted_without_the_offers_of_another_row(tmp_path):
    counts = []
    for rows in ([], [{"id": "a"}], [{"id": "a", "role": "Lead"}]):
        path = tmp_path / "a.json"
        path.write_text(json.dumps({"piagen": "1", "reviewers": rows}))
        counts.append(check(load(path)).given)
    assert counts == [0, 1, 2]


def test_a_path_may_be_given_as_text():
    loaded = load(str(EXAMPLES / "early-draft.json"))
    assert loaded.path == EXAMPLES / "early-draft.json"


def test_a_file_that_cannot_be_used_is_refused(tmp_path):
    (tmp_path / "a.json").write_text("{")
    (tmp_path / "b.json").write_text('{"piagen": "1", "nope": 1}')
    with pytest.raises(UnusableFile):
        load(tmp_path / "a.json")
    with pytest.raises(ShapeErrors):
        load(tmp_path / "b.json")
