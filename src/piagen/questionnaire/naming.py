"""Knows what a row is called where a person meets it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_NAMED_BY = {"partners": ("short_name", "name")}


def name(table: str, row: Mapping[str, Any]) -> str:
    """Return what a row is called: its first text, else its id, which a wrong row may lack."""
    for leaf in _NAMED_BY.get(table, ()):
        if leaf in row:
            return str(row[leaf])
    texts = (value for leaf, value in row.items() if leaf != "id" and isinstance(value, str))
    return next(texts, str(row.get("id", "a row")))
