"""Knows how a questionnaire's YAML becomes frozen data; refuses every key it does not know."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set
from functools import cache
from pathlib import Path
from typing import Any, get_args

from piagen.errors import Problem, QuestionnaireErrors
from piagen.questionnaire.conditions import parse
from piagen.questionnaire.model import (
    WITHHOLDING,
    All,
    AnswerType,
    Condition,
    Entry,
    FactHolds,
    LaterColumn,
    Question,
    Questionnaire,
    Reach,
    RequiredRow,
    Section,
    Table,
    Words,
)
from piagen.resources import shipped
from piagen.yamlio import load_yaml

OptionSource = Callable[[str], Mapping[str, str]]

_WORDS = {"label", "ask", "hint", "example", "guidance", "standard_text", "errors", "hard_words"}
_REACH = {"optional", "when", "short_form", "documents", "cites", "bank", "publish"}
_SHAPE = {"type", "options", "options_from", "of", "limits", "unit", "month", "derived"}
_TABLE = {"type", "row", "columns", "unique"}
_OF_A_QUESTION = {"id", *_WORDS, *_REACH, *_SHAPE}
_OF_A_LATER_COLUMN = {"for_each", *_OF_A_QUESTION}
_OF_A_TABLE = {"id", *_WORDS, *_REACH, *_TABLE}
_OF_A_REQUIRED_ROW = {"id", "type", *_WORDS, *_REACH}
_TYPES = frozenset(get_args(AnswerType))
_ALWAYS_ASKED = ("assessment", "screening")
"""Sections asked in the short form too, whatever its route: they lead up to the choice of it."""


@cache
def core(option_source: OptionSource) -> Questionnaire:
    """Load the questionnaire that ships with piagen, once."""
    return load_questionnaire(shipped("questionnaires") / "core", option_source)


def load_questionnaire(folder: Path, option_source: OptionSource) -> Questionnaire:
    """Load `questionnaire.yaml` and the sections it names.

    Args:
        folder: where the files are.
        option_source: gives the options that `options_from` names, word to label.

    Raises:
        UnusableFile: a file is not YAML, or holds a key twice.
        QuestionnaireErrors: a key is unknown or missing, or a condition cannot be read.
    """
    reader = _Reader(option_source)
    manifest = load_yaml(folder / "questionnaire.yaml")
    reader.file = "questionnaire.yaml"
    if not reader.has(manifest, ("id", "version", "title", "sections"), "questionnaire"):
        raise QuestionnaireErrors(reader.problems)
    sections = tuple(reader.section(folder / f"{name}.yaml") for name in manifest["sections"])
    if reader.problems:
        raise QuestionnaireErrors(reader.problems)
    return Questionnaire(manifest["id"], manifest["version"], manifest["title"], sections)


def read_question(
    raw: Mapping[str, Any], path: str, section: str, file: str, option_source: OptionSource
) -> tuple[Question, tuple[Problem, ...]]:
    """Read one question that is added to a section, and every fault in it.

    Args:
        raw: what the file says.
        path: its name in the answers file: `extra.nsh_lone_working`.
        section: the id of the section, which decides when it can be asked.
        file: what the file is called in messages.
        option_source: gives the options that `options_from` names, word to label.
    """
    reader = _Reader(option_source)
    reader.file, reader.always = file, section in _ALWAYS_ASKED
    reader.known(raw, _OF_A_QUESTION, raw["id"])
    question = reader.question(raw, path)
    return question, tuple(reader.problems)


class _Reader:
    """Reads entries one after another and collects what is wrong, so that all is told at once."""

    def __init__(self, option_source: OptionSource) -> None:
        self.option_source = option_source
        self.problems: list[Problem] = []
        self.file = ""
        self.always = False
        """Whether the section at hand is asked in the short form and the full one alike."""

    def section(self, path: Path) -> Section:
        self.file = path.name
        raw = load_yaml(path)
        keys = ("id", "title", "intro", "questions")
        if not self.has(raw, keys, path.stem):
            return Section(path.stem, "", "", ())
        self.known(raw, set(keys), raw["id"])
        self.always = raw["id"] in _ALWAYS_ASKED
        entries = tuple(
            self.entry(item) for item in raw["questions"] if self.has(item, ("id",), raw["id"])
        )
        return Section(raw["id"], raw["title"], raw["intro"], entries)

    def entry(self, raw: Mapping[str, Any]) -> Entry:
        path = raw["id"]
        match raw.get("type"):
            case "table":
                self.known(raw, _OF_A_TABLE, path)
                return self.table(raw)
            case "rows":
                self.known(raw, _OF_A_REQUIRED_ROW, path)
                return RequiredRow(path, self.words(raw, path), self.reach(raw, path))
        if "for_each" in raw:
            self.known(raw, _OF_A_LATER_COLUMN, path)
            return LaterColumn(self.question(raw, path), raw["for_each"])
        self.known(raw, _OF_A_QUESTION, path)
        return self.question(raw, path)

    def table(self, raw: Mapping[str, Any]) -> Table:
        path, reach = raw["id"], self.reach(raw, raw["id"])
        columns = []
        self.has(raw, ("row", "columns"), path)
        for column in raw.get("columns", ()):
            if not self.has(column, ("id",), path):
                continue
            own = f"{path}.{column['id']}"
            self.known(column, _OF_A_QUESTION, own)
            columns.append(self.question(column, own, table=reach))
        unique = tuple(raw.get("unique", ()))
        return Table(path, self.words(raw, path), reach, raw.get("row", ""), tuple(columns), unique)

    def question(
        self, raw: Mapping[str, Any], path: str, *, table: Reach | None = None
    ) -> Question:
        kind: AnswerType = raw.get("type", "text")
        if kind not in _TYPES:
            self.fault(raw, path, f"“{kind}” is no type of answer.")
        options = raw.get("options", {})
        source = raw.get("options_from")
        if source:
            try:
                options = self.option_source(source)
            except KeyError:
                self.fault(raw, path, f"“{source}” is no list of options.")
        limits = raw.get("limits", {})
        return Question(
            path=path,
            type=kind,
            words=self.words(raw, path),
            reach=self.reach(raw, path, table=table),
            options=options,
            options_from=source,
            of=raw.get("of"),
            limits=(_number(limits.get("min")), _number(limits.get("max"))),
            unit=raw.get("unit"),
            month=raw.get("month"),
            derived=self.truth(raw, "derived", path),
        )

    def words(self, raw: Mapping[str, Any], path: str) -> Words:
        for needed in ("label", "ask"):
            if not raw.get(needed):
                self.fault(raw, path, f"give it “{needed}”.")
        given = {key: raw[key] for key in _WORDS & raw.keys()}
        return Words(**{"label": "", "ask": ""} | given)

    def reach(self, raw: Mapping[str, Any], path: str, *, table: Reach | None = None) -> Reach:
        when: Condition | None = None
        if "when" in raw:
            try:
                when = parse(raw["when"])
            except ValueError as error:
                self.fault(raw, path, str(error))
        optional = self.truth(raw, "optional", path)
        short_form = self.truth(raw, "short_form", path)
        return Reach(
            optional=optional,
            when=when if self.always else _in_its_form(when, short_form),
            short_form=short_form,
            documents=tuple(raw.get("documents", table.documents if table else ())),
            cites=tuple(raw.get("cites", table.cites if table else ())),
            bank=raw.get("bank", table.bank if table else None),
            withhold=self.withhold(raw, path, table),
            file=self.file,
            line=getattr(raw, "line", 0),
        )

    def withhold(self, raw: Mapping[str, Any], path: str, table: Reach | None) -> str | None:
        """Return why the published edition leaves it out; a table says so for its columns."""
        if "publish" not in raw:
            return table.withhold if table else None
        match raw["publish"]:
            case {"withhold": str(word), **other} if word in WITHHOLDING and not other:
                return word
        known = ", ".join(WITHHOLDING)
        self.fault(raw, path, f"write “publish” as {{ withhold: WORD }}, one of {known}.")
        return None

    def has(self, raw: object, keys: Iterable[str], path: str) -> bool:
        """Tell whether the mapping has the keys; those it lacks are faults."""
        if not isinstance(raw, Mapping):
            self.fault({}, path, "write this as keys with values.")
            return False
        lacking = [key for key in keys if key not in raw]
        for key in lacking:
            self.fault(raw, path, f"give it “{key}”.")
        return not lacking

    def truth(self, raw: Mapping[str, Any], key: str, path: str) -> bool:
        written = raw.get(key, "false")
        if written not in ("true", "false"):
            self.fault(raw, path, f"write “{key}” as true or false.")
        return bool(written == "true")

    def known(self, raw: Mapping[str, Any], keys: Set[str], path: str) -> None:
        for key in sorted(raw.keys() - keys):
            self.fault(raw, path, f"“{key}” is not a key that is used here.")

    def fault(self, raw: Mapping[str, Any], path: str, says: str) -> None:
        self.problems.append(Problem(f"{self.file}: {path}", says, line=getattr(raw, "line", None)))


def _in_its_form(when: Condition | None, short_form: bool) -> Condition:
    """The short form is asked where personal data is used; the rest, in the full assessment."""
    form = FactHolds("personal_data_used" if short_form else "full_assessment")
    return form if when is None else All((form, when))


def _number(written: str | None) -> int | None:
    return None if written is None else int(written)
