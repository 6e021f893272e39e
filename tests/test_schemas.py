"""The JSON Schemas: what they allow is read, what comes out satisfies them, and what is wrong does not."""

import json
import re
from pathlib import Path

import jsonschema_rs
import pytest
from hypothesis import given

from b12labs import B12LabsError, interpret, read_panel, schemas
from b12labs.cli.main import main
from b12labs.inputs.measurement import measure
from b12labs.inputs.units import find_unit
from b12labs.reference import analytes, context
from b12labs.reference import units as listed
from tests.strategies import GUIDELINES, patients, results, st
from validation.published_cases import read_case

FOLDER = Path(__file__).parents[1] / "docs/schemas"
PANEL = jsonschema_rs.validator_for(schemas.panel_schema())
INTERPRETATION = jsonschema_rs.validator_for(schemas.interpretation_schema())
COMPACT = jsonschema_rs.validator_for(schemas.compact_interpretation_schema())
WHOLE = {
    "b12": "145 pg/mL",
    "mma": {"value": "0.62", "unit": "umol/L", "reference_high": 0.4},
    "homocysteine": {"value": 22, "unit": "umol/L"},
    "intrinsic_factor_antibody": "positive",
    "hemoglobin": 10.4,
    "units": {"hemoglobin": "g/dL"},
    "age": 67,
    "sex": "female",
    "symptoms": ["ataxia"],
    "medicines": "metformin; omeprazole",
    "nitrous_oxide": True,
    "guideline": "nice-ng239",
    "formulary": "uk",
    "unreported_context": "absent",
    "folate": None,
}


def interpreted(**values):
    return json.loads(interpret(**values).to_json())


@pytest.mark.parametrize("name", schemas.NAMES)
def test_the_schemas_are_schemas_of_their_dialect_and_say_which_version_they_are(name):
    made = schemas.schema(name)
    jsonschema_rs.meta.validate(made)
    assert made["$id"] == f"urn:b12labs:schema:{name}:1"


def test_the_command_line_prints_a_schema(capsys):
    assert main(["schema", "panel"]) == 0
    assert json.loads(capsys.readouterr().out) == schemas.panel_schema()
    assert main(["schema"]) == 0
    listed = capsys.readouterr().out.split()
    assert {"urn:b12labs:schema:interpretation:1", "urn:b12labs:schema:compact_interpretation:1"} <= set(listed)


def test_the_panel_schema_has_every_keyword_of_interpret():
    from inspect import signature

    from b12labs.inputs.panel import PATIENT_FIELDS
    from b12labs.reference import CONTEXT_FIELDS

    # What a site calls things is for the host to say, and not for a request.
    named = {*signature(interpret).parameters} - {"panel", "errors", "values", "mapping"}
    assert set(schemas.panel_schema()["properties"]) == {
        *analytes(),
        *PATIENT_FIELDS,
        *CONTEXT_FIELDS,
        *context().terms,
        *named,
    }


def test_a_panel_in_every_form_satisfies_the_schema_and_is_read():
    PANEL.validate(WHOLE)
    assert interpreted(**WHOLE)["problems"] == []


def test_every_unit_of_the_schema_is_one_that_the_analyte_is_read_in():
    definitions = schemas.panel_schema()["$defs"]
    for analyte in analytes().values():
        for kind in analyte.kinds:
            for spelling in definitions[f"unit_of_{kind}"]["enum"]:
                assert find_unit(analyte, spelling).kind == kind
    assert {kind for analyte in analytes().values() for kind in analyte.kinds} <= {unit.kind for unit in listed().units}


def test_every_word_of_the_schema_is_read():
    made = schemas.panel_schema()
    definitions = made["$defs"]
    for field in ("sex", "trimester"):
        for word in made["properties"][field]["enum"]:
            read_panel({field: word})
    for word in definitions["yes_no"]["enum"]:
        read_panel({"pregnant": word, "metformin": word})
    read_panel({"symptoms": definitions["term"]["enum"]})
    for name, analyte in (("flag", "b12"), ("flag_or_found", "intrinsic_factor_antibody")):
        for word in definitions[name]["enum"]:
            assert measure(analyte, word).flag is not None
            assert measure(analyte, {"flag": word}).flag is not None
    for guideline in made["properties"]["guideline"]["enum"]:
        interpret(guideline=guideline)


@given(results(), patients(), st.sampled_from(GUIDELINES))
def test_whatever_panel_is_read_satisfies_the_schema_as_does_what_comes_out(measured, patient, guideline):
    panel = {**measured, **patient, "guideline": guideline}
    PANEL.validate(panel)
    INTERPRETATION.validate(interpreted(**panel))
    COMPACT.validate(json.loads(interpret(**panel).to_json(detail="holds")))


def test_published_cases_satisfy_the_schema(shared_file):
    for case in json.loads(shared_file("cases/published_cases.json").read_text(encoding="utf-8")):
        values, _ = read_case(case)
        INTERPRETATION.validate(json.loads(interpret(**values, errors="report").to_json()))


@pytest.mark.parametrize(
    "wrong",
    [
        {"b21": "145 pg/mL"},
        {"b12": [145, "pg/mL"]},
        {"b12": True},
        {"b12": "-145 pg/mL"},
        {"b12": -145, "units": {"b12": "pg/mL"}},
        {"b12": "pg/mL"},
        {"b12": "positive"},
        {"b12": {"value": 145, "unit": "mg/furlong"}},
        {"b12": {"value": 145, "unit": "fL"}},
        {"b12": {"amount": 145, "unit": "pg/mL"}},
        {"b12": {"value": 145, "unit": "pg/mL", "flag": "perhaps"}},
        {"b12": {"value": 145, "unit": "pg/mL", "reference_low": "from 180"}},
        {"b12": 145, "units": {"b12": "mg/furlong"}},
        {"units": {"b21": "pg/mL"}},
        {"age": -1},
        {"age": 131},
        {"age": "34M"},
        {"sex": "femal"},
        {"pregnant": "perhaps"},
        {"trimester": 4},
        {"gestational_weeks": 60},
        {"elevation": 9000},
        {"symptoms": ["ataxiaa"]},
        {"nitrous_oxide": "perhaps"},
    ],
    ids=str,
)
def test_a_wrong_panel_satisfies_the_schema_as_little_as_it_is_read(wrong):
    assert not PANEL.is_valid(wrong)
    with pytest.raises(B12LabsError):
        interpret(**wrong)


@pytest.mark.parametrize(
    "wrong",
    [{"guideline": "nice"}, {"guideline": "/etc/passwd"}, {"formulary": "fr"}, {"decimal": ";"}, {"errors": "report"}],
)
def test_an_option_that_does_not_exist_does_not_satisfy_the_schema(wrong):
    assert not PANEL.is_valid(wrong)


def test_every_pattern_is_anchored_and_needs_no_flag():
    patterns = re.findall(r'"pattern": "(.*?)"', schemas.as_json("panel"))
    assert len(patterns) == 6
    assert all(pattern.startswith("^") and "(?i" not in pattern and "(?P" not in pattern for pattern in patterns)


def change(**changes):
    return {**interpreted(b12="145 pg/mL", hemoglobin="10 g/dL"), **changes}


@pytest.mark.parametrize(
    "wrong",
    [
        change(status="normal"),
        change(status=None),
        change(anemia="yes"),
        change(urgency="soon"),
        change(findings=[]),
        change(next_tests=[{"analyte": "mma"}]),
        change(results={"b12": {"analyte": "b12", "low": "145"}}),
        change(treatment={"route": "oral"}),
        {key: value for key, value in change().items() if key != "overturned_by"},
    ],
    ids=range(9),
)
def test_a_wrong_interpretation_does_not_satisfy_the_schema(wrong):
    assert not INTERPRETATION.is_valid(wrong)


@pytest.mark.parametrize("member", ["findings", "open_findings", "status"])
def test_a_compact_interpretation_says_what_holds_and_what_is_open(member):
    written = json.loads(interpret(b12="145 pg/mL").to_json(detail="holds"))
    COMPACT.validate(written)
    del written[member]
    assert not COMPACT.is_valid(written)


def test_a_reader_of_today_bears_members_that_are_added_later():
    assert INTERPRETATION.is_valid(change(certainty="high"))
