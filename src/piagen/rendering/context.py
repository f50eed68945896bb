"""Knows what a template may see, and what it may call; nothing else reaches it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from markupsafe import Markup

from piagen.config import Move
from piagen.domain.build import project_from
from piagen.domain.ids import RiskId
from piagen.domain.project import Project
from piagen.law.dated import DatedLaw
from piagen.law.screening import ScreeningResult
from piagen.law.sharing_document import SharingDocument, sharing_documents
from piagen.practice.posture import Posture, postures
from piagen.practice.risk_prompts import CatalogueRisk, prompts, title
from piagen.practice.tips import Tip, tips
from piagen.questionnaire.model import AnyOf, FactHolds
from piagen.questionnaire.naming import place_in_words
from piagen.rendering.law_in_words import Standings, authorities, standing, together, verified
from piagen.rendering.legal_matrix import LegalUse, Uncovered, legal_uses, uncovered
from piagen.rendering.manifest import Manifest
from piagen.rendering.pictures.lanes import FlowPicture, flow_pictures
from piagen.rendering.pictures.matrices import RATED_BY, risk_matrices
from piagen.rendering.pictures.quadrant import two_by_two
from piagen.rendering.pictures.tiers import tier_diagram, tiers_of
from piagen.rendering.pictures.timeline import PATHS, timeline_of, timeline_picture
from piagen.rendering.published import Note
from piagen.rendering.rendition import Rendition
from piagen.rendering.reviewed import Checks, checks_of, signed
from piagen.rendering.sections import GapLine, Section, printed_in, why_not
from piagen.rendering.sheet import Sheet
from piagen.rules.engine import Finding
from piagen.rules.rule import Severity

NO_BREAK = "\u00a0"
"""The space between a word and its number: no line ends there."""


@dataclass(frozen=True)
class DocumentContext:
    """Everything a template sees.

    Attributes:
        document: what the document.toml says.
        answers: the answers with their labels and states: `answers["scope.area"]`,
            `answers.table("partners")`.
        project: the same answers, typed, with their joins: `project.lead`, `project.parties`.
        law: the law on the day of the assessment: `law.catalogue`, `law.standing(key)`.
        findings: what the rules found, in the order of the questionnaire, accepted ones too.
        moves: the rules whose weight the organisation has changed, each with its reason.
        screening: what the screening leads to, and why.
        sections: the parts of this document, in order.
        content_hash: eight characters that tell two versions of the content apart.
        versions: of piagen, the questionnaire and the catalogue of law.
        approved: whether it may go without the word DRAFT: approved in name, nothing missing or
            unconfirmed, no error stands, and everybody who must approve has.
        rendition: the kind of file, the edition and the language that are made.
        edition_note: what the published edition says about itself; None in the full edition.
        gaps: what is still to be completed in this document.
        status: the status in words; a project that is approved in name alone is called a draft.
        styles: the style sheets, which a document in HTML brings along; added by `render_html`.
        own_styles: the style sheet of the organisation's font and logo; empty without an overlay.
        logo: the organisation's logo for the cover, as HTML; empty without one.
    """

    document: Manifest
    answers: Sheet
    project: Project
    law: DatedLaw
    findings: tuple[Finding, ...]
    moves: tuple[Move, ...]
    screening: ScreeningResult | None
    sections: tuple[Section, ...]
    content_hash: str
    versions: Mapping[str, str]
    approved: bool
    rendition: Rendition
    gaps: tuple[GapLine, ...]
    edition_note: Note | None = None
    _cited: dict[str, list[str]] = field(default_factory=dict, repr=False)
    _at: list[str] = field(default_factory=list, repr=False)
    _anchors: set[str] = field(default_factory=set, repr=False)
    _tables: list[int] = field(default_factory=lambda: [0], repr=False)

    @property
    def status(self) -> str:
        """The status in words; a project that is approved in name alone is called a draft."""
        status = self.answers["assessment.status"]
        if status.value == "approved" and not self.approved:
            return self._not_approved()
        return status.text or self.answers.said.say("Status not given")

    def _not_approved(self) -> str:
        said = self.answers.said
        everybody = signed(self.answers.judged(project_from))
        errors = any(f.severity is Severity.ERROR and f.stands for f in self.findings)
        if errors or (everybody and self.answers.complete):  # then errors stand that are not told
            return said.say("Draft: called approved, but the checks found errors")
        if not everybody:
            return said.say("Draft: called approved, but not everybody has approved it")
        return said.say("Draft: called approved, but answers are missing or unconfirmed")

    def functions(self) -> Mapping[str, Callable[..., object]]:
        """Return what a template may call."""
        return {
            "begin": self.begin,
            "cite": self.cite,
            "ref": self.ref,
            "fact": self.answers.fact,
            "why_not": self.why_not,
            "authorities": self.authorities,
            "standing": self.standing,
            "verified": self.verified,
            "uses": self.uses,
            "uses_without_a_row": self.uses_without_a_row,
            "checks": self.checks,
            "sharing_documents": self.sharing_documents,
            "postures": self.postures,
            "tips": self.tips,
            "prompted_risks": self.prompted_risks,
            "risk_title": self.risk_title,
            "place": self.place,
            "printed_in": self.printed_in,
            "table_number": self.table_number,
            "anchor": self.anchor,
            "flow_pictures": self.flow_pictures,
            "risk_matrices": self.risk_matrices,
            "two_by_two": self.two_by_two,
            "tier_diagram": self.tier_diagram,
            "timeline": self.timeline,
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
        citation = self.law.catalogue.cite(key)
        used = self._cited.setdefault(key, [])
        used.extend(place for place in self._at if place not in used)
        if citation.href is None:
            return together(citation.text)
        return Markup('<a href="{}">{}</a>').format(citation.href, together(citation.text))

    def ref(self, section_id: str, *, begins: bool = False) -> Markup:
        """Return a link to another section: section 7, Schedule 3.

        Args:
            section_id: the id of the section.
            begins: whether it begins a sentence: Section 7.

        Raises:
            KeyError: the document has no such section.
        """
        for section in self.sections:
            if section.id == section_id:
                named = section.number.replace(" ", NO_BREAK) or section.title
                if section.kind == "section":
                    word = self.document.section_word
                    word = f"{word[:1].upper()}{word[1:]}" if begins else word
                    named = f"{self.answers.said.say(word)}{NO_BREAK}{section.number}"
                return Markup('<a href="#{}">{}</a>').format(section.id, named)
        raise KeyError(f"{self.document.id} has no section “{section_id}”.")

    def why_not(self, *facts: str) -> str:
        """Return the line that says why something does not apply: none of the facts holds."""
        return why_not(AnyOf(tuple(FactHolds(fact) for fact in facts)), None, "This", self.answers)

    def authorities(self) -> tuple[Standings, ...]:
        """Return what was cited so far: by how it stands, then how it was verified, then title."""
        cited = {key: tuple(places) for key, places in self._cited.items()}
        return authorities(self.law, cited, self.answers.said)

    def standing(self, key: str) -> str:
        """Return how a law stands on the day of the assessment: in force on 16 November 2026.

        Raises:
            UnknownCitation: no provision, instrument, basis or gateway has the key.
        """
        return standing(self.law, key, self.answers.said)

    def verified(self, key: str) -> str:
        """Return how and when an entry of the catalogue was verified.

        Raises:
            UnknownCitation: no provision, instrument, basis or gateway has the key.
        """
        return verified(self.law.catalogue.cite(key), self.answers.said)

    def uses(self) -> tuple[LegalUse, ...]:
        """Return the rows of the legal matrix, each with its powers as they stand on the day."""
        return legal_uses(self.project, self.law)

    def uses_without_a_row(self) -> tuple[Uncovered, ...]:
        """Return who sends or receives for which purpose and has no row in the legal matrix."""
        known = self.answers.judged(lambda seen: uncovered(project_from(seen)))
        return tuple(found for found in uncovered(self.project) if found in known)

    def checks(self) -> Checks:
        """Return what the review did: how many rules ran, what stands, what was accepted."""
        return checks_of(self.project, self.findings, self.moves)

    def sharing_documents(self) -> tuple[SharingDocument, ...]:
        """Return the documents that the sharing needs, each with its reasons."""
        known = self.answers.judged(lambda seen: sharing_documents(project_from(seen)))
        return tuple(found for found in sharing_documents(self.project) if found in known)

    def postures(self) -> tuple[Posture, ...]:
        """Return the guards of each flow against sharing too much and too little.

        A flow that the published edition leaves out has none there.
        """
        found = self.answers.judged(lambda seen: postures(project_from(seen)))
        if self.edition_note is None:
            return found
        there = {flow.id for flow in self.project.data_flows if flow.sender}
        return tuple(posture for posture in found if posture.flow in there)

    def tips(self) -> tuple[Tip, ...]:
        """Return the sixteen tips of Richardson (2016), and how far the answers show each."""
        return self.answers.judged(lambda seen: tips(project_from(seen)))

    def prompted_risks(self) -> tuple[CatalogueRisk, ...]:
        """Return the risks that the answers call for and that nobody considered or set aside."""
        return self.answers.judged(prompts)

    def risk_title(self, slug: str) -> str:
        """Return what a risk of the catalogue is called."""
        return title(slug)

    def place(self, at: str) -> str:
        """Return a stored path in words, Data flows › F-02 Referral › Method; else as it is."""
        try:
            return place_in_words(self.answers.questionnaire, at, self.answers.visible)
        except ValueError:
            return at

    def printed_in(self, at: str) -> Section | None:
        """Return the section that prints what is at a stored path, if this document does."""
        return printed_in(self.document, at, self.answers, self.sections)

    def anchor(self, at: str) -> Markup:
        """Return the attribute that makes an element the place of a row; the first one wins."""
        if at in self._anchors:
            return Markup()
        self._anchors.add(at)
        return Markup(' id="{}"').format(at)

    def flow_pictures(self) -> tuple[FlowPicture, ...]:
        """Return the pictures of the flows, which refer to the table that comes next."""
        return flow_pictures(self.project, self._tables[0] + 1, self.answers.said)

    def risk_matrices(self) -> tuple[Markup, ...]:
        """Return the risk matrices before and after the measures: one picture, two or none."""
        doubtful = frozenset(
            RiskId(row.id)
            for row in self.answers.table("risks")
            if any(row[word].unconfirmed for word in RATED_BY)
        )
        return risk_matrices(self.project.risks, doubtful, self.answers.said)

    def two_by_two(self) -> Markup:
        """Return the picture of flows by their guards; empty where there is none."""
        found = self.postures()
        flows = self.answers.table("data_flows")
        numbers = {posture.flow: flows.line(posture.flow).number for posture in found}
        return two_by_two(found, numbers, self.answers.said)

    def tier_diagram(self) -> Markup:
        """Return the picture of law, protocol, agreements and procedures."""
        title, said = self.project.assessment.title, self.answers.said
        return tier_diagram(tiers_of(title, self.project.protocol.name, said), said)

    def timeline(self) -> Markup:
        """Return the picture of start, reviews and end; empty where no date is given."""
        agreement = self.answers.fact("agreement_needed")
        doubtful = frozenset(path for path in PATHS if self.answers[path].unconfirmed)
        said = self.answers.said
        dates = timeline_of(self.project, agreement=agreement, unconfirmed=doubtful, said=said)
        return timeline_picture(dates, said)

    def table_number(self) -> int:
        """Return the next number of a table."""
        self._tables[0] += 1
        return self._tables[0]
