"""Whatever is typed, it ends, the file is right, and nothing is lost or left pointing nowhere."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from piagen.cli.wizard import incoming
from piagen.cli.wizard.journey import Journey
from piagen.cli.wizard.terminal import Stop
from piagen.config import Config
from piagen.domain.fact import rows
from piagen.domain.stored_path import parse
from piagen.pipeline.answers import read_answers, write_answers
from piagen.pipeline.assess import questionnaire
from piagen.pipeline.sitting import Sitting
from piagen.questionnaire.edit import leaves
from piagen.questionnaire.survey import survey
from piagen.resources import shipped

WORDS = (
    "", "", "1", "2", "3", "1, 2", "none", "yes", "no", "27 3 2027", "March 2027", "12",
    "An answer in words", "team@council.example", "https://council.example/x", "council",
    ":back", ":back", ":list", ":unsure", ":clear", ":standard", ":keep", ":search act", "?",
    "add", "copy 1", "remove 1", "remove 2", "up 2", "down 1", "change 1", "c", "later", "zebra",
)  # fmt: skip
SECTIONS = ("about", "the project", "organisations", "people and", "data flows", "legal powers")
LOSES = ("remove", ":clear", ":unsure", "yes")
"""What may take an answer away, and the yes that says so."""


class Typist:
    """Types what Hypothesis drew, then leaves; keeps what was typed since the last save."""

    def __init__(self, words: list[str]) -> None:
        self.words = list(words)
        self.typed: list[str] = []

    def lines(self) -> list[str]:
        if not self.words:
            raise click.Abort
        self.typed.append(self.words.pop(0))
        return [self.typed[-1]]


def drive(path: Path, words: list[str]) -> list[str]:
    """Sit down, type the words, and return the stored paths of answers that went unasked-for."""
    lost: list[str] = []
    typist = Typist(words)
    sitting = Sitting.open(path)
    save = sitting.save

    def watched(answers: Mapping[str, Any]) -> None:
        before = sitting.answers
        save(answers)
        if not any(word.startswith(LOSES) for word in typist.typed[-6:]):
            lost.extend(_places(before) - _places(sitting.answers))

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sitting, "save", watched)
        patched.setattr(incoming, "lines", typist.lines)
        patched.setattr(Journey, "findings", lambda _: ())
        patched.setattr("piagen.cli.wizard.summary.render", lambda _: None)
        try:
            Journey(sitting, Config()).run()
        except (click.Abort, Stop):
            pass
        finally:
            sitting.close()
    return lost


def _places(answers: Mapping[str, Any]) -> set[str]:
    asked = {*questionnaire().tables, *questionnaire().leaves}
    return {at for key in answers if key in asked for at in leaves(answers, key)}


def orphans(answers: Mapping[str, Any]) -> list[str]:
    """Stored paths, kept about places, whose row is gone; of doubts, those without an answer."""
    there = _places(answers)
    found = []
    for table, leaf in (("open_questions", "at"), ("withheld", "path"), ("waivers", "at")):
        for row in rows(answers, table):
            place = parse(row[leaf])
            ids = {each["id"] for each in rows(answers, place.key)} if place.row else set()
            found += [row[leaf]] if place.row and place.row not in ids else []
    found += [row["path"] for row in rows(answers, "unconfirmed") if row["path"] not in there]
    return found


@settings(max_examples=max(8, settings().max_examples // 5))
@given(
    start=st.sampled_from(["early-draft", "homelessness-duty-to-refer", None]),
    section=st.sampled_from(SECTIONS),
    words=st.lists(st.sampled_from(WORDS), min_size=10, max_size=60),
    doubted=st.booleans(),
)
def test_whatever_is_typed_the_file_is_right_and_nothing_is_lost_or_orphaned(
    start: str | None, section: str, words: list[str], *, doubted: bool
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "p.json"
        if start is not None:
            answers = json.loads((shipped("examples") / f"{start}.json").read_text("utf-8"))
            if doubted:
                unsure = sorted(_places(answers))[::7]
                answers["unconfirmed"] = [{"path": at, "starter": "s"} for at in unsure]
            write_answers(path, answers)
        lost = drive(path, [section, *words])
        assert lost == [], "an answer went that nobody took away"
        if not path.exists():
            return
        after = read_answers(path, questionnaire())
        assert orphans(after) == []
        found = survey(questionnaire(), after)
        assert {*found.hidden}.isdisjoint(place.at for place in found.places)


@given(personal_data=st.sampled_from(["2", "1", "3"]), words=st.lists(st.sampled_from(WORDS)))
@settings(max_examples=max(4, settings().max_examples // 10))
def test_what_an_earlier_change_hides_is_kept_and_flagged(
    personal_data: str, words: list[str]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "p.json"
        path.write_bytes((shipped("examples") / "homelessness-duty-to-refer.json").read_bytes())
        before = json.loads(path.read_text("utf-8"))
        harmless = [word for word in words if not word.startswith((*LOSES, "copy", "add"))]
        drive(path, ["screening", "1", personal_data, "", *harmless])
        after = json.loads(path.read_text("utf-8"))
        assert _places(before) <= _places(after)
        hidden = survey(questionnaire(), after).hidden
        assert bool(hidden) >= (after["screening"]["personal_data"] == "no")
