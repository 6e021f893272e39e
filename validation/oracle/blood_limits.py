"""Limits of the blood count, iron, folate and the kidney, in the first unit of each analyte."""

from __future__ import annotations

from validation.oracle.truth import Range

__all__ = [
    "MCV_HIGH_CHILDREN",
    "WHO_AGE",
    "WHO_PREGNANCY",
    "WHO_SEX",
    "Grades",
    "ckd_epi_2021",
    "elevation_adjustment",
]

#: Anemia below the first, moderate below the second, severe below the third, in g/L.
Grades = tuple[float, float, float]

#: From this age in years up to the next (facts, 6.1); from 15 years on, the limits depend on sex.
WHO_AGE: tuple[tuple[float, float, Grades], ...] = (
    (0.5, 2, (105, 95, 70)),
    (2, 5, (110, 100, 70)),
    (5, 12, (115, 110, 80)),
    (12, 15, (120, 110, 80)),
)
WHO_SEX: dict[str, Grades] = {"female": (120, 110, 80), "male": (130, 110, 80)}
WHO_PREGNANCY: dict[str, Grades] = {"first": (110, 100, 70), "second": (105, 95, 70), "third": (110, 100, 70)}

#: Upper end of MCV in fL, from this age in years up to the next (facts, 7); 1 to 2 years is a gap of the table.
MCV_HIGH_CHILDREN: tuple[tuple[float, float, Range], ...] = (
    (0, 1 / 12, Range(123, 123)),
    (1 / 12, 0.25, Range(112, 112)),
    (0.25, 0.5, Range(108, 108)),
    (0.5, 1, Range(85, 85)),
    (1, 2, Range(85, 89)),
    (2, 4, Range(89, 89)),
    (4, 7, Range(91, 91)),
    (7, 11, Range(92, 92)),
    (11, 15, Range(95, 95)),
    (15, 18, Range(96, 96)),
)


def elevation_adjustment(meters: float) -> float:
    """Return the subtraction of WHO 2024 from a hemoglobin at an elevation, in g/L (facts, 6.2)."""
    return 0.0056384 * meters + 0.0000003 * meters**2


def ckd_epi_2021(creatinine: float, age: float, sex: str) -> float:
    """Return the eGFR of an adult from creatinine in mg/dL (facts, first page)."""
    kappa, alpha, factor = (0.7, -0.241, 1.012) if sex == "female" else (0.9, -0.302, 1.0)
    ratio = creatinine / kappa
    return float(142 * min(ratio, 1.0) ** alpha * max(ratio, 1.0) ** -1.200 * 0.9938**age * factor)
