"""Knows how templates are read in another language: rewritten as they are loaded, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from jinja2 import BaseLoader, Environment, FunctionLoader

from piagen.rendering.language.literals import signatures
from piagen.rendering.language.runs import rewritten
from piagen.rendering.language.tongue import Tongue, marked

Loaded = tuple[str, str | None, Callable[[], bool] | None]


def translated(loader: BaseLoader, said: Tongue, roots: tuple[Path, ...]) -> BaseLoader:
    """Return a loader whose templates have their fixed text in another language.

    The translation stands in the template before it runs, so what a project's answers say is never
    looked up. What has no translation stays in English.

    Args:
        loader: finds the templates in English.
        said: the language.
        roots: the template folders, for the macros that they define.
    """
    known = signatures(sources(roots))
    finder = Environment(autoescape=True)

    def change(message: str) -> str | None:
        found = said.messages.get(message)
        return None if found is None else marked(found)

    def load(name: str) -> Loaded:
        source, filename, current = loader.get_source(finder, name)
        return rewritten(source, known, change), filename, current

    return FunctionLoader(load)


def sources(roots: tuple[Path, ...]) -> Iterator[str]:
    """Yield the text of every template, from the last folder to the first."""
    for root in reversed(roots):
        for path in sorted(root.rglob("*.j2")):
            yield path.read_text(encoding="utf-8")
