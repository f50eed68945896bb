"""Knows how hard each question is to read: its Flesch-Kincaid grade, the names of laws left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from piagen.law.catalogue import load_catalogue
from piagen.pipeline.assess import questionnaire
from piagen.questionnaire.model import LaterColumn, Questionnaire, Table, Words

MEAN = 8.0
"""At most, over all questions; a grade is in years of school."""

HARDEST = 11.0
"""At most, for one question that has no `hard_words`."""

_PLACE = re.compile(
    r"\b(?:(?:[Aa]rticle|[Ss]chedule|[Ss]ection|[Pp]aragraph|Part|Chapter|Annex)s?) "
    r"\d\w*(?:\(\w+\))*(?:(?:,| and| or| to) \d\w*(?:\(\w+\))*)*"
)
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?|\d[\d,.]*", re.IGNORECASE)
_END = re.compile(r"[.?!]+(?=[\s\"”)]|$)")
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT = re.compile(
    r"(?<![aeiouytd])ed$|(?<![aeiouycgsxz])(?<![cs]h)(?<![^aeiouy]l)es$|(?<![aeiouy])(?<![^aeiouy]l)e$"
)


class Graded(NamedTuple):
    """One entry and how hard it is to read.

    Attributes:
        path: the entry's path.
        grade: of its question and hint together, in years of school.
        words: what it says.
    """

    path: str
    grade: float
    words: Words


def main() -> None:
    """Print the mean beside its target, and the ten hardest questions."""
    found = graded(questionnaire())
    print(
        f"Flesch-Kincaid grade of {len(found)} questions with their hints: "
        f"{mean(found):.2f} on average (target at most {MEAN:g})"
    )
    for path, grade, words in sorted(found, key=lambda one: -one.grade)[:10]:
        reason = f": {words.hard_words}" if words.hard_words else ""
        print(f"  {grade:4.1f} {path} (target at most {HARDEST:g}{reason})")


def graded(asked: Questionnaire) -> tuple[Graded, ...]:
    """Grade every question, table, column, later column and required row, in the order asked."""
    return tuple(
        Graded(path, grade(" ".join(filter(None, (words.ask, words.hint)))), words)
        for path, words in _said(asked)
    )


def mean(found: tuple[Graded, ...]) -> float:
    """Return the mean grade, every question counting alike."""
    return sum(one.grade for one in found) / len(found)


def grade(text: str) -> float:
    """Return the Flesch-Kincaid grade of a text, in years of school; 0 where it has no word.

    That is 0.39 times the words in a sentence, plus 11.8 times the syllables in a word, less 15.59
    (Kincaid and others, 1975). It knows length alone: a short word that nobody knows counts as
    easy, and so does a sentence whose order is hard to follow. In a text of few words one long word
    weighs much. Syllables are groups of vowels without a silent e, so `idea` has two, and letters
    said one by one, such as NHS, make one. A number is a word of one syllable, each part of a
    hyphenated word is a word, and a colon does not end a sentence.
    """
    plain = without_law(text)
    words = _WORD.findall(plain)
    if not words:
        return 0.0
    sentences = max(1, len(_END.findall(plain)))
    spoken = sum(syllables(word) for word in words)
    return 0.39 * len(words) / sentences + 11.8 * spoken / len(words) - 15.59


def syllables(word: str) -> int:
    """Count the groups of vowels in a word, a silent e left out; at least one."""
    stem = _SILENT.sub("", word.lower().partition("'")[0])
    return max(1, len(_VOWELS.findall(stem)))


def without_law(text: str) -> str:
    """Return the text without names of Acts, instruments and codes, and numbers of their parts."""
    return _PLACE.sub("", _names().sub("", text))


@cache
def _names() -> re.Pattern[str]:
    """The titles and short titles in the catalogue, longest first, chapter numbers left out."""
    names: set[str] = set()
    for instrument in load_catalogue().instruments.values():
        title = re.sub(r" \([^()]*\d[^()]*\)$", "", instrument.title)
        names |= {title, instrument.short_title, instrument.short_title.removeprefix("ICO ")}
    longest = sorted(names, key=lambda name: (-len(name), name))
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest))})(?!\w)")


def _said(asked: Questionnaire) -> Iterator[tuple[str, Words]]:
    for _, entry in asked.entries():
        match entry:
            case Table():
                yield entry.path, entry.words
                yield from ((column.path, column.words) for column in entry.columns)
            case LaterColumn():
                yield entry.path, entry.question.words
            case _:
                yield entry.path, entry.words


if __name__ == "__main__":
    main()
