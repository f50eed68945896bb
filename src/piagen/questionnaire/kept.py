"""Knows the tables that the tool keeps beside the answers: never asked, but part of the shape."""

from __future__ import annotations

from piagen.questionnaire.model import AnswerType, Question, Reach, Table, Words

_COLUMNS: dict[str, tuple[str, dict[str, tuple[AnswerType, str, bool]]]] = {
    "open_questions": (
        "Open questions",
        {
            "at": ("text", "Place", True),
            "note": ("prose", "Note", False),
            "owner": ("text", "Owner", False),
            "due": ("date", "Due", False),
        },
    ),
    "unconfirmed": (
        "Unconfirmed answers",
        {"path": ("text", "Place", True), "starter": ("text", "Starter or profile", True)},
    ),
    "withheld": (
        "Withheld from the published edition",
        {"path": ("text", "Place", True), "reason": ("prose", "Reason", True)},
    ),
    "dismissed_risks": (
        "Risks looked at and set aside",
        {"slug": ("text", "Risk", True), "reason": ("prose", "Reason", True)},
    ),
    "waivers": (
        "Findings accepted",
        {
            "rule": ("text", "Rule", True),
            "at": ("text", "Place", True),
            "reason": ("prose", "Reason", True),
            "owner": ("text", "Owner", True),
            "until": ("date", "Until", True),
            "dpo": ("text", "Data protection officer", False),
        },
    ),
}


def _table(key: str, label: str, columns: dict[str, tuple[AnswerType, str, bool]]) -> Table:
    path = f"{key}[]"
    return Table(
        path=path,
        words=Words(label, label),
        reach=Reach(optional=True),
        row="row",
        columns=tuple(
            Question(f"{path}.{name}", kind, Words(words, words), Reach(optional=not needed))
            for name, (kind, words, needed) in columns.items()
        ),
        keyed=False,
    )


KEPT = {key: _table(key, label, columns) for key, (label, columns) in _COLUMNS.items()}
"""Each kept table by key. A column that is not optional must be there in every row."""
