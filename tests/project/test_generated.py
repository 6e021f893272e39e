"""The generated files are those of today's rules, limits, names and docstrings."""

import difflib

import pytest

from tests.conftest import ROOT
from tests.generated import files, left_over

MEANT = "If the change is meant, write them again with the one command:  make generated"
SHOWN_LINES = 20


def test_every_generated_file_is_up_to_date():
    made, stale = files(), {}
    for name, text in made.items():
        path = ROOT / name
        recorded = path.read_text(encoding="utf-8") if path.is_file() else ""
        if recorded != text:
            lines = difflib.unified_diff(recorded.splitlines(), text.splitlines(), "recorded", "now", n=0, lineterm="")
            stale[name] = [line[:200] for line in list(lines)[:SHOWN_LINES]]
    if stale or left_over(made):
        shown = [line for name, lines in stale.items() for line in (f"{name} is not what it is made from now.", *lines)]
        gone = [f"{name} is made from nothing any more." for name in left_over(made)]
        pytest.fail("\n".join([MEANT, *gone, *shown]), pytrace=False)
