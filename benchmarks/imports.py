"""The costs of an import, a first call and a command on a small file, in fresh processes with compiled modules."""

from __future__ import annotations

import os
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
COMMAND = "import sys; from b12labs.cli import main; sys.exit(main(['interpret', sys.argv[1], '-o', sys.argv[2]]))"


def measure(size: Size, folder: Path) -> Found:
    """Measure processor time, user and system, of whole processes."""
    labs = data.write_parquet(folder / "few.parquet", data.table(1_000, "numbers"))
    few = folder / "few.csv"
    data.write_csv(few, 1_000, "numbers")
    codes = {
        "`import b12labs`": ("import b12labs",),
        "`import pydantic`": ("import pydantic",),
        "Python alone": ("",),
        "import and first `interpret(...)`": (PATIENT,),
        "`import numpy, pyarrow`": ("import numpy, pyarrow",),
        "`b12labs interpret`, a CSV of 1,000 rows to Parquet": (COMMAND, str(few), str(folder / "few_out.parquet")),
        "import and first `interpret_frame`, 1,000 rows with pandas": (FRAME, str(labs)),
    }
    environment = _compiling_into(folder / "compiled")
    found = timing.interleaved(
        {name: _job(arguments, environment) for name, arguments in codes.items()}, 2 * size.repeats - 1
    )
    ours, pydantic, _, first, arrow, command, _ = codes
    return Found(
        [
            Ratio(
                "`import b12labs` / `import pydantic`, processor time of a fresh process",
                1.5,
                timing.ratio(found, ours, pydantic),
            ),
            Ratio(
                "import and first `interpret(...)` / `import pydantic`, processor time of a fresh process",
                2.2,
                timing.ratio(found, first, pydantic),
            ),
            Ratio(
                "`b12labs interpret`, a CSV of 1,000 rows / `import numpy, pyarrow`, processor time of a fresh process",
                1.7,
                timing.ratio(found, command, arrow),
            ),
        ],
        [Figure(f"fresh process, processor time: {name}", values) for name, values in found.items()],
    )


def _compiling_into(folder: Path) -> dict[str, str]:
    """Return an environment in which Python keeps compiled modules, as it does by default."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": str(folder)}


def _job(arguments: tuple[str, ...], environment: dict[str, str]) -> Callable[[], float]:
    return lambda: timing.cpu_seconds([sys.executable, "-c", *arguments], environment)
