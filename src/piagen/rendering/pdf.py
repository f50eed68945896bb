"""Knows how HTML becomes a tagged PDF (PDF/UA-1) whose bytes depend on nothing but the HTML."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from piagen.errors import TemplateFault
from piagen.resources import shipped

os.environ["FONTCONFIG_FILE"] = str(shipped("templates") / "_base" / "fonts" / "fonts.conf")
# WeasyPrint reads the configuration when it is imported: only the bundled fonts are seen.

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError

from piagen.rendering.fetcher import Bundled
from piagen.rendering.tagging import finish


def render_pdf(html: str, *, roots: tuple[Path, ...], identifier: str) -> bytes:
    """Return the PDF of a document.

    Args:
        html: what `render_html` gave for the format `pdf`.
        roots: the template folders.
        identifier: the content hash; it becomes the identifier of the file.

    Raises:
        TemplateFault: the HTML names something outside the template folders.
    """
    document = HTML(string=html, url_fetcher=Bundled(roots))
    try:
        pdf: bytes = document.write_pdf(
            font_config=FontConfiguration(),  # its own: Pango's remembers what was drawn before
            stylesheets=list(_look(roots)),
            finisher=finish,
            pdf_variant="pdf/ua-1",
            pdf_identifier=identifier.encode(),
        )
    except FatalURLFetchingError as error:
        raise TemplateFault(str(error.__cause__ or error)) from error
    return pdf


@cache
def _look(roots: tuple[Path, ...]) -> tuple[CSS, ...]:
    """Style sheets are read once for the life of a process; no fonts are named in them."""
    fetcher = Bundled(roots)
    names = ("type.css", "page.css")
    return tuple(CSS(url=f"piagen:_base/{name}", url_fetcher=fetcher) for name in names)
