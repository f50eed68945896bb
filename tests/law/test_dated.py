"""The law is read on the assessment's day: each status and date stands as the papers say."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from piagen.law.catalogue import load_catalogue
from piagen.law.citation import UnknownCitation
from piagen.law.dated import REGULATOR, Standing, standing_of
from piagen.law.model import InForce, Status

DAY = date(2026, 11, 20)
BEFORE, AFTER = DAY - timedelta(1), DAY + timedelta(1)
catalogue = load_catalogue()


@pytest.mark.parametrize(
    ("status", "from_", "to", "expected"),
    [
        (Status.IN_FORCE, None, None, Standing.IN_FORCE),
        (Status.IN_FORCE, DAY, None, Standing.IN_FORCE),
        (Status.IN_FORCE, AFTER, None, Standing.NOT_YET_IN_FORCE),
        (Status.IN_FORCE, None, DAY, Standing.IN_FORCE),
        (Status.IN_FORCE, None, BEFORE, Standing.ENDED),
        (Status.NOT_YET_FULLY_IN_FORCE, None, None, Standing.START_UNKNOWN),
        (Status.NOT_YET_FULLY_IN_FORCE, DAY, None, Standing.IN_FORCE),
        (Status.NOT_YET_FULLY_IN_FORCE, AFTER, None, Standing.NOT_YET_IN_FORCE),
        (Status.REPEALED, None, None, Standing.REPEALED),
        (Status.REPEALED, BEFORE, AFTER, Standing.REPEALED),
        (None, None, None, Standing.NOT_READ),
        (None, DAY, None, Standing.IN_FORCE),
        (None, AFTER, None, Standing.NOT_YET_IN_FORCE),
        (None, None, BEFORE, Standing.ENDED),
        (None, None, AFTER, Standing.NOT_READ),
    ],
)
def test_a_status_and_its_dates_on_a_day(status, from_, to, expected):
    assert standing_of(status, InForce(from_, to), DAY) is expected


@pytest.mark.parametrize(
    ("status", "from_", "expected"),
    [
        (Status.IN_FORCE, AFTER, Standing.IN_FORCE),
        (Status.NOT_YET_FULLY_IN_FORCE, None, Standing.START_UNKNOWN),
        (Status.NOT_YET_FULLY_IN_FORCE, BEFORE, Standing.NOT_YET_IN_FORCE),
        (Status.REPEALED, None, Standing.REPEALED),
        (None, BEFORE, Standing.NOT_READ),
    ],
)
def test_without_a_day_only_statuses_speak(status, from_, expected):
    assert standing_of(status, InForce(from_), None) is expected


@pytest.mark.parametrize(
    ("key", "day", "expected"),
    [
        ("uk-gdpr/6/1/ea", date(2026, 2, 4), Standing.NOT_YET_IN_FORCE),
        ("uk-gdpr/6/1/ea", date(2026, 2, 5), Standing.IN_FORCE),
        ("dpa-2018/164A", date(2026, 6, 18), Standing.NOT_YET_IN_FORCE),
        ("dpa-2018/164A", date(2026, 6, 19), Standing.IN_FORCE),
        ("children-act-2004-s16la", DAY, Standing.START_UNKNOWN),
        ("lsa-2000-s117", DAY, Standing.REPEALED),
        ("cda-1998-s115", DAY, Standing.IN_FORCE),
        ("duaa-2025", DAY, Standing.NOT_READ),
    ],
)
def test_gateways_provisions_bases_and_instruments_have_a_standing(key, day, expected):
    assert catalogue.as_at(day).standing(key) is expected


def test_an_unknown_key_names_the_nearest():
    with pytest.raises(UnknownCitation, match="cda-1998-s115"):
        catalogue.as_at(DAY).standing("cda-1998-s116")


def test_dating_the_law_reads_nothing_again():
    assert catalogue.as_at(DAY).catalogue is catalogue
    assert catalogue.as_at(DAY) == catalogue.as_at(DAY)


def test_the_regulator_has_one_name_which_can_be_set():
    assert catalogue.as_at(None).regulator == REGULATOR
    assert catalogue.as_at(None, "Information Commission").regulator == "Information Commission"


@pytest.mark.parametrize("standing", Standing)
def test_every_standing_reads_as_words(standing):
    assert "_" not in standing.words


@given(st.sampled_from(sorted(catalogue.headings)), st.dates())
def test_no_day_brings_back_what_is_repealed(id_, day):
    gateway = catalogue.gateways[id_]
    standing = catalogue.as_at(day).standing(id_)
    if gateway.status is Status.REPEALED:
        assert standing is Standing.REPEALED
    if gateway.in_force.excludes(day):
        assert standing is not Standing.IN_FORCE
