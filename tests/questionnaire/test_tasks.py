"""The task list: how far each section is, and what it waits for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.questionnaire.tiny import tiny

from piagen.pipeline.assess import questionnaire as shipped
from piagen.questionnaire.missing import open_questions, unconfirmed
from piagen.questionnaire.model import Questionnaire
from piagen.questionnaire.survey import survey
from piagen.questionnaire.tasks import Status, Task, tasks


@pytest.fixture
def asked(tmp_path: Path) -> Questionnaire:
    columns = [{"id": "name", "type": "text"}, {"id": "note", "type": "text", "optional": True}]
    return tiny(
        tmp_path,
        [
            {
                "id": "first",
                "questions": [
                    {"id": "first.pets", "type": "boolean"},
                    {"id": "first.more", "type": "text", "optional": True},
                ],
            },
            {
                "id": "second",
                "questions": [
                    {"id": "animals[]", "type": "table", "columns": columns},
                ],
            },
            {
                "id": "third",
                "questions": [
                    {
                        "id": "third.shelter",
                        "type": "text",
                        "when": {"is": ["first.pets", True]},
                    }
                ],
            },
            {"id": "last", "questions": [{"id": "last.a", "type": "text", "optional": True}]},
        ],
    )


def told(asked: Questionnaire, answers: dict[str, Any]) -> dict[str, Task]:
    found = tasks(asked, survey(asked, answers), open_questions(answers), unconfirmed(answers))
    return {task.section.id: task for task in found}


def test_nothing_is_started_and_what_depends_on_an_answer_cannot_start(asked) -> None:
    found = told(asked, {})
    assert [task.status for task in found.values()] == [
        Status.NOT_STARTED,
        Status.NOT_STARTED,
        Status.CANNOT_START,
        Status.NOT_STARTED,
    ]
    assert found["third"].waits_for == found["first"].section
    assert (found["first"].answered, found["first"].applies) == (0, 1)


def test_what_was_answered_decides_whether_a_section_is_needed(asked) -> None:
    assert told(asked, {"first": {"pets": False}})["third"].status is Status.NOT_NEEDED
    assert told(asked, {"first": {"pets": False}})["third"].waits_for is None
    assert told(asked, {"first": {"pets": True}})["third"].status is Status.NOT_STARTED


def test_optional_answers_never_keep_a_section_from_being_complete(asked) -> None:
    assert told(asked, {"first": {"pets": False}})["first"].status is Status.COMPLETE
    assert told(asked, {"last": {"a": "x"}})["last"].status is Status.COMPLETE


def test_rows_count_with_their_required_answers(asked) -> None:
    found = told(asked, {"animals": [{"id": "a", "name": "A"}, {"id": "b"}]})["second"]
    assert (found.status, found.answered, found.applies) == (Status.IN_PROGRESS, 2, 3)
    done = told(asked, {"animals": [{"id": "a", "name": "A"}]})["second"]
    assert done.status is Status.COMPLETE


def test_an_open_question_is_counted_and_the_section_goes_on(asked) -> None:
    found = told(asked, {"open_questions": [{"at": "first.pets"}]})["first"]
    assert (found.status, found.open, found.answered) == (Status.IN_PROGRESS, 1, 0)


@pytest.mark.parametrize("at", ["first.pets", "first"])
def test_what_nobody_confirmed_keeps_a_section_from_being_complete(asked, at: str) -> None:
    found = told(asked, {"first": {"pets": True}, "unconfirmed": [{"path": at}]})["first"]
    assert (found.status, found.answered, found.unconfirmed) == (Status.IN_PROGRESS, 0, 1)


def test_an_optional_answer_in_doubt_keeps_it_from_being_complete_too(asked) -> None:
    doubted = {"first": {"pets": True, "more": "x"}, "unconfirmed": [{"path": "first.more"}]}
    found = told(asked, doubted)["first"]
    assert (found.status, found.answered, found.unconfirmed) == (Status.IN_PROGRESS, 1, 1)


def test_what_waits_to_be_confirmed_is_never_more_than_what_applies(asked) -> None:
    doubted = {"first": {"pets": True, "more": "x"}, "unconfirmed": [{"path": "first"}]}
    found = told(asked, doubted)["first"]
    assert (found.answered, found.unconfirmed, found.applies) == (0, 2, 2)


def test_a_row_in_doubt_is_counted_answer_by_answer(asked) -> None:
    animals = [{"id": "a", "name": "A", "note": "N"}, {"id": "b", "name": "B"}]
    doubted = {"animals": animals, "unconfirmed": [{"path": "animals[a]"}]}
    found = told(asked, doubted)["second"]
    assert (found.status, found.unconfirmed) == (Status.IN_PROGRESS, 2)


def test_every_section_of_a_finished_project_is_complete_or_not_needed(example) -> None:
    answers = example("safeguarding-hub")
    found = told(shipped(), answers)
    assert {task.status for task in found.values()} <= {
        Status.COMPLETE,
        Status.NOT_NEEDED,
        Status.NOT_STARTED,
    }
    unasked = [task for task in found.values() if task.status is Status.NOT_STARTED]
    assert not any(task.applies for task in unasked), "only sections of optional questions"


def test_a_new_project_begins_with_every_section_told(example) -> None:
    found = told(shipped(), {"piagen": "1"})
    assert [*found] == [section.id for section in shipped().sections]
    assert all(t.waits_for for t in found.values() if t.status is Status.CANNOT_START)
