"""Knows how one language says the fixed words that come from Python, and marks what it has said."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field, replace
from datetime import date
from functools import cache
from pathlib import Path

from piagen.domain.days import MONTHS, in_words
from piagen.frozen import frozen
from piagen.rendering.language.catalogue import PLACEHOLDER, TAG, translations
from piagen.rendering.rendition import Language

BEGINS, ENDS = "\ufdd0", "\ufdd1"
"""Stand around what was translated until `spoken` takes them away: Unicode's noncharacters, which
no text may exchange and no font has."""

_NOT_TEXT = re.compile(rf"({PLACEHOLDER.pattern}|{TAG.pattern})".replace(r"(\w+)", r"\w+"))


@frozen
class Tongue:
    """A language of the fixed text.

    Attributes:
        code: as ISO 639-1.
        messages: the translations, by English text; none for English itself.
        marks: whether what was translated is marked, for `spoken` to find it.
    """

    code: Language = "en"
    messages: Mapping[str, str] = field(default_factory=dict)
    marks: bool = True

    @property
    def unmarked(self) -> Tongue:
        """The same language without marks: for words that are measured before they are drawn."""
        return replace(self, marks=False)

    def say(self, message: str, **given: str) -> str:
        """Return a fixed text in this language, or in English where there is no translation.

        What is put in is never translated, nor looked up.

        Args:
            message: the English text, with placeholders such as `%(what)s`.
            given: what to put in, by placeholder.
        """
        found = self.messages.get(message)
        said = message if found is None else self._marked(found)
        return PLACEHOLDER.sub(lambda place: given.get(place[1], place[0]), said)

    def day(self, written: str | date) -> str:
        """Return `2027-04-03` as 3 April 2027: 3 Ebrill 2027."""
        found = written if isinstance(written, date) else date.fromisoformat(written)
        month = self.messages.get(MONTHS[found.month - 1])
        if month is None:
            return in_words(found)
        return self._marked(f"{found.day} {month} {found.year}")

    def _marked(self, translation: str) -> str:
        return marked(translation) if self.marks else translation


ENGLISH = Tongue()
"""The language that the fixed text is written in."""


def marked(translation: str) -> str:
    """Return a translation with marks around each text in it, between placeholders and tags."""
    pieces = _NOT_TEXT.split(translation)
    pieces[::2] = [f"{BEGINS}{text}{ENDS}" if text.strip() else text for text in pieces[::2]]
    return "".join(pieces)


@cache
def tongue(language: Language, roots: tuple[Path, ...]) -> Tongue:
    """Return a language with what the template folders have translated.

    Raises:
        TemplateFault: a catalogue cannot be read.
    """
    if language == "en":
        return ENGLISH
    return Tongue(language, translations(roots, language))
