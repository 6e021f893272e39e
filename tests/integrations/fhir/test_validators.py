"""Every resource that is written passes four referees of FHIR R4; and the referees are shown to refuse what is wrong.

None of them refuses an empty list, or a unit's code without its system (qty-3): `test_fhir_output` looks for these
itself.
"""

import json

import pytest
from hypothesis import given, settings

from b12labs import interpret
from b12labs.integrations.fhir.output import as_resources, to_json
from tests.integrations.fhir.referees import Referees, skip_without_node
from tests.integrations.fhir.test_output import ISSUED, draw_of
from tests.strategies import GUIDELINES, patients, results, st


@pytest.fixture(scope="module")
def referees():
    skip_without_node()
    started = Referees()
    yield started
    started.close()


def refused_by(referees, resource):
    """Return the referees that find something wrong; npm `medplum` counts with its warnings."""
    return {name for name, faults in referees.faults(json.dumps([resource]))[0].items() if faults}


@settings(max_examples=25)
@given(
    results(),
    patients(),
    st.sampled_from(GUIDELINES),
    st.sampled_from(["Patient/7", "MRN 12/3", ""]),
    st.sampled_from(["2026-11-20T08:30Z", "2026", ""]),
)
def test_every_resource_passes_every_referee(referees, measured, patient, guideline, subject, time):
    sources = {key: f"Observation/{number}" if number % 2 else f"OBX {number}" for number, key in enumerate(measured)}
    draw = draw_of({**measured, **patient, "unknown <field>": 1}, patient=subject, time=time, sources=sources)
    text = to_json(as_resources(draw, interpret(draw.panel, guideline=guideline), issued=ISSUED, report=True))
    assert referees.faults(text) == [{"medplum": [], "fhir": [], "schema": [], "pydantic": []}] * 3


RIGHT = {
    "resourceType": "Observation",
    "status": "final",
    "code": {"text": "Vitamin B12"},
    "effectiveDateTime": "2026-11-20T08:30:00Z",
    "valueQuantity": {"value": 145, "unit": "pg/mL", "system": "http://unitsofmeasure.org", "code": "pg/mL"},
}


def without(*names, **more):
    return {**{name: value for name, value in RIGHT.items() if name not in names}, **more}


def test_a_right_resource_is_refused_by_none(referees):
    assert refused_by(referees, RIGHT) == set()


@pytest.mark.parametrize(
    ("wrong", "by"),
    [
        pytest.param(without(status="FINAL"), {"schema", "fhir"}, id="status FINAL"),
        pytest.param(without(valueQuantity={"value": 145, "comparator": "lt"}), {"schema", "fhir"}, id="comparator lt"),
        pytest.param(without(result="low"), {"schema", "medplum", "fhir", "pydantic"}, id="unknown member"),
        pytest.param(without(valueString="145"), {"medplum", "pydantic"}, id="two values"),
        pytest.param(without("code"), {"schema", "medplum", "fhir", "pydantic"}, id="missing code"),
        pytest.param(without("status"), {"medplum", "fhir", "pydantic"}, id="missing status"),
        pytest.param(without(note=None), {"schema", "medplum", "fhir"}, id="null"),
        pytest.param(without(effectiveDateTime="2026-13-40"), {"schema", "medplum", "pydantic"}, id="no such day"),
        pytest.param(without(effectiveDateTime="2026-11-20T08:30:00"), {"schema", "pydantic"}, id="time without zone"),
        pytest.param(without(valueQuantity={"value": "145"}), {"schema", "medplum", "fhir"}, id="number as text"),
        pytest.param(
            without(dataAbsentReason={"text": "unknown"}), {"medplum"}, id="value and why there is none (obs-6)"
        ),
        pytest.param(
            without(referenceRange=[{"appliesTo": [{"text": "adults"}]}]), {"medplum"}, id="range without ends (obs-3)"
        ),
    ],
)
def test_what_is_wrong_is_refused(referees, wrong, by):
    assert refused_by(referees, wrong) >= by
