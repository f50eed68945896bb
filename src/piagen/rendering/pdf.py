"""Knows how HTML becomes a tagged PDF (PDF/UA-1) whose bytes depend on nothing but the HTML."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from functools import cache, partial
from pathlib import Path
from typing import Any

from piagen.errors import TemplateFault
from piagen.frozen import frozen
from piagen.resources import shipped

os.environ["FONTCONFIG_FILE"] = str(shipped("templates") / "_base" / "fonts" / "fonts.conf")
# WeasyPrint reads the configuration when it is imported: only the bundled fonts are seen.

import pydyf
from weasyprint import CSS, Attachment
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError

from piagen.rendering import balancing, line_starts  # noqa: F401 - they take their places in WeasyPrint
from piagen.rendering.fetcher import Bundled
from piagen.rendering.language.styles import styles_in
from piagen.rendering.language.tongue import tongue
from piagen.rendering.parsing import parsed
from piagen.rendering.rendition import Language
from piagen.rendering.tagging import finish, tell_languages
from piagen.rendering.writing import write

ATTACHED = "answers.json"
"""What the answers are called inside a PDF that carries them."""


@frozen
class Carried:
    """The answers that travel in a PDF.

    Attributes:
        content: the answers file, as piagen writes it.
        dated: the day of the assessment, which the file gets for its own; None where it has none.
    """

    content: bytes
    dated: date | None


def render_pdf(
    html: str,
    *,
    roots: tuple[Path, ...],
    identifier: str,
    carried: Carried | None = None,
    language: Language = "en",
) -> bytes:
    """Return the PDF of a document.

    Args:
        html: what `render_html` gave for the format `pdf`.
        roots: the template folders.
        identifier: the content hash; it becomes the identifier of the file.
        carried: the answers that the file carries, if it carries any.
        language: of the words that the style sheets print.

    Raises:
        TemplateFault: the HTML names something outside the template folders.
    """
    with _no_collector():
        return _drawn(html, roots, identifier, carried, language)


def _drawn(
    html: str, roots: tuple[Path, ...], identifier: str, carried: Carried | None, language: Language
) -> bytes:
    """Return the PDF; nothing else of the document is left when the collector is on again."""
    document = parsed(html, roots, Bundled(roots))
    tell_languages(document.etree_element)
    try:
        pdf: bytes = document.write_pdf(
            font_config=FontConfiguration(),  # its own: Pango's remembers what was drawn before
            stylesheets=list(_look(roots, language)),
            finisher=partial(_finish, carried),
            pdf_variant="pdf/ua-1",
            pdf_identifier=identifier.encode(),
            attachments=[] if carried is None else [_attachment(carried)],
        )
    except FatalURLFetchingError as error:
        raise TemplateFault(str(error.__cause__ or error)) from error
    return pdf


@contextmanager
def _no_collector() -> Iterator[None]:
    """Leave memory alone while a document is made: looking through it takes a third of the time.

    What a document leaves behind goes in one sweep as soon as the collector is on again.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _attachment(carried: Carried) -> Attachment:
    """The clock is never asked: without a date the file gets none, see `_finish`."""
    day = datetime.combine(carried.dated or date.min, time.min)
    about = "The answers from which piagen made this document."
    return Attachment(
        string=carried.content, name=ATTACHED, description=about, created=day, modified=day
    )


def _finish(carried: Carried | None, document: object, pdf: Any) -> None:  # noqa: ANN401 - pydyf
    """Mend the tags, and say that the file carried is the source of the document (AFRelationship).

    WeasyPrint says that in PDF/A alone. Afterwards it calls `write`, as of now ours.
    """
    finish(document, pdf)
    pdf.write = partial(write, pdf)
    if carried is None:
        return
    for item in pdf.objects:
        kind = item.get("Type") if isinstance(item, dict) else None
        if kind == "/Filespec":
            item["AFRelationship"] = "/Source"
            pdf.catalog["AF"] = pydyf.Array([item.reference])
        head = getattr(item, "extra", {})
        if head.get("Type") == "/EmbeddedFile" and carried.dated is None:
            del head["Params"]["CreationDate"], head["Params"]["ModDate"]


@cache
def _look(roots: tuple[Path, ...], language: Language) -> tuple[CSS, ...]:
    """Style sheets are read once for the life of a process; no fonts are named in them."""
    fetcher = Bundled(roots)
    urls = [f"piagen:_base/{name}" for name in ("type.css", "page.css")]
    said = tongue(language, roots)
    sheets = [styles_in(said, fetcher.fetch(url).read().decode()) for url in urls]
    return tuple(CSS(string=sheet, url_fetcher=fetcher) for sheet in sheets)
