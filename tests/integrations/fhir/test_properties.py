"""What holds for any FHIR input:

nothing but our own errors, the same panel in every form, and no matter in which order.
"""

from fhir.resources.R4B.observation import Observation
from hypothesis import given
from hypothesis import strategies as st

from b12labs import interpret
from b12labs.errors import B12LabsError, PanelError
from b12labs.integrations import fhir
from tests.integrations.fhir.resources import bundle, condition, observation, patient, quantity, request, statement

UNITS = {
    "b12": "pg/mL",
    "mma": "umol/L",
    "homocysteine": "umol/L",
    "folate": "ng/mL",
    "hemoglobin": "g/dL",
    "mcv": "fL",
    "creatinine": "mg/dL",
    # Under the name of both its kinds: the unit makes it an amount of substance.
    "gastrin": "pmol/L",
}
values = {
    "b12": st.integers(60, 1500),
    "mma": st.decimals("0.05", "5", places=2),
    "homocysteine": st.decimals("3", "99", places=1),
    "folate": st.decimals("0.5", "40", places=1),
    "hemoglobin": st.decimals("5", "18", places=1),
    "mcv": st.integers(60, 130),
    "creatinine": st.decimals("0.4", "5", places=2),
    "gastrin": st.integers(2, 900),
}
comparators = st.sampled_from(["", "", "", "<", ">", "<=", ">="])
panels = st.fixed_dictionaries({}, optional={name: st.tuples(comparators, value) for name, value in values.items()})

# JSON of the shapes of FHIR, and of none: names that are read, with anything as their values.
words = st.sampled_from(
    [
        "Observation",
        "Bundle",
        "Patient",
        "DiagnosticReport",
        "Condition",
        "MedicationRequest",
        "Specimen",
        "final",
        "corrected",
        "entered-in-error",
        "Patient/7",
        "#a",
        "a",
        "urn:uuid:p",
        "http://loinc.org",
        "2132-9",
        "145",
        "<150 pg/mL",
        "pg/mL",
        "http://unitsofmeasure.org",
        "2024-03-01",
        "2024-03-01T08:30:00Z",
        "searchset",
        "next",
        "male",
        "1957-01-15",
        "order",
        "active",
        "normal",
        "DELETE",
        "",
        "\x00",
        "\ud800",
    ]
)
names = st.sampled_from(
    [
        "resourceType",
        "id",
        "meta",
        "versionId",
        "lastUpdated",
        "tag",
        "status",
        "code",
        "coding",
        "system",
        "display",
        "text",
        "subject",
        "reference",
        "identifier",
        "value",
        "effectiveDateTime",
        "effectivePeriod",
        "start",
        "end",
        "issued",
        "valueQuantity",
        "valueString",
        "valueCodeableConcept",
        "valueInteger",
        "comparator",
        "unit",
        "dataAbsentReason",
        "interpretation",
        "referenceRange",
        "low",
        "high",
        "age",
        "appliesTo",
        "type",
        "component",
        "hasMember",
        "result",
        "contained",
        "entry",
        "resource",
        "fullUrl",
        "link",
        "relation",
        "url",
        "total",
        "search",
        "mode",
        "request",
        "method",
        "response",
        "lastModified",
        "birthDate",
        "gender",
        "clinicalStatus",
        "verificationStatus",
        "onsetDateTime",
        "medicationCodeableConcept",
        "medicationReference",
        "intent",
        "specimen",
        "collection",
        "focus",
        "implicitRules",
        "modifierExtension",
        "issue",
        "patient",
    ]
)
leaves = st.none() | st.booleans() | st.integers() | st.floats() | words | st.text(max_size=8)
anything = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=6), max_leaves=40
)
typed = st.builds(
    lambda kind, more: {**more, "resourceType": kind}, words, st.dictionaries(names, anything, max_size=8)
)


@given(anything | typed | st.lists(typed, max_size=4), st.sampled_from([None, "7", ""]))
def test_any_json_raises_nothing_but_our_own_errors(value, asked):
    try:
        reading = fhir.read(value, patient=asked)
    except B12LabsError:
        return
    for draw in reading.draws:
        interpret(draw.panel)


@given(st.data())
def test_any_member_of_good_resources_may_be_anything(data):
    resources = [
        patient(),
        observation(referenceRange=[{"low": quantity(200, "pg/mL")}]),
        condition(),
        statement(),
        request(),
    ]
    resource = data.draw(st.sampled_from(resources))
    where = resource
    while True:
        name = data.draw(st.sampled_from(sorted(where) if isinstance(where, dict) else list(range(len(where)))))
        if not isinstance(where[name], dict | list) or not where[name] or data.draw(st.booleans()):
            break
        where = where[name]
    where[name] = data.draw(anything)
    try:
        reading = fhir.read(bundle(*resources), patient="7")
    except PanelError:  # a subject that is somebody else
        return
    used = {source for draw in reading.draws for source in draw.sources.values()}
    assert resource["resourceType"] != "Observation" or used or reading.problems


@given(panels, st.integers(0, 90), st.sampled_from(["female", "male"]), st.booleans(), st.randoms())
def test_a_panel_as_keywords_and_as_a_bundle_gives_the_identical_interpretation(results, age, sex, medicine, order):
    words = {name: f"{comparator}{value} {UNITS[name]}" for name, (comparator, value) in results.items()}
    resources = [patient(birthDate=f"{2024 - age}-01-15", gender=sex)]
    for name, (comparator, value) in results.items():
        said = quantity(value, UNITS[name]) | ({"comparator": comparator} if comparator else {})
        resources.append(observation(name, id=name, valueQuantity=said))
    if medicine:
        resources.append(statement())
    order.shuffle(resources)
    reading = fhir.read(bundle(*resources), patient="7")
    assert reading.problems == ()
    if not results:
        assert reading.draws == ()
        return
    [draw] = reading.draws
    given_age = f"{age} years" if age >= 2 else f"{age * 12 + 1} months"
    context = {"medicines": ["metformin"]} if medicine else {}
    assert interpret(draw.panel) == interpret(**words, age=given_age, sex=sex, **context)


@given(st.randoms(), st.lists(st.sampled_from(sorted(values)), min_size=1, max_size=8), st.data())
def test_the_order_of_entries_does_not_matter(order, names, data):
    resources = [patient(), statement(), condition(onsetDateTime="2024-03-02")]
    for number, name in enumerate(names):
        day = data.draw(st.sampled_from(["2024-03-01", "2024-03-02", "2024-06-01"]))
        status = data.draw(st.sampled_from(["final", "corrected", "preliminary", "entered-in-error"]))
        more = {"id": str(number), "status": status, "effectiveDateTime": f"{day}T0{number % 10}:30:00Z"}
        resources.append(observation(name, data.draw(values[name]), UNITS[name], **more))
    expected = fhir.read(bundle(*resources))
    shuffled = list(resources)
    order.shuffle(shuffled)
    reading = fhir.read(bundle(*shuffled))
    assert [(draw.panel.results, draw.panel.terms, draw.sources, draw.time) for draw in reading.draws] == [
        (draw.panel.results, draw.panel.terms, draw.sources, draw.time) for draw in expected.draws
    ]
    assert sorted((source, problem.code) for source, problem in reading.problems) == sorted(
        (source, problem.code) for source, problem in expected.problems
    )


@given(st.sampled_from(sorted(values)), st.data(), comparators)
def test_what_is_read_is_what_fhir_resources_reads(name, data, comparator):
    value = data.draw(values[name])
    resource = observation(
        name,
        value,
        UNITS[name],
        interpretation=[{"text": "low"}],
        referenceRange=[{"low": quantity(value, UNITS[name])}],
    )
    if comparator:
        resource["valueQuantity"]["comparator"] = comparator
    model = Observation.model_validate(resource)
    [draw] = fhir.read(resource).draws
    [result] = draw.panel.results.values()
    said = model.valueQuantity
    assert result.given == f"{said.comparator or ''}{said.value} {said.code}"
    assert draw.patient == model.subject.reference
    assert draw.time.startswith(model.effectiveDateTime.isoformat()[:19])
    assert result.flag == model.interpretation[0].text


@given(st.permutations([observation(id=str(number), value=145 + number) for number in range(2)]))
def test_of_two_results_in_one_unit_at_one_time_neither_is_used_in_whichever_order_they_come(resources):
    [draw] = fhir.read(bundle(*resources)).draws
    assert draw.sources == {}
    assert {(problem.field, problem.code) for problem in draw.problems} == {("b12", "results_in_conflict")}
