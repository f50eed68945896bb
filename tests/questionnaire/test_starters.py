"""Each starter is a good first draft of a common service, and says nothing only the place knows."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from piagen.domain.build import project_from
from piagen.law.catalogue import load_catalogue
from piagen.law.dated import DatedLaw
from piagen.law.suggestion import suggest
from piagen.pipeline.assess import check, load_bytes
from piagen.pipeline.assess import questionnaire as shipped_questionnaire
from piagen.practice.risk_prompts import prompts
from piagen.questionnaire.survey import survey
from piagen.resources import shipped
from piagen.rules.rule import Severity

STARTERS = shipped("questionnaires") / "starters"
Q = shipped_questionnaire()
ON = "2026-11-20"
"""The day on which the starters were written; the law is read on it."""

SETTLED = ("GW", "GC", "LB", "SD", "OL", "CO", "DF", "DC")
"""Families of rules that read only what a starter fills in."""

PLACE_KNOWS = {
    "assessment": ("reference", "author", "owner", "status", "version"),
    "screening": ("screened_by", "dpo_view", "outcome"),
    "legal_basis": ("law_checked_on", "policy_document_reference", "section_251_reference"),
    "data_subjects": ("number",),
    "risks": ("accepted_by",),
    "signatories": ("name",),
    "contacts": ("telephone",),
    "partners": ("address", "fee_number"),
}
"""What a starter cannot know, besides every date, email address and link."""

PLACE_DECIDES = (
    "outcome", "sign_off", "history", "reviewers", "distribution", "consultation", "consultees",
)  # fmt: skip
"""Sections and tables that record what people did."""

MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
PLACEHOLDER = re.compile(r"\(give (its name|the .+ name)\b.*\)$")
DATED = re.compile(rf"\b\d{{4}}-\d\d-\d\d\b|\b\d{{1,2}} (?:{MONTHS})\b|\b(?:{MONTHS}) \d{{4}}\b")


def names():
    return sorted(path.stem for path in STARTERS.glob("*.json"))


@cache
def starter(name: str) -> dict[str, Any]:
    found = json.loads((STARTERS / f"{name}.json").read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


@cache
def loaded(name: str):
    """The starter's answers as a project file, dated, so that the law can be read."""
    answers = {"piagen": "1", **starter(name)["answers"]}
    marks = {"dated": ON, "status": "draft"}
    answers["assessment"] = {**answers.get("assessment", {}), **marks}
    return load_bytes(json.dumps(answers).encode(), Path(f"{name}.json"))


@cache
def review(name: str):
    return check(loaded(name))


@cache
def visible(name: str):
    return survey(Q, loaded(name).answers).visible


def leaves(answers):
    """Yield the path, the stored place and the answer of every leaf in the starter."""
    for key, held in answers.items():
        if isinstance(held, dict):
            yield from ((f"{key}.{leaf}", f"{key}.{leaf}", said) for leaf, said in held.items())
        else:
            for row in held:
                at = f"{key}[{row.get('id', row.get('slug'))}]"
                yield from ((f"{key}[].{leaf}", f"{at}.{leaf}", said) for leaf, said in row.items())


starters = pytest.mark.parametrize("name", names())


def test_starters_ship_with_the_questionnaires():
    assert "homelessness-duty-to-refer" in names()


@starters
def test_a_starter_says_which_service_it_is_for_in_one_line(name):
    found = starter(name)
    assert set(found) == {"title", "about", "answers"}
    assert "piagen" not in found["answers"]
    for line in (found["title"], found["about"]):
        assert line == line.strip()
        assert line
        assert "\n" not in line
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)


@starters
def test_nothing_in_a_starter_is_hidden(name):
    assert review(name).hidden == ()


@starters
def test_a_starter_gives_no_date_email_or_link(name):
    types = {question.path: question.type for _, question in Q.questions()}
    for path, at, said in leaves(starter(name)["answers"]):
        assert types.get(path) not in ("date", "email", "url"), at
        if isinstance(said, str):
            assert not DATED.search(said), at
            assert "@" not in said, at
            assert "://" not in said, at


@starters
def test_a_starter_leaves_out_what_only_the_place_can_know(name):
    answers = starter(name)["answers"]
    assert not set(PLACE_DECIDES) & set(answers)
    for path, at, _ in leaves(answers):
        key, _, leaf = path.replace("[]", "").partition(".")
        assert leaf not in PLACE_KNOWS.get(key, ()), at


@starters
def test_a_starter_keeps_no_marks_of_the_tool_but_risks_set_aside(name):
    kept = {"open_questions", "unconfirmed", "withheld", "waivers", "extra"}
    assert not kept & set(starter(name)["answers"])


@starters
def test_every_partner_of_a_starter_is_a_placeholder(name):
    partners = starter(name)["answers"]["partners"]
    assert len(partners) >= 2
    for partner in partners:
        assert PLACEHOLDER.search(partner["name"]), partner["id"]


@starters
def test_every_power_in_a_starter_is_offered_for_that_partner_and_purpose(name):
    project = project_from(visible(name))
    chosen = {(row.partner, row.purpose): row for row in project.legal_basis}
    for found in suggest(project, DatedLaw(load_catalogue(), project.assessment.dated)):
        row = chosen[found.partner, found.purpose]
        offered = {suggestion.gateway.id for suggestion in found.offered}
        assert set(row.gateways or ()) <= offered, row.id


@starters
def test_the_lawful_bases_of_a_starter_go_with_its_powers(name):
    project = project_from(visible(name))
    chosen = {(row.partner, row.purpose): row for row in project.legal_basis}
    for found in suggest(project, DatedLaw(load_catalogue(), project.assessment.dated)):
        row = chosen[found.partner, found.purpose]
        powers = (s for s in found.offered if s.gateway.id in (row.gateways or ()))
        usual = {basis for power in powers for basis in power.usual_article_6}
        partner = project.partner(row.partner)
        if partner and not partner.public_authority:
            usual |= {"6_1_ea", "6_1_f"}
        assert not usual or row.article_6 in {None, *usual}, row.id


@starters
def test_a_starter_has_no_error_in_what_it_fills_in(name):
    wrong = [f for f in review(name).findings if f.severity is Severity.ERROR]
    assert [f"{f.rule.id} {f.at}" for f in wrong if f.rule.id[:2] in SETTLED] == []


@starters
def test_every_risk_that_a_starter_calls_for_is_looked_at(name):
    assert [risk.slug for risk in prompts(visible(name))] == []


def test_four_answers_on_top_of_the_homelessness_starter_make_three_drafts_without_an_error():
    held = json.loads(json.dumps(starter("homelessness-duty-to-refer")["answers"]))
    held["assessment"] |= {"dated": ON, "status": "draft", "version": "0.1"}
    held["review"]["due"] = "2027-11-20"
    content = json.dumps({"piagen": "1", **held}).encode()
    assert check(load_bytes(content, Path("begun.json"))).errors == ()
    assert set(held["documents"]["wanted"]) == {"pia", "protocol", "agreement"}
