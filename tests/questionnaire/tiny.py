"""Makes a questionnaire of a few lines, written as the shipped one is, for one test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from piagen.questionnaire.load import load_questionnaire
from piagen.questionnaire.model import Questionnaire

LISTS = {"test.colours": {"red": "Red", "no": "No colour"}}
"""What `options_from` may name in a tiny questionnaire."""


def tiny(folder: Path, sections: Sequence[Mapping[str, Any]]) -> Questionnaire:
    """Write the sections to a folder, with words where none are given, and load them."""
    write(folder, [_with_words(section) for section in sections])
    return load_questionnaire(folder, LISTS.__getitem__)


def write(folder: Path, sections: Sequence[Mapping[str, Any]]) -> None:
    """Write the sections to a folder as they are."""
    manifest: dict[str, Any] = {"id": "tiny", "version": "1", "title": "Tiny", "sections": []}
    for section in sections:
        manifest["sections"].append(section["id"])
        _dump(folder / f"{section['id']}.yaml", section)
    _dump(folder / "questionnaire.yaml", manifest)


def _dump(path: Path, content: object) -> None:
    path.write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True), encoding="utf-8")


def _with_words(section: Mapping[str, Any]) -> dict[str, Any]:
    questions = [_entry(entry) for entry in section["questions"]]
    return {"title": section["id"], "intro": "Tiny.", **section, "questions": questions}


def _entry(entry: Mapping[str, Any]) -> dict[str, Any]:
    made = {"id": entry["id"], "label": entry["id"], "ask": f"{entry['id']}?", **entry}
    if entry.get("type") == "table":
        made = {"row": "row", **made, "columns": [_entry(column) for column in entry["columns"]]}
    return made
