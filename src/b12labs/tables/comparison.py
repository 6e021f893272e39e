"""compare_guidelines_frame(): a table interpreted by several guidelines, read once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Unpack

import numpy as np

from b12labs.errors import checked_option
from b12labs.inputs.options import UnreportedContext
from b12labs.limits.default import DEFAULT_GUIDELINE
from b12labs.limits.stratified import Limits, limits_of
from b12labs.reference import guideline_keys
from b12labs.tables.frames import as_table, read_frame
from b12labs.tables.options import ReadingOptions, checked_options, takes
from b12labs.tables.outputs import Column, Truths, Words
from b12labs.tables.reading import for_limits
from b12labs.tables.rows import CohortOutcome, interpret_cohort

__all__ = ["compare_guidelines_frame"]

#: The answers that are compared between guidelines, as in `compare_guidelines`.
_CONCLUDED = ("status", "functional_deficiency", "treatment_route")

_EXPECTED = "a list of guidelines, by key or by the path of a file, each once"


@takes(ReadingOptions)
def compare_guidelines_frame(
    frame: Any,
    *,
    guidelines: Sequence[str | Path] | None = None,
    unreported_context: UnreportedContext = "absent",
    **reading: Unpack[ReadingOptions],
) -> Any:
    """Interpret a table with one row per draw by several guidelines, and list the guidelines that differ.

    Parameters
    ----------
    frame
        As for `interpret_frame`. It is read once.
    guidelines
        Keys of guidelines, or paths of guideline files. The others are compared with the first. The default is all of
        them, `nice-ng239` first.
    unreported_context, units, columns, decimal, mapping
        As for `interpret_frame`.

    Returns the same type of table, row for row: `differ`, the keys of the guidelines whose conclusions differ from the
    first, separated by `; `; for each guideline `KEY.status`, `KEY.functional_deficiency` and `KEY.treatment_route`, as
    in `interpret_frame`; and `problems`. Raises `ColumnError` and `GuidelineError`.

    >>> import pandas as pd
    >>> from b12labs import compare_guidelines_frame
    >>> labs = pd.DataFrame({"B12 [pg/mL]": [195, 150], "age": [67, 40]})
    >>> found = compare_guidelines_frame(labs, guidelines=["nice-ng239", "uptodate"])
    >>> found[["differ", "nice-ng239.status", "uptodate.status"]].values.tolist()
    [['uptodate', 'indeterminate', 'deficient'], ['', 'deficient', 'deficient']]

    """
    compared = _limits(guidelines)
    options = checked_options(unreported_context=unreported_context, **reading)
    cohort = read_frame(frame, options)
    found = {
        key: interpret_cohort(for_limits(cohort, limits), replace(options, limits=limits))
        for key, limits in compared.items()
    }
    first = next(iter(found.values()))
    columns: dict[str, Column] = {"differ": _differ(first, found)}
    for key, outcome in found.items():
        columns |= {f"{key}.{code}": outcome.columns[code] for code in _CONCLUDED}
    return as_table({**columns, "problems": first.columns["problems"]}, frame)


def _limits(guidelines: Any) -> dict[str, Limits]:
    """Return the limits of the guidelines to compare, by key. Raises `B12LabsError` if there are none, or one twice."""
    if guidelines is None:
        guidelines = (DEFAULT_GUIDELINE, *(key for key in guideline_keys() if key != DEFAULT_GUIDELINE))
    is_list = isinstance(guidelines, Sequence) and not isinstance(guidelines, str)
    checked_option("guidelines", guidelines, _EXPECTED, holds=is_list and len(guidelines) > 0)
    found = [limits_of(guideline) for guideline in guidelines]
    by_key = {limits.guideline.key: limits for limits in found}
    checked_option("guidelines", guidelines, _EXPECTED, holds=len(by_key) == len(found))
    return by_key


def _differ(first: CohortOutcome, found: dict[str, CohortOutcome]) -> Words:
    """Return for every row the guidelines whose conclusions differ from the first."""
    rows = len(first.words("status").codes)
    bits = np.zeros(rows, dtype=np.int64)
    for place, other in enumerate(found.values()):
        for code in _CONCLUDED:
            bits |= _unlike(first.columns[code], other.columns[code]).astype(np.int64) << place
    distinct, codes = np.unique(bits, return_inverse=True)
    texts = ["; ".join(key for place, key in enumerate(found) if bit >> place & 1) for bit in distinct.tolist()]
    return Words(codes.astype(np.int32), texts, free=True)


def _unlike(one: Column, other: Column) -> Any:
    """Return the rows in which two columns of the same answer differ."""
    if isinstance(one, Words):
        assert isinstance(other, Words)
        assert one.words == other.words, "the words of a verdict are the same by every guideline"
        return one.codes != other.codes
    assert isinstance(other, Truths)
    return (one.holds != other.holds) | (one.unknown != other.unknown)
