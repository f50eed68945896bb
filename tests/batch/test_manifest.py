"""The manifest is true whatever happened while it was written."""

from __future__ import annotations

import json
import os
import tracemalloc
from dataclasses import replace

import pytest

from piagen.errors import CannotWrite, UnusableFile
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


def changed(**values: object) -> bytes:
    data = json.loads(to_json(ENTRY)) | values
    return json.dumps({name: value for name, value in data.items() if value != "GONE"}).encode()


OUTPUT = {"document": "pia", "file": "a", "sha256": "1", "pages": 1}
BROKEN = {
    "nothing": b"",
    "cut short": b"{",
    "a list": b"[]",
    "empty": b"{}",
    "null": b"null",
    "a field that nobody knows": changed(unheard_of=1),
    "a field that is missing": changed(left_over="GONE"),
    "another field that is missing": changed(key="GONE"),
    "a number for a text": changed(folder=7),
    "no state": changed(status="new"),
    "numbers that are none": changed(findings={"error": "2"}),
    "a document with a field too many": changed(outputs=[OUTPUT | {"size": 1}]),
    "a document with a field too few": changed(left_over=[{"document": "pia"}]),
    "a fault without places": changed(error={"kind": "input", "says": "x"}),
    "a fault of no kind": changed(error={"kind": "odd", "says": "x", "places": []}),
}


@pytest.mark.parametrize("line", BROKEN.values(), ids=BROKEN)
def test_a_line_that_is_none_of_ours_is_refused_with_its_place_and_a_remedy(tmp_path, line):
    assert from_json(line) is None
    path = tmp_path / "manifest.jsonl"
    content = to_json(OTHER) + line + b"\n" + to_json(ENTRY)
    path.write_bytes(content)
    with pytest.raises(UnusableFile, match=r"manifest\.jsonl:2: .*another version.*Move the file"):
        Manifest.open(tmp_path)
    assert path.read_bytes() == content


def test_a_manifest_that_cannot_be_read_is_not_said_to_be_unwritable(tmp_path):
    (tmp_path / "manifest.jsonl").mkdir()
    with pytest.raises(UnusableFile, match="cannot be read"):
        Manifest.read(tmp_path)


def test_a_long_manifest_is_tidied_without_being_in_memory(tmp_path):
    count = 4_000
    line = replace(ENTRY, rules={f"LB{number:03}": 1 for number in range(100)})
    path = tmp_path / "manifest.jsonl"
    keys = [f"{number:05}" for number in reversed(range(count))]
    path.write_bytes(b"".join(to_json(replace(line, key=key, folder=key)) for key in keys))
    size = path.stat().st_size
    made = Manifest.open(tmp_path)
    tracemalloc.start()
    made.tidy()
    assert [entry.key for entry in made.entries()] == sorted(keys)
    assert tracemalloc.get_traced_memory()[1] < size / 2
    tracemalloc.stop()
    assert path.stat().st_size == size
    made.close()


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


def test_each_line_is_on_the_disk_before_anything_else_is_done(tmp_path, monkeypatch):
    did: list[str] = []

    def noting(name, call):
        def noted(*given):
            did.append(name)
            return call(*given)

        monkeypatch.setattr(os, name, noted)

    noting("write", os.write)
    noting("fsync", os.fsync)
    made = Manifest.open(tmp_path)
    for number, entry in enumerate((ENTRY, OTHER, ENTRY), 1):
        made.add(entry)
        assert did == ["write", "fsync"] * number
        assert (tmp_path / "manifest.jsonl").read_bytes().count(b"\n") == number
    made.close()


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
