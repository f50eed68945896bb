"""`piagen extract`: answers on standard output or in a file, the verdict beside them."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from piagen.cli import piagen
from piagen.errors import ExitCode
from piagen.pipeline import extract as pipeline
from piagen.pipeline.answers import as_written
from piagen.pipeline.assess import load
from piagen.pipeline.extract import Verdict
from piagen.resources import shipped

EXAMPLE = shipped("examples") / "early-draft.json"


@pytest.fixture(scope="module")
def pdf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The assessment, as the command line writes it."""
    folder = tmp_path_factory.mktemp("made")
    run("render", "--document", "pia", "-o", folder, EXAMPLE)
    (made,) = folder.glob("*.pdf")
    return made


def run(*words: object, given: bytes | None = None) -> Result:
    return CliRunner().invoke(piagen, [str(word) for word in words], input=given)


def verdict(monkeypatch: pytest.MonkeyPatch, found: Verdict) -> None:
    monkeypatch.setattr(pipeline, "judge", lambda *_, **__: found)


def test_answers_go_to_standard_output_and_the_verdict_beside_them(pdf: Path) -> None:
    result = run("extract", pdf)
    assert result.exit_code == ExitCode.DONE
    assert result.stdout_bytes == as_written(load(EXAMPLE).answers)
    assert "byte for byte" in " ".join(result.stderr.split())


def test_answers_go_to_a_file_that_its_owner_alone_can_read(
    pdf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    verdict(monkeypatch, Verdict.SAME)
    target = tmp_path / "answers.json"
    result = run("extract", "-o", target, pdf)
    assert result.exit_code == ExitCode.DONE
    assert result.stdout == ""
    assert load(target).answers == load(EXAMPLE).answers
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


def test_a_file_that_is_there_is_kept(
    pdf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    verdict(monkeypatch, Verdict.SAME)
    target = tmp_path / "answers.json"
    target.write_text("mine")
    result = run("extract", "-o", target, pdf)
    assert result.exit_code == ExitCode.UNUSABLE
    assert "there is a file already" in result.stderr
    assert target.read_text() == "mine"


@pytest.mark.parametrize("found", [found for found in Verdict if found is not Verdict.SAME])
def test_any_other_verdict_ends_with_1_and_gives_the_answers_all_the_same(
    pdf: Path, found: Verdict, monkeypatch: pytest.MonkeyPatch
) -> None:
    verdict(monkeypatch, found)
    result = run("extract", pdf)
    assert result.exit_code == ExitCode.FINDINGS
    assert result.stdout_bytes == as_written(load(EXAMPLE).answers)
    assert "{" not in result.stderr
    assert result.stderr.startswith("This PDF")


def test_a_pdf_may_come_on_standard_input(pdf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    verdict(monkeypatch, Verdict.SAME)
    result = run("extract", "-", given=pdf.read_bytes())
    assert result.exit_code == ExitCode.DONE
    assert result.stdout_bytes == as_written(load(EXAMPLE).answers)


def test_a_file_without_answers_ends_with_3_and_no_traceback(tmp_path: Path) -> None:
    other = tmp_path / "other.pdf"
    other.write_bytes(b"no PDF")
    result = run("extract", other)
    assert result.exit_code == ExitCode.UNUSABLE
    assert "not a PDF" in result.stderr
    assert result.stdout == ""


def test_render_names_the_edition_in_the_file(tmp_path: Path) -> None:
    words = ("render", "--edition", "published", "--format", "html", "-o", tmp_path, EXAMPLE)
    result = run(*words, "--document", "pia")
    assert result.exit_code in (ExitCode.DONE, ExitCode.FINDINGS)
    (made,) = tmp_path.iterdir()
    assert made.name.endswith("_published.html")
    assert "Published edition." in made.read_text()


def test_render_points_out_a_withheld_text_that_is_published_elsewhere(tmp_path: Path) -> None:
    loaded = load(EXAMPLE)
    name = loaded.answers["assessment"]["author"]
    project = {**loaded.answers["project"], "summary": f"{name} leads this."}
    file = tmp_path / "project.json"
    file.write_bytes(as_written({**loaded.answers, "project": project}))
    result = run(
        "render", "--edition", "published", "--format", "html", "-o", tmp_path / "made", file
    )
    assert "assessment.author is withheld" in result.stderr
    assert "project.summary" in result.stderr
    assert name not in result.stderr
