"""Units as a journal prints them, wherever a person reads them."""

import re

import pytest

from b12labs import interpret
from b12labs.cli.main import main
from b12labs.inputs.units import factor, find_unit
from b12labs.reference import analytes, units
from b12labs.reference.unit_labels import unit_label, with_labels

#: What is UCUM's alone: no journal prints it.
UCUM = re.compile(r"10[*^]\d|\bu(?:mol|g|L)\b|[{}]|\[ppth\]")


@pytest.mark.parametrize(
    ("ucum", "label"),
    [
        ("umol/L", "µmol/L"),
        ("10*9/L", "×10⁹/L"),
        ("10*12/L", "×10¹²/L"),
        ("10*3/uL", "×10³/µL"),
        ("/uL", "/µL"),
        ("mL/min/{1.73_m2}", "mL/min/1.73 m²"),
        ("mmol/mol{creat}", "mmol/mol creatinine"),
        ("ug/g{creat}", "µg/g creatinine"),
        ("m[IU]/L", "mIU/L"),
        ("ukat/L", "µkat/L"),
        ("[ppth]", "‰"),
        ("{index}", ""),
        ("pg/mL", "pg/mL"),
        ("U/L", "U/L"),
        ("%", "%"),
    ],
)
def test_a_unit_is_printed_as_a_journal_prints_it(ucum, label):
    assert unit_label(ucum) == label


def test_every_printed_unit_is_read_back_as_a_unit_of_the_same_size():
    for key, analyte in analytes().items():
        for unit in units().units:
            label = unit_label(unit.ucum)
            if unit.kind in analyte.kinds and label:
                assert factor(key, find_unit(analyte, label).ucum) == pytest.approx(factor(key, unit.ucum))
                assert not UCUM.search(label)


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("3.9 10^9/L", "3.9 ×10⁹/L"),
        ("3.9 x10^9/L", "3.9 ×10⁹/L"),
        ("3.9x10*9/L", "3.9×10⁹/L"),
        ("180 ng/L or 133 pmol/L", "180 ng/L or 133 pmol/L"),
        ("2.1 mg/dL (so eGFR 24 mL/min/{1.73_m2})", "2.1 mg/dL (so eGFR 24 mL/min/1.73 m²)"),
        ("1.2 {index}", "1.2"),
        ("a sudden column of 10 results", "a sudden column of 10 results"),
    ],
)
def test_a_text_keeps_its_words_and_gets_its_units_printed(text, printed):
    assert with_labels(text) == printed


def test_no_door_for_a_person_shows_a_code_for_a_unit(capsys):
    result = interpret(
        b12="145 pg/mL", mma="0.62 umol/L", homocysteine="22 umol/L", creatinine="2.4 mg/dL", platelets="128 10*9/L",
        wbc="3.1 10^9/L", hemoglobin="10.4 g/dL", urine_mma_ratio="4 mmol/mol{creat}", reticulocytes="0.9 %",
        age=67, sex="female", symptoms=["ataxia"],
    )  # fmt: skip
    shown = [str(result), result._repr_html_().partition("</style>")[2], *map(str, result.evidence)]
    shown += [str(limit) for each in result.results.values() for limit in each.limits]
    shown += [str(point) for point in result.turning_points()]
    assert main(["units"]) == 0
    shown.append(capsys.readouterr().out)
    for text in shown:
        assert not UCUM.search(text), UCUM.search(text)
