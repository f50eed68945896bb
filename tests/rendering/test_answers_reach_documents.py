"""Each answer is printed where it belongs, each gap is marked, and text stays text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.rendering.reach import Sections, folded, html_of, unreached

from piagen.law.catalogue import load_catalogue
from piagen.pipeline.assess import load, questionnaire
from piagen.pipeline.documents import documents, template_roots
from piagen.questionnaire.model import Question
from piagen.rendering.html import build_context
from piagen.rendering.rendition import Rendition
from piagen.rendering.sheet import Sheet
from piagen.resources import shipped

EXAMPLES = sorted(path.stem for path in shipped("examples").glob("*.json"))
DOCUMENTS = list(documents())
WHOLE = ["pia", "protocol", "agreement"]
"""The documents with a cover and document control; the screening record is a page or two."""


def answers_of(example: str) -> Mapping[str, Any]:
    return load(shipped("examples") / f"{example}.json").answers


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_question_has_a_section_in_each_document_that_it_feeds(document: str) -> None:
    manifest = documents()[document]
    homeless = [
        question.path
        for _, question in questionnaire().questions()
        if document in question.reach.documents
        and not question.derived
        and not any(plan.prints(question) for plan in manifest.sections)
    ]
    assert homeless == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_no_section_lists_a_question_that_does_not_exist(document: str) -> None:
    known = set(questionnaire().by_path) | {f"{key}[]" for key in questionnaire().tables}
    known |= {f"{key}.*" for key in questionnaire().leaves}
    known |= {entry.path for _, entry in questionnaire().entries()}
    listed = {path for plan in documents()[document].sections for path in plan.answers}
    assert listed - known == set()


@pytest.mark.parametrize("example", EXAMPLES)
@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_answer_is_printed_in_its_sections(document: str, example: str) -> None:
    answers = answers_of(example)
    sheet = Sheet(questionnaire(), answers)
    assert list(unreached(documents()[document], sheet, html_of(document, answers))) == []


@pytest.mark.parametrize("document", ["pia", "protocol", "agreement"])
def test_every_answer_is_in_a_section_that_the_specification_names(document: str) -> None:
    """`tests/data/sections.json`: bank id to the sections, any of which may print a leaf of it."""
    named = json.loads((Path(__file__).parents[1] / "data" / "sections.json").read_text())
    plans = {plan.id: plan for plan in documents()[document].sections}
    elsewhere = [
        f"{question.reach.bank} {question.path}"
        for _, question in questionnaire().questions()
        if document in question.reach.documents
        and not question.derived
        and question.reach.bank in named[document]
        and not any(plans[id_].prints(question) for id_ in named[document][question.reach.bank])
    ]
    assert elsewhere == []


@pytest.mark.parametrize("document", WHOLE)
def test_gaps_are_marked_in_place_and_listed_on_one_page(document: str) -> None:
    answers = answers_of("early-draft")
    manifest = documents()[document]
    context = build_context(
        manifest, answers, questionnaire(), load_catalogue().as_at(None), (), Rendition("html")
    )
    page = Sections(html_of(document, answers))
    listed = folded(" ".join(page.text["still-to-be-completed"]))
    assert len(context.gaps) > 20
    for line in context.gaps:
        assert folded(line.label) in listed
        assert line.section is not None, line.gap.at
        if line.section.applies and isinstance(line.gap.entry, Question):
            there = folded(" ".join(page.text[line.section.id]))
            assert "To be completed" in there, f"{line.gap.at} in {line.section.id}"
            if line.gap.at in page.marks.get(line.section.id, {}):
                marked = folded("".join(page.marks[line.section.id][line.gap.at]))
                assert "To be completed" in marked, line.gap.at


def test_a_gap_says_who_was_asked_and_by_when() -> None:
    page = Sections(html_of("pia", answers_of("early-draft")))
    listed = folded(" ".join(page.text["still-to-be-completed"]))
    row = answers_of("early-draft")["open_questions"][0]
    assert row["owner"] in listed


@pytest.mark.parametrize("example", ["safeguarding-hub", "homelessness-duty-to-refer"])
def test_a_complete_project_has_no_gap_in_the_documents_it_needs(example: str) -> None:
    from piagen.pipeline.documents import needed

    for document in needed(load(shipped("examples") / f"{example}.json")):
        assert "To be completed" not in html_of(document, answers_of(example)), document


def test_a_section_that_does_not_apply_says_why_in_one_line() -> None:
    page = Sections(html_of("agreement", answers_of("homelessness-duty-to-refer")))
    plan = next(
        plan
        for plan in documents()["agreement"].sections
        if "any_joint_controller" in str(plan.when) and plan.kind == "section"
    )
    said = folded(" ".join(page.text[plan.id]))
    assert said.endswith("does not apply because no partner is a joint controller.")


@pytest.mark.parametrize("document", DOCUMENTS)
def test_the_short_form_leaves_no_section_empty(document: str) -> None:
    draft = dict(answers_of("early-draft"))
    draft["screening"] = {**draft["screening"], "route": "short"}
    page = Sections(html_of(document, draft))
    for plan in documents()[document].sections:
        if plan.id == "cover":
            continue
        said = folded(" ".join(page.text[plan.id])).removeprefix(plan.title)
        assert len(said) > len(plan.title) + 15, plan.id


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "{{ 7*7 }} {% include 'x' %}",
        "</style><style>*{display:none}",
        "<img src=x onerror=alert(1)>",
        '"><b data-at="x">',
    ],
)
@pytest.mark.parametrize("document", DOCUMENTS)
def test_what_a_user_types_is_text_and_nothing_else(document: str, hostile: str) -> None:
    answers = dict(answers_of("safeguarding-hub"))
    answers["assessment"] = {**answers["assessment"], "title": hostile}
    answers["project"] = {**answers["project"], "summary": hostile}
    html = html_of(document, answers)
    assert hostile not in html
    assert folded(hostile) in folded(" ".join(Sections(html).text["cover"]))


def test_a_fourth_document_needs_a_folder_and_no_python(tmp_path: Path) -> None:
    folder = tmp_path / "letter"
    folder.mkdir()
    (folder / "document.toml").write_text(
        'title = "Letter"\nkind = "Letter"\nabout = "A letter."\nsection_word = "part"\n'
        'order = 9\n[[sections]]\nid = "why"\ntitle = "Why"\ntemplate = "why.html.j2"\n'
        'answers = ["project.summary"]\n'
    )
    (folder / "why.html.j2").write_text("<p>{{ answers['project.summary'] }}</p>")
    from piagen.pipeline.documents import render

    roots = (tmp_path, *template_roots())
    loaded = load(shipped("examples") / "early-draft.json")
    (letter,) = render(loaded, ["letter"], format="html", roots=roots)
    assert letter.filename.split("_")[1] == "letter"
    assert folded(loaded.answers["project"]["summary"])[:40] in folded(letter.content.decode())


@pytest.mark.parametrize("document", WHOLE)
def test_approved_in_name_alone_is_called_a_draft(document: str) -> None:
    answers = dict(answers_of("early-draft"))
    answers["assessment"] = {**answers["assessment"], "status": "approved"}
    html = html_of(document, answers)
    page = Sections(html)
    assert '<body class="draft"' in html
    for section in ("cover", "control") if document == "pia" else ("cover",):
        marked = folded("".join(page.marks[section]["assessment.status"]))
        assert marked.startswith("Draft: called approved")


def test_what_hangs_on_a_missing_answer_is_called_not_known_yet() -> None:
    answers = dict(answers_of("early-draft"))
    del answers["risks"], answers["legal_basis"]
    page = Sections(html_of("pia", answers))
    actions = folded(" ".join(page.text["actions"]))
    assert "It is not known yet whether this section applies" in actions
    assert "does not apply" not in actions


@pytest.mark.parametrize("document", DOCUMENTS)
def test_an_unconfirmed_answer_says_so_where_it_is_printed(document: str) -> None:
    answers = dict(answers_of("safeguarding-hub"))
    paths = ("project.summary", "agreement.disputes", "protocol.disputes", "security.training")
    answers["unconfirmed"] = [{"path": path, "starter": "hub"} for path in paths]
    page = Sections(html_of(document, answers))
    for plan in documents()[document].sections:
        for path in paths:
            if path in plan.answers and path in page.marks.get(plan.id, {}):
                assert "to be confirmed" in "".join(page.marks[plan.id][path])


STOPPED = {
    "piagen": "1",
    "assessment": {"title": "Footfall counts", "status": "draft"},
    "screening": {
        "personal_data": "no",
        "reason": "The counter keeps totals only.",
        "screened_by": "Sam Okafor, analyst",
        "screened_on": "2026-11-16",
    },
}


def test_with_no_personal_data_the_assessment_is_the_record_of_the_screening() -> None:
    page = Sections(html_of("pia", STOPPED))
    said = folded(" ".join(page.text["screening"]))
    for word in ("The counter keeps totals only.", "Sam Okafor", "16 November 2026", "ends here"):
        assert word in said
    kept = {"cover", "summary", "control", "screening"}
    for plan in documents()["pia"].sections:
        if not plan.answers:
            continue
        there = folded(" ".join(page.text[plan.id]))
        assert ("does not apply because" in there) is (plan.id not in kept), plan.id
        if plan.id in ("summary", "screening"):
            assert "To be completed" not in there, plan.id


def test_answers_to_the_screening_that_contradict_each_other_are_both_named() -> None:
    screening = {**STOPPED["screening"], "matching": "yes"}  # type: ignore[dict-item]
    page = Sections(html_of("pia", {**STOPPED, "screening": screening}))
    said = folded(" ".join(page.text["screening"]))
    assert "Two answers cannot both be right." in said
    assert "“Personal data” is answered no. Answered yes or not sure: matching records." in said
    assert "The answers lead to" not in said


@pytest.mark.parametrize(("accepted", "changed"), [("mandatory", False), ("consider", True)])
def test_an_outcome_that_changed_since_it_was_accepted_shows(accepted: str, changed: bool) -> None:
    answers = dict(answers_of("safeguarding-hub"))
    answers["screening"] = {**answers["screening"], "outcome": accepted}
    said = folded(" ".join(Sections(html_of("pia", answers)).text["screening"]))
    assert ("the answers have changed since" in said) is changed
