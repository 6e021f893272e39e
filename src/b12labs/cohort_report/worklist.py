"""The worklist: the most urgent rows, as many as a person can read, each with its reasons."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from b12labs.answer.parts import Evidence
from b12labs.answer.sentences import in_both_units
from b12labs.cohort_report.model import WorklistEntry
from b12labs.errors import ColumnError
from b12labs.files.chunks import Chunk, row_of
from b12labs.files.draw_source import DrawSource
from b12labs.files.interpreting import values_at
from b12labs.files.run import FileRun
from b12labs.inputs.numbers import Decimal
from b12labs.inputs.panel import read_panel
from b12labs.limits.stratified import Limits
from b12labs.patient import explanation
from b12labs.patient.inputs import PatientInputs
from b12labs.patient.interpretation import interpret_panel
from b12labs.reasoning.compiled import VERDICT_RULES, program
from b12labs.site_mapping.headers import not_there
from b12labs.tables.counts import totals
from b12labs.tables.rows import CohortOutcome
from b12labs.text import cell_text, is_blank

__all__ = ["LISTED", "URGENCIES", "Worklist"]

#: The most rows of a worklist.
LISTED = 200
#: The most values that are named for a row.
SHOWN_VALUES = 6
#: The worklist has one more urgency than the summary.
URGENCIES = (*totals.URGENCIES, "prompt")


@dataclass
class _Picked:
    """A row of the worklist, kept while its part is in memory."""

    number: int
    identifier: str
    values: dict[str, Any]
    decimal: Decimal
    problems: list[str] = field(default_factory=list)


class Worklist:
    """The first rows of every urgency, the most urgent first, `LISTED` in all.

    Their cells are kept while their part is in memory, so that no file is read a second time. They are interpreted at
    the end, so that only the listed rows are.
    """

    def __init__(self, identifier: str | None = None) -> None:
        self.identifier = identifier
        self._picked: dict[str, list[_Picked]] = {urgency: [] for urgency in URGENCIES}

    def take(self, run: FileRun, chunk: Chunk, outcome: CohortOutcome) -> None:
        """Add rows of a part while the list is not full."""
        header = self._identifier_of(run)
        room = LISTED
        new: dict[int, _Picked] = {}
        for urgency, picked in self._picked.items():
            del picked[room:]
            for place in outcome.words("urgency").rows_with(urgency)[: room - len(picked)].tolist():
                named = row_of(chunk, place, [header])[header] if header else None
                values = values_at(run.found, chunk, place)
                new[place] = _Picked(
                    chunk.first + place + 1, "" if is_blank(named) else cell_text(named), values, run.checked.decimal
                )
                picked.append(new[place])
            room -= len(picked)
        for problem, rows in outcome.problems.found if new else ():
            for place in np.intersect1d(rows, list(new)).tolist():
                new[place].problems.append(problem.message)

    def _identifier_of(self, run: FileRun) -> str | None:
        """Return the column that names the rows; for a long table, the patient's column of the draws."""
        if self.identifier is None:
            return None
        if isinstance(run.source, DrawSource):
            headers = [*run.source.long.roles["patient"], "patient"]
            header = "patient" if self.identifier in headers else None
        else:
            headers = run.source.columns
            header = self.identifier if self.identifier in headers else None
        if header is None:
            raise ColumnError(
                f"--identifier: {not_there(self.identifier, headers)}", code="unknown_column", field=self.identifier
            )
        return header

    def entries(self, limits: Limits) -> list[WorklistEntry]:
        """Return the listed rows, interpreted."""
        return [_entry(picked, urgency, limits) for urgency, rows in self._picked.items() for picked in rows]


def _entry(picked: _Picked, urgency: str, limits: Limits) -> WorklistEntry:
    panel = read_panel(picked.values, decimal=picked.decimal, report=True)
    result = interpret_panel(panel, limits)
    values = program().run(PatientInputs(panel, limits))
    when = next(case.when for case in VERDICT_RULES["urgency"].cases if case.outcome == urgency)
    entries = [*explanation.evidence(when, values), *result.evidence]
    beyond: dict[str, Evidence] = {}
    for entry in entries:
        if entry.analyte and not entry.relation.startswith("not "):
            beyond.setdefault(entry.analyte, entry)
    return WorklistEntry(
        row=picked.number,
        identifier=picked.identifier,
        urgency=urgency,
        status=result.status,
        because=[said.text for said in result.urgency_because],
        decided_by=[_decided_by(in_both_units(entry, result)) for entry in beyond.values()][:SHOWN_VALUES],
        next_tests=[test.label for test in result.next_tests],
        problems=list(dict.fromkeys(picked.problems)),
    )


def _decided_by(entry: Evidence) -> str:
    return f"{entry.label} {entry.printed} {entry.against} ({entry.source_name})"
