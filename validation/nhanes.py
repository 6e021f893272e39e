"""Interpret every row of a file of NHANES's own columns, and print figures to compare with published ones.

    python validation/nhanes.py FILE [--json]

Below the figures are the conclusions of every guideline about the same adults: the numbers with each status, and of
those whom it would treat.

FILE is a CSV (also .gz) with NHANES's variable names, from one or more cycles. `MAPPING` holds the variables of each
analyte with their units. If cycles name or measure a variable differently, the first name present is used. Weighted
figures use WTMEC2YR.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from b12labs import guidelines, interpret_frame

#: Analyte -> NHANES variables and their units, in order of preference.
MAPPING: dict[str, tuple[tuple[str, str], ...]] = {
    "b12": (("LBXB12", "pg/mL"), ("LBDB12", "pg/mL"), ("LBDB12SI", "pmol/L")),
    "mma": (("LBXMMA", "umol/L"), ("LBXMMASI", "nmol/L")),
    "homocysteine": (("LBXHCY", "umol/L"),),
    "folate": (
        ("LBXFOL", "ng/mL"),
        ("LBDFOLSI", "nmol/L"),
        ("LBXFOLSI", "nmol/L"),
        ("LBDFOTSI", "nmol/L"),
        ("LBDFOT", "ng/mL"),
    ),
    "rbc_folate": (
        ("LBXRBF", "ng/mL"),
        ("LBDRBFSI", "nmol/L"),
        ("LBXRBFSI", "nmol/L"),
        ("LBDRFOSI", "nmol/L"),
        ("LBDRFO", "ng/mL"),
    ),
    "hemoglobin": (("LBXHGB", "g/dL"), ("LBDHGBSI", "g/L")),
    "hematocrit": (("LBXHCT", "%"),),
    "rbc": (("LBXRBCSI", "10*6/uL"), ("LBXRBC", "10*6/uL")),
    "mcv": (("LBXMCVSI", "fL"), ("LBXMCV", "fL")),
    "mch": (("LBXMCHSI", "pg"), ("LBXMCH", "pg")),
    "mchc": (("LBXMC", "g/dL"),),
    "rdw": (("LBXRDW", "%"),),
    "wbc": (("LBXWBCSI", "10*3/uL"), ("LBXWBC", "10*3/uL")),
    "neutrophils": (("LBDNENO", "10*3/uL"),),
    "platelets": (("LBXPLTSI", "10*3/uL"), ("LBXPLT", "10*3/uL")),
    "creatinine": (("LBXSCR", "mg/dL"), ("LBDSCRSI", "umol/L")),
    "bilirubin_total": (("LBXSTB", "mg/dL"), ("LBDSTBSI", "umol/L")),
    "ldh": (("LBXSLDSI", "U/L"),),
    "ferritin": (("LBXFER", "ng/mL"), ("LBDFERSI", "ug/L")),
    "transferrin_saturation": (("LBXPCT", "%"), ("LBDPCT", "%")),
    "crp": (("LBXCRP", "mg/dL"), ("LBXHSCRP", "mg/L")),
}
#: B12 in NHANES's SI unit, for the figures with a limit in pmol/L.
B12_SI = (("LBDB12SI", "pmol/L"), ("LBXB12", "pg/mL"), ("LBDB12", "pg/mL"))
MEDICINES = {
    "rx_metformin": "metformin",
    "rx_ppi": "proton_pump_inhibitor",
    "rx_h2ra": "h2_blocker",
    "rx_b12": "b12_supplement",
    "rx_methotrexate": "methotrexate",
    "rx_anticonvulsant": "anticonvulsant",
}


def read(path: Path) -> pd.DataFrame:
    """Read a table of NHANES. Exits if a column that every file has is missing."""
    table = pd.read_csv(path, low_memory=False)
    for needed in ("RIAGENDR", "RIDAGEYR"):
        if needed not in table:
            raise SystemExit(f"{path}: expected NHANES's columns, got no {needed}")
    return table


def choose(table: pd.DataFrame, names: tuple[tuple[str, str], ...]) -> tuple[pd.Series, str] | None:
    """Return the first variable present, with its unit."""
    for name, unit in names:
        if name in table:
            return pd.to_numeric(table[name]), unit
    return None


def to_panels(
    table: pd.DataFrame, b12: tuple[tuple[str, str], ...] = MAPPING["b12"]
) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return NHANES's rows as b12labs columns, and the unit of each analyte."""
    columns: dict[str, Any] = {}
    units: dict[str, str] = {}
    for key, names in {**MAPPING, "b12": b12}.items():
        chosen = choose(table, names)
        if chosen is not None:
            columns[key], units[key] = chosen
    months = next((table[name] / 12 for name in ("RIDAGEMN", "RIDEXAGM", "RIDAGEEX") if name in table), None)
    years = table["RIDAGEYR"].astype(float)
    columns["age"] = years if months is None else years.where((years >= 2) | months.isna(), months)
    columns["sex"] = table["RIAGENDR"].map({1: "male", 2: "female"})
    if "RIDEXPRG" in table:
        columns["pregnant"] = table["RIDEXPRG"].map({1: "yes", 2: "no"})  # 3 means not ascertained
    for name, term in MEDICINES.items():
        if name in table:
            columns[term] = table[name].map({1: "yes", 0: "no"})
    return pd.DataFrame(columns, index=table.index), units


def documented(table: pd.DataFrame, *b12: tuple[tuple[str, str], ...]) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return the same with B12 in an unambiguous unit, because NHANES documents its unit.

    b12labs takes a B12 above 50,000 pg/mL as a possible error by a factor of 1000, but not the same value in mg/L.
    """
    panels, units = to_panels(table, *b12)
    larger = {"pg/mL": "mg/L", "pmol/L": "umol/L"}[units["b12"]]
    return panels.assign(b12=panels["b12"] / 1e6), {**units, "b12": larger}


def interpretations(table: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the interpretations of all rows by the guidelines whose limits are in the figures."""
    panels, units = documented(table)
    in_si, si_units = documented(table, B12_SI)
    return {
        "nice-ng239": interpret_frame(panels, units=units, guideline="nice-ng239", findings=True),
        "nih-ods": interpret_frame(panels, units=units, guideline="nih-ods", findings=True),
        "bsh-2014": interpret_frame(in_si, units=si_units, guideline="bsh-2014", findings=True),
        "uptodate": interpret_frame(in_si, units=si_units, guideline="uptodate", findings=True),
    }


def figures(table: pd.DataFrame) -> dict[str, dict[str, float]]:
    """Return the figures for adults of 20 years and over."""
    done = interpretations(table)
    ng239, ods, bsh, uptodate = (done[key] for key in ("nice-ng239", "nih-ods", "bsh-2014", "uptodate"))
    adult = table["RIDAGEYR"] >= 20
    not_pregnant = adult if "RIDEXPRG" not in table else adult & ~(table["RIDEXPRG"] == 1)
    weights = table.get("WTMEC2YR")

    def share(who: pd.Series, holds: pd.Series) -> dict[str, float]:
        told = who & holds.notna()
        cases = told & holds.fillna(False)
        found: dict[str, float] = {"n": int(told.sum()), "cases": int(cases.sum())}
        found["unweighted_percent"] = _percent(cases.sum(), told.sum())
        if weights is not None:
            found["weighted_percent"] = _percent(weights[cases].sum(), weights[told].sum())
        return found

    anemia = share(not_pregnant, ng239["anemia"])
    low = not_pregnant & bsh["low_total_b12"].fillna(False) & bsh["anemia"].notna() & bsh["macrocytosis"].notna()
    neither = low & ~bsh["anemia"].fillna(True) & ~bsh["macrocytosis"].fillna(True)
    severe = not_pregnant & ng239["severe_anemia"].fillna(False)
    return {
        "b12_below_148_pmol_per_L": share(adult, bsh["low_total_b12"]),
        "b12_below_221_pmol_per_L": share(adult, ~uptodate["adequate_total_b12"]),
        "b12_below_180_pg_per_mL": share(adult, ng239["low_total_b12"]),
        "b12_180_to_350_pg_per_mL": share(adult, ng239["grey_total_b12"]),
        "mma_above_0.271_umol_per_L": share(adult, ods["raised_mma"]),
        "homocysteine_above_15_umol_per_L": share(adult, ods["raised_homocysteine"]),
        "mcv_above_100_fL": share(adult, ng239["macrocytosis"]),
        "anemia_who_2024_not_pregnant_sea_level_nonsmoker": anemia,
        "of_those_severe_below_80_g_per_L": {"cases": int(severe.sum())},
        "of_b12_below_148_not_pregnant_neither_anemia_nor_mcv_above_100": {
            "n": int(low.sum()),
            "cases": int(neither.sum()),
        },
    }


STATUSES = ("deficient", "functional_deficiency", "deficiency_unlikely", "indeterminate", "not_assessed")


def status_by_guideline(table: pd.DataFrame) -> dict[str, dict[str, int]]:
    """Return for every guideline the numbers of adults of 20 years and over with each status, and to be treated."""
    panels, units = to_panels(table[table["RIDAGEYR"] >= 20])
    counts = {}
    for key in guidelines():
        done = interpret_frame(panels, units=units, guideline=key)
        statuses = done["status"].value_counts()
        treated = ~done["treatment_route"].isin(["none", "undetermined"])
        counts[key] = {**{status: int(statuses.get(status, 0)) for status in STATUSES}, "treated": int(treated.sum())}
    return counts


def _percent(part: float, whole: float) -> float:
    return round(float(100 * part / whole), 3) if whole else float(np.nan)


def main() -> None:
    """Print the figures as a table, or with --json as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("file", type=Path)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    table = read(options.file)
    found, by_guideline = figures(table), status_by_guideline(table)
    if options.json:
        json.dump(
            {"population": "adults >= 20 years", "figures": found, "status_by_guideline": by_guideline},
            sys.stdout,
            indent=1,
        )
        print()
        return
    print(f"{'adults of 20 years and over':<66}{'n':>7}{'cases':>7}{'%':>9}{'weighted %':>12}")
    for name, figure in found.items():
        cells = [f"{figure[key]:>{width}}" if key in figure else " " * width for key, width in _COLUMNS]
        print(f"{name:<66}{''.join(cells)}")
    print(f"\n{'the same adults by guideline':<28}{''.join(f'{word:>14}' for word in _HEADS)}")
    for key, counts in by_guideline.items():
        print(f"{key:<28}{''.join(f'{count:>14}' for count in counts.values())}")


_COLUMNS = (("n", 7), ("cases", 7), ("unweighted_percent", 9), ("weighted_percent", 12))
_HEADS = ("deficient", "functional", "unlikely", "indeterminate", "not assessed", "treated")

if __name__ == "__main__":
    main()
