"""Read a table's recognized columns into a cohort: the patients, their results and their context."""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from b12labs.errors import ContextError, checked_word
from b12labs.inputs.ages import age_ends, read_age
from b12labs.inputs.context.reported import Told, read_word, read_words
from b12labs.inputs.fields import (
    UNREADABLE,
    is_stated,
    pregnant_man,
    read_elevation,
    read_gestation,
    read_pregnancy,
    read_sex,
    read_trimester,
    read_yes_no,
)
from b12labs.inputs.measurement import Measurement
from b12labs.inputs.numbers import Decimal
from b12labs.inputs.operators import is_comparator
from b12labs.inputs.panel import Problem
from b12labs.inputs.several import by_result, family, read_result
from b12labs.inputs.vocabulary import term_groups
from b12labs.limits.strata import PREGNANCY_UNKNOWN
from b12labs.limits.stratified import Limits
from b12labs.logic.language import FALSE, TRUE, UNKNOWN
from b12labs.reference import analytes
from b12labs.site_mapping.headers import (
    AnalyteColumns,
    Headers,
    bare_operators,
    is_number,
    is_other_number,
    result_of,
    yes_no_cell,
)
from b12labs.tables.cells import AnalyteData, NumberData, Problems, read_analyte, read_distinct, taken
from b12labs.tables.cohort import Ages, Cohort
from b12labs.tables.doubts import settle
from b12labs.tables.encoding import Coded, codes_of, combined, rows_by_code
from b12labs.tables.texts import Texts
from b12labs.text import shown

__all__ = ["for_limits", "read_cohort"]

_ANSWERS = {True: TRUE, False: FALSE, None: -1}

_SEX_PLACES = {"female": 0, "male": 1, None: 2}


def read_cohort(
    column: Callable[[str], Any], rows: int, found: Headers, limits: Limits, *, decimal: Decimal = "."
) -> Cohort:
    """Read the recognized columns into a cohort; `column` returns a column's cells by its name."""
    checked_word("decimal", decimal, Decimal)
    column = _worded(column, found)
    problems = Problems()
    results: dict[str, AnalyteData | NumberData] = {}
    for key, columns in _columns_of(found).items():
        named, analyte = columns[0]
        if len(columns) > 1 or (analyte.unit is None and len(family(named)) > 1):
            several = _read_several(key, columns, column, decimal, problems)
            if key in found.analytes or several.measured.any() or several.unverified is not None:
                results[key] = several
            continue
        beside = {role: column(header) for role, header in analyte.beside.items()}
        results[key] = read_analyte(
            key, column(analyte.value), unit=analyte.unit, decimal=decimal, beside=beside, problems=problems
        )

    settle(results, problems)
    _note_bounds(found, column, problems)

    def distinct(name: str, read: Callable[[Any], Any], unreadable: Any = None) -> tuple[Any, list[Any]] | None:
        return read_distinct(column(found.patient[name]), read, problems, unreadable) if name in found.patient else None

    age = distinct("age", lambda cell: read_age(cell, found.patient_units.get("age")), np.nan)
    sex = _places(distinct("sex", read_sex), _SEX_PLACES, 2)
    pregnancy = _pregnancy(distinct, rows, problems)
    sex, pregnancy = _consistent(sex, pregnancy, rows, problems)
    texts = [_read_context(column(header), name, problems) for name, header in found.context.items()]
    pregnancy = _perhaps_pregnant(texts, distinct("pregnant", is_stated), sex, pregnancy)
    elevation = distinct("elevation", lambda cell: read_elevation(cell, found.patient_units.get("elevation")))
    cohort = Cohort(
        rows,
        results,
        None,
        None
        if elevation is None
        else (elevation[0], np.array([meters or 0.0 for meters in elevation[1]], dtype=np.float64)),
        sex,
        pregnancy,
        0,
        texts=texts,
        problems=problems,
        years=age,
    )
    for term, header in found.terms.items():
        codes, values = codes_of(column(header))
        truths = _read_term(codes, values, term, problems, header, found.numeric)
        cohort.terms.append((term, term_groups([term]), codes, truths))
    return for_limits(cohort, limits)


def for_limits(cohort: Cohort, limits: Limits) -> Cohort:
    """Return the cohort with its rows in the strata of a guideline's limits, without reading its cells again."""
    ages = None
    band: Any = limits.strata.unknown_age
    if cohort.years is not None:
        codes, years = cohort.years
        ends, bands = zip(*(_age(each, limits) for each in years), strict=True) if years else ((), ())
        low, high = np.array(ends, dtype=np.float64).reshape(-1, 2).T.copy()
        ages = Ages(codes, low, low if np.array_equal(low, high) else high)
        band = np.array(bands, dtype=np.int64)[codes]
    return replace(
        cohort,
        age=ages,
        stratum=limits.strata.number(band, cohort.sex, cohort.pregnancy),
        problems=cohort.problems.copy(),
    )


#: The analyte that a column is named for, and the column.
_Named = tuple[str, AnalyteColumns]


def _columns_of(found: Headers) -> dict[str, list[_Named]]:
    """Return the columns that may hold a result of each analyte: its own, and those of its siblings."""
    columns: dict[str, list[_Named]] = {}
    for named, first in found.analytes.items():
        for column in (first, *first.others):
            for key in family(named) if column.unit is None else (named,):
                columns.setdefault(key, []).append((named, column))
    own_first = {key: sorted(there, key=lambda each: each[0] != key) for key, there in columns.items()}
    return {key: own_first[key] for key in analytes() if key in own_first}


def _read_several(
    key: str, columns: list[_Named], cells: Callable[[str], Any], decimal: Decimal, problems: Problems
) -> AnalyteData:
    """Read several columns of one analyte row by row: the one that is filled, or two that agree.

    When a laboratory changes its unit, or a survey its variable, a table of several years has two columns. Every
    distinct combination of cells is read once. Results whose unit is a sibling's are left to the sibling.
    """
    headers = [header for _, column in columns for header in (column.value, *column.beside.values())]
    place, cells_at = combined([codes_of(cells(header)) for header in headers])

    def read(code: int) -> Measurement | None:
        row = dict(zip(headers, cells_at(code), strict=True))
        said = [(named, result_of(column, row)) for named, column in columns]
        own = [result for named, result in said if by_result(named, result, decimal=decimal) == key]
        return read_result(key, own, decimal=decimal)

    codes, places = codes_of(place)
    return taken(codes, dict(enumerate(places)), read, problems, Texts.unread(len(places)))


def _note_bounds(found: Headers, column: Callable[[str], Any], problems: Problems) -> None:
    """Record the comparators of a column that names no result: it is not known which result they bound."""
    for header in bare_operators(found.unused):
        codes, distinct = codes_of(column(header))
        for code, cell in enumerate(distinct):
            if is_comparator(cell):
                why = f"{header}: {shown(cell)} bounds an unknown result. Name the column as in 'b12 operator'"
                problems.add(Problem("unknown_operator", header, why), np.flatnonzero(codes == code))


def _age(years: float | None, limits: Limits) -> tuple[tuple[float, float], int]:
    """Return the ends of an age and its band. A missing age is an adult's; an unreadable one may be a child's."""
    if years is None:
        return (limits.youngest, np.inf), limits.strata.unknown_age
    if years != years:
        return (0.0, np.inf), limits.strata.any_age
    return age_ends(years), limits.strata.band(*age_ends(years))


def _worded(column: Callable[[str], Any], found: Headers) -> Callable[[str], Any]:
    """Return a function that reads a column's cells and replaces the site's words with their meaning."""
    keys = found.site_codes()

    def read(header: str) -> Any:
        if header not in keys:
            return column(header)
        codes, distinct = codes_of(column(header))
        return Coded(codes, [found.site.word(keys[header], cell) for cell in distinct])

    return read


def _places(read: tuple[Any, list[Any]] | None, places: dict[Any, int], unknown: int) -> Any:
    return unknown if read is None else np.array([places[value] for value in read[1]], dtype=np.int64)[read[0]]


def _pregnancy(distinct: Callable[..., tuple[Any, list[Any]] | None], rows: int, problems: Problems) -> Any:
    """Return the place of every row's pregnancy. A row with empty cells is taken as not pregnant."""

    def stated(value: Any) -> tuple[bool | None, bool]:
        return read_yes_no(value, "pregnant"), is_stated(value)

    columns = [
        distinct("pregnant", stated, (None, True)),
        distinct("trimester", read_trimester, UNREADABLE),
        distinct("gestational_weeks", read_gestation, UNREADABLE),
    ]
    if all(column is None for column in columns):
        return 0
    # Thousands of different cells have few meanings; only the meanings are combined.
    combined: Any = np.zeros(rows, dtype=np.int64)
    meanings: list[tuple[Any, ...]] = [()]
    for column, nothing in zip(columns, ((None, False), None, None), strict=True):
        codes, values = column or (np.zeros(rows, dtype=np.int64), [nothing])
        different = list(dict.fromkeys(values))
        combined = (
            combined * len(different) + np.array([different.index(value) for value in values], dtype=np.int64)[codes]
        )
        meanings = [(*before, value) for before in meanings for value in different]
    places: list[int] = []
    for place, ((pregnant, given), trimester, gestation) in enumerate(meanings):
        state, conflict = read_pregnancy(pregnant, trimester, gestation, stated=given)
        places.append(PREGNANCY_UNKNOWN if state is None else state)
        if conflict is not None:
            problems.add_error(conflict, np.flatnonzero(combined == place))
    return np.array(places, dtype=np.int64)[combined]


def _consistent(sex: Any, pregnancy: Any, rows: int, problems: Problems) -> tuple[Any, Any]:
    """Take sex from a pregnancy. If sex is male, both are unknown and the row has a problem."""
    if isinstance(pregnancy, int):
        return sex, pregnancy
    pregnant = (pregnancy > 0) & (pregnancy < PREGNANCY_UNKNOWN)
    sexes = np.full(rows, sex, dtype=np.int64) if isinstance(sex, int) else sex
    conflict = pregnant & (sexes == 1)
    problems.add_error(pregnant_man(), np.flatnonzero(conflict))
    sexes = np.where(conflict, 2, np.where(pregnant, 0, sexes))
    return sexes, np.where(conflict, PREGNANCY_UNKNOWN, pregnancy)


def _read_context(cells: Any, name: str, problems: Problems) -> tuple[Any, list[frozenset[str]], list[frozenset[str]]]:
    """Return the codes of the cells, and for each code the terms that it names and the terms that it may mean."""
    codes, values = codes_of(cells)
    rows = rows_by_code(codes, len(values))
    named: list[frozenset[str]] = []
    unread: list[frozenset[str]] = []
    for code, cell in enumerate(values):
        keys: set[str] = set()
        perhaps: set[str] = set()
        for word in read_words(cell, name):
            try:
                told = read_word(word, name)
            except ContextError as error:
                problems.add_error(error, rows(code))
                told = error.kept if isinstance(error.kept, Told) else Told()
            keys |= told.terms
            perhaps |= told.unread.perhaps
        named.append(term_groups(keys))
        unread.append(frozenset(perhaps))
    return codes, named, unread


def _perhaps_pregnant(texts: list[Any], stated: tuple[Any, list[Any]] | None, sex: Any, pregnancy: Any) -> Any:
    """Return pregnancy, unknown if a code may mean it and no cell states it."""
    masks = [(codes, np.array(["pregnant" in perhaps for perhaps in unread], dtype=bool)) for codes, _, unread in texts]
    masks = [(codes, mask) for codes, mask in masks if mask.any()]
    if not masks:
        return pregnancy
    found = np.logical_or.reduce([mask[codes] for codes, mask in masks])
    if stated is not None:
        found &= ~np.array(stated[1], dtype=bool)[stated[0]]
    return np.where(found & (sex != _SEX_PLACES["male"]) & (pregnancy == 0), PREGNANCY_UNKNOWN, pregnancy)


def _read_term(
    codes: Any, distinct: list[Any], term: str, problems: Problems, header: str, columns: Container[str] | None
) -> npt.NDArray[np.int8]:
    """Read the distinct cells of a column named like a term: yes, no, -1 if blank, unknown if unreadable.

    A column with a number other than 0 and 1 is not yes or no (`ckd` may be a stage): all of its numbers are problems
    of their rows. `columns` holds the columns of the whole table with such a number, if these rows are a part of it. It
    is consulted only if a cell of this part depends on it.
    """
    numbers = [code for code, cell in enumerate(distinct) if is_number(cell)]
    there = np.bincount(codes, minlength=len(distinct)) > 0 if numbers else ()
    held = [distinct[code] for code in numbers if there[code]]
    numeric = any(map(is_other_number, held)) or (bool(held) and columns is not None and header in columns)
    cells = [yes_no_cell(cell, numeric=numeric) for cell in distinct]
    _, values = read_distinct(Coded(codes, cells), lambda cell: _ANSWERS[read_yes_no(cell, term)], problems, UNKNOWN)
    return np.array(values, dtype=np.int8)
