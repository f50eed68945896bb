"""The README says nothing that does not work."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

import piagen as piagen_library
from piagen.cli import piagen
from piagen.resources import shipped

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w*)\n(.*?)```", README, re.DOTALL)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    example = shipped("examples") / "homelessness-duty-to-refer.json"  # no error stands in it
    shutil.copy(example, tmp_path / "project.json")
    (tmp_path / "projects").mkdir()
    shutil.copy(example, tmp_path / "projects")
    return tmp_path


def commands() -> list[str]:
    lines = [line for _, block in BLOCKS for line in block.splitlines() if "/piagen " in line]
    lines += re.findall(r"`(piagen [^`]+)`", README)
    return [line.partition("#")[0].strip() for line in lines]


@pytest.mark.parametrize("line", commands())
def test_every_command_of_the_readme_runs(line: str, project: Path) -> None:
    args = shlex.split(line)[1:]
    if args[0] == "extract":
        _assessment(project)
    if args[0] == "render" and len(args) > 4:  # each way once; which documents is said elsewhere
        args += ["--document", "pia"]
    asks = args[0] in ("new", "profile")
    done = CliRunner().invoke(piagen, args, input=":save\n" if asks else None)
    assert done.exit_code == 0, done.stderr
    if "-o" in args and args[0] != "extract":
        made = project / args[args.index("-o") + 1]
        suffix = args[args.index("--format") + 1] if "--format" in args else "pdf"
        assert list(made.rglob(f"*.{suffix}"))


def _assessment(project: Path) -> None:
    (made,) = piagen_library.render(piagen_library.load(project / "project.json"), ["pia"])
    (project / "assessment.pdf").write_bytes(made.content)
    (project / "project.json").unlink()  # extract keeps what is there


def test_the_example_of_the_library_runs(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (code,) = (block for language, block in BLOCKS if language == "python")
    exec(compile(code, "README.md", "exec"), {})  # noqa: S102 - our own README
    said = capsys.readouterr().out
    assert "0 answers are missing, 0 errors stand" in said
    assert "_pia_v" in said


def test_the_first_command_comes_within_a_screen() -> None:
    first = README.index("make demo")
    assert README[:first].count("\n") <= 25


def test_every_make_target_of_the_readme_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"^make (\w+)", README, re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_every_picture_of_the_readme_is_there() -> None:
    for name in re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README):
        assert (ROOT / name).stat().st_size > 10_000


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_every_link_into_the_repository_leads_somewhere(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)", text) if "://" not in link]
    assert "docs/reference" in links
    assert all((ROOT / link).exists() for link in links)


def test_every_example_and_command_is_named() -> None:
    for path in Path(str(shipped("examples"))).rglob("*.json"):
        assert path.stem in README or path.stem == "safeguarding-hub", path.stem  # make demo
    for command in (
        "new",
        "check",
        "render",
        "explain",
        "law",
        "demo",
        "questionnaire",
        "starters",
        "profile",
        "extract",
        "templates",
        "batch",
    ):
        assert f"piagen {command}" in README
