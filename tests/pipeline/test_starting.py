"""A project begins from a starter, from the organisation's profile, or from both."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from piagen.config import Config, UnusableConfig, read
from piagen.errors import CannotWrite
from piagen.law.catalogue import load_catalogue
from piagen.pipeline.assess import check, load_bytes, questionnaire
from piagen.pipeline.documents import documents, render
from piagen.pipeline.profile import ProfileSitting, form, profile_of
from piagen.pipeline.starting import NoSuchStarter, begin, starters, with_profile
from piagen.pipeline.toml import with_table
from piagen.questionnaire.kept import KEPT
from piagen.questionnaire.missing import is_unconfirmed, unconfirmed
from piagen.rendering.html import build_context
from piagen.rendering.rendition import Rendition

NORTHSHIRE = {"id": "us", "name": "Northshire Council", "kind": "county_or_unitary_council"}
PROFILE = {
    "partners": [{**NORTHSHIRE, "dpo_email": "dpo@northshire.example"}],
    "security": {"breach_partners_hours": 12},
    "contacts": [{"id": "b", "function": "breach", "email": "breach@northshire.example"}],
}
ALL = pytest.mark.parametrize("name", starters())


def config(profile):
    return Config(path=Path("piagen.toml"), profile=profile)


def loaded(answers):
    return load_bytes(json.dumps(answers).encode(), Path("project.json"))


# -- beginning ---------------------------------------------------------------------------------


def test_from_nothing_nothing_is_filled_in():
    assert begin(None, Config()) == {"piagen": "1"}


def test_a_starter_that_is_not_there_names_those_that_are():
    with pytest.raises(NoSuchStarter, match="homelessness-duty-to-refer") as told:
        begin("hom\x1b[31meless", Config())
    assert "\x1b" not in str(told.value)


@ALL
@pytest.mark.parametrize("profile", [{}, PROFILE], ids=["alone", "with the profile"])
def test_everything_that_is_filled_in_is_unconfirmed_and_counts_as_missing(name, profile):
    answers = begin(name, config(profile))
    review = check(loaded(answers))
    assert review.given == 0, "no answer of a starter counts before somebody has confirmed it"
    assert review.unconfirmed
    doubts = unconfirmed(answers)
    for key in questionnaire().leaves:
        for leaf in answers.get(key, {}):
            assert is_unconfirmed(f"{key}.{leaf}", doubts)
    for key in questionnaire().tables:
        for row in answers.get(key, ()):
            for leaf in row.keys() - {"id"}:
                assert is_unconfirmed(f"{key}[{row['id']}].{leaf}", doubts)


@ALL
def test_the_name_of_a_placeholder_is_asked_for_and_never_confirmed(name):
    answers = begin(name, Config())
    absent = {gap.at for gap in check(loaded(answers)).unasked}
    nameless = 0
    for row, begun in zip(starters()[name].answers["partners"], answers["partners"], strict=True):
        assert "(give" in row["name"]
        assert "(give" not in begun.get("name", "")
        if row["name"].endswith("(give its name)"):
            nameless += 1
            assert f"partners[{row['id']}].name" in absent
    assert nameless


@ALL
def test_a_risk_that_a_starter_sets_aside_is_looked_at_again(name):
    answers = begin(name, Config())
    assert not set(KEPT) & set(answers) - {"unconfirmed"}


@ALL
def test_the_organisation_takes_the_place_of_the_council_in_every_starter(name):
    before, answers = begin(name, Config()), begin(name, config(PROFILE))
    named = [row for row in answers["partners"] if row.get("name") == "Northshire Council"]
    assert len(named) == 1
    assert len(answers["partners"]) == len(before["partners"])
    assert {row["id"] for row in answers["partners"]} == {row["id"] for row in before["partners"]}
    assert loaded(answers)


def test_where_an_answer_came_from_is_said():
    answers = begin("homelessness-duty-to-refer", config(PROFILE))
    said = {row["path"]: row["starter"] for row in answers["unconfirmed"]}
    assert said["security.breach_partners_hours"] == "profile"
    assert said["security.protection"] == "homelessness-duty-to-refer"
    assert said["purposes[early-help]"] == "homelessness-duty-to-refer"
    assert said["partners[council].dpo_email"] == "profile"
    assert said["partners[council].primary_focus"] == "homelessness-duty-to-refer"


def test_a_profile_alone_is_unconfirmed_too():
    answers = begin(None, config(PROFILE))
    assert {row["starter"] for row in answers["unconfirmed"]} == {"profile"}
    assert answers["partners"][0]["id"] == "northshire-council"
    assert answers["contacts"][0]["partner"] == "northshire-council"
    assert loaded(answers)


@pytest.mark.parametrize(
    "example", ["homelessness-duty-to-refer", "serious-violence-hub", "shared-care-record"]
)
def test_one_unconfirmed_answer_makes_an_approved_project_a_draft(example):
    from piagen.resources import shipped

    path = shipped("examples") / f"{example}.json"
    answers = json.loads(path.read_text(encoding="utf-8"))

    def approved():
        manifest, law = documents()["pia"], load_catalogue().as_at(None)
        return build_context(
            manifest, answers, questionnaire(), law, (), Rendition("html")
        ).approved

    assert approved()
    answers["unconfirmed"] = [{"path": "assessment.reference", "starter": "profile"}]
    assert not approved()


def test_an_approved_project_with_an_unconfirmed_answer_is_a_draft():
    from piagen.resources import shipped

    path = shipped("examples") / "safeguarding-hub.json"
    answers = json.loads(path.read_text(encoding="utf-8"))
    answers["unconfirmed"] = [{"path": "project.summary", "starter": "safeguarding-hub"}]
    answers["assessment"]["status"] = "approved"
    (document,) = render(loaded(answers), ["pia"], format="html")
    html = document.content.decode()
    assert "Draft: called approved" in html
    assert "(to be confirmed)" in html
    listed = html.partition('id="still-to-be-completed"')[2].partition("</section>")[0]
    assert "(to be confirmed)" in listed
    assert "nobody has confirmed it yet" in listed
    found = {f.rule.id for f in check(loaded(answers)).findings}
    assert {"PR003", "PR015"} <= found


@pytest.mark.parametrize("entry", ["project", "project.summary", "purposes", "purposes[crime]"])
def test_whatever_an_entry_names_is_marked_where_it_is_printed(entry):
    from piagen.rendering.sheet import Sheet
    from piagen.resources import shipped

    path = shipped("examples") / "safeguarding-hub.json"
    answers = json.loads(path.read_text(encoding="utf-8"))
    answers["unconfirmed"] = [{"path": entry, "starter": "s"}]
    sheet = Sheet(questionnaire(), answers)
    (row, *_) = (line for line in sheet.table("purposes") if line.id == "crime")
    for answer in (sheet["project.summary"], row["purpose"]):
        is_named = answer.at.startswith(entry)
        assert answer.unconfirmed is is_named
        assert answer.text.endswith("(to be confirmed)") is is_named


def test_no_rule_calls_an_unconfirmed_answer_absent():
    from piagen.resources import shipped

    path = shipped("examples") / "safeguarding-hub.json"
    answers = json.loads(path.read_text(encoding="utf-8"))
    before = {(f.rule.id, f.at) for f in check(loaded(answers)).findings}
    doubts = [{"path": key, "starter": "s"} for key in answers if key not in ("piagen",)]
    after = {(f.rule.id, f.at) for f in check(loaded({**answers, "unconfirmed": doubts})).findings}
    assert {rule for rule, _ in after - before} <= {"PR015", "RK002", "RK003"}


# -- starter and profile together --------------------------------------------------------------


def merged(answers, profile):
    return with_profile(answers, profile, questionnaire())


def test_among_placeholders_of_its_kind_the_organisation_takes_the_lead_s_place():
    two = [{"id": "a", "kind": NORTHSHIRE["kind"]}, {"id": "b", "kind": NORTHSHIRE["kind"]}]
    profile = {"partners": [NORTHSHIRE]}
    of = {"partners": two, "partnership": {"lead": "b"}}
    assert [row.get("name") for row in merged(of, profile)["partners"]] == [
        None,
        "Northshire Council",
    ]
    assert merged({"partners": two}, profile)["partners"][0]["name"] == "Northshire Council"


def test_the_only_placeholder_of_its_sector_is_taken_where_none_has_its_kind():
    kinds = load_catalogue().body_kinds
    near = {"id": "a", "kind": "district_council"}
    assert kinds["district_council"].sector == kinds[NORTHSHIRE["kind"]].sector
    (row,) = merged({"partners": [near]}, {"partners": [NORTHSHIRE]})["partners"]
    assert (row["id"], row["kind"]) == ("a", NORTHSHIRE["kind"])


def test_where_nothing_stands_for_it_the_organisation_is_added():
    others = [{"id": "a", "kind": "nhs_trust"}]
    assert len(merged({"partners": others}, {"partners": [NORTHSHIRE]})["partners"]) == 2
    twice = [{"id": "a", "kind": "district_council"}, {"id": "b", "kind": "district_council"}]
    assert len(merged({"partners": twice}, {"partners": [NORTHSHIRE]})["partners"]) == 3


def test_references_to_the_organisation_take_its_name_in_the_project():
    profile = {
        "partners": [NORTHSHIRE],
        "rights": {"lead_partner": "us"},
        "contacts": [{"id": "c", "partner": "us", "function": "breach"}],
    }
    of = {"partners": [{"id": "council", "kind": NORTHSHIRE["kind"]}]}
    found = merged(of, profile)
    assert found["rights"]["lead_partner"] == "council"
    assert found["contacts"][0]["partner"] == "council"


def test_a_row_of_the_profile_fills_the_row_of_the_same_names_and_no_other():
    of = {
        "partners": [{"id": "council", "kind": NORTHSHIRE["kind"]}],
        "contacts": [
            {"id": "y", "partner": "council", "function": "security"},
            {"id": "x", "partner": "council", "function": "breach", "contact": "Desk"},
            {"id": "z", "partner": "other", "function": "breach"},
        ],
    }
    row = {"id": "c", "partner": "us", "function": "breach", "email": "b@northshire.example"}
    found = merged(of, {"partners": [NORTHSHIRE], "contacts": [row]})["contacts"]
    assert [r.get("email") for r in found] == [None, "b@northshire.example", None]
    assert found[1]["contact"] == "Desk"
    assert found[1]["id"] == "x"


def test_a_retention_period_is_added_only_while_the_project_has_none_of_the_organisation():
    schedule = [
        {"id": "a", "holder": "us", "period": 6, "period_unit": "years"},
        {"id": "b", "holder": "us", "period": 1, "period_unit": "years"},
    ]
    profile = {"partners": [NORTHSHIRE], "retention": schedule}
    of = {"partners": [{"id": "council", "kind": NORTHSHIRE["kind"]}]}
    added = merged(of, profile)["retention"]
    assert [row["period"] for row in added] == [6, 1]
    own = {"id": "a", "holder": "council", "period": 3, "period_unit": "years"}
    assert merged({**of, "retention": [own]}, profile)["retention"] == [own]


# -- the profile in piagen.toml ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("profile", "fault"),
    [
        ({"security": {"breach_regulator_hours": 400}}, "profile.security.breach_regulator_hours"),
        ({"security": {"breach_hours": 4}}, "breach_hours” is not a key"),
        ({"partners": [NORTHSHIRE, {"id": "b"}]}, "profile.partners: a profile is of one"),
        ({"retention": [{"id": "r", "data_items": ["x"]}]}, "retention[r].data_items: each"),
        ({"legal_basis": [{"id": "r", "purpose": "x"}]}, "legal_basis[r].purpose: each project"),
        ({"unconfirmed": []}, "profile.unconfirmed: each project keeps this"),
        ({"waivers": []}, "profile.waivers: each project keeps this"),
        (
            {"partners": [NORTHSHIRE], "rights": {"lead_partner": "them"}},
            "id of no row of partners",
        ),
        ({"review": {"due": "soon"}}, "profile.review.due"),
        ({"security": 4}, "profile.security"),
        ({"project": {"summary": "a\x07b"}}, "U+0007"),
        ({"scope": {"area": float("nan")}}, "NaN is not a number"),
    ],
)
def test_a_fault_of_the_profile_is_told_with_its_file_and_place(profile, fault):
    with pytest.raises(UnusableConfig) as told:
        profile_of(config(profile))
    assert "piagen.toml cannot be used" in str(told.value)
    assert fault in str(told.value)


def test_all_faults_of_a_profile_are_told_at_once():
    with pytest.raises(UnusableConfig) as told:
        profile_of(config({"waivers": [], "scope": {"x": 1}, "security": {"training": 5}}))
    assert len(told.value.faults) == 3


def test_a_date_may_be_written_as_toml_writes_it(tmp_path):
    path = tmp_path / "piagen.toml"
    path.write_text('[profile.partnership]\nprotocol = "exists"\nprotocol_dated = 2024-03-01\n')
    assert profile_of(read(path))["partnership"]["protocol_dated"] == "2024-03-01"


def test_what_was_not_changed_stays_as_it_was_written(tmp_path):
    path = tmp_path / "piagen.toml"
    written = "[profile.partnership]\nprotocol_dated = 2024-03-01 # signed\n"
    path.write_text(written)
    sitting = ProfileSitting.open(path)
    sitting.save({**sitting.answers, "rights": {"contact": "Rights team"}})
    assert path.read_text().startswith(written)


def test_a_profile_that_is_no_table_is_refused(tmp_path):
    path = tmp_path / "piagen.toml"
    path.write_text('profile = "council"\n')
    with pytest.raises(UnusableConfig, match="write a table for each section"):
        read(path)


FILE = """\
# What Northshire sets.
regulator = "Information Commissioner" # until it is abolished

[profile.security]
# Agreed with the police.
breach_partners_hours = 24 # hours

[rules.DF001]
severity = "advice"
reason = "Ours."
"""


def test_saving_the_profile_keeps_everything_else_in_the_file(tmp_path):
    path = tmp_path / "piagen.toml"
    path.write_text(FILE)
    path.chmod(0o640)
    sitting = ProfileSitting.open(path)
    sitting.save({**sitting.answers, "rights": {"contact": "Rights team"}})
    text = path.read_text()
    for line in FILE.splitlines():
        assert line in text
    assert path.stat().st_mode & 0o777 == 0o640, "others may be meant to read it"
    assert profile_of(read(path)) == {
        "security": {"breach_partners_hours": 24},
        "rights": {"contact": "Rights team"},
    }
    assert read(path).moves[0].rule == "DF001"


def test_a_new_profile_is_readable_by_its_owner_only(tmp_path):
    path = tmp_path / "piagen.toml"
    ProfileSitting.open(path).save({"rights": {"contact": "Rights team"}})
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_profile_changed_by_something_else_is_not_overwritten(tmp_path):
    path = tmp_path / "piagen.toml"
    path.write_text(FILE)
    sitting = ProfileSitting.open(path)
    path.write_text(FILE + "# mine\n")
    with pytest.raises(CannotWrite, match="changed by something else"):
        sitting.save({"rights": {"contact": "Rights team"}})
    assert path.read_text() == FILE + "# mine\n"


def test_a_file_that_would_not_read_back_is_left_alone(tmp_path, monkeypatch):
    path = tmp_path / "piagen.toml"
    path.write_text(FILE)
    sitting = ProfileSitting.open(path)
    monkeypatch.setattr("piagen.pipeline.toml.with_table", lambda text, *_: text)
    with pytest.raises(CannotWrite, match="cannot be changed here"):
        sitting.save({"rights": {"contact": "Rights team"}})
    assert path.read_text() == FILE


def test_a_row_that_names_no_partner_is_about_the_organisation():
    found = profile_of(config(PROFILE))
    assert found["contacts"][0]["partner"] == "us"


TEXT = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\r"))
SECTION = st.dictionaries(st.sampled_from("abcd"), TEXT | st.integers(0, 99) | st.booleans())
TABLES = st.lists(SECTION, min_size=1, max_size=3).map(
    lambda rows: [{"id": id_, **row} for id_, row in zip("xyz", rows, strict=False)]
)
SECTIONS = st.dictionaries(st.sampled_from(["s", "t"]), SECTION.filter(bool))
ROWS = st.dictionaries(st.sampled_from(["r", "q"]), TABLES)
PROFILES = st.tuples(SECTIONS, ROWS).map(lambda both: {**both[0], **both[1]})


@given(st.lists(PROFILES, max_size=4))
def test_whatever_is_written_is_read_again_and_the_rest_stays(profiles):
    text = FILE.replace("[profile.security]", "[other.security]")
    others = tomllib.loads(text)
    for profile in profiles:
        text = with_table(text, "profile", profile)
        found = tomllib.loads(text)
        assert found.pop("profile", {}) == profile
        assert found == others
        assert "# Agreed with the police." in text


# -- what `piagen profile` asks ----------------------------------------------------------------


def test_every_question_of_the_form_is_one_of_the_questionnaire():
    asked = questionnaire()
    for key, table in form().tables.items():
        known = {column.leaf for column in asked.tables[key].columns}
        assert {column.leaf for column in table.columns} <= known
        assert not any(column.of for column in table.columns), "what it names is of a project"
    for key, leaves in form().leaves.items():
        assert leaves.keys() <= asked.leaves[key].keys()


def test_nothing_in_the_form_hangs_on_a_project():
    from piagen.questionnaire.conditions import reads

    for _, question in form().questions():
        assert all(path.startswith(".") for path, _ in reads(question.reach.when))
