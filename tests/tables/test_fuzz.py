"""Whatever a cell holds:

no exception, and it is missing, read or reported, none both; in a column as for one patient.
"""

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from b12labs import interpret_frame
from b12labs.tables.cells import Problems, read_analyte
from tests.fuzz import BACKENDS, check, check_file, run
from tests.fuzz import Table as Malformed


@pytest.mark.parametrize("place", range(len(BACKENDS)))
def test_every_malformed_cell_is_missing_read_or_reported(place):
    counts = check(Malformed(place, 60, BACKENDS[place]))
    states = {state for _, state in counts}
    assert {"missing", "read", "reported"} <= states
    assert counts["b12", "reported"] > 10


def test_a_file_of_malformed_cells_is_read_as_its_table(tmp_path):
    check_file(Malformed(1000, 60, "csv"), tmp_path)


def test_the_fuzz_counts_every_cell():
    assert sum(run(3000, seed=7, rows=20).values()) >= 3000


COLUMNS = {
    "lists": pl.Series([[145], [1]]),
    "structures": pl.Series([{"value": 145, "unit": "pg/mL"}, {"value": 1, "unit": "pg/mL"}]),
    "objects": pl.Series([145, object()], dtype=pl.Object),
    "large numbers": pl.Series([2**60 + 1, 145]),
    "larger numbers": pl.Series([2**63 + 1, 145], dtype=pl.UInt64),
    "the largest numbers": pl.Series([2**100, 145], dtype=pl.Int128),
    "maps": pa.array([[("a", 1)], [("value", 145)]], pa.map_(pa.string(), pa.int64())),
    "runs": pa.compute.run_end_encode(pa.array(["145", "x"])),
    "pandas lists": pd.array([[1], [2]], dtype=pd.ArrowDtype(pa.list_(pa.int64()))),
    "arrays": pd.Series([np.array([1, 2]), 145], dtype=object),
    "dates": pd.to_datetime(["2020-01-01", "2020-01-02"]),
    "lengths of time": pd.to_timedelta([1, 2]),
    "complex numbers": np.array([145, 1j]),
    "truths": np.array([True, False]),
}


@pytest.mark.parametrize("name", COLUMNS)
def test_a_column_of_any_type_is_read_or_reported(name):
    column = COLUMNS[name]
    names = ["b12 [pg/mL]", "symptoms", "age"]
    frame = (
        pl.DataFrame(dict.fromkeys(names, column))
        if isinstance(column, pl.Series)
        else pa.table([column] * 3, names)
        if isinstance(column, pa.Array)
        else pd.DataFrame(dict.fromkeys(names, column))
    )
    assert len(interpret_frame(frame)) == 2


def test_more_combinations_than_a_number_holds_are_kept_apart():
    rows = 8_000  # 8,000 x 4,001 x 5,334 x 8,000 x 8,000 is more than 2**63
    numbers = [f"{100 + place / 100:.2f}" for place in range(rows)]
    beside = {
        "unit": np.array([["pg/mL", f"x{place}"][place % 2] for place in range(rows)], dtype=object),
        "flag": np.array([["L", f"y{place}"][place % 3 > 0] for place in range(rows)], dtype=object),
        "reference_low": np.array([f"{place / 1000}" for place in range(rows)], dtype=object),
        "reference_high": np.array([f"{20 + place / 1000}" for place in range(rows)], dtype=object),
    }
    problems = Problems()
    data = read_analyte(
        "b12", np.array(numbers, dtype=object), unit=None, decimal=".", beside=beside, problems=problems
    )
    even = np.arange(rows) % 2 == 0
    low, high = data.interval()
    assert np.allclose(low[even], [float(text) for text in numbers[::2]])
    assert np.allclose(data.reference_high[even], 20 + np.arange(rows)[even] / 1000)
    assert (high[~even] == np.inf).all()
    reported = np.unique(np.concatenate([rows for _, rows in problems.found]))
    assert (np.isin(np.arange(rows), reported) == (~even | (np.arange(rows) % 3 > 0))).all()
