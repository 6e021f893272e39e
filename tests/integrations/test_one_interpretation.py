"""One panel, five ways in:

keywords, a row of a CSV, a FHIR Bundle, an HL7 v2 message and the prefetch of CDS Hooks give one interpretation.
"""

import csv

from hypothesis import given
from hypothesis import strategies as st

from b12labs import interpret
from b12labs.files.interpreting import read_row
from b12labs.integrations import fhir, hl7v2
from b12labs.integrations.cds_hooks.options import Options
from b12labs.integrations.cds_hooks.prefetch import received
from tests.integrations.fhir.resources import bundle, observation, patient, quantity
from tests.integrations.fhir.test_properties import UNITS, panels
from tests.integrations.hl7v2.test_hl7v2 import as_message


@given(panels.filter(bool), st.sampled_from(["female", "male"]))
def test_the_same_panel_has_one_interpretation_whichever_way_it_comes(tmp_path_factory, results, sex):
    words = {name: f"{comparator}{value} {UNITS[name]}" for name, (comparator, value) in results.items()}
    expected = interpret(**words, age=67, sex=sex)

    path = tmp_path_factory.mktemp("one") / "row.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        cells = [f"{comparator}{value}" for comparator, value in results.values()]
        csv.writer(file).writerows(
            [[*(f"{name} [{UNITS[name]}]" for name in results), "age", "sex"], [*cells, "67", sex]]
        )
    row = read_row(path, 1)
    assert interpret(**row.values, decimal=row.decimal) == expected

    who = patient(birthDate="1957-01-15", gender=sex)
    observations = [
        observation(
            name,
            id=name,
            valueQuantity=quantity(value, UNITS[name]) | ({"comparator": comparator} if comparator else {}),
        )
        for name, (comparator, value) in results.items()
    ]
    [draw] = fhir.read(bundle(who, *observations), patient="7").draws
    assert interpret(draw.panel) == expected

    [draw] = hl7v2.read(as_message(words, birth="19570115", sex=sex[0].upper())).draws
    assert interpret(draw.panel) == expected

    sent = received({"patient": who, "results": bundle(*observations)}, Options())
    [draw] = fhir.read(sent.resources, patient="7").draws
    assert interpret(draw.panel) == expected
