"""Knows how answers of a past format become answers of today's, one format at a time."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from piagen.errors import UnusableFile, shown
from piagen.questionnaire.shape import FORMAT_VERSION

Migration = Callable[[dict[str, Any]], dict[str, Any]]
"""Takes answers of one format and returns those of the next; it need not set the version."""

MIGRATIONS: Mapping[int, Migration] = {}
"""From which format, and how. Format 1 is the first, so there is no other yet.

To make format 2: write a function here from 1 to 2, raise FORMAT_VERSION, and put a file of format
2 into tests/data/formats/. The files that are there already never change.
"""

_BEGIN = f'Begin an answers file with "piagen": "{FORMAT_VERSION}".'


def migrate(
    path: Path,
    answers: dict[str, Any],
    steps: Mapping[int, Migration] = MIGRATIONS,
    newest: int = int(FORMAT_VERSION),
) -> dict[str, Any]:
    """Return the answers in the newest format.

    Args:
        path: the file, for messages.
        answers: what it holds; its shape is not checked yet.
        steps: from which format, and how to get to the next.
        newest: the format to arrive at.

    Raises:
        UnusableFile: the file is of no format, of a newer one, or not in the shape of its own.
    """
    version = _version(path, answers)
    if version > newest:
        says = f"it was written by a newer piagen (format {version})."
        says += " Update this piagen to read it."
        raise UnusableFile(path, says)
    if version != newest and version not in steps:
        raise UnusableFile(path, f"there never was a format {version}. {_BEGIN}")
    for step in range(version, newest):
        try:
            answers = {**steps[step](answers), "piagen": str(step + 1)}
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            says = f"it says that it is of format {version}, but has not its shape. Mend it, or "
            says += "save it again with the piagen that wrote it."
            raise UnusableFile(path, says) from error
    return answers


def _version(path: Path, answers: Mapping[str, Any]) -> int:
    written = answers.get("piagen")
    if written is None:
        raise UnusableFile(path, f"this has no “piagen” key. {_BEGIN}")
    if not isinstance(written, str) or not re.fullmatch("[0-9]+", written):
        raise UnusableFile(path, f"its format version is not one that piagen writes. {_BEGIN}")
    if not re.fullmatch("0|[1-9][0-9]{0,5}", written):
        raise UnusableFile(path, f"there never was a format {shown(written, 20)}. {_BEGIN}")
    return int(written)
