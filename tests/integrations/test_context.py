"""Medicines and diagnoses of messages: read by code and product, and never assumed absent if they are not read."""

import pytest

from b12labs import interpret
from b12labs.integrations import fhir, hl7v2
from b12labs.integrations.cds_hooks import Options, respond
from tests.integrations.cds_hooks import requests
from tests.integrations.fhir.resources import concept, condition, observation, patient, request, statement
from tests.integrations.hl7v2.test_hl7v2 import MSH, OBR, obx

RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
PRODUCTS = (
    {"text": "cyanocobalamin 1 MG/ML Injectable Solution"},
    concept("2001499", RXNORM),
    {"coding": [{"system": RXNORM, "code": "9", "display": "Vitamin B 12 5 MG/ML Injectable Solution"}]},
    {"coding": [{"system": "https://dmd.nhs.uk", "code": "1", "display": "Hydroxocobalamin 1mg/1ml solution"}]},
    concept("B03BA01", "http://www.whocc.no/atc"),
)
ADEQUATE = observation("b12", "600")


@pytest.mark.parametrize("product", PRODUCTS)
def test_b12_sent_as_a_product_is_a_recent_dose(product):
    [draw] = fhir.read([patient(), ADEQUATE, request(medicationCodeableConcept=product)]).draws
    assert draw.panel.terms == {"b12_supplement"}
    assert interpret(draw.panel).findings["recent_b12"].state


def test_context_that_was_not_understood_reaches_the_draw_the_interpretation_and_its_assumptions():
    unread = [
        request(id="1", medicationCodeableConcept={"text": "Xyzzol 5 mg"}),
        statement(id="2", medicationCodeableConcept=concept("308136", RXNORM)),
        statement(id="3", medicationCodeableConcept={"text": "Xyzzone"}),
        condition(id="4", code={"text": "a disease of its own"}),
        condition(id="5", code=concept("44465007", "http://snomed.info/sct")),
    ]
    reading = fhir.read([patient(), ADEQUATE, *unread])
    [draw] = reading.draws
    said = "3 medicines and 2 diagnoses were not understood"
    assert [problem.message.startswith(said) for problem in draw.problems] == [True]
    assert [place for place, _ in reading.problems] == [
        f"{one['resourceType']}/{number}" for number, one in enumerate(unread, start=1)
    ]
    result = interpret(draw.panel)
    assert result.problems == draw.problems
    assert any(assumed.startswith(said) for assumed in result.assumptions)
    assert not any("B12" in assumed for assumed in result.assumptions)
    assert result.status == "indeterminate"

    segments = [
        "DG1|1||44465007^^SCT",
        "DG1|2||^a disease of its own",
        "RXE||308136^^RXNORM",
        "RXE||^Xyzzol",
        "RXE||^Xyz",
    ]
    message = [MSH, "PID|1||7||||19570115|F", *segments, OBR, obx("600", test="2132-9^^LN")]
    [draw] = hl7v2.read("\r".join(message)).draws
    assert interpret(draw.panel) == result


def test_a_medicine_that_ended_before_the_draw_is_not_unread_at_it():
    ended = statement(effectivePeriod={"end": "2020-01-01"}, medicationCodeableConcept={"text": "Xyzzol"})
    [draw] = fhir.read([patient(), ADEQUATE, ended]).draws
    assert not draw.problems
    assert interpret(draw.panel).status == "deficiency_unlikely"


@pytest.mark.parametrize("status", ["completed", "stopped", "on-hold"])
def test_b12_that_was_taken_at_a_time_that_is_not_said_may_have_been_recent(status):
    product = {"text": "hydroxocobalamin 1 mg/ml injection"}
    [draw] = fhir.read([patient(), ADEQUATE, request(status=status, medicationCodeableConcept=product)]).draws
    assert draw.panel.terms == frozenset()
    result = interpret(draw.panel)
    assert result.findings["recent_b12"].state is None
    assert not any("no B12 supplement" in assumed for assumed in result.assumptions)
    [draw] = fhir.read([patient(), ADEQUATE, request(status="cancelled", medicationCodeableConcept=product)]).draws
    assert interpret(draw.panel).status == "deficiency_unlikely"


@pytest.mark.parametrize("mark", ["V", "A", "Z"])
def test_a_german_diagnosis_that_is_not_confirmed_is_not_read(mark):
    system = "http://fhir.de/CodeSystem/bfarm/icd-10-gm"
    extension = {
        "url": "http://fhir.de/StructureDefinition/icd-10-gm-diagnosesicherheit",
        "valueCoding": {"system": "x", "code": mark},
    }
    for coding in ({"code": f"D51.0 {mark}"}, {"code": "D51.0", "extension": [extension]}):
        [draw] = fhir.read([patient(), ADEQUATE, condition(code={"coding": [{"system": system, **coding}]})]).draws
        assert draw.panel.terms == frozenset()
    [draw] = fhir.read([patient(), ADEQUATE, condition(code=concept("D51.0", system))]).draws
    assert draw.panel.terms == {"autoimmune_gastritis"}


def test_a_diagnosis_of_a_message_that_is_not_final_is_not_read():
    head = [MSH, "PID|1||7||||19570115|F"]
    for kind, terms in (("F", {"autoimmune_gastritis"}), ("W", set()), ("A", set())):
        message = "\r".join([*head, f"DG1|1||D51.0^^I10|||{kind}", OBR, obx("600", test="2132-9^^LN")])
        [draw] = hl7v2.read(message).draws
        assert draw.panel.terms == terms


def test_a_card_says_what_was_not_understood():
    order = {
        "resourceType": "MedicationRequest", "id": "r", "status": "active", "intent": "order",
        "subject": {"reference": "Patient/p1"}, "medicationCodeableConcept": {"text": "Xyzzol 5 mg"},
    }  # fmt: skip
    view = requests.patient_view(requests.observation("b12", 620, "pg/mL"))
    assert respond("b12-patient-view", view, Options()) == {"cards": []}
    view["prefetch"]["medications"] = requests.bundle(order)
    [card] = respond("b12-patient-view", view, Options())["cards"]
    requests.check_card(card)
    assert "1 medicine was not understood" in card["detail"]
    assert "no recent B12 dose" not in card["detail"]


@pytest.mark.parametrize(
    ("drug", "opening"),
    [
        (concept("B03BB01", "http://www.whocc.no/atc"), "Folic acid"),
        (concept("327550006", "http://snomed.info/sct"), "Folic acid"),
        ({"text": "folsyre"}, "Folic acid"),
        ({"text": "Folsäure 5 mg"}, "Folic acid"),
        ({"text": "folic acid 1 MG Oral Tablet"}, "Folic acid"),
        ({"text": "Entonox"}, "Nitrous oxide"),
        (concept("N01AX13", "http://www.whocc.no/atc"), "Nitrous oxide"),
        ({"text": "Lachgas"}, "Nitrous oxide"),
    ],
)
@pytest.mark.parametrize("hook", ["order-sign", "order-select"])
def test_orders_are_read_by_code_and_product(hook, drug, opening):
    order = {**requests.medication(None), "medicationCodeableConcept": drug}
    cards = respond(f"b12-{hook}", requests.ordering(hook, requests.LOW, order), Options())["cards"]
    assert [card["summary"].startswith(f"{opening} is being ordered") for card in cards] == [True]
    assert cards[0]["indicator"] == "warning"


@pytest.mark.parametrize("text", ["folic acid allergy", "no folic acid", "folic acid deficiency", "folinic acid 15 mg"])
def test_what_is_about_folic_acid_is_no_order_of_it(text):
    order = requests.medication(text)
    assert respond("b12-order-sign", requests.ordering("order-sign", requests.LOW, order), Options()) == {"cards": []}


@pytest.mark.parametrize(
    "lost",
    [
        {"code": {"text": "B12 mystery assay"}},
        {"status": "preliminary"},
        {"status": "who knows"},
        {
            "specimen": {"reference": "#s"},
            "contained": [{"resourceType": "Specimen", "id": "s", "type": {"text": "尿?"}}],
        },
        {"valueQuantity": None, "valueBoolean": True},
        {"effectiveDateTime": "yesterday"},
        {"modifierExtension": [{"url": "urn:x"}]},
    ],
)
def test_a_marker_that_was_sent_and_not_read_is_spoken_of_in_the_draw(lost):
    count = observation("hemoglobin", "104", "g/L", id="hb")
    [draw] = fhir.read([patient(), count, observation(**lost)]).draws
    [problem] = draw.problems
    assert (problem.code, problem.field) == ("marker_not_used", "b12")
    assert interpret(draw.panel).problems == draw.problems


def test_a_marker_of_another_day_is_spoken_of_in_the_newest_draw_and_what_is_no_loss_in_none():
    counts = [observation("mcv", "90", "fL", id=day, effectiveDateTime=day) for day in ("2024-03-01", "2024-05-01")]
    lost = observation(valueQuantity=None, valueBoolean=True, effectiveDateTime="2024-04-01")
    draws = fhir.read([patient(), *counts, lost]).draws
    assert [len(draw.problems) for draw in draws] == [0, 1]
    for nothing in ({"status": "cancelled"}, {"status": "registered"}, {"valueQuantity": None}):
        assert not any(draw.problems for draw in fhir.read([patient(), *counts, observation(**nothing)]).draws)


def test_a_marker_that_a_message_sent_and_was_not_read_is_spoken_of_in_its_draw():
    lost = obx("145", test="99B12^Vitamin B12 by our own assay XYZ^L").replace("OBX|1", "OBX|2")
    found = hl7v2.read("\r".join([MSH, "PID|1||7", OBR, obx("104", test="718-7^Hb^LN", unit="g/L"), lost]))
    [draw] = found.draws
    assert [(problem.code, problem.field) for problem in draw.problems] == [("marker_not_used", "b12")]
    assert [(place, problem.code) for place, problem in found.problems] == [("OBX 2", "unknown_test")]
