"""Knows how a project is reviewed: every rule runs, and every finding is placed, cited and sorted.

Two kinds of finding are held back. What is not asked cannot be missing. And while a project is a
draft, the list of what is missing says enough about a section that nobody has begun.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

from piagen.domain.kept import Waiver
from piagen.domain.project import Project
from piagen.domain.stored_path import StoredPath, parse
from piagen.frozen import frozen
from piagen.law.dated import DatedLaw
from piagen.law.screening import ScreeningResult
from piagen.practice.risk_prompts import CatalogueRisk
from piagen.questionnaire.missing import Missing
from piagen.questionnaire.model import STORED_DERIVED, Questionnaire, Table
from piagen.questionnaire.naming import place_in_words
from piagen.rules.rule import Found, Rule, Severity


@frozen
class Evidence:
    """What a rule may ask for, by the name of a parameter.

    Attributes:
        project: the visible answers, typed, with their joins.
        law: the catalogue of law, read on the day of the assessment.
        gaps: what is absent, open or not, in the order asked.
        screened: what the screening leads to; None before its first answer.
        hidden: stored paths of answers that do not apply, which no other evidence holds.
        prompted: the risks of the catalogue that the answers call for and nobody has looked at.
        unconfirmed: answers that are there, and that nobody has confirmed, in the order asked.
        findings: what the other rules found; a rule that asks for it runs after them.
    """

    project: Project
    law: DatedLaw
    gaps: tuple[Missing, ...]
    screened: ScreeningResult | None
    hidden: tuple[str, ...] = ()
    prompted: tuple[CatalogueRisk, ...] = ()
    unconfirmed: tuple[Missing, ...] = ()
    findings: tuple[Finding, ...] = ()


@frozen
class Finding:
    """One fault of one project.

    Attributes:
        rule: the rule that found it.
        severity: the rule's, or what the organisation made of it.
        at: the stored path where it is mended.
        where: the same place in words.
        section: the id of the section that asks for it; empty for what is not asked.
        says: what is wrong there.
        cites: citation keys, the rule's own first.
        waiver: who accepted it until when, if that is complete and has not ended.
    """

    rule: Rule
    severity: Severity
    at: str
    where: str
    section: str
    says: str
    cites: tuple[str, ...]
    waiver: Waiver | None = None

    @property
    def stands(self) -> bool:
        """Whether nobody has accepted it."""
        return self.waiver is None


def assess(
    evidence: Evidence,
    rules: Mapping[str, Rule],
    *,
    questionnaire: Questionnaire,
    answers: Mapping[str, Any],
    begun: frozenset[str],
    asked: frozenset[str],
    severities: Mapping[str, Severity],
) -> tuple[Finding, ...]:
    """Return every finding, in the order of the questionnaire; a rule never stops the others.

    Args:
        evidence: what the rules read.
        rules: by id.
        questionnaire: orders and names the places.
        answers: the visible answers, for the names of rows.
        begun: ids of the sections with at least one answer.
        asked: stored paths of every place that applies, tables by their key.
        severities: what an organisation made of some rules, by id.
    """
    places = _Places(questionnaire, answers)
    early = evidence.project.assessment.status in (None, "draft")

    def applies(finding: Finding) -> bool:
        place = parse(finding.at) if finding.at else None
        if place is None or not finding.section:
            return True
        # What is worked out is never asked, and yet a result that was kept can be at fault.
        return finding.at in STORED_DERIVED or (finding.at if place.leaf else place.key) in asked

    def found_by(some: Iterable[Rule], evidence: Evidence) -> list[Finding]:
        found = [
            places.finding(rule, severities.get(rule.id, rule.severity), one, evidence.project)
            for rule in some
            for one in run(rule, evidence)
        ]
        return [f for f in found if applies(f) and not (early and f.section not in (*begun, ""))]

    first = [rule for rule in rules.values() if "findings" not in rule.needs]
    last = [rule for rule in rules.values() if "findings" in rule.needs]
    findings = found_by(first, evidence)
    findings += found_by(last, replace(evidence, findings=tuple(findings)))
    accepted = [_waived(f, evidence.project.waivers, evidence.law) for f in findings]
    return tuple(sorted(accepted, key=lambda f: (places.order(f.at), f.severity.rank, f.rule.id)))


def run(rule: Rule, evidence: Evidence) -> Sequence[Found]:
    """Return what one rule finds; a rule that raises is itself an error that stands."""
    nations = evidence.project.assessment.nations
    if rule.nations and nations is not None and not set(rule.nations) & set(nations):
        return ()
    try:
        found = tuple(rule.check(**{name: getattr(evidence, name) for name in rule.needs}))
        for one in found:
            _test(one, rule, evidence.law)
        return found
    except Exception as error:  # a fault of ours must not hide what the other rules find
        says = f"The rule {rule.id} broke off ({type(error).__name__}), so this was not checked."
        return (Found("", says),)


def _test(found: Found, rule: Rule, law: DatedLaw) -> None:
    """Test what a rule yields where it is made, so that a fault there is told as the rule's own.

    Raises:
        ValueError: its place is not written as one.
        UnknownCitation: it cites what the catalogue does not hold.
    """
    if found.at:
        parse(found.at)
    for key in (*rule.cites, *chain(*rule.cites_in.values()), *found.cites):
        law.catalogue.entry(key)


def accepts(waiver: Waiver, finding: Finding, law: DatedLaw) -> bool:
    """Whether the waiver is for this finding, complete, and has not ended on the day.

    An error needs the owner and the data protection officer together, and a rule that may be
    waived; without a day nobody can say that a waiver still runs.
    """
    return (
        waiver.rule == finding.rule.id
        and waiver.at == finding.at
        and law.day is not None
        and law.day <= waiver.until
        and (finding.severity is not Severity.ERROR or (finding.rule.waivable and bool(waiver.dpo)))
    )


def _waived(finding: Finding, waivers: Sequence[Waiver], law: DatedLaw) -> Finding:
    taken = next((waiver for waiver in waivers if accepts(waiver, finding, law)), None)
    return replace(finding, waiver=taken) if taken else finding


class _Places:
    """Where each place stands in the questionnaire, and what it is called."""

    def __init__(self, questionnaire: Questionnaire, answers: Mapping[str, Any]) -> None:
        self.questionnaire, self.answers = questionnaire, answers
        self.asked = {path: (e, c, section) for path, e, c, section in _paths(questionnaire)}

    def finding(self, rule: Rule, severity: Severity, found: Found, project: Project) -> Finding:
        broke = not found.at
        nations = project.assessment.nations or ()
        own = [key for nation in nations for key in rule.cites_in.get(nation, rule.cites)]
        return Finding(
            rule=rule,
            severity=Severity.ERROR if broke else severity,
            at=found.at,
            where=place_in_words(self.questionnaire, found.at, self.answers),
            section="" if broke else self._asked(parse(found.at))[2],
            says=found.says[:1].upper() + found.says[1:],
            cites=() if broke else tuple(dict.fromkeys((*(own or rule.cites), *found.cites))),
        )

    def order(self, at: str) -> tuple[int, int, int]:
        """Its entry in the questionnaire, then its row, then its column."""
        if not at:
            return (-1, -1, -1)
        place = parse(at)
        rows = self.answers.get(place.key, ())
        row = next((i for i, r in enumerate(rows) if place.row and r.get("id") == place.row), -1)
        entry, column, _ = self._asked(place)
        return (entry, row, column)

    def _asked(self, place: StoredPath) -> tuple[int, int, str]:
        """A row stands where its table does; what the tool keeps comes last."""
        unasked = (len(self.asked), -1, "")
        whole = self.asked.get(f"{place.key}[]", self.asked.get(place.key, unasked))
        return self.asked.get(place.asked or "", whole)


def _paths(questionnaire: Questionnaire) -> Iterator[tuple[str, int, int, str]]:
    """Yield each path with the number of its entry, of its column there, and its section."""
    for number, (section, entry) in reversed(list(enumerate(questionnaire.entries()))):
        yield entry.path.partition(".")[0].partition("[")[0], number, -1, section.id
        yield entry.path, number, -1, section.id
        for column, question in enumerate(entry.columns if isinstance(entry, Table) else ()):
            yield question.path, number, column, section.id
