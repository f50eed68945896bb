"""The agreement as lawyers and practitioners read it: who is bound, by which clock, how."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import pypdf
import pytest
from tests.practice.partnership import WHOLE
from tests.rendering.reach import Sections, folded, html_of
from tests.rendering.test_documents_decided import own_words

from piagen.pipeline.assess import load
from piagen.pipeline.documents import documents, render
from piagen.resources import shipped

EXAMPLES = sorted(path.stem for path in shipped("examples").glob("*.json"))
MOST_PAGES = 20
"""Of the agreement of the safeguarding hub, whose answers have some 8,000 words in it."""
CLOCKS = {
    ("security", "breach_partners_hours"): 13,
    ("security", "breach_regulator_hours"): 59,
    ("rights", "complaints_acknowledged_days"): 17,
    ("rights", "pass_on_working_days"): 16,
    ("rights", "views_working_days"): 19,
    ("rights", "corrections_working_days"): 23,
    ("agreement", "leaving_notice_days"): 47,
    ("agreement", "dispute_step_working_days"): 29,
}
"""Numbers that nothing else in the answers has."""


@cache
def hub() -> Mapping[str, Any]:
    return load(shipped("examples") / "safeguarding-hub.json").answers


def copy_of(answers: Mapping[str, Any]) -> dict[str, Any]:
    copied: dict[str, Any] = json.loads(json.dumps(answers))
    return copied


def section(answers: Mapping[str, Any], *ids: str, document: str = "agreement") -> str:
    page = Sections(html_of(document, answers))
    return folded(" ".join(" ".join(page.text[id_]) for id_ in ids))


def templates(*folders: str) -> Iterable[tuple[str, str]]:
    for folder in folders:
        for path in sorted((shipped("templates") / folder).rglob("*.j2")):
            said = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
            yield f"{folder}/{path.name}", said


# Who is bound


def test_a_processor_is_in_its_schedule_and_nowhere_among_the_parties() -> None:
    where = section(WHOLE, "schedule-processors")
    assert "Portal Hosting" in where
    assert "Processor, not a party" in where
    among = section(
        WHOLE, "summary-sheet", "parties", "freedom-of-information", "signature", "schedule-notice"
    )
    assert "Portal Hosting" not in among
    html = html_of("agreement", hub())
    for table in re.findall(r"<table.*?</table>", html, re.DOTALL):
        headed = re.search(r'<th scope="col">Part(y|ies)', table)
        assert not (headed and re.search(r'<th scope="row"[^>]*>Brackenlow', table)), table[:90]
    assert among.count("Northshire Council") >= 4


def test_each_party_signs_once_and_no_processor_or_officer_does() -> None:
    html = html_of("agreement", hub())
    table = html[html.index('<table class="signatures">') :].partition("</table>")[0]
    signing = [folded(re.sub("<[^>]+>", "", row)) for row in table.split("<tr>")[2:]]
    parties = [row for row in hub()["partners"] if row.get("kind") != "supplier"]
    suppliers = {r["partner"] for r in hub()["roles"] if r["role"] == "processor"}
    named = [row["name"] for row in parties if row["id"] not in suppliers]
    assert len(signing) == len(named)
    assert all(row.startswith(name) for row, name in zip(signing, named, strict=True))
    assert "ata protection officer" not in table


def test_joint_controllers_accept_their_schedule_by_signing_and_others_do_not() -> None:
    answers = copy_of(WHOLE)
    answers["roles"][0]["role"] = "joint_controller"
    said = section(answers, "signature")
    assert "Northshire Council, which as joint controller also accepts Schedule 6" in said
    assert said.count("as joint controller") == 1
    assert "as joint controller" not in section(WHOLE, "signature")
    assert "does not apply because no partner is a joint controller" in section(
        WHOLE, "joint-controllers", "schedule-responsibilities"
    )


def test_what_is_for_the_assessment_alone_stays_there() -> None:
    """Security detail and the advice of the data protection officer are in the PIA alone."""
    homes = {path for plan in documents()["agreement"].sections for path in plan.answers}
    assert not {path for path in homes if path.startswith(("sign_off[role=dpo]", "outcome.dpo"))}
    assert not homes & {"outcome.dpo_advice", "security.weaknesses", "security.tests"}
    assert "Only the PIA holds the detail of security and the advice" in section(
        WHOLE, "background"
    )


# One answer feeds each fact


def test_each_clock_is_said_once_and_by_its_answer() -> None:
    answers = copy_of(hub())
    for (section_, leaf), number in CLOCKS.items():
        answers[section_][leaf] = number
    html = html_of("agreement", answers)
    for (section_, leaf), number in CLOCKS.items():
        marked = [f'data-at="{section_}.{leaf}"']
        assert html.count(marked[0]) == 1, leaf
        text = folded(re.sub(r"<style.*?</style>|<[^>]+>", " ", html, flags=re.DOTALL))
        units = r"(?:hours?|days?|working days?|working day)"
        assert len(re.findall(rf"\b{number} {units}\b", text)) == 1, leaf


def test_the_limits_of_the_law_stand_beside_a_clock_that_is_not_theirs() -> None:
    answers = copy_of(hub())
    answers["rights"]["complaints_acknowledged_days"] = 30
    assert own_words(html_of("agreement", answers)).count("the law allows 30") == 0
    assert section(answers, "complaints").count("30") == 1
    answers["rights"]["complaints_acknowledged_days"] = 12
    said = section(answers, "complaints")
    assert "within 12 days (the law allows 30)" in said
    answers["security"]["breach_regulator_hours"] = 48
    assert "The law allows 72 hours" in section(answers, "schedule-breaches")
    answers["security"]["breach_regulator_hours"] = 72
    assert section(answers, "schedule-breaches").count("72") == 1


def test_the_clock_for_requests_says_what_starts_pauses_and_extends_it() -> None:
    said = section(WHOLE, "schedule-rights")
    assert "At the latest of: the request arriving; the information asked for" in said
    assert "Only for an access request" in said
    assert "One month from the start. It may be extended by two months" in said


# Under a protocol, or alone


@pytest.mark.parametrize(
    ("partnership", "wanted", "alone"),
    [
        ({"protocol": "none"}, ["agreement"], True),
        ({}, ["agreement"], True),
        ({"protocol": "exists", "protocol_title": "Ours"}, ["agreement"], False),
        ({"protocol": "none"}, ["protocol", "agreement"], False),
    ],
)
def test_only_an_agreement_that_stands_alone_copies_in_the_promises_of_a_protocol(
    partnership: Mapping[str, str], wanted: list[str], alone: bool
) -> None:
    answers = copy_of(WHOLE)
    answers["partnership"] = {"lead": "council", **partnership}
    answers["documents"] = {"wanted": wanted}
    said = section(answers, "schedule-promises")
    promises = ("For stated purposes only.", "No party may share until it has recorded", "register")
    assert all((promise in said) is alone for promise in promises), said
    assert ("does not apply because the parties make these promises" in said) is not alone
    assert ("Schedule 17" in section(answers, "background")) is alone


# What staff do


def test_the_eight_decisions_of_a_flow_stand_in_two_columns_with_good_cause() -> None:
    html = html_of("agreement", hub())
    part = html[html.index('id="schedule-decisions"') :].partition("</section>")[0]
    names = {flow["id"]: f"F-{i:02}" for i, flow in enumerate(hub()["data_flows"], 1)}
    rows = {}
    for row in part.split("<tr>")[2:]:
        flow, *cells = (
            folded(re.sub("<[^>]+>", "", cell)) for cell in re.findall(r"<t[hd].*?</t[hd]>", row)
        )
        rows[flow] = cells
    sharing = ("offer", "share_when_asked", "request", "accept")
    assert len(rows) == len(names)
    for decision in hub()["decisions"]:
        shared, protected = rows[names[decision["flow"]]]
        column = shared if decision["decision"] in sharing else protected
        assert folded(decision["good_cause"]) in column
        assert folded(decision["guidance"]) in column


def test_numbers_that_tables_cite_are_those_that_clauses_give() -> None:
    said = section(hub(), "people")
    first = hub()["data_subjects"][0]
    assert f"G1 {first['group']}" in said
    item = next(row for row in hub()["data_items"] if first["id"] in row["data_subjects"])
    html = html_of("agreement", hub())
    cell = re.search(rf'data-at="data_items\[{item["id"]}\]\.data_subjects">(.*?)</span>', html)
    assert cell is not None
    assert "G1" in cell[1]


# How it is drafted


def test_duties_are_must_and_never_shall() -> None:
    for name, text in templates("agreement", "protocol", "blank_agreement", "card"):
        assert not re.search(r"\bshall\b", text, re.IGNORECASE), name
    words = own_words(html_of("agreement", hub()))
    assert len(re.findall(r"\bmust\b", words)) > 80


def test_clauses_are_numbered_so_that_they_can_be_cited() -> None:
    html = html_of("agreement", hub())
    numbers = re.findall(r'<span class="n">(\d+)\.(\d+)</span>', html)
    clauses = html[: html.index('id="schedule-items"')]
    own = [(int(a), int(b)) for a, b in re.findall(r'<span class="n">(\d+)\.(\d+)</span>', clauses)]
    assert len(numbers) > 90
    assert own == sorted(set(own)), "each number once, in order"
    assert "(a)" in section(hub(), "schedule-security")


def test_the_agreement_of_the_hub_is_short_enough_to_be_read() -> None:
    loaded = load(shipped("examples") / "safeguarding-hub.json")
    (done,) = render(loaded, ["agreement"])
    assert len(pypdf.PdfReader(io.BytesIO(done.content)).pages) <= MOST_PAGES
