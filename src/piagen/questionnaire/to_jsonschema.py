"""Knows how a questionnaire becomes a JSON Schema (2020-12) of the same shape, for other tools.

What JSON Schema cannot say, that link rows stand once and references resolve, is published as
`x-unique` (the columns that name a row) and `x-reference` (the table an id must be in).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from piagen.questionnaire import shape
from piagen.questionnaire.kept import KEPT
from piagen.questionnaire.model import Question, Questionnaire, Table

Json = dict[str, Any]


def to_jsonschema(questionnaire: Questionnaire) -> Json:
    """Return the schema of whole answers files."""
    properties: Json = {"piagen": {"const": shape.FORMAT_VERSION, "title": "Format version"}}
    for key, leaves in questionnaire.leaves.items():
        properties[key] = _object(leaves)
    for key, table in {**questionnaire.tables, **KEPT}.items():
        properties[key] = _rows(table)
    properties["extra"] = _extra(questionnaire.leaves.get("extra", {}))
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": questionnaire.title,
        "x-questionnaire": questionnaire.id,
        "x-version": questionnaire.version,
        "type": "object",
        "properties": properties,
        "required": ["piagen"],
        "additionalProperties": False,
        "$defs": {"own": _own()},
    }


def _extra(asked: Mapping[str, Question]) -> Json:
    """An organisation's own answers: those that its own questions ask for, and anything else."""
    said: Json = {"title": "An organisation's own answers", "type": "object"}
    if asked:
        said["properties"] = {leaf: _leaf(question) for leaf, question in asked.items()}
    return said | {"additionalProperties": {"$ref": "#/$defs/own"}}


def _own() -> Json:
    """Anything, as long as it can be printed."""
    below = {"$ref": "#/$defs/own"}
    return {
        "not": {"type": "string", "pattern": _portable(shape.FORBIDDEN_IN_PROSE)},
        "items": below,
        "additionalProperties": below,
    }


def _object(leaves: Mapping[str, Question]) -> Json:
    return {
        "type": "object",
        "properties": {leaf: _leaf(question) for leaf, question in leaves.items()},
        "additionalProperties": False,
    }


def _rows(table: Table) -> Json:
    columns = {column.leaf: column for column in table.columns}
    row = _object(columns)
    if table.keyed:
        row["properties"] = {"id": {"type": "string", "pattern": shape.ROW_ID}} | row["properties"]
        row["required"] = ["id"]
    else:
        row["required"] = [leaf for leaf, column in columns.items() if not column.reach.optional]
    rows: Json = {"title": table.words.label, "type": "array", "items": row}
    unique = [["id"]] if table.keyed else []
    if table.unique:
        unique.append(list(table.unique))
    return rows | ({"x-unique": unique} if unique else {})


def _leaf(question: Question) -> Json:
    said: Json = {"title": question.words.ask}
    if question.words.hint:
        said["description"] = question.words.hint
    if question.words.example:
        said["examples"] = [question.words.example]
    if question.words.errors:
        said["x-errors"] = dict(question.words.errors)
    if question.reach.cites:
        said["x-cites"] = list(question.reach.cites)
    return said | _TYPE[question.type](question)


def _portable(pattern: str) -> str:
    """Half characters cannot stand in JSON, and most validators refuse a pattern that has them."""
    return pattern.replace(r"\ud800-\udfff", "")


def _text(forbidden: str) -> Json:
    return {"type": "string", "pattern": shape.NOT_BLANK, "not": {"pattern": _portable(forbidden)}}


def _form(pattern: str) -> Json:
    return {
        "type": "string",
        "pattern": pattern,
        "not": {"pattern": _portable(shape.FORBIDDEN_IN_LINE)},
    }


def _number(question: Question) -> Json:
    low, high = question.limits
    most = {} if high is None else {"maximum": high}
    unit = {} if question.unit is None else {"x-unit": question.unit}
    return {"type": "integer", "minimum": 0 if low is None else low} | most | unit


def _word(question: Question) -> Json:
    return {"enum": list(question.options)}


def _id(question: Question) -> Json:
    return {"type": "string", "pattern": shape.ROW_ID, "x-reference": question.of}


def _list(items: Json) -> Json:
    return {"type": "array", "items": items, "uniqueItems": True}


_TYPE: dict[str, Callable[[Question], Json]] = {
    "text": lambda _: _text(shape.FORBIDDEN_IN_LINE),
    "prose": lambda _: _text(shape.FORBIDDEN_IN_PROSE),
    "boolean": lambda _: {"type": "boolean"},
    "choice": _word,
    "choices": lambda question: _list(_word(question)),
    "number": _number,
    "date": lambda _: {"type": "string", "format": "date", "pattern": shape.DATE},
    "email": lambda _: _form(shape.EMAIL),
    "url": lambda _: _form(shape.URL),
    "reference": _id,
    "references": lambda question: _list(_id(question)),
}
