"""Knows `piagen.toml`: what an organisation sets once for all its projects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from pathlib import Path
from typing import Any

from piagen.errors import PiagenError, shown
from piagen.frozen import frozen

NAME = "piagen.toml"
MOST_BYTES = 1_000_000


@frozen
class Move:
    """A rule whose severity an organisation has changed, and why."""

    rule: str
    severity: str
    reason: str


@frozen
class Config:
    """What the file sets; without a file, nothing.

    Attributes:
        path: the file; None without one.
        regulator: the regulator's name as documents print it; None for the catalogue's.
        moves: rules whose severity is changed.
        overlays: folders of an organisation's own, first the one that wins; see
            `pipeline/overlay.py`.
        profile: what the file holds under `[profile]`, not yet checked: see `pipeline/profile.py`.
    """

    path: Path | None = None
    regulator: str | None = None
    moves: tuple[Move, ...] = field(default=())
    overlays: tuple[Path, ...] = field(default=())
    profile: Mapping[str, Any] = field(default_factory=dict)


class UnusableConfig(PiagenError):
    """A `piagen.toml` that cannot be used: every fault found, all at once."""

    def __init__(self, path: Path, faults: tuple[str, ...]) -> None:
        """Keep the faults in the order of the file."""
        self.path, self.faults = path, faults
        lines = "".join(f"\n  {fault}" for fault in faults)
        super().__init__(f"{shown(str(path), 1_000)} cannot be used:{lines}")


def find(start: Path) -> Path | None:
    """Return the nearest `piagen.toml`, in the folder or above it."""
    for folder in (start, *start.parents):
        if (folder / NAME).is_file():
            return folder / NAME
    return None


def read(path: Path) -> Config:
    """Read one file.

    Raises:
        UnusableConfig: it cannot be read, is no TOML, or sets what is not known.
    """
    import tomllib  # for those who have a piagen.toml

    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise UnusableConfig(path, ("It is larger than 1 MB; this is not a piagen.toml.",))
        raw = tomllib.loads(content.decode("utf-8"))
    except OSError as error:
        says = f"It cannot be read: {error.strerror}."
        raise UnusableConfig(path, (says,)) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UnusableConfig(path, (f"It is not TOML: {shown(str(error), 200)}.",)) from error
    faults = (*_faults(raw), *_faults_of_overlays(path, raw.get("overlays", [])))
    if faults:
        raise UnusableConfig(path, faults)
    moves = tuple(
        Move(id_, rule["severity"], rule["reason"]) for id_, rule in raw.get("rules", {}).items()
    )
    return Config(
        path=path,
        regulator=raw.get("regulator"),
        moves=moves,
        overlays=tuple(path.parent / name for name in raw.get("overlays", [])),
        profile=raw.get("profile", {}),
    )


_SEVERITIES = ("error", "warning", "advice")


def _faults(raw: Mapping[str, Any]) -> Iterator[str]:
    for key, value in raw.items():
        match key, value:
            case "regulator", str() if value.strip():
                pass
            case "regulator", _:
                yield "regulator: give the name as text, or leave it out."
            case "rules", dict():
                for id_, rule in value.items():
                    yield from _faults_of_rule(id_, rule)
            case "rules", _:
                yield "rules: write one table for each rule: [rules.DF001]."
            case "overlays", _:
                pass  # they are looked for beside the file: `_faults_of_overlays`
            case "profile", dict():
                pass
            case "profile", _:
                yield "profile: write a table for each section: [profile.security]."
            case _:
                yield f"{shown(key)}: this is not a setting. Take it out, or mend its spelling."


def _faults_of_rule(id_: str, rule: object) -> Iterator[str]:
    at = f"rules.{shown(id_)}"
    if not isinstance(rule, dict):
        yield f"{at}: give a severity and a reason."
        return
    if rule.get("severity") not in _SEVERITIES:
        yield f"{at}.severity: choose one of {', '.join(_SEVERITIES)}."
    if not (isinstance(rule.get("reason"), str) and rule["reason"].strip()):
        yield f"{at}.reason: say why you change it; the documents print that."
    for key in rule.keys() - {"severity", "reason"}:
        yield f"{at}.{shown(key)}: this is not a setting. Take it out, or mend its spelling."


def _faults_of_overlays(path: Path, written: object) -> Iterator[str]:
    match written:
        case list() if all(isinstance(name, str) and name.strip() for name in written):
            for name in dict.fromkeys(written):
                if written.count(name) > 1:
                    yield f"overlays: “{shown(name)}” is named twice. Name it once."
                if not _is_folder(path.parent / name):
                    yield f"overlays: there is no folder “{shown(name)}” beside this file."
        case _:
            yield 'overlays: write a list of folders: overlays = ["northshire"].'


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):  # a name that is too long, or no name of a file
        return False
