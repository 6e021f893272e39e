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
# # A messy export: from file to worklist
#
# A laboratory system exports one result per line, between semicolons, with decimal commas, several spellings of a unit,
# results sent twice, withdrawn and corrected, and a date that could be March or April. Which patients come first, and
# which results were not used? The patients are made up.
#
# Needs `pip install "b12labs[plots]"`; open it with `jupytext --to notebook messy_export.py`.

# %%
from pathlib import Path

import altair as alt
import pandas as pd

from b12labs import interpret_long, plots, to_draws

_ = alt.renderers.enable("svg")  # drawn here, by no browser and no network
pd.options.display.max_colwidth = None  # messages in full
places = (folder / "examples/messy_export.csv" for folder in (Path.cwd(), *Path.cwd().parents))
export = next(place for place in places if place.exists())

# %% [markdown]
# ## Read it as text
#
# `dtype=str` keeps `<150`, `0,62` and `pending` as they are. Nothing is cleaned by hand.

# %%
table = pd.read_csv(export, sep=";", dtype=str)
table.head(8)

# %% [markdown]
# ## Group the results into draws
#
# Results of one patient within 24 hours are a draw. Every line is used, or is among the problems with
# its reason. None is dropped in silence.

# %%
draws = to_draws(table, decimal=",")
problems = draws.problem_rows()
print(f"{len(table)} lines, {int(draws.used.sum())} used, in {len(draws.wide)} draws")
problems[["row", "field", "code", "message"]]

# %% [markdown]
# `03/04/2026` is not guessed. The two results of 6 March are one: the laboratory corrected the first.
#
# ## Interpret
#
# A result that was placed in a draw and cannot be read (no unit, an implausible one) is a problem of that draw, and is
# taken as not measured. It is never normal.

# %%
interpreted = interpret_long(table, decimal=",")
interpreted[["patient", "time", "status", "anemia_grade", "urgency", "problems"]]

# %% [markdown]
# ## The worklist
#
# The most urgent patient comes first. A patient whose results do not settle the question is on the list too, with the
# test that would.

# %%
URGENCY = ["emergency", "urgent", "prompt", "routine"]
NEEDS_SOMEBODY = ["deficient", "functional_deficiency", "indeterminate"]
latest = interpreted.groupby("patient", sort=False).tail(1)
worklist = latest[latest["status"].isin(NEEDS_SOMEBODY) | latest["problems"].ne("")]
worklist = worklist.sort_values("urgency", key=lambda column: column.astype(str).map(URGENCY.index), kind="stable")
worklist[["patient", "time", "urgency", "status", "treatment_route", "next_tests", "problems"]]

# %% [markdown]
# ## Look at it
#
# The draws are a wide table, and the plots read it like any other.

# %%
plots.b12_against_mma(draws.wide, decimal=",", source="examples/messy_export.csv, made up")

# %%
first = draws.wide[draws.wide["patient"] == "P001"]
plots.one_patient_over_time(first, time="time", name="P001", decimal=",", source="examples/messy_export.csv, made up")

# %% [markdown]
# ## Every month
#
# A mapping file holds the facts about a site's exports (its own test names, units, the decimal sign). Then one command
# writes the draws and the problems by line:
#
# ```
# b12labs interpret export.csv -o interpreted.csv --mapping site.toml --problems problems.csv
# ```
