"""Knows how what a person types becomes an answer: words, numbers, dates as people write them."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from marshmallow import ValidationError

from piagen.cli.wizard.terminal import NotUnderstood
from piagen.domain.days import MONTHS
from piagen.errors import shown as quoted
from piagen.questionnaire.model import Question
from piagen.questionnaire.to_marshmallow import field_for

ONE_LINE = ("text", "email", "url")
"""Types of question whose answer is one line of text."""

_NUMBERS = re.compile(r"(?:[\d\s,;.]|and)+")


class Several(ValueError):
    """What was typed fits more than one choice.

    Attributes:
        words: what it fits, in the order of the menu.
    """

    def __init__(self, words: list[str]) -> None:
        """Keep them, so that they can be shown with numbers."""
        self.words = words
        super().__init__("more than one choice fits")


def read(question: Question, typed: str) -> Any:  # noqa: ANN401 - any answer
    """Return the answer that was typed, where there is nothing to choose from.

    Raises:
        NotUnderstood: it is no answer; the message says what to type.
    """
    value = _READERS.get(question.type, _as_typed)(typed.strip(), question)
    try:
        return field_for(question).deserialize(value)
    except ValidationError as error:
        raise NotUnderstood(" ".join(_messages(error.messages))) from error


def chosen(
    typed: str, shown: Mapping[str, str], menu: Mapping[str, str], *, several: bool
) -> str | list[str]:
    """Return the word, or the words, chosen from a menu.

    A number counts as it was shown; a name may be typed in full or as far as it is clear.

    Args:
        typed: what was typed, not blank.
        shown: word or row id by the number that was shown for it.
        menu: word or row id to label, shown or not.
        several: whether more than one may be chosen; `none` then means none of them.

    Raises:
        NotUnderstood: it names nothing in the menu.
        Several: part of it names more than one thing.
    """
    if not several:
        return _one(typed.strip(), shown, menu)
    if typed.strip().casefold() == "none" and "none" not in menu:
        return []
    if not _NUMBERS.fullmatch(typed):
        try:  # one name may itself hold a comma or an “and”
            return [_one(typed.strip(), shown, menu)]
        except NotUnderstood:
            pass
    parts = [part.strip() for part in re.split(r"[,;]|\band\b|\s+(?=\d)", typed)]
    found = [_one(part, shown, menu) for part in parts if part]
    if not found:
        raise NotUnderstood("Type numbers or names, with commas between.")
    return list(dict.fromkeys(found))


def found_by(words: str, menu: Mapping[str, str]) -> list[str]:
    """Return the choices that have all the words in their label or their own word.

    Args:
        words: what was typed, with spaces between.
        menu: word or row id to label.
    """
    wanted = words.casefold().split()
    return [
        word
        for word, label in menu.items()
        if wanted and all(part in f"{word} {label}".casefold() for part in wanted)
    ]


def _one(typed: str, shown: Mapping[str, str], menu: Mapping[str, str]) -> str:
    """A number that was shown comes first: where words are numbers, 18 is never the 18th line."""
    plain = typed.removesuffix(".").casefold()
    if plain in shown:
        return shown[plain]
    if plain in menu:
        return plain
    if plain.isascii() and plain.isdigit():
        raise NotUnderstood(f"There is no {plain} in the list. Type a number as it stands there.")
    exact = [word for word, label in menu.items() if label.casefold() == plain]
    near = exact or [word for word, label in menu.items() if label.casefold().startswith(plain)]
    near = near or [word for word, label in menu.items() if plain in label.casefold()]
    if not near and not _NUMBERS.fullmatch(plain):
        near = found_by(plain, menu)
    match near:
        case [word]:
            return word
        case []:
            raise NotUnderstood(
                f"“{quoted(typed, 40)}” is not in the list. Type a number from it, or part of a "
                "name."
            )
    raise Several(near)


def _as_typed(typed: str, _: Question) -> str:
    return typed


def _yes_no(typed: str, _: Question) -> bool:
    word = typed.lower()
    if word in ("y", "yes"):
        return True
    if word in ("n", "no"):
        return False
    raise NotUnderstood("Type yes or no.")


def _number(typed: str, _: Question) -> int:
    digits = typed.replace(",", "").replace(" ", "")
    if not digits.isascii() or not digits.isdigit() or len(digits) > 12:
        raise NotUnderstood("Type a whole number, in figures.")
    return int(digits)


def _day(typed: str, question: Question) -> str:
    """Day before month, as people in the UK write it; never the other way round."""
    if found := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", typed):
        year, month, day = (int(part) for part in found.groups())
    elif found := re.fullmatch(r"(\d{1,2})[ /.-](\d{1,2})[ /.-](\d{4})", typed):
        day, month, year = (int(part) for part in found.groups())
    elif found := re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)? +([A-Za-z]{3,9})\.? +(\d{4})", typed):
        day, month, year = int(found[1]), _month(found[2]), int(found[3])
    elif question.month and (found := re.fullmatch(r"([A-Za-z]{3,9})\.? +(\d{4})", typed)):
        month, year = _month(found[1]), int(found[2])
        last = calendar.monthrange(max(year, 1), month)[1]
        day = 1 if question.month == "start" else last
    else:
        enough = " A month is enough: March 2027." if question.month else ""
        raise NotUnderstood(f"Type a date as day month year: 27 March 2027.{enough}")
    try:
        return date(year, month, day).isoformat()
    except ValueError as error:
        raise NotUnderstood("There is no such day. Type day month year: 27 March 2027.") from error


def _month(word: str) -> int:
    for number, name in enumerate(MONTHS, 1):
        if name.casefold().startswith(word.casefold()):
            return number
    raise NotUnderstood(f"“{quoted(word)}” is no month. Type a date as 27 March 2027.")


_READERS: Mapping[str, Callable[[str, Question], Any]] = {
    "boolean": _yes_no,
    "number": _number,
    "date": _day,
}


def _messages(tree: object) -> list[str]:
    match tree:
        case dict():
            return [said for below in tree.values() for said in _messages(below)]
        case list():
            return [said for item in tree for said in _messages(item)]
    return [str(tree)]
