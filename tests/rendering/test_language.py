"""Documents in Welsh: what is translated, what never is, and how the rest says its language."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pypdf
import pyphen
import pytest

from piagen.domain.days import MONTHS
from piagen.errors import TemplateFault
from piagen.pipeline.assess import Loaded, load
from piagen.pipeline.documents import documents, render
from piagen.rendering.language.catalogue import FOLDER, entries, misfit, translations
from piagen.rendering.language.literals import signatures
from piagen.rendering.language.runs import messages, rewritten
from piagen.rendering.language.spoken import spoken
from piagen.rendering.language.styles import messages_of_styles, styles_in
from piagen.rendering.language.templates import sources
from piagen.rendering.language.tongue import BEGINS, ENDS, ENGLISH, Tongue, marked, tongue
from piagen.rendering.manifest import manifests
from piagen.rendering.rendition import Format, Language
from piagen.resources import shipped

EXAMPLE = shipped("examples") / "homelessness-duty-to-refer.json"
ALL = tuple(documents())
ROOTS = (shipped("templates"),)
KNOWN = signatures(sources(ROOTS))
WELSH = tongue("cy", ROOTS)
VERAPDF = "org.verapdf.apps.GreenfieldCliWrapper"
OWN = re.compile(r'<span lang="en-GB">(.*?)</span>', re.DOTALL)
AT = re.compile(r'<(\w+)[^>]* data-at="([^"]+)"[^>]*>(.*?)</\1>', re.DOTALL)


def html_of(
    loaded: Loaded,
    language: Language,
    wanted: tuple[str, ...] = ALL,
    roots: tuple[Path, ...] | None = None,
    format: Format = "html",
) -> dict[str, str]:
    made = render(loaded, wanted, format=format, language=language, roots=roots)
    return {document.document: document.content.decode() for document in made}


@pytest.fixture(scope="module")
def welsh() -> dict[str, str]:
    return html_of(load(EXAMPLE), "cy")


@pytest.fixture(scope="module")
def english() -> dict[str, str]:
    return html_of(load(EXAMPLE), "en")


@pytest.fixture(scope="module")
def printed() -> dict[str, bytes]:
    return {d.document: d.content for d in render(load(EXAMPLE), ALL, language="cy")}


def changed_project(tmp_path: Path, **answers: Any) -> Loaded:
    """The example, with leaves of `assessment` replaced."""
    raw = json.loads(EXAMPLE.read_text(encoding="utf-8"))
    raw["assessment"] |= answers
    path = tmp_path / "project.json"
    path.write_text(json.dumps(raw), encoding="utf-8")
    return load(path)


# What is a message


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("<p>One sentence.</p>", ["One sentence."]),
        ("<p>{{ section.n() }} See {{ ref('scope') }}.</p>", ["See %(scope)s."]),
        ("<p>A <strong>bold</strong> word</p>", ["A <strong>bold</strong> word"]),
        (
            "<p>On <span{{ a.mark }}>{{ answers['assessment.dated'] }}</span>.</p>",
            ["On %(dated)s."],
        ),
        ('<p><a href="#x">Only a link</a></p>', ["Only a link"]),
        ("<p>{{ a }}, {{ b }} ({{ c }})</p>", []),
        ("<p>One{% if x %} and two{% endif %}.</p>", ["One", "and two"]),
        ("<td>One</td><td>Two</td>", ["One", "Two"]),
        ('<img alt="A map of {{ area }}">', ["A map of %(area)s"]),
        ("<style>p { color: red }</style>", []),
        ("{{ x or 'Not given' }}", ["Not given"]),
        ("{{ x if kind == 'Not text' else y }}", []),
        ("{{ answers['scope.area'] }}{% include '_partials/A file.html.j2' %}", []),
        ("{% set words = [('Breach', 'A loss of data.')] %}", ["Breach", "A loss of data."]),
        ("{{ {'low': 'Low', 'Key': x}[rating] }}", ["Low"]),
        ("{# A comment #}<p>{{ day }} and {{ day }}</p>", ["%(day)s and %(day2)s"]),
        ("<p>A {{ line['name'] | upper }} word</p>", ["A %(name)s word"]),
    ],
)
def test_a_run_of_text_is_one_message(template: str, expected: list[str]) -> None:
    assert list(messages(template, {})) == expected


def test_a_small_word_is_text_only_where_a_parameter_holds_text() -> None:
    known = {"grid": ("table", "columns", "caption"), "prose": ("answer", "class")}
    said = '{{ grid(answers.table("purposes"), ["role"], "purposes") }}{{ prose(a, "lead") }}'
    assert list(messages(said, known)) == ["purposes"]
    assert list(messages('{{ grid(t, c, caption="versions") }}', known)) == ["versions"]


@pytest.mark.parametrize("path", sorted(ROOTS[0].rglob("*.j2")), ids=lambda path: path.name)
def test_a_template_without_translations_stays_as_it_is(path: Path) -> None:
    """But for white space that Jinja takes away itself, beside a dash."""

    def bare(template: str) -> str:
        return re.sub(r"\s+({[%#{]-)", r"\1", re.sub(r"(-[%#}]})\s+", r"\1", template)).rstrip()

    source = path.read_text(encoding="utf-8")
    assert bare(rewritten(source, KNOWN, lambda _: None)) == bare(source)


def test_a_translation_stands_in_the_template_with_its_expressions() -> None:
    source = '<p>{{ section.n() }} Under <a href="#x">{{ a.b }} of the</a> Act <em>now</em>.</p>'
    (message,) = messages(source, {})
    assert message == "Under <a>%(b)s of the</a> Act <em>now</em>."
    change = {message: "<em>Nawr</em>, <a>o %(b)s</a>."}.get
    assert rewritten(source, {}, change) == (
        '<p>{{ section.n() }} <em>Nawr</em>, <a href="#x">o {{ a.b }}</a>.</p>'
    )


def test_a_literal_keeps_its_spaces_and_may_hold_quotation_marks() -> None:
    assert rewritten("{{ f('Who: ') }}", {}, {"Who:": 'Pwy "yw":'}.get) == (
        '{{ f("Pwy \\"yw\\": ") }}'
    )


# Catalogues


def po(tmp_path: Path, text: str) -> tuple[Path, ...]:
    (tmp_path / FOLDER).mkdir(exist_ok=True)
    (tmp_path / FOLDER / "cy.po").write_text(text, encoding="utf-8")
    return (tmp_path,)


def test_a_catalogue_is_read_with_its_long_lines_and_escapes(tmp_path: Path) -> None:
    text = 'msgid ""\nmsgstr "Language: cy\\n"\n\n#: x\nmsgid ""\n"One \\"long\\" "\n"line"\n'
    roots = po(tmp_path, text + 'msgstr ""\n"Un llinell "\n"hir"\n\nmsgid "Empty"\nmsgstr ""\n')
    assert translations(roots, "cy") == {'One "long" line': "Un llinell hir"}


def test_a_guess_and_what_is_obsolete_are_not_used(tmp_path: Path) -> None:
    text = '#, fuzzy\nmsgid "A word"\nmsgstr "Gair"\n\n#~ msgid "Old"\n#~ msgstr "Hen"\n'
    roots = po(tmp_path, text + '\nmsgid "B"\nmsgstr "Bi"\n')
    assert translations(roots, "cy") == {"B": "Bi"}


def test_an_organisation_s_own_catalogue_wins(tmp_path: Path) -> None:
    roots = (*po(tmp_path, 'msgid "Contents"\nmsgstr "Tabl cynnwys"\n'), *ROOTS)
    found = translations(roots, "cy")
    assert found["Contents"] == "Tabl cynnwys"
    assert found["Summary"] == WELSH.messages["Summary"]


@pytest.mark.parametrize(
    ("message", "translation", "fault"),
    [
        ("By %(day)s", "Erbyn", "placeholders"),
        ("By %(day)s", "Erbyn %(dydd)s", "placeholders"),
        ("By %(day)s", "Erbyn %(day)s %(day)s", "placeholders"),
        ("<a>See</a>", "Gweler", "markup"),
        ("See", "<script src=x>", "markup"),
        ("See", "<strong>Gweler</strong>", "markup"),
        ("See", "{{ answers }}", "brackets"),
        ("See", "{% include 'x' %}", "brackets"),
        ("See %(x)s, <a>%(y)s</a>", "<a>%(y)s</a>: %(x)s", None),
    ],
)
def test_a_translation_that_does_not_fit_is_refused(
    tmp_path: Path, message: str, translation: str, fault: str | None
) -> None:
    said = misfit(message, translation)
    assert (fault in said) if fault and said else said is fault
    if fault:
        roots = po(
            tmp_path, f'msgid "A"\nmsgstr "B"\n\nmsgid "{message}"\nmsgstr "{translation}"\n'
        )
        with pytest.raises(TemplateFault, match=r"cy\.po, line 4: "):
            translations(roots, "cy")


@pytest.mark.parametrize("text", ["msgid", 'msgstr "a"', '"alone"', 'msgid "a', "hello"])
def test_what_is_no_catalogue_is_refused_with_its_line(tmp_path: Path, text: str) -> None:
    with pytest.raises(TemplateFault, match=r"cy\.po, line 1: "):
        translations(po(tmp_path, text), "cy")


def test_a_catalogue_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    roots = po(tmp_path, "")
    (tmp_path / FOLDER / "cy.po").write_bytes(b'msgid "\xff"')
    with pytest.raises(TemplateFault, match=r"cy\.po: this is not UTF-8 text"):
        translations(roots, "cy")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("_locale/cy.po", b"hello"),
        ("_locale/cy.po", b"\xff"),
        ("_locale/cy.po", b'msgid "A"\nmsgstr "%(b)s"'),
        ("letter/document.toml", b"title ="),
        ("letter/document.toml", b'title = "Letter"'),
        ("letter/document.toml", b"\xff"),
    ],
)
def test_a_message_about_a_file_does_not_tell_where_its_folder_is(
    tmp_path: Path, name: str, content: bytes
) -> None:
    root = tmp_path / "northshire" / "templates"
    (root / name).parent.mkdir(parents=True)
    (root / name).write_bytes(content)
    read = manifests if name.endswith(".toml") else partial(translations, language="cy")
    with pytest.raises(TemplateFault, match=f"^northshire/templates/{name}[:,]") as refused:
        read((root,))
    assert str(tmp_path) not in str(refused.value)


# What Python says


def test_what_is_put_in_is_never_looked_up() -> None:
    said = Tongue("cy", {"asked of %(owner)s": "gofynnwyd i %(owner)s", "Summary": "Crynodeb"})
    assert said.say("asked of %(owner)s", owner="Summary") == (f"{BEGINS}gofynnwyd i {ENDS}Summary")
    assert said.say("due %(day)s", day="%(owner)s") == "due %(owner)s"
    assert ENGLISH.say("Summary") == "Summary"


def test_dates_are_in_the_words_of_the_language() -> None:
    assert WELSH.day("2027-04-03") == marked("3 Ebrill 2027")
    assert ENGLISH.day("2027-04-03") == "3 April 2027"
    assert all(month in WELSH.messages for month in MONTHS)


def test_style_sheets_say_their_words_in_the_language() -> None:
    css = 'a { content: string(state) " · page " counter(page); font-family: "Page"; }'
    assert list(messages_of_styles(css)) == ["· page"]
    assert '" · tudalen "' in styles_in(Tongue("cy", {"· page": "· tudalen", "Page": "X"}), css)
    assert '"Page"' in styles_in(Tongue("cy", {"· page": "· tudalen", "Page": "X"}), css)
    assert styles_in(ENGLISH, css) == css


# Which language a text says it is in


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>Own words</p>", '<p><span lang="en-GB">Own words</span></p>'),
        (f"<p>{BEGINS}Cymraeg{ENDS}</p>", "<p>Cymraeg</p>"),
        (
            f"<p>{BEGINS}Gweler {ENDS}the Act{BEGINS}.{ENDS}</p>",
            '<p>Gweler <span lang="en-GB">the Act</span>.</p>',
        ),
        ("<p>7.1, &amp; (2)</p>", "<p>7.1, &amp; (2)</p>"),
        ('<a href="#x">See it</a>', '<span lang="en-GB"><a href="#x">See it</a></span>'),
        (f'<a href="#x">{BEGINS}adran{ENDS} 7</a>', '<a href="#x">adran 7</a>'),
        (f'<p title="{BEGINS}Tabl{ENDS} > 1">x</p>', '<p title="Tabl > 1"><span lang="en-GB">x'),
        ("<!doctype html><!-- a comment -->", "<!doctype html><!-- a comment -->"),
        ("<head><title>A</title></head>", "<head><title>A</title></head>"),
        ("<svg a='b'><text>A</text></svg>", "<svg lang=\"en-GB\" a='b'><text>A</text></svg>"),
        (f"<p>{BEGINS}cut sho</p>", "<p>cut sho</p>"),
        ("<p>end</p> after", 'end</span></p> <span lang="en-GB">after</span>'),
        ('<html lang="en-GB" class="x">', '<html lang="cy" class="x">'),
    ],
)
def test_what_is_not_translated_says_that_it_is_english(html: str, expected: str) -> None:
    assert expected in spoken(html, "cy")
    assert not re.search(f"[{BEGINS}{ENDS}]", spoken(html, "cy"))


# Whole documents


def test_the_document_is_in_welsh(welsh: dict[str, str]) -> None:
    for html in welsh.values():
        assert '<html lang="cy">' in html
        assert not re.search(f"[{BEGINS}{ENDS}]", html)
    pia = welsh["pia"]
    assert "<h2>Cynnwys</h2>" in pia
    assert "asesiad o’r effaith ar breifatrwydd</title>" in pia
    assert re.search(r">\d{1,2} (Tachwedd|Rhagfyr|Ionawr|Chwefror|Hydref|Medi) 202\d<", pia)
    fixed = re.sub(r"<(style|svg)\b.*?</\1>", "", OWN.sub("", pia), flags=re.DOTALL)
    assert not re.search(rf"\d ({'|'.join(set(MONTHS))}) 20", fixed)


@pytest.mark.parametrize("document", ALL)
def test_each_document_says_on_its_first_page_that_it_is_a_draft_translation(
    welsh: dict[str, str], english: dict[str, str], document: str
) -> None:
    first = welsh[document].partition("</header>")[0]
    assert WELSH.messages[DRAFT] in first
    assert DRAFT not in english[document]


DRAFT = (
    "Draft translation, not checked by a translator. What is not translated is in English. Rely on "
    "the English document."
)


PICTURE = re.compile(r"<svg\b[^>]*>.*?</svg>", re.DOTALL)


def drawn_words(html: str) -> list[str]:
    """The lines of text in the pictures of a document."""
    pictures = PICTURE.findall(html)
    return [words for svg in pictures for words in re.findall(r"<text[^>]*>(.*?)</text>", svg)]


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ("pia", ("How bad", "sends", "Processor", "No flow", "Not to scale", "Planned start")),
        ("agreement", ("receives", "Processor", "supplies a system that is used")),
        ("protocol", ("Law and codes", "Later projects", "Agreements (tier 2)")),
    ],
)
def test_the_words_of_pictures_are_translated_and_fit_as_they_are_drawn(
    welsh: dict[str, str], english: dict[str, str], document: str, words: tuple[str, ...]
) -> None:
    was, now = "\n".join(drawn_words(english[document])), drawn_words(welsh[document])
    for said in words:
        assert said in was
        assert said not in now
        first = WELSH.messages[said].split()[0]
        assert any(line.startswith(first) for line in now), said
    for svg in PICTURE.findall(welsh[document]):
        assert ' lang="cy"' in svg[: svg.index(">")]
        told = svg[: svg.index(">")].partition('aria-label="')[2].partition('"')[0]
        assert not re.search(r"\b(the|and|before|flows?|layers)\b", OWN_WORDS.sub("", told))
    for svg in PICTURE.findall(english[document]):
        assert " lang=" not in svg[: svg.index(">")]


OWN_WORDS = re.compile("Homelessness[^(]*")
"""What the project itself says in a picture."""


def test_a_picture_says_its_words_in_welsh_without_marks() -> None:
    plain = WELSH.unmarked
    assert plain.say("How bad") == WELSH.messages["How bad"]
    assert plain.day("2027-04-03") == "3 Ebrill 2027"
    assert WELSH.say("How bad") == f"{BEGINS}{plain.say('How bad')}{ENDS}"


@pytest.mark.parametrize("document", ALL)
def test_nothing_but_words_differs_from_the_english(
    welsh: dict[str, str], english: dict[str, str], document: str
) -> None:
    """Same parts, same tables, same answers in the same places."""
    for pattern in (r' id="([^"]+)"', r' data-at="([^"]+)"', r"<(table|tr|h[1-6]|li|svg|img)\b"):
        assert re.findall(pattern, welsh[document]) == re.findall(pattern, english[document])


def test_answers_that_people_typed_read_the_same(
    welsh: dict[str, str], english: dict[str, str]
) -> None:
    typed = {"text", "prose", "email", "url"}
    asked = {q.path: q for _, q in _questions()}

    def told(html: str) -> Iterator[tuple[str, str]]:
        for _, at, inner in AT.findall(html):
            question = asked.get(re.sub(r"\[[^]]+]", "[]", at))
            if question and question.type in typed and "data-at" not in inner:
                words = re.sub(r"<[^>]+>", "", OWN.sub(r"\1", inner))
                if "To be completed" not in words and "I’w gwblhau" not in words:
                    yield at, words

    found = {name: list(told(html)) for name, html in english.items()}
    assert sum(map(len, found.values())) > 100
    for name, html in welsh.items():
        assert {at for at, _ in told(html)} == {at for at, _ in found[name]}
        same = sum(one in found[name] for one in told(html))
        assert same >= len(found[name]) * 0.95  # a lead in bold may be translated inside


def _questions() -> Any:
    from piagen.pipeline.assess import questionnaire

    return questionnaire().questions()


def test_an_answer_that_equals_a_message_is_not_translated(tmp_path: Path) -> None:
    for word in ("Summary", "Contents"):
        assert word in WELSH.messages
    made = html_of(
        changed_project(tmp_path, title="Summary", owner="Contents", reference="Approved"), "cy"
    )["pia"]
    assert '<h1 data-at="assessment.title"><span lang="en-GB">Summary</span></h1>' in made
    assert '<span data-at="assessment.owner"><span lang="en-GB">Contents</span></span>' in made
    assert '<td data-at="assessment.reference"><span lang="en-GB">Approved</span></td>' in made
    assert "<h2>Cynnwys</h2>" in made
    assert "<title>Summary: " in made


def test_an_answer_with_the_marks_in_it_stays_text(tmp_path: Path) -> None:
    title = f"{BEGINS}<b>{ENDS} {BEGINS} %(day)s {{{{ law }}}}"
    made = html_of(changed_project(tmp_path, title=title), "cy")["pia"]
    assert "&lt;b&gt;" in made
    assert "%(day)s {{ law }}" in made


def test_english_does_not_depend_on_the_catalogues(tmp_path: Path, english: dict[str, str]) -> None:
    bare = tmp_path / "templates"
    shutil.copytree(ROOTS[0], bare, ignore=shutil.ignore_patterns(FOLDER))
    assert html_of(load(EXAMPLE), "en", roots=(bare,)) == english
    assert not any('lang="cy"' in html or "<span lang" in html for html in english.values())


def test_a_language_without_a_catalogue_prints_english_that_says_so(tmp_path: Path) -> None:
    bare = tmp_path / "templates"
    shutil.copytree(ROOTS[0], bare, ignore=shutil.ignore_patterns(FOLDER))
    made = html_of(load(EXAMPLE), "cy", ("pia",), roots=(bare,))["pia"]
    assert '<html lang="cy">' in made
    assert '<h2><span lang="en-GB">Contents</span></h2>' in made


def test_a_gap_and_a_reason_are_in_welsh(welsh: dict[str, str]) -> None:
    draft = html_of(load(shipped("examples") / "early-draft.json"), "cy", ("pia",))["pia"]
    assert '<strong class="gap">I’w gwblhau' in draft
    assert "Nid yw’n hysbys eto a yw hyn yn gymwys" in draft
    reason = "nid oes partner yn gyd-reolydd"
    assert f"Ddim yn gymwys: hyn. Y rheswm: {reason}.</p>" in welsh["pia"]
    assert f"Ddim yn gymwys: y cymal hwn. Y rheswm: {reason}.</p>" in welsh["agreement"]
    assert f"Ddim yn gymwys: yr atodlen hon. Y rheswm: {reason}.</p>" in welsh["agreement"]


# The PDF


def test_the_pdf_says_its_language_and_that_of_each_english_text(
    printed: dict[str, bytes],
) -> None:
    for content in printed.values():
        reader = pypdf.PdfReader(io.BytesIO(content))
        root: Any = reader.trailer["/Root"]
        assert root["/Lang"] == "cy"
        tags = list(_below(root["/StructTreeRoot"]))
        assert not [tag for tag in tags if tag["/S"] == "/Art"]
        english = [tag for tag in tags if tag.get("/Lang") == "en-GB"]
        assert len(english) > 20
        assert {tag["/S"] for tag in english} <= {"/Span", "/Figure"}
        for tag in tags:
            if tag["/S"] == "/Figure":
                assert tag["/Lang"] == "en-GB"


def _below(element: Any) -> Iterator[Any]:
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        found = kid.get_object() if hasattr(kid, "get_object") else kid
        if isinstance(found, dict) and found.get("/Type") == "/StructElem":
            yield found
            yield from _below(found)


def test_english_words_around_page_numbers_are_translated(printed: dict[str, bytes]) -> None:
    text = pypdf.PdfReader(io.BytesIO(printed["pia"])).pages[1].extract_text()
    assert "tudalen 2 o " in text
    assert "page 2 of" not in text


def test_welsh_is_not_hyphenated_by_the_rules_of_english() -> None:
    assert pyphen.language_fallback("cy") is None
    assert pyphen.language_fallback("en-GB") is not None


@pytest.mark.skipif("PIAGEN_VERAPDF" not in os.environ, reason="make test brings veraPDF")
def test_every_pdf_in_welsh_is_pdf_ua_1(printed: dict[str, bytes], tmp_path: Path) -> None:
    for document, content in printed.items():
        (tmp_path / f"{document}.pdf").write_bytes(content)
    command = ["java", "-cp", f"{os.environ['PIAGEN_VERAPDF']}/*", VERAPDF]
    options = ["--flavour", "ua1", "--format", "text", str(tmp_path)]
    said = subprocess.run(
        [*command, *options], capture_output=True, text=True, check=False
    ).stdout.splitlines()
    assert len(said) == len(printed)
    assert [line for line in said if not line.startswith("PASS ")] == []


def test_the_same_answers_give_the_same_bytes_in_welsh(printed: dict[str, bytes]) -> None:
    (again,) = render(load(EXAMPLE), ("pia",), language="cy")
    assert again.filename.endswith("_cy.pdf")
    assert again.content == printed["pia"]


def test_the_catalogue_is_a_draft_that_says_so() -> None:
    header = next(entries(ROOTS[0] / FOLDER / "cy.po"))
    assert header.message == ""
    assert "draft, not checked by a translator" in header.translation
