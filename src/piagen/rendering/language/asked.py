"""Knows the titles of a document and the labels of the questionnaire in another language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from piagen.questionnaire.model import (
    Entry,
    LaterColumn,
    Question,
    Questionnaire,
    Table,
    Words,
)
from piagen.rendering.language.tongue import Tongue
from piagen.rendering.manifest import Manifest

_PRINTED_IN_FULL = ("screening",)
"""Sections whose questions are printed as they are asked, and not by their labels alone."""


def manifest_in(said: Tongue, manifest: Manifest) -> Manifest:
    """Return a document with its titles in another language."""
    if not said.messages:
        return manifest
    return replace(
        manifest,
        title=said.say(manifest.title),
        kind=said.say(manifest.kind),
        about=said.say(manifest.about),
        sections=tuple(
            replace(
                plan,
                title=said.say(plan.title),
                otherwise=plan.otherwise and said.say(plan.otherwise),
            )
            for plan in manifest.sections
        ),
    )


def messages_of_manifest(manifest: Manifest) -> Iterator[str]:
    """Yield the messages of a document.toml."""
    yield from (manifest.title, manifest.kind, manifest.about, manifest.section_word)
    for plan in manifest.sections:
        yield plan.title
        if plan.otherwise:
            yield plan.otherwise


def questionnaire_in(said: Tongue, asked: Questionnaire) -> Questionnaire:
    """Return a questionnaire with its labels and options in another language."""
    if not said.messages:
        return asked
    return replace(
        asked,
        sections=tuple(
            replace(
                section,
                title=said.say(section.title),
                entries=tuple(_entry(said, entry) for entry in section.entries),
            )
            for section in asked.sections
        ),
    )


def messages_of_questionnaire(asked: Questionnaire) -> Iterator[str]:
    """Yield the messages of a questionnaire: what documents print of it.

    Options that come from the catalogue of law are law, and stay as they are.
    """
    for section in asked.sections:
        yield section.title
        for entry in section.entries:
            match entry:
                case Table():
                    yield entry.words.label
                    for column in entry.columns:
                        yield from _messages(column)
                case LaterColumn():
                    yield from _messages(entry.question)
                case Question():
                    yield from _messages(entry)
                case _:
                    yield entry.words.label


def _messages(question: Question) -> Iterator[str]:
    yield question.words.label
    if question.key in _PRINTED_IN_FULL:
        yield question.words.ask
    if not question.options_from:
        yield from question.options.values()


def _entry(said: Tongue, entry: Entry) -> Entry:
    match entry:
        case Table():
            columns = tuple(_question(said, column) for column in entry.columns)
            return replace(entry, words=_words(said, entry.words), columns=columns)
        case LaterColumn():
            return replace(entry, question=_question(said, entry.question))
        case Question():
            return _question(said, entry)
    return replace(entry, words=_words(said, entry.words))


def _question(said: Tongue, question: Question) -> Question:
    options = question.options
    if not question.options_from:
        options = {word: said.say(label) for word, label in options.items()}
    words = _words(said, question.words, in_full=question.key in _PRINTED_IN_FULL)
    return replace(question, words=words, options=options)


def _words(said: Tongue, words: Words, *, in_full: bool = False) -> Words:
    ask = said.say(words.ask) if in_full else words.ask
    return replace(words, label=said.say(words.label), ask=ask)
