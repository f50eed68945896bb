"""Knows an organisation's own look: logo and font from `overlay.toml`, and how they are printed."""

from __future__ import annotations

import base64
import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from markupsafe import Markup

from piagen.frozen import frozen
from piagen.rendering.addresses import KINDS, SCHEME
from piagen.rendering.rendition import Format

NAME = "overlay.toml"
FACES: Mapping[str, tuple[str, str]] = {
    "regular": ("normal", "400"),
    "italic": ("italic", "400"),
    "semibold": ("normal", "600"),
    "bold": ("normal", "700"),
}
"""Which files a font has: the style and the weight of each. Regular and bold must be there."""

_SLOT = """\
.logo { height: 20mm; margin: 0 0 6mm; }
.logo img { display: block; height: 20mm; max-width: 80mm; }
.logo img { object-fit: contain; object-position: 0 50%; }
.cover .logo + .kind { margin-top: 0; }
"""
"""The place of the logo: of one height, so that no cover runs over its page."""


@frozen
class Picture:
    """A logo: its file, and what it says to people who do not see it."""

    path: Path
    name: str
    alternative: str


@frozen
class Face:
    """One file of a font."""

    path: Path
    name: str
    style: str
    weight: str


@frozen
class HouseStyle:
    """What is an organisation's own; nothing of it need be there.

    Attributes:
        logo: for the cover of each document.
        family: the name of the body font.
        faces: its files.
    """

    logo: Picture | None = None
    family: str | None = None
    faces: tuple[Face, ...] = ()

    def slot(self, kind: Format) -> Markup:
        """Return the logo as HTML; empty where there is none."""
        if self.logo is None:
            return Markup()
        address = _address(self.logo.path, self.logo.name, kind)
        return Markup('<p class="logo"><img src="{}" alt="{}"></p>').format(
            address, self.logo.alternative
        )

    def css(self, kind: Format, fallback: str) -> Markup:
        """Return the style sheet that comes after all others; empty where there is nothing.

        Args:
            kind: the kind of file.
            fallback: the families for characters that the font does not have.
        """
        faces = "".join(
            f'@font-face {{ font-family: "{self.family}"; font-style: {face.style}; '
            f"font-weight: {face.weight}; src: url({_address(face.path, face.name, kind)}); }}\n"
            for face in self.faces
        )
        if self.family:
            stack = f'"{self.family}", {fallback}'
            faces += f"html {{ font-family: {stack}; }}\n@page {{ font-family: {stack}; }}\n"
        return Markup(faces + (_SLOT if self.logo else ""))  # noqa: S704 - checked when it was read


def house_style(roots: tuple[Path, ...]) -> HouseStyle:
    """Return the look that overlays give: the first logo and the first font.

    Args:
        roots: the template folders, first the one that wins; `overlay.toml` is beside each that is
            an organisation's own. They were found right: see `pipeline/overlay.py`.
    """
    styles = [_style(root, raw) for root in roots if (raw := _read(root.parent / NAME))]
    font = next((style for style in styles if style.family), HouseStyle())
    logo = next((style.logo for style in styles if style.logo), None)
    return HouseStyle(logo, font.family, font.faces)


def digest(roots: tuple[Path, ...]) -> str:
    """Return what differs when anything in an overlay does; empty without one."""
    own = [root.parent for root in roots if (root.parent / NAME).is_file()]
    if not own:
        return ""
    told = hashlib.sha256()
    for folder in own:
        for path in files_of(folder):
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            told.update(f"{path.relative_to(folder).as_posix()}\0{content}\n".encode())
        told.update(b"\n")
    return told.hexdigest()


def files_of(folder: Path) -> Iterator[Path]:
    """Yield the files of an overlay in the order of their names; hidden ones are none of it."""
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.is_file() and not any(part.startswith(".") for part in parts):
            yield path


def _style(root: Path, raw: Mapping[str, Any]) -> HouseStyle:
    font = raw.get("font", {})
    logo = None
    if "logo" in raw:
        logo = Picture(root / raw["logo"], raw["logo"], raw["logo_alt"])
    names = {face: font[face] for face in FACES if face in font}
    if "bold" in names:
        names.setdefault("semibold", names["bold"])
    faces = (Face(root / names[face], names[face], *FACES[face]) for face in FACES if face in names)
    return HouseStyle(logo, font.get("family"), tuple(faces))


def _read(path: Path) -> Mapping[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def _address(path: Path, name: str, kind: Format) -> str:
    """A PDF loads from the template folders; every other kind of file carries what it needs."""
    if kind == "pdf":
        return f"{SCHEME}{name}"
    content = base64.b64encode(path.read_bytes()).decode("ascii")
    return f"data:{KINDS[path.suffix]};base64,{content}"
