"""A unit is understood by its parts, or not read; no addition makes it a unit of another size."""

import csv
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b12labs.errors import MeasurementError
from b12labs.inputs.unit_grammar import size_of
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
        ("wbc", "TH/CMM", "10*3/uL"), ("wbc", "tys./µl", "10*3/uL"), ("rbc", "millones/mm3", "10*6/uL"),
        ("platelets", "lakhs/cumm", "10*5/uL"), ("wbc", "Mrd/l", "10*9/L"), ("wbc", "10^9.L^-1", "10*9/L"),
        ("wbc", "10E+9/L", "10*9/L"), ("wbc", "10 exp 9/L", "10*9/L"), ("wbc", "1,000/uL", "10*3/uL"),
        ("wbc", "тыс/мкл", "10*3/uL"), ("rbc", "10^12/л", "10*12/L"), ("hemoglobin", "г/л", "g/L"),
        ("b12", "пмоль/л", "pmol/L"), ("b12", "pmol·L⁻¹", "pmol/L"), ("b12", "pg.mL-1", "pg/mL"),
        ("b12", "[pg/mL]", "pg/mL"), ("b12", "(pg/mL)", "pg/mL"), ("hemoglobin", "gr/dl", "g/dL"),
        ("hemoglobin", "g/mL", "g/mL"), ("hemoglobin", "mmol/L(Fe)", "mmol/L"), ("mcv", "femtolitres", "fL"),
        ("mch", "fmol", "fmol"), ("mch", "pg/Ery", "pg"), ("hematocrit", "{ratio}", "L/L"),
        ("reticulocyte_percent", "/100 RBC", "%"), ("rdw", "% CV", "%"), ("tsh", "mcIU/mL", "m[IU]/L"),
        ("egfr", "mL/min/1.73 sq. m", "mL/min/{1.73_m2}"), ("urine_mma_ratio", "mcg/g creatinine", "ug/g{creat}"),
        ("urine_mma_ratio", "ug/mg creatinine", "ug/mg{creat}"),
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
    assert found.per_mass_of_creatinine == wanted.per_mass_of_creatinine
    assert math.isclose(found.si, wanted.si)


#: Powers of ten of a cubic meter.
VOLUMES = {
    -3: "L dm3 liter litres", -4: "dL 100mL deciL deciliter", -5: "cL",
    -6: "mL cm3 milliL milliliter", -9: "uL mcL microL mikroL mm3 mm^3 mm*3 cumm cmm microliter mikroliter",
    -12: "nL nanoliter", -15: "pL picoliter", -18: "fL um3 um^3 femtoliter",
}  # fmt: skip
#: Powers of ten.
NUMBERS = {
    0: ("", "1", "x"), 2: ("hundred", "100"), 3: ("K", "thou", "thousand", "Tsd.", "tausend", "1000", "10*3"),
    4: ("x10000", "10e4"), 5: ("lakh",), 6: ("Mio", "mill", "million", "Mpt", "1000000", "10(6)"),
    9: ("G", "giga", "billion", "Gpt", "x10E09"), 12: ("T", "tera", "trillion", "Tpt", "10^12"),
}  # fmt: skip
#: Powers of ten of a gram, a mole, a katal.
PREFIXES = {
    -15: ("f", "femto", "F"), -12: ("p", "pico", "P"), -9: ("n", "nano", "N"), -3: ("m", "milli", "M"), 0: ("",),
    -6: ("u", "mc", "mic", "micro", "mikro", "U"), 3: ("k",),
}  # fmt: skip


def is_power(size, power):
    return size is not None and math.isclose(size, 10.0**power, rel_tol=1e-12)


@pytest.mark.parametrize(("power", "volume"), [(p, each) for p, words in VOLUMES.items() for each in words.split()])
def test_a_volume_has_its_size(power, volume):
    assert is_power(size_of("number_concentration", f"1/{volume}"), -power)
    assert is_power(size_of("mass_concentration", f"kg/{volume}"), -power)


@pytest.mark.parametrize(("power", "number"), [(p, each) for p, words in NUMBERS.items() for each in words])
def test_a_number_before_a_volume_has_its_size(power, number):
    assert is_power(size_of("number_concentration", f"{number}/L"), power + 3)


@pytest.mark.parametrize(("power", "prefix"), [(p, each) for p, words in PREFIXES.items() for each in words])
def test_a_prefix_has_its_size(power, prefix):
    upper = prefix.isupper()
    assert is_power(size_of("substance_concentration", f"{prefix}{'MOL' if upper else 'mol'}/L"), power + 3)
    assert is_power(size_of("catalytic_concentration", f"{prefix}{'KAT' if upper else 'kat'}/L"), power + 3)
    assert is_power(size_of("mass_concentration", f"{prefix}{'G' if upper else 'g'}/L"), power)


@pytest.mark.parametrize(
    ("kind", "spelling", "size"),
    [
        ("fraction", "%", 0.01), ("fraction", "vol%", 0.01), ("fraction", "Volume%", 0.01),
        ("fraction", "percent", 0.01),
        ("fraction", "L/L", 1), ("fraction", "ml/ml", 1), ("fraction", "dL/dL", 1), ("fraction", "osuus", 1),
        ("fraction", "suhde", 1), ("fraction", "o/oo", 1e-3), ("fraction", "promille", 1e-3),
        ("fraction", "permille", 1e-3),
        ("volume", "fL", 1e-18), ("volume", "um^3", 1e-18), ("volume", "femtoliters", 1e-18),
        ("volume", "cubic micron", 1e-18),
        ("mass", "pg/cell", 1e-15), ("mass", "picograms", 1e-15), ("mass", "pg RBC", 1e-15),
        ("catalytic_concentration", "U/L", 1 / 60_000), ("catalytic_concentration", "IE/l/37C", 1 / 60_000),
        ("catalytic_concentration", "umol/(s.L)", 1e-3),
        ("filtration_rate", "ml/min/1.73m2", 1e-6 / 60), ("arbitrary_concentration", "AU/mL", 1),
        ("hormone_activity", "mIU/L", 1), ("hormone_activity", "uIU/mL", 1), ("hormone_activity", "mIU/mL", 1e3),
        ("hormone_activity", "mcIU/L", 1e-3), ("fraction", "% CV", 0.01), ("fraction", "/1000 RBC", 1e-3),
        ("ratio_to_creatinine", "mmol/mol creat", 1e-3), ("ratio_to_creatinine", "umol/mmol crea", 1e-3),
        ("ratio_to_creatinine", "mg/g creatinine", 1e-3), ("ratio_to_creatinine", "ug/mg cr", 1e-3),
        ("mass_concentration", "gHb/dL", 10), ("mass_concentration", "MG/DL", 0.01),
    ],
)  # fmt: skip
def test_a_spelling_of_every_kind_has_its_size(kind, spelling, size):
    assert size_of(kind, spelling) == pytest.approx(size, rel=1e-12, abs=0)


def test_a_spelling_of_more_than_60_signs_is_no_unit():
    assert size_of("mass_concentration", "g" + " " * 57 + "/L") == 1
    assert size_of("mass_concentration", "g" + " " * 58 + "/L") is None
    assert size_of("mass_concentration", "") is None


@pytest.mark.parametrize(
    ("kind", "spelling"),
    [
        ("mass_concentration", "Mg/L"), ("substance_concentration", "Mmol/L"), ("mass_concentration", "mg"),
        ("mass_concentration", "mg/cell"), ("number_concentration", "10^9"), ("number_concentration", "many/L"),
        ("number_concentration", "/cell"), ("ratio_to_creatinine", "mg/mmol creat"), ("volume", "pg"), ("mass", "fL"),
        ("fraction", "L"), ("filtration_rate", "mL/min"), ("arbitrary_concentration", "U/L"), ("no such kind", "g/L"),
    ],
)  # fmt: skip
def test_what_is_no_unit_of_a_kind_has_no_size(kind, spelling):
    assert size_of(kind, spelling) is None


@pytest.mark.parametrize(
    ("key", "spelling"),
    [
        ("b12", "ng/m"), ("b12", "pg"), ("mma", "mmo/l"), ("mma", "nM/L"), ("wbc", "×10^3"), ("wbc", "x10^3/μ"),
        ("wbc", "g/l"), ("egfr", "ml/min"), ("egfr", "mL/min/1.732"), ("b12", "ρg/ml"),
        ("intrinsic_factor_antibody", "μ/ml"), ("hemoglobin", "nmol/L RBC x"), ("b12", "x" * 100),
        ("folate", "ng/mL RBC"), ("urine_mma_ratio", "Mﾓﾙ/ﾓﾙ.CRE"), ("wbc", "mil/mm3"), ("wbc", "MIL/uL"),
        ("wbc", "mil/µL"), ("wbc", "Mil/mm³"), ("wbc", "10^-9/L"), ("wbc", "{10*3}/uL"), ("wbc", "{K}/uL"),
    ],
)  # fmt: skip
def test_a_unit_that_is_cut_short_misprinted_or_ambiguous_is_not_read(key, spelling):
    with pytest.raises(MeasurementError):
        unit(key, spelling)


@pytest.mark.parametrize(
    ("key", "spelling"),
    [
        ("wbc", "mil/µL"), ("rbc", "MIL/mm3"), ("ferritin", "uIU/mL"), ("b12", "pmol/dL"), ("b12", "pg/L"),
        ("homocysteine", "umol/dL"), ("ldh", "mkat/L"), ("tsh", "mIU/mL"), ("egfr", "mL/s/1.73m2"), ("wbc", "10-9/L"),
        ("b12", "nmol/h/L"), ("hemoglobin", "mg/h"),
    ],
)  # fmt: skip
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
    same = {"[IU]/L": "U/L", "[arb'U]/mL": "U/mL", "10*6/L": "/uL", "kg/L": "g/mL"}
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
