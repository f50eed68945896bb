"""Knows the only addresses a document may load: `piagen:` names of our own folders. No network."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from weasyprint.urls import URLFetcher, URLFetcherResponse

from piagen.errors import TemplateFault
from piagen.rendering.addresses import KINDS, SCHEME
from piagen.rendering.tokens import resolved, tokens


class Bundled(URLFetcher):  # type: ignore[misc]  # WeasyPrint is untyped
    """Serves files of the template folders, and refuses everything else."""

    def __init__(self, roots: tuple[Path, ...]) -> None:
        super().__init__(allowed_protocols=set(), fail_on_errors=True)
        self.roots = roots

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        """Return a bundled file; style sheets and pictures with the design tokens filled in.

        Raises:
            TemplateFault: any other address, or a name that is not there.
        """
        if not url.startswith(SCHEME):
            raise TemplateFault(f"A document may load nothing from outside piagen: {url[:80]}")
        name = PurePosixPath(url.removeprefix(SCHEME))
        if name.is_absolute() or ".." in name.parts:
            raise TemplateFault(f"A document may not leave the template folders: {url[:80]}")
        if name.suffix not in KINDS:
            raise TemplateFault(f"A document may load style sheets, pictures and fonts: {url[:80]}")
        for root in self.roots:
            path = root / name
            if not _is_file(path):
                continue
            if not path.resolve().is_relative_to(root.resolve()):
                raise TemplateFault(f"A link leads out of the template folders: {url[:80]}")
            content = path.read_bytes()
            if name.suffix in (".css", ".svg"):
                content = resolved(content.decode(), tokens(self.roots)).encode()
            return URLFetcherResponse(url, content, {"Content-Type": KINDS[name.suffix]})
        raise TemplateFault(f"There is no {url[:80]} in the template folders.")


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name that is too long
        return False
