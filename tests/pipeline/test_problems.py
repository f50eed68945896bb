"""Every problem of a file is told at once: where it is, in words and by id, and what to do."""

from __future__ import annotations

import json

import pytest

from piagen.errors import ShapeErrors
from piagen.pipeline.answers import read_answers
from piagen.pipeline.assess import questionnaire as shipped_questionnaire

Q = shipped_questionnaire()


@pytest.fixture
def problems(tmp_path):
    def of(**answers):
        path = tmp_path / "answers.json"
        path.write_text(json.dumps({"piagen": "1", **answers}), encoding="utf-8")
        with pytest.raises(ShapeErrors) as error:
            read_answers(path, Q)
        return error.value.problems

    return of


def test_a_problem_in_a_section_names_the_question(problems):
    (problem,) = problems(assessment={"title": ""})
    assert problem.at == "assessment.title"
    assert problem.where == "About this assessment › Project title"
    assert problem.asked == "What is the project called?"
    assert problem.says.endswith(".")


def test_a_problem_in_a_row_names_it_by_id_and_in_words(problems):
    rows = [{"id": "a"}, {"id": "council", "name": "Northshire Council", "dpo_email": "nobody"}]
    (problem,) = problems(partners=rows)
    assert problem.at == "partners[council].dpo_email"
    assert problem.where == ("Organisations › Northshire Council › Data protection officer's email")
    assert "email address" in problem.says


def test_a_problem_in_a_later_column_names_its_question_too(problems):
    (problem,) = problems(partners=[{"id": "a", "name": "A", "address": 1}])
    assert problem.at == "partners[a].address"
    assert problem.asked == Q.by_path["partners[].address"].words.ask


def test_a_row_without_an_id_is_counted(problems):
    (problem,) = problems(purposes=[{"id": "p"}, {"purpose": "Help families early"}])
    assert problem.at == "purposes[row 2].id"
    assert "Help families early" in problem.where


def test_a_row_that_is_no_object_is_counted(problems):
    (problem,) = problems(purposes=[{"id": "p"}, "Help families early"])
    assert problem.at == "purposes[row 2]"
    assert "curly brackets" in problem.says


def test_a_problem_in_a_list_is_told_at_its_question(problems):
    (problem,) = problems(assessment={"nations": ["england", "cornwall"]})
    assert problem.at == "assessment.nations"
    assert "wales" in problem.says


def test_a_dangling_reference_names_what_it_points_at(problems):
    (problem,) = problems(partnership={"lead": "nobody"})
    assert problem.at == "partnership.lead"
    assert "“nobody” is the id of no row of partners" in problem.says
    several = [{"id": "f", "recipients": ["x", "y"]}]
    assert [p.at for p in problems(data_flows=several)] == ["data_flows[f].recipients"] * 2


def test_a_row_written_twice_is_told_at_the_second(problems):
    (problem,) = problems(partners=[{"id": "a", "name": "A"}, {"id": "a", "name": "B"}])
    assert problem.at == "partners[a].id"
    assert "B" in problem.where
    assert "stands twice" in problem.says


def test_a_link_row_written_twice_names_the_columns(problems):
    roles = [{"id": n, "partner": "a", "purpose": "p"} for n in ("1", "2")]
    (problem,) = problems(partners=[{"id": "a"}], purposes=[{"id": "p"}], roles=roles)
    assert problem.at.startswith("roles[2].")
    assert "organisation and purpose" in problem.says


@pytest.mark.parametrize(
    ("answers", "at", "meant"),
    [
        ({"assesment": {}}, "assesment", "assessment"),
        ({"Assessment": {}}, "Assessment", "assessment"),
        ({"open_question": []}, "open_question", "open_questions"),
        ({"assessment": {"titel": "T"}}, "assessment.titel", "title"),
        ({"partners": [{"id": "a", "nmae": "A"}]}, "partners[a].nmae", "name"),
        ({"partners": [{"id": "a", "designated_persn": "A"}]}, "partners[a].designated_persn",
         "designated_person"),
        ({"withheld": [{"path": "x", "reason": "r", "raeson": "r"}]}, "withheld[row 1].raeson",
         "reason"),
    ],
)  # fmt: skip
def test_an_unknown_key_is_told_with_the_one_that_was_probably_meant(problems, answers, at, meant):
    (problem,) = problems(**answers)
    assert problem.at == at
    assert problem.says.endswith(f"Did you mean “{meant}”?")


def test_a_key_like_no_other_is_told_what_to_do(problems):
    (problem,) = problems(zzzzzz=1)
    assert "Take it out, or mend its spelling" in problem.says


def test_a_derived_answer_is_not_a_key(problems):
    (problem,) = problems(partnership={"dpo": "Worked out, never written"})
    assert problem.at == "partnership.dpo"


def test_null_is_told_to_leave_the_key_out(problems):
    found = problems(assessment={"title": None}, partners=[{"id": "a", "name": None}], risks=None)
    assert [problem.at for problem in found] == ["assessment.title", "partners[a].name", "risks"]
    assert {problem.says for problem in found} == {
        "Leave this key out while there is no answer; do not write null."
    }


def test_a_control_character_is_named(problems):
    (problem,) = problems(partners=[{"id": "a", "name": "A\u0007"}])
    assert "U+0007" in problem.says


def test_all_problems_are_told_in_the_order_of_the_questionnaire(problems):
    found = problems(
        zzz={},
        agreement={"binding": "yes"},
        waivers=[{"rule": "R1"}],
        partners=[
            {"id": "a", "foi_body": 1, "name": ""},
            {"id": "b", "address": "", "kind": "guild"},
        ],
        purposes=[{"id": "p", "identifiability_needed": "?", "category": "?"}],
        screening={"route": "long", "personal_data": "maybe"},
        assessment={"version": "", "title": ""},
        roles=[{"id": "r", "partner": "c"}],
    )
    assert [problem.at for problem in found] == [
        "assessment.title",
        "assessment.version",
        "screening.personal_data",
        "screening.route",
        "purposes[p].category",
        "purposes[p].identifiability_needed",
        "partners[a].name",
        "partners[a].foi_body",
        "partners[b].kind",
        "partners[b].address",
        "roles[r].partner",
        "agreement.binding",
        "waivers[row 1].at",
        "waivers[row 1].reason",
        "waivers[row 1].owner",
        "waivers[row 1].until",
        "zzz",
    ]


def test_every_problem_has_a_place_and_a_remedy(problems):
    found = problems(
        assessment=[], partners={}, extra=None, risks=[[]], scope={"codes": "x", "power": 1}
    )
    assert len(found) == 6
    for problem in found:
        assert problem.at
        assert problem.where
        assert problem.says.endswith((".", "?"))
        assert "Invalid" not in problem.says
        assert "Not a valid" not in problem.says
