"""Counts of an export: what became of its results, and of every text that says what they are."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Literal

from b12labs.errors import MeasurementError
from b12labs.inputs.units import find_unit
from b12labs.reference import analytes

__all__ = ["BLAMES", "MISSING", "NO_FAULT", "NO_RESULT", "USED", "Kind", "Tally"]

#: What a text of an export says: of a result, or of the patient by a code.
Kind = Literal["test", "unit", "specimen", "status", "flag", "operator", "sex", "medicines", "diagnoses"]

USED, MISSING = "used", "no_result"
#: There was no result: nothing was sent, or a word that says so.
NO_RESULT = frozenset({MISSING, "not_measured"})
#: Why a result is not used although everything of it is understood.
NO_FAULT = NO_RESULT | {
    "not_an_analyte",
    "withdrawn_result",
    "preliminary_result",
    "duplicate_result",
    "superseded_result",
    "results_in_conflict",
    "other_specimen",
    "other_focus",
    "own_output",
}
#: The reasons for which a text of each kind is to blame. A blank unit is one that nobody says.
BLAMES: dict[Kind, frozenset[str]] = {
    "test": frozenset({"unknown_test", "not_an_analyte", "conflicting_tests"}),
    "unit": frozenset({"unknown_unit", "missing_unit", "look_alike_unit", "wrong_kind_of_unit", "conflicting_units"}),
    "specimen": frozenset({"unknown_specimen", "other_specimen"}),
    "status": frozenset({"unknown_status", "withdrawn_result", "preliminary_result"}),
    "flag": frozenset({"flag_not_used"}),
    "operator": frozenset({"unknown_operator", "conflicting_operators"}),
    "sex": frozenset({"unreadable_sex"}),
    "medicines": frozenset({"unknown_term", "not_understood"}),
    "diagnoses": frozenset({"unknown_term", "not_understood"}),
}


@dataclass
class Tally:
    """What became of every result, and how often a text stood beside each outcome.

    An outcome is `used`, or the code of the problem for which a result was not used. A text is several words where a
    code and a name stand side by side; with it goes the analyte that it speaks of.
    """

    outcomes: Counter[str] = field(default_factory=Counter)
    texts: dict[tuple[Kind, tuple[str, ...], str], Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    #: What the columns were taken for: (what, header).
    columns: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    unused_columns: dict[str, str] = field(default_factory=dict)
    inputs: list[str] = field(default_factory=list)
    #: Problems of the input that are of no result, such as a line that cannot be read, by code.
    besides: Counter[str] = field(default_factory=Counter)

    def result(self, outcome: str, count: int = 1) -> None:
        """Count results by their outcome."""
        self.outcomes[outcome] += count

    def text(self, kind: Kind, words: tuple[str, ...], outcome: str, analyte: str = "", count: int = 1) -> None:
        """Count a text; a blank one only where its absence is the reason."""
        said = tuple(dict.fromkeys(word for word in words if word))
        if kind == "unit" and said and outcome in BLAMES["unit"] and _is_known(analyte, said[0]):
            outcome = "unreadable_value"  # the value states another
        if said or outcome in BLAMES[kind]:
            self.texts[kind, said, analyte][outcome] += count


def _is_known(analyte: str, unit: str) -> bool:
    try:
        return analyte != "" and find_unit(analytes()[analyte], unit) is not None
    except MeasurementError:
        return False
