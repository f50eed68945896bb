"""Knows how the answers come out of a PDF again, and whether the PDF is what they give.

The file comes from anywhere, so it is read within bounds, and only its attachments are looked at.
Whether it is whole is asked by making it again: piagen gives the same bytes for the same answers.
"""

from __future__ import annotations

import io
import logging
import os
import stat
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from piagen.config import Config
from piagen.errors import UnusableFile
from piagen.frozen import frozen
from piagen.pipeline.answers import MOST_BYTES
from piagen.pipeline.assess import Loaded, load_bytes
from piagen.pipeline.documents import render
from piagen.rendering.rendition import Language
from piagen.version import VERSION

if TYPE_CHECKING:
    import pypdf

MOST_BYTES_OF_A_PDF = 100_000_000
"""A hundred times the longest assessment; scans and pictures that were added have room."""
_MOST_NODES = 1_000
"""Of the tree of attached files; one that leads in a circle ends here."""
_NAME = "answers.json"


class Verdict(StrEnum):
    """What a PDF is, beside the answers in it."""

    SAME = "same"
    ADDED_TO = "added_to"
    OTHER_VERSION = "other_version"
    OTHER_BYTES = "other_bytes"
    OTHER_ANSWERS = "other_answers"

    @property
    def means(self) -> str:
        """The verdict in words; `{made_by}` stands for the version that made the file."""
        return _MEANS[self]


_MEANS = {
    Verdict.SAME: (
        "This PDF was made from exactly these answers by this version of piagen: made again, it "
        "is the same, byte for byte."
    ),
    Verdict.ADDED_TO: (
        "This PDF was made from exactly these answers by this version of piagen. Something was "
        "added at its end since, such as a signature or a note: look at what it changes."
    ),
    Verdict.OTHER_VERSION: (
        "This PDF was made by {made_by}, and this is piagen {version}, which gives another file "
        "for the same answers. Ask that version whether it has been changed since."
    ),
    Verdict.OTHER_BYTES: (
        "This PDF names itself as made from these answers, but it is not the file that they give. "
        "It was changed or saved again, or made with another release of WeasyPrint or Pango."
    ),
    Verdict.OTHER_ANSWERS: (
        "This PDF is not what these answers give. The answers in it or its pages were changed, or "
        "it was made with other settings: another --as-at, or another piagen.toml."
    ),
}


@frozen
class Extracted:
    """Answers that came out of a PDF.

    Attributes:
        content: the attached file, byte for byte.
        loaded: the same answers, checked; its path is that of the PDF.
        pdf: the whole PDF.
        made_by: the program and version that the PDF names; empty if it names none.
        identifier: the identifier of the PDF; empty if it has none.
        language: of its fixed text.
    """

    content: bytes
    loaded: Loaded
    pdf: bytes
    made_by: str
    identifier: bytes
    language: Language


def answers_in(path: Path, content: bytes | None = None, config: Config | None = None) -> Extracted:
    """Return the answers that a PDF carries.

    Args:
        path: the PDF, or its name in messages where `content` is given.
        content: what it holds, if it was read already.
        config: what the organisation has set: it may ask questions of its own.

    Raises:
        UnusableOverlay: something in the organisation's overlay is wrong.
        UnusableFile: it cannot be read, is no PDF that can be opened, or carries no answers.
        ShapeErrors: the answers in it have the wrong shape.
    """
    content = _read(path) if content is None else content
    if len(content) > MOST_BYTES_OF_A_PDF:
        most = f"{MOST_BYTES_OF_A_PDF // 1_000_000:,} MB"
        raise UnusableFile(path, f"this is too large (over {most}). Name a PDF that piagen made.")
    if b"%PDF-" not in content[:1024]:
        raise UnusableFile(path, "this is not a PDF. Name an assessment that piagen made as a PDF.")
    try:
        found = _from_pdf(path, content)
    except (UnusableFile, MemoryError):
        raise
    except Exception as error:  # a broken file breaks pypdf in ways that nobody has counted
        says = "this PDF is damaged and cannot be read. Ask for the file again."
        raise UnusableFile(path, says) from error
    attached, made_by, identifier, language = found
    if len(attached) > MOST_BYTES:
        most = f"{MOST_BYTES // 1_000_000:,} MB"
        raise UnusableFile(path, f"the answers in it are too large (over {most}).")
    inside = Path(f"{path} ({_NAME} in it)")
    loaded = Loaded(path, load_bytes(attached, inside, config).answers)
    return Extracted(attached, loaded, content, made_by, identifier, language)


def judge(found: Extracted, *, as_at: date | None = None, config: Config | None = None) -> Verdict:
    """Tell whether a PDF is what the answers in it give: make it again, and compare.

    Args:
        found: what `answers_in` returned.
        as_at: the day on which the law is read; None for the assessment's own date.
        config: what the organisation has set.

    Raises:
        UnusableConfig: the settings cannot be used.
        TemplateFault: a template cannot be used.
    """
    made = render(found.loaded, ["pia"], language=found.language, as_at=as_at, config=config)
    (again,) = made
    if found.pdf == again.content:
        return Verdict.SAME
    if found.pdf.startswith(again.content):
        return Verdict.ADDED_TO
    if found.made_by != f"piagen {VERSION}":
        return Verdict.OTHER_VERSION
    same = found.identifier and found.identifier == _identifier(_opened(again.content))
    return Verdict.OTHER_BYTES if same else Verdict.OTHER_ANSWERS


def _from_pdf(path: Path, content: bytes) -> tuple[bytes, str, bytes, Language]:
    reader = _opened(content)
    if reader.is_encrypted:
        says = "this PDF is locked with a password. Save it without one, and try again."
        raise UnusableFile(path, says)
    attached = next(_attached(reader), None)
    if attached is None:
        raise UnusableFile(
            path,
            "there are no answers in this PDF. Only the full edition of the assessment carries "
            "them: an agreement, a protocol or a published edition never does.",
        )
    made_by = str(reader.metadata.creator or "") if reader.metadata else ""
    tongue: Language = "cy" if str(reader.root_object.get("/Lang", "")) == "cy" else "en"
    return attached.get_data(), made_by, _identifier(reader), tongue


def _opened(content: bytes) -> pypdf.PdfReader:
    import pypdf  # only here: it takes a tenth of a second

    logging.getLogger("pypdf").addHandler(logging.NullHandler())  # our message says it once
    return pypdf.PdfReader(io.BytesIO(content))


def _identifier(reader: pypdf.PdfReader) -> bytes:
    found: Any = reader.trailer.get("/ID")
    first = found.get_object()[0] if found is not None else b""
    return first if isinstance(first, bytes) else str(first).encode()


def _attached(reader: pypdf.PdfReader) -> Iterator[Any]:
    """Yield the files that are attached under our name; the tree of files is searched once."""
    root: Any = reader.root_object
    names = root["/Names"] if "/Names" in root else {}  # noqa: SIM401 - get would not resolve it
    waiting = [names["/EmbeddedFiles"]] if "/EmbeddedFiles" in names else []
    for _ in range(_MOST_NODES):
        if not waiting:
            return
        node = waiting.pop().get_object()
        waiting += node.get("/Kids", [])
        pairs = node.get("/Names", [])
        for name, file in zip(pairs[::2], pairs[1::2], strict=False):
            if str(name) == _NAME:
                yield file.get_object()["/EF"]["/F"].get_object()


def _read(path: Path) -> bytes:
    """Read a plain file, and never more than is needed to see that it is too large."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)  # a FIFO would wait for a writer
        with os.fdopen(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise UnusableFile(path, "this is not a file. Name a PDF, or “-”.")
            return file.read(MOST_BYTES_OF_A_PDF + 1)
    except OSError as error:
        says = f"this cannot be read ({error.strerror}). Check its name, and that you may read it."
        raise UnusableFile(path, says) from error
