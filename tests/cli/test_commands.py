"""Every command as a user meets it: what it prints, where, and how it ends."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from piagen.cli import piagen
from piagen.resources import shipped

EXAMPLES = shipped("examples")


def run(*args: object, stdin: str | None = None) -> Result:
    return CliRunner().invoke(piagen, [str(arg) for arg in args], input=stdin)


@pytest.mark.parametrize("heavy", ["weasyprint", "marshmallow", "jinja2", "yaml"])
def test_help_imports_nothing_heavy(heavy: str) -> None:
    code = (
        "import sys\n"
        "from piagen.cli import piagen\n"
        "try: piagen.main(['--help'])\n"
        f"except SystemExit: sys.exit(int('{heavy}' in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Exit codes" in done.stdout


@pytest.mark.parametrize(
    "command", ["new", "check", "explain", "render", "demo", "law", "questionnaire"]
)
def test_every_command_has_help_with_an_example(command: str) -> None:
    result = run(command, "--help")
    assert result.exit_code == 0
    assert "piagen" in result.stdout.partition("\n")[2] or command == "questionnaire"


def test_check_counts_missing_and_open_answers_by_section() -> None:
    result = run("check", EXAMPLES / "early-draft.json")
    assert result.exit_code == 1, "an error stands in it"
    assert "Missing: " in result.stdout
    assert "Open: 4 questions asked of somebody." in result.stdout


def test_check_says_when_nothing_is_missing() -> None:
    result = run("check", EXAMPLES / "safeguarding-hub.json")
    assert result.exit_code == 0
    assert "\nNothing is missing.\n" in result.stdout


def test_check_reports_json_of_every_file_and_fails_for_the_bad_one(tmp_path: Path) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text('{"piagen": "1", "assessment": {"titel": "X", "version": 3}}')
    result = run("check", "--report", "json", bad, EXAMPLES / "early-draft.json")
    assert result.exit_code == 3
    first, second = json.loads(result.stdout)["files"]
    assert [problem["at"] for problem in first["problems"]] == [
        "assessment.version",
        "assessment.titel",
    ]
    assert "Did you mean “title”?" in first["problems"][1]["says"]
    assert second["usable"] is True
    assert len(second["open"]) == 4


def test_check_reads_standard_input() -> None:
    result = run("check", "-", stdin='{"piagen": "1"}')
    assert result.exit_code == 0, "gaps alone are fine"
    assert result.stdout.startswith("standard input: 0 of ")


def test_shape_errors_are_told_all_at_once_with_place_and_remedy(tmp_path: Path) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text(
        json.dumps(
            {
                "piagen": "1",
                "assessment": {"dated": "20 November", "status": "done"},
                "partners": [{"id": "council", "name": "", "public_authority": "yes"}],
            }
        )
    )
    result = run("check", bad)
    assert result.exit_code == 3
    assert "4 answers need attention" in result.stderr
    assert "Organisations" in result.stderr or "Partners" in result.stderr
    assert "partners[council].public_authority" in result.stderr
    assert "Write true or false, without quotation marks." in result.stderr
    assert "Traceback" not in result.stderr


def test_one_bad_file_does_not_stop_the_rest(tmp_path: Path) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text("{")
    result = run(
        "render", "-o", tmp_path / "out", "--format", "html", bad, EXAMPLES / "early-draft.json"
    )
    assert result.exit_code == 3
    assert "this is not JSON" in result.stderr
    written = result.stdout.split()
    assert written
    assert all(Path(name).stat().st_size > 10_000 for name in written)


def test_render_writes_what_is_needed_by_default_and_all_on_request(tmp_path: Path) -> None:
    example = EXAMPLES / "homelessness-duty-to-refer.json"
    needed = run("render", "-o", tmp_path, "--format", "html", example)
    everything = run("render", "-o", tmp_path, "--format", "html", "--document", "all", example)
    one = run("render", "-o", tmp_path, "--format", "html", "--document", "protocol", example)

    def kinds(result: Result) -> list[str]:
        return [Path(name).name.split("_")[1] for name in result.stdout.split()]

    assert kinds(needed) == ["pia", "agreement", "card"], "a protocol exists already"
    assert kinds(everything) == ["pia", "protocol", "agreement", "screening", "card", "blank"]
    assert kinds(one) == ["protocol"]


def test_an_unknown_document_is_a_usage_error_that_names_the_known_ones(tmp_path: Path) -> None:
    result = run(
        "render", "-o", tmp_path, "--document", "treaty", EXAMPLES / "safeguarding-hub.json"
    )
    assert result.exit_code == 2
    assert "needed, all, pia, protocol, agreement" in result.stderr


def test_a_folder_that_cannot_be_made_is_told_without_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    result = run(
        "render",
        "-o",
        tmp_path / "file" / "out",
        "--format",
        "html",
        EXAMPLES / "early-draft.json",
    )
    assert result.exit_code == 3
    assert "cannot be written" in result.stderr


def test_demo_copies_an_example_and_renders_it(tmp_path: Path) -> None:
    result = run("demo", "early-draft", "-o", tmp_path)
    assert result.exit_code == 0, result.stderr
    assert "so these are drafts" in result.stderr, "errors stand in it, and the demo says so"
    names = sorted(path.name for path in tmp_path.iterdir())
    assert "early-draft.json" in names
    printed = [name.split("_")[1] for name in names if name.endswith(".pdf")]
    assert printed == ["agreement", "card", "pia"]


def test_demo_of_an_unknown_example_names_the_known_ones(tmp_path: Path) -> None:
    result = run("demo", "moonbase", "-o", tmp_path)
    assert result.exit_code == 2
    assert "safeguarding-hub" in result.stderr


def test_lint_finds_the_shipped_questionnaire_sound() -> None:
    result = run("questionnaire", "lint")
    assert result.exit_code == 0, result.stderr
    assert "hold together" in result.stdout


def test_lint_of_a_broken_questionnaire_names_file_line_and_fault(tmp_path: Path) -> None:
    (tmp_path / "questionnaire.yaml").write_text("id: q\nversion: '1'\ntitle: Q\nsections: [a]\n")
    (tmp_path / "a.yaml").write_text(
        "id: a\ntitle: A\nintro: A.\nquestions:\n"
        "- id: a.one\n  label: One\n  ask: One?\n  type: text\n  when: { answered: a.two }\n"
    )
    result = run("questionnaire", "lint", tmp_path)
    assert result.exit_code == 3
    assert "a.yaml:5 a.one: a.two is not asked before it." in result.stderr


def test_schema_is_a_json_schema() -> None:
    from jsonschema import Draft202012Validator

    result = run("questionnaire", "schema")
    Draft202012Validator.check_schema(json.loads(result.stdout))


def test_wizard_ends_politely_when_input_ends(tmp_path: Path) -> None:
    result = run("new", tmp_path / "p.json", stdin="about\nA title\n")
    assert result.exit_code == 130
    assert f"Saved. To go on:\n  piagen new {tmp_path / 'p.json'}" in result.stderr
    assert json.loads((tmp_path / "p.json").read_text())["assessment"]["title"] == "A title"


def test_a_fault_of_ours_is_one_line_and_a_log_without_answers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("Ada Lovelace lives at 1 Hall Square")

    monkeypatch.setattr("piagen.pipeline.assess.check", broken)
    result = run("check", EXAMPLES / "early-draft.json")
    assert result.exit_code == 4
    (line,) = result.stderr.splitlines()
    log = Path(line.rpartition(" ")[2])
    said = log.read_text()
    log.unlink()
    assert "RuntimeError" in said
    assert "test_commands.py" in said
    assert "weasyprint" in said
    assert "Lovelace" not in said


def test_wizard_says_so_when_there_was_nothing_to_save(tmp_path: Path) -> None:
    result = run("new", tmp_path / "p.json", stdin="")
    assert "nothing was saved" in result.stderr
    assert not (tmp_path / "p.json").exists()


def test_documents_are_as_private_as_the_user_s_umask_says(tmp_path: Path) -> None:
    code = "import os, sys; os.umask(0o077); from piagen.cli import main; main()"
    example = str(EXAMPLES / "early-draft.json")
    args = ["render", "-o", str(tmp_path), "--format", "html", "--document", "pia", example]
    done = subprocess.run([sys.executable, "-c", code, *args], check=False, capture_output=True)
    assert done.returncode == 1, "drafts are written while an error stands"
    (made,) = tmp_path.iterdir()
    assert stat.S_IMODE(made.stat().st_mode) == 0o600


def test_demo_keeps_an_example_that_somebody_edited(tmp_path: Path) -> None:
    edited = (EXAMPLES / "early-draft.json").read_text(encoding="utf-8").replace("0.2", "0.9", 1)
    (tmp_path / "early-draft.json").write_text(edited, encoding="utf-8")
    result = run("demo", "early-draft", "-o", tmp_path)
    assert "was changed, so it is kept" in result.stderr
    assert (tmp_path / "early-draft.json").read_text(encoding="utf-8") == edited


def test_a_full_disk_under_the_output_is_no_fault_of_ours() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "piagen", "check", str(EXAMPLES / "early-draft.json")],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 3
    assert "the disk is full" in done.stderr
    assert "fault in piagen" not in done.stderr


def test_lint_of_a_missing_id_names_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "questionnaire.yaml").write_text("id: q\nversion: '1'\ntitle: Q\nsections: [a]\n")
    (tmp_path / "a.yaml").write_text(
        "id: a\ntitle: A\nintro: A.\nquestions:\n- label: One\n  ask: One?\n"
    )
    result = run("questionnaire", "lint", tmp_path)
    assert result.exit_code == 3
    assert "a.yaml: a (line 5): give it “id”." in result.stderr
