"""Patients whose pictures are looked at: the one of the README, and what is hard to draw."""

from b12labs import interpret

README = {
    "b12": "145 pg/mL", "mma": "0.62 umol/L", "homocysteine": "22 umol/L", "hemoglobin": "10.4 g/dL", "mcv": "112 fL",
    "age": 67, "sex": "female", "symptoms": ["paresthesia", "ataxia"], "medicines": ["metformin"],
}  # fmt: skip
PATIENTS = {
    "readme": README,
    "grey": {"b12": "250 pg/mL", "age": 40, "sex": "male"},
    "censored": {"b12": "<150 pg/mL", "age": 40, "sex": "male"},
    "nothing": {},
    "nothing that can be used": {"b12": "271"},
    "extreme": {
        "b12": "200000 pg/mL",
        "mma": "49 umol/L",
        "hemoglobin": "31 g/L",
        "platelets": "4999 10*9/L",
        "ferritin": ">100000 ug/L",
        "age": 50,
    },
    "child": {"b12": "250 pg/mL", "hemoglobin": "110 g/L", "mcv": "87 fL", "wbc": "7 10*9/L", "age": 1.5},
    "no age that can be read": {"mcv": "96 fL", "hemoglobin": "119 g/L", "b12": "240 pg/mL", "age": "old"},
    "everything": {
        "b12": ">200 pmol/L",
        "mma": {"value": 0.3, "unit": "umol/L", "reference_low": 0.1, "reference_high": 0.4},
        "hemoglobin": "12.4 g/dL",
        "hematocrit": "38 %",
        "mcv": "<108 fL",
        "ldh": "high",
        "intrinsic_factor_antibody": "positive",
        "crp": "12 mg/L",
        "rdw": "14.7 %",
        "platelets": "40 10*9/L",
        "wbc": "3.9 10*9/L",
        "egfr": "45 mL/min/{1.73_m2}",
        "ferritin": "40 ug/L",
        "folate": "12",
        "holotc": "26 pmol/L",
        "homocysteine": {"value": 14, "unit": "umol/L", "reference_high": 13.9},
        "elevation": 2000,
        "medicines": ["unheard of"],
    },
}


def interpreted(name):
    return interpret(**PATIENTS[name], errors="report")
