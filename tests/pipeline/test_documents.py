"""`render` takes what `check` found, and imports what the documents asked for need."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest

from piagen.pipeline import documents
from piagen.pipeline.assess import check, load
from piagen.pipeline.documents import render
from piagen.resources import shipped

DRAFT = load(shipped("examples") / "early-draft.json")


@pytest.mark.parametrize("day", [None, date(2030, 1, 1)])
def test_a_review_that_is_given_is_used_and_the_documents_are_the_same(monkeypatch, day):
    looked = list(render(DRAFT, format="html", as_at=day))
    review = check(DRAFT, as_at=day)
    monkeypatch.setattr(documents, "check", None)
    assert list(render(DRAFT, format="html", as_at=day, review=review)) == looked


def test_a_review_of_another_day_is_refused():
    review = check(DRAFT, as_at=date(2030, 1, 1))
    with pytest.raises(ValueError, match="The review is of 2030-01-01"):
        list(render(DRAFT, format="html", review=review))


@pytest.mark.parametrize(("format", "needs"), [("html", False), ("pdf", True)])
def test_only_a_pdf_needs_weasyprint_which_takes_half_a_second_to_import(format, needs):
    code = (
        "import sys, piagen, piagen.pipeline.batch.run\n"
        "project = piagen.load(sys.argv[1])\n"
        "list(piagen.render(project, ['card'], format=sys.argv[2]))\n"
        "print('weasyprint' in sys.modules)"
    )
    command = [sys.executable, "-c", code, str(DRAFT.path), format]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == f"{needs}\n"
