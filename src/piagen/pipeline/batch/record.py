"""Knows what the manifest says about one project, as data and as a line of JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, get_args

Status = Literal["ready", "draft", "blocked", "failed"]
"""Nothing is missing and no error stands; something is missing; an error stands; no documents."""
FaultKind = Literal["input", "template", "time", "worker", "write", "fault"]


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is wrong: a stored path or a place in a file, and what to do."""

    at: str
    says: str


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class Entry:
    """What a batch found and made of one project.

    Attributes:
        key: the input's name.
        way: kind of file, edition and language.
        sha256: of the input.
        fingerprint: of everything else that the documents are made from.
        versions: of piagen, questionnaire, law and templates.
        folder: where its documents are, below the folder of the batch.
        status: how far it is.
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
    """Return the entry; None if the line holds none, or one of another version."""
    try:
        data: dict[str, Any] = json.loads(line)
        data["outputs"] = tuple(Output(**output) for output in data["outputs"])
        if data["error"]:
            places = tuple(Place(**place) for place in data["error"].pop("places"))
            data["error"] = Fault(**data["error"], places=places)
        entry = Entry(**data)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    return entry if entry.status in get_args(Status) else None
