"""Compare statements with `interpret_frame` over many made-up rows, and time them.

`make sql` compares every guideline in DuckDB, and three in PostgreSQL and in Spark, on 200,000 rows each.
"""

from __future__ import annotations

import argparse
import sys
import time

import pandas as pd

from b12labs import to_sql
from b12labs.reference import guideline_keys
from b12labs.tables.frames import as_table, read_frame
from b12labs.tables.options import checked_options
from b12labs.tables.reading import for_limits
from b12labs.tables.rows import interpret_cohort
from validation.sql.comparing import differences
from validation.sql.engines import ENGINES
from validation.sql.rows import MadeUp, made_up

#: The guidelines that are compared if a statement takes long to plan.
THREE = ("nice-ng239", "denmark", "pregnancy-bc-2019")


def main() -> int:
    """Run the comparison. Return 1 if any answer differs."""
    parser = argparse.ArgumentParser(prog="python -m validation.sql", description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--engine", action="append", choices=list(ENGINES), help="default: all three")
    parser.add_argument("--guideline", action="append", help="default: every one in DuckDB, three in the others")
    parser.add_argument("--few", action="store_true", help="usual columns and no findings, in DuckDB too")
    options = parser.parse_args()
    made = made_up(options.rows, options.seed)
    wrong = 0
    for engine in options.engine or ENGINES:
        few = options.few or engine != "duckdb"
        rows = made.of_a_usual_laboratory() if few else made
        print(f"{options.rows:,} rows, {len(rows.columns)} columns, seed {options.seed}", flush=True)
        keys = options.guideline or (guideline_keys() if engine == "duckdb" else THREE)
        wrong += _compare(engine, keys, rows, findings=not few)
    return 1 if wrong else 0


def _compare(engine: str, keys: tuple[str, ...] | list[str], made: MadeUp, *, findings: bool) -> int:
    """Compare guidelines in one engine, print a line for each, and return the number of cells that differ."""
    wrong = 0
    start = time.perf_counter()
    cohort = read_frame(made.frame, checked_options(units=made.units))
    reading = time.perf_counter() - start
    with ENGINES[engine](made.table) as run:
        for key in keys:
            checked = checked_options(guideline=key, units=made.units, findings=findings)
            start = time.perf_counter()
            outcome = interpret_cohort(for_limits(cohort, checked.limits), checked)
            framed = time.perf_counter() - start
            wanted: pd.DataFrame = as_table(outcome.columns, made.frame).drop(columns="next_tests")
            start = time.perf_counter()
            statement = to_sql(
                columns=made.columns, units=made.units, guideline=key, dialect=engine, findings=findings, keep=["id"]
            )
            written = time.perf_counter() - start
            start = time.perf_counter()
            got = run(statement)
            ran = time.perf_counter() - start
            found = differences(wanted, got.sort_values("id").reset_index(drop=True))
            wrong += sum(found.values())
            print(
                f"{engine} {key}: {len(wanted.columns)} columns, {sum(found.values())} differences {found or ''}; "
                f"interpret_frame {reading + framed:.1f} s (reading {reading:.1f}), statement {written:.1f} s to write "
                f"({len(statement):,} signs, {statement.count(' AS (')} steps), {ran:.1f} s to run",
                flush=True,
            )
    return wrong


if __name__ == "__main__":
    sys.exit(main())
