"""Takes a project from starter and profile to three drafts in a real terminal, and counts prompts.

A project manager confirms what was prefilled, types what only the project knows, and leaves for
later what nobody knows yet. With a path, the whole sitting is written there as a transcript.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pexpect

from piagen.pipeline.assess import questionnaire
from piagen.questionnaire.model import Question

PIAGEN = [sys.executable, "-m", "piagen"]
STARTER, FILE = "homelessness-duty-to-refer", "referrals.json"
MOST_TYPED = 40
"""Prompts of the new project that may need typing."""
MOST_PROMPTS = 600

PROFILE: Mapping[str, str | list[str]] = {
    "partners[].name": "Northshire District Council",
    "partners[].short_name": "the council",
    "partners[].kind": [":search district", "1"],
    "partners[].public_authority": "yes",
    "partners[].foi_body": "yes",
    "partners[].competent_authority": "no",
    "partners[].dpo": "Data protection officer",
    "partners[].dpo_email": "dpo@northshire.example",
    "partners[].fee_number": "ZA000000",
    "partners[].address": "1 Hall Square, Northtown",
    "partners[].designated_person": "Head of information governance",
    "rights.contact": "Information rights team, rights@northshire.example, 01632 960001",
    "rights.access_requests": ":standard",
    "rights.pass_on_working_days": "2",
    "rights.views_working_days": "5",
    "rights.corrections": ":standard",
    "rights.corrections_working_days": "5",
    "rights.complaints": ":standard",
    "rights.complaints_acknowledged_days": "5",
    "security.protection": ":standard",
    "security.monitoring": ":standard",
    "security.training": ":standard",
    "security.breaches": ":standard",
    "security.breach_partners_hours": "24",
    "security.breach_regulator_hours": "72",
    "transparency.sharing_without_consent": ":standard",
    "practice.recording": "On the case record, on the same day, with the reason.",
    "contacts[].function": ["breaches", "rights requests", "freedom of information", "escalation"],
    "contacts[].contact": [
        "Information security desk",
        "Information rights team",
        "Information rights team",
        "Senior information risk owner",
    ],
    "contacts[].email": [
        "breach@northshire.example",
        "rights@northshire.example",
        "rights@northshire.example",
        "siro@northshire.example",
    ],
    "contacts[].telephone": "01632 960001",
    "contacts[].out_of_hours": "yes",
}
"""What the organisation answers once."""

PROJECT: Mapping[str, str | list[str]] = {
    "assessment.author": "Priya Nair",
    "assessment.author_role": "Project manager, housing",
    "assessment.owner": "Tom Hale",
    "assessment.owner_role": "Head of housing",
    "assessment.stage": "design",
    "assessment.starts_on": "1 April 2027",
    "assessment.status": "draft",
    "assessment.version": "0.1",
    "assessment.dated": "20/11/2026",
    "screening.screened_by": "Priya Nair",
    "screening.screened_on": "20 11 2026",
    "partners[].name": ["Northshire Hospitals NHS Trust"],
    "scope.people_per_year": "100 to 999",
    "scope.area": "Northshire district",
    "security.assessed": ":unsure Nobody has tested the form yet",
    "overseas.outside_uk": "no",
    "review.due": "20 November 2027",
}
"""What only the project knows, and its manager knows today."""


WHO_KNOWS = "the information security desk"
"""Who is asked where the project manager does not know."""


@dataclass
class Sitting:
    """One command at a terminal, answered until it ends.

    Attributes:
        answers: what is typed at each question, by its path; several are typed in turn.
        rows: how often “add” is said to a table's menu, by its row.
        counts: how many prompts were typed at, confirmed, or passed over with Enter.
        said: the whole sitting.
    """

    folder: Path
    args: list[str]
    answers: Mapping[str, str | list[str]]
    rows: Counter[str] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)
    said: list[str] = field(default_factory=list)
    typed: list[str] = field(default_factory=list)
    last: tuple[Question, bool] | None = None

    def run(self) -> str:
        """Answer every prompt, and return what stood on the screen."""
        queues = {path: _queue(given) for path, given in self.answers.items()}
        child = pexpect.spawn(
            PIAGEN[0],
            [*PIAGEN[1:], *self.args],
            cwd=str(self.folder),
            encoding="utf-8",
            timeout=120,
            dimensions=(50, 100),
            echo=False,
            env={**os.environ, "TERM": "dumb"},
        )
        child.delaybeforesend = None
        while child.expect([r"(?m)^> $", pexpect.EOF]) == 0:
            screen = str(child.before).replace("\r\n", "\n")
            if len(self.said) > MOST_PROMPTS:
                raise SystemExit(f"This does not end:\n{''.join(self.said[-3:])}")
            word = self._reply(" ".join(screen.split()), queues)
            self.said.append(f"{screen}> {word}\n")
            child.sendline(word)
        self.said.append(str(child.before).replace("\r\n", "\n"))
        child.close()
        return "".join(self.said)

    def _reply(self, screen: str, queues: Mapping[str, Iterator[str]]) -> str:
        word, how = self._choice(screen, queues)
        self.counts[how] += 1
        if how == "typed":
            self.typed.append(word)
        return word

    def _choice(self, screen: str, queues: Mapping[str, Iterator[str]]) -> tuple[str, str]:
        """What is typed, and whether it was typing, a confirmation, or Enter to go on."""
        if found := re.search(r"Press Enter to confirm (?:all (\d+)|it),[^>]*$", screen):
            self.counts["answers"] += int(found[1] or 1)
            return "", "confirmed"
        if re.search(r"Type yes to confirm (all \d+|it),[^>]*$", screen):
            return "yes", "typed"
        if re.search(r"Make the documents now\? \(yes or no\)$", screen):
            return "yes", "typed"
        if re.search(r"Who will find out\? \(Enter[^>]*$", screen):
            return WHO_KNOWS, "typed"
        if re.search(r"By when\? \(Enter[^>]*$", screen):
            return "", "passed"
        if found := re.search(
            r"Type add for another (.+?), or a number to change one[^>]*$", screen
        ):
            if self.rows[found[1]] > 0:
                self.rows[found[1]] -= 1
                return "add", "typed"
            return "", "passed"
        if found := re.search(r"Add an? ([^?.]+)\? \(yes or no\)$", screen):
            wanted = self.rows[found[1]] > 0
            self.rows[found[1]] -= wanted
            return ("yes" if wanted else "no"), "typed"
        if re.search(r"\(yes or no\)$", screen):
            return "no", "typed"
        if re.search(r"[Pp]ress Enter to (end|go on|leave it)[^>]*$", screen):
            return "", "passed"
        self.last = _question(screen) or self.last
        if self.last is None:
            raise SystemExit(f"No question that is known stands on the screen:\n{screen[-2000:]}")
        question, is_optional = self.last
        given = next(queues[question.path], None) if question.path in queues else None
        if given is not None:
            return given, "typed"
        return ("", "passed") if is_optional else (":list", "typed")


def _queue(given: str | list[str]) -> Iterator[str]:
    if isinstance(given, list):
        yield from given
    else:
        while True:
            yield given


def _question(screen: str) -> tuple[Question, bool] | None:
    """Return the question whose words stand lowest on the screen, and whether it may stay empty."""
    found = []
    for _, question in questionnaire().questions():
        words = re.escape(" ".join(question.words.ask.split())).replace(r"\{row\}", ".{1,300}?")
        for match in re.finditer(rf"{words}( \(optional\))?(?= |$)", screen):
            found.append((match.start(), match.end(), question, match[1] is not None))
    if not found:
        return None
    _, _, question, is_optional = max(found, key=lambda item: item[:2])
    return question, is_optional


def told(folder: Path, *args: str) -> str:
    """Run a command that asks nothing, and return what it says."""
    done = subprocess.run([*PIAGEN, *args], cwd=folder, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def main() -> None:
    """Run the journey, print the counts, and write the transcript where one is asked for."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        listed = told(folder, "starters")
        contacts = Counter({"contact": 4})
        profile = Sitting(folder, ["profile"], PROFILE, rows=contacts)
        profile.run()
        project = Sitting(folder, ["new", "--from", STARTER, FILE], PROJECT)
        project.run()
        checked = told(folder, "check", "--severity", "error", FILE)
        review = json.loads(told(folder, "check", "--report", "json", FILE))["files"][0]
        drafts = sorted(path.name for path in folder.glob("*.pdf"))
        kept = (folder / "piagen.toml").read_text(encoding="utf-8")
    counts = project.counts
    print(f"From starter and profile to {len(drafts)} drafts: {', '.join(drafts)}.")
    print(
        f"  prompts that needed typing: {counts['typed']} (target at most {MOST_TYPED})\n"
        f"  confirmed by Enter: {counts['confirmed']} sections with {counts['answers']} answers; "
        f"passed over with Enter: {counts['passed']} prompts"
    )
    print(
        f"  error findings: {review['errors']}; answers given: {review['given']}; still missing: "
        f"{len(review['missing'])}; unconfirmed: {len(review['unconfirmed'])}"
    )
    print(f"  the profile, once for all projects: {profile.counts['typed']} prompts with typing")
    if sys.argv[1:] == ["--typed"]:
        print("\n".join(project.typed))
    elif sys.argv[1:]:
        Path(sys.argv[1]).write_text(
            transcript(listed, profile, kept, project, checked), encoding="utf-8"
        )


def transcript(listed: str, profile: Sitting, kept: str, project: Sitting, checked: str) -> str:
    """Return the journey as a page: what was typed, and what stood on the screen."""
    parts = [
        "# From nothing to three drafts",
        "One whole journey at the terminal, as `make journey` records it. What is typed stands "
        "after `>`; a bare `>` is Enter. The people and bodies are invented.",
        "## Which starters are there?",
        _block("piagen starters", listed),
        "## The organisation’s profile, once for all projects",
        _block("piagen profile", "".join(profile.said)),
        "It is kept in `piagen.toml`:",
        f"```toml\n{kept.strip()}\n```",
        "## A new project",
        _block(f"piagen new --from {STARTER} {FILE}", "".join(project.said)),
        "## What is left",
        _block(f"piagen check --severity error {FILE}", checked),
    ]
    return "\n\n".join(parts) + "\n"


def _block(command: str, said: str) -> str:
    lines = [line.rstrip() for line in said.strip("\n").splitlines()]
    return "\n".join(["```text", f"$ {command}", *lines, "```"])


if __name__ == "__main__":
    main()
