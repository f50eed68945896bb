"""Rows are copied, moved and removed; what refers to a row that goes is never left pointing."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.strategies import documents

from piagen.domain.fact import rows
from piagen.domain.stored_path import parse
from piagen.pipeline.assess import questionnaire
from piagen.questionnaire.edit import leaves
from piagen.questionnaire.rows import copy_row, loss, move_row, remove_row
from piagen.questionnaire.to_marshmallow import to_marshmallow

ASKED = questionnaire()
SCHEMA = to_marshmallow(ASKED)


@pytest.fixture
def hub(example: Any) -> dict[str, Any]:
    found: dict[str, Any] = example("safeguarding-hub")
    return found


def test_a_copy_has_an_id_of_its_own_and_all_but_the_cell_that_changes(hub: dict[str, Any]) -> None:
    table = ASKED.tables["data_items"]
    first = hub["data_items"][0]
    after = copy_row(hub, table, first["id"], "item", "Another item")
    new = after["data_items"][-1]
    assert new == {**first, "id": "another-item", "item": "Another item"}
    assert after["data_items"][:-1] == hub["data_items"]
    assert SCHEMA.validate(after) == {}


def test_a_copy_of_a_link_row_leaves_out_what_names_it(hub: dict[str, Any]) -> None:
    table = ASKED.tables["legal_basis"]
    first = hub["legal_basis"][0]
    new = copy_row(hub, table, first["id"], "partner", first["partner"])["legal_basis"][-1]
    assert not {"purpose", "regime"} & set(new)
    assert new["article_6"] == first["article_6"]


@pytest.mark.parametrize("whole", [True, False])
def test_what_waits_to_be_confirmed_waits_in_the_copy_too(
    hub: dict[str, Any], *, whole: bool
) -> None:
    first = hub["data_items"][0]["id"]
    at = f"data_items[{first}]" if whole else f"data_items[{first}].category"
    hub["unconfirmed"] = [{"path": at, "starter": "s"}]
    after = copy_row(hub, ASKED.tables["data_items"], first, "item", "Another item")
    doubts = [row["path"] for row in after["unconfirmed"]]
    assert doubts[0] == at
    assert "data_items[another-item].category" in doubts
    assert "data_items[another-item].item" not in doubts
    assert len(doubts) == (len(hub["data_items"][0]) - 1 if whole else 2)


def test_a_row_is_moved_by_one_and_stays_at_the_ends(hub: dict[str, Any]) -> None:
    ids = [row["id"] for row in hub["purposes"]]

    def moved(row: str, by: int) -> list[str]:
        return [each["id"] for each in move_row(hub, "purposes", row, by)["purposes"]]

    assert moved(ids[1], -1) == [ids[1], ids[0], *ids[2:]]
    assert moved(ids[0], -1) == ids
    assert moved(ids[-1], 1) == ids
    assert [row["id"] for row in hub["purposes"]] == ids, "what was given is left alone"


SMALL: dict[str, Any] = {
    "piagen": "1",
    "partners": [{"id": "a"}, {"id": "b"}],
    "purposes": [{"id": "p"}],
    "roles": [{"id": "r", "partner": "a", "purpose": "p", "role": "controller"}],
    "data_flows": [
        {"id": "f", "sender": "a", "recipients": ["a", "b"]},
        {"id": "g", "sender": "b", "recipients": ["a"]},
    ],
    "recipient_needs": [{"id": "n", "flow": "f", "recipient": "b"}],
    "rights": {"lead_partner": "a"},
    "open_questions": [{"at": "partners[a].name"}, {"at": "roles[r].role"}, {"at": "partners"}],
    "unconfirmed": [
        {"path": "partners[a]"},
        {"path": "data_flows[f].recipients"},
        {"path": "data_flows[g].recipients"},
        {"path": "rights.lead_partner"},
    ],
    "withheld": [{"path": "partners[a].name", "reason": "R"}],
}


def test_a_loss_names_the_rows_that_go_and_the_answers_that_no_longer_name_it() -> None:
    lost = loss(ASKED, SMALL, "partners", "a")
    assert lost.rows == ("roles[r]",)
    assert set(lost.references) == {
        "rights.lead_partner",
        "data_flows[f].sender",
        "data_flows[f].recipients",
        "data_flows[g].recipients",
    }
    assert loss(ASKED, SMALL, "roles", "r") == type(lost)()


def test_removing_a_row_takes_everything_about_it_along() -> None:
    given_ = copy.deepcopy(SMALL)
    after = remove_row(ASKED, given_, "partners", "a")
    assert given_ == SMALL, "what was given is left alone"
    assert after["partners"] == [{"id": "b"}]
    assert "roles" not in after
    assert after["data_flows"] == [{"id": "f", "recipients": ["b"]}, {"id": "g", "sender": "b"}]
    assert after.get("rights", {}) == {}
    assert after["open_questions"] == [{"at": "partners"}]
    assert after["unconfirmed"] == [{"path": "data_flows[f].recipients"}]
    assert "withheld" not in after


def test_what_stands_on_a_row_that_goes_goes_too_however_far() -> None:
    after = remove_row(ASKED, SMALL, "data_flows", "f")
    assert "recipient_needs" not in after


@given(answers=documents(ASKED), data=st.data())
def test_whatever_row_is_removed_the_file_is_right_and_no_place_points_nowhere(
    answers: dict[str, Any], data: st.DataObject
) -> None:
    there = [(key, row["id"]) for key in ASKED.tables for row in rows(answers, key)]
    if not there:
        return
    key, row = data.draw(st.sampled_from(there))
    going = loss(ASKED, answers, key, row)
    after = remove_row(ASKED, answers, key, row)
    assert SCHEMA.validate(after) == {}
    assert row not in [each["id"] for each in rows(after, key)]
    gone = {(parse(at).key, parse(at).row) for at in going.rows}
    assert gone.isdisjoint((k, r["id"]) for k in ASKED.tables for r in rows(after, k))
    left = {at for k in ASKED.tables for at in leaves(after, k)}
    before = {at for k in ASKED.tables for at in leaves(answers, k)}
    assert left <= before, "nothing is made up"
    for table, leaf in (("open_questions", "at"), ("withheld", "path"), ("waivers", "at")):
        for kept in rows(after, table):
            try:
                place = parse(kept[leaf])
            except ValueError:
                continue
            assert (place.key, place.row) != (key, row)
