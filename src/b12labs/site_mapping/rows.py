"""Read one patient from a row: a mapping, or a row of a table. Its names are read like the headers of a table."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from b12labs.errors import B12LabsError, MeasurementError, PanelError, shown_given, suggestion
from b12labs.inputs import panel as panels
from b12labs.inputs.numbers import Decimal
from b12labs.inputs.operators import is_comparator
from b12labs.inputs.options import OPTIONS
from b12labs.inputs.panel import Panel, Problem
from b12labs.inputs.several import checked_units, family
from b12labs.inputs.units import usual_units
from b12labs.reference import CONTEXT_FIELDS, analytes
from b12labs.site_mapping.headers import Headers, bare_operators, recognize, row_values
from b12labs.site_mapping.mapping import SiteMapping
from b12labs.text import shown

__all__ = ["read_row_panel", "row_of"]

Row = list[tuple[str, Any]]

_EXPECTED = "results by name, as in interpret(b12='145 pg/mL', age=67), a mapping or a row of them, or a Panel"
#: Objects that are not a patient, by library and type, and the function that reads each.
_INSTEAD = {
    ("pandas", "DataFrame"): "interpret_frame(table) reads every row, interpret(table.iloc[0]) the first",
    ("polars", "DataFrame"): "interpret_frame(table) reads every row, interpret(table.row(0, named=True)) the first",
    ("polars", "LazyFrame"): "b12labs.integrations.polars.interpret reads it, or interpret_frame(table.collect())",
    ("polars", "Series"): "interpret_frame(series.to_frame()) reads a column of results",
    ("pyarrow", "Table"): "interpret_frame(table) reads every row",
    ("pyspark", "DataFrame"): "b12labs.integrations.spark.interpret reads every row",
    ("builtins", "list"): "interpret_frame(pandas.DataFrame(data)) reads several patients",
}
#: The ending of a file's name: `labs.csv.gz`, and not `<0.1` or `1.5 umol/L`.
_NAME_OF_FILE = re.compile(r"\.[a-z]{2,7}\Z", re.IGNORECASE)
_FILE = "b12labs.files.interpret_file(path) reads a file"
_TABLE = (
    "panel: expected one patient, got a list under every name. interpret_frame(pandas.DataFrame(data)) reads a table"
)


def row_of(given: Any) -> Row:
    """Return the names and cells of a row. Raises `PanelError` for anything else, with the function that reads it."""
    kind = type(given)
    known = (kind.__module__.partition(".")[0], kind.__name__)
    given = given._asdict() if hasattr(given, "_asdict") else given  # a row of `itertuples`
    if isinstance(given, Mapping) or known == ("pandas", "Series"):
        row = [(str(name), cell) for name, cell in given.items()]
        if row and all(_is_column(cell) and name not in CONTEXT_FIELDS for name, cell in row):
            raise PanelError(_TABLE, code="unreadable_panel", field="panel")
        return row
    is_path = hasattr(given, "__fspath__") or (isinstance(given, str) and _NAME_OF_FILE.search(given) is not None)
    instead = _FILE if is_path else _INSTEAD.get(known)
    said = f"{shown_given(given)}{'. ' if instead else ''}{instead or ''}"
    raise PanelError(f"panel: expected {_EXPECTED}, got {said}", code="unreadable_panel", field="panel")


def _is_column(cell: Any) -> bool:
    return isinstance(cell, list) or (hasattr(cell, "__len__") and hasattr(cell, "dtype"))


def read_row_panel(
    row: Row, *, units: Mapping[str, str] | None, decimal: Decimal, site: SiteMapping, report: bool
) -> Panel:
    """Read a row by its headers. A name that is not like that of a result or field is ignored.

    Raises `B12LabsError`. With `report`, an unreadable value or a doubtful name is a problem of the panel instead.
    """
    names = [name for name, _ in row]
    for name, cell in row:
        if name in OPTIONS and (name != "units" or isinstance(cell, Mapping)):
            beside = f"Give it beside the row: interpret(row, {name}=...)"
            raise PanelError(f"{name}: this is an option. {beside}", code="unknown_field", field=name)
    found = recognize(names, units=_of_row(names, units, site), results=False, site=site)
    if row and not found.by_field():
        many = ", ".join(map(shown, names[:10]))
        raise PanelError(f"panel: expected {_EXPECTED}, got the names {many}", code="unreadable_panel", field="panel")
    unknown = [*_not_read(found), *_bounds(found, row)]
    if unknown and not report:
        raise unknown[0]
    panel = _read(row_values(found, dict(row)), decimal, report=report)
    problems = (Problem(error.code, error.field or "", error.message) for error in unknown)
    return replace(panel, problems=(*problems, *panel.problems))


def _read(values: dict[str, Any], decimal: Decimal, *, report: bool) -> Panel:
    """Read the values of a row. The error of a missing unit explains how to give one."""
    try:
        return panels.read_panel(values, decimal=decimal, report=report)
    except MeasurementError as error:
        if error.code == "missing_unit" and error.field in analytes():
            usual = usual_units(analytes()[error.field])[0]
            error.message += f". Give it beside the row: units={{{error.field!r}: {usual!r}}}"
            error.args = (error.message,)
        raise


def _of_row(names: list[str], units: Mapping[str, str] | None, site: SiteMapping) -> dict[str, str]:
    """Return the units of the results in the row; the other units may be for other rows."""
    said = dict(units or {})
    checked_units({name: unit for name, unit in said.items() if name not in names or name in analytes()})
    there = recognize(names, results=False, site=site).analytes if said else {}
    return {name: unit for name, unit in said.items() if name in names or set(family(name)) & there.keys()}


def _bounds(found: Headers, row: Row) -> list[B12LabsError]:
    """Return the errors of bounds in columns of their own: it is not known which result they bound."""
    bare = bare_operators(found.unused)
    return [
        PanelError(
            f"{shown(name)}: expected a bound in the value itself, such as b12='<150 pg/mL'",
            code="unknown_operator",
            field=name,
        )
        for name, cell in row
        if name in bare and is_comparator(cell)
    ]


def _not_read(found: Headers) -> list[B12LabsError]:
    return [
        PanelError(
            f"{shown(name)} is neither an analyte nor a field of a panel{suggestion(key)} Leave it out, or use "
            'errors="report"',
            code="unknown_field",
            field=name,
        )
        for name, key in found.doubtful.items()
    ]
