"""Knows how finished HTML says which language each text is in, for readers' voices and hyphens."""

from __future__ import annotations

import re

from piagen.rendering.language.tongue import BEGINS, ENDS

OWN = "en-GB"
"""The language of answers, and of fixed text that nobody has translated."""

_TOKEN = re.compile(
    r"""<!--.*?-->|<![^>]*>|<(/?)([A-Za-z][\w:-]*)(?:[^<>"']|"[^"]*"|'[^']*')*>""", re.DOTALL
)
_APART = ("head", "svg", "style", "script")
"""Elements whose text is not wrapped: a span may not stand there."""
_MARKS = re.compile(f"[{BEGINS}{ENDS}]")
_SAID = re.compile(f"{BEGINS}([^{BEGINS}{ENDS}]*){ENDS}?")
_LETTER = re.compile(r"[^\W\d_]")
_ENTITY = re.compile(r"&#?\w+;")


def spoken(html: str, language: str) -> str:
    """Return HTML of one language whose other texts say that they are in English.

    A link is wrapped as a whole, and is of one language: in a tagged PDF, what is inside a link is
    the link.

    Args:
        html: a whole document, with marks around what was translated.
        language: what the document is in: `cy`.
    """
    written: list[str] = []
    within: list[str] = []
    end = 0
    while token := _TOKEN.search(html, end):
        written.append(_text(html[end : token.start()], apart=bool(within)))
        end = token.end()
        name = (token[2] or "").lower()
        if name == "a" and not token[1] and not within:
            stop = html.find("</a>", end) + len("</a>")
            written.append(_link(html[token.start() : stop]))
            end = stop
            continue
        written.append(_MARKS.sub("", _tag(token, language)))
        if name in _APART and not token[0].endswith("/>"):
            if not token[1]:
                within.append(name)
            elif name in within:
                within.remove(name)
    written.append(_text(html[end:], apart=bool(within)))
    return "".join(written)


def _link(link: str) -> str:
    said = _TOKEN.sub("", link)
    if BEGINS in said or not _has_words(said):
        return _MARKS.sub("", link)
    return f'<span lang="{OWN}">{_MARKS.sub("", link)}</span>'


def _tag(token: re.Match[str], language: str) -> str:
    if token[1] or token[2] not in ("html", "svg"):
        return token[0]
    if token[2] == "html":
        return re.sub(r'\slang="[^"]*"', f' lang="{language}"', token[0], count=1)
    # A picture says itself which language its words are in, if that is not English.
    return token[0] if " lang=" in token[0] else f'<svg lang="{OWN}"{token[0][4:]}'


def _text(text: str, *, apart: bool) -> str:
    """Return one text with everything outside the marks wrapped, and without the marks."""
    if apart:
        return _MARKS.sub("", text)
    pieces: list[str] = []
    end = 0
    for said in _SAID.finditer(text):
        pieces += (_own(text[end : said.start()]), said[1])
        end = said.end()
    pieces.append(_own(text[end:]))
    return _MARKS.sub("", "".join(pieces))


def _own(text: str) -> str:
    """Wrap a text that has letters, and leave the white space at its ends outside."""
    if not _has_words(text):
        return text
    start, stop = len(text) - len(text.lstrip()), len(text.rstrip())
    return f'{text[:start]}<span lang="{OWN}">{text[start:stop]}</span>{text[stop:]}'


def _has_words(text: str) -> bool:
    return _LETTER.search(_ENTITY.sub("", text)) is not None
