"""What the interpretation costs inside Spark, on made-up rows of numbers.

    python benchmarks/spark.py [--rows 2000000] [--shards 8] [--cores 2] [--repeat 5]

Needs Java 17 and `pip install 'b12labs[spark]'`. Prints the median and the range of each job's times, after one to warm up, and ratios of medians:
the DataFrame with its interpretation against the same job with batches passed through as they are, and the cost of a row per core
against one process that reads the same files without Spark. Every job's rows are thrown away by Spark's `noop` sink.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow
import pyarrow.parquet

from b12labs.integrations.arrow import interpret_batches
from b12labs.integrations.spark import interpret, interpret_files

MOST_ROWS = 20_000_000
ROWS_AT_A_TIME = 100_000


def made_up(rows: int, seed: int) -> pyarrow.Table:
    """Return rows of numbers as a laboratory has them; a tenth of the second-line results is there."""
    pick = np.random.default_rng(seed)

    def numbers(middle: float, spread: float, digits: int, share: float = 0.98) -> pyarrow.Array:
        values = np.round(middle * np.exp(pick.normal(0, spread, rows)), digits)
        return pyarrow.array(values, mask=pick.random(rows) > share)

    return pyarrow.table(
        {
            "row": np.arange(rows, dtype=np.int64) + seed * rows,
            "b12 [pg/mL]": numbers(380, 0.5, 0),
            "mma [umol/L]": numbers(0.2, 0.6, 2, 0.1),
            "homocysteine [umol/L]": numbers(10, 0.4, 1, 0.1),
            "folate [ng/mL]": numbers(9, 0.5, 1, 0.5),
            "hemoglobin [g/dL]": numbers(13.5, 0.1, 1),
            "mcv [fL]": numbers(90, 0.07, 0),
            "creatinine [mg/dL]": numbers(0.9, 0.3, 2, 0.8),
            "age": pick.integers(18, 95, rows),
            "sex": pyarrow.array(np.array(["F", "M"], dtype=object)[pick.integers(0, 2, rows)]),
        }
    )


def rounds(jobs: dict[str, Callable[[], object]], repeat: int) -> dict[str, list[float]]:
    """Return every job's seconds, sorted; jobs take turns, so that whatever else the machine does falls on all of them."""
    seconds: dict[str, list[float]] = {name: [] for name in jobs}
    for turn in range(repeat + 1):
        for name, job in jobs.items():
            start = time.perf_counter()
            job()
            if turn:
                seconds[name].append(time.perf_counter() - start)
    return {name: sorted(times) for name, times in seconds.items()}


def alone(paths: list[str]) -> None:
    """Read and interpret the files in this process."""
    for path in paths:
        for _ in interpret_batches(pyarrow.parquet.ParquetFile(path).iter_batches(ROWS_AT_A_TIME)):
            pass


def as_it_is(batches: Iterable[Any]) -> Iterator[Any]:
    """Pass batches through Python."""
    yield from batches


def session(cores: int) -> Any:
    """Return a local Spark session."""
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = SparkSession.builder.master(f"local[{cores}]").appName("b12labs benchmark").config("spark.ui.enabled", "false")
    builder = builder.config("spark.ui.showConsoleProgress", "false")
    found = builder.config("spark.sql.execution.arrow.maxRecordsPerBatch", str(ROWS_AT_A_TIME)).getOrCreate()
    found.sparkContext.setLogLevel("ERROR")
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("--rows", 2_000_000), ("--shards", 8), ("--cores", 2), ("--repeat", 5)):
        parser.add_argument(name, type=int, default=default)
    given = parser.parse_args()
    if not 0 < given.rows <= MOST_ROWS:
        parser.error(f"--rows is to be from 1 to {MOST_ROWS}")
    spark = session(given.cores)
    with tempfile.TemporaryDirectory() as folder:
        size = given.rows // given.shards
        paths = [str(Path(folder) / f"{place:03}.parquet") for place in range(given.shards)]
        for place, path in enumerate(paths):
            pyarrow.parquet.write_table(made_up(size, place), path, row_group_size=ROWS_AT_A_TIME)
        df = spark.read.parquet(*paths)
        jobs = {
            "one process, no Spark": (1, lambda: alone(paths)),
            "Spark, identity": (given.cores, lambda: _run(df.mapInArrow(as_it_is, df.schema))),
            "Spark, interpret": (given.cores, lambda: _run(interpret(df))),
            "Spark, interpret_files": (given.cores, lambda: _run(interpret_files(spark, paths))),
            "Spark, interpret_files, keep=['row']": (given.cores, lambda: _run(interpret_files(spark, paths, keep=["row"]))),
        }
        seconds = rounds({name: job for name, (_, job) in jobs.items()}, given.repeat)
    rows = size * given.shards
    print(f"{rows} rows in {given.shards} files, {given.cores} cores, {given.repeat} rounds, load {os.getloadavg()[0]:.1f} at the end")
    cost = {name: statistics.median(times) * jobs[name][0] / rows * 1e6 for name, times in seconds.items()}
    for name, times in seconds.items():
        print(f"{name:38} {statistics.median(times):6.2f} s ({times[0]:.2f} to {times[-1]:.2f}) {cost[name]:6.2f} us a row and core")
    for over, under in (
        ("Spark, interpret", "Spark, identity"),
        ("Spark, interpret", "Spark, interpret_files"),
        ("Spark, interpret_files", "one process, no Spark"),
    ):
        print(f"{over} / {under}, per core: {cost[over] / cost[under]:.2f}")
    spark.stop()


def _run(df: Any) -> None:
    df.write.format("noop").mode("overwrite").save()


if __name__ == "__main__":
    main()
