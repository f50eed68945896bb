"""Knows what a row is called where a person meets it."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import shorten
from typing import Any

from piagen.domain.stored_path import parse
from piagen.questionnaire.kept import KEPT
from piagen.questionnaire.model import Question, Questionnaire

NAMED_BY = {"partners": ("short_name", "name")}
"""Columns that name a row, the first that is answered, where its first text does not."""
_NUMBERED = {
    "purposes": "P{}",
    "data_items": "I-{:02}",
    "data_flows": "F-{:02}",
    "legal_basis": "L-{:02}",
    "risks": "R-{:02}",
    "actions": "A-{:02}",
}
"""How the rows of a table are numbered; the numbers follow the order of the rows."""

_BY_NUMBER_ONLY = ("purposes", "risks", "legal_basis", "actions")
"""Tables whose rows are whole sentences: elsewhere their number stands for them."""

MOST_OF_A_NAME = 60
"""Characters of a sentence that names a row, where its number alone would tell nobody which."""

Answers = Mapping[str, Any]


def number(table: str, index: int) -> str:
    """Return the number of a row, counted from 0: P1, I-01; empty where rows have none."""
    return _NUMBERED[table].format(index + 1) if table in _NUMBERED else ""


def name(
    questionnaire: Questionnaire,
    table: str,
    row: Mapping[str, Any],
    answers: Answers,
    *,
    told: bool = False,
) -> str:
    """Return what a row is called: its first text, or what it links, or its id.

    Args:
        questionnaire: says which column is a text and which a reference.
        table: the key of the table.
        row: the row; it may be of the wrong shape.
        answers: where the rows that it links are found.
        told: whether the rows that it links are told in words too: see `reference`.
    """
    for leaf in NAMED_BY.get(table, ()):
        if isinstance(row.get(leaf), str) and row[leaf].strip():
            return str(row[leaf])
    links: list[str] = []
    for column in questionnaire.tables[table].columns if table in questionnaire.tables else ():
        cell = row.get(column.leaf)
        if column.reach.optional:
            continue
        match column.type, cell:
            case (("text" | "prose"), str()) if not links and cell.strip():
                return cell
            case "reference", str():
                links.append(reference(questionnaire, str(column.of), cell, answers, told=told))
            case "references", list():
                named = (reference(questionnaire, str(column.of), str(c), answers) for c in cell)
                links.append(" ".join(brief(str(column.of), one) for one in list(named)[:3]))
            case "choice", str() if cell in column.options:
                links.append(column.options[cell])
            case _:
                break
    return ", ".join(links[:3]) or str(row.get("id", "a row"))


def reference(
    questionnaire: Questionnaire, table: str, row_id: str, answers: Answers, *, told: bool = False
) -> str:
    """Return how a row is referred to from elsewhere: P1, I-01 Days absent, Northshire Council.

    Args:
        questionnaire: has the columns.
        table: the key of the table.
        row_id: the id of the row.
        answers: where the rows are found.
        told: whether a row whose number stands for it is named in words as well, where no list of
            the numbers is at hand: P1 Help families early.
    """
    there = answers.get(table)
    for index, row in enumerate(there if isinstance(there, list | tuple) else ()):
        if isinstance(row, Mapping) and row.get("id") == row_id:
            called = name(questionnaire, table, row, answers, told=told)
            if told and table in _BY_NUMBER_ONLY:
                # A row that links others is named by them, and each of them is short already.
                links = table == "legal_basis"
                most = called if links else shorten(called, MOST_OF_A_NAME, placeholder=" …")
                return f"{number(table, index)} {most}"
            return referred(table, index, called)
    return row_id


def referred(table: str, index: int, called: str) -> str:
    """Return how a row is referred to, from its place, counted from 0, and what it is called."""
    numbered = number(table, index)
    return numbered if table in _BY_NUMBER_ONLY else f"{numbered} {called}".strip()


def brief(table: str, name_of_row: str) -> str:
    """In a list, rows that have numbers are named by them alone: I-01, I-04, I-05."""
    return name_of_row.partition(" ")[0] if table in _NUMBERED else name_of_row


def place_in_words(questionnaire: Questionnaire, at: str, answers: Answers) -> str:
    """Return a stored path as a person finds it: Data flows › F-02 Referral › Method.

    Args:
        questionnaire: has the labels.
        at: a stored path; empty for the whole project.
        answers: where the rows are found.
    """
    if not at:
        return "The whole project"
    place = parse(at)
    if table := questionnaire.tables.get(place.key) or KEPT.get(place.key):
        steps = [table.words.label]
        if place.row:
            steps.append(reference(questionnaire, place.key, place.row, answers, told=True))
        steps += [c.words.label for c in table.columns if c.leaf == place.leaf]
        return " › ".join(steps)
    if place.leaf and (section := questionnaire.section_by_path.get(at)):
        return f"{section.title} › {questionnaire.by_path[at].words.label}"
    for section, entry in questionnaire.entries():
        if place.leaf is None and isinstance(entry, Question) and entry.key == place.key:
            return section.title
    return at
