"""A batch knows its projects from run to run, passes over none, and says where each fault is."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import piagen
from piagen.cli import piagen as command
from piagen.pipeline.answers import read_answers
from piagen.pipeline.assess import questionnaire
from tests.batch import running
from tests.batch.running import CHEAP, lines, manifest, run, small, tree

HTML = piagen.Options(("pia",), "html")


def cli(*args: object) -> Result:
    return CliRunner().invoke(command, ["batch", *CHEAP[:-1], "1", *map(str, args)])


def write(path: Path, *references: str | None, **more: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{json.dumps(small(one, **more))}\n" for one in references))
    return path


def test_a_new_line_in_a_list_makes_one_project_and_moves_none(tmp_path):
    source, out = tmp_path / "all.jsonl", tmp_path / "out"
    assert "4 made now" in cli("-o", out, write(source, "A", "B", "C", "D")).stdout
    before = tree(out)
    assert "1 made now, 4 unchanged" in cli("-o", out, write(source, "N", *"ABCD")).stdout
    assert before.items() <= tree(out).items()
    assert sorted(one.name for one in out.iterdir() if one.is_dir()) == ["a", "b", "c", "d", "n"]


def test_another_pipe_brings_other_projects_and_costs_none_of_those_before(tmp_path):
    for reference in ("A", "B"):
        content = f"{json.dumps(small(reference))}\n"
        assert "1 made now" in run(*CHEAP, "-o", tmp_path, "-", input=content).stdout
    assert sorted(manifest(tmp_path)) == ["-#A", "-#B"]
    again = run(*CHEAP, "-o", tmp_path, "-", input=content * 2)
    assert "1 made now, 1 unchanged" in again.stdout
    assert sorted(manifest(tmp_path)) == ["-#A", "-#B", "-#B.2"]


def test_it_is_the_same_project_from_wherever_it_is_called(tmp_path, monkeypatch):
    out = tmp_path / "out"
    for name in ("h", "s"):
        write(tmp_path / name / "1.json", name)
    for did in ("1 made now", "1 unchanged"):
        for name in ("h", "s"):
            monkeypatch.chdir(tmp_path / name)
            assert did in cli("-o", "../out", ".").stdout
    assert sorted(manifest(out)) == ["../h/1.json", "../s/1.json"]
    assert str(tmp_path) not in (out / "manifest.jsonl").read_text()
    monkeypatch.chdir(tmp_path)
    assert cli("-o", out, "h/1.json", tmp_path / "h").stdout.startswith("1 project: ")


def test_messages_name_the_file_as_it_was_typed_and_the_line(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    good = json.dumps(small("A")).encode()
    Path("list.jsonl").write_bytes(good + b'\r\n\r\n{"piagen": "1", "assess\r\n')
    Path("list.json").write_bytes(b"[\n  " + good + b',\n  {"piagen": "1",\n "a": }\n]')
    Path("one.json").write_bytes(b'{"piagen": "1",\n "assessment": {"title": 7}\n\n')
    Path("shape.jsonl").write_bytes(b'{"piagen": "1", "assessment": {"title": 7}}\n')
    done = cli("-o", "out", "./list.jsonl", "list.json", "one.json", "shape.jsonl")
    told = done.stderr.splitlines()
    assert [line.partition(": ")[0] for line in told if line[:1] != " "] == [
        *("list.jsonl:3", "list.json:4", "one.json:4", "shape.jsonl:1")
    ]
    assert "a text is not closed by a double quote" in told[0]
    assert "It seems to be cut short" in told[0]
    assert "a value is missing" in told[1]
    assert [line for line in told if line.startswith(" ")] == [told[-1]], "nothing is told twice"
    assert "assessment.title" in told[-1]
    assert "control character" not in done.stderr
    found = manifest(tmp_path / "out")
    assert found["../list.jsonl:3"]["error"]["places"] == [{"at": "line 3", "says": ""}]
    assert found["../list.json:2"]["error"]["places"] == [{"at": "line 4", "says": ""}]
    write(Path("list.jsonl"), "A", "B")
    assert "list.jsonl:2\n" in cli("-o", "out", "--check", "list.jsonl").stdout


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b'{"a": 1,}', "a name in double quotes should stand here"),
        (b'{"a" 1}', "a colon is missing"),
        (b'{"a": 1 "b": 2}', "a comma or a closing bracket is missing"),
        (b'{"a": tru}', "a value is missing"),
        (b'{"a": "b', "a text is not closed"),
        (b'{"a": "b\tc"}', "a text holds a line break or a tab"),
        (b'{"a": "\\x"}', "a backslash stands before"),
        (b'{"a": "\\u12"}', "a backslash stands before"),
        (b"{} {}", "something follows after its end"),
    ],
)
def test_what_is_wrong_with_json_is_said_in_words_of_our_own(content, says):
    with pytest.raises(piagen.PiagenError) as caught:
        read_answers(Path("a.json"), questionnaire(), content)
    told = str(caught.value)
    if not content.startswith(b'{"a": 1,}'):  # Python has two ways to put this one
        assert f"this is not JSON: {says}" in told
    assert "xpecting" not in told
    assert "delimiter" not in told


def test_a_folder_that_cannot_be_read_costs_nothing_else_and_is_forgotten_once_it_can(tmp_path):
    for name in ("a/1.json", "b/2.json"):
        write(tmp_path / "in" / name, name[0])
    (tmp_path / "in" / "b").rename(tmp_path / "b")
    (tmp_path / "in" / "b").mkdir()
    out = tmp_path / "out"
    done = cli("-o", out, tmp_path / "in" / "a", tmp_path / "in" / "b")
    assert done.exit_code == 1
    assert f"{tmp_path}/in/b: no answers files" in done.stderr
    assert sorted(manifest(out)) == ["../in/a/1.json", "../in/b"]
    (tmp_path / "in" / "b").rmdir()
    (tmp_path / "b").rename(tmp_path / "in" / "b")
    assert cli("-o", out, tmp_path / "in").exit_code == 0
    assert sorted(manifest(out)) == ["../in/a/1.json", "../in/b/2.json"]


def test_an_empty_folder_is_told_and_ends_with_3(tmp_path):
    (tmp_path / "in").mkdir()
    done = cli("-o", tmp_path / "out", tmp_path / "in")
    assert done.exit_code == 3
    assert f"{tmp_path}/in: no answers files (.json, .jsonl or .ndjson) are in it" in done.stderr


@pytest.fixture
def open_to_all() -> Iterator[Path]:
    """A folder that anybody may look into; those of pytest are its own."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def test_who_may_not_read_a_file_or_folder_still_has_the_others(open_to_all):
    as_nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    if os.geteuid() != 0:
        as_nobody = []
    elif shutil.which("setpriv") is None:
        pytest.skip("whoever runs this may read everything")
    source, out = open_to_all / "in", open_to_all / "out"
    for name in ("a", "b", "c", "d/1"):
        write(source / f"{name}.json", name[0])
    out.mkdir()
    for path, mode in ((source / "c.json", 0), (source / "d", 0), (out, 0o333)):
        path.chmod(mode)
    called = running.command("--check", "-o", out, source, source / "c.json")
    try:
        done = subprocess.run(
            as_nobody + called, capture_output=True, text=True, timeout=120, check=False
        )
    finally:
        for path in (source / "d", out):
            path.chmod(0o755)
    assert done.returncode == 1, done.stderr
    assert "4 projects: 2 to make" in done.stdout
    assert f"{source}/c.json: this cannot be read (Permission denied)" in done.stderr
    assert f"{source}/d: this folder cannot be read (Permission denied)" in done.stderr


def test_answers_that_cannot_be_read_any_more_keep_their_folder(tmp_path):
    source, out = write(tmp_path / "in" / "a.json", "NSH-1"), tmp_path / "out"
    cli("-o", out, source)
    made = tree(out)
    source.write_text("{")
    for _ in range(2):
        cli("-o", out, source)
        assert [line["folder"] for line in lines(out)] == ["nsh-1"]
    source.unlink()
    cli("-o", out, source)
    assert [line["folder"] for line in lines(out)] == ["nsh-1"]
    write(source, "NSH-1")
    cli("-o", out, source)
    assert tree(out) == made


def test_what_failed_in_a_list_and_was_mended_is_not_told_for_ever(tmp_path):
    source, out = tmp_path / "all.jsonl", tmp_path / "out"
    write(source, "A")
    source.write_text(source.read_text() + "{\n")
    other = tmp_path / "other.json"
    other.write_text("{")
    cli("-o", out, source, other)
    assert sorted(manifest(out)) == ["../all.jsonl#A", "../all.jsonl:2", "../other.json"]
    cli("-o", out, write(source, "A", "B"))
    assert sorted(manifest(out)) == ["../all.jsonl#A", "../all.jsonl#B", "../other.json"]
    other.unlink()
    cli("-o", out, source)
    assert sorted(manifest(out)) == ["../all.jsonl#A", "../all.jsonl#B"]


def test_the_folder_of_documents_may_be_that_of_the_answers(tmp_path):
    write(tmp_path / "a.json", "A")
    for did in ("1 made now", "0 made now, 1 unchanged"):
        done = cli("-o", tmp_path, tmp_path)
        assert done.stdout.startswith("1 project: ")
        assert did in done.stdout


@pytest.mark.parametrize("is_made", [False, True])
def test_no_document_is_written_through_a_link(tmp_path, is_made):
    out, far = tmp_path / "out", tmp_path / "far"
    write(tmp_path / "in" / "a.json", "A")
    write(tmp_path / "in" / "b.json", "B")
    if is_made:
        cli("-o", out, tmp_path / "in")
        (out / "a").rename(far)
    else:
        out.mkdir()
        far.mkdir()
    (out / "a").symlink_to(far)
    before = {path: path.stat().st_mtime_ns for path in far.iterdir()}
    done = cli("-o", out, tmp_path / "in")
    assert done.exit_code == 1
    assert "a: this is a link. Take it away, and run it again." in done.stderr
    assert {path: path.stat().st_mtime_ns for path in far.iterdir()} == before
    assert [path.name for path in (out / "b").iterdir()] == ["b_pia_v0.1.html"]
    assert cli("-o", out, "--check", tmp_path / "in").exit_code == 1


def test_one_source_and_one_document_may_be_named_by_themselves(tmp_path):
    source = write(tmp_path / "a.json", "A")
    assert piagen.Options("pia") == piagen.Options(["pia"]) == piagen.Options(("pia",))  # type: ignore[arg-type]
    options = piagen.Options("pia", "html")  # type: ignore[arg-type]
    for number, given in enumerate[str | Path]((str(source), source)):
        [result] = piagen.batch(given, tmp_path / f"{number}", options=options, jobs=1)
        assert result.did == "made"
        assert result.place == str(source)
    [again] = piagen.batch([source], tmp_path / "0", options=HTML, jobs=1)
    assert again.did == "unchanged"
