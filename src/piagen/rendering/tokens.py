"""Knows the design tokens: the colours, sizes and spaces of `_base/tokens.css`, by name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from piagen.errors import TemplateFault

FILE = Path("_base/tokens.css")
"""Where the tokens are, in each template folder."""

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_TOKEN = re.compile(r"--([a-z][a-z0-9-]*)\s*:\s*([^;{}]+?)\s*;")
_USED = re.compile(r"var\(--([a-z][a-z0-9-]*)\)")
_DRAWN = re.compile(r'\b(fill|stroke)="var\(--([a-z][a-z0-9-]*)\)"')


@cache
def tokens(roots: tuple[Path, ...]) -> Mapping[str, str]:
    """Return the value of each token; a folder may replace some and leave the rest.

    Args:
        roots: the template folders, first the one that wins.
    """
    found: dict[str, str] = {}
    for root in reversed(roots):
        path = root / FILE
        if path.is_file():
            found |= dict(_TOKEN.findall(_COMMENT.sub("", path.read_text(encoding="utf-8"))))
    return found


def resolved(text: str, values: Mapping[str, str]) -> str:
    """Return a style sheet or a picture of ours with each `var(--name)` as its value.

    Boxes in the margin of a page, and pictures, cannot look tokens up for themselves.

    Args:
        text: the style sheet or picture; never what somebody typed.
        values: the tokens.

    Raises:
        TemplateFault: it names a token that does not exist.
    """
    return _USED.sub(lambda found: _value(found[1], values), text)


def coloured(html: str, values: Mapping[str, str]) -> str:
    """Return a document with the colours of its pictures filled in.

    Only whole attributes with their quotation marks are touched. What somebody typed has none: they
    are escaped.

    Args:
        html: the document.
        values: the tokens.

    Raises:
        TemplateFault: a picture names a token that does not exist.
    """
    return _DRAWN.sub(lambda found: f'{found[1]}="{_value(found[2], values)}"', html)


def _value(name: str, values: Mapping[str, str]) -> str:
    if name not in values:
        raise TemplateFault(f"There is no token “--{name}” in {FILE.as_posix()}.")
    return values[name]
