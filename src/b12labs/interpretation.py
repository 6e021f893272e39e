"""What comes out: a structured interpretation whose every statement carries its evidence and source."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

__all__ = ["Evidence", "Finding", "Interpretation", "NextTest", "Problem", "Result", "Treatment"]

Status = Literal["deficient", "functional_deficiency", "deficiency_unlikely", "indeterminate", "not_assessed"]
Grade = Literal["none", "mild", "moderate", "severe"]
Route = Literal["intramuscular", "oral", "oral_or_intramuscular", "none", "specialist", "undetermined"]
Urgency = Literal["emergency", "urgent", "prompt", "routine"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Result(_Part):
    """One result as it was given, and as the interval it was read into (`high` is None where there is no upper bound)."""

    analyte: str
    label: str
    given: str
    low: float
    high: float | None
    unit: str
    flag: str | None = None
    reference_low: float | None = None
    reference_high: float | None = None


class Evidence(_Part):
    """One comparison that decided something: the value as given, how it stands to the limit, and where the limit comes from."""

    analyte: str
    label: str
    value: str
    relation: str
    limit: str
    source: str
    source_name: str
    checked: str
    note: str = ""

    def __str__(self) -> str:
        return f"{self.label} {self.value} {self.relation} {self.limit} ({self.source_name}) [{self.checked}]".replace("  ", " ")


class Finding(_Part):
    """One finding: `state` is True, False, or None where the results cannot tell."""

    code: str
    label: str
    state: bool | None
    statement: str
    evidence: tuple[Evidence, ...] = ()
    sources: tuple[str, ...] = ()


class NextTest(_Part):
    """One measurement that would settle something that is open, and the questions it answers."""

    analyte: str
    label: str
    questions: tuple[str, ...]


class Treatment(_Part):
    """The suggested route, why, and its sources. A suggestion to a clinician, never an order."""

    route: Route
    statement: str
    because: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


class Problem(_Part):
    """Something that could not be used: a stable code, the field (or column) it concerns, and what to do about it."""

    code: str
    field: str
    message: str


class Interpretation(_Part):
    """The interpretation of one panel by one guideline.

    `possible` holds, for every verdict that is not decided, the outcomes still possible. `overturned_by` lists what could still
    overturn a decided status. `assumptions` lists what was taken as given without having been said.
    """

    status: Status
    statement: str
    functional_deficiency: bool | None
    megaloblastic_anemia: bool | None
    anemia: bool | None
    anemia_grade: Grade | None
    treatment: Treatment
    urgency: Urgency
    next_tests: tuple[NextTest, ...]
    overturned_by: tuple[str, ...]
    possible: dict[str, tuple[str, ...]]
    evidence: tuple[Evidence, ...]
    findings: dict[str, Finding]
    problems: tuple[Problem, ...]
    assumptions: tuple[str, ...]
    results: dict[str, Result]
    guideline: str
    guideline_title: str
    sources: dict[str, str]
    version: str

    def __str__(self) -> str:
        from b12labs.report import as_text

        return as_text(self)

    def _repr_html_(self) -> str:
        from b12labs.report import as_html

        return as_html(self)

    def to_json(self, *, indent: int | None = None) -> str:
        """Return everything as JSON."""
        return self.model_dump_json(indent=indent)
