"""Knows how lines come in: which were typed or pasted together, and which came too soon."""

from __future__ import annotations

import os
import re
import select
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import click

MOST_BYTES = 1_000_000
"""The longest line that is read; no answer is so long."""

QUIET = 0.01
"""Seconds without a further byte after which a line was typed alone; nobody types so fast."""
QUIET_AFTER_A_PASTE = 0.15
"""Seconds without a further byte after which a paste, perhaps over a network, has ended."""

_SOFT = re.compile("[\r\x0b\x0c\x85\u2028\u2029]")
"""How word processors break a line within a paragraph."""


def lines() -> list[str]:
    r"""Return the line that was typed, and those that were pasted together with it.

    The last line of a paste often has no end of its own: it is complete once Enter is pressed.
    Line breaks of word processors, such as \x0b and U+2028, are left in; `soft_returns_as` turns
    them into something.

    Raises:
        click.Abort: the input ended.
    """
    first = _line()
    if not _at_a_terminal():
        return [first]
    rest = waiting(QUIET)
    while rest and not rest.endswith("\n"):
        rest += _line() + "\n" + waiting(QUIET_AFTER_A_PASTE)
    return [first, *rest.split("\n")[:-1]]


def soft_returns_as(text: str, break_: str) -> str:
    """Return the text with the line breaks of word processors replaced."""
    return _SOFT.sub(break_, text)


def waiting(quiet: float = 0.0) -> str:
    """Return what came in by now and was not read, finished lines or not.

    Args:
        quiet: for how many seconds to wait for the first byte.
    """
    if not _at_a_terminal():
        return ""
    found = b""
    with _byte_by_byte():
        while select.select([sys.stdin], [], [], QUIET_AFTER_A_PASTE if found else quiet)[0]:
            part = os.read(sys.stdin.fileno(), 65_536)
            if not part or len(found) > MOST_BYTES:
                break
            found += part
    return _decoded(found).replace("\r\n", "\n").replace("\r", "\n")


def _at_a_terminal() -> bool:
    try:
        return sys.stdin is not None and sys.stdin.isatty()
    except ValueError:  # it was closed
        return False


@contextmanager
def _byte_by_byte() -> Iterator[None]:
    """Let an unfinished line be read too, which the terminal would keep for the next question."""
    handle = sys.stdin.fileno()
    try:
        before = termios.tcgetattr(handle)
    except termios.error:
        yield
        return
    now = [*before[:6], list(before[6])]
    now[3] &= ~termios.ICANON
    now[6][termios.VMIN], now[6][termios.VTIME] = 0, 0
    termios.tcsetattr(handle, termios.TCSANOW, now)
    try:
        yield
    finally:
        with suppress(termios.error):
            termios.tcsetattr(handle, termios.TCSANOW, before)


def _line() -> str:
    """Read one line; what is beyond the longest is thrown away, and the line refused as too long.

    Raises:
        click.Abort: the input ended, was closed, or the terminal went away.
    """
    if sys.stdin is None:
        raise click.Abort
    try:
        found = part = sys.stdin.buffer.readline(MOST_BYTES)
        while len(part) == MOST_BYTES and not part.endswith(b"\n"):
            part = sys.stdin.buffer.readline(MOST_BYTES)
    except (OSError, ValueError) as error:
        raise click.Abort from error
    if not found:
        raise click.Abort
    return _decoded(found).rstrip("\r\n")


def _decoded(found: bytes) -> str:
    """Bytes that are no text stay recognisable, so that they can be refused and never kept."""
    return found.decode(sys.stdin.encoding or "utf-8", "surrogateescape")
