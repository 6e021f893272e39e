"""The official examples of FHIR R4:

every one is read without an exception, and each result in them is used or reported.
"""

import json
import os
import re
from decimal import Decimal

import pytest

from b12labs import interpret
from b12labs.integrations import fhir
from b12labs.integrations.json_input import JsonInputError, read_json
from tests.conftest import ROOT

FOLDER = ROOT / "tests/fhir_validators" / "node_modules" / "hl7.fhir.r4.examples"
#: Its decimals are there to break readers: hundreds of digits, exponents of 245.
BEYOND = "Observation-decimal.json"


@pytest.fixture(scope="module")
def examples():
    """Return the examples by file, and what the strict reader refuses those for that it does not read."""
    if not FOLDER.exists() and os.environ.get("CI") != "true":
        pytest.skip("the official examples are not here: npm ci --prefix tests/fhir_validators")
    read, refused = {}, {}
    for path in sorted(FOLDER.glob("*.json")):
        try:
            read[path.name] = read_json(path.read_bytes())
        except JsonInputError as error:
            refused[path.name] = error.code
    assert len(read) > 5000
    return read, refused


def observations(node):
    """Yield every Observation in a resource, with what it is called."""
    if isinstance(node, dict):
        if node.get("resourceType") == "Observation":
            yield node
        for part in node.values():
            yield from observations(part)
    elif isinstance(node, list):
        for part in node:
            yield from observations(part)


def results_in(observation):
    """Return how many results an Observation has: its own, and its components'."""
    own = any(key.startswith("value") for key in observation) or not (
        "component" in observation or "hasMember" in observation
    )
    return own + len(observation.get("component", ()))


def test_every_example_is_read_and_each_result_used_or_reported(examples):
    read, _ = examples
    used = reported = 0
    for name, resource in read.items():
        reading = fhir.read(resource)
        sources = [source for draw in reading.draws for source in draw.sources.values()]
        said = [source for source, problem in reading.problems if problem.code != "not_in_data"]
        expected = sum(map(results_in, observations(resource)))
        assert len(sources) + len(said) >= expected, name
        assert len(set(sources)) == len(sources), name
        used, reported = used + len(sources), reported + len(said)
        for draw in reading.draws:
            interpret(draw.panel)
    assert used >= 45
    assert reported >= 500


def test_only_definitions_without_results_are_refused_as_json(examples):
    refused = dict(examples[1])
    assert set(refused.values()) == {"too_large"}
    for name in refused:
        assert not re.search(rb'"resourceType"\s*:\s*"Observation"', (FOLDER / name).read_bytes()), name


def test_the_decimals_that_break_readers_raise_nothing_but_our_own_errors(examples):
    assert fhir.read(json.loads((FOLDER / BEYOND).read_bytes(), parse_float=Decimal)).problems


def test_the_blood_count_report_is_read_with_their_ranges(examples):
    reading = fhir.read(examples[0]["Bundle-101.json"])
    [draw] = reading.draws
    hemoglobin = draw.panel.results["hemoglobin"]
    assert (hemoglobin.given, hemoglobin.reference_low, hemoglobin.reference_high) == ("176 g/L", 135, 180)
    assert (draw.patient, draw.time) == ("Patient/pat2", "2011-03-04T08:30:00+11:00")
    assert draw.panel.results["mcv"].flag == "high"
