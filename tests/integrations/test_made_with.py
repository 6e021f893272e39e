"""Every message says with which rules, guideline and options it was made."""

import json

import pytest

from b12labs import interpret
from b12labs.answer.parts import Answer
from b12labs.cohort_report import report_file
from b12labs.integrations import fhir
from b12labs.integrations.cds_hooks.services import respond
from b12labs.integrations.decisions import Recorder
from b12labs.integrations.fhir.made_with import provenance_in
from b12labs.integrations.options import Options
from b12labs.provenance.fingerprint import fingerprint
from tests.conftest import ROOT
from tests.integrations.fhir.test_output import CLASSIC, ISSUED, draw_of

OPTIONS = {"unreported_context": "unknown", "formulary": "us"}


@pytest.fixture(scope="module")
def resources():
    draw = draw_of(CLASSIC)
    result = interpret(draw.panel, guideline="bsh-2014", **OPTIONS)
    return json.loads(fhir.to_json(fhir.as_resources(draw, result, issued=ISSUED, report=True))), result


def test_the_observation_and_the_provenance_contain_the_device_with_its_rules_and_options(resources):
    (observation, _, provenance), result = resources
    for resource in (observation, provenance):
        assert provenance_in(resource) == result.provenance
        (device,) = resource["contained"]
        assert device["resourceType"] == "Device"
    assert observation["device"]["reference"] == "#b12labs"
    assert provenance["agent"][0]["who"]["reference"] == "#b12labs"
    assert f"rules {fingerprint().rules_version}" in observation["device"]["display"]


def test_options_come_back_from_fhir_as_they_were():
    draw = draw_of(CLASSIC)
    result = interpret(draw.panel)
    options = {"units": {"b12": "pmol/L"}, "findings": ["anemia"], "raw_text": True, "decimal": ",", "mapping": "12e9"}
    said = result.model_copy(update={"provenance": result.provenance.model_copy(update={"options": options})})
    (observation,) = json.loads(fhir.to_json(fhir.as_resources(draw, said)))
    assert provenance_in(observation).options == options


def test_a_resource_of_another_or_an_older_maker_does_not_say(resources):
    (observation, *_), _ = resources
    assert provenance_in({}) is None
    assert provenance_in({**observation, "contained": [{"resourceType": "Device", "id": "scanner"}]}) is None
    older = Answer.model_validate({**interpret(b12="145 pg/mL").model_dump(mode="json"), "provenance": None})
    assert older.made_by == f"b12labs {older.version}"


def test_a_decision_record_holds_the_provenance_of_its_interpretation():
    records, result = [], interpret(b12="145 pg/mL", **OPTIONS)
    Recorder(records.append).record(result, service="interpret")
    assert records[0]["provenance"] == result.provenance.model_dump(mode="json")
    assert records[0]["provenance"]["options"] == OPTIONS


def test_a_card_names_the_rules_in_its_source():
    observation = {
        "resourceType": "Observation",
        "id": "1",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "2132-9"}]},
        "subject": {"reference": "Patient/7"},
        "effectiveDateTime": "2026-11-20",
        "valueQuantity": {"value": 120, "unit": "pg/mL", "system": "http://unitsofmeasure.org", "code": "pg/mL"},
    }
    request = {
        "hook": "patient-view",
        "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
        "context": {"userId": "Practitioner/1", "patientId": "7"},
        "prefetch": {
            "patient": {"resourceType": "Patient", "id": "7", "gender": "female", "birthDate": "1960-01-01"},
            "results": {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": observation}]},
        },
    }
    records = []
    options = Options(guideline="bsh-2014", unreported_context="unknown")
    (card, *_) = respond("b12-patient-view", request, options, recorder=Recorder(records.append))["cards"]
    assert f"rules {fingerprint().rules_version}" in card["source"]["label"]
    said = card["source"]["extension"]["b12labs-provenance"]
    assert said["rules_hash"] == fingerprint().rules
    assert said["options"] == {
        "unreported_context": "unknown", "formulary": "uk", "window_hours": 24.0, "use_preliminary": False,
    }  # fmt: skip
    assert records[0]["provenance"] == said


def test_a_cohort_report_says_with_what_it_was_made_in_data_and_on_the_page():
    report = report_file(ROOT / "examples/labs.csv", guideline="norway")
    assert report.provenance.guideline == "norway"
    page = report.to_html()
    for said in (report.provenance.rules_version, report.provenance.rules_hash, report.provenance.guideline_hash):
        assert said in page
