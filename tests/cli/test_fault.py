"""A fault of ours is one line and a log, and neither says what somebody typed or where it lies."""

from __future__ import annotations

import re
import shutil
import stat
from pathlib import Path

import pytest

from piagen.cli import fault
from piagen.resources import shipped
from tests.cli.child import names, run

SECRETS = ("Ada Lovelace", "Hall Square", "home-of-ada", "out-for-ada", "2026-031", "Quenbury")
BROKEN = """
import piagen.pipeline.assess as assess, piagen.rendering.html as html
import piagen.pipeline.documents as documents
def broken(what):
    real = getattr(*what)
    def fails(*given, **named):
        if "FAULTY" not in str(given) + str(named):
            return real(*given, **named)
        try:
            raise ValueError("Ada Lovelace lives at 1 Hall Square, in home-of-ada")
        except ValueError as error:
            raise RuntimeError(f"out-for-ada: {given}"[:9000]) from error
    setattr(*what, fails)
broken((assess, "check")); broken((documents, "render_html"))
"""
LINE = re.compile(
    r"(\S+\.json: a|A) fault in piagen: RuntimeError\. No answer was lost\. Please send (\S+\.log)"
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder of three projects, the second of which meets a fault."""
    folder = tmp_path / "home-of-ada"
    (folder / "temporary").mkdir(parents=True)
    for name in ("early-draft", "safeguarding-hub"):
        shutil.copy(shipped("examples") / f"{name}.json", folder)
    text = (shipped("examples") / "early-draft.json").read_text(encoding="utf-8")
    faulty = text.replace('"title": "', '"title": "FAULTY Ada Lovelace, 1 Hall Square ', 1)
    (folder / "faulty.json").write_text(faulty.replace("QC-IG-0268", "QC-IG-0001"))
    return folder


FILES = ("early-draft.json", "faulty.json", "safeguarding-hub.json")
RENDER = ("render", "--format", "html", "--document", "pia", "-o", "out-for-ada")


@pytest.mark.parametrize("command", [("check",), ("check", "--report", "json"), RENDER])
def test_a_fault_is_one_line_and_a_log_without_answers_or_folders(
    home: Path, command: tuple[str, ...]
) -> None:
    logs = {"TMPDIR": str(home / "temporary")}
    done = run(*command, *FILES, folder=home, first=BROKEN, env=logs)
    assert done.returncode == 4
    (line,) = (said for said in done.stderr.splitlines() if "so these are drafts" not in said)
    told = LINE.fullmatch(line)
    assert told, line
    assert told[1] == "faulty.json: a"
    log = Path(told[2])
    assert names(home / "temporary") == [log.name]
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    said = log.read_text(encoding="utf-8")
    for where in (line.replace(str(home), ""), log.name, said):
        assert not [secret for secret in SECRETS if secret in where]
    assert "/" not in said, "no folder is named"
    assert "faulty" not in said
    for words in ("piagen ", "Python 3", "weasyprint ", "RuntimeError", "ValueError", "fails"):
        assert words in said


def test_a_fault_in_one_file_leaves_the_others_done(home: Path) -> None:
    done = run(*RENDER, *FILES, folder=home, first=BROKEN)
    assert done.returncode == 4
    assert len(done.stdout.splitlines()) == 2
    assert names(home / "out-for-ada") == [
        "qc-ig-0268_pia_v0.2.html",
        "scc-dpia-2026-031_pia_v0.7.html",
    ]


def test_a_fault_weighs_more_than_a_broken_file(home: Path) -> None:
    (home / "broken.json").write_text("{")
    for command in (RENDER, ("check",)):
        done = run(*command, "broken.json", "faulty.json", "gone.json", folder=home, first=BROKEN)
        assert done.returncode == 4
        assert "gone.json: this cannot be read" in done.stderr


def test_a_fault_before_any_file_is_told_as_well(home: Path) -> None:
    first = "import piagen.pipeline.documents as d; d.documents = lambda *_: 1 / 0"
    done = run(*RENDER, *FILES, folder=home, first=first, env={"TMPDIR": str(home / "temporary")})
    assert done.returncode == 4
    (line,) = done.stderr.splitlines()
    assert line.startswith("A fault in piagen: ZeroDivisionError. No answer was lost. Please send")


def test_a_fault_whose_log_cannot_be_written_is_still_one_line(home: Path) -> None:
    first = BROKEN + "import tempfile; tempfile.tempdir = '/proc/nowhere'"
    done = run("check", "faulty.json", folder=home, first=first)
    assert done.returncode == 4
    (line,) = done.stderr.splitlines()
    assert line.endswith("Its log cannot be written either (FileNotFoundError).")
    assert "nowhere" not in line


def test_a_circle_of_causes_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    first, second = RuntimeError("first"), ValueError("second")
    first.__cause__, second.__context__ = second, first
    fault.report(first)
    (log,) = tmp_path.iterdir()
    assert log.read_text().count("RuntimeError") == 1


def test_a_name_in_the_message_cannot_give_orders_to_the_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    said = fault.report(RuntimeError(), Path("home-of-ada/\u001b[2J.json"))
    assert "\u001b" not in said
    assert "home-of-ada" not in said
