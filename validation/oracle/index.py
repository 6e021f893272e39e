"""The combined index 4cB12 and its class."""

from __future__ import annotations

import math

from validation.oracle.patient import Patient

__all__ = ["MARKERS", "applies", "class_of", "combined_index"]

MARKERS = ("holotc", "b12", "mma", "homocysteine")


def applies(patient: Patient) -> bool:
    """Return whether all four markers are exact, in an adult of the ages studied who is not pregnant."""
    if patient.pregnant or patient.age is None or patient.age < 20:
        return False
    return all(patient.measured(key) and patient.value(key).low == patient.value(key).high for key in MARKERS)


def combined_index(patient: Patient) -> float:
    """Return log10(holoTC x B12 / (MMA x homocysteine)) less the age factor (facts, 13): pmol/L and umol/L."""
    assert patient.age is not None
    holotc, b12, mma, homocysteine = (patient.value(key).low for key in MARKERS)
    b12 = b12 * 1000 / 1355.37
    age_factor: float = 3.79 / (1 + (patient.age / 230) ** 2.6)
    return math.log10(holotc * b12 / (mma * homocysteine)) - age_factor


def class_of(index: float) -> str:
    """Return the class of an index (facts, 13)."""
    if index > 1.5:
        return "elevated"
    if index >= -0.5:
        return "adequate"
    if index >= -1.5:
        return "low"
    return "possible_deficiency" if index >= -2.5 else "probable_deficiency"
