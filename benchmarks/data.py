"""Made-up laboratory results, the same in every run.

A table has 16 analytes, some of them missing, age, sex and eight yes or no columns. The first rows of a larger table
are the rows of a smaller one, so that a million rows and ten million differ only in their number.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pyarrow
import pyarrow.parquet
from pyarrow import compute

SEED = 12
BLOCK = 250_000
MISSING = 0.3
CENSORED = 0.01
YES = 0.05


@dataclass(frozen=True)
class Analyte:
    """The distribution of an analyte's made-up results: around `middle`, by factors if `skewed`, with `decimals`."""

    name: str
    unit: str
    skewed: bool
    middle: float
    spread: float
    decimals: int
    #: A censored result is reported as below this value.
    floor: float

    @property
    def header(self) -> str:
        """The column's name with its unit."""
        return f"{self.name} [{self.unit}]"

    def draw(self, generator: np.random.Generator, rows: int) -> npt.NDArray[np.float64]:
        """Return one result per row."""
        noise = generator.normal(0, self.spread, rows)
        values = self.middle * np.exp(noise) if self.skewed else self.middle + noise
        return np.maximum(values, self.floor / 4).round(self.decimals)


ANALYTES = (
    Analyte("b12", "pg/mL", True, 365, 0.5, 0, 150),
    Analyte("holotc", "pmol/L", True, 60, 0.5, 0, 10),
    Analyte("mma", "umol/L", True, 0.18, 0.6, 2, 0.1),
    Analyte("homocysteine", "umol/L", True, 10, 0.4, 1, 4),
    Analyte("folate", "ng/mL", True, 9, 0.5, 1, 2),
    Analyte("hemoglobin", "g/dL", False, 13.5, 1.8, 1, 10),
    Analyte("hematocrit", "%", False, 40, 5, 1, 24),
    Analyte("rbc", "10*12/L", False, 4.5, 0.6, 2, 2),
    Analyte("mcv", "fL", False, 91, 8, 1, 160),
    Analyte("rdw", "%", False, 13.8, 1.5, 1, 20),
    Analyte("wbc", "10*9/L", True, 6.7, 0.35, 1, 1),
    Analyte("neutrophils", "10*9/L", True, 3.7, 0.4, 1, 0.5),
    Analyte("platelets", "10*9/L", False, 240, 70, 0, 20),
    Analyte("ferritin", "ug/L", True, 55, 1.0, 0, 5),
    Analyte("creatinine", "mg/dL", True, 0.9, 0.3, 2, 0.3),
    Analyte("ldh", "U/L", True, 180, 0.3, 0, 60),
)
#: The yes or no columns, and the field of `interpret()` that takes them.
CONTEXT = {
    "metformin": "medicines",
    "proton_pump_inhibitor": "medicines",
    "nitrous_oxide": "risk_factors",
    "vegan_diet": "risk_factors",
    "bariatric_surgery": "risk_factors",
    "autoimmune_gastritis": "diagnoses",
    "paresthesia": "symptoms",
    "fatigue": "symptoms",
}

#: `numbers`: 312 under `b12 [pg/mL]`, nothing censored, 0 and 1 for no and yes. `censored`: the same with `<150` and
#: words. `units`: `312 pg/mL` and `<150 pg/mL` under `b12`.
Style = Literal["numbers", "censored", "units"]


def blocks(rows: int, style: Style, *, missing: float = MISSING) -> Iterator[Any]:
    """Yield Arrow tables that together have `rows` rows."""
    for start in range(0, rows, BLOCK):
        yield _block(start // BLOCK, style, missing).slice(0, rows - start)


def table(rows: int, style: Style, *, missing: float = MISSING) -> Any:
    """Return an Arrow table with `rows` rows."""
    return pyarrow.concat_tables(blocks(rows, style, missing=missing))


def _block(number: int, style: Style, missing: float) -> Any:
    random = np.random.default_rng([SEED, number])
    columns: dict[str, Any] = {}
    for analyte in ANALYTES:
        gone = random.random(BLOCK) < missing
        values = pyarrow.array(analyte.draw(random, BLOCK), mask=gone)
        censored = random.random(BLOCK) < CENSORED
        if style == "numbers":
            columns[analyte.header] = values
            continue
        texts = compute.if_else(pyarrow.array(censored & ~gone), f"<{analyte.floor:g}", values.cast(pyarrow.string()))
        if style == "units":
            columns[analyte.name] = compute.binary_join_element_wise(texts, analyte.unit, " ")
        else:
            columns[analyte.header] = texts
    columns["age"] = pyarrow.array(random.integers(18, 95, BLOCK))
    columns["sex"] = _words(random.integers(0, 2, BLOCK), ["F", "M"])
    for name in CONTEXT:
        said = (random.random(BLOCK) < YES).astype(np.int64)
        columns[name] = pyarrow.array(said) if style == "numbers" else _words(said, ["no", "yes"])
    return pyarrow.table(columns)


def _words(places: npt.NDArray[np.int64], words: list[str]) -> Any:
    return pyarrow.DictionaryArray.from_arrays(pyarrow.array(places), pyarrow.array(words)).dictionary_decode()


def write_csv(path: Path, rows: int, style: Style) -> Path:
    """Write a CSV with `rows` rows, and return its path."""
    from pyarrow import csv

    options = csv.WriteOptions(include_header=False, quoting_style="none")
    with path.open("wb") as file:
        for number, part in enumerate(blocks(rows, style)):
            if not number:
                file.write((",".join(part.column_names) + "\n").encode())
            csv.write_csv(part, file, options)
    return path


def write_long_csv(path: Path, rows: int) -> Path:
    """Write a long table of results in the order of patients: five per draw, two draws per patient."""
    generator = random.Random(SEED)
    days, unit = ("2024-03-01T08:30", "2024-06-01T08:30"), {"B12": "pg/mL", "MMA": "umol/L", "Hb": "g/L", "MCV": "fL"}
    ends = {"B12": (80, 900), "MMA": (0.1, 1.5), "Hb": (70, 160), "MCV": (78, 120), "Sodium": (130, 150)}
    with path.open("w", encoding="utf-8") as file:
        file.write("patient,collected,test,value,unit\n")
        for row in range(rows):
            test = [*ends][row % 5]
            value = generator.uniform(*ends[test])
            file.write(f"P{row // 10:09},{days[row // 5 % 2]},{test},{value:.2f},{unit.get(test, 'mmol/L')}\n")
    return path


def write_parquet(path: Path, part: Any, *, row_group: int = BLOCK) -> Path:
    """Write a table as Parquet, and return its path."""
    pyarrow.parquet.write_table(part, path, row_group_size=row_group)
    return path


def patients(count: int) -> list[dict[str, str | int]]:
    """Return rows with all 16 results as texts with units, one dictionary per row."""
    found: list[dict[str, str | int]] = table(count, "units", missing=0.0).to_pylist()
    return found


def as_values(row: dict[str, str | int]) -> dict[str, Any]:
    """Return a row as keywords of `interpret()`: the terms with a yes are listed under their field."""
    values: dict[str, Any] = {name: cell for name, cell in row.items() if name not in CONTEXT}
    for name, field in CONTEXT.items():
        if row[name] == "yes":
            values.setdefault(field, []).append(name)
    return values
