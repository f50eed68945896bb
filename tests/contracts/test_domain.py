"""The dataclasses of the domain and the shipped questionnaire have one shape."""

from __future__ import annotations

from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest

from piagen.domain import ids
from piagen.domain.project import Project
from piagen.pipeline.assess import questionnaire as shipped_questionnaire
from piagen.questionnaire.kept import KEPT
from piagen.questionnaire.to_jsonschema import to_jsonschema

Q = shipped_questionnaire()
IDS: dict[str, Any] = {
    "data_flows": ids.DataFlowId,
    "data_items": ids.DataItemId,
    "data_subjects": ids.DataSubjectId,
    "partners": ids.PartnerId,
    "purposes": ids.PurposeId,
    "risks": ids.RiskId,
    "shared_terms": ids.SharedTermId,
    "shared_tools": ids.SharedToolId,
    "systems": ids.SystemId,
}
"""The id of each table that something refers to; the other tables' ids are plain text."""
FROM_LAW = {"law.gateways": ids.GatewayId}
"""What an option list of the law holds, where it has an id of its own."""


def expected(question):
    """Return the type that holds an answer to the question."""
    words: Any = Literal[tuple(question.options)] if question.options else str
    if question.options_from:
        words = FROM_LAW.get(question.options_from, str)
    a_row: Any = IDS.get(question.of)
    return {
        "text": str,
        "prose": str,
        "email": str,
        "url": str,
        "boolean": bool,
        "number": int,
        "date": date,
        "choice": words,
        "choices": tuple[words, ...],
        "reference": a_row,
        "references": tuple[a_row, ...],
    }[question.type]


def required(hint):
    """`date | None` without the None."""
    if get_origin(hint) in (Union, UnionType):
        (hint,) = (part for part in get_args(hint) if part is not NoneType)
    return hint


HINTS = get_type_hints(Project)
SECTIONS = {name: hint for name, hint in HINTS.items() if is_dataclass(hint)}
TABLES = {name: get_args(hint)[0] for name, hint in HINTS.items() if get_origin(hint) is tuple}
COLUMNS = {key: {c.leaf: c for c in table.columns} for key, table in Q.tables.items()}


def test_each_field_is_annotated_with_a_type_not_with_the_text_of_one():
    """Text would have to be worked out whenever piagen starts; `domain/build.py` reads types."""
    for kind in (Project, *SECTIONS.values(), *TABLES.values()):
        assert not [f.name for f in fields(kind) if isinstance(f.type, str)], kind


def test_the_project_has_the_keys_of_the_answers_file():
    keys = set(to_jsonschema(Q)["properties"])
    assert set(HINTS) == keys - {"piagen"}


def test_each_section_is_a_dataclass_and_each_table_a_tuple_of_them():
    assert set(SECTIONS) == set(Q.leaves)
    assert set(TABLES) == set(Q.tables) | set(KEPT)


@pytest.mark.parametrize("key", sorted(Q.leaves))
def test_a_section_has_a_field_of_the_right_type_for_every_leaf_and_no_other(key):
    hints = get_type_hints(SECTIONS[key])
    assert {name: required(hint) for name, hint in hints.items()} == {
        leaf: expected(question) for leaf, question in Q.leaves[key].items()
    }


@pytest.mark.parametrize("key", sorted(Q.tables))
def test_a_row_has_a_field_of_the_right_type_for_every_column_and_no_other(key):
    hints = get_type_hints(TABLES[key])
    assert hints.pop("id") == IDS.get(key, str)
    assert {name: required(hint) for name, hint in hints.items()} == {
        leaf: expected(column) for leaf, column in COLUMNS[key].items()
    }


@pytest.mark.parametrize("key", sorted(KEPT))
def test_a_kept_row_has_a_field_for_every_column_optional_where_it_may_be_absent(key):
    hints = get_type_hints(TABLES[key])
    columns = {column.leaf: column for column in KEPT[key].columns}
    assert {name: required(hint) for name, hint in hints.items()} == {
        leaf: expected(column) for leaf, column in columns.items()
    }
    optional = {f.name for f in fields(TABLES[key]) if f.default is not MISSING}
    assert optional == {leaf for leaf, column in columns.items() if column.reach.optional}


@pytest.mark.parametrize(
    "kind", [*SECTIONS.values(), *TABLES.values()], ids=lambda kind: kind.__name__
)
def test_only_ids_and_kept_columns_are_required_of_a_dataclass(kind):
    """A draft with gaps is a valid draft: what is absent is None."""
    kept = kind in {TABLES[key] for key in KEPT}
    for field in fields(kind):
        if field.name == "id" or (kept and field.default is MISSING):
            assert field.default is MISSING
        else:
            assert field.default is None
            assert NoneType in get_args(get_type_hints(kind)[field.name])


@pytest.mark.parametrize(
    "kind", [*SECTIONS.values(), *TABLES.values()], ids=lambda kind: kind.__name__
)
def test_a_dataclass_is_frozen_and_slotted(kind):
    assert kind.__dataclass_params__.frozen
    assert "__slots__" in vars(kind)


def test_every_table_that_is_referred_to_has_an_id_type():
    referred = {question.of for question in Q.by_path.values() if question.of}
    assert referred <= set(IDS)
