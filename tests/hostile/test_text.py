"""What a user types is printed as typed, as text and nothing else, or refused by name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.hostile.naughty import (
    BASES,
    BLANK,
    LINES,
    PROSE,
    REFUSED,
    Answers,
    Typed,
    base,
    filled,
    folded,
    harmless,
    loaded,
    put,
    text_places,
    tree_of,
)
from tests.rendering.reach import html_of

from piagen.errors import ShapeErrors
from piagen.pipeline.assess import Loaded, questionnaire
from piagen.pipeline.documents import documents, filename
from piagen.questionnaire.model import Question
from piagen.rendering.rendition import Rendition

DOCUMENTS = list(documents())
TEXT = [q for _, q in questionnaire().questions() if q.type in ("text", "prose") and not q.derived]

HOLDS_TEXT = {("meta", "content")} | {
    ("body", f"data-{name}") for name in ("title", "lead", "marking", "state")
}
"""The only attributes that what is typed may reach."""
WIDTH = re.compile(r"^width: \d+%$")
"""The share of a column, which follows the length of what stands in it."""


SVG = "{http://www.w3.org/2000/svg}"
DRAWN = {
    f"{SVG}{name}"
    for name in ("title", "desc", "g", "rect", "path", "text", "tspan", "line", "circle", "ellipse")
}
"""What a picture is made of: nothing in it loads, links or runs."""
SIZE = re.compile(r"display: block; max-width: 100%")
DANGEROUS = re.compile(r"href$|^on|^style$|^src$")


def skeleton(tree: Any) -> list[tuple[object, list[tuple[str, str]]]]:
    """Every element in order, with its attributes; comments count as elements.

    A picture counts as one: how many lines a name takes in it, and where they stand, follows the
    length of the name. `not_drawn` looks into it.
    """
    inside = {part for picture in tree.iter(f"{SVG}svg") for part in picture.iter()}
    return [
        (
            element.tag,
            sorted(
                (name, "" if (element.tag, name) in HOLDS_TEXT else WIDTH.sub("width", value))
                for name, value in element.attrib.items()
            ),
        )
        for element in tree.iter()
        if element not in inside
    ]


def not_drawn(tree: Any) -> Iterator[str]:
    """Yield what stands in a picture and no picture is made of."""
    for picture in tree.iter(f"{SVG}svg"):
        for part in picture.iter():
            if part is not picture and part.tag not in DRAWN:
                yield f"{part.tag}"
            for name, value in part.attrib.items():
                size = part is picture and name == "style" and SIZE.fullmatch(value)
                if DANGEROUS.search(name) and not size:
                    yield f"{part.tag} {name}: {value}"


def not_as_typed(tree: Any, document: str, typed: list[Typed]) -> Iterator[str]:
    """Yield each answer that a section of the document should print as typed, and does not."""
    manifest = documents()[document]
    parts = {e.get("id"): [str(part) for part in e.itertext()] for e in tree.iter() if e.get("id")}
    spaced = {id_: folded(" ".join(said)) for id_, said in parts.items()}
    tight = {id_: folded("".join(said)) for id_, said in parts.items()}
    for one in typed:
        if document not in one.question.reach.documents:
            continue
        for plan in manifest.sections:
            text = folded(one.text)
            if plan.prints(one.question) and not (
                text in spaced[plan.id] or text in tight[plan.id]
            ):
                yield f"{one.at} in {document}#{plan.id}: {one.text[:60]!a}"


def hold(answers: Answers, shift: int) -> None:
    """Fill every text with hostile strings, and look at all documents."""
    made, typed = filled(answers, shift)
    hostile, tame = loaded(made), loaded(harmless(made))
    for document in DOCUMENTS:
        tree = tree_of(html_of(document, hostile))
        assert list(not_as_typed(tree, document, typed)) == []
        assert list(not_drawn(tree)) == []
        assert skeleton(tree) == skeleton(tree_of(html_of(document, tame)))


@pytest.mark.parametrize("name", BASES)
def test_hostile_text_is_printed_as_typed_and_makes_no_element(name: str | int) -> None:
    hold(base(name), shift=0)


@pytest.mark.parametrize("shift", [97, 211])
def test_other_strings_in_the_same_places_are_no_worse(shift: int) -> None:
    hold(base("safeguarding-hub"), shift)


@pytest.mark.soak
@pytest.mark.parametrize("name", BASES)
@pytest.mark.parametrize("shift", range(5, len(PROSE), 11))
def test_most_strings_in_most_places(name: str | int, shift: int) -> None:
    hold(base(name), shift)


def test_every_text_of_the_questionnaire_and_every_string_is_tried() -> None:
    tried = [typed for name in BASES for typed in filled(base(name), 0)[1]]
    assert {question.path for question in TEXT} == {typed.question.path for typed in tried}
    assert {typed.text for typed in tried} == set(PROSE)
    assert len(LINES) > 150


def lone(question: Question, text: str) -> tuple[Answers, str]:
    """Answers that hold nothing but the text, and the place where it stands."""
    if question.key in questionnaire().tables:
        row = {"id": "a", question.leaf: text}
        return {"piagen": "1", question.key: [row]}, f"{question.key}[a].{question.leaf}"
    return {"piagen": "1", question.key: {question.leaf: text}}, question.path


def said_of(question: Question, text: str) -> str:
    answers, at = lone(question, text)
    with pytest.raises(ShapeErrors) as refused:
        loaded(answers)
    (problem,) = (problem for problem in refused.value.problems if problem.at == at)
    assert question.words.label in str(problem.where)
    return problem.says


@pytest.mark.parametrize("question", TEXT, ids=lambda question: question.path)
def test_what_cannot_be_printed_is_refused_naming_field_and_character(question: Question) -> None:
    for text, character in REFUSED:
        assert character in said_of(question, text)
    for text in BLANK:
        assert said_of(question, text) == "Write an answer, or leave this key out."


def test_marks_that_turn_text_round_are_refused_and_the_message_says_why() -> None:
    """Arabic and Hebrew need none: their letters carry their direction."""
    title = questionnaire().by_path["assessment.title"]
    for mark in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069":
        assert "read falsely" in said_of(title, f"invoice{mark}fdp.exe")
    for fine in ("שלום", "مرحبا", "\u200eA\u200f"):
        assert loaded(lone(title, fine)[0])["assessment"]["title"] == fine


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "file:///etc/passwd",
     "vbscript:x", "ftp://x.example", "//x.example", "\\\\x.example\\y", "piagen:_base/draft.svg",
     " https://x.example", "https://x.example\" onclick=\"x", "https://x.example/<b>",
     "https://x.example/\u202egpj.exe", "https:x.example", "https://", "HTTPS://x.example"],
)  # fmt: skip
def test_a_web_address_is_http_or_https_and_nothing_else(address: str) -> None:
    for _, question in questionnaire().questions():
        if question.type == "url":
            said_of(question, address)


def links(document: str, answers: Answers) -> list[str]:
    found = tree_of(html_of(document, answers)).iter()
    return [str(e.get(name)) for e in found for name in ("href", "src") if e.get(name)]


def test_no_answer_becomes_a_link() -> None:
    """Addresses are printed as text; links lead to sections, rows and the law."""
    plain = base("safeguarding-hub")
    answers, address = base("safeguarding-hub"), "https://evil.example/x"
    for _, question in questionnaire().questions():
        if question.type == "url":
            for row in answers.get(question.key, [{}]) if "[]" in question.path else [{}]:
                put(answers, question, row.get("id"), address)
    assert any(address in html_of(document, loaded(answers)) for document in DOCUMENTS)
    for document in DOCUMENTS:
        assert links(document, loaded(answers)) == links(document, loaded(plain))


def test_no_text_gets_out_of_the_name_of_a_file() -> None:
    for text in LINES:
        about = {"title": text, "reference": text, "version": text}
        name = filename(Loaded(Path("x.json"), {"assessment": about}), "pia", Rendition("pdf"))
        assert re.fullmatch(r"[a-z0-9-]+_pia_v[a-z0-9-][a-z0-9.-]*\.pdf", name), name
        assert len(name) < 150


def test_the_example_has_text_to_replace() -> None:
    assert len(list(text_places(base("safeguarding-hub")))) > len(PROSE)
