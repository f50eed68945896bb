"""Columns of a list end where WeasyPrint's own many tries would have them end."""

from __future__ import annotations

import random
from math import ceil
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


def contents(kind: str, entries: int) -> str:
    """Return a document that has a list of contents as our own have."""
    links = "".join(
        f'<li><a href="#s{number}">{number} {WORDS[number % len(WORDS)]}</a></li>'
        for number in range(entries)
    )
    sections = "".join(f'<p id="s{number}">Text.</p>' for number in range(entries))
    return (
        '<!doctype html>\n<html lang="en-GB"><head><title>Contents</title></head>'
        f'<body data-document="{kind}"><nav class="contents"><h2>Contents</h2><ol>{links}</ol>'
        f"</nav>{sections}</body></html>"
    )


def watched(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Return a list that gets what becomes of each list that is tried here."""
    done: list[Any] = []
    kept = balancing._balanced

    def noted(*given: Any) -> object:
        done.append(kept(*given))
        return done[-1]

    monkeypatch.setattr(balancing, "_balanced", noted)
    return done


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


@pytest.mark.parametrize("entries", [6, 15, 30, 47, 48, 55])
@pytest.mark.parametrize(("kind", "count"), [("pia", 2), ("protocol", 3)])
def test_contents_are_balanced_though_their_entries_ask_for_more_room_than_they_take(
    entries: int, kind: str, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is a block with a border or padding, for which WeasyPrint wants room twice."""
    done = watched(monkeypatch)
    drawn(contents(kind, entries))
    assert done
    full = ceil(entries / count)
    for result in done:
        columns = [len(column.children) for column in result[0].children]
        assert sum(columns) == entries
        assert len(columns) == count
        assert max(columns) == full


def test_the_lists_of_the_templates_are_balanced_here(monkeypatch: pytest.MonkeyPatch) -> None:
    done = watched(monkeypatch)
    drawn(document(2, 9))
    assert len([result for result in done if result]) == 2


def heights(*lines: int) -> list[Entry]:
    made, top = [], 0.0
    for number in lines:
        foot = top + 10 * number + 2
        made.append(Entry(top, foot - 2, foot, need=foot))
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
