"""What answers may be written in is printed with glyphs; what is not is named with its field."""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Any

import pytest
from fontTools.ttLib import TTFont

import piagen
from piagen.law.catalogue import load_catalogue
from piagen.pipeline.documents import documents, template_roots
from piagen.questionnaire.model import Questionnaire
from piagen.questionnaire.survey import survey
from piagen.rendering.glyphs import covered, missing_from_fonts, uncovered
from piagen.rendering.html import render_html
from piagen.rendering.pdf import render_pdf
from piagen.rendering.rendition import Rendition
from piagen.resources import shipped

from .drawn import Glyph, glyphs, unsupported

FONTS = shipped("templates") / "_base" / "fonts"
SOURCE = "Source-Sans-3"
SAMPLES = {
    "English": (SOURCE, "The office is open every day, from 9 to 5 – “at no cost”: £0 or €0."),
    "Welsh": (
        SOURCE,
        "Mae’r swyddfa ar agor bob dydd; gŵyr pawb am y tŷ a’r dŵr, â, ê, î, ô, ẁ, ẅ.",
    ),
    "Gaelic": (SOURCE, "Tha an oifis fosgailte gach là; cuiribh fòn thugainn. Ḃ ċ ḋ ḟ ġ ṁ ṗ ṡ ṫ."),
    "Polish": (SOURCE, "Biuro jest czynne codziennie: żółć, gęś, ćma, źdźbło, sól, koń."),
    "Romanian": (SOURCE, "Biroul este deschis în fiecare zi; știință, viață, mâine."),
    "Vietnamese": (SOURCE, "Văn phòng mở cửa mỗi ngày."),
    "Greek": (SOURCE, "Το γραφείο είναι ανοιχτό κάθε μέρα."),
    "polytonic Greek": (SOURCE, "Ἀρχὴ ἥμισυ παντός, ᾠδή, ῥόδον."),
    "Russian": (SOURCE, "Офис открыт каждый день, объём."),
    "Ukrainian": (SOURCE, "Офіс відкритий щодня; їжа, ґанок, є."),
    "Kazakh": (SOURCE, "Кеңсе күн сайын ашық; әкім, ұл, қоғам."),
    "rare Cyrillic": ("Noto-Sans", "Ҥ ҥ Ӹ ӹ"),
    "rare Greek": ("Noto-Sans", "Ϛ Ϟ"),
    "rare Latin": ("Noto-Sans", "Ƙ ƙ Ƴ ƴ Ǩ ǩ"),
    "Arabic": ("Noto-Sans-Arabic", "المكتب مفتوح كل يوم، من ٩ إلى ٥."),
    "Urdu": ("Noto-Sans-Arabic", "دفتر ہر روز کھلا ہے۔ ٹیلی فون، ڈاکٹر، پڑھائی، چچا، گھر"),
    "Persian": ("Noto-Sans-Arabic", "دفتر هر روز باز است؛ می\u200cخواهم، پژوهش، گچ ۱۲۳"),
    "Kurdish": ("Noto-Sans-Arabic", "نووسینگە هەموو ڕۆژێک کراوەیە، گوڵ"),
    "Bengali": ("Noto-Sans-Bengali", "অফিস প্রতিদিন খোলা থাকে। শিক্ষা, কর্তৃপক্ষ ৯"),
    "Panjabi": ("Noto-Sans-Gurmukhi", "ਦਫ਼ਤਰ ਹਰ ਰੋਜ਼ ਖੁੱਲ੍ਹਾ ਹੁੰਦਾ ਹੈ। ਸਿੱਖਿਆ ੯"),
    "Gujarati": ("Noto-Sans-Gujarati", "કાર્યાલય દરરોજ ખુલ્લું છે. શિક્ષણ, ક્ષમતા ૯"),
    "Hindi": ("Noto-Sans-Devanagari", "कार्यालय प्रतिदिन खुला रहता है। शिक्षा, क्षेत्र, हिन्दी ९"),
    "Nepali": ("Noto-Sans-Devanagari", "कार्यालय हरेक दिन खुला हुन्छ।"),
    "Tamil": ("Noto-Sans-Tamil", "அலுவலகம் தினமும் திறந்திருக்கும். கொடுக்கிறோம்"),
    "Hebrew": ("Noto-Sans-Hebrew", "המשרד פתוח בכל יום. שָׁלוֹם"),
    "signs of Source Sans": (
        SOURCE,
        "← → ↑ ↓ ✓ ✔ ✗ ☐ ☑ • ▪ ◦ ¹ ² ³ ½ ¼ ¾ ⅓ ⅔ ₹ ° ± × ÷ ≤ ≥ ≠ … ™ § ¶",
    ),
    "signs of Symbols2": ("Noto-Sans-Symbols2", "☒ ☎ ✉ ⚠ ★ ➢ ❖"),
    "signs of Symbols": ("Noto-Sans-Symbols", "① ② Ⅳ ⓐ"),
}
"""The family that has the letters, and a sentence of our own."""
WITHOUT_A_FONT = "漢字かなカナ한글ไทยአማርኛ😀👩🏽🇬🇧𐎀\uf0b7\ue000"
STYLES = {
    "regular": "{}",
    "semibold": "<strong>{}</strong>",
    "bold": '<span style="font-weight: 700">{}</span>',
    "italic": "<em>{}</em>",
}


NO_FOOT = "@page { @bottom-right { content: none !important } }"


def page(paragraphs: Iterable[str]) -> bytes:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    said = "".join(f' data-{name}=""' for name in ("kind", "marking", "lead", "title", "state"))
    html = (
        '<!doctype html><html lang="en"><head><title>Samples</title>'
        f"<style>{NO_FOOT}</style></head><body{said}>{body}</body></html>"
    )
    return render_pdf(html, roots=template_roots(), identifier="samples")


def letters(drawn: Iterable[Glyph], *fonts: str) -> str:
    return "".join(glyph.text for glyph in drawn if glyph.font.rstrip(",-").startswith(fonts))


@pytest.fixture(scope="module")
def drawn() -> dict[tuple[str, str], list[Glyph]]:
    """What each sample looks like in each style."""
    return {
        (language, style): list(glyphs(page([markup.format(escape(text))])))
        for language, (_, text) in SAMPLES.items()
        for style, markup in STYLES.items()
    }


def test_the_coverage_file_is_what_the_fonts_hold() -> None:
    """If it is not: python docs/fonts.py coverage."""
    held = {point for font in FONTS.glob("*.ttf") for point in TTFont(font).getBestCmap()}
    said = [point for run in covered() for point in run]
    assert said == sorted(said)
    assert set(said) == held


def test_bold_and_italic_cover_what_regular_covers() -> None:
    families: dict[str, set[frozenset[int]]] = {}
    for font in FONTS.glob("*.ttf"):
        points = frozenset(TTFont(font).getBestCmap())
        families.setdefault(font.stem.partition("-")[0], set()).add(points)
    assert len(families) == 11
    assert {name for name, held in families.items() if len(held) > 1} == set()


@pytest.mark.parametrize("sheet", ["type.css", "page.css"])
def test_the_style_sheets_name_every_bundled_family(sheet: str) -> None:
    """A family that is not named is chosen, if at all, by the order of files on the disk."""
    css = (FONTS.parent / sheet).read_text(encoding="utf-8")
    (used,) = re.findall(r"font-family: (var\(--font\))[,;]", css)
    tokens = (FONTS.parent / "tokens.css").read_text(encoding="utf-8")
    (stack,) = re.findall(r"--font: ([^;]+);", tokens)
    assert used
    held = {str(TTFont(font)["name"].getBestFamilyName()) for font in FONTS.glob("*.ttf")}
    assert held <= set(re.findall(r'"([^"]+)"', stack))


def test_every_font_comes_with_its_licence() -> None:
    said = (FONTS / "README.md").read_text(encoding="utf-8")
    for font in FONTS.glob("*.ttf"):
        names = TTFont(font)["name"]
        assert f"| {font.stem.partition('-')[0]} |" in said
        assert re.search(r"Version (\d+\.\d+)", names.getDebugName(5))[1] in said  # type: ignore[index]
        licence = FONTS / ("OFL-Noto.txt" if font.name.startswith("Noto") else "OFL.txt")
        assert "SIL OPEN FONT LICENSE Version 1.1" in licence.read_text(encoding="utf-8")


@pytest.mark.parametrize("language", SAMPLES)
def test_a_language_is_covered(language: str) -> None:
    assert missing_from_fonts(SAMPLES[language][1]) == ()


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("language", SAMPLES)
def test_a_language_is_drawn_with_glyphs_of_its_font(
    drawn: dict[tuple[str, str], list[Glyph]], language: str, style: str
) -> None:
    font, text = SAMPLES[language]
    found = drawn[language, style]
    assert [glyph for glyph in found if not glyph.real] == []
    assert set(letters(found, SOURCE, "Noto")) <= set(text)
    of_its_own = [c for c in text if unicodedata.category(c)[0] == "L" or ord(c) > 0x2460]
    assert set(of_its_own) <= set(letters(found, font))
    if style in ("bold", "semibold") and not language.startswith("signs"):
        assert any("Bold" in glyph.font for glyph in found if glyph.font.startswith(font))


def test_an_empty_box_is_seen_by_these_tests() -> None:
    """The tests above rest on it."""
    with unsupported() as reported:
        found = list(glyphs(page(["A漢😀"])))
    assert reported == {"漢", "😀"}
    assert [glyph.real for glyph in found] == [True, False, False]


def test_arabic_is_joined_and_runs_from_right_to_left() -> None:
    word = "سلام"
    found = list(glyphs(page([word])))
    assert "".join(glyph.text for glyph in found) in ("م" + "لا" + "س", word[::-1])
    isolated = TTFont(FONTS / "NotoSansArabic-Regular.ttf")
    number = isolated.getGlyphID(isolated.getBestCmap()[ord("س")])
    (seen,) = [glyph.number for glyph in found if glyph.text == "س"]
    assert seen != number


@pytest.mark.parametrize(
    ("cluster", "count"),
    [("क्ष", 1), ("क्षि", 2), ("ক্ষ", 1), ("ક્ષ", 1), ("ਸ੍ਰ", 2), ("கொ", 3)],
)
def test_letters_of_india_join_and_vowels_part(cluster: str, count: int) -> None:
    found = list(glyphs(page([cluster])))
    assert len(found) == count != len(cluster)
    assert "".join(glyph.text for glyph in found) == cluster
    assert all(glyph.real for glyph in found)


def agrees_with_the_printed_page(characters: list[str]) -> None:
    with unsupported() as reported:
        page(f"a{escape(character)}b" for character in characters)
    named = {character for character in characters if missing_from_fonts(character)}
    assert reported - named == set(), "printed as an empty box, and not named"
    assert named - reported <= DRAWN_FROM_PARTS_WE_LACK | BOX_NOT_REPORTED


DRAWN_FROM_PARTS_WE_LACK = {"\u0e33", "\u0eb3"}
BOX_NOT_REPORTED = {"\u1680"}
"""The space of ogham: it prints as an empty box, and as a space it is left out of the report."""


def test_the_space_of_ogham_prints_as_an_empty_box_and_is_named() -> None:
    assert [glyph.real for glyph in glyphs(page(["a\u1680b"]))] == [True, False, True]
    assert missing_from_fonts("a\u1680b") == ("\u1680",)


"""Thai and Lao am: shaping takes them apart, and the parts have no glyph."""
ASSIGNED = [
    chr(point)
    for point in (*range(0xA0, 0x3400), *range(0xA000, 0xABFF), *range(0xF900, 0xFFFD))
    if unicodedata.category(chr(point)) not in ("Cn", "Cs") and point not in (0x2028, 0x2029)
]


def test_what_is_named_is_what_prints_as_an_empty_box() -> None:
    some = random.Random(1).sample(ASSIGNED, 1_200)  # noqa: S311 - a sample, always the same
    agrees_with_the_printed_page([*some, *WITHOUT_A_FONT])


@pytest.mark.soak
def test_what_is_named_is_what_prints_as_an_empty_box_everywhere() -> None:
    agrees_with_the_printed_page(ASSIGNED)


def test_characters_that_are_covered_print_in_any_company() -> None:
    """A font that lacks the space would print a box between two of its letters."""
    points = [chr(point) for run in covered() for point in run if point >= 0x20]
    points = [c for c in points if c not in "\u2028\u2029"]
    rare = random.Random(2)  # noqa: S311 - a sample, always the same
    lines = ["".join(rare.choices([*points, " ", " "], k=30)) for _ in range(250)]
    lines += [f"{c} {c}\u00a0{c}.{c} ‑ {c}" for c in rare.sample(points, 250)]
    with unsupported() as reported:
        page(escape(line) for line in lines)
    assert reported == set()


@pytest.mark.skipif("PIAGEN_VERAPDF" not in os.environ, reason="make test brings veraPDF")
def test_a_page_of_every_language_is_pdf_ua_1(tmp_path: Path) -> None:
    (tmp_path / "samples.pdf").write_bytes(
        page(
            markup.format(escape(text))
            for _, text in SAMPLES.values()
            for markup in STYLES.values()
        )
    )
    said = subprocess.run(
        ["java", "-cp", f"{os.environ['PIAGEN_VERAPDF']}/*",
         "org.verapdf.apps.GreenfieldCliWrapper", "--flavour", "ua1", "--format", "text", "-v",
         str(tmp_path / "samples.pdf")],
        capture_output=True, text=True, check=False,
    ).stdout  # fmt: skip
    assert said.startswith("PASS"), said


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffsaved by an editor",
        "soft\u00adhyphen, zero\u200bwidth, joined\u2060words",
        "می\u200cخواهم",
        "tab\tnew line\nno\u00a0break, em\u2003space, thin\u2009space, \u3000wide",
        "☎\ufe0f text or picture \u2714\ufe0e",
        "one line\u2028the next\u2029a paragraph",
    ],
)
def test_characters_without_a_picture_of_their_own_are_not_named(text: str) -> None:
    assert missing_from_fonts(text) == ()


@pytest.mark.parametrize("text", ["café Ŵŷ ń", "ạ̄ ṅ ọ́ ǟ", "≮ ≯ ∄", "Ἀρχὴ", "й ї"])
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_marks_that_fonts_can_compose_are_not_named(text: str, form: str) -> None:
    written = unicodedata.normalize(form, text)  # type: ignore[arg-type]
    assert missing_from_fonts(written) == ()
    with unsupported() as reported:
        page([written])
    assert reported == set()


def test_each_character_is_named_once_a_field_in_the_order_of_the_text() -> None:
    assert missing_from_fonts("b漢a😀漢c字") == ("漢", "😀", "字")


def test_a_character_is_named_with_the_field_that_holds_it(questionnaire: Questionnaire) -> None:
    answers = {
        "piagen": "1",
        "extra": {"note": "漢"},
        "assessment": {"title": "Hub 漢字", "reference": "ok"},
        "partners": [
            {"id": "northshire", "name": "Northshire Council"},
            {"id": "mill", "short_name": "Mill", "name": "Mill 𐎀", "contact": "😀 desk"},
        ],
        "open_questions": [{"at": "assessment.owner", "owner": "王"}],
        "dismissed_risks": [{"slug": "a", "reason": "\uf0b7 listed"}],
    }
    found = uncovered(survey(questionnaire, answers).visible, questionnaire)
    assert [(one.at, one.character, one.code, one.name) for one in found] == [
        ("assessment.title", "漢", "U+6F22", "CJK UNIFIED IDEOGRAPH-6F22"),
        ("assessment.title", "字", "U+5B57", "CJK UNIFIED IDEOGRAPH-5B57"),
        ("partners[mill].name", "𐎀", "U+10380", "UGARITIC LETTER ALPA"),
        ("open_questions[row 1].owner", "王", "U+738B", "CJK UNIFIED IDEOGRAPH-738B"),
        (
            "dismissed_risks[row 1].reason",
            "\uf0b7",
            "U+F0B7",
            "private use: known to one font only",
        ),
    ]
    assert found[0].label == "About this assessment › Project title"
    assert found[2].label == "Organisations › Mill › Legal name"


def test_hidden_answers_are_not_looked_at(questionnaire: Questionnaire) -> None:
    answers = {"piagen": "1", "partnership": {"protocol": "none", "protocol_title": "漢"}}
    found = survey(questionnaire, answers)
    assert "partnership.protocol_title" in found.hidden
    assert uncovered(found.visible, questionnaire) == ()


def test_a_mistake_in_every_typed_question_is_found(questionnaire: Questionnaire) -> None:
    visible: dict[str, Any] = {}
    typed = []
    for _, question in questionnaire.questions():
        if question.type not in ("text", "prose", "email", "url"):
            continue
        typed.append(question.path.replace("[]", "[a]"))
        if "[]" in question.path:
            visible.setdefault(question.key, [{"id": "a"}])[0][question.leaf] = "漢"
        else:
            visible.setdefault(question.key, {})[question.leaf] = "漢"
    assert len(typed) > 150
    assert {one.at for one in uncovered(visible, questionnaire)} == set(typed)


def test_everything_that_ships_can_be_printed() -> None:
    """Labels, templates, law and examples: a warning is about the answers alone."""
    law = Path(piagen.__file__).parent / "law"
    folders = (law, shipped("templates"), shipped("questionnaires"), shipped("examples"))
    read = [
        path
        for folder in folders
        for path in folder.rglob("*")
        if path.suffix in (".yaml", ".j2", ".toml", ".json", ".css")
    ]
    assert len(read) > 150
    lacking = {str(path): missing_from_fonts(path.read_text(encoding="utf-8")) for path in read}
    assert {path: found for path, found in lacking.items() if found} == {}


def test_line_ends_of_other_programs_become_new_lines(questionnaire: Questionnaire) -> None:
    html = render_html(
        documents()["pia"],
        {"piagen": "1", "project": {"summary": "One\u2028Two\u2029Three"}},
        questionnaire=questionnaire,
        law=load_catalogue().as_at(None),
        findings=(),
        roots=template_roots(),
        rendition=Rendition("html"),
    )
    assert "One\nTwo\n\nThree" in html
    assert "\u2028" not in html


def test_looking_opens_no_font() -> None:
    code = (
        "import sys\n"
        "from piagen.pipeline.assess import check, load\n"
        "from piagen.resources import shipped\n"
        "check(load(shipped('examples') / 'early-draft.json'))\n"
        "sys.exit(any(name in sys.modules for name in ('fontTools', 'weasyprint')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
