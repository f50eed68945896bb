"""Projects come in whole, in order, once, and one that is broken does not hide the others."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from piagen.pipeline.answers import MOST_BYTES
from piagen.pipeline.batch import splitting
from piagen.pipeline.batch.sources import inputs, measure
from tests.batch.running import small

VALUES = st.recursive(
    st.none() | st.integers() | st.text(alphabet='a"\\{}[],\n é', max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)


def keys_of(*sources: Path | str, folder: Path) -> list[str]:
    return [one.key for one in inputs(sources, folder)]


def listed(*references: str | None) -> bytes:
    return "".join(f"{json.dumps(small(one))}\n" for one in references).encode()


def chunks(content: bytes, size: int) -> list[bytes]:
    return [content[at : at + size] for at in range(0, len(content), size)]


@given(st.lists(VALUES, max_size=5), st.integers(1, 9), st.sampled_from([None, 1]))
def test_an_array_is_cut_between_its_elements_wherever_the_stream_is(values, size, indent):
    content = json.dumps(values, ensure_ascii=False, indent=indent).encode()
    found = list(splitting.elements(chunks(content, size), 10_000))
    assert [json.loads(part) for _, _, part in found if part is not None] == values
    assert [number for number, _, _ in found] == list(range(1, len(values) + 1))
    for _, line, part in found:
        assert part is not None
        assert b"\n".join(content.split(b"\n")[line - 1 :]).count(part[:20])


@given(
    st.lists(st.sampled_from([b"{}", b'{"a": "\\n"}', b"", b"  ", b"broken"])), st.integers(1, 9)
)
def test_lines_are_numbered_as_an_editor_numbers_them(written, size):
    content = b"\n".join(written)
    found = list(splitting.lines(chunks(content, size), 10_000))
    assert found == [(n, n, line) for n, line in enumerate(written, 1) if line.strip()]


@pytest.mark.parametrize("size", [1, 7, 100])
def test_what_is_too_large_is_left_out_and_the_rest_comes(size):
    large, held = b'{"a": "' + b"x" * 50 + b'"}', b'{"b": 1}'
    found = [(1, 1, held), (2, 2, None), (3, 3, held)]
    array = b"[" + b",\n".join([held, large, held]) + b"]"
    assert list(splitting.elements(chunks(array, size), 20)) == found
    assert list(splitting.lines(chunks(b"\n".join([held, large, held]), size), 20)) == found


@pytest.mark.parametrize(
    ("content", "broken"),
    [
        (b'[{"a": 1}, {"b"', 2),
        (b'[{"a": 1}', 1),
        (b'[{"a": 1}] {"b": 2}', 2),
        (b'[{"a": 1}, ]', 2),
        (b"[", 1),
        (b'[{"a": 1}]]', 2),
    ],
)
def test_an_array_that_is_no_array_ends_in_a_part_that_nobody_can_read(content, broken):
    found = {number: part for number, _, part in splitting.elements([content], 1_000)}
    assert max(found) == broken
    with pytest.raises(ValueError, match=r"Expecting|Unterminated"):
        json.loads(found[broken] or b"")


@pytest.mark.parametrize(
    ("name", "content", "keys"),
    [
        ("one.json", b'{"piagen": "1"}', ["one.json"]),
        ("one.json", b'{\n  "piagen": "1"\n}\n', ["one.json"]),
        ("one.json", b'\xef\xbb\xbf{"piagen": "1"}\n', ["one.json"]),
        ("one.json", b"", ["one.json"]),
        ("many.jsonl", b'{"a": 1}\n\n{"a": 2}\n', ["many.jsonl:1", "many.jsonl:3"]),
        ("many.jsonl", b'{"a": 1}', ["many.jsonl:1"]),
        ("many.json", b'{"a": 1}\n{"a": 2}\n', ["many.json:1", "many.json:2"]),
        ("many.json", b'{"a": \n{"a": 2}\n', ["many.json:1", "many.json:2"]),
        ("many.json", b' [{"a": 1}, {"a": 2}]', ["many.json:1", "many.json:2"]),
        ("many.json", b"[]", []),
        ("one.json", b'{"a": {}\n, "b": {}\n}\n', ["one.json"]),
        ("one.json", b'{ "a": {}\n\n, "b": {}\n}\n', ["one.json"]),
        ("many.json", b'{"a": 1}\r\n\r\n{"a": 2}\r\n', ["many.json:1", "many.json:3"]),
    ],
)
def test_the_shape_is_told_from_the_content(tmp_path, monkeypatch, name, content, keys):
    monkeypatch.chdir(tmp_path)
    Path(name).write_bytes(content)
    assert [one.key for one in inputs([name], Path())] == keys


def test_json_lines_are_told_however_long_the_first_is(tmp_path):
    first = json.dumps({"a": "x" * 200_000}).encode()
    path = tmp_path / "long.json"
    path.write_bytes(first + b"\n" + b'{"b": 1}\n')
    assert [one.content for one in inputs([path], tmp_path)] == [first, b'{"b": 1}']


@pytest.mark.parametrize("size", [1, 7, 10])
def test_json_lines_are_told_wherever_the_stream_is_cut(size):
    content = b'{"a": 1}\n\n{"b": 2}\n'
    shape, again = splitting.shape_of(iter(chunks(content, size)), 1_000)
    assert (shape, b"".join(again)) == ("lines", content)


def test_a_folder_is_gone_through_by_name_without_what_is_hidden_or_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in (
        "b/2.json",
        "b/10.jsonl",
        "a.json",
        "c.txt",
        ".git/x.json",
        "b/.x.json",
        "out/m.json",
    ):
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text("{}\n")
    Path("loop").symlink_to(".")
    found = [one.key for one in inputs([".", "a.json", "./b"], Path("out"))]
    assert found == ["../a.json", "../b/10.jsonl:1", "../b/2.json"]
    assert measure(["."], Path("out")) == 9
    assert measure(["-"], Path("out")) is None


def test_what_cannot_be_read_is_told_and_does_not_stop_the_others(tmp_path):
    (tmp_path / "good.json").write_text("{}")
    (tmp_path / "large.json").write_bytes(b'{"a": "' + b"x" * MOST_BYTES + b'"}')
    os.mkfifo(tmp_path / "pipe.json")
    found = {
        Path(one.key).name: one for one in inputs([tmp_path, tmp_path / "none.json"], tmp_path)
    }
    assert found["good.json"].fault is None
    for name, says in (("large", "too large"), ("pipe", "neither a file"), ("none", "No such")):
        fault = found[f"{name}.json"].fault
        assert fault is not None
        assert says in fault.says


def test_a_project_of_a_list_is_known_by_its_reference_wherever_it_stands(tmp_path):
    path = tmp_path / "all.jsonl"
    path.write_bytes(listed("A", "B"))
    assert keys_of(path, folder=tmp_path) == ["all.jsonl#A", "all.jsonl#B"]
    path.write_bytes(listed("NEW", None, " A ", "B"))
    kept = [f"all.jsonl{told}" for told in ("#NEW", ":2", "#A", "#B")]
    assert keys_of(path, folder=tmp_path) == kept
    before = {one.key: one.content for one in inputs([path], tmp_path)}
    lines = path.read_bytes().splitlines()
    path.write_bytes(b"[" + b" ,\n ".join(reversed(lines)) + b"\n]")
    array = {one.key: one.content for one in inputs([path], tmp_path)}
    assert array.keys() - before.keys() == {"all.jsonl:3"}
    assert {array[key] == before[key] for key in array.keys() & before.keys()} == {True}


def test_two_with_one_reference_have_two_keys_and_no_third_has_one_of_them(tmp_path):
    path = tmp_path / "all.jsonl"
    path.write_bytes(listed("A", "A.2", "A", "A", "A.2"))
    found = keys_of(path, folder=tmp_path)
    assert found == [f"all.jsonl#{told}" for told in ("A", "A.2", "A.3", "A.4", "A.2.2")]


def test_a_long_reference_makes_no_long_key_and_two_of_them_stay_apart(tmp_path):
    path = tmp_path / "all.jsonl"
    path.write_bytes(listed("x" * 5_000 + "1", "x" * 5_000 + "2"))
    found = keys_of(path, folder=tmp_path)
    assert len(set(found)) == 2
    assert max(map(len, found)) < 150


def test_a_key_is_the_same_from_wherever_and_however_its_file_is_named(tmp_path, monkeypatch):
    for name in ("in/a.json", "h/1.json", "s/1.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("{}")
    out = tmp_path / "out"
    (tmp_path / "link").symlink_to("in")
    for name in ("in/a.json", "./in//a.json", "h/../in/a.json", "link/a.json", tmp_path / "in"):
        monkeypatch.chdir(tmp_path)
        assert keys_of(name, folder=Path("out")) == ["../in/a.json"]
    assert keys_of("in/a.json", tmp_path / "in", "link", folder=out) == ["../in/a.json"]
    found = []
    for name in ("h", "s"):
        monkeypatch.chdir(tmp_path / name)
        found += keys_of(".", folder=Path("../out"))
    assert found == ["../h/1.json", "../s/1.json"]


def test_the_file_that_is_opened_is_the_one_that_was_named(tmp_path, monkeypatch):
    (tmp_path / "d").mkdir()
    (tmp_path / "real" / "deep").mkdir(parents=True)
    (tmp_path / "d" / "link").symlink_to("../real/deep")
    (tmp_path / "d" / "a.json").write_bytes(b'{"a": "wrong"}')
    (tmp_path / "real" / "a.json").write_bytes(b'{"a": "right"}')
    monkeypatch.chdir(tmp_path)
    [one] = inputs(["d/link/../a.json"], Path("out"))
    assert one.content == b'{"a": "right"}'
    assert (one.key, one.name) == ("../real/a.json", "d/link/../a.json")


def test_a_linked_folder_is_gone_into_once(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "far").mkdir()
    (tmp_path / "far" / "a.json").write_text("{}")
    (tmp_path / "far" / "back").symlink_to("../in")
    for name in ("one", "two"):
        (tmp_path / "in" / name).symlink_to("../far")
    (tmp_path / "in" / "self").symlink_to("self")
    assert keys_of(tmp_path / "in", folder=tmp_path) == ["far/a.json"]


def unreadable(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody read a folder; the test may run as somebody who may read everything."""
    scan = os.scandir

    def refused(at):
        if Path(at).resolve() == path.resolve():
            raise PermissionError(13, "Permission denied", str(at))
        return scan(at)

    monkeypatch.setattr(os, "scandir", refused)


def test_a_folder_that_cannot_be_read_is_named_and_the_others_come(tmp_path, monkeypatch):
    for name in ("in/a/1.json", "in/b/2.json", "in/c/3.json"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text("{}")
    unreadable(tmp_path / "in" / "b", monkeypatch)
    found = list(inputs([tmp_path / "in"], tmp_path / "out"))
    assert [one.key for one in found] == ["../in/a/1.json", "../in/b", "../in/c/3.json"]
    assert found[1].fault is not None
    assert "this folder cannot be read (Permission denied)" in found[1].fault.says
    assert found[1].name == str(tmp_path / "in" / "b")


def test_a_folder_with_nothing_to_read_is_named(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "notes.txt").write_text("nothing")
    [one] = inputs([tmp_path / "in"], tmp_path / "out")
    assert one.fault is not None
    assert one.fault.says.startswith("no answers files (.json, .jsonl or .ndjson) are in it.")
    (tmp_path / "in" / "b").mkdir()
    (tmp_path / "in" / "b" / "a.json").write_text("{}")
    twice = keys_of(tmp_path / "in" / "b", tmp_path / "in", tmp_path / "in", folder=tmp_path)
    assert twice == ["in/b/a.json"], "what was read already is not nothing"


def test_what_a_batch_wrote_is_no_input(tmp_path):
    for name in ("manifest.jsonl", ".piagen-batch", "mine.json", "nsh-1/mine.json"):
        for folder in ("s", "s/old", "s/out"):
            (tmp_path / folder / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / folder / name).write_text("{}\n")
    (tmp_path / "s" / "out" / ".piagen-batch").unlink()
    own = ["mine.json", "nsh-1/mine.json"]
    assert keys_of(tmp_path / "s", folder=tmp_path / "s") == [
        *own,
        *("out/manifest.jsonl:1", "out/mine.json", "out/nsh-1/mine.json"),
    ]
    assert keys_of(tmp_path / "s", folder=tmp_path / "s" / "out") == [f"../{name}" for name in own]
    assert keys_of(tmp_path / "s" / "old", folder=tmp_path / "s" / "old") == own


def test_the_place_of_a_project_of_a_list_is_its_line(tmp_path):
    path = tmp_path / "all.json"
    path.write_bytes(b'[\n {"a": 1},\n\n {"a":\n 2}, {"a": 3}\n]')
    assert [one.line for one in inputs([path], tmp_path)] == [2, 4, 5]
    path.write_bytes(b'{"a": 1}\n\n{"a": 2}\n')
    assert [one.line for one in inputs([path], tmp_path)] == [1, 3]
    path.write_bytes(b"{}")
    assert [one.line for one in inputs([path], tmp_path)] == [None]
