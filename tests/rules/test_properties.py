"""What always holds: units do not matter, a row is a patient, and knowing more never contradicts."""

import math
from unittest import mock

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from b12labs import interpret, interpret_frame
from b12labs.inputs.measurement import measure
from b12labs.inputs.panel import read_panel
from b12labs.limits.stratified import limits_of
from b12labs.logic.columns import running
from b12labs.logic.language import Inferred
from b12labs.logic.open import open_defeaters, outcomes, single_outcome
from b12labs.patient.inputs import PatientInputs
from b12labs.reasoning.compiled import program
from b12labs.reference import CONTEXT_FIELDS, analytes
from b12labs.rules import FINDINGS, VERDICTS, quantities
from b12labs.tables.outputs import OUTPUT_COLUMNS
from tests import strategies as some
from tests.strategies import GUIDELINES, TYPICAL

GUIDELINE = st.sampled_from(GUIDELINES)
INFERRED = {node.primary.key: node for node in vars(quantities).values() if isinstance(node, Inferred)}


def evaluate(values, guideline):
    return program().run(PatientInputs(read_panel(values), limits_of(guideline)))


def answers(evaluated):
    """Every finding's truth and every verdict's set of outcomes."""
    found = {rule.code: evaluated.of(rule) for rule in FINDINGS}
    found.update({rule.code: outcomes(rule, evaluated) for rule in VERDICTS})
    return found


def is_decided(rule, evaluated):
    return single_outcome(rule, outcomes(rule, evaluated)) is not None if rule in VERDICTS else evaluated.of(rule) != 1


# Units


@given(some.patients(), GUIDELINE, st.data())
def test_the_same_panel_in_any_accepted_units_gives_the_same_interpretation(patient, guideline, data):
    keys = data.draw(st.lists(st.sampled_from(sorted(TYPICAL)), min_size=1, max_size=8, unique=True))
    one, other = dict(patient), dict(patient)
    for key in keys:
        number = data.draw(st.sampled_from(TYPICAL[key]))
        assume(not in_the_sliver(key, number, guideline))
        units = some.units_of(key)
        first, second = data.draw(st.sampled_from(units)), data.draw(st.sampled_from(units))
        one[key], other[key] = some.in_unit(key, number, first), some.in_unit(key, number, second)
    left, right = interpret(**one, guideline=guideline), interpret(**other, guideline=guideline)
    assert left.status == right.status
    assert {code: item.state for code, item in left.findings.items()} == {
        code: item.state for code, item in right.findings.items()
    }
    assert (left.treatment.route, left.urgency, left.anemia_grade) == (
        right.treatment.route,
        right.urgency,
        right.anemia_grade,
    )
    assert left.next_tests == right.next_tests


def in_the_sliver(key, number, guideline):
    """Between the two limits that a guideline prints for one limit, the reported unit picks."""
    for limit in limits_of(guideline).by_name.values():
        if limit.analyte == key:
            for mass, moles in zip(limit.by_mass, limit.by_substance, strict=True):
                for one, other in zip(mass, moles, strict=True):
                    if one != other and min(one, other) * (1 - 1e-9) <= number <= max(one, other) * (1 + 1e-9):
                        return True
    return False


# One patient and a row


def as_cells(values):
    """Return a panel's named values as cells of a table."""
    return {key: "; ".join(value) if key in CONTEXT_FIELDS else str(value) for key, value in values.items()}


def expected_row(values, guideline):
    result = interpret(**values, guideline=guideline, errors="report")
    findings = {code: item.state for code, item in result.findings.items()}
    row = findings | {
        "status": result.status,
        "anemia_grade": result.anemia_grade,
        "treatment_route": result.treatment.route,
        "urgency": result.urgency,
        "next_tests": "; ".join(test.analyte for test in result.next_tests),
        "problems": "; ".join(dict.fromkeys(f"{problem.field}: {problem.code}" for problem in result.problems)),
    }
    return {code: row[code] for code in OUTPUT_COLUMNS} | findings


SPOILED = st.sampled_from(["x", "-3 pg/mL", "12", "1e999 pg/mL", "7 parsecs", "0,3 umol/L"])


@st.composite
def panels(draw):
    values = {**draw(some.results()), **draw(some.patients())}
    if draw(st.booleans()):
        values[draw(st.sampled_from(["b12", "mma", "mcv"]))] = draw(SPOILED)
    return values


@given(st.lists(panels(), min_size=1, max_size=6), GUIDELINE, st.sampled_from(["pandas", "polars", "pyarrow"]))
def test_one_patient_equals_the_same_row_of_a_frame_in_every_library(patients, guideline, library):
    assume(any(key in analytes() for patient in patients for key in patient))
    cells = [as_cells(patient) for patient in patients]
    columns = {key: [row.get(key) for row in cells] for key in dict.fromkeys(key for row in cells for key in row)}
    frame = (
        pd.DataFrame(columns, dtype=object)
        if library == "pandas"
        else pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
        if library == "polars"
        else pa.table(columns)
    )
    out = interpret_frame(frame, guideline=guideline, findings=True)
    assert type(out) is type(frame)
    if library == "pandas":
        found = out.astype(object).where(out.notna(), None).to_dict("records")
    else:
        found = out.to_dicts() if library == "polars" else out.to_pylist()
    for row, values in zip(found, patients, strict=True):
        expected = expected_row(values, guideline)
        assert sorted(str(row.pop("problems")).split("; ")) == sorted(expected.pop("problems").split("; "))
        assert row == expected


def among_blank_rows(row, place, after):
    """Return what a row says after `place` blank rows and before `after` of them."""
    table = {key: [""] * place + [cell] + [""] * after for key, cell in row.items()}
    return interpret_frame(pd.DataFrame(table, dtype=object)).iloc[place].astype(object).fillna("-").to_dict()


@given(panels(), st.integers(0, 150), st.integers(0, 150))
def test_a_row_does_not_depend_on_how_many_others_there_are(values, place, after):
    assume(any(key in analytes() for key in values))
    row = as_cells(values)
    with mock.patch.object(running, "CHUNK", 64):
        assert among_blank_rows(row, place, after) == among_blank_rows(row, 0, 0)


@pytest.mark.parametrize("place", [0, running.CHUNK - 1, running.CHUNK, 2 * running.CHUNK])
def test_a_row_at_the_edge_of_a_chunk_is_read_as_it_is_alone(place):
    row = {"b12": "<150 pg/mL", "mma": "0.4 umol/L", "mcv": "104 fL", "age": "67", "symptoms": "ataxia; fatigue"}
    assert among_blank_rows(row, place, 2 * running.CHUNK - place) == among_blank_rows(row, 0, 0)


# Knowing more


def fillings(key, evaluated):
    """Return values inside what is known of an analyte: one that no result contradicts."""
    low, high = evaluated.of(INFERRED[key]) if key in INFERRED else evaluated.inputs.measured(key)
    plausible = analytes()[key].plausible
    low, high = max(low, plausible.low), min(high, plausible.high)
    inside = [number for number in TYPICAL.get(key, ()) if low <= number <= high]
    if low <= high:
        inside += [low + (high - low) * share for share in (0.25, 0.75)] if math.isfinite(high) else [low * 1.5 + 1]
    return inside


def fill(values, guideline, data):
    """Fill in some of what is missing, censored or unknown, within what is known."""
    filled = dict(values)
    for _ in range(data.draw(st.integers(1, 6))):
        evaluated = evaluate(filled, guideline)
        key = data.draw(st.sampled_from([*TYPICAL, "sex", "pregnant", "age"]))
        results = evaluated.inputs.panel.results
        if key == "sex":
            if evaluated.inputs.panel.sex is None:
                filled["sex"] = (
                    "female"
                    if evaluated.inputs.panel.pregnancy != 0
                    else data.draw(st.sampled_from(["female", "male"]))
                )
        elif key == "pregnant":
            if evaluated.inputs.panel.pregnancy is None:
                filled["pregnant"] = (
                    data.draw(st.sampled_from(["yes", "no"])) if evaluated.inputs.panel.sex != "male" else "no"
                )
            elif evaluated.inputs.panel.pregnancy == 4:
                filled["trimester"] = data.draw(st.sampled_from([1, 2, 3]))
        elif key == "age":
            if evaluated.inputs.panel.age is None:
                filled["age"] = data.draw(st.sampled_from([19, 40, 80]))
        elif key not in results or (results[key].flag is None and results[key].low != results[key].high):
            inside = fillings(key, evaluated)
            if inside:
                unit = results[key].unit if key in results else data.draw(st.sampled_from(some.units_of(key)))
                # A number that may be in another unit is a correction, not a filling in.
                number = some.in_unit(key, data.draw(st.sampled_from(inside)), unit)
                if measure(key, number).readings is None:
                    filled = {**filled, key: number}
    return filled


@given(some.results(), some.patients(), GUIDELINE, st.data())
def test_knowing_more_changes_a_decided_answer_only_through_a_listed_defeater(results, patient, guideline, data):
    values = {**results, **patient}
    before = evaluate(values, guideline)
    after = evaluate(fill(values, guideline, data), guideline)
    then, now = answers(before), answers(after)
    for rule in (*FINDINGS, *VERDICTS):
        if is_decided(rule, before) and then[rule.code] != now[rule.code]:
            listed = open_defeaters(rule, before)
            assert any(after.of(defeater) == 2 for defeater in listed), (
                rule.code,
                [defeater.named for defeater in listed],
            )


@given(some.results(), some.patients(), GUIDELINE)
def test_every_defeater_that_is_listed_has_a_name(results, patient, guideline):
    evaluated = evaluate({**results, **patient}, guideline)
    for rule in (*FINDINGS, *VERDICTS):
        if is_decided(rule, evaluated):
            assert all(defeater.named for defeater in open_defeaters(rule, evaluated))


@given(some.results(min_size=1), some.patients(), GUIDELINE)
def test_unknown_sex_gives_what_both_sexes_agree_on(results, patient, guideline):
    patient = {key: value for key, value in patient.items() if key not in ("sex", "pregnant", "trimester")}
    unknown, female, male = (
        evaluate({**results, **patient, **sex}, guideline) for sex in ({}, {"sex": "female"}, {"sex": "male"})
    )
    for rule in FINDINGS:
        if unknown.of(rule) != 1 and not open_defeaters(rule, unknown):
            assert female.of(rule) == male.of(rule) == unknown.of(rule), rule.code


SINGLE = {
    "low_total_b12": "b12",
    "adequate_total_b12": "b12",
    "low_holotc": "holotc",
    "raised_mma": "mma",
    "raised_homocysteine": "homocysteine",
    "macrocytosis": "mcv",
    "raised_rdw": "rdw",
    "thrombocytopenia": "platelets",
    "anemia": "hemoglobin",
    "severe_anemia": "hemoglobin",
}


@pytest.mark.parametrize(("code", "key"), SINGLE.items())
@given(data=st.data(), guideline=GUIDELINE)
def test_a_censored_value_decides_exactly_when_its_whole_interval_does(code, key, data, guideline):
    number = data.draw(st.sampled_from(TYPICAL[key]))
    side = data.draw(st.sampled_from("<>"))
    unit = analytes()[key].unit
    patient = {"age": 40, "sex": "female"}
    state = interpret(**{key: f"{side}{number} {unit}"}, **patient, guideline=guideline).findings[code].state
    plausible = analytes()[key].plausible
    far = plausible.low if side == "<" else plausible.high
    points = [
        number * (0.9999999 if side == "<" else 1.0000001),
        *(far + (number - far) * share for share in (0.0, 0.01, 0.1, 0.3, 0.6, 0.9, 0.99)),
    ]
    # The fourth decimal of a limit is the finest that the grid has to see.
    limits = [
        end
        for limit in limits_of(guideline).by_name.values()
        if limit.analyte == key
        for end in limit.at(0, substance=False)
        if math.isfinite(end)
    ]
    points += [
        end * share
        for end in limits
        for share in (0.9999, 1, 1.0001)
        if (end * share < number) == (side == "<") and end * share != number
    ]
    states = {
        interpret(**{key: (max(point, plausible.low), unit)}, **patient, guideline=guideline).findings[code].state
        for point in points
        if plausible.low <= point <= plausible.high and measure(key, (point, unit)).readings is None
    }
    assert state == (states.pop() if len(states) == 1 else None)


# Boundaries


@pytest.mark.parametrize(
    ("guideline", "value", "low", "adequate"),
    [
        ("nice-ng239", "180 ng/L", False, False),
        ("nice-ng239", "179.9 ng/L", True, False),
        ("nice-ng239", "350 ng/L", False, False),
        ("nice-ng239", "350.1 ng/L", False, True),
        ("nice-ng239", "133 pmol/L", False, False),
        ("nice-ng239", "132.9 pmol/L", True, False),
        ("nice-ng239", "258 pmol/L", False, False),
        ("nice-ng239", "258.1 pmol/L", False, True),
        ("bsh-2014", "200 pg/mL", False, False),
        ("bsh-2014", "199.9 pg/mL", True, False),
        ("bsh-2014", "148 pmol/L", False, False),
        ("bsh-2014", "147.56 pmol/L", True, False),
        ("nih-ods", "225 pg/mL", None, False),
        ("nih-ods", "199 pg/mL", True, False),
        ("nih-ods", "250 pg/mL", False, False),
        ("nice-ng239", "<180 ng/L", True, False),
        ("nice-ng239", "<=180 ng/L", None, False),
        ("nice-ng239", ">350 ng/L", False, True),
        ("nice-ng239", ">=350 ng/L", False, None),
    ],
)
def test_a_value_on_the_limit_is_neither_below_nor_above_it(guideline, value, low, adequate):
    found = interpret(b12=value, age=40, guideline=guideline).findings
    assert (found["low_total_b12"].state, found["adequate_total_b12"].state) == (low, adequate)


@pytest.mark.parametrize(
    ("value", "raised"), [(0.1 + 0.18, False), (0.1 + 0.2 - 0.02, False), (0.28 + 1e-16, False), (0.2801, True)]
)
def test_float_noise_on_a_limit_is_on_the_limit(value, raised):
    assert interpret(mma=(value, "umol/L"), age=40).findings["raised_mma"].state is raised
    assert interpret(mma=(value * 1000, "nmol/L"), age=40).findings["raised_mma"].state is raised
    frame = interpret_frame(pd.DataFrame({"mma [umol/L]": [value], "age": [40]}), findings=["raised_mma"])
    assert bool(frame["raised_mma"].iloc[0]) is raised
