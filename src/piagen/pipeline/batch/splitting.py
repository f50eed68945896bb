"""Knows where one project ends and the next begins in JSON Lines or a JSON array, as bytes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Literal

Shape = Literal["one", "lines", "list"]
Part = tuple[int, int, bytes | None]
"""Its number and the line on which it begins, both counted from 1, and what it holds, without the
space around it; None where that is too large to be kept."""

_BOM = b"\xef\xbb\xbf"
SPACE = b" \t\r\n"
"""What JSON takes for space."""
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
    while len(head) <= most and not _tells(head):
        more = next(chunks, b"")
        if not more:
            break
        head += more
    text = head.lstrip(SPACE)
    shape: Shape = "one"
    if text.startswith(b"["):
        shape = "list"
    elif text.startswith(b"{") and _second(text).startswith(b"{"):
        shape = "lines"
    return shape, chain([head], chunks)


def _tells(head: bytes) -> bool:
    """Whether the beginning is enough: it is no object, or something follows its first line."""
    text = head.lstrip(SPACE)
    return bool(text) and (not text.startswith(b"{") or bool(_second(text)))


def _second(text: bytes) -> bytes:
    """Return what follows the first line; of JSON Lines that is an object too."""
    return text[text.find(b"\n") :].lstrip(SPACE) if b"\n" in text else b""


def lines(chunks: Iterable[bytes], most: int) -> Iterator[Part]:
    """Yield each line that is not empty; its number is that of the line."""
    number, held, too_large = 1, b"", False
    for chunk in chunks:
        *whole, rest = chunk.split(b"\n")
        for line in whole:
            held += line
            if too_large or len(held) > most:
                yield number, number, None
            elif content := held.removeprefix(_BOM).strip(SPACE):
                yield number, number, content
            number, held, too_large = number + 1, b"", False
        held += rest
        if len(held) > most:
            held, too_large = b"", True
    if too_large:
        yield number, number, None
    elif content := held.removeprefix(_BOM).strip(SPACE):
        yield number, number, content


def elements(chunks: Iterable[bytes], most: int) -> Iterator[Part]:
    """Yield each element of a JSON array; what is not JSON in it stays, for its reader to refuse.

    A list that is cut short, or is followed by something, ends in a part that nobody can read.
    """
    number, held = 1, _Held(most)
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
            opens = depth == 1 and mark == b"[" and number == 1 and not held
            ends = (mark == b"]" and depth == 0) or (mark == b"," and depth == 1)
            if opens and not chunk[begun:at].strip(SPACE):
                held.add(chunk[begun:at])
                begun = at + 1
            elif ends and not closed:
                held.add(chunk[begun:at])
                closed = mark == b"]"
                if held or not closed or number > 1:
                    yield number, held.line, held.content
                number, held, begun = number + 1, held.after(), at + 1
        held.add(chunk[begun:])
        escaped = 0 if escaped == len(chunk) else -1
    if held or not closed:
        content = held.content
        broken = b"]" if closed else b"["
        yield number, held.line, None if content is None else broken + content


class _Held:
    """What is read of one element, and the line on which it begins; no more than is allowed."""

    def __init__(self, most: int, line: int = 1) -> None:
        """Begin on a line."""
        self.most, self.line = most, line
        self._bytes = bytearray()
        self._lines = 0  # ends of lines since it began
        self._too_large = False

    def __bool__(self) -> bool:
        return self._too_large or bool(self._bytes)

    def add(self, more: bytes) -> None:
        """Take more of it; the space before it is not kept."""
        if not self:
            begins = more.lstrip(SPACE)
            self.line += more.count(b"\n", 0, len(more) - len(begins))
            more = begins
        self._lines += more.count(b"\n")
        if not self._too_large:
            self._bytes += more
        if len(self._bytes) > self.most:
            self._bytes, self._too_large = bytearray(), True

    @property
    def content(self) -> bytes | None:
        """What it holds; None if that is too large."""
        return None if self._too_large else bytes(self._bytes.strip(SPACE))

    def after(self) -> _Held:
        """Return the next one, which begins where this one ends."""
        return _Held(self.most, self.line + self._lines)
