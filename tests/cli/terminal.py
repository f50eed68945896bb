"""A person at a terminal: reads the question on the screen and types an answer that fits."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
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
PROMPT = re.compile(r"(?m)(^> $|\(yes or no\): $|\(Enter to leave blank\): $)")


class Person:
    """Runs `piagen new`, and answers until it ends or has answered enough.

    Attributes:
        asked: the path of every question answered, in order.
    """

    def __init__(
        self, path: Path, answers: Mapping[str, str | list[str]], more: Mapping[str, int]
    ) -> None:
        self.path = path
        self.answers = {key: self._queue(value) for key, value in answers.items()}
        self.more = dict(more)
        self.asked: list[str] = []
        self._entries = list(_entries())
        self.child = self._start()

    def _start(self) -> pexpect.spawn[str]:
        child: pexpect.spawn[str] = pexpect.spawn(
            sys.executable,
            ["-m", "piagen", "new", str(self.path)],
            encoding="utf-8",
            timeout=20,
            dimensions=(50, 400),
            echo=False,
        )
        child.delaybeforesend = None
        return child

    def again(self) -> None:
        """Sit down at the terminal again."""
        self.child = self._start()

    def go_on(self, prompts: int = 10_000) -> bool:
        """Answer some prompts; True if the wizard ended by itself."""
        for _ in range(prompts):
            found = self.child.expect([PROMPT, pexpect.EOF])
            if found == 1:
                return True
            self.child.sendline(self._reply(str(self.child.before) + str(self.child.after)))
        return False

    def kill(self) -> None:
        """Pull the plug."""
        self.child.kill(9)
        self.child.wait()

    def _reply(self, screen: str) -> str:
        screen = screen.replace("\r\n", "\n")
        if screen.endswith("(Enter to leave blank): "):
            return "the project office"
        if found := re.search(r"Add another (.+)\? \(yes or no\): $", screen):
            left = self.more.get(found[1], 0)
            self.more[found[1]] = left - 1
            return "yes" if left > 0 else "no"
        if re.search(r"Add an? (.+)\? \(yes or no\): $", screen):
            return "no"
        question = self._question(screen)
        self.asked.append(question.path)
        queued = self.answers.get(question.path)
        return next(queued) if queued else BY_TYPE[question.type]

    def _question(self, screen: str) -> Question:
        """Find the question whose words stand lowest on the screen, however they are wrapped."""
        text = " ".join(screen.split())
        found = [
            (match.start(), match.end(), question)
            for pattern, question in self._entries
            for match in list(pattern.finditer(text))[-1:]
        ]
        if not found:
            raise AssertionError(f"no known question on the screen:\n{screen}")
        return max(found, key=lambda item: item[:2])[2]

    @staticmethod
    def _queue(value: str | list[str]) -> Iterator[str]:
        values = value if isinstance(value, list) else [value]
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
