"""What the columns of a wide table are taken for, and in which unit."""

import itertools
import time
import warnings

import pandas as pd
import pytest

from b12labs import (
    ColumnError,
    ColumnWarning,
    MeasurementError,
    SiteMapping,
    interpret,
    interpret_frame,
    measure,
    read_panel,
    screen_frame,
)
from b12labs.inputs.measurement import unit_registry
from b12labs.site_mapping.headers import recognize, row_values


def answers(table, **options):
    """Return status and problems of every row."""
    return interpret_frame(pd.DataFrame(table), **options)[["status", "problems"]].to_numpy().tolist()


def test_a_first_row_of_units_is_told_in_one_line():
    table = {"B12": ["pg/mL", "145"], "Hb": ["(g/dL)", "10"], "MCV [fL]": ["", "90"], "age": ["years", "50"]}
    with pytest.warns(ColumnWarning, match="first row holds units") as warned:
        interpret_frame(pd.DataFrame(table))
    [warning] = warned
    assert "units={'b12': 'pg/mL', 'hemoglobin': 'g/dL'}" in str(warning.message)


@pytest.mark.parametrize("first", ["145 pg/mL", "145", "low", "", "NA", None, 145])
def test_a_first_row_of_results_is_no_row_of_units(first):
    with warnings.catch_warnings():
        warnings.simplefilter("error", ColumnWarning)
        interpret_frame(pd.DataFrame({"B12": [first, "145"]}), units={"b12": "pg/mL"})


CONFLICT = ["not_assessed", "b12: conflicting_units"]


@pytest.mark.parametrize("units", [{"b12": "pmol/L"}, {"B12 [pg/mL]": "pmol/L"}])
def test_a_header_and_an_option_that_say_two_units_are_refused(units):
    with pytest.raises(ColumnError) as refused:
        interpret_frame(pd.DataFrame({"B12 [pg/mL]": [150]}), units=units)
    assert (refused.value.code, refused.value.field) == ("conflicting_units", "B12 [pg/mL]")
    with pytest.raises(ColumnError):
        recognize(["B12 [pg/mL]"], site=SiteMapping(units=units if "b12" in units else {"b12": "pmol/L"}))


def test_a_header_and_an_option_may_say_one_unit_twice():
    assert answers({"B12 [pg/mL]": [150]}, units={"b12": "ng/L"}) == [["deficient", ""]]


def test_a_column_beside_and_a_header_or_an_option_must_agree_on_every_row():
    assert answers({"B12 [pmol/L]": [150, 150], "b12_unit": ["pg/mL", None]}) == [CONFLICT, ["indeterminate", ""]]
    assert answers({"B12": [150], "b12_unit": ["pg/mL"]}, units={"b12": "pmol/L"}) == [CONFLICT]
    assert answers({"B12 [ng/L]": [150], "b12_unit": ["pg/mL"]}) == [["deficient", ""]]


def test_a_row_says_of_its_units_what_the_table_says():
    columns = {"B12 [pmol/L]": 150, "b12_unit": "pg/mL", "Hb [g/L]": 140, "hb_unit": None}
    result = interpret(**row_values(recognize(columns), columns), errors="report")
    assert [problem.code for problem in result.problems] == ["conflicting_units"]


@pytest.mark.parametrize(
    "value", [(150, "pg/mL"), {"value": 150, "unit": "pg/mL"}, unit_registry().Quantity(150, "pg/mL"), "150 pg/mL"]
)
def test_a_value_and_its_column_must_agree(value):
    assert measure("b12", value, unit="ng/L").low == 150
    with pytest.raises(MeasurementError) as refused:
        measure("b12", value, unit="pmol/L")
    assert refused.value.code == "conflicting_units"


def test_an_age_and_an_elevation_must_be_in_the_unit_of_their_column():
    table = pd.DataFrame({"B12 [pg/mL]": [150], "age [months]": ["5 years"], "elevation [ft]": ["1500 m"]})
    assert interpret_frame(table)["problems"].tolist() == ["age: unreadable_age; elevation: unreadable_elevation"]


MMA = {"mma [umol/L]": [0.5] * 4, "b12 [pg/mL]": [250] * 4, "age": [70] * 4, "sex": ["F"] * 4}
UNREAD = "chronic_kidney_disease: unreadable_yes_no"


@pytest.mark.parametrize(
    "cells", [[1, 3, 5, "yes"], ["0", "1", "3a", "yes"], [1.0, 0.0, 2.5, "yes"], ["1", "<5", "0", "yes"]]
)
def test_a_column_with_other_numbers_answers_no_question_by_its_numbers(cells):
    """Stage 1 of kidney disease is no yes, and stage 3 is not passed over."""
    found = interpret_frame(pd.DataFrame({**MMA, "ckd": cells}))
    assert found["problems"].tolist() == [UNREAD, UNREAD, UNREAD, ""]
    assert found["status"].tolist() == ["functional_deficiency"] * 3 + ["indeterminate"]
    one = {name: column[1] for name, column in {**MMA, "ckd": cells}.items()}
    found = recognize(list(one))
    found.numeric = frozenset({"ckd"})
    result = interpret(**row_values(found, one), errors="report")
    assert [problem.code for problem in result.problems] == ["unreadable_yes_no"]
    assert result.assumptions[-1] == "1 diagnosis was not understood, taken as neither absent nor present"
    assert result.overturned_by[0] == "reduced kidney function"


def test_an_answer_that_cannot_be_read_is_not_taken_as_no():
    told = interpret_frame(
        pd.DataFrame({"symptoms": ["numbness"] * 3, "b12 [pg/mL]": [500] * 3, "metformin": ["no", "2", "?"]})
    )
    people = pd.DataFrame({"symptoms": ["numbness"] * 3, "metformin": ["no", "2", "?"]})
    assert screen_frame(people)["testing"].tolist() == ["judgment", "depends", "depends"]
    assert told["problems"].tolist() == ["", "metformin: unreadable_yes_no", "metformin: unreadable_yes_no"]


def test_ones_and_zeros_alone_are_yes_and_no():
    assert answers({**MMA, "ckd": [1, 0, None, "yes"]}) == [
        ["indeterminate", ""],
        ["functional_deficiency", ""],
        ["functional_deficiency", ""],
        ["indeterminate", ""],
    ]


@pytest.mark.parametrize("header", ["alcohol (units/week)", "iron [ug/dL]", "ckd (stage)", "metformin [mg/d]"])
def test_a_term_with_a_unit_is_no_question(header):
    assert recognize([*MMA, header]).terms == {}


@pytest.mark.parametrize("header", ["ckd (Y/N)", "CKD [0/1]", "ckd (1=yes, 0=no)"])
def test_a_term_may_say_how_it_is_answered(header):
    assert recognize([*MMA, header]).terms == {"chronic_kidney_disease": header}


def test_a_result_beside_its_unit_is_no_question():
    assert recognize([*MMA, "iron", "iron_unit"]).terms == {}


@pytest.mark.parametrize(
    "header",
    [
        "Vitamin B12 level [pg/mL]",
        "B12 pg/mL",
        "B12, pg/mL",
        "B12_pg_mL",
        "b12_pg_ml",
        "B12 [pg/mL]*",
        "B12（pg/mL）",
        "Vitamin B₁₂ [pg/mL]",
        "LOINC:2132-9 [pg/mL]",
        "B12..pg.mL.",
        "B12: pg/mL",
    ],
)
def test_a_header_is_read_by_its_parts(header):
    assert answers({header: [100]}) == [["deficient", ""]]


@pytest.mark.parametrize(
    ("header", "key"),
    [
        ("B12 [pg/mL] (ref 200-900)", "b12"),
        ("B12 [pg/mL].1", "b12"),
        ("Homocystine [umol/L]", "homocysteine"),
        ("Vit B 12 (ng/L) fasting", "b12"),
        ("Hb [g/dL] 2023", "hemoglobin"),
        ("Ferritin_2", "ferritin"),
        ("metfornin", "metformin"),
        ("ckd (stage)", "chronic_kidney_disease"),
        ("Age at draw", "age"),
    ],
)
def test_a_column_that_may_hold_something_is_not_lost_in_silence(header, key):
    table = pd.DataFrame({"MCV [fL]": [99], header: [100]})
    with pytest.warns(ColumnWarning, match="possibly needed") as warned:
        interpret_frame(table)
    assert repr(key) in str(warned[0].message)
    assert warned[0].filename == __file__
    with pytest.warns(ColumnWarning):
        screen_frame(table.assign(symptoms="numbness"))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        interpret_frame(table, columns={header: "ignore"})


@pytest.mark.parametrize(
    "header",
    ["Sodium [mmol/L]", "Hemoglobin A1c [%]", "NRBC", "Hemoglobin F", "b12_date", "B12 comment", "comment", "ID",
     "iron [ug/dL]", "Urine creatinine [mg/dL]", "LOINC", "stage"],
)  # fmt: skip
def test_other_columns_are_passed_over_without_a_word(header):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        interpret_frame(pd.DataFrame({"MCV [fL]": [99], "age": [50], header: [100]}))


def test_two_columns_of_one_analyte_are_read_row_by_row():
    """A survey that changed its unit: the row is read by the column that it fills."""
    table = {
        "b12 [pg/mL]": [250] * 5,
        "LBXMMA": [0.5, None, 0.5, 0.5, "see note"],
        "LBXMMASI": [None, 500, 503, 900, 500],
    }
    columns, units = {"LBXMMA": "mma", "LBXMMASI": "mma"}, {"LBXMMA": "umol/L", "LBXMMASI": "nmol/L"}
    assert answers(table, columns=columns, units=units) == [
        ["functional_deficiency", ""],
        ["functional_deficiency", ""],
        ["functional_deficiency", ""],
        ["indeterminate", "mma: results_in_conflict"],
        ["functional_deficiency", "mma: unreadable_value"],
    ]
    frame, found = pd.DataFrame(table), recognize(table, mapping=columns, units=units)
    for place, row in enumerate(frame.to_dict("records")):
        result = interpret(**row_values(found, row), errors="report")
        problems = "; ".join(f"{problem.field}: {problem.code}" for problem in result.problems)
        assert [result.status, problems] == answers(table, columns=columns, units=units)[place]


@pytest.mark.parametrize("order", list(itertools.permutations(range(5)))[::17])
def test_problems_and_repeats_come_in_one_order_whatever_the_order_of_columns(order):
    columns = [
        ("b12 [pg/mL]", ["x", "200"]),
        ("mma [umol/L]", ["y", "0.29"]),
        ("age", ["old", "50"]),
        ("symptoms", ["zzz", ""]),
        ("nitrous_oxide", ["occasional", "no"]),
    ]
    rows = interpret_frame(pd.DataFrame(dict(columns[place] for place in order)), certainty=True)
    fields = [problem.split(":")[0] for problem in rows["problems"].iloc[0].split("; ")]
    assert fields == ["b12", "mma", "age", "symptoms", "nitrous_oxide"]
    assert rows["repeat"].iloc[1] == "b12; mma"


def test_what_to_repeat_comes_in_the_order_of_the_columns_for_one_patient_too():
    assert interpret(b12="200 pg/mL", mma="0.29 umol/L", age=50).certainty.repeat == ("b12", "mma")


@pytest.mark.parametrize("order", list(itertools.permutations(("b12", "mma", "symptoms"))))
def test_the_problems_of_a_panel_come_in_one_order(order):
    panel = read_panel(dict.fromkeys(order, "zzz"), report=True)
    assert [problem.field for problem in panel.problems] == ["b12", "mma", "symptoms"]


@pytest.mark.long
def test_twenty_thousand_columns_are_recognized_within_a_minute():
    headers = [f"column {number}" for number in range(20_000)]
    started = time.process_time()
    assert list(recognize([*headers, "b12 [pg/mL]"]).analytes) == ["b12"]
    assert time.process_time() - started < 60


@pytest.mark.parametrize(
    ("age", "sex", "female"),
    [
        ("Alter", "Geschlecht", "weiblich"),
        ("Âge", "Sexe", "Féminin"),
        ("Edad", "Sex", "mujer"),
        ("Età", "Sesso", "donna"),
        ("Leeftijd", "Geslacht", "vrouw"),
        ("Alder", "Køn", "kvinde"),
        ("Ålder", "Kön", "kvinna"),
        ("Ikä", "Sukupuoli", "nainen"),
        ("Patient age", "Patient sex", "F"),
    ],
)
def test_a_child_is_a_child_in_every_language_of_the_header(age, sex, female):
    read = interpret_frame(pd.DataFrame({"B12 [ng/L]": ["145"], age: [3], sex: [female]}))
    assert read["treatment_route"].tolist() == ["specialist"]
    assert read["problems"].tolist() == [""]


def test_a_header_whose_m_is_a_woman_in_one_language_is_not_read():
    with pytest.warns(ColumnWarning, match="column 'Sexo'"):
        read = interpret_frame(pd.DataFrame({"Hb [g/dL]": [12.5], "B12 [ng/L]": [500], "Sexo": ["M"]}))
    assert read["anemia"].isna().all()
