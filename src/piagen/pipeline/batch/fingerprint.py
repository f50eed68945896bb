"""Knows what documents are made from besides the answers, and tells two machines apart by it."""

from __future__ import annotations

import ctypes
import hashlib
import json
import sys
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, replace
from functools import cache
from importlib.metadata import PackageNotFoundError, entry_points, version
from pathlib import Path

import piagen
from piagen.config import Config
from piagen.errors import PiagenError
from piagen.frozen import frozen
from piagen.law.catalogue import load_catalogue
from piagen.pipeline.assess import questionnaire
from piagen.pipeline.batch.options import Options
from piagen.pipeline.documents import template_roots
from piagen.resources import shipped
from piagen.rules.registry import GROUP
from piagen.version import VERSION

_LIBRARIES = (
    "weasyprint",
    "pydyf",
    "tinyhtml5",
    "tinycss2",
    "cssselect2",
    "pyphen",
    "fonttools",
    "pillow",
    "pypdf",
    "python-docx",
    "lxml",
    "resvg-py",
    "jinja2",
    "marshmallow",
)
_NATIVE = {
    "pango": ("libpango-1.0", "pango_version_string"),
    "harfbuzz": ("libharfbuzz", "hb_version_string"),
}
_SUFFIXES = ("{}.so.0", "{}.0.dylib", "{}.dylib", "{}-0.dll")
_FIGURES = 16


class StaleWorker(PiagenError):
    """A worker that would write other documents than the machine that asks."""


@frozen
class Machine:
    """What the documents of a machine are made from; the same here and there, the same bytes.

    Attributes:
        piagen: its version, and figures of its code, law and rules.
        questionnaire: figures of the questionnaire.
        templates: figures of each template folder, overlays first.
        fonts: figures of the bundled fonts.
        overlays: figures of each folder of the organisation's own.
        rules: an organisation's own rules, each package with its version.
        libraries: those that shape the documents, and Python, each with its version.
    """

    piagen: str
    questionnaire: str
    templates: str
    fonts: str
    overlays: str
    rules: str
    libraries: str

    def unlike(self, other: Machine, this: str = "here", that: str = "there") -> str:
        """Return what differs, as words: `fonts (here 1a2b, there 3c4d)`."""
        ours, theirs = asdict(self), asdict(other)
        return "; ".join(
            f"{name} ({this} {ours[name] or 'none'}, {that} {theirs[name] or 'none'})"
            for name in ours
            if ours[name] != theirs[name]
        )

    @property
    def figures(self) -> str:
        """All of it in a few figures."""
        return _told(asdict(self))


def other_machine(who: str, ours: Machine, theirs: Machine) -> StaleWorker:
    """Return the error that refuses a worker of another machine.

    Args:
        who: the worker, as the sentence begins.
        ours: what this machine makes documents from.
        theirs: what the worker makes them from.
    """
    return StaleWorker(
        f"{who} would make other documents: {ours.unlike(theirs)}. "
        "Give every worker the same piagen, libraries, templates and overlays."
    )


def changed(before: Machine, now: Machine) -> StaleWorker:
    """Return the error that ends a run of one machine on which something was changed meanwhile."""
    return StaleWorker(
        "What documents are made from was changed while this ran: "
        f"{before.unlike(now, 'before', 'now')}. What was finished is whole; run it again."
    )


@cache
def machine(roots: tuple[Path, ...], overlays: tuple[Path, ...]) -> Machine:
    """Return what this machine makes documents from; folders are read once in a process.

    Args:
        roots: the template folders.
        overlays: the folders of an organisation's own.
    """
    own = sorted(
        f"{point.name} {point.value} {point.dist.version if point.dist else ''}"
        for point in entry_points(group=GROUP)
    )
    return Machine(
        piagen=f"{VERSION} {_tree(Path(piagen.__file__).parent, ('.py', '.yaml'))}",
        questionnaire=_tree(shipped("questionnaires")),
        templates=" ".join(map(_tree, roots)),
        fonts=_tree(shipped("templates") / "_base" / "fonts"),
        overlays=" ".join(map(_tree, overlays)),
        rules=", ".join(own),
        libraries=", ".join(_versions()),
    )


def roots_of(config: Config, roots: tuple[Path, ...] | None) -> tuple[Path, ...]:
    """Return the template folders, first the one that wins."""
    return roots or template_roots(config)


def fingerprint(found: Machine, options: Options, config: Config) -> str:
    """Return a few figures that differ when documents of the same answers could.

    Args:
        found: what this machine makes documents from.
        options: what is made.
        config: what the organisation has set; where its file is makes no difference.
    """
    settings = replace(config, path=None, overlays=(), profile={})
    return _told([found.figures, repr(options), repr(settings)])


def versions(found: Machine, config: Config) -> Mapping[str, str]:
    """Return the versions that a reader of the manifest asks for."""
    asked = questionnaire(config)
    return {
        "piagen": VERSION,
        "questionnaire": f"{asked.id} {asked.version}",
        "law": load_catalogue().version,
        "templates": found.templates,
    }


def _tree(folder: Path, suffixes: tuple[str, ...] = ()) -> str:
    """Return figures of every file in a folder: its name and what it holds."""
    told = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            if suffixes and path.suffix not in suffixes:
                continue
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            told.update(f"{path.relative_to(folder).as_posix()}\0{content}\n".encode())
    return told.hexdigest()[:_FIGURES]


def _versions() -> Iterator[str]:
    for library in _LIBRARIES:
        try:
            yield f"{library} {version(library)}"
        except PackageNotFoundError:
            yield f"{library} not installed"
    for name, (library, function) in _NATIVE.items():
        yield f"{name} {_native(library, function)}"
    yield f"zlib {zlib.ZLIB_RUNTIME_VERSION}"
    yield f"python {sys.version.split()[0]}"


def _native(library: str, function: str) -> str:
    """Ask a library itself; WeasyPrint, which loads it too, takes half a second to import."""
    for suffix in _SUFFIXES:
        with suppress(OSError, AttributeError):
            asked = getattr(ctypes.CDLL(suffix.format(library)), function)
            asked.restype = ctypes.c_char_p
            return bytes(asked()).decode()
    return "unknown"


def _told(data: object) -> str:
    content = json.dumps(data, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(content.encode()).hexdigest()[:_FIGURES]
