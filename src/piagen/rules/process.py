"""Knows the faults of deciding on a project: dates, status, screening and review."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import groupby

from piagen.domain.days import in_words
from piagen.domain.project import Project
from piagen.law.dated import DatedLaw
from piagen.law.screening import ScreeningResult
from piagen.questionnaire.missing import Missing
from piagen.rules.rule import Found, Severity, rule

_MOST_CATEGORIES, _MOST_PARTIES = 4, 12


@rule(
    "PR001",
    Severity.ERROR,
    asked=["assessment.stage", "assessment.status"],
    cites=["uk-gdpr/35/1"],
    bank=["R001"],
)
def live_without_assessment(project: Project, screened: ScreeningResult | None) -> Iterator[Found]:
    """The data is in use already, and the assessment that the law requires was never approved.

    Why: the law asks for the assessment before the processing begins. A later one must say that it
    is late, and it is urgent.

    Do: tell the data protection officer, stop or limit the use of the data if you can, and finish
    the assessment now. Accepting this records the gap and its remedy; it does not cure it.
    """
    if _is_live_without_assessment(project, screened):
        yield Found(
            "assessment.stage",
            "The project is live, the law requires an assessment, and none has been approved.",
        )


@rule(
    "PR002",
    Severity.WARNING,
    asked=["assessment.starts_on", "assessment.status", "sign_off[].signed_on"],
    cites=["uk-gdpr/25", "uk-gdpr/35/1"],
    bank=["R004"],
)
def start_before_sign_off(
    project: Project, law: DatedLaw, screened: ScreeningResult | None
) -> Iterator[Found]:
    """The start date is before the last sign-off, or is past with no approval.

    Why: measures that are agreed after the start have protected nobody until then.

    Do: move the start, or record why the work started first.
    """
    starts, status = project.assessment.starts_on, project.assessment.status
    # A review comes after the start as a matter of course, and a withdrawn project has none.
    if starts is None or status in ("under_review", "withdrawn"):
        return
    signed = max((row.signed_on for row in project.sign_off if row.signed_on), default=None)
    if signed is not None and starts < signed:
        says = f"The start, {in_words(starts)}, is before the last sign-off, {in_words(signed)}."
        yield Found("assessment.starts_on", says)
    elif (
        law.day is not None
        and starts < law.day
        and status != "approved"
        and not _is_live_without_assessment(project, screened)
    ):
        says = f"The start, {in_words(starts)}, is past, and the assessment is not approved."
        yield Found("assessment.starts_on", says)


@rule(
    "PR003",
    Severity.ERROR,
    asked=["assessment.status"],
    cites=["uk-gdpr/35/1", "uk-gdpr/35/7"],
    bank=["R002"],
    waivable=False,
)
def approved_with_gaps(
    project: Project,
    gaps: tuple[Missing, ...],
    unconfirmed: tuple[Missing, ...],
    screened: ScreeningResult | None,
) -> Iterator[Found]:
    """The assessment is approved, the law requires it, and answers are missing.

    Why: an assessment that the law requires, and that lacks a part the law requires, is not an
    assessment.

    Do: answer what is missing and confirm what was prefilled, or set the status back to draft.
    """
    lacking = (*gaps, *unconfirmed)
    if lacking and project.assessment.status == "approved" and _is_mandatory(screened):
        missing = "1 answer is" if len(lacking) == 1 else f"{len(lacking)} answers are"
        how = "missing or unconfirmed" if unconfirmed else "missing"
        yield Found("assessment.status", f"The status is approved, but {missing} {how}.")


@rule(
    "PR004",
    Severity.WARNING,
    asked=["assessment.marking", "assessment.handling"],
    cites=["government-security-classifications"],
    bank=["R136"],
)
def handling_instruction_missing(project: Project) -> Iterator[Found]:
    """The documents are marked OFFICIAL-SENSITIVE and do not say how to handle them.

    Why: the marking tells readers to take care, and only the handling line tells them how.

    Do: say who may see the documents and whether they may be passed on, or lower the marking.
    """
    about = project.assessment
    if about.marking == "official_sensitive" and about.handling is None:
        says = "The documents are marked OFFICIAL-SENSITIVE, with no handling instruction."
        yield Found("assessment.handling", says)


@rule(
    "PR005",
    Severity.ERROR,
    asked=["screening.personal_data"],
    cites=["uk-gdpr/4/1", "uk-gdpr/4/5"],
    bank=["R148"],
    waivable=False,
)
def personal_data_denied(
    screened: ScreeningResult | None, hidden: tuple[str, ...]
) -> Iterator[Found]:
    """The screening says that no personal data is used, and other answers say that it is.

    Why: the first answer ends the screening, so a later yes would lead to nothing. Coded data that
    can be traced to a person is personal data too.

    Do: correct the first answer, or the others.
    """
    if screened is not None and screened.contradiction is not None:
        count = len(screened.contradiction.others)
        others = "another answer says" if count == 1 else f"{count} other answers say"
        yield Found(
            screened.contradiction.gate,
            f"The first answer says that no personal data is used, and {others} what it is used "
            "for.",
        )
    elif screened is not None and screened.stopped and "data_items" in hidden:
        says = "The first answer says that no personal data is used, and items of data are listed."
        yield Found("screening.personal_data", says)


@rule(
    "PR006",
    Severity.WARNING,
    asked=["screening.outcome"],
    cites=["uk-gdpr/5/2", "uk-gdpr/35/1"],
)
def screening_result_changed(project: Project, screened: ScreeningResult | None) -> Iterator[Found]:
    """The screening result that was kept is not what the answers lead to now.

    Why: the result decides which form is filled in. Whoever agreed to it agreed to other answers.

    Do: go through the screening again, and tell the data protection officer what changed.
    """
    kept = project.screening.outcome
    now = None if screened is None else screened.outcome
    if None not in (kept, now) and kept != now:
        says = "The result that was kept is not the one that the screening answers lead to now."
        yield Found("screening.outcome", says)


@rule(
    "PR007",
    Severity.ERROR,
    asked=["screening.route"],
    cites=["uk-gdpr/35/1", "uk-gdpr/35/7"],
    bank=["R002"],
    waivable=False,
)
def short_form_against_law(project: Project, screened: ScreeningResult | None) -> Iterator[Found]:
    """The law requires a full assessment, and the short form was chosen.

    Why: the short form leaves out parts that an assessment must have by law.

    Do: choose the full form, or correct the screening answers if they are wrong.
    """
    if project.screening.route == "short" and _is_mandatory(screened):
        says = "The screening says that the law requires a full assessment, not the short form."
        yield Found("screening.route", says)


@rule(
    "PR008",
    Severity.WARNING,
    asked=["screening.route", "screening.reason", "screening.dpo_view"],
    cites=["uk-gdpr/5/2", "uk-gdpr/35/2", "wp248"],
    bank=["R003"],
)
def no_reason_for_short_form(project: Project, screened: ScreeningResult | None) -> Iterator[Found]:
    """The screening points to an assessment, and nothing says why none is done.

    Why: where the criteria point to risk, a decision against the full assessment must be explained,
    and the data protection officer's view kept with it.

    Do: add the reason and the officer's view, or choose the full form.
    """
    if screened is None or project.screening.route != "short":
        return
    outcome = screened.outcome
    if outcome == "required_by_policy":
        says = "A code or a policy asks for the full assessment, and the short form was chosen."
        yield Found("screening.route", says)
    if outcome in ("likely_required", "consider", "recommended"):
        if project.screening.reason is None:
            yield Found("screening.reason", "Nothing says why the short form was chosen.")
        if outcome == "likely_required" and project.screening.dpo_view is None:
            says = "A full assessment is likely to be required, and the officer’s view is not kept."
            yield Found("screening.dpo_view", says)


@rule(
    "PR009",
    Severity.ADVICE,
    asked=["purposes[].category", "partners[]", "roles[].role"],
    cites=["uk-gdpr/35/1"],
    bank=["R005"],
)
def one_assessment_for_too_much(project: Project) -> Iterator[Found]:
    """One assessment covers very different purposes, or very many organisations.

    Why: one assessment may cover similar operations with similar risks, and not unrelated ones.

    Do: ask whether the risks are really similar, and split the assessment where they are not.
    """
    categories = {row.category for row in project.purposes if row.category}
    if len(categories) > _MOST_CATEGORIES:
        yield Found("purposes", f"The purposes are of {len(categories)} different kinds.")
    if (parties := len(project.parties)) > _MOST_PARTIES:
        yield Found("partners", f"{parties} organisations share under one assessment.")


@rule(
    "PR010",
    Severity.WARNING,
    asked=["actions[].before_start", "actions[].status", "outcome.decision"],
    cites=["uk-gdpr/25", "uk-gdpr/35/7/d"],
    bank=["R123"],
)
def condition_of_start_open(project: Project) -> Iterator[Found]:
    """The decision is to go ahead, and something that must come before the start is not done.

    Why: starting before the conditions are met undoes the assessment.

    Do: finish it, or change the decision to go ahead when the conditions are met.
    """
    if project.outcome.decision != "go_ahead":
        return
    for index, action in enumerate(project.actions, 1):
        if action.before_start and action.status == "open":
            says = f"A-{index:02} must be done before the start and is open."
            yield Found(f"actions[{action.id}].status", says)


@rule(
    "PR011",
    Severity.WARNING,
    asked=["actions[].before_start", "actions[].due", "assessment.starts_on"],
    cites=["uk-gdpr/25", "uk-gdpr/35/7/d"],
    bank=["R123"],
)
def condition_due_after_start(project: Project) -> Iterator[Found]:
    """Something that must be done before the start is due after it.

    Why: a condition that is met after the start has protected nobody until then.

    Do: bring it forward, or move the start.
    """
    starts = project.assessment.starts_on
    if starts is None:
        return
    for index, action in enumerate(project.actions, 1):
        if not action.before_start or action.status == "done" or action.due is None:
            continue
        if action.due > starts:
            says = (
                f"A-{index:02} must be done before the start on {in_words(starts)}, and is due on "
                f"{in_words(action.due)}."
            )
            yield Found(f"actions[{action.id}].due", says)


@rule("PR012", Severity.ERROR, asked=["review.due"], cites=["uk-gdpr/35/11"], bank=["R124"])
def review_date_missing(gaps: tuple[Missing, ...]) -> Iterator[Found]:
    """The assessment has no date of review.

    Why: risk changes, and the law expects the assessment to be reviewed when it does.

    Do: set a date.
    """
    if any(gap.at == "review.due" for gap in gaps):
        yield Found("review.due", "Nobody has set a date to review the assessment.")


@rule(
    "PR013",
    Severity.WARNING,
    asked=["review.due", "risks[].likelihood", "risks[].severity"],
    cites=["uk-gdpr/35/11", "ico-data-sharing-code/review"],
    bank=["R125"],
)
def review_date_late(project: Project, law: DatedLaw) -> Iterator[Found]:
    """The review is past, or more than a year away although a risk is high.

    Why: an assessment that nobody looks at again gives false comfort.

    Do: review it now, or bring the date forward.
    """
    due, day = project.review.due, law.day
    if due is None or day is None:
        return
    if due < day:
        if project.assessment.status != "under_review":
            yield Found("review.due", f"The review was due on {in_words(due)}.")
    elif due > _a_year_after(day) and any(risk.rating == "high" for risk in project.risks):
        says = f"A risk is high, and the review on {in_words(due)} is more than a year away."
        yield Found("review.due", says)


@rule(
    "PR014",
    Severity.WARNING,
    asked=["review.records_updated", "review.records_updated_detail", "assessment.status"],
    cites=["uk-gdpr/30"],
    bank=["R126"],
)
def records_not_updated(project: Project) -> Iterator[Found]:
    """The record of processing and the other records do not match the assessment.

    Why: the assessment, the record of processing and the privacy notice should tell one story.

    Do: update them. Until then, say who will do it and when.
    """
    # Before approval a plan is enough: the records of a project that has not begun change later.
    planned = project.review.records_updated_detail is not None
    if project.review.records_updated is False and (
        not planned or project.assessment.status == "approved"
    ):
        cites = ("dpa-2018/61",) if project.law_enforcement_use else ()
        says = "The organisations’ own records are not updated."
        yield Found("review.records_updated", says, cites)


@rule(
    "PR015",
    Severity.WARNING,
    asked=["assessment.status"],
    cites=["uk-gdpr/5/2"],
)
def answers_unconfirmed(unconfirmed: tuple[Missing, ...]) -> Iterator[Found]:
    """A starter or the profile filled in answers, and nobody has confirmed them.

    Why: what is usual elsewhere may be wrong here. An assessment must say what is true of this
    project, and somebody must be able to stand by each answer.

    Do: go through the section, and confirm or change each answer. Until then it counts as missing.
    """
    for section, group in groupby(unconfirmed, key=lambda gap: gap.section):
        doubts = list(group)
        many = "1 answer" if len(doubts) == 1 else f"{len(doubts)} answers"
        waits = "waits" if len(doubts) == 1 else "wait"
        yield Found(doubts[0].at, f"{many} in “{section.title}” {waits} to be confirmed.")


def _is_mandatory(screened: ScreeningResult | None) -> bool:
    return screened is not None and screened.outcome == "mandatory"


def _is_live_without_assessment(project: Project, screened: ScreeningResult | None) -> bool:
    about = project.assessment
    return (
        about.stage == "live_unassessed" and about.status != "approved" and _is_mandatory(screened)
    )


def _a_year_after(day: date) -> date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # 29 February, or the last year there is
        return date.max if day.year == date.max.year else day.replace(year=day.year + 1, day=28)
