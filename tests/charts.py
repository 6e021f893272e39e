"""The plots of docs/images, of made-up patients."""

import numpy as np
import pandas as pd

from b12labs import plots
from tests.conftest import ROOT

SOURCE = "made-up patients"


def labs():
    """The made-up patients of the example file."""
    return pd.read_csv(ROOT / "examples/labs.csv", dtype=str)


def many(rows):
    """Made-up draws whose markers go together, as they do in patients:

    a short supply lowers B12 and holoTC and raises the metabolites.
    """
    random = np.random.default_rng(12)
    age = random.integers(18, 95, rows)
    supply = random.normal(0, 1, rows) - np.maximum(age - 60, 0) / 40
    table = pd.DataFrame(
        {
            "b12 [pg/mL]": 420 * np.exp(0.35 * supply + random.normal(0, 0.3, rows)),
            "holotc [pmol/L]": 75 * np.exp(0.45 * supply + random.normal(0, 0.25, rows)),
            "mma [umol/L]": 0.17
            * np.exp(-0.3 * supply + 0.5 * np.maximum(-supply - 1.2, 0) + random.normal(0, 0.3, rows)),
            "homocysteine [umol/L]": 10 * np.exp(-0.2 * supply + random.normal(0, 0.25, rows)),
            "hemoglobin [g/L]": 138 + 4 * np.minimum(supply + 1.5, 0) + random.normal(0, 12, rows),
            "mcv [fL]": 90 - 3 * np.minimum(supply + 1.5, 0) + random.normal(0, 5, rows),
            "age": age,
            "sex": random.choice(["female", "male"], rows),
        }
    )
    return table.round(
        {
            "b12 [pg/mL]": 0,
            "holotc [pmol/L]": 0,
            "mma [umol/L]": 2,
            "homocysteine [umol/L]": 1,
            "hemoglobin [g/L]": 0,
            "mcv [fL]": 1,
        }
    )


def visits():
    """One made-up patient's draws over treatment."""
    return pd.DataFrame(
        {
            "drawn": ["2024-01-10", "2024-02-14", "2024-05-02", "2024-11-20", "2025-06-01"],
            "b12 [pg/mL]": ["<150", "820", ">2000", "640", "410"],
            "mma [umol/L]": [1.9, 0.6, 0.22, None, 0.19],
            "homocysteine [umol/L]": [38, 19, 11, 10, 9],
            "Hb (g/dL)": [8.9, 10.2, 12.8, 13.1, 13.3],
            "MCV [fL]": [118, 110, 96, 92, 91],
            "age": [66, 66, 66, 67, 67],
            "sex": "F",
        }
    )


def panel():
    """A few made-up draws for the combined index: with all four markers, a censored one, and a missing one."""
    return pd.DataFrame(
        {
            "sample": ["S1", "S2", "S3", "S4", "S5", "S6"],
            "b12 [pg/mL]": ["145", "310", "<150", "420", "512", "260"],
            "holotc [pmol/L]": [18, 45, 20, 88, 110, None],
            "mma [umol/L]": [0.9, 0.31, 1.2, 0.18, 0.12, 2.9],
            "homocysteine [umol/L]": [31, 14, 40, 9, 7.5, 48],
            "age": [67, 50, 44, 33, 37, 71],
        }
    )


#: Name of the picture -> the chart, light or dark.
CHARTS = {
    "b12-against-mma": lambda dark: plots.b12_against_mma(labs(), age=60, sex="female", source=SOURCE, dark=dark),
    "anemia-against-mcv": lambda dark: plots.anemia_against_mcv(labs(), age=60, sex="female", source=SOURCE, dark=dark),
    "combined-index": lambda dark: plots.combined_index_classes(panel(), label="sample", source=SOURCE, dark=dark),
    "over-time": lambda dark: plots.one_patient_over_time(
        visits(), time="drawn", name="Made-up patient", source=SOURCE, dark=dark
    ),
    "status-by-age-and-sex": lambda dark: plots.status_by_age_and_sex(many(8_000), source=SOURCE, dark=dark),
    "guideline-agreement": lambda dark: plots.guideline_agreement(many(8_000), source=SOURCE, dark=dark),
}
