"""Knows hostile strings, where answers hold text, and how to put the one into the other."""

from __future__ import annotations

import copy
import itertools
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tinyhtml5

from piagen.pipeline.answers import read_answers
from piagen.pipeline.assess import questionnaire
from piagen.questionnaire.model import Question
from piagen.questionnaire.survey import survey
from piagen.resources import shipped

Answers = dict[str, Any]

_DATA = json.loads((Path(__file__).parents[1] / "data" / "naughty.json").read_text("ascii"))


def _written(item: str | Mapping[str, Any]) -> str:
    if isinstance(item, str):
        return item
    return f"{item.get('before', '')}{item['repeat'] * item['times']}{item.get('after', '')}"


def _nfc(groups: Mapping[str, list[Any]]) -> tuple[str, ...]:
    written = (_written(item) for group in groups.values() for item in group)
    return tuple(unicodedata.normalize("NFC", text) for text in written)


LINES = _nfc(_DATA["shown"])
"""Must be printed as typed, wherever text is asked for."""
PROSE = (*LINES, *_nfc(_DATA["shown in prose"]))
REFUSED = [(row["text"], row["character"]) for row in _DATA["refused"]]
"""Must be refused; the message names the character."""
BLANK: list[str] = _DATA["blank"]
"""Look like nothing at all, and so are no answer."""

_EVERY = json.loads((Path(__file__).parents[1] / "data" / "every_question.json").read_text("ascii"))
EXAMPLES = ("safeguarding-hub", "homelessness-duty-to-refer", "early-draft")
BASES: tuple[str | int, ...] = (*EXAMPLES, *range(len(_EVERY)))
"""Projects in which, between them, every text is asked for: the examples, and some made by chance
(`Sitting`) that were kept because they answer what no example does. A new question may need one."""


def base(name: str | int) -> Answers:
    """A project by name or number, afresh."""
    if isinstance(name, int):
        return copy.deepcopy(_EVERY[name])
    return dict(json.loads((shipped("examples") / f"{name}.json").read_text("utf-8")))


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed, and where."""

    at: str
    question: Question
    text: str


def text_places(answers: Answers, *, answered: bool = True) -> Iterator[tuple[Question, str, Any]]:
    """Yield each place that takes text: its question, its path and the row id."""
    for place in survey(questionnaire(), answers).places:
        match place.entry:
            case Question(type="text" | "prose") if place.answered or not answered:
                yield place.entry, place.at, place.row


def put(answers: Answers, question: Question, row: str | None, text: str) -> None:
    """Write text at a place."""
    if row is None:
        answers.setdefault(question.key, {})[question.leaf] = text
    else:
        held = next(each for each in answers[question.key] if each["id"] == row)
        held[question.leaf] = text


def filled(answers: Answers, shift: int) -> tuple[Answers, list[Typed]]:
    """Put a hostile string into every place that holds text; `shift` says which comes first."""
    made, typed = copy.deepcopy(answers), []
    lines = itertools.islice(itertools.cycle(LINES), shift, None)
    prose = itertools.islice(itertools.cycle(PROSE), shift, None)
    for question, at, row in list(text_places(answers)):
        text = next(prose if question.type == "prose" else lines)
        put(made, question, row, text)
        typed.append(Typed(at, question, text))
    made |= {
        "open_questions": [
            {"at": at, "note": next(prose), "owner": next(lines)}
            for at in ("assessment.owner", "review.due", "partners", next(lines))
        ],
        "withheld": [{"path": next(lines), "reason": next(prose)} for _ in range(3)],
        "dismissed_risks": [{"slug": next(lines), "reason": next(prose)} for _ in range(3)],
        "waivers": [
            {"rule": next(lines), "at": next(lines), "reason": next(prose), "owner": next(lines),
             "until": "2027-03-27", "dpo": next(lines)}
            for _ in range(3)
        ],
    }  # fmt: skip
    return made, typed


def harmless(answers: Answers) -> Answers:
    """The same answers with letters for every character of what `filled` put there."""
    made, known = copy.deepcopy(answers), dict[str, str]()

    def tame(text: str) -> str:
        """Lines and spaces stay; what differs still differs, because equal rows may be joined."""
        if text not in known:
            own = "".join(chr(ord("b") + int(digit)) for digit in str(len(known)))
            known[text] = re.sub(r"\S", own, re.sub(r"(?<=\S)\S", "a", text), count=1)
            known[text] = re.sub(r"[^a-k\s]", "a", known[text])
        return known[text]

    for question, _, row in list(text_places(answers)):
        held = answers[question.key]
        if row is not None:
            held = next(each for each in held if each["id"] == row)
        put(made, question, row, tame(held[question.leaf]))
    for key in ("withheld", "dismissed_risks", "waivers", "open_questions"):
        for line in made.get(key, ()):
            for leaf in set(line) - {"until", "due", "at", "path"}:
                line[leaf] = tame(line[leaf])
    return made


def loaded(answers: Answers) -> Answers:
    """The answers as they come out of a file."""
    return read_answers(Path("hostile.json"), questionnaire(), json.dumps(answers).encode())


def tree_of(html: str) -> Any:
    """The page as a browser and WeasyPrint parse it."""
    return tinyhtml5.parse(html, namespace_html_elements=False)


def folded(text: str) -> str:
    """White space folded, as print folds it."""
    return " ".join(text.split())
