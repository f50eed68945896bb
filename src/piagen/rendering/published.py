"""Knows the published edition: what it leaves out and why, and the answers without it.

Text that is withheld is replaced before anything reads it. Words, numbers, dates and references
that are withheld stay for conditions and facts alone, so that the edition says nothing false about
what applies; nothing that is printed sees them. Ids of rows are often made from names: all are
replaced.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from piagen.domain.fact import Answers
from piagen.domain.kept import Waiver
from piagen.domain.stored_path import StoredPath, parse
from piagen.frozen import frozen
from piagen.questionnaire.kept import KEPT
from piagen.questionnaire.model import WITHHOLDING, Questionnaire
from piagen.questionnaire.naming import place_in_words
from piagen.rendering.language.tongue import ENGLISH, Tongue
from piagen.rules.engine import Finding

IN_OTHER_WORDS = "a reason given where it stands"
"""What the cover says of a reason that somebody worded."""


@frozen
class LeftOut:
    """One answer that is left out.

    Attributes:
        at: its stored path in the answers file.
        reason: why, as it is printed.
        text: what it says; None where it is no text.
        documents: ids of the documents that would print it.
        chosen: whether the answers file withholds it, and not the questionnaire.
    """

    at: str
    reason: str
    text: str | None
    documents: tuple[str, ...]
    chosen: bool = False


@frozen
class Note:
    """What a document of the published edition says about itself.

    Attributes:
        counts: how many answers are left out for each reason, in the language of the document.
        untold: how many findings are about what is left out, and are not told.
    """

    counts: Mapping[str, int]
    untold: int

    @property
    def left_out(self) -> int:
        """How many answers are left out."""
        return sum(self.counts.values())

    @property
    def reasons(self) -> str:
        """Each reason with its number, on one line: security detail (2), named staff (9)."""
        return ", ".join(f"{reason} ({count:,})" for reason, count in self.counts.items())


@frozen
class Published:
    """A project as the published edition may know it.

    Attributes:
        answers: all answers, every text that is withheld replaced, every row id neutral. Words,
            numbers, dates and references that are withheld are still among them.
        left_out: every answer that is left out.
        texts: the text of each published answer, by its stored path in the answers file.
    """

    answers: Mapping[str, Any]
    left_out: tuple[LeftOut, ...]
    texts: Mapping[str, str]
    _questionnaire: Questionnaire
    _cut: Mapping[str, str]
    _replaced: Mapping[str, str]
    _closed: tuple[tuple[StoredPath, str], ...]
    _ids: Mapping[str, Mapping[str, str]]
    _waivers: Mapping[Waiver, Waiver]

    def withheld(self, at: str, said: Tongue = ENGLISH) -> str | None:
        """Return the line that is printed in place of what is at a stored path, if it is left out.

        What the answers file withholds is closed whether it is answered or not, so that nobody can
        tell; what the questionnaire withholds, only where it is answered.

        Args:
            at: a stored path with neutral ids: of a leaf, a row or a table.
            said: the language of the line.
        """
        if at in self._cut:
            return line(self._cut[at], said)
        try:
            place = parse(at)
        except ValueError:
            return None
        return next((line(why, said) for held, why in self._closed if held.holds(place)), None)

    def in_place_of(self, at: str, said: Tongue) -> str | None:
        """Return the line that stands in place of a text, if that text is left out.

        Args:
            at: the stored path of a leaf that is answered, with neutral ids.
            said: the language of the line.
        """
        why = self._replaced.get(at)
        return None if why is None else line(why, said)

    def cut_from(self, visible: Answers) -> dict[str, Any]:
        """Return visible answers without the words, numbers, dates and references withheld."""
        joined = {question.of for question in self._questionnaire.by_path.values()}
        return {
            key: value if key in KEPT else _without(value, key, self._cut)
            for key, value in visible.items()
            if key in joined or key not in self._tables_closed
        }

    @property
    def _tables_closed(self) -> frozenset[str]:
        """Tables that are withheld whole; where others refer to their rows, these stay, empty."""
        tables = self._questionnaire.tables
        return frozenset(held.key for held, _ in self._closed if str(held) in tables)

    def told(
        self, findings: Iterable[Finding], questionnaire: Questionnaire, visible: Answers
    ) -> tuple[Finding, ...]:
        """Return the findings that may be told, in fixed words: their own may quote an answer.

        Args:
            findings: what the rules found in all answers.
            questionnaire: names the places.
            visible: what `cut_from` returned, for the names of places.
        """
        return tuple(
            self._tell(found, questionnaire, visible)
            for found in findings
            if not self._untold(found)
        )

    def note(self, document: str, findings: Iterable[Finding], said: Tongue = ENGLISH) -> Note:
        """Return what a document says about itself, in its language."""
        here = [left.reason for left in self.left_out if document in left.documents]
        known = {*WITHHOLDING.values()}
        counts = Counter(why if why in known else IN_OTHER_WORDS for why in here)
        order = [*WITHHOLDING.values(), IN_OTHER_WORDS]
        ordered = {said.say(reason): counts[reason] for reason in order if counts[reason]}
        return Note(ordered, sum(self._untold(found) for found in findings))

    def _untold(self, finding: Finding) -> bool:
        if finding.waiver is not None and finding.waiver not in self._waivers:
            return True
        if not finding.at:
            return False
        return self.withheld(neutral(finding.at, self._ids)) is not None or any(
            left.at == finding.at for left in self.left_out
        )

    def _tell(self, finding: Finding, questionnaire: Questionnaire, visible: Answers) -> Finding:
        at = neutral(finding.at, self._ids)
        accepted = None if finding.waiver is None else self._waivers.get(finding.waiver)
        return replace(
            finding,
            at=at,
            where=place_in_words(questionnaire, at, visible),
            says=_fixed(finding),
            waiver=accepted,
        )


def in_fixed_words(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings with nothing in them but piagen's own words."""
    return tuple(
        replace(found, at="", where="", says=_fixed(found), waiver=None) for found in findings
    )


def _fixed(finding: Finding) -> str:
    return f"{finding.rule.title.rstrip('.')}."


def neutral(at: str, ids: Mapping[str, Mapping[str, str]]) -> str:
    """Return a place with the neutral id of its row; a row that is gone is not named.

    Args:
        at: a stored path of the answers file.
        ids: for each table, the neutral id of each row.
    """
    try:
        place = parse(at)
    except ValueError:
        return at
    if not place.row or place.key not in ids or "=" in place.row:
        return at
    row = ids[place.key].get(place.row)
    return place.key if row is None else str(place._replace(row=row))


def line(reason: str, said: Tongue = ENGLISH) -> str:
    """Return what is printed in place of an answer that is left out.

    Args:
        reason: one of `WITHHOLDING`, in English, or somebody's own words, which stay as they are.
        said: the language of the line.
    """
    told = said.say(reason) if reason in WITHHOLDING.values() else reason
    return said.say("Withheld: %(reason)s", reason=told)


def _without(value: Any, key: str, cut: Mapping[str, str]) -> Any:  # noqa: ANN401 - any answers
    match value:
        case Mapping():
            return {leaf: it for leaf, it in value.items() if f"{key}.{leaf}" not in cut}
        case list():
            return [
                {leaf: it for leaf, it in row.items() if f"{key}[{row['id']}].{leaf}" not in cut}
                for row in value
            ]
    return value
