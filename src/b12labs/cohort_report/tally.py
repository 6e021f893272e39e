"""The counts of a report besides the summary's totals, part by part of a run, in memory that does not grow."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import Any

import numpy as np

from b12labs.answer.answers import VERDICTS
from b12labs.cohort_report.model import AnalyteQuality, StatusBand
from b12labs.cohort_report.worklist import Worklist
from b12labs.errors import MeasurementError
from b12labs.files.chunks import Chunk, cells
from b12labs.files.run import FileRun
from b12labs.inputs.numbers import Decimal, printed_number
from b12labs.logic.expressions import INF
from b12labs.reasoning.compiled import PRINTED
from b12labs.reference import analytes
from b12labs.tables.cells import AnalyteData, NumberData, Problems
from b12labs.tables.cohort import Cohort
from b12labs.tables.counts.totals import parts_of
from b12labs.tables.encoding import Ints, codes_of
from b12labs.tables.rows import CohortOutcome
from b12labs.text import LONGEST, is_blank

__all__ = ["FINDINGS", "CohortTally"]

#: The findings whose rows are counted: those that one patient's report prints under its headline.
FINDINGS = PRINTED
AGES = (18, 40, 60, 75)
AGE_NAMES = ("under 18", "18 to 39", "40 to 59", "60 to 74", "75 and over", "age unknown")
SEX_NAMES = ("female", "male", "sex unknown")
#: The most spellings of units that are counted separately; a column of text may have one per row.
SPELLINGS = 200
OTHER = "other spellings"
_DIGIT = re.compile(r"\d")


class CohortTally:
    """Counts the parts of a run: call `tally(run, chunk, cohort, outcome)` for each."""

    def __init__(self, identifier: str | None = None) -> None:
        self.worklist = Worklist(identifier)
        self.words: dict[str, Counter[str]] = {code: Counter() for code in VERDICTS if code != "status"}
        self.next_tests: Counter[str] = Counter()
        self.findings: Counter[str] = Counter()
        self.analytes: dict[str, AnalyteQuality] = {}
        self.age_unknown = self.sex_unknown = 0
        self._bands: Counter[tuple[int, str]] = Counter()

    def __call__(self, run: FileRun, chunk: Chunk, cohort: Cohort, outcome: CohortOutcome) -> None:
        """Count a part of the rows."""
        for name, counter in self.words.items():
            counter.update({word or "undecided": count for word, count in outcome.words(name).counts().items()})
        self.next_tests += parts_of(outcome.words("next_tests").counts().items())
        self.findings.update({code: int(np.count_nonzero(outcome.truths(code).holds)) for code in FINDINGS})
        self._count_bands(cohort, outcome)
        for key in run.found.analytes:
            quality = self.analytes.setdefault(key, AnalyteQuality(analyte=key, label=analytes()[key].label))
            _count_results(quality, cohort.results[key], cohort.rows, outcome.problems)
            _count_units(quality, run, chunk, cohort.results[key])
        self.worklist.take(run, chunk, outcome)

    def by_age_and_sex(self) -> list[StatusBand]:
        """Return the counts of each status by sex and age, without empty bands."""
        found: dict[int, dict[str, int]] = {}
        for (place, status), count in sorted(self._bands.items()):
            found.setdefault(place, {})[status] = count
        return [
            StatusBand(sex=SEX_NAMES[place // 6], age=AGE_NAMES[place % 6], status=status)
            for place, status in found.items()
        ]

    def _count_bands(self, cohort: Cohort, outcome: CohortOutcome) -> None:
        rows, status = cohort.rows, outcome.words("status")
        sex = np.broadcast_to(cohort.sex, rows)
        age = np.full(rows, len(AGES) + 1)
        if cohort.age is not None:
            low, high = cohort.age.interval()
            age = np.where(low == high, np.digitize(low, AGES), age)
        self.age_unknown += int(np.count_nonzero(age == len(AGES) + 1))
        self.sex_unknown += int(np.count_nonzero(sex == 2))
        places = (sex * len(AGE_NAMES) + age) * len(status.words) + status.codes
        for place, count in enumerate(np.bincount(places).tolist()):
            if count:
                band, word = divmod(place, len(status.words))
                self._bands[band, status.words[word]] += count


def _count_results(quality: AnalyteQuality, data: AnalyteData | NumberData, rows: int, problems: Problems) -> None:
    """Count the rows with a result of an analyte, with an unusable one, and with none."""
    if isinstance(data, NumberData):
        measured = int(np.count_nonzero(data.is_measured()))
    else:
        counts = np.bincount(data.codes, minlength=len(data.measured))
        in_numbers = data.measured & ((data.low > 0) | (data.high < INF))
        measured = int(counts[data.measured].sum())
        quality.words += int(counts[data.measured & ~in_numbers].sum())
        quality.censored += int(counts[in_numbers & (data.low != data.high)].sum())
    with_problem: list[Ints] = [where for problem, where in problems.found if problem.field == quality.analyte]
    unusable = 0
    if with_problem:
        where = np.unique(np.concatenate(with_problem))
        unusable = int(np.count_nonzero(~data.is_measured()[where]))
    quality.measured += measured
    quality.unusable += unusable
    quality.missing += rows - measured - unusable


def _count_units(quality: AnalyteQuality, run: FileRun, chunk: Chunk, data: AnalyteData | NumberData) -> None:
    """Count the cells with a number by unit: the cell's own, else that of the unit column, else that of the header."""
    column = run.found.analytes[quality.analyte]
    if isinstance(data, NumberData):
        _add_unit(quality, column.unit or "", int(np.count_nonzero(data.is_measured())))
        return
    codes, distinct = codes_of(cells(chunk.table, column.value))
    counts = np.bincount(codes, minlength=len(distinct)).tolist()
    left = np.zeros(len(distinct), dtype=bool)
    for place, (cell, count) in enumerate(zip(distinct, counts, strict=True)):
        text = cell if isinstance(cell, str) else "" if is_blank(cell) else "0"
        says_more = text.strip("<>=0123456789., ") and len(text) <= LONGEST
        stated = stated_unit(quality.analyte, text, run.checked.decimal) if says_more else ""
        if stated:
            _add_unit(quality, stated, count)
        else:
            left[place] = _DIGIT.search(text) is not None
    in_rows: Any = left[codes]
    beside = column.beside.get("unit")
    if beside is None:
        _add_unit(quality, column.unit or "", int(np.count_nonzero(in_rows)))
        return
    unit_codes, spellings = codes_of(cells(chunk.table, beside))
    for spelling, count in zip(
        spellings, np.bincount(unit_codes[in_rows], minlength=len(spellings)).tolist(), strict=True
    ):
        _add_unit(quality, (column.unit or "") if is_blank(spelling) else str(spelling).strip(), count)


def _add_unit(quality: AnalyteQuality, spelling: str, count: int) -> None:
    if count:
        known = spelling in quality.units or len(quality.units) < SPELLINGS
        spelling = spelling if known else OTHER
        quality.units[spelling] = quality.units.get(spelling, 0) + count


@lru_cache(maxsize=65_536)
def stated_unit(key: str, text: str, decimal: Decimal) -> str:
    """Return the unit after a cell's number, or a blank text if it has no unit or no number."""
    try:
        return printed_number(analytes()[key], text.strip(), decimal)[2]
    except MeasurementError:
        return ""
