"""Read the rows of a long table: patient, time, analyte and printed result, or the reason why a row cannot be used.

Each column is read once per distinct cell. A row is left out for at most one reason, the first that applies.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np

from b12labs.draws.cells import LongRows, Texts, distinct_cells, name_of, per_distinct, take, text_of, text_per_distinct
from b12labs.draws.columns import LongColumns
from b12labs.draws.times import read_times
from b12labs.errors import MeasurementError, suggestion
from b12labs.inputs.flags import read_flag
from b12labs.inputs.numbers import Decimal, same_unit
from b12labs.inputs.operators import find_operator, with_operator
from b12labs.inputs.panel import Problem
from b12labs.inputs.several import by_result, named_by
from b12labs.inputs.specimens import Specimen, find_specimen, is_measured_in
from b12labs.inputs.statuses import find_status, near_status
from b12labs.inputs.tests import THOUSANDS, near_test, recognize_test
from b12labs.inputs.vocabulary import plain
from b12labs.reference import analytes
from b12labs.site_mapping.mapping import Role, SiteMapping
from b12labs.tables.given import table_of

__all__ = ["CORRECTED", "PRELIMINARY", "ForeignTests", "columns_of", "read_rows"]

#: How final a result is, by the words of FHIR and the letters of HL7 table 0085. An unlisted word is never guessed.
PRELIMINARY, FINAL, CORRECTED = 0, 1, 2

_WITHDRAWN, _UNKNOWN_STATUS = -1, -2

_STANDING = {
    "final": FINAL,
    "corrected": CORRECTED,
    "preliminary": PRELIMINARY,
    "withdrawn": _WITHDRAWN,
    "unknown": _UNKNOWN_STATUS,
}

#: The marks that replace a text that was removed for de-identification.
_MASKED = re.compile(r"_{2,}|\[\*\*.*\*\*\]|X{3,}|[\[<(]?(?:redacted|masked|removed)[\])>]?", re.IGNORECASE)

_LIMIT = re.compile(r"[<>]?=?\s*[\d.,]+")

#: The most distinct unknown words for which the nearest known one is looked up; each takes a fraction of a millisecond.
SUGGESTED = 5_000


def read_rows(
    table: Any, columns: LongColumns, mapping: SiteMapping, *, use_preliminary: bool, decimal: Decimal
) -> LongRows:
    """Read the rows of a pandas or polars DataFrame, a pyarrow Table, or a dict of columns."""
    rows, column = columns_of(table)
    read = LongRows(rows, np.ones(rows, dtype=bool), list(analytes()))

    def worded(key: str, cells: Texts) -> Texts:
        """Return a column's cells as text, with the site's codes replaced by their meaning."""
        codes, distinct = distinct_cells(cells)
        return take([mapping.word(key, text_of(cell)) for cell in distinct], codes)

    def cells(role: Role) -> Texts:
        """Return the text of a role in every row: the first of its columns that is not blank."""
        text = np.full(read.rows, "", dtype=object)
        for name in reversed(columns.roles[role]):
            own = worded(role, column(name))
            hidden = per_distinct(own, lambda cell: int(cell == "" or (role == "value" and _is_masked(cell)))) == 1
            text = np.where((own == "") | (hidden & (text != "")), text, own)
        return text

    named_units = _read_tests(read, [column(name) for name in columns.roles["test"]], mapping)
    read.text = {
        role: cells(role)
        for role in ("value", "unit", "reference_low", "reference_high", "flag", "patient", "age", "sex")
    }
    read.text.update({header: worded(key, column(header)) for key, header in columns.carried.items()})
    _read_specimens(read, cells("specimen"))
    _read_statuses(read, cells("status"), use_preliminary=use_preliminary)
    _read_flags(read)
    nothing = (read.text["value"] == "") & (read.text["flag"] == "")
    read.leave_out(nothing, "no_result", "value", "the row has no result")
    read.patient, _ = distinct_cells(read.text["patient"])
    read.leave_out(read.text["patient"] == "", "missing_patient", "patient", "the row has no patient")
    times = [worded("time", column(name)) for name in columns.roles["time"]]
    # eICU gives times in minutes since admission.
    counted = [name for name in columns.roles["time"][:1] if plain(name) == "labresultoffset"]
    read_times(read, times, cells("time_of_day"), mapping.time_formats or ("minutes",) * len(counted))
    _read_operators(read, cells("operator"))
    for name in columns.perhaps_operators:
        _put_before(read, _signs(worded("operator", column(name))))
    _agree_on_units(read, named_units)
    _complete_units(read, mapping)
    _tell_siblings(read, decimal)
    ages = cells("age_unit")
    read.text["age"] = np.where(
        (read.text["age"] == "") | (ages == ""), read.text["age"], read.text["age"] + " " + ages
    )
    return read


def _is_masked(cell: str) -> bool:
    return _MASKED.fullmatch(cell) is not None


def columns_of(table: Any) -> tuple[int, Callable[[str], Texts]]:
    """Return the number of rows of a table, and a function that returns a column's cells unchanged."""
    if isinstance(table, dict):
        return len(next(iter(table.values()), ())), table.__getitem__
    import narwhals as nw

    frame = nw.from_native(table_of(table), eager_only=True)

    def column(name: str) -> Texts:
        series = frame[name]
        kind = series.dtype
        # numpy would turn whole numbers beside a missing one into floats, which may merge two long patient numbers. It
        # would also drop the offset of a time.
        if (kind.is_integer() and series.null_count()) or kind == nw.Date or getattr(kind, "time_zone", None):
            held = np.empty(len(series), dtype=object)
            held[:] = series.to_list()
            return held
        return np.asarray(series.to_numpy())

    return len(frame), column


def _read_tests(read: LongRows, cells: list[Any], mapping: SiteMapping) -> Texts:
    """Find every row's analyte: by the mapping first, then by code and name, which must agree.

    Returns the units in the names, such as that of `Hb (g/dL)`.
    """
    place = {key: number for number, key in enumerate(read.keys)}
    local = {name: place[key] for name, key in mapping.analytes_by_name().items()}
    # A code may be that of a sibling (gastrin in pmol/L) beside the name of both: then the sibling is meant.
    base = np.array([place[named_by(key)] for key in read.keys])
    mapped, known = np.full(read.rows, -1), np.full(read.rows, -1)
    conflict = np.zeros(read.rows, dtype=bool)
    names, units = np.full(read.rows, "", dtype=object), np.full(read.rows, "", dtype=object)
    for column in cells:
        codes, distinct = distinct_cells(column)
        texts = [name_of(cell) for cell in distinct]
        named = take(texts, codes)
        names = np.where(named == "", names, named)
        said = take([recognize_test(text).unit for text in texts], codes)
        units = np.where(said == "", units, said)
        mapped = np.where(
            mapped >= 0,
            mapped,
            np.array([local.get(text.casefold(), -1) for text in texts])[codes] if texts else mapped,
        )
        own = np.array([place.get(recognize_test(text).analyte or "", -1) for text in texts])[codes] if texts else known
        conflict |= (known >= 0) & (own >= 0) & (base[own] != base[known])
        known = np.where((known < 0) | ((own >= 0) & (base[own] == known)), own, known)
    read.analyte = np.where(mapped >= 0, mapped, known).astype(np.int64)
    read.leave_out(names == "", "missing_test", "test", "the row has no test")
    read.leave_out(
        conflict & (mapped < 0),
        "conflicting_tests",
        "test",
        "the code and the name of the test belong to two analytes. Name the right one in a mapping: "
        "[tests] 'your code' = 'analyte'",
    )
    foreign, unknown = ForeignTests(), read.analyte < 0
    similar = per_distinct(np.where(unknown, names, ""), lambda name: int(foreign.is_similar(name))) == 1
    near = np.where(unknown & similar, names, "")
    meant = per_distinct(near, lambda name: place.get((near_test(name) or "") if name else "", -1))
    read.meant = np.where(unknown & similar, meant, read.analyte).astype(np.int64)
    read.note_each(unknown & similar, names, "unknown_test", "test", foreign.message)
    read.note_each(unknown, names, "not_an_analyte", None, foreign.message)
    return np.where(mapped >= 0, "", units)


class ForeignTests:
    """Problems of tests that are not an analyte.

    A name that is nearly an analyte's is a mistake to look at (`unknown_test`); another test, such as sodium, is not.
    """

    def is_similar(self, name: str) -> bool:
        """Return whether the name is nearly an analyte's, or mentions a B12 marker."""
        return near_test(name) is not None

    def message(self, name: str) -> str:
        """Return the message that the test is not an analyte, with the reason or the nearest analyte."""
        refused, near = recognize_test(name).refused, near_test(name)
        hint = f": {refused}" if refused else suggestion(near)
        return f"test {name!r} is not an analyte of b12labs{hint}"

    def problem(self, name: str) -> Problem:
        """Return the problem of a result of this test."""
        return Problem(
            *(("unknown_test", "test") if self.is_similar(name) else ("not_an_analyte", name)), self.message(name)
        )


class _Hint:
    """The suggestion of the nearest name to a text. A code of digits, such as LOINC's, has none."""

    def __init__(self, find: Callable[[str], str | None]) -> None:
        self.find, self.found = find, dict[str, str]()

    def __call__(self, text: str) -> str:
        if text not in self.found:
            looked_for = _is_word(text) and len(self.found) < SUGGESTED
            self.found[text] = suggestion(self.find(text)) if looked_for else ""
        return self.found[text]


def _is_word(text: str) -> bool:
    return any(letter.isalpha() for letter in text)


def _read_specimens(read: LongRows, cells: Texts) -> None:
    """Leave out results from an unknown specimen, or from one in which the analyte is not measured."""
    codes, distinct = distinct_cells(cells)
    kinds: list[Specimen] = [find_specimen(text) for text in distinct]
    unknown = np.array([kind == "unknown" for kind in kinds], dtype=bool)[codes]
    why = "is not a known specimen; the result is not used"
    read.note_each(unknown, cells, "unknown_specimen", "specimen", lambda text: f"{text!r} {why}")
    urine = read.analyte == read.keys.index("urine_mma_ratio")
    stated = np.array([kind not in ("", "unknown") for kind in kinds], dtype=bool)[codes]
    in_blood = np.array([is_measured_in("b12", kind) for kind in kinds], dtype=bool)[codes]
    in_urine = np.array([is_measured_in("urine_mma_ratio", kind) for kind in kinds], dtype=bool)[codes]
    read.leave_out(
        stated & ~np.where(urine, in_urine, in_blood),
        "other_specimen",
        "specimen",
        "the analyte is not measured in this specimen, but in blood, serum or plasma, or urine",
    )


def _read_statuses(read: LongRows, cells: Texts, *, use_preliminary: bool) -> None:
    read.standing = per_distinct(cells, lambda text: _STANDING[find_status(text)])
    read.leave_out(
        read.standing == _WITHDRAWN, "withdrawn_result", "status", "entered in error, canceled or not done; never used"
    )
    hint = _Hint(near_status)
    expected = "'final', 'corrected', 'preliminary', 'entered in error', ..."
    unknown = read.standing == _UNKNOWN_STATUS
    read.note_each(
        unknown, cells, "unknown_status", "status", lambda text: f"{text!r} is not known: {expected}{hint(text)}"
    )
    preliminary = (read.standing == PRELIMINARY) & read.usable
    if use_preliminary:
        read.note(
            preliminary, "preliminary_result", "status", "preliminary; used, because preliminary results are asked for"
        )
    else:
        read.leave_out(
            preliminary,
            "preliminary_result",
            "status",
            "preliminary; not used unless asked for with use_preliminary=True",
        )


def _read_flags(read: LongRows) -> None:
    """Blank the flags that mean neither low, normal nor high; the results beside them are kept."""
    unread = per_distinct(read.text["flag"], lambda text: int(text != "" and read_flag(text) is None)) == 1
    said = unread & (read.text["value"] != "")
    why = "means neither low, normal nor high; the result is used without it"
    read.note_each(said, read.text["flag"], "flag_not_used", "flag", lambda text: f"{text!r} {why}", used=True)
    read.text["flag"] = np.where(unread, "", read.text["flag"])


def _read_operators(read: LongRows, cells: Texts) -> None:
    """Put an operator from its own column, such as `<`, before the number, so that it is not read as exact."""
    unknown = per_distinct(cells, lambda text: int(find_operator(text) is None)) == 1
    read.note_each(
        unknown,
        cells,
        "unknown_operator",
        "operator",
        lambda text: f"{text!r} is not known. Give its meaning in a mapping: [operators] {text!r} = '<'",
    )
    _put_before(read, _signs(cells))


def _signs(cells: Texts) -> Texts:
    """Return the comparator of each cell, blank for a cell that is none."""
    return text_per_distinct(cells, lambda text: find_operator(text) or "")


def _put_before(read: LongRows, stated: Texts) -> None:
    """Put the comparator of each row before its number; leave out a value that contradicts it."""
    conflict = np.zeros(read.rows, dtype=bool)
    for row in np.flatnonzero(stated != ""):
        value = with_operator(stated[row], read.text["value"][row])
        if value is None:
            conflict[row] = True
        else:
            read.text["value"][row] = value
    why = "the operator and the value beside it contradict each other"
    read.leave_out(conflict, "conflicting_operators", "operator", why)


def _agree_on_units(read: LongRows, named: Texts) -> None:
    """Give a result the unit in the name of its test. A result with another unit of its own is not used.

    `WBC x 1000` has no volume: it must agree with the result's unit, but is not a unit by itself.
    """
    rows = np.flatnonzero(named != "")
    said = list(zip(read.analyte[rows].tolist(), named[rows], read.text["unit"][rows], strict=True))
    agree = {each: not each[2] or _is_same_unit(read.keys[each[0]], each[1], each[2]) for each in dict.fromkeys(said)}
    differs = np.zeros(read.rows, dtype=bool)
    differs[rows] = [not agree[each] for each in said]
    why = "the name of the test has another unit than the result; the result is not used"
    read.leave_out(differs, "conflicting_units", "unit", why)
    read.text["unit"] = np.where((read.text["unit"] == "") & (named != THOUSANDS), named, read.text["unit"])


def _is_same_unit(key: str, one: str, other: str) -> bool:
    try:
        return same_unit(analytes()[key], f"{one}uL" if one == THOUSANDS else one, other)
    except MeasurementError:
        return False


def _complete_units(read: LongRows, mapping: SiteMapping) -> None:
    """Give a result without a unit the mapping's unit. If the value has a unit, its reference limits get it too."""
    unit, value = read.text["unit"], read.text["value"]
    inside = text_per_distinct(
        value, lambda text: re.sub(r"^[^\d]*[\d.,]+(?:[eE][+-]?\d+)?\s*", "", text) if re.search(r"\d", text) else ""
    )
    default = np.array([mapping.units.get(key, "") for key in (*read.keys, "")], dtype=object)[read.analyte]
    unit = np.where((unit == "") & (inside == ""), default, unit)
    limits = (read.text["reference_low"] != "") | (read.text["reference_high"] != "")
    unit = np.where((unit == "") & limits, inside, unit)
    read.text["unit"] = unit
    loose = limits & (unit == "") & read.usable
    read.note(
        loose, "reference_not_used", "reference", "the reference limits have no unit; the result is read without them"
    )
    for end in ("reference_low", "reference_high"):
        words = per_distinct(read.text[end], lambda text: int(text != "" and not _LIMIT.fullmatch(text))) == 1
        read.note_each(
            words & (unit != ""),
            read.text[end],
            "reference_not_used",
            end,
            lambda text: f"{text!r} is not a number; the result is read without it",
            used=True,
        )
        read.text[end] = np.where((unit == "") | words, "", read.text[end])


def _tell_siblings(read: LongRows, decimal: Decimal) -> None:
    """Move results to the sibling of their analyte that is reported in their unit."""
    for place in (place for place, key in enumerate(read.keys) if analytes()[key].siblings):
        rows = np.flatnonzero(read.analyte == place)
        said = list(zip(read.text["value"][rows], read.text["unit"][rows], strict=True))
        meant = {
            pair: by_result(read.keys[place], dict(zip(("value", "unit"), pair, strict=True)), decimal=decimal)
            for pair in dict.fromkeys(said)
        }
        read.analyte[rows] = [read.keys.index(meant[pair]) for pair in said]
