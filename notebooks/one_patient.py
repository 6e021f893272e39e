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
# # One patient
#
# A woman of 67 with tingling feet takes metformin. What is her status, which results decided it, and which
# test comes next? The patient is made up. b12labs is decision support for clinicians, not a diagnosis.
#
# Needs `pip install "b12labs[plots]"`; open it with `jupytext --to notebook one_patient.py`.

# %%
import altair as alt
import pandas as pd

from b12labs import compare_guidelines, interpret, plots

_ = alt.renderers.enable("svg")  # drawn here, by no browser and no network

# %% [markdown]
# ## The status
#
# Every value carries its unit. A number alone is refused, because 145 could be pg/mL or pmol/L.

# %%
woman = {"age": 67, "sex": "female", "symptoms": ["paresthesia", "ataxia"], "medicines": ["metformin"]}
results = {
    "b12": "145 pg/mL",
    "mma": "0.62 umol/L",
    "homocysteine": "22 umol/L",
    "hemoglobin": "10.4 g/dL",
    "mcv": "112 fL",
}
found = interpret(**results, **woman)
found

# %%
print(found)

# %% [markdown]
# ## The evidence
#
# Each finding keeps the comparison that decided it: the value as it was given, the limit, and the
# source of the limit. The word in brackets shows how the limit was checked against its source.

# %%
for finding in found.findings.values():
    if finding.state and finding.evidence:
        print(f"{finding.label}: {'; '.join(map(str, finding.evidence))}")

# %% [markdown]
# ## Why one number is not enough
#
# A higher B12 alone settles nothing. The interpretation names the statuses still possible, and the tests that would
# settle them.

# %%
alone = interpret(b12="250 pg/mL", **woman)
print(alone.status, "- possible:", ", ".join(alone.possible["status"]))
for test in alone.next_tests:
    print(f"  {test.label}: {'; '.join(test.questions)}")

# %% [markdown]
# MMA settles it, either way. The shaded regions are the answers of the rules to B12 and MMA together, for a woman of
# 67; the marks are the same B12 with different MMA.

# %%
what_if = pd.DataFrame({
    "B12 [pg/mL]": ["250", "250", "250", "145", "<150"],
    "MMA [umol/L]": ["0.15", "0.45", ">1", "0.62", "0.62"],
    "age": 67,
    "sex": "F",
})  # fmt: skip
plots.b12_against_mma(what_if, age=67, sex="female", source="made up")

# %% [markdown]
# ## Guidelines disagree
#
# The table shows, for each guideline that concludes otherwise, the one number on which it differs.

# %%
print(compare_guidelines(b12="195 pg/mL", age=67, sex="female"))

# %% [markdown]
# ## Over time
#
# She is treated now. Censored results (`<150`, `>2000`) are drawn at the end that is known, with an arrow.

# %%
visits = pd.DataFrame({
    "drawn": ["2026-01-10", "2026-02-14", "2026-05-02", "2026-11-20"],
    "B12 [pg/mL]": ["145", "820", ">2000", "640"],
    "MMA [umol/L]": [0.62, 0.35, 0.19, 0.17],
    "Homocysteine [umol/L]": [22, 15, 10, 9],
    "Hb (g/dL)": [10.4, 11.6, 12.9, 13.1],
    "MCV [fL]": [112, 104, 94, 91],
    "age": 67,
    "sex": "F",
})  # fmt: skip
plots.one_patient_over_time(visits, time="drawn", name="A made-up patient", source="made up")

# %% [markdown]
# ## In plain words
#
# The same interpretation, for the patient.

# %%
print(found.to_text(audience="patient"))
