"""Knows where one project ends and the next begins in JSON Lines or a JSON array, as bytes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Literal

Shape = Literal["one", "lines", "list"]
Part = tuple[int, bytes | None]
"""Its number, counted from 1 (the line, or the place in the list), and what it holds; None where
that is too large to be kept."""

_BOM = b"\xef\xbb\xbf"
_SPACE = b" \t\r\n"
_MARK = re.compile(rb'["\\\[\]{},]')


def shape_of(chunks: Iterator[bytes], most: int) -> tuple[Shape, Iterator[bytes]]:
    """Tell what a stream holds, from no more of it than that takes.

    Args:
        chunks: the stream.
        most: bytes of one project, at most.

    Returns:
        Its shape, and the stream as if nothing had been read.
    """
    head = next(chunks, b"").removeprefix(_BOM)
    while len(head) <= most and len(head.lstrip(_SPACE).split(b"\n", 1)) < 2:
        more = next(chunks, b"")
        if not more:
            break
        head += more
    text = head.lstrip(_SPACE)
    first, _, rest = text.partition(b"\n")
    shape: Shape = "one"
    if text.startswith(b"["):
        shape = "list"
    elif text.startswith(b"{") and rest.strip(_SPACE):
        ends = first.rstrip(_SPACE).endswith(b"}")
        shape = "lines" if ends or rest.startswith(b"{") else "one"
    return shape, chain([head], chunks)


def lines(chunks: Iterable[bytes], most: int) -> Iterator[Part]:
    """Yield each line that is not empty."""
    number, held, too_large = 1, b"", False
    for chunk in chunks:
        *whole, rest = chunk.split(b"\n")
        for line in whole:
            held += line
            if too_large or len(held) > most:
                yield number, None
            elif held.strip(_SPACE):
                yield number, held.removeprefix(_BOM)
            number, held, too_large = number + 1, b"", False
        held += rest
        if len(held) > most:
            held, too_large = b"", True
    if too_large:
        yield number, None
    elif held.strip(_SPACE):
        yield number, held.removeprefix(_BOM)


def elements(chunks: Iterable[bytes], most: int) -> Iterator[Part]:
    """Yield each element of a JSON array; what is not JSON in it stays, for its reader to refuse.

    A list that is cut short, or is followed by something, ends in a part that nobody can read.
    """
    number, held, too_large = 1, bytearray(), False
    depth, quoted, closed = 0, False, False
    escaped = -1  # where the character is that a backslash takes the meaning of
    for chunk in chunks:
        begun = 0
        for found in _MARK.finditer(chunk):
            at, mark = found.start(), found.group()
            if at == escaped:
                continue
            if quoted:
                escaped = at + 1 if mark == b"\\" else escaped
                quoted = mark != b'"'
                continue
            quoted = mark == b'"'
            depth += (mark in b"[{") - (mark in b"]}")
            opens = depth == 1 and mark == b"[" and number == 1 and not held.strip(_SPACE)
            ends = (mark == b"]" and depth == 0) or (mark == b"," and depth == 1)
            if opens and not chunk[begun:at].strip(_SPACE):
                begun = at + 1
            elif ends and not closed:
                held += chunk[begun:at]
                closed = mark == b"]"
                if too_large or len(held) > most:
                    yield number, None
                elif held.strip(_SPACE) or not closed or number > 1:
                    yield number, bytes(held)
                number, held, too_large, begun = number + 1, bytearray(), False, at + 1
        held += chunk[begun:]
        escaped = 0 if escaped == len(chunk) else -1
        if len(held) > most:
            held, too_large = bytearray(), True
    if too_large:
        yield number, None
    elif held.strip(_SPACE) or not closed:
        yield number, (b"]" if closed else b"[") + held
