"""Knows every kind of error that a user can be shown, and the exit codes of the command line."""

from __future__ import annotations

import enum
import re
from collections.abc import Sequence

from piagen.frozen import frozen

MOST_OF_A_PATH = 1_000
"""Of a path, a message shows so many characters."""


class ExitCode(enum.IntEnum):
    """What a command tells the shell when it ends."""

    DONE = 0
    FINDINGS = 1
    USAGE = 2
    UNUSABLE = 3
    FAULT = 4
    INTERRUPTED = 130


@frozen
class Problem:
    """One thing that must be mended, as data; `cli/output.py` words it.

    Attributes:
        at: the stored path, rows named by id: `data_flows[referral].method`.
        says: what to do about it, one sentence in the imperative.
        asked: the question that asks for it, where one does.
        line: the line in the file, counted from 1, where it is known.
        where: the same place in words: "Data flows › Referral", where it is known.
    """

    at: str
    says: str
    asked: str | None = None
    line: int | None = None
    where: str | None = None


_UNSHOWN = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def shown(text: str, most: int = 100) -> str:
    """Return text as a message may quote it: cut, and with nothing that a terminal would obey."""
    cut = text if len(text) <= most else f"{text[:most]}…"
    return _UNSHOWN.sub("\ufffd", cut)


class PiagenError(Exception):
    """Base of every error that a user can mend; `exit_code` is what the command ends with."""

    exit_code = ExitCode.UNUSABLE


class UnusableFile(PiagenError):
    """A file that cannot be read, or does not hold what it should."""

    def __init__(self, path: object, says: str, *, line: int | None = None) -> None:
        """Keep the place apart from the words, so that text and JSON can both show it."""
        self.path = str(path)
        self.says = says
        self.line = line
        place = shown(self.path, MOST_OF_A_PATH) + ("" if line is None else f":{line}")
        super().__init__(f"{place}: {says}")


class ShapeErrors(PiagenError):
    """Answers whose shape is wrong: every problem of one file, all at once."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Keep the problems in the order of the questionnaire."""
        self.problems = tuple(problems)
        super().__init__(f"{len(self.problems)} answers have the wrong shape")


class QuestionnaireErrors(PiagenError):
    """A questionnaire that does not hold together: every fault found, all at once."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Keep the faults in the order of the files."""
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{p.at}: {p.says}" for p in self.problems))


class TemplateFault(PiagenError):
    """A template that cannot be used: unknown name, bad manifest, refused address."""


class Unpublishable(PiagenError):
    """Answers of which no published edition can be made: `withheld` names what is not there."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Keep every place that is wrong."""
        self.problems = tuple(problems)
        told = "\n".join(f"  {shown(p.at, MOST_OF_A_PATH)}: {p.says}" for p in self.problems)
        super().__init__(f"No published edition can be made of these answers:\n{told}")


class Leaked(PiagenError):
    """A published edition in which something was found that is withheld; it is not written."""

    def __init__(self, document: str, places: Sequence[tuple[str, str]]) -> None:
        """Name what leaked and where in the file; never what it says.

        Args:
            document: the id of the document.
            places: the stored path of each withheld answer, and where in the file it was found.
        """
        self.document = document
        self.places = tuple(places)
        told = "\n".join(
            f"  {shown(at, MOST_OF_A_PATH)}: found in {where}" for at, where in self.places
        )
        super().__init__(
            f"The published edition of {document} is not written: text that is withheld was found "
            f"in it.\n{told}\nIf a template or a rule of your own prints it, correct that. If not, "
            "this is a fault in piagen."
        )


class CannotWrite(PiagenError):
    """A file or folder that cannot be written."""

    def __init__(self, path: object, says: str) -> None:
        """Name the place and what to do."""
        self.path = str(path)
        self.says = says
        super().__init__(f"{shown(self.path, MOST_OF_A_PATH)}: {says}")
