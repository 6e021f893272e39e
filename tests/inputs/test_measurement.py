"""A result is read into the interval that it means, or refused with the reason."""

import csv
import math
import pickle
import re
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from b12labs import MeasurementError, measure, read_panel
from b12labs.inputs.measurement import Measurement
from b12labs.inputs.panel import as_given
from b12labs.inputs.units import factor, find_unit, unit_registry
from b12labs.reference import analytes, units


def refused(key, value, **options):
    with pytest.raises(MeasurementError) as caught:
        measure(key, value, **options)
    assert caught.value.field == key
    return caught.value


@pytest.mark.parametrize(
    ("given_text", "low", "high"),
    [
        ("145 pg/mL", 145, 145),
        ("145pg/mL", 145, 145),
        ("145 ng/L", 145, 145),
        ("0.145 ng/mL", 145, 145),
        ("1,476 pg/mL", 1476, 1476),
        ("1.476e3 pg/mL", 1476, 1476),
        (" 145\u00a0pg/mL ", 145, 145),
        ("<=150 pg/mL", 0, 150),
        ("≥ 2000 pg/mL", 2000, math.inf),
    ],
)
def test_a_text_is_the_interval_it_means(given_text, low, high):
    read = measure("b12", given_text)
    assert (read.low, read.high) == (pytest.approx(low), high if math.isinf(high) else pytest.approx(high))


@pytest.mark.parametrize("text", ["<150 pg/mL", "< 150 pg/mL", "less than 150 pg/mL", "BELOW 150 pg/mL"])
def test_less_than_does_not_reach_its_bound(text):
    read = measure("b12", text)
    assert read.low == 0
    assert 149.99 < read.high < 150


@pytest.mark.parametrize("text", ["> 2000 pg/mL", ">2000 pg/mL", "GREATER THAN 2000 pg/mL", "more than 2,000 pg/mL"])
def test_more_than_has_no_upper_bound(text):
    read = measure("b12", text)
    assert 2000 < read.low < 2000.1
    assert read.high == math.inf


@pytest.mark.parametrize("missing", [None, "", "  ", "NA", "n/a", "NaN", "null", float("nan")])
def test_what_is_missing_is_not_measured(missing):
    assert measure("b12", missing, unit="pg/mL") is None


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("b12", "271", "missing_unit"),
        ("b12", 271, "missing_unit"),
        ("b12", "271 pg/mLL", "unknown_unit"),
        ("b12", "271 fL", "wrong_kind_of_unit"),
        ("b12", "-140 pg/mL", "negative_value"),
        ("b12", "1e999 pg/mL", "not_finite"),
        ("b12", float("inf"), "not_finite"),
        ("b12", "pending", "not_measured"),
        ("b12", "Not done", "not_measured"),
        ("mma", "insufficient sample", "not_measured"),
        ("b12", "UNABLE TO REPORT", "unreadable_value"),
        ("b12", "12,5 pg/mL", "decimal_comma"),
        ("b12", "0.3 pg/mL", "implausible_value"),
        ("b12", "<0.15 pg/mL", "implausible_value"),
        ("b12", "<0 pg/mL", "implausible_value"),
        ("crp", "<0 mg/L", "unreadable_value"),
        ("crp", ">0 mg/L", "unreadable_value"),
        ("crp", "≥0 mg/L", "unreadable_value"),
        ("crp", "1e-999 mg/L", "not_finite"),
        ("reticulocyte_index", "2 1", "unreadable_value"),
        ("hematocrit", "0.42 1", "unreadable_value"),
        ("platelets", "4510E3/uL", "unreadable_value"),
        ("b12", 10**400, "not_finite"),
        pytest.param("b12", 10**5000, "not_finite", id="a number too long to print"),
        ("b12", Fraction(-(10**400)), "not_finite"),
        ("b12", Decimal("sNaN"), "unreadable_value"),
        ("b12", b"145", "unreadable_value"),
        ("b12", np.array([145.0]), "unreadable_value"),
        ("b12", np.timedelta64(145, "ns"), "unreadable_value"),
        ("b12", {"value": 145, "unit": 5}, "unknown_unit"),
        ("b12", {"value": 145, "unit": ["pg/mL"]}, "unknown_unit"),
        ("b12", {"value": "145", "unit": "pg/mL", "flag": np.array([1, 2])}, "unreadable_flag"),
        ("b12", {"value": "145", "unit": "pg/mL", "flag": "positive"}, "unreadable_flag"),
        ("b12", {"value": "145", "unit": "pg/mL", "reference_low": 10**400}, "unreadable_interval"),
        ("b12", {"value": "low", "flag": "H"}, "conflicting_flags"),
        ("b12", "145 290 pg/mL", "unknown_unit"),
        ("b12", "1.2.3 pg/mL", "unreadable_value"),
        ("b12", "١٤٥ pg/mL", "unreadable_value"),
        ("b12", {"value": "145", "unit": "pg/mL", "reference_low": "x"}, "unreadable_interval"),
        ("b12", {"value": "145", "unit": "pg/mL", "flag": "L*"}, "unreadable_flag"),
        ("mma", {"value": 0.9, "unit": "umol/L", "reference_high": "400 nmol/L"}, "unreadable_interval"),
        ("mma", {"value": 0.9, "unit": "umol/L", "reference_high": 4000}, "unreadable_interval"),
        ("mma", {"value": 0.15, "unit": "umol/L", "reference_high": "0.00-0.40"}, "unreadable_interval"),
        ("mma", {"value": 0.15, "unit": "umol/L", "reference_low": 0, "reference_high": 0}, "unreadable_interval"),
        ("mma", {"value": 0.15, "unit": "umol/L", "reference_low": 0.4, "reference_high": 0.1}, "unreadable_interval"),
        ("b12", {"value": "145", "unit": "pg/mL", "flagg": "L"}, "unreadable_value"),
        ("b12", True, "unreadable_value"),
        ("b12", (145,), "unreadable_value"),
        ("mma", "0.3 nmol/L", "implausible_value"),
        ("mma", "1001 umol/L", "implausible_value"),
        ("mma", "0.3 um", "look_alike_unit"),
        ("homocysteine", "96 umol/mL", "implausible_value"),
        ("platelets", "210 g/L", "look_alike_unit"),
        ("hemoglobin", "4.9 g/L", "implausible_value"),
        ("mcv", "44 fL", "implausible_value"),
        ("mcv", "201 fL", "implausible_value"),
        ("hemoglobin", "8.1 kg/L", "implausible_value"),
        ("hemoglobin", "14 g/mL", "implausible_value"),
        ("hemoglobin", "8.1 g/m", "unknown_unit"),
        ("gastrin", "100 pmol/L", "wrong_kind_of_unit"),
        ("b12", "145 pg/mL or 290 pg/mL", "results_in_conflict"),
        ("b12", "145 pg/mL or <150 pg/mL", "results_in_conflict"),
        ("b12", "low or 145 pg/mL", "results_in_conflict"),
        ("b12", "low or so", "unreadable_value"),
        ("b12", "this or that", "unreadable_value"),
        ("gastrin_amount", "100 pg/mL", "wrong_kind_of_unit"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(key, value, code):
    assert refused(key, value, unit="pg/mL" if code == "not_finite" and key == "b12" else None).code == code


def test_a_refusal_says_what_is_accepted_and_the_nearest_spelling():
    error = refused("b12", "145 pgml")
    assert "pg/mL" in error.accepted
    assert "did you mean 'pg/mL'" in error.message
    missing = refused("b12", "145")
    assert "pmol/L" in missing.message


def test_an_error_survives_the_way_home_from_a_worker():
    error = refused("b12", "145")
    again = pickle.loads(pickle.dumps(error))
    assert (again.code, again.field, again.message, again.accepted) == (
        error.code,
        error.field,
        error.message,
        error.accepted,
    )


def test_a_decimal_comma_is_read_only_when_it_is_declared():
    assert measure("mma", "0,45 umol/L", decimal=",").low == pytest.approx(0.45)
    assert measure("b12", "1.476,5 pg/mL", decimal=",").low == pytest.approx(1476.5)
    assert refused("mma", "0.45 umol/L", decimal=",").code == "decimal_comma"


@pytest.mark.parametrize("value", ["145", 145, 145.0])
def test_a_number_takes_the_unit_of_its_column(value):
    assert measure("b12", value, unit="pg/mL").low == 145
    assert measure("b12", (value, "pg/mL")).low == 145
    assert measure("b12", {"value": value, "unit": "pg/mL"}).low == 145


def test_a_value_and_its_column_may_not_disagree_about_the_unit():
    assert measure("b12", "145 pg/mL", unit="ng/L").low == 145
    assert refused("b12", "145 pmol/L", unit="pg/mL").code == "conflicting_units"
    assert measure("b12", "145 PG/ML", unit="pg/mL").low == 145


@pytest.mark.parametrize(
    ("key", "value", "canonical"),
    [
        ("b12", "145 pg/mL", 145),
        ("b12", "148 pmol/L", 200.59),
        ("mma", "271 nmol/L", 0.271),
        ("hemoglobin", "10.4 g/dL", 104),
        ("platelets", "210000 1/microliter", 210),
    ],
)
def test_a_pint_quantity_is_accepted(key, value, canonical):
    assert measure(key, unit_registry().Quantity(value)).low == pytest.approx(canonical, rel=1e-4)


def test_a_pint_quantity_can_be_asked_for():
    assert measure("mma", "271 nmol/L").quantity.to("nmol/L").magnitude == pytest.approx(271)
    with pytest.raises(MeasurementError, match="expected a single number"):
        _ = measure("mma", "<271 nmol/L").quantity


def test_a_pint_quantity_of_another_dimension_is_refused():
    for other in ("3 meter", "5 femtoliter", "2 percent"):
        assert refused("b12", unit_registry().Quantity(other)).code == "wrong_kind_of_unit"


@pytest.mark.parametrize(
    ("word", "flag"),
    [
        ("low", "low"),
        ("H", "high"),
        ("Positive", "high"),
        ("negative", "normal"),
        ("undetectable", "low"),
        ("present", "high"),
        ("within range", "normal"),
    ],
)
def test_a_result_in_words_keeps_the_word_and_measures_nothing(word, flag):
    read = measure("intrinsic_factor_antibody", word)
    assert read.flag == flag
    assert not read.measured


@pytest.mark.parametrize("key", ["b12", "haptoglobin", "hemoglobin", "reticulocytes", "holotc"])
@pytest.mark.parametrize("word", ["Not detected", "absent", "negative", "NEG", "positive", "detected"])
def test_what_is_always_there_is_neither_found_nor_missed(key, word):
    error = refused(key, word)
    assert error.code == "unreadable_value"
    assert "'low', 'normal' or 'high'" in error.message


@pytest.mark.parametrize("missing", [pd.NA, pd.NaT, np.datetime64("NaT"), np.float64("nan"), Decimal("NaN")])
def test_missing_of_any_library_is_not_measured(missing):
    assert measure("b12", missing, unit="pg/mL") is None
    assert measure("b12", {"value": missing, "unit": missing, "flag": missing}, unit="pg/mL") is None


@pytest.mark.parametrize(
    "number", [145, 145.0, Fraction(290, 2), Decimal(145), np.float32(145), np.int8(100), np.longdouble(145)]
)
def test_a_number_of_any_kind_is_read(number):
    assert measure("b12", number, unit="pg/mL").low == float(number)


def test_what_cannot_be_read_beside_a_value_costs_only_itself():
    error = refused(
        "mma", {"value": 0.29, "unit": "umol/L", "flag": "A*", "reference_low": "see note", "reference_high": 0.3}
    )
    assert error.code == "unreadable_flag"
    assert "'A*'" in error.message
    assert "'see note'" in error.message
    assert (error.kept.low, error.kept.flag, error.kept.reference_low, error.kept.reference_high) == (
        0.29,
        None,
        None,
        0.3,
    )


def test_the_laboratorys_interval_is_read_in_the_unit_of_the_value():
    read = measure("mma", {"value": 937, "unit": "nmol/L", "reference_low": 0, "reference_high": 378, "flag": "H"})
    assert read == Measurement(
        "mma", 0.937, 0.937, "nmol/L", "937 nmol/L", "high", 0.0, pytest.approx(0.378), substance=True
    )


@pytest.mark.parametrize(
    ("key", "unit", "expected"),
    [
        ("b12", "pmol/L", 1.35537),
        ("mma", "nmol/L", 0.001),
        ("mma", "nmol/mL", 1),
        ("mma", "ng/mL", 0.0084681),
        ("homocysteine", "mg/L", 7.3975),
        ("folate", "ng/mL", 2.2655),
        ("hemoglobin", "g/dL", 10),
        ("hemoglobin", "mmol/L", 16.1145),
        ("creatinine", "umol/L", 0.011312),
        ("bilirubin_total", "mg/dL", 17.104),
        ("ldh", "ukat/L", 60),
        ("ferritin", "pmol/L", 0.445),
        ("haptoglobin", "mg/dL", 0.01),
        ("platelets", "10*3/uL", 1),
        ("platelets", "/uL", 0.001),
        ("rbc", "10*6/uL", 1),
        ("hematocrit", "L/L", 100),
        ("urine_mma_ratio", "umol/mmol{creat}", 1),
        ("urine_mma_ratio", "mg/g{creat}", 1 / 1.0439),
    ],
)
def test_conversion_factors_are_those_of_the_published_tables(key, unit, expected):
    assert factor(key, unit) == pytest.approx(expected, rel=2e-4)


def test_a_power_of_ten_is_exact():
    assert factor("hemoglobin", "g/dL") == 10.0
    assert factor("mma", "nmol/L") == 0.001
    assert measure("mma", "271 nmol/L").low == pytest.approx(0.271, rel=1e-12)


def test_every_spelling_belongs_to_one_unit_of_its_kind():
    for kind in {unit.kind for unit in units().units}:
        seen = {}
        for unit in units().units:
            if unit.kind == kind:
                for spelling in (unit.ucum, *unit.spellings):
                    assert seen.setdefault(spelling, unit.ucum) == unit.ucum, (kind, spelling)


def test_every_unit_can_be_converted_for_every_analyte_that_accepts_it():
    for analyte in analytes().values():
        for unit in units().units:
            if unit.kind in analyte.kinds:
                assert factor(analyte.key, unit.ucum) > 0


def test_unit_strings_seen_on_reports_are_read_or_refused_with_a_reason(shared_file):
    with shared_file("data/unit_strings.csv").open(encoding="utf-8") as file:
        strings = [row[0] for row in csv.reader(file)][1:]
    assert len(strings) > 80
    for string in strings:
        accepting, reasons = [], []
        for analyte in analytes().values():
            try:
                accepting.append((analyte.key, find_unit(analyte, string).ucum))
            except MeasurementError as error:
                reasons.append(error.code)
        assert accepting or set(reasons) == {"missing_unit"}, string


@given(st.text(max_size=30), st.sampled_from(sorted(analytes())))
def test_any_text_is_read_or_refused_and_never_anything_else(text, key):
    def read():
        try:
            return measure(key, text, unit=analytes()[key].unit)
        except MeasurementError as error:
            return error

    found = read()
    if isinstance(found, MeasurementError):
        assert (found.field, bool(found.code)) == (key, True)
    else:
        assert found is None or 0 <= found.low <= found.high


def by_pint(analyte, unit, canonical_unit):
    """Return the factor into the canonical unit as pint derives it, with the molar mass between mass and amount."""
    registry = unit_registry()

    def molar_mass(key):
        return registry.Quantity(analytes()[key].molar_mass.value, analytes()[key].molar_mass.unit)

    given, canonical = (registry.Quantity(1.0) * registry.parse_expression(one.pint) for one in (unit, canonical_unit))
    if unit.kind == "ratio_to_creatinine" and unit.per_mass_of_creatinine != canonical_unit.per_mass_of_creatinine:
        given = given * molar_mass("creatinine") / molar_mass(analyte.key)
    elif given.check("[mass]/[volume]") and canonical.check("[substance]/[volume]"):
        given = given / molar_mass(analyte.key)
    elif any(given.check(f"[substance]{per}") and canonical.check(f"[mass]{per}") for per in ("", "/[volume]")):
        given = given * molar_mass(analyte.key)
    return (given / canonical).to("dimensionless").magnitude


def test_every_factor_is_what_pint_makes_of_it():
    listed = {(unit.kind, unit.ucum): unit for unit in units().units}
    for analyte in analytes().values():
        accepted = [unit for (kind, _), unit in listed.items() if kind in analyte.kinds]
        canonical = next(unit for unit in accepted if unit.ucum == analyte.unit)
        for unit in accepted:
            assert factor(analyte.key, unit.ucum) == float(f"{by_pint(analyte, unit, canonical):.12g}"), (
                analyte.key,
                unit.ucum,
            )


def test_every_unit_has_the_size_that_pint_gives_it():
    registry = unit_registry()
    for unit in units().units:
        assert unit.si == pytest.approx(
            (registry.Quantity(1.0) * registry.parse_expression(unit.pint)).to_base_units().magnitude, rel=1e-14
        ), unit


@pytest.mark.parametrize("key", sorted(analytes()))
@pytest.mark.parametrize("value", [True, "pending", "posotive", "hgih"])
def test_a_refusal_names_only_words_that_the_analyte_accepts(key, value):
    with pytest.raises(MeasurementError) as caught:
        measure(key, value)
    for word in re.findall(r"(?:such as|did you mean) '(\w+)'", str(caught.value)):
        assert measure(key, word).flag


def test_panels_that_are_equal_have_one_hash():
    given = {"b12": "<150 pg/mL", "mma": "0.4 umol/L", "age": 67, "folate": "zzz", "medicines": ["metformin"]}
    panel, same = (read_panel(dict(items), report=True) for items in (given.items(), reversed(given.items())))
    assert panel == same
    assert len({panel, same, read_panel({**given, "b12": "150 pg/mL"}, report=True)}) == 2


def test_mch_of_a_cell_is_read_in_femtomoles_of_hemoglobin():
    assert measure("mch", "1.9 fmol").low == pytest.approx(30.6, abs=0.05)


@pytest.mark.parametrize("word", ["not low", "ND", "low normal", "no longer low"])
def test_no_hint_leads_to_a_word_that_says_another_thing(word):
    with pytest.raises(MeasurementError) as caught:
        measure("b12", word)
    assert "did you mean" not in caught.value.message


def test_a_unit_beside_no_result_contradicts_nothing():
    assert measure("b12", {"value": "NULL", "unit": "pmol/L"}, unit="pg/mL") is None


def test_a_result_that_states_another_unit_than_its_column_is_not_used():
    with pytest.raises(MeasurementError):
        measure("b12", {"value": "145", "unit": "pg/mL"}, unit="pmol/L")
    assert measure("b12", {"value": "145", "unit": "pg/mL"}, unit="ng/L").low == 145
    assert measure("b12", {"value": "", "unit": "pg/mL"}, unit="pmol/L") is None
    assert measure("b12", {"value": "n/a", "unit": "pg/mL"}, unit="pmol/L") is None


def test_a_result_in_doubt_is_read_in_both_units_until_it_is_settled():
    doubtful = measure("b12", "60000 pg/mL")
    assert (doubtful.low, doubtful.high, doubtful.other) == (60, 60000, "60 pg/mL")
    stated, other = doubtful.as_it_stands(), doubtful.in_the_other_unit()
    assert (stated.low, stated.high, other.low, other.high) == (60000, 60000, 60, 60)


@pytest.mark.parametrize("end", [float("inf"), -1, "<900", "900 pmol/L"])
def test_an_end_of_the_laboratory_s_interval_is_a_number_in_the_unit_of_the_value(end):
    with pytest.raises(MeasurementError, match="expected a number in the unit of the value for reference_high"):
        measure("b12", {"value": 145, "unit": "pg/mL", "reference_high": end})


@pytest.mark.parametrize(
    ("value", "unit", "given"),
    [
        ({"value": 145, "unit": "ng/L"}, "pg/mL", "145 ng/L"),
        ({"value": 145}, "pg/mL", "145 pg/mL"),
        ((145, "ng/L"), "pg/mL", "145 ng/L"),
        (145, "pg/mL", "145 pg/mL"),
        (145, None, "145"),
    ],
)
def test_a_result_is_told_as_it_was_given_with_its_own_unit_or_that_of_its_column(value, unit, given):
    assert as_given(value, unit) == given


@pytest.mark.parametrize("value", [True, np.True_, False])
def test_yes_and_no_are_no_numbers(value):
    with pytest.raises(MeasurementError):
        measure("b12", value, unit="pg/mL")
