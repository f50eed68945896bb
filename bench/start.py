"""Measures how quickly commands answer, as ratios in one run: medians of interleaved runs."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RUNS = 15
EXAMPLE = str(ROOT / "examples" / "safeguarding-hub.json")

COMMANDS = {
    "import click": [sys.executable, "-c", "import click"],
    "piagen --help": [sys.executable, "-m", "piagen", "--help"],
    "piagen check": [sys.executable, "-m", "piagen", "check", EXAMPLE],
}
TARGETS = {"piagen --help": 1.5, "piagen check": 6.0}
"""At most this many times as long as `import click`."""


def main() -> None:
    """Print each ratio beside its target."""
    seconds: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(RUNS):
        for name, command in COMMANDS.items():
            begun = time.perf_counter()
            subprocess.run(command, check=True, capture_output=True)
            seconds[name].append(time.perf_counter() - begun)
    medians = {name: statistics.median(times) for name, times in seconds.items()}
    base = medians["import click"]
    print(f"Medians of {RUNS} interleaved runs; import click took {base * 1000:.0f} ms.")
    for name, target in TARGETS.items():
        print(f"  {name}: {medians[name] / base:.2f} times as long (target at most {target:g})")


if __name__ == "__main__":
    main()
