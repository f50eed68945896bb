"""Knows how an answers file is read and written: bounded bytes in, whole files out."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from piagen.errors import ShapeErrors, UnusableFile, shown
from piagen.pipeline.migrations import MIGRATIONS, Migration, migrate
from piagen.pipeline.problems import problems_from
from piagen.pipeline.strict import parse
from piagen.pipeline.whole import write_whole
from piagen.questionnaire.model import Questionnaire
from piagen.questionnaire.to_marshmallow import to_marshmallow

MOST_BYTES = 5_000_000
"""Forty times the largest example; a larger file is refused before it fills the memory."""
MOST_ROWS = 2_000
"""In one list; time grows faster than their number, and nobody reads so long a document."""


def read_answers(
    path: Path,
    questionnaire: Questionnaire,
    content: bytes | None = None,
    *,
    migrations: Mapping[int, Migration] = MIGRATIONS,
) -> dict[str, Any]:
    """Read an answers file, check its shape, and return it in today's format with text in NFC.

    Args:
        path: the file, or its name in messages where `content` is given.
        questionnaire: what the answers answer.
        content: what the file holds, if it was read already.
        migrations: how answers of past formats become those of today's.

    Raises:
        UnusableFile: it cannot be read, is not strict JSON, or is of an unknown format version.
        ShapeErrors: answers have the wrong shape; all of them are named.
    """
    content = _read(path) if content is None else content
    if len(content) > MOST_BYTES:
        most = f"{MOST_BYTES // 1_000_000:,} MB"
        raise UnusableFile(path, f"this is too large (over {most}). Name a file of answers only.")
    found = parse(path, _text(path, content))
    if not isinstance(found, dict):
        says = "an answers file is one JSON object. Put the answers in curly brackets."
        raise UnusableFile(path, says)
    answers = migrate(path, found, migrations)
    for at, length in _lists(answers, ""):
        if length > MOST_ROWS:
            says = f"{shown(at)} is a list of {length:,}. Write at most {MOST_ROWS:,}."
            raise UnusableFile(path, says)
    errors = to_marshmallow(questionnaire).validate(answers)
    if errors:
        raise ShapeErrors(problems_from(errors, answers, questionnaire))
    return answers


def write_answers(path: Path, answers: Mapping[str, Any]) -> None:
    """Write an answers file whole or not at all, readable by its owner only.

    Raises:
        CannotWrite: the folder or disk does not let us.
    """
    write_whole(Path(os.path.realpath(path)), as_written(answers), 0o600)  # a link stays a link


def as_written(answers: Mapping[str, Any]) -> bytes:
    """Return answers as piagen writes them, in a file and in a PDF that carries them: JSON."""
    return json.dumps(answers, ensure_ascii=False, indent=2).encode() + b"\n"


def _read(path: Path) -> bytes:
    """Read a plain file, and never more than is needed to see that it is too large.

    Its kind is asked of what was opened, and its size is not believed: both may change meanwhile.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)  # a FIFO would wait for a writer
        try:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise UnusableFile(path, "this is not a file. Name a JSON file of answers, or “-”.")
            with os.fdopen(handle, "rb", closefd=False) as file:
                return file.read(MOST_BYTES + 1)
        finally:
            os.close(handle)
    except OSError as error:
        says = f"this cannot be read ({error.strerror}). Check its name, and that you may read it."
        raise UnusableFile(path, says) from error


def _lists(value: object, at: str) -> Iterator[tuple[str, int]]:
    """Yield the place and the length of every list."""
    match value:
        case dict():
            for key, below in value.items():
                yield from _lists(below, f"{at}.{key}" if at else str(key))
        case list():
            yield at, len(value)
            for number, below in enumerate(value[:MOST_ROWS], 1):
                if isinstance(below, dict | list):
                    yield from _lists(below, f"{at}[row {number}]")


def _text(path: Path, content: bytes) -> str:
    try:
        if (zero := content.find(b"\0")) >= 0:  # UTF-16 and binary files; never in JSON
            raise UnicodeDecodeError("utf-8", content, zero, zero + 1, "a zero byte")
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        says = f"this is not UTF-8 text (byte {error.start:,}). Save it as UTF-8 and try again."
        raise UnusableFile(path, says) from error
