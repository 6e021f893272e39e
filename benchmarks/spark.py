"""The cost of the interpretation inside Spark, on Parquet files of numbers.

Spark's `noop` sink discards the rows of every job.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from b12labs.integrations.shards import Shards
from benchmarks import data, timing
from benchmarks.results import Figure, Found, Ratio, Size

SHARDS = 8
ROWS_AT_A_TIME = 100_000


def measure(size: Size, folder: Path) -> Found:
    """Measure Spark on two cores, and one process on one core."""
    if importlib.util.find_spec("pyspark") is None:
        raise timing.UnavailableError("pyspark is not installed; pip install 'b12labs[spark]'")
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        raise timing.UnavailableError("Spark needs Java 17, and there is no java")
    table = data.table(size.rows, "numbers")
    rows = size.rows // SHARDS
    paths = [
        str(
            data.write_parquet(
                folder / f"{place:03}.parquet", table.slice(place * rows, rows), row_group=ROWS_AT_A_TIME
            )
        )
        for place in range(SHARDS)
    ]
    del table
    spark = _session()
    try:
        return _compare(spark, paths, rows * SHARDS, size.repeats)
    finally:
        spark.stop()


def _compare(spark: Any, paths: list[str], rows: int, repeats: int) -> Found:
    from b12labs.integrations.spark import interpret, interpret_files

    def as_it_is(batches: Iterable[Any]) -> Iterator[Any]:
        yield from batches

    df = spark.read.parquet(*paths)
    timed: dict[str, Callable[[], object]] = {
        "Spark, `interpret`": lambda: _run(interpret(df)),
        "Spark, batches passed through Python": lambda: _run(df.mapInArrow(as_it_is, df.schema)),
        "Spark, `interpret_files`": lambda: _run(interpret_files(spark, paths)),
        "Spark, `interpret_files`, the workers write": lambda: _written(spark, paths),
    }
    alone = "one process on one core, the same files written"
    found = timing.interleaved(
        {**{name: timing.clock(job) for name, job in timed.items()}, alone: lambda: _alone(paths)}, repeats
    )
    ours, identity, _, files = timed
    per_core = timing.ratio(found, alone, files) / min(timing.CORES, len(timing.cores()))
    return Found(
        [
            Ratio(
                "Spark with the interpretation / the same job with an identity `mapInArrow`",
                1.15,
                timing.ratio(found, ours, identity),
            ),
            Ratio(
                "Spark over Parquet that the workers read and write, speed a core / one process",
                0.75,
                per_core,
                at_least=True,
            ),
        ],
        [Figure(f"{name}, Parquet", values, rows) for name, values in found.items()],
    )


def _alone(paths: list[str]) -> float:
    """Return the seconds that a new process takes on one core, after a first file that is not counted."""
    with timing.on_cores(1):
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.spark", *paths], stdout=subprocess.PIPE, check=True, text=True
        )
    return float(done.stdout)


def _interpret(paths: list[str]) -> None:
    with TemporaryDirectory() as folder:
        shards = Shards.of(paths, output=folder)
        for place in range(len(paths)):
            shards.write(place)


def _written(spark: Any, paths: list[str]) -> None:
    from b12labs.integrations.spark import interpret_files

    with TemporaryDirectory() as folder:
        interpret_files(spark, paths, output=folder)


def _session() -> Any:
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = (
        SparkSession.builder.master(f"local[{timing.CORES}]")
        .appName("b12labs benchmark")
        .config("spark.ui.enabled", "false")
    )
    builder = builder.config("spark.ui.showConsoleProgress", "false").config("spark.driver.host", "127.0.0.1")
    spark = builder.config("spark.sql.execution.arrow.maxRecordsPerBatch", str(ROWS_AT_A_TIME)).getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    return spark


def _run(df: Any) -> None:
    df.write.format("noop").mode("overwrite").save()


if __name__ == "__main__":
    _interpret(sys.argv[1:2])
    start = time.perf_counter()
    _interpret(sys.argv[1:])
    print(time.perf_counter() - start)
