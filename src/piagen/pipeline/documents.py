"""Knows the second sentence: render the documents that a project needs."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from piagen.config import Config
from piagen.errors import TemplateFault
from piagen.law.screening import screen
from piagen.pipeline.assess import Loaded, check, law_of, questionnaire
from piagen.questionnaire.conditions import holds
from piagen.questionnaire.survey import survey
from piagen.rendering.html import content_hash, render_html
from piagen.rendering.manifest import Manifest, manifests
from piagen.rendering.rendition import Edition, Format, Language, Rendition
from piagen.resources import shipped

_MOST_OF_A_NAME = 60
"""Of reference and version each: the name then fits every file system, document and all."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """One finished document.

    Attributes:
        document: the id of the document: `pia`.
        filename: what to call the file.
    """

    document: str
    filename: str
    content: bytes


def template_roots() -> tuple[Path, ...]:
    """Return the template folders, first the one that wins."""
    return (shipped("templates"),)


def documents(roots: tuple[Path, ...] | None = None) -> Mapping[str, Manifest]:
    """Return every document there is, by id."""
    return manifests(roots or template_roots())


def needed(loaded: Loaded, roots: tuple[Path, ...] | None = None) -> tuple[str, ...]:
    """Return the ids of the documents that the project needs.

    The outcome of the screening is worked out again: one that was accepted, and that the answers no
    longer lead to, must not put the short record in place of an assessment.
    """
    visible = _screened(survey(questionnaire(), loaded.answers).visible, loaded)
    return tuple(
        manifest.id
        for manifest in documents(roots).values()
        if holds(manifest.needed_when, visible)
    )


def _screened(visible: Mapping[str, Any], loaded: Loaded) -> Mapping[str, Any]:
    nations = visible.get("assessment", {}).get("nations", ())
    result = screen(loaded.answers.get("screening", {}), nations)
    if result is None:
        return visible
    screening = dict(visible.get("screening", {})) | {"outcome": result.outcome}
    if result.outcome is None:
        del screening["outcome"]
    return {**visible, "screening": screening}


def render(
    loaded: Loaded,
    wanted: Sequence[str] | None = None,
    *,
    format: Format = "pdf",
    edition: Edition = "full",
    language: Language = "en",
    roots: tuple[Path, ...] | None = None,
    as_at: date | None = None,
    config: Config | None = None,
) -> Iterator[Rendered]:
    """Yield each document as it is finished.

    Args:
        loaded: what `load` returned.
        wanted: ids of documents; None for those that the project needs.
        format: the kind of file.
        edition: for whom.
        language: of the fixed text.
        roots: template folders, first the one that wins; None for the shipped one.
        as_at: the day on which the law is read; None for the assessment's own date.
        config: what the organisation has set.

    Raises:
        UnusableConfig: it moves a rule that does not exist, or lowers one that nobody may accept.
        TemplateFault: there is no such document, or a template names what it does not have.
        ValueError: there is no such format, edition or language.
    """
    rendition = Rendition(format, edition, language)
    roots = roots or template_roots()
    law, asked = law_of(loaded, as_at, config), questionnaire()
    findings = check(loaded, as_at=as_at, config=config).findings
    for name in needed(loaded, roots) if wanted is None else wanted:
        if name not in documents(roots):
            raise TemplateFault(f"There is no document “{name}” in the template folders.")
        manifest = documents(roots)[name]
        html = render_html(
            manifest,
            loaded.answers,
            questionnaire=asked,
            law=law,
            findings=findings,
            roots=roots,
            rendition=rendition,
            moves=config.moves if config else (),
        )
        content = html.encode()
        if format == "pdf":
            from piagen.rendering.pdf import render_pdf  # WeasyPrint takes half a second to import

            content = render_pdf(html, roots=roots, identifier=_identifier(loaded, html))
        yield Rendered(name, filename(loaded, name, rendition), content)


def filename(loaded: Loaded, document: str, rendition: Rendition) -> str:
    """Return `{reference or title}_{document}_v{version}` and its suffix, safe in any folder.

    The same project gets the same name again, and two references or titles never share one unless
    they differ only in capitals.
    """
    about = loaded.answers.get("assessment", {})
    stem = slug(about.get("reference") or about.get("title") or loaded.path.stem)
    version = slug(about.get("version", "0"), keep=".")
    return f"{stem}_{document}_v{version}{rendition.suffix}"


def slug(text: str, keep: str = "") -> str:
    """Return lower-case letters, digits and hyphens, at most 60: safe as part of a file name.

    What had to be mended ends in a few figures of its hash, so that `A/1` and `A-1` stay apart.
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    found = re.sub(rf"[^a-z0-9{re.escape(keep)}]+", "-", plain).strip("-.")
    if found == text.lower() and len(found) <= _MOST_OF_A_NAME:
        return found
    told = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    kept = found[: _MOST_OF_A_NAME - len(told) - 1].strip("-.") or "project"
    return f"{kept}-{told}"


def _identifier(loaded: Loaded, html: str) -> str:
    return content_hash(loaded.answers, html, {})
