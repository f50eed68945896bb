"""The risk scale gives the rating of the published three-by-three table."""

from __future__ import annotations

from itertools import product
from typing import get_args

import pytest

from piagen.domain.risk_scale import Likelihood, Severity, rating

TABLE = """
                remote  reasonable_possibility  more_likely_than_not
serious_harm    low     high                    high
some_impact     low     medium                  high
minimal_impact  low     low                     low
"""


def read_table():
    heading, *lines = (line.split() for line in TABLE.strip().splitlines())
    for severity, *ratings in lines:
        for likelihood, expected in zip(heading, ratings, strict=True):
            yield likelihood, severity, expected


CELLS = list(read_table())


@pytest.mark.parametrize(("likelihood", "severity", "expected"), CELLS)
def test_a_cell_of_the_table(likelihood, severity, expected):
    assert rating(likelihood, severity) == expected


def test_the_table_has_every_pair_of_words():
    pairs = [(likelihood, severity) for likelihood, severity, _ in CELLS]
    assert sorted(pairs) == sorted(product(get_args(Likelihood), get_args(Severity)))


@pytest.mark.parametrize(
    ("likelihood", "severity"), [(None, "serious_harm"), ("remote", None), (None, None)]
)
def test_half_an_answer_has_no_rating(likelihood, severity):
    assert rating(likelihood, severity) is None
