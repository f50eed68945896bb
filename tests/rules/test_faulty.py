"""The faults that real papers show are each found in the right place, with the right law."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest
from click.testing import CliRunner

from piagen.cli import piagen
from piagen.pipeline.assess import check, load_bytes
from piagen.pipeline.documents import needed, render
from piagen.resources import shipped
from piagen.rules.rule import Severity

NAME = "faulty/safer-families-panel"
PATH = shipped("examples") / f"{NAME}.json"

CHECKS, KNIVES = "police-child-checks", "police-knife-harm"
HOSPITAL, BOARD, REFUGE = "hospital-child-checks", "icb-knife-harm", "refuge-family-list"

FAULTS = {
    "repealed law is cited": (
        "GW003",
        f"legal_basis[{CHECKS}].gateways",
        "cjcsa-2000-ss67-68",
    ),
    "a panel is named as a controller": ("PA001", "partners[panel].kind", "uk-gdpr/4/7"),
    "consent is asked for a statutory check": (
        "CO002",
        f"legal_basis[{HOSPITAL}].article_6",
        "children-act-1989-s47",
    ),
    "vital interests serve a weekly list": (
        "LB007",
        f"legal_basis[{REFUGE}].article_6",
        "uk-gdpr/6/1/d",
    ),
    "data is kept as long as necessary": (
        "RE002",
        "retention[council-refuge-list].period",
        "uk-gdpr/5/1/e",
    ),
    "a processor signs as a partner": (
        "SG002",
        "signatories[supplier-protocol]",
        "ico-data-sharing-code/scope",
    ),
    "a protocol is taken for permission": ("AG005", "documents.wanted", "north-yorkshire-protocol"),
    "the serious violence power carries patient information": (
        "GC004",
        f"legal_basis[{BOARD}].gateways",
        "pcsca-2022-s16",
    ),
    "the assessment is dated after the start": ("PR002", "assessment.starts_on", "uk-gdpr/35/1"),
    "the officer owns the project": ("SO001", "assessment.owner", "uk-gdpr/38/6"),
    "the officer approves it": ("SO001", "sign_off[dpo].decision", "uk-gdpr/38/3"),
    "section 115 is used to give to an NHS trust": (
        "GC003",
        f"legal_basis[{KNIVES}].gateways",
        "cda-1998-s115",
    ),
}
"""Each fault: the rule that finds it, where, and a citation that must go with it."""

ADVICE = {
    ("PA002", "partners[panel].fee_number"),  # a panel cannot register
    ("GW008", "legal_basis"),  # nobody looked at the new duty about children
}

GAPS = {
    "consent[child-checks].why_sought",  # the reason for consent, which there is none
    "retention[council-refuge-list].period",
    "retention[council-refuge-list].starts_from",
}


def answers():
    return json.loads(PATH.read_text(encoding="utf-8"))


def reviewed(given):
    return check(load_bytes(json.dumps(given).encode(), PATH))


def grave(review):
    """Errors and warnings, by rule and place."""
    weighs = (Severity.ERROR, Severity.WARNING)
    return {(f.rule.id, f.at) for f in review.findings if f.severity in weighs}


@pytest.fixture(scope="module")
def review():
    return reviewed(answers())


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found_where_it_is_mended_with_its_law(fault, review):
    rule, at, cite = FAULTS[fault]
    (found,) = (f for f in review.findings if (f.rule.id, f.at) == (rule, at))
    assert cite in found.cites
    assert found.stands


def test_nothing_else_is_found(review):
    listed = {(rule, at) for rule, at, _ in FAULTS.values()}
    assert grave(review) == listed
    advised = {(f.rule.id, f.at) for f in review.findings if f.severity is Severity.ADVICE}
    assert advised == ADVICE


def test_it_is_whole_but_for_what_the_faults_leave_out(review):
    assert {gap.at for gap in review.missing} == GAPS
    assert review.hidden == ()
    assert review.unprintable == ()


@dataclass(frozen=True, slots=True)
class Mend:
    """A row of the answers, and what is put there."""

    table: str
    row: str
    puts: dict[str, object]


MENDS = {
    "repealed law is cited": Mend("legal_basis", CHECKS, {"gateways": ["police-common-law"]}),
    "a panel is named as a controller": Mend(
        "partners", "panel", {"kind": "voluntary_organisation"}
    ),
    "consent is asked for a statutory check": Mend("legal_basis", HOSPITAL, {"article_6": "6_1_c"}),
    "vital interests serve a weekly list": Mend("legal_basis", REFUGE, {"article_6": "6_1_c"}),
    "data is kept as long as necessary": Mend(
        "retention", "council-refuge-list", {"period": 1, "starts_from": "The family leaves"}
    ),
    "a processor signs as a partner": Mend("signatories", "supplier-protocol", {"partner": None}),
    "a protocol is taken for permission": Mend("related_documents", "terms", {"kind": "agreement"}),
    "the serious violence power carries patient information": Mend(
        "legal_basis", BOARD, {"gateways": ["nhs-act-2006-s14z63"]}
    ),
    "the assessment is dated after the start": Mend("assessment", "", {"starts_on": "2027-01-11"}),
    "the officer owns the project": Mend("assessment", "", {"owner": "Rosamund Tilney"}),
    "the officer approves it": Mend("sign_off", "dpo", {"decision": "advised"}),
    "section 115 is used to give to an NHS trust": Mend(
        "legal_basis", KNIVES, {"gateways": ["cda-1998-s115", "police-common-law"]}
    ),
}
"""For each fault, the smallest change that takes it away."""


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_that_is_mended_is_found_no_more_and_the_others_still_are(fault, review):
    given, mend = answers(), MENDS[fault]
    held = given[mend.table]
    row = next(r for r in held if r["id"] == mend.row) if mend.row else held
    row.update({key: value for key, value in mend.puts.items() if value is not None})
    for key in (key for key, value in mend.puts.items() if value is None):
        del row[key]
    rule, at, _ = FAULTS[fault]
    assert grave(reviewed(given)) == grave(review) - {(rule, at)}


def test_its_documents_are_drafts():
    loaded = load_bytes(PATH.read_bytes(), PATH)
    assert needed(loaded) == ("pia", "protocol", "blank_agreement")
    for document in render(loaded, format="html"):
        assert b'<body class="draft"' in document.content


def test_demo_offers_it_and_says_that_errors_stand(tmp_path, review):
    result = CliRunner().invoke(piagen, ["demo", NAME, "-o", str(tmp_path)])
    assert result.exit_code == 0
    assert (tmp_path / PATH.name).read_bytes() == PATH.read_bytes()
    assert len(list(tmp_path.glob("*.pdf"))) == 3
    assert f"{len(review.errors)} errors stand" in result.stderr
