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

VALUES = st.recursive(
    st.none() | st.integers() | st.text(alphabet='a"\\{}[],\n é', max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)


def chunks(content: bytes, size: int) -> list[bytes]:
    return [content[at : at + size] for at in range(0, len(content), size)]


@given(st.lists(VALUES, max_size=5), st.integers(1, 9), st.sampled_from([None, 1]))
def test_an_array_is_cut_between_its_elements_wherever_the_stream_is(values, size, indent):
    content = json.dumps(values, ensure_ascii=False, indent=indent).encode()
    found = list(splitting.elements(chunks(content, size), 10_000))
    assert [json.loads(part) for _, part in found if part is not None] == values
    assert [number for number, _ in found] == list(range(1, len(values) + 1))


@given(
    st.lists(st.sampled_from([b"{}", b'{"a": "\\n"}', b"", b"  ", b"broken"])), st.integers(1, 9)
)
def test_lines_are_numbered_as_an_editor_numbers_them(written, size):
    content = b"\n".join(written)
    found = list(splitting.lines(chunks(content, size), 10_000))
    assert found == [(n, line) for n, line in enumerate(written, 1) if line.strip()]


@pytest.mark.parametrize("size", [1, 7, 100])
def test_what_is_too_large_is_left_out_and_the_rest_comes(size):
    large, held = b'{"a": "' + b"x" * 50 + b'"}', b'{"b": 1}'
    listed = b"[" + b",".join([held, large, held]) + b"]"
    found = [(1, held), (2, None), (3, held)]
    assert list(splitting.elements(chunks(listed, size), 20)) == found
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
    found = dict(splitting.elements([content], 1_000))
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
    ],
)
def test_the_shape_is_told_from_the_content(tmp_path, monkeypatch, name, content, keys):
    monkeypatch.chdir(tmp_path)
    Path(name).write_bytes(content)
    assert [one.key for one in inputs([name])] == keys


def test_json_lines_are_told_however_long_the_first_is(tmp_path):
    first = json.dumps({"a": "x" * 200_000}).encode()
    path = tmp_path / "long.json"
    path.write_bytes(first + b"\n" + b'{"b": 1}\n')
    assert [one.content for one in inputs([path])] == [first, b'{"b": 1}']


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
    found = [one.key for one in inputs([".", "a.json", "./b"], leave=Path("out"))]
    assert found == ["a.json", "b/10.jsonl:1", "b/2.json"]
    assert measure(["."], leave=Path("out")) == 9
    assert measure(["-"]) is None


def test_what_cannot_be_read_is_told_and_does_not_stop_the_others(tmp_path):
    (tmp_path / "good.json").write_text("{}")
    (tmp_path / "large.json").write_bytes(b'{"a": "' + b"x" * MOST_BYTES + b'"}')
    os.mkfifo(tmp_path / "pipe.json")
    found = {Path(one.key).name: one for one in inputs([tmp_path, tmp_path / "none.json"])}
    assert found["good.json"].fault is None
    for name, says in (("large", "too large"), ("pipe", "neither a file"), ("none", "No such")):
        fault = found[f"{name}.json"].fault
        assert fault is not None
        assert says in fault.says
