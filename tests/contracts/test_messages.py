"""templates/_locale/ is in step with templates, questionnaire and code; nothing is lost in it."""

from __future__ import annotations

import io
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from piagen.domain.days import MONTHS
from piagen.rendering.language.catalogue import FOLDER, entries, misfit
from piagen.resources import shipped

DOCS = Path(__file__).resolve().parents[2] / "docs"
KEPT = shipped("templates") / FOLDER
CATALOGUES = sorted(KEPT.glob("*.po"))
LEAST = 400
"""Messages that Welsh has been begun for."""


@pytest.fixture(scope="module")
def script():
    spec = spec_from_file_location("messages", DOCS / "messages.py")
    assert spec is not None
    assert spec.loader is not None
    made = module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


@pytest.fixture(scope="module")
def files(script):
    return script.files()


def test_there_are_no_other_files(files):
    assert sorted(path.name for path in KEPT.iterdir()) == sorted(files)
    assert [path.name for path in CATALOGUES] == ["cy.po"]


@pytest.mark.parametrize("name", ["piagen.pot", "cy.po"])
def test_a_file_is_in_step(files, name):
    kept, wanted = (KEPT / name).read_text(encoding="utf-8"), files[name]
    pairs = enumerate(zip(kept.splitlines(), wanted.splitlines(), strict=False), 1)
    line = next((n for n, (a, b) in pairs if a != b), "the end")
    assert kept == wanted, f"{name} is out of step from line {line}: run make messages"


def test_writing_again_changes_nothing(script, files, monkeypatch, tmp_path):
    folder = tmp_path / FOLDER
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    found = tuple(script.found())
    monkeypatch.setattr(script, "found", lambda: iter(found))
    monkeypatch.setattr(script, "TEMPLATES", tmp_path)
    assert script.files() == files


def test_the_messages_come_from_everywhere(script):
    found: dict[str, set[str]] = {}
    for message, place in script.found():
        found.setdefault(message, set()).add(place)
    for message, place in {
        "Still to be completed": "templates/_partials/gaps.html.j2",
        "Privacy impact assessment": "templates/pia/document.toml",
        "Project title": "questionnaires/core",
        "To be completed": "src/piagen/rendering/sheet.py",
        "no records are matched": "src/piagen/domain/facts.py",
        "November": "src/piagen/domain/days.py",
        "· page": "templates/_base/page.css",
    }.items():
        assert place in found[message], message
    assert len(found) > 2000


def test_no_message_is_a_name_a_path_or_markup(script):
    for message, place in script.found():
        assert message == message.strip(), place
        assert "{{" not in message, place
        assert "{%" not in message, place
        assert ".html.j2" not in message, place
        assert "[]" not in message, place


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.name)
def test_no_translation_loses_a_placeholder(path):
    wrong = [misfit(e.message, e.translation) for e in entries(path) if e.message and e.translation]
    assert [fault for fault in wrong if fault] == []
    assert len(wrong) >= LEAST


def test_welsh_has_every_month_and_most_titles(script):
    welsh = {e.message: e.translation for e in entries(KEPT / "cy.po")}
    assert [month for month in MONTHS if not welsh[month]] == []
    titles = {message for message, place in script.found() if place.endswith("document.toml")}
    short = {title for title in titles if len(title) < 70}
    lacking = sorted(title for title in short if not welsh[title])
    assert len(lacking) < len(short) / 10, lacking


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.name)
def test_the_catalogue_reads_as_babel_reads_it(path):
    read = read_po(io.StringIO(path.read_text(encoding="utf-8")))
    ours = {e.message: (e.translation, e.fuzzy) for e in entries(path) if e.message}
    assert ours == {m.id: (m.string or "", m.fuzzy) for m in read if m.id}
