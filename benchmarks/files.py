"""`b12labs interpret big.csv -o out.parquet`, compared with a process that only reads and writes; and the report."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow
import pyarrow.parquet

from benchmarks import data, timing
from benchmarks.frame import OF_PROCESSOR
from benchmarks.results import Figure, Found, Ratio, Size


def measure(size: Size, folder: Path) -> Found:
    """Measure whole processes of the command line."""
    labs = data.write_csv(folder / "big.csv", size.rows, "censored")
    parquet = data.write_parquet(folder / "big.parquet", data.table(size.rows, "numbers"))
    added = _interpretation(labs, folder)
    out, csv_out, copy = folder / "out.parquet", folder / "out.csv", folder / "copy.parquet"
    interpret = timing.b12labs("interpret", labs, "-o", out)
    copying = [sys.executable, "-m", "benchmarks.copy_with_arrow", str(labs), str(added), str(copy)]
    jobs: dict[str, Callable[[], object]] = {
        "`b12labs interpret`, CSV to Parquet": lambda: timing.run(interpret),
        "pyarrow, CSV to Parquet of the same columns": lambda: timing.run(copying),
        "`b12labs interpret`, CSV to CSV": lambda: timing.run(timing.b12labs("interpret", labs, "-o", csv_out)),
        "`b12labs interpret`, Parquet to Parquet": lambda: timing.run(timing.b12labs("interpret", parquet, "-o", out)),
        "`b12labs interpret`, CSV, nothing written": lambda: timing.run(timing.b12labs("interpret", labs)),
        "`b12labs report`, CSV": lambda: timing.run(timing.b12labs("report", labs, "-o", folder / "report.html")),
    }
    ours, arrow, *_, summary, report = jobs
    alone = f"{ours}, one core"
    comparable = timing.can_pin() and len(timing.cores()) >= timing.CORES
    if comparable:
        jobs[alone] = lambda: _on_one_core(interpret)
    ours_cpu, arrow_cpu = f"{ours}{OF_PROCESSOR}", f"{arrow}{OF_PROCESSOR}"
    timed: dict[str, Callable[[], float]] = {name: timing.clock(job) for name, job in jobs.items()}
    timed[ours_cpu] = lambda: timing.cpu_seconds(interpret)
    timed[arrow_cpu] = lambda: timing.cpu_seconds(copying)
    found = timing.interleaved(timed, size.repeats)
    both = "`b12labs interpret big.csv -o out.parquet` / pyarrow reads it and writes the same columns"
    ratios = [
        Ratio(both, 1.3, timing.ratio(found, ours, arrow)),
        Ratio(f"{both}{OF_PROCESSOR}", 1.6, timing.ratio(found, ours_cpu, arrow_cpu)),
    ]
    ratios.append(
        Ratio(
            "`b12labs report` / `b12labs interpret` of the same CSV, nothing written",
            1.5,
            timing.ratio(found, report, summary),
        )
    )
    if comparable:
        ratios.append(Ratio("the same command on two cores / on one core", 0.75, timing.ratio(found, ours, alone)))
    return Found(ratios, [Figure(name, values, size.rows) for name, values in found.items()])


def _on_one_core(command: list[str]) -> None:
    with timing.on_cores(1):
        timing.run(command)


def _interpretation(labs: Path, folder: Path) -> Path:
    """Interpret once, and return an Arrow file of the added columns, for the process that only writes."""
    interpreted = folder / "once.parquet"
    timing.run(timing.b12labs("interpret", labs, "-o", interpreted))
    own = labs.open(encoding="utf-8").readline().rstrip("\n").split(",")
    table = pyarrow.parquet.read_table(interpreted)
    added = folder / "added.arrow"
    with pyarrow.ipc.new_file(added, table.drop_columns(own).schema) as writer:
        writer.write_table(table.drop_columns(own))
    interpreted.unlink()
    return added
