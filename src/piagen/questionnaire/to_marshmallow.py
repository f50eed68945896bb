"""Knows how a questionnaire becomes a marshmallow schema, which checks the shape of answers.

It checks shape only: types, known keys and words, ids, references. What is missing is no matter of
shape (see `missing.py`), so no key is required but `piagen` and each row's `id`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, missing, validates_schema

from piagen.questionnaire import across, shape
from piagen.questionnaire.kept import KEPT
from piagen.questionnaire.model import Question, Questionnaire, Table

UNKNOWN = "This is not a key of the answers file."
OBJECT = "Write this as an object, in curly brackets."


class Text(fields.Field[str]):
    """Text that can be printed: not blank, no control character, no lone surrogate."""

    prose = False

    def _deserialize(self, value: object, *_: object, **__: object) -> str:
        if not isinstance(value, str):
            raise ValidationError("Write this as text, in quotation marks.")
        if found := shape.forbidden(value, prose=self.prose):
            raise ValidationError(shape.refusal(found))
        if shape.blank(value):
            raise ValidationError("Write an answer, or leave this key out.")
        return value


class Prose(Text):
    """Text of several lines."""

    prose = True


class Pattern(Text):
    """One line of text of a set form."""

    def __init__(self, pattern: str, says: str, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(**kwargs)
        self.pattern, self.says = pattern, says

    def _deserialize(self, value: object, *_: object, **__: object) -> str:
        text = super()._deserialize(value)
        if not re.match(self.pattern, text):
            raise ValidationError(self.says)
        return text


class Day(fields.Field[str]):
    """A date as text: year-month-day."""

    def _deserialize(self, value: object, *_: object, **__: object) -> str:
        if not isinstance(value, str) or not shape.is_date(value):
            raise ValidationError("Write a real date as year-month-day: 2027-03-27.")
        return value


class YesNo(fields.Field[bool]):
    """true or false, and nothing that merely looks like it."""

    def _deserialize(self, value: object, *_: object, **__: object) -> bool:
        if not isinstance(value, bool):
            raise ValidationError("Write true or false, without quotation marks.")
        return value


class WholeNumber(fields.Field[int]):
    """A whole number within its limits."""

    def __init__(self, low: int | None, high: int | None, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(**kwargs)
        self.low, self.high = 0 if low is None else low, high

    def _deserialize(self, value: object, *_: object, **__: object) -> int:
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise ValidationError("Write a whole number, without quotation marks.")
        if value < self.low or (self.high is not None and value > self.high):
            most = "" if self.high is None else f" to {self.high:,}"
            raise ValidationError(f"Write a whole number from {self.low:,}{most}.")
        return value


class Word(fields.Field[str]):
    """One of the words of a choice."""

    def __init__(self, words: Mapping[str, str], **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(**kwargs)
        self.words = words

    def _deserialize(self, value: object, *_: object, **__: object) -> str:
        if not isinstance(value, str) or value not in self.words:
            shown = ", ".join(list(self.words)[:12])
            more = ", …" if len(self.words) > 12 else ""
            raise ValidationError(f"Write one of these words: {shown}{more}.")
        return value


class Several(fields.List[Any]):
    """A list in which nothing stands twice."""

    def __init__(self, each: fields.Field[Any], **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(each, **kwargs)
        self.inner.error_messages["null"] = "Leave out what has no answer; do not write null."

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> list[Any]:  # noqa: ANN401
        if not isinstance(value, list):
            raise ValidationError("Write this as a list, in square brackets.")
        items = super()._deserialize(value, attr, data, **kwargs) or []
        if len(set(items)) < len(items):
            raise ValidationError("Name each only once.")
        return items


class Group(fields.Field[dict[str, Any]]):
    """An object of known keys: a section, or a row of a table.

    A schema within a schema says the same, and takes twice as long: it copies every field.
    """

    def __init__(self, asked: Mapping[str, fields.Field[Any]], **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(error_messages={"null": OBJECT}, **kwargs)
        self.asked = _worded(asked)

    def _deserialize(self, value: object, *_: object, **__: object) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise ValidationError(OBJECT)
        errors = _errors(self.asked, value)
        errors |= {key: [UNKNOWN] for key in value if key not in self.asked}
        if errors:
            raise ValidationError(errors)
        return value


def _errors(asked: Mapping[str, fields.Field[Any]], value: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is wrong with the answers that are there, and each one that has to be."""
    errors: dict[str, Any] = {}
    for leaf, made in asked.items():
        if leaf in value or made.required:
            try:
                made.deserialize(value.get(leaf, missing))
            except ValidationError as error:
                errors[leaf] = error.messages
    return errors


class Own(fields.Field[dict[str, Any]]):
    """An organisation's own answers: an object of anything, as long as it can be printed.

    What the organisation's own questions ask for is checked as any other answer is.
    """

    def __init__(self, asked: Mapping[str, fields.Field[Any]], **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(**kwargs)
        self.asked = _worded(asked)

    def _deserialize(self, value: object, *_: object, **__: object) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise ValidationError(OBJECT)
        for text in _texts(value):
            if found := shape.forbidden(text, prose=True):
                raise ValidationError(shape.refusal(found))
        if errors := _errors(self.asked, value):
            raise ValidationError(errors)
        return value


def _texts(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for item in value.values():
                yield from _texts(item)
        case list():
            for item in value:
                yield from _texts(item)


class Rows(fields.List[Any]):
    """The rows of a table."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> list[Any]:  # noqa: ANN401
        if not isinstance(value, list):
            raise ValidationError("Write this as a list of rows, in square brackets.")
        return super()._deserialize(value, attr, data, **kwargs) or []


def _row_id(**kwargs: Any) -> Pattern:  # noqa: ANN401
    return Pattern(shape.ROW_ID, "Write an id of lower-case letters, digits and hyphens.", **kwargs)


_FIELD: dict[str, Callable[[Question], fields.Field[Any]]] = {
    "text": lambda question: Text(),
    "prose": lambda question: Prose(),
    "boolean": lambda question: YesNo(),
    "choice": lambda question: Word(question.options),
    "choices": lambda question: Several(Word(question.options)),
    "number": lambda question: WholeNumber(*question.limits),
    "date": lambda question: Day(),
    "email": lambda question: Pattern(shape.EMAIL, "Write an email address: team@council.example."),
    "url": lambda question: Pattern(
        shape.URL, "Write a web address that begins with https:// or http://."
    ),
    "reference": lambda question: _row_id(),
    "references": lambda question: Several(_row_id()),
}


def field_for(question: Question) -> fields.Field[Any]:
    """Return the marshmallow field that checks one answer to the question."""
    return _FIELD[question.type](question)


@cache
def to_marshmallow(questionnaire: Questionnaire) -> Schema:
    """Return the schema of whole answers files; `.validate(answers)` gives all errors at once."""
    made: dict[str, fields.Field[Any]] = {"piagen": Word({shape.FORMAT_VERSION: ""}, required=True)}
    for key, leaves in questionnaire.leaves.items():
        made[key] = Group({leaf: field_for(question) for leaf, question in leaves.items()})
    for key, table in {**questionnaire.tables, **KEPT}.items():
        made[key] = Rows(_row(table))
    own = {leaf: field_for(q) for leaf, q in questionnaire.leaves.get("extra", {}).items()}
    made["extra"] = Own(own)
    schema: Schema = type("Answers", (_Whole,), {"questionnaire": questionnaire, **_worded(made)})()
    return schema


def _row(table: Table) -> Group:
    made = {column.leaf: field_for(column) for column in table.columns}
    if table.keyed:
        return Group({"id": _row_id(required=True), **made})
    for column in table.columns:
        made[column.leaf].required = not column.reach.optional
    return Group(made)


def _worded(made: Mapping[str, fields.Field[Any]]) -> Mapping[str, fields.Field[Any]]:
    for made_field in made.values():
        made_field.error_messages |= {
            "required": "Write this key; it is always needed.",
            "null": "Leave this key out while there is no answer; do not write null.",
        }
    return made


class _Whole(Schema):
    """Adds what no single field can see: ids and link rows stand once, references resolve."""

    class Meta:
        unknown = RAISE

    error_messages = {"unknown": UNKNOWN, "type": OBJECT}  # noqa: RUF012 - marshmallow's own

    questionnaire: Questionnaire

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def across_rows(self, _: object, original: object, **__: object) -> None:
        errors: dict[str, Any] = {}
        for path, says in across.faults(self.questionnaire, original):
            at: dict[Any, Any] = errors
            for step in path[:-1]:
                at = at.setdefault(step, {})
            at.setdefault(path[-1], []).append(says)
        if errors:
            raise ValidationError(errors)
