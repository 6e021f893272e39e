"""The record of a decision: the decision, its rules and its limits. It identifies no patient.

It has no name, date, patient or free text. It has the results, and the resources that they came from, only if the host
asks for them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from b12labs.answer.parts import Evidence
from b12labs.patient.interpretation import Interpretation

__all__ = ["Recorder", "Recording"]


class Recording(Protocol):
    """Receives every decision."""

    def record(self, result: Interpretation, *, service: str, sources: Mapping[str, str] | None = None) -> None:
        """Take one interpretation."""

    def unread(self, service: str, problems: Iterable[str]) -> None:
        """Take the codes of the problems of the parts of a message that were not read."""


@dataclass(frozen=True, slots=True)
class Recorder:
    """Hands a record of every decision to `sink`, a function of the host that takes a dict that JSON can hold.

    `configuration` is a hash of the settings. `values` adds the results as intervals in canonical units, `references`
    the resources that they came from (`Observation/123`), which a host may regard as identifiers.
    """

    sink: Callable[[dict[str, Any]], None]
    configuration: str = ""
    values: bool = False
    references: bool = False

    def record(self, result: Interpretation, *, service: str, sources: Mapping[str, str] | None = None) -> None:
        """Record one interpretation."""
        made: dict[str, Any] = {
            "service": service,
            "version": result.version,
            "provenance": result.provenance.model_dump(mode="json") if result.provenance else None,
            "configuration": self.configuration,
            "guideline": result.guideline,
            "measured": sorted(result.results),
            "status": result.status,
            "urgency": result.urgency,
            "treatment_route": result.treatment.route,
            "possible": {code: list(outcomes) for code, outcomes in result.possible.items()},
            "overturned_by": list(result.overturned_by),
            "next_tests": [test.analyte for test in result.next_tests],
            "problems": [problem.code for problem in result.problems],
            # All other rules of the version in `provenance` do not hold.
            "rules": {
                found.code: {"state": True, "because": [_because(entry) for entry in found.evidence]}
                for found in result.holding()
            },
            "open_rules": [code for code, state in result.states.items() if state is None],
        }
        if self.values:
            made["results"] = {
                key: {"low": read.low, "high": read.high, "unit": read.unit} for key, read in result.results.items()
            }
        if self.references and sources is not None:
            made["sources"] = dict(sorted(sources.items()))
        self.sink(made)

    def unread(self, service: str, problems: Iterable[str]) -> None:
        """Record nothing: a record is of a decision."""


def _because(entry: Evidence) -> dict[str, str]:
    """Return a comparison without the value compared.

    The laboratory's own limits are part of its report, so they are left out as well.
    """
    limit = "" if entry.source == "laboratory" else entry.limit
    told = {
        "analyte": entry.analyte,
        "relation": entry.relation,
        "limit": limit,
        "source": entry.source,
        "checked": entry.checked,
    }
    return {name: value for name, value in told.items() if value}
