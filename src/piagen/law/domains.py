"""Knows which fields of public service a purpose, a kind of body and data belong to.

The fields are the `domains` of the gateways. Everything here is a closed word of the answers or of
the catalogue; no text that a person typed is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from piagen.domain.data import DataItem
from piagen.domain.purposes import PurposeCategory
from piagen.frozen import frozen

GENERAL = "general"
"""Powers that serve any function of a body; they fit every purpose, and come last."""

PURPOSE: Mapping[PurposeCategory, str] = {
    "care": "individual care or service",
    "safeguarding": "safeguarding",
    "crime": "preventing or detecting crime",
    "fraud": "fraud, error or debt",
    "planning": "planning services",
    "research": "research or statistics",
    "regulation": "regulation or inspection",
    "emergency": "response to an emergency",
    "administration": "administration",
}
"""Each kind of purpose as it reads in a sentence."""

SERVICES = frozenset(
    {
        "health",
        "public_health",
        "adult_social_care",
        "children",
        "education",
        "housing",
        "benefits",
        "employment",
    }
)
"""Fields in which services are given to people."""

ALWAYS: Mapping[PurposeCategory, frozenset[str]] = {
    "care": frozenset(),
    "safeguarding": frozenset({"safeguarding"}),
    "crime": frozenset({"policing", "community_safety"}),
    "fraud": frozenset({"fraud"}),
    "planning": frozenset(),
    "research": frozenset({"research"}),
    "regulation": frozenset(),
    "emergency": frozenset({"civil_contingencies"}),
    "administration": frozenset(),
}
"""The fields that a kind of purpose always belongs to."""

WHERE_AT_WORK: Mapping[PurposeCategory, frozenset[str]] = {
    "care": SERVICES,
    "safeguarding": frozenset({"children", "adult_social_care"}),
    "crime": frozenset({"immigration"}),
    "fraud": frozenset({"benefits"}),
    "planning": SERVICES | {"community_safety", "policing"},
    "research": frozenset({"public_health"}),
    "regulation": SERVICES | {"community_safety", "fraud", "immigration"},
    "emergency": frozenset({"health", "public_health", "adult_social_care", "children", "housing"}),
    "administration": SERVICES | {"community_safety", "policing", "immigration"},
}
"""The fields that it belongs to as well, where a party works in them or the data come from them."""

_COUNCIL = frozenset({"children", "adult_social_care", "housing"})
_POLICE = frozenset({"policing", "community_safety"})
_HEALTH = frozenset({"health", "public_health"})

ALL_PURPOSE = frozenset({"county_or_unitary_council", "welsh_council", "scottish_council"})
"""Councils at large: what they work in says little about any one purpose."""

OF_KIND: Mapping[str, frozenset[str]] = {
    "county_or_unitary_council": _COUNCIL,
    "district_council": frozenset({"housing"}),
    "welsh_council": _COUNCIL,
    "scottish_council": _COUNCIL,
    "combined_or_strategic_authority": frozenset({"housing", "employment"}),
    "childrens_services": frozenset({"children"}),
    "adult_social_care": frozenset({"adult_social_care"}),
    "housing_authority": frozenset({"housing"}),
    "public_health": frozenset({"public_health"}),
    "youth_justice_service": _POLICE | {"children"},
    "police_force": _POLICE,
    "local_policing_body": _POLICE,
    "national_law_enforcement_body": _POLICE,
    "probation": frozenset({"policing"}),
    "prison_service": frozenset({"policing"}),
    "nhs_trust": frozenset({"health"}),
    "ambulance_trust": frozenset({"health"}),
    "integrated_care_board": _HEALTH,
    "nhs_england": _HEALTH,
    "special_health_authority": _HEALTH,
    "welsh_local_health_board": _HEALTH,
    "scottish_health_board": _HEALTH | {"adult_social_care"},
    "northern_ireland_trust": _HEALTH | {"adult_social_care", "children"},
    "gp_practice": frozenset({"health"}),
    "independent_health_or_care_provider": frozenset({"health", "adult_social_care"}),
    "school": frozenset({"education", "children"}),
    "academy_trust": frozenset({"education", "children"}),
    "independent_school": frozenset({"education", "children"}),
    "further_education": frozenset({"education", "employment"}),
    "higher_education": frozenset({"education", "research"}),
    "early_years_provider": frozenset({"education", "children"}),
    "fire_and_rescue": frozenset({"community_safety", "civil_contingencies"}),
    "registered_housing_provider": frozenset({"housing"}),
    "dwp": frozenset({"benefits", "employment"}),
    "hmrc": frozenset({"benefits", "fraud"}),
    "home_office": frozenset({"immigration"}),
    "northern_ireland_body": frozenset({"housing", "benefits", "education"}),
    "regulator": frozenset({"health", "adult_social_care", "education"}),
    "disclosure_and_barring_service": frozenset({"safeguarding"}),
    "scottish_childrens_reporter": frozenset({"children"}),
    "financial_institution": frozenset({"fraud"}),
    "research_body": frozenset({"research"}),
}
"""What a kind of body works in, as a rule. A kind that is not here brings no field of its own.

Councils do nearly everything. They bring only what they do as a social services or housing
authority; benefits, education and public health count where another party or the data bring them.
"""


@frozen
class PurposeFields:
    """The fields that one purpose belongs to, for its parties and data.

    Attributes:
        certain: those of its kind, whoever takes part.
        close: those, and what the data or a party with one kind of work bring.
        at_large: what a council at large works in, and nothing else brings.
    """

    certain: frozenset[str]
    close: frozenset[str]
    at_large: frozenset[str]

    @property
    def all(self) -> frozenset[str]:
        """Every field, and the general one."""
        return self.close | self.at_large | {GENERAL}


def of_purpose(
    category: PurposeCategory | None,
    kinds: Iterable[str],
    items: Iterable[DataItem],
    *,
    about_children: bool | None,
) -> PurposeFields:
    """Return the fields that a purpose belongs to, for the parties and the data at hand.

    Args:
        category: the kind of purpose; None, not yet answered, belongs to none but the general one.
        kinds: the kinds of all who send or receive for the purpose.
        items: the data that move for the purpose.
        about_children: whether any of it is about children; None where that is not answered.
    """
    if category is None:
        return PurposeFields(frozenset(), frozenset(), frozenset())
    named = set(_of_data(items))
    at_large: set[str] = set()
    for kind in kinds:
        (at_large if kind in ALL_PURPOSE else named).update(OF_KIND.get(kind, ()))
    if about_children:
        named.add("children")
    elif about_children is None:
        at_large.add("children")
    certain, possible = ALWAYS[category], WHERE_AT_WORK[category]
    close = certain | (possible & named)
    return PurposeFields(certain, close, (possible & at_large) - close)


def own_work(kinds: Iterable[str]) -> frozenset[str]:
    """Return what bodies of these kinds work in; councils at large are left out."""
    return frozenset(
        field for kind in kinds if kind not in ALL_PURPOSE for field in OF_KIND.get(kind, ())
    )


def _of_data(items: Iterable[DataItem]) -> Iterable[str]:
    for item in items:
        contains = item.also_contains or ()
        if "health" in (item.special_category or ()):
            yield "health"
        if "criminal_offence" in (item.category or ()):
            yield from _POLICE
        if "adult_social_care_record" in contains:
            yield "adult_social_care"
        if "child_social_care_record" in contains:
            yield "children"
        if "education_record" in contains:
            yield "education"
        if "benefits" in (item.restricted or ()):
            yield "benefits"
