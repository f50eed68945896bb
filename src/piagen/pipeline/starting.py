"""Knows how a project begins: from nothing or a starter, with the organisation's profile on top.

What a starter or the profile fills in is listed as unconfirmed, until somebody confirms it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from piagen.config import Config
from piagen.domain.fact import Answers, rows
from piagen.errors import PiagenError, shown
from piagen.frozen import frozen
from piagen.law.catalogue import load_catalogue
from piagen.pipeline.assess import questionnaire
from piagen.pipeline.profile import profile_of
from piagen.questionnaire.edit import row_id
from piagen.questionnaire.kept import KEPT
from piagen.questionnaire.model import Question, Questionnaire, Table
from piagen.questionnaire.shape import FORMAT_VERSION
from piagen.resources import shipped

PROFILE = "profile"
"""What `unconfirmed` calls an answer that came from the organisation's profile."""

_NAMELESS = "(give its name)"
"""How the name of a partner ends that only the project can name."""

_TO_BE_ADDED = re.compile(r"\s*\(give [^()]*\)\Z")
"""What a project may add to the name of a national body: its district, its region."""


@frozen
class Starter:
    """A common service, filled in as far as it is the same everywhere.

    Attributes:
        name: what is typed to begin from it.
        title: what the service is called.
        about: which service, for whom, in one line.
        answers: as in an answers file; partners are placeholders.
    """

    name: str
    title: str
    about: str
    answers: Mapping[str, Any]


class NoSuchStarter(PiagenError):
    """A starter that does not exist."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        """Name those that do."""
        super().__init__(f"“{shown(name)}” is no starter. Choose one of {', '.join(known)}.")


@cache
def starters() -> Mapping[str, Starter]:
    """Return every starter that ships, by name."""
    folder = shipped("questionnaires") / "starters"
    found = {}
    for path in sorted(folder.glob("*.json")):
        raw = json.loads(path.read_text(encoding="utf-8"))
        found[path.stem] = Starter(path.stem, raw["title"], raw["about"], raw["answers"])
    return found


def begin(starter: str | None, config: Config) -> dict[str, Any]:
    """Return the answers with which a new project begins, each listed as unconfirmed.

    The name of a placeholder is left out: it is asked for, and never confirmed by mistake. So are
    the risks that a starter sets aside: nobody here has looked at them, and the prompts for them
    stand until somebody does.

    Args:
        starter: the name of a starter, or None.
        config: what the organisation has set; its profile fills what it can.

    Raises:
        NoSuchStarter: there is none of that name.
        UnusableConfig: something in the profile is wrong.
    """
    answers: dict[str, Any] = {"piagen": FORMAT_VERSION}
    if starter is not None and starter not in starters():
        raise NoSuchStarter(starter, tuple(starters()))
    given = starters()[starter].answers if starter is not None else {}
    begun = {key: part for key, part in given.items() if key not in KEPT}
    both = with_profile(begun, profile_of(config), questionnaire(config))
    if "partners" in both:
        both["partners"] = [_without_placeholder(row) for row in both["partners"]]
    doubts = _doubts(dict(_values(begun)), both, starter)
    return {**answers, **both} | ({"unconfirmed": doubts} if doubts else {})


def with_profile(answers: Answers, profile: Answers, asked: Questionnaire) -> dict[str, Any]:
    """Return the answers with the organisation's own in them; its answers win.

    The organisation is the one partner of the profile. It takes the place of the placeholder of its
    kind; where several have that kind, the lead's if the lead is among them, or else the first
    one's. Where none has it, it takes the place of the only placeholder of its sector (a unitary
    council that of a district council), and keeps its own kind. Otherwise it is added.

    A row of another table is the same as a row of the answers if both name the same things: its
    references and its choices. Then it overwrites the cells that it has. A row that leaves open
    which rows of the project it is about, as a retention period leaves open the data, is added only
    while the project has none of the organisation's.

    Args:
        answers: from a starter, or empty.
        profile: partial answers, with at most one partner.
        asked: says which table is what.
    """
    own = next(iter(rows(profile, "partners")), None)
    merged, id_ = _with_partner(answers, own) if own else (dict(answers), "")

    def renamed(held: Mapping[str, Any], questions: Mapping[str, Question]) -> dict[str, Any]:
        return {
            leaf: _named(cell, own["id"], id_)
            if own and leaf in questions and questions[leaf].of == "partners"
            else cell
            for leaf, cell in held.items()
        }

    for key, part in profile.items():
        if key == "partners":
            continue
        if key not in asked.tables:
            merged[key] = {**merged.get(key, {}), **renamed(part, asked.leaves[key])}
            continue
        table = asked.tables[key]
        columns = {column.leaf: column for column in table.columns}
        for row in rows(profile, key):
            merged = _with_row(merged, answers, table, renamed(row, columns))
    return merged


def _with_partner(answers: Answers, own: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
    there = list(rows(answers, "partners"))
    index = _placeholder(answers, own)
    if index is not None:
        id_ = there[index]["id"]
        there[index] = {**there[index], **own, "id": id_}
        return {**answers, "partners": there}, id_
    id_ = row_id(answers, "partners", own.get("short_name") or own.get("name") or own["id"])
    return {**answers, "partners": [*there, {**own, "id": id_}]}, id_


def _placeholder(answers: Answers, own: Mapping[str, Any]) -> int | None:
    """Which row of the partners stands for the organisation; None if no row does."""
    there, kind = rows(answers, "partners"), own.get("kind")
    lead = answers.get("partnership", {}).get("lead")
    alike = [i for i, row in enumerate(there) if kind and row.get("kind") == kind]
    if alike:
        return next((i for i in alike if there[i]["id"] == lead), alike[0])
    near = [i for i, row in enumerate(there) if kind and _sector(row.get("kind")) == _sector(kind)]
    return near[0] if len(near) == 1 else None


def _sector(kind: str | None) -> str | None:
    return load_catalogue().body_kinds[kind].sector if kind else None


def _named(cell: Any, before: str, now: str) -> Any:  # noqa: ANN401 - one reference or several
    """The reference with the project's own name for the organisation."""
    if isinstance(cell, list):
        return [now if name == before else name for name in cell]
    return now if cell == before else cell


def _with_row(
    merged: dict[str, Any], before: Answers, table: Table, row: Mapping[str, Any]
) -> dict[str, Any]:
    names = [c.leaf for c in table.columns if _names(c, table)]
    there = list(rows(merged, table.key))
    if all(leaf in row for leaf in names):
        for index, one in enumerate(there):
            if names and all(one.get(leaf) == row[leaf] for leaf in names):
                there[index] = {**one, **row, "id": one["id"]}
                return {**merged, table.key: there}
    else:
        own = {leaf: row[leaf] for leaf in names if leaf in row}
        if any(own.items() <= one.items() for one in rows(before, table.key)):
            return merged
    new = {**row, "id": row_id(merged, table.key, row["id"])}
    return {**merged, table.key: [*there, new]}


def _names(column: Question, table: Table) -> bool:
    """Whether a column says which row it is: a reference or choice that each row must have."""
    if column.leaf in table.unique:
        return True
    return not column.reach.optional and (column.of is not None or column.type == "choice")


def _without_placeholder(row: Mapping[str, Any]) -> dict[str, Any]:
    left = {leaf: cell for leaf, cell in row.items() if leaf != "name"}
    name = row.get("name", _NAMELESS)
    return left if name.endswith(_NAMELESS) else {**left, "name": _TO_BE_ADDED.sub("", name)}


def _doubts(
    begun: Mapping[str, Any], answers: Answers, starter: str | None
) -> list[dict[str, str]]:
    """Return the rows of `unconfirmed`: a whole row where all of it came from one place."""
    sources: dict[str, dict[str, str]] = {}
    for path, value in _values(answers):
        source = PROFILE if starter is None or begun.get(path) != value else starter
        holder = path.partition(".")[0]
        sources.setdefault(holder, {})[path] = source
    found = []
    for holder, paths in sources.items():
        if "[" in holder and len(set(paths.values())) == 1:
            paths = {holder: next(iter(paths.values()))}
        found += [{"path": path, "starter": source} for path, source in paths.items()]
    return found


def _values(answers: Answers) -> Iterator[tuple[str, Any]]:
    """Yield the stored path and value of every answer to a question."""
    asked = questionnaire()
    for key, part in answers.items():
        if key in asked.tables:
            for row in part:
                for leaf, value in row.items():
                    if leaf != "id":
                        yield f"{key}[{row['id']}].{leaf}", value
        elif key in asked.leaves:
            for leaf, value in part.items():
                if not asked.leaves[key][leaf].derived:
                    yield f"{key}.{leaf}", value
