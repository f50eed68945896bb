"""A batch makes each document once, tells what it did, and ends with the code that says so."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import piagen
from piagen.cli import piagen as command
from piagen.errors import CannotWrite
from piagen.pipeline.batch.fingerprint import fingerprint, machine
from piagen.pipeline.batch.record import Entry
from piagen.pipeline.documents import needed, template_roots
from piagen.resources import shipped
from tests.batch.running import CHEAP, lines, manifest, run, small, tree

HTML = piagen.Options(("pia",), "html")
EXAMPLES = {
    "ready": "homelessness-duty-to-refer.json",
    "blocked": "faulty/safer-families-panel.json",
}


def cli(*args: object, stdin: str | None = None) -> Result:
    return CliRunner().invoke(command, ["batch", *map(str, args)], input=stdin)


def made(*sources: Path | str, folder: Path, **given) -> dict[str, tuple[str, Entry]]:
    """Make them in one process of ours."""
    found = piagen.batch(sources, folder, **{"options": HTML, "jobs": 1, **given})
    return {Path(one.entry.key).name: (one.did, one.entry) for one in found}


def write(folder: Path, *references: str) -> Path:
    folder.mkdir(exist_ok=True)
    for number, reference in enumerate(references):
        (folder / f"{number}.json").write_text(json.dumps(small(reference)))
    return folder


@pytest.fixture
def projects(tmp_path) -> Path:
    return write(tmp_path / "in", "NSH-1", "NSH-2", "NSH-3")


def test_each_project_has_a_folder_and_a_line_that_tells_the_truth(tmp_path):
    for name in EXAMPLES.values():
        shutil.copy(shipped("examples") / name, tmp_path)
    out = tmp_path / "out"
    done = cli("-o", out, "--format", "html", "--as-at", "2026-12-01", *tmp_path.glob("*.json"))
    assert done.exit_code == 1, done.output
    assert "2 projects: 1 ready, 1 blocked by errors. 2 made now" in done.stdout
    found = {Path(key).name: line for key, line in manifest(out).items()}
    assert {line["status"] for line in found.values()} == {"ready", "blocked"}
    ready = found["homelessness-duty-to-refer.json"]
    needs = needed(piagen.load(tmp_path / "homelessness-duty-to-refer.json"))
    assert tuple(output["document"] for output in ready["outputs"]) == needs
    assert ready["folder"] == "evdc-pia-2026-031"
    assert ready["versions"].keys() == {"piagen", "questionnaire", "law", "templates"}
    assert {output["file"] for line in found.values() for output in line["outputs"]} == set(
        tree(out)
    )
    assert (out / "manifest.csv").is_file()
    assert "No day was given" not in (out / "report.html").read_text()


def test_the_documents_are_those_that_render_writes(tmp_path):
    source = shipped("examples") / "early-draft.json"
    made(source, folder=tmp_path, options=piagen.Options(None, "html"))
    for document in piagen.render(piagen.load(source), format="html"):
        assert (tmp_path / "qc-ig-0268" / document.filename).read_bytes() == document.content


def test_what_is_unchanged_is_left_alone_and_what_is_not_is_made_again(projects, tmp_path):
    out = tmp_path / "out"
    assert {did for did, _ in made(projects, folder=out).values()} == {"made"}
    written = (out / "manifest.jsonl").read_bytes()
    times = {path: path.stat().st_mtime_ns for path in out.rglob("*.html")}
    assert {did for did, _ in made(projects, folder=out).values()} == {"unchanged"}
    assert (out / "manifest.jsonl").read_bytes() == written
    del times[out / "report.html"]
    assert all(path.stat().st_mtime_ns == time for path, time in times.items())
    (projects / "0.json").write_text(json.dumps(small("NSH-1", title="Another")))
    next((out / "nsh-2").iterdir()).write_bytes(b"changed by hand")
    next((out / "nsh-3").iterdir()).unlink()
    assert {did for did, _ in made(projects, folder=out).values()} == {"made"}
    assert {did for did, _ in made(projects, folder=out).values()} == {"unchanged"}
    assert {did for did, _ in made(projects, folder=out, force=True).values()} == {"made"}


def test_other_options_templates_or_settings_make_it_again(projects, tmp_path):
    out = tmp_path / "out"
    made(projects, folder=out)
    day = piagen.Options(("pia",), "html", as_at=date(2027, 1, 1))
    assert {did for did, _ in made(projects, folder=out, options=day).values()} == {"made"}
    own = tmp_path / "own"
    (own / "_base").mkdir(parents=True)
    (own / "_base" / "screen.css").write_text("p { color: red }")
    roots = (own, *template_roots())
    found = made(projects, folder=out, options=day, roots=roots)
    assert {did for did, _ in found.values()} == {"made"}
    assert "color: red" in next((out / "nsh-1").iterdir()).read_text()
    same = machine(roots, ())
    config = piagen.config.Config()
    assert fingerprint(same, day, config) != fingerprint(same, HTML, config)
    moved = piagen.config.Config(regulator="Another Office")
    assert fingerprint(same, day, config) != fingerprint(same, day, moved)
    elsewhere = piagen.config.Config(path=tmp_path / "piagen.toml")
    assert fingerprint(same, day, config) == fingerprint(same, day, elsewhere)


def test_check_tells_what_is_stale_and_writes_nothing(projects, tmp_path):
    out = tmp_path / "out"
    asked = (*CHEAP, "-o", out, "--check", projects)
    first = cli(*asked)
    assert first.exit_code == 1
    assert first.stdout.splitlines()[:3] == [str(projects / f"{n}.json") for n in range(3)]
    assert not out.exists()
    made(projects, folder=out)
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*")}
    done = cli(*asked)
    assert (done.exit_code, done.stdout) == (0, "3 projects: 0 to make, 3 unchanged.\n")
    assert {path: path.stat().st_mtime_ns for path in out.rglob("*")} == before


@pytest.mark.parametrize(
    ("contents", "code"),
    [
        (["{}", '{"piagen": "1"}'], 1),
        (["{", "[1"], 3),
        ([], 3),
        (['{"piagen": "1"}'], 0),
    ],
)
def test_the_exit_code_says_whether_any_all_or_none_could_be_used(tmp_path, contents, code):
    (tmp_path / "in").mkdir()
    for number, content in enumerate(contents):
        (tmp_path / "in" / f"{number}.json").write_text(content)
    assert cli(*CHEAP, "-o", tmp_path / "out", tmp_path / "in").exit_code == code


def test_a_project_without_errors_ends_with_0(tmp_path):
    source = shipped("examples") / EXAMPLES["ready"]
    done = cli(*CHEAP, "-o", tmp_path, source)
    assert done.exit_code == 0, done.output
    assert cli(*CHEAP, "-o", tmp_path, source).stdout.startswith("1 project: 1 ready. 0 made now")


def test_quiet_tells_nothing_and_json_tells_one_line_a_project(projects, tmp_path):
    quiet = cli(*CHEAP, "--quiet", "-o", tmp_path / "out", projects)
    assert quiet.output == ""
    told = cli(*CHEAP, "--report", "json", "-o", tmp_path / "out", projects)
    found = [json.loads(line) for line in told.stdout.splitlines()]
    assert [line["did"] for line in found] == ["unchanged"] * 3
    assert {line["key"]: {**line, "seconds": 0} for line in found} == {
        key: {**line, "did": "unchanged"} for key, line in manifest(tmp_path / "out").items()
    }


def test_json_lines_come_in_by_the_pipe(tmp_path):
    content = "\n".join(json.dumps(small(f"NSH-{n}")) for n in range(3))
    done = run(*CHEAP, "-o", tmp_path, "-", input=content)
    assert done.returncode == 0, done.stderr
    assert sorted(manifest(tmp_path)) == ["-#NSH-0", "-#NSH-1", "-#NSH-2"]
    assert sorted({name.split("/")[0] for name in tree(tmp_path)}) == ["nsh-0", "nsh-1", "nsh-2"]


def test_odd_and_equal_references_each_have_a_folder(tmp_path):
    references = ("same", "Same", "../../up", "/etc", "x" * 300, "con", "...", "日本")
    found = made(write(tmp_path / "in", *references), folder=tmp_path / "out")
    folders = [entry.folder for _, entry in found.values()]
    assert len(set(folders)) == len(references)
    assert sorted(p.name for p in (tmp_path / "out").iterdir() if p.is_dir()) == sorted(folders)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["in", "out"]
    again = made(tmp_path / "in", folder=tmp_path / "out")
    assert [entry.folder for _, entry in again.values()] == folders


def test_a_poisoned_project_costs_itself_only(tmp_path):
    poisons: Sequence[object] = (
        {"piagen": "1", "assessment": {"title": 7}},
        {"piagen": "99"},
        [1, 2],
        {"piagen": "1", "unheard_of": {}},
    )
    count = 200
    lined = [json.dumps(small(f"NSH-{n}")) for n in range(count)]
    lined[150] = '{"piagen": "1", "assessment": {"title": "cut'
    source = tmp_path / "many.jsonl"
    source.write_text("\n".join(lined))
    for number, poison in enumerate(poisons):
        (tmp_path / f"poison-{number}.json").write_text(json.dumps(poison))
    out = tmp_path / "out"
    done = run(*CHEAP, "-o", out, source)
    assert done.returncode == 1
    found = manifest(out)
    failed = [line for line in found.values() if line["status"] == "failed"]
    assert [line["key"] for line in failed] == ["../many.jsonl:151"]
    assert failed[0]["error"]["kind"] == "input"
    assert "cut short" in done.stderr
    assert len(tree(out)) == count - 1
    poisoned = made(*tmp_path.glob("poison-*.json"), folder=tmp_path / "bad")
    assert len(poisoned) >= len(poisons)
    assert {entry.status for _, entry in poisoned.values()} == {"failed"}
    named = poisoned["poison-0.json"][1].error
    assert named is not None
    assert named.places[0].at == "assessment.title"


def test_a_template_with_a_fault_fails_its_projects_and_says_where(projects, tmp_path):
    own = tmp_path / "own" / "pia" / "sections"
    own.mkdir(parents=True)
    (own / "glossary.html.j2").write_text("{{ unheard_of }}")
    roots = (tmp_path / "own", *template_roots())
    found = made(projects, folder=tmp_path / "out", roots=roots)
    assert {entry.error.kind for _, entry in found.values() if entry.error} == {"template"}
    assert all("unheard_of" in entry.error.says for _, entry in found.values() if entry.error)


def test_fail_fast_takes_up_nothing_further(tmp_path):
    source = tmp_path / "many.jsonl"
    source.write_text("{\n" * 5 + "\n".join(json.dumps(small(f"NSH-{n}")) for n in range(40)))
    done = cli(*CHEAP, "--fail-fast", "-o", tmp_path / "out", source)
    assert done.exit_code == 1
    assert len(lines(tmp_path / "out")) < 10


def test_without_a_folder_to_write_into_it_says_so_and_ends(projects, tmp_path):
    (tmp_path / "file").write_text("in the way")
    done = cli(*CHEAP, "-o", tmp_path / "file" / "out", projects)
    assert done.exit_code == 3
    assert "choose another folder" in done.stderr
    with pytest.raises(CannotWrite):
        made(projects, folder=tmp_path / "file" / "out")


def test_one_name_that_is_taken_fails_that_project_only(projects, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / "nsh-2").write_text("a file where its folder should be")
    found = made(projects, folder=out)
    assert [did for did, _ in found.values()].count("made") == 2
    assert [e.error.kind for _, e in found.values() if e.error] == ["write"]


def test_a_library_may_bring_its_own_executor_and_leave_early(projects, tmp_path):
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        found = made(projects, folder=tmp_path / "own", executor=pool)
    made(projects, folder=tmp_path / "ours")
    assert len(found) == 3
    assert tree(tmp_path / "own") == tree(tmp_path / "ours")
    first = next(piagen.batch([projects], tmp_path / "left", options=HTML, jobs=1))
    assert first.did == "made"
    assert len(made(projects, folder=tmp_path / "left")) == 3
