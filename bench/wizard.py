"""Measures the wizard in a real terminal: from Enter to the next prompt, with 30 data flows."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pexpect

ROOT = Path(__file__).resolve().parents[1]
FLOWS = 30
TARGET = 50
"""Milliseconds from key to next prompt, at the median."""
PROMPT = r"(?m)^> $"


def project() -> dict[str, object]:
    """Return the safeguarding hub with 30 flows, each of which lacks one answer."""
    answers = json.loads((ROOT / "examples" / "safeguarding-hub.json").read_text(encoding="utf-8"))
    flows = answers["data_flows"]
    answers["data_flows"] = [
        {**flows[number % len(flows)], "id": f"flow-{number}"} for number in range(FLOWS)
    ]
    for table in ("decisions", "recipient_needs"):
        answers.pop(table, None)
    first = next(leaf for leaf in flows[0] if leaf not in ("id", "name", "sender", "recipients"))
    for flow in answers["data_flows"]:
        flow.pop(first, None)
    return answers


def answered(path: Path) -> list[float]:
    """Answer by Enter or number what each flow lacks; return the seconds of each answer."""
    child = pexpect.spawn(
        sys.executable,
        ["-m", "piagen", "new", str(path)],
        encoding="utf-8",
        timeout=30,
        echo=False,
        dimensions=(50, 100),
    )
    child.delaybeforesend = None
    child.expect(PROMPT)
    child.sendline("data flows")
    child.expect(PROMPT)
    seconds = []
    for _ in range(FLOWS):
        reply = "A short and plain answer" if "  1. " not in str(child.before) else "1"
        begun = time.perf_counter()
        child.sendline(reply)
        child.expect(PROMPT)
        seconds.append(time.perf_counter() - begun)
    child.close(force=True)
    return seconds


def importing() -> float:
    """Return the seconds that Python takes to import click, at the median."""
    found = []
    for _ in range(9):
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-c", "import click"], check=True, capture_output=True)
        found.append(time.perf_counter() - begun)
    return statistics.median(found)


def main() -> None:
    """Print the median and the slowest, beside the target and as a ratio."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "project.json"
        path.write_text(json.dumps(project()), encoding="utf-8")
        seconds = answered(path)
    median, base = statistics.median(seconds), importing()
    print(f"The wizard, {FLOWS} flows, {len(seconds)} answers in a terminal:")
    print(f"  from Enter to the next prompt {median * 1000:.0f} ms (target at most {TARGET} ms)")
    print(f"  that is {median / base:.2f} times as long as import click; at worst", end=" ")
    print(f"{max(seconds) / base:.2f} times")


if __name__ == "__main__":
    main()
