"""Knows how one document of one project becomes HTML."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, replace
from functools import cache
from pathlib import Path
from typing import Any

from piagen.config import Move
from piagen.domain.build import project_from
from piagen.law.dated import DatedLaw
from piagen.law.screening import ScreeningResult, screen
from piagen.questionnaire.model import Questionnaire
from piagen.rendering.columns import balanced
from piagen.rendering.context import DocumentContext
from piagen.rendering.environment import run
from piagen.rendering.house_style import digest, house_style
from piagen.rendering.language.asked import manifest_in, questionnaire_in
from piagen.rendering.language.spoken import spoken
from piagen.rendering.language.styles import styles_in
from piagen.rendering.language.tongue import ENGLISH, Tongue, tongue
from piagen.rendering.manifest import Manifest
from piagen.rendering.own_answers import with_own_answers
from piagen.rendering.published import Published
from piagen.rendering.rendition import Rendition
from piagen.rendering.reviewed import signed
from piagen.rendering.sections import gap_lines, sections_of
from piagen.rendering.sheet import Sheet
from piagen.rendering.tokens import FILE, coloured, tokens
from piagen.rules.engine import Finding
from piagen.rules.rule import Severity
from piagen.version import VERSION

_NEW_LINES = {0x2028: "\n", 0x2029: "\n\n"}
"""Unicode's own line and paragraph ends, which slides and chats paste: no font has them."""


def render_html(
    manifest: Manifest,
    answers: Mapping[str, Any],
    *,
    questionnaire: Questionnaire,
    law: DatedLaw,
    findings: tuple[Finding, ...],
    roots: tuple[Path, ...],
    rendition: Rendition,
    moves: tuple[Move, ...] = (),
    published: Published | None = None,
) -> str:
    """Return the document as HTML; the same answers give the same text.

    Args:
        manifest: which document.
        answers: as the file holds them, hidden ones too.
        questionnaire: what is asked.
        law: the law on the day of the assessment.
        findings: what the rules found.
        roots: template folders, first the one that wins.
        rendition: kind of file, edition and language; HTML brings its style sheets along.
        moves: the rules whose weight the organisation has changed, each with its reason.
        published: what the published edition leaves out, and `answers` without it; None for the
            full edition.

    Raises:
        TemplateFault: a template names something it does not have.
    """
    said = tongue(rendition.language, roots)
    context = build_context(
        with_own_answers(manifest, questionnaire),
        answers,
        questionnaire,
        law,
        findings,
        rendition,
        moves,
        published,
        said,
        own=digest(roots),
    )
    given = {field.name: getattr(context, field.name) for field in _public(DocumentContext)}
    given["status"] = context.status
    house = house_style(roots)
    given |= {
        **context.functions(),
        "styles": styles_in(said, _styles(roots)),
        "own_styles": house.css(rendition.format, tokens(roots)["font"]),
        "logo": house.slot(rendition.format),
    }
    html = run(roots, _template(manifest.id, roots), given, rendition.language)
    whole = coloured(balanced(html.translate(_NEW_LINES)), tokens(roots))
    return whole if said is ENGLISH else spoken(whole, said.code)


def build_context(
    manifest: Manifest,
    answers: Mapping[str, Any],
    questionnaire: Questionnaire,
    law: DatedLaw,
    findings: tuple[Finding, ...],
    rendition: Rendition,
    moves: tuple[Move, ...] = (),
    published: Published | None = None,
    said: Tongue = ENGLISH,
    *,
    own: str = "",
) -> DocumentContext:
    """Return what the templates of one document see; arguments as for `render_html`.

    `said` is the language of the fixed text, with its translations; `own` differs when anything in
    an organisation's overlay does.
    """
    manifest, asked = manifest_in(said, manifest), questionnaire_in(said, questionnaire)
    sheet = Sheet(asked, answers, published, said)
    sections = sections_of(manifest, sheet)
    versions = {
        "piagen": VERSION,
        "questionnaire": f"{questionnaire.id} {questionnaire.version}",
        "law": _law_read(law, ENGLISH),
    }
    settings = {"regulator": law.regulator, "moves": str(moves), "own": own}
    project = project_from(sheet.visible)
    return DocumentContext(
        document=manifest,
        answers=sheet,
        project=project,
        law=law,
        findings=published.told(findings, asked, sheet.visible) if published else findings,
        moves=moves,
        screening=_screened(answers, sheet),
        sections=sections,
        content_hash=content_hash(answers, manifest.id, {**versions, **settings}),
        versions=versions if said is ENGLISH else {**versions, "law": _law_read(law, said)},
        approved=_approved(sheet, findings),
        rendition=rendition,
        edition_note=published.note(manifest.id, findings, said) if published else None,
        gaps=gap_lines(manifest, sheet, sections),
    )


def _law_read(law: DatedLaw, said: Tongue) -> str:
    """The version of the catalogue, and the day on which it is read."""
    version = law.catalogue.version
    if law.day is None:
        return version
    return said.say("%(version)s, read on %(day)s", version=version, day=said.day(law.day))


def content_hash(answers: Mapping[str, Any], document: str, versions: Mapping[str, str]) -> str:
    """Return eight characters that differ when answers, document or versions do."""
    content = json.dumps([answers, document, versions], sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(content.encode()).hexdigest()[:8]


def _screened(answers: Mapping[str, Any], sheet: Sheet) -> ScreeningResult | None:
    """The result of the screening; its reasons tell the answers, so they go where one is left out.

    A contradiction shows in hidden answers alone, so all of them are read.
    """
    found = screen(
        answers.get("screening", {}), sheet.visible.get("assessment", {}).get("nations", ())
    )
    judged = sheet.judged(lambda seen: seen.get("screening"))
    if found and judged != sheet.visible.get("screening"):
        return replace(found, reasons=(), contradiction=None)
    return found


def _approved(sheet: Sheet, findings: tuple[Finding, ...]) -> bool:
    """Approved in name and by all who must, no gap, nothing unconfirmed, no error stands.

    A sign-off that is missing is a gap, and so is an open question or what nobody confirmed. What
    the published edition leaves out is judged as well.
    """
    project = sheet.judged(project_from)
    if project.assessment.status != "approved" or not signed(project):
        return False
    if any(f.severity is Severity.ERROR and f.stands for f in findings):
        return False
    return sheet.complete


def _template(document: str, roots: tuple[Path, ...]) -> str:
    own = f"{document}/document.html.j2"
    has_own = any((root / own).is_file() for root in roots)
    return own if has_own else "_base/document.html.j2"


@cache
def _styles(roots: tuple[Path, ...]) -> str:
    """The style sheets of a document that is HTML for itself; tokens of every folder add up."""
    colours = [path for root in reversed(roots) if (path := root / FILE).is_file()]
    sheets = [_first(roots, f"_base/{name}.css") for name in ("type", "screen")]
    return "\n".join(path.read_text(encoding="utf-8") for path in (*colours, *sheets))


def _first(roots: tuple[Path, ...], name: str) -> Path:
    return next(path for root in roots if (path := root / name).is_file())


def _public(kind: type) -> list[Any]:
    return [field for field in fields(kind) if not field.name.startswith("_")]
