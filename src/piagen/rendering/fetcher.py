"""Knows the only addresses a document may load: `piagen:` names of our own folders. No network."""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from weasyprint.urls import URLFetcher, URLFetcherResponse

from piagen.errors import TemplateFault

SCHEME = "piagen:"


class Bundled(URLFetcher):  # type: ignore[misc]  # WeasyPrint is untyped
    """Serves files of the template folders, and refuses everything else."""

    def __init__(self, roots: tuple[Path, ...]) -> None:
        super().__init__(allowed_protocols=set(), fail_on_errors=True)
        self.roots = roots

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        """Return a bundled file.

        Raises:
            TemplateFault: any other address, or a name that is not there.
        """
        if not url.startswith(SCHEME):
            raise TemplateFault(f"A document may load nothing from outside piagen: {url[:80]}")
        name = PurePosixPath(url.removeprefix(SCHEME))
        if name.is_absolute() or ".." in name.parts:
            raise TemplateFault(f"A document may not leave the template folders: {url[:80]}")
        for root in self.roots:
            path = root / name
            if path.is_file():
                kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
                return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})
        raise TemplateFault(f"There is no {name} in the template folders.")
