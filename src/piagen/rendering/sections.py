"""Knows the parts of a document: their numbers, which apply, and where its gaps are printed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from markupsafe import Markup

from piagen.domain.facts import FACTS
from piagen.domain.stored_path import parse
from piagen.frozen import frozen
from piagen.questionnaire.conditions import holds, reads, reasons
from piagen.questionnaire.missing import Missing
from piagen.questionnaire.model import Condition, LaterColumn, Question, Table
from piagen.rendering.language.tongue import Tongue
from piagen.rendering.manifest import Manifest, SectionKind, SectionPlan
from piagen.rendering.sheet import Sheet


@dataclass(slots=True)
class Section:
    """One part of a document while it is written.

    Attributes:
        number: `7`, `Schedule 3`, `Appendix 1`; empty for front matter.
        applies: whether it is written, or one line says why not.
        why_not: the line that says why it does not apply, or that this is not known yet.
    """

    id: str
    title: str
    kind: SectionKind
    template: str
    number: str
    applies: bool
    why_not: str
    _clauses: int = 0

    @property
    def heading(self) -> str:
        """Number and title."""
        if self.kind == "front":
            return self.title
        return f"{self.number}{'' if self.kind == 'section' else ':'} {self.title}"

    def n(self) -> Markup:
        """Return the next number within the section: 7.1, then 7.2."""
        self._clauses += 1
        own = self.number.rpartition(" ")[2]
        return Markup('<span class="n">{}.{}</span>').format(own, self._clauses)


@frozen
class GapLine:
    """One line of the page that lists the gaps."""

    gap: Missing
    section: Section | None
    label: str
    row: str


def sections_of(manifest: Manifest, answers: Sheet) -> tuple[Section, ...]:
    """Number the parts of a document, and judge which of them apply."""
    counts = {"section": 0, "schedule": 0, "appendix": 0}
    found = []
    for plan in manifest.sections:
        if plan.kind in counts:
            counts[plan.kind] += 1
        found.append(
            Section(
                id=plan.id,
                title=plan.title,
                kind=plan.kind,
                template=plan.template,
                number=_number(plan, counts.get(plan.kind, 0), manifest, answers.said),
                applies=answers.judged(partial(holds, plan.when)),
                why_not=why_not(plan.when, plan.otherwise, _word(plan, manifest), answers),
            )
        )
    return tuple(found)


def _word(plan: SectionPlan, manifest: Manifest) -> str:
    return f"This {manifest.section_word if plan.kind == 'section' else plan.kind}"


def why_not(when: Condition | None, otherwise: str | None, what: str, answers: Sheet) -> str:
    """Return the line that says why a part does not apply.

    A fact that is false for want of an answer is no reason: then nobody knows yet.

    Args:
        when: the condition under which it applies.
        otherwise: the reason in words, where the facts of the condition do not say it well.
        what: how the line names the part: This section.
        answers: what the condition is read from.
    """
    said = answers.said
    if not answers.settled(_leaves(when)):
        return said.say(
            "It is not known yet whether %(what)s applies: it depends on answers that are still to "
            "be completed or confirmed.",
            what=said.say(f"{what[:1].lower()}{what[1:]}"),
        )
    because = otherwise or f", {said.say('and')} ".join(
        said.say(reason) for reason in answers.judged(partial(reasons, when))
    )
    return said.say(
        "%(what)s does not apply because %(because)s.", what=said.say(what), because=because
    )


def _leaves(when: Condition | None) -> Iterator[str]:
    for path, _ in reads(when):
        if path.startswith("fact:"):
            yield from FACTS[path[5:]].reads
        else:
            yield path


def _number(plan: SectionPlan, count: int, manifest: Manifest, said: Tongue) -> str:
    match plan.kind:
        case "front":
            return ""
        case "section":
            return str(count)
        case "schedule":
            letter = chr(64 + count) if manifest.schedules == "A" else str(count)
            return said.say("Schedule %(number)s", number=letter)
        case "appendix":
            return said.say("Appendix %(number)s", number=str(count))


def gap_lines(
    manifest: Manifest, answers: Sheet, sections: tuple[Section, ...]
) -> tuple[GapLine, ...]:
    """Return the gaps of this document, each with the section that prints it."""
    by_id = {section.id: section for section in sections}

    asked_for = any(manifest.id in q.reach.documents for _, q in answers.questionnaire.questions())

    def belongs(gap: Missing) -> bool:
        if not asked_for:  # no question names the document: what its sections list is its own
            return _plan_of(manifest, gap, answers) is not None
        return manifest.id in gap.entry.reach.documents

    lines = []
    for gap in answers.gaps(belongs):
        plan = _plan_of(manifest, gap, answers)
        lines.append(
            GapLine(
                gap=gap,
                section=by_id[plan.id] if plan else None,
                label=gap.entry.words.label,
                row=_row_of(gap, answers),
            )
        )
    return tuple(lines)


def _plan_of(manifest: Manifest, gap: Missing, answers: Sheet) -> SectionPlan | None:
    match gap.entry:
        case Question() as question:
            return manifest.section_of(question)
        case Table() as table:
            return manifest.section_of(table.columns[0])
    listed = (plan for plan in manifest.sections if gap.entry.path in plan.answers)
    if plan := next(listed, None):
        return plan
    table = answers.questionnaire.tables[gap.entry.key]
    return manifest.section_of(table.columns[0])


def printed_in(
    manifest: Manifest, at: str, answers: Sheet, sections: tuple[Section, ...]
) -> Section | None:
    """Return the section that prints what is at a stored path, if this document prints it.

    Args:
        manifest: the document.
        at: the stored path of an answer, a row or a table; or what is no place.
        answers: has the questionnaire, which knows the places.
        sections: the parts of the document; one that does not apply prints nothing.
    """
    try:
        place = parse(at)
    except ValueError:
        return None
    question = answers.questionnaire.by_path.get(place.asked or "")
    if question is None and place.key in answers.questionnaire.tables:
        question = answers.questionnaire.tables[place.key].columns[0]
    plan = manifest.section_of(question) if question else None
    found = (section for section in sections if plan and section.id == plan.id and section.applies)
    return next(found, None)


def _row_of(gap: Missing, answers: Sheet) -> str:
    key, _, rest = gap.at.partition("[")
    if not rest or not isinstance(gap.entry, Question | LaterColumn):
        return ""
    return answers.table(key).line(rest.partition("]")[0]).reference
