"""Knows how what a person types becomes an answer: words, numbers, dates as people write them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from marshmallow import ValidationError

from piagen.cli.asking import NotUnderstood
from piagen.questionnaire.model import Question
from piagen.questionnaire.to_marshmallow import field_for

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def read(question: Question, typed: str, menu: Mapping[str, str]) -> Any:  # noqa: ANN401 - any answer
    """Return the answer that was typed.

    Args:
        question: what was asked.
        typed: what was typed, not blank.
        menu: word or row id to label, in the order shown; empty where there is no choice.

    Raises:
        NotUnderstood: it is no answer; the message says what to type.
    """
    value = _READERS.get(question.type, _as_typed)(typed.strip(), list(menu))
    try:
        return field_for(question).deserialize(value)
    except ValidationError as error:
        raise NotUnderstood(" ".join(_messages(error.messages))) from error


def _as_typed(typed: str, _: Sequence[str]) -> str:
    return typed


def _yes_no(typed: str, _: Sequence[str]) -> bool:
    word = typed.lower()
    if word in ("y", "yes"):
        return True
    if word in ("n", "no"):
        return False
    raise NotUnderstood("Type yes or no.")


def _number(typed: str, _: Sequence[str]) -> int:
    digits = typed.replace(",", "").replace(" ", "")
    if not digits.isascii() or not digits.isdigit() or len(digits) > 12:
        raise NotUnderstood("Type a whole number, in figures.")
    return int(digits)


def _one(typed: str, words: Sequence[str]) -> str:
    """A word itself comes first: where words are numbers, 18 is never the eighteenth line."""
    typed = typed.removesuffix(".").lower()
    if typed in words:
        return typed
    if all(word.isdigit() for word in words):
        raise NotUnderstood("Type the number of one of the choices, as it stands in the list.")
    if typed.isascii() and typed.isdigit() and 1 <= int(typed) <= len(words):
        return words[int(typed) - 1]
    raise NotUnderstood(f"Type the number of one of the choices, from 1 to {len(words)}.")


def _several(typed: str, words: Sequence[str]) -> list[str]:
    if typed.lower() == "none":
        return []
    parts = re.split(r"[,;]|\band\b|\s+(?=\d)", typed)
    chosen = [_one(part.strip(), words) for part in parts if part.strip()]
    return list(dict.fromkeys(chosen))


def _day(typed: str, _: Sequence[str]) -> str:
    """Day before month, as people in the UK write it; never the other way round."""
    if found := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", typed):
        year, month, day = (int(part) for part in found.groups())
    elif found := re.fullmatch(r"(\d{1,2})[ /.-](\d{1,2})[ /.-](\d{4})", typed):
        day, month, year = (int(part) for part in found.groups())
    elif found := re.fullmatch(r"(\d{1,2}) +([A-Za-z]{3,9})\.? +(\d{4})", typed):
        day, year = int(found[1]), int(found[3])
        month = _month(found[2])
    else:
        raise NotUnderstood("Type a date as day month year: 27 March 2027.")
    try:
        return date(year, month, day).isoformat()
    except ValueError as error:
        raise NotUnderstood("There is no such day. Type day month year: 27 March 2027.") from error


def _month(word: str) -> int:
    short = word[:3].lower()
    if short not in _MONTHS:
        raise NotUnderstood(f"“{word}” is no month. Type a date as 27 March 2027.")
    return _MONTHS.index(short) + 1


_READERS: Mapping[str, Callable[[str, Sequence[str]], Any]] = {
    "boolean": _yes_no,
    "number": _number,
    "choice": _one,
    "reference": _one,
    "choices": _several,
    "references": _several,
    "date": _day,
}


def _messages(tree: object) -> list[str]:
    match tree:
        case dict():
            return [said for below in tree.values() for said in _messages(below)]
        case list():
            return [said for item in tree for said in _messages(item)]
    return [str(tree)]
