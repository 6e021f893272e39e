"""A unit is understood by its parts, or not read; no addition makes it a unit of another size."""

import csv
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b12labs.errors import MeasurementError
from b12labs.inputs.units import find_unit
from b12labs.reference import analytes, units

#: One analyte for every kind of quantity.
OF_KIND = {
    "mass_concentration": "b12", "substance_concentration": "b12", "number_concentration": "platelets", "mass": "mch",
    "fraction": "hematocrit", "volume": "mcv", "catalytic_concentration": "ldh", "filtration_rate": "egfr",
    "ratio_to_creatinine": "urine_mma_ratio", "arbitrary_concentration": "intrinsic_factor_antibody",
}  # fmt: skip


def unit(key, spelling):
    return find_unit(analytes()[key], spelling)


@pytest.mark.parametrize(
    ("key", "spelling", "ucum"),
    [
        ("platelets", "10⁹/L", "10*9/L"), ("wbc", "Tsd./µl", "10*3/uL"), ("wbc", "千/μL", "10*3/uL"),
        ("rbc", "百万/μl", "10*6/uL"), ("platelets", "×万/μl", "10*4/uL"), ("wbc", "{cells}/uL", "/uL"),
        ("wbc", "10*3{cells}/uL", "10*3/uL"), ("wbc", "1000/uL", "10*3/uL"), ("wbc", "billion per liter", "10*9/L"),
        ("b12", "nanograms per milliliter", "ng/mL"), ("b12", "picogram/mL", "pg/mL"), ("b12", "ｐｇ／ｍｌ", "pg/mL"),
        ("hemoglobin", "gram per deciliter", "g/dL"), ("hemoglobin", "g/dL.", "g/dL"), ("mcv", "µm³", "fL"),
        ("mch", "pg{RBC}", "pg"), ("homocysteine", "mikromol/L", "umol/L"), ("mma", "μﾓﾙ/L", "umol/L"),
        ("ldh", "UI/L", "U/L"), ("egfr", "ml/min/1.73㎡", "mL/min/{1.73_m2}"), ("hematocrit", "vol%", "%"),
        ("urine_mma_ratio", "mg/g Krea", "mg/g{creat}"), ("rbc_folate", "nmol/L RBC", "nmol/L"),
    ],
)  # fmt: skip
def test_spellings_of_many_countries_are_understood(key, spelling, ucum):
    wanted = next(unit for unit in units().units if unit.ucum == ucum and unit.kind in analytes()[key].kinds)
    found = unit(key, spelling)
    assert found.kind == wanted.kind
    assert math.isclose(found.si, wanted.si)


@pytest.mark.parametrize(
    ("key", "spelling"),
    [
        ("b12", "ng/m"), ("b12", "pg"), ("mma", "mmo/l"), ("mma", "nM/L"), ("wbc", "×10^3"), ("wbc", "x10^3/μ"),
        ("wbc", "g/l"), ("egfr", "ml/min"), ("egfr", "mL/min/1.732"), ("b12", "ρg/ml"),
        ("intrinsic_factor_antibody", "μ/ml"), ("hemoglobin", "nmol/L RBC x"), ("b12", "x" * 100),
        ("folate", "ng/mL RBC"), ("urine_mma_ratio", "Mﾓﾙ/ﾓﾙ.CRE"), ("wbc", "mil/mm3"),
    ],
)  # fmt: skip
def test_a_unit_that_is_cut_short_misprinted_or_ambiguous_is_not_read(key, spelling):
    with pytest.raises(MeasurementError):
        unit(key, spelling)


@pytest.mark.parametrize(
    ("key", "spelling"), [("wbc", "TH/CMM"), ("rbc", "mil/mm3"), ("hemoglobin", "g/mL"), ("ferritin", "uIU/mL")]
)
def test_no_hint_leads_to_a_unit_of_another_size(key, spelling):
    with pytest.raises(MeasurementError) as caught:
        unit(key, spelling)
    assert "did you mean" not in caught.value.message


@given(
    st.sampled_from([unit for unit in units().units if unit.kind in OF_KIND]), st.sampled_from("?!Δ√~=模モж"), st.data()
)
def test_a_sign_that_is_not_understood_makes_no_other_unit(listed, sign, data):
    place = data.draw(st.integers(0, len(listed.ucum)))
    try:
        found = unit(OF_KIND[listed.kind], listed.ucum[:place] + sign + listed.ucum[place:])
    except MeasurementError:
        return
    assert math.isclose(found.si, listed.si)


def test_of_published_spellings_nine_in_ten_are_read_and_none_with_another_size(shared_file):
    rows = list(csv.DictReader(shared_file("codes/unit_spellings_given.csv").read_text("utf-8").splitlines()))
    same = {"[IU]/L": "U/L", "[arb'U]/mL": "U/mL", "10*6/L": "/uL"}
    sizes = {(unit.kind, unit.ucum): unit.si for unit in units().units}
    read = 0
    for row in rows:
        key = "rbc_folate" if "L RBC" in row["spelling"] else OF_KIND.get(row["kind"])
        size = sizes.get((row["kind"], same.get(row["kind_or_ucum"], row["kind_or_ucum"])))
        if key is None:
            continue
        try:
            found = unit(key, row["spelling"])
        except MeasurementError:
            continue
        assert size is not None, row
        assert math.isclose(found.si, size, rel_tol=1e-9), row
        read += 1
    assert read >= 0.9 * len(rows)
