"""Web page and Word file tell the same: headings, numbers, tables and text.

That the PDF does too is seen in `test_pdf.py`, where every PDF is made once.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest
from tests.rendering.told import Told, of_docx, of_fodt, of_html, squeezed

from piagen.pipeline.assess import load
from piagen.pipeline.documents import documents, render
from piagen.resources import shipped

EXAMPLES = {
    path.stem: path
    for path in (*shipped("examples").glob("*.json"), *shipped("examples").glob("*/*.json"))
}
Key = tuple[str, str]


@cache
def made(format: str) -> Mapping[Key, bytes]:
    """Every document of every example, in English."""
    found = {}
    for example, path in sorted(EXAMPLES.items()):
        for document in render(load(path), tuple(documents()), format=format):  # type: ignore[arg-type]
            found[example, document.document] = document.content
    return found


@cache
def told_by_html() -> Mapping[Key, Told]:
    return {key: of_html(content.decode()) for key, content in made("html").items()}


@cache
def told_by_word() -> Mapping[Key, Told]:
    return {key: of_docx(content) for key, content in made("docx").items()}


def test_there_is_every_document_of_every_example() -> None:
    assert len(made("docx")) == len(EXAMPLES) * len(documents())
    assert {document for _, document in made("docx")} == set(documents())


def test_word_has_the_headings_of_the_web_page() -> None:
    """Numbers included, which Word counts for itself."""
    for key, word in told_by_word().items():
        assert word.headings == told_by_html()[key].headings, key


def test_word_has_the_tables_of_the_web_page() -> None:
    for key, word in told_by_word().items():
        html = told_by_html()[key]
        assert [t.rows for t in word.tables] == [t.rows for t in html.tables], key
        assert [t.heads for t in word.tables] == [t.heads for t in html.tables], key
        assert [t.caption for t in word.tables] == [t.caption for t in html.tables], key


def test_word_has_the_text_of_the_web_page() -> None:
    """Every line, in order, with the number or sign that is printed before it."""
    for key, word in told_by_word().items():
        assert word.lines == told_by_html()[key].lines, key


def test_the_numbers_are_real_and_there_are_many() -> None:
    hub = told_by_html()["safeguarding-hub", "agreement"]
    assert sum(bool(re.match(r"\d+\.\d+ ", line)) for line in hub.lines) > 80
    assert sum(bool(re.match(r"Schedule \w+: ", text)) for _, text in hub.headings) >= 10
    assert len(hub.tables) > 15


FEW = ("early-draft", "safeguarding-hub")
"""One with every kind of gap, one with every kind of part; `make soak` opens all."""


@pytest.fixture(
    scope="module", params=[FEW, pytest.param(tuple(EXAMPLES), marks=pytest.mark.soak)], ids=len
)
def opened(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Mapping[Key, Path]:
    """What LibreOffice reads in all the files for Word: as its own format, and as plain text."""
    if shutil.which("soffice") is None:
        pytest.skip("make test brings LibreOffice")
    folder = tmp_path_factory.mktemp("word")
    found = {}
    for (example, document), content in made("docx").items():
        if example in request.param:
            found[example, document] = folder / f"{example}_{document}"
            found[example, document].with_suffix(".docx").write_bytes(content)
    files = sorted(f"{path}.docx" for path in found.values())
    running = [
        subprocess.Popen(
            ["soffice", f"-env:UserInstallation=file://{folder}/{kind}", "--headless",
             "--convert-to", kind if kind == "fodt" else "txt:Text (encoded):UTF8",
             "--outdir", str(folder), *files],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        for kind in ("fodt", "txt")
    ]  # fmt: skip
    assert [one.wait(timeout=300) for one in running] == [0, 0]
    return found


def test_libreoffice_finds_the_same_headings(opened: Mapping[Key, Path]) -> None:
    """Without numbers here, for its own format has none; the next test but one looks at those."""
    for key, path in opened.items():
        html, found = told_by_html()[key], of_fodt(path.with_suffix(".fodt").read_bytes())
        # The title of a document and the word Contents are no headings for an outline.
        wanted = [pair for pair in html.headings if pair[0] > 1 and pair[1] != "Contents"]
        assert len(found.headings) == len(wanted), key
        for (level, text), (wanted_level, wanted_text) in zip(found.headings, wanted, strict=True):
            assert level == wanted_level, wanted_text
            assert wanted_text.endswith(text), key


def test_libreoffice_finds_the_same_tables(opened: Mapping[Key, Path]) -> None:
    for key, path in opened.items():
        html, found = told_by_html()[key], of_fodt(path.with_suffix(".fodt").read_bytes())
        assert [t.heads for t in found.tables] == [t.heads for t in html.tables]
        for one, wanted in zip(found.tables, html.tables, strict=True):
            rows = tuple(tuple(re.sub(r"• ", "", cell) for cell in row) for row in wanted.rows)
            assert one.rows == rows, (key, wanted.caption)


def test_libreoffice_counts_the_same_numbers(opened: Mapping[Key, Path]) -> None:
    """Every line of the document, with its number, is a line of what LibreOffice prints."""
    for key, path in opened.items():
        text = path.with_suffix(".txt").read_text(encoding="utf-8-sig")
        assert squeezed(text) == squeezed("".join(told_by_html()[key].lines)), key
