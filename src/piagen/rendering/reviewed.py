"""Knows the review as a document prints it: what ran, what stands, who accepted or must sign."""

from __future__ import annotations

from collections.abc import Iterator

from piagen.config import Move
from piagen.domain.kept import Waiver
from piagen.domain.project import Project
from piagen.frozen import frozen
from piagen.rules.engine import Finding
from piagen.rules.registry import rules
from piagen.rules.rule import Rule, Severity

_NOUNS = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.ADVICE: "suggestion",
}

_APPROVING = ("siro", "information_asset_owner", "joint_controller")
"""Roles that approve or accept; the others advise."""


@frozen
class OfRule:
    """What one rule found, where it stands."""

    rule: Rule
    findings: tuple[Finding, ...]


@frozen
class OfSeverity:
    """The findings of one weight that stand.

    Attributes:
        title: the weight as a heading: Errors.
        means: what the weight says to a governance team.
        count: how many findings there are.
        rules: the findings, by rule, in the order of the questionnaire.
    """

    title: str
    means: str
    count: int
    rules: tuple[OfRule, ...]


@frozen
class Moved:
    """A rule whose weight the organisation has changed."""

    rule: Rule
    move: Move


@frozen
class Checks:
    """The review in one piece.

    Attributes:
        ran: how many rules ran; those for other nations do not.
        standing: what stands, the gravest first; weights with nothing are left out.
        accepted: the findings that somebody accepted and whose acceptance has not ended.
        without_effect: the waivers that accept nothing: ended, not complete, or of nothing found.
        moved: the rules whose weight the organisation has changed.
        held_back: whether findings in sections that nobody has begun are held back.
    """

    ran: int
    standing: tuple[OfSeverity, ...]
    accepted: tuple[Finding, ...]
    without_effect: tuple[Waiver, ...]
    moved: tuple[Moved, ...]
    held_back: bool

    @property
    def line(self) -> str:
        """What stands, in one line: 2 errors, 3 warnings stand; 1 finding was accepted."""
        counts = [_count(found.count, found.title[:-1].lower()) for found in self.standing]
        one = sum(found.count for found in self.standing) == 1
        said = f"{', '.join(counts)} {'stands' if one else 'stand'}" if counts else "nothing stands"
        if self.accepted:
            was = "was" if len(self.accepted) == 1 else "were"
            said += f"; {_count(len(self.accepted), 'finding')} {was} accepted"
        return said


def checks_of(
    project: Project, findings: tuple[Finding, ...], moves: tuple[Move, ...] = ()
) -> Checks:
    """Return the review of a project.

    Args:
        project: the visible answers, typed.
        findings: what the rules found, accepted ones too.
        moves: the rules whose weight the organisation has changed.
    """
    nations = project.assessment.nations
    ran = [
        rule
        for rule in rules().values()
        if not rule.nations or nations is None or set(rule.nations) & set(nations)
    ]
    used = {finding.waiver for finding in findings if finding.waiver}
    return Checks(
        ran=len(ran),
        standing=tuple(_standing(tuple(f for f in findings if f.stands))),
        accepted=tuple(f for f in findings if not f.stands),
        without_effect=tuple(waiver for waiver in project.waivers if waiver not in used),
        moved=tuple(Moved(rules()[move.rule], move) for move in moves if move.rule in rules()),
        held_back=project.assessment.status in (None, "draft"),
    )


def _standing(findings: tuple[Finding, ...]) -> Iterator[OfSeverity]:
    for severity in Severity:
        of_rule: dict[str, list[Finding]] = {}
        for finding in findings:
            if finding.severity is severity:
                of_rule.setdefault(finding.rule.id, []).append(finding)
        if of_rule:
            yield OfSeverity(
                title=f"{_NOUNS[severity].capitalize()}s",
                means=severity.means,
                count=sum(map(len, of_rule.values())),
                rules=tuple(OfRule(found[0].rule, tuple(found)) for found in of_rule.values()),
            )


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def signed(project: Project) -> bool:
    """Tell whether nobody refused or withdrew, and everybody who must approve has.

    Whether somebody is missing is not asked here: that is a gap.

    Args:
        project: the visible answers, typed.
    """
    for row in project.sign_off:
        if row.decision in ("refused", "withdrawn"):
            return False
        if row.role in _APPROVING and row.decision not in ("approved", "approved_with_conditions"):
            return False
    return True
