"""Powers are suggested as a practitioner would look for them, with reasons, and never dead law."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from piagen.domain.about import Assessment, Nations
from piagen.domain.build import project_from
from piagen.domain.ids import PartnerId, PurposeId
from piagen.domain.project import Project
from piagen.domain.purposes import PurposeCategory
from piagen.law.catalogue import load_catalogue
from piagen.law.dated import Standing
from piagen.law.domains import ALWAYS, OF_KIND, WHERE_AT_WORK
from piagen.law.model import Role
from piagen.law.sharing import pairs_of
from piagen.law.suggestion import suggest, suggest_for
from piagen.law.why import sentences
from piagen.resources import shipped
from piagen.yamlio import load_yaml

DAY = date(2026, 11, 20)
EXPECTED = load_yaml(Path(__file__).with_name("expected.yaml"))
CASES = [(name, case) for name, cases in EXPECTED.items() for case in cases]
catalogue = load_catalogue()
law = catalogue.as_at(DAY)
KINDS = sorted(catalogue.body_kinds)
CATEGORIES = get_args(PurposeCategory)


def project(sender, recipient, category="safeguarding", nations=("england",), **extra) -> Project:
    """Two partners, one purpose, one flow, one item; `extra` changes tables or adds to them."""
    item = {"id": "i", "data_subjects": ["g"], "category": ["personal"]}
    group = {"id": "g", "children": True, "adults_at_risk": True}
    return project_from(
        {
            "assessment": {"nations": list(nations)},
            "purposes": [{"id": "p", "purpose": "P", "category": category}],
            "partners": [
                {"id": "a", "short_name": "Ashby", "kind": sender},
                {"id": "b", "short_name": "Brook", "kind": recipient},
            ],
            "data_subjects": [group | extra.pop("group", {})],
            "data_items": [item | extra.pop("item", {})],
            "data_flows": [
                {"id": "f", "sender": "a", "recipients": ["b"], "data_items": ["i"], "purpose": "p"}
                | extra.pop("flow", {})
            ],
        }
        | extra
    )


def fits(given, dated, partner, purpose):
    return suggest_for(given, dated, PartnerId(partner), PurposeId(purpose))


def offered(found):
    return [one.gateway.id for one in found.offered]


def why_not(found, id_):
    return next(one.why for one in found.left_out if one.gateway.id == id_)


def one(found, id_):
    return next(one for one in found.offered if one.gateway.id == id_)


def starter(name):
    """The answers of a starter, dated, since a starter never is."""
    path = shipped("questionnaires") / f"{name}.json"
    answers = json.loads(path.read_text(encoding="utf-8"))["answers"]
    dated = {**answers.get("assessment", {}), "dated": DAY.isoformat()}
    return answers | {"assessment": dated}


@pytest.mark.parametrize(
    ("name", "case"), CASES, ids=[f"{n}-{c['partner']}-{c['purpose']}" for n, c in CASES]
)
def test_what_a_practitioner_expects(name, case, example):
    read = project_from(starter(name) if name.startswith("starters/") else example(name))
    found = fits(read, catalogue.as_at(read.assessment.dated), case["partner"], case["purpose"])
    ids = offered(found)
    keys = ("first_three", "later", "offered", "never")
    named = {id_ for key in keys for id_ in case.get(key, ())}
    assert named <= set(catalogue.headings)
    assert case["why"]
    assert set(case.get("first_three", ())) <= set(ids[:3]), ids[:6]
    assert set(case.get("later", ())) <= set(ids[3:])
    assert set(case.get("offered", ())) <= set(ids)
    assert not set(case.get("never", ())) & set(ids)


@pytest.mark.parametrize("name", [name for name in EXPECTED if "/" not in name])
def test_every_partner_and_purpose_of_these_examples_has_an_expectation(name, example):
    read = project_from(example(name))
    assert {(c["partner"], c["purpose"]) for c in EXPECTED[name]} == set(pairs_of(read))


@given(
    st.sampled_from(KINDS),
    st.sampled_from(KINDS),
    st.sampled_from(CATEGORIES),
    st.sets(st.sampled_from(get_args(Nations))),
    st.none() | st.dates(date(1990, 1, 1), date(2040, 1, 1)),
    st.booleans(),
)
def test_nothing_dead_restricting_or_out_of_nation_is_ever_offered(
    sender, recipient, category, nations, day, turned
):
    dated = catalogue.as_at(day)
    found = fits(
        project(sender, recipient, category, sorted(nations)), dated, "b" if turned else "a", "p"
    )
    for suggestion in found.offered:
        gateway = suggestion.gateway
        assert gateway.role in (Role.GATEWAY, Role.FRAMEWORK)
        assert suggestion.standing is Standing.IN_FORCE is dated.standing(gateway.id)
        assert not nations or nations & set(gateway.nations)
        implied = gateway.role is Role.FRAMEWORK or bool(gateway.disclose_through)
        assert suggestion.needs_another == implied
        assert len(suggestion.reasons) >= 5
        assert suggestion.conditions
    ids = [*offered(found), *(left.gateway.id for left in found.left_out)]
    assert sorted(ids) == sorted(catalogue.headings), "every entry is offered or left out, once"
    assert all(left.why for left in found.left_out)


def test_law_that_begins_later_is_offered_only_from_that_day(monkeypatch):
    gateway = catalogue.gateways["cda-1998-s115"]
    moved = replace(gateway, in_force=replace(gateway.in_force, from_=DAY))
    monkeypatch.setattr(catalogue.gateways, "_found", {"cda-1998-s115": moved})
    shared = project("voluntary_organisation", "police_force", "crime")
    eve = fits(shared, catalogue.as_at(date(2026, 11, 19)), "a", "p")
    assert "19 November 2026" in why_not(eve, "cda-1998-s115")
    found = one(fits(shared, law, "a", "p"), "cda-1998-s115")
    assert "In force on 20 November 2026." in found.reasons


@pytest.mark.parametrize(
    ("sender", "item"),
    [
        ("integrated_care_board", {}),
        ("childrens_services", {}),
        ("police_force", {"special_category": ["health"]}),
        ("police_force", {"also_contains": ["adult_social_care_record"]}),
    ],
)
def test_the_serious_violence_power_never_carries_patient_or_care_data(sender, item):
    found = fits(project(sender, "local_policing_body", "crime", item=item), law, "a", "p")
    assert "pcsca-2022-s16" not in offered(found)
    assert "pcsca-2022-s17" not in offered(found)


def test_the_serious_violence_power_fits_where_nothing_bars_it():
    found = fits(project("police_force", "local_policing_body", "crime"), law, "a", "p")
    assert {"pcsca-2022-s16", "pcsca-2022-s17"} <= set(offered(found))


def test_health_bodies_do_not_share_for_accredited_research_under_the_2017_act():
    barred = fits(project("nhs_trust", "higher_education", "research"), law, "a", "p")
    assert "Ashby" in why_not(barred, "dea-2017-s64")
    open_ = fits(project("home_office", "higher_education", "research"), law, "a", "p")
    assert "dea-2017-s64" in offered(open_)


def test_a_power_over_a_councils_own_data_reaches_no_other_body():
    found = fits(project("district_council", "county_or_unitary_council"), law, "a", "p")
    assert "own data again" in why_not(found, "housing-act-2004-s237")


def test_the_national_crime_agency_must_be_one_of_the_two():
    without = fits(project("gp_practice", "police_force", "crime"), law, "a", "p")
    assert "cca-2013-s7-nca" not in offered(without)
    with_it = project("gp_practice", "national_law_enforcement_body", "crime")
    assert "cca-2013-s7-nca" in offered(fits(with_it, law, "a", "p"))


def test_an_order_of_a_court_is_offered_only_where_a_court_takes_part():
    without = fits(project("nhs_trust", "police_force"), law, "a", "p")
    assert "no court takes part" in why_not(without, "court-order-disclosure")
    found = fits(project("nhs_trust", "court"), law, "a", "p")
    assert "court-order-disclosure" in offered(found)


def test_law_about_children_is_not_for_data_about_adults_alone():
    adults = project("nhs_trust", "county_or_unitary_council", group={"children": False})
    found = fits(adults, law, "a", "p")
    assert "none of the data" in why_not(found, "children-act-1989-s47")
    assert "care-act-2014-ss6-7" in offered(found)
    children = project("nhs_trust", "county_or_unitary_council", group={"adults_at_risk": False})
    found = fits(children, law, "a", "p")
    assert "adults at risk" in why_not(found, "care-act-2014-ss6-7")
    assert "children-act-1989-s47" in offered(found)


def test_who_is_covered_only_in_part_comes_after_who_covers_all_and_is_named():
    shared = project(
        "county_or_unitary_council",
        "police_force",
        flow={"recipients": ["b", "c"]},
        partners=[
            {"id": "a", "short_name": "Ashby", "kind": "county_or_unitary_council"},
            {"id": "b", "short_name": "Brook", "kind": "police_force"},
            {"id": "c", "short_name": "Cole", "kind": "nhs_trust"},
        ],
    )
    found = fits(shared, law, "a", "p")
    ids = offered(found)
    assert ids.index("children-act-2004-s16h") < ids.index("cda-1998-s115")
    reasons = " ".join(one(found, "cda-1998-s115").reasons)
    assert "Not covered: Cole" in reasons
    assert "Discloser: Ashby" in reasons
    assert "Recipient: Brook" in reasons


def among(kinds, category, flows, **extra):
    """Bodies of these kinds, each by its kind's name, and flows between them for one purpose."""
    return project(
        None,
        None,
        category,
        partners=[{"id": kind, "short_name": kind, "kind": kind} for kind in kinds],
        data_flows=[
            {"id": f"f{n}", "sender": a, "recipients": b, "data_items": ["i"], "purpose": "p"}
            for n, (a, b) in enumerate(flows)
        ],
        **extra,
    )


def said(found, id_):
    return " ".join(one(found, id_).reasons)


COUNCIL = "county_or_unitary_council"
SCHOOLS = ("school", "academy_trust", COUNCIL)
VIOLENCE = ("police_force", "probation", COUNCIL, "fire_and_rescue")


def test_an_occasion_is_likely_where_the_law_names_everybody_who_shares():
    shared = among(VIOLENCE, "crime", [("police_force", VIOLENCE[1:])])
    found = fits(shared, law, "police_force", "p")
    assert "pcsca-2022-s16" in offered(found)[:3]
    assert offered(found)[0] == "police-common-law", "it names who discloses"
    assert "names every kind of body that shares" in said(found, "pcsca-2022-s16")
    fewer = among(VIOLENCE, "crime", [("police_force", VIOLENCE[1:3])])
    found = fits(fewer, law, "police_force", "p")
    assert "pcsca-2022-s16" not in offered(found)[:3], "three kinds meet in too many laws"
    assert "Nothing in the answers tells" in said(found, "pcsca-2022-s16")


def test_one_more_body_that_the_law_does_not_name_makes_another_occasion():
    kinds = (*VIOLENCE, "voluntary_organisation")
    flows = [("police_force", VIOLENCE[1:]), ("voluntary_organisation", ("police_force",))]
    found = fits(among(kinds, "crime", flows), law, "police_force", "p")
    assert "pcsca-2022-s16" not in offered(found)[:3]


def test_a_body_that_the_law_bars_does_not_make_another_occasion():
    kinds = (*VIOLENCE, "nhs_trust")
    flows = [("police_force", VIOLENCE[1:]), ("nhs_trust", ("police_force",))]
    found = fits(among(kinds, "crime", flows), law, "police_force", "p")
    assert "pcsca-2022-s16" in offered(found)[:3]


def test_three_kinds_suffice_where_all_but_the_council_work_in_the_field():
    flows = [("school", [COUNCIL]), ("academy_trust", [COUNCIL]), (COUNCIL, ["school"])]
    found = fits(among(SCHOOLS, "safeguarding", flows), law, COUNCIL, "p")
    assert offered(found)[:2] == ["children-act-2004-s16h", "education-act-1996-s436a"]
    others = among(
        (*SCHOOLS, "police_force"), "safeguarding", [*flows, ("police_force", [COUNCIL])]
    )
    assert "education-act-1996-s436a" not in offered(fits(others, law, COUNCIL, "p"))[:3]


def test_a_law_open_to_every_body_names_nobody():
    flows = [("school", [COUNCIL]), ("academy_trust", [COUNCIL]), (COUNCIL, ["school"])]
    found = fits(among(SCHOOLS, "safeguarding", flows), law, COUNCIL, "p")
    assert offered(found).index("ctsa-2015-s26") > offered(found).index("children-act-2004-s10")


def test_an_occasion_that_is_something_about_the_person_is_never_told_by_the_bodies():
    kinds = ("police_force", "probation", "prison_service", "youth_justice_service")
    shared = among(kinds, "crime", [("police_force", kinds[1:])])
    found = fits(shared, law, "police_force", "p")
    assert "Nothing in the answers tells" in said(found, "cja-2003-s325")


def test_the_management_of_offenders_is_probations_own_power():
    found = fits(project("probation", COUNCIL, "crime"), law, "a", "p")
    assert offered(found)[:2] == ["cda-1998-s115", "oma-2007-s14"]
    assert "A body whose work that is takes part" in said(found, "oma-2007-s14")
    without = fits(project("police_force", COUNCIL, "crime"), law, "a", "p")
    assert "One of the two must be" in why_not(without, "oma-2007-s14")


def test_a_law_for_one_recipient_is_to_the_point_where_that_receives():
    found = fits(project(COUNCIL, "local_policing_body", "crime"), law, "a", "p")
    assert "pcsca-2022-s17" in offered(found)[:2]
    assert "written for this recipient" in said(found, "pcsca-2022-s17")
    found = fits(project("further_education", COUNCIL, "care"), law, "a", "p")
    assert "Nothing in the answers tells" in said(found, "esa-2008-s14"), "councils receive it all"


def test_a_law_whose_own_words_are_about_another_purpose_comes_after_those_about_this_one():
    shared = among(("school", COUNCIL), "care", [("school", [COUNCIL])])
    found = fits(shared, law, "school", "p")
    ids = offered(found)
    assert ids.index("children-act-2004-s10") < ids.index("children-act-2004-s16h")
    assert "Its own words are about safeguarding" in said(found, "children-act-2004-s16h")
    safe = fits(
        among(("school", COUNCIL), "safeguarding", [("school", [COUNCIL])]), law, "school", "p"
    )
    assert offered(safe)[0] == "children-act-2004-s16h"


def test_where_exactly_its_own_bodies_share_a_law_is_about_any_purpose_of_theirs():
    kinds = (COUNCIL, "police_force", "integrated_care_board")
    found = fits(among(kinds, "planning", [(COUNCIL, kinds[1:])]), law, COUNCIL, "p")
    assert offered(found)[0] == "children-act-2004-s16h"
    found = fits(among(kinds, "planning", [(COUNCIL, kinds[1:2])]), law, COUNCIL, "p")
    assert "children-act-2004-s16h" not in offered(found)[:2]


def test_a_duty_that_leaves_disclosure_to_another_law_comes_after_it_and_names_it():
    shared = among(VIOLENCE, "crime", [("police_force", VIOLENCE[1:])])
    found = fits(shared, law, "police_force", "p")
    ids = offered(found)
    assert ids.index("pcsca-2022-s16") < ids.index("pcsca-2022-s15")
    assert one(found, "pcsca-2022-s15").needs_another
    title = catalogue.headings["pcsca-2022-s16"].title
    assert f"goes through another law: {title}." in said(found, "pcsca-2022-s15")


def test_a_general_power_fills_a_hole_and_otherwise_comes_late():
    kinds = ("district_council", "nhs_trust", "dwp")
    adults = {"children": False, "adults_at_risk": False}
    hole = among(kinds, "care", [("district_council", kinds[1:])], group=adults)
    found = fits(hole, law, "district_council", "p")
    assert "so a general one is near" in said(found, "lga-1972-s111")
    ids = offered(found)
    assert ids[:2] == ["lga-1972-s111", "localism-act-2011-s1"]
    assert ids.index("localism-act-2011-s1") < ids.index("wra-2012-s131")
    kinds = (COUNCIL, "nhs_trust", "independent_health_or_care_provider")
    item = {"also_contains": ["adult_social_care_record"]}
    filled = among(kinds, "care", [(COUNCIL, kinds[1:])], group=adults, item=item)
    found = fits(filled, law, COUNCIL, "p")
    assert "so a general one is near" not in said(found, "lga-1972-s111")
    ids = offered(found)
    assert ids[0] == "hsca-2012-ss251a-251c"
    assert ids.index("care-act-2014-ss6-7") < ids.index("lga-1972-s111")


def test_enquiries_into_harm_come_before_help_of_any_kind():
    ids = offered(fits(project("nhs_trust", COUNCIL, "safeguarding"), law, "a", "p"))
    assert ids[:2] == ["children-act-1989-s47", "children-act-1989-s27"]


def test_of_laws_that_are_equally_near_those_that_cover_everyone_come_first():
    kinds = (COUNCIL, "police_force", "nhs_trust")
    found = fits(among(kinds, "crime", [(COUNCIL, kinds[1:])]), law, COUNCIL, "p")
    far = [s for s in found.offered if "Nothing in the answers" in " ".join(s.reasons)]
    far = [s for s in far if s.gateway.domains[0] in ("policing", "community_safety")]
    likely = [s for s in far if "crime" in s.gateway.chiefly_for]
    covers = ["Not covered" not in " ".join(s.reasons) for s in far if s not in likely]
    assert covers == sorted(covers, reverse=True)
    assert len(set(covers)) == 2


def test_what_stands_behind_other_functions_comes_after_them():
    found = fits(project("nhs_trust", "district_council", "care"), law, "a", "p")
    ids = offered(found)
    assert ids.index("nhs-act-2006-s82") < ids.index("children-act-2004-s11")
    assert "stands behind the functions" in said(found, "children-act-2004-s11")


def test_support_over_patient_data_is_near_only_where_patient_data_move():
    health = {"category": ["special_category"], "special_category": ["health"]}
    shared = project("integrated_care_board", "nhs_trust", "planning", item=health)
    ids = offered(fits(shared, law, "a", "p"))
    assert ids.index("nhs-act-2006-s251-copi-reg5") < ids.index("care-act-2014-ss6-7")
    ids = offered(fits(project("integrated_care_board", "nhs_trust", "planning"), law, "a", "p"))
    assert ids.index("nhs-act-2006-s251-copi-reg5") > ids.index("nhs-act-2006-s82") + 2


def test_who_only_receives_is_told_whose_power_it_is():
    found = fits(project("nhs_trust", "county_or_unitary_council"), law, "b", "p")
    assert found.direction == "receives"
    reasons = one(found, "children-act-1989-s47").reasons
    assert reasons[0].startswith("You receive under the discloser’s power. Brook also needs")
    assert reasons[1].startswith("Discloser: Ashby")


def test_a_nation_that_is_not_covered_is_named_and_costs_the_place():
    both = project("nhs_trust", "county_or_unitary_council", nations=("england", "wales"))
    found = fits(both, law, "a", "p")
    assert any("Wales" in said for said in one(found, "children-act-2004-s16h").reasons)
    ids = offered(found)
    assert ids.index("children-act-1989-s47") < ids.index("children-act-1989-s27")


@pytest.mark.parametrize("key", ["kind", "purpose"])
def test_gaps_offer_little_and_break_nothing(key):
    if key == "kind":
        shared = project(None, "county_or_unitary_council")
        found = fits(shared, law, "a", "p")
        assert not found.offered
        assert "Ashby" in why_not(found, "children-act-1989-s47")
    else:
        found = fits(project("nhs_trust", "police_force", None), law, "a", "p")
        assert all("general" in suggestion.gateway.domains for suggestion in found.offered)


def test_before_there_are_flows_the_roles_say_who_takes_part():
    roles = [
        {"id": "1", "partner": "a", "purpose": "p", "role": "controller"},
        {"id": "2", "partner": "b", "purpose": "p", "role": "controller"},
        {"id": "3", "partner": "c", "purpose": "p", "role": "processor"},
    ]
    shared = project("nhs_trust", "county_or_unitary_council", data_flows=[], roles=roles)
    found = suggest(shared, law)
    assert [(s.partner, s.direction) for s in found] == [("a", "discloses"), ("b", "discloses")]
    assert "children-act-1989-s47" in offered(found[0])
    assert suggest(Project(assessment=Assessment()), law) == ()


def test_usual_bases_are_those_that_the_data_and_the_partner_call_for():
    def usual(found):
        s = one(found, "cda-1998-s115")
        return s.usual_article_6, s.usual_article_9, s.usual_schedule_1, s.usual_schedule_8

    charity, police = "voluntary_organisation", "police_force"
    plain = fits(project(charity, police, "crime"), law, "a", "p")
    assert usual(plain) == (("6_1_f", "6_1_ea"), (), (), ())
    public = fits(project("school", police, "crime"), law, "a", "p")
    assert usual(public)[0] == ("6_1_e",)
    offence = project(charity, police, "crime", item={"category": ["criminal_offence"]})
    assert usual(fits(offence, law, "a", "p"))[1:3] == ((), ("10", "6", "18"))
    special = project(charity, police, "crime", item={"category": ["special_category"]})
    assert usual(fits(special, law, "a", "p"))[1] == ("9_2_g",)
    early = fits(project(charity, police, "crime"), catalogue.as_at(date(2026, 2, 4)), "a", "p")
    assert usual(early)[0] == ("6_1_f",), "recognised legitimate interests begin on 5 February 2026"


def test_part_3_is_for_flows_under_part_3():
    special = {"category": ["special_category"]}
    flow = {"regime": "law_enforcement"}
    shared = project("police_force", "probation", "crime", item=special, flow=flow)
    found = one(fits(shared, law, "a", "p"), "police-common-law")
    assert found.part_3
    assert found.usual_schedule_8 == ("1", "4")
    assert (found.usual_article_6, found.usual_article_9, found.usual_schedule_1) == ((), (), ())
    shared = project("police_force", "probation", "crime", item=special, flow={"regime": "uk_gdpr"})
    found = one(fits(shared, law, "a", "p"), "police-common-law")
    assert not found.part_3
    assert found.usual_schedule_8 == ()
    assert found.usual_article_9 == ("9_2_g",)


def test_a_duty_to_disclose_is_no_legal_obligation_of_who_receives():
    shared = project("nhs_trust", "county_or_unitary_council")
    assert "6_1_c" in one(fits(shared, law, "a", "p"), "children-act-1989-s47").usual_article_6
    got = one(fits(shared, law, "b", "p"), "children-act-1989-s47").usual_article_6
    assert got == ("6_1_e",)


def test_agreement_as_a_condition_is_said_and_costs_no_place():
    shared = project("nhs_trust", "district_council", "care", group={"children": False})
    found = fits(shared, law, "a", "p")
    assert found.offered[0].gateway.id == "housing-act-1996-s213b"
    assert found.offered[0].agreement_is_a_condition
    assert any("ask the person" in said for said in found.offered[0].conditions)


def test_the_order_does_not_depend_on_the_order_of_the_answers():
    shared = project("nhs_trust", "county_or_unitary_council")
    turned = replace(shared, partners=shared.partners[::-1])
    assert fits(shared, law, "a", "p") == fits(turned, law, "a", "p")


@pytest.mark.parametrize("gateway", catalogue.gateways.values(), ids=lambda g: g.id)
def test_conditions_are_divided_into_sentences_and_nothing_is_lost(gateway):
    text = " ".join(gateway.conditions_or_limits.split())
    found = sentences(text)
    assert " ".join(found) == text
    assert all(part.count("(") == part.count(")") for part in found)
    assert all(part.rstrip("’')")[-1] in ".!?" for part in found)


def test_sentences_do_not_break_at_short_words():
    text = "Ask first (e.g. by letter). See s. 12 and reg. 4. Police v. Smith applies. Stop."
    assert sentences(text) == (
        "Ask first (e.g. by letter).",
        "See s. 12 and reg. 4.",
        "Police v. Smith applies.",
        "Stop.",
    )
    act = "The list is in the Homelessness (Review Procedure etc.) Regulations 2018."
    assert sentences(act) == (act,)
    assert sentences(None) == ()


def test_the_maps_of_fields_use_only_words_of_the_catalogue():
    fields = {field for gateway in catalogue.gateways.values() for field in gateway.domains}
    assert set(ALWAYS) == set(WHERE_AT_WORK) == set(CATEGORIES)
    assert set().union(*ALWAYS.values(), *WHERE_AT_WORK.values(), *OF_KIND.values()) <= fields
    assert set(OF_KIND) <= set(catalogue.body_kinds)


def test_the_exclusions_use_only_words_of_the_catalogue():
    sectors = {kind.sector for kind in catalogue.body_kinds.values()}
    for gateway in catalogue.gateways.values():
        assert set(gateway.one_party_is) <= set(catalogue.body_kinds)
        assert set(gateway.disclose_through) <= set(catalogue.headings) - {gateway.id}
        assert set(gateway.excludes_senders) <= set(catalogue.body_kinds) | sectors


@pytest.mark.parametrize(("partner", "purpose"), [("nobody", "p"), ("a", "nothing")])
def test_an_unknown_partner_or_purpose_is_an_error(partner, purpose):
    with pytest.raises(KeyError):
        fits(project("nhs_trust", "police_force"), law, partner, purpose)
