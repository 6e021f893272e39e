"""One panel, six ways in:

keywords, a row of a CSV, long rows, a FHIR Bundle, an HL7 v2 message and the prefetch of CDS Hooks give one
interpretation, with medicines and diagnoses by codes of every system and by products.
"""

import csv

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from b12labs import interpret, interpret_long
from b12labs.files.interpreting import read_row
from b12labs.integrations import fhir, hl7v2
from b12labs.integrations.cds_hooks.prefetch import received
from b12labs.integrations.options import Options
from tests.integrations.fhir.resources import bundle, concept, condition, observation, patient, quantity, request
from tests.integrations.fhir.test_properties import UNITS, panels
from tests.integrations.hl7v2.test_hl7v2 import as_message

#: Each by the name of its code system in words, in FHIR and in HL7 v2, with a code; a product has a text alone.
MEDICINES = [
    ("ATC", "http://www.whocc.no/atc", "ATC", "A10BA02"),
    ("ATC", "http://www.whocc.no/atc", "ATC", "B03AE01"),
    ("ATC", "http://www.whocc.no/atc", "ATC", "C09AA02"),
    ("RxNorm", "http://www.nlm.nih.gov/research/umls/rxnorm", "RXNORM", "7646"),
    ("SNOMED CT", "http://snomed.info/sct", "SCT", "372567009"),
    ("dm+d", "https://dmd.nhs.uk", "DMD", "68887009"),
    ("Read v2", "http://read.info/readv2", "READ2", "i312."),
    "cyanocobalamin 1 MG/ML Injectable Solution",
    "METFORMIN AL 500",
    "Folsäure 5 mg",
    "metformin",
]
DIAGNOSES = [
    ("ICD-10", "http://hl7.org/fhir/sid/icd-10", "I10", "D51.0"),
    ("ICD-10-CM", "http://hl7.org/fhir/sid/icd-10-cm", "I10C", "Z98.84"),
    ("ICD-10-GM", "http://fhir.de/CodeSystem/bfarm/icd-10-gm", "I10G2024", "K90.0"),
    ("SKS", "urn:oid:1.2.208.176.2.4", "SKS", "DN185"),
    ("ICD-9-CM", "http://hl7.org/fhir/sid/icd-9-cm", "I9C", "281.0"),
    ("SNOMED CT", "http://snomed.info/sct", "SCT", "84027009"),
    ("CTV3", "http://read.info/ctv3", "CTV3", "XE2ro"),
    ("ICD-10", "http://hl7.org/fhir/sid/icd-10", "I10", "S93.4"),
    "pernicious anaemia",
]


def in_words(said):
    return said if isinstance(said, str) else f"{said[0]} {said[3]}"


def as_concept(said):
    return {"text": said} if isinstance(said, str) else concept(said[3], said[1])


def as_coded(said):
    return f"^{said}" if isinstance(said, str) else f"{said[3]}^^{said[2]}"


@given(
    panels.filter(bool),
    st.sampled_from(["female", "male"]),
    st.lists(st.sampled_from(MEDICINES), max_size=2, unique=True),
    st.lists(st.sampled_from(DIAGNOSES), max_size=2, unique=True),
)
def test_the_same_patient_has_one_interpretation_whichever_way_it_comes(
    tmp_path_factory, results, sex, medicines, diagnoses
):
    words = {name: f"{comparator}{value} {UNITS[name]}" for name, (comparator, value) in results.items()}
    context = {"medicines": [in_words(said) for said in medicines], "diagnoses": [in_words(said) for said in diagnoses]}
    expected = interpret(**words, **context, age=67, sex=sex)

    path = tmp_path_factory.mktemp("one") / "row.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        cells = [f"{comparator}{value}" for comparator, value in results.values()]
        told = ["; ".join(said) for said in context.values()]
        csv.writer(file).writerows(
            [[*(f"{name} [{UNITS[name]}]" for name in results), "age", "sex", *context], [*cells, "67", sex, *told]]
        )
    row = read_row(path, 1)
    assert interpret(**row.values, decimal=row.decimal) == expected

    rows = [
        {"patient": "7", "time": "2024-03-01", "test": name, "value": f"{comparator}{value}", "unit": UNITS[name]}
        for name, (comparator, value) in results.items()
    ]
    beside = {"age": "67", "sex": sex} | {name: "; ".join(said) for name, said in context.items()}
    [long] = interpret_long(pd.DataFrame(rows).assign(**beside)).to_dict("records")
    assert (long["status"], long["treatment_route"]) == (expected.status, expected.treatment.route)
    assert (long["urgency"], long["next_tests"]) == (
        expected.urgency,
        "; ".join(t.analyte for t in expected.next_tests),
    )

    who = patient(birthDate="1957-01-15", gender=sex)
    observations = [
        observation(
            name,
            id=name,
            valueQuantity=quantity(value, UNITS[name]) | ({"comparator": comparator} if comparator else {}),
        )
        for name, (comparator, value) in results.items()
    ]
    conditions = [condition(id=f"c{n}", code=as_concept(said)) for n, said in enumerate(diagnoses)]
    drugs = [request(id=f"r{n}", medicationCodeableConcept=as_concept(said)) for n, said in enumerate(medicines)]
    [draw] = fhir.read(bundle(who, *observations, *conditions, *drugs), patient="7").draws
    assert interpret(draw.panel) == expected

    segments = [f"DG1|{n}||{as_coded(said)}" for n, said in enumerate(diagnoses)]
    segments += [f"RXE||{as_coded(said)}" for said in medicines]
    message = as_message(words, birth="19570115", sex=sex[0].upper())
    [draw] = hl7v2.read("\r".join([message, *segments])).draws
    assert interpret(draw.panel) == expected

    sent = received(
        {
            "patient": who,
            "results": bundle(*observations),
            "conditions": bundle(*conditions),
            "medications": bundle(*drugs),
        },
        Options(),
    )
    [draw] = fhir.read(sent.resources, patient="7").draws
    assert interpret(draw.panel) == expected
