"""Hypothesis strategies for panels: what laboratories could report, around the limits where rules turn."""

from functools import cache

from hypothesis import strategies as st

from b12labs.inputs.units import factor
from b12labs.limits.stratified import limits_of
from b12labs.reference import analytes, context, guideline_keys
from b12labs.reference import units as listed_units

GUIDELINES = guideline_keys()
#: Values at which something turns, and some on either side, in the canonical unit.
TYPICAL = {
    "b12": [30, 120, 145, 179, 180, 200, 240, 260, 350, 351, 420, 1000, 2500],
    "holotc": [10, 24, 25, 40, 70, 71, 120],
    "mma": [0.1, 0.271, 0.28, 0.3, 0.4, 0.5, 0.75, 0.8, 2.5],
    "homocysteine": [8, 14, 15, 16, 40],
    "folate": [3, 7, 12, 30],
    "rbc_folate": [200, 340, 600],
    "urine_mma_ratio": [0.8, 1.45, 4],
    "hemoglobin": [45, 75, 80, 105, 112, 119, 120, 125, 130, 150],
    "hematocrit": [20, 36, 45],
    "rbc": [1.8, 3.5, 6],
    "mcv": [70, 88, 96, 100, 101, 116],
    "rdw": [12, 14.5, 14.8, 16],
    "wbc": [2, 3.2, 4, 7],
    "neutrophils": [0.3, 0.8, 1.2, 1.5, 4],
    "platelets": [20, 40, 90, 120, 150, 260],
    "hypersegmented_neutrophils": [1, 5, 9],
    "ferritin": [6, 15, 40, 90],
    "transferrin_saturation": [10, 18, 30],
    "creatinine": [0.7, 1.2, 2.5],
    "egfr": [20, 30, 45, 60, 90],
    "intrinsic_factor_antibody": [1, 20],
    "ldh": [180, 300, 900],
    "haptoglobin": [0.05, 1.2],
    "reticulocytes": [20, 150],
    "reticulocyte_percent": [0.5, 6],
    "bilirubin_indirect": [8, 60],
    "blasts": [0.5, 3],
    "crp": [1, 40],
}
FLAGGED = (
    "intrinsic_factor_antibody",
    "ldh",
    "haptoglobin",
    "reticulocytes",
    "crp",
    "bilirubin_indirect",
    "mcv",
    "b12",
    "mma",
    "tsh",
    "copper",
    "schistocytes",
)


def units_of(key):
    return [unit.ucum for unit in listed_units().units if unit.kind in analytes()[key].kinds]


def text(number):
    return format(number, ".6g")


def exact(keys=tuple(TYPICAL)):
    """A result as a text in the canonical unit."""

    def of(key):
        return st.sampled_from(TYPICAL[key]).map(lambda number: f"{text(number)} {analytes()[key].unit}")

    return {key: of(key) for key in keys}


def censored():
    """A result beyond a bound."""

    def of(key):
        pair = st.tuples(st.sampled_from(["<", "<=", ">", ">="]), st.sampled_from(TYPICAL[key]))
        return pair.map(lambda given: f"{given[0]}{text(given[1])} {analytes()[key].unit}")

    return {key: of(key) for key in TYPICAL}


def words():
    return {key: st.sampled_from(["low", "normal", "high"]) for key in FLAGGED}


# Made once: Hypothesis takes longer to make a strategy than to draw from it.
@cache
def results(*, min_size=0):
    """A dictionary of results: exact, censored and in words, most analytes missing."""
    numbers, bounds = exact(), censored()
    either = {key: st.one_of(numbers[key], numbers[key], bounds[key]) for key in TYPICAL}
    for key, flagged in words().items():
        either[key] = st.one_of(either[key], flagged) if key in either else flagged
    key = st.sampled_from(sorted(either))
    return st.dictionaries(key, st.none(), min_size=min_size, max_size=12).flatmap(
        lambda keys: st.fixed_dictionaries({key: either[key] for key in keys})
    )


TERMS = sorted(context().terms)


@cache
def patients():
    """Age, sex, pregnancy and context."""
    return st.fixed_dictionaries(
        {},
        optional={
            "age": st.sampled_from([0.2, 0.4, 1.5, 5, 11.5, 13, 16, 17, 18, 40, 66, 90, "5 months"]),
            "sex": st.sampled_from(["female", "male", "F", "unknown"]),
            "diagnoses": st.lists(st.sampled_from(TERMS), max_size=3, unique=True),
            "elevation": st.sampled_from([0, 300, 2500]),
        },
    ).flatmap(_with_pregnancy)


def _with_pregnancy(patient):
    if patient.get("sex") == "male":
        return st.just(patient)
    optional = {"pregnant": st.sampled_from(["yes", "no", "unknown"]), "trimester": st.sampled_from([1, 2, 3])}
    return st.fixed_dictionaries({}, optional=optional).map(
        lambda more: {**patient, **(more if "trimester" not in more else {**more, "pregnant": "yes"})}
    )


def limit_of(name, guideline="nice-ng239"):
    return limits_of(guideline)[name]


def in_unit(key, number, unit):
    """Return a canonical number as a text in another unit."""
    return f"{number / factor(key, unit):.12g} {unit}"
