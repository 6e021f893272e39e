"""Time and peak memory of `b12labs interpret` over made-up files of two sizes: the peak must not grow with the rows.

Run: python benchmarks/memory.py [ROWS ...]; default 1000000 10000000.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

BLOCK = 250_000
#: Header, mean, spread and decimals of every column.
ANALYTES = (
    ("B12 [pg/mL]", 380, 190, 0), ("MMA [umol/L]", 0.3, 0.2, 2), ("Homocysteine [umol/L]", 12, 6, 1), ("holotc [pmol/L]", 70, 35, 0),
    ("Folate [ng/mL]", 9, 5, 1), ("Hemoglobin [g/dL]", 13.2, 1.8, 1), ("MCV [fL]", 91, 8, 0), ("RDW [%]", 13.8, 1.6, 1),
    ("WBC [10*9/L]", 7, 2, 1), ("Platelets [10*9/L]", 250, 70, 0), ("Ferritin [ng/mL]", 90, 60, 0), ("Creatinine [mg/dL]", 0.9, 0.3, 2),
    ("eGFR [mL/min/{1.73_m2}]", 85, 20, 0), ("RBC [10*12/L]", 4.6, 0.5, 2), ("Hematocrit [%]", 40, 4, 1), ("LDH [U/L]", 180, 50, 0),
)  # fmt: skip


def write_labs(path: Path, rows: int) -> None:
    """Write made-up results of 16 analytes, age and sex; one in ten is missing."""
    random = np.random.default_rng(12)
    with path.open("w", encoding="utf-8") as file:
        file.write(",".join(["sample", "age", "sex", *(header for header, *_ in ANALYTES)]) + "\n")
        for start in range(0, rows, BLOCK):
            count = min(BLOCK, rows - start)
            columns: list[list[str]] = [
                [f"S{start + row}" for row in range(count)],
                [str(age) for age in random.integers(18, 95, count)],
                ["FM"[sex] for sex in random.integers(0, 2, count)],
            ]
            for _, mean, spread, decimals in ANALYTES:
                values = np.clip(random.normal(mean, spread, count), mean / 10, None)
                missing = random.random(count) < 0.1
                columns.append(["" if gone else f"{value:.{decimals}f}" for value, gone in zip(values, missing, strict=True)])
            file.writelines(",".join(row) + "\n" for row in zip(*columns, strict=True))


def measure(labs: Path, out: Path) -> tuple[float, float]:
    """Return seconds and peak megabytes of one run in a process of its own."""
    began = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "b12labs", "interpret", str(labs), "-o", str(out)], stdout=subprocess.DEVNULL, env=os.environ
    ) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"b12labs interpret failed with {process.returncode}")
    return time.perf_counter() - began, usage.ru_maxrss / 1024


def main() -> None:
    """Print rows, seconds and peak memory of every size, and the ratio of the peaks."""
    sizes = [int(given) for given in sys.argv[1:]] or [1_000_000, 10_000_000]
    peaks = []
    with tempfile.TemporaryDirectory() as folder:
        for rows in sizes:
            labs = Path(folder) / "labs.csv"
            write_labs(labs, rows)
            for ending in ("parquet", "csv"):
                seconds, peak = measure(labs, Path(folder) / f"out.{ending}")
                print(f"{rows:>12,} rows to {ending:<8}{seconds:8.1f} s  {rows / seconds:>10,.0f} rows/s  peak {peak:7.0f} MB")
                if ending == "parquet":
                    peaks.append(peak)
    print(f"peak of the largest over the smallest: {max(peaks) / min(peaks):.2f}")


if __name__ == "__main__":
    main()
