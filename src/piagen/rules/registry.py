"""Knows every rule there is: those that ship, and an organisation's own by entry point."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import import_module
from importlib.machinery import PathFinder
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from piagen.errors import PiagenError
from piagen.rules.rule import RULES, Rule

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

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
        for point in _registered():
            _load(point)
    except UnusableRules as error:
        for id_ in set(RULES) - ours:
            del RULES[id_]
        return error
    return MappingProxyType(dict(RULES))


def _registered() -> Iterable[EntryPoint]:
    """Return the entry points of the group; nearly nobody has one.

    To ask `importlib.metadata` is a twentieth of the time of `piagen check`, most of it to import
    it. It is asked where the metadata of some package names the group, and wherever we cannot tell.
    """
    others = [finder for finder in sys.meta_path if finder is not PathFinder]
    if any(hasattr(finder, "find_distributions") for finder in others) or any(
        map(_may_register, sys.path)
    ):
        from importlib.metadata import entry_points

        return entry_points(group=GROUP)
    return ()


def _may_register(place: str) -> bool:
    """Tell whether a package in the folder may name the group; what is no folder may, as a zip."""
    try:
        names = os.listdir(place or ".")  # noqa: PTH208 - few of hundreds are looked at
        homes = [name for name in names if name.lower().endswith("-info")]
        points = (Path(place, home, "entry_points.txt") for home in homes)
        return any(GROUP.encode() in file.read_bytes() for file in points if file.is_file())
    except FileNotFoundError:
        return False
    except OSError:
        return True


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
