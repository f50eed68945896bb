"""Knows how piagen reads YAML: strictly, every scalar as text, no key written twice."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import yaml
from yaml.events import (
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from piagen.errors import UnusableFile

_Parser = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The C parser is seventeen times as fast (docs/decisions/0009); both give the same events."""


class Readable(Protocol):
    """What can be read as UTF-8 text: a `Path`, or a resource of a package."""

    def read_text(self, encoding: str) -> str:
        """Return the whole text."""
        ...


class Mapping(dict[str, Any]):
    """A YAML mapping that remembers the line it began on, counted from 1."""

    line: int = 0


def load_yaml(path: Path | Readable) -> Any:  # noqa: ANN401 - YAML holds whatever it holds
    """Read one YAML document into dicts, lists and strings.

    Only the parser of the library is used, none of its nodes and types: what it works out of a
    scalar costs half as much time again and is not wanted. Scalars stay text, because the field
    that reads them knows their type: plain YAML would turn `2027-03-27` into a date, `1.10` into
    1.1, `no` into false and `012` into 12.

    Raises:
        UnusableFile: not YAML, more than one document, a key written twice, or an alias.
    """
    try:
        upcoming = _Parser(path.read_text(encoding="utf-8")).get_event
        upcoming()  # the stream begins
        if isinstance(upcoming(), StreamEndEvent):
            return None
        found = _plain(upcoming(), upcoming, path)
        upcoming()  # the document ends
        after = upcoming()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = None if mark is None else mark.line + 1
        raise UnusableFile(path, f"this is not YAML: {error.problem}.", line=line) from error
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
        raise UnusableFile(path, f"this cannot be read: {error}.") from error
    if not isinstance(after, StreamEndEvent):
        raise _fault(path, after, "a second document begins here; write one.")
    return found


def _plain(event: Event, upcoming: Callable[[], Event], path: object) -> Any:  # noqa: ANN401
    match event:
        case ScalarEvent():
            return event.value
        case SequenceStartEvent():
            return _list(upcoming, path)
        case MappingStartEvent():
            return _mapping(event, upcoming, path)
    raise _fault(path, event, "only mappings, lists and text are used here.")


def _list(upcoming: Callable[[], Event], path: object) -> list[Any]:
    found = []
    while not isinstance(event := upcoming(), SequenceEndEvent):
        found.append(_plain(event, upcoming, path))
    return found


def _mapping(event: Event, upcoming: Callable[[], Event], path: object) -> Mapping:
    found = Mapping()
    found.line = _line(event)
    lines: dict[str, int] = {}
    while not isinstance(event := upcoming(), MappingEndEvent):
        if not isinstance(event, ScalarEvent):
            raise _fault(path, event, "a key should be text.")
        key, line = event.value, _line(event)
        if key in found:
            says = f"key “{key}” is written twice (first on line {lines[key]})."
            raise UnusableFile(path, says, line=line)
        lines[key] = line
        found[key] = _plain(upcoming(), upcoming, path)
    return found


def _fault(path: object, event: Event, says: str) -> UnusableFile:
    return UnusableFile(path, says, line=_line(event))


def _line(event: Event) -> int:
    return 0 if event.start_mark is None else event.start_mark.line + 1
