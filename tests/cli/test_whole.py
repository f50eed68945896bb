"""Whole or not at all: killed, out of room or without rights, no file is ever half there."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import example as such_as
from hypothesis import given
from hypothesis import strategies as st

from piagen.pipeline.answers import read_answers, write_answers
from piagen.pipeline.assess import Loaded, questionnaire
from piagen.pipeline.documents import filename, render
from piagen.pipeline.whole import write_whole
from piagen.rendering.rendition import Rendition
from piagen.resources import shipped
from tests.cli.child import names, run

HUB = shipped("examples") / "safeguarding-hub.json"
HTML = ("render", "--format", "html", "-o", "out")
Files = Mapping[str, bytes]

DIES = """
import os, signal, sys
from piagen.pipeline import whole
steps, write = 0, whole.write_whole
def count(frame, event, _):
    global steps
    steps += 1
    if steps == {step}:
        os.kill(os.getpid(), signal.SIGKILL)
def watched(*given, **named):
    sys.setprofile(count)
    try:
        write(*given, **named)
    finally:
        sys.setprofile(None)
whole.write_whole = watched
"""
"""Kills the process at a step of its writing: before or after any call it leads to."""


@pytest.fixture(scope="module")
def versions(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Files, Files]:
    """The same project twice, before and after an edit, and the documents of each."""
    folder = tmp_path_factory.mktemp("versions")
    answers = json.loads(HUB.read_text(encoding="utf-8"))
    found: list[tuple[Path, dict[str, bytes]]] = []
    for title in ("Former title", "Later title, so that the documents differ"):
        answers["assessment"]["title"] = title
        path = folder / f"{len(found)}.json"
        write_answers(path, answers)
        loaded = Loaded(path, read_answers(path, questionnaire()))
        found.append((path, {d.filename: d.content for d in render(loaded, format="html")}))
    (former, before), (later, after) = found
    assert before.keys() == after.keys()
    assert len(before) == 5
    return former, later, before, after


def chances(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - moments to be killed at are no secret


def held(folder: Path) -> Files:
    return {name: (folder / name).read_bytes() for name in names(folder)}


def assert_whole(folder: Path, before: Files, after: Files) -> None:
    found = held(folder)
    assert found.keys() <= before.keys()
    for name, content in found.items():
        assert content in (before[name], after[name]), f"{name} is neither the former nor the later"


@pytest.mark.parametrize(
    "deaths", [pytest.param(7, id="some"), pytest.param(30, id="many", marks=pytest.mark.soak)]
)
def test_killed_at_any_step_of_its_writing_it_leaves_whole_files(
    versions: tuple[Path, Path, Files, Files], tmp_path: Path, deaths: int
) -> None:
    former, later, before, after = versions
    out = tmp_path / "out"
    run(*HTML, former, folder=tmp_path)
    first = DIES.format(step=0) + "import atexit; atexit.register(lambda: print(steps))"
    counted = run(*HTML, later, folder=tmp_path, first=first)
    assert held(out) == after
    steps = int(counted.stdout.split()[-1])
    left = set()
    for step in chances(1).sample(range(1, steps), deaths):
        run(*HTML, former, folder=tmp_path)
        assert held(out) == before
        assert names(out, hidden=True) == [], "what a killed run left is swept away by the next"
        done = run(*HTML, later, folder=tmp_path, first=DIES.format(step=step))
        assert done.returncode == -signal.SIGKILL
        assert_whole(out, before, after)
        left |= {*names(out, hidden=True)}
        assert len(names(out, hidden=True)) <= 1
    assert left, "some of them were killed with a hidden file half written"


@pytest.mark.parametrize(
    ("kind", "deaths"),
    [
        pytest.param("html", 4, id="html"),
        pytest.param("html", 30, id="html-many", marks=pytest.mark.soak),
        pytest.param("pdf", 20, id="pdf", marks=pytest.mark.soak),
    ],
)
def test_killed_at_any_moment_it_leaves_whole_files(
    tmp_path: Path, versions: tuple[Path, Path, Files, Files], kind: str, deaths: int
) -> None:
    """The moments are spread over the run: as many files are there as were told, or one more."""
    chance = chances(2)
    _, later, _, _ = versions
    command = [
        sys.executable,
        "-m",
        "piagen",
        "render",
        "--format",
        kind,
        "-o",
        "whole",
        str(later),
    ]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    whole = held(tmp_path / "whole")
    command[command.index("whole")] = "out"
    for _ in range(deaths):
        told = chance.randrange(len(whole))
        child = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE)
        assert child.stdout is not None
        for _ in range(told):
            child.stdout.readline()
        try:
            child.wait(chance.random() * (0.4 if kind == "html" else 4))
        except subprocess.TimeoutExpired:
            child.kill()
        child.communicate()
        for name, content in held(tmp_path / "out").items() if (tmp_path / "out").exists() else ():
            assert content == whole[name]


def test_interrupted_from_the_keyboard_it_says_so_and_leaves_whole_files(
    versions: tuple[Path, Path, Files, Files], tmp_path: Path
) -> None:
    former, later, before, after = versions
    for step in (5, 60):
        run(*HTML, former, folder=tmp_path)
        first = DIES.format(step=step).replace("SIGKILL", "SIGINT")
        done = run(*HTML, later, folder=tmp_path, first=first)
        assert done.returncode == 130
        assert "Stopped. What was finished is whole." in done.stderr
        assert_whole(tmp_path / "out", before, after)
        assert names(tmp_path / "out", hidden=True) == []


def test_what_a_running_process_still_writes_is_not_swept_away(tmp_path: Path) -> None:
    held_open = (
        "import sys; from pathlib import Path; from piagen.pipeline.whole import _begin\n"
        "handle, part = _begin(Path('.')); print(part.name, flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", held_open],
        cwd=tmp_path,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        part = other.stdout.readline().strip()
        write_whole(tmp_path / "one", b"1")
        assert names(tmp_path, hidden=True) == [part]
        other.kill()
    write_whole(tmp_path / "two", b"2")
    assert names(tmp_path, hidden=True) == []


def test_only_piagens_own_hidden_files_are_swept_away(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("mine")
    (tmp_path / ".piagen-notes").write_text("mine")
    (tmp_path / ".piagen-link.part").symlink_to(precious)
    (tmp_path / ".piagen-left.part").write_text("half")
    write_whole(tmp_path / "one", b"1")
    assert names(tmp_path, hidden=True) == [".piagen-link.part", ".piagen-notes"]
    assert precious.read_text() == "mine"


def test_a_part_that_was_swept_away_before_it_was_held_is_made_again(tmp_path: Path) -> None:
    first = (
        "import fcntl, os, pathlib\n"
        "hold, lost = fcntl.flock, []\n"
        "def late(handle, how):\n"
        "    if not lost:\n"
        "        lost.extend(pathlib.Path('out').glob('.piagen-*'))\n"
        "        lost[0].unlink()\n"
        "    hold(handle, how)\n"
        "fcntl.flock = late\n"
    )
    done = run(*HTML, HUB, folder=tmp_path, first=first)
    assert done.returncode == 0, done.stderr
    assert len(names(tmp_path / "out")) == 5


def test_a_limit_on_the_size_of_files_leaves_the_former_ones(
    versions: tuple[Path, Path, Files, Files], tmp_path: Path
) -> None:
    former, later, before, _ = versions
    run(*HTML, former, folder=tmp_path)
    done = run(*HTML, later, folder=tmp_path, limits={"RLIMIT_FSIZE": 60_000})
    assert done.returncode == 3
    assert "cannot be written (File too large). Make room there" in done.stderr
    assert held(tmp_path / "out") == before
    assert names(tmp_path / "out", hidden=True) == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "none", str(disk)]
    try:
        done = subprocess.run(mount, capture_output=True, check=False)
    except FileNotFoundError:
        pytest.skip("there is no mount here")
    if done.returncode:
        pytest.skip("nothing may be mounted here")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_full_disk_leaves_the_former_files(
    versions: tuple[Path, Path, Files, Files], small_disk: Path
) -> None:
    former, later, before, after = versions
    run(*HTML, former, folder=small_disk)
    assert held(small_disk / "out") == before, "the disk is large enough for one set"
    room = os.statvfs(small_disk)
    (small_disk / "filler").write_bytes(b"x" * (room.f_bavail * room.f_bsize - 40_000))
    done = run(*HTML, later, folder=small_disk)
    assert done.returncode == 3
    assert "cannot be written (No space left on device). Make room there" in done.stderr
    assert_whole(small_disk / "out", before, after)
    assert names(small_disk / "out", hidden=True) == []


def test_a_read_only_folder_is_told_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out").chmod(0o500)
    done = run(*HTML, HUB, folder=tmp_path, ordinary=True)
    assert done.returncode == 3
    assert "cannot be written (Permission denied). Make room there, ask" in done.stderr
    assert names(tmp_path / "out") == []


def test_the_wizard_in_a_read_only_folder_tells_it(tmp_path: Path) -> None:
    (tmp_path / "locked").mkdir()
    (tmp_path / "locked").chmod(0o500)
    (tmp_path / "typed").write_text("about\n" + "Warm homes\n" * 3)
    with (tmp_path / "typed").open() as stdin:
        target = tmp_path / "locked" / "a.json"
        done = run("new", target, folder=tmp_path, ordinary=True, stdin=stdin.fileno())
    assert done.returncode == 3
    assert "cannot be written (Permission denied)" in done.stderr


def test_an_answers_file_killed_at_any_step_is_the_former_or_the_later(tmp_path: Path) -> None:
    path = tmp_path / "answers.json"
    answers = json.loads(HUB.read_text(encoding="utf-8"))
    program = (
        DIES
        + f"""
import json; from pathlib import Path; from piagen.pipeline.answers import write_answers
given = json.loads(Path({str(HUB)!r}).read_text(encoding="utf-8"))
given["assessment"]["title"] = "Later"
write_answers(Path("answers.json"), given); print(steps)
""".replace("{", "{{").replace("}", "}}")
    )

    def killed(step: int) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", program.format(step=step)]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    steps = chances(3).sample(range(1, int(killed(0).stdout)), 12)
    titles = set()
    for step in steps:
        write_answers(path, answers)
        assert killed(step).returncode == -signal.SIGKILL
        titles.add(read_answers(path, questionnaire())["assessment"]["title"])
        assert path.stat().st_mode & 0o077 == 0
    assert titles == {answers["assessment"]["title"], "Later"}


def test_the_wizard_saves_to_the_file_that_a_link_names(tmp_path: Path) -> None:
    (tmp_path / "link.json").symlink_to("answers.json")
    write_answers(tmp_path / "link.json", {"piagen": "1"})
    assert (tmp_path / "link.json").is_symlink()
    assert (tmp_path / "answers.json").read_text().startswith("{")


def test_a_document_replaces_a_link_and_never_what_it_names(tmp_path: Path) -> None:
    """Somebody may have put a link where a document is going to be."""
    (tmp_path / "precious").write_text("mine")
    (tmp_path / "pia.html").symlink_to("precious")
    write_whole(tmp_path / "pia.html", b"document")
    assert (tmp_path / "precious").read_text() == "mine"
    assert not (tmp_path / "pia.html").is_symlink()


def named(**about: str) -> str:
    answers = {"piagen": "1", "assessment": about}
    return filename(Loaded(Path("folder/answers.json"), answers), "pia", Rendition("pdf"))


HOSTILE = (
    "..", "../../etc/passwd", "/etc/passwd", "C:\\Windows", "a/b", "a\\b", "~/x", "-rf", "$(x)",
    "CON", "nul", "COM1", "LPT9.txt", "aux.", "a" * 300, "\u00e9" * 300,
    "\U0001f468\u200d\U0001f469",
    "\u6771\u4e9c", "a:b|c?d*e<f>g\"h", " . ", "%2e%2e%2f", ".piagen-x.part", "x\n.pdf", "\ud800",
)  # fmt: skip
RESERVED = {
    "con",
    "prn",
    "aux",
    "nul",
    *(f"{port}{n}" for port in ("com", "lpt") for n in range(10)),
}


@given(
    st.one_of(st.sampled_from(HOSTILE), st.text()), st.one_of(st.sampled_from(HOSTILE), st.text())
)
@such_as("CON", "..")
def test_any_reference_and_version_make_a_name_that_is_safe_anywhere(
    reference: str, version: str
) -> None:
    for about in ({"reference": reference}, {"title": reference}):
        name = named(version=version, **about)
        assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-_.")
        assert name[0].isalnum()
        assert len(name) < 150
        assert (Path("out") / name).resolve().parent == Path("out").resolve()
        assert name.partition(".")[0] not in RESERVED
        assert name.count("_") == 2
        assert name.endswith(".pdf")


@given(st.lists(st.one_of(st.sampled_from(HOSTILE), st.text(" -/aAbé0", min_size=1)), min_size=2))
def test_two_references_never_share_a_name_unless_they_are_the_same(references: list[str]) -> None:
    def same(reference: str) -> str:
        return reference.lower()

    by_name: dict[str, str] = {}
    for reference in references:
        first = by_name.setdefault(named(reference=reference), reference)
        assert first == reference or same(first) == same(reference)


def test_a_plain_reference_is_the_name_of_its_documents() -> None:
    assert named(reference="SCC-DPIA-2026-031", version="0.7") == "scc-dpia-2026-031_pia_v0.7.pdf"
    assert named(title="Warm homes referrals").startswith("warm-homes-referrals-")
    assert named(title="Warmth") == "warmth_pia_v0.pdf"
    assert named() == "answers_pia_v0.pdf"
    assert named(reference="QC/IG/1").startswith("qc-ig-1-")
    assert named(reference="QC/IG/1") == named(reference="QC/IG/1")


def test_projects_of_one_run_never_write_over_each_other(tmp_path: Path) -> None:
    for number, reference in enumerate(("A/1", "A-1", "a-1")):
        about = {"reference": reference, "title": f"Project {number}"}
        write_answers(tmp_path / f"{number}.json", {"piagen": "1", "assessment": about})
    (tmp_path / "link.json").symlink_to("0.json")
    command = (*HTML, "--document", "pia")
    done = run(*command, "0.json", "1.json", "2.json", "link.json", folder=tmp_path)
    assert done.returncode == 3
    (said,) = done.stderr.splitlines()
    assert said.startswith("out/a-1_pia_v0.html: 1.json has written this already.")
    assert said.endswith("another reference.")
    files = held(tmp_path / "out")
    assert len(files) == 2, "the two that differ in a slash have names of their own"
    assert b"Project 1" in files["a-1_pia_v0.html"]
    again = run(*command, "1.json", folder=tmp_path)
    assert again.returncode == 0, "the same project is written again"


def test_a_title_never_leads_out_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    for number, hostile in enumerate(HOSTILE[:-2]):
        about = {"title": hostile, "version": hostile}
        answers = {"piagen": "1", "assessment": about}
        write_answers(tmp_path / "work" / f"{number}.json", answers)
    files = [f"{number}.json" for number in range(len(HOSTILE) - 2)]
    done = run(*HTML, "--document", "pia", *files, folder=tmp_path / "work")
    assert done.returncode == 0, done.stderr
    assert len(names(tmp_path / "work" / "out")) == len(files)
    assert names(tmp_path) == ["work"]
    assert names(tmp_path / "work") == sorted([*files, "out"])
