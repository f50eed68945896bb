"""A finding reads well whatever organisations are called, and names all that is at fault."""

from __future__ import annotations

import json
import re
from pathlib import Path

import yaml

from piagen.pipeline.assess import evidence_of, load_bytes
from piagen.rules.engine import run
from piagen.rules.registry import rules

HOME = Path(__file__).parent
CALLED = "Elm services"
"""A name in the plural, as “The police” is."""


def found(rule, given, as_at=None):
    """Return what one rule says of some answers."""
    content = json.dumps({"piagen": "1", **given}, default=str).encode()
    evidence = evidence_of(load_bytes(content, Path("case.json")), as_at=as_at)
    return [found.says for found in run(rules()[rule], evidence)]


def test_no_verb_has_an_organisation_in_the_singular_before_it():
    """People call a partner “The police”, and “The police relies” reads badly."""
    said = []
    for path in sorted(HOME.glob("*.yaml")):
        if "findings" in rules()[path.stem].needs:
            continue
        for case in yaml.safe_load(path.read_text(encoding="utf-8")):
            given = case["given"]
            partners = [{**row, "short_name": CALLED} for row in given.get("partners", ())]
            said += found(path.stem, {**given, "partners": partners}, case.get("as_at"))
    assert sum(CALLED in says for says in said) > 100
    singular = re.compile(rf"{CALLED},? (?:which )?(?!was\b|as\b|its\b)\w+s\b")
    assert [says for says in said if singular.search(says)] == []


def test_all_that_a_law_leaves_out_is_named_in_one_sentence():
    items = {"identifiability": "identifiable", "purposes": ["violence"]}
    given = {
        "partners": [
            {"id": "council", "kind": "county_or_unitary_council"},
            {"id": "police", "kind": "police_force"},
        ],
        "purposes": [{"id": "violence"}],
        "data_items": [
            {"id": "adult", "also_contains": ["adult_social_care_record"], **items},
            {"id": "harm", "category": ["special_category"], "special_category": ["health"],
             "confidential": True, **items},
        ],
        "data_flows": [
            {"id": "notice", "sender": "council", "recipients": ["police"],
             "purpose": "violence", "data_items": ["adult", "harm"]},
        ],
        "legal_basis": [
            {"id": "row", "partner": "council", "purpose": "violence",
             "gateways": ["pcsca-2022-s16"]},
        ],
    }  # fmt: skip
    (says,) = found("GC004", given)
    wanted = "health information given in confidence or data from an adult social care record"
    assert wanted in says
