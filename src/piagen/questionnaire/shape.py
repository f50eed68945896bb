"""Knows the limits of a well-formed answer; the marshmallow and JSON Schemas both read them."""

from __future__ import annotations

import re
from datetime import date

FORMAT_VERSION = "1"
"""The format of the answers file, its first key `piagen`."""

END = r"(?![\s\S])"
"""The end of the text, in Python's and in ECMAScript's regular expressions alike."""

ROW_ID = r"^[a-z0-9][a-z0-9-]{0,79}" + END
DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}" + END
EMAIL = r'^[^@\s<>",;]+@[^@\s<>",;.]+(\.[^@\s<>",;.]+)+' + END
URL = r'^https?://[^\s<>"{}|\\^`]+' + END
NOT_BLANK = (
    r"[^\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2060-\u206f"
    r"\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0]"
)
"""A character that can be seen: an answer of hidden ones only would count, and print nothing."""

TURNS_TEXT = r"\u202a-\u202e\u2066-\u2069"
"""Hidden marks that reverse the order in which text is shown. Arabic and Hebrew need none of them;
with them an answer can be shown to read what it does not say, and so can the words after it."""
FORBIDDEN_IN_LINE = (
    r"[\u0000-\u001f\u007f-\u009f\u2028\u2029\ud800-\udfff\ufffe\uffff" + TURNS_TEXT + "]"
)
FORBIDDEN_IN_PROSE = (
    r"[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ud800-\udfff\ufffe\uffff" + TURNS_TEXT + "]"
)
"""Control characters, lone surrogates, marks that turn text; prose may hold tabs and new lines."""
_IN_LINE, _IN_PROSE = re.compile(FORBIDDEN_IN_LINE), re.compile(FORBIDDEN_IN_PROSE)
_SEEN, _DATE = re.compile(NOT_BLANK), re.compile(DATE)


def forbidden(text: str, *, prose: bool) -> str | None:
    """Return the first character that no document can print, or None."""
    found = (_IN_PROSE if prose else _IN_LINE).search(text)
    return found and found.group()


def refusal(character: str) -> str:
    """Return what to do about a character that `forbidden` found."""
    turns = re.match(f"[{TURNS_TEXT}]", character)
    why = "it is hidden and can make text read falsely" if turns else "it cannot be printed"
    return f"Take out the character U+{ord(character):04X}; {why}."


def blank(text: str) -> bool:
    """Tell whether the text has no character that can be seen."""
    return not _SEEN.search(text)


def is_date(text: str) -> bool:
    """Tell whether the text is a day of the calendar written year-month-day."""
    if not _DATE.match(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
