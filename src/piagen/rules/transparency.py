"""Knows the faults of telling people and publishing."""

from __future__ import annotations

from collections.abc import Iterator

from piagen.domain.project import Project
from piagen.questionnaire.missing import Missing
from piagen.rules.rule import Found, Severity, rule


@rule(
    "TP001",
    Severity.ERROR,
    asked=["transparency.how_told", "transparency.not_told_reason"],
    cites=["uk-gdpr/12", "uk-gdpr/13", "uk-gdpr/14", "dpa-2018/sch2"],
    bank=["R064"],
    waivable=False,
)
def people_not_told(project: Project, gaps: tuple[Missing, ...]) -> Iterator[Found]:
    """Nothing says how people are told, and no exemption is given.

    Why: being open is the rule. People may be left untold only for a reason that the law allows.

    Do: say who tells people, when and how; or give the exemption and who decides on it.
    """
    absent = any(gap.at == "transparency.how_told" and not gap.open for gap in gaps)
    if absent and project.transparency.not_told_reason is None:
        says = "Nothing says how people are told, and no reason is given for not telling them."
        yield Found("transparency.how_told", says)


@rule(
    "TP002",
    Severity.WARNING,
    asked=[
        "transparency.anyone_not_told",
        "transparency.how_told",
        "transparency.not_told_reason",
        "transparency.not_told_decided_by",
    ],
    cites=["uk-gdpr/14/5", "dpa-2018/sch2/2"],
    bank=["R065"],
)
def not_telling_without_limit(project: Project, gaps: tuple[Missing, ...]) -> Iterator[Found]:
    """Some people are not told, and nothing limits it: a reason, a person who decides, the others.

    Why: an exemption applies case by case and only as far as it is needed.

    Do: name the reason and the role that decides in each case, and say how everyone else is told.
    """
    # How wide the decision goes is asked in words only; what would limit it can be missing.
    absent = {gap.at for gap in gaps if not gap.open}
    told = project.transparency
    if told.not_told_reason and "transparency.how_told" in absent:
        says = "A reason is given for not telling people, and nothing says how the others are told."
        yield Found("transparency.how_told", says)
    if told.how_told and "transparency.not_told_reason" in absent:
        yield Found(
            "transparency.not_told_reason", "Some people are not told, and no reason is given."
        )
    if "transparency.not_told_decided_by" in absent:
        says = "Some people are not told, and nothing says who decides."
        yield Found("transparency.not_told_decided_by", says)


@rule(
    "TP003",
    Severity.ADVICE,
    asked=["transparency.publication", "transparency.publication_reason"],
    cites=["ico-dpia-guidance", "foia-2000/19"],
    cites_in={"scotland": ("ico-dpia-guidance", "foisa-2002/23")},
    bank=["R067"],
)
def not_published_without_reason(project: Project, gaps: tuple[Missing, ...]) -> Iterator[Found]:
    """The assessment is not published, and no reason is given.

    Why: publishing builds trust and answers requests before they come. Detail of security can be
    left out.

    Do: publish a version with parts removed or a summary, or say why not.
    """
    if any(gap.at == "transparency.publication_reason" and not gap.open for gap in gaps):
        says = "The assessment and the agreement will not be published, and no reason is given."
        health = any("health" in (item.special_category or ()) for item in project.data_items)
        cites = ("nhs-shared-care-framework",) if health else ()
        yield Found("transparency.publication_reason", says, cites)


@rule(
    "TP004",
    Severity.WARNING,
    asked=[
        "transparency.how_told",
        "transparency.notice_link",
        "transparency.sharing_without_consent",
    ],
    cites=["uk-gdpr/13/1/c", "uk-gdpr/13/1/e", "uk-gdpr/14/1"],
    bank=["R066"],
)
def notice_without_wording(project: Project, gaps: tuple[Missing, ...]) -> Iterator[Found]:
    """A notice is promised, and neither its address nor its words are given.

    Why: a notice must name who receives the data and why. General words do not tell people what
    happens, and a reviewer cannot see what they will read.

    Do: give the web address of the notice, or the words that people will read or hear.
    """
    told = project.transparency
    absent = any(gap.at == "transparency.sharing_without_consent" and not gap.open for gap in gaps)
    if absent and told.how_told and told.notice_link is None:
        says = "People are told by a notice, and neither its address nor its words are given."
        yield Found("transparency.sharing_without_consent", says)
