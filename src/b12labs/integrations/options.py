"""The options that a host chooses for interpretations."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationInfo, field_validator

from b12labs.errors import checked_word
from b12labs.inputs.options import UnreportedContext
from b12labs.integrations.checked import Checked
from b12labs.limits.default import DEFAULT_GUIDELINE
from b12labs.reference import Formulary
from b12labs.site_mapping.file import as_mapping
from b12labs.site_mapping.mapping import SiteMapping

__all__ = ["PANEL_LIMITS", "Options", "PanelLimits", "mapping_of"]


@lru_cache(maxsize=8)
def mapping_of(path: Path | None) -> SiteMapping:
    """Return the mapping of a file, read once, or an empty mapping without a file."""
    return as_mapping(path)


class PanelLimits(Checked):
    """The limits of the size of one panel."""

    #: Bytes of a body, declared and counted.
    body_bytes: int = Field(default=2 * 1024 * 1024, gt=0)
    #: Names in a panel of `POST /interpret` and words of its context. Each unknown one is compared with all known ones.
    members: int = Field(default=200, gt=0)


#: The default limits.
PANEL_LIMITS = PanelLimits()


class Options(Checked):
    """Options of interpreting and reading, and of the data that the client is asked to send."""

    #: The guideline if a request names none: a key, or the path of a guideline file.
    guideline: str = DEFAULT_GUIDELINE
    #: The source of regimens; None means the guideline's own.
    formulary: Formulary | None = None
    #: Whether a symptom, medicine or diagnosis that is not mentioned is taken as absent, or as unknown.
    unreported_context: UnreportedContext = "absent"
    #: The length of a draw.
    window_hours: float = Field(default=24.0, gt=0)
    #: Whether a preliminary result is used if there is no final one.
    use_preliminary: bool = False
    #: The file of the site's own names (docs/tables.md).
    mapping: Path | None = None
    #: Draws older than this many days give no card; None means that every draw may.
    days: int | None = Field(default=None, gt=0)
    #: How results are requested: by LOINC codes, or by category for servers that search by one code only.
    prefetch: Literal["codes", "category"] = "codes"
    #: The most FHIR resources in one request.
    entries: int = Field(default=5000, gt=0)

    @field_validator("formulary", "unreported_context", "prefetch", mode="before")
    @classmethod
    def _word(cls, given: Any, info: ValidationInfo) -> Any:
        name = info.field_name or ""
        return checked_word(name, given, cls.model_fields[name].annotation)
