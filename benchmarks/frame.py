"""`interpret_frame` beside reading the same rows, and beside a loop over them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pandas
import pyarrow
from pyarrow import csv

from b12labs import interpret_frame
from benchmarks import data, timing
from benchmarks.by_hand import read_row
from benchmarks.results import Figure, Found, Ratio, Size

#: The block sizes that pyarrow.csv is given; the fastest counts.
MEGABYTES = (1, 2, 4, 8, 16)
NUMBERS = "`interpret_frame`, numbers"
FINDINGS = "`interpret_frame`, numbers, all findings"
UNITS = "`interpret_frame`, text with units"
READ_UNITS = "`pandas.read_csv`, text with units"
LOOP = "pandas `apply`, pint and pydantic, text with units"


def measure(size: Size, folder: Path) -> Found:
    """Measure tables in memory."""
    pyarrow.set_cpu_count(timing.CORES)
    numbers_csv = data.write_csv(folder / "numbers.csv", size.rows, "numbers")
    units_csv = data.write_csv(folder / "units.csv", size.rows, "units")
    numbers, units, arrow = pandas.read_csv(numbers_csv), pandas.read_csv(units_csv), csv.read_csv(numbers_csv)
    few = numbers.head(100_000)
    few_numbers = f"{NUMBERS}, a table of {len(few):,} rows"
    sure = f"{few_numbers}, `certainty=True`"
    loop = units.head(size.by_hand)
    readers = {
        f"`pyarrow.csv.read_csv`, numbers, blocks of {count} MB": csv.ReadOptions(block_size=count << 20)
        for count in MEGABYTES
    }
    jobs: dict[str, tuple[int, Callable[[], object]]] = {
        NUMBERS: (size.rows, lambda: interpret_frame(numbers)),
        FINDINGS: (size.rows, lambda: interpret_frame(numbers, findings=True)),
        **{
            name: (size.rows, partial(csv.read_csv, numbers_csv, read_options=options))
            for name, options in readers.items()
        },
        UNITS: (size.rows, lambda: interpret_frame(units)),
        READ_UNITS: (size.rows, lambda: pandas.read_csv(units_csv)),
        f"{NUMBERS}, a pyarrow Table": (size.rows, lambda: interpret_frame(arrow)),
        few_numbers: (len(few), lambda: interpret_frame(few)),
        sure: (len(few), lambda: interpret_frame(few, certainty=True)),
        LOOP: (len(loop), lambda: loop.apply(read_row, axis=1)),  # type: ignore[call-overload]  # pandas-stubs has no cells that are models
    }
    found = timing.interleaved({name: timing.clock(job) for name, (_, job) in jobs.items()}, size.repeats)
    fastest = min(readers, key=lambda name: timing.ratio(found, name, next(iter(readers))))
    share = len(loop) / size.rows
    return Found(
        [
            Ratio(
                f"{FINDINGS} / the fastest `pyarrow.csv.read_csv` of the file",
                0.35,
                timing.ratio(found, FINDINGS, fastest),
            ),
            Ratio(f"{UNITS} and `<` / `pandas.read_csv` of the file", 1.0, timing.ratio(found, UNITS, READ_UNITS)),
            Ratio(
                f"{NUMBERS} / a loop with pint and pydantic, a row", 1e-4, timing.ratio(found, NUMBERS, LOOP) * share
            ),
            Ratio(f"{UNITS} / the same loop over the same text, a row", 1e-4, timing.ratio(found, UNITS, LOOP) * share),
            Ratio(f"{sure} / without it", 3, timing.ratio(found, sure, few_numbers)),
        ],
        [
            Figure(name, values, jobs[name][0])
            for name, values in found.items()
            if name not in readers or name == fastest
        ],
    )
