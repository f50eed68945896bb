"""Knows the task list, “check your answers”, the findings, and what comes after the last answer."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from piagen.cli.wizard.terminal import Back, choose, in_brief, say, say_command, say_within, yes
from piagen.domain.days import in_words
from piagen.domain.fact import rows
from piagen.domain.stored_path import parse
from piagen.pipeline.assess import Loaded, check
from piagen.questionnaire.missing import Missing, open_questions
from piagen.questionnaire.model import Question, RequiredRow, Section, Table
from piagen.questionnaire.survey import Place
from piagen.questionnaire.tasks import Status, Task
from piagen.rules.rule import Severity

if TYPE_CHECKING:
    from piagen.cli.wizard.journey import Journey

MOST_OPEN = 10
"""Open questions of one owner that are named at the end."""

MOST_FINDINGS = 7
"""Findings that are told at once, the gravest first."""


def say_tasks(journey: Journey, told: tuple[Task, ...]) -> None:
    """Show every section with its status, and what is open and found."""
    complete = sum(task.status is Status.COMPLETE for task in told)
    needed = sum(task.status is not Status.NOT_NEEDED for task in told)
    title = journey.answers.get("assessment", {}).get("title") or "A new project"
    say(f"\n{title}: {complete} of {needed} sections complete.")
    for number, task in enumerate(told, 1):
        wrong = len(journey.wrong_in(task.section))
        mend = f"; {wrong} to mend" if wrong else ""
        say(f"  {number:>2}. {task.section.title}: {_status(task)}{mend}")
    say()
    for line in _counts(journey):
        say(line)


def say_wrong(journey: Journey) -> None:
    """Say what the file holds that cannot be taken; it is asked again in its place."""
    for _, problem in journey.sitting.wrong.values():
        say(f"To mend: {problem.where or problem.at}. {problem.says}")


def _status(task: Task) -> str:
    match task.status:
        case Status.CANNOT_START | Status.NOT_NEEDED:
            return why_not(task)
        case Status.IN_PROGRESS:
            parts = [f"{task.answered} of {task.applies} answered"]
            parts += [f"{task.unconfirmed} to confirm"] if task.unconfirmed else []
            parts += [f"{task.open} open"] if task.open else []
            return f"{task.status} ({', '.join(parts)})"
    return str(task.status)


def why_not(task: Task) -> str:
    """Return why a section has nothing to ask."""
    if task.waits_for is not None:
        return f"{Status.CANNOT_START}: it depends on “{task.waits_for.title}”"
    return f"{Status.NOT_NEEDED}: nothing in your answers calls for it"


def _counts(journey: Journey) -> list[str]:
    open_ = open_questions(journey.answers)
    lines = []
    if open_:
        owners = sorted({o.owner for o in open_.values() if o.owner})
        asked = f" (asked of {', '.join(owners)})" if owners else ""
        lines.append(f"Open questions: {len(open_)}{asked}.")
    standing = [finding for finding in journey.findings() if finding.stands]
    errors = sum(finding.severity is Severity.ERROR for finding in standing)
    if standing:
        found = "1 thing" if len(standing) == 1 else f"{len(standing)} things"
        lines.append(f"The checks found {found} to mend so far; errors among them: {errors}.")
    return lines


def what_next(after: Task | None) -> str:
    """Return the line that says what can be typed at the task list."""
    go_on = f"Press Enter to go on with “{after.section.title}”" if after else "Press Enter to end"
    return (
        f"{go_on}, or type the number of a section; c to check your answers; f for what the checks "
        "found; r to make the documents; :save to stop."
    )


def check_answers(journey: Journey, section: Section | None = None) -> None:
    """Show the answers by section, numbered; a number changes one and comes back.

    Raises:
        Stop, ToList: one of these commands was typed.
    """
    while True:
        numbers = say_answers(journey, section)
        ask_for = "\nType a number to change an answer, or press Enter to go back to the list."
        while (word := choose(ask_for)) and word not in numbers:
            say(f"  Type a number from 1 to {len(numbers)}, or press Enter.")
        if not word:
            return
        try:
            journey.open_at(numbers[word])
        except Back:
            continue


def say_answers(journey: Journey, section: Section | None = None) -> dict[str, str]:
    """Show the answers, and return the stored path of each number; of a table, where its rows end.

    Args:
        journey: this sitting.
        section: whose answers; None for all, with those that are kept and hidden.
    """
    found = journey.survey()
    numbers: dict[str, str] = {}
    shown = ""
    row: tuple[str, str | None] = ("", None)
    for place in found.places:
        if section is not None and place.section.id != section.id:
            continue
        if isinstance(place.entry, RequiredRow) or journey.ends_one_row(place):
            continue
        if isinstance(place.entry, Table) and place.answered and place.last_of is None:
            continue
        if place.section.id != shown:
            shown = place.section.id
            say(f"\n{place.section.title}")
        here = (parse(place.at).key, place.row)
        if place.row is not None and here != row:
            called = in_brief(journey.name(here[0], place.row))
            say(f"  {journey.questionnaire.tables[here[0]].row.capitalize()}: {called}")
        row = here
        numbers[number := str(len(numbers) + 1)] = place.at
        say_within(f"{number}. {_line(journey, place)}")
    if found.hidden and section is None:
        say("\nKept in the file, no longer asked and not printed:")
        for at in found.hidden:
            say(f"  {journey.place_in_words(at)}")
    return numbers


def _line(journey: Journey, place: Place) -> str:
    """What one number stands for: an answer, or the rows of a table."""
    label = place.entry.words.label
    if not isinstance(place.entry, Question):
        count = len(rows(journey.answers, place.at))
        return f"{label}: add, copy or remove ({count} now)" if count else f"{label}: none"
    if place.at in journey.sitting.wrong:
        return f"{label}: the file holds what cannot be taken"
    if not place.answered:
        return f"{label}: not answered"
    doubt = " (prefilled, not confirmed)" if journey.is_unconfirmed(place.at) else ""
    return f"{label}: {journey.in_words(place.entry, place)}{doubt}"


def say_findings(journey: Journey) -> None:
    """Tell the findings that matter most, and offer to change each answer now.

    Raises:
        Stop, ToList: one of these commands was typed.
    """
    standing = [finding for finding in journey.findings() if finding.stands]
    worst = sorted(standing, key=lambda finding: finding.severity.rank)
    if not worst:
        say("\nThe checks found nothing to mend.")
        return
    for finding in worst[:MOST_FINDINGS]:
        say(f"\n{finding.severity.capitalize()}: {finding.says}")
        say(f"  Where: {finding.where}")
        say(f"  Do: {finding.rule.do}")
        say(f"  More: piagen explain {finding.rule.id}")
        if journey.place_of(finding.at) and _is_changed_now():
            try:
                journey.open_at(finding.at)
            except Back:
                continue
    if len(worst) > MOST_FINDINGS:
        say(f"\nAnd {len(worst) - MOST_FINDINGS} more: piagen check tells them all.")


def _is_changed_now() -> bool:
    """Ask whether to change the answer now; Enter leaves it as it is."""
    question = "Change it now? Type yes, or press Enter to leave it; :list for the sections."
    while (word := choose(question)) not in ("", "no", "n"):
        if word in ("yes", "y"):
            return True
        say("  That is neither yes nor Enter.")
    return False


def render(journey: Journey) -> None:
    """Make the documents beside the answers, and say where they are."""
    from piagen.cli.render import write_documents

    folder = journey.sitting.path.parent
    loaded = Loaded(Path(journey.sitting.path), journey.answers)
    say("Making the documents. This takes some seconds.")
    write_documents(loaded, None, "pdf", folder, config=journey.config)


def finish(journey: Journey) -> None:
    """After the last answer: findings, documents, and what comes next and whose it is."""
    if journey.sitting.is_new:
        return
    say_findings(journey)
    if yes("Make the documents now?"):
        render(journey)
    review = check(Loaded(journey.sitting.path, journey.answers), config=journey.config)
    say("\nWhat next:")
    for line in _still_open(review.open):
        say(f"  {line}")
    if review.unasked:
        say(f"  Still to answer: {len(review.unasked)}. The drafts mark each in its place.")
    for line in _send_to(journey):
        say(f"  {line}")
    name = shlex.quote(str(journey.sitting.path))
    for why, command in (
        ("To see all that is missing or found:", f"piagen check {name}"),
        ("To go on with the answers:", f"piagen new {name}"),
        ("To make the documents again:", f"piagen render -o . {name}"),
    ):
        say(f"  {why}")
        say_command(f"  {command}")


def _still_open(gaps: Iterable[Missing]) -> Iterator[str]:
    """Yield what is open, a line for each of those who were asked and each day it is due."""
    asked: dict[tuple[str, str], list[str]] = {}
    for gap in gaps:
        owner = gap.open.owner if gap.open and gap.open.owner else "nobody yet"
        due = f", due {in_words(gap.open.due)}" if gap.open and gap.open.due else ""
        asked.setdefault((owner, due), []).append(gap.entry.words.label)
    for (owner, due), labels in asked.items():
        several = list(dict.fromkeys(labels))
        more = f"; and {len(several) - MOST_OPEN} more" if len(several) > MOST_OPEN else ""
        named = "; ".join(several[:MOST_OPEN])
        yield f"Still open, asked of {owner}{due} ({len(labels)}): {named}{more}."


def _send_to(journey: Journey) -> list[str]:
    from piagen.domain.build import project_from

    project = project_from(journey.survey().visible)
    lines = []
    lead = project.lead
    if lead and lead.dpo:
        reach = f" ({lead.dpo_email})" if lead.dpo_email else ""
        lines.append(f"Send the drafts for advice to {lead.dpo}{reach}.")
    others = [p.short_name or p.name for p in project.parties if lead and p.id != lead.id]
    if others:
        lines.append(f"Send them for comment to {', '.join(name for name in others if name)}.")
    return lines
