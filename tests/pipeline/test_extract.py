"""Answers travel in the full assessment alone, and come out unchanged; bad files do no harm."""

from __future__ import annotations

import io
import os
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pypdf
import pytest
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, StreamObject, TextStringObject

from piagen.errors import ShapeErrors, UnusableFile
from piagen.pipeline import extract as pipeline
from piagen.pipeline.answers import as_written
from piagen.pipeline.assess import Loaded, load
from piagen.pipeline.documents import Rendered, documents, render, template_roots
from piagen.pipeline.extract import Verdict, answers_in, judge
from piagen.rendering.pdf import ATTACHED, Carried, render_pdf
from piagen.resources import shipped

NAME = Path("some.pdf")


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    return load(shipped("examples") / "early-draft.json")


@pytest.fixture(scope="module")
def made(loaded: Loaded) -> bytes:
    """The full assessment as a PDF."""
    (document,) = render(loaded, ["pia"])
    return document.content


def small(content: bytes, day: Any = None) -> bytes:
    """A page that carries something."""
    page = "<!doctype html><html lang=en><head><title>T</title></head><body><p>A</p></body></html>"
    carried = Carried(content, day)
    return render_pdf(page, roots=template_roots(), identifier="x", carried=carried)


def attached(pdf: bytes) -> dict[str, list[bytes]]:
    return dict(pypdf.PdfReader(io.BytesIO(pdf)).attachments)


def test_the_answers_come_out_byte_for_byte_and_the_pdf_is_what_they_give(
    loaded: Loaded, made: bytes
) -> None:
    found = answers_in(NAME, made)
    assert found.content == as_written(loaded.answers)
    assert found.loaded.answers == loaded.answers
    assert found.made_by.startswith("piagen ")
    assert judge(found) is Verdict.SAME


def test_the_attachment_is_dated_as_the_assessment_and_says_what_it_is(
    loaded: Loaded, made: bytes
) -> None:
    reader = pypdf.PdfReader(io.BytesIO(made))
    root: Any = reader.root_object
    (file,) = root["/AF"]
    assert file["/AFRelationship"] == "/Source"
    assert file["/UF"] == file["/F"] == ATTACHED
    stream = file["/EF"]["/F"]
    assert stream["/Subtype"] == "/application/json"
    day = loaded.answers["assessment"]["dated"].replace("-", "")
    assert stream["/Params"]["/CreationDate"] == f"D:{day}000000Z"
    assert stream["/Params"]["/ModDate"] == f"D:{day}000000Z"


def test_no_clock_dates_the_attachment_where_the_assessment_has_no_date() -> None:
    pdf = small(b"{}")
    assert pdf == small(b"{}")
    file = pypdf.PdfReader(io.BytesIO(pdf)).root_object["/AF"][0]  # type: ignore[index]
    assert not {"/CreationDate", "/ModDate"} & set(file["/EF"]["/F"]["/Params"])


def test_nothing_but_the_full_assessment_as_a_pdf_carries_answers(loaded: Loaded) -> None:
    for edition, wanted in (("full", [d for d in documents() if d != "pia"]), ("published", None)):
        chosen: Any = edition
        for document in render(loaded, wanted, edition=chosen):
            assert attached(document.content) == {}, document.filename
            with pytest.raises(UnusableFile, match="no answers in this PDF"):
                answers_in(NAME, document.content)


def test_the_cover_says_that_the_answers_are_in_the_file(loaded: Loaded, made: bytes) -> None:
    text = " ".join(pypdf.PdfReader(io.BytesIO(made)).pages[0].extract_text().split())
    assert "carries the answers that it was made from" in text
    assert ATTACHED in text
    for document in render(loaded, format="html"):
        assert ATTACHED.encode() not in document.content


def gives(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    """Have the answers give this PDF, without the time that it takes."""
    again = [Rendered("pia", "x.pdf", content)]
    monkeypatch.setattr(pipeline, "render", lambda *_, **__: iter(again))


def test_what_was_added_at_the_end_is_told(made: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    gives(monkeypatch, made)
    writer = pypdf.PdfWriter(io.BytesIO(made), incremental=True)
    writer.pages[0].rotate(90)
    target = io.BytesIO()
    writer.write(target)
    assert target.getvalue() != made
    assert judge(answers_in(NAME, target.getvalue())) is Verdict.ADDED_TO


def test_a_changed_byte_is_told(made: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    gives(monkeypatch, made)
    changed = made.replace(b"WeasyPrint", b"WeasyPront", 1)
    assert changed != made
    assert judge(answers_in(NAME, changed)) is Verdict.OTHER_BYTES


def test_other_answers_are_told(
    loaded: Loaded, made: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pages are of one project, and the answers of another."""
    about = {**loaded.answers["assessment"], "title": "Another title"}
    (other,) = render(replace(loaded, answers={**loaded.answers, "assessment": about}), ["pia"])
    assert (
        pypdf.PdfReader(io.BytesIO(other.content)).trailer["/ID"]
        != pypdf.PdfReader(io.BytesIO(made)).trailer["/ID"]
    )
    gives(monkeypatch, other.content)
    assert judge(answers_in(NAME, made)) is Verdict.OTHER_ANSWERS


def test_another_version_cannot_say(made: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    gives(monkeypatch, b"%PDF-another")
    monkeypatch.setattr(pipeline, "VERSION", "99.0")
    found = answers_in(NAME, made)
    assert judge(found) is Verdict.OTHER_VERSION
    told = Verdict.OTHER_VERSION.means.format(made_by=found.made_by, version="99.0")
    assert found.made_by in told
    assert "99.0" in told


def changed(pdf: bytes, change: Callable[[pypdf.PdfWriter], object]) -> bytes:
    writer = pypdf.PdfWriter(io.BytesIO(pdf))
    change(writer)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def bomb(writer: pypdf.PdfWriter) -> None:
    """A gigabyte of spaces in a megabyte."""
    packer = zlib.compressobj(9)
    block = b" " * 10_000_000
    stream = StreamObject()
    stream._data = b"".join(packer.compress(block) for _ in range(100)) + packer.flush()
    stream[NameObject("/Filter")] = NameObject("/FlateDecode")
    attach(writer, stream)


def attach(writer: pypdf.PdfWriter, stream: StreamObject) -> None:
    file = DictionaryObject()
    file[NameObject("/EF")] = DictionaryObject({NameObject("/F"): writer._add_object(stream)})
    pair = ArrayObject([TextStringObject(ATTACHED), writer._add_object(file)])
    tree = DictionaryObject({NameObject("/Names"): pair})
    names = DictionaryObject({NameObject("/EmbeddedFiles"): writer._add_object(tree)})
    writer.root_object[NameObject("/Names")] = names


def circle(writer: pypdf.PdfWriter) -> None:
    """A tree of files that leads back to itself."""
    tree = DictionaryObject()
    at = writer._add_object(tree)
    tree[NameObject("/Kids")] = ArrayObject([at, at])
    names = DictionaryObject({NameObject("/EmbeddedFiles"): at})
    writer.root_object[NameObject("/Names")] = names


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "not a PDF"),
        (b'{"piagen": "1"}', "not a PDF"),
        (b"%PDF-1.7\n", "damaged"),
        (b"%PDF-1.7\n" + bytes(range(256)) * 20, "damaged"),
        (small(b"{}")[:900], "damaged"),
        (changed(small(b"{}"), lambda w: w.encrypt("secret")), "password"),
        (changed(small(b"{}"), bomb), "damaged|too large"),
        (changed(small(b"{}"), circle), "no answers"),
        (small(b" " * 6_000_000), "answers in it are too large"),
        (small(b"not json"), r"answers\.json in it"),
        (small(b'{"piagen": "99"}'), r"answers\.json in it"),
        (small(b'{"piagen": "1", "a": 1, "a": 2}'), r"answers\.json in it"),
    ],
)
def test_a_pdf_that_cannot_be_used_is_refused_in_words(content: bytes, says: str) -> None:
    with pytest.raises(UnusableFile, match=says) as refused:
        answers_in(NAME, content)
    assert str(NAME) in str(refused.value)


def test_answers_of_the_wrong_shape_are_refused_with_every_problem() -> None:
    with pytest.raises(ShapeErrors):
        answers_in(NAME, small(b'{"piagen": "1", "assessment": {"titel": "A", "dated": "soon"}}'))


def test_a_file_that_cannot_be_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in (tmp_path, tmp_path / "nothing.pdf"):
        with pytest.raises(UnusableFile):
            answers_in(path)
    fifo = tmp_path / "fifo.pdf"
    os.mkfifo(fifo)
    with pytest.raises(UnusableFile, match="not a file"):
        answers_in(fifo)
    monkeypatch.setattr(pipeline, "MOST_BYTES_OF_A_PDF", 100)
    large = tmp_path / "large.pdf"
    large.write_bytes(small(b"{}"))
    with pytest.raises(UnusableFile, match="too large"):
        answers_in(large)
