"""FHIR R4 in and out, on plain dicts.

`read` makes panels of resources, and `read_ndjson` of a bulk export; `read_json` reads a text with the digits of its
numbers. `as_resources` writes what was concluded, and `to_json` keeps its decimals.
"""

from b12labs.integrations.fhir.ndjson import read_ndjson
from b12labs.integrations.fhir.output import as_resources, to_json
from b12labs.integrations.fhir.reading import read
from b12labs.integrations.json_input import read_json

__all__ = ["as_resources", "read", "read_json", "read_ndjson", "to_json"]
