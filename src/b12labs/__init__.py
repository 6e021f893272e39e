"""b12labs reads vitamin B12, its metabolites, folate and the blood count together, and says what they mean and why.

Importing it loads neither pandas nor pint; each is loaded where it is first needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from b12labs.bedside import Alternative, differential
    from b12labs.certainty import Certainty
    from b12labs.cohort_screening import screen_frame
    from b12labs.comparison import Comparison, GuidelineConclusion, compare_guidelines
    from b12labs.display.summarize import Summary, ToLookAt, summarize
    from b12labs.errors import B12LabsError, ColumnError, ContextError, GuidelineError, MeasurementError, PanelError, ReferenceDataError
    from b12labs.frames import interpret_frame
    from b12labs.interpretation import (
        AppliedLimit,
        Cause,
        CombinedIndex,
        Evidence,
        Finding,
        Interpretation,
        NextTest,
        Regimen,
        Result,
        Statement,
        Treatment,
    )
    from b12labs.long_tables import Draws, SiteMapping, interpret_long, read_mapping, recognize_long, to_draws
    from b12labs.measurement import Measurement, measure
    from b12labs.one_patient import interpret
    from b12labs.over_time import FollowUp, follow_up
    from b12labs.over_time_frames import follow_up_frame
    from b12labs.panel import Panel, Problem, read_panel
    from b12labs.reference import guideline_keys as guidelines
    from b12labs.screening import Screening, screen
    from b12labs.series import Change
    from b12labs.turning_points import TurningPoint
    from b12labs.variation import Variation, reference_change, variations
    from b12labs.what_if import Moved, WhatIf

__version__ = "0.1.0"

_HOMES = {
    "bedside": ("Alternative", "differential"),
    "certainty": ("Certainty",),
    "cohort_screening": ("screen_frame",),
    "comparison": ("Comparison", "GuidelineConclusion", "compare_guidelines"),
    "display.summarize": ("Summary", "ToLookAt", "summarize"),
    "errors": ("B12LabsError", "ColumnError", "ContextError", "GuidelineError", "MeasurementError", "PanelError", "ReferenceDataError"),
    "frames": ("interpret_frame",),
    "one_patient": ("interpret",),
    "interpretation": (
        "AppliedLimit", "Cause", "CombinedIndex", "Evidence", "Finding", "Interpretation", "NextTest", "Regimen", "Result", "Statement", "Treatment",
    ),
    "long_tables": ("Draws", "SiteMapping", "interpret_long", "read_mapping", "recognize_long", "to_draws"),
    "measurement": ("Measurement", "measure"),
    "over_time": ("FollowUp", "follow_up"),
    "over_time_frames": ("follow_up_frame",),
    "panel": ("Panel", "Problem", "read_panel"),
    "screening": ("Screening", "screen"),
    "series": ("Change",),
    "turning_points": ("TurningPoint",),
    "variation": ("Variation", "reference_change", "variations"),
    "what_if": ("Moved", "WhatIf"),
}  # fmt: skip

__all__ = [
    "Alternative", "AppliedLimit", "B12LabsError", "Cause", "Certainty", "Change", "ColumnError", "CombinedIndex", "Comparison", "ContextError",
    "Draws", "Evidence", "Finding", "FollowUp", "GuidelineConclusion", "GuidelineError", "Interpretation", "Measurement", "MeasurementError",
    "Moved", "NextTest", "Panel", "PanelError", "Problem", "ReferenceDataError", "Regimen", "Result", "Screening", "SiteMapping", "Statement",
    "Summary", "ToLookAt", "Treatment", "TurningPoint", "Variation", "WhatIf", "__version__", "compare_guidelines", "differential", "follow_up",
    "follow_up_frame", "guidelines", "interpret", "interpret_frame", "interpret_long", "measure", "read_mapping", "read_panel", "recognize_long",
    "reference_change", "screen", "screen_frame", "summarize", "to_draws", "variations",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name == "guidelines":
        return import_module("b12labs.reference").guideline_keys
    for module, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"b12labs.{module}"), name)
    raise AttributeError(f"module 'b12labs' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)


def load_ipython_extension(ipython: Any) -> None:
    """Show a summary above every table of interpretations in this notebook, by `%load_ext b12labs`."""
    from b12labs.display.ipython import load

    load(ipython)


def unload_ipython_extension(ipython: Any) -> None:
    """Show every table as before, by `%unload_ext b12labs`."""
    from b12labs.display.ipython import unload

    unload(ipython)
