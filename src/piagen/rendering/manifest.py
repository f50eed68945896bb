"""Knows which documents there are: each is a folder of templates/ with a document.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

from piagen.errors import TemplateFault
from piagen.frozen import frozen
from piagen.questionnaire.conditions import parse
from piagen.questionnaire.model import Condition, Question
from piagen.rendering.own_sections import with_own
from piagen.resources import told

SectionKind = Literal["front", "section", "schedule", "appendix"]


@frozen
class SectionPlan:
    """One section, clause, schedule or appendix of a document.

    Attributes:
        id: its anchor in the document.
        kind: `front` matter comes before the contents and has no number.
        template: which file writes it.
        answers: which answers it prints: `scope.area`, `partners[].name`, `partners[]`, `scope.*`,
            or which required row it asks for: `sign_off[role=siro]`.
        when: when it applies; otherwise one line says why it does not.
        otherwise: that line's reason, where the facts of `when` do not say it well.
    """

    id: str
    title: str
    kind: SectionKind
    template: str
    answers: tuple[str, ...]
    when: Condition | None
    otherwise: str | None

    def prints(self, question: Question) -> bool:
        """Tell whether the section prints the question's answer."""
        own = {question.path, f"{question.key}.*", f"{question.key}[]"}
        return not own.isdisjoint(self.answers)


@frozen
class Manifest:
    """What a document.toml says.

    Attributes:
        id: the folder's name; also the word for it in file names and on the command line.
        kind: what the document is, in full words, on its cover.
        section_word: what one of its parts is called: section or clause.
        schedules: how schedules are counted: `1` or `A`.
        needed_when: when `--document needed` writes it.
        order: where it stands among the documents.
    """

    id: str
    title: str
    kind: str
    about: str
    section_word: str
    schedules: Literal["1", "A"]
    needed_when: Condition | None
    order: int
    sections: tuple[SectionPlan, ...]

    def section_of(self, question: Question) -> SectionPlan | None:
        """Return the numbered section that prints the question, or the front matter that does."""
        found = [section for section in self.sections if section.prints(question)]
        numbered = [section for section in found if section.kind != "front"]
        return next(iter(numbered or found), None)


@cache
def manifests(roots: tuple[Path, ...]) -> Mapping[str, Manifest]:
    """Return the documents found in the folders, in order; an earlier folder wins.

    Raises:
        TemplateFault: a document.toml cannot be read, or lacks something.
    """
    found: dict[str, Manifest] = {}
    for root in reversed(roots):
        for path in sorted(root.glob("*/document.toml")):
            found[path.parent.name] = _read(path, roots)
    return dict(sorted(found.items(), key=lambda item: item[1].order))


def _read(path: Path, roots: tuple[Path, ...]) -> Manifest:
    try:
        raw = with_own(tomllib.loads(path.read_text(encoding="utf-8")), path.parent.name, roots)
        return Manifest(
            id=path.parent.name,
            title=raw["title"],
            kind=raw["kind"],
            about=raw["about"],
            section_word=raw["section_word"],
            schedules=raw.get("schedules", "1"),
            needed_when=parse(raw["needed_when"]) if "needed_when" in raw else None,
            order=raw["order"],
            sections=tuple(_sections(raw["sections"], path.parent.name)),
        )
    except OSError as error:
        raise TemplateFault(f"{told(path, roots)}: it cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise TemplateFault(f"{told(path, roots)}: {error}") from error
    except KeyError as error:
        raise TemplateFault(f"{told(path, roots)}: it lacks “{error.args[0]}”.") from error


def _sections(raw: list[dict[str, Any]], folder: str) -> Iterator[SectionPlan]:
    for section in raw:
        kind = section.get("kind", "section")
        if kind not in get_args(SectionKind):
            raise ValueError(f"“{kind}” is no kind of section.")
        template = section["template"]
        yield SectionPlan(
            id=section["id"],
            title=section["title"],
            kind=kind,
            template=template if template.startswith("_") else f"{folder}/{template}",
            answers=tuple(section.get("answers", ())),
            when=parse(section["when"]) if "when" in section else None,
            otherwise=section.get("otherwise"),
        )
