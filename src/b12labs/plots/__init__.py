"""Plots of a table's results, drawn by altair (`pip install "b12labs[plots]"`).

Each function returns an altair chart; `chart.save("plot.png")` and `.svg` need neither a browser nor a network.
"""

from b12labs.plots.against import anemia_against_mcv, b12_against_mma
from b12labs.plots.agreement import guideline_agreement
from b12labs.plots.cohorts import status_by_age_and_sex
from b12labs.plots.index_classes import combined_index_classes
from b12labs.plots.over_time import one_patient_over_time

__all__ = [
    "anemia_against_mcv",
    "b12_against_mma",
    "combined_index_classes",
    "guideline_agreement",
    "one_patient_over_time",
    "status_by_age_and_sex",
]
