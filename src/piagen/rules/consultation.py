"""Knows the faults of who was asked, and what changed."""

from __future__ import annotations

from collections.abc import Iterator

from piagen.domain.project import Project
from piagen.questionnaire.missing import Missing
from piagen.rules.rule import Found, Severity, rule


@rule(
    "CN001",
    Severity.WARNING,
    asked=["consultation.people_asked", "consultation.why_not"],
    cites=["uk-gdpr/35/9", "ico-dpia-template/step/3"],
    bank=["R107"],
)
def views_not_sought(gaps: tuple[Missing, ...]) -> Iterator[Found]:
    """The people affected were not asked, and no reason is given.

    Why: the law asks for their views, or those of somebody who speaks for them, where that is
    appropriate.

    Do: ask them, or say why that would not be appropriate.
    """
    # It is asked only of those who answered that nobody was asked.
    if any(gap.at == "consultation.why_not" and not gap.open for gap in gaps):
        says = "The people affected were not asked, and nothing says why."
        yield Found("consultation.why_not", says)


@rule(
    "CN002",
    Severity.WARNING,
    asked=["consultation.people_asked", "consultation.changes"],
    cites=["ico-dpia-template/step/7"],
    bank=["R108"],
)
def views_without_effect(project: Project, gaps: tuple[Missing, ...]) -> Iterator[Found]:
    """People were asked, and nothing says what changed or where you decided differently.

    Why: whoever decides against what people said should record the reason. Asking is of use only if
    it can change something.

    Do: say what changed, and give the reason wherever you decided against their views.
    """
    absent = any(gap.at == "consultation.changes" and not gap.open for gap in gaps)
    if project.consultation.people_asked and absent:
        says = "People were asked, and nothing says what came of it."
        yield Found("consultation.changes", says)
