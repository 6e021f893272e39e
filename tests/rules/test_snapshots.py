"""What every guideline concludes over a grid of results has not changed unnoticed."""

import difflib

import pytest

from b12labs.reference import guideline_keys
from tests.decision_tables import FOLDER, table

MEANT = "If the change is meant, write the snapshots again with the one command:  make generated"


@pytest.mark.parametrize("key", guideline_keys())
def test_a_guideline_concludes_what_its_snapshot_says(key):
    path = FOLDER / f"{key}.csv"
    recorded = path.read_text(encoding="utf-8") if path.exists() else ""
    found = table(key)
    if found != recorded:
        changed = list(
            difflib.unified_diff(recorded.splitlines(), found.splitlines(), "recorded", "now", n=0, lineterm="")
        )
        pytest.fail(
            "\n".join([f"{key} concludes otherwise than recorded in {path.name}. {MEANT}", *changed[:20]]),
            pytrace=False,
        )


def test_every_snapshot_belongs_to_a_guideline():
    assert sorted(path.stem for path in FOLDER.glob("*.csv")) == sorted(guideline_keys()), MEANT
