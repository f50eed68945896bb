"""Knows what an explanation is, and how it names law, questions and rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from piagen.frozen import frozen
from piagen.law.catalogue import load_catalogue
from piagen.law.citation import Citation
from piagen.pipeline.assess import questionnaire
from piagen.questionnaire.model import Entry, LaterColumn, Section, Table, Words
from piagen.rendering.law_in_words import verified as how_verified
from piagen.rules.registry import rules
from piagen.rules.rule import Rule


@frozen
class Part:
    """One labelled part of an explanation; each line is a paragraph or a point of a list."""

    label: str
    lines: tuple[str, ...]


@frozen
class Explanation:
    """One thing explained.

    Attributes:
        id: what it is called in files and commands.
        title: what it is, in one line.
        parts: in the order they are read.
    """

    id: str
    title: str
    parts: tuple[Part, ...]


def explanation(id_: str, title: str, *parts: Part) -> Explanation:
    """Return an explanation of those parts that say something."""
    return Explanation(id_, title, tuple(part for part in parts if part.lines))


@cache
def entries() -> Mapping[str, tuple[Section, Entry]]:
    """Return every question, table and row that must be there by its path, in the order asked."""
    found: dict[str, tuple[Section, Entry]] = {}
    for section, entry in questionnaire().entries():
        found[entry.path] = (section, entry)
        if isinstance(entry, Table):
            found |= {column.path: (section, column) for column in entry.columns}
    return found


def cited(key: str) -> str:
    """Return a citation with its key, how and when it was verified, and its address."""
    return verified(load_catalogue().cite(key))


def verified(citation: Citation) -> str:
    """Return a citation in words, its key, how and when it was verified, and its address."""
    link = f" {citation.href}" if citation.href else ""
    return f"{citation.text} ({citation.key}; {how_verified(citation)}).{link}"


def asked(path: str) -> str:
    """Return where a question stands: its section, its label and its path."""
    section, entry = entries()[path]
    return f"{section.title} › {_words(entry).label} ({path})"


def _words(entry: Entry) -> Words:
    return entry.question.words if isinstance(entry, LaterColumn) else entry.words


def where(key: str, menu: str | None = None, word: str = "") -> Iterator[Part]:
    """Yield which questions offer or cite an entry of the law, and which rules cite it.

    Args:
        key: the key of the entry.
        menu: the list of the catalogue that offers it to answers, if one does.
        word: what answers hold for it.
    """
    every = [q for _, q in questionnaire().questions()]
    offered = (q.path for q in every if menu and q.options_from == menu and word in q.options)
    citing = (q.path for q in every if key in q.reach.cites)
    yield Part("Where it is asked", tuple(map(asked, offered)))
    yield Part("Questions that cite it", tuple(map(asked, citing)))
    yield Part("Rules that cite it", named(r for r in rules().values() if key in _cites(r)))


def _cites(rule: Rule) -> set[str]:
    return {*rule.cites, *(key for keys in rule.cites_in.values() for key in keys)}


def named(some: Iterable[Rule]) -> tuple[str, ...]:
    """Return rules by id and title, a line each."""
    return tuple(f"{rule.id}: {rule.title}" for rule in some)


def sentence(text: str) -> str:
    """Return the text with a capital at its start, to stand alone."""
    return text[:1].upper() + text[1:]
