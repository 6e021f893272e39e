"""Counts of an export: the outcomes of its results, and of every text that describes them."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Literal

from b12labs.errors import MeasurementError
from b12labs.inputs.units import find_unit
from b12labs.reference import analytes

__all__ = ["BLAMES", "MISSING", "NO_FAULT", "NO_RESULT", "USED", "Kind", "Tally"]

#: The kinds of texts of an export: of a result, or of the patient by a code.
Kind = Literal["test", "unit", "specimen", "status", "flag", "operator", "sex", "medicines", "diagnoses"]

USED, MISSING = "used", "no_result"
#: No result: nothing was sent, or a word for a missing result.
NO_RESULT = frozenset({MISSING, "not_measured"})
#: The reasons against a result whose texts are all understood.
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
#: The reasons for which a text of each kind is to blame. A blank unit is a missing one.
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
    """The outcomes of all results, and of all texts beside them.

    An outcome is `used`, or the code of the problem for which a result was not used. A text may be a code and a name;
    its analyte is kept with it.
    """

    outcomes: Counter[str] = field(default_factory=Counter)
    texts: dict[tuple[Kind, tuple[str, ...], str], Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    #: The headers of the columns by their meaning.
    columns: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    unused_columns: dict[str, str] = field(default_factory=dict)
    inputs: list[str] = field(default_factory=list)
    #: Problems of the input outside results, such as a line that cannot be read, by code.
    besides: Counter[str] = field(default_factory=Counter)

    def result(self, outcome: str, count: int = 1) -> None:
        """Count results by their outcome."""
        self.outcomes[outcome] += count

    def text(self, kind: Kind, words: tuple[str, ...], outcome: str, analyte: str = "", count: int = 1) -> None:
        """Count a text; count a blank one only if its absence is the reason."""
        said = tuple(dict.fromkeys(word for word in words if word))
        if kind == "unit" and said and outcome in BLAMES["unit"] and _is_known(analyte, said[0]):
            outcome = "unreadable_value"  # the value states another unit
        if said or outcome in BLAMES[kind]:
            self.texts[kind, said, analyte][outcome] += count


def _is_known(analyte: str, unit: str) -> bool:
    try:
        return analyte != "" and find_unit(analytes()[analyte], unit) is not None
    except MeasurementError:
        return False
