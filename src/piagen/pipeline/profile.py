"""Knows the organisation's profile: what of its answers is the same in every project.

It stands in `piagen.toml` under `[profile]`: partial answers, with the names of an answers file. Of
partners it knows one, the organisation itself; everything else that a row could refer to belongs to
a project.
"""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, time
from functools import cache
from pathlib import Path
from typing import Any

from piagen.config import Config, UnusableConfig, read
from piagen.errors import CannotWrite, Problem, ShapeErrors, UnusableFile, shown
from piagen.pipeline.answers import read_answers
from piagen.pipeline.assess import questionnaire
from piagen.pipeline.whole import write_whole
from piagen.questionnaire.kept import KEPT
from piagen.questionnaire.model import (
    All,
    Answered,
    Condition,
    Includes,
    Is,
    Not,
    Question,
    Questionnaire,
    Reach,
    Section,
    Table,
)
from piagen.questionnaire.shape import FORMAT_VERSION

KEY = "profile"
"""The table of `piagen.toml` that holds the profile."""


def profile_of(config: Config) -> dict[str, Any]:
    """Return the profile as partial answers, of the right shape; empty without one.

    A row that names no partner where one belongs is about the organisation.

    Raises:
        UnusableConfig: something in it is wrong; all faults are named, each with its place.
    """
    if not config.profile:
        return {}
    path = config.path or Path("piagen.toml")
    given: dict[str, Any] = {key: _plain(part) for key, part in config.profile.items()}
    faults = [*_not_of_a_profile(given)]
    given = {key: part for key, part in given.items() if key not in ("piagen", "extra", *KEPT)}
    faults += _foreign(given)
    given = _of_the_organisation(_without_foreign(given))
    try:
        content = json.dumps({"piagen": FORMAT_VERSION, **given}).encode()
        given = read_answers(path, questionnaire(config), content)
    except ShapeErrors as error:
        faults += [f"{KEY}.{problem.at}: {problem.says}" for problem in error.problems]
    except UnusableFile as error:
        faults.append(f"{KEY}: {error.says}")
    if faults:
        raise UnusableConfig(path, tuple(faults))
    del given["piagen"]
    return given


def _not_of_a_profile(given: Mapping[str, Any]) -> Iterator[str]:
    for key in ("piagen", "extra", *KEPT):
        if key in given:
            yield f"{KEY}.{key}: each project keeps this for itself. Take it out."
    if len(_rows(given, "partners")) > 1:
        yield f"{KEY}.partners: a profile is of one organisation. Leave one row here."


def _foreign(given: Mapping[str, Any]) -> Iterator[str]:
    """Say where something is referred to that only a project has."""
    for at, question, _ in _references(given):
        if question.of != "partners":
            yield f"{KEY}.{at}: each project has its own {question.of}, so leave this out here."


def _without_foreign(given: Mapping[str, Any]) -> dict[str, Any]:
    """A reference that was told about already is not told about again."""
    foreign = {(id(held), q.leaf) for _, q, held in _references(given) if q.of != "partners"}

    def kept(held: Any) -> Any:  # noqa: ANN401 - a section, a table or what is neither
        match held:
            case dict():
                return {leaf: v for leaf, v in held.items() if (id(held), leaf) not in foreign}
            case list():
                return [kept(row) for row in held]
        return held

    return {key: kept(part) for key, part in given.items()}


def _of_the_organisation(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the profile with the organisation in each row that must name a partner."""
    own = next((row.get("id") for row in _rows(given, "partners")), None)
    if own is None:
        return dict(given)
    tables = questionnaire().tables
    named = {
        key: [{**dict.fromkeys(_must_name(tables[key]), own), **row} for row in _rows(given, key)]
        for key in given
        if key in tables and key != "partners" and len(_rows(given, key)) == len(given[key])
    }
    return {**given, **named}


def _must_name(table: Table) -> list[str]:
    return [
        column.leaf
        for column in table.columns
        if column.of == "partners" and column.type == "reference" and not column.reach.optional
    ]


def _references(given: Mapping[str, Any]) -> Iterator[tuple[str, Question, Mapping[str, Any]]]:
    """Yield the place of each reference, its question and the section or row that holds it."""
    asked = questionnaire()
    for key, part in given.items():
        if isinstance(part, dict):
            for leaf in part:
                question = asked.leaves.get(key, {}).get(leaf)
                if question and question.of:
                    yield f"{key}.{leaf}", question, part
        elif key in asked.tables:
            for row in _rows(given, key):
                for column in asked.tables[key].columns:
                    if column.of and column.leaf in row:
                        yield f"{key}[{shown(str(row.get('id')))}].{column.leaf}", column, row


def _rows(given: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    """The rows of a table that may have any shape."""
    part = given.get(key)
    return [row for row in part if isinstance(row, dict)] if isinstance(part, list) else []


def _plain(value: Any) -> Any:  # noqa: ANN401 - any TOML
    """TOML has dates of its own; answers hold text."""
    match value:
        case dict():
            return {key: _plain(below) for key, below in value.items()}
        case list():
            return [_plain(item) for item in value]
        case date() | time():
            return value.isoformat()
    return value


@dataclass
class ProfileSitting:
    """One go at the profile, saved into `piagen.toml` after every answer.

    Attributes:
        path: the file.
        answers: the profile as partial answers.
        wrong: empty: a profile with faults is mended by hand first.
    """

    path: Path
    answers: dict[str, Any] = field(default_factory=dict)
    wrong: dict[str, tuple[Any, Problem]] = field(default_factory=dict)
    _on_disk: bytes | None = None

    @classmethod
    def open(cls, path: Path) -> ProfileSitting:
        """Take up the profile of a file, or begin one that is not there.

        Raises:
            UnusableConfig: the file or the profile in it cannot be used.
        """
        if not path.exists():
            return cls(path)
        return cls(path, profile_of(read(path)), _on_disk=path.read_bytes())

    @property
    def is_new(self) -> bool:
        """Whether there is no answer yet."""
        return not self.answers

    def save(self, answers: Mapping[str, Any]) -> None:
        """Keep the answers here and in the file, and everything else that the file holds.

        A new file is readable by its owner only; one that is there keeps its mode.

        Raises:
            CannotWrite: the disk does not let us, or the file was changed by something else.
        """
        there = self.path.read_bytes() if self.path.is_file() else None
        if there != self._on_disk:
            says = (
                "this was changed by something else while you were answering. Nothing of it was "
                "overwritten; start again to go on from what it holds now."
            )
            raise CannotWrite(self.path, says)
        # A library that only this needs; every other command starts without it.
        from piagen.pipeline.toml import with_table

        kept = _of_the_organisation({key: part for key, part in answers.items() if part})
        content = with_table((there or b"").decode("utf-8"), KEY, kept)
        if _plain(tomllib.loads(content).get(KEY, {})) != kept:
            says = "its profile is written in a way that cannot be changed here. Edit it by hand."
            raise CannotWrite(self.path, says)
        mode = 0o600 if there is None else self.path.stat().st_mode & 0o777
        write_whole(Path(os.path.realpath(self.path)), content.encode(), mode)
        self.answers, self._on_disk = dict(answers), content.encode()


@cache
def form() -> Questionnaire:
    """Return what `piagen profile` asks: the questions whose answers an organisation repeats."""
    asked = questionnaire()
    sections = tuple(
        Section(id_, title, intro, tuple(_entry(asked, entry) for entry in entries))
        for id_, title, intro, entries in _FORM
    )
    return Questionnaire("profile", asked.version, "The organisation’s profile", sections)


def _entry(asked: Questionnaire, entry: str) -> Question | Table:
    """A question by its path, or a table with the columns after its name."""
    key, _, leaves = entry.partition(": ")
    if not leaves:
        return _freed(asked.by_path[key], optional=True)
    table = asked.tables[key]
    known = {column.leaf: column for column in table.columns}
    is_own = key == "partners"
    columns = tuple(
        _freed(known[leaf], optional=leaf not in _MUST if is_own else known[leaf].reach.optional)
        for leaf in leaves.split()
    )
    ask, hint = _WORDS[key]
    words = replace(table.words, ask=ask, hint=hint)
    reach = Reach(optional=not is_own)
    found = replace(table, words=words, columns=columns, unique=(), reach=reach)
    return replace(found, row="organisation") if is_own else found


def _freed(question: Question, *, optional: bool) -> Question:
    """A question that hangs on nothing outside its own row."""
    return replace(
        question,
        reach=replace(question.reach, optional=optional, when=_within_row(question.reach.when)),
    )


def _within_row(when: Condition | None) -> Condition | None:
    match when:
        case All(conditions=parts):
            kept = tuple(c for part in parts if (c := _within_row(part)) is not None)
            return All(kept) if kept else None
        case Not(condition=part):
            inner = _within_row(part)
            return None if inner is None else Not(inner)
        case Answered(path=path) | Is(path=path) | Includes(path=path) if path.startswith("."):
            return when
    return None


_MUST = ("name", "kind")

_WORDS = {
    "partners": (
        "Whose profile is this?",
        "Your own organisation. It takes its place in every project that you begin.",
    ),
    "contacts": (
        "Who are your contacts for partners?",
        "One row for each function. The data protection officer is there already.",
    ),
    "retention": (
        "What do you always keep, and for how long?",
        "One row for each line of your schedule that projects use. Leave out what is rare.",
    ),
}
"""What a table asks and hints at in a profile, where the question of a project does not fit."""

_FORM = (
    (
        "organisation",
        "The organisation",
        "Who you are. Leave out what you do not know: projects ask for it again.",
        (
            "partners: name short_name kind public_authority foi_body competent_authority dpo "
            "dpo_email fee_number address caldicott_guardian designated_person primary_focus "
            "primary_focus_note confidentiality_practice",
        ),
    ),
    (
        "rights",
        "Requests, corrections and complaints",
        "How people reach you about their information, and what you promise them.",
        (
            "rights.contact",
            "rights.access_requests",
            "rights.pass_on_working_days",
            "rights.views_working_days",
            "rights.corrections",
            "rights.corrections_working_days",
            "rights.complaints",
            "rights.complaints_acknowledged_days",
        ),
    ),
    (
        "security",
        "Security and breaches",
        "Your baseline: what holds for every system and every member of staff.",
        (
            "security.protection",
            "security.monitoring",
            "security.training",
            "security.breaches",
            "security.breach_partners_hours",
            "security.breach_regulator_hours",
        ),
    ),
    (
        "notices",
        "What people are told, and what is recorded",
        "Texts that you use in every service.",
        (
            "transparency.accessible_notices",
            "transparency.sharing_without_consent",
            "transparency.aggregate_use",
            "practice.recording",
        ),
    ),
    (
        "contacts",
        "Contacts",
        "Give roles and shared mailboxes, not persons: they last longer.",
        ("contacts: function contact email telephone out_of_hours",),
    ),
    (
        "retention",
        "Retention schedule",
        "What you always keep, and for how long. Each project says which of its data that is.",
        ("retention: authority period_unit period starts_from disposal responsible",),
    ),
)
