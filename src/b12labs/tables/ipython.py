"""`%load_ext b12labs`: a table that interpret_frame returned is shown with its summary above it.

The table itself does not change.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from b12labs.errors import ColumnError
from b12labs.tables.counts.summary import is_interpreted, summarize

__all__ = ["load", "unload"]

#: The module and name of each library's table class. None of them is imported.
TABLES = (
    ("pandas", "DataFrame"),
    ("pandas.core.frame", "DataFrame"),
    ("polars.dataframe.frame", "DataFrame"),
    ("pyarrow.lib", "Table"),
)

Show = Callable[[Any], "str | None"]


def load(ipython: Any) -> None:
    """Show the summary above tables of interpretations. Other tables do not change."""
    formatter = ipython.display_formatter.formatters["text/html"]
    for module, name in TABLES:
        before = formatter.for_type_by_name(module, name)
        if not isinstance(before, _WithSummary):
            formatter.pop(f"{module}.{name}", None)  # a formatter set for the class would override one set by name
            formatter.for_type_by_name(module, name, _WithSummary(before))


def unload(ipython: Any) -> None:
    """Show every table as before."""
    formatter = ipython.display_formatter.formatters["text/html"]
    for module, name in TABLES:
        ours = formatter.for_type_by_name(module, name)
        if isinstance(ours, _WithSummary):
            formatter.pop(f"{module}.{name}", None)
            if ours.before is not None:
                formatter.for_type_by_name(module, name, ours.before)


class _WithSummary:
    """Shows a table by `before` or by its own method, with a summary above a table of interpretations."""

    def __init__(self, before: Show | None) -> None:
        self.before = before

    def __call__(self, table: Any) -> str | None:
        own = self.before or getattr(type(table), "_repr_html_", None)
        shown: str | None = own(table) if own is not None else None
        if not is_interpreted(table):
            return shown
        try:
            summary = summarize(table)
        except ColumnError:  # columns with the same names, but other content
            return shown
        return summary._repr_html_() + (shown or "")
