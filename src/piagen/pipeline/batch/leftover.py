"""Knows which documents of a project stay from before: never taken away, always told.

One of an earlier version may be the one that was approved, so it is not ours to remove; but nobody
should take it for one that the answers of today give.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from piagen.pipeline.batch.record import Entry, Output


def left_over(
    folder: Path, before: Iterable[Entry | None], now: Iterable[Output]
) -> tuple[Output, ...]:
    """Return the documents that are still there and that this project no longer makes, by name.

    Args:
        folder: the folder of the batch.
        before: what the manifest said of the project, or of the one that had its folder.
        now: the documents that it has now.
    """
    known = {
        output.file: output
        for entry in before
        if entry
        for output in (*entry.left_over, *entry.outputs)
    }
    gone = known.keys() - {output.file for output in now}
    return tuple(known[name] for name in sorted(gone) if _is_there(folder / name))


def _is_there(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # nobody lets us look: it is told until we know better
        return True
