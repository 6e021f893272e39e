"""Measure the time and memory of b12labs, and write the results as a page.

    python -m benchmarks [-o FILE.md] [--only GROUP ...] [--rows N] [--repeats N] [--quick]

A group that fails, or lacks a package or program, does not stop the others. The page lists it with its reason. The exit
code is 1 if a group failed.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks import fhir_bundle, files, frame, imports, memory, one_patient, spark, timing
from benchmarks.results import Found, Report, Size

#: One patient comes first, while the memory that Python's garbage collector scans is small.
GROUPS: dict[str, Callable[[Size, Path], Found]] = {
    "one_patient": one_patient.measure,
    "fhir_bundle": fhir_bundle.measure,
    "imports": imports.measure,
    "frame": frame.measure,
    "files": files.measure,
    "spark": spark.measure,
    "memory": memory.measure,
}
QUICK = Size(rows=8_000, repeats=1, patients=5, by_hand=20)


def main() -> int:
    """Measure, and write the page."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "-o", "--output", type=Path, metavar="FILE.md", help="the file for the page; by default the page is printed"
    )
    parser.add_argument(
        "--only", nargs="+", choices=GROUPS, default=list(GROUPS), metavar="GROUP", help=f"of {', '.join(GROUPS)}"
    )
    parser.add_argument(
        "--rows", type=int, help=f"rows of a table; memory is compared with ten times as many; default {Size.rows:,}"
    )
    parser.add_argument("--repeats", type=int, help=f"interleaved runs of everything; default {Size.repeats}")
    parser.add_argument(
        "--quick",
        action="store_true",
        help="measure so little that the figures mean nothing, to check that everything works",
    )
    given = parser.parse_args()
    default = QUICK if given.quick else Size()
    size = Size(given.rows or default.rows, given.repeats or default.repeats, default.patients, default.by_hand)
    if size.rows < 1 or size.repeats < 1:
        parser.error("--rows and --repeats: expected 1 or more")
    if timing.can_pin():
        os.sched_setaffinity(0, timing.cores()[: timing.CORES])
    report, failed = Report(size), False
    for name in (group for group in GROUPS if group in given.only):
        print(f"{time.strftime('%H:%M:%S')} {name}", file=sys.stderr, flush=True)
        with tempfile.TemporaryDirectory(prefix="b12labs-benchmark-") as folder:
            try:
                report.found[name] = GROUPS[name](size, Path(folder))
            except timing.UnavailableError as reason:
                report.missing[name] = f"skipped: {reason}"
            except Exception as error:  # any failure of one group must not stop the others
                failed = True
                report.missing[name] = f"failed: {type(error).__name__}: {error}"
        if given.output:  # after every group, so that a stopped run leaves its results
            given.output.write_text(report.page(), encoding="utf-8")
    if not given.output:
        print(report.page(), end="")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
