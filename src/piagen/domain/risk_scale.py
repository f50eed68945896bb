"""Knows the three-by-three scale on which a risk to people is rated."""

from __future__ import annotations

from typing import Literal

Likelihood = Literal["remote", "reasonable_possibility", "more_likely_than_not"]
Severity = Literal["minimal_impact", "some_impact", "serious_harm"]
Rating = Literal["low", "medium", "high"]

_MATRIX: dict[tuple[Severity, Likelihood], Rating] = {
    ("serious_harm", "remote"): "low",
    ("serious_harm", "reasonable_possibility"): "high",
    ("serious_harm", "more_likely_than_not"): "high",
    ("some_impact", "remote"): "low",
    ("some_impact", "reasonable_possibility"): "medium",
    ("some_impact", "more_likely_than_not"): "high",
    ("minimal_impact", "remote"): "low",
    ("minimal_impact", "reasonable_possibility"): "low",
    ("minimal_impact", "more_likely_than_not"): "low",
}


def rating(likelihood: Likelihood | None, severity: Severity | None) -> Rating | None:
    """Return the rating of a risk, or None while either word is missing.

    The scale follows the regulator's three-by-three approach, as seen in published assessments.
    """
    if likelihood is None or severity is None:
        return None
    return _MATRIX[severity, likelihood]
