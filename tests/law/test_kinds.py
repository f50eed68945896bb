"""A kind matches a list as `body_kinds.yaml` means it, and in no other way."""

from __future__ import annotations

import pytest

from piagen.law.catalogue import load_catalogue
from piagen.law.kinds import BOARD, in_words, listing, matches

kinds = load_catalogue().body_kinds


@pytest.mark.parametrize(
    ("kind", "listed", "how"),
    [
        ("nhs_trust", ["nhs_trust"], "itself"),
        ("ambulance_trust", ["nhs_trust"], "part_of_it"),
        ("nhs_trust", ["ambulance_trust"], "has_its_functions"),
        ("county_or_unitary_council", ["childrens_services"], "has_its_functions"),
        ("district_council", ["housing_authority"], "has_its_functions"),
        ("housing_authority", ["district_council"], "part_of_it"),
        ("voluntary_organisation", ["any"], "any"),
        ("police_force", ["any_public_body"], "any_public_body"),
        ("police_force", ["any", "any_public_body", "police_force"], "itself"),
        (BOARD, [BOARD], "itself"),
    ],
)
def test_a_kind_is_listed(kind, listed, how):
    found = listing(kinds, kind, listed)
    assert found is not None
    assert found.how == how
    assert matches(kinds, kind, listed)
    assert found.is_specific == (how not in ("any", "any_public_body"))


@pytest.mark.parametrize(
    ("kind", "listed"),
    [
        ("gp_practice", ["nhs_trust"]),
        ("district_council", ["county_or_unitary_council"]),
        ("district_council", ["childrens_services"]),
        ("childrens_services", ["adult_social_care"]),
        ("voluntary_organisation", ["any_public_body"]),
        (BOARD, ["any"]),
        (BOARD, ["any_public_body"]),
        ("nhs_trust", []),
        (None, ["any"]),
    ],
)
def test_a_kind_is_not_listed(kind, listed):
    assert not matches(kinds, kind, listed)


def test_one_part_of_a_council_is_not_another_part():
    parts = [kind.id for kind in kinds.values() if "county_or_unitary_council" in kind.part_of]
    for one in parts:
        assert [other for other in parts if matches(kinds, one, [other])] == [one]


def test_an_unknown_kind_is_no_silent_no():
    with pytest.raises(KeyError):
        matches(kinds, "guild", ["any"])


@pytest.mark.parametrize(
    ("kind", "listed", "says"),
    [
        ("ambulance_trust", ["nhs_trust"], "part of “NHS trust or NHS foundation trust”"),
        ("district_council", ["housing_authority"], "has the functions of “Council as local"),
        ("gp_practice", ["any"], "covers any body"),
        ("gp_practice", ["any_public_body"], "covers any public body"),
        ("gp_practice", ["gp_practice"], "which the law names"),
    ],
)
def test_the_words_say_which_kind_is_named_and_how(kind, listed, says):
    found = listing(kinds, kind, listed)
    assert found is not None
    words = in_words(kinds, found)
    assert kinds[kind].name in words
    assert says in words
