"""Knows how the fields of one entry of the catalogue are typed, and refuses what it cannot type."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar, get_args

from piagen.errors import UnusableFile
from piagen.law.model import InForce, Status, Verification, VerificationState
from piagen.yamlio import Mapping as YamlMapping

E_ = TypeVar("E_", bound=StrEnum)
TRUTH = {"true": True, "false": False}


class Fields:
    """The fields of one entry: each is read once with its type, and none may be left over."""

    def __init__(self, path: Path, entry: str, raw: Any) -> None:  # noqa: ANN401 - unread YAML
        """Keep the place, for messages."""
        self.path, self.entry = path, entry
        if not isinstance(raw, dict):
            raise UnusableFile(path, f"{entry} should be a mapping.")
        self.line = raw.line if isinstance(raw, YamlMapping) else None
        self.left = dict(raw)

    def __enter__(self) -> Self:
        """Begin to read the fields."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: object, trace: TracebackType | None
    ) -> None:
        """Refuse an entry with a field that nobody read: it would be lost."""
        if kind is None and self.left:
            raise self.fault(f"does not know the field “{next(iter(self.left))}”")

    def fault(self, says: str) -> UnusableFile:
        """Return the error that names this entry."""
        return UnusableFile(self.path, f"{self.entry} {says}.", line=self.line)

    def maybe(self, name: str) -> str | None:
        """Return the text, or None where the field is absent."""
        value = self.left.pop(name, None)
        if value is None or isinstance(value, str):
            return value
        raise self.fault(f"should hold text in “{name}”")

    def text(self, name: str) -> str:
        """Return the text, which must be there."""
        value = self.maybe(name)
        if not value:
            raise self.fault(f"lacks “{name}”")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """Return the list of texts, empty where the field is absent."""
        value = self.left.pop(name, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.fault(f"should hold a list of texts in “{name}”")
        return tuple(value)

    def word(self, name: str, words: Any) -> Any:  # noqa: ANN401 - the Literal alias given
        """Return the text, which must be one of the words of a Literal."""
        value = self.text(name)
        if value not in get_args(words):
            raise self.fault(f"holds “{value}” in “{name}”, which is not one of its words")
        return value

    def words(self, name: str, words: Any) -> Any:  # noqa: ANN401 - the Literal alias given
        """Return the list, each item one of the words of a Literal."""
        values = self.texts(name)
        for value in values:
            if value not in get_args(words):
                raise self.fault(f"holds “{value}” in “{name}”, which is not one of its words")
        return values

    def member(self, name: str, of: type[E_]) -> E_:
        """Return the member of a closed set."""
        value = self.text(name)
        try:
            return of(value)
        except ValueError as error:
            raise self.fault(f"holds “{value}” in “{name}”, not one of its words") from error

    def truth(self, name: str, default: bool | None = None) -> bool:
        """Return true or false; the default holds where the field is absent."""
        if name not in self.left and default is not None:
            return default
        value = self.text(name)
        if value not in TRUTH:
            raise self.fault(f"should hold true or false in “{name}”")
        return TRUTH[value]

    def date(self, name: str) -> date | None:
        """Return the date, None where the word is unknown."""
        value = self.text(name)
        if value == "unknown":
            return None
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise self.fault(f"should hold an ISO date or “unknown” in “{name}”") from error

    def in_force(self) -> InForce:
        """Return the dates in force; an absent field says that none was read."""
        raw = self.left.pop("in_force", {})
        with Fields(self.path, f"{self.entry}, in_force", raw) as dates:
            return InForce(
                from_=dates.date("from") if "from" in dates.left else None,
                to=dates.date("to") if "to" in dates.left else None,
            )

    def status(self) -> Status | None:
        """Return the status, None where no source states one."""
        return self.member("status", Status) if "status" in self.left else None

    def verification(self, note: str) -> Verification:
        """Return how the entry was checked; `note` names the field that holds the note."""
        return Verification(
            state=self.member("verified", VerificationState),
            note=self.maybe(note),
            checked_on=self.date("checked_on"),
        )
