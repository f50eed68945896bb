"""A command is imported when it runs, and the help of all knows each without importing it."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest

from piagen.cli import COMMANDS, piagen
from piagen.resources import shipped

HEAVY = {"piagen.config", "piagen.errors", "dataclasses", "importlib.metadata", "email", "tempfile"}
"""What the help needs nothing of; click itself imports none of it."""


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_the_help_of_all_says_what_a_command_says_of_itself(name: str) -> None:
    command = piagen.get_command(click.Context(piagen), name)
    assert command is not None
    assert command.name == name
    assert command.get_short_help_str(1_000) == COMMANDS[name]


def test_help_imports_no_command_and_nothing_heavy() -> None:
    code = (
        "import sys\n"
        "from piagen.cli import piagen\n"
        "try: piagen.main(['--help'])\n"
        "except SystemExit: print(sorted(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    imported = set(done.stderr.strip("[]\n").replace("'", "").split(", "))
    assert "click" in imported
    assert not imported & (HEAVY | {f"piagen.cli.{name}" for name in COMMANDS})
    assert all(name in done.stdout for name in COMMANDS)


IDLE = {
    "csv",
    "difflib",
    "importlib.metadata",
    "jinja2",
    "shutil",
    "tempfile",
    "tomllib",
    "traceback",
    "weasyprint",
    "zipfile",
}
"""What only a mistake, a fault, a setting, a rule of one's own or a document needs."""


def test_check_imports_nothing_that_it_does_not_use() -> None:
    code = (
        "import sys\n"
        "before = set(sys.modules)\n"
        "from piagen.cli import piagen\n"
        "try: piagen.main(['check', sys.argv[1]])\n"
        "except SystemExit: print(sorted(set(sys.modules) - before), file=sys.stderr)"
    )
    answers = shipped("examples") / "safeguarding-hub.json"
    command = [sys.executable, "-c", code, str(answers)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    imported = set(done.stderr.strip("[]\n").replace("'", "").split(", "))
    assert "marshmallow" in imported
    assert not imported & IDLE


def test_a_command_that_there_is_not_is_a_wrong_command_line() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "piagen", "chekc"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "No such command 'chekc'" in done.stderr
