"""Knows what a rule is: how it registers itself, and what its docstring must say.

A rule is a total function of the evidence that it names as parameters (see `engine.Evidence`). It
yields a `Found` for each place at fault. It reads no clock and no file, and it never raises.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from enum import StrEnum
from types import MappingProxyType

from piagen.frozen import frozen
from piagen.law.model import Nation


class Severity(StrEnum):
    """How much a finding weighs."""

    ERROR = "error"
    WARNING = "warning"
    ADVICE = "advice"

    @property
    def rank(self) -> int:
        """0 for the gravest."""
        return list(Severity).index(self)

    @property
    def means(self) -> str:
        """What it says to a governance team."""
        return {
            Severity.ERROR: "a governance team would send it back; it blocks approval",
            Severity.WARNING: "needs an answer or a recorded reason",
            Severity.ADVICE: "good practice",
        }[self]


@frozen
class Found:
    """One place at fault, as a rule yields it.

    Attributes:
        at: the stored path where it is mended: `legal_basis[council-screening].article_9`.
        says: what is wrong there, one sentence that names the row in words.
        cites: citation keys that go with this place beside the rule's own: a catalogue entry.
    """

    at: str
    says: str
    cites: tuple[str, ...] = ()


Check = Callable[..., Iterable[Found]]


@frozen
class Rule:
    """One fault, and how it is found.

    Attributes:
        id: family and number, never used again once given: `LB004`.
        name: the fault in words, from the name of the function: `article-9-condition-missing`.
        title: the fault as one sentence.
        why: the reason, and the law behind it, in words.
        do: what mends it.
        cites: citation keys that go with every finding.
        cites_in: citation keys that replace `cites` in one nation.
        bank: the ids of the review rules that it carries out.
        asked: paths of the questions that feed it.
        nations: where it applies; empty for all.
        waivable: whether an error may be accepted at all.
        needs: the evidence that it reads.
    """

    id: str
    name: str
    severity: Severity
    title: str
    why: str
    do: str
    cites: tuple[str, ...]
    bank: tuple[str, ...]
    asked: tuple[str, ...]
    nations: tuple[Nation, ...]
    waivable: bool
    check: Check
    needs: tuple[str, ...]
    cites_in: Mapping[Nation, tuple[str, ...]] = field(default_factory=dict)


RULES: dict[str, Rule] = {}
"""Every rule that has registered itself, by id. `registry.rules()` sees that all have."""


def rule(
    id_: str,
    severity: Severity,
    *,
    asked: Iterable[str],
    cites: Iterable[str] = (),
    cites_in: Mapping[Nation, tuple[str, ...]] = MappingProxyType({}),
    bank: Iterable[str] = (),
    nations: Iterable[Nation] = (),
    waivable: bool = True,
) -> Callable[[Check], Check]:
    """Register the decorated function under its id; see `Rule` for what the arguments mean.

    Raises:
        ValueError: the id is taken, or the docstring lacks a title, a Why or a Do.
    """

    def register(check: Check) -> Check:
        if id_ in RULES:
            raise ValueError(f"{id_} is the id of {RULES[id_].name} already.")
        title, why, do = _told(id_, check.__doc__ or "")
        RULES[id_] = Rule(
            id=id_,
            name=check.__name__.replace("_", "-"),
            severity=severity,
            title=title,
            why=why,
            do=do,
            cites=tuple(cites),
            cites_in=cites_in,
            bank=tuple(bank),
            asked=tuple(asked),
            nations=tuple(nations),
            waivable=waivable,
            check=check,
            needs=tuple(inspect.signature(check).parameters),
        )
        return check

    return register


_PARTS = re.compile(r"(?P<title>.+?)\n\s*\nWhy: (?P<why>.+?)\n\s*\nDo: (?P<do>.+)", re.DOTALL)


def _told(id_: str, docstring: str) -> tuple[str, str, str]:
    found = _PARTS.fullmatch(inspect.cleandoc(docstring).strip())
    if found is None:
        raise ValueError(f"{id_}: the docstring needs a title, a paragraph “Why:” and one “Do:”.")
    return tuple(" ".join(found[part].split()) for part in ("title", "why", "do"))  # type: ignore[return-value]
