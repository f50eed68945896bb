"""Measures how much CPU time short commands take, as ratios in one run."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

import measuring

ROOT = Path(__file__).resolve().parents[1]
RUNS = 15
EXAMPLE = str(ROOT / "examples" / "safeguarding-hub.json")

COMMANDS = {
    "import click": [sys.executable, "-c", "import click"],
    "piagen --help": [sys.executable, "-m", "piagen", "--help"],
    "piagen check": [sys.executable, "-m", "piagen", "check", EXAMPLE],
}
TARGETS = {"piagen --help": 1.5, "piagen check": 6.0}
"""At most this many times as much as `import click`."""


def main() -> None:
    """Print each ratio beside its target."""
    with tempfile.TemporaryDirectory() as compiled:
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": compiled}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        ways = {name: partial(run, command, environment) for name, command in COMMANDS.items()}
        for way in ways.values():
            way()  # pip compiles what it installs; so the first run, which compiles, is not counted
        medians = measuring.interleaved(ways, RUNS)
    base = medians["import click"]
    print(f"CPU of short commands, medians of {RUNS} interleaved runs; {measuring.load()}.")
    print(f"  import click took {base * 1000:.0f} ms.")
    for name, target in TARGETS.items():
        measuring.told(f"{name} to import click", medians[name] / base, target)


def run(command: list[str], environment: dict[str, str]) -> None:
    """Run a command."""
    subprocess.run(command, env=environment, check=True, capture_output=True)


if __name__ == "__main__":
    main()
