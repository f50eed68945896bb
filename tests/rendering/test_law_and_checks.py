"""The law on its day, the three tests, the review and the short record, as documents print them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.practice.partnership import answers as partnership
from tests.rendering.reach import Sections, folded

from piagen.config import Config, Move
from piagen.pipeline.assess import Loaded, check, load, load_bytes, questionnaire
from piagen.pipeline.documents import needed, render
from piagen.practice import risk_prompts
from piagen.resources import shipped

EXAMPLES = sorted(path.stem for path in shipped("examples").glob("*.json"))
LEAVES = [
    question.leaf
    for _, question in questionnaire().questions()
    if question.key == "screening" and "not_sure" in question.options
]
"""The screening questions."""
ABOUT = {"title": "Survey of tenants", "status": "draft", "dated": "2026-11-16"}
NOTHING_FOUND = {
    **dict.fromkeys(LEAVES, "no"),
    "personal_data": "yes",
    "outcome": "not_required",
    "route": "short",
    "reason": "A one-off survey with names and addresses only.",
    "screened_by": "Sam Okafor, analyst",
    "screened_on": "2026-11-16",
    "dpo_view": "Agrees that none is needed.",
    "review_on": "2027-11-16",
}
STOPPED = {
    "personal_data": "no",
    "reason": "The counter keeps totals only.",
    "screened_by": "Sam Okafor, analyst",
    "screened_on": "2026-11-16",
}


def loaded(answers: Mapping[str, Any]) -> Loaded:
    return load_bytes(json.dumps({"piagen": "1", **answers}).encode(), Path("project.json"))


def html(answers: Mapping[str, Any] | Loaded, document: str = "pia", **how: Any) -> str:
    given = answers if isinstance(answers, Loaded) else loaded(answers)
    (done,) = render(given, [document], format="html", **how)
    return done.content.decode()


def said(
    answers: Mapping[str, Any] | Loaded, section: str, document: str = "pia", **how: Any
) -> str:
    page = Sections(html(answers, document, **how))
    return folded(" ".join(page.text[section]))


def screened(screening: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    return {"assessment": ABOUT, "screening": screening, **more}


def with_gateway(gateway: str, **basis: Any) -> dict[str, Any]:
    return {
        "assessment": {**ABOUT, "nations": ["england"]},
        "partners": [{"id": "council", "name": "Oak Council", "public_authority": True},
                     {"id": "trust", "name": "Elm Trust"}],
        "purposes": [{"id": "care", "category": "care"}],
        "data_items": [{"id": "note", "item": "Note", "identifiability": "identifiable"}],
        "data_flows": [{"id": "notes", "sender": "council", "recipients": ["trust"],
                        "purpose": "care", "regime": "uk_gdpr", "data_items": ["note"]}],
        "legal_basis": [{"id": "row", "partner": "council", "purpose": "care", "regime": "uk_gdpr",
                         "gateways": [gateway], **basis}],
    }  # fmt: skip


# The three tests


@pytest.mark.parametrize(
    ("document", "section", "headings"),
    [
        ("pia", "legal-basis", ("Test 1: power", "Test 2: lawful basis", "Test 3: confidence")),
        ("agreement", "schedule-legal-basis", ("First test", "Second test", "Third test")),
    ],
)
def test_the_three_tests_each_have_a_heading_in_order(
    document: str, section: str, headings: tuple[str, ...]
) -> None:
    page = html(with_gateway("children-act-1989-s47"), document)
    part = page[page.index(f'<section id="{section}"') :]
    found = folded(" | ".join(re.findall(r"<h[34][^>]*>(.*?)</h[34]>", part, re.DOTALL)))
    places = [found.index(heading) for heading in headings]
    assert places == sorted(places)


def test_every_row_of_an_example_passes_each_test_by_itself() -> None:
    given = load(shipped("examples") / "safeguarding-hub.json")
    page = html(given)
    rows = len(given.answers["legal_basis"])
    for test in ("Test 1", "Test 2", "Test 3"):
        assert page.count(f"<h4>{test}: ") == rows
    assert "To be completed" not in said(given, "legal-basis")


def test_a_missing_test_is_a_marked_gap() -> None:
    bare = with_gateway("children-act-1989-s47")
    del bare["legal_basis"][0]["gateways"], bare["legal_basis"][0]["regime"]
    for section, document in (("legal-basis", "pia"), ("schedule-legal-basis", "agreement")):
        there = said(bare, section, document)
        assert "To be completed: Other law or power" in there
        assert "To be completed: Data protection rules" in there
    assert "European Convention on Human Rights, Article 8 ): To be completed" in said(
        bare, "legal-basis"
    )


def test_sender_and_recipient_without_a_row_are_both_named() -> None:
    answers = with_gateway("children-act-1989-s47")
    there = said(answers, "legal-basis")
    assert "Elm Trust P1: receives To be completed: power, lawful basis, confidence" in there
    assert "Oak Council P1: sends" not in there
    answers["legal_basis"][0]["regime"] = "law_enforcement"
    assert "Oak Council P1: sends under the UK GDPR To be completed" in said(answers, "legal-basis")


def test_a_flow_of_counts_alone_needs_no_row() -> None:
    answers = with_gateway("children-act-1989-s47")
    answers["data_items"][0]["identifiability"] = "aggregate"
    assert "Elm Trust P1: receives" not in said(answers, "legal-basis")


def test_a_framework_says_that_it_needs_a_specific_power_and_a_gateway_does_not() -> None:
    needs = "A framework: it needs a specific power beside it."
    for document, section in (("pia", "legal-basis"), ("agreement", "schedule-legal-basis")):
        assert needs in said(with_gateway("children-act-1989-s17"), section, document)
        assert needs not in said(with_gateway("children-act-1989-s47"), section, document)


def test_a_power_comes_with_its_conditions_its_verification_and_what_the_project_says() -> None:
    there = said(
        with_gateway("children-act-1989-s47", conditions_met="We were asked."), "legal-basis"
    )
    assert "How the conditions are met: We were asked." in there
    assert "Duty on the listed bodies arises" in there
    assert "Text read, checked on 22 November 2026." in there


@pytest.mark.parametrize(
    ("gateway", "words"),
    [
        ("lga-2000-s2-wales", "repealed"),
        ("children-act-2004-s16la", "not yet fully in force, and its start date was not read"),
        ("children-act-1989-s47", "listed as in force, start not read"),
    ],
)
def test_how_a_power_stands_is_printed_beside_it(gateway: str, words: str) -> None:
    for document, section in (("pia", "legal-basis"), ("agreement", "schedule-legal-basis")):
        page = html(with_gateway(gateway), document)
        part = page[page.index(f'<section id="{section}"') :]
        role = r"(?:[a-z ]+; )?"
        assert re.search(r"</a> \(" + role + re.escape(words) + r"\)", part), document


def test_a_basis_that_is_not_in_force_on_the_day_says_so_beside_it() -> None:
    answers = with_gateway("children-act-1989-s47", article_6="6_1_ea")
    before = said(answers, "legal-basis", as_at=date(2026, 1, 10))
    assert "not yet in force on 10 January 2026: it starts on 5 February 2026" in before
    assert "not yet in force" not in said(answers, "legal-basis", as_at=date(2026, 3, 10))


# The table of authorities


def test_standing_changes_with_the_day_and_the_day_is_named() -> None:
    answers = with_gateway("children-act-1989-s47", article_6="6_1_ea")
    early = said(answers, "sources", as_at=date(2026, 1, 10))
    late = said(answers, "sources", as_at=date(2026, 3, 10))
    assert "as it stood on 10 January 2026" in early
    assert "Law: not yet in force on 10 January 2026: it starts on 5 February 2026" in early
    assert "as it stood on 10 March 2026" in late
    assert "Law: in force on 10 March 2026" in late
    assert "it starts on 5 February 2026" not in late


def test_without_a_date_no_day_is_claimed() -> None:
    answers = with_gateway("children-act-1989-s47", article_6="6_1_ea")
    answers["assessment"] = {"title": "Survey"}
    there = said(answers, "sources")
    assert "has no date, so no law was tested against a day" in there
    assert "in force on" not in there


@pytest.mark.parametrize(
    ("document", "section"), [("pia", "sources"), ("agreement", "authorities")]
)
def test_what_is_repealed_comes_first_under_a_heading_of_its_own(
    document: str, section: str
) -> None:
    page = html(with_gateway("lga-2000-s2-wales"), document)
    part = page[page.index(f'<section id="{section}"') :]
    headings = re.findall(r"<h3>(.*?)</h3>", part)
    assert headings[0] == "Law: repealed"
    first = part[: part.index("<h3>", part.index("Law: repealed"))]
    assert "Local Government Act 2000" in first


def test_codes_and_sources_are_not_called_law() -> None:
    there = said(load(shipped("examples") / "safeguarding-hub.json"), "sources")
    law, _, other = there.partition("Codes, guidance and other sources")
    assert "ICO Data Sharing Code" in other
    assert "ICO Data Sharing Code" not in law


# The checks


def waived(until: str = "2027-01-01", **more: str) -> dict[str, Any]:
    answers = with_gateway("children-act-2004-s16la")
    accepted = {
        "rule": "GW004",
        "at": "legal_basis[row].gateways",
        "reason": "Regulation 7 begins it. We read it on 3 November.",
        "owner": "Ines Marlow",
        "dpo": "Tom Reed",
        "until": until,
    }
    answers["waivers"] = [accepted | more]
    return answers


def test_findings_that_stand_are_printed_with_place_remedy_and_law() -> None:
    answers = with_gateway("lga-2000-s2-wales")
    there = said(answers, "checks")
    for finding in check(loaded(answers)).findings:
        assert finding.stands
        assert folded(finding.says) in there
        assert folded(finding.where) in there
        assert folded(finding.rule.do[1:]) in there
    assert re.search(r"GW003 Legal basis › L-01 [^›]+ › Legal gateway \( section \d+ \):", there)


def test_the_summary_gives_the_count_and_names_the_appendix() -> None:
    answers = with_gateway("lga-2000-s2-wales")
    found = check(loaded(answers)).findings
    errors = sum(f.severity == "error" for f in found)
    assert errors > 1
    assert f"Checks {errors} errors, " in said(answers, "summary")
    assert re.search(r"Checks .* stand \( Appendix 3 \)", said(answers, "summary"))


def test_where_nothing_stands_the_checks_say_so_and_what_was_checked() -> None:
    answers = json.loads((shipped("examples") / "safeguarding-hub.json").read_text("utf-8"))
    page = said(answers, "checks")
    if any(f.stands for f in check(loaded(answers)).findings):
        pytest.skip("the example has findings that stand")
    assert "Nothing stands" in page
    assert "They ask what a governance team would ask: about powers, lawful bases" in page


def test_rules_of_other_nations_are_not_counted_as_run() -> None:
    def ran(nation: str) -> int:
        answers = {"assessment": {**ABOUT, "nations": [nation]}}
        found = re.search(r"(\d+) rules of piagen read", said(answers, "checks"))
        assert found is not None
        return int(found[1])

    assert ran("england") > ran("northern_ireland") > 100


def test_an_accepted_error_is_printed_with_its_waiver_and_does_not_stand() -> None:
    there = said(waived(), "checks")
    accepted = there[there.index("Findings accepted for a reason") :]
    for word in (
        "GW004, error",
        "Regulation 7 begins it.",
        "Ines Marlow",
        "Tom Reed",
        "1 January 2027",
    ):
        assert word in accepted
    assert "1 finding was accepted" in there
    assert "Waivers that accept nothing" not in there


@pytest.mark.parametrize("incomplete", [False, True], ids=["ended", "incomplete"])
def test_a_waiver_that_has_ended_or_is_not_complete_accepts_nothing(incomplete: bool) -> None:
    answers = waived() if incomplete else waived(until="2026-11-01")
    if incomplete:
        del answers["waivers"][0]["dpo"]
    there = said(answers, "checks")
    assert "Findings accepted for a reason" not in there
    stands = there[: there.index("Waivers that accept nothing")]
    assert "nobody has read when it starts" in stands
    assert "Regulation 7 begins it." in there[there.index("Waivers that accept nothing") :]


def test_a_rule_whose_weight_was_changed_is_printed_with_the_reason() -> None:
    config = Config(moves=(Move("GW007", "error", "We never rely on a framework alone."),))
    answers = with_gateway("children-act-1989-s17")
    there = said(answers, "checks", config=config)
    assert "error, in place of warning We never rely on a framework alone." in there
    assert "whose weight the organisation has changed" not in said(answers, "checks")


def test_what_the_organisation_set_changes_the_content_code() -> None:
    answers = with_gateway("children-act-1989-s17")
    moved = Config(moves=(Move("GW007", "error", "We never rely on a framework alone."),))
    named = Config(regulator="Office of Invented Affairs")
    found = [re.search(r"Content code</th><td>(\w{8})<", html(answers, config=config))
             for config in (None, moved, named)]  # fmt: skip
    assert len({code[1] for code in found if code}) == 3


def test_what_somebody_types_in_a_waiver_is_text() -> None:
    assert "<b>now</b>" not in html(waived(reason="<b>now</b>"))


# Draft or not


def approved() -> dict[str, Any]:
    path = shipped("examples") / "homelessness-duty-to-refer.json"
    answers: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return answers


def is_draft(answers: Mapping[str, Any], **how: Any) -> bool:
    return all('<body class="draft"' in html(answers, name, **how) for name in ("pia", "agreement"))


def test_an_approved_example_goes_without_the_word_draft() -> None:
    assert not is_draft(approved())


@pytest.mark.parametrize("decision", ["refused", "withdrawn"])
@pytest.mark.parametrize("role", ["siro", "information_asset_owner", "caldicott_guardian", "dpo"])
def test_a_sign_off_that_was_refused_or_withdrawn_keeps_it_a_draft(
    role: str, decision: str
) -> None:
    answers = approved()
    for row in answers["sign_off"]:
        if row["role"] == role:
            row["decision"] = decision
    assert is_draft(answers)
    assert "Not approved." in said(answers, "sign-off")
    assert "Draft: called approved, but" in said(answers, "cover")


def test_a_risk_owner_who_only_advised_has_not_approved() -> None:
    answers = approved()
    (row,) = [row for row in answers["sign_off"] if row["role"] == "siro"]
    row["decision"] = "advised"
    assert is_draft(answers)


def test_a_sign_off_that_is_missing_keeps_it_a_draft() -> None:
    answers = approved()
    answers["sign_off"] = [row for row in answers["sign_off"] if row["role"] != "siro"]
    assert is_draft(answers)


def test_an_error_keeps_it_a_draft_until_it_is_accepted_and_again_when_that_ends() -> None:
    answers = approved()
    row = answers["legal_basis"][0]
    row["gateways"] = [*row.get("gateways", ()), "children-act-2004-s16la"]
    assert is_draft(answers)
    at = f"legal_basis[{row['id']}].gateways"
    accepted = {"rule": "GW004", "at": at, "reason": "It began.", "owner": "Ines Marlow"}
    answers["waivers"] = [{**accepted, "dpo": "Tom Reed", "until": "2027-06-30"}]
    assert not is_draft(answers)
    assert is_draft(answers, as_at=date(2027, 7, 1))
    answers["waivers"] = [{**accepted, "until": "2027-06-30"}]
    assert is_draft(answers)


# Practice


def test_each_flow_has_its_two_counts_and_no_total_is_given() -> None:
    given = load(shipped("examples") / "early-draft.json")
    there = said(given, "practice")
    prompts = there[there.index("Prompts for professional judgement, not a score") :]
    counts = prompts[prompts.index(": guards on each flow ") : prompts.index(": guards that are ")]
    for number in range(1, len(given.answers["data_flows"]) + 1):
        row = rf"F-{number:02}\b[^:]*? \d of 6 \d of 6"
        assert len(re.findall(row, counts)) == 1
    assert "of 12" not in prompts
    assert not re.search(r"\b(ideal|chaotic)\b", prompts)


def test_a_guard_that_is_missing_on_several_flows_is_said_once() -> None:
    there = said(load(shipped("examples") / "early-draft.json"), "practice")
    missing = there[there.index(": guards that are missing") :]
    assert missing.count("Refusing what is offered is covered") == 1
    assert (
        "Refusing what is offered is covered Over-openness Every flow Sharing decisions, section"
        in missing
    )
    assert "The partners know how each other works with confidentiality Both " in missing
    whole = said(load(shipped("examples") / "safeguarding-hub.json"), "practice")
    assert "guards that are missing" not in whole
    assert "No guard is missing on any flow." in whole


@pytest.mark.parametrize(
    ("without", "label"),
    [
        (["decisions[d-offer].good_cause", "practice.accept_checks", "recipient_needs",
          "necessity.left_out"], ": risk of over-openness"),
        (["decisions[d-refuse].guidance", "practice.challenge", "legal_basis",
          "practice.learning"], ": risk of over-caution"),
        (["practice.accept_checks"], ""),
    ],
)  # fmt: skip
def test_a_flow_is_labelled_only_where_its_guards_are_one_sided(
    without: list[str], label: str
) -> None:
    there = said(partnership(without=without), "practice")
    assert ": risk of over-" in there if label else ": risk of over-" not in there
    assert re.search(rf"{label} \d of 6 \d of 6", there)


def test_sixteen_tips_each_have_a_state_and_what_is_lacking_has_an_action() -> None:
    there = said(load(shipped("examples") / "early-draft.json"), "tips")
    for number in range(1, 17):
        assert re.search(rf"\bT{number} .*?\b(Met|Partly|Open)\b", there)
    assert "Box 10.1" in there
    assert re.search(r"Open To do: .*? Still lacking: \S", there)
    done = said(load(shipped("examples") / "safeguarding-hub.json"), "tips")
    assert "Shown by: Legal gateway (" in done
    assert "To do:" not in done


def test_risks_that_nobody_looked_at_are_suggested_and_those_set_aside_have_their_title() -> None:
    given = json.loads((shipped("examples") / "early-draft.json").read_text("utf-8"))
    waiting = risk_prompts.prompts(given)
    assert waiting
    there = said(given, "risks")
    for risk in waiting:
        assert folded(risk.title) in there
    first = waiting[0]
    given["dismissed_risks"] = [{"slug": first.slug, "reason": "No door is left open."}]
    there = said(given, "risks")
    _, _, aside = there.partition("Risks looked at and set aside")
    assert f"{first.title} No door is left open." in aside
    assert there.count(first.title) == 1
    assert first.slug not in aside


# The screening and its short record


def test_the_screening_gives_reasons_triggers_and_the_sharing_documents_that_are_needed() -> None:
    there = said(load(shipped("examples") / "safeguarding-hub.json"), "screening")
    for words in (
        "The answers lead to: required by law .",
        "Article 35(3) names this kind of processing. See UK GDPR, Article 35(3) .",
        "Sharing documents that the answers call for",
        "Information sharing agreement",
        "Contract with a processor",
    ):
        assert words in there, words


@pytest.mark.parametrize(
    ("screening", "documents"),
    [
        (STOPPED, {"screening_record"}),
        (NOTHING_FOUND, {"screening_record"}),
        ({**STOPPED, "matching": "yes"}, {"screening_record"}),
        ({**NOTHING_FOUND, "route": "full"}, {"pia"}),
        ({**NOTHING_FOUND, "vulnerable_people": "yes", "outcome": "consider"}, {"pia"}),
        ({**NOTHING_FOUND, "large_scale_profiling": "yes"}, {"pia"}),
    ],
    ids=[
        "stopped",
        "not required",
        "contradiction",
        "chosen in full",
        "short for another reason",
        "out of date",
    ],
)
def test_the_record_is_written_alone_where_no_assessment_is_required(
    screening: dict[str, str], documents: set[str]
) -> None:
    assert set(needed(loaded(screened(screening)))) == documents


def test_where_no_assessment_is_required_other_documents_are_written_only_by_name() -> None:
    partners = [{"id": "a", "name": "Elm School"}, {"id": "b", "name": "Oak Council"}]
    alone = screened(NOTHING_FOUND, partners=partners, partnership={"protocol": "none"})
    assert set(needed(loaded(alone))) == {"screening_record"}
    wanted = {**alone, "documents": {"wanted": ["agreement"]}}
    assert set(needed(loaded(wanted))) == {"screening_record", "agreement", "card"}


def test_the_record_says_who_when_why_and_what_was_asked() -> None:
    page = Sections(html(screened(NOTHING_FOUND), "screening_record"))
    decision = folded(" ".join(page.text["decision"]))
    for words in (
        "Not required",
        "Sam Okafor, analyst",
        "16 November 2026",
        "A one-off survey",
        "Agrees that none is needed.",
        "16 November 2027",
        "Nothing in the answers points to a high risk. See UK GDPR, Article 5(2)",
    ):
        assert words in decision, words
    assert "matching records" in folded(" ".join(page.text["answers"]))
    assert "UK GDPR, Article 35(1)" in folded(" ".join(page.text["sources"]))


def test_with_no_personal_data_the_record_is_who_when_and_why() -> None:
    page = Sections(html(screened(STOPPED), "screening_record"))
    decision = folded(" ".join(page.text["decision"]))
    for words in ("Sam Okafor, analyst", "16 November 2026", "The counter keeps totals only."):
        assert words in decision
    assert "data protection officer" not in decision
    assert "To be completed" not in decision
    assert "does not apply because the project uses no personal data" in folded(
        " ".join(page.text["answers"])
    )


def test_a_record_with_gaps_marks_them_and_lists_them() -> None:
    bare = {
        key: value for key, value in NOTHING_FOUND.items() if key not in ("reason", "review_on")
    }
    page = Sections(html(screened(bare), "screening_record"))
    assert "To be completed: Reason for no full assessment" in folded(
        " ".join(page.text["decision"])
    )
    listed = folded(" ".join(page.text["still-to-be-completed"]))
    assert "Reason for no full assessment; Screening review date; Summary" in listed
    assert "3 answers are missing" in listed


def test_a_record_of_answers_that_lead_elsewhere_says_that_it_replaces_nothing() -> None:
    says = "This record does not take the place of an assessment."
    hub = load(shipped("examples") / "safeguarding-hub.json")
    assert says in said(hub, "decision", "screening_record")
    assert says not in said(screened(NOTHING_FOUND), "decision", "screening_record")


def test_a_record_of_answers_that_contradict_each_other_has_no_result() -> None:
    there = said(screened({**STOPPED, "matching": "yes"}), "decision", "screening_record")
    assert "Two answers cannot both be right." in there
    assert "None: the answers do not lead to a result yet" in there
    assert "so data protection law does not ask" not in there


@pytest.mark.parametrize("screening", [STOPPED, NOTHING_FOUND], ids=["stopped", "not required"])
def test_a_record_is_at_most_two_pages(screening: dict[str, str]) -> None:
    import io

    import pypdf

    (done,) = render(loaded(screened(screening)), ["screening_record"])
    assert len(pypdf.PdfReader(io.BytesIO(done.content)).pages) <= 2
