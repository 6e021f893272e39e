"""Limits of the markers of B12 by guideline, as printed, in the unit in which they are printed.

A limit that a guideline does not give comes from the profile that the interpretation names beside it. A limit is a
tuple of (low, high, unit), one entry for each printed unit. Low and high differ if the source prints two numbers.
"""

from __future__ import annotations

__all__ = [
    "AGE_CENTILE",
    "B12_ADEQUATE",
    "B12_DEFICIENT",
    "HOLOTC_ADEQUATE",
    "HOLOTC_DEFICIENT",
    "HOMOCYSTEINE",
    "LOW_FOR_PREGNANCY",
    "MASS",
    "MMA",
    "MMA_CHILDREN",
    "OWN",
    "PREGNANCY",
    "TO_CANONICAL",
    "Limit",
]

Limit = tuple[tuple[float, float, str], ...]

#: Molar masses in g/mol (facts, 8).
MASS = {
    "b12": 1355.37,
    "mma": 118.09,
    "homocysteine": 135.18,
    "folate": 441.4,
    "hemoglobin": 16114.5,
    "creatinine": 113.12,
    "bilirubin": 584.67,
}

#: Factors to the first unit of each analyte (facts, 8).
TO_CANONICAL: dict[str, dict[str, float]] = {
    "b12": {"pg/mL": 1, "ng/L": 1, "pmol/L": MASS["b12"] / 1000},
    "holotc": {"pmol/L": 1},
    "mma": {"umol/L": 1, "nmol/L": 0.001, "nmol/mL": 1},
    "urine_mma_ratio": {"mmol/mol": 1, "umol/mmol": 1},
    "homocysteine": {"umol/L": 1, "mg/L": 1000 / MASS["homocysteine"]},
    "folate": {"nmol/L": 1, "ng/mL": 1000 / MASS["folate"], "ug/L": 1000 / MASS["folate"]},
    "rbc_folate": {"nmol/L": 1, "ng/mL": 1000 / MASS["folate"]},
    "hemoglobin": {"g/L": 1, "g/dL": 10, "mmol/L": MASS["hemoglobin"] / 1000},
    "hematocrit": {"%": 1, "L/L": 100},
    "rbc": {"10*12/L": 1, "10*6/uL": 1},
    "mcv": {"fL": 1},
    "rdw": {"%": 1},
    "wbc": {"10*9/L": 1, "10*3/uL": 1},
    "neutrophils": {"10*9/L": 1, "10*3/uL": 1},
    "platelets": {"10*9/L": 1, "10*3/uL": 1},
    "hypersegmented_neutrophils": {"%": 1},
    "reticulocytes": {"10*9/L": 1, "10*3/uL": 1},
    "ldh": {"U/L": 1, "ukat/L": 60},
    "haptoglobin": {"g/L": 1, "mg/dL": 0.01},
    "ferritin": {"ug/L": 1, "ng/mL": 1},
    "transferrin_saturation": {"%": 1},
    "crp": {"mg/L": 1},
    "creatinine": {"mg/dL": 1, "umol/L": MASS["creatinine"] / 10000},
    "egfr": {"mL/min/{1.73_m2}": 1},
}


def _one(*printed: tuple[float, str]) -> Limit:
    return tuple((value, value, unit) for value, unit in printed)


_NICE_B12 = (_one((180, "ng/L"), (133, "pmol/L")), _one((350, "ng/L"), (258, "pmol/L")))  # facts, 1.3
_NICE_HOLOTC = (_one((25, "pmol/L")), _one((70, "pmol/L")))  # facts, 1.3
_HERRMANN_HOLOTC = (_one((23, "pmol/L")), _one((75, "pmol/L")))  # facts, 3.4

#: Guideline -> (deficient below, adequate above): facts, 3.3 unless said.
_B12: dict[str, tuple[Limit, Limit]] = {
    "nice-ng239": _NICE_B12,
    "aafp-2025": (_one((180, "pg/mL")), _one((350, "pg/mL"))),
    "aafp-2017": (_one((150, "pg/mL")), _one((399, "pg/mL"))),
    "mayo-cascade": (_one((150, "ng/L")), _one((400, "ng/L"))),
    "bsh-2014": (_one((200, "ng/L"), (148, "pmol/L")), _NICE_B12[1]),  # no grey zone of its own
    "uptodate": (_one((200, "pg/mL"), (148, "pmol/L")), _one((300, "pg/mL"), (221, "pmol/L"))),
    "nih-ods": (((200, 250, "pg/mL"), (148, 185, "pmol/L")), _one((399, "pg/mL"))),
    "denmark": (_one((125, "pmol/L")), _one((250, "pmol/L"))),  # facts, 16
    "norway": (_one((100, "pmol/L")), _one((275, "pmol/L"))),  # facts, 16
    "nhg": (_one((150, "pmol/L")), _one((250, "pmol/L"))),  # facts, 16
    "obeid-traffic-light": (_one((180, "pmol/L")), _one((308, "pmol/L"))),  # facts, 16
    "herrmann-obeid": _NICE_B12,
    "stabler-2013": _NICE_B12,
    "pregnancy-bc-2019": _NICE_B12,
}
B12_DEFICIENT = {key: limits[0] for key, limits in _B12.items()}
B12_ADEQUATE = {key: limits[1] for key, limits in _B12.items()}

_HOLOTC: dict[str, tuple[Limit, Limit]] = {
    "herrmann-obeid": _HERRMANN_HOLOTC,
    "obeid-traffic-light": _HERRMANN_HOLOTC,
    "nhg": (_one((20, "pmol/L")), _one((35, "pmol/L"))),  # facts, 16
}
HOLOTC_DEFICIENT = {key: _HOLOTC.get(key, _NICE_HOLOTC)[0] for key in _B12}
HOLOTC_ADEQUATE = {key: _HOLOTC.get(key, _NICE_HOLOTC)[1] for key in _B12}

_PRACTICAL_NEUROLOGY_MMA = _one((0.28, "umol/L"))  # facts, 2 and 3.5
#: MMA is raised above it (facts, 3.5). Norway's depends on age; Denmark's 0.29 (facts, 16) is the first above 0.28.
MMA: dict[str, Limit] = {
    "aafp-2017": _one((0.4, "umol/L")),
    "aafp-2025": _one((0.4, "umol/L")),  # the number of AAFP 2017
    "mayo-cascade": _one((0.40, "nmol/mL")),
    "stabler-2013": _one((400, "nmol/L")),
    "nih-ods": _one((0.271, "umol/L")),
    "herrmann-obeid": _one((300, "nmol/L")),
    "obeid-traffic-light": _one((300, "nmol/L")),
}
MMA |= {key: _PRACTICAL_NEUROLOGY_MMA for key in _B12 if key not in MMA}

#: From this age in years up to the next, between these two in umol/L (facts, 3.5: Denmark; 11 to 12 years is a gap).
MMA_CHILDREN = ((0, 1, 1.25, 1.25), (1, 11, 0.30, 0.30), (11, 12, 0.30, 0.35), (12, 18, 0.35, 0.35))

#: Homocysteine is raised above it (facts, 3.6).
HOMOCYSTEINE: dict[str, Limit] = {key: _one((15, "umol/L")) for key in _B12}
HOMOCYSTEINE["stabler-2013"] = _one((14, "umol/L"))

#: The guidelines that give the limit themselves, so that it comes before that of early pregnancy.
OWN: dict[str, set[str]] = {
    "b12": set(_B12) - {"herrmann-obeid", "stabler-2013", "pregnancy-bc-2019"},
    "holotc": {"nice-ng239", "herrmann-obeid", "nhg"},
    "mma": {"aafp-2017", "mayo-cascade", "stabler-2013", "nih-ods", "herrmann-obeid", "bsh-2014", "denmark", "norway"},
    "homocysteine": {"bsh-2014", "nih-ods", "stabler-2013"},
}

#: Total B12 that is low even for pregnancy: early pregnancy as below, the third trimester's lower end (facts, 4).
LOW_FOR_PREGNANCY: dict[str, Limit] = {
    "first": _one((89.9, "pmol/L")),
    "second": _one((84.0, "pmol/L")),
    "third": _one((99, "pg/mL"), (73, "pmol/L")),
}

#: Trimester -> (total B12, holoTC, MMA) of early pregnancy (facts, 4); none was found for the third.
PREGNANCY: dict[str, tuple[Limit, Limit, Limit]] = {
    "first": (_one((89.9, "pmol/L")), _one((29.5, "pmol/L")), _one((371, "nmol/L"))),
    "second": (_one((84.0, "pmol/L")), _one((26.0, "pmol/L")), _one((374, "nmol/L"))),
}

#: Lowest and highest of the published 2.5th centiles of total B12 in pmol/L, from this age in years up to the next:
#: Denmark and Germany (facts, 3.7), Norway (facts, 16).
AGE_CENTILE = (
    (2 / 12, 1, 126, 180),
    (1, 1.5, 162, 260),
    (1.5, 3, 162, 260),
    (3, 11, 230, 260),
    (11, 12, 200, 260),
    (12, 15, 174, 230),
    (15, 16, 174, 200),
)
