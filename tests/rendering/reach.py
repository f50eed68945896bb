"""Looks for every answered question in the section of each document that should print it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from typing import Any

from piagen.law.catalogue import load_catalogue
from piagen.pipeline.assess import questionnaire
from piagen.pipeline.documents import documents, template_roots
from piagen.questionnaire.model import Question
from piagen.questionnaire.survey import Place
from piagen.rendering.html import render_html
from piagen.rendering.manifest import Manifest
from piagen.rendering.rendition import Rendition
from piagen.rendering.sheet import Sheet

VOID = {"br", "col", "hr", "img", "input", "link", "meta", "wbr"}
BY_TEXT = ("text", "prose", "number", "date", "email", "url")


def html_of(document: str, answers: Mapping[str, Any]) -> str:
    """One document as HTML."""
    return render_html(
        documents()[document],
        answers,
        questionnaire=questionnaire(),
        law=load_catalogue().as_at(None),
        findings=(),
        roots=template_roots(),
        rendition=Rendition("html"),
    )


class Sections(HTMLParser):
    """Collects, for each element with an id, its text and what `data-at` marks inside it."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text: dict[str, list[str]] = {}
        self.marks: dict[str, dict[str, list[str]]] = {}
        self._open: list[tuple[str, str | None, str | None]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in VOID:
            return
        found = dict(attrs)
        self._open.append((tag, found.get("id"), found.get("data-at")))
        for section in self._sections():
            if found.get("data-at"):
                self.marks.setdefault(section, {}).setdefault(str(found["data-at"]), [])

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        marks = [mark for _, _, mark in self._open if mark]
        for section in self._sections():
            self.text.setdefault(section, []).append(data)
            for mark in marks:
                self.marks[section][mark].append(data)

    def _sections(self) -> list[str]:
        return [section for _, section, _ in self._open if section]


def folded(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def unreached(manifest: Manifest, sheet: Sheet, html: str) -> Iterator[str]:
    """Yield what should be printed and is not: the place, and the sections that lack it."""
    page = Sections(html)
    text = {section: folded(" ".join(parts)) for section, parts in page.text.items()}
    tight = {section: folded("".join(parts)) for section, parts in page.text.items()}
    for place in sheet.found.places:
        question = place.entry
        if not isinstance(question, Question) or not place.answered:
            continue
        if manifest.id not in question.reach.documents:
            continue
        plans = [plan for plan in manifest.sections if plan.prints(question)]
        if not plans:
            yield f"{place.at}: no section of {manifest.id} lists {question.path}"
        for plan in plans:
            printed = _words(sheet, place, question)
            marked = page.marks.get(plan.id, {}).get(place.at)
            there = all(
                part in text.get(plan.id, "") or part in tight.get(plan.id, "") for part in printed
            )
            if question.type not in BY_TEXT:
                there = bool(marked and folded("".join(marked))) or (
                    there and question.type != "boolean"
                )
            if not there:
                yield f"{place.at}: not printed in {manifest.id}#{plan.id}: {printed[0][:60]!r}"


def _words(sheet: Sheet, place: Place, question: Question) -> list[str]:
    answer: Any = (
        sheet[question.path]
        if place.row is None
        else sheet.table(question.key).line(place.row)[question.leaf]
    )
    return [folded(part) for part in answer.paragraphs] or [""]
