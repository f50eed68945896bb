"""The whole questionnaire in a real terminal, cut off on the way."""

from __future__ import annotations

import json
import stat
from pathlib import Path

from piagen.pipeline.assess import check, load
from piagen.pipeline.documents import needed, render
from piagen.resources import shipped
from tests.cli.terminal import Person

ANSWERS: dict[str, str | list[str]] = {
    "assessment.title": "Warm homes referrals",
    "assessment.dated": "2026-11-20",
    "assessment.starts_on": "1/2/2027",
    "screening.route": "1",
    "partners[].name": ["Eastmarsh Council", "Lantern Advice"],
    "partners[].short_name": ["the council", "Lantern"],
    "partners[].public_authority": ["yes", "no"],
    "roles[].partner": ["1", "2"],
    "partnership.protocol": "2",
    "documents.wanted": "1, 2, 3",
    "data_flows[].sender": "2",
    "data_flows[].recipients": "1",
    "data_items[].category": "1, 2",
    "data_items[].special_category": "7",
    "legal_basis[].partner": ["1", "2"],
    "assessment.owner": ":unsure",
}
MORE = {"partner": 1, "role": 1, "legal basis": 1}


def test_whole_questionnaire_in_a_terminal_survives_a_kill_and_gives_three_documents(
    tmp_path: Path,
) -> None:
    path = tmp_path / "homes.json"
    person = Person(path, ANSWERS, MORE)
    assert not person.go_on(60)
    person.kill()
    saved = json.loads(path.read_text())
    before = list(person.asked)

    person.again()
    assert person.go_on()

    answers = json.loads(path.read_text())
    for section, leaves in saved.items():
        if isinstance(leaves, dict):
            assert leaves.items() <= answers[section].items(), "nothing answered was lost"
    again = set(before[:-1]) & {p for p in person.asked[len(before) :] if "[]" not in p}
    assert not {p for p in again if not _optional(p)}, "an answered question was asked again"
    loaded = load(path)
    review = check(loaded)
    assert [gap.at for gap in review.missing] == ["assessment.owner"]
    assert needed(loaded) == ("pia", "protocol", "agreement")
    written = {document.document: document.content for document in render(loaded, format="html")}
    assert all("Warm homes referrals" in html.decode() for html in written.values())


def test_answers_are_readable_by_their_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "homes.json"
    person = Person(path, ANSWERS, MORE)
    person.go_on(2)
    person.child.expect("> ")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    person.kill()


def _optional(path: str) -> bool:
    from piagen.pipeline.assess import questionnaire

    return questionnaire().by_path[path].reach.optional


def _at_a_question_of_several_lines(folder: Path) -> tuple[Path, Person]:
    """The first gap of the early draft is prose."""
    path = folder / "draft.json"
    path.write_bytes((shipped("examples") / "early-draft.json").read_bytes())
    person = Person(path, {}, {})
    person.child.expect("(?m)^> $")
    return path, person


def test_lines_pasted_together_are_one_answer_or_none(tmp_path: Path) -> None:
    path, person = _at_a_question_of_several_lines(tmp_path)
    person.child.send("Fewer days are missed.\n\nFamilies say so.\n")
    person.child.expect("(?m)^> $")
    saved = json.loads(path.read_text())
    assert saved["project"]["success_measures"] == "Fewer days are missed.\n\nFamilies say so."
    person.child.send("yes\nno\n")
    person.child.expect("More than one line came")
    person.kill()
    assert json.loads(path.read_text()) == saved


def test_a_line_that_the_terminal_cuts_off_is_refused(tmp_path: Path) -> None:
    path, person = _at_a_question_of_several_lines(tmp_path)
    person.child.send("x" * 5000 + "\n")
    person.child.expect("too long for a terminal")
    person.kill()
    assert "success_measures" not in json.loads(path.read_text())["project"]
