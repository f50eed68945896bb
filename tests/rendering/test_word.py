"""The file for Word: real styles and numbers, remarks in the margin, and the same bytes again."""

from __future__ import annotations

import base64
import hashlib
import io
import os
import re
import subprocess
import sys
import zipfile
from functools import cache
from typing import Any
from xml.etree import ElementTree

import pytest
from docx import Document
from PIL import Image
from tests.rendering.told import of_docx, parts_of

from piagen.errors import TemplateFault
from piagen.pipeline.assess import check, load
from piagen.pipeline.documents import documents, render, template_roots
from piagen.rendering.word.package import render_docx
from piagen.rendering.word.remarks import Remark
from piagen.resources import shipped

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@cache
def made(example: str, document: str, edition: Any = "full", language: Any = "en") -> bytes:
    loaded = load(shipped("examples") / f"{example}.json")
    (found,) = render(loaded, [document], format="docx", edition=edition, language=language)
    return found.content


def page(body: str, **attributes: str) -> str:
    """A page as the templates write them."""
    named = "".join(f' {key.replace("_", "-")}="{value}"' for key, value in attributes.items())
    head = '<!doctype html><html lang="en-GB"><head><title>T</title></head>'
    return f"{head}<body{named}>{body}</body></html>"


def word(body: str, *remarks: Remark, **attributes: str) -> bytes:
    html = page(body, **attributes)
    return render_docx(html, roots=template_roots(), remarks=remarks, gap=lambda at, _: f"at {at}")


def xml(docx: bytes, name: str = "word/document.xml") -> Any:
    return ElementTree.fromstring(parts_of(docx)[name])  # noqa: S314 - our own


def section(heading: str, inside: str = "", kind: str = "section") -> str:
    return (
        f'<section id="s{abs(hash(heading))}" class="{kind}"><h2>{heading}</h2>{inside}</section>'
    )


def clauses(*numbers: str) -> str:
    return "".join(f'<p class="clause"><span class="n">{n}</span> Say {n}.</p>' for n in numbers)


# Numbers ----------------------------------------------------------------------------------------


def test_clauses_are_numbered_by_word_and_restart_in_each_part() -> None:
    docx = word(
        section("1 First", clauses("1.1", "1.2")) + section("2 Second", clauses("2.1"))
        + section("Schedule A: More", clauses("A.1"), "schedule")
    )  # fmt: skip
    assert of_docx(docx).lines == [
        "1 First", "1.1 Say 1.1.", "1.2 Say 1.2.", "2 Second", "2.1 Say 2.1.",
        "Schedule A: More", "A.1 Say A.1.",
    ]  # fmt: skip
    typed = "".join(node.text or "" for node in xml(docx).iter(f"{W}t"))
    assert typed == "FirstSay 1.1.Say 1.2.SecondSay 2.1.: MoreSay A.1."
    assert len(list(xml(docx, "word/numbering.xml").iter(f"{W}num"))) == 2, "and nothing restarted"


def test_a_number_that_is_left_out_is_left_out_in_word_too() -> None:
    docx = word(section("1 First", clauses("1.1", "1.4")) + section("5 Fifth", clauses("5.1")))
    assert of_docx(docx).lines == ["1 First", "1.1 Say 1.1.", "1.4 Say 1.4.", "5 Fifth",
                                   "5.1 Say 5.1."]  # fmt: skip


def test_letters_below_a_clause_are_its_third_level() -> None:
    letters = '<ul class="letters"><li><span class="n">(a)</span> One</li>' \
              '<li><span class="n">(b)</span> Two</li></ul>'  # fmt: skip
    docx = word(section("1 First", clauses("1.1") + letters + clauses("1.2") + letters))
    assert [line[:3] for line in of_docx(docx).lines] == ["1 F", "1.1", "(a)", "(b)", "1.2",
                                                          "(a)", "(b)"]  # fmt: skip


def test_lists_count_for_themselves_start_where_told_and_nest() -> None:
    docx = word(
        "<ol><li>a</li><li>b<ol><li>c</li><li>d</li></ol></li><li>e</li></ol>"
        "<ol><li>f</li></ol><ol start='5'><li>g</li><li>h</li></ol><ul><li>i<p>j</p></li></ul>"
    )
    assert of_docx(docx).lines == ["1. a", "2. b", "(a) c", "(b) d", "3. e", "1. f", "5. g",
                                   "6. h", "• i", "j"]  # fmt: skip


def test_a_reference_to_a_clause_counts_on_when_one_is_put_in_before() -> None:
    docx = made("safeguarding-hub", "agreement")
    codes = [node.text or "" for node in xml(docx).iter(f"{W}instrText")]
    named = {node.get(f"{W}name") for node in xml(docx).iter(f"{W}bookmarkStart")}
    references = [code.split()[1] for code in codes if code.split()[0] == "REF"]
    assert len(references) > 30
    assert set(references) <= named
    anchors = {node.get(f"{W}anchor") for node in xml(docx).iter(f"{W}hyperlink")} - {None}
    assert anchors <= named, "no link leads nowhere"
    assert all(len(str(name)) <= 40 for name in named)


# Shape ------------------------------------------------------------------------------------------


def test_tables_have_widths_a_head_that_repeats_and_rows_that_hold_together() -> None:
    docx = word(
        "<table><caption>Table 1: t</caption><colgroup><col style='width: 20%'>"
        "<col style='width: 80%'></colgroup><thead><tr><th scope='col'>A</th><th scope='col'>B</th>"
        "</tr></thead><tbody><tr><th scope='row'>1</th><td>2</td></tr>"
        "<tr class='long'><th scope='row'>3</th><td>4</td></tr></tbody></table>"
    )
    (table,) = xml(docx).iter(f"{W}tbl")
    widths = [int(col.get(f"{W}w")) for col in table.iter(f"{W}gridCol")]
    assert widths[1] == pytest.approx(4 * widths[0], abs=2)
    rows = list(table.iter(f"{W}tr"))
    assert [row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows] == [True, False, False]
    assert [row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows] == [True, True, False]
    look = table.find(f"{W}tblPr/{W}tblLook")
    assert (look.get(f"{W}firstRow"), look.get(f"{W}firstColumn")) == ("1", "1")
    assert [n.text for n in xml(docx).iter(f"{W}instrText")] == [" SEQ Table \\* ARABIC "]


def table_of(first: str, *, widths: tuple[int, int] = (3, 97), cell: str = "<td>2</td>") -> Any:
    """The table that Word has of one row with a narrow first column."""
    columns = "".join(f"<col style='width: {width}%'>" for width in widths)
    (found,) = xml(word(
        f"<table><colgroup>{columns}</colgroup><tbody><tr><th scope='row'>{first}</th>{cell}</tr>"
        "</tbody></table>"
    )).iter(f"{W}tbl")  # fmt: skip
    return found


def test_a_column_is_wide_enough_for_its_longest_word_and_takes_no_more() -> None:
    def widths(first: str) -> list[int]:
        return [int(col.get(f"{W}w")) for col in table_of(first).iter(f"{W}gridCol")]

    assert widths("R-01")[0] > 1.5 * widths("i")[0]
    assert widths("commissioner")[0] > 2 * widths("R-01")[0]
    assert sum(widths("commissioner")) == pytest.approx(sum(widths("i")), abs=2)
    assert widths("https://www.northshire.example/x" * 4) == widths("i"), "an address may be broken"


@pytest.mark.parametrize("rating", ["low", "medium", "high"])
def test_a_rating_stands_on_its_ground(rating: str) -> None:
    from piagen.rendering.tokens import tokens

    rated = table_of("R-01", cell=f"<td class='rating {rating}'>Word</td>")
    (shade,) = rated.iter(f"{W}shd")
    assert f"#{shade.get(f'{W}fill')}" == tokens(template_roots())[rating]
    unrated = table_of("R-01", cell="<td class='rating unrated'>Word</td>")
    assert list(unrated.iter(f"{W}shd")) == []


def test_a_card_is_set_closer_than_other_documents() -> None:
    def of(document: str) -> tuple[int, int]:
        docx = word("<p>x</p>", data_document=document)
        (margins,) = xml(docx).iter(f"{W}pgMar")
        normal = next(
            style for style in xml(docx, "word/styles.xml").iter(f"{W}style")
            if style.get(f"{W}styleId") == "Normal"
        )  # fmt: skip
        return int(margins.get(f"{W}left")), int(normal.find(f"{W}rPr/{W}sz").get(f"{W}val"))

    assert of("card") == (567, 17)
    assert of("pia") == (1134, 21)


def test_a_picture_has_no_room_of_its_own_beside_it() -> None:
    inlines = [n for n in xml(made("safeguarding-hub", "pia")).iter() if n.tag.endswith("}inline")]
    assert inlines
    assert {n.get(side) for n in inlines for side in ("distL", "distR", "distT", "distB")} == {"0"}


def test_cells_reach_over_rows_and_columns() -> None:
    docx = word(
        "<table><tbody><tr><th rowspan='2'>a</th><td colspan='2'>b</td></tr>"
        "<tr><td>c</td><td>d</td></tr></tbody></table>"
    )
    spans = [
        [
            tuple(c.find(f"{W}tcPr/{W}{kind}") is not None for kind in ("gridSpan", "vMerge"))
            for c in row.iter(f"{W}tc")
        ]
        for row in xml(docx).iter(f"{W}tr")
    ]
    assert spans == [[(False, True), (True, False)],
                     [(False, True), (False, False), (False, False)]]  # fmt: skip


def test_a_signature_block_stays_on_one_page_and_has_room() -> None:
    row = "<tr><th scope='row'>Name</th><td></td></tr>"
    docx = word(f"<table class='pairs signature'><tbody>{row * 3}</tbody></table><p>x</p>")
    rows = list(xml(docx).iter(f"{W}tr"))
    kept = [
        all(p.find(f"{W}pPr/{W}keepNext") is not None for p in row.iter(f"{W}p")) for row in rows
    ]
    assert kept == [True, True, False]
    assert all(row.find(f"{W}trPr/{W}trHeight") is not None for row in rows)
    signed = xml(made("safeguarding-hub", "agreement")).iter(f"{W}trHeight")
    assert len(list(signed)) >= 5


def test_headings_are_styles_and_the_contents_can_be_made_again() -> None:
    docx = made("safeguarding-hub", "pia")
    names = {p.style.name for p in Document(io.BytesIO(docx)).paragraphs if p.style}
    assert {"Title", "Heading 1", "Heading 2", "Caption", "Front heading", "Callout"} <= names
    codes = [node.text or "" for node in xml(docx).iter(f"{W}instrText")]
    assert any(code.startswith(" TOC ") for code in codes)
    (dirty,) = [n for n in xml(docx).iter(f"{W}fldChar") if n.get(f"{W}dirty")]
    assert dirty.get(f"{W}fldCharType") == "begin"
    begun = [n.get(f"{W}fldCharType") for n in xml(docx).iter(f"{W}fldChar")]
    assert begun.count("begin") == begun.count("separate") == begun.count("end")


def test_every_page_carries_marking_title_status_and_number() -> None:
    docx = made("safeguarding-hub", "pia")
    parts = {name: content.decode() for name, content in parts_of(docx).items() if "er" in name}
    heads = [text for name, text in parts.items() if re.match(r"word/header\d", name)]
    feet = [text for name, text in parts.items() if re.match(r"word/footer\d", name)]
    assert len(heads) == len(feet) == 2, "the cover has its own"
    assert all("OFFICIAL-SENSITIVE" in text for text in (*heads, *feet))
    assert all(" PAGE " in foot and " NUMPAGES " in foot and "version 0.7" in foot for foot in feet)
    assert all('string="DRAFT"' in head for head in heads)


def test_what_is_approved_has_no_word_draft() -> None:
    approved = parts_of(word("<h1>T</h1>"))
    draft = parts_of(word("<h1>T</h1>", **{"class": "draft"}))
    assert any(b'string="DRAFT"' in content for content in draft.values())
    assert not any(b"DRAFT" in content for content in approved.values())


def test_pictures_are_drawn_and_say_what_they_show() -> None:
    docx = made("safeguarding-hub", "pia")
    told = [n.get("descr") for n in xml(docx).iter() if n.tag.endswith("}docPr")]
    assert len(told) >= 3
    assert all(told)
    pictures = [c for name, c in parts_of(docx).items() if name.startswith("word/media/")]
    assert all(content.startswith(b"\x89PNG") and len(content) > 5_000 for content in pictures)


def test_a_logo_keeps_its_shape_and_its_words() -> None:
    drawn = io.BytesIO()
    Image.new("RGB", (20, 10), "#0b4769").save(drawn, "PNG")
    red = base64.b64encode(drawn.getvalue()).decode()
    docx = word(f'<p class="logo"><img src="data:image/png;base64,{red}" alt="Our logo"></p>')
    (extent,) = [n for n in xml(docx).iter() if n.tag.endswith("}extent")]
    assert int(extent.get("cx")) == pytest.approx(2 * int(extent.get("cy")), rel=0.01)
    assert 'descr="Our logo"' in parts_of(docx)["word/document.xml"].decode()


def test_language_title_author_and_date_are_the_documents_own() -> None:
    core = Document(io.BytesIO(made("safeguarding-hub", "pia"))).core_properties
    assert "Sallowshire" in core.title
    assert core.author == "Sallowshire County Council"
    assert core.created is not None
    assert f"{core.created:%Y-%m-%d}" == "2026-11-20" == f"{core.modified:%Y-%m-%d}"
    for language, told in (("en", b'w:lang w:val="en-GB"'), ("cy", b'w:lang w:val="cy"')):
        parts = parts_of(made("homelessness-duty-to-refer", "protocol", language=language))
        assert told in parts["word/styles.xml"]
    assert not any("thumbnail" in name for name in parts)


# Remarks ----------------------------------------------------------------------------------------


def comments(docx: bytes) -> list[str]:
    found = xml(docx, "word/comments.xml") if "word/comments.xml" in parts_of(docx) else []
    return ["\n".join(
        "".join(t.text or "" for t in p.iter(f"{W}t")) for p in comment.iter(f"{W}p")
    ) for comment in found]  # fmt: skip


def test_each_gap_has_a_remark_with_its_question() -> None:
    docx = made("early-draft", "pia")
    gaps = [n for n in xml(docx).iter(f"{W}rStyle") if n.get(f"{W}val") == "Gap"]
    said = [text for text in comments(docx) if text.startswith("Missing")]
    assert len(said) >= len(gaps) * 0.9 > 50, "a gap of several runs has one remark"
    assert any("The question is: " in text for text in said)


def test_each_finding_has_a_remark_in_the_assessment() -> None:
    loaded = load(shipped("examples") / "faulty/safer-families-panel.json")
    standing = [finding for finding in check(loaded).findings if finding.stands]
    (pia,) = render(loaded, ["pia"], format="docx")
    said = "\n".join(comments(pia.content))
    assert len(standing) > 5
    for finding in standing:
        assert f"{finding.rule.id}, {finding.severity.value}: {finding.rule.title}" in said


def test_a_partner_reads_no_more_in_the_margin_than_on_the_page() -> None:
    """An agreement goes to others: what a finding says of this project's answers stays out."""
    loaded = load(shipped("examples") / "faulty/safer-families-panel.json")
    (agreement,) = render(loaded, ["agreement"], format="docx")
    said = "\n".join(comments(agreement.content))
    assert re.search(r"^[A-Z]{2}\d+, \w+: ", said, re.MULTILINE)
    for finding in check(loaded).findings:
        assert f"{finding.where}: {finding.says}" not in said


def test_the_published_edition_has_no_remarks() -> None:
    assert comments(made("early-draft", "pia", "published")) == []


def test_a_remark_stands_at_the_answer_or_at_its_row() -> None:
    body = '<p data-at="scope.area">Here</p><p data-at="partners[x].name">There</p>'
    docx = word(body, Remark("scope.area", "a", "b"), Remark("partners[x].kind", "c", "d"),
                Remark("risks", "e", "f"))  # fmt: skip
    assert comments(docx) == ["b", "d"], "what is not printed has no remark, and words are fixed"
    starts = [n.tag for p in xml(docx).iter(f"{W}p") for n in p if n.tag.endswith("RangeStart")]
    assert len(starts) == 2


# Hostile ----------------------------------------------------------------------------------------


def test_an_element_without_a_counterpart_is_named() -> None:
    with pytest.raises(TemplateFault, match="<form>"):
        word("<form><p>x</p></form>")


@pytest.mark.parametrize(
    "typed",
    [
        "a\x00b",
        "a\x0bb",
        "a\ufffeb",
        "a\x1fb",
        "\u202e\u2066x",
        "🦉 ŵŷ 漢",
        "{{ 1 }} &lt;w:t&gt; ]]&gt;",
    ],
)
def test_odd_characters_never_stop_a_document(typed: str) -> None:
    body = f'<h1 data-at="a.b">{typed}</h1><p><a href="#{typed[:3]}">{typed}</a></p>'
    docx = word(body, Remark("a.b", typed, typed), data_title="x" + typed, data_marking=typed)
    assert zipfile.ZipFile(io.BytesIO(docx)).testzip() is None
    Document(io.BytesIO(docx))


def test_what_was_typed_keeps_its_lines_and_no_other_space() -> None:
    docx = word('<p data-at="a.b">one  two\n three</p><p>four\n five</p>')
    first, second = xml(docx).iter(f"{W}p")
    assert [n.tag[len(W) :] for n in first.iter() if n.tag in (f"{W}t", f"{W}br")] == [
        "t",
        "br",
        "t",
    ]
    assert [n.text for n in first.iter(f"{W}t")] == ["one two", "three"]
    assert len(list(first.iter(f"{W}br"))) == 1
    assert [n.text for n in second.iter(f"{W}t")] == ["four five"]


def test_a_picture_cannot_come_from_outside() -> None:
    for address in ("https://council.example/x.png", "file:///etc/passwd", "piagen:../x.png"):
        with pytest.raises(TemplateFault):
            word(f'<p><img src="{address}" alt="x"></p>')


# Bytes ------------------------------------------------------------------------------------------


def test_same_answers_give_the_same_bytes_in_any_process() -> None:
    code = (
        "import sys, hashlib\n"
        "from piagen import load\n"
        "from piagen.pipeline.documents import render\n"
        "for d in render(load(sys.argv[1]), ['agreement', 'pia'], format='docx'):\n"
        "    print(hashlib.sha256(d.content).hexdigest())"
    )
    seen = [[hashlib.sha256(made("early-draft", d)).hexdigest() for d in ("agreement", "pia")]]
    for zone, seed in (("UTC", "1"), ("Pacific/Auckland", "2")):
        done = subprocess.run(
            [sys.executable, "-c", code, str(shipped("examples") / "early-draft.json")],
            capture_output=True, text=True, check=True,
            env=dict(os.environ, TZ=zone, PYTHONHASHSEED=seed),
        )  # fmt: skip
        seen.append(done.stdout.split())
    assert seen[0] == seen[1] == seen[2]


def test_no_document_in_welsh_holds_an_element_that_word_does_not_know() -> None:
    """Those in English are made, every one, by the tests that hold them against the web pages."""
    loaded = load(shipped("examples") / "safeguarding-hub.json")
    made_of = list(render(loaded, tuple(documents()), format="docx", language="cy"))
    assert len(made_of) == len(documents())
    for one in made_of:
        assert of_docx(one.content).lines
