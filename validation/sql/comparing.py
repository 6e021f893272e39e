"""Compare a statement's answers with those of `interpret_frame`, row by row."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from b12labs import interpret_frame
from validation.sql.rows import MadeUp

__all__ = ["differences", "expected"]


def expected(made: MadeUp, guideline: str, findings: bool) -> pd.DataFrame:
    """Return the answers of `interpret_frame` to the rows, without the next tests."""
    found: pd.DataFrame = interpret_frame(made.frame, guideline=guideline, units=made.units, findings=findings)
    return found.drop(columns="next_tests")


def differences(wanted: pd.DataFrame, got: pd.DataFrame) -> dict[str, int]:
    """Return the number of rows with different answers by column; a missing column differs in all rows."""
    found = {}
    for name in wanted:
        if name not in got:
            found[str(name)] = len(wanted)
        else:
            found[str(name)] = int(np.count_nonzero(_plain(wanted[name]) != _plain(got[name])))
    return {name: count for name, count in found.items() if count}


def _plain(column: pd.Series[Any]) -> Any:
    cells = column.astype(object)
    return np.where(cells.isna(), "(missing)", cells.astype(str))
