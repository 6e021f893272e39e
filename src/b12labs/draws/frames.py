"""Long tables, one row a result, read into draws and interpreted: `interpret_long()`.

`recognize_long` says which column is which, `to_draws` groups the results, `read_mapping` reads what a site says once
about its tables.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Unpack

from b12labs.draws.columns import completed
from b12labs.draws.grouping import Draws, to_draws
from b12labs.errors import ColumnError
from b12labs.inputs.numbers import Decimal
from b12labs.limits.stratified import Limits
from b12labs.site_mapping.file import as_mapping
from b12labs.site_mapping.mapping import SiteMapping
from b12labs.tables.cohort import Cohort
from b12labs.tables.headers import Headers, recognize
from b12labs.tables.options import QuestionOptions, checked_options, takes
from b12labs.tables.outputs import as_pandas
from b12labs.tables.reading import read_cohort
from b12labs.tables.rows import interpret_cohort

__all__ = ["interpret_long", "read_draws"]


@takes(QuestionOptions)
def interpret_long(
    frame: Any,
    *,
    window_hours: float | None = None,
    mapping: SiteMapping | str | Path | None = None,
    decimal: Decimal | None = None,
    units: dict[str, str] | None = None,
    columns: dict[str, str] | None = None,
    use_preliminary: bool = False,
    **options: Unpack[QuestionOptions],
) -> Any:
    """Interpret a table with one result a row: patient, time, test, value, unit, and what stands beside them.

    Parameters
    ----------
    frame
        A pandas or polars DataFrame or a pyarrow Table; generic headers, SDTM LB, OMOP MEASUREMENT and MIMIC are
        recognized.
    guideline, findings, unreported_context, certainty
        As for `interpret_frame`.
    window_hours
        How long after its first result a draw ends; 24 unless said here or in the mapping.
    mapping
        A site's own names, columns and units, or the path of its file.
    decimal
        `","` where values are written with a decimal comma.
    units
        The unit of results of an analyte that state none.
    columns
        What a column is, where its name does not tell: `{"Kode": "test"}`.
    use_preliminary
        Whether preliminary results are used where there is no final one.

    Returns a pandas DataFrame, one row a draw: `patient`, `time` of its first result, then `OUTPUT_COLUMNS`. Results
    that are in a draw and were not used are among the draw's `problems`; `attrs["problems"]` counts all, and `to_draws`
    has them by row. Raises `ColumnError`, `GuidelineError` and `ReferenceDataError`.

    """
    import pandas

    checked = checked_options(**options)
    site = completed(as_mapping(mapping), columns).with_units(units or {})
    draws = to_draws(frame, window_hours=window_hours, mapping=site, decimal=decimal, use_preliminary=use_preliminary)
    _, cohort = read_draws(draws, checked.limits)
    outcome = interpret_cohort(cohort, checked)
    ours = pandas.DataFrame({name: as_pandas(column) for name, column in outcome.columns.items()})
    table = pandas.concat([draws.wide[["patient", "time"]], ours], axis=1)
    table.attrs["problems"] = [
        {
            "code": found.problem.code,
            "field": found.problem.field,
            "message": found.problem.message,
            "rows": len(found.rows),
            "used": found.used,
        }
        for found in draws.problems
    ]
    return table


def read_draws(draws: Draws, limits: Limits) -> tuple[Headers, Cohort]:
    """Read the wide table of draws as any wide table is read; the problems of their results are theirs."""
    if not len(draws.wide):
        reasons = "; ".join(f"{found.problem.message} ({len(found.rows)})" for found in draws.problems[:5])
        raise ColumnError(f"no result of the table could be used: {reasons or 'it has no rows'}", code="no_results")
    found = recognize(draws.wide.columns)

    def column(name: str) -> Any:
        return draws.wide[name].to_numpy(dtype=object)

    cohort = read_cohort(column, len(draws.wide), found, limits, decimal=draws.decimal)
    for problem, rows in draws.problems_of_draws():
        cohort.problems.add(problem, rows)
    return found, cohort
