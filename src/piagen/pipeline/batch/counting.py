"""Knows how many pages a PDF of ours has, without reading it as one."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

_PACKED = re.compile(rb"/ObjStm\b.*?>>\s*stream\r?\n", re.DOTALL)
_TREE = re.compile(rb"/Type\s*/Pages\b[^>]*?/Count\s+(\d+)|/Count\s+(\d+)[^<>]*?/Type\s*/Pages\b")


def pages(content: bytes) -> int | None:
    """Return how many pages a PDF has; None for another kind of file."""
    if not content.startswith(b"%PDF"):
        return None
    counts = [
        int(found[1] or found[2]) for part in _parts(content) for found in _TREE.finditer(part)
    ]
    return max(counts, default=None)


def _parts(content: bytes) -> Iterator[bytes]:
    """The file itself, and what is packed in it: the tree of pages may be in either."""
    yield content
    for found in _PACKED.finditer(content):
        try:
            yield zlib.decompressobj().decompress(content[found.end() :])
        except zlib.error:
            continue
