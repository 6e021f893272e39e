"""What our FHIR output means: every code that is written is defined, every code that is read is mapped."""

import json
import subprocess
import sys

import pytest
from hypothesis import given, settings

from b12labs import interpret
from b12labs.errors import PanelError
from b12labs.inputs.codes import find_code
from b12labs.inputs.context.codes import find_context_code
from b12labs.integrations.fhir.output import as_resources, to_json
from b12labs.integrations.fhir.terminology import terminology
from tests.integrations.fhir.referees import Referees, skip_without_node
from tests.integrations.fhir.test_output import ISSUED, draw_of
from tests.strategies import GUIDELINES, patients, results, st

BASE = "https://fhir.example.org"
HELD = [entry["resource"] for entry in terminology(BASE)["entry"]]


def of_kind(kind):
    return [resource for resource in HELD if resource["resourceType"] == kind]


DEFINED = {system["url"]: {concept["code"] for concept in system["concept"]} for system in of_kind("CodeSystem")}


def test_every_resource_passes_every_referee():
    skip_without_node()
    referees = Referees()
    try:
        for resource in HELD:
            faults = referees.faults(json.dumps([resource]))[0]
            faults.pop("pydantic")  # it is R4B's model, which has another shape for some of these
            assert not any(faults.values()), (resource["id"], faults)
    finally:
        referees.close()


def codings(node):
    if isinstance(node, list):
        for part in node:
            yield from codings(part)
    elif isinstance(node, dict):
        if "system" in node and "code" in node:
            yield node["system"], node["code"]
        for part in node.values():
            yield from codings(part)


@settings(max_examples=40, deadline=None)
@given(results(), patients(), st.sampled_from(GUIDELINES))
def test_every_code_of_ours_that_is_written_is_defined(measured, patient, guideline):
    draw = draw_of({**measured, **patient})
    written = as_resources(draw, interpret(draw.panel, guideline=guideline), issued=ISSUED, report=True)
    for system, code in codings(json.loads(to_json(written))):
        if system.startswith("urn:b12labs:") and system not in ("urn:b12labs:provenance", "urn:b12labs:option"):
            assert code in DEFINED[system]


def test_every_code_that_a_map_gives_an_analyte_is_read_as_that_analyte():
    (tests,) = (held for held in of_kind("ConceptMap") if held["name"] == "B12labsTestsRead")
    seen = 0
    for group in tests["group"]:
        for element in group["element"]:
            (target,) = element["target"]
            if target["equivalence"] == "equivalent" and group["source"] in (
                "http://loinc.org",
                "http://snomed.info/sct",
            ):
                key = {"http://loinc.org": "loinc", "http://snomed.info/sct": "snomed_ct"}[group["source"]]
                assert find_code(element["code"], key).analyte == target["code"]
                seen += 1
            if "code" in target:
                assert target["code"] in DEFINED["urn:b12labs:analyte"]
            else:
                assert target["comment"]
    assert seen > 150


def test_every_code_of_medicines_and_diagnoses_is_read_as_the_terms_of_the_map():
    (found,) = (held for held in of_kind("ConceptMap") if held["name"] == "B12labsContextRead")
    sources = {group["source"] for group in found["group"]}
    assert {"http://www.nlm.nih.gov/research/umls/rxnorm", "http://snomed.info/sct"} <= sources
    for group in found["group"]:
        for element in group["element"][:40]:
            meant = {target["code"] for target in element["target"] if "code" in target}
            assert meant <= DEFINED["urn:b12labs:term"]
            if meant:
                assert meant <= find_context_code(element["code"], group["source"]).terms | {"pregnancy"}


def test_urls_begin_with_the_base_and_are_all_different():
    urls = [resource["url"] for resource in HELD]
    assert len(urls) == len(set(urls))
    for resource in HELD:
        own = resource["resourceType"] != "CodeSystem"
        assert resource["url"].startswith(f"{BASE}/{resource['resourceType']}/" if own else "urn:b12labs:")
    sets = {held["url"] for held in of_kind("ValueSet")}
    bound = [
        element["binding"]["valueSet"]
        for profile in of_kind("StructureDefinition")
        for element in profile["differential"]["element"]
        if "binding" in element
    ]
    assert bound
    assert set(bound) <= sets


@pytest.mark.parametrize("base", ["fhir.example.org", "https://fhir.example.org/", "https://a b", ""])
def test_a_base_that_is_no_beginning_of_an_address_is_refused(base):
    with pytest.raises(PanelError, match="base: expected the beginning of an address"):
        terminology(base)


def test_the_command_prints_the_bundle():
    command = [sys.executable, "-m", "b12labs", "codes", "--fhir", "--base", BASE]
    printed = subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8").stdout
    assert json.loads(printed) == json.loads(to_json(terminology(BASE)))
    listed = subprocess.run(command[:4], check=True, capture_output=True, text=True).stdout
    assert "loinc" in listed
