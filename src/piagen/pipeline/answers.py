"""Knows how an answers file is read and written: strict JSON in, whole files out."""

from __future__ import annotations

import json
import math
import os
import stat
import tempfile
import unicodedata
from pathlib import Path
from typing import Any

from piagen.errors import CannotWrite, ShapeErrors, UnusableFile
from piagen.pipeline.problems import problems_from
from piagen.questionnaire.model import Questionnaire
from piagen.questionnaire.shape import FORMAT_VERSION, forbidden
from piagen.questionnaire.to_marshmallow import to_marshmallow

MOST_BYTES = 20_000_000
"""More than any project needs; a larger file is refused before it fills the memory."""
MOST_LEVELS = 50
"""Of brackets within brackets; answers need four, and what an organisation adds a few more."""
MOST_DIGITS = 100
_TOO_DEEP = "this is nested too deeply to be an answers file."


def read_answers(
    path: Path, questionnaire: Questionnaire, content: bytes | None = None
) -> dict[str, Any]:
    """Read an answers file, check its shape, and return it with text in NFC.

    Args:
        path: the file, or its name in messages where `content` is given.
        questionnaire: what the answers answer.
        content: what the file holds, if it was read already.

    Raises:
        UnusableFile: it cannot be read, is not strict JSON, or is of another format version.
        ShapeErrors: answers have the wrong shape; all of them are named.
    """
    found = parse(path, _text(path, _read(path) if content is None else content))
    try:
        answers = _version(path, _nfc(found, MOST_LEVELS))
    except RecursionError as error:
        raise UnusableFile(path, _TOO_DEEP) from error
    errors = to_marshmallow(questionnaire).validate(answers)
    if errors:
        raise ShapeErrors(problems_from(errors, answers, questionnaire))
    return answers


def parse(path: Path, text: str) -> object:
    """Read strict JSON: no key twice, no NaN.

    Raises:
        UnusableFile: with the line where reading stopped, where it is known.
    """
    try:
        return json.loads(
            text,
            object_pairs_hook=_no_key_twice,
            parse_constant=_no_constant,
            parse_int=_whole_number,
            parse_float=_fraction,
        )
    except json.JSONDecodeError as error:
        says = f"this is not JSON: {error.msg.lower()}, at column {error.colno}."
        raise UnusableFile(path, says, line=error.lineno) from error
    except RecursionError as error:
        raise UnusableFile(path, _TOO_DEEP) from error
    except ValueError as error:
        raise UnusableFile(path, str(error)) from error


def write_answers(path: Path, answers: dict[str, Any]) -> None:
    """Write an answers file whole or not at all, readable by its owner only.

    Raises:
        CannotWrite: the folder or disk does not let us.
    """
    write_whole(path, json.dumps(answers, ensure_ascii=False, indent=2).encode() + b"\n", 0o600)


def write_whole(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Write a file beside its place, then move it there: it is whole or not there at all.

    Raises:
        CannotWrite: the folder or disk does not let us.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".piagen-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(name).chmod(mode)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        says = f"this cannot be written ({error.strerror}). Choose another folder with -o."
        raise CannotWrite(path, says) from error


def _read(path: Path) -> bytes:
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise UnusableFile(path, "this is not a file. Name a JSON file of answers.")
        if found.st_size > MOST_BYTES:
            raise UnusableFile(path, "this is too large to be an answers file (over 20 MB).")
        return path.read_bytes()
    except OSError as error:
        raise UnusableFile(path, f"this cannot be read ({error.strerror}).") from error


def _text(path: Path, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        says = f"this is not UTF-8 text (byte {error.start:,}). Save it as UTF-8 and try again."
        raise UnusableFile(path, says) from error


def _version(path: Path, found: object) -> dict[str, Any]:
    if not isinstance(found, dict):
        raise UnusableFile(path, "an answers file is one JSON object, in curly brackets.")
    version = found.get("piagen")
    begin = f'Begin an answers file with "piagen": "{FORMAT_VERSION}".'
    if version is None:
        raise UnusableFile(path, f"this has no “piagen” key. {begin}")
    if not isinstance(version, str) or not (version.isascii() and version.isdigit()):
        raise UnusableFile(path, f"its format version is not one that piagen writes. {begin}")
    if int(version) > int(FORMAT_VERSION):
        says = (
            f"it was written by a newer piagen (format {version}). Update this piagen to read it."
        )
        raise UnusableFile(path, says)
    if version != FORMAT_VERSION:
        raise UnusableFile(path, f"there never was a format {version}. {begin}")
    return found


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    keys = [key for key, _ in pairs]
    for key in keys:
        if forbidden(key, prose=False):
            raise ValueError("a key holds a character that cannot be printed. Take it out.")
    if len(found) < len(pairs):
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"the key “{twice}” is written twice in one object. Take one out.")
    return found


def _no_constant(word: str) -> None:
    raise ValueError(f"{word} is not a number. Write a whole number, or leave the key out.")


def _whole_number(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise ValueError(f"a number of {len(digits):,} digits is too long. Write a shorter one.")
    return int(digits)


def _fraction(written: str) -> float:
    number = float(written)
    if math.isinf(number):
        raise ValueError(f"the number {written[:20]} is too large. Write a smaller one.")
    return number


def _nfc(value: Any, levels: int) -> Any:  # noqa: ANN401 - walks any JSON
    match value:
        case str():
            return unicodedata.normalize("NFC", value)
        case list() | dict() if not levels:
            raise RecursionError
        case list():
            return [_nfc(item, levels - 1) for item in value]
        case dict():
            return {key: _nfc(item, levels - 1) for key, item in value.items()}
    return value
