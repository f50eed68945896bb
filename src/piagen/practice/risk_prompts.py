"""Knows which risks of the catalogue the answers call for, and which nobody has looked at yet."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from piagen.domain.fact import Answers, Row, rows
from piagen.domain.facts import FACTS
from piagen.domain.risk_scale import Likelihood, Severity
from piagen.domain.stored_path import StoredPath, parse
from piagen.frozen import frozen
from piagen.questionnaire.conditions import holds
from piagen.questionnaire.conditions import parse as parse_condition
from piagen.questionnaire.model import Condition
from piagen.yamlio import load_yaml


@frozen
class CatalogueRisk:
    """A risk to people that projects of some kind should consider.

    Attributes:
        slug: its lasting name, written in `risks[].slug` and `dismissed_risks[].slug`.
        title: the risk in one sentence.
        trigger: the condition, over the visible answers, under which it is prompted.
        arises_when: the trigger in words, as the end of "because".
        why: how it comes to harm people.
        arises_from: whether sharing or not sharing brings it.
        likelihood: where such projects often begin, before measures; a suggestion, never filled
            in, and None where none is known.
        severity: how bad it often is, before measures; likewise.
        measures: what usually helps.
        tip: the tip of Richardson (2016) that answers it, or None.
        questions: paths of the questions that bear on it.
        cites: citation keys of where it comes from, beyond common practice.
    """

    slug: str
    title: str
    trigger: Condition
    arises_when: str
    why: str
    arises_from: Literal["sharing", "not_sharing"]
    likelihood: Likelihood | None
    severity: Severity | None
    measures: tuple[str, ...]
    tip: int | None
    questions: tuple[str, ...]
    cites: tuple[str, ...]


@cache
def catalogue() -> Mapping[str, CatalogueRisk]:
    """Return the catalogue of risks by slug, in its order.

    The risks and their usual measures are common practice; those prompted from practice rest on
    Richardson (2016).
    """
    raw = load_yaml(Path(__file__).with_name("risks.yaml"))
    found = {
        slug: CatalogueRisk(
            slug=slug,
            title=entry["title"],
            trigger=parse_condition(entry["trigger"]),
            arises_when=entry["arises_when"],
            why=entry["why"],
            arises_from=entry.get("arises_from", "sharing"),
            likelihood=entry.get("likelihood"),
            severity=entry.get("severity"),
            measures=tuple(entry["measures"]),
            tip=int(entry["tip"]) if "tip" in entry else None,
            questions=tuple(entry["questions"]),
            cites=tuple(entry.get("cites", ())),
        )
        for slug, entry in raw.items()
    }
    return MappingProxyType(found)


def called_for(answers: Answers) -> tuple[CatalogueRisk, ...]:
    """Return the risks whose trigger holds, in the order of the catalogue.

    None is called for where risks are not asked: in the short form, and with no personal data.

    Args:
        answers: the visible answers (see `questionnaire/survey.py`).
    """
    if not FACTS["full_assessment"].holds(answers):
        return ()
    return tuple(risk for risk in catalogue().values() if holds(risk.trigger, answers))


def prompts(answers: Answers) -> tuple[CatalogueRisk, ...]:
    """Return the risks called for that nobody has considered, nor set aside with a reason.

    A row of `risks` that names the slug considers it, once it is confirmed.

    Args:
        answers: the visible answers, with what the tool keeps beside them.
    """
    known = _considered(answers) | _set_aside(answers)
    return tuple(risk for risk in called_for(answers) if risk.slug not in known)


def title(slug: str) -> str:
    """Return what a risk is called; a slug that the catalogue lacks is read as words."""
    risk = catalogue().get(slug)
    return risk.title if risk else slug.replace("-", " ").capitalize()


def _considered(answers: Answers) -> set[str]:
    doubtful = _unconfirmed(answers)

    def counts(row: Row) -> bool:
        place = StoredPath("risks", row["id"], "slug")
        return not any(named.holds(place) for named in doubtful)

    return {row["slug"] for row in rows(answers, "risks") if "slug" in row and counts(row)}


def _unconfirmed(answers: Answers) -> list[StoredPath]:
    found = []
    for row in rows(answers, "unconfirmed"):
        try:
            found.append(parse(row["path"]))
        except ValueError:
            continue
    return found


def _set_aside(answers: Answers) -> set[str]:
    return {
        row["slug"]
        for row in rows(answers, "dismissed_risks")
        if row.get("slug") and row.get("reason", "").strip()
    }
