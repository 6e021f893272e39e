"""Long tables, one row per result, read into draws and interpreted: `interpret_long()`.

`recognize_long` recognizes the columns, `to_draws` groups the results, and `read_mapping` reads a site's description of
its tables.
"""

from __future__ import annotations

from typing import Any, Unpack

from b12labs.draws.columns import completed
from b12labs.draws.grouping import Draws, problem_kinds, to_draws
from b12labs.errors import ColumnWarning, warn_user
from b12labs.limits.stratified import Limits
from b12labs.site_mapping.headers import Headers, recognize
from b12labs.tables.cohort import Cohort
from b12labs.tables.frames import as_table
from b12labs.tables.given import table_of
from b12labs.tables.options import TableOptions, checked_options, takes
from b12labs.tables.outputs import Column
from b12labs.tables.reading import read_cohort
from b12labs.tables.rows import interpret_cohort

__all__ = ["interpret_long", "read_draws"]


@takes(TableOptions)
def interpret_long(
    frame: Any, *, window_hours: float | None = None, use_preliminary: bool = False, **options: Unpack[TableOptions]
) -> Any:
    """Interpret a table with one row per result: patient, time, test, value, unit, and optional columns.

    Parameters
    ----------
    frame
        A pandas or polars DataFrame, a pyarrow Table, or a dict of columns; generic headers, SDTM LB, OMOP MEASUREMENT,
        MIMIC, eICU, PCORnet and Synthea are recognized.
    guideline, findings, unreported_context, certainty, decimal
        As for `interpret_frame`.
    units
        The unit of an analyte's results that have none.
    columns
        The meaning of columns whose names are not known: `{"Kode": "test", "Wert": "value"}`, a field, or `ignore`.
    mapping
        A site's own names, columns and units, or the path of its file. The other options override it.
    window_hours
        The length of a draw in hours, from its first result; by default the mapping's, or 24.
    use_preliminary
        Whether preliminary results without a final one are used.

    Returns the same type of table (pandas for a dict), one row per draw: `patient` and `time` of its first result as
    they are in the input, then `OUTPUT_COLUMNS`. It has no rows if no result can be used. Unused results of a draw are
    among the draw's `problems`. `to_draws` lists all problems by row, and with pandas `attrs["problems"]` counts them.
    Raises `ColumnError`, `GuidelineError` and `ReferenceDataError`.

    """
    checked = checked_options(**options)
    site = completed(checked.site, checked.columns).with_units(checked.units or {})
    draws = to_draws(
        frame, window_hours=window_hours, mapping=site, decimal=options.get("decimal"), use_preliminary=use_preliminary
    )
    if len(draws.draw) and not len(draws.wide):
        reasons = "; ".join(f"{found.problem.message} ({len(found.rows)})" for found in draws.problems[:5])
        warn_user(f"no result of the table could be used: {reasons}", ColumnWarning)
    outcome = interpret_cohort(read_draws(draws, checked.limits)[1], checked)
    table = _answer(frame, draws, outcome.columns)
    if hasattr(table, "attrs"):
        table.attrs["problems"] = problem_kinds(draws)
    return table


def _answer(frame: Any, draws: Draws, columns: dict[str, Column]) -> Any:
    """Return the patient and time of every draw as in the input, and its answers."""
    import narwhals as nw

    rows, names = draws.origin["patient"].tolist(), draws.columns.roles
    if isinstance(frame, dict):
        import pandas

        frame = pandas.DataFrame({name: draws.cells[name] for name in ("patient", "time")})
        rows, names = list(range(len(frame))), {"patient": ("patient",), "time": ("time",)}
    table = nw.from_native(table_of(frame), eager_only=True)
    keys = {}
    for role in ("patient", "time"):
        held: tuple[str, ...] = names[role]
        said = nw.new_series(role, draws.cells[role].tolist(), nw.String(), backend=table.implementation)
        as_it_came = len(held) == 1 and not (role == "time" and names.get("time_of_day"))
        keys[role] = table[held[0]][rows] if as_it_came else said
    return as_table(columns, frame, keys)


def read_draws(draws: Draws, limits: Limits) -> tuple[Headers, Cohort]:
    """Read the wide table of draws like any wide table, and add the problems of its results."""
    found = recognize(draws.wide.columns, results=False)

    def column(name: str) -> Any:
        return draws.wide[name].to_numpy(dtype=object)

    cohort = read_cohort(column, len(draws.wide), found, limits, decimal=draws.decimal)
    for problem, rows in draws.problems_of_draws():
        cohort.problems.add(problem, rows)
    return found, cohort
