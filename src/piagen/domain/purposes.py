"""Knows what the project is for."""

from typing import Literal

from piagen.domain.ids import PurposeId
from piagen.frozen import frozen

PurposeCategory = Literal[
    "care",
    "safeguarding",
    "crime",
    "fraud",
    "planning",
    "research",
    "regulation",
    "emergency",
    "administration",
]
IdentifiabilityNeeded = Literal["identifiable", "pseudonymised", "aggregate", "anonymous"]
PeoplePerYear = Literal["under_100", "from_100", "from_1000", "from_10000", "from_100000"]
Codes = Literal[
    "data_sharing_code",
    "childrens_code",
    "surveillance_camera_code",
    "nhs_standards",
    "digital_economy_act_code",
    "other",
]


@frozen
class Description:
    """What is planned, why, and what is ruled out."""

    summary: str | None = None
    problem: str | None = None
    benefits: str | None = None
    success_measures: str | None = None
    cost_of_not_sharing: str | None = None
    uses_ruled_out: str | None = None


@frozen
class Purpose:
    """One purpose for which data is used."""

    id: PurposeId
    purpose: str | None = None
    category: PurposeCategory | None = None
    outcome: str | None = None
    identifiability_needed: IdentifiabilityNeeded | None = None


@frozen
class Scope:
    """How many people, how long, where, and what they would expect."""

    people_per_year: PeoplePerYear | None = None
    duration: str | None = None
    area: str | None = None
    expectations: str | None = None
    say_people_have: str | None = None
    power_imbalance: bool | None = None
    power_imbalance_detail: str | None = None
    concerns: str | None = None
    codes: tuple[Codes, ...] | None = None
