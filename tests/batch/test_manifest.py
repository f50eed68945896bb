"""The manifest is true whatever happened while it was written."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest

from piagen.errors import CannotWrite
from piagen.pipeline.batch.manifest import Manifest
from piagen.pipeline.batch.record import Entry, Fault, Output, Place, from_json, to_json

ENTRY = Entry(
    key="in/a.json",
    way="pdf full en",
    sha256="1" * 64,
    fingerprint="f",
    versions={"piagen": "0"},
    folder="a",
    status="ready",
    title="Llŷn, =1+1",
    outputs=(Output("pia", "a/a_pia.pdf", "2" * 64, 3),),
    seconds=1.5,
)
OTHER = replace(
    ENTRY,
    key="in/b\udcff.json",
    folder="b",
    status="failed",
    error=Fault("input", "says", (Place("a", "b"),)),
)


@pytest.mark.parametrize("entry", [ENTRY, OTHER])
def test_a_line_holds_all_of_an_entry(entry):
    assert from_json(to_json(entry)) == entry
    assert to_json(entry).count(b"\n") == 1


@pytest.mark.parametrize("line", [b"", b"{", b"[]", b"{}", b"null", b'{"outputs": 1}'])
def test_a_line_that_holds_no_entry_is_passed_over(line):
    assert from_json(line) is None


def test_the_last_line_counts_and_tidying_leaves_one_a_project_by_key(tmp_path):
    made = Manifest.open(tmp_path)
    for entry in (OTHER, ENTRY, replace(OTHER, status="ready", error=None)):
        made.add(entry)
    made.close()
    again = Manifest.open(tmp_path)
    found = again.get((OTHER.key, OTHER.way))
    assert found is not None
    assert found.status == "ready"
    assert again.holder("a") == ENTRY.key
    again.tidy()
    assert [entry.key for entry in again.entries()] == [ENTRY.key, OTHER.key]
    assert [e.key for e in Manifest.read(tmp_path).entries()] == [ENTRY.key, OTHER.key]
    assert (tmp_path / "manifest.jsonl").read_bytes().count(b"\n") == 2


def test_documents_made_in_two_ways_are_two_projects(tmp_path):
    made = Manifest.open(tmp_path)
    made.add(ENTRY)
    made.add(replace(ENTRY, way="html full en"))
    assert len(list(made.entries())) == 2
    made.close()


@pytest.mark.parametrize("cut", [1, 20, 200])
def test_a_line_that_was_cut_short_is_taken_away_and_the_others_stay(tmp_path, cut):
    made = Manifest.open(tmp_path)
    made.add(ENTRY)
    made.add(OTHER)
    made.close()
    path = tmp_path / "manifest.jsonl"
    path.write_bytes(path.read_bytes()[:-cut])
    again = Manifest.open(tmp_path)
    assert again.get((OTHER.key, OTHER.way)) is None
    again.add(OTHER)
    again.close()
    assert path.read_bytes() == to_json(ENTRY) + to_json(OTHER)


def test_without_room_it_is_as_it_was(tmp_path, monkeypatch):
    made = Manifest.open(tmp_path)
    made.add(ENTRY)
    write = os.write
    monkeypatch.setattr(os, "write", lambda file, content: write(file, content[:10]))
    with pytest.raises(CannotWrite, match="No space"):
        made.add(OTHER)
    monkeypatch.undo()
    assert made.path.read_bytes() == to_json(ENTRY)
    made.add(OTHER)
    assert [entry.key for entry in made.entries()] == [ENTRY.key, OTHER.key]
    made.close()


def test_reading_writes_nothing(tmp_path):
    assert list(Manifest.read(tmp_path / "none").entries()) == []
    assert list(tmp_path.iterdir()) == []
