"""Would a robust verdict be the same at a second draw? Simulated on NHANES's adults with its own variation.

    python -m validation.repeat_draws FILE [--json]

FILE is as in `nhanes.py`. Each adult's results are taken as their own levels. A first and a second draw vary around
them (log-normal, seeded) by the within-person CVs published for NHANES's repeat examinations, a median of 17 days
apart. Analytes without such a CV vary as published elsewhere. The first draw is interpreted with `certainty`, and the
script counts how often the second has the same status. This is done twice: with the published CVs that b12labs ships,
and with those of NHANES itself, like a laboratory that knows its own.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from b12labs import guidelines, interpret_frame
from b12labs.inputs.variation import variations
from validation.nhanes import documented, read

__all__ = ["calibration"]

#: Within-person CVs of NHANES's repeat examinations, in percent.
NHANES = {"b12": 14.8, "mma": 21.6, "homocysteine": 15.4, "hemoglobin": 3.2, "mcv": 0.8}
SEED = 12


def calibration(path: Path, guideline: str, *, seed: int = SEED) -> dict[str, Any]:
    """Return the numbers of robust and borderline adults, and the share of each with the same status at both draws."""
    panels, units = documented(read(path))
    adults = panels[(panels["age"] >= 18) & panels["b12"].notna()].reset_index(drop=True)
    random = np.random.default_rng(seed)
    first, second = (_drawn(adults, random) for _ in range(2))
    again = interpret_frame(second, units=units, guideline=guideline)["status"].astype(str)
    found: dict[str, Any] = {"guideline": guideline, "adults": len(adults)}
    for name, own in (("published", True), ("nhanes", NHANES)):
        result = interpret_frame(first, units=units, guideline=guideline, certainty=own)
        same = result["status"].astype(str) == again
        for what, rows in (("robust", result["robust"].fillna(False)), ("borderline", ~result["robust"].fillna(True))):
            found[f"{what}_{name}"] = {"rows": int(rows.sum()), "same": round(float(same[rows.astype(bool)].mean()), 4)}
    return found


def _drawn(panels: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    """Return the panels with a random draw around the level of every analyte with a known variation."""
    drawn = panels.copy()
    for key, variation in variations(NHANES).items():
        if key in drawn:
            drawn[key] = drawn[key] * np.exp(variation.spread * random.standard_normal(len(drawn)))
    return drawn


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Simulate a second draw of NHANES's adults.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found = [calibration(options.file, key) for key in guidelines()]
    if options.json:
        print(json.dumps(found, indent=2))
        return
    print(f"{'Guideline':<18}{'Robust, same again':>22}{'Borderline, same':>20}   (published CVs)   with NHANES's CVs")
    for row in found:
        cells = [row[f"{what}_{name}"] for name in ("published", "nhanes") for what in ("robust", "borderline")]
        print(f"{row['guideline']:<18}" + "".join(f"{cell['rows']:>10} {cell['same']:>8.1%}" for cell in cells))


if __name__ == "__main__":
    main()
