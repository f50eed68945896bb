"""`piagen check` tells what was found, ends with 1 while an error stands, and heeds piagen.toml."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from datetime import date
from importlib.machinery import PathFinder
from importlib.metadata import DistributionFinder
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from piagen.cli import piagen
from piagen.domain.days import in_words
from piagen.law.catalogue import load_catalogue
from piagen.rendering.law_in_words import verified
from piagen.resources import shipped
from piagen.rules import registry
from piagen.rules.rule import RULES

DRAFT = shipped("examples") / "early-draft.json"
CARE = shipped("examples") / "shared-care-record.json"
RULE = "[rules.{}]\nseverity = '{}'\nreason = 'Our board decided so in May.'\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, with no settings of whoever runs the tests."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PIAGEN_CONFIG", raising=False)
    return tmp_path


def run(*args: object, **more: object) -> Result:
    return CliRunner().invoke(piagen, [str(arg) for arg in args], **more)  # type: ignore[arg-type]


def told(*args: object) -> dict[str, Any]:
    file: dict[str, Any]
    (file,) = json.loads(run("check", "--report", "json", *args).stdout)["files"]
    return file


def test_it_ends_with_1_while_an_error_stands_and_0_without():
    assert told(DRAFT)["errors"] > 0
    assert run("check", DRAFT).exit_code == 1
    assert told(CARE)["errors"] == 0
    assert run("check", CARE).exit_code == 0
    assert run("check", CARE, DRAFT).exit_code == 1


def test_an_error_that_is_not_told_stands_all_the_same():
    result = run("check", "--rule", "WV002", DRAFT)
    assert "Error " not in result.stdout
    assert result.exit_code == 1


def test_a_file_that_cannot_be_used_weighs_more_than_an_error(folder):
    (folder / "bad.json").write_text("{")
    assert run("check", DRAFT, "bad.json").exit_code == 3


def test_text_says_what_where_why_law_and_what_to_do():
    found = next(f for f in told(DRAFT)["findings"] if f["severity"] == "error" and f["law"])
    text = " ".join(run("check", DRAFT).stdout.split())
    assert f"Error {found['rule']} {found['where']} ({found['at']}) {found['says']}" in text
    assert f"Do: {found['do']}" in text
    law = found["law"][0]
    how = verified(load_catalogue().cite(law["key"]))
    assert f"{law['text']} ({how})" in text
    assert law["verified"] not in how


def test_json_has_a_stable_shape():
    said = told(DRAFT)
    assert {
        "file", "usable", "as_at", "given", "missing", "open", "hidden", "warnings", "sections",
        "errors", "findings",
    } <= set(said)  # fmt: skip
    found = said["findings"][0]
    assert list(found) == [
        "rule", "name", "severity", "at", "where", "section", "says", "why", "do", "law", "stands",
        "waiver",
    ]  # fmt: skip
    assert list(found["law"][0]) == ["key", "text", "href", "verified", "checked_on", "status"]


@pytest.mark.parametrize(
    ("severity", "told_of"),
    [
        ("error", {"error"}),
        ("warning", {"error", "warning"}),
        ("advice", {"error", "warning", "advice"}),
    ],
)
def test_severity_tells_what_is_so_grave_and_counts_the_rest(severity, told_of):
    said = told("--severity", severity, DRAFT)
    assert {found["severity"] for found in said["findings"]} == told_of
    assert said["errors"] == told(DRAFT)["errors"]
    line = next(li for li in run("check", DRAFT).stdout.splitlines() if li.startswith("Found: "))
    assert line in run("check", "--severity", severity, DRAFT).stdout.splitlines()


def test_rule_tells_of_one_rule_or_several():
    every = {found["rule"] for found in told(DRAFT)["findings"]}
    first, second = sorted(every)[:2]
    assert {f["rule"] for f in told("--rule", first, DRAFT)["findings"]} == {first}
    several = told("--rule", first, "--rule", second, DRAFT)["findings"]
    assert {f["rule"] for f in several} == {first, second}


def test_a_rule_that_does_not_exist_is_a_wrong_command_line():
    result = run("check", "--rule", "LB999", DRAFT)
    assert result.exit_code == 2
    assert "“LB999” is no rule; piagen explain lists them." in result.stderr


def test_the_law_is_read_on_the_day_of_the_assessment_or_on_the_day_that_is_given():
    assert "The law is read on 20 November 2026." in run("check", CARE).stdout
    assert told(CARE)["as_at"] == "2026-11-20"
    assert told("--as-at", "2025-01-31", CARE)["as_at"] == "2025-01-31"
    earlier = run("check", "--as-at", "2025-01-31", CARE)
    assert "The law is read on 31 January 2025." in earlier.stdout
    assert earlier.stdout != run("check", CARE).stdout


def test_today_is_named():
    before = date.today()
    result = run("check", "--as-at", "today", CARE)
    days = {in_words(before), in_words(date.today())}
    assert any(f"Today is {day}." in result.stderr for day in days)
    assert any(f"The law is read on {day}." in result.stdout for day in days)


def test_a_day_that_is_none_is_refused():
    result = run("check", "--as-at", "yesterday", CARE)
    assert result.exit_code == 2
    assert "Write it as 2026-11-22, or write today." in result.stderr


def test_without_a_date_it_says_so(folder):
    (folder / "new.json").write_text('{"piagen": "1"}')
    assert "on no day: the assessment has no date" in run("check", "new.json").stdout
    assert told("new.json")["as_at"] is None


def small(folder: Path, **waiver: str) -> Path:
    """A project in which the rule NE003 finds one thing, a warning, and nothing is an error."""
    answers = {
        "piagen": "1",
        "assessment": {"dated": "2026-11-20"},
        "necessity": {
            "why_named_people": "Help goes to a person.",
            "conclusion": "People gain more than they lose.",
        },
        "waivers": [{**WAIVER, **waiver}] if waiver else [],
    }
    (folder / "small.json").write_text(json.dumps(answers))
    return folder / "small.json"


WAIVER = {
    "rule": "NE003",
    "at": "alternatives",
    "reason": "The board looks at it in December.",
    "owner": "Ada Osei",
    "until": "2026-12-20",
}


def test_a_waived_error_is_told_and_does_not_count(folder):
    (folder / "piagen.toml").write_text(RULE.format("NE003", "error"))
    assert run("check", small(folder)).exit_code == 1
    result = run("check", small(folder, dpo="Bo Lindqvist"))
    assert result.exit_code == 0
    assert "1 accepted" in result.stdout
    text = " ".join(result.stdout.split())
    assert (
        "Accepted by Ada Osei and Bo Lindqvist until 20 December 2026: The board looks at it in "
        "December."
    ) in text
    said = told(small(folder, dpo="Bo Lindqvist"))
    (found,) = (found for found in said["findings"] if found["rule"] == "NE003")
    assert said["errors"] == 0
    assert found["severity"] == "error"
    assert found["stands"] is False
    assert found["waiver"] == {
        "reason": "The board looks at it in December.",
        "owner": "Ada Osei",
        "dpo": "Bo Lindqvist",
        "until": "2026-12-20",
    }


def test_an_error_needs_the_data_protection_officer_and_a_warning_does_not(folder):
    alone = {"owner": "Ada Osei"}
    assert "1 accepted" in run("check", small(folder, **alone)).stdout
    (folder / "piagen.toml").write_text(RULE.format("NE003", "error"))
    result = run("check", small(folder, **alone))
    assert result.exit_code == 1
    assert "Error WV003" in result.stdout


def test_a_waiver_ends_after_its_last_day(folder):
    (folder / "piagen.toml").write_text(RULE.format("NE003", "error"))
    path = small(folder, dpo="Bo Lindqvist")
    assert run("check", "--as-at", "2026-12-20", path).exit_code == 0
    late = run("check", "--as-at", "2026-12-21", path)
    assert late.exit_code == 1
    assert "Error WV001" in late.stdout
    assert "Error NE003" in late.stdout
    assert " 1 accepted" not in late.stdout


# What an organisation sets in piagen.toml.


def moved() -> str:
    """A rule that finds something in the early draft, is an error and may be moved."""
    errors: list[str]
    errors = [f["rule"] for f in told(DRAFT)["findings"] if f["severity"] == "error"]
    return next(id_ for id_ in errors if registry.rules()[id_].waivable)


def severities_of(rule: str, *args: object) -> set[str]:
    (file,) = json.loads(run(*args, "check", "--report", "json", DRAFT).stdout)["files"]
    return {found["severity"] for found in file["findings"] if found["rule"] == rule}


def test_a_severity_is_moved_by_the_file_that_is_named(folder):
    rule = moved()
    (folder / "own.toml").write_text(RULE.format(rule, "warning"))
    assert severities_of(rule) == {"error"}
    assert severities_of(rule, "--config", "own.toml") == {"warning"}


def test_a_severity_that_is_raised_ends_with_1(folder):
    assert run("check", small(folder)).exit_code == 0
    (folder / "piagen.toml").write_text(RULE.format("NE003", "error"))
    assert run("check", small(folder)).exit_code == 1


def test_the_nearest_file_upwards_is_used(folder, monkeypatch):
    rule = moved()
    (folder / "piagen.toml").write_text(RULE.format(rule, "advice"))
    (folder / "a" / "b").mkdir(parents=True)
    monkeypatch.chdir(folder / "a" / "b")
    assert severities_of(rule) == {"advice"}
    (folder / "a" / "piagen.toml").write_text(RULE.format(rule, "warning"))
    assert severities_of(rule) == {"warning"}


def test_the_environment_wins_over_the_nearest_and_the_option_over_both(folder, monkeypatch):
    rule = moved()
    (folder / "piagen.toml").write_text("")
    (folder / "env.toml").write_text(RULE.format(rule, "warning"))
    (folder / "own.toml").write_text(RULE.format(rule, "advice"))
    monkeypatch.setenv("PIAGEN_CONFIG", str(folder / "env.toml"))
    assert severities_of(rule) == {"warning"}
    assert severities_of(rule, "--config", "own.toml") == {"advice"}


def test_verbose_says_which_file_is_used(folder):
    assert "Settings: no piagen.toml" in run("--verbose", "check", CARE).stderr
    (folder / "piagen.toml").write_text("")
    assert f"Settings: {folder / 'piagen.toml'}" in run("--verbose", "check", CARE).stderr
    assert "Settings" not in run("check", CARE).stderr


def test_a_rule_that_nobody_may_accept_is_not_lowered(folder):
    fixed = next(rule.id for rule in registry.rules().values() if not rule.waivable)
    (folder / "piagen.toml").write_text(RULE.format(fixed, "warning"))
    for command in (("check",), ("render", "--format", "html", "-o", "out")):
        result = run(*command, CARE)
        assert result.exit_code == 3
        assert f"rules.{fixed}.severity: the law leaves no choice here" in result.stderr
    assert not (folder / "out").exists()
    (folder / "piagen.toml").write_text(RULE.format(fixed, "error"))
    assert run("check", CARE).exit_code == 0


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (RULE.format("LB999", "error"), "rules.LB999: there is no such rule."),
        ("[rules.LB001]\nseverity = 'error'\n", "rules.LB001.reason: say why you change it"),
        ("[rules.LB001]\nseverity = 'grave'\nreason = 'x'\n", "choose one of error, warning"),
        ("rules = [\n", "It is not TOML"),
        ("colour = 'red'\n", "colour: this is not a setting."),
    ],
)
def test_a_fault_of_the_file_is_named_and_nothing_is_checked(folder, text, says):
    (folder / "piagen.toml").write_text(text)
    result = run("check", CARE)
    assert result.exit_code == 3
    assert says in result.stderr
    assert "piagen.toml cannot be used" in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout == ""


# Rules of an organisation's own, by entry point.

OWN = '''
from piagen.rules.rule import Found, Severity, rule

@rule("{id}", Severity.ERROR, asked=["project.summary"], cites=["uk-gdpr/5/2"])
def our_own_fault(project):
    """Our own fault.

    Why: our board asked for it.

    Do: ask our board.
    """
    yield Found("project.summary", "Our board has not seen it.")
'''


@pytest.fixture
def register(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    """Installs a package of rules: a module, and the metadata that names it."""
    registry.rules()  # our own modules load once, and RULES must hold them before and after
    before = dict(RULES)
    registry._found.cache_clear()
    monkeypatch.syspath_prepend(folder)

    def write(name: str, text: str) -> None:
        (folder / "northshire_rules.py").write_text(text)
        package = folder / "northshire_rules-1.0.dist-info"
        package.mkdir()
        (package / "METADATA").write_text("Name: northshire-rules\nVersion: 1.0\n")
        points = f"[piagen.rules]\n{name} = northshire_rules\n"
        (package / "entry_points.txt").write_text(points)

    yield write
    sys.modules.pop("northshire_rules", None)
    RULES.clear()
    RULES.update(before)
    registry._found.cache_clear()


def test_an_own_rule_finds_is_explained_and_can_be_asked_for(register):
    register("NSH", OWN.format(id="NSH1"))
    result = run("check", "--rule", "NSH1", CARE)
    assert result.exit_code == 1
    assert "Our board has not seen it." in result.stdout
    assert "Our board asked for it." in run("explain", "NSH1").stdout
    assert "NSH1" in run("explain").stdout


def test_own_rules_are_found_however_their_package_was_installed(
    register, folder, tmp_path_factory, monkeypatch
):
    register("NSH", OWN.format(id="NSH1"))
    package = folder / "northshire_rules-1.0.dist-info"
    ours = {"NSH1"} | set(registry.rules())
    for home in (folder / "northshire_rules.egg-info", folder / "Northshire_Rules-1.DIST-INFO"):
        package = package.rename(home)
        assert found_afresh() == ours, home.name

    away = tmp_path_factory.mktemp("away")
    whole = shutil.make_archive(str(away / "rules"), "zip", folder)
    shutil.rmtree(package)
    assert found_afresh() == ours - {"NSH1"}
    with monkeypatch.context() as patched:
        patched.syspath_prepend(whole)
        assert found_afresh() == ours, "a zip file"

    class Finder:
        @staticmethod
        def find_spec(*_):
            return None

        @staticmethod
        def find_distributions(context):
            return PathFinder.find_distributions(
                DistributionFinder.Context(name=context.name, path=[whole])
            )

    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path, Finder])
    assert found_afresh() == ours, "a finder of another kind"


def found_afresh():
    """Look for the rules again, as a new process does."""
    RULES.pop("NSH1", None)
    sys.modules.pop("northshire_rules", None)
    registry._found.cache_clear()
    return set(registry.rules())


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ('Found("project.summary"', 'Found("our summary"'),
        ('cites=["uk-gdpr/5/2"]', 'cites=["our-own-act/1"]'),
        ('yield Found("project.summary", "Our board has not seen it.")', "yield 1 / 0"),
    ],
    ids=["no place", "no such law", "raises"],
)
def test_an_own_rule_that_is_at_fault_is_an_error_that_names_it(register, good, bad):
    register("NSH", OWN.format(id="NSH1").replace(good, bad))
    result = run("check", CARE)
    assert result.exit_code == 1
    assert "Error NSH1  The whole project" in result.stdout
    assert "The rule NSH1 broke off" in result.stdout


@pytest.mark.parametrize("id_", ["XYZ1", "LB999", "NSHX1", "NSH"])
def test_an_own_rule_needs_its_own_prefix(register, id_):
    register("NSH", OWN.format(id=id_))
    for _ in range(2):  # the module is loaded once; the fault must not be forgotten
        result = run("check", CARE)
        assert result.exit_code == 3
        assert f"The rule {id_} of “northshire_rules” must be called NSH" in result.stderr
        assert "Our board" not in result.stdout
    assert id_ not in RULES


def test_a_short_prefix_takes_no_number_of_a_family_of_ours(register):
    register("L", OWN.format(id="LB998"))
    assert "must be called L, its own prefix" in run("check", CARE).stderr


def test_an_own_rule_may_not_take_a_family_of_ours(register):
    register("LB", OWN.format(id="LB997"))
    result = run("check", CARE)
    assert result.exit_code == 3
    assert "LB, which is a family of piagen’s own" in result.stderr


def test_an_own_rule_may_not_stand_in_for_one_of_ours(register):
    ours = registry.rules()["LB001"]
    registry._found.cache_clear()
    register("NSH", OWN.format(id="LB001"))
    result = run("check", CARE)
    assert result.exit_code == 3
    assert "LB001 is the id of" in result.stderr
    assert RULES["LB001"] is ours


@pytest.mark.parametrize(
    "text", ["raise RuntimeError('our server is down')", "import no_such_module", "def ("]
)
def test_a_module_that_fails_is_reported_by_its_name(register, text):
    register("NSH", text)
    result = run("check", CARE)
    assert result.exit_code == 3
    assert "The rules of “northshire_rules” (NSH) cannot be loaded" in result.stderr
    assert "Traceback" not in result.stderr
