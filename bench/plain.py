"""Knows how hard questions and documents are to read: Flesch-Kincaid, names of laws left out."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from piagen.law.catalogue import load_catalogue
from piagen.pipeline.assess import questionnaire
from piagen.questionnaire.model import LaterColumn, Questionnaire, Table, Words
from piagen.resources import shipped

MEAN = 8.0
"""At most, over all questions; a grade is in years of school."""

HARDEST = 11.0
"""At most, for one question that has no `hard_words`."""

SUMMARY = 8.0
"""At most, for the fixed text of the summary of the assessment."""

CLAUSES = 11.0
"""At most, over the clauses of agreement and protocol, every clause counting alike."""

_PLACE = re.compile(
    r"\b(?:(?:[Aa]rticle|[Ss]chedule|[Ss]ection|[Pp]aragraph|Part|Chapter|Annex)s?) "
    r"\d\w*(?:\(\w+\))*(?:(?:,| and| or| to) \d\w*(?:\(\w+\))*)*"
)
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?|\d[\d,.]*", re.IGNORECASE)
_END = re.compile(r"[.?!]+(?=[\s\"”)]|$)")
_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
_CITED = re.compile(r"\(?\{\{ cite\([^}]*\}\}(?:; \{\{ cite\([^}]*\}\})*\)?")
_PRINTED = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_STEERED = re.compile(r"\{%.*?%\}", re.DOTALL)
_SENTENCES = re.compile(r"</?(?:p|li|td|th|caption|h[1-6]|tr|table|ul|div)\b[^>]*>")
_TAG = re.compile(r"<[^>]+>")
_FEWEST = 5
"""Words: what is shorter is a heading or a label, and no sentence."""
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
    print(f"Fixed text of the summary: {summary():.2f} (target at most {SUMMARY:g})")
    found_clauses = clauses()
    average = sum(grade for _, grade in found_clauses) / len(found_clauses)
    print(
        f"Fixed text of {len(found_clauses)} clauses: {average:.2f} on average "
        f"(target at most {CLAUSES:g})"
    )
    for name, grade in sorted(found_clauses, key=lambda one: -one[1])[:5]:
        print(f"  {grade:4.1f} {name}")


def graded(asked: Questionnaire) -> tuple[Graded, ...]:
    """Grade every question, table, column, later column and required row, in the order asked."""
    return tuple(
        Graded(path, grade(" ".join(filter(None, (words.ask, words.hint)))), words)
        for path, words in _said(asked)
    )


def summary() -> float:
    """Return the grade of the fixed text of the summary of the assessment, in years of school.

    There is little: most of the page is what the project says, which nobody but its author can
    make plain. The line that says on the cover what the assessment is about counts too.
    """
    folder = shipped("templates") / "pia"
    about = tomllib.loads((folder / "document.toml").read_text(encoding="utf-8"))["about"]
    return grade(f"{about} {fixed(folder / 'sections' / 'summary.html.j2')}")


def clauses() -> tuple[tuple[str, float], ...]:
    """Grade the fixed text of every clause of agreement and protocol that has a sentence."""
    folders = (shipped("templates") / name / "clauses" for name in ("agreement", "protocol"))
    paths = (path for folder in folders for path in sorted(folder.glob("*.j2")))
    texts = ((f"{path.parent.parent.name}: {path.name[:-8]}", fixed(path)) for path in paths)
    return tuple((name, grade(text)) for name, text in texts if text)


def fixed(path: Path) -> str:
    """Return the sentences that a template prints whatever the answers.

    Sentences of all branches are there; answers and citations are not.
    """
    text = _COMMENT.sub("", path.read_text(encoding="utf-8"))
    text = _STEERED.sub("", _PRINTED.sub(" ", _CITED.sub("", text)))
    parts = (" ".join(_TAG.sub("", part).split()) for part in _SENTENCES.split(text))
    said = (part for part in parts if len(_WORD.findall(part)) >= _FEWEST)
    return " ".join(part if part[-1] in ".?!" else f"{part}." for part in said)


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
