"""b12labs interprets vitamin B12, its metabolites, folate and the blood count together, and gives the reasons.

Importing it loads neither pandas nor pint; each is loaded when it is first needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from b12labs.version import __version__

if TYPE_CHECKING:
    from b12labs.answer.parts import (
        AppliedLimit,
        Cause,
        CombinedIndex,
        Evidence,
        Finding,
        NextTest,
        Regimen,
        Result,
        Statement,
        Treatment,
    )
    from b12labs.draws.columns import recognize_long
    from b12labs.draws.frames import interpret_long
    from b12labs.draws.grouping import Draws, to_draws
    from b12labs.errors import (
        B12LabsError,
        ColumnError,
        ColumnWarning,
        ContextError,
        GuidelineError,
        MeasurementError,
        MissingExtraError,
        PanelError,
        ReferenceDataError,
        UnknownNameError,
    )
    from b12labs.export_audit.auditing import audit
    from b12labs.export_audit.model import Audit, AuditLine
    from b12labs.inputs.measurement import Measurement, measure
    from b12labs.inputs.panel import Panel, Problem
    from b12labs.inputs.variation import Variation, reference_change, variations
    from b12labs.integrations.sql.making import to_sql
    from b12labs.over_time.changes import Change
    from b12labs.over_time.follow_up import FollowUp, follow_up
    from b12labs.over_time.frames import follow_up_frame
    from b12labs.patient.certainty import Certainty
    from b12labs.patient.comparison import Comparison, GuidelineConclusion, compare_guidelines
    from b12labs.patient.differential import Alternative, differential
    from b12labs.patient.interpretation import Interpretation, WhatIf, interpret
    from b12labs.patient.panel_values import PanelValues
    from b12labs.patient.screening import Screening, screen
    from b12labs.patient.turning_points import TurningPoint
    from b12labs.patient.what_if import Moved
    from b12labs.provenance.model import Provenance
    from b12labs.reference import guideline_keys as guidelines
    from b12labs.site_mapping.file import read_mapping
    from b12labs.site_mapping.mapping import SiteMapping
    from b12labs.site_mapping.panels import read_panel
    from b12labs.tables.comparison import compare_guidelines_frame
    from b12labs.tables.counts.summary import Summary, ToLookAt, summarize
    from b12labs.tables.frames import interpret_frame
    from b12labs.tables.options import TableOptions
    from b12labs.tables.problem_table import problems_of
    from b12labs.tables.screening import screen_frame


_HOMES = {
    "answer.parts": (
        "AppliedLimit",
        "Cause",
        "CombinedIndex",
        "Evidence",
        "Finding",
        "NextTest",
        "Regimen",
        "Result",
        "Statement",
        "Treatment",
    ),
    "draws.columns": ("recognize_long",),
    "draws.frames": ("interpret_long",),
    "draws.grouping": ("Draws", "to_draws"),
    "errors": (
        "B12LabsError",
        "ColumnError",
        "ColumnWarning",
        "ContextError",
        "GuidelineError",
        "MeasurementError",
        "MissingExtraError",
        "PanelError",
        "ReferenceDataError",
        "UnknownNameError",
    ),
    "export_audit.auditing": ("audit",),
    "export_audit.model": ("Audit", "AuditLine"),
    "integrations.sql.making": ("to_sql",),
    "inputs.measurement": ("Measurement", "measure"),
    "inputs.panel": ("Panel", "Problem"),
    "site_mapping.mapping": ("SiteMapping",),
    "site_mapping.file": ("read_mapping",),
    "site_mapping.panels": ("read_panel",),
    "inputs.variation": ("Variation", "reference_change", "variations"),
    "over_time.follow_up": ("FollowUp", "follow_up"),
    "over_time.frames": ("follow_up_frame",),
    "over_time.changes": ("Change",),
    "patient.certainty": ("Certainty",),
    "patient.comparison": ("Comparison", "GuidelineConclusion", "compare_guidelines"),
    "patient.differential": ("Alternative", "differential"),
    "patient.interpretation": ("interpret", "Interpretation", "WhatIf"),
    "patient.panel_values": ("PanelValues",),
    "patient.screening": ("Screening", "screen"),
    "patient.turning_points": ("TurningPoint",),
    "patient.what_if": ("Moved",),
    "provenance.model": ("Provenance",),
    "tables.comparison": ("compare_guidelines_frame",),
    "tables.frames": ("interpret_frame",),
    "tables.options": ("TableOptions",),
    "tables.problem_table": ("problems_of",),
    "tables.screening": ("screen_frame",),
    "tables.counts.summary": ("Summary", "ToLookAt", "summarize"),
}

__all__ = [
    "Alternative",
    "AppliedLimit",
    "Audit",
    "AuditLine",
    "B12LabsError",
    "Cause",
    "Certainty",
    "Change",
    "ColumnError",
    "ColumnWarning",
    "CombinedIndex",
    "Comparison",
    "ContextError",
    "Draws",
    "Evidence",
    "Finding",
    "FollowUp",
    "GuidelineConclusion",
    "GuidelineError",
    "Interpretation",
    "Measurement",
    "MeasurementError",
    "MissingExtraError",
    "Moved",
    "NextTest",
    "Panel",
    "PanelError",
    "PanelValues",
    "Problem",
    "Provenance",
    "ReferenceDataError",
    "Regimen",
    "Result",
    "Screening",
    "SiteMapping",
    "Statement",
    "Summary",
    "TableOptions",
    "ToLookAt",
    "Treatment",
    "TurningPoint",
    "UnknownNameError",
    "Variation",
    "WhatIf",
    "__version__",
    "audit",
    "compare_guidelines",
    "compare_guidelines_frame",
    "differential",
    "follow_up",
    "follow_up_frame",
    "guidelines",
    "interpret",
    "interpret_frame",
    "interpret_long",
    "measure",
    "problems_of",
    "read_mapping",
    "read_panel",
    "recognize_long",
    "reference_change",
    "screen",
    "screen_frame",
    "summarize",
    "to_draws",
    "to_sql",
    "variations",
]


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name == "guidelines":
        return import_module("b12labs.reference").guideline_keys
    for module, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"b12labs.{module}"), name)
    from b12labs.errors import did_you_mean

    hint = "" if name.startswith("_") else did_you_mean(name, __all__)
    raise AttributeError(f"module 'b12labs' has no attribute {name!r}{hint}")


def __dir__() -> list[str]:
    return sorted(__all__)


def load_ipython_extension(ipython: Any) -> None:
    """Show a summary above every table of interpretations in this notebook, by `%load_ext b12labs`."""
    from b12labs.tables.ipython import load

    load(ipython)


def unload_ipython_extension(ipython: Any) -> None:
    """Show every table as before, by `%unload_ext b12labs`."""
    from b12labs.tables.ipython import unload

    unload(ipython)
