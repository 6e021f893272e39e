"""Read one patient's values by a site's own names, units and words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from b12labs.errors import checked_option, checked_texts, checked_word
from b12labs.inputs import panel as panels
from b12labs.inputs.numbers import Decimal
from b12labs.inputs.options import UNITS_EXPECTED
from b12labs.inputs.panel import Panel
from b12labs.inputs.several import checked_units
from b12labs.site_mapping.mapping import SiteMapping, as_mapping
from b12labs.text import StrPath

__all__ = ["panel_of", "read_panel"]


def read_panel(
    values: Mapping[str, Any],
    *,
    units: Mapping[str, str] | None = None,
    decimal: Decimal | None = None,
    mapping: SiteMapping | StrPath | None = None,
    report: bool = False,
) -> Panel:
    """Read a panel from named values.

    Names are analytes, `age`, `sex`, `pregnant`, `trimester`, `gestational_weeks`, `elevation`, and the context fields
    `symptoms`, `risk_factors`, `medicines` and `diagnoses`. A context field is a list or a text of terms. A name may
    also be a context term (`nitrous_oxide="yes"`).

    Parameters
    ----------
    values
        The values by name.
    units
        The unit of an analyte whose value has none.
    decimal
        `","` if values are written with a decimal comma.
    mapping
        A site's own names of tests, units and words, or the path of its file (docs/tables.md).
    report
        Whether an unreadable value becomes a problem of the panel. Otherwise it raises a `B12LabsError` with its field.

    """
    checked_word("decimal", decimal, Decimal | None)
    holds = isinstance(values, Mapping) and all(isinstance(name, str) for name in values)
    checked_option("values", values, "a dictionary from names to values", holds=holds)
    checked_units(units)
    site = as_mapping(mapping)
    told, known = site.read_for_panel(values, units)
    return panels.read_panel(told, units=known, decimal=decimal or site.decimal or ".", report=report)


def panel_of(
    given: Any,
    values: Mapping[str, Any],
    *,
    units: Mapping[str, str] | None,
    decimal: Decimal | None,
    mapping: SiteMapping | StrPath | None,
    report: bool,
) -> Panel:
    """Return the panel that a function of one patient was given: a panel, a row, or values by name.

    Raises `B12LabsError`, and `TypeError` if two of these were given.
    """
    checked_word("decimal", decimal, Decimal | None)
    if given is None:
        return read_panel(dict(values), units=units, decimal=decimal, mapping=mapping, report=report)
    if isinstance(given, Panel):
        if values or units or decimal not in (None, ".") or mapping is not None:
            raise TypeError("give a panel, or values by name with their units, decimal and mapping, not both")
        return given
    from b12labs.site_mapping.rows import read_row_panel, row_of  # it imports headers, which values by name do not need

    row, site = row_of(given), as_mapping(mapping)
    if values:
        raise TypeError(f"give the values in the mapping, or by name, not both: got {', '.join(values)} by name")
    checked_texts("units", units, UNITS_EXPECTED)
    return read_row_panel(row, units=units, decimal=decimal or site.decimal or ".", site=site, report=report)
