"""Every project has a folder of its own, with a name that is safe on any system."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from piagen.pipeline.batch.names import RESERVED, Claims, folder_name
from piagen.pipeline.batch.sources import Input
from tests.batch.running import small

SAFE = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")


def one(reference=None, key="in/a.json", stem="a"):
    return Input(key, stem, json.dumps(small(reference)).encode())


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
    fresh = Claims(lambda _: None)
    names = [fresh.claim(first, None), fresh.claim(second, None)]
    assert names[0] == "nsh-1"
    assert len(set(names)) == 2
    resumed = Claims({names[1]: "in/b.json"}.get)
    assert [resumed.claim(first, None), resumed.claim(second, names[1])] == names


def test_a_folder_stays_with_an_input_that_is_there_and_is_free_once_it_is_gone(tmp_path):
    there = tmp_path / "b.json"
    there.write_text("{}")
    holder = {"nsh-1": str(there)}.get
    newcomer = one("NSH-1", "in/a.json")
    claims = Claims(holder)
    assert claims.claim(newcomer, None) != "nsh-1"
    assert claims.claim(one("NSH-1", str(there)), "nsh-1") == "nsh-1"
    there.unlink()
    assert Claims(holder).claim(newcomer, None) == "nsh-1"


def test_a_new_reference_is_a_new_folder():
    assert Claims(lambda _: None).claim(one("NSH-2"), "nsh-1") == "nsh-2"


@pytest.mark.parametrize(
    "content", [b"", b"[", b"[1]", b'{"assessment": 3}', b"\xff", b"[" * 9_999]
)
def test_answers_that_nobody_can_read_are_called_by_their_file(content):
    assert folder_name(Input("in/odd name.json", "odd name", content)).startswith("odd-name-")
