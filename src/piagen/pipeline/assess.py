"""Knows the first sentence: load a project, and say what is missing, open and hidden."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from piagen.law.catalogue import load_catalogue
from piagen.pipeline.answers import read_answers
from piagen.questionnaire.load import core
from piagen.questionnaire.missing import Missing, gaps
from piagen.questionnaire.model import Questionnaire
from piagen.questionnaire.survey import survey
from piagen.rendering.glyphs import Unprintable, uncovered


@dataclass(frozen=True, slots=True)
class Loaded:
    """An answers file of the right shape.

    Attributes:
        answers: plain JSON, text in NFC, exactly what the file holds.
    """

    path: Path
    answers: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Review:
    """What a look at the answers found.

    Attributes:
        missing: what applies and has no answer, in the order asked, open questions among them.
        hidden: stored paths of answers that no longer apply.
        given: how many answers are given, optional ones too.
        unprintable: characters that no bundled font has, with the answers that hold them.
    """

    missing: tuple[Missing, ...]
    hidden: tuple[str, ...]
    given: int
    unprintable: tuple[Unprintable, ...] = ()

    @property
    def open(self) -> tuple[Missing, ...]:
        """The gaps that somebody was asked to fill."""
        return tuple(gap for gap in self.missing if gap.open)

    @property
    def unasked(self) -> tuple[Missing, ...]:
        """The gaps that nobody was asked to fill yet."""
        return tuple(gap for gap in self.missing if not gap.open)


@cache
def questionnaire() -> Questionnaire:
    """Return the questionnaire that ships with piagen."""
    return core(load_catalogue().options)


def load(path: Path | str) -> Loaded:
    """Read an answers file and check its shape.

    Raises:
        UnusableFile: it cannot be read, is not strict JSON, or is of another format version.
        ShapeErrors: answers have the wrong shape; all of them are named.
    """
    where = Path(path)
    return Loaded(where, read_answers(where, questionnaire()))


def load_bytes(content: bytes, name: Path) -> Loaded:
    """Take answers that were read already, and check their shape.

    Raises:
        UnusableFile: they are not strict JSON, or of another format version.
        ShapeErrors: answers have the wrong shape; all of them are named.
    """
    return Loaded(name, read_answers(name, questionnaire(), content))


def check(loaded: Loaded) -> Review:
    """Look at answers of the right shape; a gap is never an error."""
    found = survey(questionnaire(), loaded.answers)
    given = sum(place.answered and place.last_of is None for place in found.places)
    unprintable = uncovered(found.visible, questionnaire())
    return Review(gaps(found, loaded.answers), tuple(found.hidden), given, unprintable)
