"""Knows which stretches of a template are text to translate, and how each reads as a message.

A run is the longest stretch of text, inline tags and expressions between block tags and statements.
In its message an expression is a placeholder, and an inline tag has no attributes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Literal

from jinja2 import Environment

from piagen.frozen import frozen
from piagen.rendering.language.catalogue import PLACEHOLDER, TAG
from piagen.rendering.language.literals import Change, Signatures, Token, changed

_LEXER = Environment(autoescape=True, keep_trailing_newline=True)
_FIRST = 0x100000
"""Each expression and each statement is one character of a private plane while HTML is read."""

_TAG = re.compile(
    r"""<!--.*?-->|<![^>]*>|<(/?)([A-Za-z][\w-]*)((?:[^<>"']|"[^"]*"|'[^']*')*)>""", re.DOTALL
)
_READ_ALOUD = re.compile(r'(?<=\s)(alt|title|aria-label|data-title|data-state)="([^"]*)"')
_INLINE = (
    "a",
    "abbr",
    "b",
    "cite",
    "code",
    "em",
    "i",
    "q",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
)
_UNREAD = ("style", "script")
_NUMBER = re.compile(r"\.n\(\)\s*}}$")
_NAME = re.compile(r"""["']([^"']*)["']|\b([A-Za-z_]\w*)""")
_WORDS_OF_JINJA = ("if", "else", "or", "and", "not", "in", "is", "none", "true", "false")
_LETTER = re.compile(r"[^\W\d_]")


@frozen
class _Piece:
    """What a template is made of, in order: `between` is a block tag, a statement or a comment."""

    kind: Literal["text", "expression", "open", "close", "between"]
    source: str
    name: str = ""


def rewritten(source: str, known: Signatures, change: Change) -> str:
    """Return a template with its texts changed; without a change, it is what it was.

    Args:
        source: the template.
        known: the parameters of the macros of all templates.
        change: what becomes of each message; its placeholders and tags find their source again.
    """
    return "".join(_sources(list(_pieces(source, known, change)), change))


def messages(source: str, known: Signatures) -> Iterator[str]:
    """Yield every message of a template, as often as it stands there."""
    found: list[str] = []
    rewritten(source, known, found.append)
    yield from found


def _pieces(source: str, known: Signatures, change: Change) -> Iterator[_Piece]:
    hidden: list[str] = []
    html: list[str] = []
    for kind, tokens in _parts(source):
        if kind == "data":
            html.append(tokens[0][1])
        else:
            html.append(chr(_FIRST + len(hidden)))
            hidden.append(changed(tokens, known, change))
    yield from _tags("".join(html), hidden, change)


def _parts(source: str) -> Iterator[tuple[str, list[Token]]]:
    """Yield stretches of plain HTML (`data`) and what stands in Jinja's brackets."""
    inside: list[Token] = []
    for _, kind, text in _LEXER.lex(source):
        if kind.endswith("_begin"):
            inside = [(kind, text)]
        elif inside:
            inside.append((kind, text))
            if kind.endswith("_end"):
                yield kind, inside
                inside = []
        else:
            yield "data", [(kind, text)]


def _tags(html: str, hidden: list[str], change: Change) -> Iterator[_Piece]:
    def shown(text: str) -> str:
        return "".join(hidden[ord(c) - _FIRST] if ord(c) >= _FIRST else c for c in text)

    def aloud(found: re.Match[str]) -> str:
        parts = tuple(_texts(found[2], hidden))
        if any(part.kind == "between" for part in parts):
            return found[0]
        return f'{found[1]}="{"".join(_sources(list(parts), change))}"'

    end, unread = 0, ""
    for tag in _TAG.finditer(html):
        text = html[end : tag.start()]
        yield from [_Piece("between", shown(text))] if unread else _texts(text, hidden)
        end = tag.end()
        name = (tag[2] or "").lower()
        if name in _UNREAD:
            unread = "" if tag[1] else name
        if name in _INLINE:
            yield _Piece("close" if tag[1] else "open", shown(tag[0]), name)
        else:
            yield _Piece("between", shown(_READ_ALOUD.sub(aloud, tag[0])))
    yield from _texts(html[end:], hidden)


def _texts(text: str, hidden: list[str]) -> Iterator[_Piece]:
    for part in re.split(f"([{chr(_FIRST)}-\U0010fffd])", text):
        if part and ord(part[0]) >= _FIRST:
            source = hidden[ord(part[0]) - _FIRST]
            yield _Piece("expression" if source.startswith("{{") else "between", source)
        elif part:
            yield _Piece("text", part)


def _sources(pieces: list[_Piece], change: Change) -> Iterator[str]:
    """Yield the source of the pieces in order, each run changed where it is to be."""
    run: list[_Piece] = []
    partners = _partners(pieces)
    for place, piece in enumerate(pieces):
        apart = piece.kind == "between" or (piece.kind != "text" and place in partners)
        if not apart:
            run.append(piece)
            continue
        yield from _run(run, change)
        yield piece.source
        run = []
    yield from _run(run, change)


def _partners(pieces: list[_Piece]) -> frozenset[int]:
    """Return the places of the inline tags that have no partner in their own run."""
    alone: set[int] = set()
    open_: list[int] = []
    for place, piece in enumerate(pieces):
        match piece.kind:
            case "between":
                alone.update(open_)
                open_ = []
            case "open":
                open_.append(place)
            case "close" if open_ and pieces[open_[-1]].name == piece.name:
                open_.pop()
            case "close":
                alone.add(place)
    return frozenset(alone | set(open_))


def _run(pieces: list[_Piece], change: Change) -> Iterator[str]:
    start, stop = _core(pieces)
    core = pieces[start:stop]
    message, sources = _message(core)
    lead = len(message) - len(message.lstrip(" \n.,;:)"))
    tail = len(message) - len(message.rstrip())
    inner = message[lead : len(message) - tail]
    found = change(inner) if _LETTER.search(PLACEHOLDER.sub("", TAG.sub("", inner))) else None
    yield from (piece.source for piece in pieces[:start])
    if found is None:
        yield from (piece.source for piece in core)
    else:
        yield message[:lead] + _filled(found, sources) + message[len(message) - tail :]
    yield from (piece.source for piece in pieces[stop:])


def _core(pieces: list[_Piece]) -> tuple[int, int]:
    """Return where the message begins and ends: without numbers and tags around it."""
    start, stop = 0, len(pieces)
    while start < stop:
        first, last = pieces[start], pieces[stop - 1]
        if (first.kind == "text" and not first.source.strip()) or _NUMBER.search(first.source):
            start += 1
        elif last.kind == "text" and not last.source.strip():
            stop -= 1
        elif first.kind == "open" and _closes(pieces, start) == stop - 1:
            start, stop = start + 1, stop - 1
        else:
            break
    return start, stop


def _closes(pieces: list[_Piece], start: int) -> int:
    """Return where the tag that opens at `start` is closed; -1 if it is not."""
    depth = 0
    for place in range(start, len(pieces)):
        depth += {"open": 1, "close": -1}.get(pieces[place].kind, 0)
        if depth == 0:
            return place
    return -1


def _message(pieces: list[_Piece]) -> tuple[str, dict[str, str]]:
    """Return a message, and the source of each of its placeholders and tags."""
    sources: dict[str, str] = {}
    names: Counter[str] = Counter()
    written: list[str] = []
    open_: list[str] = []
    place = 0

    def put(name: str, shape: str, source: str) -> str:
        names[name] += 1
        unique = name if names[name] == 1 else f"{name}{names[name]}"
        while shape.format(unique) in sources:
            unique += "_"
        sources[shape.format(unique)] = source
        return unique

    while place < len(pieces):
        piece = pieces[place]
        around = piece.kind == "open" and [p.kind for p in pieces[place + 1 : place + 3]]
        if around == ["expression", "close"]:
            source = "".join(p.source for p in pieces[place : place + 3])
            name = put(_named(pieces[place + 1].source), "%({})s", source)
            written.append(f"%({name})s")
            place += 3
            continue
        match piece.kind:
            case "text":
                written.append(re.sub(r"\s+", " ", piece.source))
            case "expression":
                written.append(f"%({put(_named(piece.source), '%({})s', piece.source)})s")
            case "open":
                open_.append(put(piece.name, "<{}>", piece.source))
                written.append(f"<{open_[-1]}>")
            case "close":
                name = open_.pop()
                sources[f"</{name}>"] = piece.source
                written.append(f"</{name}>")
        place += 1
    return "".join(written), sources


def _named(expression: str) -> str:
    """Name a placeholder after the last name or key of its expression, before any filter."""
    bare = expression.strip("{}- \n")
    if bare[:1] in ("'", '"'):
        found = [bare[1:].partition(bare[0])[0]]
    else:
        found = [
            text or name
            for text, name in _NAME.findall(bare.partition("|")[0])
            if _LETTER.search(text or name) and " " not in text and name not in _WORDS_OF_JINJA
        ]
    said = re.sub(r"\W+", "_", found[-1].rpartition(".")[2] if found else "").strip("_").lower()
    return said[:40] if said and not said[0].isdigit() else f"value{said[:20]}"


def _filled(translation: str, sources: dict[str, str]) -> str:
    filled = PLACEHOLDER.sub(lambda found: sources[found[0]], translation)
    return TAG.sub(lambda found: sources.get(found[0], found[0]), filled)
