"""Knows what the manifest says about one project, as data and as a line of JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, field, fields
from typing import Any, Literal, TypeVar, get_args

from piagen.frozen import frozen

T = TypeVar("T", bound="Output | Place")

Status = Literal["ready", "draft", "blocked", "failed", "new"]
"""Nothing is missing and no error stands; something is missing; an error stands; no documents; and
what no manifest holds: nobody has made it yet."""
FaultKind = Literal["input", "template", "time", "worker", "write", "fault"]


@frozen
class Output:
    """One document.

    Attributes:
        document: its id: `pia`.
        file: its name below the folder of the batch.
        sha256: of what it holds.
        pages: how many, where that can be told.
    """

    document: str
    file: str
    sha256: str
    pages: int | None = None


@frozen
class Place:
    """Where something is wrong: a stored path or a place in a file, and what to do."""

    at: str
    says: str


@frozen
class Fault:
    """Why a project has no documents.

    Attributes:
        kind: the answers, a template, its time, its worker, the disk, or a fault in piagen.
        says: what happened and what to do, in a sentence.
        places: where, the first few.
    """

    kind: FaultKind
    says: str
    places: tuple[Place, ...] = ()


@frozen
class Entry:
    """What a batch found and made of one project.

    Attributes:
        key: the input's name from run to run: the path of its file from the folder of the batch,
            and its reference where the file is a list.
        way: kind of file, edition and language.
        sha256: of the input.
        fingerprint: of everything else that the documents are made from.
        versions: of piagen, questionnaire, law and templates.
        folder: where its documents are, below the folder of the batch.
        status: how far it is.
        outputs: its documents as they are now.
        left_over: documents from before that are still there: of another version or title, of
            another choice of documents, or of answers that could be used then.
        findings: how many stand, by severity, and how many are accepted.
        rules: how many findings stand, by rule.
        missing: answers that are missing, those that somebody was asked for among them.
        open: answers that somebody was asked for.
        unconfirmed: answers that nobody has confirmed yet.
        unprintable: characters that no bundled font has.
        review_due: the day on which it is reviewed, as 2027-03-31.
        seconds: how long it took.
    """

    key: str
    way: str
    sha256: str
    fingerprint: str
    versions: Mapping[str, str]
    folder: str
    status: Status
    reference: str | None = None
    title: str | None = None
    outputs: tuple[Output, ...] = ()
    left_over: tuple[Output, ...] = ()
    findings: Mapping[str, int] = field(default_factory=dict)
    rules: Mapping[str, int] = field(default_factory=dict)
    missing: int = 0
    open: int = 0
    unconfirmed: int = 0
    unprintable: int = 0
    special_category: bool = False
    high_residual_risk: bool = False
    review_due: str | None = None
    seconds: float = 0.0
    error: Fault | None = None


def to_json(entry: Entry) -> bytes:
    """Return the entry as one line; a name that is no text keeps its bytes as escapes."""
    data = asdict(entry)
    try:
        return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
    except UnicodeEncodeError:
        return json.dumps(data, separators=(",", ":")).encode() + b"\n"


def from_json(line: bytes) -> Entry | None:
    """Return the entry; None if the line holds none, or one of another version of piagen."""
    try:
        data = json.loads(line)
    except ValueError:
        return None
    match data:
        case {"error": None} if _fits(data, Entry):
            fault = None
        case {"error": dict(told)} if _fits(data, Entry) and _fits(told, Fault):
            places = _each(told["places"], Place)
            if places is None:
                return None
            fault = Fault(**{**told, "places": places})
        case _:
            return None
    outputs, left = _each(data["outputs"], Output), _each(data["left_over"], Output)
    if outputs is None or left is None:
        return None
    return Entry(**{**data, "outputs": outputs, "left_over": left, "error": fault})


def _each(found: list[Any], kind: type[T]) -> tuple[T, ...] | None:
    """Return each as what it is; None if one is something else."""
    if not all(_fits(data, kind) for data in found):
        return None
    return tuple(kind(**data) for data in found)


def _fits(data: Any, kind: type[Any]) -> bool:  # noqa: ANN401 - whatever a line holds
    """Tell whether these are all the fields, no others, and each holds what it should."""
    holds = _HOLDS[kind]
    return (
        isinstance(data, dict)
        and data.keys() == holds.keys()
        and all(holds[name](value) for name, value in data.items())
    )


def _texts(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(one, str) for one in value.values())


def _numbers(value: object) -> bool:
    return isinstance(value, dict) and all(type(one) is int for one in value.values())


_KINDS: Mapping[str, Callable[[Any], bool]] = {
    "str": lambda value: isinstance(value, str),
    "str | None": lambda value: value is None or isinstance(value, str),
    "int": lambda value: type(value) is int,
    "int | None": lambda value: value is None or type(value) is int,
    "float": lambda value: type(value) in (int, float),
    "bool": lambda value: isinstance(value, bool),
    "Mapping[str, str]": _texts,
    "Mapping[str, int]": _numbers,
    "Status": get_args(Status)[:-1].__contains__,
    "FaultKind": get_args(FaultKind).__contains__,
    "Fault | None": lambda value: value is None or isinstance(value, dict),
    "tuple[Output, ...]": lambda value: isinstance(value, list),
    "tuple[Place, ...]": lambda value: isinstance(value, list),
}
"""What each kind of field holds as JSON."""
_HOLDS = {
    kind: {field.name: _KINDS[str(field.type)] for field in fields(kind)}
    for kind in (Entry, Fault, Place, Output)
}
