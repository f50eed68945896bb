"""SECURITY.md names protections and tests that are there, and licences are held to their list."""

from __future__ import annotations

import ast
import re
import runpy
from email.message import Message
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in TEXT.splitlines()
    if line.startswith("| ")
][1:]
NAMED_TEST = re.compile(r"`([\w/]+\.py)::(\w+)`")
NAMED_FILE = re.compile(r"`((?:[\w-]+/)*[\w-]+\.(?:py|css|yaml))`")


def functions(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_there_are_rows_for_every_part_of_the_promise() -> None:
    assert len(ROWS) > 20
    assert all(len(row) == 3 for row in ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0][:40])
def test_every_row_names_a_protection_and_a_test_that_are_there(row: list[str]) -> None:
    _, protection, tests = row
    assert NAMED_TEST.findall(tests)
    for name in NAMED_FILE.findall(protection):
        homes = (ROOT / "src" / "piagen", ROOT)
        assert any((home / name).is_file() for home in homes), f"there is no {name}"


def test_every_test_that_is_named_is_there() -> None:
    named = NAMED_TEST.findall(TEXT)
    assert len(named) > 30
    missing = [
        f"{file}::{test}"
        for file, test in named
        if not (ROOT / "tests" / file).is_file() or test not in functions(ROOT / "tests" / file)
    ]
    assert missing == []


class Installed:
    """A distribution with nothing but what it says of its licence."""

    def __init__(self, **said: str) -> None:
        self.metadata = Message()
        self.metadata["Name"] = "made-up"
        for key, value in said.items():
            self.metadata[key.replace("_", "-")] = value


@pytest.fixture(scope="module")
def licences() -> dict[str, Any]:
    return runpy.run_path(str(ROOT / "docs" / "licences.py"))


@pytest.mark.parametrize(
    ("said", "fine"),
    [
        ({"License_Expression": "MIT"}, True),
        ({"License_Expression": "BSD-3-Clause AND MIT"}, True),
        ({"License_Expression": "GPL-3.0-only OR MIT"}, True),
        ({"License_Expression": "MIT AND GPL-3.0-only"}, False),
        ({"License_Expression": "AGPL-3.0-or-later"}, False),
        ({"Classifier": "License :: OSI Approved :: Apache Software License"}, True),
        ({"Classifier": "License :: OSI Approved :: Mozilla Public License 2.0 (MPL 2.0)"}, True),
        ({"Classifier": "License :: OSI Approved :: GNU General Public License (GPL)"}, False),
        ({"Classifier": "License :: Other/Proprietary License"}, False),
        ({"License": "MIT"}, True),
        ({"License": "Proprietary"}, False),
        ({}, False),
    ],
)
def test_a_licence_that_is_not_on_the_list_is_a_fault(
    licences: dict[str, Any], said: dict[str, str], fine: bool
) -> None:
    assert (licences["faults"]([Installed(**said)]) == []) is fine


def test_every_dependency_that_is_declared_is_looked_at(licences: dict[str, Any]) -> None:
    found = {one.metadata["Name"].lower() for one in licences["installed"]()}
    assert {"click", "jinja2", "marshmallow", "pyyaml", "weasyprint", "fonttools"} <= found
    assert "brotli" in found, "what an extra of a dependency brings is looked at too"
    assert licences["faults"](licences["installed"]()) == []
