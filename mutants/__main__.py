"""Change the code and the numbers in one place at a time, and see whether a test fails.

    python -m mutants [--package NAME ...] [--sample N] [--seed N] [--workers N] [--file PART]
    python -m mutants --ci

By default it tries every mutant of the numbers and of the rules, and 600 of the rest. `--ci` tries 40 of all, chosen by
a hash of the code and the numbers: the same tree gives the same 40. The exit code is 1 if a mutant survives that
`mutants/equivalent.toml` does not list; with `--ci`, only if its package is one of `HELD`.
"""

from __future__ import annotations

import argparse
import random
import time

from mutants.child import warm
from mutants.equivalent import equivalents, gone
from mutants.mutant import Mutant
from mutants.packages import HELD, PACKAGES, WHOLE
from mutants.report import entry, survivors, table
from mutants.trial import Trial, recorded, tree_hash, trials

IN_CI, OF_THE_REST = 40, 600


def main() -> int:
    """Choose mutants, try them, and print the survivors."""
    options = _options()
    began = time.monotonic()
    every = [(package, mutant) for package in options.package for mutant in PACKAGES[package].mutants()]
    listed = equivalents()
    if stale := gone(listed, (mutant for name in PACKAGES for mutant in PACKAGES[name].mutants())):
        print("equivalent.toml lists mutants that no longer exist:", *stale, sep="\n")
        return 1
    chosen = _chosen(every, options)
    print(f"{len(chosen)} of {len(every)} mutants are tried; seed {options.seed}.", flush=True)
    warm()
    files = {package: PACKAGES[package].test_files() for package in dict.fromkeys(name for name, _ in chosen)}
    record = recorded(list(dict.fromkeys(file for found in files.values() for file in found)), options.workers)
    print(
        f"{time.monotonic() - began:.0f} s: the functions that {len(record.seconds)} tests enter are known.", flush=True
    )
    of_package = {id(mutant): package for package, mutant in chosen}
    by_package = {package: [mutant for name, mutant in chosen if name == package] for package in files}
    tried: dict[str, list[Trial]] = {package: [] for package in files}
    try:
        for trial in trials(by_package, record, options.workers):
            tried[of_package[id(trial.mutant)]].append(trial)
            for survivor in survivors([trial], listed):
                print(f"\n{entry(survivor)}", flush=True)
            if (done := sum(map(len, tried.values()))) % 100 == 0:
                print(f"{time.monotonic() - began:.0f} s: {done} tried", flush=True)
    except KeyboardInterrupt:
        print("\nStopped: the table holds the mutants that were tried.")
    print(f"\n{table(tried, listed)}\n{time.monotonic() - began:.0f} s")
    counted = HELD if options.ci else tuple(tried)
    left = [each for package in counted for each in survivors(tried.get(package, ()), listed)]
    if left:
        print(f"{len(left)} survive: each needs a test, or a reason in mutants/equivalent.toml (CONTRIBUTING.md).")
    return 1 if left else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m mutants", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--package", nargs="+", choices=PACKAGES, default=list(PACKAGES), help="only these packages")
    parser.add_argument("--file", default="", help="only files whose path holds this text")
    parser.add_argument("--sample", type=int, help="the number of mutants, of all packages together")
    parser.add_argument("--seed", type=int, default=1, help="the seed of the sample (1)")
    parser.add_argument("--workers", type=int, default=1, help="processes at once (1)")
    parser.add_argument("--ci", action="store_true", help=f"{IN_CI}, chosen by the hash of the code and the numbers")
    options = parser.parse_args()
    if options.ci:
        options.sample, options.seed = IN_CI, int(tree_hash("src", "reference_ranges")[:8], 16)
    return options


def _chosen(every: list[tuple[str, Mutant]], options: argparse.Namespace) -> list[tuple[str, Mutant]]:
    """Return the mutants to try: a sample, or all mutants of some packages and a sample of the rest."""
    every = [(package, mutant) for package, mutant in every if options.file in mutant.file]
    whole = [] if options.sample is not None else [pair for pair in every if pair[0] in WHOLE]
    rest = every if options.sample is not None else [pair for pair in every if pair[0] not in WHOLE]
    size = OF_THE_REST if options.sample is None else options.sample
    return whole + random.Random(options.seed).sample(rest, min(size, len(rest)))


if __name__ == "__main__":
    raise SystemExit(main())
