"""Every rule finds what its cases say, and nothing in its near misses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from piagen.pipeline.assess import check, evidence_of, load_bytes
from piagen.rules.engine import run
from piagen.rules.registry import RETIRED, rules

HOME = Path(__file__).parent
CASES = [
    pytest.param(path.stem, case, id=f"{path.stem}: {case['case']}")
    for path in sorted(HOME.glob("*.yaml"))
    for case in yaml.safe_load(path.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize(("rule", "case"), CASES)
def test_a_rule_finds_what_its_case_says(rule, case):
    if "findings" in rules()[rule].needs:  # it runs after the others
        told = check(loaded(case)).findings
        found = [(f.at, f.says) for f in told if f.rule.id == rule]
    else:
        evidence = evidence_of(loaded(case), as_at=case.get("as_at"))
        found = [(f.at, f.says) for f in run(rules()[rule], evidence)]
    assert [at for at, _ in found] == case["finds"]
    assert all(says.endswith((".", "?")) for _, says in found)


@pytest.mark.parametrize("rule", rules())
def test_a_rule_has_a_case_that_finds_and_a_near_miss(rule):
    cases = yaml.safe_load((HOME / f"{rule}.yaml").read_text(encoding="utf-8"))
    assert any(case["finds"] for case in cases)
    assert any(not case["finds"] for case in cases)


@pytest.mark.parametrize("rule", rules())
def test_what_a_rule_finds_is_told_by_a_review(rule):
    cases = yaml.safe_load((HOME / f"{rule}.yaml").read_text(encoding="utf-8"))
    assert any(
        set(case["finds"]) <= {f.at for f in reviewed(case, status) if f.rule.id == rule}
        for case in cases
        if case["finds"]
        for status in ({}, {"status": "approved"})  # a draft is not told of what nobody began
    )


def test_no_case_is_of_a_rule_that_is_gone():
    assert {path.stem for path in HOME.glob("*.yaml")} == set(rules())
    assert not RETIRED & set(rules())


def reviewed(case, status):
    """Return the findings of a whole review of the `given` of a case."""
    given = case["given"]
    given = {**given, "assessment": {**given.get("assessment", {}), **status}}
    return check(loaded({"given": given}), as_at=case.get("as_at")).findings


def loaded(case):
    """Return the `given` of a case as a project, after its shape was checked."""
    given = json.dumps({"piagen": "1", **case["given"]}, default=str)
    return load_bytes(given.encode(), Path("case.json"))
