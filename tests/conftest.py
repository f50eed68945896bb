"""Sets how hard Hypothesis tries, and gives the tests what most of them start from."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from piagen.pipeline.assess import questionnaire as shipped_questionnaire
from piagen.resources import shipped

SLOW_TO_DRAW = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example)

settings.register_profile(
    "small", max_examples=40, deadline=None, derandomize=True, suppress_health_check=SLOW_TO_DRAW
)
settings.register_profile(
    "soak", max_examples=1_000, deadline=None, print_blob=True, suppress_health_check=SLOW_TO_DRAW
)


def _soaks(config):
    chosen = config.getoption("markexpr", "")
    return "soak" in chosen and "not soak" not in chosen


def pytest_configure(config):
    wanted = os.environ.get("HYPOTHESIS_PROFILE", "small")
    settings.load_profile("soak" if _soaks(config) else wanted)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    """With `-m soak`, every Hypothesis test is a soak test: it then tries many more examples."""
    if _soaks(config):
        for item in items:
            if getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
                item.add_marker(pytest.mark.soak)


@pytest.fixture(scope="session")
def questionnaire():
    return shipped_questionnaire()


@pytest.fixture
def example():
    """Read a shipped example afresh, so that a test may change it."""

    def read(name):
        return json.loads((shipped("examples") / f"{name}.json").read_text(encoding="utf-8"))

    return read


@pytest.fixture(scope="session")
def example_names():
    return sorted(path.stem for path in Path(shipped("examples")).glob("*.json"))
