"""Knows how everything that is told to a person is worded; text and JSON say the same things."""

from __future__ import annotations

import textwrap
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from piagen.domain.days import in_words
from piagen.errors import (
    MOST_OF_A_PATH,
    PiagenError,
    Problem,
    QuestionnaireErrors,
    ShapeErrors,
    UnusableFile,
    shown,
)

if TYPE_CHECKING:
    from piagen.law.citation import Citation
    from piagen.pipeline.assess import Review
    from piagen.questionnaire.missing import Missing
    from piagen.rendering.glyphs import Unprintable
    from piagen.rules.engine import Finding

Json = dict[str, Any]

MOST_CHARACTERS = 5
"""Of one answer; an answer in a script that we lack would fill the screen."""
WRITE_ANOTHER_WAY = """\
  A PDF shows an empty box for each, and then fails the accessibility standard (PDF/UA).
  Write them another way: a name in Latin letters, a picture in words. The fonts that come with
  piagen have Latin, Greek, Cyrillic, Arabic, Bengali, Devanagari, Gujarati, Gurmukhi, Hebrew and
  Tamil letters and common symbols; no emoji, and no Chinese, whose font alone is some 16 MB."""


def error_in_words(error: PiagenError, path: object = None) -> str:
    """Return the error as lines of text: where, what, and what to do."""
    match error:
        case ShapeErrors(problems=problems):
            return "\n".join(_problems(path, problems))
        case QuestionnaireErrors(problems=problems):
            head = f"The questionnaire cannot be used: {_count(len(problems), 'fault')}."
            return "\n".join([head, *map(_fault_of_questionnaire, problems)])
    return str(error)


def _fault_of_questionnaire(problem: Problem) -> str:
    line = f" (line {problem.line})" if problem.line else ""
    return f"  {problem.at}{line}: {problem.says}"


def error_as_json(error: PiagenError, path: object) -> Json:
    """Return the error as data."""
    problems = error.problems if isinstance(error, ShapeErrors) else ()
    if isinstance(error, UnusableFile):
        problems = (Problem("", error.says, line=error.line),)
    return {
        "file": _text(path),
        "usable": False,
        "problems": [
            {
                "at": problem.at,
                "where": problem.where,
                "says": problem.says,
                "asked": problem.asked,
                "line": problem.line,
            }
            for problem in problems
        ],
    }


def review_in_words(path: object, review: Review, shown: Iterable[Finding]) -> str:
    """Return what is missing, open, hidden and found.

    Args:
        path: the answers file.
        review: what the look at it found.
        shown: the findings to tell; all of them are counted.
    """
    wanted = review.given + len(review.missing)
    day = f"on {in_words(review.day)}" if review.day else "on no day: the assessment has no date"
    lines = [
        f"{_named(path)}: {review.given:,} of {_count(wanted, 'answer')} given. The law is read "
        f"{day}."
    ]
    if review.unasked:
        lines += ["", f"Missing: {_count(len(review.unasked), 'answer')}."]
        lines += _by_section(review.unasked, review.begun)
    if review.open:
        lines += ["", f"Open: {_count(len(review.open), 'question')} asked of somebody."]
        lines += _by_section(review.open, review.begun)
    if review.unconfirmed:
        lines += ["", f"Unconfirmed: {_count(len(review.unconfirmed), 'answer')}."]
        lines += _counted_by_section(review.unconfirmed)
    if review.hidden:
        lines += ["", "Kept in the file, but no longer asked, and not printed:"]
        lines += [f"  {at}" for at in review.hidden]
    if review.unprintable:
        lines += ["", *_unprintable(review.unprintable)]
    if not review.missing:
        lines += ["", "Nothing is missing."]
    lines += ["", _counted(review.findings)]
    for finding in shown:
        lines += ["", *_finding(finding)]
    return "\n".join(lines)


def _counted(findings: Iterable[Finding]) -> str:
    standing = Counter(str(f.severity) for f in findings if f.stands)
    accepted = sum(not f.stands for f in findings)
    counts = [_count(standing[word], noun) for word, noun in _NOUNS.items() if standing[word]]
    if accepted:
        counts.append(f"{accepted:,} accepted")
    return f"Found: {', '.join(counts)}." if counts else "Found: nothing to mend."


_NOUNS = {"error": "error", "warning": "warning", "advice": "suggestion"}


def _finding(finding: Finding) -> Iterator[str]:
    place = f" ({finding.at})" if finding.at else ""
    head = f"{finding.severity.capitalize()} {finding.rule.id}  {finding.where}{place}"
    yield from textwrap.wrap(
        head, 96, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
    )
    yield from _wrapped(finding.says)
    if finding.waiver:
        accepted = finding.waiver
        yield from _wrapped(
            f"Accepted by {accepted.owner}"
            + (f" and {accepted.dpo}" if accepted.dpo else "")
            + f" until {in_words(accepted.until)}: {accepted.reason}"
        )
        return
    yield from _wrapped(f"Do: {finding.rule.do}")
    if finding.cites:
        cited = "; ".join(_cited(citation) for citation in citations(finding))
        yield from _wrapped(f"Law: {cited}.")


def citations(finding: Finding) -> tuple[Citation, ...]:
    """Return the citations of a finding, each with how it was verified."""
    from piagen.law.catalogue import load_catalogue

    return tuple(load_catalogue().cite(key) for key in finding.cites)


def _cited(citation: Citation) -> str:
    from piagen.rendering.law_in_words import verified

    return f"{citation.text} ({verified(citation)})"


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, 96, initial_indent="  ", subsequent_indent="  ")


def warnings_in_words(path: object, unprintable: Iterable[Unprintable]) -> str:
    """Return what a PDF cannot show, told while it is made all the same."""
    return "\n".join([f"{_named(path)}:", *_unprintable(unprintable)])


def drafts_in_words(path: object, review: Review) -> str:
    """Return why documents that were written are drafts."""
    stands = "stands" if len(review.errors) == 1 else "stand"
    errors = _count(len(review.errors), "error")
    return f"{_named(path)}: {errors} {stands}, so these are drafts. piagen check tells them."


def review_as_json(path: object, review: Review, shown: Iterable[Finding]) -> Json:
    """Return the same as data."""
    return {
        "file": _text(path),
        "usable": True,
        "as_at": review.day.isoformat() if review.day else None,
        "given": review.given,
        "missing": [_gap(gap) for gap in review.unasked],
        "open": [_gap(gap) for gap in review.open],
        "unconfirmed": [_gap(gap) for gap in review.unconfirmed],
        "hidden": list(review.hidden),
        "warnings": [
            {
                "at": found.at,
                "where": found.label,
                "says": f"No bundled font can print {found.code}; write it another way.",
                "character": found.character,
                "code": found.code,
                "name": found.name,
            }
            for found in review.unprintable
        ],
        "sections": {
            section: len(list(gaps))
            for section, gaps in groupby(review.missing, lambda gap: gap.section.id)
        },
        "errors": len(review.errors),
        "findings": [finding_as_json(finding) for finding in shown],
    }


def finding_as_json(finding: Finding) -> Json:
    """Return one finding as data."""
    waiver = finding.waiver
    return {
        "rule": finding.rule.id,
        "name": finding.rule.name,
        "severity": str(finding.severity),
        "at": finding.at,
        "where": finding.where,
        "section": finding.section,
        "says": finding.says,
        "why": finding.rule.why,
        "do": finding.rule.do,
        "law": [citation_as_json(citation) for citation in citations(finding)],
        "stands": finding.stands,
        "waiver": waiver
        and {
            "reason": waiver.reason,
            "owner": waiver.owner,
            "dpo": waiver.dpo,
            "until": waiver.until.isoformat(),
        },
    }


def citation_as_json(citation: Citation) -> Json:
    """Return one citation as data, with how it was verified."""
    return {
        "key": citation.key,
        "text": citation.text,
        "href": citation.href,
        "verified": str(citation.verified),
        "checked_on": citation.checked_on.isoformat() if citation.checked_on else None,
        "status": str(citation.status) if citation.status else None,
    }


def _gap(gap: Missing) -> Json:
    said: Json = {
        "at": gap.at,
        "section": gap.section.id,
        "label": gap.entry.words.label,
        "asked": gap.entry.words.ask,
    }
    if gap.open:
        due = gap.open.due.isoformat() if gap.open.due else None
        said |= {"note": gap.open.note, "owner": gap.open.owner, "due": due}
    return said


def _by_section(gaps: Iterable[Missing], begun: frozenset[str]) -> Iterator[str]:
    """A section that nobody has begun is one line."""
    for section, group in groupby(gaps, lambda gap: gap.section):
        found = list(group)
        if section.id not in begun and not any(gap.open for gap in found):
            yield f"  {section.title} ({len(found)}), not started"
            continue
        yield f"  {section.title} ({len(found)})"
        for gap in found:
            asked = f" (asked of {gap.open.owner})" if gap.open and gap.open.owner else ""
            yield f"    {gap.entry.words.label}: {gap.at}{asked}"


def _counted_by_section(gaps: Iterable[Missing]) -> Iterator[str]:
    """What was filled in beforehand is confirmed a section at a time, so it is told like that."""
    for section, group in groupby(gaps, lambda gap: gap.section):
        yield f"  {section.title} ({len(list(group))})"


def _unprintable(found: Iterable[Unprintable]) -> Iterator[str]:
    yield "Characters that cannot be printed:"
    for (at, where), group in groupby(found, attrgetter("at", "label")):
        characters = list(group)
        yield f"  {where} ({at})"
        for one in characters[:MOST_CHARACTERS]:
            # A mark needs something to stand on: alone it would change what is written before it.
            carrier = "◌" if unicodedata.combining(one.character) else ""
            yield f"    {carrier}{one.character}  {one.code}  {one.name}"
        if (more := len(characters) - MOST_CHARACTERS) > 0:
            yield f"    and {more:,} more"
    yield WRITE_ANOTHER_WAY


def _problems(path: object, problems: tuple[Problem, ...]) -> Iterator[str]:
    needs = "needs" if len(problems) == 1 else "need"
    yield f"{_named(path)} is not ready: {_count(len(problems), 'answer')} {needs} attention."
    for problem in problems:
        yield ""
        yield f"  {problem.where or problem.at}" + (f" ({problem.at})" if problem.at else "")
        yield f"    {problem.says}"
        if problem.asked:
            yield f"    asked as “{problem.asked}”"


def _named(path: object) -> str:
    return shown(str(path), MOST_OF_A_PATH)


def _text(path: object) -> str:
    """A file may have a name that is no text; JSON can only hold text."""
    return str(path).encode("utf-8", "replace").decode()


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
