"""Knows how whatever has an id is explained: what it is, why, which law, what to do.

`piagen explain` and `piagen law show` print it and `docs/reference/` keeps it, so all say the same.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from functools import cache

from piagen.domain.stored_path import parse
from piagen.errors import PiagenError, shown
from piagen.law.catalogue import load_catalogue
from piagen.law.dated import DatedLaw
from piagen.law.fit import named_nations
from piagen.pipeline.explain_law import of_body_kind, of_law
from piagen.pipeline.explanation import (
    Explanation,
    Part,
    asked,
    cited,
    entries,
    explanation,
    named,
    sentence,
)
from piagen.questionnaire.model import (
    AnswerType,
    Entry,
    LaterColumn,
    Question,
    RequiredRow,
    Section,
    Table,
)
from piagen.rules.registry import rules
from piagen.rules.rule import Rule, Severity

TYPES: Mapping[AnswerType, str] = {
    "text": "Text on one line",
    "prose": "Text",
    "boolean": "Yes or no",
    "choice": "One of these words",
    "choices": "Any of these words",
    "number": "A whole number",
    "date": "A day, written as 2026-11-22",
    "email": "An email address",
    "url": "The address of a page",
    "reference": "The id of a row",
    "references": "The ids of rows",
}
"""Each type of answer, as it reads to people."""


_A = {Severity.ERROR: "an error", Severity.WARNING: "a warning", Severity.ADVICE: "advice"}


class NothingToExplain(PiagenError):
    """An id that names no rule, law, kind of body or question."""


def explain(
    id_: str, law: DatedLaw | None = None, severities: Mapping[str, Severity] | None = None
) -> Explanation:
    """Explain whatever has the id.

    Args:
        id_: of a rule (or its name), of an entry of the law (or the word that answers use for a
            basis), of a kind of body, or the path of a question, as asked or as stored.
        law: says how an entry stands; None for the law on no day.
        severities: what an organisation made of some rules, by id.

    Raises:
        NothingToExplain: nothing has that id; the error names the nearest of all kinds.
    """
    law = law or load_catalogue().as_at(None)
    for rule in rules().values():
        if id_.upper() == rule.id.upper() or id_ == rule.name:
            return of_rule(rule, (severities or {}).get(rule.id))
    if path := _path_of(id_):
        return of_entry(*entries()[path])
    known = _known_law()
    if id_ in known:
        return of_law(known[id_], law)
    if id_ in law.catalogue.body_kinds:
        return of_body_kind(law.catalogue.body_kinds[id_], law)
    names = (rule.name for rule in rules().values())
    every = [*rules(), *names, *entries(), *known, *law.catalogue.body_kinds]
    near = difflib.get_close_matches(id_[:100], every, n=1, cutoff=0.5)
    meant = f" Did you mean “{near[0]}”?" if near else ""
    raise NothingToExplain(
        f"“{shown(id_)}” is no rule, entry of the law, kind of body or question.{meant}"
    )


def of_rule(rule: Rule, moved: Severity | None = None) -> Explanation:
    """Explain one rule.

    Args:
        rule: which.
        moved: what the organisation made of its severity; None where it is as it ships.
    """
    severity = moved or rule.severity
    weight = f"{severity.capitalize()}: {severity.means}."
    if severity is not rule.severity:
        weight += f" Your piagen.toml says so; it ships as {_A[rule.severity]}."
    if not rule.waivable:
        weight += " Nobody can accept it: the law leaves no choice."
    elif severity is Severity.ERROR:
        weight += " Its owner and the data protection officer can accept it together, with a reason"
        weight += " and an end date."
    nations = [
        Part(f"Law in {named_nations([nation])}", tuple(map(cited, keys)))
        for nation, keys in rule.cites_in.items()
    ]
    return explanation(
        rule.id,
        f"{rule.title} ({rule.name})",
        Part("Weight", (weight,)),
        Part("Why", (sentence(rule.why),)),
        Part("Do", (sentence(rule.do),)),
        Part("Law", tuple(map(cited, rule.cites))),
        *nations,
        Part("Applies in", (named_nations(rule.nations),) if rule.nations else ()),
        Part("Where it is asked", tuple(map(asked, rule.asked))),
    )


def of_entry(section: Section, entry: Entry) -> Explanation:
    """Explain a question, or a table or a row that must be there."""
    question = entry.question if isinstance(entry, LaterColumn) else entry
    words, reach = question.words, question.reach
    return explanation(
        entry.path,
        words.label,
        Part("We ask", (words.ask,)),
        Part("Section", (section.title,)),
        Part("Hint", _paragraphs(words.hint)),
        Part("Example", _paragraphs(words.example)),
        Part("Why we ask, and what good looks like", _paragraphs(words.guidance)),
        Part("Standard text, offered and never filled in", _paragraphs(words.standard_text)),
        Part("Answer", tuple(_answer(entry))),
        Part("Law", tuple(map(cited, reach.cites))),
        Part(
            "Rules that read the answer",
            named(r for r in rules().values() if entry.path in r.asked),
        ),
    )


@cache
def _known_law() -> Mapping[str, str]:
    """The key of every entry of the law, by that key and by the word of answers if it is unique."""
    catalogue = load_catalogue()
    found = tuple(catalogue.keys())
    bases = [basis for family in catalogue.bases.values() for basis in family.values()]
    words = [basis.id for basis in bases]
    by_word = {b.id: b.key for b in bases if words.count(b.id) == 1 and not b.id.isdigit()}
    return by_word | dict(zip(found, found, strict=True))


def _path_of(id_: str) -> str | None:
    """The path of a question, from the path as asked or as stored; None where there is none."""
    if id_ in entries():
        return id_
    try:
        place = parse(id_)
    except ValueError:
        return None
    path = place.asked or f"{place.key}[]"
    return path if path in entries() else None


def _answer(entry: Entry) -> Iterator[str]:
    """What can be answered, and whether an answer is needed."""
    match entry:
        case LaterColumn(question=question):
            yield from _answer(question)
        case Question(options_from=str()):
            yield f"{TYPES[entry.type]} of the law catalogue"
        case Question():
            unit = f", in {entry.unit}" if entry.unit else ""
            of = f", of {entry.of}[]" if entry.of else ""
            yield TYPES[entry.type] + of + unit + (" (optional)" if entry.reach.optional else "")
            yield from (f"{word}: {label}" for word, label in entry.options.items())
        case Table():
            yield f"A table; each row is a {entry.row}"
            yield from (f"{column.words.label} ({column.path})" for column in entry.columns)
        case RequiredRow():
            yield f"A row of {entry.key}[] whose {entry.column} is {entry.word}"


def _paragraphs(text: str | None) -> tuple[str, ...]:
    return tuple(" ".join(part.split()) for part in (text or "").split("\n\n") if part.strip())
