"""FHIR R4 in and out, on plain dicts.

`read` makes panels of resources, `read_ndjson` of a bulk export; `as_resources` writes what was concluded, and
`to_json` keeps its decimals.
"""

from b12labs.integrations.fhir.ndjson import read_ndjson
from b12labs.integrations.fhir.output import as_resources, to_json
from b12labs.integrations.fhir.reading import read

__all__ = ["as_resources", "read", "read_ndjson", "to_json"]
