"""Wide and long tables as an audit counts them, by the readers that interpret them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from b12labs.draws.cells import distinct_cells, take, text_of
from b12labs.draws.columns import LongColumns
from b12labs.draws.frames import read_draws
from b12labs.draws.grouping import Draws, to_draws
from b12labs.draws.rows import columns_of
from b12labs.errors import B12LabsError
from b12labs.export_audit.tally import MISSING, USED, Kind, Tally
from b12labs.inputs.context.reported import read_word, read_words
from b12labs.inputs.fields import read_sex
from b12labs.inputs.numbers import Decimal
from b12labs.limits.stratified import Limits
from b12labs.reference import analytes
from b12labs.site_mapping.header_names import split_header
from b12labs.site_mapping.headers import AnalyteColumns, Headers
from b12labs.site_mapping.mapping import SiteMapping
from b12labs.tables.cohort import Cohort
from b12labs.tables.encoding import codes_of
from b12labs.tables.reading import read_cohort
from b12labs.text import cell_text, is_blank

__all__ = ["count_long", "count_wide", "name_columns"]

Column = Callable[[str], Any]
_OF_RESULTS: tuple[Kind, ...] = ("unit", "specimen", "status", "flag", "operator")
_OF_PATIENTS: tuple[Kind, ...] = ("sex", "medicines", "diagnoses")


def count_long(
    tally: Tally,
    table: Any,
    columns: LongColumns,
    mapping: SiteMapping,
    limits: Limits,
    *,
    window_hours: float | None = None,
    decimal: Decimal | None = None,
    use_preliminary: bool = False,
) -> None:
    """Count the rows of a long table; each is one result."""
    draws = to_draws(
        table, columns, window_hours=window_hours, mapping=mapping, decimal=decimal, use_preliminary=use_preliminary
    )
    outcomes = _outcomes_of_rows(draws, limits)
    rows, column = columns_of(table)
    for (outcome,), number in _combinations(outcomes):
        tally.result(outcome, number)
    measured = np.array([*draws.keys, ""], dtype=object)[draws.analyte]

    def cells(header: str, key: str = "") -> Any:
        codes, distinct = distinct_cells(column(header))
        return take([text_of(mapping.word(key, text_of(cell))) for cell in distinct], codes)

    def count(kind: Kind, headers: tuple[str, ...], of: Any) -> None:
        for (outcome, analyte, *words), number in _combinations(outcomes, of, *map(cells, headers)):
            tally.text(kind, tuple(words), outcome, analyte, number)

    count("test", columns.roles["test"], measured)
    nothing = np.full(rows, "", dtype=object)
    for kind in _OF_RESULTS:
        perhaps = columns.perhaps_operators if kind == "operator" else ()
        named = (*columns.roles[kind], *perhaps)  # type: ignore[index]  # each of them is a role
        count(kind, named, measured if kind == "unit" else nothing)
    said = {**dict.fromkeys(columns.roles["sex"], "sex"), **{header: key for key, header in columns.carried.items()}}
    _count_patients(tally, {key: header for header, key in said.items()}, lambda header: cells(header, said[header]))
    for role, headers in columns.roles.items():
        tally.columns[role] += headers
    for key, header in columns.carried.items():
        tally.columns[key].append(header)
    tally.columns["operator"] += columns.perhaps_operators
    tally.unused_columns.update(dict.fromkeys(columns.unused, ""))


def _outcomes_of_rows(draws: Draws, limits: Limits) -> Any:
    """Return the outcome of every row: used, or the first reason against it."""
    outcomes = np.full(len(draws.draw), "", dtype=object)
    for found in draws.problems:
        if not found.used:
            rows = found.rows[outcomes[found.rows] == ""]
            outcomes[rows] = found.problem.code
    outcomes[draws.used] = USED
    if len(draws.wide):
        _, cohort = read_draws(draws, limits)
        for place, key in enumerate(draws.keys):
            rows = np.flatnonzero(draws.used & (draws.analyte == place))
            if len(rows):
                outcomes[rows] = _outcomes_of_cells(cohort, key)[draws.draw[rows]]
    return outcomes


def _outcomes_of_cells(cohort: Cohort, key: str) -> Any:
    """Return the outcome of an analyte's result in every row: used, the reason against it, or no result."""
    data = cohort.results[key]
    used = np.array(data.is_measured(), dtype=bool)
    in_doubt = data.is_unverified()
    if in_doubt is not None:
        used &= ~in_doubt
    outcomes = np.full(cohort.rows, MISSING, dtype=object)
    for problem, rows in reversed(cohort.problems.found):
        if problem.field == key:
            outcomes[rows] = problem.code
    outcomes[used] = USED
    return outcomes


def count_wide(
    tally: Tally,
    column: Column,
    rows: int,
    found: Headers,
    limits: Limits,
    *,
    decimal: Decimal = ".",
) -> None:
    """Count the cells of a wide table, or of a part of one, in columns that are or may be of an analyte."""
    cohort = read_cohort(column, rows, found, limits, decimal=decimal)
    for key, first in found.analytes.items():
        together = _outcomes_of_cells(cohort, key)
        for each in (first, *first.others):
            outcomes = together
            if first.others:
                alone = read_cohort(column, rows, Headers({key: replace(each, others=[])}), limits, decimal=decimal)
                outcomes = _outcomes_of_cells(alone, key)
                outcomes = np.where(outcomes == USED, together, outcomes)
            _count_column(tally, key, each, outcomes, column)
    for header in found.unused:
        near = found.doubtful.get(header, "")
        tally.unused_columns[header] = near
        if near in analytes():
            texts = _texts(column(header))
            blank = int(np.count_nonzero(texts == ""))
            for outcome, number in ((MISSING, blank), ("unknown_test", len(texts) - blank)):
                if number:
                    tally.result(outcome, number)
                    tally.text("test", (split_header(header)[0],), outcome, "", number)
    _count_besides(tally, cohort)
    keys = found.site_codes()
    _count_patients(
        tally,
        {**found.patient, **found.context},
        lambda header: _texts(column(header), lambda cell: found.site.word(keys.get(header, ""), cell)),
    )


def _count_column(tally: Tally, key: str, analyte: AnalyteColumns, outcomes: Any, column: Column) -> None:
    name, unit = split_header(analyte.value)[0], analyte.unit or ""
    beside = {role: _texts(column(header)) for role, header in analyte.beside.items() if role in ("unit", "flag")}
    nothing = np.full(len(outcomes), "", dtype=object)
    for (outcome, said), number in _combinations(outcomes, beside.get("unit", nothing)):
        tally.result(outcome, number)
        tally.text("test", (name,), outcome, key, number)
        tally.text("unit", (said or unit,), outcome, key, number)
    for (outcome, said), number in _combinations(outcomes, beside.get("flag", nothing)):
        tally.text("flag", (said,), outcome, "", number)


def _count_besides(tally: Tally, cohort: Cohort) -> None:
    """Count the problems of patients' fields, such as an age that cannot be read."""
    for problem, rows in cohort.problems.found:
        if problem.field not in analytes() and problem.code not in ("unreadable_sex", "unknown_term"):
            tally.besides[problem.code] += len(rows)


def name_columns(tally: Tally, found: Headers) -> None:
    """Record the meanings of a wide table's columns."""
    for key, header in found.by_field().items():
        tally.columns[key].append(header)
    for key, analyte in found.analytes.items():
        tally.columns[key] += analyte.beside.values()
        for other in analyte.others:
            tally.columns[key] += [other.value, *other.beside.values()]


def _count_patients(tally: Tally, headers: dict[str, str], cells: Column) -> None:
    """Count the words for sex, medicines and diagnoses, understood or not."""
    for kind in _OF_PATIENTS:
        if kind not in headers:
            continue
        for (cell,), number in _combinations(cells(headers[kind])):
            for word in [cell] if kind == "sex" else read_words(cell, kind):
                tally.text(kind, (word,), _outcome_of_word(kind, word), "", number)


def _outcome_of_word(kind: Kind, word: str) -> str:
    try:
        read_sex(word) if kind == "sex" else read_word(word, kind)
    except B12LabsError as error:
        return error.code
    return USED


def _texts(held: Any, meaning: Callable[[Any], Any] = lambda cell: cell) -> Any:
    codes, distinct = codes_of(held)
    return take(["" if is_blank(cell) else cell_text(meaning(cell)).strip() for cell in distinct], codes)


def _combinations(*columns: Any) -> list[tuple[tuple[str, ...], int]]:
    """Return every combination of the columns' texts, with the number of its rows."""
    place = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        codes, distinct = distinct_cells(column)
        # Renumbered at each step, so that the number of possible combinations cannot overflow.
        _, place = np.unique(place * max(len(distinct), 1) + codes, return_inverse=True)
    _, first, counts = np.unique(place, return_index=True, return_counts=True)
    return [
        (tuple(column[row] for column in columns), int(count))
        for row, count in zip(first.tolist(), counts.tolist(), strict=True)
    ]
