"""Knows what a batch is asked to make, and what one worker is told about one project."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

from piagen.config import Config
from piagen.rendering.rendition import Edition, Format, Language


@dataclass(frozen=True, slots=True)
class Options:
    """What is made of every project; the same words as in `piagen.render`.

    Attributes:
        documents: ids of documents; None for those that each project needs.
        format: the kind of file.
        edition: for whom.
        language: of the fixed text.
        as_at: the day on which the law is read; None for each assessment's own date.
    """

    documents: tuple[str, ...] | None = None
    format: Format = "pdf"
    edition: Edition = "full"
    language: Language = "en"
    as_at: date | None = None

    @property
    def of_render(self) -> dict[str, Any]:
        """What `render` is given by keyword."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name != "documents"}

    @property
    def way(self) -> str:
        """Kind of file, edition and language: documents made in two ways do not replace others."""
        return f"{self.format} {self.edition} {self.language}"


@dataclass(frozen=True, slots=True)
class Job:
    """What a worker is told about one project; it knows everything else by itself.

    Attributes:
        key: its name in the manifest.
        content: the answers.
        stem: what its documents are called if it has neither reference nor title.
        folder: where its documents go, below `root`.
        root: the folder of the batch, if the worker writes there itself; None if it is to return
            the documents.
        options: what to make of it.
        config: what the organisation has set.
        roots: template folders, first the one that wins; None for those of the configuration.
        seconds: how long one document may take.
        may_end: whether a process that cannot be stopped otherwise may be ended.
        machine: what a worker must be made of: its fingerprint; None if that need not be looked at.
    """

    key: str
    content: bytes
    stem: str
    folder: str
    root: Path | None
    options: Options
    config: Config
    roots: tuple[Path, ...] | None = None
    seconds: float | None = None
    may_end: bool = False
    machine: str | None = None
