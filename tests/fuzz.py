"""Malformed cells by the million: each is missing, read or reported, and read in a column as for one patient.

`python -m tests.fuzz 1000000` (`make fuzz`) counts what became of them, by column; `tests/tables/test_fuzz.py` runs a few ten thousand.
"""

from __future__ import annotations

import argparse
import csv
import datetime
import random
import sys
import tempfile
import time
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa

from b12labs import interpret, interpret_frame
from b12labs.files.interpreting import interpret_file
from b12labs.inputs.flags import FLAG_PLACES
from b12labs.inputs.panel import read_panel
from b12labs.inputs.several import by_result
from b12labs.inputs.units import factor
from b12labs.limits.strata import PREGNANCY_UNKNOWN
from b12labs.limits.stratified import limits_of
from b12labs.patient.inputs import PatientInputs
from b12labs.reference import CONTEXT_FIELDS, analytes, context, guideline_keys
from b12labs.reference import units as listed_units
from b12labs.site_mapping.headers import numeric_terms, recognize, result_of, row_values
from b12labs.tables.frames import _cells
from b12labs.tables.reading import read_cohort

BACKENDS = ("pandas object", "pandas str", "polars", "polars object", "pyarrow", "dictionary", "csv")
#: Those that hold any Python object; the others hold text.
OBJECTS = ("pandas object", "polars object")
PATIENTS = (
    ("age", "sex", "elevation"),
    ("age", "pregnant"),
    ("trimester",),
    ("gestational_weeks",),
    ("age [months]", "elevation [ft]"),
)
ALL_OF_PREGNANCY = ("sex", "pregnant", "trimester", "gestational_weeks")
TERM_COLUMNS = ("nitrous_oxide", "vegan", "metformin")
ROLES = ("unit", "flag", "reference_low", "reference_high")

# What counts as missing is written down here a second time, so that the parser cannot grow a new way to lose a result.
_BLANK = {"", "na", "n/a", "nan", "none", "<na>"}
MISSING_RESULT = _BLANK | {"null"}
MISSING_PATIENT = _BLANK | {"unknown"}
MISSING_SEX = MISSING_PATIENT | {"u", "other", "o", "not specified"}
#: Besides ASCII, what may stand in a text that is read: white space, signs of units (and the capital that "µ" becomes),
#: comparators, and the digits of a full-width keyboard.
READABLE = set("µμΜ×‰²≤≥０１２３４５６７８９")

SPACES = (
    "",
    " ",
    "   ",
    "\t",
    "\n",
    "\r\n",
    "\u00a0",
    "\u202f",
    "\u2009",
    "\u2007",
    "\u3000",
    "\u2003",
    "\u2028",
    "\u0085",
    "\x0b",
    "\x0c",
    "\x1c",
)
NASTY = (
    "\x00", "\x01", "\x07", "\x08", "\x1b", "\x7f", "\u200b", "\u200d", "\u200e", "\u200f", "\u202e", "\u2066", "\ufeff", "\u00ad", "\ud800", "\udfff",
    "💊", "🩸", "é", "\u0301", "ß", "ı", "𝟙", "²", "½", "Ⅳ", "①", "五", "−", "–", "—", "‐", "±", "~", "≈", "∞", "%", "‰", "*", "†", "#", "?", "!", "'",
    '"', "`", ";", ",", ".", "..", ":", "/", "\\", "|", "(", ")", "[", "]", "{", "}", "<", ">", "=", "&", "^", "$", "€", "@", "_", "-", "+",
)  # fmt: skip
WORDS = (
    "normal", "low", "LOW", "High", "H", "L", "HH", "N", "positive", "negative", "pos", "NEG", "undetectable", "pending", "hemolyzed", "haemolysed",
    "see note", "UNABLE TO REPORT", "GREATER THAN", "less than", "not done", "cancelled", "QNS", "TNP", "insufficient", "clotted", "lipemic", "error",
    "#N/A", "#VALUE!", "#DIV/0!", "NULL", "None", "nan", "NaN", "NA", "n/a", "inf", "-inf", "Infinity", "-", "--", ".", "?", "*", "**", "...", "x",
    "unknown", "trace", "equivocal", "borderline", "abnormal", "A", "L*", "*H", "H (critical)", "low normal", "not low", "not detected?", "nil", "+", "++",
    "true", "false", "yes", "no", "Y", "N", "maybe", "occasional", "yes?", "stopped", "female", "male", "F", "M", "♀", "trans man", "first", "T2", "III",
    "67", "34M", "5 months", "3 wks", "67 years old", "-3", "131", "0", "1", "2", "3", "20+3", "20+9", "20 weeks", "٢٠", "46", "999", "1500 m", "5280 ft",
    "metformin", "metformin; ataxia", "ataxia, numbness", "ataxia; gibberish", "?ataxia", "ataxia?", "Babinski -", "Babinski +", "no ataxia", "vegan", ";;",
    "metformin\nomeprazole", "D51.0", "nitrous oxide", "pernicious anaemia|PPI", "denies metformin", "мetformin", "Babinski 陰性", "не vegan",
    "=1+1", "=cmd|' /C calc'!A0", "+1+1", "@SUM(1,2)", "'; DROP TABLE labs; --", "1 OR 1=1", "<script>alert(1)</script>", "<b>145</b>", "&lt;150",
    "2024-03-01", "03/04/2024", "12:30", "2024-03-01T08:30", "1/2", "0x91", "0b11", "0o17", "1_000", "145f", "145L", "1e3", "1e-999", "1e999", "-1e999",
    "１４５", "١٤٥", "१४५", "−145", "145−", "$145", "145 USD", '{"value": 145}', "[145]", "(145)", "145;146", "145 and 146", "145/146", "145:146",
)  # fmt: skip
#: What a column of that name may well hold.
USUAL = {
    "age": ("67", "5 months", "3 wks", "0", "41 years", "12.5", "10 days"),
    "sex": ("F", "male", "Female", "m", "woman", "unknown", "other"),
    "pregnant": ("yes", "no", "Y", "N", "0", "1", "unknown", "true"),
    "trimester": ("1", "2", "third", "T2", "3.0", "first", ""),
    "gestational_weeks": ("8", "20+3", "34 weeks", "0", "16", "39.5", ""),
    "elevation": ("1500", "300 m", "0", "2500.5", "-20"),
    "flag": ("H", "L", "N", "low", "High", "", "", ""),
    **dict.fromkeys(TERM_COLUMNS, ("yes", "no", "unknown", "1", "0", "")),
}
#: Around a number N and the unit U of its column, what nobody may take for a result.
REFUSED = (
    "-N", "−N", "–N", "- N U", "N-M", "N - M U", "N–M U", "N to M", "N;M U", "N M", "N M U", "N/M U", "N U M U", "N U N U", "N,5,5 U", "N.5.3 U", "N..5 U",
    "<>N U", "<<N", "><N U", "< >N", "<-N U", "≤≥N", "<N>M", "~N U", "≈N U", "±N", "N±5 U", "N +/- 5 U", "=N", "==N U", "N† U",
    "N?", "?N U", "N!", "N U?", "approx N U", "ca. N", "about N U", "N or M", "N U U", "NaN U", "inf U", "1e999 U", "<1e999 U", "∞ U", "0xNU",
    "N\x00", "N\x00 U", "\x00N U", "N\u200b U", "\u200fN U", "\u202eN U", "N\ufeff U", "N💊 U", "N U💊", "N mL", "N %%", "N seconds", "N U/day", "N e3 U",
    "N U\ud800", "\ud800N", "<script>N U</script>", "=N+1", "'N U", '"N U"', "N'N U", "N_000 U", "not N U", "was N U", "N U pending",
    "<0 U", "<1e-999 U", ">0 U", ">=0 U", ">=0", "<0", "١٢٣ U", "१२३ U", "1²3 U", "½ U", "Ⅳ U",
)  # fmt: skip


class Boolish:
    """An object that says yes to everything."""

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 7


def objects(rng: random.Random) -> object:
    """Return a cell that is no text."""
    number = rng.choice([0, 1, 2, 5.5, 145, 12.25, 300, 1e6, rng.uniform(0, 600), rng.randint(-5, 5000)])
    return rng.choice(
        [
            None,
            float("nan"),
            pd.NA,
            pd.NaT,
            np.datetime64("NaT"),
            float("inf"),
            float("-inf"),
            True,
            False,
            np.True_,
            np.False_,
            number,
            float(number),
            int(number),
            -number,
            0.0,
            -0.0,
            1e-320,
            1e308,
            10**400,
            10**5000,
            -(10**400),
            2**63,
            np.float32(number),
            np.float64(number),
            np.int8(5),
            np.uint64(2**63),
            np.float16(7.5),
            np.longdouble(145),
            np.str_("145"),
            np.str_("5 pg/mL"),
            np.bytes_(b"145"),
            Decimal("145.0"),
            Decimal("1.00"),
            Decimal("NaN"),
            Decimal("sNaN"),
            Decimal("Infinity"),
            Decimal("1e999999"),
            Fraction(1, 2),
            Fraction(290, 2),
            Fraction(10**400),
            complex(1, 2),
            complex(145, 0),
            b"145",
            b"145 pg/mL",
            bytearray(b"1"),
            memoryview(b"145"),
            datetime.date(2024, 3, 1),
            datetime.datetime(2024, 3, 1, tzinfo=datetime.UTC),
            datetime.timedelta(145),
            pd.Timestamp("2024-03-01"),
            pd.Timedelta(145),
            np.datetime64("2024-03-01"),
            np.datetime64("2024-03-01", "ns"),
            np.timedelta64(145, "ns"),
            [145],
            ["ataxia", "numbness"],
            ["metformin", None],
            [],
            [[1]],
            (145, "pg/mL"),
            ("145", 5),
            (),
            {"value": 145},
            {"value": [1]},
            {"unit": "pg/mL"},
            {},
            {1: 2},
            {"value": {"value": 145, "unit": "pg/mL"}},
            {"value": 145, "unit": ["pg/mL"]},
            {"value": 145, "unit": 5},
            {145},
            frozenset(["vegan"]),
            np.array([145.0]),
            np.array(145.0),
            np.array([1, 2]),
            np.array(["ataxia"]),
            pd.Series([145]),
            object(),
            Boolish(),
            len,
            int,
            range(3),
            ...,
        ]
    )


def number_text(rng: random.Random) -> str:
    number = rng.choice([rng.uniform(0.01, 20), rng.uniform(1, 700), rng.uniform(100, 100_000)])
    return rng.choice(
        [f"{number:.0f}", f"{number:.1f}", f"{number:.3g}", f"{number:.4f}", f"{number:,.0f}", f"{number:e}"]
    )


def unit_text(rng: random.Random, key: str) -> str:
    own = [
        spelling
        for unit in listed_units().units
        if unit.kind in analytes()[key].kinds
        for spelling in (unit.ucum, *unit.spellings)
    ]
    if rng.random() < 0.6:
        return rng.choice(own)
    other = rng.choice(listed_units().units)
    return rng.choice(
        [
            rng.choice([other.ucum, *other.spellings]),
            rng.choice(listed_units().refused).spelling,
            rng.choice(own) * 2,
            rng.choice(own) + "L",
            rng.choice(own).replace("L", "l").upper(),
            rng.choice(own)[:-1],
            "",
            " ",
            "?",
            "mg",
            "kg/L",
            "meter",
            "1",
            "10^9",
            "pg/ml/h",
            "K",
            "ng",
            "N/A",
        ]
    )


def mutated(rng: random.Random, text: str) -> str:
    """Return a text with something put in, taken out, doubled or written in another script."""
    place = rng.randint(0, len(text))
    kind = rng.randrange(8)
    if kind < 3:
        return text[:place] + rng.choice(NASTY) + text[place:]
    if kind == 3:
        return text[:place] + rng.choice(SPACES) + text[place:]
    if kind == 4:
        return text[: max(place - 1, 0)] + text[place:]
    if kind == 5:
        return text[:place] + text[max(place - rng.randint(1, 4), 0) :]
    if kind == 6:
        zero = rng.choice([0x660, 0x6F0, 0x966, 0xFF10, 0x1D7CE])
        return "".join(chr(zero + int(sign)) if sign in "0123456789" and rng.random() < 0.7 else sign for sign in text)
    return text.swapcase()


def analyte_text(rng: random.Random, key: str) -> str:
    comparator = rng.choice(
        ["", "", "", "", "<", ">", "<=", "≥", "=<", "less than ", "GREATER THAN ", "< ", "~", "<>", "±"]
    )
    text = (
        rng.choice(SPACES) * (rng.random() < 0.2)
        + comparator
        + number_text(rng)
        + rng.choice(["", " ", "\u00a0"])
        + unit_text(rng, key)
    )
    for _ in range(rng.choice([0, 0, 1, 1, 2])):
        text = mutated(rng, text)
    return text


def any_text(rng: random.Random) -> str:
    roll = rng.random()
    if roll < 0.002:
        return rng.choice(["1", "1.", "9,9", " ", "x", "ataxia;", "💊", "<", "145 pg/mL "]) * (100_000 // 4)
    if roll < 0.1:
        return rng.choice(SPACES) + rng.choice(SPACES)
    if roll < 0.25:
        return "".join(
            chr(rng.choice([rng.randint(0, 0x7F), rng.randint(0, 0x24FF), rng.randint(0, 0x10FFFF)]))
            for _ in range(rng.randint(1, 8))
        )
    word = rng.choice(WORDS)
    return mutated(rng, word) if rng.random() < 0.4 else word


def a_cell(rng: random.Random, text: str, *, allow_objects: bool) -> object:
    roll = rng.random()
    if roll < 0.15:
        if allow_objects:
            return objects(rng)
        return rng.choice([None, "", number_text(rng)])
    return text if roll < 0.7 else any_text(rng)


class Table:
    """A table of cells by header; `refused` are the places of those that must be reported."""

    def __init__(self, seed: int, rows: int, backend: str) -> None:
        self.rng = rng = random.Random(seed)
        self.backend = backend
        self.guideline = rng.choice(guideline_keys())
        self.decimal = rng.choice([".", ".", ".", ","])
        self.cells: dict[str, list[object]] = {}
        self.refused: set[tuple[str, int]] = set()
        with_objects = backend in OBJECTS
        for key in analytes():
            # A header in brackets has no room for a unit in brackets.
            unit = rng.choice(
                rng.choice(
                    [
                        [
                            unit.ucum
                            for unit in listed_units().units
                            if unit.kind in analytes()[key].kinds
                            if "[" not in unit.ucum
                        ]
                        or [""],
                        [""],
                    ]
                )
            )
            beside = rng.random() < 0.3
            header = f"{key} [{unit}]" if unit else key
            column = [a_cell(rng, analyte_text(rng, key), allow_objects=with_objects) for _ in range(rows)]
            self.cells[header] = column
            for place in range(rows):
                if rng.random() < 0.1:
                    column[place] = self._refused(key, unit)
                    self.refused.add((header, place))
            for role in ROLES if beside else ():
                self.cells[f"{key}_{role}"] = [self._beside(key, role, unit) for _ in range(rows)]
        for header in rng.choice([*PATIENTS, ALL_OF_PREGNANCY]):
            usual = USUAL[header.split()[0]]
            self.cells[header] = [a_cell(rng, rng.choice(usual), allow_objects=with_objects) for _ in range(rows)]
        names = [name for term in context().terms.values() for name in (term.key, term.label, *term.synonyms)]
        for header in (*CONTEXT_FIELDS, *TERM_COLUMNS):
            self.cells[header] = [
                a_cell(rng, "; ".join(rng.choices([*names, *WORDS], k=rng.randint(1, 3))), allow_objects=with_objects)
                for _ in range(rows)
            ]
        if not with_objects:
            self.cells = {header: [as_text(cell, backend) for cell in column] for header, column in self.cells.items()}

    def _beside(self, key: str, role: str, unit: str) -> object:
        """Return a cell for the column of the unit, the flag or an end of the interval."""
        rng, roll = self.rng, self.rng.random()
        if role == "unit":
            text = unit if roll < 0.6 else unit_text(rng, key)
        elif role == "flag":
            text = rng.choice(USUAL["flag"])
        else:
            text = (
                ""
                if roll < 0.3
                else f"{rng.uniform(0, 2 if role == 'reference_low' else 20):.3g}"
                if roll < 0.7
                else number_text(rng)
            )
        return text if rng.random() < 0.7 else a_cell(rng, text, allow_objects=self.backend in OBJECTS)

    def _refused(self, key: str, unit: str) -> str:
        """Return a result that must be refused, around a number that would be read."""
        written = unit or analytes()[key].unit
        plausible = analytes()[key].plausible
        number = self.rng.uniform(max(plausible.low, plausible.high / 1000), plausible.high / 3) / factor(key, written)
        template = self.rng.choice(REFUSED)
        return (
            template.replace("N", f"{number:.6g}", 1)
            .replace("N", f"{number:.6g}")
            .replace("M", f"{number * 1.5:.6g}")
            .replace("U", written)
        )

    def frame(self) -> object:
        if self.backend in ("pandas object", "csv"):
            return pd.DataFrame(
                {header: pd.Series(_as_array(column), dtype=object) for header, column in self.cells.items()}
            )
        if self.backend == "pandas str":
            return pd.DataFrame(self.cells, dtype="str")
        if self.backend == "polars":
            return pl.DataFrame(self.cells, schema=dict.fromkeys(self.cells, pl.String))
        if self.backend == "polars object":
            return pl.DataFrame({header: pl.Series(column, dtype=pl.Object) for header, column in self.cells.items()})
        columns = {header: pa.array(column, pa.string()) for header, column in self.cells.items()}
        return pa.table(
            {
                header: column.dictionary_encode() if self.backend == "dictionary" else column
                for header, column in columns.items()
            }
        )

    @property
    def rows(self) -> int:
        return len(next(iter(self.cells.values())))


def _as_array(column: list[object]) -> object:
    array = np.empty(len(column), dtype=object)
    for place, cell in enumerate(column):
        array[place] = cell
    return array


def as_text(cell: object, backend: str) -> str | None:
    if not isinstance(cell, str):
        return cell  # None
    text = cell.encode("utf-8", "replace").decode()
    return text.replace("\r\n", "\n").replace("\r", "\n") if backend == "csv" else text


def is_nothing(cell: object, words: set[str]) -> bool:
    """Tell whether a cell says nothing, by this file's own list."""
    if isinstance(cell, str):
        return cell.strip().casefold() in words
    if isinstance(cell, float | np.floating | Decimal):
        return str(cell) == "nan" or str(cell) == "NaN"
    return cell is None or cell is pd.NA or cell is pd.NaT or (isinstance(cell, np.datetime64) and np.isnat(cell))


class FaultError(AssertionError):
    """A cell of which something does not hold."""


def check(table: Table, *, sample: int = 100) -> Counter[tuple[str, str]]:
    """Read a table in columns and row by row; return how many cells of every column were missing, read and reported."""
    counts: Counter[tuple[str, str]] = Counter()
    limits = limits_of(table.guideline)
    frame = table.frame()
    found = recognize(list(table.cells))
    assert not found.unused
    found.numeric = numeric_terms(found, table.cells.__getitem__)
    native = nw.from_native(frame, eager_only=True)
    cohort = read_cohort(
        lambda name: _cells(native[name].to_native()), table.rows, found, limits, decimal=table.decimal
    )
    problems: list[list[tuple[str, str]]] = [[] for _ in range(table.rows)]
    for problem, rows in cohort.problems.found:
        for row in rows.tolist():
            problems[row].append((problem.field, problem.code))
    interpreted = nw.from_native(interpret_frame(frame, guideline=table.guideline, decimal=table.decimal))[
        "problems"
    ].to_list()
    intervals = {key: data.interval() for key, data in cohort.results.items()}
    unverified = {key: data.is_unverified() for key, data in cohort.results.items()}
    for row in range(table.rows):
        given = {header: column[row] for header, column in table.cells.items()}
        values = row_values(found, given)
        panel = read_panel(values, report=True, decimal=table.decimal)
        patient = PatientInputs(panel, limits)
        reported = set(problems[row])
        _equal(given, reported, {(problem.field, problem.code) for problem in panel.problems}, "problems")
        said = set(interpreted[row].split("; ")) - {"", "blood_count: inconsistent_blood_count"}
        _equal(given, {": ".join(pair) for pair in reported}, said, "the table's problems")
        # A number that may be in another unit is read, and said to be in doubt.
        fields = {field for field, code in reported if code != "doubtful_unit"}
        meant = {
            named: by_result(named, result_of(columns, given), decimal=table.decimal)
            for named, columns in found.analytes.items()
        }
        for named, columns in found.analytes.items():
            key = meant[named]
            if key not in cohort.results:
                key = named  # a sibling of which no row has a result
            data = cohort.results[key]
            here = _at(data, intervals[key], row)
            one = patient.result(key)
            _equal(
                given[columns.value], here, _of(one), f"{key} in a column and for one patient, beside {columns.beside}"
            )
            doubted = unverified[key]
            there = panel.is_unverified(key)
            _equal(given[columns.value], doubted is not None and bool(doubted[row]), there, f"{key} could not be used")
            if list(meant.values()).count(key) > 1:
                continue  # two columns of one analyte, by its unit; tests/tables/test_every_cell.py counts them
            is_read = here[0] > 0 or here[1] < float("inf") or here[2] != 0
            state = _state(given, columns, is_read=is_read, is_reported=key in fields)
            counts[key, state] += 1
            if (columns.value, row) in table.refused and key not in fields:
                raise FaultError(f"{key}: {given[columns.value]!r} beside {columns.unit!r} was read as {here[:3]}")
            for role in columns.beside:
                counts[f"beside: {role}", "reported with the value" if key in fields else "read or blank"] += 1
        for field, state in _patient_states(given, found, cohort, row, fields, patient, limits):
            counts[field, state] += 1
        if row % sample == 0:
            result = interpret(guideline=table.guideline, errors="report", decimal=table.decimal, **values)
            result.model_dump_json()
            str(result)
    return counts


def _at(data: object, interval: tuple[object, object], row: int) -> tuple[object, ...]:
    def at(column: object) -> object:
        return column[data.codes[row]].item() if isinstance(column, np.ndarray) else column

    ends = [None if end is None or np.isnan(at(end)) else at(end) for end in (data.reference_low, data.reference_high)]
    low, high = (float(end[row]) for end in interval)
    return (low, high, at(data.flag), *ends)


def _of(one: object) -> tuple[object, ...]:
    return one.low, one.high, FLAG_PLACES[one.flag], one.reference_low, one.reference_high


def _equal(given: object, one: object, other: object, what: str) -> None:
    if isinstance(one, set) and isinstance(other, set):
        one, other = one - other, other - one
    if one != other:
        raise FaultError(f"{what}: {one} and {other} for {str(given)[:5000]!r}")


def _state(given: dict[str, object], columns: object, *, is_read: bool, is_reported: bool) -> str:
    """Return what became of a result; a value stays while its flag or its interval is what is reported."""
    cell = given[columns.value]
    missing = is_nothing(cell, MISSING_RESULT) or (isinstance(cell, dict) and set(cell) <= {"unit"})
    beside = any(not is_nothing(given[header], {""}) for role, header in columns.beside.items() if role != "unit")
    if is_read and is_reported and not beside and not isinstance(cell, dict):
        raise FaultError(f"read and reported: {cell!r} in {columns}")
    if missing and not beside and (is_read or is_reported):
        raise FaultError(f"missing, yet read {is_read}, reported {is_reported}: {cell!r} in {columns}")
    if not missing and not is_read and not is_reported:
        raise FaultError(f"neither read nor reported: {cell!r} in {columns}")
    if (
        is_read
        and isinstance(cell, str)
        and not missing
        and (strange := {sign for sign in cell if not sign.isascii() and not sign.isspace()} - READABLE)
    ):
        raise FaultError(f"read in spite of {strange}: {cell!r} in {columns}")
    return (
        "read, its flag or interval reported"
        if is_read and is_reported
        else "read"
        if is_read
        else "reported"
        if is_reported
        else "missing"
    )


def _patient_states(given, found, cohort, row, fields, patient, limits):  # type: ignore[no-untyped-def]  # tests take what the cohort holds
    """Yield what became of every cell about the patient."""
    if cohort.age is not None:
        _equal(given, tuple(float(end[row]) for end in cohort.age.interval()), patient.age, "age")
    stratum = cohort.stratum if isinstance(cohort.stratum, int) else int(cohort.stratum[row])
    _equal(given, stratum, patient.stratum, "the stratum of age, sex and pregnancy")
    codes, meters = (np.zeros(row + 1, dtype=int), np.zeros(1)) if cohort.elevation is None else cohort.elevation
    _equal(given, float(meters[codes[row]]), patient.panel.elevation, "elevation")
    together = len({"pregnant", "trimester", "gestational_weeks", "sex"} & set(found.patient)) > 1
    pregnancy = cohort.pregnancy if isinstance(cohort.pregnancy, int) else int(cohort.pregnancy[row])
    for name, header in found.patient.items():
        nothing = is_nothing(given[header], MISSING_SEX if name == "sex" else MISSING_PATIENT)
        reported = name in fields
        if name == "age":
            read = bool(cohort.age.interval()[1][row] < float("inf"))
        elif name == "elevation":
            read = not nothing and not reported  # compared with the one patient above
        elif together:
            yield name, "reported" if reported else "missing" if nothing else "read"
            continue
        elif name == "sex":
            read = int(cohort.sex[row]) != 2
        elif name == "pregnant":
            read = pregnancy != PREGNANCY_UNKNOWN and not nothing
        else:
            read = not reported and not nothing
            if pregnancy != (4 if reported else 0 if nothing else patient.panel.pregnancy):
                raise FaultError(f"{name}: {given[header]!r} became {pregnancy}")
        if nothing + read + reported != 1:
            raise FaultError(f"{name}: {given[header]!r}: missing {nothing}, read {read}, reported {reported}")
        yield name, "reported" if reported else "read" if read else "missing"
    named: set[str] = set()
    for (name, header), (codes, terms, _) in zip(found.context.items(), cohort.texts, strict=True):
        here, reported = terms[codes[row]], name in fields
        named |= here
        if not here and not reported and not _says_nothing(given[header]):
            raise FaultError(f"{name}: {given[header]!r} was neither read nor reported")
        yield name, "read in part" if here and reported else "reported" if reported else "read" if here else "missing"
    for term, groups, codes, truths in cohort.terms:
        said = int(truths[codes[row]])
        cell, reported, read = given[found.terms[term]], term in fields, said in (0, 2)
        named |= groups if said == 2 else set()
        nothing = is_nothing(cell, MISSING_PATIENT)
        if nothing + read + reported != 1:
            raise FaultError(f"{term}: {cell!r}: missing {nothing}, read {read}, reported {reported}")
        yield term, "reported" if reported else "read" if read else "missing"
    _equal(given, named, set(patient.names), "context terms")


def _says_nothing(cell: object) -> bool:
    if isinstance(cell, list | tuple | set | frozenset | np.ndarray):
        return not len(cell)
    return is_nothing(cell, set()) or not "".join(sign for sign in str(cell) if sign not in ";|,").strip()


def check_file(table: Table, folder: Path) -> None:
    """Interpret a table as a CSV; its problems are those of the table in memory."""
    frame = table.frame()
    path, problems, output = (folder / name for name in ("labs.csv", "problems.csv", "interpreted.csv"))
    frame.to_csv(path, index=False, quoting=csv.QUOTE_ALL)
    interpret_file(path, output=output, problems=problems, guideline=table.guideline, decimal=table.decimal)
    whole = interpret_frame(frame.fillna("").astype(object), guideline=table.guideline, decimal=table.decimal)
    again = pd.read_csv(output, dtype=str, keep_default_na=False)
    for name in whole.columns:
        expected = whole[name].astype(object).where(whole[name].notna(), "").map(str).tolist()
        _equal(name, again[name].tolist(), expected, "file and table")


def run(cells: int, seed: int = 0, rows: int = 250, *, report: bool = False) -> Counter[tuple[str, str]]:
    """Check tables of every backend in turn, until so many cells were checked."""
    counts: Counter[tuple[str, str]] = Counter()
    number = done = 0
    while done < cells:
        table = Table(seed + number, rows, BACKENDS[number % len(BACKENDS)])
        try:
            counts += check(table)
            if table.backend == "csv":
                with tempfile.TemporaryDirectory() as folder:
                    check_file(table, Path(folder))
        except Exception as error:
            error.add_note(f"table {seed + number} of {rows} rows, {table.backend}, {table.guideline}")
            raise
        done = sum(counts.values())
        number += 1
        if report and number % 10 == 0:
            print(f"{done:,} cells", file=sys.stderr)
    return counts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cells", type=int, nargs="?", default=1_000_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--rows", type=int, default=250, help="rows of a table")
    given = parser.parse_args()
    started, cpu = time.perf_counter(), time.process_time()
    counts = run(given.cells, given.seed, given.rows, report=True)
    states = sorted({state for _, state in counts})
    print("| column | " + " | ".join(states) + " |\n|---|" + "--:|" * len(states))
    for column in dict.fromkeys(column for column, _ in counts):
        print(f"| {column} | " + " | ".join(f"{counts[column, state]:,}" for state in states) + " |")
    print(
        f"\n{sum(counts.values()):,} cells, no exception, in {time.perf_counter() - started:.0f} s ({time.process_time() - cpu:.0f} s of one core)"
    )


if __name__ == "__main__":
    main()
