"""Knows the few words that style sheets print, such as those around page numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from piagen.rendering.language.tongue import Tongue

_CONTENT = re.compile(r"(?<=content:)[^;{}]*")
_WORDS = re.compile(r'"(\s*)([^"\\]*[^\W\d_][^"\\]*?)(\s*)"')


def styles_in(said: Tongue, css: str) -> str:
    """Return a style sheet whose generated words are in another language.

    Args:
        said: the language.
        css: the style sheet; a word with a quotation mark or a backslash stays as it is.
    """

    def put(words: re.Match[str]) -> str:
        found = said.messages.get(words[2], words[2])
        fits = '"' not in found and "\\" not in found
        return f'"{words[1]}{found if fits else words[2]}{words[3]}"'

    return _CONTENT.sub(lambda content: _WORDS.sub(put, content[0]), css)


def messages_of_styles(css: str) -> Iterator[str]:
    """Yield the words that a style sheet prints."""
    for content in _CONTENT.findall(css):
        for _, words, _ in _WORDS.findall(content):
            yield words
