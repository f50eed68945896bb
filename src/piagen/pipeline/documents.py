"""Knows the second sentence: render the documents that a project needs."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from piagen.config import Config
from piagen.errors import TemplateFault
from piagen.frozen import frozen
from piagen.law.screening import screen
from piagen.pipeline.answers import as_written
from piagen.pipeline.assess import Loaded, Review, check, law_of, questionnaire
from piagen.questionnaire.conditions import holds
from piagen.questionnaire.survey import survey
from piagen.rendering.html import content_hash, render_html
from piagen.rendering.manifest import Manifest, manifests
from piagen.rendering.published import in_fixed_words
from piagen.rendering.published_answers import blanked, publish
from piagen.rendering.rendition import Edition, Format, Language, Rendition
from piagen.resources import shipped

if TYPE_CHECKING:
    from piagen.rendering.pdf import Carried

_MOST_OF_A_NAME = 60
"""Of reference and version each: the name then fits every file system, document and all."""


@frozen
class Rendered:
    """One finished document.

    Attributes:
        document: the id of the document: `pia`.
        filename: what to call the file.
    """

    document: str
    filename: str
    content: bytes


def template_roots(config: Config | None = None) -> tuple[Path, ...]:
    """Return the template folders, first the one that wins: the one place that knows them.

    Args:
        config: what the organisation has set; None for the templates that ship.

    Raises:
        UnusableOverlay: something in the organisation's overlay is wrong.
    """
    if not (config and config.overlays):
        return (shipped("templates"),)
    from piagen.pipeline.overlay import overlays  # reads templates and fonts to check them

    return (*(overlay.templates for overlay in overlays(config)), shipped("templates"))


def documents(roots: tuple[Path, ...] | None = None) -> Mapping[str, Manifest]:
    """Return every document there is, by id."""
    return manifests(roots or template_roots())


def needed(
    loaded: Loaded, roots: tuple[Path, ...] | None = None, config: Config | None = None
) -> tuple[str, ...]:
    """Return the ids of the documents that the project needs.

    The outcome of the screening is worked out again: one that was accepted, and that the answers no
    longer lead to, must not put the short record in place of an assessment.

    Args:
        loaded: what `load` returned.
        roots: template folders, first the one that wins; None for those of the configuration.
        config: what the organisation has set.
    """
    roots = roots or template_roots(config)
    visible = _screened(survey(questionnaire(config), loaded.answers).visible, loaded)
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
    review: Review | None = None,
) -> Iterator[Rendered]:
    """Yield each document as it is finished.

    Args:
        loaded: what `load` returned.
        wanted: ids of documents; None for those that the project needs.
        format: the kind of file.
        edition: for whom.
        language: of the fixed text.
        roots: template folders, first the one that wins; None for those of the configuration.
        as_at: the day on which the law is read; None for the assessment's own date.
        config: what the organisation has set.
        review: what `check` found in this project, with the same day and settings; None to look.

    Raises:
        UnusableConfig: it moves a rule that does not exist, or lowers one that nobody may accept.
        UnusableOverlay: something in the organisation's overlay is wrong.
        TemplateFault: there is no such document, or a template names what it does not have.
        Unpublishable: `withheld` names a place that is not there.
        Leaked: a text that is withheld stands in what was to be published.
        ValueError: there is no such format, edition or language, or the review is of another day.
    """
    rendition = Rendition(format, edition, language)
    roots = roots or template_roots(config)
    law, asked = law_of(loaded, as_at, config), questionnaire(config)
    review = review or check(loaded, as_at=as_at, config=config)
    if review.day != law.day:
        raise ValueError(f"The review is of {review.day}, and the documents are of {law.day}.")
    findings = review.findings
    published = publish(asked, loaded.answers) if edition == "published" else None
    shown = replace(loaded, answers=published.answers) if published else loaded
    for name in needed(loaded, roots, config) if wanted is None else wanted:
        if name not in documents(roots):
            raise TemplateFault(f"There is no document “{name}” in the template folders.")
        manifest = documents(roots)[name]
        write = partial(
            render_html,
            manifest,
            questionnaire=asked,
            law=law,
            roots=roots,
            rendition=rendition,
            moves=config.moves if config else (),
        )
        html = write(shown.answers, findings=findings, published=published)
        called, content = filename(shown, name, rendition), html.encode()
        if format == "pdf":
            from piagen.rendering.pdf import render_pdf  # WeasyPrint takes half a second to import

            content = render_pdf(
                html,
                roots=roots,
                identifier=_identifier(shown, html),
                carried=_carried(loaded) if rendition.carries_answers(name) else None,
                language=language,
            )
        elif format == "docx":
            from piagen.rendering.word.package import render_docx  # and python-docx as long
            from piagen.rendering.word.remarks import gap_remark, remarks

            content = render_docx(
                html,
                roots=roots,
                remarks=() if published else remarks(findings),
                gap=None if published else partial(gap_remark, questionnaire=asked),
            )
        if published:
            from piagen.pipeline.publish import search  # and pypdf another tenth

            search(
                name,
                published,
                filename=called,
                html=html,
                content=content,
                format=format,
                again=lambda holds, write=write: write(  # type: ignore[misc]
                    blanked(asked, loaded.answers, holds), findings=in_fixed_words(findings)
                ),
            )
        yield Rendered(name, called, content)


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
    told = figures(text)
    kept = found[: _MOST_OF_A_NAME - len(told) - 1].strip("-.") or "project"
    return f"{kept}-{told}"


def figures(text: str) -> str:
    """Return eight figures of a text's hash, which keep names apart that were mended or cut."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def _carried(loaded: Loaded) -> Carried:
    from piagen.rendering.pdf import Carried

    dated = loaded.answers.get("assessment", {}).get("dated")
    day = date.fromisoformat(dated) if dated else None
    return Carried(as_written(loaded.answers), day)


def _identifier(loaded: Loaded, html: str) -> str:
    return content_hash(loaded.answers, html, {})
