"""Whatever documents are made from, a change of it is seen, and told by its name."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import pytest

import piagen
from piagen.config import Config
from piagen.pipeline.batch.fingerprint import Machine, fingerprint, machine
from piagen.pipeline.batch.options import Options
from piagen.pipeline.documents import template_roots
from piagen.resources import Kind, shipped

KINDS: tuple[Kind, ...] = ("templates", "questionnaires", "examples")
CHANGES = {
    "piagen/law/gateways.yaml": {"piagen"},
    "piagen/rules/registry.py": {"piagen"},
    "piagen/questionnaires/core/screening.yaml": {"piagen", "questionnaire"},  # as in a wheel
    "piagen/templates/pia/document.toml": {"templates"},
    "piagen/templates/_base/fonts/OFL.txt": {"templates", "fonts"},
    "own/templates/_base/screen.css": {"overlays"},
    "own-1.0.dist-info/entry_points.txt": {"rules"},
    "jinja2-99.0.dist-info/METADATA": {"libraries"},
}
"""A file, and the parts by whose names its change is told."""
LOOK = """
import json, sys
from dataclasses import asdict
from pathlib import Path
from piagen.pipeline.batch.fingerprint import machine
from piagen.pipeline.documents import template_roots
home, changes = Path(sys.argv[1]), json.loads(sys.argv[2])
def look():
    return asdict(machine.__wrapped__(template_roots(), (home / "own",)))
for name in changes:
    before, path = look(), home / name
    path.parent.mkdir(parents=True, exist_ok=True)
    was = path.read_bytes() if path.exists() else b""
    path.write_bytes(was + b"\\n" if was else changes[name].encode())
    after = look()
    print(json.dumps([part for part in before if before[part] != after[part]]))
"""
NEW = {
    "own-1.0.dist-info/entry_points.txt": "[piagen.rules]\nOWN = own\n",
    "jinja2-99.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: jinja2\nVersion: 99.0\n",
}


def test_a_change_of_any_file_is_told_by_the_name_of_what_it_belongs_to(tmp_path):
    shutil.copytree(Path(piagen.__file__).parent, tmp_path / "piagen")
    for kind in KINDS:
        shutil.copytree(shipped(kind), tmp_path / "piagen" / kind, dirs_exist_ok=True)
    given = {name: NEW.get(name, "new") for name in CHANGES}
    done = subprocess.run(
        [sys.executable, "-c", LOOK, str(tmp_path), json.dumps(given)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
    )
    assert done.returncode == 0, done.stderr
    found = [set(json.loads(line)) for line in done.stdout.splitlines()]
    assert dict(zip(CHANGES, found, strict=True)) == CHANGES


@pytest.mark.parametrize("part", [field.name for field in fields(Machine)])
def test_every_part_of_a_machine_makes_another_fingerprint(part):
    here = machine(template_roots(), ())
    there = replace(here, **{part: "another"})
    assert here.figures != there.figures
    assert here.unlike(there).startswith(f"{part} (here ")
    assert fingerprint(here, Options(), Config()) != fingerprint(there, Options(), Config())


@pytest.mark.parametrize(
    "other",
    [
        {"documents": ("pia",)},
        {"format": "html"},
        {"edition": "published"},
        {"language": "cy"},
        {"as_at": date(2027, 1, 1)},
    ],
    ids=lambda other: next(iter(other)),
)
def test_every_option_makes_another_fingerprint(other):
    here = machine(template_roots(), ())
    asked = [fingerprint(here, options, Config()) for options in (Options(), Options(**other))]
    assert asked[0] != asked[1]
    assert {field.name for field in fields(Options)} == {
        "documents",
        "format",
        "edition",
        "language",
        "as_at",
    }
