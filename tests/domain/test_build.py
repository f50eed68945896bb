"""The typed project holds what the answers hold, and joins their rows."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields, is_dataclass
from datetime import date

import pytest

from piagen.domain import build
from piagen.domain.project import Project
from piagen.questionnaire.survey import survey


def project_from(answers):
    """The project; a test that names its rows by plain ids need not say what kind they are."""
    return build.project_from(answers)


def plain(value):
    """Turn a project back into the JSON it was built from."""
    if is_dataclass(value):
        pairs = ((f.name, plain(getattr(value, f.name))) for f in fields(value))
        return {name: found for name, found in pairs if found is not None}
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    return value


@pytest.fixture
def hub(example):
    return project_from(example("safeguarding-hub"))


def test_a_project_holds_every_answer_of_an_example(example, example_names):
    assert len(example_names) >= 3
    for name in example_names:
        answers = example(name)
        built = {key: found for key, found in plain(project_from(answers)).items() if found}
        del answers["piagen"]
        assert built == {key: given for key, given in answers.items() if given}


def test_no_answers_make_an_empty_project():
    project = project_from({"piagen": "1"})
    assert project == Project()
    assert project.assessment.title is None
    assert project.partners == ()
    assert project.lead is None


def test_dates_are_dates_and_lists_are_tuples(hub):
    assert isinstance(hub.assessment.dated, date)
    assert isinstance(hub.data_flows[0].recipients, tuple)


def test_none_of_these_is_not_the_same_as_no_answer():
    project = project_from({"data_items": [{"id": "a", "also_contains": []}, {"id": "b"}]})
    assert project.data_items[0].also_contains == ()
    assert project.data_items[1].also_contains is None


def test_a_project_cannot_be_changed(hub):
    with pytest.raises(FrozenInstanceError):
        hub.assessment.title = "Another"
    with pytest.raises(FrozenInstanceError):
        hub.partners = ()


def test_a_key_that_the_project_does_not_know_is_passed_over():
    project = project_from({"piagen": "1", "assessment": {"title": "A", "colour": "red"}})
    assert project.assessment.title == "A"


def test_what_an_organisation_adds_is_kept_as_it_is():
    extra = {"northshire.board": {"seen": True}}
    assert project_from({"piagen": "1", "extra": extra}).extra == extra


def test_suppliers_are_the_partners_that_only_process(hub):
    assert [partner.id for partner in hub.suppliers] == ["supplier"]
    assert [*hub.parties, *hub.suppliers] == sorted(
        hub.partners, key=lambda partner: partner.id == "supplier"
    )


def test_a_partner_with_no_role_yet_is_a_party(example, questionnaire):
    """A draft names partners before it gives them roles; they must not drop out of sight."""
    answers = example("early-draft")
    project = project_from(survey(questionnaire, answers).visible)
    without = {p["id"] for p in answers["partners"]} - {
        role["partner"] for role in answers["roles"] if "role" in role
    }
    assert without == {"education-department"}
    assert without <= {partner.id for partner in project.parties}


def test_a_partner_that_also_controls_is_no_supplier():
    answers = {
        "partners": [{"id": "a"}, {"id": "b"}],
        "roles": [
            {"id": "1", "partner": "a", "role": "processor"},
            {"id": "2", "partner": "a", "role": "controller"},
            {"id": "3", "partner": "b", "role": "processor"},
        ],
    }
    project = project_from(answers)
    assert [partner.id for partner in project.parties] == ["a"]
    assert project.roles_of(project.partners[0].id) == {"processor", "controller"}


def test_the_lead_is_the_row_that_the_partnership_names(hub):
    assert hub.lead is hub.partners[0]
    assert hub.lead.name == "Sallowshire County Council"


def test_a_partner_is_found_by_id_or_not_at_all(hub):
    assert hub.partner("police").id == "police"
    assert hub.partner("nobody") is None
    assert hub.partner(None) is None


def test_the_recipients_of_an_item_are_those_of_its_flows_once_each_in_order():
    project = project_from(
        {
            "data_flows": [
                {"id": "1", "data_items": ["x"], "recipients": ["c", "a"]},
                {"id": "2", "data_items": ["y"], "recipients": ["d"]},
                {"id": "3", "data_items": ["y", "x"], "recipients": ["a", "b"]},
                {"id": "4", "recipients": ["e"]},
                {"id": "5", "data_items": ["x"]},
            ]
        }
    )
    assert project.recipients_of("x") == ("c", "a", "b")
    assert project.recipients_of("nothing") == ()


def test_every_item_of_the_hub_that_flows_has_recipients(hub):
    flowing = {item for flow in hub.data_flows for item in flow.data_items or ()}
    assert flowing
    assert [item for item in flowing if not hub.recipients_of(item)] == []


def test_the_basis_of_a_sender_is_the_row_of_the_same_partner_purpose_and_regime():
    rows = [
        {"id": "other-regime", "partner": "a", "purpose": "p", "regime": "law_enforcement"},
        {"id": "other-purpose", "partner": "a", "purpose": "q", "regime": "uk_gdpr"},
        {"id": "other-partner", "partner": "b", "purpose": "p", "regime": "uk_gdpr"},
        {"id": "right", "partner": "a", "purpose": "p", "regime": "uk_gdpr"},
    ]
    flow = {"id": "f", "sender": "a", "purpose": "p", "regime": "uk_gdpr"}
    project = project_from({"legal_basis": rows, "data_flows": [flow]})
    assert project.basis_of_sender(project.data_flows[0]).id == "right"
    project = project_from({"legal_basis": rows[:3], "data_flows": [flow]})
    assert project.basis_of_sender(project.data_flows[0]) is None


def test_every_flow_of_the_finished_examples_has_a_basis(example):
    for name in ("safeguarding-hub", "homelessness-duty-to-refer"):
        project = project_from(example(name))
        found = {flow.id: project.basis_of_sender(flow) for flow in project.data_flows}
        assert [flow for flow, basis in found.items() if basis is None] == []


def test_retention_is_found_by_item(hub):
    rows = hub.retention_of(hub.data_items[0].id)
    assert rows
    assert all(hub.data_items[0].id in row.data_items for row in rows)
    assert set(hub.retention) - set(rows)
