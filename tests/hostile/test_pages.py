"""What a user types is drawn on the page: nothing leaves it, and nothing is lost."""

from __future__ import annotations

import html
import re
import subprocess
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from PIL import Image
from tests.hostile.naughty import PROSE, Answers, loaded, put, text_places

from piagen.pipeline.assess import Loaded, questionnaire
from piagen.pipeline.documents import documents, render
from piagen.resources import shipped

POINTS = 72 / 25.4
WIDTH, HEIGHT = 210 * POINTS, 297 * POINTS
SIDE_MM = 14
SIDE, EDGE = SIDE_MM * POINTS, 4 * POINTS
"""The narrowest margin at the sides, which protocols and agreements have, and what stays white
above the running head and below the foot."""
SLACK = 2.0
"""Points: the box of a word that a tool reports is a little wider than its ink."""

SAMPLE = 20
EACH = -(-len(PROSE) // SAMPLE)
TABLES = ("partners", "purposes", "data_items", "data_flows", "risks", "actions")
NAMED = {name for _, question in questionnaire().questions() for name in question.reach.documents}
KINDS = [kind for kind in documents() if kind in NAMED]
"""The documents that questions name; others print a part of what these print, or none."""


@cache
def in_the_font() -> frozenset[int]:
    """What the typeface of the text covers; other scripts come from fonts of their own."""
    regular = shipped("templates") / "_base" / "fonts" / "SourceSans3-Regular.ttf"
    return frozenset(TTFont(regular).getBestCmap())


def can_be_found(text: str) -> bool:
    """Whether tools give the text back as typed: left to right, no piled-up or hidden marks."""
    return all(
        ord(c) in in_the_font()
        and unicodedata.category(c) not in ("Mn", "Cf", "Co")
        and unicodedata.bidirectional(c) not in ("R", "AL")
        for c in text
        if not c.isspace()
    )


def squashed(text: str) -> str:
    """Without white space and hidden characters, ligatures taken apart."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(c for c in plain if not c.isspace() and unicodedata.category(c) != "Cf")


def project(document: str, texts: tuple[str, ...], skip: int) -> tuple[Answers, list[str]]:
    """A small project with a string in each of some places, and those the document must print."""
    rows: Answers = {"piagen": "1", **{table: [{"id": "a"}] for table in TABLES}}
    there = [p for p in text_places(rows, answered=False) if document in p[0].reach.documents]
    lines = [place for place in there if place[0].type == "text"]
    prose = [place for place in there if place[0].type == "prose"]
    for i, text in enumerate(texts):
        of = prose if "\n" in text or "\t" in text or "\u2028" in text or i % 2 else lines
        question, _, row = of[(skip + i) % len(of)]
        of.remove((question, _, row))
        put(rows, question, row, text)
    return rows, [text for text in texts if can_be_found(text)]


def words(pdf: Path) -> Iterator[tuple[float, float, float, float, str]]:
    """Yield the box of every word of every page, in points from the top left corner."""
    said = subprocess.run(["pdftotext", "-bbox", pdf, "-"], capture_output=True, check=True)
    box = r'<word xMin="(.+?)" yMin="(.+?)" xMax="(.+?)" yMax="(.+?)">(.*?)</word>'
    for found in re.finditer(box, said.stdout.decode("utf-8", "replace")):
        x, y, right, bottom = map(float, found.groups()[:4])
        yield x, y, right, bottom, found[5]


def on_the_page(x: float, y: float, right: float, bottom: float, word: str) -> bool:
    """Whether a word stands between the margins of its page.

    Where the typeface lacks a character, tools report the box of another shape: there only
    `ink_outside` tells.
    """
    if not all(ord(c) in in_the_font() for c in html.unescape(word)):
        return True
    beside = x >= SIDE - SLACK and right <= WIDTH - SIDE + SLACK
    return beside and y >= EDGE - SLACK and bottom <= HEIGHT - EDGE + SLACK


def body_text(pdf: Path, document: str) -> str:
    """The text between the running heads and feet, cell by cell."""
    top, foot = (36, 801) if document == "pia" else (31, 809)
    frame = ["-x", "0", "-y", str(top), "-W", "600", "-H", str(foot - top)]  # points
    said = subprocess.run(["pdftotext", "-raw", *frame, pdf, "-"], capture_output=True, check=True)
    return squashed(said.stdout.decode("utf-8", "replace"))


def is_whole(text: str, said: str) -> bool:
    """Whether all of a text is there; what is long may be parted by the head of the next page."""
    if len(text) < 200:
        return text in said
    return text[:20] in said and text[-20:] in said and Counter(text) <= Counter(said)


def ink_outside(pdf: Path, folder: Path) -> list[str]:
    """The pages on which something is drawn in the outer margins, whatever it is."""
    subprocess.run(["pdftoppm", "-r", "36", "-gray", pdf, folder / "page"], check=True)
    spoilt = []
    for path in sorted(folder.glob("page*.pgm")):
        with Image.open(path) as page:
            wide, high = page.size
            side, edge = int((SIDE_MM - 4) / 210 * wide), int(4 / 297 * high)
            strips = [(0, 0, side, high), (wide - side, 0, wide, high),
                      (0, 0, wide, edge), (0, high - edge, wide, high)]  # fmt: skip
            if any(min(page.crop(strip).tobytes()) < 200 for strip in strips):
                spoilt.append(path.name)
    return spoilt


def holds_its_page(document: str, texts: tuple[str, ...], skip: int, folder: Path) -> None:
    answers, wanted = project(document, texts, skip)
    (made,) = render(Loaded(Path("hostile.json"), loaded(answers)), [document])
    pdf = folder / "hostile.pdf"
    pdf.write_bytes(made.content)
    assert [word for word in words(pdf) if not on_the_page(*word)] == []
    assert ink_outside(pdf, folder) == []
    said = body_text(pdf, document)
    assert [text for text in wanted if not is_whole(squashed(text), said)] == []


@pytest.mark.parametrize("number", range(SAMPLE))
def test_hostile_text_stays_on_its_page_and_whole(number: int, tmp_path: Path) -> None:
    """Between them the twenty documents hold every string."""
    texts = PROSE[number * EACH : (number + 1) * EACH]
    holds_its_page(KINDS[number % len(KINDS)], texts, number, tmp_path)


DRAW = """
import hashlib, sys
from pathlib import Path
from piagen.pipeline.assess import Loaded
from piagen.pipeline.documents import render
for title in sys.argv[1:]:
    loaded = Loaded(Path("x.json"), {"piagen": "1", "assessment": {"title": title}})
    (made,) = render(loaded, ["protocol"])
print(hashlib.sha256(made.content).hexdigest())
"""


def test_a_document_is_the_same_whatever_was_drawn_before_it() -> None:
    """Found by drawing hostile text: Arabic before it moved the Chinese of the next document."""

    def last(*titles: str) -> str:
        command = [sys.executable, "-c", DRAW, *titles]
        return subprocess.run(command, capture_output=True, check=True, text=True).stdout

    chinese = "中" * 300
    assert last("مرحبا بالعالم", chinese) == last(chinese)


def test_names_without_a_space_stay_on_the_page_at_its_head_and_foot(tmp_path: Path) -> None:
    """Title and lead stand in the margins of every page, beside the marking and the number."""
    long = "W" * 700
    answers = {
        "piagen": "1",
        "assessment": {"title": long, "version": long, "reference": long, "owner": long},
        "partners": [{"id": "a", "name": long, "short_name": long}],
        "partnership": {"lead": "a"},
    }
    (made,) = render(Loaded(Path("hostile.json"), loaded(answers)), ["protocol"])
    pdf = tmp_path / "hostile.pdf"
    pdf.write_bytes(made.content)
    assert [word for word in words(pdf) if not on_the_page(*word)] == []
    assert ink_outside(pdf, tmp_path) == []


@pytest.mark.soak
@pytest.mark.parametrize("document", KINDS)
@pytest.mark.parametrize("number", range(2 * SAMPLE))
def test_all_strings_stay_on_their_page_in_other_places(
    document: str, number: int, tmp_path: Path
) -> None:
    start = number % SAMPLE * EACH
    holds_its_page(document, PROSE[start : start + EACH][::-1], 3 + 17 * number, tmp_path)
