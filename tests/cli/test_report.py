"""`piagen check --report json` has the shape that docs/check-report.schema.json publishes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from piagen.cli import piagen
from piagen.resources import shipped

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = json.loads((ROOT / "docs" / "check-report.schema.json").read_text(encoding="utf-8"))
EXAMPLES = sorted(Path(str(shipped("examples"))).rglob("*.json"))
ALL_STATES = {
    "piagen": "1",
    "assessment": {"title": "Warm homes 漢", "dated": "2026-11-20", "status": "draft"},
    "risks": [{"id": "cold", "risk": "A home stays cold.", "likelihood": "reasonable_possibility",
               "severity": "serious_harm"}],
    "overseas": {"outside_uk": False, "outside_uk_detail": "Nothing."},
    "open_questions": [{"at": "assessment.nations", "note": "Wales?", "due": "2026-12-01"}],
    "unconfirmed": [{"path": "overseas.outside_uk", "starter": "s"}],
    "waivers": [{"rule": "RK004", "at": "risks", "reason": "Known.", "owner": "IG lead",
                 "until": "2027-01-31"}],
}  # fmt: skip


def reported(*paths: Path) -> dict[str, Any]:
    result = CliRunner().invoke(piagen, ["check", "--report", "json", *map(str, paths)])
    report: dict[str, Any] = json.loads(result.stdout)
    return report


def faults(report: object) -> list[str]:
    found = Draft202012Validator(SCHEMA).iter_errors(report)
    return [f"{'/'.join(map(str, fault.absolute_path))}: {fault.message}" for fault in found]


@pytest.fixture
def every_state(tmp_path: Path) -> dict[str, Any]:
    """The report of a file that shows each state, of one that is broken and of one not there."""
    (tmp_path / "states.json").write_text(json.dumps(ALL_STATES))
    (tmp_path / "shape.json").write_text('{"piagen": "1", "assessment": {"dated": "soon"}}')
    (tmp_path / "broken.json").write_text('{\n"piagen": ')
    return reported(*(tmp_path / name for name in ("states.json", "shape.json", "broken.json")))


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_reports_of_the_examples_have_the_shape() -> None:
    assert faults(reported(*EXAMPLES)) == []


def test_every_part_of_the_shape_is_seen_and_fits(every_state: dict[str, Any]) -> None:
    assert faults(every_state) == []
    usable, shape, broken = every_state["files"]
    lists = [name for name, part in usable.items() if isinstance(part, list)]
    assert [name for name in lists if not usable[name]] == []
    assert any(finding["waiver"] for finding in usable["findings"])
    assert shape["problems"]
    assert broken["problems"][0]["line"]


def test_no_part_may_be_added_or_left_out_without_the_schema(every_state: dict[str, Any]) -> None:
    """An integration that reads a part finds it in every report."""
    for part in (every_state, *every_state["files"], every_state["files"][0]["findings"][0]):
        part["extra"] = 1
        assert faults(every_state)
        del part["extra"]
        name, held = next(iter(part.items()))
        del part[name]
        assert faults(every_state)
        part[name] = held
    assert faults(every_state) == []
