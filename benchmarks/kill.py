"""Kill `b12labs interpret` at random points, start it again, and compare the bytes with those of an uninterrupted run.

    python -m benchmarks.kill [--rows 10000000] [--kills 10] [--seed 12]

For Parquet and for CSV output, the command runs once uninterrupted. Then, `--kills` times, it is started, killed
(`SIGKILL`) at a random point, started again (in every third case killed a second time), and left to finish. Every kill
is reported. The exit code is 1 if a byte differs, if an incomplete output exists, or if a file is left behind.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks import data, timing

#: A run that is done before its kill is not counted. This many in a row mean that the measurement is wrong.
MOST_MISSED = 20


@dataclass
class Trial:
    """One command, its output, and the digest of an uninterrupted run's output."""

    labs: Path
    out: Path
    seconds: float
    digest: str

    def start(self) -> subprocess.Popen[str]:
        """Start the command."""
        return subprocess.Popen(
            timing.b12labs("interpret", self.labs, "-o", self.out),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    def kill_after(self, delay: float) -> str | None:
        """Start the command and kill it after a delay. Return its progress, or None if it was done before."""
        began = time.perf_counter()
        with self.start() as process:
            try:
                process.wait(delay)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            killed = process.returncode == -9
            if process.returncode not in (0, -9):
                raise SystemExit(
                    f"the command failed with {process.returncode}: {process.stderr.read() if process.stderr else ''}"
                )
        if not killed:
            return None
        return f"{time.perf_counter() - began:.2f} s, {self.where()}"

    def where(self) -> str:
        """Return the progress of the killed run."""
        if not self.folder.exists():
            return "no folder of parts"
        done = len(list(self.folder.glob("*.counts.json")))
        return f"{done} parts done"

    @property
    def folder(self) -> Path:
        """The folder of work in progress."""
        return self.out.with_name(f".{self.out.name}.part")

    def finish(self) -> str:
        """Run to the end, and return the command's message about continuing."""
        with self.start() as process:
            said = process.stderr.read().strip() if process.stderr else ""
        if process.returncode:
            raise SystemExit(f"the command failed with {process.returncode}: {said}")
        return said.removeprefix("b12labs: ") or "started again"

    def fault(self) -> str:
        """Return the fault of an existing output, or a blank text if it is right or missing."""
        if self.out.exists() and digest(self.out) != self.digest:
            return "the output is not the one of an uninterrupted run"
        return ""


def digest(path: Path) -> str:
    """Return a file's SHA-256."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def uninterrupted(labs: Path, out: Path) -> Trial:
    """Run once to the end, and return the trial with its digest."""
    began = time.perf_counter()
    timing.run(timing.b12labs("interpret", labs, "-o", out))
    trial = Trial(labs, out, time.perf_counter() - began, digest(out))
    print(
        f"{out.name}: {out.stat().st_size / 1e6:,.1f} MB in {trial.seconds:.1f} s uninterrupted, sha256 {trial.digest}",
        flush=True,
    )
    out.unlink()
    return trial


def kill_somewhere(trial: Trial, pick: random.Random, most: float) -> tuple[float, str]:
    """Kill a run at a random point of at most `most` seconds. Return that point and the progress of the run."""
    for _ in range(MOST_MISSED):
        delay = pick.uniform(0, most)
        where = trial.kill_after(delay)
        if where is not None:
            return delay, where
        if trial.fault():
            return delay, "done before it was killed"
        trial.out.unlink()
    raise SystemExit(f"{MOST_MISSED} runs in a row were done before they were killed")


def check(trial: Trial, pick: random.Random, kills: int) -> bool:
    """Kill and continue runs, `kills` times. Return whether every output was right."""
    right = True
    for number in range(1, kills + 1):
        delay, where = kill_somewhere(trial, pick, trial.seconds)
        faults, points = [trial.fault()], [where]
        if number % 3 == 0 and not trial.out.exists():
            again = trial.kill_after(pick.uniform(0, max(trial.seconds - delay, trial.seconds / 4)))
            points.append(again or "the second run was done before it was killed")
            faults.append(trial.fault())
        said = trial.finish()
        faults.append(trial.fault() if trial.out.exists() else "there is no output")
        if trial.folder.exists():
            faults.append("its folder of parts was left behind")
        wrong = [fault for fault in faults if fault]
        right = right and not wrong
        print(
            f"{number:>3}  killed at {'; then at '.join(points)}; {said}: {'; '.join(wrong) or 'the same bytes'}",
            flush=True,
        )
        trial.out.unlink(missing_ok=True)
    return right


def main() -> int:
    """Make a file, and check both kinds of output."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.kill", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--kills", type=int, default=10, help="for each kind of output")
    parser.add_argument("--seed", type=int, default=data.SEED, help="the seed of the points at which a run is killed")
    given = parser.parse_args()
    pick = random.Random(given.seed)
    right = True
    with tempfile.TemporaryDirectory(prefix="b12labs-kill-") as folder:
        labs = data.write_csv(Path(folder) / "labs.csv", given.rows, "censored")
        print(f"{given.rows:,} rows, {labs.stat().st_size / 1e6:,.1f} MB, seed {given.seed}", flush=True)
        for name in ("out.parquet", "out.csv"):
            right = check(uninterrupted(labs, Path(folder) / name), pick, given.kills) and right
    print("every output was the same, to the byte" if right else "NOT every output was the same")
    return int(not right)


if __name__ == "__main__":
    sys.exit(main())
