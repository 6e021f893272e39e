"""`interpret()` and `certainty` of one patient, compared with pydantic alone and pint with pydantic.

The time is that of many different patients, divided by their number.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from b12labs import interpret, read_panel
from b12labs.patient.interpretation import Interpretation
from benchmarks import data, timing
from benchmarks.by_hand import read_row
from benchmarks.results import Figure, Found, Ratio, Size


def measure(size: Size, folder: Path) -> Found:  # noqa: ARG001  # every group takes a folder
    """Measure one patient at a time."""
    rows = data.patients(size.patients)
    values = [data.as_values(row) for row in rows]
    panels = [read_panel(given) for given in values]
    interpreted = [interpret(panel) for panel in panels]
    plain = [result.model_dump() for result in interpreted]
    jobs: dict[str, Callable[[], object]] = {
        "`interpret(panel)`, a ready panel": lambda: _each(interpret, panels),
        "pydantic builds the same result": lambda: _each(Interpretation.model_validate, plain),
        "`interpret(...)`, 16 texts with units": lambda: _each(lambda given: interpret(None, **given), values),
        '`interpret(...).to_json(detail="holds")`, the same texts': lambda: _each(_compact, values),
        "pint and pydantic, the same texts": lambda: _each(read_row, rows),
        "`result.certainty`, an interpretation made before": lambda: _each(Interpretation.certainty_with, interpreted),
    }
    # The garbage collector must not scan the objects that were made for the measurement.
    gc.collect()
    gc.freeze()
    try:
        found = timing.interleaved({name: timing.clock(job) for name, job in jobs.items()}, size.repeats)
    finally:
        gc.unfreeze()
    panel, pydantic, texts, compact, by_hand, certainty = jobs
    return Found(
        [
            Ratio(
                "one patient, `interpret(panel)` / pydantic builds the same result object",
                5,
                timing.ratio(found, panel, pydantic),
            ),
            Ratio(
                "one patient from strings with units / pint and pydantic read the same strings",
                0.1,
                timing.ratio(found, texts, by_hand),
            ),
            Ratio(
                "one patient from strings to compact JSON / pint and pydantic read the same strings",
                0.25,
                timing.ratio(found, compact, by_hand),
            ),
            Ratio("one patient, `result.certainty` / `interpret(panel)`", 2, timing.ratio(found, certainty, panel)),
        ],
        [Figure(f"one patient: {name}", [seconds / len(rows) for seconds in found[name]]) for name in found],
    )


def _compact(given: dict[str, Any]) -> str:
    return interpret(None, **given).to_json(detail="holds")


def _each(job: Callable[[Any], object], given: Iterable[Any]) -> None:
    """Do the job for one patient at a time, and keep no result."""
    for one in given:
        job(one)
