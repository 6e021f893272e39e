"""Which rules a report prints and where, and which panels tell about B12."""

import pytest

from b12labs import read_panel
from b12labs.reasoning.compiled import BESIDE, FINDING_RULES, PRINTED, is_assessed, program


def test_every_finding_that_is_printed_is_compiled_and_printed_in_one_place():
    """Whom to watch on metformin stands beside the assessment of B12; what TTP looks like goes first under it."""
    for code in (*PRINTED, *BESIDE):
        assert program().slot(FINDING_RULES[code]) >= 0
    assert set(BESIDE).isdisjoint(PRINTED)
    assert "watch_on_metformin" in BESIDE
    assert PRINTED.index("possible_ttp") < PRINTED.index("lifelong_treatment")


@pytest.mark.parametrize(
    ("results", "assessed"),
    [
        ({"mma": "0.30 umol/L"}, True),
        ({"b12": "300 ng/L", "mma": "0.30 umol/L"}, True),
        ({"hemoglobin": "120 g/L"}, False),
        ({}, False),
    ],
)
def test_a_panel_tells_about_b12_where_one_of_its_markers_was_measured(results, assessed):
    assert is_assessed(read_panel(results)) == assessed
