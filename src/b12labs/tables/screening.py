"""screen_frame(): whether to test each row of a table, by the same rules as `screen`."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from b12labs.errors import ColumnError
from b12labs.inputs.options import UnreportedContext, unreported_truth
from b12labs.limits.stratified import limits_of
from b12labs.logic.columns.primitives import Columns
from b12labs.logic.language import UNKNOWN, TruthValue
from b12labs.logic.open import possible_outcomes
from b12labs.reasoning.screening import DEPENDS, GUIDELINE, HANGS_ON_UNREAD, is_context, screening_program, testing_by
from b12labs.rules.screening import first_test
from b12labs.site_mapping.file import as_mapping
from b12labs.site_mapping.headers import recognize, warn_of_doubtful
from b12labs.site_mapping.mapping import SiteMapping
from b12labs.tables.cohort import CohortInputs
from b12labs.tables.frames import as_table, cells_of
from b12labs.tables.given import headers_of
from b12labs.tables.outputs import Words
from b12labs.tables.reading import read_cohort
from b12labs.tables.rows import problem_words
from b12labs.tables.wanted import columns_of, words_of

__all__ = ["screen_frame"]


def screen_frame(
    frame: Any,
    *,
    guideline: str = GUIDELINE,
    columns: dict[str, str] | None = None,
    mapping: SiteMapping | str | Path | None = None,
    unreported_context: UnreportedContext = "absent",
) -> Any:
    """Screen every row of a table: whether to test for B12 deficiency, and with which test first.

    Columns of the patient and the context are recognized as in `interpret_frame`; results are ignored. `columns` or a
    `mapping` names columns that are not known. `guideline` is as for `screen`. Returns the same type of table with
    `testing`, `first_test` (words of `Screening.advice` and of the rules' catalogue; missing if no test is advised) and
    `problems`, row for row. A word that cannot be read has the same effect as in `screen`. Raises `ColumnError` for a
    table without a column of symptoms or risk factors.

    >>> import pandas as pd
    >>> from b12labs import screen_frame
    >>> people = pd.DataFrame({"age": [67, 30], "symptoms": ["numbness", "fever"], "medicines": ["metformin", None]})
    >>> screen_frame(people)[["testing", "first_test"]].values.tolist()
    [['offer', 'b12_or_holotc'], ['not_advised', nan]]

    """
    testing = testing_by(guideline)
    headers = headers_of(frame)
    found = recognize(headers, mapping=columns, results=False, site=as_mapping(mapping))
    if not (found.context or found.terms):
        expected = "symptoms, risk_factors, medicines, diagnoses, or a term itself, such as metformin"
        given = ", ".join(map(repr, headers[:20])) or "no columns"
        raise ColumnError(f"columns: expected symptoms or risk factors ({expected}), got {given}", code="no_columns")
    warn_of_doubtful(found)
    found.analytes.clear()
    table, cells = cells_of(frame)
    limits, rows = limits_of(guideline), len(table)
    cohort = read_cohort(cells, rows, found, limits)
    verdicts = {"testing": testing, "first_test": first_test}
    as_asked = unreported_truth(unreported_context)
    unread = np.zeros(rows, dtype=bool)
    for problem, places in cohort.problems.found:
        if is_context(problem):
            unread[places] = True

    def said_with(unreported: TruthValue) -> dict[str, Words]:
        do = Columns()
        values = screening_program().run(CohortInputs(cohort, limits, do, unreported=unreported))
        wanted = {
            name: words_of(verdict, possible_outcomes(verdict, values), DEPENDS) for name, verdict in verdicts.items()
        }
        return cast(dict[str, Words], columns_of(do.tape, wanted, rows))

    said = said_with(as_asked)
    again = unread & _is_one_of(said["testing"], HANGS_ON_UNREAD)
    if again.any():
        for name, words in said_with(UNKNOWN).items():
            said[name].codes[again] = words.codes[again]
    # If no testing is advised, there is no first test.
    said["first_test"].codes[_is_one_of(said["testing"], ("not_advised", "not_covered"))] = -1
    return as_table({**said, "problems": problem_words(cohort.problems, rows)}, frame)


def _is_one_of(column: Words, words: tuple[str, ...]) -> npt.NDArray[np.bool_]:
    """Return which rows have one of the words."""
    return np.isin(column.codes, [column.words.index(word) for word in words if word in column.words])
