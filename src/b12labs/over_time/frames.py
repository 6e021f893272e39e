"""follow_up_frame(): a table of dated draws of many patients, into one row per patient."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Unpack

from b12labs.errors import B12LabsError, ColumnError, checked_word
from b12labs.inputs.options import UnreportedContext
from b12labs.inputs.variation import OwnVariation, Variation, variations
from b12labs.limits.default import DEFAULT_GUIDELINE
from b12labs.logic.language import TRUE, TruthValue
from b12labs.over_time.changes import judged_change, pairs_before_and_after
from b12labs.over_time.follow_up import RouteGiven, judged_response, next_checks
from b12labs.over_time.series import moment, read_date
from b12labs.over_time.table_draws import TableDraw, TableDraws
from b12labs.over_time.told import Series
from b12labs.rules.follow_up import CONSIDER
from b12labs.site_mapping.headers import not_there, recognize, warn_of_doubtful
from b12labs.tables.frames import cells_of, warn_of_unit_row
from b12labs.tables.given import headers_of
from b12labs.tables.options import ReadingOptions, checked_options, takes
from b12labs.tables.reading import read_cohort
from b12labs.text import is_blank, is_missing

__all__ = ["follow_up_frame"]


@takes(ReadingOptions)
def follow_up_frame(
    frame: Any,
    *,
    patient: str = "patient",
    when: str = "date",
    treatment_started: str | None = None,
    laboratory: str | None = None,
    route: RouteGiven | None = None,
    guideline: str = DEFAULT_GUIDELINE,
    variation: OwnVariation | None = None,
    unreported_context: UnreportedContext = "absent",
    **reading: Unpack[ReadingOptions],
) -> Any:
    """Read the draws of many patients over time, each patient as in `follow_up`.

    Parameters
    ----------
    frame
        A pandas or polars DataFrame or a pyarrow Table with one draw per row. Results are recognized as by
        `interpret_frame`.
    patient, when
        The columns of the patient and of the day of the draw.
    treatment_started, laboratory
        The columns of the day on which treatment started (the first in a patient's rows) and of the laboratory, if
        any. Without the former, treatment is taken to start on the day of a patient's first draw. If the column exists
        and is blank for a patient, the patient has a problem.
    route, guideline, variation, unreported_context
        As for `follow_up`.
    units, columns, decimal, mapping
        As for `interpret_frame`.

    Returns the same type of table, one row per patient in the order of their first rows: `patient`, `draws`, `days`,
    `response`, `real_changes`, `consider`, `next_review`, `status` and `problems`. A patient whose dates cannot be read
    has a problem and no response. Rows without a patient become one row with a problem, since they may be of several
    patients. Raises `ColumnError` if a column is missing or nothing is recognized, and the errors of `follow_up` for
    its options.

    """
    headers = headers_of(frame)
    own = {"patient": patient, "when": when, "treatment_started": treatment_started, "laboratory": laboratory}
    for role, header in own.items():
        if header is not None and header not in headers:
            raise ColumnError(f"{role}: {not_there(header, headers)}", code="unknown_column", field=header)
    checked_word("route", route, RouteGiven | None)
    known = variations(variation)
    options = checked_options(guideline=guideline, unreported_context=unreported_context, **reading)
    results = [header for header in headers if header not in own.values()]
    columns = recognize(results, mapping=options.columns, units=options.units, site=options.site)
    warn_of_doubtful(columns)
    table, cells = cells_of(frame)
    warn_of_unit_row(columns, cells)
    draws = TableDraws(read_cohort(cells, len(table), columns, options.limits, decimal=options.decimal), options)
    days, laboratories = table[when].to_list(), _named(table, laboratory)
    starts = table[treatment_started].to_list() if treatment_started else [None] * len(table)
    patients: dict[Any, list[int]] = {}
    for row, who in enumerate(table[patient].to_list()):
        patients.setdefault(None if is_blank(who) else who, []).append(row)

    def answer(rows: list[int]) -> dict[str, Any]:
        dated = sorted(((moment(days[row]), row) for row in rows), key=lambda each: each[0])
        of_patient = [TableDraw(draws, row, time.date(), laboratories[row]) for time, row in dated]
        given = next((starts[row] for row in rows if not is_blank(starts[row])), None)
        started = of_patient[0].when if given is None else read_date(given, "treatment_started")
        line = _answer(of_patient, started, known, route, options.unreported)
        if treatment_started and given is None:
            line["problems"] = "; ".join(filter(None, (f"{treatment_started}: missing_start", line["problems"])))
        return line

    lines = []
    for who, rows in patients.items():
        line = {"patient": who, "draws": len(rows), **_NO_ANSWER}
        if who is None:
            line["problems"] = f"{patient}: missing_patient"
        else:
            try:
                line |= answer(rows)
            except B12LabsError as error:
                line["problems"] = f"{error.field}: {error.code}"
        lines.append(line)
    return _table_like(table, lines, patient)


def _named(table: Any, laboratory: str | None) -> list[str]:
    """Return the laboratory of every row, empty if none is named."""
    if laboratory is None:
        return [""] * len(table)
    return ["" if is_missing(name) else str(name).strip() for name in table[laboratory].to_list()]


def _table_like(table: Any, lines: list[dict[str, Any]], patient: str) -> Any:
    """Return the lines as a table of the given type; the patient's column keeps its own type."""
    import narwhals as nw

    names = ["patient", "draws", *_NO_ANSWER]
    if table.implementation.is_pandas():
        import pandas

        kinds = {"patient": table.to_native()[patient].dtype, **dict.fromkeys(_COUNTS, "Int64")}
        said = pandas.DataFrame(
            {name: pandas.Series([line[name] for line in lines], dtype=kinds.get(name, object)) for name in names}
        )
        # If a word is missing, pandas 2 writes the word None.
        return said.astype({name: "str" for name in names if name not in kinds}).where(said.notna())
    schema = {
        "patient": table.schema[patient],
        **{name: nw.Int64() if name in _COUNTS else nw.String() for name in names[1:]},
    }
    return nw.from_dict(
        {name: [line[name] for line in lines] for name in names}, schema=schema, backend=table.implementation
    ).to_native()


_COUNTS = ("draws", "days")

_NO_ANSWER: dict[str, Any] = dict.fromkeys(
    ("days", "response", "real_changes", "consider", "next_review", "status", "problems")
)


def _answer(
    draws: list[TableDraw],
    started: date,
    known: Mapping[str, Variation],
    route: RouteGiven | None,
    unreported: TruthValue,
) -> dict[str, Any]:
    """Return the columns of a patient's row, from draws in the order of time."""
    series = Series(draws, started)
    judged = judged_response(series, known, route=route, unreported=unreported)
    last = series.last
    checks = next_checks(last.when, started, judged.told, last.review_days)
    changes = {
        key: judged_change(key, before, after, known) for key, before, after in pairs_before_and_after(draws, started)
    }
    considered = (rule.code for rule in CONSIDER if judged.values.of(rule) == TRUE)
    problems = (problem for draw in draws for problem in draw.problems)
    return {
        "days": (last.when - started).days,
        "response": judged.answer,
        "real_changes": "; ".join(f"{key} {change.direction}" for key, change in changes.items() if change.real),
        "consider": "; ".join(code.removeprefix("consider_") for code in considered),
        "next_review": checks[0].when.isoformat() if checks else None,
        "status": last.status,
        "problems": "; ".join(dict.fromkeys(problems)),
    }
