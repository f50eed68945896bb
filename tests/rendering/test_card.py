"""The practitioner's card: one side, large enough to read, and nothing left out in silence."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pypdf
import pytest
from tests.rendering.reach import Sections, folded, html_of
from tests.rendering.test_agreement import EXAMPLES, copy_of, hub

from piagen.pipeline.assess import load, load_bytes
from piagen.pipeline.documents import documents, render
from piagen.resources import shipped

SMALLEST = 8.5
"""Points; what stands in the margin of the page, which repeats, is 8."""


def printed(answers: Mapping[str, Any]) -> pypdf.PdfReader:
    loaded = load_bytes(json.dumps(answers).encode(), Path("project.json"))
    (done,) = render(loaded, ["card"])
    return pypdf.PdfReader(io.BytesIO(done.content))


def words_of(answers: Mapping[str, Any]) -> str:
    page = Sections(html_of("card", answers))
    return folded(" ".join(" ".join(page.text[plan.id]) for plan in documents()["card"].sections))


def large(flows: int) -> dict[str, Any]:
    """The hub with many flows, long names and long answers."""
    answers = copy_of(hub())
    first = answers["data_flows"][0]
    answers["data_flows"] = [
        {**first, "id": f"flow-{i}", "name": f"Flow number {i} of a very large project"}
        for i in range(flows)
    ]
    answers["decisions"] = [
        {
            "id": f"d{i}-{word}",
            "flow": f"flow-{i}",
            "decision": word,
            "good_cause": f"Cause {i} {word}.",
        }
        for i in range(flows)
        for word in ("offer", "request", "withhold", "refuse")
    ]
    answers["recipient_needs"] = []
    answers["practice"]["challenge"] = "Ask, and ask again. " * 100
    return answers


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_card_of_each_example_is_one_side_in_letters_that_can_be_read(example: str) -> None:
    reader = printed(load(shipped("examples") / f"{example}.json").answers)
    assert len(reader.pages) == 1
    sizes: dict[float, str] = {}

    def seen(text: str, cm: list[float], tm: list[float], _: object, size: float) -> None:
        if text.strip():
            found = round(size * abs(tm[3]) * abs(cm[3]), 2)
            sizes[found] = sizes.get(found, "") + text

    reader.pages[0].extract_text(visitor_text=seen)
    small = folded(" ".join(text for size, text in sizes.items() if size < SMALLEST))
    assert len(small) < 200, "only the margins"
    assert len(sizes[max(sizes, key=lambda size: len(sizes[size]))]) > 500


@pytest.mark.parametrize("flows", [1, 25, 60])
def test_a_project_of_any_size_fits_and_says_where_the_rest_is(flows: int) -> None:
    answers = large(flows)
    assert len(printed(answers).pages) == 1
    said = words_of(answers)
    listed = len(set(re.findall(r"F-\d+ Flow number", said)))
    more = re.search(r"(\d+) more flows: see the agreement, Schedule 2\.", said)
    assert listed + (int(more[1]) if more else 0) == flows
    assert (more is None) is (flows == 1)
    assert ("Good cause for each flow is in the agreement, Schedule 15." in said) is (flows > 1)
    assert "Too long for a card: see the agreement, “Deciding to share or to withhold”." in said
    assert "Ask, and ask again." not in said, "whole or not at all"


def test_what_the_card_refers_to_is_there() -> None:
    titles = [(plan.kind, plan.title) for plan in documents()["agreement"].sections]
    schedules = [title for kind, title in titles if kind == "schedule"]
    assert schedules[2 - 1] == "Data flows"
    assert schedules[15 - 1] == "Sharing decisions"
    source = "".join(
        path.read_text(encoding="utf-8") for path in (shipped("templates") / "card").rglob("*.j2")
    )
    named = set(re.findall(r'"([A-Z][a-z ,]+)"\) \}\}', source)) | set(
        re.findall(r"agreement, “([^”{]+)”", source)
    )
    assert len(named) >= 4
    assert named <= {title for _, title in titles}


def test_the_card_says_who_what_on_which_ground_and_what_to_do() -> None:
    said = words_of(hub())
    for row in hub()["decisions"]:
        assert folded(row["good_cause"]) in said
    for path in ("accept_checks", "challenge", "recording", "named_adviser"):
        assert folded(hub()["practice"][path]) in said
    assert folded(hub()["transparency"]["sharing_without_consent"]) in said
    for row in hub()["data_flows"]:
        assert row["name"] in said
    assert "Children Act 1989 s.47" in said
    for check in ("Source", "Right", "Accuracy", "Need"):
        assert f"{check} :" in said
    assert "Brackenlow" not in said, "a processor is no partner"


def test_only_some_decisions_are_set_and_the_others_say_what_they_mean() -> None:
    answers = copy_of(hub())
    answers["decisions"] = []
    said = words_of(answers)
    for decision in ("Offer it", "Share it when asked", "Request it", "Accept it when offered",
                     "Do not offer it", "Withhold it when asked", "Do not request it",
                     "Refuse it when offered"):  # fmt: skip
        assert f"{decision}." in said
