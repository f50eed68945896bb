"""Knows how templates are found and run: autoescaped, strict about names, in a sandbox."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache, partial
from pathlib import Path
from types import TracebackType
from typing import Any

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.environment import Environment
from jinja2.exceptions import TemplateNotFound
from jinja2.loaders import BaseLoader, split_template_path
from jinja2.nodes import Template
from jinja2.sandbox import SandboxedEnvironment

from piagen.errors import TemplateFault, shown
from piagen.rendering import bounds
from piagen.rendering.language.templates import translated
from piagen.rendering.language.tongue import tongue
from piagen.rendering.law_in_words import together
from piagen.rendering.rendition import Language
from piagen.resources import shipped, told

PREFIX = "piagen:"
"""Names the template that ships, whatever stands in its place: `piagen:pia/sections/data.html.j2`.
So a template of an organisation can be the shipped one with a block of its own."""

MOST_OF_A_TEMPLATE = 200_000
"""Bytes; ten times the longest that ships."""


class Folders(BaseLoader):
    """Finds templates in folders; an earlier folder wins, and none is left."""

    def __init__(self, roots: tuple[Path, ...]) -> None:
        self.roots = roots

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Any]:
        """Return the text of a template and its file.

        Raises:
            TemplateNotFound: no folder has it.
            TemplateFault: it is a link out of its folder, too large, or not UTF-8.
        """
        name, roots = template, self.roots
        if template.startswith(PREFIX):
            name, roots = template.removeprefix(PREFIX), (shipped("templates"),)
        parts = split_template_path(name)
        for root in roots:
            path = root.joinpath(*parts)
            if not path.is_file():
                continue
            if not path.resolve().is_relative_to(root.resolve()):
                raise TemplateFault(
                    f"{told(path, self.roots)}: this link leads out of the template folders."
                )
            content = path.read_bytes()
            if len(content) > MOST_OF_A_TEMPLATE:
                raise TemplateFault(
                    f"{told(path, self.roots)}: this is larger than 200 kB. Part it."
                )
            try:
                text = content.decode("utf-8")
            except UnicodeDecodeError as error:
                raise TemplateFault(f"{told(path, self.roots)}: this is not UTF-8 text.") from error
            return text, str(path), partial(_is_as_read, path, path.stat().st_mtime_ns)
        folder, _, file = name.rpartition("/")
        if template.startswith(PREFIX) and file == "document.html.j2" and folder != "_base":
            # A document whose skeleton is the common one has no file of its own.
            return self.get_source(environment, f"{PREFIX}_base/document.html.j2")
        raise TemplateNotFound(template)

    def list_templates(self) -> list[str]:
        """Return the names of all templates, sorted."""
        return sorted(
            {path.relative_to(root).as_posix() for root in self.roots for path in _below(root)}
        )


class Sandbox(SandboxedEnvironment):
    """Runs templates that an organisation wrote, which may reach nothing and take only so much."""

    intercepted_binops = frozenset({"*", "**", "%"})

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:  # noqa: ANN401
        """Refuse what leads to Python, to files, or to a change of the answers."""
        return super().is_safe_attribute(obj, attr, value) and bounds.may_reach(obj, value)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:  # noqa: ANN401
        """Multiply small numbers only: a text times a million fills the memory."""
        bounds.refuse_large(operator, left, right)
        return super().call_binop(context, operator, left, right)

    def _parse(self, source: str, name: str | None, filename: str | None) -> Template:
        """What an organisation wrote is counted as it runs; what ships was measured before."""
        tree = super()._parse(source, name, filename)
        if filename is None or Path(filename).is_relative_to(shipped("templates")):
            return tree
        return bounds.counted(tree)


@cache
def environment(roots: tuple[Path, ...], language: Language = "en") -> SandboxedEnvironment:
    """Return the environment for these template folders; an earlier folder wins.

    Templates of an organisation run too: the sandbox keeps them from names with an underscore, and
    so from Python itself. Jinja's own globals are taken away, so that `DocumentContext` is all.
    """
    said, found = tongue(language, roots), Folders(roots)
    made = Sandbox(
        loader=found if language == "en" else translated(found, said, roots),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.clear()
    made.filters = bounds.bounded(made.filters)
    made.filters["day"] = said.day
    made.filters["together"] = together
    return made


def run(
    roots: tuple[Path, ...], name: str, given: Mapping[str, Any], language: Language = "en"
) -> str:
    """Return what a template writes.

    Args:
        roots: template folders, first the one that wins.
        name: of the template.
        given: what it sees.
        language: of the fixed text.

    Raises:
        TemplateFault: with the file and line where it went wrong.
    """
    found = environment(roots, language)
    try:
        bounds.begin(found)
        return found.get_template(name).render(given)
    except TemplateFault:
        raise
    except TemplateSyntaxError as error:
        place = told(Path(error.filename or name), roots)
        raise TemplateFault(f"{place}:{error.lineno}: {_said(error)}") from error
    except TemplateNotFound as error:
        raise TemplateFault(f"{place_of(error, roots)}there is no template “{error}”.") from error
    except Exception as error:
        # A fault in a template that ships is ours to mend, unless its own strictness names it.
        if not isinstance(error, TemplateError) and not _is_own(error, roots):
            raise
        raise TemplateFault(f"{place_of(error, roots)}{_said(error)}") from error


def place_of(error: BaseException, roots: tuple[Path, ...]) -> str:
    """Return the file and line of a template where an error arose: `pia/summary.html.j2:3: `.

    The line of an organisation's own template is told before that of one that ships and that it
    called upon; empty if the error arose in neither.
    """
    frames = list(_frames(error.__traceback__))
    own = [frame for frame in frames if not frame[0].is_relative_to(shipped("templates"))]
    for file, line in [*frames[-1:], *own[-1:]][-1:]:
        return f"{told(file, roots)}:{line}: "
    return ""


def _is_own(error: BaseException, roots: tuple[Path, ...]) -> bool:
    own = [root for root in roots if root != shipped("templates")]
    frames = _frames(error.__traceback__)
    return any(file.is_relative_to(root) for file, _ in frames for root in own)


def _frames(traceback: TracebackType | None) -> Iterator[tuple[Path, int]]:
    """Yield the file and line of each template in a traceback, the innermost last."""
    while traceback is not None:
        file = traceback.tb_frame.f_code.co_filename
        if file.endswith(".j2"):
            yield Path(file), traceback.tb_lineno
        traceback = traceback.tb_next


def _said(error: BaseException) -> str:
    match error:
        case RecursionError():
            return "this template calls itself without end."
        case MemoryError():
            return "this takes more memory than there is."
        case TemplateSyntaxError(message=str(message)):
            return f"{message.rstrip('.')}."
    return f"{shown(str(error), 300).rstrip('.')}."


def _is_as_read(path: Path, read_at: int) -> bool:
    """Whether a template was not changed since."""
    return path.is_file() and path.stat().st_mtime_ns == read_at


def _below(root: Path) -> Iterator[Path]:
    return (path for path in root.rglob("*") if path.is_file())
