"""One patient's values by a site's own names, units and words."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from b12labs.errors import checked_option, checked_word
from b12labs.inputs import panel as panels
from b12labs.inputs.numbers import Decimal
from b12labs.inputs.panel import Panel
from b12labs.site_mapping.mapping import SiteMapping, as_mapping

__all__ = ["read_panel"]


def read_panel(
    values: dict[str, Any],
    *,
    units: dict[str, str] | None = None,
    decimal: Decimal | None = None,
    mapping: SiteMapping | str | Path | None = None,
    report: bool = False,
) -> Panel:
    """Read a panel from named values.

    Names are analytes, `age`, `sex`, `pregnant`, `trimester`, `gestational_weeks`, `elevation`, and the context fields
    (`symptoms`, `risk_factors`, `medicines`, `diagnoses`), each a list or a text of terms, or a context term itself
    (`nitrous_oxide="yes"`).

    Parameters
    ----------
    values
        The values by name.
    units
        The unit of an analyte whose value does not say one.
    decimal
        `","` where values are written with a decimal comma.
    mapping
        A site's own names of tests, units and words, or the path of its file (docs/tables.md).
    report
        Whether what cannot be read becomes a problem; otherwise a `B12LabsError` that names the field is raised.

    """
    checked_word("decimal", decimal, Decimal | None)
    checked_option("values", values, "a dictionary from names to values", holds=isinstance(values, Mapping))
    site = as_mapping(mapping)
    told, known = site.read_for_panel(values, units)
    return panels.read_panel(told, units=known, decimal=decimal or site.decimal or ".", report=report)
