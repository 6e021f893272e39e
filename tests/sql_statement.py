"""The statement of one guideline, kept so that a change of a rule or a number shows as a difference."""

from b12labs import to_sql

COLUMNS = {
    "b12_result": "b12",
    "b12_u": "b12_unit",
    "b12_op": "b12_bound",
    "mma_result": "mma",
    "homocysteine_result": "homocysteine",
    "holotc_result": "holotc",
    "folate_result": "folate",
    "hemoglobin_result": "hemoglobin",
    "mcv_result": "mcv",
    "platelets_result": "platelets",
    "creatinine_result": "creatinine",
    "age_years": "age",
    "sex": "sex",
    "is_pregnant": "pregnant",
    "smokes": "smoking",
    "on_metformin": "metformin",
    "nitrous_oxide": "nitrous_oxide",
    "tingling": "paresthesia",
}
UNITS = {
    "mma": "umol/L",
    "homocysteine": "umol/L",
    "holotc": "pmol/L",
    "folate": "ng/mL",
    "hemoglobin": "g/dL",
    "mcv": "fL",
    "platelets": "10*9/L",
    "creatinine": "mg/dL",
}


def statement(guideline="nice-ng239", dialect="duckdb"):
    """Return the statement of a guideline for a table of a usual laboratory."""
    return to_sql(
        columns=COLUMNS,
        units=UNITS,
        guideline=guideline,
        dialect=dialect,
        findings=["macrocytosis"],
        keep=["person_id", "drawn_at"],
    )
