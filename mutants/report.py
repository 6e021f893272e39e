"""The report of mutants that were tried, killed and left."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping

from mutants.equivalent import Key, key
from mutants.trial import Trial


def table(tried: Mapping[str, list[Trial]], listed: Mapping[Key, str]) -> str:
    """Return a table with a row per package: mutants tried, killed, listed as equivalent, and surviving."""
    lines = [f"{'package':<12}{'tried':>8}{'killed':>8}{'equivalent':>12}{'survive':>9}{'killed, %':>11}"]
    total: Counter[str] = Counter()
    for package, trials in tried.items():
        row = _row(trials, listed)
        total.update(row)
        lines.append(_line(package, row))
    return "\n".join([*lines, _line("all", total)])


def _row(trials: Iterable[Trial], listed: Mapping[Key, str]) -> Counter[str]:
    return Counter(
        "killed" if trial.by else "equivalent" if key(trial.mutant) in listed else "survive" for trial in trials
    )


def _line(package: str, row: Counter[str]) -> str:
    killed, survive = row["killed"], row["survive"]
    share = f"{100 * killed / (killed + survive):.1f}" if killed + survive else "-"
    return f"{package:<12}{row.total():>8}{killed:>8}{row['equivalent']:>12}{survive:>9}{share:>11}"


def survivors(trials: Iterable[Trial], listed: Mapping[Key, str]) -> list[Trial]:
    """Return the trials of mutants that no test killed and that are not listed."""
    return [trial for trial in trials if trial.by is None and key(trial.mutant) not in listed]


def entry(trial: Trial) -> str:
    """Return a survivor as an entry of `equivalent.toml`, below the line of its place."""
    mutant = trial.mutant
    values: dict[str, object] = {
        "file": mutant.file,
        "place": mutant.place,
        "before": mutant.before,
        "after": mutant.after,
        **({"which": mutant.which} if mutant.which > 1 else {}),
        "reason": "",
    }
    body = "\n".join(f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in values.items())
    return f"# {mutant.file}:{mutant.line}\n[[equivalent]]\n{body}\n"
