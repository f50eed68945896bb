"""Knows how strict JSON is read: no key twice, no NaN, no depth or number without bounds."""

from __future__ import annotations

import json
import math
import re
import unicodedata
from pathlib import Path
from typing import Any

from piagen.errors import UnusableFile, shown
from piagen.questionnaire.shape import forbidden

MOST_LEVELS = 50
"""Of brackets within brackets; answers need four, and what an organisation adds a few more."""
MOST_DIGITS = 100

_TOO_DEEP = "this is nested too deeply to be an answers file. Take brackets out there."
_TOKEN = re.compile(
    r'(?P<text>"[^"\\]*(?:\\.[^"\\]*)*")(?P<key>\s*:)?'
    r"|(?P<bracket>[][{}])|(?P<word>NaN|-?Infinity)|(?P<number>-?[0-9][0-9.eE+-]*)",
    re.DOTALL,
)


_WRONG = {
    "Expecting property name": "a name in double quotes should stand here",
    "Expecting ':'": "a colon is missing",
    "Expecting ','": "a comma or a closing bracket is missing",
    "Expecting value": "a value is missing, or is no JSON value",
    "Illegal trailing comma": "a comma stands before a closing bracket",
    "Unterminated string": "a text is not closed by a double quote",
    "Invalid control character": "a text holds a line break or a tab as it is; write \\n or \\t",
    "Invalid \\": "a backslash stands before something that JSON does not know",
    "Extra data": "something follows after its end",
}
"""What Python's reader finds wrong, by how it begins to say so, in words for whoever wrote it."""


class _Fault(ValueError):
    """Something that JSON in general allows and an answers file does not."""


def parse(path: Path, text: str) -> Any:  # noqa: ANN401 - any JSON
    """Read strict JSON, with all text in NFC.

    Raises:
        UnusableFile: with the line where reading stopped, where it is known.
    """
    try:
        found = json.loads(
            text,
            object_pairs_hook=_no_key_twice,
            parse_constant=_no_constant,
            parse_int=_whole_number,
            parse_float=_fraction,
        )
        return _nfc(found, MOST_LEVELS)
    except json.JSONDecodeError as error:
        raise UnusableFile(path, _not_json(error, text), line=error.lineno) from error
    except (RecursionError, _Fault) as error:
        says = str(error) if isinstance(error, _Fault) else _TOO_DEEP
        says, line = _first_fault(text) or (says, None)
        raise UnusableFile(path, says, line=line) from error


def _not_json(error: json.JSONDecodeError, text: str) -> str:
    if not text.strip():
        return "this is empty, so it is not JSON. Save the answers to it again."
    wrong = next((says for begins, says in _WRONG.items() if error.msg.startswith(begins)), "")
    says = f"this is not JSON: {wrong or error.msg.lower()}, at column {error.colno}."
    if error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated"):
        return f"{says} It seems to be cut short; copy or save it again."
    return f"{says} Mend it there."


def _first_fault(text: str) -> tuple[str, int] | None:
    """Find the first fault and its line; the hooks of `json` are not told where they are."""
    opened: list[dict[str, Any]] = []
    for token in _TOKEN.finditer(text):
        try:
            match token.lastgroup, token.group():
                case "bracket", ("{" | "["):
                    opened.append({})
                    if len(opened) > MOST_LEVELS:
                        raise _Fault(_TOO_DEEP)
                case "bracket", _:
                    opened.pop()
                case "key", _:
                    _add(opened[-1], json.loads(token["text"]), None)
                case "word", word:
                    _no_constant(word)
                case "number", number:
                    _number(number)
        except _Fault as fault:
            return str(fault), text.count("\n", 0, token.start()) + 1
    return None


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        _add(found, key, value)
    return found


def _add(found: dict[str, Any], key: str, value: object) -> None:
    if forbidden(key, prose=False):
        raise _Fault("a key holds a character that cannot be printed. Take it out.")
    if key in found:
        raise _Fault(f"the key “{shown(key)}” is written twice in one object. Take one out.")
    found[key] = value


def _no_constant(word: str) -> None:
    raise _Fault(f"{word} is not a number. Write a whole number, or leave the key out.")


def _number(written: str) -> int | float:
    return _whole_number(written) if written.lstrip("-").isdigit() else _fraction(written)


def _whole_number(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise _Fault(f"a number of {len(digits):,} digits is too long. Write a shorter one.")
    return int(digits)


def _fraction(written: str) -> float:
    number = float(written)
    if math.isinf(number):
        raise _Fault(f"the number {shown(written, 20)} is too large. Write a smaller one.")
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
