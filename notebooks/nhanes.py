# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # NHANES: what the guidelines disagree about
#
# The same 9,000 adults by every guideline. Which adults do all guidelines call deficient, which only some, and on which
# limits do the guidelines differ?
#
# The data is that of the US National Health and Nutrition Examination Survey, 1999-2002. It is not part of b12labs.
# Download the demographics file and the laboratory files of both cycles from the NHANES site (they end in `.XPT`), and
# let `nhanes_file.py`, beside this notebook, make one CSV of them:
#
# ```
# python nhanes_file.py FOLDER -o nhanes_1999_2002.csv.gz
# ```
#
# If the CSV is elsewhere, set `B12LABS_NHANES` to its path. The file keeps NHANES's own variable names, and everybody
# with a result of B12, MMA, homocysteine or hemoglobin. Shares are unweighted: they are those of the people in the
# file, not of the population.
#
# Needs `pip install "b12labs[plots]"`; open it with `jupytext --to notebook nhanes.py`.

# %%
import os

import altair as alt
import pandas as pd

import b12labs
from b12labs import interpret_frame, plots

_ = alt.renderers.enable("svg")  # drawn here, by no browser and no network
NHANES = os.environ.get("B12LABS_NHANES", "nhanes_1999_2002.csv.gz")
SOURCE = "NHANES 1999-2002, adults of 20 years and over, unweighted"

# %% [markdown]
# ## The meaning of each variable
#
# NHANES's names contain no unit, so `COLUMNS` and `UNITS` define both. Sex and pregnancy are codes. The trimester of
# pregnant women is not recorded, so their hemoglobin limit is the interval of all trimesters.

# %%
COLUMNS = {
    "LBXB12": "b12",
    "LBXMMA": "mma",
    "LBXHCY": "homocysteine",
    "LBXFOL": "folate",
    "LBXHGB": "hemoglobin",
    "LBXMCVSI": "mcv",
    "LBXSCR": "creatinine",
    "RIDAGEYR": "age",
}
UNITS = {
    "b12": "pg/mL",
    "mma": "umol/L",
    "homocysteine": "umol/L",
    "folate": "ng/mL",
    "hemoglobin": "g/dL",
    "mcv": "fL",
    "creatinine": "mg/dL",
}
table = pd.read_csv(NHANES, low_memory=False)
adults = table[table["RIDAGEYR"] >= 20]
people = adults[list(COLUMNS)].assign(
    sex=adults["RIAGENDR"].map({1: "male", 2: "female"}),
    pregnant=adults["RIDEXPRG"].map({1: "yes", 2: "no"}),  # 3, not ascertained, means nothing
)
reading = {"columns": COLUMNS, "units": UNITS}
print(f"{len(people):,} adults")

# %% [markdown]
# ## Every guideline

# %%
by_guideline = {key: interpret_frame(people, guideline=key, **reading) for key in b12labs.guidelines()}
counts = (
    pd.DataFrame({key: found["status"].value_counts() for key, found in by_guideline.items()}).T.fillna(0).astype(int)
)
counts.sort_values("deficient", ascending=False)

# %% [markdown]
# ## Whom they agree about
#
# Each column is a group of people. The full dots name the guidelines by which they are deficient, by level or by
# function.

# %%
plots.guideline_agreement(people, **reading, source=SOURCE)

# %%
deficient = pd.DataFrame(
    {key: found["status"].isin(["deficient", "functional_deficiency"]) for key, found in by_guideline.items()}
)
by_any, by_all = deficient.any(axis=1), deficient.all(axis=1)
print(f"by at least one: {by_any.sum():,} ({by_any.mean():.1%});  by all: {by_all.sum():,} ({by_all.mean():.1%})")

# %% [markdown]
# ## Which limits they differ on
#
# The regions are those of one guideline. Compare two of them: the B12 that is called low, and the
# MMA from which tissue is called short of it.

# %%
plots.b12_against_mma(people, guideline="nice-ng239", **reading, source=SOURCE)

# %%
plots.b12_against_mma(people, guideline="mayo-cascade", **reading, source=SOURCE)

# %% [markdown]
# ## Age
#
# Deficiency becomes more common with age, and so do open answers.

# %%
plots.status_by_age_and_sex(people, **reading, source=SOURCE)

# %% [markdown]
# ## The blood count does not find it
#
# Most people who are deficient by their B12 or their metabolites have neither anemia nor large red cells.

# %%
nice = interpret_frame(people, guideline="nice-ng239", findings=["macrocytosis"], **reading)
short = nice["status"].isin(["deficient", "functional_deficiency"])
told = short & nice["anemia"].notna() & nice["macrocytosis"].notna()
neither = told & ~nice["anemia"].fillna(value=True) & ~nice["macrocytosis"].fillna(value=True)
print(
    f"{told.sum():,} deficient with a blood count that can be judged; {neither.sum():,} "
    f"({neither.sum() / told.sum():.0%}) with neither"
)

# %%
plots.anemia_against_mcv(people[people["sex"] == "female"], sex="female", **reading, source=f"{SOURCE}; women")
