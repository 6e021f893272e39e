"""Peak memory of `b12labs interpret` over files of two sizes: it must not grow with the rows."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from benchmarks import data, timing
from benchmarks.results import Figure, Found, Ratio, Size


def measure(size: Size, folder: Path) -> Found:
    """Measure peaks, with all processes that the command starts, and how long it took."""
    seconds: dict[int, list[float]] = {size.large: [], size.rows: []}

    def job(rows: int, labs: Path) -> Callable[[], float]:
        def measured() -> float:
            start = time.perf_counter()
            peak = timing.peak_memory(timing.b12labs("interpret", labs, "-o", folder / "out.parquet"))
            seconds[rows].append(time.perf_counter() - start)
            return peak

        return measured

    jobs = {f"{rows:,} rows": job(rows, data.write_csv(folder / f"{rows}.csv", rows, "censored")) for rows in seconds}
    found = timing.interleaved(jobs, size.repeats)
    large, small = jobs
    return Found(
        [Ratio(f"peak memory of that command at {large} / at {small}", 1.2, timing.ratio(found, large, small))],
        [Figure(f"peak memory of `b12labs interpret`, {name}", values, unit="bytes") for name, values in found.items()]
        + [
            Figure(f"`b12labs interpret`, {rows:,} rows, while its memory is read", taken[-size.repeats :], rows)
            for rows, taken in seconds.items()
        ],
    )
