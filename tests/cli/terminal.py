"""A person at a terminal: reads the question on the screen and types an answer that fits."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pexpect

from piagen.pipeline.assess import questionnaire
from piagen.questionnaire.model import Question

BY_TYPE = {
    "text": "A short answer",
    "prose": "An answer of one or two plain sentences. It is enough.",
    "boolean": "no",
    "choice": "1",
    "choices": "1",
    "number": "5",
    "date": "27 March 2027",
    "email": "team@council.example",
    "url": "https://council.example/notice",
    "reference": "1",
    "references": "1",
}
BY_PATH = {"risks[].slug": ""}
"""What is typed at a question that is put otherwise than its type says."""

PROMPT = r"(?m)^> $"
"""What stands on the screen when something may be typed."""

ELSEWHERE = {
    r"Press Enter to go on with “": "",
    r"Press Enter to end": "",
    r"Make the documents now\? \(yes or no\)": "no",
    r"Type look to go through": "",
    r"Change it now\?": "",
    r"Is the new one the same in all of this\?": "no",
    r"Add an? [^?]+\? \(yes or no\)": "no",
    r"What is not known\? \(Enter": "We have not asked yet",
    r"Who will find out\? \(Enter": "the project office",
    r"By when\? \(Enter": "",
    r"Type yes to confirm|Press Enter to confirm": "yes",
}
"""What is typed where no question of the questionnaire is asked, by what the screen ends with."""


def sit_down(
    *args: object,
    columns: int = 400,
    env: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> pexpect.spawn[str]:
    """Start `piagen new` in a terminal.

    Args:
        args: the command line after `piagen new`.
        columns: how wide the terminal is.
        env: more of the environment.
        folder: where to run it.
    """
    child: pexpect.spawn[str] = pexpect.spawn(
        sys.executable,
        ["-m", "piagen", "new", *map(str, args)],
        encoding="utf-8",
        timeout=20,
        dimensions=(50, columns),
        echo=False,
        env={**os.environ, **(env or {})},
        cwd=folder,
    )
    child.delaybeforesend = None
    return child


def prompted(child: pexpect.spawn[str]) -> str:
    """Wait for the prompt, and return what was said before it."""
    child.expect(PROMPT)
    return str(child.before).replace("\r\n", "\n")


def say(child: pexpect.spawn[str], *answers: str) -> str:
    """Type answers, each at a prompt; return what is said up to the prompt after the last."""
    said = ""
    for answer in answers:
        child.sendline(answer)
        said = prompted(child)
    return said


def ended(child: pexpect.spawn[str]) -> tuple[int | None, str]:
    """Wait until it ends; return its exit code and what it said last."""
    child.expect(pexpect.EOF)
    said = str(child.before).replace("\r\n", "\n")
    child.close()
    assert "Traceback" not in said
    return child.exitstatus, said


class Person:
    """Runs `piagen new`, and answers until it ends or has answered enough.

    Attributes:
        asked: the path of every question answered, in order.
        said: all that stood on the screen.
    """

    def __init__(
        self,
        path: Path,
        answers: Mapping[str, str | Sequence[str]],
        more: Mapping[str, int],
        *args: object,
    ) -> None:
        self.path = path
        self.answers = {key: self._queue(value) for key, value in answers.items()}
        self.more = dict(more)
        self.asked: list[str] = []
        self.said = ""
        self._args = args
        self._entries = list(_entries())
        self.child = sit_down(*args, path)

    def again(self) -> None:
        """Sit down at the terminal again."""
        self.child = sit_down(self.path)

    def go_on(self, prompts: int = 10_000) -> bool:
        """Answer some prompts; True if the wizard ended by itself."""
        for _ in range(prompts):
            found = self.child.expect([PROMPT, pexpect.EOF])
            screen = str(self.child.before).replace("\r\n", "\n")
            self.said += screen
            if found == 1:
                return True
            self.child.sendline(self._reply(screen))
        return False

    def kill(self) -> None:
        """Pull the plug."""
        self.child.kill(9)
        self.child.wait()

    def _reply(self, screen: str) -> str:
        text = " ".join(screen.split())
        last = text[-400:]
        if found := re.search(r"Type add for (?:another|an?) ([^,;]+)[,;]", last):
            left = self.more.get(found[1], 0)
            self.more[found[1]] = left - 1
            return "add" if left > 0 else ""
        if re.search(r"There is no \d+ in the list", last):
            return "1"  # a row that was to be there was lost with the plug
        for pattern, reply in ELSEWHERE.items():
            if re.search(pattern, last):
                return reply
        question = self._question(text)
        self.asked.append(question.path)
        queued = self.answers.get(question.path)
        return next(queued) if queued else BY_PATH.get(question.path, BY_TYPE[question.type])

    def _question(self, text: str) -> Question:
        """Find the question whose words stand lowest on the screen, however they are wrapped."""
        found = [
            (match.start(), match.end(), question)
            for pattern, question in self._entries
            for match in list(pattern.finditer(text))[-1:]
        ]
        if not found:
            raise AssertionError(f"no known question on the screen:\n{text}")
        return max(found, key=lambda item: item[:2])[2]

    @staticmethod
    def _queue(value: str | Sequence[str]) -> Iterator[str]:
        values = [value] if isinstance(value, str) else value
        yield from values
        while True:
            yield values[-1]


def _entries() -> Iterator[tuple[re.Pattern[str], Question]]:
    for _, question in questionnaire().questions():
        words = " ".join(question.words.ask.split())
        yield (
            re.compile(".{1,300}?".join(re.escape(part) for part in words.split("{row}"))),
            question,
        )
