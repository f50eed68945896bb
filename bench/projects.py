"""Writes invented projects of every size, from the examples and a seed: the same seed, the same."""

from __future__ import annotations

import argparse
import copy
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

EXAMPLES = (
    "early-draft",
    "homelessness-duty-to-refer",
    "safeguarding-hub",
    "serious-violence-hub",
    "shared-care-record",
)
PLACES = ("Sallowshire", "Quenbury", "Northshire", "Elverdale", "Marrowby", "Thornholt")
GROWING = ("data_items", "risks", "actions")
"""Tables whose rows nothing else refers to by number: a copy with an id of its own is sound."""
MOST_TIMES = 4
"""A table grows to at most so many times its size."""
START = "screening"
"""The last section of a project that has only begun."""

Answers = dict[str, Any]


def projects(
    count: int, folder: Path, *, seed: int = 1, sizes: tuple[str, ...] = ("begun", "whole", "large")
) -> Iterator[Answers]:
    """Yield answers of the right shape, each with a reference of its own.

    Args:
        count: how many.
        folder: where the examples are.
        seed: of every choice.
        sizes: which sizes there are: `begun` has its first sections only, `whole` is an example
            with other words, `large` has up to four times its rows.
    """
    chance = random.Random(seed)  # noqa: S311 - nothing here is secret
    bases = {
        name: json.loads((folder / f"{name}.json").read_text(encoding="utf-8")) for name in EXAMPLES
    }
    for number in range(1, count + 1):
        answers = copy.deepcopy(bases[chance.choice(EXAMPLES)])
        match chance.choice(sizes):
            case "begun":
                answers = _begun(answers, chance)
            case "large":
                for key in GROWING:
                    _grow(answers, key, chance.randint(1, MOST_TIMES))
        answers["assessment"] |= {
            "reference": f"GEN-{seed}-{number:05}",
            "title": f"{chance.choice(PLACES)} project {number}",
            "version": f"{chance.randint(0, 2)}.{chance.randint(0, 9)}",
        }
        yield answers


def write(
    count: int, folder: Path, examples: Path, *, seed: int = 1, sizes: tuple[str, ...] | None = None
) -> list[Path]:
    """Write a file for each project and return them; arguments as for `projects`."""
    folder.mkdir(parents=True, exist_ok=True)
    chosen = {"sizes": sizes} if sizes else {}
    paths = []
    for number, answers in enumerate(projects(count, examples, seed=seed, **chosen), 1):
        path = folder / f"{number:05}.json"
        path.write_text(json.dumps(answers, ensure_ascii=False, indent=1), encoding="utf-8")
        paths.append(path)
    return paths


def _begun(answers: Answers, chance: random.Random) -> Answers:
    """Keep what the first sections hold: nothing in them refers to a later one."""
    keys = list(answers)
    last = keys.index(START) + 1
    return {key: answers[key] for key in keys[: chance.randint(2, last)]}


def _grow(answers: Answers, key: str, times: int) -> None:
    rows = answers.get(key, [])
    answers[key] = [
        row if copied == 0 else {**row, "id": f"{row['id']}-{copied}"}
        for copied in range(times)
        for row in rows
    ]
    if not rows:
        answers.pop(key, None)


def main() -> None:
    """Write projects into a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    examples = Path(__file__).resolve().parents[1] / "examples"
    for path in write(given.count, given.folder, examples, seed=given.seed):
        print(path)


if __name__ == "__main__":
    main()
