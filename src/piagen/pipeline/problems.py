"""Knows how marshmallow's tree of errors becomes problems with a place a person can find."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from piagen.errors import Problem, shown
from piagen.questionnaire.kept import KEPT
from piagen.questionnaire.model import Question, Questionnaire
from piagen.questionnaire.naming import name
from piagen.questionnaire.to_marshmallow import UNKNOWN

MOST_PROBLEMS = 500
"""Of one file; what comes after them is counted."""


def problems_from(
    errors: Mapping[Any, Any], answers: Mapping[str, Any], questionnaire: Questionnaire
) -> tuple[Problem, ...]:
    """Return every problem in the order of the questionnaire, unknown keys after the known."""
    order = {key: i for i, key in enumerate(dict.fromkeys(_keys(questionnaire)))}
    asked = {path: i for i, path in enumerate(questionnaire.by_path)}

    def place(leaf: tuple[tuple[Any, ...], str]) -> tuple[int, int, int]:
        key, *rest = leaf[0] or ("",)
        row = next((step for step in rest if isinstance(step, int)), -1)
        name = next((step for step in rest if isinstance(step, str)), "")
        path = f"{key}[].{name}" if row >= 0 else f"{key}.{name}"
        return order.get(key, len(order)), row, asked.get(path, len(asked))

    found = sorted(_leaves(errors, ()), key=place)
    first = (_problem(path, says, answers, questionnaire) for path, says in found[:MOST_PROBLEMS])
    if more := found[MOST_PROBLEMS:]:
        says = f"There are {len(more):,} more. Mend the others first, and check again."
        return (*first, Problem("", says, where="Everything else"))
    return tuple(first)


def _keys(questionnaire: Questionnaire) -> Iterator[str]:
    yield "piagen"
    for _, entry in questionnaire.entries():
        yield entry.path.partition(".")[0].partition("[")[0]
    yield from KEPT


def _leaves(tree: Any, path: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], str]]:  # noqa: ANN401
    match tree:
        case dict():
            for key, below in tree.items():
                yield from _leaves(below, path if key == "_schema" else (*path, key))
        case list():
            for item in tree:
                yield from _leaves(item, path)
        case str():
            yield path, tree


def _problem(
    path: tuple[Any, ...],
    says: str,
    answers: Mapping[str, Any],
    questionnaire: Questionnaire,
) -> Problem:
    key, *rest = path or ("",)
    question = None
    at, where = str(key), str(key) or "a key without a name"
    if key in questionnaire.tables or key in KEPT:
        table = questionnaire.tables.get(key) or KEPT[key]
        where = table.words.label
        if rest and isinstance(rest[0], int):
            row = _row(answers, key, rest[0])
            row_id = row.get("id") if isinstance(row.get("id"), str) else f"row {rest[0] + 1}"
            called = shown(name(questionnaire, str(key), row, answers))
            at, where = f"{key}[{row_id}]", f"{where} › {called}"
            rest = rest[1:]
            question = next((c for c in table.columns if rest and c.leaf == rest[0]), None)
    elif rest:
        question = questionnaire.leaves.get(key, {}).get(rest[0])
        where = _section_title(questionnaire, str(key))
    leaf = [str(step) for step in rest if not isinstance(step, int)]
    at = shown(".".join([at, *leaf[:1]]), 300)
    if question:
        where = f"{where} › {question.words.label}"
    if says == UNKNOWN:
        says = _unknown(path, questionnaire)
    asked = question.words.ask if question else None
    return Problem(at, says, asked=asked, where=shown(where, 300))


def _row(answers: Mapping[str, Any], key: str, index: int) -> Mapping[str, Any]:
    row = answers[key][index]
    return row if isinstance(row, Mapping) else {}


def _section_title(questionnaire: Questionnaire, key: str) -> str:
    for section, entry in questionnaire.entries():
        if isinstance(entry, Question) and entry.key == key:
            return section.title
    return key


def _unknown(path: tuple[Any, ...], questionnaire: Questionnaire) -> str:
    """Say which key was probably meant."""
    import difflib  # for mistakes only

    *above, key = path
    known: list[str] = list(_keys(questionnaire))
    if above and above[0] in questionnaire.tables:
        known = ["id", *(c.leaf for c in questionnaire.tables[above[0]].columns)]
    elif above and above[0] in KEPT:
        known = [c.leaf for c in KEPT[above[0]].columns]
    elif above:
        known = list(questionnaire.leaves.get(above[0], ()))
    near = difflib.get_close_matches(str(key), known, n=1)
    meant = f" Did you mean “{near[0]}”?" if near else " Take it out, or mend its spelling."
    return f"“{shown(str(key))}” is not a key that is used here.{meant}"
