"""Knows which design tokens an organisation may change, and what is wrong with those it changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from piagen.errors import Problem, shown
from piagen.rendering.contrast import is_colour, too_low
from piagen.rendering.tokens import FILE, tokens
from piagen.resources import shipped

_LINE = re.compile(r"\s*(?::root\s*\{)?\s*(?:--([a-z][a-z0-9-]*)\s*:\s*([^;{}]*?)\s*;)?\s*\}?\s*")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def token_faults(root: Path, roots: tuple[Path, ...], place: str) -> Iterator[Problem]:
    """Yield every fault of an overlay's tokens.css: what it may not say, and what cannot be seen.

    Args:
        root: the template folder of the overlay.
        roots: all template folders, first the one that wins.
        place: what the folder is called in messages.
    """
    path, at = root / FILE, f"{place}/{FILE.as_posix()}"
    if not path.is_file():
        return
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        yield Problem(at, "this cannot be read as UTF-8 text.")
        return
    given, lines = tokens((shipped("templates"),)), {}
    plain = _COMMENT.sub(lambda found: "\n" * found[0].count("\n"), text)
    for number, line in enumerate(plain.splitlines(), 1):
        found = _LINE.fullmatch(line)
        if found is None:
            says = "write one token a line, in :root { … }: --accent: #5a1846; and nothing else."
            yield Problem(at, says, line=number)
        elif found[1]:
            lines[found[1]] = number
            yield from _of_token(found[1], found[2], given, at, number)
    for low in too_low(tokens(roots)):
        if line_of := lines.get(low.pair.front) or lines.get(low.pair.ground):
            says = (
                f"--{low.pair.front} ({low.front}) on --{low.pair.ground} ({low.ground}) has a "
                f"contrast of {_down(low.ratio)}:1; it needs {low.pair.needs:g}:1. Choose a "
                "darker or a lighter one."
            )
            yield Problem(at, says, line=line_of)


def _of_token(
    name: str, value: str, given: Mapping[str, str], at: str, line: int
) -> Iterator[Problem]:
    colours = [token for token, usual in given.items() if is_colour(usual)]
    if name not in colours:
        known = ", ".join(colours)
        yield Problem(at, f"--{name} is no colour of the design. Choose from {known}.", line=line)
    elif not is_colour(value):
        says = f"write --{name} as six figures, #5a1846, in place of “{shown(value, 40)}”."
        yield Problem(at, says, line=line)


def _down(ratio: float) -> str:
    """Two decimals, never rounded up to what is needed."""
    return f"{int(ratio * 100) / 100:.2f}"
