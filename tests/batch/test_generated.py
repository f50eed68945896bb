"""Generated projects of every size are all made, whole, valid and once; memory stays flat."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdf
import pytest
from bench.projects import projects

import piagen
from piagen.pipeline.answers import read_answers
from piagen.pipeline.assess import questionnaire
from piagen.resources import shipped
from tests.batch.running import children, generated, leftovers, lines, manifest, memory, tree

MAIN = ("pia", "protocol", "agreement")
SHORT = ("pia", "blank_agreement", "card")
"""One of each of the three families, at less than half the time of the main ones."""
SMALL = ("begun",) * 14 + ("whole",)
MIXED = ("begun",) * 4 + ("whole", "large")
FLAT = 1.25
"""The memory of a process over the second half of the projects, to the first half, at most."""
ENOUGH = 100
"""Projects for each worker from which its memory tells anything: one large one hides a few."""
SAMPLE = 2
VERAPDF = "org.verapdf.apps.GreenfieldCliWrapper"


@dataclass(frozen=True, slots=True)
class Asked:
    """How many projects, how large, of which documents, and how many of those veraPDF reads."""

    count: int
    sizes: tuple[str, ...]
    documents: tuple[str, ...]
    validated: int | None = None

    @property
    def options(self) -> piagen.Options:
        return piagen.Options(self.documents)


@dataclass(frozen=True, slots=True)
class Made:
    """What a batch of them left, and what its processes held after each project, in bytes.

    Attributes:
        workers: what the largest of them held.
    """

    asked: Asked
    source: Path
    out: Path
    did: tuple[str, ...]
    workers: tuple[int, ...]
    main: tuple[int, ...]

    @property
    def outputs(self) -> list[dict[str, Any]]:
        return [output for line in lines(self.out) for output in line["outputs"]]


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(Asked(30, SMALL, SHORT, SAMPLE), id="30"),
        pytest.param(Asked(300, MIXED, MAIN), id="300", marks=pytest.mark.soak),
    ],
)
def made(request, tmp_path_factory) -> Made:
    asked: Asked = request.param
    folder = tmp_path_factory.mktemp("generated")
    source, out = generated(folder / "in", asked.count, sizes=asked.sizes), folder / "out"
    did, main, workers = [], [], []
    for result in piagen.batch([source], out, options=asked.options, jobs=2):
        did.append(result.did)
        main.append(memory(os.getpid()))
        workers.append(max((memory(pid) for pid in children(os.getpid())), default=0))
    return Made(asked, source, out, tuple(did), tuple(workers), tuple(main))


def test_the_generator_gives_the_same_again_in_several_sizes_and_of_the_right_shape():
    found = list(projects(12, shipped("examples"), seed=3))
    assert found == list(projects(12, shipped("examples"), seed=3))
    assert found != list(projects(12, shipped("examples"), seed=4))
    sizes = sorted(len(json.dumps(answers)) for answers in found)
    assert sizes[-1] > 10 * sizes[0]
    for answers in found:
        content = json.dumps(answers).encode()
        assert read_answers(Path("generated.json"), questionnaire(), content) == answers


def test_every_project_is_made_and_the_manifest_tells_the_truth_of_each(made):
    assert made.did == ("made",) * made.asked.count
    found = manifest(made.out)
    assert sorted(found) == sorted(
        Path(os.path.relpath(path, made.out)).as_posix() for path in made.source.iterdir()
    )
    assert {line["status"] for line in found.values()} <= {"ready", "draft", "blocked"}
    for line in found.values():
        assert [output["document"] for output in line["outputs"]] == list(made.asked.documents)
        assert line["sha256"] == hashlib.sha256((made.out / line["key"]).read_bytes()).hexdigest()
    there = {name: hashlib.sha256(content).hexdigest() for name, content in tree(made.out).items()}
    assert {output["file"]: output["sha256"] for output in made.outputs} == there
    assert len(there) == made.asked.count * len(made.asked.documents)
    assert leftovers(made.out) == []
    rows = list(csv.DictReader(io.StringIO((made.out / "manifest.csv").read_text("utf-8-sig"))))
    assert [row["input"] for row in rows] == sorted(found)
    assert f"{made.asked.count:,} projects" in (made.out / "report.html").read_text("utf-8")


def test_every_document_is_a_tagged_pdf_of_the_pages_and_with_the_answers_it_should_have(made):
    for line in lines(made.out):
        answers = json.loads((made.out / line["key"]).read_text(encoding="utf-8"))
        for output in line["outputs"]:
            reader = pypdf.PdfReader(made.out / output["file"])
            root: Any = reader.trailer["/Root"]
            assert len(reader.pages) == output["pages"] >= 1
            assert root["/MarkInfo"]["/Marked"]
            assert root["/StructTreeRoot"]["/K"]
            assert root["/Lang"] == "en-GB"
            assert all("/StructParents" in page for page in reader.pages)
            carried = [json.loads(content) for (content,) in reader.attachments.values()]
            assert carried == ([answers] if output["document"] == "pia" else [])


@pytest.mark.skipif("PIAGEN_VERAPDF" not in os.environ, reason="make test brings veraPDF")
def test_verapdf_finds_nothing_wrong_with_them(made):
    """The largest of each document, or all of them, in one Java process."""
    files = [made.out / output["file"] for output in made.outputs]
    if made.asked.validated:
        largest = sorted(files, key=lambda path: -path.stat().st_size)
        kinds = [
            [path for path in largest if f"_{name}_v" in path.name] for name in made.asked.documents
        ]
        files = [path for kind in kinds for path in kind[: made.asked.validated]]
    tool = ["-cp", f"{os.environ['PIAGEN_VERAPDF']}/*", VERAPDF, "--flavour", "ua1"]
    said = subprocess.run(
        ["java", *tool, "--format", "text", "-v", *map(str, files)],
        capture_output=True,
        text=True,
        check=False,
    )
    verdicts = [line for line in said.stdout.splitlines() if line.startswith(("PASS", "FAIL"))]
    assert len(verdicts) == len(files), said.stdout + said.stderr
    assert [line for line in verdicts if not line.startswith("PASS")] == []


def test_memory_stays_flat_because_a_worker_that_grows_is_replaced(made):
    half = len(made.main) // 2
    assert max(made.main[half:]) <= FLAT * max(made.main[:half])
    if made.asked.count >= 2 * ENOUGH:
        assert max(made.workers[half:]) <= FLAT * max(made.workers[:half]), made.workers


def test_a_second_run_makes_none_and_changes_nothing(made):
    before = {path: path.stat().st_mtime_ns for path in made.out.rglob("*.pdf")}
    told = lines(made.out)
    again = list(piagen.batch([made.source], made.out, options=made.asked.options, jobs=2))
    assert [result.did for result in again] == ["unchanged"] * made.asked.count
    assert {path: path.stat().st_mtime_ns for path in made.out.rglob("*.pdf")} == before
    assert lines(made.out) == told
