"""Each fact is true when its definition says, false next door, and reads what it declares."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from piagen.domain.fact import controllers, parties
from piagen.domain.facts import FACTS
from piagen.pipeline.assess import questionnaire as shipped_questionnaire
from piagen.resources import shipped


def table(key, *rows):
    """A table whose rows get the ids r1, r2, …"""
    return {key: [{"id": f"r{n}", **row} for n, row in enumerate(rows, 1)]}


def items(**cells):
    return table("data_items", cells)


def partners(*ids):
    return {"partners": [{"id": id_} for id_ in ids]}


def roles(*pairs):
    return table("roles", *({"partner": p, "purpose": "x", "role": r} for p, r in pairs))


def risk(likelihood, severity, prefix=""):
    return table("risks", {f"{prefix}likelihood": likelihood, f"{prefix}severity": severity})


def basis(**cells):
    return table("legal_basis", cells)


def england_health(*categories):
    return {
        "assessment": {"nations": ["wales", "england"]},
        **items(special_category=["health"]),
        **table("purposes", *({"category": category} for category in categories)),
    }


TWO = partners("a", "b")
CASES: dict[str, tuple[list[Any], list[Any]]] = {
    "full_assessment": (
        [
            {},
            {"screening": {}},
            {"screening": {"route": "full"}},
            {"screening": {"personal_data": "yes"}},
            {"screening": {"personal_data": "not_sure"}},
        ],
        [
            {"screening": {"route": "short"}},
            {"screening": {"route": "short", "personal_data": "yes"}},
            {"screening": {"personal_data": "no"}},
            {"screening": {"route": "full", "personal_data": "no"}},
        ],
    ),
    "personal_data_used": (
        [
            {},
            {"screening": {"personal_data": "yes"}},
            {"screening": {"personal_data": "not_sure"}},
            {"screening": {"route": "short"}},
        ],
        [
            {"screening": {"personal_data": "no"}},
            {"screening": {"personal_data": "no", "route": "full"}},
        ],
    ),
    "care_or_education_record": (
        [
            items(also_contains=["adult_social_care_record"]),
            items(also_contains=["images", "child_social_care_record"]),
            items(also_contains=["education_record"]),
        ],
        [
            items(also_contains=["free_text"]),
            items(also_contains=[]),
            items(special_category=["health"]),
        ],
    ),
    "benefits_data": (
        [items(restricted=["tax", "benefits"])],
        [items(restricted=["tax"]), items(restricted=[])],
    ),
    "free_text": (
        [items(also_contains=["images", "free_text"])],
        [items(also_contains=["images"]), items(also_contains=[])],
    ),
    "many_data_items": (
        [table("data_items", *({"item": f"Item {n}"} for n in range(16)))],
        [
            table("data_items", *({"item": f"Item {n}"} for n in range(15))),
            table("data_items", *({} for _ in range(16))),
        ],
    ),
    "people_observed": (
        [items(source="cameras"), items(source="other_observation")],
        [items(source="another_organisation"), items(also_contains=["images"])],
    ),
    "any_broker": (
        [table("brokers", {"role": "Hub coordinator"})],
        [{"brokers": []}, table("brokers", {"boundary": "Health and housing"})],
    ),
    "any_system": (
        [table("systems", {"system": "Casebook"})],
        [{"systems": []}, table("systems", {"hosting_country": "United Kingdom"})],
    ),
    "several_systems": (
        [table("systems", {"system": "Casebook"}, {"system": "Portal"})],
        [table("systems", {"system": "Casebook"}, {})],
    ),
    "any_flow": (
        [table("data_flows", {"sender": "a"})],
        [{"data_flows": []}, table("data_flows", {"name": "Referral"})],
    ),
    "shared_system": (
        [table("data_flows", {"method": "meeting"}, {"method": "shared_system"})],
        [
            table("data_flows", {"method": "interface"}),
            table("data_flows", {"systems": ["casebook"]}),
        ],
    ),
    "several_organisations": (
        [
            TWO,
            TWO | roles(("a", "controller"), ("b", "recipient")),
            TWO | roles(("b", "processor"), ("b", "controller")),
            TWO | table("roles", {"partner": "b"}, {"role": "processor"}),
        ],
        [
            partners("a"),
            TWO | roles(("b", "processor")),
            TWO | roles(("b", "processor"), ("b", "processor")),
            partners("a", "b", "c") | roles(("b", "processor"), ("c", "processor")),
            roles(("a", "controller"), ("b", "controller")),
        ],
    ),
    "several_controllers": (
        [
            TWO | roles(("a", "controller"), ("b", "controller")),
            TWO | roles(("a", "controller"), ("b", "joint_controller")),
        ],
        [
            TWO | roles(("a", "controller"), ("a", "joint_controller")),
            TWO | roles(("a", "controller"), ("b", "recipient")),
            TWO | roles(("a", "controller"), ("b", "processor")),
            TWO | table("roles", {"role": "controller"}, {"partner": "a", "role": "controller"}),
        ],
    ),
    "any_joint_controller": (
        [roles(("a", "controller"), ("b", "joint_controller"))],
        [roles(("a", "controller"), ("b", "controller")), table("roles", {"partner": "a"})],
    ),
    "any_processor": (
        [roles(("a", "controller"), ("b", "processor"))],
        [roles(("a", "recipient")), {"processors": [{"id": "p", "partner": "a"}]}],
    ),
    "any_public_authority": (
        [table("partners", {"public_authority": False}, {"public_authority": True})],
        [table("partners", {"public_authority": False}), table("partners", {"foi_body": True})],
    ),
    "any_foi_body": (
        [table("partners", {"foi_body": False}, {"foi_body": True})],
        [table("partners", {"foi_body": False}), table("partners", {"public_authority": True})],
    ),
    "law_enforcement_partner": (
        [table("partners", {}, {"competent_authority": True})],
        [table("partners", {"competent_authority": False}, {"public_authority": True})],
    ),
    "law_enforcement_use": (
        [
            table("data_flows", {"regime": "uk_gdpr"}, {"regime": "law_enforcement"}),
            basis(regime="law_enforcement"),
        ],
        [
            table("data_flows", {"regime": "uk_gdpr"}) | basis(regime="uk_gdpr"),
            table("partners", {"competent_authority": True}),
        ],
    ),
    "protocol_needed": (
        [
            TWO | {"documents": {"wanted": ["pia", "protocol"]}},
            TWO | {"partnership": {"protocol": "none"}},
            TWO | {"documents": {"wanted": ["protocol"]}, "partnership": {"protocol": "exists"}},
        ],
        [
            partners("a") | {"documents": {"wanted": ["protocol"]}},
            TWO,
            TWO | {"partnership": {"protocol": "exists"}},
            TWO | {"documents": {"wanted": []}, "partnership": {"protocol": "none"}},
            TWO | {"documents": {"wanted": ["agreement"]}, "partnership": {"protocol": "none"}},
        ],
    ),
    "agreement_needed": (
        [TWO, TWO | {"documents": {"wanted": ["agreement"]}}, TWO | {"documents": {}}],
        [
            partners("a"),
            partners("a") | {"documents": {"wanted": ["agreement"]}},
            TWO | {"documents": {"wanted": ["pia", "protocol"]}},
            TWO | {"documents": {"wanted": []}},
        ],
    ),
    "identifiable_data": (
        [items(identifiability="identifiable"), items(identifiability="pseudonymised")],
        [items(identifiability="aggregate"), items(identifiability="anonymous"), items()],
    ),
    "pseudonymised_data": (
        [items(identifiability="pseudonymised")],
        [items(identifiability="identifiable"), items(identifiability="anonymous")],
    ),
    "aggregate_use": (
        [
            table("purposes", {"category": "care"}, {"category": "planning"}),
            table("purposes", {"category": "research"}),
            items(identifiability="aggregate"),
            items(identifiability="anonymous"),
        ],
        [
            table("purposes", {"category": "care"}),
            items(identifiability="pseudonymised"),
            table("purposes", {"identifiability_needed": "aggregate"}),
        ],
    ),
    "special_category_data": (
        [items(category=["personal", "special_category"])],
        [items(category=["personal"]), items(category=[]), items(special_category=["health"])],
    ),
    "criminal_offence_data": (
        [items(category=["criminal_offence"])],
        [items(category=["personal", "special_category"]), items(category=[])],
    ),
    "restricted_data": (
        [items(category=["personal", "restricted"])],
        [items(category=["personal"]), items(restricted=["tax"])],
    ),
    "health_or_care_data": (
        [
            items(special_category=["beliefs", "health"]),
            items(also_contains=["adult_social_care_record"]),
        ],
        [
            items(special_category=["genetic"]),
            items(also_contains=["child_social_care_record"]),
            items(category=["special_category"]),
        ],
    ),
    "confidential_information": (
        [
            items(special_category=["health"]),
            items(also_contains=["adult_social_care_record"]),
            items(confidential=True),
            items(also_contains=["child_social_care_record"]),
        ],
        [items(confidential=False), items(also_contains=["education_record"])],
    ),
    "immigration_data": (
        [items(also_contains=["images", "nationality_or_immigration"])],
        [items(also_contains=["images"]), items(special_category=["racial_or_ethnic_origin"])],
    ),
    "cameras": (
        [items(source="cameras")],
        [items(source="other_observation"), items(also_contains=["images"])],
    ),
    "not_from_the_person": (
        [
            table("data_items", {"source": "from_the_person"}, {"source": "another_organisation"}),
            items(source="derived"),
        ],
        [items(source="from_the_person"), items(original_source="GP record"), items()],
    ),
    "exemptions_likely": (
        [
            items(special_category=["health"]),
            items(also_contains=["adult_social_care_record"]),
            items(category=["criminal_offence"]),
            items(also_contains=["child_social_care_record"]),
            items(also_contains=["education_record"]),
        ],
        [items(also_contains=["free_text"]), items(category=["restricted"])],
    ),
    "children_involved": (
        [table("data_subjects", {"children": False}, {"children": True})],
        [table("data_subjects", {"children": False}), table("data_subjects", {})],
    ),
    "adults_at_risk": (
        [table("data_subjects", {"adults_at_risk": True})],
        [table("data_subjects", {"adults_at_risk": False, "children": True})],
    ),
    "capacity_in_doubt": (
        [table("data_subjects", {"may_lack_capacity": True})],
        [table("data_subjects", {"may_lack_capacity": False, "adults_at_risk": True})],
    ),
    "safeguarding_or_care_purpose": (
        [
            table("purposes", {"category": "crime"}, {"category": "care"}),
            table("purposes", {"category": "safeguarding"}),
        ],
        [table("purposes", {"category": "crime"}), table("purposes", {"category": "emergency"})],
    ),
    "danger_possible": (
        [
            table("purposes", {"category": "safeguarding"}),
            table("data_subjects", {"adults_at_risk": True}),
            items(restricted=["tax", "witness_or_refuge_location"]),
            {"screening": {"physical_harm": "yes"}},
            {"screening": {"physical_harm": "not_sure"}},
        ],
        [
            table("purposes", {"category": "care"}),
            table("data_subjects", {"adults_at_risk": False, "children": True}),
            items(restricted=["tax"]),
            {"screening": {"physical_harm": "no", "vulnerable_people": "yes"}},
        ],
    ),
    "meetings": (
        [table("data_flows", {"method": "telephone"}, {"method": "meeting"})],
        [table("data_flows", {"method": "in_person"}), table("data_flows", {})],
    ),
    "regular_sharing": (
        [
            table("data_flows", {"frequency": "one_off"}, {"frequency": "when_needed"}),
            table("data_flows", {"frequency": "yearly"}),
        ],
        [table("data_flows", {"frequency": "one_off"}), table("data_flows", {"name": "x"})],
    ),
    "large_scale": (
        [
            {"scope": {"people_per_year": "from_10000"}},
            {"scope": {"people_per_year": "from_100000"}},
            {"screening": {"large_scale": "yes"}},
            {"screening": {"large_scale": "not_sure"}},
        ],
        [
            {"scope": {"people_per_year": "from_1000"}},
            {"screening": {"large_scale": "no", "large_scale_sensitive": "yes"}},
        ],
    ),
    "matching": (
        [{"processing": {"matching": True}}],
        [{"processing": {"matching": False}}, {"screening": {"matching": "yes"}}],
    ),
    "agreement_sought": (
        [
            basis(article_6="6_1_a"),
            basis(article_9=["9_2_g", "9_2_a"]),
            basis(part_3_ground="consent"),
            basis(confidentiality_route="explicit_consent"),
            basis(agreement_is_condition=True),
        ],
        [
            basis(article_6="6_1_e", article_9=["9_2_g"]),
            basis(part_3_ground="necessary_for_the_task"),
            basis(confidentiality_route="implied_consent"),
            basis(agreement_is_condition=False),
        ],
    ),
    "opt_out_in_scope": (
        [
            england_health("care", "planning"),
            england_health("safeguarding"),
            england_health("planning") | items(also_contains=["adult_social_care_record"]),
        ],
        [
            england_health("care"),
            england_health(),
            england_health("planning") | {"assessment": {"nations": ["wales"]}},
            england_health("planning") | {"assessment": {}},
            england_health("planning") | items(special_category=["beliefs"]),
        ],
    ),
    "profiling": (
        [{"automated_decisions": {"profiling": True}}],
        [{"automated_decisions": {"profiling": False}}, {"screening": {"scoring": "yes"}}],
    ),
    "automated_decision": (
        [{"automated_decisions": {"solely_automated": True}}],
        [{"automated_decisions": {"solely_automated": False, "profiling": True}}],
    ),
    "any_transfer": (
        [{"overseas": {"outside_uk": True}}],
        [{"overseas": {"outside_uk": False}}, table("transfers", {"country": "France"})],
    ),
    "any_high_risk": (
        [
            risk("reasonable_possibility", "serious_harm"),
            risk("more_likely_than_not", "some_impact"),
        ],
        [
            risk("reasonable_possibility", "some_impact"),
            risk("remote", "serious_harm"),
            risk("more_likely_than_not", "serious_harm", "residual_"),
            table("risks", {"severity": "serious_harm"}),
        ],
    ),
    "any_medium_or_high_risk": (
        [
            risk("reasonable_possibility", "some_impact"),
            risk("more_likely_than_not", "serious_harm"),
        ],
        [
            risk("more_likely_than_not", "minimal_impact"),
            risk("remote", "some_impact"),
            table("risks", {"likelihood": "more_likely_than_not"}),
        ],
    ),
    "any_high_residual_risk": (
        [
            risk("reasonable_possibility", "serious_harm", "residual_"),
            risk("more_likely_than_not", "some_impact", "residual_"),
        ],
        [
            risk("more_likely_than_not", "serious_harm"),
            risk("reasonable_possibility", "some_impact", "residual_"),
        ],
    ),
}
ASSUMED = ("personal_data_used", "full_assessment")
"""What is taken to hold until an answer rules it out."""
TRUE = [(name, answers) for name, (true, _) in CASES.items() for answers in true]
FALSE = [(name, answers) for name, (_, false) in CASES.items() for answers in false]


def test_every_fact_has_a_true_case_and_a_near_miss():
    assert set(CASES) == set(FACTS)
    assert [name for name, (true, false) in CASES.items() if not true or not false] == []


@pytest.mark.parametrize(("name", "answers"), TRUE)
def test_a_fact_holds(name, answers):
    assert FACTS[name].holds(answers) is True


@pytest.mark.parametrize(("name", "answers"), FALSE)
def test_a_fact_does_not_hold(name, answers):
    assert FACTS[name].holds(answers) is False


@pytest.mark.parametrize("name", FACTS)
def test_a_fact_bears_empty_answers(name):
    """Absent reads as false; only the full form is assumed until something rules it out."""
    empty_rows = {key: [{"id": "r1"}] for key in shipped_questionnaire().tables}
    no_rows: dict[str, Any] = {key: [] for key in empty_rows}
    no_leaves: dict[str, Any] = {key: {} for key in shipped_questionnaire().leaves}
    for answers in ({}, no_rows, no_leaves, no_rows | no_leaves):
        assert FACTS[name].holds(answers) is (name in ASSUMED)
    assert FACTS[name].holds(empty_rows) is (name in ASSUMED)


class Recorder(Mapping[str, Any]):
    """Answers, a section or a row, that notes the path of whatever is looked at."""

    def __init__(self, given, seen, path=""):
        self.given, self.seen, self.path = given, seen, path

    def __getitem__(self, key):
        self.note(key)
        found = self.given[key]
        if self.path:
            return found
        if isinstance(found, dict):
            return Recorder(found, self.seen, f"{key}.")
        return [Recorder(row, self.seen, f"{key}[].") for row in found]

    def __contains__(self, key):
        self.note(key)
        return key in self.given

    def __iter__(self):
        for key in self.given:
            self.note(key)
            yield key

    def __len__(self):
        return len(self.given)

    def note(self, key):
        if self.path:
            self.seen.add(self.path + key)


@pytest.fixture(scope="module")
def rich(example_names):
    """Every example and every case above."""
    texts = [(shipped("examples") / f"{name}.json").read_text() for name in example_names]
    return [*map(json.loads, texts), *(answers for _, answers in (*TRUE, *FALSE))]


@pytest.mark.parametrize("name", FACTS)
def test_a_fact_reads_what_it_declares_and_nothing_else(name, rich):
    seen: set[str] = set()
    for answers in rich:
        FACTS[name].holds(Recorder(answers, seen))
    assert by_first_column(seen) == set(FACTS[name].reads)


def by_first_column(seen):
    """An id is no leaf: whether a row is there is declared by the first column of its table."""
    tables = shipped_questionnaire().tables
    return {tables[path[:-5]].columns[0].path if path.endswith("[].id") else path for path in seen}


def test_every_leaf_that_a_fact_declares_is_asked():
    asked = shipped_questionnaire().by_path
    unknown = {name: set(fact.reads) - set(asked) for name, fact in FACTS.items()}
    assert {name: paths for name, paths in unknown.items() if paths} == {}


@pytest.mark.parametrize("name", FACTS)
def test_a_fact_says_when_it_is_true_and_why_not(name):
    assert FACTS[name].name == name
    assert (FACTS[name].holds.__doc__ or "").strip().endswith(".")
    assert FACTS[name].otherwise
    assert not FACTS[name].otherwise.endswith(".")


def test_parties_keep_partners_with_no_role_yet_and_leave_out_suppliers():
    answers = partners("none", "both", "supplier", "owner") | roles(
        ("both", "processor"),
        ("both", "recipient"),
        ("supplier", "processor"),
        ("owner", "controller"),
    )
    assert [row["id"] for row in parties(answers)] == ["none", "both", "owner"]


def test_controllers_are_those_with_either_role_of_control_in_the_order_of_the_partners():
    answers = partners("a", "b", "c") | roles(
        ("c", "controller"), ("b", "recipient"), ("a", "joint_controller"), ("a", "controller")
    )
    assert [row["id"] for row in controllers(answers)] == ["a", "c"]
