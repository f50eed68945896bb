"""Knows how one document of one project becomes HTML."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import TemplateError

from piagen.config import Move
from piagen.domain.build import project_from
from piagen.domain.days import in_words
from piagen.domain.project import Project
from piagen.errors import TemplateFault
from piagen.law.dated import DatedLaw
from piagen.law.screening import screen
from piagen.questionnaire.model import Questionnaire
from piagen.rendering.context import DocumentContext
from piagen.rendering.environment import environment
from piagen.rendering.manifest import Manifest
from piagen.rendering.rendition import Rendition
from piagen.rendering.reviewed import signed
from piagen.rendering.sections import gap_lines, sections_of
from piagen.rendering.sheet import Sheet
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

    Raises:
        TemplateFault: a template names something it does not have.
    """
    context = build_context(manifest, answers, questionnaire, law, findings, rendition, moves)
    template = environment(roots).get_template(_template(manifest.id, roots))
    given = {field.name: getattr(context, field.name) for field in _public(DocumentContext)}
    given["status"] = context.status
    try:
        html = template.render(given, **context.functions(), styles=_styles(roots))
    except TemplateError as error:
        raise TemplateFault(f"templates/{manifest.id}: {error}") from error
    return html.translate(_NEW_LINES)


def build_context(
    manifest: Manifest,
    answers: Mapping[str, Any],
    questionnaire: Questionnaire,
    law: DatedLaw,
    findings: tuple[Finding, ...],
    rendition: Rendition,
    moves: tuple[Move, ...] = (),
) -> DocumentContext:
    """Return what the templates of one document see; arguments as for `render_html`."""
    sheet = Sheet(questionnaire, answers)
    sections = sections_of(manifest, sheet)
    versions = {
        "piagen": VERSION,
        "questionnaire": f"{questionnaire.id} {questionnaire.version}",
        "law": f"{law.catalogue.version}, read on {in_words(law.day)}"
        if law.day
        else law.catalogue.version,
    }
    settings = {"regulator": law.regulator, "moves": str(moves)}
    project = project_from(sheet.visible)
    return DocumentContext(
        document=manifest,
        answers=sheet,
        project=project,
        law=law,
        findings=findings,
        moves=moves,
        screening=screen(
            answers.get("screening", {}), sheet.visible.get("assessment", {}).get("nations", ())
        ),
        sections=sections,
        content_hash=content_hash(answers, manifest.id, {**versions, **settings}),
        versions=versions,
        approved=_approved(sheet, project, findings),
        rendition=rendition,
        gaps=gap_lines(manifest, sheet, sections),
    )


def content_hash(answers: Mapping[str, Any], document: str, versions: Mapping[str, str]) -> str:
    """Return eight characters that differ when answers, document or versions do."""
    content = json.dumps([answers, document, versions], sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(content.encode()).hexdigest()[:8]


def _approved(sheet: Sheet, project: Project, findings: tuple[Finding, ...]) -> bool:
    """Approved in name and by all who must, no gap, nothing unconfirmed, no error stands.

    A sign-off that is missing is a gap, and so is an open question or what nobody confirmed.
    """
    if sheet["assessment.status"].value != "approved" or not signed(project):
        return False
    if any(f.severity is Severity.ERROR and f.stands for f in findings):
        return False
    return not sheet.gaps(lambda _: True)


def _template(document: str, roots: tuple[Path, ...]) -> str:
    own = f"{document}/document.html.j2"
    has_own = any((root / own).is_file() for root in roots)
    return own if has_own else "_base/document.html.j2"


@cache
def _styles(roots: tuple[Path, ...]) -> str:
    """The style sheets of a document that is HTML for itself."""
    names = ("_base/type.css", "_base/screen.css")
    return "\n".join(_first(roots, name).read_text(encoding="utf-8") for name in names)


def _first(roots: tuple[Path, ...], name: str) -> Path:
    return next(path for root in roots if (path := root / name).is_file())


def _public(kind: type) -> list[Any]:
    return [field for field in fields(kind) if not field.name.startswith("_")]
