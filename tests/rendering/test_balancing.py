"""Columns of a list end where WeasyPrint's own many tries would have them end."""

from __future__ import annotations

import random
from typing import Any

import pytest
from weasyprint.layout import block

from piagen.rendering import balancing, pdf
from piagen.rendering.balancing import Entry, balanced_height
from piagen.resources import shipped

ROOTS = (shipped("templates"),)
WORDS = ("sharing", "information", "lawfully", "between", "partners", "who", "answer", "for", "it")


def document(seed: int, entries: int, before: int = 0) -> str:
    """Return a document of two lists, whose entries have one line or many."""
    chance = random.Random(seed)  # noqa: S311 - nothing here is secret
    said = "".join(
        f"<li>{' '.join(chance.choices(WORDS, k=chance.choice((2, 8, 30, 90))))}</li>"
        for _ in range(entries)
    )
    page = "<p>Before.</p>" * before
    lists = f'<ul class="words">{said}</ul><p>Between.</p><ul class="words">{said}</ul>'
    return (
        '<!doctype html>\n<html lang="en-GB"><head><title>Lists</title></head>'
        f'<body data-document="pia"><main>{page}{lists}<p>After.</p></main></body></html>'
    )


def drawn(html: str) -> bytes:
    return pdf.render_pdf(html, roots=ROOTS, identifier="lists")


@pytest.mark.parametrize(
    ("seed", "entries", "before"),
    [(1, 4, 0), (2, 9, 0), (3, 12, 20), (4, 22, 35), (5, 40, 10), (6, 1, 0), (7, 2, 3)],
)
def test_a_list_is_drawn_as_weasyprint_draws_it(
    seed: int, entries: int, before: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    html = document(seed, entries, before)
    quick = drawn(html)
    monkeypatch.setattr(block, "block_box_layout", balancing.as_it_is)
    assert drawn(html) == quick


def test_the_lists_of_the_templates_are_balanced_here(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[object] = []
    kept = balancing._balanced

    def watched(*given: Any) -> object:
        done.append(kept(*given))
        return done[-1]

    monkeypatch.setattr(balancing, "_balanced", watched)
    drawn(document(2, 9))
    assert len([result for result in done if result]) == 2


def heights(*lines: int) -> list[Entry]:
    made, top = [], 0.0
    for number in lines:
        made.append(Entry(top, top + 10 * number, top + 10 * number + 2))
        top = made[-1].foot
    return made


def test_columns_are_no_higher_than_one_entry_more_than_their_mean() -> None:
    entries = heights(1, 1, 1, 1, 1, 1)
    assert balanced_height(entries, 2, 500, lambda _: 12) == pytest.approx(36)


def test_an_entry_higher_than_all_others_decides() -> None:
    assert balanced_height(heights(9, 1), 2, 500, lambda _: 12) == pytest.approx(92, abs=1)


def test_what_does_not_fit_the_page_is_left_to_weasyprint() -> None:
    assert balanced_height(heights(5, 5, 5), 2, 60, lambda _: 10) is None
    assert balanced_height(heights(9), 2, 60, lambda _: 10) is None
