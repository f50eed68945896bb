"""Knows what a batch is asked to make, what a worker is told of a project, and what is answered."""

from __future__ import annotations

import hashlib
from dataclasses import field, fields
from datetime import date
from pathlib import Path
from typing import Any, Literal

from piagen.config import Config
from piagen.frozen import frozen
from piagen.pipeline.batch.limit import MOST_SECONDS
from piagen.pipeline.batch.record import Entry, Fault, Place
from piagen.rendering.rendition import Edition, Format, Language, Rendition

Did = Literal["made", "unchanged", "stale", "failed"]
Source = Path | str
"""A file, a folder, or `-`."""


@frozen
class Options:
    """What is made of every project; the same words as in `piagen.render`.

    Attributes:
        documents: ids of documents, or one of them; None for those that each project needs.
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

    def __post_init__(self) -> None:
        """Take a list of documents for the same as a tuple, and one id for one document.

        Raises:
            ValueError: there is no such format, edition or language.
        """
        Rendition(self.format, self.edition, self.language)
        match self.documents:
            case str(one):
                object.__setattr__(self, "documents", (one,))
            case None | tuple():
                pass
            case several:
                object.__setattr__(self, "documents", tuple(several))

    @property
    def of_render(self) -> dict[str, Any]:
        """What `render` is given by keyword."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name != "documents"}

    @property
    def way(self) -> str:
        """Kind of file, edition and language: documents made in two ways do not replace others."""
        return f"{self.format} {self.edition} {self.language}"


@frozen
class Plan:
    """Everything that a batch is told.

    Attributes:
        sources: files, folders, or `-`.
        folder: where the documents go, a folder for each project.
        options: what to make.
        config: what the organisation has set.
        roots: template folders; None for those of the configuration.
        seconds: how long one document may take; None for as long as it likes.
        force: make what is unchanged too.
        fail_fast: take up no further project once one has failed.
        workers_write: whether workers see the folder and write there themselves.
        may_end: whether a worker that cannot be stopped otherwise may be ended.
        due_from: the day from which the report tells what reviews are due; None for that on which
            the law is read.
    """

    sources: tuple[Source, ...]
    folder: Path
    options: Options = field(default_factory=Options)
    config: Config = field(default_factory=Config)
    roots: tuple[Path, ...] | None = None
    seconds: float | None = None
    force: bool = False
    fail_fast: bool = False
    workers_write: bool = True
    may_end: bool = False
    due_from: date | None = None

    def __post_init__(self) -> None:
        """Refuse a time that no clock can measure.

        Raises:
            ValueError: `seconds` is not above 0, or over a day.
        """
        if self.seconds is not None and not 0 < self.seconds <= MOST_SECONDS:
            raise ValueError(f"A document may take up to {MOST_SECONDS} seconds, above 0.")


@frozen
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
        name: its path as it was typed, for messages.
        line: where it begins in a list; None where it is a file of its own.
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
    name: str = ""
    line: int | None = None

    @property
    def sha256(self) -> str:
        """Figures of the answers."""
        return hashlib.sha256(self.content).hexdigest()

    def place(self, fault: Fault | None = None) -> str:
        """Return where it is, as a message names it: the path as typed, and the line.

        The line is that on which reading stopped, or else that on which a project of a list begins.
        """
        line: object = self.line
        match fault:
            case Fault(places=(Place(at=at, says=""), *_)):
                line = at.removeprefix("line ")
        return self.name if line is None else f"{self.name}:{line}"


@frozen
class Result:
    """What a batch has done about one project.

    Attributes:
        entry: what the manifest says of it.
        did: made its documents; left them as they are; would make them; or could not, and would
            try again.
        size: bytes of its answers.
        place: where it was found, for messages: the path as typed, and the line.
    """

    entry: Entry
    did: Did
    size: int = 0
    place: str = ""
