"""The repository keeps its own rules: size, layers, docstrings, words and invented names."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import piagen
from piagen.resources import shipped

SOURCE = Path(piagen.__file__).resolve().parent
CHECKOUT = Path(__file__).resolve().parents[2]
MODULES = sorted(SOURCE.rglob("*.py"))
MOST_LINES = 400
FORBIDDEN = re.compile(r"\b(TODO|FIXME|XXX|NotImplementedError)\b")
READ_AS_TEXT = (".py", ".yaml", ".j2", ".css", ".toml", ".json", ".svg", ".txt", ".typed")
HOST = re.compile(r"(?:https?://|[\w.+-]+@)([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)")
REAL_HOSTS = ("legislation.gov.uk", "gov.uk", "ico.org.uk")
"""Law and guidance may be linked to; everybody else is invented."""


def texts(*folders):
    return sorted(
        path
        for folder in folders
        for path in Path(folder).rglob("*")
        if path.suffix in READ_AS_TEXT and "__pycache__" not in path.parts
    )


def invented(host):
    """`.example` is reserved for examples; law and guidance have their own homes."""
    host = host.lower().rstrip(".")
    return host.endswith(".example") or any(
        host == real or host.endswith(f".{real}") for real in REAL_HOSTS
    )


def test_no_module_is_too_long():
    long = {
        str(path.relative_to(SOURCE)): lines
        for path in MODULES
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > MOST_LINES
    }
    assert long == {}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_module_opens_with_one_sentence(path):
    said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert said, "it has no docstring"
    opening = said.split("\n\n", 1)[0]
    assert opening.endswith((".", "?"))
    assert "\n" not in opening, "the opening sentence fits one line"


def test_nothing_is_left_to_do():
    read = texts(SOURCE, shipped("templates"), shipped("questionnaires"), shipped("examples"))
    found = {str(path): FORBIDDEN.findall(path.read_text(encoding="utf-8")) for path in read}
    assert len(read) > 100
    assert {path: words for path, words in found.items() if words} == {}


def test_every_address_is_invented_or_the_law():
    read = texts(shipped("questionnaires"), shipped("examples"))
    hosts = {str(path): HOST.findall(path.read_text(encoding="utf-8")) for path in read}
    assert sum(map(len, hosts.values())) > 50
    real = {path: [h for h in found if not invented(h)] for path, found in hosts.items()}
    assert {path: found for path, found in real.items() if found} == {}


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("northshire.example", True),
        ("www.legislation.gov.uk", True),
        ("example.com", False),
        ("notgov.uk", False),
        ("gov.uk.evil.com", False),
        ("council.example.org", False),
    ],
)
def test_the_check_of_addresses_tells_invented_from_real(host, expected):
    assert HOST.findall(f"mail a@{host}, see https://{host}/x") == [host, host]
    assert invented(host) is expected


def test_imports_point_downwards(tmp_path):
    if not (CHECKOUT / "pyproject.toml").is_file():
        pytest.skip("the contracts are in pyproject.toml, which only a checkout has")
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--cache-dir", str(tmp_path)],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 kept, 0 broken" in done.stdout
