"""Knows how an organisation adds questions of its own, and makes ours stricter; never the reverse.

A patch is a YAML file with the name of a section. Rules and documents rely on every question that
ships, so a patch may not take one away, change its type, or let anybody off answering it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from piagen.errors import Problem, UnusableFile, shown
from piagen.frozen import frozen
from piagen.questionnaire.load import OptionSource, read_question
from piagen.questionnaire.model import (
    Entry,
    LaterColumn,
    Question,
    Questionnaire,
    RequiredRow,
    Section,
    Table,
    Words,
)
from piagen.yamlio import load_yaml

EXTRA = "extra"
"""The section of the answers file that holds an organisation's own answers."""
PREFIX = r"[a-z][a-z0-9]{1,11}"
"""What an organisation's own names begin with."""

OPEN = frozenset(
    {
        "agreement.compliance_checks",
        "assurances[].scheme",
        "consultees[].who",
        "data_flows[].method",
        "data_items[].also_contains",
        "distribution[].format",
        "practice.beneficiary",
        "practice.targeting",
        "processing.matching_identifiers",
        "protocol.principles",
        "related_documents[].kind",
        "review.triggers",
        "scope.codes",
    }
)
"""Choices to which options may be added: they describe. From the words of every other choice
something is worked out, and a word that no rule knows would pass every rule."""

_HEAD = {"extends", "add", "change"}
_CHANGEABLE = ("ask", "hint", "guidance", "example", "errors")
_NEVER_ADDED = ("for_each", "derived", "bank", "hard_words", "standard_text")

Kind = TypeVar("Kind", Question, Table, RequiredRow)


@frozen
class _Added:
    question: Question
    section: str
    after: str | None


def patched(
    asked: Questionnaire,
    folder: Path,
    prefix: str | None,
    option_source: OptionSource,
    place: str,
) -> tuple[Questionnaire, tuple[Problem, ...]]:
    """Return the questionnaire with the patches of one folder, and every fault in them.

    Args:
        asked: the questionnaire so far.
        folder: holds a file for each section that is patched: `practice.yaml`.
        prefix: what the organisation's own names begin with; None if it has set none.
        option_source: gives the options that `options_from` names, word to label.
        place: what the folder is called in messages.
    """
    reader = _Patcher(asked, prefix, option_source)
    for path in sorted(folder.glob("*.yaml")):
        reader.file = f"{place}/{path.name}"
        try:
            raw = load_yaml(path)
        except UnusableFile as error:
            reader.problems.append(Problem(reader.file, error.says, line=error.line))
            continue
        reader.patch(raw, path.stem)
    if reader.problems:
        return asked, tuple(reader.problems)
    sections = tuple(reader.section(section) for section in asked.sections)
    version = f"{asked.version} with {prefix}" if reader.touched else asked.version
    return replace(asked, version=version, sections=sections), ()


class _Patcher:
    """Reads one file after another and collects what is wrong, so that all is told at once."""

    def __init__(
        self, asked: Questionnaire, prefix: str | None, option_source: OptionSource
    ) -> None:
        self.asked, self.prefix, self.option_source = asked, prefix, option_source
        self.file = ""
        self.problems: list[Problem] = []
        self.added: list[_Added] = []
        self.changes: dict[str, Mapping[str, Any]] = {}
        self.by_path = dict(_every(asked))

    @property
    def touched(self) -> bool:
        return bool(self.added or self.changes)

    def patch(self, raw: object, section: str) -> None:
        if not isinstance(raw, Mapping) or raw.get("extends") != f"piagen:core/{section}":
            says = (
                f"begin with “extends: piagen:core/{section}”. A section cannot be replaced: rules "
                "and documents rely on its questions."
            )
            self.fault(raw, "", says)
            return
        if section not in [one.id for one in self.asked.sections]:
            known = ", ".join(one.id for one in self.asked.sections)
            self.fault(raw, "", f"there is no section “{section}”. There are {known}.")
            return
        for key in sorted(raw.keys() - _HEAD):
            says = f"“{shown(key)}” is not used here; a patch may add and change, and nothing else."
            self.fault(raw, "", says)
        for entry in self.listed(raw, "add"):
            self.add(entry, section)
        for entry in self.listed(raw, "change"):
            self.change(entry, section)

    def listed(self, raw: Mapping[str, Any], key: str) -> Iterator[Mapping[str, Any]]:
        entries = raw.get(key, [])
        for entry in entries if isinstance(entries, list) else [entries]:
            if isinstance(entry, Mapping) and isinstance(entry.get("id"), str):
                yield entry
            else:
                self.fault(entry if isinstance(entry, Mapping) else raw, key, "give it “id”.")

    def add(self, raw: Mapping[str, Any], section: str) -> None:
        id_ = raw["id"]
        if self.prefix is None:
            self.fault(raw, id_, "set “prefix” in overlay.toml: your own questions begin with it.")
            return
        if not re.fullmatch(rf"{self.prefix}_[a-z0-9_]+", id_):
            says = (
                f"begin its id with “{self.prefix}_”, then lower-case letters, figures and _. "
                "It then never clashes with a question of piagen's."
            )
            self.fault(raw, id_, says)
        for key in _NEVER_ADDED:
            if key in raw:
                self.fault(raw, id_, f"a question of your own has no “{key}”.")
        if raw.get("type") in ("table", "rows"):
            self.fault(raw, id_, "a question of your own is one answer, and no table.")
            return
        if not raw.get("documents"):
            says = "name the documents that print it: documents: [pia]. Ask nothing nobody reads."
            self.fault(raw, id_, says)
        path = f"{EXTRA}.{id_}"
        if path in self.by_path or path in [added.question.path for added in self.added]:
            self.fault(raw, id_, "this id stands twice.")
        after = raw.get("after")
        paths = [e.path for s in self.asked.sections if s.id == section for e in s.entries]
        own = [f"{EXTRA}.{added.question.path.rpartition('.')[2]}" for added in self.added]
        if after is not None and after not in (*paths, *own):
            self.fault(raw, id_, f"this section asks no “{shown(str(after))}” to come after.")
        kept = {key: value for key, value in raw.items() if key != "after"}
        question, problems = read_question(
            _like(raw, kept), path, section, self.file, self.option_source
        )
        self.problems.extend(problems)
        self.added.append(_Added(question, section, after))

    def change(self, raw: Mapping[str, Any], section: str) -> None:
        path = raw["id"]
        there = self.by_path.get(path)
        if there is None or there[0] != section:
            where = f" It is asked in {there[0]}." if there else ""
            self.fault(raw, path, f"this section asks no such question.{where}")
            return
        if path in self.changes:
            self.fault(raw, path, "this is changed twice.")
        question = there[1]
        for key in sorted(raw.keys() - {"id", "options", "optional", *_CHANGEABLE}):
            says = (
                f"“{shown(key)}” of a question of piagen's cannot be changed: rules and documents "
                f"rely on it. You can change {', '.join(_CHANGEABLE)}, add options, and write "
                "optional: false."
            )
            self.fault(raw, path, says)
        for key in _CHANGEABLE:
            if key in raw and not _is_text(raw[key], key):
                self.fault(raw, path, f"write “{key}” as text.")
        if raw.get("optional", "false") != "false":
            self.fault(raw, path, "a question can be made stricter, never optional.")
        if isinstance(question, Question) and question.derived:
            self.fault(raw, path, "this is worked out and never asked.")
        if "options" in raw:
            self.options(raw, path, question)
        self.changes[path] = raw

    def options(self, raw: Mapping[str, Any], path: str, question: object) -> None:
        given = raw["options"]
        if not isinstance(question, Question) or question.type not in ("choice", "choices"):
            self.fault(raw, path, "this question has no options.")
        elif question.options_from:
            self.fault(raw, path, "its options come from the law, so none can be added.")
        elif path not in OPEN:
            says = "rules work from its options, and would not know yours. None can be added."
            self.fault(raw, path, says)
        elif not isinstance(given, Mapping) or not all(isinstance(v, str) for v in given.values()):
            self.fault(raw, path, "write options as word: label.")
        else:
            for word in given:
                if self.prefix is None or not word.startswith(f"{self.prefix}_"):
                    begins = f"{self.prefix}_" if self.prefix else "your prefix"
                    self.fault(raw, path, f"begin the option “{shown(word)}” with “{begins}”.")

    def section(self, section: Section) -> Section:
        entries: list[Entry] = []
        mine = [added for added in self.added if added.section == section.id]
        for entry in section.entries:
            entries.append(self.entry(entry))
            entries += _following(entry.path, mine)
        entries += [added.question for added in mine if added.after is None]
        return replace(section, entries=tuple(entries))

    def entry(self, entry: Entry) -> Entry:
        match entry:
            case Question():
                return self.question(entry)
            case LaterColumn():
                return replace(entry, question=self.question(entry.question))
            case RequiredRow():
                return self.stricter(entry)
            case Table():
                columns = tuple(self.question(column) for column in entry.columns)
                return replace(self.stricter(entry), columns=columns)

    def question(self, question: Question) -> Question:
        made = self.stricter(question)
        options = self.changes.get(question.path, {}).get("options")
        return replace(made, options={**made.options, **options}) if options else made

    def stricter(self, entry: Kind) -> Kind:
        change = self.changes.get(entry.path)
        if change is None:
            return entry
        reach = replace(entry.reach, optional=False) if "optional" in change else entry.reach
        return replace(entry, words=_words(entry.words, change), reach=reach)

    def fault(self, raw: object, path: str, says: str) -> None:
        line = getattr(raw, "line", None) or None
        self.problems.append(Problem(f"{self.file}{f': {path}' if path else ''}", says, line=line))


def _following(path: str, added: Iterable[_Added]) -> Iterator[Question]:
    """Yield what comes after an entry, and after that in turn."""
    for one in added:
        if one.after == path:
            yield one.question
            yield from _following(one.question.path, added)


def _words(words: Words, change: Mapping[str, Any]) -> Words:
    given = {key: change[key] for key in _CHANGEABLE if key in change}
    if "errors" in given:
        given["errors"] = {**words.errors, **given["errors"]}
    return replace(words, **given)


def _is_text(value: object, key: str) -> bool:
    if key == "errors":
        return isinstance(value, Mapping) and all(isinstance(v, str) for v in value.values())
    return isinstance(value, str) and bool(value.strip())


def _like(raw: Mapping[str, Any], kept: Mapping[str, Any]) -> Mapping[str, Any]:
    """The same mapping with fewer keys; it remembers its line."""
    made = type(raw)(kept)  # type: ignore[call-arg]  # a mapping of `yamlio`
    made.line = getattr(raw, "line", 0)  # type: ignore[attr-defined]
    return made


def _every(asked: Questionnaire) -> Iterator[tuple[str, tuple[str, object]]]:
    """Yield every path with its section and what is asked there."""
    for section, entry in asked.entries():
        yield entry.path, (section.id, entry.question if isinstance(entry, LaterColumn) else entry)
        for column in entry.columns if isinstance(entry, Table) else ():
            yield column.path, (section.id, column)
