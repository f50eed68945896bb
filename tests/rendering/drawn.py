"""Knows which glyphs a PDF draws, read from its content and its embedded fonts, not from its text.

Text that is copied from a PDF says nothing about what is seen: an empty box has its letter too.
"""

from __future__ import annotations

import io
import logging
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import pypdf
from fontTools.ttLib import TTFont
from pypdf.generic import ContentStream


@dataclass(frozen=True)
class Glyph:
    """One glyph on the page.

    Attributes:
        font: the family and style of its font.
        number: its place in the font; 0 is the empty box.
        text: the letters that it stands for; empty for the second glyph of a cluster.
        real: whether the font has it, with an outline wherever its letters have one.
    """

    font: str
    number: int
    text: str
    real: bool


def glyphs(pdf: bytes) -> Iterator[Glyph]:
    """Yield every glyph of the pages in the order it is drawn: from left to right in a line."""
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    for page in reader.pages:
        fonts: Any = page["/Resources"]["/Font"]  # type: ignore[index]
        font, number_of_bytes = None, 2
        for operands, operator in ContentStream(page.get_contents(), reader).operations:
            if operator == b"Tf":
                font = Embedded(fonts[operands[0]].get_object())
            for shown in _strings(operands, operator):
                assert font is not None
                for at in range(0, len(shown), number_of_bytes):
                    yield font.glyph(int.from_bytes(shown[at : at + number_of_bytes], "big"))


def _strings(operands: Any, operator: bytes) -> Iterator[bytes]:
    if operator not in (b"Tj", b"TJ"):
        return
    parts = operands[0] if operator == b"TJ" else operands
    for part in parts:
        if isinstance(part, bytes):
            yield part
        elif isinstance(part, str):
            yield part.original_bytes  # type: ignore[attr-defined]


class Embedded:
    """A font inside a PDF."""

    def __init__(self, font: Any) -> None:
        below = font["/DescendantFonts"][0].get_object()
        self.name = str(font["/BaseFont"]).partition("+")[2]
        self.file = _open(below["/FontDescriptor"]["/FontFile2"].get_object().get_data())
        self.texts = _texts(font["/ToUnicode"].get_object().get_data())

    def glyph(self, number: int) -> Glyph:
        text = self.texts.get(number, "")
        return Glyph(self.name, number, text, self._real(number, text))

    def _real(self, number: int, text: str) -> bool:
        if not 0 < number < self.file["maxp"].numGlyphs:
            return False
        outline = self.file["glyf"][self.file.getGlyphName(number)].numberOfContours != 0
        return outline or not any(_is_seen(character) for character in text)


@cache
def _open(content: bytes) -> TTFont:
    return TTFont(io.BytesIO(content))


@cache
def _texts(mapping: bytes) -> dict[int, str]:
    """Read a ToUnicode map: glyph numbers and the UTF-16 of their letters."""
    found = {}
    for line in mapping.decode("ascii").splitlines():
        number, _, text = line.partition("> <")
        if number.startswith("<") and text.endswith(">") and "<" not in text:
            letters = bytes.fromhex(text[:-1]).decode("utf-16-be")
            found[int(number[1:], 16)] = letters
    return found


def _is_seen(character: str) -> bool:
    return not character.isspace() and unicodedata.category(character) not in ("Cf", "Mn")


@contextmanager
def unsupported() -> Iterator[set[str]]:
    """Collect the characters that WeasyPrint reports to have no glyph."""
    found: set[str] = set()

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if ".notdef" in record.msg:
                assert isinstance(record.args, tuple)
                found.add(str(record.args[0]))

    listener = Listener(logging.WARNING)
    logger = logging.getLogger("weasyprint")
    logger.addHandler(listener)
    try:
        yield found
    finally:
        logger.removeHandler(listener)
