"""Every project has a folder of its own, with a name that is safe on any system."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from piagen.errors import UnusableFile
from piagen.pipeline.batch.names import RESERVED, Claims, folder_name, is_there
from piagen.pipeline.batch.sources import Input
from piagen.pipeline.batch.sources import reference as read
from tests.batch.running import small

SAFE = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")


def one(reference=None, key="in/a.json", stem="a"):
    content = json.dumps(small(reference)).encode()
    return Input(key, stem, content, read(content))


@pytest.mark.parametrize(
    ("reference", "name"),
    [("NSH-2026-14", "nsh-2026-14"), (None, "a"), ("  ", "a"), ("con", "con-"), ("LPT1", "lpt1-")],
)
def test_the_reference_is_the_name_or_else_what_the_file_is_called(reference, name):
    found = folder_name(one(reference))
    assert found.startswith(name)
    assert found not in RESERVED


@given(
    st.text(max_size=40)
    | st.sampled_from(
        ["..", "../../etc", "/etc/passwd", "x" * 300, "", "!!!", "C:\\x", "a\0b", "."]
    )
)
def test_whatever_the_reference_the_name_is_one_safe_folder(reference):
    found = folder_name(one(reference))
    assert SAFE.fullmatch(found)
    assert len(found) <= 80
    assert found not in RESERVED


def test_two_with_one_reference_have_two_folders_whatever_was_done_first():
    first, second = one("NSH-1", "in/a.json"), one("nsh-1", "in/b.json")
    fresh = Claims(lambda _: None, Path("out"))
    names = [fresh.claim(first, None), fresh.claim(second, None)]
    assert names[0] == "nsh-1"
    assert len(set(names)) == 2
    resumed = Claims({names[1]: "in/b.json"}.get, Path("out"))
    assert [resumed.claim(first, None), resumed.claim(second, names[1])] == names


def test_a_folder_stays_with_an_input_that_is_there_and_is_free_once_it_is_gone(tmp_path):
    there = tmp_path / "b.json"
    there.write_text("{}")
    holder = {"nsh-1": str(there)}.get
    newcomer = one("NSH-1", "in/a.json")
    claims = Claims(holder, tmp_path)
    assert claims.claim(newcomer, None) != "nsh-1"
    assert claims.claim(one("NSH-1", str(there)), "nsh-1") == "nsh-1"
    there.unlink()
    assert Claims(holder, tmp_path).claim(newcomer, None) == "nsh-1"


def test_a_new_reference_is_a_new_folder():
    assert Claims(lambda _: None, Path("out")).claim(one("NSH-2"), "nsh-1") == "nsh-2"


@pytest.mark.parametrize(
    "content", [b"", b"[", b"[1]", b'{"assessment": 3}', b"\xff", b"[" * 9_999]
)
def test_answers_that_nobody_can_read_are_called_by_their_file(content):
    given = Input("in/odd name.json", "odd name", content, read(content))
    assert folder_name(given).startswith("odd-name-")


def test_an_input_that_cannot_be_read_any_more_keeps_its_folder():
    fault = UnusableFile("in/a.json", "this cannot be read.")
    for broken in (Input("in/a.json", "a", b"{"), Input("in/a.json", "a", fault=fault)):
        claims = Claims(lambda _: None, Path("out"))
        assert claims.claim(broken, "nsh-1") == "nsh-1"
        assert claims.claim(one("NSH-1", "in/b.json"), None) != "nsh-1"
    assert Claims(lambda _: None, Path("out")).claim(broken, None) == ""


@pytest.mark.parametrize("former", ["../up", "/etc", "..", "a/b", ""])
def test_a_folder_that_no_run_gave_is_not_kept(former):
    claims = Claims(lambda _: None, Path("out"))
    assert claims.claim(Input("in/a.json", "a", b"{"), former) == "a"


def test_a_folder_that_went_to_another_is_not_taken_back(tmp_path):
    (tmp_path / "b.json").write_text("{}")
    claims = Claims({"nsh-1": "b.json"}.get, tmp_path)
    assert claims.claim(Input("a.json", "a", b"{"), "nsh-1") == "a"
    assert claims.claim(one("NSH-1", "c.json"), "nsh-1") != "nsh-1"


@pytest.mark.parametrize("key", ["all.jsonl:12", "all.jsonl#A", "all.jsonl#A#b:3", "x#1.json"])
def test_a_file_is_known_from_the_keys_of_its_projects(tmp_path, key):
    assert not is_there(key, str(tmp_path))
    for name in ("all.jsonl", "x#1.json"):
        (tmp_path / name).write_text("")
    assert is_there(key, str(tmp_path))
    assert not is_there("-#A", str(tmp_path))
