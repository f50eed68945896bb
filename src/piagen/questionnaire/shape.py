"""Knows the limits of a well-formed answer; the marshmallow and JSON Schemas both read them."""

from __future__ import annotations

import re
from datetime import date

FORMAT_VERSION = "1"
"""The format of the answers file, its first key `piagen`."""

END = r"(?![\s\S])"
"""The end of the text, in Python's and in ECMAScript's regular expressions alike."""

ROW_ID = r"^[a-z0-9][a-z0-9-]*" + END
DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}" + END
EMAIL = r"^[^@\s<>\",;]+@[^@\s<>\",;.]+(\.[^@\s<>\",;.]+)+" + END
URL = r"^https?://[^\s<>\"{}|\\^`]+" + END
NOT_BLANK = r"\S"
FORBIDDEN_IN_LINE = "[\u0000-\u001f\u007f-\u009f\u2028\u2029\ud800-\udfff\ufffe\uffff]"
FORBIDDEN_IN_PROSE = "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ud800-\udfff\ufffe\uffff]"
"""Control characters and lone surrogates; prose may hold tabs and new lines."""


def forbidden(text: str, *, prose: bool) -> str | None:
    """Return the first character that no document can print, or None."""
    found = re.search(FORBIDDEN_IN_PROSE if prose else FORBIDDEN_IN_LINE, text)
    return found and found.group()


def is_date(text: str) -> bool:
    """Tell whether the text is a day of the calendar written year-month-day."""
    if not re.match(DATE, text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
