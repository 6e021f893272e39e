"""interpret_frame(): the rules meet columns, in chunks that stay in the processor's cache, and the same type of table comes out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from b12labs import logic
from b12labs.cohort import Cohort, CohortInputs
from b12labs.columns import AnalyteData, Problems, codes_of, read_analyte, read_distinct
from b12labs.errors import B12LabsError, PanelError
from b12labs.evaluation import Program, outcomes
from b12labs.limits import PREGNANCY_UNKNOWN, BoundGuideline, bound
from b12labs.measurement import Decimal
from b12labs.one_patient import (
    B12_MARKERS,
    DEFAULT_GUIDELINE,
    FINDING_RULES,
    PROBLEM_FINDINGS,
    VERDICT_RULES,
    asked_about,
    asked_tests,
    next_test_keys,
)
from b12labs.panel import Problem, is_stated, read_age, read_elevation, read_pregnancy, read_sex, read_trimester, read_yes_no
from b12labs.primitives import Columns as ColumnPrimitives
from b12labs.tables import Columns, recognize
from b12labs.vocabulary import find_term, split_terms, term_groups

__all__ = ["OUTPUT_COLUMNS", "Findings", "interpret_cohort", "interpret_frame", "read_cohort"]

CHUNK = 32_768
#: The columns of an interpretation, in order; findings follow when they are asked for.
OUTPUT_COLUMNS = (
    "status", "functional_deficiency", "megaloblastic_anemia", "anemia", "anemia_grade", "treatment_route", "urgency", "next_tests", "problems",
)  # fmt: skip
TRUTHS = ("functional_deficiency", "megaloblastic_anemia", "anemia")
Findings = bool | Sequence[str]
VERDICT_COLUMNS = ("status", "anemia_grade", "treatment_route", "urgency")
_SEX_PLACES = {"female": 0, "male": 1, None: 2}


def interpret_frame(
    frame: Any,
    *,
    guideline: str = DEFAULT_GUIDELINE,
    units: dict[str, str] | None = None,
    columns: dict[str, str] | None = None,
    decimal: Decimal = ".",
    findings: Findings = False,
    unreported_context: Literal["absent", "unknown"] = "absent",
) -> Any:
    """Interpret a table with one draw a row.

    Parameters
    ----------
    frame
        A pandas or polars DataFrame or a pyarrow Table. Columns are recognized by name, synonym or LOINC code, with the unit in the
        header, in a column beside (`b12_unit`), in the value, or in `units`.
    guideline
        The key of a guideline.
    units
        The unit of an analyte whose header and values do not say one.
    columns
        What a column is, where its name does not tell: `{"LBXB12": "b12"}`.
    decimal
        `","` where values are written with a decimal comma.
    findings
        True for a column of every finding, or the codes of those wanted.
    unreported_context
        Whether context that is not mentioned is taken as absent, or as unknown.

    Returns the same type of table with `OUTPUT_COLUMNS`, row for row with the input (and its index, in pandas): words for verdicts,
    True, False or missing for truths, `; ` between next tests and between problems. A cell that cannot be read is a problem of
    its row and counts as not measured. Raises `ColumnError` and `GuidelineError`.

    """
    import narwhals as nw

    # narwhals refuses a table with a column twice; recognize says which.
    headers = list(frame.columns) if hasattr(frame, "iloc") else nw.from_native(frame, eager_only=True).columns
    recognized = recognize(headers, mapping=columns, units=units)
    table = nw.from_native(frame, eager_only=True)
    limits = bound(guideline)
    cohort = read_cohort(lambda name: table[name].to_numpy(), len(table), recognized, limits, decimal=decimal)
    outcome = interpret_cohort(cohort, limits, findings=findings, unreported_context=unreported_context)
    return _as_table(outcome.columns, frame, table)


@dataclass
class CohortOutcome:
    """The interpretation of every row, by column: words and text as object arrays, truths as int8 (2, 1, 0)."""

    columns: dict[str, npt.NDArray[Any]]
    problems: Problems


def read_cohort(column: Callable[[str], Any], rows: int, found: Columns, limits: BoundGuideline, *, decimal: Decimal = ".") -> Cohort:
    """Read the recognized columns; `column` returns a column's cells by its name."""
    problems = Problems()
    results: dict[str, AnalyteData] = {}
    for key, analyte in found.analytes.items():
        beside = {role: column(header) for role, header in analyte.beside.items()}
        results[key] = read_analyte(key, column(analyte.value), unit=analyte.unit, decimal=decimal, beside=beside, problems=problems)

    def distinct(name: str, read: Callable[[Any], Any]) -> tuple[Any, list[Any]] | None:
        return read_distinct(column(found.patient[name]), read, problems) if name in found.patient else None

    age = distinct("age", read_age)
    ages = None
    band: Any = limits.strata.unknown_age
    if age is not None:
        youngest = limits.youngest
        low = np.array([youngest if years is None else years for years in age[1]], dtype=np.float64)
        high = np.array([np.inf if years is None else years for years in age[1]], dtype=np.float64)
        ages = low[age[0]], high[age[0]]
        bands = [limits.strata.unknown_age if years is None else limits.strata.band(years, years) for years in age[1]]
        band = np.array(bands, dtype=np.int64)[age[0]]
    sex = _places(distinct("sex", read_sex), _SEX_PLACES, 2)
    pregnancy = _pregnancy(distinct, rows)
    sex, pregnancy = _consistent(sex, pregnancy, rows, problems)
    elevation = distinct("elevation", read_elevation)
    cohort = Cohort(
        rows,
        results,
        ages,
        None if elevation is None else np.array([meters or 0.0 for meters in elevation[1]], dtype=np.float64)[elevation[0]],
        sex,
        pregnancy,
        limits.strata.number(band, sex, pregnancy),
        problems=problems,
    )
    for name, header in found.context.items():
        codes, named = _read_context(column(header), name, problems)
        cohort.texts.append((codes, named))
    for term, header in found.terms.items():
        truth = _read_term(column(header))
        if truth is not None:
            cohort.terms.append((term_groups([term]), truth))
    return cohort


def _places(read: tuple[Any, list[Any]] | None, places: dict[Any, int], unknown: int) -> Any:
    return unknown if read is None else np.array([places[value] for value in read[1]], dtype=np.int64)[read[0]]


def _pregnancy(distinct: Callable[[str, Callable[[Any], Any]], tuple[Any, list[Any]] | None], rows: int) -> Any:
    """Return the place of every row's pregnancy; a cell left empty says nothing, so that the row counts as not pregnant."""

    def stated(value: Any) -> tuple[bool | None, bool]:
        return read_yes_no(value, "pregnant"), is_stated(value)

    pregnant = distinct("pregnant", stated)
    trimester = distinct("trimester", read_trimester)
    weeks = distinct("gestational_weeks", lambda value: read_trimester(None, value))
    if pregnant is None and trimester is None and weeks is None:
        return 0
    columns = [(np.zeros(rows, dtype=np.int64), [None]) if part is None else part for part in (pregnant, trimester, weeks)]
    sizes = [len(values) for _, values in columns]
    combined = (columns[0][0] * sizes[1] + columns[1][0]) * sizes[2] + columns[2][0]
    places = []
    for first in columns[0][1]:
        says, given = first if first is not None else (None, False)
        for second in columns[1][1]:
            for third in columns[2][1]:
                state = read_pregnancy(says, third if third is not None else second, stated=given)
                places.append(PREGNANCY_UNKNOWN if state is None else state)
    return np.array(places, dtype=np.int64)[combined]


def _consistent(sex: Any, pregnancy: Any, rows: int, problems: Problems) -> tuple[Any, Any]:
    """Take sex from a pregnancy; where sex is male, both are unknown and the row has a problem."""
    if isinstance(pregnancy, int):
        return sex, pregnancy
    pregnant = (pregnancy > 0) & (pregnancy < PREGNANCY_UNKNOWN)
    sexes = np.full(rows, sex, dtype=np.int64) if isinstance(sex, int) else sex
    conflict = pregnant & (sexes == 1)
    error = PanelError.conflict()
    problems.add(Problem(error.code, error.field or "", error.message), np.flatnonzero(conflict))
    sexes = np.where(conflict, 2, np.where(pregnant, 0, sexes))
    return sexes, np.where(conflict, PREGNANCY_UNKNOWN, pregnancy)


def _read_context(cells: Any, name: str, problems: Problems) -> tuple[Any, list[frozenset[str]]]:
    codes, values = codes_of(cells)
    named: list[frozenset[str]] = []
    for code, cell in enumerate(values):
        keys: list[str] = []
        for word in split_terms(cell) if isinstance(cell, str) else []:
            try:
                keys.append(find_term(word, name).key)
            except B12LabsError as error:
                problems.add_error(error, np.flatnonzero(codes == code))
        named.append(term_groups(keys))
    return codes, named


def _read_term(cells: Any) -> npt.NDArray[np.int8] | None:
    """Read a column named like a term; None where it holds something else than yes and no."""
    ignored = Problems()
    codes, values = read_distinct(cells, lambda cell: read_yes_no(cell, ""), ignored)
    if ignored.found:
        return None
    return np.array([2 if value else 0 for value in values], dtype=np.int8)[codes]


@cache
def columns_program(truths: tuple[str, ...]) -> Program:
    """Return the rules of the output columns compiled, and no others."""
    return Program([*(FINDING_RULES[code] for code in truths), *(VERDICT_RULES[code] for code in VERDICT_COLUMNS), *asked_about()])


def interpret_cohort(cohort: Cohort, limits: BoundGuideline, *, findings: Findings = False, unreported_context: str = "absent") -> CohortOutcome:
    """Evaluate the rules over all rows of a cohort, chunk by chunk."""
    wanted = list(FINDING_RULES) if findings is True else list(findings or ())
    for code in wanted:
        if code not in FINDING_RULES:
            raise B12LabsError(f"{code!r} is no finding; known: {', '.join(FINDING_RULES)}", code="unknown_finding", field="findings")
    rows = cohort.rows
    truths = {code: np.ones(rows, dtype=np.int8) for code in dict.fromkeys((*TRUTHS, *PROBLEM_FINDINGS, *wanted))}
    sets = {code: np.zeros(rows, dtype=np.uint16) for code in VERDICT_COLUMNS}
    assessed = np.zeros(rows, dtype=bool)
    tests = np.empty(rows, dtype=object)
    primitives = ColumnPrimitives()
    compiled = columns_program(tuple(truths))
    for start in range(0, rows, CHUNK):
        part = slice(start, min(start + CHUNK, rows))
        inputs = CohortInputs(cohort, limits, part, unreported_context=1 if unreported_context == "unknown" else 0, primitives=primitives)
        values = compiled.run(inputs)
        for code, column in truths.items():
            column[part] = values.of(FINDING_RULES[code])
        for code, found in sets.items():
            found[part] = outcomes(VERDICT_RULES[code], values)
        assessed[part] = inputs.any_measured(B12_MARKERS)
        anything = inputs.any_measured(tuple(cohort.results))
        tests[part] = _tests_text(list(asked_tests(values)), limits, anything)
    outcome: dict[str, npt.NDArray[Any]] = {}
    otherwise = {"status": "indeterminate", "treatment_route": "undetermined", "urgency": "routine", "anemia_grade": None}
    words = {code: _words(VERDICT_RULES[code], sets[code], otherwise[code]) for code in sets}
    outcome["status"] = np.where(assessed, words["status"], "not_assessed")
    outcome.update({code: truths[code] for code in TRUTHS})
    outcome["anemia_grade"] = words["anemia_grade"]
    outcome["treatment_route"] = np.where(assessed, words["treatment_route"], "undetermined")
    outcome["urgency"] = words["urgency"]
    outcome["next_tests"] = tests
    for code in PROBLEM_FINDINGS:
        cohort.problems.add(Problem(code, "blood_count", FINDING_RULES[code].says), np.flatnonzero(truths[code] == 2))
    outcome["problems"] = _problems_text(cohort.problems, rows)
    outcome.update({code: truths[code] for code in wanted if code not in outcome})
    return CohortOutcome(outcome, cohort.problems)


def _words(verdict: logic.Verdict, sets: npt.NDArray[np.uint16], otherwise: str | None) -> npt.NDArray[Any]:
    """Return the decided outcome of every row; `otherwise` where several are possible."""
    table = np.full(1 << len(verdict.outcomes), otherwise, dtype=object)
    for place, outcome in enumerate(verdict.outcomes):
        table[1 << place] = outcome
    return table[sets]


def _tests_text(asked: list[tuple[logic.Question, str, Any]], limits: BoundGuideline, anything: npt.NDArray[np.bool_]) -> npt.NDArray[Any]:
    """Return the next tests of every row as text; rows that ask the same share one text."""
    mask = np.zeros(len(anything), dtype=object if len(asked) > 63 else np.int64)
    for place, (_, _, where) in enumerate(asked):
        mask |= (anything & where).astype(mask.dtype) << place
    codes, distinct = codes_of(mask)
    texts = np.empty(len(distinct), dtype=object)
    for code, bits in enumerate(distinct):
        pairs = [(question, key) for place, (question, key, _) in enumerate(asked) if int(bits) >> place & 1]
        texts[code] = "; ".join(next_test_keys(pairs, limits))
    return texts[codes]


def _problems_text(problems: Problems, rows: int) -> npt.NDArray[Any]:
    texts = np.full(rows, "", dtype=object)
    for problem, where in problems.found:
        said = f"{problem.field}: {problem.code}"
        before = texts[where]
        texts[where] = [said if not text else text if said in text.split("; ") else f"{text}; {said}" for text in before]
    return texts


def _as_table(columns: dict[str, npt.NDArray[Any]], frame: Any, table: Any) -> Any:
    """Return the columns as the type of table that came in."""
    import narwhals as nw

    implementation = table.implementation
    if implementation.is_pandas():
        import pandas

        return pandas.DataFrame({name: _pandas_column(cells) for name, cells in columns.items()}, index=frame.index)
    data = {
        name: [None if cell == 1 else bool(cell) for cell in cells.tolist()] if cells.dtype == np.int8 else cells.tolist()
        for name, cells in columns.items()
    }
    schema = {name: nw.Boolean() if cells.dtype == np.int8 else nw.String() for name, cells in columns.items()}
    return nw.from_dict(data, schema=schema, backend=implementation).to_native()


def _pandas_column(cells: npt.NDArray[Any]) -> Any:
    import pandas

    if cells.dtype == np.int8:
        return pandas.arrays.BooleanArray(cells == 2, cells == 1)
    return pandas.array(cells, dtype="str")
