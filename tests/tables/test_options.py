"""The options of a table: one type names them, one function checks them, and every function shows them."""

from __future__ import annotations

import inspect
import pickle
from typing import Any

import pandas as pd
import pytest

from b12labs import PanelError, interpret_frame, interpret_long, plots
from b12labs.cohort_report import report_file
from b12labs.files import interpret_file, read_row
from b12labs.files.options import FileOptions, FileReading, FileReadingOptions, RunOptions
from b12labs.integrations import arrow, dask, duckdb, polars, spark
from b12labs.tables.options import QuestionOptions, ReadingOptions, TableOptions, checked_options
from tests.conftest import ROOT

LABS = ROOT / "examples/labs.csv"
TABLE = pd.DataFrame({"b12": [110.0]})
INTEGRATIONS = [module.interpret for module in (dask, duckdb, polars, spark)]
INTEGRATIONS += [spark.interpret_files, arrow.interpret_batches, arrow.output_schema]


@pytest.mark.parametrize(
    ("function", "options", "checks"),
    [
        (interpret_frame, TableOptions, checked_options),
        (interpret_long, QuestionOptions, checked_options),
        (plots.b12_against_mma, ReadingOptions, checked_options),
        (interpret_file, FileOptions, RunOptions),
        (read_row, FileReadingOptions, FileReading),
        *((integration, TableOptions, checked_options) for integration in INTEGRATIONS),
    ],
)
def test_a_function_shows_its_options_with_the_defaults_that_they_have(
    function: Any, options: type, checks: Any
) -> None:
    shown, known = inspect.signature(function).parameters, inspect.signature(checks).parameters
    for name in options.__annotations__:
        assert shown[name].kind is inspect.Parameter.KEYWORD_ONLY
        assert shown[name].default == known[name].default


def test_no_option_is_checked_that_cannot_be_given() -> None:
    assert set(inspect.signature(checked_options).parameters) == set(TableOptions.__annotations__)
    outputs = {"output", "problems"}
    assert set(inspect.signature(RunOptions).parameters) - outputs == set(FileOptions.__annotations__)
    assert set(inspect.signature(FileReading).parameters) == set(FileReadingOptions.__annotations__)


@pytest.mark.parametrize(
    ("call", "hint"),
    [
        (
            lambda: interpret_frame(TABLE, guidline="norway"),
            "interpret_frame() has no option 'guidline'; did you mean 'guid",
        ),
        (lambda: interpret_long(TABLE, certaint=True), "no option 'certaint'; did you mean 'certainty'?"),
        (lambda: arrow.interpret_batches([], unit={}), "no option 'unit'; did you mean 'units'?"),
        (lambda: interpret_file(LABS, outptu="x"), "no option 'outptu'; did you mean 'output'?"),
        (lambda: report_file(LABS, zebra=1), "report_file() has no option 'zebra'"),
    ],
)
def test_an_option_that_does_not_exist_is_refused_with_the_nearest(call: Any, hint: str) -> None:
    with pytest.raises(TypeError) as error:
        call()
    assert hint in str(error.value)


@pytest.mark.parametrize("certainty", [None, "yes", 1, ["b12"]])
def test_how_sure_is_asked_with_true_or_own_variation_and_nothing_else(certainty: Any) -> None:
    with pytest.raises(PanelError, match="certainty: expected True, False, or CVs in percent by analyte"):
        interpret_frame(TABLE, units={"b12": "pmol/L"}, certainty=certainty)


def test_checked_options_reach_another_process_whole() -> None:
    checked = checked_options(guideline="norway", certainty={"b12": 9.0}, findings=["macrocytosis"], decimal=",")
    assert pickle.loads(pickle.dumps(checked)).factors == checked.factors
    assert pickle.loads(pickle.dumps(checked)).limits.guideline == checked.limits.guideline
