"""A place in the answers is named in words, so that nobody has to know a number by heart."""

from __future__ import annotations

import pytest

from piagen.pipeline.assess import questionnaire
from piagen.questionnaire.naming import place_in_words, reference

ASKED = questionnaire()
LONG = "Find children who are missing from every school, so that somebody can look for them"
ANSWERS = {
    "purposes": [{"id": "missing", "purpose": LONG}],
    "partners": [{"id": "council", "name": "Elm Council"}],
    "legal_basis": [{"id": "row", "partner": "council", "purpose": "missing"}],
    "risks": [{"id": "seen", "risk": "Somebody looks without need"}],
}


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("", "The whole project"),
        ("assessment.title", "About this assessment › Project title"),
        ("assessment", "About this assessment"),
        ("legal_basis", "Legal basis"),
        (
            "legal_basis[row].article_6",
            "Legal basis › L-01 Elm Council, P1 Find children who are missing from every school, "
            "so that … › Article 6 lawful basis",
        ),
        ("risks[seen]", "Risks to people › R-01 Somebody looks without need"),
        ("partners[].name", "Organisations › Legal name"),
        ("waivers", "Findings accepted"),
        ("nowhere.at_all", "nowhere.at_all"),
    ],
)
def test_a_place_names_its_row_in_words(at: str, words: str) -> None:
    assert place_in_words(ASKED, at, ANSWERS) == words


def test_elsewhere_the_number_stands_for_a_row_that_is_a_sentence() -> None:
    assert reference(ASKED, "purposes", "missing", ANSWERS) == "P1"


def test_an_empty_short_name_leaves_the_row_its_legal_name() -> None:
    answers = {"partners": [{"id": "council", "name": "Elm Council", "short_name": " "}]}
    assert place_in_words(ASKED, "partners[council]", answers) == "Organisations › Elm Council"


def test_a_row_whose_name_is_blank_is_called_by_its_id():
    answers = {"data_flows": [{"id": "referral", "name": " ", "method": "meeting"}]}
    told = place_in_words(ASKED, "data_flows[referral].method", answers)
    assert "referral" in told
    assert "› ›" not in " ".join(told.split())
