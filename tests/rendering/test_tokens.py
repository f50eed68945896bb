"""The design: every value written once, every pair of colours seen, nothing stranded on a page."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pypdf
import pytest

from piagen.errors import TemplateFault
from piagen.pipeline.assess import load
from piagen.pipeline.documents import render
from piagen.rendering.columns import balanced
from piagen.rendering.contrast import PAIRS, SHAPE, TEXT
from piagen.rendering.law_in_words import together
from piagen.rendering.pictures.measure import FAMILIES, width_of
from piagen.rendering.tokens import coloured, resolved, tokens
from piagen.resources import shipped

TEMPLATES = shipped("templates")
CODE = Path(__file__).parents[2] / "src" / "piagen" / "rendering"
VALUES = tokens((TEMPLATES,))
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b(?![^<]*;[^<]*&)|\brgba?\(|\bhsla?\(")
COLOURS = {name: value for name, value in VALUES.items() if value.startswith("#")}
TEXTS = ("ink", "quiet", "accent", "link", "gap-ink")
PARTS_ONLY = {"rule"}
"""Hairlines that part what is apart already: they mean nothing by themselves."""


def luminance(colour: str) -> float:
    """WCAG 2.2: relative luminance, worked out here once more and not by the code that it tests."""
    total = 0.0
    for weight, i in ((0.2126, 1), (0.7152, 3), (0.0722, 5)):
        part = int(colour[i : i + 2], 16) / 255
        total += weight * (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)
    return total


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


# Values


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair.front} on {pair.ground}")
def test_every_text_and_every_shape_stands_out_from_its_ground(pair: Any) -> None:
    assert contrast(VALUES[pair.front], VALUES[pair.ground]) >= pair.needs


def test_no_colour_is_left_out_of_the_pairs_and_text_is_asked_for_more_than_shapes() -> None:
    named = {name for pair in PAIRS for name in (pair.front, pair.ground)}
    assert set(COLOURS) - named == PARTS_ONLY
    assert (TEXT, SHAPE) == (4.5, 3.0)
    for text in TEXTS:
        assert {pair.needs for pair in PAIRS if pair.front == text} >= {TEXT}, text


def test_a_rating_is_told_without_colour_by_how_dark_its_ground_is() -> None:
    low, medium, high = (luminance(VALUES[word]) for word in ("low", "medium", "high"))
    assert low > medium + 0.05
    assert medium > high + 0.05


def test_no_colour_is_written_anywhere_but_among_the_tokens() -> None:
    files = [*TEMPLATES.glob("_base/*.css"), *TEMPLATES.glob("_base/*.svg")]
    files += [path for path in TEMPLATES.rglob("*.j2") if path.parent.name != "_report"]
    files += (CODE / "pictures").glob("*.py")
    found = {
        path.name: COLOUR.findall(re.sub(r"&#\d+;|href=\"#[^\"]*\"", "", path.read_text("utf-8")))
        for path in files
        if path.name != "tokens.css"
    }
    assert {name: colours for name, colours in found.items() if colours} == {}


def test_no_type_is_smaller_than_nine_point_but_what_repeats_in_the_margins() -> None:
    sizes = {name: float(v[:-2]) for name, v in VALUES.items() if name.startswith("size-")}
    assert {name for name, size in sizes.items() if size < 9} == {"size-margin"}
    assert sizes["size-margin"] >= 8
    assert sizes["size-text"] >= 10.5
    for path in TEMPLATES.glob("_base/*.css"):
        for size in re.findall(r"font-size: ([\d.]+)pt", path.read_text("utf-8")):
            assert float(size) >= 9, path.name


def test_the_pictures_are_measured_in_the_families_that_the_pages_are_set_in() -> None:
    assert tuple(re.findall(r'"([^"]+)"', VALUES["font"])) == FAMILIES


def test_an_earlier_folder_replaces_a_token_and_leaves_the_rest(tmp_path: Path) -> None:
    (tmp_path / "_base").mkdir()
    (tmp_path / "_base" / "tokens.css").write_text(":root { --accent: #5a1846; }")
    found = tokens((tmp_path, TEMPLATES))
    assert found["accent"] == "#5a1846"
    assert {**found, "accent": VALUES["accent"]} == VALUES


def test_a_token_that_does_not_exist_is_named() -> None:
    with pytest.raises(TemplateFault, match="--no-such"):
        resolved("p { color: var(--no-such) }", VALUES)


def test_only_whole_attributes_are_coloured_and_never_what_somebody_typed() -> None:
    typed = "<p>fill=&#34;var(--ink)&#34; and var(--ink)</p>"
    assert coloured(typed, VALUES) == typed
    assert coloured('<rect fill="var(--ink)"/>', VALUES) == f'<rect fill="{VALUES["ink"]}"/>'


def test_an_organisations_colour_reaches_the_pictures_and_the_margins(tmp_path: Path) -> None:
    (tmp_path / "_base").mkdir()
    (tmp_path / "_base" / "tokens.css").write_text(":root { --accent: #5a1846; }")
    loaded = load(shipped("examples") / "homelessness-duty-to-refer.json")
    (page,) = render(loaded, ["pia"], format="html", roots=(tmp_path, TEMPLATES))
    drawn = "".join(re.findall(r"<svg.*?</svg>", page.content.decode(), re.DOTALL))
    assert 'stroke="#5a1846"' in drawn
    assert VALUES["accent"] not in drawn
    assert "var(--" not in drawn


# Columns


def test_columns_get_the_room_that_their_words_need() -> None:
    long = "Every partner checks what it receives before it relies on it. " * 4
    row = f"<tr><th>A-01</th><td>Yes</td><td>{long}</td></tr>"
    table = (
        "<table>\n<caption>Table 1</caption>\n<thead><tr><th>No.</th><th>Done</th>"
        f"<th>What</th></tr></thead><tbody>{row * 3}</tbody></table>"
    )
    widths = [int(found) for found in re.findall(r"width: (\d+)%", balanced(table))]
    assert sum(widths) == 100
    assert widths[2] > 75
    assert balanced(table) == balanced(table)


def test_no_word_is_broken_to_save_a_line() -> None:
    long = "Every partner checks what it receives before it relies on it. " * 9
    row = f"<tr><th>F-17 Report to the commissioner</th><td>{long}</td></tr>"
    table = (
        "<table>\n<caption>Table 1</caption>\n<thead><tr><th>Flow</th><th>What</th></tr></thead>"
        f"<tbody>{row * 17}</tbody></table>"
    )
    first = int(re.findall(r"width: (\d+)%", balanced(table))[0])
    assert first / 100 * 490 - 8 >= width_of("commissioner", 9, 600)


def test_a_citation_keeps_its_word_and_its_number_on_one_line() -> None:
    assert together("UK GDPR, Article 35(7)(c)") == "UK GDPR, Article\u00a035(7)(c)"
    assert together("Schedule 1, paragraph 18 & more") == (
        "Schedule\u00a01, paragraph\u00a018 &amp; more"
    )


def test_a_table_without_a_caption_is_left_as_it_is() -> None:
    assert balanced("<table><tr><td>1</td></tr></table>") == "<table><tr><td>1</td></tr></table>"


# Pages


@pytest.fixture(scope="module")
def assessment() -> pypdf.PdfReader:
    loaded = load(shipped("examples") / "safeguarding-hub.json")
    (made,) = render(loaded, ["pia"])
    return pypdf.PdfReader(io.BytesIO(made.content))


def test_the_assessment_of_the_hub_respects_its_reader(assessment: pypdf.PdfReader) -> None:
    assert len(assessment.pages) <= 32


def test_the_summary_is_one_page_that_answers_what_a_reviewer_looks_for_first(
    assessment: pypdf.PdfReader,
) -> None:
    page = " ".join(assessment.pages[1].extract_text().split())
    assert "Document control" not in page
    for words in ("Why", "Whose data", "With whom", "On what ground", "Next review", "Checks"):
        assert words in page
    for words in ("before and after the measures", "Decision:", "Before the start:"):
        assert words in page


def test_no_heading_is_left_at_the_foot_of_a_page(assessment: pypdf.PdfReader) -> None:
    """Two lines at least follow each heading of the outline, or all there is on its own line."""
    stranded = []
    for title, page, top in _headings(assessment.outline, assessment):
        lines = {y: words for y, words in _lines(assessment.pages[page]).items() if y < top}
        own = lines.pop(max(lines))
        beside = own.rstrip() if len(own) > len(title) + 3 else ""
        if len(lines) + bool(beside) < 2 and not beside.endswith("."):
            stranded.append((title, page + 1))
    assert stranded == []


def test_no_row_of_a_table_is_cut_in_two(assessment: pypdf.PdfReader) -> None:
    """The part of a row that runs over the page has no words in its first cell: none is so."""
    root: Any = assessment.trailer["/Root"]
    rows = _rows(root["/StructTreeRoot"])
    assert len(rows) > 200
    assert [row for row in rows if not _has_content(_children(row)[0])] == []


def test_a_block_to_sign_is_on_one_page(assessment: pypdf.PdfReader) -> None:
    roles = ("Data protection officer", "Sign the last column")
    found = [
        i
        for i, page in enumerate(assessment.pages)
        if "advice, approval and acceptance" in (text := page.extract_text())
        and all(words in text for words in roles)
    ]
    assert len(found) == 1


def _headings(outline: Any, reader: pypdf.PdfReader) -> list[tuple[str, int, float]]:
    found = []
    for item in outline:
        if isinstance(item, list):
            found += _headings(item, reader)
        else:
            page = reader.get_destination_page_number(item)
            found.append((str(item.title), int(page or 0), float(item.top or 0)))
    return found


def _lines(page: Any) -> dict[float, str]:
    """The lines of text on a page by their height, without what stands in its lower margin."""
    found: dict[float, str] = {}

    def seen(words: str, matrix: Any, text_matrix: Any, *_: Any) -> None:
        y = matrix[3] * text_matrix[5] + matrix[5]
        if words.strip() and y > 42:
            near = next((other for other in found if abs(other - y) < 4), y)
            found[near] = found.get(near, "") + words

    page.extract_text(visitor_text=seen)
    return found


def _rows(element: Any) -> list[Any]:
    if element.get("/S") == "/TR":
        return [element]
    found = []
    for child in _children(element):
        if isinstance(child, dict):
            found += _rows(child)
    return found


def _has_content(element: Any) -> bool:
    children = _children(element)
    return any(isinstance(child, int) or _has_content(child) for child in children)


def _children(element: Any) -> list[Any]:
    children = element.get("/K", [])
    listed = children if isinstance(children, list) else [children]
    return [child.get_object() for child in listed]
