"""Interpret the latest draw of a searchset Bundle of 1,000 Observations, compared with `json.loads` of the Bundle.

The Bundle is the chart of one patient: 50 draws a week apart, each of 20 tests, 4 of them analytes of b12labs, written
as in US Core, 1.5 MB.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from b12labs import interpret
from b12labs.integrations import fhir
from b12labs.integrations.json_input import read_json
from benchmarks import timing
from benchmarks.results import Figure, Found, Ratio, Size

LOADS = "Bundle of 1,000: `json.loads`"
WHOLE = "Bundle of 1,000: text to interpretation"
_TESTS = [
    ("2132-9", "Cobalamin (Vitamin B12) [Mass/volume] in Serum or Plasma", "pg/mL", 100, 900, 0),
    ("718-7", "Hemoglobin [Mass/volume] in Blood", "g/dL", 8, 16, 1),
    ("787-2", "MCV [Entitic mean volume] in Red Blood Cells by Automated count", "fL", 70, 120, 0),
    ("13964-2", "Methylmalonate [Moles/volume] in Serum or Plasma", "umol/L", 0.1, 0.9, 2),
    *(
        (f"{10000 + number}-1", f"Another test, number {number} [Moles/volume] in Blood", "mmol/L", 1, 9, 1)
        for number in range(16)
    ),
]
_CORE = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-observation-lab"
_TERMS = "http://terminology.hl7.org/CodeSystem"


def bundle(observations: int = 1000) -> bytes:
    """Return the Bundle as JSON; the same at every call."""
    draw = random.Random(1)
    entries = [_entry(number, draw) for number in range(observations)]
    link = [{"relation": "self", "url": "https://ehr.example.org/fhir/Observation?patient=p1"}]
    return json.dumps(
        {"resourceType": "Bundle", "type": "searchset", "total": observations, "link": link, "entry": entries}
    ).encode()


def _entry(number: int, draw: random.Random) -> dict[str, Any]:
    code, name, unit, low, high, digits = _TESTS[number % len(_TESTS)]
    day = date(2025, 1, 6) + timedelta(weeks=number // len(_TESTS))

    def quantity(value: float) -> dict[str, Any]:
        return {"value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit}

    return {
        "fullUrl": f"https://ehr.example.org/fhir/Observation/obs-{number}",
        "resource": {
            "resourceType": "Observation",
            "id": f"obs-{number}",
            "meta": {"versionId": "1", "lastUpdated": f"{day}T10:11:12.000Z", "profile": [_CORE]},
            "identifier": [{"system": "https://lab.example.org/results", "value": f"R{number}"}],
            "status": "final",
            "category": [
                {
                    "coding": [
                        {"system": f"{_TERMS}/observation-category", "code": "laboratory", "display": "Laboratory"}
                    ],
                    "text": "Laboratory",
                }
            ],
            "code": {"coding": [{"system": "http://loinc.org", "code": code, "display": name}], "text": name},
            "subject": {"reference": "Patient/p1"},
            "encounter": {"reference": "Encounter/e1"},
            "effectiveDateTime": f"{day}T08:30:00+00:00",
            "issued": f"{day}T10:11:12.000Z",
            "performer": [{"reference": "Organization/lab", "display": "Example laboratory"}],
            "valueQuantity": quantity(round(draw.uniform(low, high), digits)),
            "interpretation": [
                {"coding": [{"system": f"{_TERMS}/v3-ObservationInterpretation", "code": "N", "display": "Normal"}]}
            ],
            "referenceRange": [{"low": quantity(low), "high": quantity(high)}],
        },
        "search": {"mode": "match"},
    }


def measure(size: Size, folder: Path) -> Found:  # noqa: ARG001  # every group takes a folder
    """Measure the steps, in processor time."""
    text = bundle()
    resources = read_json(text)
    latest = fhir.read(resources, patient="p1").draws[-1].panel
    jobs: dict[str, Callable[[], object]] = {
        LOADS: lambda: json.loads(text),
        "Bundle of 1,000: `read_json`": lambda: read_json(text),
        "Bundle of 1,000: `fhir.read`, the objects": lambda: fhir.read(resources, patient="p1"),
        "Bundle of 1,000: `interpret`, its latest draw": lambda: interpret(latest),
        WHOLE: lambda: interpret(fhir.read(read_json(text), patient="p1").draws[-1].panel),
    }
    timed = {name: timing.processor(job) for name, job in jobs.items()}
    found = timing.interleaved(timed, 6 * size.repeats + 1)
    return Found(
        [Ratio(f"{WHOLE} / `json.loads` of it", 2.2, timing.ratio(found, WHOLE, LOADS))],
        [Figure(f"{name}, processor", seconds) for name, seconds in found.items()],
    )
