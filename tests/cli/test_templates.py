"""`piagen templates` tells layers apart and never overwrites; every command heeds the overlay."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from piagen.cli import piagen
from piagen.pipeline.overlay import LAYER, layers
from piagen.resources import shipped

NORTHSHIRE = Path(__file__).parents[1] / "data" / "overlay"
HUB = shipped("examples") / "safeguarding-hub.json"
CLAUSE = "agreement/clauses/security.html.j2"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the council's overlay and its piagen.toml."""
    shutil.copytree(NORTHSHIRE, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PIAGEN_CONFIG", raising=False)
    return tmp_path


def run(*args: object, **more: object) -> Result:
    return CliRunner().invoke(piagen, [str(arg) for arg in args], **more)  # type: ignore[arg-type]


def test_the_list_says_which_layer_each_file_comes_from():
    lines = run("templates", "list").stdout.splitlines()
    told = {line.split()[0]: line.split(maxsplit=1)[1] for line in lines}
    assert told["_base/page.css"] == "piagen"
    assert told["_base/tokens.css"] == "Northshire Council, in place of piagen"
    assert told["agreement/clauses/lone-working.html.j2"] == "Northshire Council"
    assert {name for name, _ in layers()} < set(told)


def test_the_list_as_data_and_of_ones_own_files_only():
    files = json.loads(run("templates", "list", "--own", "--report", "json").stdout)["files"]
    assert {"file": "logo.svg", "layer": "Northshire Council", "replaces": []} in files
    assert [f for f in files if f["layer"] == LAYER] == []


def test_a_file_is_ejected_once_and_never_overwritten(folder: Path):
    result = run("templates", "eject", CLAUSE)
    target = folder / "northshire" / "templates" / CLAUSE
    assert result.stdout.strip() == str(target)
    assert target.read_bytes() == (shipped("templates") / CLAUSE).read_bytes()
    target.write_text("ours", encoding="utf-8")
    again = run("templates", "eject", CLAUSE)
    assert again.exit_code == 3
    assert "is not overwritten" in again.stderr
    assert target.read_text(encoding="utf-8") == "ours"


@pytest.mark.parametrize("name", ["../pyproject.toml", "/etc/passwd", "pia", "pia/none.html.j2"])
def test_only_what_ships_is_ejected(folder: Path, name: str):
    before = sorted(folder.rglob("*"))
    result = run("templates", "eject", name)
    assert result.exit_code == 3
    assert "piagen has no template of this name" in result.stderr
    assert sorted(folder.rglob("*")) == before


def test_without_an_overlay_it_says_how_to_name_one(folder: Path):
    (folder / "piagen.toml").write_text("", encoding="utf-8")
    result = run("templates", "eject", CLAUSE)
    assert result.exit_code == 3
    assert 'overlays = ["northshire"]' in result.stderr


def test_a_folder_that_is_not_there_is_told(folder: Path):
    (folder / "piagen.toml").write_text('overlays = ["southshire"]', encoding="utf-8")
    result = run("check", HUB)
    assert result.exit_code == 3
    assert "there is no folder “southshire” beside this file" in result.stderr


def test_check_and_render_heed_it(folder: Path):
    assert "Staff who visit alone: extra.nsh_lone_working" in run("check", HUB).stdout
    result = run("render", "--format", "html", "--document", "agreement", "-o", "out", HUB)
    (made,) = result.stdout.split()
    assert "must tell a visitor who works alone" in Path(made).read_text(encoding="utf-8")


def test_an_answer_of_the_wrong_shape_is_named_with_its_question(folder: Path):
    answers = {**json.loads(HUB.read_text(encoding="utf-8")), "extra": {"nsh_ward": ["south"]}}
    (folder / "answers.json").write_text(json.dumps(answers), encoding="utf-8")
    result = run("check", "answers.json")
    assert result.exit_code == 3
    assert "extra.nsh_ward" in result.stderr
    assert "Which wards does the project serve?" in result.stderr


def test_the_wizard_asks_its_questions_and_keeps_the_answers(folder: Path):
    answers = json.loads(HUB.read_text(encoding="utf-8"))
    (folder / "p.json").write_text(json.dumps(answers), encoding="utf-8")
    typed = "how partners\nThe desk rings first.\n:save\n"
    result = run("new", "p.json", input=typed)
    assert "How will staff who visit people at home be told of danger there?" in result.output
    kept = json.loads((folder / "p.json").read_text(encoding="utf-8"))
    assert kept["extra"] == {"nsh_lone_working": "The desk rings first."}


def test_lint_and_schema_are_of_what_projects_are_asked():
    assert "hold together" in run("questionnaire", "lint").stdout
    schema = json.loads(run("questionnaire", "schema").stdout)
    assert "nsh_ward" in schema["properties"]["extra"]["properties"]


def test_lint_refuses_a_patch_with_file_and_line(folder: Path):
    path = folder / "northshire/questionnaires/core/practice.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("  - id: practice.vision", "  - id: practice.vision\n    type: text")
    )
    result = run("questionnaire", "lint")
    assert result.exit_code == 3
    assert (
        "northshire/questionnaires/core/practice.yaml:23: practice.vision: “type”" in result.stderr
    )


@pytest.mark.parametrize(
    "command",
    [["check", HUB], ["render", "-o", "out", HUB], ["new", "p.json"], ["templates", "list"]],
)
def test_a_broken_overlay_is_explained_and_never_a_traceback(folder: Path, command: list[object]):
    (folder / "northshire/templates/pia/sections.toml").write_text("[x", encoding="utf-8")
    (folder / "northshire/templates/_partials/cover.html.j2").write_text("{% if %}")
    result = run(*command)
    assert result.exit_code == 3
    assert "northshire/templates/pia/sections.toml:1: this is not TOML" in result.stderr
    assert "northshire/templates/_partials/cover.html.j2:1: " in result.stderr
    assert "Traceback" not in result.output
    assert not (folder / "out").exists()
