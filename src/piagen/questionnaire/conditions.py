"""Knows the whole condition language: six operators and the named facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, assert_never

from piagen.domain.facts import FACTS
from piagen.questionnaire.model import (
    All,
    Answered,
    AnyOf,
    Condition,
    FactHolds,
    Includes,
    Is,
    Not,
)


def parse(written: object) -> Condition:
    """Read a condition from YAML: `{ is: [screening.route, short] }`.

    Raises:
        ValueError: it is not one of the operators, with a sentence that says what to write.
    """
    if not isinstance(written, dict) or len(written) != 1:
        raise ValueError("write a condition as one operator: { answered: section.leaf }.")
    (operator, operand), *_ = written.items()
    match operator, operand:
        case "all", list():
            return All(tuple(parse(item) for item in operand))
        case "any", list():
            return AnyOf(tuple(parse(item) for item in operand))
        case "not", dict():
            return Not(parse(operand))
        case "answered", str():
            return Answered(operand)
        case "is", [str() as path, str() as word]:
            return Is(path, word)
        case "includes", [str() as path, str() as word]:
            return Includes(path, word)
        case "fact", str():
            return FactHolds(operand)
    raise ValueError(
        f"“{operator}” with that operand is no condition; use all, any, not, answered, is, "
        "includes or fact."
    )


def holds(
    condition: Condition | None, answers: Mapping[str, Any], row: Mapping[str, Any] | None = None
) -> bool:
    """Tell whether the condition holds of the visible answers; no condition always holds."""
    match condition:
        case None:
            return True
        case FactHolds(name):  # nearly every question has one, so it is looked for first
            return FACTS[name].holds(answers)
        case All(conditions):
            return all(holds(item, answers, row) for item in conditions)
        case AnyOf(conditions):
            return any(holds(item, answers, row) for item in conditions)
        case Not(inner):
            return not holds(inner, answers, row)
        case Answered(path):
            return _read(path, answers, row) not in (None, [])
        case Is(path, word):
            return _word(_read(path, answers, row)) == word
        case Includes(path, word):
            return word in (_read(path, answers, row) or ())
    assert_never(condition)


def reads(condition: Condition | None) -> Iterator[tuple[str, str | None]]:
    """Yield each path that the condition reads, with the word it looks for, if any."""
    match condition:
        case None:
            return
        case All(conditions) | AnyOf(conditions):
            for item in conditions:
                yield from reads(item)
        case Not(inner):
            yield from reads(inner)
        case Answered(path):
            yield path, None
        case Is(path, word) | Includes(path, word):
            yield path, word
        case FactHolds(name):
            yield f"fact:{name}", None
        case _:
            assert_never(condition)


def reasons(condition: Condition | None, answers: Mapping[str, Any]) -> Iterator[str]:
    """Yield why the condition does not hold, in words, for each fact in it that is false."""
    for path, _ in reads(condition):
        name = path.removeprefix("fact:")
        if path.startswith("fact:") and not FACTS[name].holds(answers):
            yield FACTS[name].otherwise


def _read(path: str, answers: Mapping[str, Any], row: Mapping[str, Any] | None) -> Any:  # noqa: ANN401
    if path.startswith("."):
        return (row or {}).get(path[1:])
    section, _, leaf = path.partition(".")
    return answers.get(section, {}).get(leaf)


def _word(value: object) -> object:
    """Answers are typed, words in conditions are text: true is written `true`."""
    return str(value).lower() if isinstance(value, bool) else value
