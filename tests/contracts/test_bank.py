"""The shipped questionnaire asks what the bank of questions and the answers map say, once each."""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from piagen.domain.facts import FACTS
from piagen.pipeline.assess import questionnaire as shipped_questionnaire
from piagen.questionnaire.kept import KEPT
from piagen.questionnaire.model import (
    All,
    Answered,
    AnyOf,
    FactHolds,
    Includes,
    Is,
    LaterColumn,
    Not,
    Question,
    RequiredRow,
    Table,
)

DATA = Path(__file__).parents[1] / "data"
BANK = (DATA / "bank_ids.txt").read_text(encoding="utf-8").split()
MAP = list(csv.DictReader((DATA / "answers_map.csv").read_text(encoding="utf-8").splitlines()))
ASKED = [row for row in MAP if row["kind"] != "kept"]
DOCUMENTS = {"A": "pia", "B": "protocol", "C": "agreement"}
ALWAYS_ASKED = ("assessment", "screening")
NO_PERSONAL_DATA = Not(Is("screening.personal_data", "no"))
CONDITION_DIFFERS = {
    "screening.large_scale_sensitive": All(
        (NO_PERSONAL_DATA, Not(Is("screening.sensitive_data", "no")))
    )
}
"""The map leaves out what its neighbours say: with no personal data the screening is over."""


def entries():
    """Yield path, section and entry, columns and later columns included."""
    for section, entry in shipped_questionnaire().entries():
        yield entry.path, section, entry
        if isinstance(entry, Table):
            for column in entry.columns:
                yield column.path, section, column


FOUND = {path: (section, entry) for path, section, entry in entries()}


def reach_of(entry):
    return entry.question.reach if isinstance(entry, LaterColumn) else entry.reach


def leaf_of(entry):
    return entry.question if isinstance(entry, LaterColumn) else entry


def condition(written):
    """Read the map's notation: `any(is(.regime, uk_gdpr), fact:x)`."""
    tokens = re.findall(r"[(),]|[^(),\s]+", written)
    read, rest = _condition(tokens)
    assert not rest, written
    return read


def _condition(tokens):
    head, rest = tokens[0], tokens[1:]
    if head.startswith("fact:"):
        return FactHolds(head[5:]), rest
    assert rest[0] == "("
    found, rest = [], rest[1:]
    while rest[0] != ")":
        if head in ("all", "any", "not"):
            item, rest = _condition(rest)
        else:
            item, rest = rest[0], rest[1:]
        found.append(item)
        if rest[0] == ",":
            rest = rest[1:]
    rest = rest[1:]
    match head:
        case "all":
            return All(tuple(found)), rest
        case "any":
            return AnyOf(tuple(found)), rest
    return {"not": Not, "answered": Answered, "is": Is, "includes": Includes}[head](*found), rest


def expected_condition(row):
    """Return when the map says that it is asked, as the loader should have read it."""
    path, written = row["path"], row["required_when"]
    if row["offered_when"]:
        own = condition(row["offered_when"])
    elif written in ("always", "optional"):
        own = None
    else:
        own = CONDITION_DIFFERS.get(path) or condition(written)
    section, _ = FOUND[path]
    if section.id in ALWAYS_ASKED:
        return own
    form = FactHolds("personal_data_used" if row["short_form"] else "full_assessment")
    return form if own is None else All((form, own))


def differences(rows, expected, found):
    """Return what the map says and what the questionnaire says, where they differ."""
    pairs = {row["path"]: (expected(row), found(FOUND[row["path"]][1])) for row in rows}
    return {path: pair for path, pair in pairs.items() if pair[0] != pair[1]}


def test_the_bank_is_whole():
    assert len(BANK) == len(set(BANK)) == 154 + 20 + 23
    assert [id_ for id_ in BANK if re.fullmatch(r"B\d\d", id_)] == [
        f"B{n:02}" for n in range(1, 21)
    ]
    assert [id_ for id_ in BANK if re.fullmatch(r"S\d\d", id_)] == [
        f"S{n:02}" for n in range(1, 24)
    ]


@pytest.mark.parametrize("id_", BANK)
def test_a_bank_id_is_covered_where_the_map_says_and_nowhere_else(id_):
    mapped = {row["path"] for row in ASKED if row["bank_id"] == id_}
    found = {path for path, (_, entry) in FOUND.items() if reach_of(entry).bank == id_}
    assert found, f"nothing asks {id_}"
    assert found == mapped


def test_every_bank_id_written_in_the_questionnaire_exists():
    written = {reach_of(entry).bank for _, entry in FOUND.values()} - {None}
    assert written <= set(BANK)


def test_no_fact_is_asked_twice():
    twice = [path for path, times in Counter(path for path, _, _ in entries()).items() if times > 1]
    assert twice == []


def test_no_two_questions_of_one_place_are_worded_alike():
    """Two leaves of one table or section with the same words would ask the same thing."""
    asked = defaultdict(list)
    for path, (section, entry) in FOUND.items():
        asked[section.id, path.partition(".")[0], leaf_of(entry).words.ask].append(path)
    assert [paths for paths in asked.values() if len(paths) > 1] == []


def test_what_is_asked_is_what_the_map_names():
    assert set(FOUND) == {row["path"] for row in ASKED}


def test_the_facts_the_map_derives_exist():
    derived = {row["path"][5:] for row in ASKED if row["path"].startswith("fact:")}
    assert derived
    assert derived <= set(FACTS)


def test_kinds_and_types_are_those_of_the_map():
    def found(entry):
        match entry:
            case Table():
                return "table", "table"
            case RequiredRow():
                return "rows", "table"
            case LaterColumn():
                return "column-later", entry.question.type
            case Question():
                kind = "column" if "[]." in entry.path else "question"
                return "derived" if entry.derived else kind, entry.type

    assert differences(ASKED, lambda row: (row["kind"], row["type"]), found) == {}


def test_later_columns_are_asked_of_the_rows_that_the_map_selects():
    later = [row for row in ASKED if row["kind"] == "column-later"]
    assert len(later) == 8
    assert differences(later, lambda row: row["for_each"], lambda entry: entry.for_each) == {}


def test_each_feeds_the_documents_of_the_map():
    def expected(row):
        return {DOCUMENTS[letter] for letter in row["feeds"] if letter in DOCUMENTS}

    assert differences(ASKED, expected, lambda entry: set(reach_of(entry).documents)) == {}


def test_each_is_optional_only_where_the_map_says():
    def expected(row):
        return row["required_when"] == "optional"

    assert differences(ASKED, expected, lambda entry: reach_of(entry).optional) == {}


def test_each_is_asked_when_the_map_says():
    asked = [row for row in ASKED if row["kind"] != "derived"]
    assert differences(asked, expected_condition, lambda entry: reach_of(entry).when) == {}


def test_the_short_form_asks_what_the_map_marks():
    def expected(row):
        return bool(row["short_form"])

    assert differences(ASKED, expected, lambda entry: reach_of(entry).short_form) == {}


def test_the_words_of_each_choice_are_those_of_the_map_in_order():
    listed = [row for row in ASKED if row["words"]]
    assert (
        differences(
            listed, lambda row: row["words"].split(), lambda entry: list(leaf_of(entry).options)
        )
        == {}
    )


def test_each_choice_from_the_law_names_its_list():
    lists = [row for row in ASKED if row["options_from"]]
    assert (
        differences(
            lists, lambda row: row["options_from"], lambda entry: leaf_of(entry).options_from
        )
        == {}
    )


def test_the_map_gives_every_choice_its_words_or_its_list():
    choices = [row for row in ASKED if row["type"] in ("choice", "choices")]
    assert [row["path"] for row in choices if bool(row["words"]) == bool(row["options_from"])] == []


def test_each_reference_points_at_the_table_of_the_map():
    references = [row for row in ASKED if row["type"] in ("reference", "references")]
    assert differences(references, lambda row: row["of"], lambda entry: leaf_of(entry).of) == {}


def test_what_the_tool_keeps_is_what_the_map_says():
    kept = {row["path"]: row for row in MAP if row["kind"] == "kept"}
    single = {path for path in kept if "." not in path and not path.endswith("[]")}
    assert single == {"piagen", "extra"}
    columns = {
        column.path: (column.type, column.reach.optional)
        for table in KEPT.values()
        for column in table.columns
    }
    assert columns == {
        path: (row["type"], row["required_when"] == "optional")
        for path, row in kept.items()
        if "." in path
    }
    assert {table.path for table in KEPT.values()} == {path for path in kept if path[-2:] == "[]"}


def test_the_order_is_that_of_the_map():
    """Later columns and required rows are asked in the section that needs them."""
    moved = {
        "partners[].address",
        "partners[].caldicott_guardian",
        "outcome.organisational_risks",
        "signatories[document=protocol]",
    }
    assert [path for path in FOUND if path not in moved and path[:5] != "fact:"] == [
        row["path"] for row in ASKED if row["path"] not in moved and row["path"][:5] != "fact:"
    ]


def test_a_later_column_is_asked_in_the_section_that_needs_it():
    later = {path: s.id for path, (s, entry) in FOUND.items() if isinstance(entry, LaterColumn)}
    assert later == {
        "partners[].primary_focus": "practice",
        "partners[].primary_focus_note": "practice",
        "partners[].confidentiality_practice": "practice",
        "partners[].caldicott_guardian": "people_and_data",
        "purposes[].identifiability_needed": "necessity",
        "partners[].assessment_agreed": "consultation",
        "partners[].designated_person": "protocol",
        "partners[].address": "agreement",
    }


def test_a_link_table_is_named_by_its_references():
    tables = shipped_questionnaire().tables.values()
    assert {table.key: table.unique for table in tables if table.unique} == {
        "roles": ("partner", "purpose"),
        "meanings": ("term", "partner"),
        "local_uses": ("tool", "partner"),
        "decisions": ("flow", "decision"),
        "recipient_needs": ("flow", "partner"),
        "legal_basis": ("partner", "purpose", "regime"),
        "consent": ("purpose",),
        "processors": ("partner",),
        "signatories": ("partner", "document"),
    }
