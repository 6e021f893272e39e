"""The record of a decision: what was decided by which rules and limits. It identifies nobody.

It has no name, date, patient or free text. The results themselves, and which resources they came from, are in it only
where the host says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from b12labs.answer.parts import Evidence
from b12labs.patient.interpretation import Interpretation

__all__ = ["Recorder", "Recording"]


class Recording(Protocol):
    """What is told of every decision."""

    def record(self, result: Interpretation, *, service: str, sources: Mapping[str, str] | None = None) -> None:
        """Take one interpretation."""

    def unread(self, service: str, problems: Iterable[str]) -> None:
        """Take the codes of the problems of what a message held and is not read."""


@dataclass(frozen=True, slots=True)
class Recorder:
    """Hands a record of every decision to `sink`, a function of the host that takes a dict that JSON can hold.

    `configuration` is a hash of the settings. `values` adds the results as intervals in canonical units, `references`
    the resources that they came from (`Observation/123`), which a host may count among identifiers.
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
            # Any other rule of the version in `provenance` did not hold.
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

    A limit of the laboratory's own is part of its report, and left out as well.
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
