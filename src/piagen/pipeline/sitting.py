"""Knows one go at an answers file: held by one person at a time, and saved after every answer."""

from __future__ import annotations

import fcntl
import getpass
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from piagen.config import Config
from piagen.domain.fact import rows
from piagen.domain.stored_path import StoredPath, parse
from piagen.errors import CannotWrite, PiagenError, Problem, ShapeErrors, UnusableFile, shown
from piagen.pipeline.answers import read_answers, write_answers
from piagen.pipeline.assess import questionnaire
from piagen.questionnaire.edit import in_order
from piagen.questionnaire.model import Questionnaire
from piagen.questionnaire.shape import FORMAT_VERSION

_MOST_OF_A_NAME = 100


class InUse(PiagenError):
    """An answers file that somebody else has open."""

    def __init__(self, path: Path, who: str) -> None:
        """Name the file and who has it."""
        self.path, self.who = path, who
        super().__init__(
            f"{shown(str(path), 1_000)}: {who} has this open now, so nothing can be changed. "
            "To read it, add --read."
        )


Wrong = dict[str, tuple[Any, Problem]]
"""What a file holds that cannot be taken as it is, by stored path: it, and what to do about it."""


@dataclass
class Sitting:
    """One go at a file.

    Attributes:
        path: the file.
        answers: what it holds, of the right shape, without what is wrong.
        wrong: what the file holds that cannot be taken as it is. It stays in the file until it is
            answered, or its row is removed.
        asked: the questionnaire that the answers answer.
    """

    path: Path
    answers: dict[str, Any] = field(default_factory=lambda: {"piagen": FORMAT_VERSION})
    wrong: Wrong = field(default_factory=dict)
    asked: Questionnaire = field(default_factory=questionnaire)
    _on_disk: bytes | None = None
    _held: int | None = None

    @classmethod
    def open(cls, path: Path, *, hold: bool = True, config: Config | None = None) -> Sitting:
        """Take a file up, or begin one that is not there.

        Args:
            path: the answers file.
            hold: whether nobody else may change it meanwhile.
            config: what the organisation has set: it may ask questions of its own.

        Raises:
            InUse: somebody else has it open.
            UnusableFile: it cannot be read, or is no answers file.
            ShapeErrors: something in it is wrong that is no answer to a question.
            UnusableOverlay: something in the organisation's overlay is wrong.
        """
        sitting = cls(path, asked=questionnaire(config))
        if hold:
            sitting._hold()
        try:
            if not hold or _is_there(path):
                content = _bytes(path)
                sitting.answers, sitting.wrong = _taken_up(path, content, sitting.asked)
                sitting._on_disk = content
        except BaseException:
            sitting.close()
            raise
        return sitting

    @property
    def is_new(self) -> bool:
        """Whether nothing was saved yet."""
        return self._on_disk is None

    def save(self, answers: Mapping[str, Any]) -> None:
        """Keep the answers here and in the file.

        Raises:
            CannotWrite: the disk does not let us, or the file was changed by something else.
        """
        if _bytes(self.path) != self._on_disk:
            says = (
                "this was changed by something else while you were answering. Nothing of it was "
                "overwritten; start again to go on from what it holds now."
            )
            raise CannotWrite(self.path, says)
        self.wrong = {at: wrong for at, wrong in self.wrong.items() if _has_row(answers, parse(at))}
        ordered = in_order(self.asked, answers)
        kept = ordered
        for at, (value, _) in self.wrong.items():
            kept = _put_back(kept, parse(at), value)
        write_answers(self.path, kept)
        self.answers, self._on_disk = ordered, _bytes(self.path)

    def close(self) -> None:
        """Let the next person have it."""
        if self._held is not None:
            with suppress(OSError):
                _marker(self.path).unlink()
            os.close(self._held)
            self._held = None

    def _hold(self) -> None:
        """Hold a hidden file beside it; the system lets go of it however this process ends."""
        while self._held is None:
            try:
                marker = _marker(self.path)
                marker.parent.mkdir(parents=True, exist_ok=True)
                handle = os.open(marker, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
            except OSError:
                return  # the folder cannot be written: saving says so
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                who = os.read(handle, _MOST_OF_A_NAME).decode("utf-8", "replace").strip()
                os.close(handle)
                raise InUse(self.path, shown(who) or "Somebody") from None
            except OSError:  # some network folders cannot hold a file; saving still compares
                os.close(handle)
                return
            if not os.fstat(handle).st_nlink:  # whoever had it let go, and took it away, meanwhile
                os.close(handle)
                continue
            os.truncate(handle, 0)
            os.write(handle, _who().encode()[:_MOST_OF_A_NAME])
            self._held = handle


def _marker(path: Path) -> Path:
    real = Path(os.path.realpath(path))
    return real.with_name(f".{real.name}.open")


def _who() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a user without a name, as in a container
        return "Somebody"


def _bytes(path: Path) -> bytes | None:
    """What a plain file holds; None where there is none, or it cannot be read."""
    try:
        return path.read_bytes() if path.is_file() else None
    except OSError:
        return None


def _taken_up(
    path: Path, content: bytes | None, asked: Questionnaire
) -> tuple[dict[str, Any], Wrong]:
    """Read the answers; what is wrong and is an answer is set aside, to be asked again.

    What links rows is only judged once all else is right, so there may be a second round.
    """
    wrong: Wrong = {}
    while True:
        try:
            return read_answers(path, asked, content), wrong
        except ShapeErrors as error:
            answers = json.loads((content or b"{}").decode("utf-8-sig"))
            for problem in error.problems:
                if problem.at in wrong:
                    continue
                place = _answer_at(problem)
                taken = None if place is None else _taken_out(answers, place)
                if taken is None:
                    raise
                answers, value = taken
                wrong[problem.at] = (value, problem)
            content = json.dumps(answers).encode()


def _answer_at(problem: Problem) -> StoredPath | None:
    """The place of a problem that is an answer to one question."""
    if problem.asked is None:
        return None
    try:
        return parse(problem.at)
    except ValueError:
        return None


def _taken_out(answers: dict[str, Any], place: StoredPath) -> tuple[dict[str, Any], object] | None:
    """Take one answer out; None if it cannot be told which one is meant."""
    leaf = str(place.leaf)
    part = answers.get(place.key)
    match part:
        case dict() if place.row is None and leaf in part:
            left = {name: cell for name, cell in part.items() if name != leaf}
            return {**answers, place.key: left}, part[leaf]
        case list():
            meant = [r for r in part if isinstance(r, dict) and r.get("id") == place.row]
            if len(meant) == 1 and leaf in meant[0]:
                left = {name: cell for name, cell in meant[0].items() if name != leaf}
                changed = [left if row is meant[0] else row for row in part]
                return {**answers, place.key: changed}, meant[0][leaf]
    return None


def _has_row(answers: Mapping[str, Any], place: StoredPath) -> bool:
    """Whether the row of a place is still there; a section always is."""
    return place.row is None or any(r["id"] == place.row for r in rows(answers, place.key))


def _put_back(answers: Mapping[str, Any], place: StoredPath, value: object) -> dict[str, Any]:
    if place.row is None:
        section = {**answers.get(place.key, {}), str(place.leaf): value}
        return {**answers, place.key: section}
    changed = [
        {**row, str(place.leaf): value} if row["id"] == place.row else row
        for row in rows(answers, place.key)
    ]
    return {**answers, place.key: changed}


def _is_there(path: Path) -> bool:
    """Tell whether the file is there; reading one that cannot be looked at says why."""
    try:
        path.stat()
    except FileNotFoundError:
        return False
    except OSError as error:
        says = f"this cannot be read ({error.strerror}). Check its name, and that you may read it."
        raise UnusableFile(path, says) from error
    return True
