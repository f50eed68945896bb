"""Knows how the standing and the verification of a law read in print, and lists what was cited."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from markupsafe import Markup, escape

from piagen.frozen import frozen
from piagen.law.citation import Citation
from piagen.law.dated import DatedLaw, Standing
from piagen.law.model import VerificationState
from piagen.rendering.language.tongue import ENGLISH, Tongue

_NO_LAW = ("code", "guidance", "standard", "source")
"""Kinds of instrument that people follow or read; whether one is in force is not the question."""

READ = {
    VerificationState.SEEN_PRIMARY: "text read",
    VerificationState.SEEN_SECONDARY: "secondary source read",
    VerificationState.FROM_KNOWLEDGE: "from knowledge",
}
"""How an entry was verified, in words."""

_WORD_AND_NUMBER = re.compile(
    r"\b(Articles?|sections?|Schedules?|paragraphs?|Part|Annex|regulations?|Box|Table|tip|criterion)"
    r" (?=[0-9A-Z])"
)


@frozen
class Use:
    """A citation, and the sections that rely on it."""

    citation: Citation
    sections: tuple[str, ...]


@frozen
class Verified:
    """What was verified in the same way on the same day, by title.

    Attributes:
        words: how and when: text read, checked on 22 November 2026.
    """

    words: str
    uses: tuple[Use, ...]


@frozen
class Standings:
    """What stands in the same way on the day of the assessment.

    Attributes:
        words: how it stands: in force on 16 November 2026.
        law: whether it is law; codes, guidance and sources are not.
        groups: the citations, by how they were verified.
    """

    words: str
    law: bool
    groups: tuple[Verified, ...]


def together(words: str) -> Markup:
    """Return a citation in which no line ends between a word and its number: Article 35(1).

    Args:
        words: a citation, or a part of one.
    """
    bound = _WORD_AND_NUMBER.sub("\\1\u00a0", words)
    return escape(bound)


def standing(law: DatedLaw, key: str, said: Tongue = ENGLISH) -> str:
    """Return how an entry stands on the day, in words that claim no more than was read.

    Args:
        law: the catalogue and the day.
        key: the id of a gateway, or the citation key of a provision, instrument or basis.
        said: the language of the words.

    Raises:
        UnknownCitation: nothing has that key.
    """
    stands, dates = law.standing(key), law.catalogue.entry(key).in_force
    day = said.day(law.day) if law.day else ""
    match stands:
        case Standing.IN_FORCE if day and dates.from_:
            return said.say("in force on %(day)s", day=day)
        case Standing.IN_FORCE if day:
            return said.say("listed as in force, start not read")
        case Standing.IN_FORCE:
            return said.say("listed as in force")
        case Standing.NOT_YET_IN_FORCE if day and dates.from_:
            return said.say(
                "not yet in force on %(day)s: it starts on %(start)s",
                day=day,
                start=said.day(dates.from_),
            )
        case Standing.ENDED if day and dates.to:
            return said.say(
                "no longer in force on %(day)s: it ended on %(end)s",
                day=day,
                end=said.day(dates.to),
            )
        case Standing.NOT_READ if _is_no_law(law, key):
            return said.say("not law: a code, guidance or a source")
        case Standing.NOT_READ:
            return said.say("whether it is in force was not read")
    return said.say(stands.words)


def verified(citation: Citation, said: Tongue = ENGLISH) -> str:
    """Return how and when a citation was verified: text read, checked on 22 November 2026."""
    when = said.say("date of the check unknown")
    if citation.checked_on:
        when = said.say("checked on %(day)s", day=said.day(citation.checked_on))
    return f"{said.say(READ[citation.verified])}, {when}"


def authorities(
    law: DatedLaw, cited: Mapping[str, tuple[str, ...]], said: Tongue = ENGLISH
) -> tuple[Standings, ...]:
    """Return the table of authorities: what cannot be relied on first, codes and sources last.

    Args:
        law: the catalogue and the day.
        cited: the sections that cite each key.
        said: the language of the words.
    """
    found: dict[tuple[int, str], dict[tuple[int, str], list[Use]]] = {}
    for key, sections in cited.items():
        citation = law.catalogue.cite(key)
        group = found.setdefault((_rank(law, key), standing(law, key, said)), {})
        how = (list(VerificationState).index(citation.verified), verified(citation, said))
        group.setdefault(how, []).append(Use(citation, sections))
    return tuple(
        Standings(words, rank < _LAST, tuple(_by_title(groups)))
        for (rank, words), groups in sorted(found.items())
    )


def _by_title(groups: Mapping[tuple[int, str], list[Use]]) -> Iterator[Verified]:
    for (_, words), uses in sorted(groups.items()):
        yield Verified(words, tuple(sorted(uses, key=lambda use: use.citation.text)))


_ORDER = (
    Standing.REPEALED,
    Standing.ENDED,
    Standing.NOT_YET_IN_FORCE,
    Standing.START_UNKNOWN,
    Standing.IN_FORCE,
    Standing.NOT_READ,
)
_LAST = len(_ORDER)


def _rank(law: DatedLaw, key: str) -> int:
    stands = law.standing(key)
    if stands is Standing.NOT_READ and _is_no_law(law, key):
        return _LAST
    return _ORDER.index(stands)


def _is_no_law(law: DatedLaw, key: str) -> bool:
    instrument = law.catalogue.instruments.get(key.partition("/")[0])
    return instrument is not None and instrument.kind in _NO_LAW
