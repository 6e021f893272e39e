"""Results of messages become panels by the rules of long tables, and every result is used or reported."""

import doctest
import subprocess
import sys
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from b12labs import PanelError, SiteMapping, interpret, interpret_long
from b12labs.inputs.codes import is_loinc
from b12labs.integrations import fhir, hl7v2, lab_results
from b12labs.integrations.lab_results import LabResult, OtherTests, PatientContext, draws_of, which_test
from b12labs.reference import analytes
from tests.strategies import TYPICAL, patients, text
from tests.strategies import results as panels

DAY = "2024-03-01"


LOINC = "http://loinc.org"


def result(test="2132-9", value="145", unit="pg/mL", **others):
    return replace(LabResult("A", f"{DAY}T08:30", (test,), value, unit), **others)


def read(*results, **options):
    numbered = [replace(given, source=given.source or f"result {place}") for place, given in enumerate(results)]
    return draws_of(numbered, **options)


def codes(found):
    return [(source, problem.code) for source, problem in found]


def test_the_examples_run():
    failed, tried = doctest.testmod(lab_results)
    assert (failed, tried > 3) == (0, True)


def test_results_of_one_draw_are_one_panel_with_the_places_they_came_from():
    found = read(
        result(), result("MMA", "0.62", "umol/L", time=f"{DAY}T20:00"), result("Hb", "10.4", "g/dL", time="2024-03-04")
    )
    first, second = found.draws
    assert (first.patient, first.time, first.sources) == ("A", f"{DAY}T08:30", {"b12": "result 0", "mma": "result 1"})
    assert second.sources == {"hemoglobin": "result 2"}
    assert interpret(first.panel) == interpret(b12="145 pg/mL", mma="0.62 umol/L")
    assert not found.problems
    assert not found.notes
    assert len(read(result(), result("Hb", "10.4", "g/dL", time="2024-03-04"), window_hours=100).draws) == 1
    with pytest.raises(PanelError, match="window_hours"):
        read(result(), window_hours=-1)


def test_nothing_gives_nothing():
    assert draws_of([]) == lab_results.Reading()
    assert read(result("Sodium")).draws == ()


def test_what_is_not_used_is_reported_with_its_place_and_its_reason():
    found = read(
        result(),
        result("Sodium", "140", "mmol/L"),
        result("Hb", "10.4", ""),
        result("MCV", "pending", "fL"),
        result("MMA", "0.6", "umol/L", status="cancelled"),
        result("MMA", "0.6", "umol/L", status="preliminary"),
        result("CRP", "3", "mg/L", time="March"),
        result("CRP", "3", "mg/L", patient=""),
        result(),
    )
    assert codes(found.problems) == [
        ("result 1", "not_an_analyte"),
        ("result 2", "missing_unit"),
        ("result 3", "not_measured"),
        ("result 4", "withdrawn_result"),
        ("result 5", "preliminary_result"),
        ("result 6", "unreadable_time"),
        ("result 7", "missing_patient"),
        ("result 8", "duplicate_result"),
    ]
    (draw,) = found.draws
    assert list(draw.sources) == ["b12"]
    assert draw.panel.problems == draw.problems
    assert [problem.code for problem in interpret(draw.panel).problems] == [problem.code for problem in draw.problems]
    assert {"missing_unit", "not_measured"} <= {problem.code for problem in draw.problems}


def test_what_is_used_and_has_something_to_it_is_a_note():
    found = read(result(flag="abnormal"), result("MCV", "112", "fL", reference_low="eighty", reference_high="100"))
    assert codes(found.notes) == [("result 0", "flag_not_used"), ("result 1", "reference_not_used")]
    assert not found.problems
    assert found.draws[0].panel.results["mcv"].reference_high == 100


def test_a_preliminary_result_is_used_when_asked_for():
    found = read(result(status="preliminary"), use_preliminary=True)
    assert found.draws[0].sources == {"b12": "result 0"}
    assert codes(found.notes) == [("result 0", "preliminary_result")]
    assert [problem.code for problem in found.draws[0].problems] == ["preliminary_result"]


def test_a_correction_takes_the_place_of_a_result():
    found = read(result(), result(value="410", status="corrected"))
    assert found.draws[0].panel.results["b12"].low == 410
    assert codes(found.problems) == [("result 0", "superseded_result")]


@pytest.mark.parametrize(
    ("value", "flag", "low", "high", "noted"),
    [
        ("150", "<", 0, 150, []),
        ("<150", "<", 0, 150, []),
        ("2000", ">", 2000, float("inf"), []),
        (">2000", "<", 2000, float("inf"), ["flag_not_used"]),
        ("low", "<", 0, float("inf"), ["flag_not_used"]),
    ],
)
def test_a_flag_beyond_the_instruments_scale_makes_a_number_a_bound(value, flag, low, high, noted):
    found = read(result(value=value, flag=flag))
    measured = found.draws[0].panel.results["b12"]
    assert (measured.low, measured.high) == (pytest.approx(low), pytest.approx(high))
    assert [problem.code for _, problem in found.notes] == noted


@pytest.mark.parametrize(
    ("birth", "drawn", "age"),
    [
        ("1957-03-01", DAY, 67.0),
        ("1957-03-02", DAY, 66.0),
        ("1957-03-01", f"{DAY}T00:10:00+14:00", 67.0),
        ("2022-03-01", DAY, 2.0),
        ("2022-03-02", DAY, 23 / 12),
        ("2023-09-01", DAY, 0.5),
        ("2023-09-02", DAY, 5 / 12),
        ("2024-02-01", DAY, 1 / 12),
        ("2024-02-02", DAY, 28 / 365.25),
        ("2024-03-01", DAY, 0.0),
        ("2020-02-29", "2024-02-28", 3.0),
        ("2020-02-29", "2025-03-01", 5.0),
    ],
)
def test_age_is_counted_from_birth_to_the_draw_as_people_count_it(birth, drawn, age):
    found = read(result(time=drawn), context=PatientContext(birth_date=birth, age=3))
    assert found.draws[0].panel.age == pytest.approx(age)
    assert "age" in found.draws[0].panel.stated


@pytest.mark.parametrize("birth", ["1957", "1957-03", "01.03.1957", "1957-02-30", "2024-03-02"])
def test_an_age_that_cannot_be_counted_may_be_a_childs_and_is_reported(birth):
    found = read(result(), context=PatientContext(birth_date=birth))
    panel = found.draws[0].panel
    assert (panel.age, panel.age_unreadable) == (None, True)
    assert [problem.code for problem in panel.problems] == ["unreadable_birth_date"]


def test_patients_have_their_own_context_and_their_own_draws():
    context = {
        "A": PatientContext(age=67, sex="female", terms=frozenset({"metformin"})),
        "B": PatientContext(
            sex="x",
            pregnant="no",
            problems=(lab_results.Problem("unknown_term", "medicines", "a medicine could not be read"),),
        ),
    }
    found = read(result(), result(patient="B"), result(patient="C"), context=context)
    a, b, c = (draw.panel for draw in found.draws)
    assert a.terms == {"metformin"}
    assert [problem.code for problem in b.problems] == ["unreadable_sex", "unknown_term"]
    assert "pregnant" in b.stated
    assert (c.age, c.sex, c.problems) == (None, None, ())


def test_times_with_and_without_offset_are_not_compared_within_a_patient():
    found = read(result(time=f"{DAY}T08:30+01:00"), result("Hb", "10.4", "g/dL"), result(patient="B"))
    assert codes(found.problems) == [("result 1", "unreadable_time")]
    assert [draw.patient for draw in found.draws] == ["A", "B"]


def test_a_sites_names_and_units_are_used_and_nothing_else_of_its_mapping():
    mapping = SiteMapping(
        tests={"4711": "b12"}, units={"b12": "pmol/L"}, decimal=",", time_format="%d.%m.%Y", columns={"value": ("x",)}
    )
    found = read(result("4711", "98.5", ""), result(time="01.03.2024"), mapping=mapping)
    assert found.draws[0].panel.results["b12"].given == "98.5 pmol/L"
    assert codes(found.problems) == [("result 1", "unreadable_time")]
    assert read(result(value="98,5"), decimal=",").draws[0].panel.results["b12"].low == 98.5


@pytest.mark.parametrize(
    ("said", "tests"),
    [
        ({"coded": [("2132-9", LOINC)], "names": ["Vit B12"]}, ("loinc:2132-9", "Vit B12")),
        ({"coded": [("2161-8", LOINC)], "names": ["Creatinine"]}, ("loinc:2161-8",)),
        ({"coded": [("16695-9", LOINC)], "names": ["Vitamin B12"]}, ("loinc:16695-9",)),
        ({"coded": [("NPU01700", "NPU"), ("B12", "L")], "names": ["P-Kobalamin"]}, ("npu:NPU01700", "P-Kobalamin")),
        ({"coded": [("HB", "L")], "names": ["Hepatitis B"]}, ("Hepatitis B",)),
        ({"coded": [("HB", ""), ("", "")]}, ("HB",)),
        ({"coded": [("uU7", "L")], "names": ["Urine MMA?"]}, ("uU7", "Urine MMA?")),
        ({"coded": [("2161-8", LOINC), ("UU7", "L")], "names": ["Creatinine"]}, ("UU7",)),
        ({}, ()),
    ],
)
def test_a_loinc_code_of_another_test_and_a_local_code_are_not_taken_for_an_analyte(said, tests):
    assert which_test(**said, mapping=SiteMapping(tests={"uu7 ": "urine_mma_ratio"})) == tests


def test_urine_creatinine_is_not_creatinine():
    found = read(result(value="80", unit="mg/dL", tests=which_test(coded=[("2161-8", LOINC)], names=["Creatinine"])))
    assert codes(found.problems) == [("result 0", "not_an_analyte")]


def test_a_misspelled_analyte_is_told_from_another_test():
    found = read(
        result(value="145", unit="pg/mL", tests=("Vitamin B21",)), result(value="140", unit="mmol/L", tests=("Sodium",))
    )
    assert [problem.code for _, problem in found.problems] == ["unknown_test", "not_an_analyte"]
    assert "did you mean 'b12'?" in found.problems[0][1].message


@pytest.mark.parametrize("other", ["Vitamin B6", "Vitamin B1", "vit. B-2"])
def test_another_vitamin_is_no_misspelling_of_b12(other):
    found = read(result(value="20", unit="ug/L", tests=(other,)))
    assert [problem.code for _, problem in found.problems] == ["not_an_analyte"]


def as_results(values):
    """Return a panel given by keywords as results, each name with the unit and the value apart."""
    found = []
    for key, printed in values.items():
        number, _, unit = printed.partition(" ")
        found.append(LabResult("A", f"{DAY}T08:30", (key,), number, unit, source=key))
    return found


@given(panels(min_size=1), patients())
def test_a_panel_as_results_and_as_keywords_has_one_interpretation(values, patient):
    terms = frozenset(patient.get("diagnoses", ()))
    context = PatientContext(
        terms=terms, **{name: given for name, given in patient.items() if name not in ("diagnoses", "trimester")}
    )
    context = replace(context, trimester=patient.get("trimester"))
    found = draws_of(as_results(values), context=context)
    expected = interpret(**values, **patient, errors="report")
    (draw,) = found.draws
    assert interpret(draw.panel).model_dump() == expected.model_dump()


_RESULTS = st.builds(
    LabResult,
    patient=st.sampled_from(["A", "B", "", "NA"]),
    time=st.sampled_from([DAY, f"{DAY}T08:30", f"{DAY}T08:30:00Z", "2024-04-01", "01/02/2024", ""]),
    tests=st.lists(st.sampled_from(["B12", "2132-9", "Hb", "IFAB", "Sodium", "", "nan"]), max_size=3).map(tuple),
    value=st.sampled_from(["145", "145.00", "<150", "Positive", "low", "N/A", "", "a^b", "-3", "1e999"])
    | st.text(max_size=4),
    unit=st.sampled_from(["pg/mL", "g/dL", "U/mL", "", "furlong"]),
    flag=st.sampled_from(["", "L", "<", "A", "POS"]),
    reference_low=st.sampled_from(["", "180", "x"]),
    reference_high=st.sampled_from(["", "914", "0"]),
    status=st.sampled_from(["", "final", "C", "P", "X", "D", "A", "what"]),
    specimen=st.sampled_from(["", "Serum", "Urine", "CSF"]),
)


@given(st.lists(_RESULTS, max_size=8), st.booleans())
def test_every_result_is_used_or_reported_whatever_it_says(results, use_preliminary):
    numbered = [replace(given, source=f"{place}") for place, given in enumerate(results)]
    found = draws_of(numbered, use_preliminary=use_preliminary)
    used = [source for draw in found.draws for source in draw.sources.values()]
    unused = [source for source, _ in found.problems]
    assert sorted([*used, *unused]) == sorted(given.source for given in numbered)
    assert {source for source, _ in found.notes} <= set(used)
    for draw in found.draws:
        assert set(draw.sources) == set(draw.panel.results)
        interpret(draw.panel)


def test_a_long_table_of_the_same_results_says_the_same():
    rows = [result(key, text(values[0]), lab_results_unit(key)) for key, values in TYPICAL.items()]
    table = pd.DataFrame(
        [(row.patient, row.time, row.tests[0], row.value, row.unit) for row in rows],
        columns=["patient", "time", "test", "value", "unit"],
    )
    out = interpret_long(table).iloc[0]
    ours = interpret(draws_of(rows).draws[0].panel)
    assert (out["status"], out["anemia_grade"], out["urgency"]) == (ours.status, ours.anemia_grade, ours.urgency)


def lab_results_unit(key):
    from b12labs.reference import analytes

    return analytes()[key].unit


def test_reading_results_loads_nothing_that_only_a_server_needs():
    code = (
        "import sys, b12labs.integrations.lab_results; print([m for m in ('pandas', 'pint', 'fastapi') if m in "
        "sys.modules])"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )


def test_a_code_of_loinc_without_its_system_is_loinc_by_form_and_check_digit():
    known = [code for analyte in analytes().values() for code in analyte.loinc]
    assert len(known) > 60
    assert all(is_loinc(code) for code in known)
    assert not any(is_loinc(f"{code[:-1]}{(int(code[-1]) + 1) % 10}") for code in known)


def test_creatinine_in_urine_is_not_serum_creatinine_where_the_coding_system_is_left_out():
    message = (
        "MSH|^~\\&|L|H|E|H|20240301||ORU^R01|1|P|2.5.1\nPID|1||1^^^H\nOBR|1||||||20240301\nOBX|1|NM|{}||1.0|mg/dL|||||F"
    )
    assert hl7v2.read(message.format("2160-0^Creatinine")).draws[0].sources == {"creatinine": "OBX 1"}
    urine = {"coding": [{"code": "2161-8", "display": "Creatinine"}]}
    sent = {
        "resourceType": "Observation",
        "status": "final",
        "code": urine,
        "effectiveDateTime": "2024-03-01",
        "valueString": "1.0 mg/dL",
    }
    for read in (
        hl7v2.read(message.format("2161-8^Creatinine")),
        fhir.read({**sent, "subject": {"reference": "Patient/1"}}),
    ):
        assert not read.draws
        assert [problem.code for _, problem in read.problems] == ["not_an_analyte"]


@pytest.mark.parametrize(
    ("coded", "names", "tests"),
    [
        ([("2951-2", "http://loinc.org")], ["Sodium", "Natrium"], ("2951-2 Sodium",)),
        ([("2951-2", "http://loinc.org")], [], ("2951-2",)),
        ([("2132-9", "http://loinc.org")], ["Vitamin B12", "B12"], ("loinc:2132-9", "Vitamin B12", "B12")),
        ([("HB", "urn:lab")], [], ("HB",)),
        ([("2132-9", "urn:lab")], ["B12"], ("B12",)),
        ([("HB", "urn:lab")], ["Hepatitis B"], ("Hepatitis B",)),
        ([("2951-2", ""), ("2132-9", "LN")], ["B12"], ("loinc:2132-9", "B12")),
        ([(" ", "LN")], [" "], ()),
    ],
)
def test_what_says_the_test_is_its_code_or_else_its_names(coded, names, tests):
    assert which_test(coded=coded, names=names) == tests


@pytest.mark.parametrize(
    ("tests", "code"),
    [
        (("Sodium",), "not_an_analyte"),
        (("Sodium", "Natrium"), "not_an_analyte"),
        (("Sodium", "Vitamin B12"), None),
        (("Vitamin B12", "Sodium"), None),
        (("", "Vitamin B12"), None),
        (("", "Sodium"), "not_an_analyte"),
        (("Site B12",), None),
        (("Sodium", "Vitamn B12"), "unknown_test"),
        ((), None),
        (("",), None),
    ],
)
def test_a_result_is_of_another_test_where_no_text_names_an_analyte(tests, code):
    problem = OtherTests(SiteMapping(tests={"Site B12": "b12"})).problem(tests)
    assert (problem.code if problem else None) == code


@pytest.mark.parametrize("tests", [(), ("",), ("2132-9",), ("X", "2132-9"), ("", "Y", "Vitamin B12")])
def test_a_result_is_named_by_any_of_its_texts_and_without_one_it_is_reported(tests):
    reading = draws_of([LabResult("A", "2024-03-01", tests, "145", "pg/mL", source="here")])
    used = [list(draw.sources) for draw in reading.draws if draw.sources]
    assert used == ([["b12"]] if any(tests) and tests != ("X", "2132-9") else used)
    assert bool(used) or [place for place, _ in reading.problems] == ["here"]


def test_a_window_that_is_no_length_is_refused_whatever_was_sent():
    for results in ([], [LabResult("A", "2024-03-01", ("Sodium",), "140")]):
        with pytest.raises(PanelError, match="window_hours"):
            draws_of(results, window_hours=-1)
        assert draws_of(results).draws == ()


@pytest.mark.parametrize(("value", "low"), [("4.5", 0), ("7", 0), ("145", 0)])
def test_a_flag_of_the_instrument_s_scale_makes_any_number_a_bound(value, low):
    [draw] = draws_of([LabResult("A", "2024-03-01", ("MMA",), value, "umol/L", "<")]).draws
    assert (draw.panel.results["mma"].low, draw.panel.results["mma"].high) == (low, pytest.approx(float(value)))


def test_a_leap_second_is_the_second_before_it():
    [draw] = draws_of([LabResult("A", "2016-12-31T23:59:60Z", ("B12",), "145", "pg/mL")]).draws
    assert draw.time == "2016-12-31T23:59:59Z"
    [draw] = draws_of([LabResult("A", "2016-12-31T23:59:06Z", ("B12",), "145", "pg/mL")]).draws
    assert draw.time == "2016-12-31T23:59:06Z"


def test_medicines_and_diagnoses_of_the_context_are_terms_of_every_draw():
    b12 = LabResult("A", "2024-03-01", ("B12",), "145", "pg/mL")
    who = PatientContext(medicines=("metformin",), diagnoses=("celiac disease",), terms=frozenset({"vegan_diet"}))
    assert draws_of([b12], context=who).draws[0].panel.terms == {"metformin", "celiac_disease", "vegan_diet"}
    assert draws_of([b12], context=PatientContext()).draws[0].panel.terms == set()


def test_results_that_contradict_each_other_are_told_of_their_rows_alone():
    both = [LabResult("A", "2024-03-01", ("B12",), value, "pg/mL", source=value) for value in ("145", "300")]
    reading = draws_of(both)
    assert {problem.code for _, problem in reading.problems} == {"results_in_conflict"}
    assert [problem.code for problem in reading.draws[0].problems].count("results_in_conflict") == 1
