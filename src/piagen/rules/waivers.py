"""Knows the faults of waivers: ended, without a finding to accept, or not complete."""

from __future__ import annotations

from collections.abc import Iterator

from piagen.domain.days import in_words
from piagen.domain.project import Project
from piagen.domain.stored_path import parse
from piagen.law.dated import DatedLaw
from piagen.rules.engine import Finding
from piagen.rules.rule import Found, Severity, rule


@rule("WV001", Severity.ERROR, asked=(), cites=["uk-gdpr/5/2"], waivable=False)
def waiver_ended(project: Project, law: DatedLaw) -> Iterator[Found]:
    """A waiver has ended.

    Why: a fault is accepted until a day. After it, somebody must look again.

    Do: mend what was accepted and take the waiver out, or have it accepted again with a new date.
    """
    for waiver in project.waivers:
        if law.day is not None and waiver.until < law.day:
            at = waiver.at if _is_place(waiver.at) else "waivers"
            yield Found(at, f"The waiver of {waiver.rule} ended on {in_words(waiver.until)}.")


@rule("WV002", Severity.WARNING, asked=(), cites=["uk-gdpr/5/2"])
def waiver_matches_nothing(project: Project, findings: tuple[Finding, ...]) -> Iterator[Found]:
    """A waiver accepts something that was not found.

    Why: a waiver that stands ready would hide a fault that comes later and nobody has seen.

    Do: take it out of the waivers, or mend the name of its rule or its place.
    """
    found = {(finding.rule.id, finding.at) for finding in findings}
    for waiver in project.waivers:
        if (waiver.rule, waiver.at) not in found:
            yield Found("waivers", f"Nothing at {waiver.at} is found by the rule {waiver.rule}.")


@rule("WV003", Severity.ERROR, asked=(), cites=["uk-gdpr/5/2", "uk-gdpr/38/3"], waivable=False)
def waiver_incomplete(project: Project, findings: tuple[Finding, ...]) -> Iterator[Found]:
    """A waiver of an error lacks the data protection officer, or is of an error nobody may accept.

    Why: an error is accepted by its owner and the data protection officer together. Where the law
    leaves no choice, nobody can accept it.

    Do: add the data protection officer to the waiver, or mend the error and take the waiver out.
    """
    for waiver in project.waivers:
        for finding in findings:
            if (finding.rule.id, finding.at) != (waiver.rule, waiver.at):
                continue
            if finding.severity is Severity.ERROR and not finding.rule.waivable:
                yield Found(
                    waiver.at, f"{waiver.rule} cannot be accepted: the law leaves no choice."
                )
            elif finding.severity is Severity.ERROR and not waiver.dpo:
                says = f"The waiver of {waiver.rule} does not name the data protection officer."
                yield Found(waiver.at, says)


@rule("WV004", Severity.WARNING, asked=(), cites=["uk-gdpr/5/2"])
def waiver_accepts_several(project: Project, findings: tuple[Finding, ...]) -> Iterator[Found]:
    """A waiver accepts several findings at once.

    Why: what is missing from a table has no row of its own, so a waiver at the table accepts all
    that the rule finds there. Some of it nobody may have looked at.

    Do: mend what you did not mean to accept. A waiver at a row accepts what is found in that row.
    """
    for waiver in project.waivers:
        said = [f.says for f in findings if (f.rule.id, f.at) == (waiver.rule, waiver.at)]
        if len(said) > 1:
            says = f"One waiver of {waiver.rule} accepts {len(said)} findings: {' '.join(said)}"
            yield Found(waiver.at, says)


def _is_place(at: str) -> bool:
    """Whether the text is written as a place; people write waivers by hand."""
    try:
        parse(at)
    except ValueError:
        return False
    return True
