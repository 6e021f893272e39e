"""What an import and a first call cost, in fresh processes."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks import data, timing
from benchmarks.results import Figure, Found, Ratio, Size

PATIENT = (
    "import b12labs; b12labs.interpret(b12='145 pg/mL', mma='0.62 umol/L', hemoglobin='10.4 g/dL', mcv='112 "
    "fL', age=67, sex='female')"
)
FRAME = "import b12labs, pandas, sys; b12labs.interpret_frame(pandas.read_parquet(sys.argv[1]))"


def measure(size: Size, folder: Path) -> Found:
    """Measure processor time, user and system, of whole processes."""
    labs = data.write_parquet(folder / "few.parquet", data.table(1_000, "numbers"))
    codes = {
        "`import b12labs`": ("import b12labs",),
        "`import pydantic`": ("import pydantic",),
        "Python alone": ("",),
        "import and first `interpret(...)`": (PATIENT,),
        "import and first `interpret_frame`, 1,000 rows with pandas": (FRAME, str(labs)),
    }
    found = timing.interleaved({name: _job(arguments) for name, arguments in codes.items()}, 2 * size.repeats - 1)
    ours, pydantic = list(codes)[:2]
    return Found(
        [
            Ratio(
                "`import b12labs` / `import pydantic`, processor time of a fresh process",
                1.5,
                timing.ratio(found, ours, pydantic),
            )
        ],
        [Figure(f"fresh process, processor time: {name}", values) for name, values in found.items()],
    )


def _job(arguments: tuple[str, ...]) -> Callable[[], float]:
    return lambda: timing.cpu_seconds([sys.executable, "-c", *arguments])
