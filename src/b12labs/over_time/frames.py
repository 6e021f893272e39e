"""follow_up_frame(): a table of draws, with who and when, into one row a patient."""

from __future__ import annotations

from datetime import date
from typing import Any, Unpack

from b12labs.errors import B12LabsError, ColumnError, checked_word
from b12labs.inputs.options import UnreportedContext
from b12labs.inputs.panel import read_panel
from b12labs.inputs.variation import OwnVariation, variations
from b12labs.limits.default import DEFAULT_GUIDELINE
from b12labs.over_time.follow_up import RouteGiven, follow_up
from b12labs.tables.frames import headers_of
from b12labs.tables.given import table_of
from b12labs.tables.headers import not_there, numeric_terms, recognize, row_values, warn_of_doubtful
from b12labs.tables.options import ReadingOptions, checked_options, takes
from b12labs.text import is_blank

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
    """Read the draws of many patients over time, each patient as `follow_up` reads one.

    Parameters
    ----------
    frame
        A pandas or polars DataFrame or a pyarrow Table with one draw a row. Results are recognized as by
        `interpret_frame`.
    patient, when
        The columns of the patient and of the day of the draw.
    treatment_started, laboratory
        The columns of the day on which treatment started (the first that a patient's rows say) and of the laboratory,
        if there are any. Without the first, treatment is taken to start on the day of a patient's first draw; a patient
        in whom it is blank has that as a problem.
    route, guideline, variation, unreported_context
        As for `follow_up`.
    units, columns, decimal, mapping
        As for `interpret_frame`.

    Returns the same type of table, one row a patient in the order of their first rows: `patient`, `draws`, `days`,
    `response`, `real_changes`, `consider`, `next_review`, `status` and `problems`. A patient whose dates cannot be read
    has a problem and no response; so have the rows in which no patient is named, in one row, since they may be of
    several. Raises `ColumnError` where a column is not there or nothing is recognized, and as `follow_up` for its
    options.

    """
    import narwhals as nw

    headers = headers_of(frame)
    own = {"patient": patient, "when": when, "treatment_started": treatment_started, "laboratory": laboratory}
    for role, header in own.items():
        if header is not None and header not in headers:
            raise ColumnError(f"{role}: {not_there(header, headers)}", code="unknown_column", field=header)
    checked_word("route", route, RouteGiven | None)
    variations(variation)
    options = checked_options(guideline=guideline, unreported_context=unreported_context, **reading)
    results = [header for header in headers if header not in own.values()]
    columns = recognize(results, mapping=options.columns, units=options.units, site=options.site)
    warn_of_doubtful(columns)
    table = nw.from_native(table_of(frame), eager_only=True)
    columns.numeric = numeric_terms(columns, lambda name: table[name].to_list())
    patients: dict[Any, list[dict[str, Any]]] = {}
    for row in table.iter_rows(named=True):
        who = row[patient]
        patients.setdefault(None if is_blank(who) else who, []).append(row)

    def draw(row: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        panel = read_panel(row_values(columns, row), decimal=options.decimal, report=True)
        return row[when], {"panel": panel, "laboratory": row[laboratory] if laboratory else None}

    def answer(rows: list[dict[str, Any]]) -> dict[str, Any]:
        starts = [row[treatment_started] for row in rows] if treatment_started else []
        started = next((start for start in starts if not is_blank(start)), None)
        line = _answer(
            follow_up(
                [draw(row) for row in rows],
                treatment_started=started,
                route=route,
                guideline=guideline,
                variation=variation,
                unreported_context=unreported_context,
                errors="report",
            )
        )
        if treatment_started and started is None:
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


def _table_like(table: Any, lines: list[dict[str, Any]], patient: str) -> Any:
    """Return the lines as a table of the kind that was given; the patient's column keeps its type."""
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


def _answer(found: Any) -> dict[str, Any]:
    review: date | None = found.next_review
    return {
        "days": found.days,
        "response": found.response,
        "real_changes": "; ".join(f"{change.analyte} {change.direction}" for change in found.changes if change.real),
        "consider": "; ".join(said.code.removeprefix("consider_") for said in found.consider),
        "next_review": None if review is None else review.isoformat(),
        "status": found.status,
        "problems": "; ".join(dict.fromkeys(f"{problem.field}: {problem.code}" for problem in found.problems)),
    }
