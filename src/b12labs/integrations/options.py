"""What a host chooses about the interpretations that it is given."""

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
    """Return the mapping of a file, read once; without a file one that says nothing."""
    return as_mapping(path)


class PanelLimits(Checked):
    """How long one panel may be."""

    #: Bytes of a body, declared and counted.
    body_bytes: int = Field(default=2 * 1024 * 1024, gt=0)
    #: Names in a panel of `POST /interpret` and words of its context: each unknown one is compared with all that are
    #: known.
    members: int = Field(default=200, gt=0)


#: What is read where nobody says otherwise.
PANEL_LIMITS = PanelLimits()


class Options(Checked):
    """Whose limits and regimens, which results, and what the client is asked to send."""

    #: The guideline where a request names none: a key, or the path of a guideline file.
    guideline: str = DEFAULT_GUIDELINE
    #: Whose regimens; the guideline's own where it is None.
    formulary: Formulary | None = None
    #: What a symptom, medicine or diagnosis is taken to be that nobody mentions.
    unreported_context: UnreportedContext = "absent"
    #: How long a draw is.
    window_hours: float = Field(default=24.0, gt=0)
    #: Whether a preliminary result is used where there is no final one.
    use_preliminary: bool = False
    #: What the site calls things (docs/tables.md).
    mapping: Path | None = None
    #: Draws older than this many days give no card; None: every draw that is sent may.
    days: int | None = Field(default=None, gt=0)
    #: How results are asked for: by LOINC codes, or all of the laboratory's for servers that search by one code only.
    prefetch: Literal["codes", "category"] = "codes"
    #: FHIR resources in one request.
    entries: int = Field(default=5000, gt=0)

    @field_validator("formulary", "unreported_context", "prefetch", mode="before")
    @classmethod
    def _word(cls, given: Any, info: ValidationInfo) -> Any:
        name = info.field_name or ""
        return checked_word(name, given, cls.model_fields[name].annotation)
