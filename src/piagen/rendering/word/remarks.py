"""Knows what is written in the margin of a document for Word: at each gap, and at each finding."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from piagen.domain.stored_path import parse
from piagen.frozen import frozen
from piagen.questionnaire.model import Question, Questionnaire
from piagen.rules.engine import Finding


@frozen
class Remark:
    """One remark.

    Attributes:
        at: the stored path of what it is about.
        says: its text; a line feed begins a new paragraph.
        brief: what it says where the document does not print the finding itself: fixed words alone,
            so that a partner's copy holds nothing that its text leaves out.
    """

    at: str
    says: str
    brief: str


def remarks(findings: Iterable[Finding]) -> tuple[Remark, ...]:
    """Return a remark for each finding that stands.

    Args:
        findings: in the order of the questionnaire; those that somebody accepted are left out.
    """
    return tuple(
        Remark(
            at=finding.at,
            says=f"{_title(finding)}\n{finding.where}: {finding.says}\n{_do(finding)}",
            brief=f"{_title(finding)}\n{_do(finding)}",
        )
        for finding in findings
        if finding.stands
    )


def gap_remark(at: str, printed: str, questionnaire: Questionnaire) -> str:
    """Return what is said of a gap: the question that fills it.

    Args:
        at: the stored path of the answer that is missing, or nothing where none is named.
        printed: how the gap reads in the document.
        questionnaire: has the questions.
    """
    question = _asked(at, questionnaire.by_path)
    if question is None:
        return f"Missing. {printed}"
    return f"Missing: {question.words.label}.\nThe question is: {question.words.ask}"


def _asked(at: str, by_path: Mapping[str, Question]) -> Question | None:
    try:
        return by_path.get(parse(at).asked or "")
    except ValueError:
        return None


def _title(finding: Finding) -> str:
    return f"{finding.rule.id}, {finding.severity.value}: {finding.rule.title}"


def _do(finding: Finding) -> str:
    return f"{finding.rule.do[:1].upper()}{finding.rule.do[1:]}"
