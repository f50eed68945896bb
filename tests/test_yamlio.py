"""YAML is read strictly: text, lists and mappings, each key once; nothing is worked out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from piagen import yamlio
from piagen.errors import UnusableFile
from piagen.resources import shipped


@pytest.fixture(params=[yaml.CSafeLoader, yaml.SafeLoader], ids=["C", "Python"])
def parser(request, monkeypatch):
    """Either parser of the library: libyaml is not everywhere."""
    monkeypatch.setattr(yamlio, "_Parser", request.param)
    return request.param


def read(folder: Path, text: str) -> Any:
    file = folder / "file.yaml"
    file.write_text(text, encoding="utf-8")
    return yamlio.load_yaml(file)


def test_every_scalar_stays_as_it_is_written(tmp_path, parser):
    text = "on: 2027-03-27\nversion: 1.10\nno: no\nid: 012\nnothing:\nword: ~\nbytes: !!binary x"
    assert read(tmp_path, text) == {
        "on": "2027-03-27",
        "version": "1.10",
        "no": "no",
        "id": "012",
        "nothing": "",
        "word": "~",
        "bytes": "x",
    }


def test_a_mapping_remembers_its_line(tmp_path, parser):
    found = read(tmp_path, "# first\na:\n  - b: 1\n    c: { d: 2 }\n")
    assert [found.line, found["a"][0].line, found["a"][0]["c"].line] == [2, 3, 4]


@pytest.mark.parametrize("text", ["", "# nothing\n"])
def test_an_empty_file_is_nothing(tmp_path, parser, text):
    assert read(tmp_path, text) is None


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("a: 1\nb:\n  c: 2\n  c: 3\n", 4, "“c” is written twice (first on line 3)"),
        ("a: 1\n---\nb: 2\n", 2, "a second document begins here"),
        ("a: &one [1]\nb: *one\n", 2, "only mappings, lists and text"),
        ("a: &all [*all]\n", 1, "only mappings, lists and text"),
        ("? [a, b]\n: c\n", 1, "a key should be text"),
        ("a: [1\n", 2, "this is not YAML"),
    ],
    ids=["twice", "two documents", "alias", "endless", "key", "broken"],
)
def test_what_is_not_used_here_is_refused_with_its_line(tmp_path, parser, text, line, says):
    with pytest.raises(UnusableFile) as caught:
        read(tmp_path, text)
    assert says in str(caught.value)
    assert caught.value.line == line


def test_what_cannot_be_read_is_refused(tmp_path, parser):
    with pytest.raises(UnusableFile, match="this cannot be read"):
        read(tmp_path, "a: \x01")
    with pytest.raises(UnusableFile, match="this cannot be read"):
        yamlio.load_yaml(tmp_path / "none.yaml")


def test_both_parsers_read_the_questionnaire_alike(monkeypatch):
    files = sorted((shipped("questionnaires") / "core").glob("*.yaml"))
    assert files
    in_c = [yamlio.load_yaml(file) for file in files]
    monkeypatch.setattr(yamlio, "_Parser", yaml.SafeLoader)
    assert [yamlio.load_yaml(file) for file in files] == in_c
