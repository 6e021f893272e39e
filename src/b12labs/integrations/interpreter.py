"""A table's columns checked once, then any of its parts interpreted.

Every integration with a library of tables uses this.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any, Unpack

import numpy as np

from b12labs.errors import ColumnError
from b12labs.site_mapping.headers import Headers, not_there, recognize, warn_of_doubtful
from b12labs.tables.options import CheckedOptions, TableOptions, checked_options
from b12labs.tables.outputs import Column, Words, output_names
from b12labs.tables.reading import read_cohort
from b12labs.tables.rows import CohortOutcome, interpret_cohort

__all__ = ["Interpreter", "Keep", "interpreter"]

#: True for all of the table's own columns, False for none, or the names of those wanted.
Keep = bool | Sequence[str]


@dataclass(frozen=True)
class Interpreter:
    """Interprets every part of one table.

    It pickles with its guideline, so that every worker applies the one that was checked.
    """

    options: CheckedOptions
    found: Headers
    #: The table's own columns that are returned, in order.
    kept: tuple[str, ...]
    #: The interpretation's columns under their final names; True for words, False for truths.
    added: dict[str, bool]

    def columns(self, column: Callable[[str], Any], rows: int) -> dict[str, Column]:
        """Return the interpretation's columns for a part of the table.

        `column` returns the part's cells of a column by its name.
        """
        return dict(zip(self.added, self.outcome(column, rows).columns.values(), strict=True))

    def outcome(self, column: Callable[[str], Any], rows: int) -> CohortOutcome:
        """Return the interpretation of a part of the table, with its problems."""
        cohort = read_cohort(column, rows, self.found, self.options.limits, decimal=self.options.decimal)
        return interpret_cohort(cohort, self.options)


def interpreter(
    headers: Sequence[str],
    *,
    lists: Collection[str] = (),
    structs: Collection[str] = (),
    keep: Keep = True,
    **options: Unpack[TableOptions],
) -> Interpreter:
    """Check a table's columns and the options, before any row is read.

    `keep` names the table's own columns to return before the interpretation's; `lists` and `structs` name the columns
    that hold lists, and structs or maps. Raises `ColumnError`, `GuidelineError`, or another `B12LabsError` that names
    the option.
    """
    asked = checked_options(**options)
    kept = tuple(headers) if keep is True else tuple(keep or ())
    for name in kept:
        if name not in headers:
            raise ColumnError(f"keep: {not_there(name, headers)}", code="unknown_column", field=name)
    checked = Interpreter(
        asked, recognize(headers, mapping=asked.columns, units=asked.units, site=asked.site), kept, {}
    )
    warn_of_doubtful(checked.found)
    for name in checked.found.names():
        if name in structs or (name in lists and name not in checked.found.context.values()):
            raise ColumnError(
                f"column {name!r}: expected one value per cell, got lists, structs or maps; convert or drop it",
                code="nested_column",
                field=name,
            )
    empty = checked.outcome(lambda _: np.array([], dtype=object), 0).columns
    names = output_names(list(kept), list(empty))
    checked.added.update({name: isinstance(column, Words) for name, column in zip(names, empty.values(), strict=True)})
    return checked
