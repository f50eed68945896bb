"""Measures how long a review takes beside loading the answers: medians of interleaved runs."""

from __future__ import annotations

import statistics
import time
from pathlib import Path

from piagen import check, load
from piagen.rules.registry import rules

ROOT = Path(__file__).resolve().parents[1]
RUNS = 25
TARGET = 3.0
"""A review takes at most so many times as long as reading the answers and checking their shape."""


def main() -> None:
    """Print the ratio of each example beside the target."""
    print(f"Medians of {RUNS} interleaved runs; a review runs {len(rules())} rules.")
    for path in sorted((ROOT / "examples").glob("*.json")):
        check(load(path))  # reads the questionnaire and the law once; both are kept
        loading: list[float] = []
        reviewing: list[float] = []
        for _ in range(RUNS):
            begun = time.perf_counter()
            project = load(path)
            loaded = time.perf_counter()
            check(project)
            loading.append(loaded - begun)
            reviewing.append(time.perf_counter() - loaded)
        base = statistics.median(loading)
        ratio = statistics.median(reviewing) / base
        print(
            f"  {path.stem}: loading {base * 1000:.0f} ms, review {ratio:.2f} times as long "
            f"(target at most {TARGET:g})"
        )


if __name__ == "__main__":
    main()
