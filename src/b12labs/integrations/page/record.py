"""A patient's record, as a FHIR server sends it page by page, read in the browser and interpreted draw by draw."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from b12labs.errors import PanelError
from b12labs.inputs.options import UnreportedContext, unreported_truth
from b12labs.inputs.panel import Problem
from b12labs.integrations.fhir.reading import read
from b12labs.integrations.json_input import JsonInputError, read_json
from b12labs.integrations.options import Options
from b12labs.integrations.outcomes import Refusal
from b12labs.integrations.results import Draw
from b12labs.limits.stratified import limits_of
from b12labs.patient.interpretation import Interpretation, interpret_panel
from b12labs.reasoning.compiled import B12_MARKERS
from b12labs.reference import analytes, guideline_keys

__all__ = ["Record"]

#: Results of other tests (most results of a patient) are counted, not listed.
_OTHERS = "not_an_analyte"
_MOST_BYTES = 20_000_000


class Record:
    """The draws of one patient.

    `pages` are the texts of the responses, so that numbers keep their digits; `patient` is the patient to whom all of
    them must belong. `following` are the pages whose next page was received, so that nothing is missing there. Raises
    `Refusal` if a page is not FHIR, or is about another patient.
    """

    def __init__(self, pages: Iterable[str], patient: str, following: Iterable[int] = ()) -> None:
        received = set(following)
        try:
            resources = [_page(text, last=place not in received) for place, text in enumerate(pages)]
            self.reading = read(resources, patient=patient)
        except (JsonInputError, PanelError) as error:
            raise Refusal(422, error.message, where=error.field or "") from None

    def contents(self) -> dict[str, Any]:
        """Return every draw, the one to show first, and the problems and notes."""
        problems = [entry for entry in self.reading.problems if entry[1].code != _OTHERS]
        return {
            "draws": [
                {"time": draw.time, "results": [analytes()[key].label for key in draw.panel.results]}
                for draw in self.reading.draws
            ],
            "first": self._first(),
            "problems": _listed(problems),
            "notes": _listed(self.reading.notes),
            "others": len(self.reading.problems) - len(problems),
            "incomplete": self.reading.incomplete,
        }

    def interpretation(
        self, place: int, *, guideline: str = "", unreported_context: UnreportedContext | None = None
    ) -> Interpretation:
        """Return the interpretation of a draw."""
        if guideline not in ("", *guideline_keys()):
            raise Refusal(422, f"expected one of {', '.join(guideline_keys())}", where="guideline")
        options = Options()
        return interpret_panel(
            self.reading.draws[place].panel,
            limits_of(guideline or options.guideline),
            unreported=unreported_truth(unreported_context or options.unreported_context),
        )

    def _first(self) -> int | None:
        """Return the place of the newest draw with a B12 marker, or else of the newest; None if there is none."""
        draws = self.reading.draws
        return max(range(len(draws)), key=lambda place: (_has_marker(draws[place]), place), default=None)


def _has_marker(draw: Draw) -> bool:
    return any(key in B12_MARKERS for key in (*draw.panel.results, *draw.panel.set_aside))


def _page(text: str, *, last: bool) -> Any:
    page = read_json(text.encode(), max_bytes=_MOST_BYTES)
    if not last and isinstance(page, dict):
        page.pop("link", None)
    return page


def _listed(problems: Iterable[tuple[str, Problem]]) -> list[dict[str, str]]:
    return [
        {"source": source, "code": problem.code, "field": problem.field, "message": problem.message}
        for source, problem in dict.fromkeys(problems)
    ]
