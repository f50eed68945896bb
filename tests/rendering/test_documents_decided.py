"""What a governance team would send back in a document itself: words, terms and names it prints."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from tests.rendering.reach import VOID

from piagen.config import Config
from piagen.law.catalogue import load_catalogue
from piagen.law.dated import REGULATOR
from piagen.pipeline.assess import Loaded, load, load_bytes
from piagen.pipeline.documents import needed, render
from piagen.resources import shipped

EXAMPLES = sorted(path.stem for path in shipped("examples").glob("*.json"))
WORDS = [
    *sorted(Path(shipped("templates")).rglob("*.j2")),
    *sorted(Path(shipped("templates")).rglob("*.toml")),
    *sorted(Path(shipped("questionnaires")).rglob("*.yaml")),
]
"""Every file whose words a document may print, whatever the answers."""

GONE = re.compile(
    r"Data Protection Act 1998|DPA 1998|Audit Commission|Data Protection Directive|95/46|"
    r"Clinical Commissioning Group",
    re.IGNORECASE,
)
"""Laws and bodies that newer ones have replaced."""

REGULATOR_BY_HAND = re.compile(r"\bICO\b|Information Commission")
MOBILE = re.compile(r"(?<!\d)(?:\+44\s?|0)7\d{3}\s?\d{3}\s?\d{3}(?!\d)")
TEN_DIGITS = re.compile(r"(?<!\d)\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d)")
NATIONAL_INSURANCE = re.compile(r"\b[A-CEGHJ-PR-TW-Z]{2}\s?\d{2}\s?\d{2}\s?\d{2}\s?[A-D]\b")
DRAMA = "07700900"
"""The range of mobile numbers that is kept for fiction."""


class OwnWords(HTMLParser):
    """Collects what a document prints, without the answers, which carry their place."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self._open: list[tuple[str, bool]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self._open.append((tag, tag in ("style", "script") or "data-at" in dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not any(skipped for _, skipped in self._open):
            self.said.append(data)


def own_words(html: str) -> str:
    """The words of a document that no answer gave."""
    return " ".join(" ".join(OwnWords(html).said).split())


def text_of(html: str) -> str:
    """All the words of a document."""
    return " ".join(re.sub(r"<style.*?</style>|<[^>]+>", " ", html, flags=re.DOTALL).split())


def written(answers: Mapping[str, Any] | Loaded, config: Config | None = None) -> Mapping[str, str]:
    """Every document that the answers need, as HTML."""
    loaded = answers
    if not isinstance(loaded, Loaded):
        loaded = load_bytes(json.dumps(answers).encode(), Path("project.json"))
    return {
        done.document: done.content.decode()
        for done in render(loaded, format="html", config=config)
    }


def partnership(**changed: Any) -> dict[str, Any]:
    """Two bodies that share every week, with what a test changes."""
    return {
        "piagen": "1",
        "partners": [{"id": "school", "name": "Elm School"}, {"id": "hub", "name": "Oak Council"}],
        "data_flows": [
            {"id": "list", "sender": "school", "recipients": ["hub"], "frequency": "weekly"}
        ],
    } | changed


@pytest.fixture(scope="module", params=EXAMPLES)
def example(request: pytest.FixtureRequest) -> Loaded:
    return load(shipped("examples") / f"{request.param}.json")


@pytest.mark.parametrize("path", WORDS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_our_words_name_no_law_or_body_that_is_gone(path: Path) -> None:
    assert GONE.findall(path.read_text(encoding="utf-8")) == []


def test_no_document_names_a_law_or_body_that_is_gone(example: Loaded) -> None:
    for document, html in written(example).items():
        assert GONE.findall(text_of(html)) == [], document


def test_no_template_spells_the_name_of_the_regulator() -> None:
    titles = re.compile("|".join(map(re.escape, _titles())))
    found = {
        path.name: REGULATOR_BY_HAND.findall(titles.sub("", _without_comments(path)))
        for path in WORDS
        if path.suffix == ".j2"
    }
    assert {name: words for name, words in found.items() if words} == {}


def test_a_document_calls_the_regulator_what_the_configuration_says(example: Loaded) -> None:
    config = Config(regulator="Office of Invented Affairs")
    found = written(example, config)
    titles = re.compile("|".join(map(re.escape, _titles())))
    for document, html in found.items():
        assert REGULATOR_BY_HAND.findall(titles.sub("", own_words(html))) == [], document
    assert "Office of Invented Affairs" in own_words(found["pia"])
    assert REGULATOR in own_words(written(example)["pia"])


def _titles() -> list[str]:
    """Official titles of codes and guidance that hold the name; they are not ours to change."""
    instruments = load_catalogue().instruments.values()
    named = {title for i in instruments for title in (i.short_title, i.title)}
    return sorted((t for t in named if REGULATOR_BY_HAND.search(t)), key=len, reverse=True)


def _without_comments(path: Path) -> str:
    return re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)


@pytest.mark.parametrize(
    ("protocol", "says"),
    [
        ({"protocol": "none"}, "It stands alone, and holds all the common rules"),
        ({}, "Until this is settled, the agreement stands alone."),
        (
            {"protocol": "exists", "protocol_title": "Northshire protocol"},
            "made under an information sharing protocol: Northshire protocol",
        ),
    ],
)
def test_an_agreement_without_a_protocol_says_that_it_stands_alone(
    protocol: dict[str, str], says: str
) -> None:
    agreement = written(partnership(partnership=protocol, documents={"wanted": ["agreement"]}))
    assert set(agreement) == {"agreement", "card"}
    assert says in text_of(agreement["agreement"])


def test_an_agreement_beside_a_protocol_that_is_drafted_with_it_stands_alone_until_then() -> None:
    found = written(partnership(partnership={"protocol": "none"}))
    assert set(found) == {"pia", "protocol", "agreement", "card", "blank_agreement"}
    assert "Until then it stands alone." in text_of(found["agreement"])


def test_an_agreement_that_stands_alone_has_every_clause_of_one_that_does_not() -> None:
    alone = partnership(partnership={"protocol": "none"}, documents={"wanted": ["agreement"]})
    under = partnership(partnership={"protocol": "exists"}, documents={"wanted": ["agreement"]})
    clauses = re.compile(r"<h2[^>]*>(.*?)</h2>", re.DOTALL)
    found = [clauses.findall(written(answers)["agreement"]) for answers in (alone, under)]
    assert found[0] == found[1]
    assert len(found[0]) > 30


def test_a_protocol_comes_with_an_agreement_unless_somebody_chose_otherwise() -> None:
    answers = partnership(partnership={"protocol": "none"})
    loaded = load_bytes(json.dumps(answers).encode(), Path("project.json"))
    assert {"protocol", "agreement"} <= set(needed(loaded))


def test_a_protocol_says_in_its_first_clause_that_it_permits_nothing() -> None:
    chosen = partnership(documents={"wanted": ["protocol"]})
    found = written(chosen)
    assert set(found) == {"protocol", "blank_agreement"}
    first = re.search(r'<p class="clause">(.*?)</p>', found["protocol"], re.DOTALL)
    assert first is not None
    says = text_of(first[1])
    assert "This protocol permits nothing by itself." in says
    assert "It authorises no sharing of personal data." in says
    assert "Regular sharing must have an information sharing agreement" in text_of(
        found["protocol"]
    )


def test_a_protocol_names_the_designated_person_of_each_partner_or_marks_the_gap() -> None:
    answers = partnership(documents={"wanted": ["protocol"]})
    answers["partners"][0]["designated_person"] = "Head of Elm School"
    protocol = written(answers)["protocol"]
    assert "Head of Elm School" in text_of(protocol)
    of = re.compile(r'data-at="partners\[(\w+)\]\.designated_person"[^>]*>(?=(.{60}))', re.DOTALL)
    said = {(partner, "To be completed" in after) for partner, after in of.findall(protocol)}
    assert said == {("school", False), ("hub", True)}


def test_nothing_that_ships_holds_a_number_of_a_real_person(example: Loaded) -> None:
    assert list(_real_numbers(json.dumps(example.answers, ensure_ascii=False))) == []


@pytest.mark.parametrize("path", WORDS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_words_of_ours_hold_a_number_of_a_real_person(path: Path) -> None:
    assert list(_real_numbers(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    ("text", "real"),
    [
        ("Ring 07911 123456.", 1),
        ("Ring +44 7911 123 456.", 1),
        ("Ring 07700 900123.", 0),
        ("Ring 01632 960001.", 0),
        ("NHS number 943 476 5919", 1),
        ("NHS number 943 476 5918", 0),
        ("National Insurance number AB 12 34 56 C", 1),
        ("Reference SCC-DPIA-2026-031", 0),
    ],
)
def test_the_search_for_numbers_of_people_tells_real_from_invented(text: str, real: int) -> None:
    assert len(list(_real_numbers(text))) == real


def _real_numbers(text: str) -> Iterator[str]:
    for found in MOBILE.findall(text):
        national = "0" + re.sub(r"\D", "", found).removeprefix("44").removeprefix("0")
        if not national.startswith(DRAMA):
            yield found
    yield from (found for found in TEN_DIGITS.findall(text) if _is_nhs_number(found))
    yield from NATIONAL_INSURANCE.findall(text)


def _is_nhs_number(text: str) -> bool:
    """Whether the tenth digit checks the first nine, modulo 11."""
    *digits, check = (int(character) for character in text if character.isdigit())
    weighed = sum(digit * (10 - place) for place, digit in enumerate(digits))
    return (11 - weighed % 11) % 11 == check
