"""What a PDF cannot show is told by `check` and by `render`, and stops neither."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from piagen.cli import piagen
from piagen.resources import shipped

EXAMPLES = shipped("examples")
HEAD = "Characters that cannot be printed:"


def run(*args: object) -> Result:
    return CliRunner().invoke(piagen, [str(arg) for arg in args])


def saved(folder: Path, **sections: Any) -> Path:
    path = folder / "project.json"
    path.write_text(json.dumps({"piagen": "1", **sections}), encoding="utf-8")
    return path


@pytest.fixture
def warned(tmp_path: Path) -> Path:
    return saved(
        tmp_path,
        assessment={"title": "Hub 漢", "reference": "R1"},
        partners=[{"id": "mill", "short_name": "Mill", "name": "Mill 😀"}],
    )


def test_check_names_field_character_and_remedy(warned: Path) -> None:
    result = run("check", warned)
    assert result.exit_code == 0, "a warning is no error"
    told = result.stdout.partition(HEAD)[2]
    assert "About this assessment › Project title (assessment.title)" in told
    assert "漢  U+6F22  CJK UNIFIED IDEOGRAPH-6F22" in told
    assert "Organisations › Mill › Legal name (partners[mill].name)" in told
    assert "😀  U+1F600  GRINNING FACE" in told
    assert "Write them another way" in told
    assert "no Chinese, whose font alone is some 16 MB" in told


def test_check_tells_the_same_as_json(warned: Path) -> None:
    result = run("check", "--report", "json", warned)
    assert result.exit_code == 0
    (told,) = json.loads(result.stdout)["files"]
    assert told["usable"] is True
    assert told["warnings"] == [
        {
            "at": "assessment.title",
            "where": "About this assessment › Project title",
            "says": "No bundled font can print U+6F22; write it another way.",
            "character": "漢",
            "code": "U+6F22",
            "name": "CJK UNIFIED IDEOGRAPH-6F22",
        },
        {
            "at": "partners[mill].name",
            "where": "Organisations › Mill › Legal name",
            "says": "No bundled font can print U+1F600; write it another way.",
            "character": "😀",
            "code": "U+1F600",
            "name": "GRINNING FACE",
        },
    ]


@pytest.mark.parametrize("example", sorted(path.name for path in EXAMPLES.glob("*.json")))
def test_an_example_has_no_warning(example: str) -> None:
    assert HEAD not in run("check", EXAMPLES / example).stdout
    (told,) = json.loads(run("check", "--report", "json", EXAMPLES / example).stdout)["files"]
    assert told["warnings"] == []


def test_render_warns_and_still_renders(warned: Path, tmp_path: Path) -> None:
    result = run("render", "-o", tmp_path / "out", "--document", "pia", warned)
    assert result.exit_code == 0
    assert result.stderr.startswith(f"{warned}:\n{HEAD}\n")
    assert "partners[mill].name" in result.stderr
    assert Path(result.stdout.strip()).read_bytes().startswith(b"%PDF")


def test_html_is_shown_with_the_reader_s_own_fonts(warned: Path, tmp_path: Path) -> None:
    result = run("render", "-o", tmp_path / "out", "--format", "html", "--document", "pia", warned)
    assert result.exit_code == 0
    assert HEAD not in result.stderr


def test_an_answer_in_a_script_that_is_lacking_does_not_fill_the_screen(tmp_path: Path) -> None:
    text = "".join(map(chr, range(0x4E00, 0x4E00 + 800)))
    path = saved(tmp_path, project={"summary": text})
    told = run("check", path).stdout.partition(HEAD)[2]
    assert told.count("U+4E") == 5
    assert "and 795 more" in told
    (as_json,) = json.loads(run("check", "--report", "json", path).stdout)["files"]
    assert len(as_json["warnings"]) == 800


def test_a_mark_is_shown_on_a_circle(tmp_path: Path) -> None:
    """Alone it would change the letter before it."""
    path = saved(tmp_path, assessment={"title": "Hub \u0f71"})
    assert "    ◌\u0f71  U+0F71  TIBETAN VOWEL SIGN AA" in run("check", path).stdout


def test_an_answer_that_is_not_printed_has_no_warning(tmp_path: Path) -> None:
    path = saved(tmp_path, partnership={"protocol": "none", "protocol_title": "漢"})
    told = run("check", path).stdout
    assert "partnership.protocol_title" in told, "it is hidden"
    assert HEAD not in told
