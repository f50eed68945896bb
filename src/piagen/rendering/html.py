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

from piagen.domain.build import project_from
from piagen.errors import TemplateFault
from piagen.law.catalogue import Catalogue
from piagen.law.screening import screen
from piagen.questionnaire.model import Questionnaire
from piagen.rendering.context import DocumentContext, Format, gap_lines, sections_of
from piagen.rendering.environment import environment
from piagen.rendering.manifest import Manifest
from piagen.rendering.sheet import Sheet
from piagen.version import VERSION

_NEW_LINES = {0x2028: "\n", 0x2029: "\n\n"}
"""Unicode's own line and paragraph ends, which slides and chats paste: no font has them."""


def render_html(
    manifest: Manifest,
    answers: Mapping[str, Any],
    *,
    questionnaire: Questionnaire,
    law: Catalogue,
    roots: tuple[Path, ...],
    format: Format,
) -> str:
    """Return the document as HTML; the same answers give the same text.

    Raises:
        TemplateFault: a template names something it does not have.
    """
    context = build_context(manifest, answers, questionnaire, law, format)
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
    law: Catalogue,
    format: Format,
) -> DocumentContext:
    """Return what the templates of one document see."""
    sheet = Sheet(questionnaire, answers)
    sections = sections_of(manifest, sheet)
    versions = {
        "piagen": VERSION,
        "questionnaire": f"{questionnaire.id} {questionnaire.version}",
        "law": law.version,
    }
    return DocumentContext(
        document=manifest,
        answers=sheet,
        project=project_from(sheet.visible),
        law=law,
        screening=screen(sheet.visible.get("screening", {})),
        sections=sections,
        content_hash=content_hash(answers, manifest.id, versions),
        versions=versions,
        approved=_approved(sheet),
        format=format,
        gaps=gap_lines(manifest, sheet, sections),
    )


def content_hash(answers: Mapping[str, Any], document: str, versions: Mapping[str, str]) -> str:
    """Return eight characters that differ when answers, document or versions do."""
    content = json.dumps([answers, document, versions], sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(content.encode()).hexdigest()[:8]


def _approved(sheet: Sheet) -> bool:
    """Approved in name, with no gap, open questions included, and nothing unconfirmed."""
    if sheet["assessment.status"].value != "approved":
        return False
    return not sheet.gaps(lambda _: True) and not sheet.visible.get("unconfirmed")


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
