"""What every guideline concludes over a grid of results, kept as tests/snapshots/GUIDELINE.csv.

The patient is a woman of 40; "yes" under `pregnant` is the first trimester. Every limit is met from just below, on and
just above, in every unit in which it is printed; combinations use one value on each side of a marker's limits. An empty
cell is not measured.
"""

import csv
import io
from itertools import pairwise, product

import pandas as pd

from b12labs import interpret_frame
from b12labs.limits.strata import SEXES
from b12labs.limits.stratified import canonical, limits_of
from b12labs.reference import analytes

AGE, SEX, TRIMESTER = 40, "female", 1
LIMITS = {
    "b12": ("b12_deficient", "b12_adequate"),
    "holotc": ("holotc_deficient", "holotc_adequate"),
    "mma": ("mma_raised", "mma_marked"),
    "homocysteine": ("homocysteine_raised",),
    "egfr": ("egfr_severely_reduced", "egfr_reduced"),
}
GIVEN = (*LIMITS, "pregnant")
CONCLUDED = ("status", "functional_deficiency", "treatment_route", "next_tests")
STEP = 0.01


def printed(key, marker):
    """The values of a marker's limits as they are printed, in every unit in which they are."""
    limits = limits_of(key)
    stratum = limits.strata.number(limits.strata.band(AGE, AGE), SEXES.index(SEX), 0)
    return [value for name in LIMITS[marker] for _, row in limits.rows(name, stratum) for value in row.values]


def around(key, marker):
    """Just below, on and just above every limit."""
    ends = dict.fromkeys((end, value.unit) for value in printed(key, marker) for end in value.interval)
    return [f"{number * share:.6g} {unit}" for number, unit in ends for share in (1 - STEP, 1, 1 + STEP)]


def sides(key, marker):
    """Not measured, and one value on each side of the marker's limits, in its canonical unit."""
    values = [canonical(marker, value) for value in printed(key, marker)]
    numbers = sorted({float(f"{end:.2g}") for interval in values for end in interval})
    inside = [(low + high) / 2 for low, high in pairwise(numbers)]
    unit = analytes()[marker].unit
    return [
        "",
        *(f"{number:.6g} {unit}" for number in (numbers[0] * (1 - 5 * STEP), *inside, numbers[-1] * (1 + 5 * STEP))),
    ]


def grid(key):
    """The rows of results, each once."""
    empty = dict.fromkeys(GIVEN, "") | {"pregnant": "no"}
    rows = [{**empty, marker: value} for marker in LIMITS for value in around(key, marker)]
    for columns in (
        ("b12", "holotc", "mma"),
        ("b12", "mma", "homocysteine"),
        ("mma", "homocysteine", "egfr"),
        ("holotc", "mma", "homocysteine"),
    ):
        rows += [
            {**empty, **dict(zip(columns, values, strict=True))}
            for values in product(*(sides(key, marker) for marker in columns))
        ]
    low, normal = sides(key, "b12")[1], [sides(key, marker)[1] for marker in ("mma", "homocysteine")]
    rows += [
        {**empty, "b12": low, "holotc": holotc, "mma": normal[0], "homocysteine": normal[1]}
        for holotc in sides(key, "holotc")
    ]
    pregnant = [{"b12": b12, "holotc": holotc} for b12, holotc in product(sides(key, "b12"), sides(key, "holotc"))]
    pregnant += [{"b12": low, "mma": mma} for mma in sides(key, "mma")]
    rows += [{**empty, **values, "pregnant": "yes"} for values in pregnant]
    distinct = dict.fromkeys(tuple(row.values()) for row in rows)
    return pd.DataFrame([row for row in distinct if any(row[:-1])], columns=GIVEN, dtype="str")


def table(key):
    """The grid with what the guideline concludes, as CSV."""
    given = grid(key)
    trimester = [str(TRIMESTER) if pregnant == "yes" else "" for pregnant in given["pregnant"]]
    concluded = interpret_frame(given.assign(age=AGE, sex=SEX, trimester=trimester), guideline=key)
    assert not concluded["problems"].any(), concluded["problems"].unique()
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*GIVEN, *CONCLUDED])
    for row, values in zip(
        given.itertuples(index=False), concluded[list(CONCLUDED)].itertuples(index=False), strict=True
    ):
        writer.writerow([*row, *("" if pd.isna(value) else value for value in values)])
    return text.getvalue()
