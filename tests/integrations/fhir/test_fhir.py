"""FHIR R4 resources into draws:

each result is used or reported, and what a sender says is neither dropped nor guessed.
"""

import json
from decimal import Decimal

import pytest

from b12labs import interpret
from b12labs.errors import PanelError
from b12labs.integrations import fhir
from b12labs.site_mapping.mapping import SiteMapping
from tests.integrations.fhir.resources import (
    V3,
    bundle,
    concept,
    condition,
    observation,
    patient,
    quantity,
    request,
    statement,
)


def codes(reading):
    return sorted({problem.code for _, problem in reading.problems})


def noted(reading):
    return sorted({problem.code for _, problem in reading.notes})


def panel(*resources, **options):
    """Return the only draw's panel."""
    [draw] = fhir.read(resources, **options).draws
    return draw.panel


# Status, comparator, unit: every combination is used as it stands or reported.

STATUSES = {
    "final": None,
    "amended": None,
    "corrected": None,
    "preliminary": "preliminary_result",
    "registered": "no_result",
    "unknown": "no_result",
    "cancelled": "withdrawn_result",
    "entered-in-error": "withdrawn_result",
    "FINAL": "unknown_status",
    "": "unknown_status",
    None: "unknown_status",
    "appended": "unknown_status",
}
COMPARATORS = {
    None: (150, 150),
    "<": (0, 150),
    "<=": (0, 150),
    ">=": (150, None),
    ">": (150, None),
    "ad": None,
    "lt": None,
    "": None,
}


@pytest.mark.parametrize("unit", ["pg/mL", None])
@pytest.mark.parametrize("comparator", COMPARATORS)
@pytest.mark.parametrize("status", STATUSES)
def test_every_status_comparator_and_missing_unit(status, comparator, unit):
    value = {"value": Decimal(150), "unit": unit, "comparator": comparator}
    value = {key: member for key, member in value.items() if member is not None}
    reading = fhir.read(observation(status=status, valueQuantity=value))
    results = [draw.panel.results.get("b12") for draw in reading.draws]
    if STATUSES[status] is not None:
        assert results == []
        unread = COMPARATORS[comparator] is None and status in ("preliminary", "cancelled", "entered-in-error")
        assert codes(reading) == ["unknown_operator" if unread else STATUSES[status]]
    elif COMPARATORS[comparator] is None:
        assert results == []
        assert codes(reading) == ["unknown_operator"]
    elif unit is None:
        assert results == [None]
        assert codes(reading) == ["missing_unit"]
    else:
        low, high = COMPARATORS[comparator]
        [result] = results
        assert codes(reading) == []
        assert result.low == pytest.approx(low)
        assert result.high == pytest.approx(high or float("inf"))


def test_preliminary_results_are_used_only_when_asked_for():
    preliminary = observation(status="preliminary")
    assert fhir.read(preliminary).draws == ()
    reading = fhir.read(preliminary, use_preliminary=True)
    assert reading.draws[0].panel.results["b12"].low == 145
    assert noted(reading) == ["preliminary_result"]


def test_a_registered_value_is_not_used_even_when_preliminary_ones_are():
    assert fhir.read(observation(status="registered"), use_preliminary=True).draws == ()


# Values.


@pytest.mark.parametrize("written", ["118", "118.0", "118.00", "1.2E+2"])
def test_decimals_keep_their_digits(written):
    assert panel(observation("hemoglobin", written, "g/L")).results["hemoglobin"].given == f"{written} g/L"


@pytest.mark.parametrize(
    ("value", "low", "high"),
    [
        ({"valueString": "<150 pg/mL"}, 0, 150),
        ({"valueString": " 145 pg/mL "}, 145, 145),
        ({"valueString": ">2000 ng/L"}, 2000, float("inf")),
        ({"valueQuantity": {"value": 145, "unit": "ng/l"}}, 145, 145),
        ({"valueQuantity": {"value": 145.0, "system": "http://unitsofmeasure.org", "code": "pg/mL"}}, 145, 145),
        (
            {
                "valueQuantity": {
                    "value": 145,
                    "unit": "picograms",
                    "system": "http://unitsofmeasure.org",
                    "code": "pg/mL",
                }
            },
            145,
            145,
        ),
        ({"valueQuantity": {"value": 145, "unit": "pg/mL", "system": "urn:local", "code": "PGM"}}, 145, 145),
    ],
)
def test_values_are_read(value, low, high):
    result = panel(observation(valueQuantity=None) | value).results["b12"]
    assert (result.low, result.high) == (pytest.approx(low), pytest.approx(high))


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ({}, "no_result"),
        (
            {"dataAbsentReason": concept("not-performed", "http://terminology.hl7.org/CodeSystem/data-absent-reason")},
            "no_result",
        ),
        ({"valueQuantity": {"unit": "pg/mL"}}, "no_result"),
        ({"valueQuantity": {"value": None, "comparator": "<"}}, "no_result"),
        ({"valueQuantity": quantity(145, "pg/mL"), "dataAbsentReason": concept("error")}, "conflicting_values"),
        ({"valueQuantity": quantity(145, "pg/mL"), "valueString": "145"}, "conflicting_values"),
        ({"valueQuantity": {"value": "145", "unit": "pg/mL"}}, "unreadable_value"),
        ({"valueQuantity": {"value": True, "unit": "pg/mL"}}, "unreadable_value"),
        ({"valueQuantity": {"value": float("nan"), "unit": "pg/mL"}}, "unreadable_value"),
        ({"valueQuantity": {"value": Decimal("sNaN"), "unit": "pg/mL"}}, "unreadable_value"),
        ({"valueQuantity": {"value": Decimal("1E9999999"), "unit": "pg/mL"}}, "not_finite"),
        ({"valueQuantity": {"value": 10**5000, "unit": "pg/mL"}}, "unreadable_value"),
        ({"valueQuantity": {"value": -145, "unit": "pg/mL"}}, "negative_value"),
        ({"valueQuantity": [145]}, "unreadable_value"),
        (
            {"valueQuantity": {"value": 145, "unit": "pmol/L", "system": "http://unitsofmeasure.org", "code": "pg/mL"}},
            "conflicting_units",
        ),
        ({"valueQuantity": {"value": 145, "system": "urn:local", "code": "a unit of ours"}}, "unknown_unit"),
        ({"valueQuantity": {"value": 145, "system": "http://unitsofmeasure.org", "code": "pg/dL{a}"}}, "unknown_unit"),
        (
            {
                "valueQuantity": quantity(
                    145, "pg/mL", _comparator={"extension": [{"url": "urn:r5", "valueCode": "ad"}]}
                )
            },
            "unknown_operator",
        ),
        ({"valueInteger": 145}, "missing_unit"),
        ({"valueBoolean": True}, "unreadable_value"),
        ({"valueRange": {"low": {"value": 100}, "high": {"value": 200}}}, "unreadable_value"),
        ({"valueRatio": {"numerator": {"value": 1}, "denominator": {"value": 40}}}, "unreadable_value"),
        ({"valueString": "see the comment " * 50}, "unreadable_value"),
        ({"valueCodeableConcept": {"coding": [{"system": "urn:local", "code": "17"}]}}, "unreadable_value"),
    ],
)
def test_values_that_cannot_be_used_are_reported(value, code):
    reading = fhir.read(observation(valueQuantity=None) | value)
    assert [draw.panel.results for draw in reading.draws if draw.panel.results] == []
    assert codes(reading) == [code]


def antibody(**value):
    return observation(valueQuantity=None, code={"text": "Intrinsic factor antibody"}, **value)


@pytest.mark.parametrize(
    ("concepts", "flag"),
    [
        ({"text": "Positive"}, "high"),
        ({"coding": [{"system": "http://snomed.info/sct", "code": "260385009", "display": "Negative"}]}, "normal"),
        ({"coding": [{"system": V3, "code": "POS"}]}, "high"),
        ({"coding": [{"system": V3, "code": "ND"}]}, "normal"),
        ({"text": "Positive 1:80", "coding": [{"system": V3, "code": "POS"}]}, "high"),
    ],
)
def test_concepts_say_positive_or_negative(concepts, flag):
    assert panel(antibody(valueCodeableConcept=concepts)).results["intrinsic_factor_antibody"].flag == flag


@pytest.mark.parametrize(
    "concepts",
    [
        {"text": "Positive", "coding": [{"system": V3, "code": "NEG"}]},
        {"text": "Equivocal", "coding": [{"system": "urn:lab", "code": "17", "display": "Negative"}]},
        {"coding": [{"system": V3, "code": "IND"}, {"system": V3, "code": "NEG"}]},
    ],
)
def test_a_text_and_a_code_that_disagree_are_not_used(concepts):
    reading = fhir.read(antibody(valueCodeableConcept=concepts))
    assert codes(reading) == ["conflicting_flags"]
    assert reading.draws == ()


# The laboratory's flag and interval.


@pytest.mark.parametrize(
    ("said", "flag"),
    [
        (["L"], "low"),
        (["LL"], "low"),
        (["LU"], "low"),
        (["N"], "normal"),
        (["H"], "high"),
        (["HU"], "high"),
        (["A", "H"], "high"),
        (["L", "D"], "low"),
    ],
)
def test_interpretation_codes_are_flags(said, flag):
    result = panel(observation(interpretation=[concept(code, V3) for code in said])).results["b12"]
    assert result.flag == flag


OLDER = [
    "http://hl7.org/fhir/v3/ObservationInterpretation",
    "http://hl7.org/fhir/v2/0078",
    "urn:oid:2.16.840.1.113883.5.83",
]


@pytest.mark.parametrize("system", OLDER)
def test_a_flag_is_read_by_the_older_addresses_of_its_codes(system):
    assert panel(observation(interpretation=[concept("L", system)])).results["b12"].flag == "low"


@pytest.mark.parametrize(
    "said",
    [
        [concept("A", V3)],
        [concept("L", V3), concept("H", V3)],
        [concept("<", V3), concept(">", V3)],
        [concept("IND", V3)],
        [concept("something", V3)],
        [concept("L", V3, text="High")],
        [concept("L", "urn:lab")],
        [{"coding": [{"system": V3}]}],
    ],
)
def test_a_flag_without_one_direction_is_noted_and_the_result_used(said):
    reading = fhir.read(observation(interpretation=said))
    assert reading.draws[0].panel.results["b12"].flag is None
    assert noted(reading) == ["flag_not_used"]


def test_an_off_scale_flag_makes_a_number_a_bound():
    result = panel(observation(value=150, interpretation=[concept("<", V3), concept("L", V3)])).results["b12"]
    assert (result.low, result.high) == (0, pytest.approx(150))
    both = fhir.read(observation(value=150, interpretation=[concept("<", V3), concept(">", V3)]))
    assert noted(both) == ["flag_not_used"]


def test_a_flag_without_a_value_is_a_result():
    assert panel(observation(valueQuantity=None, interpretation=[concept("L", V3)])).results["b12"].flag == "low"


NORMAL = {"low": quantity(200, "pg/mL"), "high": quantity(900, "pg/mL")}
FEMALE = {**NORMAL, "appliesTo": [{"text": "female"}]}
MALE = {"low": quantity(250, "pg/mL"), "appliesTo": [concept("male", "http://hl7.org/fhir/administrative-gender")]}
OLD = {"low": quantity(180, "pg/mL"), "age": {"low": {"value": 60, "code": "a", "system": "http://unitsofmeasure.org"}}}
YOUNG = {"low": quantity(220, "pg/mL"), "age": {"high": {"value": 59, "unit": "years"}}}
#: The patient's age at the draw, to the day.
AT_67 = {"value": 67, "unit": "years"}
TREATMENT = {
    "low": quantity(500, "pg/mL"),
    "type": concept("treatment", "http://terminology.hl7.org/CodeSystem/referencerange-meaning"),
}
TYPED = {**NORMAL, "type": concept("normal", "http://terminology.hl7.org/CodeSystem/referencerange-meaning")}


@pytest.mark.parametrize(
    ("ranges", "low", "high"),
    [
        ([NORMAL], 200, 900),
        ([TYPED, TREATMENT], 200, 900),
        ([TREATMENT, NORMAL], 200, 900),
        ([MALE, FEMALE], 200, 900),
        ([YOUNG, OLD], 180, None),
        ([{"low": {"value": Decimal("147.6"), "unit": "ng/L"}}], 147.6, None),
        ([{"low": quantity("1.8E+2", "pg/mL")}], 180, None),
        ([{**NORMAL, "age": {"low": AT_67, "high": AT_67}}], 200, 900),
        ([{**NORMAL, "age": {"low": AT_67}}], 200, 900),
        ([{**NORMAL, "age": {"high": AT_67}}], 200, 900),
        ([{**NORMAL, "appliesTo": [{"text": "Women"}, concept("f", "urn:x")]}], 200, 900),
        ([{"text": "145-569"}], 145, 569),
        ([{"text": "145 – 569 pg/mL"}], 145, 569),
        ([{"text": ">200"}], 200, None),
        ([{"text": "<= 900"}], None, 900),
    ],
)
def test_the_reference_range_that_applies_is_used(ranges, low, high):
    reading = fhir.read([patient(), observation(referenceRange=ranges)])
    result = reading.draws[0].panel.results["b12"]
    assert (result.reference_low, result.reference_high) == (low, high)
    assert noted(reading) == []


@pytest.mark.parametrize(
    "ranges",
    [
        [NORMAL, NORMAL],
        [TREATMENT],
        [MALE],
        [YOUNG],
        [{**NORMAL, "age": {}}],
        [{**NORMAL, "age": {"low": {"value": 68, "unit": "years"}}}],
        [{**NORMAL, "age": {"low": AT_67, "high": {"value": 66, "unit": "years"}}}],
        [{**NORMAL, "appliesTo": [{"text": "female"}, {"text": "male"}]}],
        [{**NORMAL, "appliesTo": [{"text": "female"}, {"text": "athletes"}]}],
        [{**NORMAL, "appliesTo": {"text": "female"}}],
        [NORMAL, None],
        [{**NORMAL, "modifierExtension": [{"url": "urn:x"}]}],
        [{"low": {"value": 148, "unit": "pmol/L"}}],
        [{"low": quantity(200, "pg/mL", comparator="<")}],
        [{"text": "depends on the method"}],
        [{"text": "148-569 pmol/L"}],
        [{"low": {"unit": "pg/mL"}}],
        ["200-900"],
        {"low": {"value": 200}},
    ],
)
def test_a_range_that_is_not_known_to_apply_is_noted_and_the_result_used(ranges):
    reading = fhir.read([patient(), observation(referenceRange=ranges)])
    result = reading.draws[0].panel.results["b12"]
    assert (result.low, result.reference_low, result.reference_high) == (145, None, None)
    assert noted(reading) == ["reference_not_used"]


@pytest.mark.parametrize(
    ("ranges", "why"),
    [
        ([NORMAL, TYPED], "several ranges apply"),
        ([MALE, MALE], "no range is known to apply to the patient"),
        ([TREATMENT, TREATMENT], "none of the ranges is a normal range"),
    ],
)
def test_it_is_said_why_no_range_is_used(ranges, why):
    [(_, note)] = fhir.read([patient(), observation(referenceRange=ranges)]).notes
    assert note.message.startswith(why)


def test_a_range_is_compared_with_the_unit_within_a_text():
    text = observation(valueQuantity=None, valueString="<150 pg/mL")
    reading = fhir.read(text | {"referenceRange": [NORMAL]})
    assert reading.draws[0].panel.results["b12"].reference_low == 200
    assert noted(reading) == []
    assert noted(fhir.read(text | {"referenceRange": [{"low": quantity(148, "pmol/L")}]})) == ["reference_not_used"]


def test_a_range_for_a_group_needs_a_patient_who_is_known():
    for ranges in ([MALE, FEMALE], [OLD, YOUNG]):
        reading = fhir.read(observation(referenceRange=ranges))
        assert reading.draws[0].panel.results["b12"].reference_low is None
        assert noted(reading) == ["reference_not_used"]


# Which test it is.


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ({"text": "Vitamin B12"}, "b12"),
        ({"coding": [{"system": "urn:lab", "code": "4711", "display": "Vitamin B12"}]}, "b12"),
        ({"coding": [{"system": "urn:lab", "code": "B12X"}]}, "b12"),
    ],
)
def test_a_test_without_a_loinc_code_goes_by_its_name_or_the_mapping(code, found):
    assert found in panel(observation(code=code), mapping=SiteMapping(tests={"B12X": "b12"})).results


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        (concept("2161-8", text="Creatinine"), "not_an_analyte"),
        (concept("4548-4", text="Hemoglobin"), "not_an_analyte"),
        (concept("2161-8", "urn:oid:2.16.840.1.113883.6.1", text="Creatinine"), "not_an_analyte"),
        (concept("2132-9", text="Folate"), "conflicting_tests"),
        ({"coding": [{"system": "http://loinc.org", "code": one} for one in ("2132-9", "718-7")]}, "conflicting_tests"),
        (None, "missing_test"),
        ({}, "missing_test"),
    ],
)
def test_a_test_that_is_another_or_two_is_reported(code, problem):
    reading = fhir.read(observation(code=code))
    assert reading.draws == ()
    assert codes(reading) == [problem]


def test_a_specimen_that_is_resolved_says_what_was_measured_in():
    specimen = {"resourceType": "Specimen", "id": "s", "type": {"text": "Urine"}, "subject": {"reference": "Patient/7"}}
    urine = observation("creatinine", 80, "mg/dL", specimen={"reference": "Specimen/s"})
    assert codes(fhir.read([specimen, urine])) == ["other_specimen"]
    numbered = observation(
        "creatinine", 1, "mg/dL", specimen={"reference": "Specimen/s", "display": "Specimen 24-0012"}
    )
    assert fhir.read(numbered).draws[0].panel.results["creatinine"].low == 1


# What must not be ignored.


@pytest.mark.parametrize("modified", [{"modifierExtension": [{"url": "urn:x"}]}, {"implicitRules": "urn:rules"}])
def test_rules_that_are_not_known_keep_a_result_from_being_used(modified):
    reading = fhir.read(observation() | modified)
    assert reading.draws == ()
    assert codes(reading) == ["unknown_rules"]
    assert codes(fhir.read(bundle(observation(), **modified))) == ["unknown_rules"]
    assert codes(fhir.read({"resourceType": "Bundle", "entry": [{"resource": observation(), **modified}]})) == [
        "unknown_rules"
    ]


def test_a_result_about_somebody_else_is_not_used():
    assert codes(fhir.read(observation(focus=[{"reference": "Patient/fetus"}]))) == ["other_focus"]


# Components, members, reports, contained resources.


def test_components_are_results_of_their_observation():
    parts = [
        {"code": concept("2132-9"), "valueQuantity": quantity(145, "pg/mL"), "interpretation": [concept("L", V3)]},
        {"code": concept("718-7"), "valueQuantity": quantity("10.4", "g/dL")},
        {"code": concept("2284-8"), "dataAbsentReason": concept("error")},
        {"code": concept("787-2"), "valueQuantity": quantity(112, "fL"), "modifierExtension": [{"url": "urn:x"}]},
    ]
    reading = fhir.read(observation(code=concept("58410-2"), valueQuantity=None, component=parts))
    [draw] = reading.draws
    assert set(draw.panel.results) == {"b12", "hemoglobin"}
    assert draw.sources == {"b12": "Observation/b12.component[0]", "hemoglobin": "Observation/b12.component[1]"}
    assert {source: problem.code for source, problem in reading.problems} == {
        "Observation/b12.component[2]": "no_result", "Observation/b12.component[3]": "unknown_rules",
    }  # fmt: skip


def test_members_lend_their_time_and_what_is_missing_is_reported():
    group = observation(
        id="group",
        code=concept("58410-2"),
        valueQuantity=None,
        hasMember=[{"reference": "Observation/b12"}, {"reference": "Observation/x"}],
    )
    reading = fhir.read([group, observation(effectiveDateTime=None)])
    assert reading.draws[0].time == "2024-03-01T08:30:00Z"
    assert [(source, problem.code) for source, problem in reading.problems] == [("Observation/x", "not_in_data")]
    assert reading.incomplete


def report(**more):
    return {
        "resourceType": "DiagnosticReport", "id": "rep", "status": "final", "subject": {"reference": "Patient/7"},
        "effectiveDateTime": "2024-03-01T08:30:00Z", "code": concept("58410-2"), **more,
    }  # fmt: skip


def test_contained_results_of_a_report_are_read():
    inside = observation(id="r1", subject=None, effectiveDateTime=None)
    reading = fhir.read(report(contained=[inside], result=[{"reference": "#r1"}]))
    [draw] = reading.draws
    assert (draw.patient, draw.time, draw.sources) == (
        "Patient/7",
        "2024-03-01T08:30:00Z",
        {"b12": "DiagnosticReport/rep#r1"},
    )


def test_a_report_lends_its_time_only_to_results_that_say_none():
    results = [{"reference": "Observation/b12"}, {"reference": "Observation/mcv"}]
    own = observation("mcv", 112, "fL", effectiveDateTime="2024-05-01T08:30:00Z")
    reading = fhir.read([report(result=results), observation(effectiveDateTime=None), own])
    assert [(draw.time, set(draw.panel.results)) for draw in reading.draws] == [
        ("2024-03-01T08:30:00Z", {"b12"}), ("2024-05-01T08:30:00Z", {"mcv"}),
    ]  # fmt: skip


@pytest.mark.parametrize("status", ["entered-in-error", "cancelled"])
def test_results_of_a_withdrawn_report_are_withdrawn(status):
    results = [{"reference": "Observation/b12"}]
    assert codes(fhir.read([report(status=status, result=results), observation()])) == ["withdrawn_result"]
    assert fhir.read([report(status=status, result=results), report(id="other", result=results), observation()]).draws


def test_results_of_a_withdrawn_report_are_withdrawn_however_they_are_referred_to_and_however_often_they_are_there():
    absolute = report(status="entered-in-error", result=[{"reference": "https://ehr/fhir/Observation/b12"}])
    assert fhir.read([absolute, observation()]).draws == ()
    twice = [bundle(observation()), bundle(observation())]
    assert fhir.read([*twice, report(status="entered-in-error", result=[{"reference": "Observation/b12"}])]).draws == ()
    assert fhir.read([*twice, report(result=[{"reference": "Observation/b12"}])]).draws


GROUP = observation(
    id="group", code=concept("58410-2"), valueQuantity=None, hasMember=[{"reference": "Observation/b12"}]
)


def test_members_of_a_withdrawn_group_are_withdrawn_unless_a_report_stands_for_them():
    listed = report(result=[{"reference": "Observation/group"}])
    assert fhir.read([GROUP | {"status": "entered-in-error"}, observation()]).draws == ()
    assert fhir.read([listed, GROUP | {"status": "entered-in-error"}, observation()]).draws == ()
    assert fhir.read([listed | {"status": "entered-in-error"}, GROUP, observation()]).draws == ()
    assert fhir.read([listed | {"status": "entered-in-error"}, listed | {"id": "other"}, GROUP, observation()]).draws


def test_a_report_lends_its_time_to_a_result_that_is_there_twice_and_to_none_of_another_patient():
    listed = report(result=[{"reference": "Observation/b12"}])
    undated = observation(effectiveDateTime=None)
    assert fhir.read([bundle(undated), bundle(undated), listed]).draws[0].time == "2024-03-01T08:30:00Z"
    assert codes(fhir.read([undated, listed | {"subject": {"reference": "Patient/8"}}])) == ["withdrawn_result"]


def test_a_result_that_a_report_names_without_a_reference_makes_the_reading_incomplete():
    reading = fhir.read(
        [observation(), report(result=[{"reference": "Observation/b12"}, {"display": "Methylmalonic acid"}])]
    )
    assert reading.incomplete
    assert [(source, problem.code) for source, problem in reading.problems] == [("DiagnosticReport/rep", "not_in_data")]


def test_of_two_versions_of_a_report_only_what_the_newer_contains_counts():
    def version(number, name, value):
        inside = observation(id=name, value=value, subject=None)
        meta = {"versionId": str(number), "lastUpdated": f"2024-03-0{number}T12:00:00Z"}
        return report(meta=meta, contained=[inside], result=[{"reference": f"#{name}"}])

    for name in ("r1", "r2"):
        for both in ([version(1, "r1", 145), version(2, name, 155)], [version(2, name, 155), version(1, "r1", 145)]):
            reading = fhir.read(both)
            assert [draw.panel.results["b12"].low for draw in reading.draws] == [155]
            assert [source for source, _ in reading.problems] == ["DiagnosticReport/rep", "DiagnosticReport/rep#r1"]


@pytest.mark.parametrize(
    ("display", "used"), [("Urine", False), ("Serum", True), ("Tube 3", True), ("Hair sample", False), ("tap", False)]
)
def test_a_specimen_that_is_only_named_is_what_its_name_or_the_site_says(display, used):
    site = SiteMapping(codes={"specimen": {"tap": "urine"}})
    reading = fhir.read(observation(specimen={"display": display}), mapping=site)
    assert bool(reading.draws) is used, codes(reading)


@pytest.mark.parametrize(
    ("site", "used"),
    [
        ({"text": "urine"}, False),
        ({"coding": [{"system": "http://snomed.info/sct", "code": "122575003"}]}, False),
        ({"coding": [{"system": "http://snomed.info/sct", "code": "258450006"}]}, False),
        ({"text": "tap"}, False),
        ({"coding": [{"system": "http://snomed.info/sct", "code": "368208006", "display": "Left arm"}]}, True),
        ({"text": "venous blood"}, True),
    ],
)
def test_a_body_site_may_say_that_it_is_not_blood(site, used):
    mapping = SiteMapping(codes={"specimen": {"tap": "urine"}})
    named = observation("mma", 0.6, "umol/L", code={"text": "Methylmalonic acid"}, bodySite=site)
    assert bool(fhir.read(named, mapping=mapping).draws) is used


def test_a_version_in_an_address_is_no_part_of_it():
    one = {"fullUrl": "https://a.example/Observation/b12/_history/2", "resource": observation()}
    other = {"fullUrl": "https://b.example/Observation/b12/_history/1", "resource": observation(value=300)}
    who = {"fullUrl": "https://a.example/Patient/7/_history/3", "resource": patient()}
    reading = fhir.read({"resourceType": "Bundle", "type": "collection", "entry": [one, other, who]})
    assert [(draw.patient, draw.panel.age) for draw in reading.draws] == [
        ("https://a.example/Patient/7", 67),
        ("https://b.example/Patient/7", None),
    ]


def test_a_specimen_of_another_patient_keeps_a_result_from_being_used():
    specimen = {"resourceType": "Specimen", "id": "s", "subject": {"reference": "Patient/8"}}
    assert fhir.read([specimen, observation(specimen={"reference": "Specimen/s"})]).draws == ()


def test_a_release_time_is_not_the_time_of_the_draw():
    assert codes(fhir.read(observation(effectiveDateTime=None, issued="2024-03-02T08:30:00Z"))) == ["unreadable_time"]


@pytest.mark.parametrize(
    "time",
    [
        {"effectivePeriod": {"start": "2024-03-01T08:30:00Z"}},
        {"effectiveInstant": "2024-03-01T08:30:00Z"},
        {"specimen": {"reference": "#s"}},
    ],
)
def test_times_of_other_kinds(time):
    specimen = {"resourceType": "Specimen", "id": "s", "collection": {"collectedDateTime": "2024-03-01T08:30:00Z"}}
    reading = fhir.read(observation(effectiveDateTime=None, contained=[specimen], **time))
    assert reading.draws[0].time == "2024-03-01T08:30:00Z"


@pytest.mark.parametrize("time", ["2024-3", "202403", "yesterday", "2024-03-01T08:61:00Z"])
def test_what_is_no_time_is_no_draw(time):
    assert codes(fhir.read(observation(effectiveDateTime=time))) == ["unreadable_time"]


@pytest.mark.parametrize("time", ["2024", "2024-03"])
def test_results_of_a_month_or_a_year_are_a_draw_of_their_own(time):
    dated = observation("mcv", "112", "fL", id="dated")
    reading = fhir.read([patient(), dated, observation(effectiveDateTime=time)])
    assert [(draw.time, set(draw.panel.results)) for draw in reading.draws] == [
        (time, {"b12"}),
        ("2024-03-01T08:30:00Z", {"mcv"}),
    ]
    assert reading.draws[1].panel.age == 67
    # Born on 15 January: 66 or 67 in the year, 67 in all of March.
    assert reading.draws[0].panel.age == (67 if time == "2024-03" else None)
    assert not reading.problems


def test_the_age_in_a_year_is_not_known_where_it_changes_the_limits():
    [draw] = fhir.read([patient(birthDate="2020-06-01"), observation(effectiveDateTime="2024")]).draws
    assert draw.panel.age_unreadable


def test_a_leap_second_and_a_timing_with_one_event_are_times():
    assert fhir.read(observation(effectiveDateTime="2016-12-31T23:59:60Z")).draws[0].time == "2016-12-31T23:59:59Z"
    timing = {"event": ["2024-03-01T08:30:00Z"]}
    assert fhir.read(observation(effectiveDateTime=None, effectiveTiming=timing)).draws[0].time == timing["event"][0]
    several = {"event": ["2024-03-01", "2024-04-01"]}
    assert codes(fhir.read(observation(effectiveDateTime=None, effectiveTiming=several))) == ["unreadable_time"]


# One value in one of two places, and bounds.


def test_a_parent_that_has_only_the_flag_is_the_flag_of_its_component():
    part = {"code": observation()["code"], "valueQuantity": quantity("300", "pg/mL")}
    low = [concept("L", V3)]
    [draw] = fhir.read(observation(valueQuantity=None, interpretation=low, component=[part])).draws
    assert draw.sources == {"b12": "Observation/b12.component[0]"}
    assert (draw.panel.results["b12"].low, draw.panel.results["b12"].flag) == (300, "low")
    ranges = [{"low": quantity("180", "pg/mL"), "high": quantity("914", "pg/mL")}]
    [draw] = fhir.read(observation(valueQuantity=None, referenceRange=ranges, component=[part])).draws
    assert draw.panel.results["b12"].reference_low == 180
    cells = {"code": observation("mcv")["code"], "valueQuantity": quantity("112", "fL")}
    beside = {"code": observation()["code"]}
    [draw] = fhir.read(observation(valueQuantity=None, interpretation=low, component=[cells, part, beside])).draws
    assert {key: read.flag for key, read in draw.panel.results.items()} == {"b12": "low", "mcv": None}
    own = part | {"interpretation": [concept("N", V3)]}
    [draw] = fhir.read(observation(valueQuantity=None, interpretation=low, component=[own])).draws
    assert draw.panel.results["b12"].flag == "normal"


@pytest.mark.parametrize(
    ("range_", "low", "high"),
    [({"low": quantity("2000", "pg/mL")}, 2000, float("inf")), ({"high": quantity("150", "pg/mL")}, 0, 150)],
)
def test_a_range_with_one_end_bounds_the_result(range_, low, high):
    [draw] = fhir.read(observation(valueQuantity=None, valueRange=range_)).draws
    assert (draw.panel.results["b12"].low, draw.panel.results["b12"].high) == (low, pytest.approx(high))
    bounded = {end: {**quantity("150", "pg/mL"), "comparator": "<"} for end in range_}
    assert codes(fhir.read(observation(valueQuantity=None, valueRange=bounded))) == ["unreadable_value"]
    both = {"low": quantity("150", "pg/mL"), "high": quantity("200", "pg/mL")}
    assert codes(fhir.read(observation(valueQuantity=None, valueRange=both))) == ["unreadable_value"]


def test_a_unit_by_a_local_code_alone_is_read_as_its_text():
    value = {"value": 145, "system": "99QDI(HL7_V2)", "code": "pg/mL"}
    assert fhir.read(observation(valueQuantity=value)).draws[0].panel.results["b12"].low == 145


# Whose a result is.


def test_a_result_that_a_report_of_another_patient_lists_is_not_used():
    other = report(result=[{"reference": "Observation/b12"}]) | {"subject": {"reference": "Patient/8"}}
    reading = fhir.read([observation(), other])
    assert (reading.draws, codes(reading)) == ((), ["withdrawn_result"])
    withdrawn = other | {"status": "entered-in-error"}
    assert "Patient/7" not in [draw.patient for draw in fhir.read([observation(), withdrawn]).draws]


def test_a_result_without_a_patient_is_of_the_patient_of_the_reports_that_list_it():
    ours = report(result=[{"reference": "Observation/b12"}])
    assert fhir.read([observation(subject=None), ours]).draws[0].patient == "Patient/7"
    theirs = ours | {"id": "other", "subject": {"reference": "Patient/8"}}
    assert codes(fhir.read([observation(subject=None), ours, theirs])) == ["missing_patient"]


def test_a_group_lends_its_patient_to_no_result():
    group = {"resourceType": "Observation", "id": "g", "status": "final", "subject": {"reference": "Patient/7"},
             "code": {"text": "panel"}, "hasMember": [{"reference": "Observation/b12"}]}  # fmt: skip
    assert "missing_patient" in codes(fhir.read([observation(subject=None), group]))


def test_a_contained_patient_goes_by_its_identifier():
    def held(name, number="7"):
        who = patient(id="p", identifier=[{"system": "urn:mrn", "value": number}])
        return observation(name, id=name, subject={"reference": "#p"}, contained=[who])

    [draw] = fhir.read([held("b12"), held("mma") | {"valueQuantity": quantity("0.6", "umol/L")}]).draws
    assert (draw.patient, set(draw.panel.results), draw.panel.age) == ("urn:mrn|7", {"b12", "mma"}, 67)
    assert {draw.patient for draw in fhir.read([held("b12"), held("mcv", "8")]).draws} == {"urn:mrn|7", "urn:mrn|8"}
    there = patient(identifier=[{"system": "urn:mrn", "value": "7"}])
    assert fhir.read([there, held("b12")]).draws[0].patient == "Patient/7"


def test_a_patient_that_was_replaced_is_the_other_one():
    link = [{"other": {"reference": "Patient/7"}, "type": "replaced-by"}]
    old = {"resourceType": "Patient", "id": "8", "active": False, "birthDate": "1900-01-01", "link": link}
    large = observation("mcv", "112", "fL", id="m", subject={"reference": "Patient/8"})
    reading = fhir.read([patient(), old, observation(), large])
    assert [(draw.patient, set(draw.panel.results), draw.panel.age) for draw in reading.draws] == [
        ("Patient/7", {"b12", "mcv"}, 67)
    ]
    assert [(source, note.code) for source, note in reading.notes] == [("Patient/8", "replaced_patient")]
    turned = patient(link=[{"other": {"reference": "Patient/8"}, "type": "replaces"}])
    assert [draw.patient for draw in fhir.read([turned, observation(), large]).draws] == ["Patient/7"]
    circle = [patient(link=[{"other": {"reference": "Patient/8"}, "type": "replaced-by"}]), old]
    assert {draw.patient for draw in fhir.read([*circle, observation(), large]).draws} == {"Patient/7", "Patient/8"}


# Other versions of FHIR.


def test_what_is_written_in_another_version_is_named_for_what_it_is_and_unread():
    earlier = condition(clinicalStatus="active", verificationStatus="confirmed")
    later = request(medication={"concept": {"text": "metformin"}}) | {"medicationCodeableConcept": None}
    for resource, version in ((earlier, "STU3"), (later, "R5")):
        reading = fhir.read([observation("b12", "600"), resource])
        assert [(problem.code, version in problem.message) for _, problem in reading.problems] == [
            ("context_not_used", True)
        ]
        assert "was not understood" in reading.draws[0].problems[0].message
    not_taken = statement(taken="n")
    assert fhir.read([observation(), not_taken]).draws[0].panel.terms == frozenset()


@pytest.mark.parametrize("kind", ["MedicationAdministration", "MedicationDispense", "MedicationOrder"])
def test_a_dose_that_was_given_is_not_taken_as_absent(kind):
    dose = {
        "resourceType": kind, "id": "d", "status": "completed", "subject": {"reference": "Patient/7"},
        "effectiveDateTime": "2024-02-01", "medicationCodeableConcept": {"text": "hydroxocobalamin 1 mg injection"},
    }  # fmt: skip
    reading = fhir.read([patient(), observation("b12", "600"), dose])
    assert codes(reading) == ["not_read"]
    [problem] = reading.draws[0].problems
    assert (problem.code, problem.field) == ("not_understood", "medicines")
    assert interpret(reading.draws[0].panel).status == "indeterminate"
    [draw] = fhir.read([patient(), observation("b12", "600"), dose | {"status": "not-done"}]).draws
    assert interpret(draw.panel).status == "deficiency_unlikely"


# Bundles.


@pytest.mark.parametrize("kind", ["searchset", "collection", "document", "message", "batch", "transaction", "history"])
def test_every_type_of_bundle_is_read(kind):
    reading = fhir.read(bundle({"resourceType": "Composition", "status": "final"}, observation(), kind=kind))
    assert reading.draws[0].panel.results["b12"].low == 145
    assert not reading.incomplete


def test_a_document_entered_in_error_withdraws_its_results():
    reading = fhir.read(
        bundle({"resourceType": "Composition", "status": "entered-in-error"}, observation(), kind="document")
    )
    assert codes(reading) == ["withdrawn_result"]


def test_bundles_within_bundles_are_read():
    assert fhir.read(bundle(bundle(observation()), kind="batch-response")).draws


def test_a_next_page_that_was_not_followed_makes_the_reading_incomplete():
    first = bundle(observation(), link=[{"relation": "next", "url": "https://ehr/page2"}])
    second = bundle(observation("mcv", 112, "fL"), link=[{"relation": "self", "url": "https://ehr/page2"}])
    assert fhir.read(first).incomplete
    assert codes(fhir.read(first)) == ["page_not_read"]
    assert not fhir.read([first, second]).incomplete


@pytest.mark.parametrize(("sent", "told"), [("timeout", "timeout"), ("<b>", "no code"), (None, "no code")])
def test_a_server_s_message_is_told_by_its_code(sent, told):
    outcome = {"resourceType": "OperationOutcome", "issue": [{"severity": "error", **({"code": sent} if sent else {})}]}
    [(_, problem)] = fhir.read([bundle(observation()), outcome]).problems
    assert problem.message.endswith(f": {told}")


def test_a_total_beyond_what_is_there_makes_the_reading_incomplete():
    assert fhir.read(bundle(observation(), total=2)).incomplete
    assert not fhir.read(bundle(observation(), total=1)).incomplete


def test_a_server_error_makes_the_reading_incomplete_and_is_not_quoted():
    outcome = {
        "resourceType": "OperationOutcome",
        "issue": [{"severity": "error", "code": "timeout", "diagnostics": "Jane Doe"}],
    }
    reading = fhir.read(bundle(observation(), outcome))
    assert reading.incomplete
    assert "Jane" not in str(reading.problems)
    assert codes(reading) == ["server_message"]


@pytest.mark.parametrize(
    "response",
    [
        {"status": "404", "outcome": {"resourceType": "OperationOutcome", "issue": [{"severity": "error"}]}},
        {"status": "500 Error"},
    ],
)
def test_a_search_of_a_batch_that_failed_makes_the_reading_incomplete(response):
    answers = bundle(bundle(observation()), kind="batch-response")
    answers["entry"].append({"response": response})
    reading = fhir.read(answers)
    assert reading.incomplete
    assert codes(reading) == ["server_message"]


def test_references_within_a_bundle_are_resolved_by_address():
    entries = [
        {"fullUrl": "urn:uuid:p", "resource": patient()},
        {"fullUrl": "urn:uuid:o", "resource": observation(id=None, subject={"reference": "urn:uuid:p"})},
    ]
    [draw] = fhir.read({"resourceType": "Bundle", "type": "collection", "entry": entries}).draws
    assert (draw.patient, draw.panel.sex, draw.panel.age, draw.sources) == (
        "Patient/7",
        "female",
        67,
        {"b12": "urn:uuid:o"},
    )


# Whose it is.


def test_the_wrong_patient_is_refused():
    mixed = [observation(), observation("mcv", 112, "fL", subject={"reference": "Patient/8"})]
    for given in (
        mixed,
        bundle(*mixed),
        [observation(), patient(id="8")],
        [observation(), condition(subject={"reference": "Patient/8"})],
    ):
        with pytest.raises(PanelError) as caught:
            fhir.read(given, patient="Patient/7")
        assert caught.value.code == "wrong_patient"
        assert "8" not in str(caught.value)
    assert len(fhir.read(mixed).draws) == 2


@pytest.mark.parametrize("asked", ["7", "Patient/7", "https://ehr/fhir/Patient/7"])
def test_the_patient_asked_for_may_be_said_in_several_ways(asked):
    absolute = observation("mcv", 112, "fL", subject={"reference": "https://ehr/fhir/Patient/7/_history/2"})
    assert (
        len(fhir.read([observation(), absolute, {"resourceType": "Practitioner", "id": "x"}], patient=asked).draws) == 1
    )


def test_equal_ids_of_two_servers_are_two_patients():
    both = [
        observation(id=str(number), subject={"reference": f"https://{host}/Patient/7"})
        for number, host in enumerate(("a", "b"))
    ]
    assert [draw.patient for draw in fhir.read(both).draws] == ["https://a/Patient/7", "https://b/Patient/7"]
    with pytest.raises(PanelError):
        fhir.read(both, patient="7")


def at(host, resource):
    """Return a Bundle of a resource that a server has."""
    return bundle() | {
        "entry": [{"fullUrl": f"https://{host}/{resource['resourceType']}/{resource['id']}", "resource": resource}]
    }


def test_a_result_of_one_server_is_never_of_the_patient_of_another():
    [draw] = fhir.read([at("b", patient()), at("a", observation())]).draws
    assert (draw.patient, draw.panel.sex) == ("https://a/Patient/7", None)
    [draw] = fhir.read([at("b", patient()), at("a", patient(gender="male")), observation()]).draws
    assert (draw.patient, draw.panel.sex) == ("Patient/7", None)
    [draw] = fhir.read([at("b", patient()), at("a", patient(gender="male")), at("a", observation())]).draws
    assert (draw.patient, draw.panel.sex) == ("https://a/Patient/7", "male")


LOGICAL = {"type": "Device", "identifier": {"system": "urn:mrn", "value": "123"}}


@pytest.mark.parametrize("subject", [None, {}, {"reference": "Group/1"}, {"display": "Jane Doe"}, LOGICAL, 5])
def test_a_result_of_nobody_is_reported(subject):
    assert codes(fhir.read(observation(subject=subject))) == ["missing_patient"]


def test_a_patient_may_be_named_by_an_identifier():
    identifier = {"system": "urn:mrn", "value": "123"}
    reading = fhir.read([patient(identifier=[identifier]), observation(subject={"identifier": identifier})])
    assert [(draw.patient, draw.panel.sex) for draw in reading.draws] == [("Patient/7", "female")]


def test_an_identifier_of_two_patients_is_of_neither():
    identifier = {"system": "urn:mrn", "value": "123"}
    people = [patient(identifier=[identifier]), patient(id="8", gender="male", identifier=[identifier])]
    reading = fhir.read([*people, observation(subject={"identifier": identifier})])
    assert [(draw.patient, draw.panel.sex) for draw in reading.draws] == [("urn:mrn|123", None)]


def test_a_contained_patient_is_the_patient_of_its_container():
    reading = fhir.read(observation(subject={"reference": "#p"}, contained=[patient(id="p")]))
    assert [(draw.patient, draw.panel.sex) for draw in reading.draws] == [("Observation/b12#p", "female")]


# The same result again.


def test_the_same_resource_twice_is_used_once():
    reading = fhir.read([bundle(observation()), bundle(observation())])
    assert codes(reading) == ["duplicate_result"]
    assert reading.draws[0].panel.results["b12"].low == 145


def test_of_two_versions_the_newer_counts():
    old = observation(meta={"versionId": "9", "lastUpdated": "2024-03-01T09:00:00Z"})
    new = observation(
        value=155, status="corrected", meta={"versionId": "10", "lastUpdated": "2024-03-01T11:00:00+01:00"}
    )
    for both in ([old, new], [new, old]):
        reading = fhir.read(both)
        assert reading.draws[0].panel.results["b12"].low == 155
        assert codes(reading) == ["superseded_result"]


def test_versions_that_differ_without_a_time_are_not_used():
    reading = fhir.read([observation(), observation(value=155)])
    assert reading.draws == ()
    assert codes(reading) == ["results_in_conflict"]


def test_of_three_versions_one_that_differs_without_a_time_leaves_none():
    for three in ([145, 145, 155], [145, 155, 155]):
        reading = fhir.read([observation(value=value) for value in three])
        assert (reading.draws, codes(reading)) == ((), ["results_in_conflict"])


@pytest.mark.parametrize(
    ("version", "newer"), [("1" + "0" * 17, True), ("1" + "0" * 18, False), ("v3", False), ("", False), ("3", True)]
)
def test_a_version_is_newer_by_a_number_of_up_to_18_digits(version, newer):
    second, other = observation(meta={"versionId": "2"}), observation(value=155, meta={"versionId": version})
    [draw] = fhir.read([second, other]).draws
    assert draw.panel.results["b12"].low == (155 if newer else 145)


def test_a_version_entered_in_error_withdraws_the_result():
    old = observation(meta={"versionId": "1"})
    gone = observation(status="entered-in-error", meta={"versionId": "2"})
    assert fhir.read([old, gone]).draws == ()


@pytest.mark.parametrize("url", ["Observation/b12", "Observation/b12/_history/2", "https://ehr/fhir/Observation/b12"])
def test_a_deleted_result_is_withdrawn(url):
    entry = {
        "fullUrl": "https://ehr/fhir/Observation/b12",
        "resource": observation(meta={"lastUpdated": "2024-03-01T09:00:00Z"}),
    }
    deleted = {"request": {"method": "DELETE", "url": url}, "response": {"lastModified": "2024-03-02T09:00:00Z"}}
    assert codes(fhir.read(bundle(kind="history") | {"entry": [entry, deleted]})) == ["withdrawn_result"]
    assert codes(fhir.read(bundle(kind="history") | {"entry": [entry | deleted]})) == ["withdrawn_result"]


def test_a_deletion_that_does_not_say_of_what_withdraws_nothing():
    history = bundle(observation(), kind="history")
    history["entry"].append({"request": {"method": "DELETE"}})
    assert fhir.read(history).draws


NUMBER = [{"system": "urn:lab", "value": "24-0012"}]


def test_a_correction_with_the_number_of_the_result_replaces_it_whatever_its_time():
    first = observation(identifier=NUMBER, issued="2024-03-01T10:00:00Z")
    corrected = observation(
        value=155,
        id="2",
        identifier=NUMBER,
        status="corrected",
        effectiveDateTime="2024-02-01T08:30:00Z",
        issued="2024-03-03T10:00:00Z",
    )
    for both in ([first, corrected], [corrected, first]):
        reading = fhir.read(both)
        assert [(draw.time, draw.panel.results["b12"].low) for draw in reading.draws] == [("2024-02-01T08:30:00Z", 155)]
        assert codes(reading) == ["superseded_result"]


def test_of_several_corrections_the_last_one_counts():
    first = observation(identifier=NUMBER, issued="2024-03-01T10:00:00Z")
    corrections = [
        observation(
            value=value, id=str(value), identifier=NUMBER, status="corrected", issued=f"2024-03-0{day}T10:00:00Z"
        )
        for value, day in ((155, 3), (165, 5), (175, 4))
    ]
    reading = fhir.read([first, *corrections])
    assert [draw.panel.results["b12"].low for draw in reading.draws] == [165]
    assert codes(reading) == ["superseded_result"]


def test_a_withdrawal_with_the_number_of_the_result_withdraws_it():
    gone = observation(id="2", identifier=NUMBER, status="entered-in-error", valueQuantity=None)
    assert fhir.read([observation(identifier=NUMBER), gone]).draws == ()
    assert fhir.read([observation(identifier=NUMBER), gone | {"code": concept("718-7")}]).draws, (
        "an accession number is shared by a whole panel"
    )


def test_a_withdrawal_counts_whatever_the_order_of_its_codes_and_without_a_time():
    first = observation(identifier=NUMBER, issued="2024-03-01T10:00:00Z")
    codings = [{"system": "urn:lab", "code": "B12"}, *first["code"]["coding"]]
    gone = observation(id="2", identifier=NUMBER, status="entered-in-error", code={"coding": codings})
    assert fhir.read([first, gone]).draws == ()
    assert fhir.read([first, gone | {"issued": "2024-02-01T10:00:00Z"}]).draws, "the number was used again"


def test_a_withdrawal_at_the_very_time_of_the_result_withdraws_it():
    first = observation(identifier=NUMBER, issued="2024-03-01T10:00:00Z")
    assert fhir.read([first, first | {"id": "2", "status": "entered-in-error"}]).draws == ()


def test_results_that_share_an_accession_number_stay_apart():
    reading = fhir.read([observation(identifier=NUMBER), observation("mcv", 112, "fL", identifier=NUMBER)])
    assert set(reading.draws[0].panel.results) == {"b12", "mcv"}
    assert codes(reading) == []


def test_results_without_an_id_are_results_of_their_own():
    reading = fhir.read([observation(id=None), observation("mcv", 112, "fL", id=None), observation(id=None)])
    assert reading.draws[0].sources == {"b12": "Observation (resource 1)", "mcv": "Observation (resource 2)"}
    assert codes(reading) == ["duplicate_result"]


def test_results_without_an_id_in_two_bundles_are_two_results():
    later = observation(id=None, effectiveDateTime="2024-05-01T08:30:00Z", value=200)
    reading = fhir.read([bundle(observation(id=None)), bundle(later)])
    assert [draw.panel.results["b12"].low for draw in reading.draws] == [145, 200]
    assert codes(reading) == []


def test_what_is_contained_is_under_the_rules_of_what_contains_it_and_under_its_own():
    strange = {"modifierExtension": [{"url": "urn:x"}]}
    for outer, inner in ((strange, {}), ({}, strange)):
        held = report(contained=[observation(**inner)], result=[{"reference": "#b12"}], **outer)
        assert fhir.read([patient(), held]).draws == ()
    assert fhir.read([patient(), report(contained=[observation()], result=[{"reference": "#b12"}])]).draws


def test_our_own_output_is_not_read_back():
    tags = [{"system": "urn:site", "code": "x"}, {"system": "urn:b12labs:output", "code": "interpretation"}]
    own = observation(meta={"tag": tags})
    reading = fhir.read(bundle(own))
    assert reading.draws == ()
    assert codes(reading) == ["own_output"]


# Who the patient is.


@pytest.mark.parametrize(
    ("members", "age", "sex"),
    [
        ({}, 67, "female"),
        ({"birthDate": "1957-03-02"}, 66, "female"),
        ({"birthDate": "2023-11-15"}, 3 / 12, "female"),
        ({"gender": "other"}, 67, None),
        ({"gender": "FEMALE"}, 67, None),
        ({"birthDate": None}, None, "female"),
    ],
)
def test_age_and_sex_come_from_the_patient(members, age, sex):
    read = panel(patient(**members), observation())
    assert (read.age, read.sex) == (age, sex)


def test_a_birth_date_that_is_not_exact_leaves_the_age_open():
    read = panel(patient(birthDate="1957"), observation())
    assert read.age is None
    assert read.age_unreadable


def test_two_patients_of_one_name_who_differ_leave_open_what_they_differ_in():
    addressed = {"fullUrl": "https://ehr/fhir/Patient/7", "resource": patient(birthDate="2020-01-15")}
    for both in (
        [patient(), {"resourceType": "Bundle", "entry": [addressed]}],
        [{"resourceType": "Bundle", "entry": [addressed]}, patient()],
    ):
        read = panel(*both, observation())
        assert (read.age, read.sex) == (None, "female")
        assert [problem.code for problem in read.problems] == ["conflicting_patients"]


# Context.


@pytest.mark.parametrize(
    ("resource", "terms"),
    [
        (condition(), {"autoimmune_gastritis"}),
        (condition(code=concept("D51.0", "http://hl7.org/fhir/sid/icd-10-cm")), {"autoimmune_gastritis"}),
        (condition(code={"text": "Pernicious anemia"}), {"autoimmune_gastritis"}),
        (condition(code={"text": "Celiac disease"}), {"celiac_disease"}),
        (condition(clinicalStatus=None), {"autoimmune_gastritis"}),
        (statement(), {"metformin"}),
        (statement(medicationCodeableConcept={"text": "Omeprazole"}), {"proton_pump_inhibitor"}),
        (statement(status="completed", effectivePeriod={"start": "2023", "end": "2024-06"}), {"metformin"}),
        (request(), {"metformin"}),
        (request(medicationCodeableConcept=None, medicationReference={"reference": "#m"}, contained=[
            {"resourceType": "Medication", "id": "m", "code": concept("A10BA02", "http://www.whocc.no/atc")},
        ]), {"metformin"}),
        (request(medicationCodeableConcept=None, medicationReference={"display": "metformin"}), {"metformin"}),
    ],
)  # fmt: skip
def test_context_is_taken_by_code_or_exact_name(resource, terms):
    reading = fhir.read([observation(), resource])
    assert reading.draws[0].panel.terms == terms
    assert reading.draws[0].problems == ()
    assert codes(reading) == []


STATUS = "http://terminology.hl7.org/CodeSystem/condition-"


@pytest.mark.parametrize(
    ("resource", "code"),
    [
        (condition(code=concept("E53.8", "http://hl7.org/fhir/sid/icd-10")), "unknown_term"),
        (condition(code=concept("D51.0", "urn:local")), "unknown_term"),
        (condition(code={"text": "no pernicious anemia"}), "unknown_term"),
        (condition(code={"text": "pernicious anemia?"}), "unknown_term"),
        (condition(code=concept("D51.0", "http://hl7.org/fhir/sid/icd-10") | {"coding": None}), "unknown_term"),
        (condition(verificationStatus=concept("provisional", f"{STATUS}ver-status")), "context_not_used"),
        (condition(verificationStatus=concept("refuted", f"{STATUS}ver-status")), "context_not_used"),
        (condition(verificationStatus=concept("entered-in-error", f"{STATUS}ver-status")), "context_not_used"),
        (condition(verificationStatus={"text": "perhaps"}), "context_not_used"),
        (condition(clinicalStatus=concept("resolved", f"{STATUS}clinical")), "context_not_used"),
        (condition(modifierExtension=[{"url": "urn:x"}]), "unknown_rules"),
        (statement(status="not-taken"), "context_not_used"),
        (statement(status="intended"), "context_not_used"),
        (statement(status="completed"), "context_not_used"),
        (statement(medicationCodeableConcept={"text": "metformin allergy"}), "unknown_term"),
        (request(doNotPerform=True), "context_not_used"),
        (request(intent="proposal"), "context_not_used"),
        (request(status="cancelled"), "context_not_used"),
        ({"resourceType": "MedicationAdministration", "id": "a", "subject": {"reference": "Patient/7"}}, "not_read"),
    ],
)
def test_context_that_is_not_certain_is_reported_and_not_used(resource, code):
    reading = fhir.read([observation(), resource])
    assert reading.draws[0].panel.terms == frozenset()
    assert codes(reading) == [code]


@pytest.mark.parametrize(
    "resource",
    [
        request(authoredOn="2024-03-02"),
        request(authoredOn="2025"),
        statement(status="stopped", effectivePeriod={"end": "2024-02-29"}),
        condition(onsetDateTime="2024-04"),
        condition(clinicalStatus=concept("resolved", f"{STATUS}clinical"), abatementDateTime="2020-01-01"),
    ],
)
def test_context_of_another_time_is_not_applied_to_a_draw(resource):
    [draw] = fhir.read([observation(), resource]).draws
    assert draw.panel.terms == frozenset()
    assert [problem.code for problem in draw.problems] == ["context_of_another_time"]
    assert draw.panel.problems == draw.problems


@pytest.mark.parametrize("onset", ["2024-03-01T23:00:00Z", "2024-03-01", "2024-03", "2024"])
def test_context_of_the_day_of_the_draw_or_of_a_month_or_year_that_holds_it_is_applied(onset):
    reading = fhir.read([observation(), condition(onsetDateTime=onset)])
    assert [draw.panel.terms for draw in reading.draws] == [{"autoimmune_gastritis"}]


def test_context_is_of_its_own_patient_only():
    reading = fhir.read([observation(), statement(subject={"reference": "Patient/8"})])
    assert reading.draws[0].panel.terms == frozenset()


# What is no FHIR.


@pytest.mark.parametrize("given", [None, 5, "Observation", b"{}", 1.5])
def test_what_is_no_resource_is_refused(given):
    with pytest.raises(PanelError) as caught:
        fhir.read(given)
    assert caught.value.code == "not_a_resource"


@pytest.mark.parametrize(
    "given",
    [
        {},
        [None],
        ["Observation"],
        {"resourceType": 5},
        bundle("x"),
        {"resourceType": "Bundle", "entry": {}},
        {"resourceType": "Bundle", "entry": [3]},
    ],
)
def test_what_is_no_resource_among_resources_is_reported(given):
    reading = fhir.read(given)
    assert reading.draws == ()
    assert codes(reading) == ["not_a_resource"]


def test_what_is_nested_without_end_is_read_or_reported():
    deep, inner = bundle(observation()), {}
    for _ in range(20_000):
        deep, inner = bundle(deep), {"extension": [inner]}
    assert fhir.read(deep).draws
    nested = [observation(extension=[inner]), observation(extension=[{"extension": [inner]}])]
    assert codes(fhir.read(nested)) in (["results_in_conflict"], ["duplicate_result"])


@pytest.mark.parametrize("half", ["\ud800", "\x00"])
def test_texts_that_cannot_be_written_are_read_all_the_same(half):
    for more in (
        {"code": {"text": half}},
        {"valueQuantity": None, "valueString": half},
        {"subject": {"identifier": {"value": half}}},
        {"id": half},
    ):
        assert fhir.read(observation(**more)).problems or fhir.read(observation(**more)).draws


def test_a_text_of_up_to_200_signs_is_a_result():
    text = "145" + " " * 192 + "pg/mL"
    assert codes(fhir.read(observation(valueQuantity=None, valueString=text))) == []
    longer = fhir.read(observation(valueQuantity=None, valueString=text.replace(" ", "  ", 1)))
    assert codes(longer) != []


def test_floats_of_the_standard_library_are_read_too():
    read = json.loads(json.dumps(observation("mma", "0.62", "umol/L"), default=float))
    assert panel(read).results["mma"].given == "0.62 umol/L"


def test_a_panel_in_fhir_is_interpreted():
    results = [
        observation(),
        observation("mma", "0.62", "umol/L"),
        observation("homocysteine", 22, "umol/L"),
        observation("mcv", 112, "fL"),
    ]
    [draw] = fhir.read(bundle(patient(), *results, statement())).draws
    assert interpret(draw.panel).status == "deficient"
    assert draw.sources["mma"] == "Observation/mma"


def test_what_we_write_is_not_read_back_and_changes_nothing():
    results = [patient(), observation(), observation("mma", "0.62", "umol/L")]
    [draw] = fhir.read(results).draws
    written = fhir.as_resources(draw, interpret(draw.panel))
    again = fhir.read([*results, *written])
    assert again.draws == (draw,)
    assert codes(again) == ["own_output"]
