"""FHIR R4 in and out, on plain dicts: `read` makes panels of resources, `read_ndjson` of a bulk export."""

from b12labs.integrations.fhir.ndjson import read_ndjson
from b12labs.integrations.fhir.reading import read

__all__ = ["read", "read_ndjson"]
