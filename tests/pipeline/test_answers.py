"""Answers files are read strictly, with a remedy for every fault, and written whole."""

from __future__ import annotations

import json
import os
import stat
import tempfile
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from tests.strategies import documents

from piagen.errors import CannotWrite, ExitCode, ShapeErrors, UnusableFile
from piagen.pipeline.answers import MOST_BYTES, read_answers, write_answers
from piagen.pipeline.assess import questionnaire as shipped_questionnaire
from piagen.pipeline.strict import MOST_LEVELS
from piagen.pipeline.whole import write_whole

Q = shipped_questionnaire()
SMALL = {"piagen": "1", "assessment": {"title": "Café"}}


@pytest.fixture
def refused(tmp_path):
    """Write bytes to a file, try to read it, and return what was said."""

    def write_and_read(content):
        path = tmp_path / "answers.json"
        path.write_bytes(content)
        with pytest.raises(UnusableFile) as error:
            read_answers(path, Q)
        assert error.value.path == str(path)
        assert error.value.exit_code == ExitCode.UNUSABLE
        assert "Traceback" not in error.value.says
        assert error.value.says.endswith(".")
        return error.value

    return write_and_read


def read(tmp_path, content):
    path = tmp_path / "answers.json"
    path.write_bytes(content)
    return read_answers(path, Q)


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (b"", 1, "not JSON"),
        (b"   \n ", 2, "not JSON"),
        (b'{"piagen": "1",\n "assessment": {"title": "T"', 2, "not JSON"),
        (b'{"piagen": "1",\n "assessment": {"title": "T', 2, "not JSON"),
        (b'{"piagen": "1",\n}', None, "not JSON"),
        (b"{'piagen': '1'}", 1, "not JSON"),
        (b'{"piagen": "1"}\n{"piagen": "1"}', 2, "not JSON"),
        (b'{"piagen": "1"} // done', 1, "not JSON"),
        (b'{"piagen": "1", "project": {"summary": "a\nb"}}', 1, "not JSON"),
        (b'{"piagen": "1", "a": tru}', 1, "not JSON"),
    ],
)
def test_what_is_not_json_is_refused_with_its_line(refused, content, line, words):
    error = refused(content)
    assert words in error.says
    assert "column" in error.says or "empty" in error.says
    if line is not None:
        assert error.line == line
        assert str(error).startswith(f"{error.path}:{line}: ")


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(SMALL).encode("utf-16"),
        b'{"piagen": "1", "assessment": {"title": "Caf\xe9"}}',
        b"\xff\xfe{}",
        b'{"piagen": "\x80"}',
    ],
)
def test_what_is_not_utf_8_is_refused_with_the_byte_and_a_remedy(refused, content):
    says = refused(content).says
    assert "UTF-8" in says
    assert "byte" in says
    assert "Save it as UTF-8" in says


def test_a_byte_order_mark_is_accepted(tmp_path):
    assert read(tmp_path, b"\xef\xbb\xbf" + json.dumps(SMALL).encode()) == SMALL


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b'{"piagen": "1", "scope": {}, "scope": {}}', "scope"),
        (b'{"piagen": "1", "scope": {"area": "A", "area": "A"}}', "area"),
        (b'{"piagen": "1", "extra": {"a": [{"b": 1, "c": 2, "b": 1}]}}', "b"),
    ],
)
def test_a_key_written_twice_is_refused_by_name(refused, content, key):
    says = refused(content).says
    assert f"“{key}” is written twice" in says
    assert "Take one out" in says


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_refused_with_a_remedy(refused, word):
    says = refused(b'{"piagen": "1", "extra": {"a": ' + word.encode() + b"}}").says
    assert says.startswith(f"{word} is not a number.")
    assert "Write a whole number" in says


BRACKETS = [("[", "]"), ('{"a":', "}")]


def nested(depth, opens, closes):
    """An answers file of that many brackets within brackets."""
    within = depth - 2
    return f'{{"piagen": "1", "extra": {{"a": {opens * within}1{closes * within}}}}}'.encode()


@pytest.mark.parametrize(("opens", "closes"), BRACKETS)
@pytest.mark.parametrize("depth", [MOST_LEVELS + 1, 400, 600, 900, 5_000, 200_000])
def test_deep_nesting_is_refused_and_never_a_crash(refused, depth, opens, closes):
    assert "nested too deeply" in refused(nested(depth, opens, closes)).says


@pytest.mark.parametrize(("opens", "closes"), BRACKETS)
def test_what_an_organisation_adds_may_be_nested(tmp_path, opens, closes):
    found = read(tmp_path, nested(MOST_LEVELS, opens, closes))
    write_answers(tmp_path / "again.json", found)
    assert read_answers(tmp_path / "again.json", Q) == found


@pytest.mark.parametrize("digits", [5_000, 100_000])
def test_a_number_that_is_too_long_is_refused_in_our_words(refused, digits):
    says = refused(b'{"piagen": "1", "extra": {"a": ' + b"9" * digits + b"}}").says
    assert "digits" in says
    assert "sys." not in says
    assert "set_int_max_str_digits" not in says


@pytest.mark.parametrize("number", ["1e999", "-1e999"])
def test_a_number_that_is_too_large_to_hold_is_refused(refused, number):
    """It would be read as infinity, which no JSON file can hold."""
    assert "number" in refused(f'{{"piagen": "1", "extra": {{"a": {number}}}}}'.encode()).says


@pytest.mark.parametrize("content", [b"[]", b'"1"', b"1", b"null", b"true", b'[{"piagen": "1"}]'])
def test_anything_but_an_object_is_refused(refused, content):
    assert "one JSON object. Put the answers in curly brackets" in refused(content).says


@pytest.mark.parametrize("content", [b"{}", b'{"assessment": {}}', b'{"piagen": null}'])
def test_a_file_without_a_version_is_told_how_to_begin(refused, content):
    says = refused(content).says
    assert "no “piagen” key" in says
    assert '"piagen": "1"' in says


def test_a_newer_format_is_refused_by_name(refused):
    says = refused(b'{"piagen": "2", "something": "new"}').says
    assert "written by a newer piagen (format 2)" in says
    assert "Update this piagen" in says


@pytest.mark.parametrize("version", ['"0"', '"1.0"', "1", '""', "[]", "{}", "true", '"\u00b2"'])
def test_a_version_that_never_was_is_told_how_to_begin(refused, version):
    says = refused(f'{{"piagen": {version}, "something": "new"}}'.encode()).says
    assert '"piagen": "1"' in says
    assert "newer" not in says


def test_a_key_with_half_a_character_is_refused_and_can_be_told(refused):
    assert "cannot be printed" in refused(b'{"piagen": "1", "\\ud800": 1}').says


def test_a_folder_is_refused(tmp_path):
    with pytest.raises(UnusableFile, match="not a file"):
        read_answers(tmp_path, Q)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(UnusableFile, match="No such file") as error:
        read_answers(tmp_path / "nowhere.json", Q)
    assert error.value.path.endswith("nowhere.json")


def test_a_path_through_a_file_is_refused(tmp_path):
    (tmp_path / "file").write_text("{}")
    with pytest.raises(UnusableFile):
        read_answers(tmp_path / "file" / "answers.json", Q)


def test_a_fifo_is_refused_without_waiting_for_a_writer(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UnusableFile, match="not a file"):
        read_answers(tmp_path / "pipe", Q)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_refused(tmp_path):
    path = tmp_path / "secret.json"
    path.write_text("{}")
    path.chmod(0)
    with pytest.raises(UnusableFile, match="cannot be read"):
        read_answers(path, Q)


def test_a_file_that_is_too_large_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "large.json"
    with path.open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    with pytest.raises(UnusableFile, match="too large"):
        read_answers(path, Q)


def test_a_shape_error_names_every_problem(tmp_path):
    with pytest.raises(ShapeErrors) as error:
        read(tmp_path, b'{"piagen": "1", "assessment": {"titel": "T"}, "scope": {"area": 1}}')
    assert [problem.at for problem in error.value.problems] == ["assessment.titel", "scope.area"]


def test_text_is_normalised_wherever_it_stands(tmp_path):
    decomposed = unicodedata.normalize("NFD", "Café é")
    answers = {
        "piagen": "1",
        "assessment": {"title": decomposed},
        "partners": [{"id": "a", "name": decomposed}],
        "extra": {"a": [{"b": decomposed}]},
    }
    found = read(tmp_path, json.dumps(answers).encode())
    assert found["assessment"]["title"] == "Café é"
    assert found["partners"][0]["name"] == "Café é"
    assert found["extra"] == {"a": [{"b": "Café é"}]}


@given(documents(Q))
def test_what_is_saved_is_read_again_as_it_was(answers):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answers.json"
        write_answers(path, answers)
        found = read_answers(path, Q)
        assert found == answers
        assert json.dumps(found) == json.dumps(answers), "the order of keys and kinds of number too"


def test_the_examples_are_saved_as_they_are(tmp_path, example, example_names):
    for name in example_names:
        write_answers(tmp_path / name, example(name))
        assert read_answers(tmp_path / name, Q) == example(name)


def test_an_answers_file_is_for_its_owner_only(tmp_path):
    path = tmp_path / "answers.json"
    path.write_text("{}")
    path.chmod(0o644)
    write_answers(path, SMALL)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_an_answers_file_is_readable_text(tmp_path):
    path = tmp_path / "answers.json"
    write_answers(path, SMALL)
    text = path.read_text(encoding="utf-8")
    assert "Café" in text
    assert text.endswith("}\n")
    assert text.count("\n") > 3


def test_a_folder_is_made_for_it(tmp_path):
    path = tmp_path / "new" / "folder" / "answers.json"
    write_answers(path, SMALL)
    assert read_answers(path, Q) == SMALL


def test_nothing_else_is_left_in_the_folder(tmp_path):
    write_answers(tmp_path / "answers.json", SMALL)
    assert [path.name for path in tmp_path.iterdir()] == ["answers.json"]


@pytest.mark.parametrize("step", ["fsync", "chmod", "replace"])
def test_a_failure_leaves_the_old_file_and_no_other(tmp_path, monkeypatch, step):
    path = tmp_path / "answers.json"
    path.write_text("old")

    def fail(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(*((os, "fsync", fail) if step == "fsync" else (Path, step, fail)))
    with pytest.raises(CannotWrite, match="No space left") as error:
        write_answers(path, SMALL)
    assert error.value.path == str(path)
    assert "choose another folder" in error.value.says
    assert path.read_text() == "old"
    assert [each.name for each in tmp_path.iterdir()] == ["answers.json"]


def test_an_interruption_leaves_the_old_file_and_no_other(tmp_path, monkeypatch):
    path = tmp_path / "answers.json"
    path.write_text("old")

    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_answers(path, SMALL)
    assert path.read_text() == "old"
    assert [each.name for each in tmp_path.iterdir()] == ["answers.json"]


def test_the_file_is_whole_before_it_takes_its_place(tmp_path, monkeypatch):
    seen = []
    replace = Path.replace

    def watch(self, target):
        seen.append((self.read_bytes(), stat.S_IMODE(self.stat().st_mode), self.parent))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", watch)
    write_answers(tmp_path / "answers.json", SMALL)
    (content, mode, folder) = seen.pop()
    assert json.loads(content) == SMALL
    assert mode == 0o600
    assert folder == tmp_path


def test_a_place_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "full").write_text("")
    for place in (tmp_path / "file" / "answers.json", tmp_path / "folder"):
        with pytest.raises(CannotWrite) as error:
            write_answers(place, SMALL)
        assert error.value.path == str(place)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder"]


def test_a_document_may_be_read_by_all(tmp_path):
    write_whole(tmp_path / "pia.pdf", b"%PDF")
    assert stat.S_IMODE((tmp_path / "pia.pdf").stat().st_mode) == 0o644
