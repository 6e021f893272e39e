"""An interpretation as FHIR R4 resources: what is said, of whom, from what, and what is never said."""

import base64
import json
from decimal import Decimal

import pytest
from hypothesis import given

from b12labs import PanelError, interpret, read_panel
from b12labs.inputs.numbers import bounds
from b12labs.inputs.units import factor
from b12labs.integrations.fhir.output import TAG, as_resources, to_json
from b12labs.integrations.fhir.output_components import BELOW_REFERENCE_RANGE
from b12labs.integrations.lab_results import Draw
from b12labs.reference import analytes
from tests.inputs.check_digits import verhoeff
from tests.strategies import GUIDELINES, patients, results, st

ISSUED = "2026-11-22T10:00:00Z"
CLASSIC = {
    "b12": "145 pg/mL",
    "mma": "0.62 umol/L",
    "homocysteine": "22 umol/L",
    "hemoglobin": "10.4 g/dL",
    "mcv": "112 fL",
    "age": 67,
    "sex": "female",
}
SYSTEMS = {
    "http://unitsofmeasure.org",
    "http://snomed.info/sct",
    *(
        f"http://terminology.hl7.org/CodeSystem/{name}"
        for name in (
            "observation-category",
            "v2-0074",
            "data-absent-reason",
            "v3-ObservationInterpretation",
            "provenance-participant-type",
        )
    ),
}
LOINC = {code for analyte in analytes().values() for code in analyte.loinc}
#: What means something in Markdown, in which notes are shown.
MARKDOWN = set("<>[]*_`|#&\\")
SOURCES = {
    "b12": "Observation/1",
    "mma": "Observation/2/_history/3",
    "homocysteine": "OBX 5",
    "hemoglobin": "Observation/9.component[0]",
}


def draw_of(values, *, patient="Patient/7", time="2026-11-20T08:30:00+01:00", sources=None, decimal="."):
    panel = read_panel(values, decimal=decimal, report=True)
    return Draw(panel, patient, time, SOURCES if sources is None else sources, panel.problems)


def written(values, *, guideline="nice-ng239", draw=None, **options):
    """Return the resources of a panel after they went through JSON; a second Observation, with decimals, as it was."""
    draw = draw or draw_of(values)
    resources = as_resources(draw, interpret(draw.panel, guideline=guideline), **options)
    return json.loads(to_json(resources), parse_float=Decimal)


def observation_of(values, **options):
    return written(values, **options)[0]


def component(observation, code):
    found = [
        part for part in observation["component"] if any(coding["code"] == code for coding in part["code"]["coding"])
    ]
    assert len(found) == 1, code
    return found[0]


def nodes(value):
    yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from nodes(part)


def codings(value):
    return [
        (node["system"], node["code"])
        for node in nodes(value)
        if isinstance(node, dict) and "system" in node and "code" in node
    ]


def test_the_observation_says_the_status_of_whom_when_and_by_which_guideline():
    observation = observation_of(CLASSIC, issued=ISSUED)
    assert observation["resourceType"] == "Observation"
    assert observation["status"] == "preliminary"
    assert observation["valueCodeableConcept"]["coding"] == [
        {"system": "urn:b12labs:status", "code": "deficient", "display": "deficient"}
    ]
    assert observation["valueCodeableConcept"]["text"] == "DEFICIENT in vitamin B12"
    assert observation["subject"] == {"reference": "Patient/7"}
    assert observation["effectiveDateTime"] == "2026-11-20T08:30:00+01:00"
    assert observation["issued"] == ISSUED
    assert observation["method"]["coding"][0]["code"] == "nice-ng239"
    assert observation["device"]["display"].startswith("b12labs ")


def test_results_verdicts_and_findings_are_components():
    observation = observation_of(CLASSIC)
    assert component(observation, "b12")["valueQuantity"] == {
        "value": 145, "unit": "pg/mL", "system": "http://unitsofmeasure.org", "code": "pg/mL",
    }  # fmt: skip
    assert component(observation, "b12")["interpretation"] == [{"text": "below 180 ng/L (NG239) [secondary]"}]
    assert component(observation, "anemia_grade")["valueCodeableConcept"]["coding"][0]["code"] == "moderate"
    assert component(observation, "megaloblastic_anemia")["valueBoolean"] is True
    assert component(observation, "macrocytosis")["valueBoolean"] is True


def test_what_is_advice_is_no_finding_in_the_patient():
    assert not [
        part
        for part in observation_of(CLASSIC)["component"]
        if part["code"]["coding"][0]["code"] in ("diet_sources", "do_not_wait")
    ]


def test_what_is_open_is_said_to_be_unknown_with_what_is_still_possible():
    observation = observation_of({"b12": "250 pg/mL", "age": 40, "sex": "male"})
    assert observation["valueCodeableConcept"]["coding"][0]["code"] == "indeterminate"
    anemia = component(observation, "anemia")
    assert "valueBoolean" not in anemia
    assert anemia["dataAbsentReason"]["coding"][0]["code"] == "unknown"
    assert (
        component(observation, "anemia_grade")["dataAbsentReason"]["text"]
        == "still possible: severe, moderate, mild, none"
    )
    assert any(note["text"].startswith("Still possible: ") for note in observation["note"])


def test_a_status_that_was_not_assessed_has_no_value():
    observation, report = written({"hemoglobin": "14 g/dL", "age": 40, "sex": "male"}, report=True)
    assert "valueCodeableConcept" not in observation
    assert observation["dataAbsentReason"]["text"] == "No marker of B12 status was measured."
    assert "conclusionCode" not in report


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        ({"value": "118.00", "unit": "pg/mL"}, '"value":118.00,'),
        ({"value": "118.0", "unit": "pg/mL"}, '"value":118.0,'),
        ({"value": "118", "unit": "pg/mL"}, '"value":118,'),
        ({"value": "1e2", "unit": "pg/mL"}, '"value":1E+2,'),
        ({"value": "1,118.50", "unit": "pg/mL"}, '"value":1118.50,'),
        ("<150 pg/mL", '"value":150,"comparator":"<",'),
        ("≥ 2000.0 pg/mL", '"value":2000.0,"comparator":">=",'),
    ],
)
def test_a_result_keeps_its_digits_and_its_comparator(value, printed):
    draw = draw_of({"b12": value})
    assert printed in to_json(as_resources(draw, interpret(draw.panel)))


def test_a_decimal_comma_that_was_declared_is_no_thousands_separator():
    draw = draw_of({"mma": "0,620 umol/L", "b12": "1,118 pmol/L"}, decimal=",")
    text = to_json(as_resources(draw, interpret(draw.panel)))
    assert '"value":0.620,' in text
    draw = draw_of({"b12": "1,118 pmol/L"})
    assert '"value":1118,' in to_json(as_resources(draw, interpret(draw.panel)))


def test_a_word_of_the_laboratory_and_its_flag_stay_the_laboratory_s():
    observation = observation_of(
        {"intrinsic_factor_antibody": "Positive", "b12": {"value": "250", "unit": "pg/mL", "flag": "L"}}
    )
    antibody = component({"component": observation["component"][:2]}, "intrinsic_factor_antibody")
    assert antibody["valueCodeableConcept"] == {"text": "Positive"}
    assert antibody["interpretation"][0]["coding"][0]["code"] == "POS"
    flagged = component(observation, "b12")["interpretation"][0]
    assert (flagged["coding"][0]["code"], flagged["text"]) == ("L", "Low, by the laboratory")


@given(results(), patients(), st.sampled_from(GUIDELINES))
def test_every_resource_is_marked_as_ours_without_blanks_and_without_a_code_of_a_diagnosis_or_of_a_measured_test(
    measured, patient, guideline
):
    draw = draw_of({**measured, **patient})
    resources = written({}, draw=draw, guideline=guideline, issued=ISSUED, report=True)
    assert [resource["resourceType"] for resource in resources] == ["Observation", "DiagnosticReport", "Provenance"]
    assert [resource["meta"]["tag"] for resource in resources] == [[TAG]] * 3
    every = list(nodes(resources))
    assert not [
        node
        for node in every
        if node is None or node in ("", [], {}) or (isinstance(node, str) and node != node.strip())
    ]
    told = {
        (node["system"], node["code"]) for node in every if isinstance(node, dict) and {"system", "code"} <= node.keys()
    }
    assert {system for system, _ in told if not system.startswith("urn:b12labs:")} <= SYSTEMS
    assert {code for system, code in told if system == "http://snomed.info/sct"} <= {"165645009"}
    assert not {code for _, code in told} & LOINC
    assert not [note for note in resources[0]["note"] if set(note["text"]) & MARKDOWN]
    of_results = {"component": resources[0]["component"][: len(draw.panel.results)]}
    for key, read in draw.panel.results.items():
        if read.measured:
            quantity = component(of_results, key)["valueQuantity"]
            assert quantity["system"] == "http://unitsofmeasure.org"
            number = float(quantity["value"]) * factor(key, quantity["code"])
            assert bounds(quantity.get("comparator", ""), number) == (read.low, read.high)


@pytest.mark.parametrize(
    ("b12", "said"),
    [
        ({"value": 145, "unit": "pg/mL", "reference_low": 190}, True),
        ({"value": 145, "unit": "pg/mL", "flag": "L"}, True),
        ({"value": "<150", "unit": "pg/mL", "reference_low": 150}, True),
        ({"value": "<250", "unit": "pg/mL", "reference_low": 190}, False),
        ({"value": "<170", "unit": "pg/mL", "reference_low": 150}, False),
        ({"value": 145, "unit": "pg/mL", "reference_low": 145}, False),
        ({"value": 145, "unit": "pg/mL", "reference_low": 140}, False),
        ({"value": 145, "unit": "pg/mL"}, False),
        ({"value": 400, "unit": "pg/mL", "reference_low": 500}, False),
    ],
)
def test_b12_is_coded_as_below_the_reference_range_only_where_the_laboratory_s_own_was_missed(b12, said):
    resources = written({"b12": b12, "age": 40, "sex": "male"}, report=True)
    for resource in resources:
        assert (("http://snomed.info/sct", "165645009") in codings(resource)) == said


def test_only_the_finding_of_a_low_b12_is_coded_as_below_the_reference_range():
    low = {"b12": {"value": 145, "unit": "pg/mL", "reference_low": 190}, "hemoglobin": "90 g/L", "mcv": "112 fL"}
    observation = observation_of({**low, "age": 40, "sex": "male"}, report=True)
    coded = [part for part in observation["component"] if ("http://snomed.info/sct", "165645009") in codings(part)]
    assert coded == [component(observation, "low_total_b12")]
    assert len(observation["component"]) > 5


def test_the_snomed_code_has_a_right_check_digit():
    assert verhoeff(BELOW_REFERENCE_RANGE["code"]) == 0
    assert verhoeff("165645008") != 0


def test_it_is_derived_from_the_observations_whose_results_were_used():
    observation = observation_of(CLASSIC)
    assert observation["derivedFrom"] == [
        {"reference": "Observation/1"},
        {"reference": "Observation/2/_history/3"},
        {"display": "OBX 5"},
        {"reference": "Observation/9"},
    ]
    assert "derivedFrom" not in observation_of(CLASSIC, draw=draw_of(CLASSIC, sources={}))
    unused = {**SOURCES, "folate": "Observation/unused"}
    assert "Observation/unused" not in to_json(
        written(CLASSIC, draw=draw_of(CLASSIC, sources=unused), issued=ISSUED, report=True)
    )


def test_provenance_says_what_was_made_from_what_by_which_software_and_when():
    observation, report, provenance = written(CLASSIC, issued=ISSUED, report=True)
    assert provenance["target"] == [
        {"reference": f"Observation/{observation['id']}"},
        {"reference": f"DiagnosticReport/{report['id']}"},
    ]
    assert provenance["recorded"] == ISSUED
    assert provenance["agent"][0]["who"] == observation["device"]
    assert [entity["what"] for entity in provenance["entity"]] == observation["derivedFrom"]


def test_the_report_is_preliminary_and_holds_the_text_that_a_clinician_reads():
    observation, report = written(CLASSIC, report=True)
    assert report["status"] == "preliminary"
    assert report["result"][:2] == [{"reference": f"Observation/{observation['id']}"}, {"reference": "Observation/1"}]
    text = base64.b64decode(report["presentedForm"][0]["data"]).decode()
    assert text == interpret(**CLASSIC).to_text()


def test_the_same_input_gives_the_same_bytes_and_the_same_ids_whenever_it_is_issued():
    assert to_json(written(CLASSIC, issued=ISSUED, report=True)) == to_json(
        written(CLASSIC, issued=ISSUED, report=True)
    )
    later = written(CLASSIC, issued="2026-11-23T10:00:00+01:00", report=True)
    assert [resource["id"] for resource in later[:2]] == [
        resource["id"] for resource in written(CLASSIC, issued=ISSUED, report=True)[:2]
    ]
    others = [{"values": {**CLASSIC, "b12": "146 pg/mL"}}, {"values": CLASSIC, "guideline": "bsh-2014"}]
    others += [
        {"values": CLASSIC, "draw": draw_of(CLASSIC, patient="Patient/8")},
        {"values": CLASSIC, "draw": draw_of(CLASSIC, time="2026-11-21")},
    ]
    assert len({written(**other)[0]["id"] for other in others} | {later[0]["id"]}) == 5


def test_an_interpretation_has_an_identifier_and_the_provenance_of_it_none():
    """Provenance of FHIR R4 has no element for one."""
    kinds = {each["resourceType"]: "identifier" in each for each in written(CLASSIC, issued=ISSUED, report=True)}
    assert kinds == {"Observation": True, "DiagnosticReport": True, "Provenance": False}


def test_ids_may_be_given():
    observation, _, provenance = written(
        CLASSIC, issued=ISSUED, report=True, ids={"Observation": "b12-1", "DiagnosticReport": "b12-2"}
    )
    assert observation["id"] == "b12-1"
    assert provenance["target"] == [{"reference": "Observation/b12-1"}, {"reference": "DiagnosticReport/b12-2"}]


@pytest.mark.parametrize(
    ("patient", "subject"),
    [
        ("Patient/7", {"reference": "Patient/7"}),
        ("https://ehr.example/fhir/Patient/7", {"reference": "https://ehr.example/fhir/Patient/7"}),
        (
            "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0",
            {"reference": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"},
        ),
        ("12345", {"identifier": {"value": "12345"}}),
        ("Observation/7", {"identifier": {"value": "Observation/7"}}),
        ("", None),
    ],
)
def test_a_medical_record_number_is_an_identifier_and_never_a_resource(patient, subject):
    assert observation_of(CLASSIC, draw=draw_of(CLASSIC, patient=patient)).get("subject") == subject
    assert observation_of(CLASSIC, draw=draw_of(CLASSIC, patient=patient), patient_reference="Patient/9")[
        "subject"
    ] == {"reference": "Patient/9"}


@pytest.mark.parametrize(
    ("time", "effective"),
    [
        ("", None),
        ("2026", "2026"),
        ("2026-11", "2026-11"),
        ("2026-11-20", "2026-11-20"),
        ("2026-11-20T08:30:00Z", "2026-11-20T08:30:00Z"),
        ("2026-11-20T08:30:00.125-05:00", "2026-11-20T08:30:00.125-05:00"),
        ("2026-11-20 08:30+0100", "2026-11-20T08:30:00+01:00"),
        ("2026-11-20T08:30:60Z", "2026-11-20T08:30:60Z"),
    ],
)
def test_the_time_of_the_draw_is_written_as_fhir_writes_times(time, effective):
    assert observation_of(CLASSIC, draw=draw_of(CLASSIC, time=time)).get("effectiveDateTime") == effective


def test_a_time_without_a_zone_is_a_date_and_stays_in_a_note():
    observation = observation_of(CLASSIC, draw=draw_of(CLASSIC, time="2026-11-20T08:30:00"))
    assert observation["effectiveDateTime"] == "2026-11-20"
    assert "Drawn at 2026-11-20 08:30, in a time zone that was not given." in [
        note["text"] for note in observation["note"]
    ]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"issued": "2026-11-22"}, "unreadable_time"),
        ({"issued": "2026-11-22T10:00:00"}, "unreadable_time"),
        ({"issued": "2026-02-30T10:00:00Z"}, "unreadable_time"),
        ({"issued": "2026-11-22T10:00Z"}, "unreadable_time"),
        ({"issued": "today"}, "unreadable_time"),
        ({"draw": draw_of(CLASSIC, time="20.11.2026")}, "unreadable_time"),
        ({"draw": draw_of(CLASSIC, time="2026-13-40")}, "unreadable_time"),
        ({"patient_reference": "7"}, "unreadable_reference"),
        ({"patient_reference": "Practitioner/7"}, "unreadable_reference"),
        ({"ids": {"Observation": "a b"}}, "unreadable_id"),
        ({"ids": {"Observation": ""}}, "unreadable_id"),
    ],
)
def test_what_fhir_cannot_hold_is_refused(change, code):
    with pytest.raises(PanelError) as caught:
        written(CLASSIC, **change)
    assert caught.value.code == code


@pytest.mark.parametrize(
    "other", [{**CLASSIC, "b12": "146 pg/mL"}, {"b12": "145 pg/mL"}, {**CLASSIC, "folate": "5 ng/mL"}]
)
def test_the_interpretation_of_another_draw_is_refused(other):
    with pytest.raises(PanelError, match="expected the interpreted draw") as caught:
        as_resources(draw_of(CLASSIC), interpret(**other))
    assert caught.value.code == "wrong_draw"


def test_what_was_not_used_is_noted_without_repeating_what_was_sent():
    hostile = "[x](javascript:alert(1)) <img src=x onerror=alert(1)>"
    values = {
        **CLASSIC,
        "folate": hostile,
        "symptoms": [hostile],
        hostile: "1",
        "platelets": "150 10*9/L",
        "wbc": "5 10*9/L",
    }
    observation = observation_of(values)
    notes = [note["text"] for note in observation["note"]]
    assert (
        "Not used, or in doubt: another field (unknown field), folate (unreadable value), symptoms (unknown term)."
        in notes
    )
    assert not [note for note in notes if set(note) & MARKDOWN]
    assert "javascript" not in to_json(observation)
