"""Knows what a template may see, and what it may call; nothing else reaches it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from markupsafe import Markup

from piagen.domain.facts import FACTS
from piagen.domain.project import Project
from piagen.law.catalogue import Catalogue
from piagen.law.citation import Citation
from piagen.law.screening import ScreeningResult
from piagen.questionnaire.conditions import holds, reads, reasons
from piagen.questionnaire.missing import Missing
from piagen.questionnaire.model import (
    AnyOf,
    Condition,
    FactHolds,
    LaterColumn,
    Question,
    Table,
)
from piagen.rendering.manifest import Manifest, SectionKind, SectionPlan
from piagen.rendering.sheet import Sheet

Format = Literal["pdf", "html"]


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


@dataclass(frozen=True, slots=True)
class Use:
    """A citation, and the sections that rely on it."""

    citation: Citation
    sections: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GapLine:
    """One line of the page that lists the gaps."""

    gap: Missing
    section: Section | None
    label: str
    row: str


@dataclass(frozen=True)
class DocumentContext:
    """Everything a template sees.

    Attributes:
        document: what the document.toml says.
        answers: the answers with their labels and states: `answers["scope.area"]`,
            `answers.table("partners")`.
        project: the same answers, typed, with their joins: `project.lead`, `project.parties`.
        law: the catalogue of law.
        screening: what the screening leads to, and why.
        sections: the parts of this document, in order.
        content_hash: eight characters that tell two versions of the content apart.
        versions: of piagen, the questionnaire and the catalogue of law.
        approved: whether it may go without the word DRAFT.
        format: the kind of file that is made.
        gaps: what is still to be completed in this document.
        status: the status in words; approved only if nothing is missing or unconfirmed.
        styles: the style sheets, which a document in HTML brings along; added by `render_html`.
    """

    document: Manifest
    answers: Sheet
    project: Project
    law: Catalogue
    screening: ScreeningResult | None
    sections: tuple[Section, ...]
    content_hash: str
    versions: Mapping[str, str]
    approved: bool
    format: Format
    gaps: tuple[GapLine, ...]
    _cited: dict[str, list[str]] = field(default_factory=dict, repr=False)
    _at: list[str] = field(default_factory=list, repr=False)
    _anchors: set[str] = field(default_factory=set, repr=False)
    _tables: list[int] = field(default_factory=lambda: [0], repr=False)

    @property
    def status(self) -> str:
        """The status in words; approved only if nothing is missing or unconfirmed."""
        status = self.answers["assessment.status"]
        if status.value == "approved" and not self.approved:
            return "Draft: called approved, but answers are missing or unconfirmed"
        return status.text or "Status not given"

    def functions(self) -> Mapping[str, Callable[..., object]]:
        """Return what a template may call."""
        return {
            "begin": self.begin,
            "cite": self.cite,
            "ref": self.ref,
            "fact": self.answers.fact,
            "why_not": self.why_not,
            "authorities": self.authorities,
            "table_number": self.table_number,
            "anchor": self.anchor,
        }

    def begin(self, section: Section) -> str:
        """Say which section is written now, for the table of authorities."""
        self._at[:] = [section.number or section.title]
        return ""

    def cite(self, key: str) -> Markup:
        """Return a citation with its link, and enter it in the table of authorities.

        Raises:
            UnknownCitation: no provision, instrument, basis or gateway has the key.
        """
        citation = self.law.cite(key)
        used = self._cited.setdefault(key, [])
        used.extend(place for place in self._at if place not in used)
        if citation.href is None:
            return Markup("{}").format(citation.text)
        return Markup('<a href="{}">{}</a>').format(citation.href, citation.text)

    def ref(self, section_id: str) -> Markup:
        """Return a link to another section: section 7, Schedule 3.

        Raises:
            KeyError: the document has no such section.
        """
        for section in self.sections:
            if section.id == section_id:
                word = f"{self.document.section_word} " if section.kind == "section" else ""
                named = section.number or section.title
                return Markup('<a href="#{}">{}{}</a>').format(section.id, word, named)
        raise KeyError(f"{self.document.id} has no section “{section_id}”.")

    def why_not(self, *facts: str) -> str:
        """Return the line that says why something does not apply: none of the facts holds."""
        return _why_not(AnyOf(tuple(FactHolds(fact) for fact in facts)), None, "This", self.answers)

    def authorities(self) -> tuple[Use, ...]:
        """Return what was cited so far, by title."""
        uses = (Use(self.law.cite(key), tuple(places)) for key, places in self._cited.items())
        return tuple(sorted(uses, key=lambda use: use.citation.text))

    def anchor(self, at: str) -> Markup:
        """Return the attribute that makes an element the place of a row; the first one wins."""
        if at in self._anchors:
            return Markup()
        self._anchors.add(at)
        return Markup(' id="{}"').format(at)

    def table_number(self) -> int:
        """Return the next number of a table."""
        self._tables[0] += 1
        return self._tables[0]


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
                number=_number(plan, counts.get(plan.kind, 0), manifest),
                applies=holds(plan.when, answers.visible),
                why_not=_why_not(plan.when, plan.otherwise, _word(plan, manifest), answers),
            )
        )
    return tuple(found)


def _word(plan: SectionPlan, manifest: Manifest) -> str:
    return f"This {manifest.section_word if plan.kind == 'section' else plan.kind}"


def _why_not(when: Condition | None, otherwise: str | None, what: str, answers: Sheet) -> str:
    """A fact that is false for want of an answer is no reason: then nobody knows yet."""
    if not answers.settled(_leaves(when)):
        return (
            f"It is not known yet whether {what[:1].lower()}{what[1:]} applies: it depends on "
            "answers that are still to be completed."
        )
    because = otherwise or ", and ".join(reasons(when, answers.visible))
    return f"{what} does not apply because {because}."


def _leaves(when: Condition | None) -> Iterator[str]:
    for path, _ in reads(when):
        if path.startswith("fact:"):
            yield from FACTS[path[5:]].reads
        else:
            yield path


def _number(plan: SectionPlan, count: int, manifest: Manifest) -> str:
    match plan.kind:
        case "front":
            return ""
        case "section":
            return str(count)
        case "schedule":
            return f"Schedule {chr(64 + count) if manifest.schedules == 'A' else count}"
        case "appendix":
            return f"Appendix {count}"


def gap_lines(
    manifest: Manifest, answers: Sheet, sections: tuple[Section, ...]
) -> tuple[GapLine, ...]:
    """Return the gaps of this document, each with the section that prints it."""
    by_id = {section.id: section for section in sections}

    def belongs(gap: Missing) -> bool:
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


def _row_of(gap: Missing, answers: Sheet) -> str:
    key, _, rest = gap.at.partition("[")
    if not rest or not isinstance(gap.entry, Question | LaterColumn):
        return ""
    return answers.table(key).line(rest.partition("]")[0]).reference
