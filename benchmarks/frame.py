"""`interpret_frame`, compared with reading the same rows, and with a loop over them."""

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

#: The block sizes tried with pyarrow.csv; the fastest is used.
MEGABYTES = (1, 2, 4, 8, 16)
NUMBERS = "`interpret_frame`, numbers"
BITS = "`interpret_frame`, numbers, all findings as bits"
UNITS = "`interpret_frame`, text with units"
READ_NUMBERS = "`pyarrow.csv.read_csv`, numbers, one thread"
READ_UNITS = "`pandas.read_csv`, text with units"
LOOP = "pandas `apply`, pint and pydantic, text with units"
#: The ending of names of jobs measured in processor seconds, compared with one thread of pyarrow or of pandas.
OF_PROCESSOR = ", processor"


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
    one_thread = csv.ReadOptions(block_size=2 << 20, use_threads=False)
    by_processor = {
        NUMBERS: lambda: interpret_frame(numbers),
        BITS: lambda: interpret_frame(numbers, findings=True, findings_dtype="bool[pyarrow]"),
        READ_NUMBERS: lambda: csv.read_csv(numbers_csv, read_options=one_thread),
        UNITS: lambda: interpret_frame(units),
        READ_UNITS: lambda: pandas.read_csv(units_csv),
    }
    jobs: dict[str, tuple[int, Callable[[], object]]] = {
        NUMBERS: (size.rows, by_processor[NUMBERS]),
        BITS: (size.rows, by_processor[BITS]),
        f"{NUMBERS}, all findings": (size.rows, lambda: interpret_frame(numbers, findings=True)),
        **{
            name: (size.rows, partial(csv.read_csv, numbers_csv, read_options=options))
            for name, options in readers.items()
        },
        UNITS: (size.rows, by_processor[UNITS]),
        READ_UNITS: (size.rows, by_processor[READ_UNITS]),
        f"{NUMBERS}, a pyarrow Table": (size.rows, lambda: interpret_frame(arrow)),
        few_numbers: (len(few), lambda: interpret_frame(few)),
        sure: (len(few), lambda: interpret_frame(few, certainty=True)),
        LOOP: (len(loop), lambda: loop.apply(read_row, axis=1)),  # type: ignore[call-overload]  # pandas-stubs has no cells that are models
    }
    clocks = {name: timing.clock(job) for name, (_, job) in jobs.items()}
    for name, job in by_processor.items():
        jobs[f"{name}{OF_PROCESSOR}"] = (size.rows, job)
        clocks[f"{name}{OF_PROCESSOR}"] = timing.processor(job)
    found = timing.interleaved(clocks, size.repeats)

    def of_processor(over: str, under: str) -> float:
        return timing.ratio(found, f"{over}{OF_PROCESSOR}", f"{under}{OF_PROCESSOR}")

    fastest = min(readers, key=lambda name: timing.ratio(found, name, next(iter(readers))))
    share = len(loop) / size.rows
    return Found(
        [
            Ratio(f"{BITS} / {READ_NUMBERS}{OF_PROCESSOR}", 0.5, of_processor(BITS, READ_NUMBERS)),
            Ratio(f"{NUMBERS} / {READ_NUMBERS}{OF_PROCESSOR}", 0.45, of_processor(NUMBERS, READ_NUMBERS)),
            Ratio(f"{BITS} / the fastest `pyarrow.csv.read_csv` of the file", 0.8, timing.ratio(found, BITS, fastest)),
            Ratio(f"{UNITS} and `<` / {READ_UNITS}{OF_PROCESSOR}", 1.2, of_processor(UNITS, READ_UNITS)),
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
