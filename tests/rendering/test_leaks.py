"""The search of a published edition: it reads every part of a file, and stops what leaked."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from typing import Any

import pypdf
import pytest
from pypdf.generic import DictionaryObject, NameObject, StreamObject

from piagen.errors import Leaked, TemplateFault
from piagen.pipeline import documents as pipeline
from piagen.pipeline.assess import Loaded, load, questionnaire
from piagen.pipeline.documents import render, template_roots
from piagen.rendering.leaks import Leak, folded, leaks, still_there
from piagen.rendering.pdf import Carried, render_pdf
from piagen.rendering.published import Published
from piagen.rendering.published_answers import publish
from piagen.rendering.published_text import (
    Surface,
    html_surfaces,
    pdf_surfaces,
    word_surfaces,
)
from piagen.resources import shipped

HIDDEN = "Quinquereme of Nineveh from distant Ophir"


def example(name: str = "early-draft") -> Loaded:
    return load(shipped("examples") / f"{name}.json")


def found_in(text: str, secret: str = HIDDEN, published: tuple[str, ...] = ()) -> bool:
    surface = Surface("here", text)
    return any(leak.at == "a.b" for leak in leaks([("a.b", secret)], published, [surface]))


@pytest.mark.parametrize(
    "text",
    [
        HIDDEN,
        HIDDEN.upper(),
        "say: Quinquereme  of\nNineveh from dis-\ntant Ophir.",
        "Quin\u00adquereme of Nine\u2010veh from\u00a0distant \u200bOphir",
        "Quinquereme of Nineveh from di\ufb06ant Ophir",
    ],
)
def test_lines_hyphens_ligatures_and_capitals_hide_nothing(text: str) -> None:
    assert found_in(f"before {text} after")


def test_the_beginning_of_a_long_text_and_each_of_its_sentences_are_looked_for() -> None:
    long = (
        "We watch the north gate from the old mill. The key is under the third stone on the left."
    )
    assert found_in("We watch the north gate from the …", long)
    assert found_in("see: the key is under the third stone on the left", long)
    assert not found_in("We watch the gate.", long)


def test_what_is_short_or_published_elsewhere_is_no_leak() -> None:
    assert not found_in("Jo Smith", "Jo Smith")
    assert found_in("Jo Smith-Barker", "Jo Smith-Barker")
    assert not found_in(HIDDEN, published=(f"A book calls it a {HIDDEN.lower()}.",))
    assert not found_in("+ + + + + + + 12", "+ + + + + + + 12"[:3])


def test_a_text_from_right_to_left_is_found_in_the_order_of_its_glyphs() -> None:
    hebrew = "שלום לכל העולם כולו"
    assert found_in(hebrew[::-1], hebrew)


def test_cells_that_follow_one_another_do_not_make_a_text() -> None:
    cells = html_surfaces(b"<tr><td>The care board</td><td>analysts</td></tr>")
    secret = [("a.b", "Care board analysts")]
    assert {leak.where for leak in leaks(secret, (), cells)} == set()


def test_lines_that_follow_one_another_in_a_drawing_make_no_short_text() -> None:
    drawn = Surface("the text of the pages", "The NHS trustRecords", drawn=True)
    assert not leaks([("a.b", "NHS trust record")], (), [drawn])
    assert leaks([("a.b", "NHS trust record")], (), [replace(drawn, drawn=False)])


def test_what_stands_without_the_answer_too_is_our_own_wording() -> None:
    found = (Leak("a.b", "here", folded("Data protection officer")), Leak("c.d", "here", "xyzzy"))
    assert still_there(found, "<p>The data protection officer</p>") == found[1:]


def pdf(body: str, head: str = "", carried: Carried | None = None) -> bytes:
    page = f'<!doctype html><html lang="en"><head>{head}</head><body>{body}</body></html>'
    return render_pdf(page, roots=template_roots(), identifier="x", carried=carried)


SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="900" height="40">{}</svg>'
TITLE = "<title>T</title>"
MARGIN = "<style>@page { @top-left { content: '" + HIDDEN + "' } }</style>"


@pytest.mark.parametrize(
    ("where", "made"),
    [
        ("the text of the pages", pdf(f"<p>{HIDDEN}</p>", TITLE)),
        ("the text of the pages", pdf(f'<p style="width: 6em">{HIDDEN}</p>', TITLE)),
        ("the text of the pages", pdf(f"<p>{HIDDEN[:20]}<em>{HIDDEN[20:]}</em></p>", TITLE)),
        ("the text of the pages", pdf(f'<p style="font-size: 30em">{HIDDEN}</p>', TITLE)),
        ("the bookmarks or the title", pdf(f"<h2>{HIDDEN}</h2>", TITLE)),
        ("the bookmarks or the title", pdf("<p>A</p>", f"<title>{HIDDEN}</title>")),
        ("the metadata", pdf("<p>A</p>", f'{TITLE}<meta name="author" content="{HIDDEN}">')),
        ("the metadata", pdf("<p>A</p>", f'{TITLE}<meta name="keywords" content="{HIDDEN}">')),
        ("the words for screen readers", pdf(f'<img alt="{HIDDEN}" src="piagen:_base/draft.svg">')),
        (
            "the links",
            pdf(f'<a href="https://a.example/{HIDDEN.replace(" ", "-")}">here</a>', TITLE),
        ),
        ("the margins or pictures of the pages", pdf("<p>A</p>", TITLE + MARGIN)),
        ("an attached file", pdf("<p>A</p>", TITLE, Carried(HIDDEN.encode(), None))),
        ("the names of places", pdf('<p id="quinquereme-of-nineveh-from-distant-ophir">A</p>'
            '<a href="#quinquereme-of-nineveh-from-distant-ophir">B</a>', TITLE)),
    ],
)  # fmt: skip
def test_every_part_of_a_pdf_is_read(where: str, made: bytes) -> None:
    if where == "the text of the pages":
        assert HIDDEN.encode() not in made, "or else to read it would prove nothing"
    found = leaks([("a.b", HIDDEN)], (), pdf_surfaces(made))
    assert where in {leak.where for leak in found}


def test_words_in_a_picture_are_read() -> None:
    drawn = SVG.format(f'<text x="1" y="20">{HIDDEN}</text>')
    found = leaks([("a.b", HIDDEN)], (), pdf_surfaces(pdf(f"<p>A</p>{drawn}", TITLE)))
    assert found


def test_a_clean_pdf_holds_nothing() -> None:
    assert not leaks([("a.b", HIDDEN)], (), pdf_surfaces(pdf("<p>Quinquereme</p>", TITLE)))


def test_a_font_that_does_not_tell_its_letters_cannot_be_searched() -> None:
    """Silence would pass for a clean page."""
    writer = pypdf.PdfWriter(io.BytesIO(pdf(f"<p>{HIDDEN}</p>", TITLE)))
    for item in writer._objects:
        if isinstance(item, DictionaryObject) and "/ToUnicode" in item:
            del item[NameObject("/ToUnicode")]
    with pytest.raises(TemplateFault, match="cannot be searched"):
        list(pdf_surfaces(saved(writer)))


def test_streams_that_another_program_packed_again_are_read() -> None:
    writer = pypdf.PdfWriter(io.BytesIO(pdf(f"<p>{HIDDEN}</p>", TITLE)))
    extra = StreamObject()
    extra._data = b"hidden in a stream: Argosies of magic sails"
    writer.root_object[NameObject("/PieceInfo")] = writer._add_object(extra)
    writer.compress_identical_objects()
    secrets = [("a.b", HIDDEN), ("c.d", "Argosies of magic sails")]
    found = leaks(secrets, (), pdf_surfaces(saved(writer)))
    assert {leak.at for leak in found} == {"a.b", "c.d"}


def saved(writer: pypdf.PdfWriter) -> bytes:
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def test_every_part_of_a_word_file_is_read() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("word/document.xml", f"<w:t>{HIDDEN[:15]}</w:t><w:t>{HIDDEN[15:]}</w:t>")
        parts.writestr("word/comments.xml", '<w:c w:author="Argosies of magic sails"/>')
    secrets = [("a.b", HIDDEN), ("c.d", "Argosies of magic sails")]
    found = leaks(secrets, (), word_surfaces(target.getvalue()))
    assert {(leak.at, leak.where) for leak in found} == {
        ("a.b", "the text of word/document.xml"),
        ("c.d", "the code of word/comments.xml"),
    }


def test_attributes_and_styles_of_html_are_read() -> None:
    for page in (
        f'<img alt="{HIDDEN}">',
        f"<!-- {HIDDEN} -->",
        f"<style>a:after{{{HIDDEN}}}</style>",
    ):
        assert leaks([("a.b", HIDDEN)], (), html_surfaces(page.encode()))


def not_left_out(real: Any) -> Any:
    """The protection taken away: everything is known to be withheld, and nothing is."""

    def publish_all(asked: Any, answers: Any) -> Published:
        made: Published = real(asked, answers)
        return replace(made, answers=answers, _replaced={})

    return publish_all


@pytest.mark.parametrize("format", ["html", "pdf", "docx"])
def test_a_leak_fails_the_render_and_says_where_but_not_what(
    format: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "publish", not_left_out(publish))
    loaded = example()
    with pytest.raises(Leaked) as refused:
        list(render(loaded, ["pia"], format=format, edition="published"))
    said = str(refused.value)
    assert "assessment.author: found in the text of the page" in said
    assert ("found in the text of the pages" in said) == (format == "pdf")
    assert ("found in the text of word/document.xml" in said) == (format == "docx")
    assert loaded.answers["assessment"]["author"] not in said
    assert not any(left.text and left.text in said for left in left_out(loaded))


def left_out(loaded: Loaded) -> Any:
    return [o for o in publish(questionnaire(), loaded.answers).left_out if len(o.text or "") > 11]


def test_a_finding_that_quotes_an_answer_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def told(self: Published, findings: Any, *_: Any) -> Any:
        return tuple(replace(found, says=HIDDEN) for found in findings)

    monkeypatch.setattr(Published, "told", told)
    loaded = load(shipped("examples") / "faulty" / "safer-families-panel.json")
    about = {**loaded.answers["assessment"], "author": HIDDEN}
    loaded = replace(loaded, answers={**loaded.answers, "assessment": about})
    with pytest.raises(Leaked, match=r"assessment\.author"):
        list(render(loaded, ["pia"], format="html", edition="published"))


def test_a_withheld_answer_that_is_also_our_wording_stops_nothing() -> None:
    loaded = example()
    partners = [{**row, "dpo": "Data protection officer"} for row in loaded.answers["partners"]]
    changed = replace(loaded, answers={**loaded.answers, "partners": partners})
    (document,) = render(changed, ["pia"], format="html", edition="published")
    assert b"Data protection officer" in document.content
