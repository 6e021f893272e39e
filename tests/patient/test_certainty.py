"""How sure: widening, probabilities, what if, and the values at which the status turns."""

import copy
import doctest
import json
import math
import pickle
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from b12labs import Interpretation, PanelError, interpret, interpret_frame, interpret_long, read_panel
from b12labs.cli.main import main
from b12labs.inputs import variation
from b12labs.inputs.variation import Variation, probability_below, published_variation, reference_change, variations
from b12labs.limits.stratified import limits_of
from b12labs.logic.open import outcomes
from b12labs.logic.ranges import Ranges
from b12labs.logic.scalars import Plain
from b12labs.patient import interpretation
from b12labs.patient.certainty import as_text, certainty_of
from b12labs.patient.certainty.widened import WidenedPatient
from b12labs.patient.inputs import PatientInputs
from b12labs.patient.rows import possible_statuses
from b12labs.patient.turning_points import turning_points_of
from b12labs.reasoning.compiled import B12_MARKERS, FINDING_RULES, VERDICT_RULES, program
from b12labs.reasoning.widening import widths
from b12labs.reference import analytes, sources
from benchmarks import data
from tests.strategies import GUIDELINES, TYPICAL, exact, patients, results, text
from validation import repeat_draws

NG239 = limits_of("nice-ng239")
README = {
    "b12": "145 pg/mL",
    "mma": "0.62 umol/L",
    "homocysteine": "22 umol/L",
    "hemoglobin": "10.4 g/dL",
    "mcv": "112 fL",
    "age": 67,
    "sex": "female",
}
cvs = st.dictionaries(st.sampled_from(sorted(TYPICAL)), st.floats(0, 60), max_size=6)


# The published numbers.


@pytest.mark.parametrize(
    ("analyte", "fall", "rise"), [("mma", -20.0, 25.0), ("homocysteine", -20.5, 25.7), ("b12", -27.0, 37.1)]
)
def test_reference_change_values_are_those_of_the_worked_examples(analyte, fall, rise):
    assert [round(100 * change, 1) for change in reference_change(variations()[analyte])] == [fall, rise]


@pytest.mark.parametrize(("analytical", "within", "printed"), [(6.1, 5.77, 23.4), (4.71, 10.3, 31.4)])
def test_the_symmetric_form_gives_what_cokluk_printed(analytical, within, printed):
    fall, rise = reference_change(Variation(analytical, within, ()), symmetric=True)
    assert -fall == rise == pytest.approx(printed / 100, abs=1.5e-3)


@pytest.mark.parametrize(("within", "analytical", "fall", "rise"), [(7.2, 3.9, -17.7, 21.0), (7.4, 1.9, -16.2, 19.4)])
def test_the_published_changes_of_mma_and_homocysteine_are_one_sided(within, analytical, fall, rise):
    """With 1.96 even a perfect method would vary more than was printed;

    one-sided, the method that is left over is a usual one.
    """
    one_sided = reference_change(Variation(analytical, within, ()), z=1.645)
    assert one_sided == (pytest.approx(fall / 100, abs=4e-3), pytest.approx(rise / 100, abs=4e-3))
    assert reference_change(Variation(0, within, ()))[0] < fall / 100


def test_every_variation_is_of_an_analyte_and_cites_the_bibliography():
    for key, each in published_variation().items():
        assert key in analytes()
        for cv in (each.within, each.analytical):
            assert cv.source in sources()
        if each.analytical.source == "performance-goals":
            assert each.analytical.value == pytest.approx(each.within.value / 2)


@pytest.mark.parametrize(
    ("own", "code"),
    [
        ({"b21": 5}, "unknown_field"),
        *(({"b12": cv}, "unreadable_variation") for cv in (-1, 201, math.nan, math.inf, "5", (1, 2, 3), True)),
        (12, "unreadable_variation"),
    ],
)
def test_a_variation_that_cannot_be_used_is_refused_by_name(own, code):
    with pytest.raises(PanelError) as error:
        variations(own)
    assert error.value.code == code


@given(value=st.floats(0.01, 1e4), one=st.floats(0.01, 1e4), other=st.floats(0.01, 1e4), spread=st.floats(0.001, 1))
def test_a_level_is_the_more_probably_below_a_limit_the_higher_the_limit_and_evenly_on_it(value, one, other, spread):
    below, more = sorted((one, other))
    assert probability_below(below, value, spread) <= probability_below(more, value, spread)
    assert probability_below(value, value, spread) == pytest.approx(0.5)


# Widening.


def both(values, guideline, own):
    panel, limits = read_panel(values, report=True), limits_of(guideline)
    exactly = program().run(PatientInputs(panel, limits))
    every = (*VERDICT_RULES.values(), *FINDING_RULES.values())
    return exactly, program().run_widened(WidenedPatient(panel, limits, widths(own)), exactly, *every)


@given(values=results(min_size=1), patient=patients(), guideline=st.sampled_from(GUIDELINES), own=cvs)
def test_widening_opens_and_never_decides(values, patient, guideline, own):
    exactly, widened = both({**values, **patient}, guideline, own)
    for rule in VERDICT_RULES.values():
        possible = outcomes(rule, exactly)
        assert outcomes(rule, widened) & possible == possible
    for rule in FINDING_RULES.values():
        assert widened.of(rule) in (exactly.of(rule), 1)


@given(values=results(min_size=1), patient=patients(), guideline=st.sampled_from(GUIDELINES))
def test_results_that_do_not_vary_leave_every_verdict_as_it_is(values, patient, guideline):
    exactly, widened = both({**values, **patient}, guideline, dict.fromkeys(analytes(), 0.0))
    said_by_flag = {key for key, value in values.items() if isinstance(value, dict)}
    assume(not said_by_flag)
    for rule in VERDICT_RULES.values():
        assert outcomes(rule, widened) == outcomes(rule, exactly)


@given(
    values=st.fixed_dictionaries(
        {"b12": exact()["b12"]}, optional=exact(("mma", "holotc", "homocysteine", "creatinine", "hemoglobin", "mcv"))
    ),
    patient=patients(),
    guideline=st.sampled_from(GUIDELINES),
    place=st.lists(st.floats(-1, 1), min_size=7, max_size=7),
)
def test_a_robust_status_is_the_same_wherever_in_their_interval_the_levels_lie(values, patient, guideline, place):
    panel, limits = read_panel({**values, **patient}, report=True), limits_of(guideline)
    sure = certainty_of(panel, limits, samples=10)
    assume(sure.robust)
    factors = widths()
    rows = {
        key: (np.array([result.low * factors.get(key, 1.0) ** share]),) * 2
        for (key, result), share in zip(panel.results.items(), place, strict=False)
    }
    status = VERDICT_RULES["status"]
    now = outcomes(status, program().run(PatientInputs(panel, limits)))
    assert possible_statuses(panel, limits, rows, 1, unreported=0).tolist() == [now]


def test_a_borderline_status_names_what_to_repeat_and_another_draw_of_it_settles():
    result = interpret(b12="170 pg/mL", mma="0.62 umol/L", age=40, sex="male")
    assert (result.certainty.robust, result.certainty.repeat) == (False, ("b12",))
    assert result.what_if(b12="120 pg/mL").result.certainty.robust
    assert result.certainty_with({"b12": 0.5}).robust


def test_a_draw_that_would_void_the_status_keeps_it_from_being_robust():
    """MCV stands on its limit:

    a second draw just above it, with this anemia, is a megaloblastic picture that an adequate B12 does not explain.
    """
    sure = interpret(b12="600 pg/mL", hemoglobin="45 g/L", mcv="100 fL", guideline="aafp-2017").certainty
    assert (sure.robust, sure.repeat) == (False, ("mcv",))


def test_what_has_no_published_variation_is_named():
    assert interpret(b12="100 pg/mL", holotc="20 pmol/L", age=40).certainty.unknown_variation == ("holotc",)


def test_what_hangs_on_a_marker_of_unknown_variation_is_neither_robust_nor_borderline():
    alone = interpret(holotc="24.9 pmol/L", age=40, sex="male").certainty
    assert (alone.robust, alone.verdicts["status"].decided, alone.repeat) == (None, "deficient", ())
    assert "no published variation" in str(alone)
    assert interpret(holotc="10 pmol/L", age=40, sex="male").certainty_with({"holotc": 12}).robust is True
    supported = interpret(holotc="24.9 pmol/L", mma="1.5 umol/L", b12="90 pg/mL", age=40, sex="male").certainty
    assert supported.robust is True, "deficient without holoTC too"
    table = pd.DataFrame(
        {
            "holotc": ["24.9 pmol/L", "24.9 pmol/L"],
            "mma": [None, "1.5 umol/L"],
            "b12": [None, "90 pg/mL"],
            "age": [40, 40],
        }
    )
    assert interpret_frame(table, certainty=True)["robust"].isna().tolist() == [True, False]


def test_the_laboratorys_word_is_named_as_taken_as_exact():
    sure = interpret(b12="low", age=40, sex="male").certainty
    assert sure.unknown_variation == ("b12",)
    assert "Taken as exact: B12." in str(sure)


@pytest.mark.parametrize(
    "options", [{"samples": 0}, {"samples": -1}, {"samples": 2.5}, {"samples": 10**9}, {"seed": -1}]
)
def test_draws_that_cannot_be_made_are_refused(options):
    with pytest.raises(PanelError, match="a whole number from"):
        interpret(b12="100 pg/mL", age=40).certainty_with(**options)


def test_nothing_measured_is_not_certain():
    sure = interpret(hemoglobin="100 g/L", age=40, sex="male").certainty
    assert (sure.robust, sure.probabilities, sure.repeat) == (None, {}, ())


def test_the_laboratorys_word_alone_is_not_widened():
    assert interpret(b12="low", age=40, sex="male").certainty.robust


def test_a_flag_does_not_hide_that_a_number_is_near_its_limit():
    flagged = {"value": "170", "unit": "pg/mL", "flag": "L"}
    assert interpret(b12=flagged, age=40, sex="male").certainty.robust is False


# Probabilities.


@pytest.mark.parametrize(
    "values",
    [
        {"holotc": "20 pmol/L"},
        {"holotc": "60 pmol/L", "mcv": "90 fL"},
        {"b12": "low"},
        {"b12": "high", "hemoglobin": "140 g/L"},
        {"holotc": "20 pmol/L", "b12": "600 pg/mL"},
        {"hemoglobin": "100 g/L"},
    ],
)
def test_no_share_of_draws_is_given_where_no_draw_could_change_the_status(values):
    """Every marker that the status depends on was held exact: 100 % of the draws would say nothing."""
    result = interpret(**values, age=40, sex="male")
    assert result.certainty.probabilities == {}
    assert "%" not in str(result.certainty).replace(result.certainty.note, "")
    assert "%" not in as_text(result.certainty, ())


@given(results(min_size=1), patients())
def test_shares_of_draws_are_those_of_a_status_that_can_turn_or_is_known_to_stay(values, patient):
    result = interpret(**values, **patient, errors="report")
    sure = result.certainty_with(samples=50)
    drawn = set(B12_MARKERS) & set(result.results) - set(sure.unknown_variation)
    decided = sure.verdicts["status"].decided is not None
    assert bool(sure.probabilities) == (bool(drawn) and (sure.robust is not None or not decided))


def test_probabilities_add_up_and_are_the_same_again():
    result = interpret(**README)
    assert sum(result.certainty.probabilities.values()) == pytest.approx(1)
    assert result.certainty == interpret(**README).certainty
    of_b12 = next(doubt for doubt in result.certainty.limits if doubt.analyte == "b12")
    assert result.certainty.probabilities["deficient"] == pytest.approx(1 - of_b12.other_side, abs=0.01)


@given(low=st.floats(60, 340), high=st.floats(60, 340))
def test_deficiency_is_the_less_probable_the_higher_the_level(low, high):
    low, high = sorted((low, high))
    share = [
        certainty_of(read_panel({"b12": f"{b12} pg/mL", "age": 40}), NG239).probabilities.get("deficient", 0.0)
        for b12 in (low, high)
    ]
    assert share[0] >= share[1]


def test_on_the_limit_either_side_is_as_probable():
    shares = interpret(b12="180 ng/L", age=40, sex="male").certainty.probabilities
    assert shares["deficient"] == pytest.approx(0.5, abs=0.03)


def test_no_probability_is_given_against_a_limit_that_the_laboratory_did_not_use():
    """Its flag says high: how far the number is from its own limit is not known."""
    result = interpret(mma={"value": "0.20", "unit": "umol/L", "flag": "H"}, b12="250 pg/mL", age=40, sex="male")
    assert "0.28 umol/L" not in [doubt.limit for doubt in result.certainty.limits]
    assert result.certainty.robust is False


def test_what_elevation_takes_off_hemoglobin_does_not_vary():
    """At 3,000 m the limit for the hemoglobin measured is as much higher: on it, either side is as probable."""
    values = {"b12": "100 pg/mL", "mcv": "112 fL", "age": 40, "sex": "male"}
    taken_off = 100 - interpret(hemoglobin="100 g/L", elevation=3000, **values).results["hemoglobin"].compared[0]
    assert taken_off > 10
    for above, expected in (
        (0, 0.5),
        (10, probability_below(130 + taken_off, 140 + taken_off, variations()["hemoglobin"].spread)),
    ):
        result = interpret(hemoglobin=f"{130 + above + taken_off} g/L", elevation=3000, **values)
        doubt = next(doubt for doubt in result.certainty.limits if doubt.limit == "130 g/L")
        assert doubt.other_side == pytest.approx(expected, abs=1e-4)


# Columns.


@given(
    rows=st.lists(st.tuples(results(), patients()), min_size=1, max_size=6),
    guideline=st.sampled_from(GUIDELINES),
    own=cvs,
)
def test_columns_are_as_sure_as_one_patient_is(rows, guideline, own):
    assume(any(values for values, _ in rows))
    table = pd.DataFrame([{**values, **patient} for values, patient in rows]).astype(object)
    if "diagnoses" in table:
        table["diagnoses"] = ["; ".join(cell) if isinstance(cell, list) else "" for cell in table["diagnoses"]]
    found = interpret_frame(table.where(table.notna(), None), guideline=guideline, certainty=own)
    for row, (values, patient) in enumerate(rows):
        sure = certainty_of(
            read_panel({**values, **patient}, report=True), limits_of(guideline), variation=own, samples=10
        )
        said = found["robust"][row]
        assert (None if pd.isna(said) else bool(said)) == sure.robust
        assert set(filter(None, found["repeat"][row].split("; "))) == set(sure.repeat)


NEAR_LIMITS = [
    {"b12": "600 pg/mL", "mma": "0.1 umol/L", "hemoglobin": "45 g/L", "mcv": "100 fL"},
    {"b12": "420 pg/mL", "mma": "0.3 umol/L", "creatinine": "1.1 mg/dL", "age": 66, "sex": "female"},
    {"b12": "420 pg/mL", "mma": "0.5 umol/L", "creatinine": "1.06 mg/dL", "age": 60, "sex": "female"},
    {
        "b12": "170 pg/mL",
        "holotc": "60 pmol/L",
        "mma": "0.2 umol/L",
        "homocysteine": "10 umol/L",
        "age": 30,
        "sex": "male",
    },
    {"b12": "190 pg/mL", "mma": "0.62 umol/L", "age": 40},
    {"b12": "<150 pg/mL", "age": 40},
    {"b12": "<200 pg/mL"},
    {"b12": ">340 pg/mL"},
    {"b12": "420 pg/mL", "hemoglobin": "121 g/L", "mcv": "101 fL", "folate": "9 nmol/L", "age": 50, "sex": "female"},
    {"b12": "250 pg/mL", "mma": "0.27 umol/L", "homocysteine": "14 umol/L"},
    {"homocysteine": "16 umol/L", "mma": "0.29 umol/L"},
    {"b12": "100 pg/mL"},
    {"b12": "900 pg/mL", "mma": "0.1 umol/L"},
    {"mma": "0.5 umol/L"},
]


@pytest.mark.parametrize("guideline", GUIDELINES)
def test_near_limits_columns_open_where_one_patient_does(guideline):
    table = pd.DataFrame(NEAR_LIMITS).astype(object)
    found = interpret_frame(table.where(table.notna(), None), guideline=guideline, certainty=True)
    for row, values in enumerate(NEAR_LIMITS):
        sure = certainty_of(read_panel(values), limits_of(guideline), samples=10)
        said = found["robust"][row]
        assert ((None if pd.isna(said) else bool(said)), found["repeat"][row].split("; ")) == (
            sure.robust,
            sorted_by(sure.repeat, table) or [""],
        )


def sorted_by(keys, table):
    """The columns name what to repeat in the table's order."""
    return [key for key in table.columns if key in keys]


def test_the_ends_of_a_range_keep_their_sides_in_arithmetic():
    """Of what varies from 4 to 6, the low end of the inverse is at most 1/4, and its high end at least 1/6:

    a filtration rate, over creatinine.
    """
    ranges = Ranges(Plain())
    outer, inner = ranges.arithmetic("pow", ((4.0, 6.0), (6.0, 4.0)), (-1.0, -1.0))
    assert (outer, inner) == ((pytest.approx(1 / 6), 0.25), (0.25, pytest.approx(1 / 6)))


def test_a_flag_that_speaks_against_a_number_leaves_the_verdict_borderline():
    flagged = interpret(b12="600 pg/mL", mma={"value": "0.2", "unit": "umol/L", "flag": "H"}, age=40, sex="male")
    assert flagged.status == "functional_deficiency", (
        "NG239 leaves the limit to the laboratory, which gave its word and no interval"
    )
    assert flagged.certainty.robust is False


def test_the_two_columns_come_only_when_asked():
    table = pd.DataFrame({"b12": ["170 pg/mL", "pending", "100 pg/mL"], "age": [40, 40, 40]})
    assert "robust" not in interpret_frame(table)
    found = interpret_frame(table, certainty=True)
    assert found["robust"].astype(object).where(found["robust"].notna(), None).tolist() == [False, None, True]
    assert found["repeat"].tolist() == ["b12", "", ""]
    assert len(interpret_frame(table.head(0), certainty=True)) == 0


def test_robust_verdicts_hold_at_a_second_draw_of_nhanes(shared_file):
    for guideline in ("nice-ng239", "nih-ods"):
        found = repeat_draws.calibration(shared_file("data/nhanes_1999_2002.csv.gz"), guideline)
        for cvs_used in ("published", "nhanes"):
            robust, borderline = found[f"robust_{cvs_used}"], found[f"borderline_{cvs_used}"]
            assert robust["rows"] > 5000
            assert robust["same"] >= 0.95
            assert borderline["same"] < robust["same"] - 0.1


# What if.


@given(values=results(), patient=patients(), guideline=st.sampled_from(GUIDELINES))
def test_no_change_changes_nothing(values, patient, guideline):
    result = interpret(**values, **patient, guideline=guideline, errors="report")
    again = result.what_if()
    assert again.moved == ()
    assert again.result == result


@given(values=results(), patient=patients(), key=st.sampled_from(sorted(TYPICAL)), place=st.integers(0, 3))
def test_a_change_gives_what_the_changed_panel_gives(values, patient, key, place):
    change = f"{text(TYPICAL[key][place % len(TYPICAL[key])])} {analytes()[key].unit}"
    result = interpret(**values, **patient, errors="report")
    assert (
        result.what_if(**{key: change}).result.status
        == interpret(**{**values, key: change}, **patient, errors="report").status
    )
    without = {name: value for name, value in values.items() if name != key}
    assert result.what_if(**{key: None}).result.status == interpret(**without, **patient, errors="report").status


def test_a_change_of_the_patient_is_a_change_too():
    result = interpret(
        hemoglobin="118 g/L", b12="100 pg/mL", age=40, sex="male", symptoms=["ataxia"], medicines=["metformin"]
    )
    assert result.what_if(sex="female").result.anemia
    assert result.what_if(sex="female", pregnant="yes", trimester=2).result.anemia is False
    assert result.treatment.route == "intramuscular"
    assert result.what_if(symptoms=[]).result.treatment.route == "oral_or_intramuscular"
    assert (
        result.what_if(symptoms=[]).result.findings["medicine_cause"].state == result.findings["medicine_cause"].state
        if "medicine_cause" in result.findings
        else True
    )
    assert result.what_if(ataxia="no", metformin="no").result.treatment.route == "oral"


def test_a_trimester_taken_out_leaves_the_pregnancy():
    result = interpret(hemoglobin="108 g/L", b12="100 pg/mL", age=30, pregnant="yes", trimester=2)
    unknown = interpret(hemoglobin="108 g/L", b12="100 pg/mL", age=30, pregnant="yes")
    assert result.what_if(trimester=None).result.anemia_grade == unknown.anemia_grade
    assert result.what_if(trimester=None).result.anemia is unknown.anemia
    assert result.anemia is False
    assert unknown.anemia is None
    assert result.what_if(pregnant="yes").moved == ()
    assert unknown.what_if(trimester=2).result.anemia is False
    assert result.what_if(pregnant="no").result.anemia


def test_a_change_is_read_with_the_decimal_sign_that_is_declared():
    result = interpret(b12="145,5 pg/mL", decimal=",", sex="male")
    assert result.what_if(b12="400,5 pg/mL", decimal=",").result.results["b12"].given == "400,5 pg/mL"


@pytest.mark.parametrize(
    "made_again",
    [copy.copy, copy.deepcopy, lambda result: pickle.loads(pickle.dumps(result)), Interpretation.model_copy],
)
def test_a_copy_answers_as_the_original(made_again):
    result = interpret(**README)
    again = made_again(result)
    assert again == result
    assert again.certainty == result.certainty
    assert again == result == interpret(**README), "an answer that was asked for tells no two apart"
    assert again.what_if(b12="400 pg/mL") == result.what_if(b12="400 pg/mL")
    assert again.turning_points() == result.turning_points()


def test_threads_get_what_one_thread_gets():
    rows = [data.as_values(row) for row in data.patients(8)]

    def ask(values):
        result = interpret(None, **values)
        return result.certainty, result.turning_points()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(ask, rows * 4)) == [ask(values) for values in rows] * 4


def test_what_moved_is_told_with_what_decided_it():
    changed = interpret(b12="250 pg/mL", mma="0.62 umol/L", age=40, sex="male").what_if(mma="0.2 umol/L")
    first = changed.moved[0]
    assert (first.code, first.before, first.after) == ("status", "functional_deficiency", "deficiency_unlikely")
    assert "MMA 0.2 µmol/L not above 0.28 µmol/L" in str(changed)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"b21": "1"}, "unknown_field"),
        ({"b12": "145"}, "missing_unit"),
        ({"pregnant": "yes"}, "conflict"),
        ({"age": -1}, "unreadable_age"),
    ],
)
def test_a_change_that_cannot_be_read_is_refused(change, code):
    with pytest.raises(ValueError, match=r"b21|b12|pregnancy|age") as error:
        interpret(b12="145 pg/mL", sex="male").what_if(**change)
    assert code in error.value.code


def test_an_interpretation_read_back_says_that_it_has_no_panel():
    result = interpret(**README)
    read_back = Interpretation.model_validate_json(result.to_json())
    assert read_back == result
    for ask in (lambda: read_back.certainty, read_back.what_if, read_back.turning_points):
        with pytest.raises(PanelError, match="interpret the panel again"):
            ask()


# Turning points.


@given(
    values=st.fixed_dictionaries(
        {}, optional=exact(("b12", "mma", "holotc", "homocysteine", "creatinine", "folate", "mcv", "hemoglobin"))
    ),
    patient=patients(),
    guideline=st.sampled_from(GUIDELINES),
)
def test_a_turning_point_is_where_the_status_turns(values, patient, guideline):
    result = interpret(**values, **patient, guideline=guideline, errors="report")
    for point in result.turning_points():
        sign = 1 if point.side == "above" else -1
        before, beyond = (
            result.what_if(**{point.analyte: f"{point.at * (1 + sign * step):.12g} {point.unit}"}).result.status
            for step in (-1e-5, 1e-5)
        )
        assert before == result.status
        assert beyond == point.status != result.status


def test_a_point_where_only_the_reason_turns_hides_none_where_the_status_does():
    """MMA above its limit leaves an indeterminate status as it is, one step nearer to being settled:

    no turning point.
    """
    found = [interpret(None, **data.as_values(row)) for row in data.patients(60)]
    assert any(result.status == "indeterminate" for result in found)
    for result in found:
        assert result.status not in {point.status for point in result.turning_points()}


def test_the_turning_points_of_a_level_are_the_limits_of_the_guideline_in_the_unit_given():
    for unit, low, high in (("pg/mL", 180, 350), ("pmol/L", 133, 258)):
        below, above = interpret(b12=f"200 {unit}", age=40, sex="male").turning_points()
        assert (below.at, below.unit, below.side, below.status) == (pytest.approx(low), unit, "below", "deficient")
        assert (above.at, above.side, above.status) == (pytest.approx(high), "above", "deficiency_unlikely")


def test_a_result_that_is_no_number_has_no_turning_point():
    for b12 in ("<150 pg/mL", "low"):
        assert interpret(b12=b12, age=40, sex="male").turning_points() == ()
    assert turning_points_of(read_panel({"hemoglobin": "100 g/L"}), NG239) == ()


@pytest.mark.parametrize("module", [variation, interpretation])
def test_the_examples_of_the_docstrings_hold(module):
    assert doctest.testmod(module).failed == 0


# Files and the command line.


def test_the_command_line_writes_how_sure_every_row_is(tmp_path, capsys):
    labs, out = tmp_path / "labs.csv", tmp_path / "out.csv"
    labs.write_text("B12 [pg/mL],age\n170,40\n95,40\n,40\n", encoding="utf-8")
    assert main(["interpret", str(labs), "-o", str(out), "--certainty"]) == 0
    written = pd.read_csv(out, keep_default_na=False)
    assert written["robust"].tolist() == ["False", "True", ""]
    assert written["repeat"].tolist() == ["b12", "", ""]
    assert main(["interpret", str(labs), "-o", str(out)]) == 0
    assert "robust" not in pd.read_csv(out)
    capsys.readouterr()
    assert main(["explain", str(labs), "--row", "1", "--certainty"]) == 0
    said = capsys.readouterr().out
    assert "borderline" in said
    assert "above 180 pg/mL the status would be indeterminate" in " ".join(said.split())
    assert max(map(len, said.splitlines())) <= 80
    assert main(["explain", str(labs), "--row", "1", "--certainty", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["status"], found["certainty"]["robust"], found["turning_points"][0]["side"]) == (
        "deficient",
        False,
        "above",
    )


def test_a_long_table_is_as_sure_as_a_wide_one():
    long = pd.DataFrame(
        {
            "patient": ["a", "b"],
            "time": ["2026-01-05"] * 2,
            "test": ["B12"] * 2,
            "value": ["170", "95"],
            "unit": ["pg/mL"] * 2,
        }
    )
    assert interpret_long(long, certainty=True)["robust"].tolist() == [False, True]
