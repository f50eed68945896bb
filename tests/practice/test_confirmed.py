"""An answer counts once it is there, applies and was confirmed, at whatever level it is listed."""

from __future__ import annotations

import pytest
from tests.practice.partnership import project

from piagen.practice.confirmed import confirmed, given


def test_what_is_confirmed_stays_as_it_is():
    whole = project()
    assert confirmed(whole) == whole


def test_a_leaf_of_a_section_is_left_out_and_its_neighbours_stay():
    left = confirmed(project(unconfirmed=["practice.challenge"])).practice
    assert (left.challenge, left.challenge_working_days) == (None, 3)


def test_a_cell_is_left_out_and_its_row_stays():
    left = confirmed(project(unconfirmed=["decisions[d-offer].good_cause"])).decisions
    assert [(row.id, row.good_cause is None) for row in left] == [
        ("d-offer", True),
        ("d-refuse", False),
    ]


def test_a_row_is_left_out_and_the_others_stay():
    left = confirmed(project(unconfirmed=["decisions[d-offer]"])).decisions
    assert [row.id for row in left] == ["d-refuse"]


def test_a_table_or_section_is_left_out_whole():
    left = confirmed(project(unconfirmed=["decisions", "practice"]))
    assert left.decisions == ()
    assert left.practice == type(left.practice)()


@pytest.mark.parametrize(
    "at",
    [
        "no_such_table",
        "decisions[gone]",
        "decisions[d-offer].no_such_column",
        "decisions[d-offer].id",
        "decisions.good_cause",
        "practice[row]",
        "practice.no_such_leaf",
        "sign_off[role=siro]",
        "not a path at all",
        "extra",
        "extra.northshire",
    ],
)
def test_an_entry_that_names_nothing_changes_nothing(at):
    listed = project(unconfirmed=[at])
    assert confirmed(listed) == listed


@pytest.mark.parametrize("answer", ["word", True, False, 0, 3, ("one",)])
def test_an_answer_says_something(answer):
    assert given(answer)


@pytest.mark.parametrize("answer", [None, "", "  \n ", ()])
def test_nothing_is_no_answer(answer):
    assert not given(answer)
