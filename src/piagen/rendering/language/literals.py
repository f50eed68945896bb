"""Knows which string literals of a template's expressions are text that people read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

Token = tuple[str, str]
"""Kind and source of one token, as Jinja's lexer names them; the sources add up to the template."""

Change = Callable[[str], str | None]
"""Given a message, what stands in its place; None leaves the English."""

Signatures = Mapping[str, tuple[str, ...]]
"""The names of each macro's parameters, in order."""

_SAYS = ("caption", "heading", "lead", "title")
"""Parameters that hold text, even where it is one small word: a caption “versions”."""

_MACRO = re.compile(r"{%-?\s*macro\s+(\w+)\s*\((.*?)\)\s*-?%}", re.DOTALL)
_NAMES_A_FILE = ("include", "from", "import", "extends", "block")
_COMPARED = ("==", "!=", "in")
_TEXT = re.compile(r"[^\W\d_].*\s+\S|^[A-Z][^\W\d_]|^[A-Z]$", re.DOTALL)
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(slots=True)
class _Call:
    """The brackets that are open: whose they are, and which argument comes."""

    name: str
    place: int = 0
    keyword: str = ""


def signatures(sources: Iterator[str]) -> Signatures:
    """Return the parameters of every macro that the templates define."""
    return {
        name: tuple(part.partition("=")[0].strip() for part in parameters.split(","))
        for source in sources
        for name, parameters in _MACRO.findall(source)
    }


def changed(tokens: list[Token], known: Signatures, change: Change) -> str:
    """Return the source of an expression or a statement with its texts changed.

    A literal is text if it has a space or begins with a capital, or is given to a parameter that
    holds text. One that names a file, or that something is compared with, is not.

    Args:
        tokens: from the opening bracket to the closing one.
        known: the parameters of the macros.
        change: what becomes of each text.
    """
    words = [source for kind, source in tokens if kind not in ("whitespace", "comment")]
    if len(words) > 1 and words[1] in _NAMES_A_FILE:
        return "".join(source for _, source in tokens)
    calls: list[_Call] = []
    written: list[str] = []
    seen = 0
    for kind, source in tokens:
        if kind == "whitespace":
            written.append(source)
            continue
        before = words[seen - 1] if seen else ""
        after = words[seen + 1] if seen + 1 < len(words) else ""
        seen += 1
        if kind == "string":
            compared = before in _COMPARED or after in (*_COMPARED, ":")
            source = source if compared else _changed(source, _parameter(calls, known), change)
        _follow(calls, kind, source, words[seen - 3 : seen - 1], after)
        written.append(source)
    return "".join(written)


def _follow(calls: list[_Call], kind: str, source: str, before: list[str], after: str) -> None:
    """Keep `calls` in step with one more token."""
    if source in ("(", "[", "{"):
        called = source == "(" and before and before[-1].isidentifier()
        of_value = len(before) > 1 and before[-2] in (".", "|")
        calls.append(_Call(before[-1] if called and not of_value else ""))
    elif source in (")", "]", "}") and calls:
        calls.pop()
    elif source == "," and calls:
        calls[-1].place += 1
        calls[-1].keyword = ""
    elif kind == "name" and after == "=" and calls:
        calls[-1].keyword = source


def _parameter(calls: list[_Call], known: Signatures) -> str:
    if not calls:
        return ""
    parameters = known.get(calls[-1].name, ())
    place = calls[-1].place
    return calls[-1].keyword or (parameters[place] if place < len(parameters) else "")


def _changed(source: str, parameter: str, change: Change) -> str:
    value = source[1:-1].encode("ascii", "backslashreplace").decode("unicode-escape")
    message = value.strip()
    text = _TEXT.search(value) or (parameter in _SAYS and _LETTER.search(value))
    if not text or "<" in message:
        return source
    found = change(message)
    return source if found is None else _quoted(value.replace(message, found, 1))


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
