"""Knows every rule there is: those that ship, and an organisation's own by entry point."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from types import MappingProxyType

from piagen.errors import PiagenError
from piagen.rules.rule import RULES, Rule

FAMILIES: Mapping[str, str] = MappingProxyType(
    {
        "PR": "process",
        "SO": "sign_off",
        "PA": "partners",
        "SG": "signatories",
        "SP": "practice",
        "DC": "decisions",
        "GW": "gateways",
        "GC": "gateway_conditions",
        "LB": "lawfulness",
        "SD": "sensitive_data",
        "OL": "other_law",
        "CO": "consent",
        "DF": "data",
        "NE": "necessity",
        "TP": "transparency",
        "RI": "rights",
        "AD": "automated",
        "PE": "people",
        "LE": "law_enforcement",
        "RE": "retention",
        "SE": "security",
        "SU": "suppliers",
        "HC": "health",
        "CN": "consultation",
        "RK": "risks",
        "AG": "agreement",
        "WV": "waivers",
    }
)
"""The prefix of each family of rules, and the module that holds it."""

RETIRED: frozenset[str] = frozenset()
"""Ids that were in use once; none is ever given again."""

GROUP = "piagen.rules"
"""The entry point group of an organisation's own rules: its name is the prefix of their ids."""


class UnusableRules(PiagenError):
    """Rules of an organisation's own that cannot be used."""


def rules() -> Mapping[str, Rule]:
    """Return every rule by id, those that ship first.

    Raises:
        UnusableRules: an entry point fails, or gives a rule a prefix that is not its own.
    """
    found = _found()
    if isinstance(found, UnusableRules):
        raise found
    return found


@cache
def _found() -> Mapping[str, Rule] | UnusableRules:
    """The rules, or what is wrong with them: a module loads once, so a second look is silent."""
    for module in FAMILIES.values():
        import_module(f"piagen.rules.{module}")
    ours = set(RULES)
    try:
        for point in entry_points(group=GROUP):
            _load(point)
    except UnusableRules as error:
        for id_ in set(RULES) - ours:
            del RULES[id_]
        return error
    return MappingProxyType(dict(RULES))


def _load(point: EntryPoint) -> None:
    if point.name in FAMILIES:
        raise UnusableRules(
            f"The rules of “{point.value}” are registered as {point.name}, which is a family of "
            "piagen’s own. Give them another prefix."
        )
    before = set(RULES)
    try:
        point.load()
    except Exception as error:  # whatever another's module does, say whose it is
        raise UnusableRules(
            f"The rules of “{point.value}” ({point.name}) cannot be loaded: {error}."
        ) from error
    for id_ in set(RULES) - before:
        if not re.fullmatch(re.escape(point.name) + r"\d+", id_):
            raise UnusableRules(
                f"The rule {id_} of “{point.value}” must be called {point.name}, its own prefix, "
                "and a number."
            )
