"""screen_frame(): whom of a table to test, row for row, by the same rules as `screen`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from b12labs.errors import ColumnError
from b12labs.inputs.options import UnreportedContext, unreported_truth
from b12labs.limits.stratified import limits_of
from b12labs.logic.arrays import Columns
from b12labs.logic.language import UNKNOWN, TruthValue
from b12labs.reasoning.screening import DEPENDS, GUIDELINE, HANGS_ON_UNREAD, is_context, screening_program, testing_by
from b12labs.rules.screening import first_test
from b12labs.site_mapping.file import as_mapping
from b12labs.site_mapping.mapping import SiteMapping
from b12labs.tables.cohort import CohortInputs
from b12labs.tables.frames import as_table, cells_of, headers_of
from b12labs.tables.headers import recognize, warn_of_doubtful
from b12labs.tables.outputs import Column
from b12labs.tables.reading import read_cohort
from b12labs.tables.rows import CHUNK, Outcomes, problem_words

__all__ = ["screen_frame"]


def screen_frame(
    frame: Any,
    *,
    guideline: str = GUIDELINE,
    columns: dict[str, str] | None = None,
    mapping: SiteMapping | str | Path | None = None,
    unreported_context: UnreportedContext = "absent",
) -> Any:
    """Say for every row of a table whether to test for B12 deficiency, and with which test first.

    Columns of the patient and the context are recognized as `interpret_frame` recognizes them, results are passed over;
    `columns` or a `mapping` says what one is where its name does not tell. `guideline` is as for `screen`. Returns the
    same type of table with `testing`, `first_test` (words of `Screening.advice` and of the rules' catalogue; missing
    where no test is advised) and `problems`, row for row. A word that cannot be read counts as for `screen`. Raises
    `ColumnError` where no column says anything of symptoms or risk factors.

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
        given = ", ".join(map(repr, headers[:20])) or "no columns at all"
        raise ColumnError(
            f"no column of symptoms or risk factors is among {given}; expected: {expected}", code="no_columns"
        )
    warn_of_doubtful(found)
    found.analytes.clear()
    table, cells = cells_of(frame)
    limits, rows = limits_of(guideline), len(table)
    cohort = read_cohort(cells, rows, found, limits)
    said = {"testing": Outcomes(testing, rows, DEPENDS), "first_test": Outcomes(first_test, rows, DEPENDS)}
    as_asked = unreported_truth(unreported_context)
    unread = np.zeros(rows, dtype=bool)
    for problem, places in cohort.problems.found:
        if is_context(problem):
            unread[places] = True
    hangs = [said["testing"].known.index(word) for word in HANGS_ON_UNREAD]

    def take(part: slice, unreported: TruthValue) -> list[Any]:
        primitives = Columns(part.stop - part.start)
        values = screening_program().run(
            CohortInputs(cohort, limits, part, unreported=unreported, primitives=primitives)
        )
        for verdict in said.values():
            verdict.take(part, values, None)
        return [verdict.codes[part].copy() for verdict in said.values()]

    for start in range(0, rows, CHUNK):
        part = slice(start, min(start + CHUNK, rows))
        first = take(part, as_asked)
        again = unread[part] & np.isin(first[0], hangs)
        if again.any():
            for verdict, before, after in zip(said.values(), first, take(part, UNKNOWN), strict=True):
                verdict.codes[part] = np.where(again, after, before)
    # Where nothing is advised no test comes first.
    known = said["testing"].known
    none = [known.index(word) for word in ("not_advised", "not_covered") if word in known]
    said["first_test"].codes[np.isin(said["testing"].codes, none)] = -1
    words: dict[str, Column] = {name: verdict.words() for name, verdict in said.items()}
    return as_table({**words, "problems": problem_words(cohort.problems, rows)}, frame)
