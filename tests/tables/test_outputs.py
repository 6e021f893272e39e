"""Truths come out of a table as their library holds them, and say the same in each form."""

import pandas as pd
import polars as pl
import pytest

from b12labs import B12LabsError, interpret_frame
from b12labs.reasoning.compiled import FINDING_RULES

LABS = pd.DataFrame(
    {
        "B12 [pg/mL]": [110.0, 600.0, None, 250.0] * 40,
        "mma [umol/L]": [0.9, None, 0.2, 0.3] * 40,
        "Hb [g/dL]": [9.0, 14.0, None, 12.0] * 40,
        "age": [40, 70, 8, 30] * 40,
    }
)


def test_findings_as_bits_say_what_they_say_as_pandas_truths():
    plain = interpret_frame(LABS, findings=True, certainty=True)
    bits = interpret_frame(LABS, findings=True, certainty=True, findings_dtype="bool[pyarrow]")
    truths = [name for name in plain if plain[name].dtype == "boolean"]
    assert set(truths) >= {*FINDING_RULES, "robust"}
    for name in plain:
        assert (str(bits[name].dtype) == "bool[pyarrow]") == (name in truths)
        assert bits[name].astype(object).fillna("-").tolist() == plain[name].astype(object).fillna("-").tolist()
    assert {True, False, "-"} == set(bits["functional_deficiency"].astype(object).fillna("-"))


def test_findings_as_bits_take_an_eighth_of_the_memory():
    used = {
        dtype: interpret_frame(LABS, findings=True, findings_dtype=dtype)[list(FINDING_RULES)].memory_usage().sum()
        for dtype in ("boolean", "bool[pyarrow]")
    }
    assert used["bool[pyarrow]"] < used["boolean"] / 6


def test_another_library_holds_its_truths_by_itself():
    frame = pl.from_pandas(LABS)
    assert interpret_frame(frame, findings_dtype="bool[pyarrow]").equals(interpret_frame(frame))


def test_a_dtype_that_no_truth_has_is_refused():
    with pytest.raises(B12LabsError, match="findings_dtype: expected 'boolean' or 'bool\\[pyarrow\\]', got 'bool'"):
        interpret_frame(LABS, findings_dtype="bool")
