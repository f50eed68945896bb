"""Knows an organisation's overlay: what is in its folder, and everything that is wrong with it.

northshire/
  overlay.toml          name, prefix, logo, font
  templates/            files and blocks in place of ours, logo, fonts, _base/tokens.css
  questionnaires/core/  patches: questions of its own, and stricter ones
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from piagen.config import Config
from piagen.errors import MOST_OF_A_PATH, PiagenError, Problem, UnusableFile, shown
from piagen.frozen import frozen
from piagen.law.catalogue import load_catalogue
from piagen.pipeline.overlay_toml import manifest_faults
from piagen.questionnaire.lint import lint
from piagen.questionnaire.load import core
from piagen.questionnaire.model import Questionnaire
from piagen.questionnaire.patch import patched
from piagen.rendering.house_style import NAME
from piagen.rendering.own_sections import section_faults, templates_of, toml_line
from piagen.rendering.own_templates import template_faults
from piagen.rendering.own_tokens import token_faults
from piagen.resources import shipped

LAYER = "piagen"
"""What the folder that ships is called among the layers."""

_MOST_BYTES = 100_000


class UnusableOverlay(PiagenError):
    """An overlay that cannot be used: every fault found, all at once."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        """Keep the faults in the order of the files."""
        self.problems = problems
        count = "1 fault" if len(problems) == 1 else f"{len(problems):,} faults"
        lines = "".join(f"\n  {_told(problem)}" for problem in problems)
        super().__init__(f"The overlay cannot be used: {count}.{lines}")


class Layered(NamedTuple):
    """A file of the templates, and the layers that have it; the first is the one that is used."""

    name: str
    layers: tuple[str, ...]


@frozen
class Overlay:
    """One folder of an organisation's own.

    Attributes:
        folder: where it is.
        name: whose it is, as messages and lists call it.
        prefix: what its own questions and options begin with; None if it has none.
    """

    folder: Path
    name: str
    prefix: str | None = None

    @property
    def templates(self) -> Path:
        """Its templates; the folder need not be there."""
        return self.folder / "templates"

    @property
    def patches(self) -> Path:
        """Its patches of the questionnaire; the folder need not be there."""
        return self.folder / "questionnaires" / "core"


def overlays(config: Config | None) -> tuple[Overlay, ...]:
    """Return the overlays that an organisation has named, first the one that wins.

    Raises:
        UnusableOverlay: something in one of them is wrong; all faults are named.
    """
    return _whole(config.overlays)[0] if config and config.overlays else ()


def questionnaire_of(config: Config) -> Questionnaire:
    """Return what is asked: the questionnaire that ships, with the organisation's patches.

    Raises:
        UnusableOverlay: something in an overlay is wrong.
    """
    return _whole(config.overlays)[1]


def layers(config: Config | None = None) -> Iterator[Layered]:
    """Yield each file of the template folders, in the order of their names.

    Raises:
        UnusableOverlay: something in an overlay is wrong.
    """
    names: dict[str, list[str]] = {}
    roots = [(overlay.name, overlay.templates) for overlay in overlays(config)]
    for layer, root in (*roots, (LAYER, shipped("templates"))):
        for path in sorted(root.rglob("*")):
            if path.is_file() and not path.name.startswith("."):
                names.setdefault(path.relative_to(root).as_posix(), []).append(layer)
    for name in sorted(names):
        yield Layered(name, tuple(names[name]))


@cache
def _whole(folders: tuple[Path, ...]) -> tuple[tuple[Overlay, ...], Questionnaire]:
    problems: list[Problem] = []
    found = []
    for folder in folders:
        raw, text, faults = _manifest(folder)
        problems += faults
        name, prefix = raw.get("name"), raw.get("prefix")
        overlay = Overlay(
            folder,
            name if isinstance(name, str) else folder.name,
            prefix if isinstance(prefix, str) else None,
        )
        found.append(overlay)
        if not faults:
            at = _place(folder, NAME)
            problems += manifest_faults(raw, text, overlay.templates, at)
    asked = core(load_catalogue().options)
    for overlay in reversed(found):
        place = _place(overlay.folder, "questionnaires/core")
        options = load_catalogue().options
        asked, faults = patched(asked, overlay.patches, overlay.prefix, options, place)
        problems += faults
        if not faults:
            problems += _lint(asked, place)
    roots = (*(overlay.templates for overlay in found), shipped("templates"))
    for overlay in found:
        problems += _of_templates(overlay, roots)
    if problems:
        raise UnusableOverlay(tuple(problems))
    return tuple(found), asked


def _of_templates(overlay: Overlay, roots: tuple[Path, ...]) -> Iterator[Problem]:
    root, place = overlay.templates, _place(overlay.folder, "templates")
    yield from token_faults(root, roots, place)
    documents = {
        path.parent.name: tomllib.loads(path.read_text(encoding="utf-8"))
        for path in sorted(shipped("templates").glob("*/document.toml"))
    }
    yield from section_faults(root, roots, documents, place)
    yield from template_faults(root, roots, templates_of(root), place)


def _manifest(folder: Path) -> tuple[Mapping[str, Any], str, tuple[Problem, ...]]:
    """What overlay.toml says, its text, and why it cannot be read."""
    path, at = folder / NAME, _place(folder, NAME)
    if not path.is_file():
        says = f'there is no {NAME} in this folder. Write one: name = "Northshire Council".'
        return {}, "", (Problem(at, says),)
    text = ""
    try:
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
        if len(content) > _MOST_BYTES:
            return {}, "", (Problem(at, "this is larger than 100 kB."),)
        text = content.decode("utf-8")
        return tomllib.loads(text), text, ()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        says = f"this is not TOML: {shown(str(error), 200)}."
        return {}, "", (Problem(at, says, line=toml_line(error, text)),)


def _lint(asked: Questionnaire, place: str) -> Iterator[Problem]:
    """Yield what a patched questionnaire no longer holds to: order, options, references, law."""
    for problem in lint(asked, load_catalogue().cite):
        file, _, says = problem.at.partition(" ")
        name, _, line = file.rpartition(":")
        number = int(line) if line.isdigit() else None
        yield Problem(name or place, f"{says}: {problem.says}", line=number)


def _place(folder: Path, name: str) -> str:
    return f"{folder.name}/{name}"


def _told(problem: Problem) -> str:
    file, parted, path = problem.at.partition(": ")
    line = "" if problem.line is None else f":{problem.line}"
    at = f"{shown(file, MOST_OF_A_PATH)}{line}"
    return f"{at}: {shown(path)}: {problem.says}" if parted else f"{at}: {problem.says}"


def eject(config: Config, name: str) -> Path:
    """Copy one file that ships into the first overlay, to start from; return where it is.

    Raises:
        UnusableFile: there is no such file, no overlay, or the overlay has one of that name.
    """
    if not config.overlays:
        says = 'name an overlay in piagen.toml first: overlays = ["northshire"].'
        raise UnusableFile(config.path or "piagen.toml", says)
    if name not in [file.name for file in layers()]:
        says = "piagen has no template of this name; piagen templates list has those there are."
        raise UnusableFile(shown(name), says)
    target = config.overlays[0] / "templates" / name
    content = (shipped("templates") / name).read_bytes()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as file:
            file.write(content)
    except FileExistsError as error:
        says = "this is there already, and is not overwritten. Move it away first."
        raise UnusableFile(target, says) from error
    except OSError as error:
        raise UnusableFile(target, f"this cannot be written ({error.strerror}).") from error
    return target
