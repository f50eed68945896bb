"""docs/reference/ is in step with the rules, the law and the questions."""

from __future__ import annotations

import re
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from piagen.law.catalogue import load_catalogue
from piagen.pipeline.explanation import entries
from piagen.rules.registry import rules

DOCS = Path(__file__).resolve().parents[2] / "docs"
MOST_BYTES = 900_000
NAMES = ("law.md", "questions.md", "rules.md")


@pytest.fixture(scope="module")
def pages():
    spec = spec_from_file_location("reference", DOCS / "reference.py")
    assert spec is not None
    assert spec.loader is not None
    script = module_from_spec(spec)
    spec.loader.exec_module(script)
    return script.pages()


def test_the_files_are_those_that_the_script_writes(pages):
    assert sorted(path.name for path in (DOCS / "reference").iterdir()) == sorted(pages)
    assert sorted(pages) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_in_step(pages, name):
    kept = (DOCS / "reference" / name).read_text(encoding="utf-8").splitlines()
    wanted = pages[name].splitlines()
    pairs = enumerate(zip(kept, wanted, strict=False), 1)
    line = next((n for n, (a, b) in pairs if a != b), min(len(kept), len(wanted)) + 1)
    if kept != wanted:
        pytest.fail(f"docs/reference/{name} is out of step from line {line}: run make reference")


@pytest.mark.parametrize("name", NAMES)
def test_a_file_can_be_read_where_it_is_kept(pages, name):
    assert len(pages[name].encode()) <= MOST_BYTES


def test_every_rule_entry_of_the_law_and_question_has_its_heading(pages):
    law = load_catalogue()
    bases = [basis.key for family in law.bases.values() for basis in family.values()]
    for name, ids in (
        ("rules.md", [*rules()]),
        ("law.md", [*law.gateways, *bases, *law.instruments]),
        ("questions.md", [*entries()]),
    ):
        headings = [line[4:] for line in pages[name].splitlines() if line.startswith("### ")]
        assert sorted(headings) == sorted(ids)
    for instrument in law.instruments.values():
        assert all(f"{p.key}: " in pages["law.md"] for p in instrument.provisions.values())


def test_every_link_leads_to_a_heading(pages):
    for text in pages.values():
        headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
        anchors = {re.sub(r"[^\w -]", "", h.lower()).replace(" ", "-") for h in headings}
        links = set(re.findall(r"\]\(#([^)]*)\)", text))
        assert links
        assert links <= anchors
