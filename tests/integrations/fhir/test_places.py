"""Where in what was sent something stands, and which of two places says it."""

import pytest

from b12labs.integrations import fhir
from b12labs.integrations.fhir.output import to_json
from tests.integrations.fhir.resources import bundle, concept, condition, observation, patient, statement
from tests.integrations.fhir.test_output import CLASSIC, observation_of

WHO = {"reference": "Patient/7"}


def outcome(severity):
    return {"resourceType": "OperationOutcome", "issue": [{"severity": severity, "code": "timeout"}]}


@pytest.mark.parametrize(
    ("severity", "said", "incomplete"),
    [("error", "an error; the data asked for is missing", True), ("warning", "a message", False)],
)
def test_a_server_s_message_says_whether_data_is_missing(severity, said, incomplete):
    reading = fhir.read(bundle(observation(), outcome(severity)))
    [(_, problem)] = reading.problems
    assert problem.message == f"the server sent {said}: timeout"
    assert reading.incomplete is incomplete


def test_what_is_no_resource_is_told_with_its_place_in_the_bundle():
    held = bundle(observation())
    held["entry"] += [{"resource": 5}, "x"]
    assert [source for source, _ in fhir.read(held).problems] == ["Bundle.entry 2", "Bundle.entry 3"]


def test_texts_are_written_as_they_are():
    assert to_json({"text": "Müller µg"}) == '{"text":"Müller µg"}'


def test_what_could_overturn_is_noted_where_anything_could():
    open_notes = " ".join(note["text"] for note in observation_of({"b12": "145 pg/mL", "age": 67})["note"])
    assert "Could overturn this: " in open_notes
    sure = {**CLASSIC, "holotc": "10 pmol/L", "creatinine": "0.8 mg/dL", "folate": "30 nmol/L"}
    assert "Could overturn this: ." not in " ".join(note["text"] for note in observation_of(sure)["note"])


def test_a_version_with_a_number_is_newer_than_one_without():
    numbered = observation(value=200, meta={"versionId": "0"})
    other = observation(value=300, meta={"versionId": "a"})
    for both in ([numbered, other], [other, numbered]):
        assert [draw.panel.results["b12"].low for draw in fhir.read(both).draws] == [200]


@pytest.mark.parametrize(
    ("period", "terms"),
    [
        ({"start": "2024-03-20", "end": "2024-04-01"}, {"autoimmune_gastritis"}),
        ({"start": "2024-01-01", "end": "2024-02-01"}, set()),
    ],
)
def test_a_condition_is_over_at_the_end_of_the_time_in_which_it_ended(period, terms):
    resolved = concept("resolved", "http://terminology.hl7.org/CodeSystem/condition-clinical")
    over = condition(clinicalStatus=resolved, abatementPeriod=period, onsetDateTime="2020-01-01")
    [draw] = fhir.read([observation(), over]).draws
    assert draw.panel.terms == terms


def test_a_medicine_is_that_of_its_concept_before_that_of_a_reference():
    named = statement(medicationReference={"display": "aspirin"})
    assert fhir.read([observation(), named]).draws[0].panel.terms == {"metformin"}
    referred = statement(medicationCodeableConcept=None, medicationReference={"display": "metformin"})
    assert fhir.read([observation(), referred]).draws[0].panel.terms == {"metformin"}


def report_of(name, number, **more):
    return {
        "resourceType": "DiagnosticReport",
        "id": name,
        "status": "final",
        "subject": {"reference": f"Patient/{number}"},
        "result": [{"reference": "Observation/b12"}],
        **more,
    }


def test_a_result_is_barred_by_a_standing_report_of_another_patient_alone():
    assert fhir.read([observation(), report_of("r", "7")]).draws
    assert fhir.read([observation(), report_of("r", "8")]).draws == ()
    assert fhir.read([observation(), {**report_of("r", "8"), "subject": None}]).draws
    assert fhir.read([observation(), {**report_of("r", "8"), "resourceType": "Composition"}]).draws


def test_a_lost_marker_is_spoken_of_in_the_draw_of_its_own_time():
    part = {"code": observation("mma")["code"], "valueString": "see report"}
    group = observation(valueQuantity=None, component=[part, {"code": observation("mcv")["code"]}])
    later = observation(id="later", effectiveDateTime="2024-05-01T08:30:00Z")
    cells = observation("mcv", 112, "fL", component=None)
    draws = fhir.read([patient(), group, cells, later]).draws
    spoken = [draw.time for draw in draws if any("mma" in problem.message.casefold() for problem in draw.problems)]
    assert spoken == ["2024-03-01T08:30:00Z"]


@pytest.mark.parametrize("asked", ["7", "Patient/7", "https://a.example/Patient/7"])
def test_the_patient_asked_for_may_be_named_with_or_without_a_server(asked):
    assert fhir.read([patient(), observation()], patient=asked).draws


def test_results_with_one_number_are_corrections_of_each_other_and_specimens_with_it_are_not():
    number = [{"system": "urn:lab", "value": "1"}]
    specimen = {"resourceType": "Specimen", "id": "s", "identifier": number, "status": "corrected", "subject": WHO}
    reading = fhir.read([observation(identifier=number), specimen])
    assert reading.draws
    assert reading.problems == ()
