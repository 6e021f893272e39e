"""Peak memory of `b12labs interpret` over files of two sizes, wide and long: it must not grow with the rows."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from benchmarks import data, timing
from benchmarks.results import Figure, Found, Ratio, Size


def measure(size: Size, folder: Path) -> Found:
    """Measure the time and the peak memory of the command and all processes that it starts."""
    seconds: dict[int, list[float]] = {size.large: [], size.rows: []}

    def job(rows: int, labs: Path) -> Callable[[], float]:
        def measured() -> float:
            start = time.perf_counter()
            peak = timing.peak_memory(timing.b12labs("interpret", labs, "-o", folder / "out.parquet"))
            seconds[rows].append(time.perf_counter() - start)
            return peak

        return measured

    def long_job(labs: Path) -> Callable[[], float]:
        return lambda: timing.peak_memory(timing.b12labs("interpret", labs, "-o", folder / "out.parquet"))

    few, many = size.rows, 4 * size.rows
    long_jobs = {
        f"{rows:,} results": long_job(data.write_long_csv(folder / f"long-{rows}.csv", rows)) for rows in (few, many)
    }
    jobs = {f"{rows:,} rows": job(rows, data.write_csv(folder / f"{rows}.csv", rows, "censored")) for rows in seconds}
    found = timing.interleaved(jobs, size.repeats)
    large, small = jobs
    long_found = timing.interleaved(long_jobs, size.repeats)
    small_long, large_long = long_jobs
    return Found(
        [
            Ratio(f"peak memory of that command at {large} / at {small}", 1.2, timing.ratio(found, large, small)),
            Ratio(
                f"peak memory over a long file in the order of patients, {large_long} / {small_long}",
                1.2,
                timing.ratio(long_found, large_long, small_long),
            ),
        ],
        [
            Figure(f"peak memory of `b12labs interpret`, {name}", values, unit="bytes")
            for name, values in {**found, **long_found}.items()
        ]
        + [
            Figure(f"`b12labs interpret`, {rows:,} rows, while its memory is read", taken[-size.repeats :], rows)
            for rows, taken in seconds.items()
        ],
    )
