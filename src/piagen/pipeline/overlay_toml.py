"""Knows what `overlay.toml` may say, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from piagen.errors import Problem, shown
from piagen.questionnaire.patch import PREFIX
from piagen.rendering.house_files import font_faults, logo_faults
from piagen.rendering.house_style import FACES
from piagen.rendering.own_sections import line_of

_KEYS = ("name", "prefix", "logo", "logo_alt", "font")
_FAMILY = r"[A-Za-z][A-Za-z0-9 -]{0,60}"
_BUNDLED = ("source sans", "noto sans")


def manifest_faults(
    raw: Mapping[str, Any], text: str, templates: Path, at: str
) -> Iterator[Problem]:
    """Yield every fault of an overlay.toml and of the files that it names.

    Args:
        raw: what it says.
        text: the file as it is written, for the lines.
        templates: the template folder of the overlay, where logo and fonts are.
        at: what the file is called in messages.
    """
    for key, says in (*_faults(raw), *_logo(raw, templates), *_font(raw, templates)):
        lines = (line_of(text, word) for word in (key, f"[{key}]", "[font]"))
        yield Problem(at, f"{key}: {says}", line=next(filter(None, lines), None))


def _faults(raw: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key in raw:
        if key not in _KEYS:
            yield shown(key), f"this is not used here. There are {', '.join(_KEYS)}."
    if not _is_text(raw.get("name")):
        yield "name", 'say whose overlay this is: name = "Northshire Council".'
    prefix = raw.get("prefix")
    if "prefix" in raw and not (isinstance(prefix, str) and re.fullmatch(PREFIX, prefix)):
        yield "prefix", 'write 2 to 12 lower-case letters or figures: prefix = "nsh".'


def _logo(raw: Mapping[str, Any], templates: Path) -> Iterator[tuple[str, str]]:
    if "logo" not in raw:
        if "logo_alt" in raw:
            yield "logo_alt", "there is no logo that this could describe. Name one, or take it out."
        return
    if not _is_text(raw.get("logo_alt")):
        says = "say what the logo says to people who do not see it: logo_alt = "
        yield "logo" if "logo_alt" not in raw else "logo_alt", f'{says}"Northshire Council".'
    path, says = _file(raw["logo"], templates)
    for fault in logo_faults(path) if path else (says,):
        yield "logo", fault


def _font(raw: Mapping[str, Any], templates: Path) -> Iterator[tuple[str, str]]:
    font = raw.get("font", {})
    if not isinstance(font, dict):
        yield "font", "write a table: [font], with family, regular and bold below it."
        return
    if not font:
        return
    for key in font.keys() - {"family", *FACES}:
        yield shown(key), f"this is not used here. There are family, {', '.join(FACES)}."
    family = font.get("family")
    if not (isinstance(family, str) and re.fullmatch(_FAMILY, family)):
        yield "family", 'name it in letters, figures and spaces: family = "Northshire Sans".'
    elif family.lower().startswith(_BUNDLED):
        yield "family", "piagen brings a font of this name. Give yours another."
    for face in ("regular", "bold"):
        if face not in font:
            yield "family", f"name its {face} file: {face} = …, for text and for headings."
    for face in FACES:
        if face in font:
            path, says = _file(font[face], templates)
            for fault in font_faults(path) if path else (says,):
                yield face, fault


def _file(name: object, templates: Path) -> tuple[Path | None, str]:
    """A file of the template folder, or why it is none."""
    if not (isinstance(name, str) and re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._/-]*", name)):
        return None, "name a file in letters, figures, hyphens and dots."
    path = templates / name
    if not path.is_file():
        return None, f"there is no templates/{name} in the overlay."
    if ".." in Path(name).parts or not path.resolve().is_relative_to(templates.resolve()):
        return None, f"templates/{name} leads out of the overlay."
    return path, ""


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())
