"""What several tests share: where real data may lie, a browser, and Hypothesis's settings."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

from tests.browsing import opened_browser

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"

settings.register_profile("default", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("thorough", deadline=None, max_examples=2000, suppress_health_check=[HealthCheck.too_slow])
# A mutant is to meet the same examples each time, and its counterexample is of no interest.
settings.register_profile(
    "mutants",
    deadline=None,
    max_examples=60,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


@pytest.fixture
def shared_file():
    """Return a function from a file's name to its path, which skips where the real data is not there."""

    def find(name):
        path = SHARED / name
        if not path.exists():
            pytest.skip(f"real data {name} is not here; it is not part of the project")
        return path

    return find


@pytest.fixture(scope="module")
def browser():
    """Return a browser, one for all tests of a file."""
    with opened_browser() as chromium:
        yield chromium
