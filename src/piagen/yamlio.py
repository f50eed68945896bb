"""Knows how piagen reads YAML: strictly, every scalar as text, no key written twice."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from piagen.errors import UnusableFile

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The C parser is seventeen times as fast (docs/decisions/0009); both give the same nodes."""


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

    Only the parser of the library is used, none of its types. Scalars stay text, because the field
    that reads them knows their type: plain YAML would turn `2027-03-27` into a date, `1.10` into
    1.1, `no` into false and `012` into 12.

    Raises:
        UnusableFile: not YAML, more than one document, or a key written twice.
    """
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = None if mark is None else mark.line + 1
        raise UnusableFile(path, f"this is not YAML: {error.problem}.", line=line) from error
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
        raise UnusableFile(path, f"this cannot be read: {error}.") from error
    return None if node is None else _plain(node, path)


def _plain(node: Node, path: object) -> Any:  # noqa: ANN401
    match node:
        case ScalarNode():
            return node.value
        case SequenceNode():
            return [_plain(item, path) for item in node.value]
        case MappingNode():
            return _mapping(node, path)
    raise UnusableFile(path, "only mappings, lists and text are used here.")


def _mapping(node: MappingNode, path: object) -> Mapping:
    found = Mapping()
    found.line = node.start_mark.line + 1
    lines: dict[str, int] = {}
    for key_node, value_node in node.value:
        key, line = str(key_node.value), key_node.start_mark.line + 1
        if key in found:
            says = f"key “{key}” is written twice (first on line {lines[key]})."
            raise UnusableFile(path, says, line=line)
        lines[key] = line
        found[key] = _plain(value_node, path)
    return found
