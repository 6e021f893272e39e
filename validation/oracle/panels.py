"""Varied panels, the same for the same seed: the row of a table, and the same patient for the oracle."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from validation.oracle.marker_limits import (
    B12_ADEQUATE,
    B12_DEFICIENT,
    HOLOTC_ADEQUATE,
    HOLOTC_DEFICIENT,
    HOMOCYSTEINE,
    MMA,
    TO_CANONICAL,
)
from validation.oracle.patient import Patient
from validation.oracle.truth import Range

__all__ = ["Panels", "make"]


class _Analyte(NamedTuple):
    measured: float
    middle: float
    spread: float
    units: dict[str, float]
    edges: tuple[str, ...]


#: For each analyte: the share measured, median and log-spread in its first unit, units as written with the factor that
#: divides the first unit's number, and results as printed that are on a limit of some guideline.
_ANALYTES: dict[str, _Analyte] = {
    "b12": _Analyte(
        0.75,
        230,
        0.7,
        {"pg/mL": 1, "ng/L": 1, "pmol/L": 1.35537},
        ("180 pg/mL", "133 pmol/L", "350 ng/L", "258 pmol/L", "150 pg/mL", "400 ng/L", "200 ng/L", "148 pmol/L",
         "300 pg/mL", "250 pg/mL", "125 pmol/L", "250 pmol/L", "100 pmol/L", "275 pmol/L", "150 pmol/L", "180 pmol/L",
         "308 pmol/L", "1000 pg/mL", "84 pmol/L", "89.9 pmol/L"),
    ),
    "holotc": _Analyte(
        0.35,
        38,
        0.7,
        {"pmol/L": 1},
        ("25 pmol/L", "70 pmol/L", "23 pmol/L", "75 pmol/L", "20 pmol/L", "35 pmol/L", "29.5 pmol/L", "26 pmol/L"),
    ),
    "mma": _Analyte(
        0.5,
        0.32,
        0.7,
        {"umol/L": 1, "nmol/L": 0.001, "nmol/mL": 1},
        ("0.28 umol/L", "280 nmol/L", "0.271 umol/L", "0.3 umol/L", "0.36 umol/L", "0.4 umol/L", "400 nmol/L",
         "0.75 umol/L", "2 umol/L", "371 nmol/L", "374 nmol/L"),
    ),
    "homocysteine": _Analyte(0.4, 14, 0.45, {"umol/L": 1, "mg/L": 7.39754}, ("15 umol/L", "14 umol/L")),
    "urine_mma_ratio": _Analyte(0.06, 1.4, 0.6, {"mmol/mol{creat}": 1}, ("1.45 mmol/mol{creat}",)),
    "folate": _Analyte(0.3, 11, 0.7, {"nmol/L": 1, "ng/mL": 2.26552, "ug/L": 2.26552}, ("7 nmol/L", "3 ug/L")),
    "rbc_folate": _Analyte(0.06, 420, 0.5, {"nmol/L": 1, "ng/mL": 2.26552}, ("340 nmol/L", "305 nmol/L")),
    "hemoglobin": _Analyte(
        0.7,
        116,
        0.2,
        {"g/L": 1, "g/dL": 10, "mmol/L": 16.1145},
        ("120 g/L", "13 g/dL", "110 g/L", "80 g/L", "7 g/dL", "105 g/L", "100 g/L", "95 g/L", "115 g/L"),
    ),
    "hematocrit": _Analyte(0.2, 35, 0.18, {"%": 1, "L/L": 100}, ("40 %",)),
    "rbc": _Analyte(0.25, 3.9, 0.2, {"10*12/L": 1, "10*6/uL": 1}, ("4 10*12/L",)),
    "mcv": _Analyte(
        0.6,
        98,
        0.12,
        {"fL": 1},
        ("100 fL", "115 fL", "96 fL", "95 fL", "92 fL", "80 fL", "89 fL", "85 fL"),
    ),
    "rdw": _Analyte(0.3, 14.6, 0.12, {"%": 1}, ("14.5 %", "15 %")),
    "wbc": _Analyte(0.45, 5.2, 0.45, {"10*9/L": 1, "10*3/uL": 1}, ("4 10*9/L", "3.5 10*9/L", "3 10*9/L")),
    "neutrophils": _Analyte(
        0.4,
        2.6,
        0.6,
        {"10*9/L": 1, "10*3/uL": 1},
        ("1.5 10*9/L", "0.5 10*9/L", "1 10*9/L", "1.6 10*9/L"),
    ),
    "platelets": _Analyte(
        0.5,
        170,
        0.6,
        {"10*9/L": 1, "10*3/uL": 1},
        ("150 10*9/L", "100 10*9/L", "50 10*9/L", "30 10*9/L", "140 10*9/L"),
    ),
    "hypersegmented_neutrophils": _Analyte(0.06, 4, 0.6, {"%": 1}, ("5 %", "3 %")),
    "reticulocytes": _Analyte(0.12, 70, 0.6, {"10*9/L": 1, "10*3/uL": 1}, ("100 10*9/L",)),
    "ldh": _Analyte(0.15, 260, 0.6, {"U/L": 1, "ukat/L": 60}, ("280 U/L", "199 U/L", "560 U/L")),
    "haptoglobin": _Analyte(0.1, 0.6, 0.7, {"g/L": 1, "mg/dL": 0.01}, ("30 mg/dL", "45 mg/dL", "0.3 g/L")),
    "creatinine": _Analyte(0.3, 1.0, 0.5, {"mg/dL": 1, "umol/L": 0.011312}, ()),
    "egfr": _Analyte(0.15, 62, 0.42, {"mL/min/{1.73_m2}": 1}, ("60 mL/min/{1.73_m2}", "30 mL/min/{1.73_m2}")),
}  # fmt: skip


#: The limits of the markers by guideline; many results are near them.
_LIMITS = {
    "b12": (B12_DEFICIENT, B12_ADEQUATE),
    "holotc": (HOLOTC_DEFICIENT, HOLOTC_ADEQUATE),
    "mma": (MMA,),
    "homocysteine": (HOMOCYSTEINE,),
}


class Panels(NamedTuple):
    """A table for b12labs, and its rows as patients for the oracle."""

    columns: dict[str, list[Any]]
    patients: list[Patient]


#: The column and the frequency of each context term.
_TERMS: dict[str, tuple[str, float]] = {
    "fatigue": ("symptoms", 0.1),
    "paresthesia": ("symptoms", 0.06),
    "ataxia": ("symptoms", 0.03),
    "extensor_plantars": ("symptoms", 0.02),
    "lost_position_sense": ("symptoms", 0.02),
    "lost_vibration_sense": ("symptoms", 0.02),
    "cognitive_difficulty": ("symptoms", 0.03),
    "low_mood": ("symptoms", 0.02),
    "optic_neuropathy": ("symptoms", 0.01),
    "glossitis": ("symptoms", 0.02),
    "leg_pain": ("symptoms", 0.02),
    "dyspnea": ("symptoms", 0.03),
    "chest_pain": ("symptoms", 0.02),
    "dyspnea_at_rest": ("symptoms", 0.01),
    "fever": ("symptoms", 0.02),
    "sore_mouth": ("symptoms", 0.01),
    "new_or_progressive": ("symptoms", 0.02),
    "blasts_seen": ("symptoms", 0.005),
    "schistocytes_seen": ("symptoms", 0.01),
    "smoking": ("risk_factors", 0.1),
    "vegan_diet": ("risk_factors", 0.05),
    "nitrous_oxide": ("risk_factors", 0.04),
    "total_gastrectomy": ("risk_factors", 0.02),
    "ileal_resection": ("risk_factors", 0.01),
    "bariatric_surgery": ("risk_factors", 0.03),
    "partial_gastrectomy": ("risk_factors", 0.01),
    "recent_b12_dose": ("risk_factors", 0.03),
    "b12_injections_now": ("risk_factors", 0.01),
    "recent_transfusion": ("risk_factors", 0.02),
    "alcohol": ("risk_factors", 0.03),
    "adherence_doubt": ("risk_factors", 0.02),
    "metformin": ("medicines", 0.06),
    "proton_pump_inhibitor": ("medicines", 0.04),
    "combined_contraceptive": ("medicines", 0.03),
    "hormone_replacement": ("medicines", 0.02),
    "methotrexate": ("medicines", 0.03),
    "folic_acid": ("medicines", 0.03),
    "multivitamin": ("medicines", 0.03),
    "b12_supplement": ("medicines", 0.03),
    "autoimmune_gastritis": ("diagnoses", 0.03),
    "celiac_disease": ("diagnoses", 0.02),
    "thalassemia": ("diagnoses", 0.01),
    "hiv": ("diagnoses", 0.01),
    "myeloma": ("diagnoses", 0.01),
    "liver_disease": ("diagnoses", 0.02),
    "hypothyroidism": ("diagnoses", 0.02),
    "cobalamin_allergy": ("diagnoses", 0.01),
    "chronic_kidney_disease": ("diagnoses", 0.03),
    "end_stage_kidney_disease": ("diagnoses", 0.01),
}


def make(seed: Sequence[int], count: int, guideline: str) -> Panels:
    """Return `count` panels for a guideline."""
    random = np.random.default_rng(seed)
    patients = [Patient(guideline) for _ in range(count)]
    columns: dict[str, list[Any]] = {
        "age": _ages(random, patients),
        "sex": _sexes(random, patients),
        "pregnant": [],
        "trimester": [],
        "elevation": _elevations(random, patients),
    }
    columns["pregnant"], columns["trimester"] = _pregnancies(random, patients)
    for analyte, how in _ANALYTES.items():
        columns[analyte] = _results(random, patients, analyte, how)
    for analyte in ("b12", "holotc", "mma", "homocysteine"):
        columns |= _intervals(random, patients, analyte)
    columns |= _context(random, patients)
    columns["intrinsic_factor_antibody"] = _antibodies(random, patients)
    return Panels(columns, patients)


def _ages(random: np.random.Generator, patients: list[Patient]) -> list[float | None]:
    adult = random.integers(18, 96, len(patients))
    child = np.round(random.uniform(0.6, 18, len(patients)), 1)
    kind = random.random(len(patients))
    for patient, grown, young, which in zip(patients, adult, child, kind, strict=True):
        if which < 0.08:
            patient.age = None
        elif which < 0.2 and patient.guideline == "nice-ng239":
            patient.age = float(young)
        else:
            patient.age = float(grown)
    return [patient.age for patient in patients]


def _sexes(random: np.random.Generator, patients: list[Patient]) -> list[str | None]:
    for patient, which in zip(patients, random.random(len(patients)), strict=True):
        patient.sex = "female" if which < 0.5 else "male" if which < 0.92 else None
    return [patient.sex for patient in patients]


def _elevations(random: np.random.Generator, patients: list[Patient]) -> list[float | None]:
    known = random.random(len(patients)) < 0.15
    meters = random.integers(0, 80, len(patients)) * 50
    for patient, there, height in zip(patients, known, meters, strict=True):
        patient.elevation = float(height) if there else None
    return [patient.elevation for patient in patients]


def _pregnancies(random: np.random.Generator, patients: list[Patient]) -> tuple[list[str | None], list[str | None]]:
    which = random.random(len(patients))
    trimesters = random.integers(0, 4, len(patients))
    for patient, chance, place in zip(patients, which, trimesters, strict=True):
        young = patient.age is None or 18 <= patient.age <= 45
        if patient.sex == "female" and young and chance < 0.25:
            patient.pregnant = True
            patient.trimester = (None, "first", "second", "third")[place]
    said = ["yes" if patient.pregnant else None for patient in patients]
    return said, [patient.trimester for patient in patients]


def _results(random: np.random.Generator, patients: list[Patient], analyte: str, how: _Analyte) -> list[str | None]:
    count = len(patients)
    there = random.random(count) < how.measured
    amounts = how.middle * np.exp(how.spread * np.clip(random.standard_normal(count), -3, 3))
    kinds = random.random(count)
    places = random.integers(0, len(how.units), count)
    edges_of = [*how.edges, *_own_edges(analyte, patients[0].guideline)]
    edges = random.integers(0, max(len(edges_of), 1), count)
    units = list(how.units)
    texts: list[str | None] = []
    for patient, measured, amount, kind, place, edge in zip(
        patients, there, amounts.tolist(), kinds.tolist(), places.tolist(), edges.tolist(), strict=True
    ):
        if not measured:
            texts.append(None)
            continue
        unit = units[place]
        number = f"{amount / how.units[unit]:.3g}"
        if "e" in number:
            number = f"{float(number):.0f}"
        if kind < 0.15 and edges_of:
            number, unit = edges_of[edge].split(" ")
        sign = "<" if kind < 0.02 or kind > 0.97 else ">" if kind < 0.04 or kind > 0.94 else ""
        value = float(number)
        known = {"<": Range(0, value, high_open=True), ">": Range(value, math.inf, low_open=True)}
        patient.values[analyte] = (known.get(sign, Range(value, value)), unit.replace("{creat}", ""))
        texts.append(f"{sign}{number} {unit}")
    return texts


def _intervals(random: np.random.Generator, patients: list[Patient], analyte: str) -> dict[str, list[Any]]:
    """Return the columns of the laboratory's own interval, for some results of adults who are not pregnant."""
    there, how = random.random(len(patients)) < 0.12, _ANALYTES[analyte]
    ends = how.middle * np.exp(np.outer(random.uniform(-0.4, 0.4, len(patients)), (1.0, 1.0))) * (0.6, 2.5)
    for patient, printed, (low, high) in zip(patients, there, ends.tolist(), strict=True):
        if printed and patient.measured(analyte) and patient.adult and not patient.pregnant:
            factor = TO_CANONICAL[analyte][patient.values[analyte][1]]
            patient.intervals[analyte] = (float(f"{low / factor:.3g}"), float(f"{high / factor:.3g}"))
    ends_of = [patient.intervals.get(analyte, (None, None)) for patient in patients]
    return {
        f"{analyte}_reference_low": [low for low, _ in ends_of],
        f"{analyte}_reference_high": [high for _, high in ends_of],
        f"{analyte}_unit": [
            patient.values[analyte][1] if analyte in patient.intervals else None for patient in patients
        ],
    }


def _own_edges(analyte: str, guideline: str) -> list[str]:
    """Return the results on a limit of this guideline, and one last digit below and above it."""
    edges = []
    for limits in _LIMITS.get(analyte, ()):
        for low, high, unit in limits[guideline]:
            spellings = ("pg/mL", "ng/L") if unit in ("pg/mL", "ng/L") else (unit,)
            for number in {low, high}:
                digits = len(f"{number:g}".partition(".")[2])
                steps = (-(10.0**-digits), 0.0, 10.0**-digits)
                edges += [f"{number + step:.{digits}f} {spelling}" for step in steps for spelling in spellings]
    return edges


def _antibodies(random: np.random.Generator, patients: list[Patient]) -> list[str | None]:
    which = random.random(len(patients))
    texts = ["positive" if chance < 0.03 else "negative" if chance < 0.12 else None for chance in which]
    for patient, text in zip(patients, texts, strict=True):
        if text:
            patient.terms |= {f"intrinsic_factor_antibody:{text}"}
    return texts


def _context(random: np.random.Generator, patients: list[Patient]) -> dict[str, list[str]]:
    columns: dict[str, list[list[str]]] = {
        column: [[] for _ in patients] for column in ("symptoms", "risk_factors", "medicines", "diagnoses")
    }
    for term, (column, share) in _TERMS.items():
        for row in np.flatnonzero(random.random(len(patients)) < share):
            columns[column][row].append(term)
    for patient, *lists in zip(patients, *columns.values(), strict=True):
        patient.terms = frozenset(term for terms in lists for term in terms)
        patient.symptoms = bool(
            set(lists[0]) - {"fever", "sore_mouth", "new_or_progressive", "blasts_seen", "schistocytes_seen"}
        )
    return {column: ["; ".join(terms) for terms in rows] for column, rows in columns.items()}
