"""`piagen explain` serves every rule, entry of the law, kind of body and question."""

from __future__ import annotations

import json
from datetime import date

import pytest
from click.testing import CliRunner, Result

from piagen.cli import piagen
from piagen.law.catalogue import load_catalogue
from piagen.law.model import Role, VerificationState
from piagen.pipeline.explain import explain, of_rule
from piagen.pipeline.explanation import Explanation, entries
from piagen.rendering.law_in_words import verified
from piagen.rules.registry import rules

law = load_catalogue()
WORDS = ("6_1_ea", "9_2_g", "annex_1_5", "35_2_a")


def run(*args: str) -> Result:
    return CliRunner().invoke(piagen, ["explain", *args])


def part(explanation: Explanation, label: str) -> str:
    (found,) = (part for part in explanation.parts if part.label == label)
    return "\n".join(found.lines)


def has(explanation: Explanation, label: str) -> bool:
    return any(part.label == label for part in explanation.parts)


def test_help_has_examples_that_work():
    examples = [
        line.split()[2:]
        for line in run("--help").stdout.splitlines()
        if line.startswith("    piagen explain ") or line.startswith("  piagen explain ")
    ]
    assert len(examples) >= 4
    assert all(run(*example).exit_code == 0 for example in examples)


@pytest.mark.parametrize("rule", tuple(rules().values()), ids=lambda rule: rule.id)
def test_a_rule_is_explained_with_weight_reason_law_remedy_and_question(rule):
    told = explain(rule.id.lower())
    assert told == explain(rule.name) == of_rule(rule)
    assert rule.severity.means in part(told, "Weight")
    assert ("Nobody can accept it" in part(told, "Weight")) is not rule.waivable
    assert rule.why[1:] in part(told, "Why")
    assert rule.do[1:] in part(told, "Do")
    for key in rule.cites:
        citation = law.cite(key)
        assert f"{key}; {verified(citation)}" in part(told, "Law")
    assert all(path in part(told, "Where it is asked") for path in rule.asked)


def test_a_rule_tells_the_law_of_each_nation_apart():
    rule = next(rule for rule in rules().values() if rule.cites_in)
    told = explain(rule.id)
    for nation, keys in rule.cites_in.items():
        name = nation.replace("_", " ").title()
        assert all(key in part(told, f"Law in {name}") for key in keys)


@pytest.mark.parametrize("key", tuple(law.keys()))
def test_an_entry_of_the_law_tells_how_it_was_verified_and_how_it_stands(key):
    entry, told = law.entry(key), explain(key)
    assert told.id == key
    assert told.title == law.cite(key).title
    assert str(entry.verification.state) in part(told, "How it was checked")
    kept = "day of the check was not kept" not in part(told, "How it was checked")
    assert kept is (entry.verification.checked_on is not None)
    assert part(told, "Standing")
    unread = has(told, "Do") and "read it before you rely on it" in part(told, "Do")
    assert unread is (entry.verification.state is not VerificationState.SEEN_PRIMARY)


@pytest.mark.parametrize("gateway", tuple(law.gateways.values()), ids=lambda gateway: gateway.id)
def test_a_gateway_tells_who_what_for_and_whether_it_is_a_power(gateway):
    told = explain(gateway.id)
    assert gateway.purpose[1:] in part(told, "What it is for")
    assert all(who[1:] in part(told, "Who may disclose") for who in gateway.who_may_share)
    assert all(whom[1:] in part(told, "To whom") for whom in gateway.with_whom)
    assert ("Do not name it" in part(told, "Do")) is not gateway.is_power
    assert ("It is a framework" in part(told, "What it is")) is (gateway.role is Role.FRAMEWORK)
    limits = part(told, "Kinds of body that it names")
    assert ("One of the two must be" in limits) is bool(gateway.one_party_is)
    assert ("May not disclose" in limits) is bool(gateway.excludes_senders)
    assert ("Not covered: " in limits) is bool(gateway.excludes_data)
    assert ("one body use its own data again" in limits) is gateway.within_one_body
    served = part(told, "What it is for")
    assert ("these purposes only" in served) is bool(gateway.only_purposes)
    assert ("one occasion only" in served) is bool(gateway.only_for)
    assert ("Its own words are about" in served) is bool(gateway.chiefly_for)
    assert ("It is about " in served) is bool(gateway.about_data)
    assert ("something about the person" in served) is gateway.about_some_people
    assert served.count("Its own words are about") <= 1
    beside = part(told, "What it is")
    assert all(id_ in beside for id_ in gateway.disclose_through)
    assert ("behind the functions of the body" in beside) is gateway.residual
    assert "legal_basis[].gateways" in part(told, "Where it is asked")


@pytest.mark.parametrize(
    ("id_", "does"),
    [
        ("cda-1998-s115", "Name it where it is asked for."),
        ("children-act-2004-s16la", "Check that it has begun"),
        ("dea-2017-s41", "Do not name it as a power"),
    ],
)
def test_a_gateway_is_to_be_named_only_once_it_has_begun(id_, does):
    assert part(explain(id_), "Do").startswith(does)


def test_a_gateway_names_its_usual_bases_by_the_keys_that_explain_them():
    usual = part(explain("cda-1998-s115"), "Usual bases and conditions")
    for key in ("uk-gdpr/6/1/e", "uk-gdpr/9/2/g", "dpa-2018/sch1/18"):
        assert f"({key})" in usual
        assert explain(key).id == key


def test_a_basis_tells_what_it_needs_and_whether_it_suits_a_public_authority():
    told = explain("uk-gdpr/6/1/f")
    assert "It does not suit a public authority." in part(told, "Public authorities")
    assert part(told, "It needs")
    assert "legal_basis[].article_6" in part(told, "Where it is asked")
    assert "LB004" not in part(explain("uk-gdpr/9/2/g"), "Where it is asked")


@pytest.mark.parametrize("word", WORDS)
def test_a_basis_is_found_by_the_word_that_answers_use(word):
    assert explain(word).id in set(law.keys())


def test_a_provision_names_the_rules_and_questions_that_rest_on_it():
    told = explain("dpa-2018/164A")
    assert "RI006" in part(told, "Rules that cite it")
    assert "rights.complaints" in part(told, "Questions that cite it")


def test_an_instrument_lists_every_place_in_it():
    places = part(explain("uk-gdpr"), "Places in it")
    assert all(
        key in places for key in (p.key for p in law.instruments["uk-gdpr"].provisions.values())
    )


@pytest.mark.parametrize("kind", tuple(law.body_kinds))
def test_a_kind_of_body_is_explained(kind):
    assert "partners[].kind" in part(explain(kind), "Where it is asked")


@pytest.mark.parametrize("path", tuple(entries()))
def test_a_question_tells_what_is_asked_and_which_rules_read_it(path):
    told = explain(path)
    assert part(told, "We ask")
    assert part(told, "Section")
    assert part(told, "Answer")
    reading = [rule.id for rule in rules().values() if path in rule.asked]
    assert has(told, "Rules that read the answer") is bool(reading)
    assert all(id_ in part(told, "Rules that read the answer") for id_ in reading)


@pytest.mark.parametrize(
    ("stored", "path"),
    [
        ("legal_basis[council-screening].article_9", "legal_basis[].article_9"),
        ("partners[police]", "partners[]"),
        ("partners", "partners[]"),
        ("assessment.title", "assessment.title"),
    ],
)
def test_a_place_that_check_names_is_explained(stored, path):
    assert explain(stored).id == path


def test_no_id_means_two_things():
    ids = [*rules(), *(rule.name for rule in rules().values()), *entries(), *law.keys()]
    assert len(set(ids) | set(law.body_kinds)) == len(ids) + len(law.body_kinds)
    assert not {"6_1_e", "9_2_g", *WORDS} & {*ids, *law.body_kinds}


def test_the_standing_is_that_of_the_day():
    before, after = (part(explain("uk-gdpr/6/1/ea", law.as_at(date(2026, 2, d))), "Standing")
                     for d in (4, 5))  # fmt: skip
    assert before.startswith("On 4 February 2026: not yet in force.")
    assert after.startswith("On 5 February 2026: in force.")
    assert "On 4 February 2026: not yet" in run("uk-gdpr/6/1/ea", "--as-at", "2026-02-04").stdout


def test_a_date_that_was_read_is_not_denied_where_no_day_is_given():
    assert part(explain("dpa-2018/164A"), "Standing") == "From 19 June 2026."


@pytest.mark.parametrize(
    ("wrong", "nearest"),
    [
        ("LB0004", "LB004"),
        ("cda-1998-s116", "cda-1998-s115"),
        ("uk-gdpr/35/77", "uk-gdpr/35/7"),
        ("legal_bases[].article_9", "legal_basis[].article_9"),
        ("partners[].nmae", "partners[].name"),
        ("nhs_trusts", "nhs_trust"),
        ("legitimate-interest-of-public-authority", "legitimate-interests-of-public-authority"),
    ],
)
def test_an_unknown_id_is_a_wrong_command_line_and_names_the_nearest_of_all_kinds(wrong, nearest):
    result = run(wrong)
    assert result.exit_code == 2
    assert f"Did you mean “{nearest}”?" in result.stderr
    assert result.stdout == ""


def test_an_id_gives_no_orders_to_the_terminal():
    said = run("\u001b[2J\u202e" + "a" * 5_000).stderr
    assert not set(said) & set("\u001b\u202e")
    assert len(said) < 500


def test_without_an_id_every_rule_is_listed():
    lines = run().stdout.splitlines()
    assert [line.split()[0] for line in lines] == list(rules())
    listed = json.loads(run("--report", "json").stdout)["rules"]
    assert [row["id"] for row in listed] == list(rules())
    assert set(listed[0]) == {"id", "severity", "title"}


def test_json_says_what_the_text_says():
    said = json.loads(run("GW001", "--report", "json").stdout)
    assert list(said) == ["id", "title", "parts"]
    text = " ".join(run("GW001").stdout.split())
    for one in said["parts"]:
        assert one["label"] in text
        assert all(" ".join(line.split()) in text for line in one["lines"])


@pytest.mark.parametrize("key", ["cda-1998-s115", "uk-gdpr/6/1/e", "dpa-2018/164A", "uk-gdpr"])
def test_law_show_tells_the_same_text(key):
    shown = CliRunner().invoke(piagen, ["law", "show", key, "--as-at", "2026-11-22"])
    assert shown.stdout == run(key, "--as-at", "2026-11-22").stdout


def test_lines_break_at_80_characters():
    for id_ in ("cda-1998-s115", "LB004", "partners[].kind"):
        assert all(len(line) <= 80 or "http" in line for line in run(id_).stdout.splitlines())


def test_a_rule_weighs_what_the_organisation_made_of_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert part(explain("GW008"), "Weight").startswith("Advice: ")
    (tmp_path / "piagen.toml").write_text(
        '[rules.GW008]\nseverity = "error"\nreason = "Our board asks for it."\n'
    )
    said = " ".join(run("GW008").stdout.split())
    assert "Error: a governance team would send it back" in said
    assert "Your piagen.toml says so; it ships as advice." in said
    assert "GW008  error" in run().stdout


def test_a_configuration_that_cannot_be_used_is_told_before_anything_is_explained(
    tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "piagen.toml").write_text('[rules.XX999]\nseverity = "error"\nreason = "R."\n')
    done = run("GW008")
    assert done.exit_code == 3
    assert "there is no such rule" in done.stderr
