"""The command line: `python -m validation.oracle --patients 20000`."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter

from validation.oracle.compare import compare

__all__ = ["main"]


def main() -> int:
    """Compare, print the differences, and return 1 if there are any."""
    parser = argparse.ArgumentParser(prog="python -m validation.oracle")
    parser.add_argument("--patients", type=int, default=20_000, help="the number of panels (default 20000)")
    parser.add_argument("--seed", type=int, default=2026, help="the same panels for the same seed")
    parser.add_argument(
        "--show", type=int, default=3, help="the number of panels printed for each statement that differs"
    )
    options = parser.parse_args()
    start = time.perf_counter()
    outcome = compare(options.patients, options.seed)
    seconds = time.perf_counter() - start
    shown: Counter[str] = Counter()
    for difference in outcome.differences:
        shown[difference.statement] += 1
        if shown[difference.statement] <= options.show:
            print(difference)
    for statement, count in shown.most_common():
        print(f"{statement}: {count:,} differ")
    print(
        f"{outcome.panels:,} panels, {len(outcome.statements)} statements, "
        f"{sum(outcome.statements.values()):,} answers compared, {len(outcome.differences):,} differ ({seconds:.0f} s)"
    )
    return 1 if outcome.differences else 0


if __name__ == "__main__":
    sys.exit(main())
