"""The whole questionnaire in a real terminal, cut off on the way, and what a terminal can do."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Sequence
from pathlib import Path

import pexpect
import pytest

from piagen.pipeline.assess import check, load, questionnaire
from piagen.pipeline.documents import needed, render
from piagen.resources import shipped
from tests.cli.child import run
from tests.cli.terminal import PROMPT, Person, ended, prompted, say, sit_down

ANSWERS: dict[str, str | Sequence[str]] = {
    "assessment.title": "Warm homes referrals",
    "assessment.dated": "2026-11-20",
    "assessment.starts_on": "1/2/2027",
    "screening.route": "1",
    "partners[].name": ["Eastmarsh Council", "Lantern Advice"],
    "partners[].short_name": ["the council", "Lantern"],
    "partners[].kind": ["county council", "charity"],
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
    assert needed(loaded)[:3] == ("pia", "protocol", "agreement")
    written = {document.document: document.content for document in render(loaded, format="html")}
    assert all("Warm homes referrals" in html.decode() for html in written.values())


def test_with_no_personal_data_the_wizard_asks_who_when_and_why_and_ends(tmp_path: Path) -> None:
    path = tmp_path / "counts.json"
    person = Person(path, {**ANSWERS, "screening.personal_data": "2"}, {})
    assert person.go_on()
    assert [at for at in person.asked if at.startswith("screening.")] == [
        "screening.personal_data",
        "screening.reason",
        "screening.screened_by",
        "screening.screened_on",
    ]
    assert {at.partition(".")[0] for at in person.asked} == {"assessment", "screening"}
    assert json.loads(path.read_text())["screening"]["outcome"] == "not_required"


def test_where_no_assessment_is_required_only_the_short_form_is_asked(tmp_path: Path) -> None:
    path = tmp_path / "short.json"
    no = {
        q.path: "2"
        for _, q in questionnaire().questions()
        if q.key == "screening" and q.type == "choice"
    }
    no |= {"screening.personal_data": "1", "screening.route": "short form"}
    person = Person(path, {**ANSWERS, **no, "screening.existing_assessment": ""}, MORE)
    assert person.go_on()
    asked = {at for at in person.asked if not at.startswith("screening.")}
    beyond = {at for at in asked if not questionnaire().by_path[at].reach.short_form}
    assert "The screening leads to:" in " ".join(person.said.split())
    assert json.loads(path.read_text())["screening"]["outcome"] != "required"
    assert {at.partition(".")[0].removesuffix("[]") for at in beyond} <= {"assessment"}


def test_answers_are_readable_by_their_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "homes.json"
    person = Person(path, ANSWERS, MORE)
    person.go_on(3)
    person.child.expect(PROMPT)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    person.kill()


def _optional(path: str) -> bool:
    return questionnaire().by_path[path].reach.optional


# -- pasted and long answers -----------------------------------------------------------------------


@pytest.fixture
def prose(tmp_path: Path) -> tuple[Path, pexpect.spawn[str]]:
    """A terminal at a question of several lines: the first gap of the early draft."""
    path = tmp_path / "draft.json"
    path.write_bytes((shipped("examples") / "early-draft.json").read_bytes())
    child = sit_down(path)
    prompted(child)
    assert "How will you know that it works?" in say(child, "the project")
    return path, child


def measures(path: Path) -> object:
    return json.loads(path.read_text())["project"].get("success_measures")


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        ("Fewer days missed.\n\nFamilies say so.\n", "Fewer days missed.\n\nFamilies say so."),
        ("One\x0btwo\u2028three\u2029four\n", "One\ntwo\nthree\nfour"),
        ("a\n" * 400, "\n".join("a" * 400)),
        ("  - One \n  - Two\n", "- One\n  - Two"),
    ],
)
def test_what_is_pasted_is_one_answer(
    prose: tuple[Path, pexpect.spawn[str]], pasted: str, kept: str
) -> None:
    path, child = prose
    child.send(pasted)
    after = prompted(child)
    assert measures(path) == kept
    assert "How will you know that it works?" not in after, "one answer, and the next question"
    child.sendline(":save")
    assert ended(child)[0] == 0
    again = json.loads(path.read_text())["project"]
    assert [again[leaf] for leaf in again].count(kept) == 1, "nothing spilled into the next one"


def test_a_paste_whose_last_line_has_no_end_waits_for_enter(
    prose: tuple[Path, pexpect.spawn[str]],
) -> None:
    path, child = prose
    child.send("Fewer days missed.\n\nFamilies say")
    with pytest.raises(pexpect.TIMEOUT):
        child.expect(PROMPT, timeout=0.6)
    child.sendline(" so.")
    prompted(child)
    assert measures(path) == "Fewer days missed.\n\nFamilies say so."
    child.kill(9)


def test_what_comes_before_a_question_is_no_answer_to_it(tmp_path: Path) -> None:
    """The rest of a slow paste arrives while the answer is being saved."""
    child = sit_down(tmp_path / "p.json")
    child.send("about\nA late line\nand half a li")
    first = prompted(child)
    assert "it is not taken: “about A late line and half a li”" in first
    assert "Will the project use information" in say(child, "")
    child.sendline(":save")
    assert "nothing was saved" in ended(child)[1]


def test_several_lines_are_no_answer_of_one_line(tmp_path: Path) -> None:
    path = tmp_path / "p.json"
    child = sit_down(path)
    prompted(child)
    say(child, "about")
    child.send("Warm homes\nCold homes\n")
    assert "More than one line came, and none was taken." in prompted(child)
    child.send("Warm\x0bhomes\n")
    prompted(child)
    assert json.loads(path.read_text())["assessment"]["title"] == "Warm homes"
    child.kill(9)


def test_a_line_that_the_terminal_cuts_off_is_refused(
    prose: tuple[Path, pexpect.spawn[str]],
) -> None:
    path, child = prose
    child.send("x" * 5000 + "\n")
    assert "too long for a terminal" in prompted(child)
    assert measures(path) is None
    child.kill(9)


# -- the editor ------------------------------------------------------------------------------------


def edited(path: Path, editor: str | None, folder: Path) -> str:
    """What is said after `:edit` at a question of several lines."""
    env = {"PATH": os.environ["PATH"], "VISUAL": "", "EDITOR": editor or ""}
    child = sit_down(path, env=env, folder=folder)
    prompted(child)
    say(child, "the project")
    said = say(child, ":edit")
    child.kill(9)
    return said


@pytest.mark.parametrize(
    ("script", "says", "kept"),
    [
        ("printf 'Long\\n\\nand\\013split' > $1", None, "Long\n\nand\nsplit"),
        ("true", "Nothing was saved in the editor", None),
        ("printf '' > $1; touch -d '+1 minute' $1", "Nothing was saved in the editor", None),
        ("printf '\\351' > $1; touch -d '+1 minute' $1", "did not save UTF-8", None),
        ("exit 3", "No editor could be started", None),
    ],
)
def test_long_answers_are_written_in_ones_own_editor(
    tmp_path: Path, script: str, says: str | None, kept: str | None
) -> None:
    path = tmp_path / "draft.json"
    path.write_bytes((shipped("examples") / "early-draft.json").read_bytes())
    editor = tmp_path / "editor"
    editor.write_text(f"#!/bin/sh\n{script}\n")
    editor.chmod(0o700)
    said = edited(path, str(editor), tmp_path)
    assert says is None or says in said
    assert measures(path) == kept


def test_without_an_editor_the_wizard_says_what_to_set(tmp_path: Path) -> None:
    path = tmp_path / "draft.json"
    path.write_bytes((shipped("examples") / "early-draft.json").read_bytes())
    assert "Set EDITOR" in edited(path, "/nowhere/editor", tmp_path)
    assert measures(path) is None


# -- however the terminal is, and however it ends --------------------------------------------------


@pytest.mark.parametrize(
    "env", [{"TERM": "dumb"}, {"NO_COLOR": "1"}, {"TERM": "xterm-256color"}, {"COLUMNS": "0"}]
)
def test_there_are_no_cursor_tricks_colours_or_boxes(tmp_path: Path, env: dict[str, str]) -> None:
    child = sit_down(tmp_path / "p.json", env=env, columns=60)
    said = prompted(child) + say(child, "", "1", "?", ":back", ":list")
    child.kill(9)
    assert "\x1b" not in said
    assert not {letter for letter in said if "\u2500" <= letter <= "\u259f"}


def test_sixty_columns_are_kept_to_and_a_resize_is_noticed(tmp_path: Path) -> None:
    child = sit_down(tmp_path / "p.json", columns=60)
    narrow = prompted(child) + say(child, "", "1")
    child.setwinsize(50, 90)
    wide = say(child, "1", "2")
    child.kill(9)
    assert max(map(len, narrow.splitlines())) <= 60
    assert 60 < max(map(len, wide.splitlines())) <= 90


@pytest.mark.parametrize(("key", "code"), [("\x03", 130), ("\x04", 130)])
def test_ctrl_c_and_ctrl_d_save_and_say_how_to_go_on(tmp_path: Path, key: str, code: int) -> None:
    path = tmp_path / "my project.json"
    child = sit_down(path)
    prompted(child)
    say(child, "", "1")
    child.send(key)
    status, said = ended(child)
    assert status == code
    assert f"piagen new '{path}'" in said
    assert json.loads(path.read_text())["screening"] == {"personal_data": "yes"}


@pytest.mark.parametrize("stdin", ["/dev/null", "closed"])
def test_without_input_nothing_is_asked_and_nothing_is_saved(tmp_path: Path, stdin: str) -> None:
    first = "import sys; sys.stdin = None" if stdin == "closed" else ""
    for args in (("new", "p.json"), ("new",)):
        done = run(*args, folder=tmp_path, first=first)
        assert done.returncode == 130
        assert "fault" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_pipe_gives_one_answer_a_line(tmp_path: Path) -> None:
    (tmp_path / "typed").write_text("about\nWarm homes\n\n:unsure who\nthe office\n:save\n")
    with (tmp_path / "typed").open() as stdin:
        done = run("new", "p.json", folder=tmp_path, stdin=stdin.fileno())
    assert done.returncode == 0, done.stderr
    answers = json.loads((tmp_path / "p.json").read_text())
    assert answers["assessment"] == {"title": "Warm homes"}
    assert answers["open_questions"][0]["note"] == "who"
    assert done.stdout == ""


def test_bytes_that_are_no_text_are_refused_and_never_kept(tmp_path: Path) -> None:
    (tmp_path / "typed").write_bytes(b"about\nCaf\xe9\nCaf\xc3\xa9\n:save\n")
    with (tmp_path / "typed").open() as stdin:
        done = run("new", "p.json", folder=tmp_path, stdin=stdin.fileno())
    assert "is not text that can be read here" in done.stderr
    assert json.loads((tmp_path / "p.json").read_text())["assessment"] == {"title": "Café"}


def test_an_endless_line_is_refused_in_little_memory(tmp_path: Path) -> None:
    (tmp_path / "typed").write_bytes(b"about\n" + b"x" * 30_000_000 + b"\nShort\n:save\n")
    with (tmp_path / "typed").open() as stdin:
        done = run("new", "p.json", folder=tmp_path, stdin=stdin.fileno())
    assert done.stderr.count("far too long for an answer") == 1
    assert json.loads((tmp_path / "p.json").read_text())["assessment"] == {"title": "Short"}


def test_a_hung_up_terminal_ends_it(tmp_path: Path) -> None:
    child = sit_down(tmp_path / "p.json")
    prompted(child)
    child.close(force=False)
    child.wait()
    assert not child.isalive()
