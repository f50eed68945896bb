"""Knows how a place in the answers is written: `data_flows[referral].method`."""

from __future__ import annotations

import re
from typing import NamedTuple

_STORED = re.compile(r"([a-z_0-9]+)(?:\[([^\]]*)\])?(?:\.([a-z_0-9]+))?")


class StoredPath(NamedTuple):
    """A place: a section or table, one of its rows by id, and a leaf; what is not named is None."""

    key: str
    row: str | None = None
    leaf: str | None = None

    def __str__(self) -> str:
        """Return it as it is written."""
        row = "" if self.row is None else f"[{self.row}]"
        return f"{self.key}{row}" + ("" if self.leaf is None else f".{self.leaf}")

    @property
    def asked(self) -> str | None:
        """The path of the question that asks for it: `data_flows[].method`; None for a row."""
        if self.leaf is None:
            return None
        return f"{self.key}.{self.leaf}" if self.row is None else f"{self.key}[].{self.leaf}"

    def holds(self, other: StoredPath) -> bool:
        """Whether the other place is this one or lies in it: a table holds its rows."""
        return (
            self.key == other.key
            and self.row in (None, other.row)
            and self.leaf in (None, other.leaf)
            and not (self.row is None and self.leaf is not None and other.row is not None)
        )


def parse(at: str) -> StoredPath:
    """Return the place that the text names.

    Raises:
        ValueError: it is not written as a place.
    """
    if found := _STORED.fullmatch(at):
        return StoredPath(*found.groups())
    raise ValueError(f"“{at}” does not name a place in the answers.")


def holders(at: str) -> tuple[str, ...]:
    """Return the places that hold an answer, each as it is written: itself, its row, its table.

    Args:
        at: the stored path of a leaf, well written.
    """
    row = at.partition(".")[0]
    return at, row, row.partition("[")[0]
