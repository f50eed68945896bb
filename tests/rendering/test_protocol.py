"""The protocol: what it promises and what not, and the blank agreement that goes with it."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping
from pathlib import Path

import pypdf
import pytest
from tests.practice.partnership import WHOLE
from tests.rendering.reach import Sections, folded, html_of
from tests.rendering.test_agreement import CLOCKS, copy_of, hub, section

from piagen.pipeline.assess import Loaded, load, load_bytes
from piagen.pipeline.documents import documents, needed, render
from piagen.resources import shipped

MOST_PAGES = 14
"""Of the protocol of the safeguarding hub."""


def test_a_protocol_permits_nothing_by_itself() -> None:
    said = section(WHOLE, "purpose", document="protocol")
    assert "1.1 This protocol permits nothing by itself." in said
    assert "It authorises no sharing of personal data." in said


def test_the_blank_agreement_is_a_file_of_its_own_and_the_protocol_says_where() -> None:
    manifest = documents()["blank_agreement"]
    line = section(hub(), "schedule-agreement", document="protocol")
    assert f"“{manifest.title}”, version {hub()['assessment']['version']}" in line
    assert "The designated person of Sallowshire County Council keeps it" in line
    assert len(line.split()) < 60
    (form,) = render(load(shipped("examples") / "safeguarding-hub.json"), ["blank_agreement"])
    reader = pypdf.PdfReader(io.BytesIO(form.content))
    last = reader.pages[-1].extract_text()
    assert f"page {len(reader.pages)} of {len(reader.pages)}" in folded(last)
    assert "_blank_agreement_" in form.filename


def test_a_blank_agreement_holds_nothing_of_the_project_but_whose_form_it_is() -> None:
    page = Sections(html_of("blank_agreement", hub()))
    marks = {at for section in page.marks.values() for at in section}
    assert marks == {
        "assessment.title", "assessment.version", "assessment.dated", "protocol.name",
    }  # fmt: skip
    said = folded(" ".join(" ".join(words) for id_, words in page.text.items() if id_ != "cover"))
    for row in (*hub()["purposes"], *hub()["data_items"]):
        assert (row.get("purpose") or row["item"]) not in said


def test_the_blank_agreement_asks_for_what_an_agreement_must_hold() -> None:
    agreement = {plan.id for plan in documents()["agreement"].sections}
    blank = {plan.id for plan in documents()["blank_agreement"].sections}
    for part in ("parties", "purposes", "legal-power", "rights", "breaches", "signature",
                 "schedule-items", "schedule-flows", "schedule-legal-basis", "schedule-retention",
                 "schedule-decisions"):  # fmt: skip
        assert part in blank & agreement
    said = " ".join(" ".join(t) for t in Sections(html_of("blank_agreement", {})).text.values())
    assert "Processors are not parties" in folded(said)


@pytest.mark.parametrize("wanted", [["protocol"], ["agreement"], ["protocol", "agreement"]])
def test_the_blank_comes_with_a_protocol_and_the_card_with_an_agreement(wanted: list[str]) -> None:
    answers = {**copy_of(WHOLE), "documents": {"wanted": wanted}}
    names = set(needed(loaded(answers)))
    assert ("blank_agreement" in names) is ("protocol" in wanted)
    assert ("card" in names) is ("agreement" in wanted)


def test_a_screening_that_ends_the_matter_brings_neither_card_nor_blank() -> None:
    answers = {"screening": {"personal_data": "no"}, "assessment": {"title": "Footfall"}}
    assert set(needed(loaded(answers))) == {"screening_record"}


def loaded(answers: Mapping[str, object]) -> Loaded:
    return load_bytes(json.dumps({"piagen": "1", **answers}).encode(), Path("project.json"))


def test_a_supplier_does_not_sign_the_protocol() -> None:
    answers = {**copy_of(WHOLE), "documents": {"wanted": ["protocol"]}}
    said = section(answers, "signature", document="protocol")
    assert "Portal Hosting" not in said
    assert "Northshire Council" in said
    assert "Portal Hosting" in section(answers, "partners", document="protocol")


def test_a_clock_has_the_same_number_wherever_the_protocol_says_it() -> None:
    answers = copy_of(hub())
    for (part, leaf), number in CLOCKS.items():
        answers[part][leaf] = number
    html = html_of("protocol", answers)
    for (part, leaf), number in CLOCKS.items():
        said = re.findall(rf'data-at="{part}\.{leaf}">([^<]*)<', html)
        assert len(said) <= 2, leaf
        assert all(words.startswith(f"{number} ") for words in said), leaf


def test_the_letters_of_powers_lead_to_the_powers_that_the_answers_name() -> None:
    html = html_of("protocol", hub())
    part = html[html.index('<section id="lawfulness"') :].partition("</section>")[0]
    named = dict(re.findall(r"<li>\((\w+)\) (.*?)</li>", part))
    for row in hub()["legal_basis"]:
        at = re.escape(f"legal_basis[{row['id']}].gateways")
        cell = re.search(rf'data-at="{at}">(.*?)</span>', part, re.DOTALL)
        if row.get("gateways"):
            assert cell is not None
            letters = re.findall(r"\((\w+)\)", cell[1])
            assert len(letters) == len(row["gateways"])
            assert all(letter in named for letter in letters)


def test_the_protocol_of_the_hub_is_short_enough_to_be_read() -> None:
    (done,) = render(load(shipped("examples") / "safeguarding-hub.json"), ["protocol"])
    assert len(pypdf.PdfReader(io.BytesIO(done.content)).pages) <= MOST_PAGES
