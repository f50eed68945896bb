"""Words at the end of a line: moved whole, and broken only where no line could hold them."""

from __future__ import annotations

import pytest
from weasyprint import HTML
from weasyprint.formatting_structure.boxes import LineBox, TextBox

from piagen.rendering import line_starts

STYLE = "@page { size: 100mm 200mm } h3, h3 + p { display: inline } * { overflow-wrap: break-word }"


def lines(body: str) -> list[str]:
    """The text of each line, from a paragraph that stands beside its heading."""
    page = f"<style>{STYLE}</style><div><h3>1.1 Answers.</h3> <p>{body}</p></div>"
    laid = HTML(string=page).render().pages[0]._page_box.descendants()
    return [
        "".join(box.text for box in line.descendants() if isinstance(box, TextBox))
        for line in laid
        if isinstance(line, LineBox)
    ]


def broken(tag: str) -> int:
    return sum(
        not any("unquestionably" in line for line in lines(body))
        for before in range(1, 30)
        for body in [f"Yes. {'on ' * before}<{tag}>unquestionably so</{tag}> and on."]
    )


@pytest.mark.parametrize("tag", ["a", "span", "strong"])
def test_a_word_in_an_element_is_not_broken_at_the_end_of_a_line(
    tag: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert broken(tag) == 0
    monkeypatch.setattr("weasyprint.layout.inline.split_inline_level", line_starts.as_it_is)
    assert broken(tag), "WeasyPrint no longer does this: line_starts can go"


@pytest.mark.parametrize("body", ["m" * 300, f"<a>{'m' * 300}</a>", f"Yes <b>{'m' * 300}</b>"])
def test_a_word_longer_than_a_line_is_broken(body: str) -> None:
    assert max(len(line) for line in lines(body)) < 60
