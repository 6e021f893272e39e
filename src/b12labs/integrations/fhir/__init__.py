"""FHIR R4 in and out, on plain dicts.

`read` turns resources into panels, and `read_ndjson` a bulk export. `read_json` reads JSON and keeps the digits of
numbers. `as_resources` writes an interpretation, and `to_json` keeps its decimals.
"""

from b12labs.integrations.fhir.ndjson import read_ndjson
from b12labs.integrations.fhir.output import as_resources, to_json
from b12labs.integrations.fhir.reading import read
from b12labs.integrations.json_input import read_json

__all__ = ["as_resources", "read", "read_json", "read_ndjson", "to_json"]
