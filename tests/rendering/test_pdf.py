"""The PDFs themselves: tags, titles, bookmarks, fonts, order, and the same bytes again."""

from __future__ import annotations

import gc
import io
import logging
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pypdf
import pytest
from tests.rendering.told import Told, folded, not_in_pdf, of_html, squeezed

from piagen.errors import TemplateFault
from piagen.pipeline.assess import load
from piagen.pipeline.documents import documents, needed, render
from piagen.rendering.parsing import Written
from piagen.rendering.pdf import render_pdf
from piagen.rendering.published_text import pdf_surfaces
from piagen.resources import shipped

EXAMPLES = sorted(path.stem for path in shipped("examples").glob("*.json"))

Printed = Mapping[tuple[str, str], bytes]


class Logged(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


@pytest.fixture(scope="module")
def logged() -> Iterator[Logged]:
    handler = Logged()
    logging.getLogger("weasyprint").addHandler(handler)
    yield handler
    logging.getLogger("weasyprint").removeHandler(handler)


@pytest.fixture(scope="module")
def printed(logged: Logged) -> Printed:
    """Every PDF of every example, rendered once."""
    found = {}
    for example in EXAMPLES:
        for document in render(load(shipped("examples") / f"{example}.json")):
            found[example, document.document] = document.content
    return found


@pytest.fixture(scope="module")
def web_pages() -> Mapping[tuple[str, str], Told]:
    """What the web page of each PDF tells."""
    found = {}
    for example in EXAMPLES:
        for document in render(load(shipped("examples") / f"{example}.json"), format="html"):
            found[example, document.document] = of_html(document.content.decode())
    return found


def readers(printed: Printed) -> Iterator[tuple[tuple[str, str], pypdf.PdfReader]]:
    for key, content in printed.items():
        yield key, pypdf.PdfReader(io.BytesIO(content))


def test_each_example_gives_the_documents_it_needs(printed: Printed) -> None:
    wanted = {
        (example, document)
        for example in EXAMPLES
        for document in needed(load(shipped("examples") / f"{example}.json"))
    }
    assert set(printed) == wanted
    assert len(wanted) >= 7


def test_weasyprint_has_nothing_to_complain_of(printed: Printed, logged: Logged) -> None:
    assert printed
    assert logged.lines == []


@pytest.mark.skipif("PIAGEN_VERAPDF" not in os.environ, reason="make test brings veraPDF")
def test_every_pdf_is_pdf_ua_1(printed: Printed, tmp_path: Path) -> None:
    """One Java process for all; veraPDF checks what a machine can of ISO 14289-1."""
    for (example, document), content in printed.items():
        (tmp_path / f"{example}_{document}.pdf").write_bytes(content)
    said = subprocess.run(
        ["java", "-cp", f"{os.environ['PIAGEN_VERAPDF']}/*",
         "org.verapdf.apps.GreenfieldCliWrapper", "--flavour", "ua1", "--format", "text", "-v",
         *sorted(str(path) for path in tmp_path.glob("*.pdf"))],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    verdicts = [line for line in said.stdout.splitlines() if line.startswith(("PASS", "FAIL"))]
    assert len(verdicts) == len(printed), said.stdout + said.stderr
    assert all(line.startswith("PASS") for line in verdicts), said.stdout


def test_pdfs_say_what_they_are(printed: Printed) -> None:
    for (example, document), reader in readers(printed):
        answers = load(shipped("examples") / f"{example}.json").answers
        root: Any = reader.trailer["/Root"]
        assert root["/Lang"] == "en-GB"
        assert root["/MarkInfo"]["/Marked"]
        assert root["/ViewerPreferences"]["/DisplayDocTitle"]
        assert reader.metadata is not None
        assert answers["assessment"]["title"] in str(reader.metadata.title)
        assert documents()[document].title.lower() in str(reader.metadata.title)
        lead = answers["partnership"]["lead"]
        (name,) = (row["name"] for row in answers["partners"] if row["id"] == lead)
        assert reader.metadata.author == name
        dated = answers["assessment"]["dated"].replace("-", "")
        assert str(reader.metadata["/CreationDate"]).startswith(f"D:{dated}")


def test_bookmarks_name_every_section_to_the_second_level(printed: Printed) -> None:
    for (_, document), reader in readers(printed):
        titles, depth = _bookmarks(reader.outline)
        for plan in documents()[document].sections:
            if plan.id != "cover":
                assert any(plan.title in title for title in titles), (document, plan.title)
        if document == "pia":
            assert depth == 2


def test_bookmarks_are_the_headings_of_the_web_page(
    printed: Printed, web_pages: Mapping[tuple[str, str], Told]
) -> None:
    for key, reader in readers(printed):
        headings = web_pages[key].headings
        wanted = [(level - 1, squeezed(text)) for level, text in headings if level in (2, 3)]
        assert list(_levels(reader.outline)) == wanted, key


def test_pages_have_the_text_and_the_tables_of_the_web_page(
    printed: Printed, web_pages: Mapping[tuple[str, str], Told]
) -> None:
    for key, content in printed.items():
        body = next(iter(pdf_surfaces(content))).text
        assert not_in_pdf(body, web_pages[key]) == ("", ""), key
        tags = Counter(str(element["/S"]) for element in _tree(content))
        tables = web_pages[key].tables
        again = tags["/Table"] - len(tables)  # a table is tagged anew on each page that it reaches
        rows = sum(len(table.rows) for table in tables)
        assert again >= 0, key
        assert rows <= tags["/TR"] <= rows + 2 * again, key


def test_text_comes_out_in_the_order_of_the_sections(printed: Printed) -> None:
    for (_, document), reader in readers(printed):
        text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
        sections = [plan for plan in documents()[document].sections if plan.kind == "section"]
        positions = [text.rfind(f" {i} {plan.title} ") for i, plan in enumerate(sections, 1)]
        assert positions == sorted(positions)
        assert min(positions) > 0, dict(zip(sections, positions, strict=True))


def test_only_bundled_fonts_are_used(printed: Printed) -> None:
    for key, reader in readers(printed):
        names = {
            str(font.get_object()["/BaseFont"])
            for page in reader.pages
            for font in page["/Resources"].get("/Font", {}).values()  # type: ignore[attr-defined]
        }
        assert names, key
        assert all("Source-Sans-3" in name for name in names), (key, names)


def test_the_word_draft_is_decoration_and_never_text(printed: Printed) -> None:
    for (example, _), reader in readers(printed):
        assert not any("DRAFT" in page.extract_text() for page in reader.pages[:3])
        status = load(shipped("examples") / f"{example}.json").answers["assessment"]["status"]
        for page in reader.pages:
            drawn = page["/Resources"].get("/XObject", {})  # type: ignore[attr-defined]
            assert bool(drawn) == (status != "approved"), "drawn on every page until approved"


def test_an_approved_project_carries_no_watermark() -> None:
    loaded = load(shipped("examples") / "homelessness-duty-to-refer.json")
    approved = dict(loaded.answers)
    approved["assessment"] = {**approved["assessment"], "status": "approved"}
    draft = {**approved, "assessment": {**approved["assessment"], "status": "for_approval"}}
    from dataclasses import replace

    def body(answers: Mapping[str, Any]) -> bytes:
        (html,) = render(replace(loaded, answers=answers), ["pia"], format="html")
        return html.content

    assert b'<body class="draft"' in body(draft)
    assert b'<body class="draft"' not in body(approved)


def test_header_cells_have_scope_and_margins_are_artefacts(printed: Printed) -> None:
    reader = pypdf.PdfReader(io.BytesIO(printed["safeguarding-hub", "pia"]))
    root: Any = reader.trailer["/Root"]
    headers = [e for e in _elements(root["/StructTreeRoot"]["/K"]) if e["/S"] == "/TH"]
    assert len(headers) > 100
    assert {header["/A"]["/Scope"] for header in headers} == {"/Row", "/Column"}
    for page in list(reader.pages)[1:6]:
        contents = page.get_contents()
        assert contents is not None
        assert contents.get_data().count(b"/Type /Pagination") >= 4
    assert "/Filter" not in root["/Metadata"], "metadata can be read without unpacking"


def test_the_footer_counts_pages_and_names_version_status_and_content(printed: Printed) -> None:
    reader = pypdf.PdfReader(io.BytesIO(printed["safeguarding-hub", "agreement"]))
    last = reader.pages[-1].extract_text()
    assert f"page {len(reader.pages)} of {len(reader.pages)}" in last
    assert "version 0.7" in last
    assert "For approval" in last


def test_same_answers_give_the_same_bytes_in_any_process() -> None:
    """Another time zone, locale, hash seed, user's fonts and working folder change nothing."""
    code = (
        "import sys, hashlib\n"
        "from piagen import load, render\n"
        "for d in render(load(sys.argv[1])): print(hashlib.sha256(d.content).hexdigest())"
    )
    seen = []
    for zone, locale, seed in (("UTC", "C.UTF-8", "1"), ("Pacific/Auckland", "C", "2")):
        env = dict(os.environ, TZ=zone, LC_ALL=locale, PYTHONHASHSEED=seed, PYTHONUTF8="0")
        done = subprocess.run(
            [sys.executable, "-c", code, str(shipped("examples") / "early-draft.json")],
            capture_output=True, text=True, check=True, env=env,
        )  # fmt: skip
        seen.append(done.stdout)
    assert len(seen[0].split()) == len(needed(load(shipped("examples") / "early-draft.json")))
    assert seen[0] == seen[1]


def test_workers_that_made_other_documents_before_give_the_same_bytes(printed: Printed) -> None:
    """As in a batch: two workers, each with an order of its own, and this process."""
    names = ("pia", "agreement", "card")
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as workers:
        seen = list(workers.map(_made_elsewhere, (names, names[::-1])))
    for name in names:
        assert seen[0][name] == seen[1][name] == printed["early-draft", name]


def _made_elsewhere(names: tuple[str, ...]) -> Mapping[str, bytes]:
    project = load(shipped("examples") / "early-draft.json")
    return {name: next(iter(render(project, (name,)))).content for name in names}


def test_nothing_of_a_document_is_left_once_the_collector_has_looked() -> None:
    """What is still held then is looked through, kept, and looked through again."""
    left: list[int] = []

    def looked(phase: str, _: Mapping[str, int]) -> None:
        if phase == "stop":
            left.append(sum(isinstance(found, Written) for found in gc.get_objects()))

    html = (
        f"<!doctype html><html><head><title>T</title></head><body>{'<p>A</p>' * 99}</body></html>"
    )
    gc.callbacks.append(looked)
    try:
        render_pdf(html, roots=(shipped("templates"),), identifier="x")
    finally:
        gc.callbacks.remove(looked)
    assert left
    assert left[-1] == 0


@pytest.mark.parametrize(
    "wanted",
    [
        '<img alt="x" src="file:///etc/passwd">',
        '<link rel="stylesheet" href="https://council.example/x.css">',
        '<img alt="x" src="piagen:../../etc/passwd">',
        '<img alt="x" src="piagen:_base/nothing.svg">',
    ],
)
def test_a_document_loads_nothing_from_outside(wanted: str) -> None:
    from piagen.pipeline.documents import template_roots

    html = f"<!doctype html><html lang=en><head><title>T</title></head><body>{wanted}</body></html>"
    with pytest.raises(TemplateFault, match=r"nothing from outside|may not leave|There is no"):
        render_pdf(html, roots=template_roots(), identifier="x")


def _elements(item: Any) -> Iterator[Any]:
    found = item.get_object() if hasattr(item, "get_object") else item
    if isinstance(found, list):
        for child in found:
            yield from _elements(child)
    elif hasattr(found, "get") and found.get("/S"):
        yield found
        if "/K" in found:
            yield from _elements(found["/K"])


def _bookmarks(outline: list[Any], level: int = 1) -> tuple[list[str], int]:
    titles: list[str] = []
    depth = level
    for item in outline:
        if isinstance(item, list):
            inner, below = _bookmarks(item, level + 1)
            titles += inner
            depth = max(depth, below)
        else:
            titles.append(str(item.title))
    return titles, depth


def _levels(outline: list[Any], level: int = 1) -> Iterator[tuple[int, str]]:
    for item in outline:
        if isinstance(item, list):
            yield from _levels(item, level + 1)
        else:
            yield level, squeezed(folded(str(item.title)))


def _tree(content: bytes) -> Iterator[Any]:
    root: Any = pypdf.PdfReader(io.BytesIO(content)).trailer["/Root"]
    return _elements(root["/StructTreeRoot"]["/K"])
