"""Generated projects of every size are all made, whole, and once; memory stays flat."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from bench.projects import projects

from piagen.pipeline.answers import read_answers
from piagen.pipeline.assess import questionnaire
from piagen.pipeline.documents import documents
from piagen.resources import shipped
from tests.batch.running import generated, lines, manifest, run, tree


def test_the_generator_gives_the_same_again_in_several_sizes_and_of_the_right_shape():
    found = list(projects(12, shipped("examples"), seed=3))
    assert found == list(projects(12, shipped("examples"), seed=3))
    assert found != list(projects(12, shipped("examples"), seed=4))
    sizes = sorted(len(json.dumps(answers)) for answers in found)
    assert sizes[-1] > 10 * sizes[0]
    for answers in found:
        content = json.dumps(answers).encode()
        assert read_answers(Path("generated.json"), questionnaire(), content) == answers


@pytest.mark.parametrize(
    ("count", "form", "sizes"),
    [
        pytest.param(30, "html", ("begun", "whole", "large"), id="30"),
        pytest.param(1, "pdf", ("begun",), id="pdf"),
        pytest.param(300, "pdf", ("begun", "whole", "large"), id="300", marks=pytest.mark.soak),
    ],
)
def test_every_project_has_all_documents_and_a_second_run_makes_none(tmp_path, count, form, sizes):
    source = generated(tmp_path / "in", count, sizes=sizes)
    out = tmp_path / "out"
    asked = ("--format", form, "--document", "all", "--jobs", "2", "-o", out, source)
    done = run(*asked, seconds=count * 60)
    assert done.returncode in (0, 1), done.stderr
    assert done.stderr == ""
    found = manifest(out)
    assert len(found) == count
    assert {line["status"] for line in found.values()} <= {"ready", "draft", "blocked"}
    outputs = [output for line in found.values() for output in line["outputs"]]
    assert sorted(output["file"] for output in outputs) == sorted(tree(out))
    for line in found.values():
        assert [output["document"] for output in line["outputs"]] == list(documents())
    ends = b"%%EOF" if form == "pdf" else b"</html>"
    assert all(content.rstrip().endswith(ends) for content in tree(out).values())
    if form == "pdf":
        assert all(output["pages"] >= 1 for output in outputs)
    before = lines(out)
    again = run(*asked)
    assert f"0 made now, {count} unchanged" in again.stdout
    assert lines(out) == before
