"""Knows how one table of a TOML file is changed, and all the rest kept as it was written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from typing import Any

import tomlkit
from tomlkit.items import AoT, Item
from tomlkit.items import Table as TomlTable


def with_table(text: str, key: str, wanted: Mapping[str, Any]) -> str:
    """Return the text of a TOML file with a table that holds what is wanted.

    Comments stay, in the table too; only what differs is written anew.

    Args:
        text: the whole file; may be empty.
        key: the name of the table, at the top level.
        wanted: sections as mappings, tables as lists of mappings.
    """
    document = tomlkit.parse(text)
    if key not in document:
        if text and not text.endswith("\n\n"):
            document.add(tomlkit.nl())
        document.add(key, tomlkit.table(is_super_table=True))
    held: Any = document[key]
    _fill(held, wanted)
    return tomlkit.dumps(document)


def _fill(held: Any, wanted: Mapping[str, Any]) -> None:  # noqa: ANN401 - tomlkit's own tables
    """Make a table hold what is wanted."""
    for leaf in [leaf for leaf in held if leaf not in wanted]:
        del held[leaf]
    for leaf, value in wanted.items():
        there = held.get(leaf)
        if there is not None and _plain(there) == value:
            continue
        match value:
            case dict() if isinstance(there, Mapping):
                _fill(there, value)
            case dict():
                held[leaf] = _table(value)
            case [dict(), *_]:
                if not isinstance(there, AoT):
                    held[leaf] = tomlkit.aot()
                    there = held[leaf]
                _fill_rows(there, value)
            case _:
                held[leaf] = _value(value)


def _fill_rows(held: AoT, wanted: list[Mapping[str, Any]]) -> None:
    """Rows that stay where they were are changed in place; the others are written anew."""
    same = 0
    for row, new in zip(held, wanted, strict=False):
        if row.get("id") != new.get("id"):
            break
        _fill(row, new)
        same += 1
    while len(held) > same:
        del held[-1]
    for new in wanted[same:]:
        held.append(_table(new))


def _table(wanted: Mapping[str, Any]) -> TomlTable:
    table = tomlkit.table()
    _fill(table, wanted)
    table.add(tomlkit.nl())
    return table


def _value(value: object) -> Item:
    if isinstance(value, str) and "\n" in value:
        return tomlkit.string(value, multiline=True)
    return tomlkit.item(value)


def _plain(item: Any) -> Any:  # noqa: ANN401 - any TOML
    value = item.unwrap() if hasattr(item, "unwrap") else item
    match value:
        case dict():
            return {key: _plain(below) for key, below in value.items()}
        case list():
            return [_plain(each) for each in value]
        case date() | time():
            return value.isoformat()
    return value
