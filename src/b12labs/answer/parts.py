"""The parts of an interpretation as data, with evidence and sources."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping
from typing import Annotated, Literal

from b12labs.answer.by_name import ByName, Named
from b12labs.answer.problems import KeptProblem
from b12labs.logic.expressions import INF
from b12labs.provenance.model import Provenance
from b12labs.record import each
from b12labs.reference.frozen import Answered
from b12labs.reference.unit_labels import with_labels
from b12labs.text import WIDTH, against

__all__ = [
    "Alternative",
    "Answer",
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
    "bounded",
    "unbounded",
]

Status = Literal["deficient", "functional_deficiency", "deficiency_unlikely", "indeterminate", "not_assessed"]

Grade = Literal["none", "mild", "moderate", "severe"]

Route = Literal["intramuscular", "oral", "oral_or_intramuscular", "none", "specialist", "undetermined"]

Urgency = Literal["emergency", "urgent", "prompt", "routine"]


def bounded(end: float) -> float | None:
    """Return an end of an interval as JSON holds it: None if it is infinite, since JSON has no infinity."""
    return end if math.isfinite(end) else None


def unbounded(end: float | None) -> float:
    """Return the upper end of an interval from JSON: infinity if it is None."""
    return INF if end is None else end


class AppliedLimit(Answered):
    """A limit that applied to the patient, and whether the result is beyond it.

    `holds` is None if the results leave it open.

    `low` and `high` bound the limit in the analyte's canonical unit. They differ if the limit depends on an unknown
    age, sex or pregnancy, or if its source gives a range. `high` is None without an upper bound. `text` is the
    limit as printed, in `unit`.
    """

    name: str
    side: Literal["below", "above"]
    low: float
    high: float | None
    text: str
    unit: str
    holds: bool | None
    source: str
    source_name: str
    checked: str
    note: str = ""

    def __str__(self) -> str:
        text = with_labels(self.text)
        if self.holds is not None:
            return against(f"{'' if self.holds else 'not '}{self.side}", text)
        # With an exact limit, the result is inexact, such as <200; otherwise the limit may lie on either side of it.
        return f"perhaps {self.side} {text}" if self.low == self.high else f"cannot tell: the limit is {text}"


class Result(Answered):
    """One result as given, and the interval that it was read as (`high` is None without an upper bound).

    `limits` are those that applied to the patient. `compared` is the value that they are compared with if it is not the
    result itself: hemoglobin minus the effect of elevation and smoking.
    """

    analyte: str
    label: str
    given: str
    low: float
    high: float | None
    unit: str
    flag: str | None = None
    reference_low: float | None = None
    reference_high: float | None = None
    compared: tuple[float, float | None] | None = None
    limits: tuple[AppliedLimit, ...] = ()


class Unverified(Answered):
    """One result that cannot be used unchanged: it was set aside, or is perhaps in another unit.

    `statement` names it and its urgency if it is real. `urgency` is that of the worst edge of its plausible window, or
    of the worse of its two readings. `other` is the result as printed in the other unit, blank if it was set aside.
    """

    analyte: str
    label: str
    given: str
    other: str
    urgency: Urgency
    statement: str
    sources: tuple[str, ...]


class Evidence(Answered):
    """One comparison that decided something.

    The value as given, its relation to the limit, and the source of the limit.
    """

    analyte: str
    label: str
    value: str
    relation: str
    limit: str
    source: str
    source_name: str
    checked: str
    note: str = ""

    @property
    def printed(self) -> str:
        """The value with its unit as it is printed."""
        return with_labels(self.value)

    @property
    def against(self) -> str:
        """How the value compares with the limit, in words."""
        return against(self.relation, with_labels(self.limit))

    def __str__(self) -> str:
        if self.relation == "reported":
            return f"{self.label} (reported)"
        said = f"{self.label} {self.printed} {self.against} ({self.source_name}) [{self.checked}]"
        return said.replace("  ", " ")


class Finding(Answered):
    """One finding: `state` is True, False, or None if the results leave it open."""

    code: str
    label: str
    state: bool | None
    statement: str
    evidence: tuple[Evidence, ...] = ()
    sources: tuple[str, ...] = ()


class NextTest(Answered):
    """One measurement that would settle an open question, and the questions that it answers."""

    analyte: str
    label: str
    questions: tuple[str, ...]
    sources: tuple[str, ...] = ()


class Statement(Answered):
    """One sentence with its stable code and its sources."""

    code: str
    text: str
    sources: tuple[str, ...]

    def __str__(self) -> str:
        return self.text


class Regimen(Answered):
    """One regimen of a formulary, as its source prints it; the maintenance may come from another source."""

    formulary: str
    drug: str
    route: str
    loading: str
    maintenance: str
    review: str
    review_days: int
    review_source: str
    source: str
    checked: str
    maintenance_source: str
    maintenance_checked: str


class Treatment(Answered):
    """The suggested route with its reasons, options, regimen, duration, days to the first review, and advice.

    A suggestion to a clinician with its sources, never an order.
    """

    route: Route
    statement: str
    because: tuple[Statement, ...] = ()
    options: tuple[str, ...] = ()
    regimen: Regimen | None = None
    duration: str = ""
    review: tuple[Statement, ...] = ()
    review_days: int | None = None
    cautions: tuple[Statement, ...] = ()
    also: tuple[Statement, ...] = ()
    diet: tuple[Statement, ...] = ()
    recovery: tuple[Statement, ...] = ()
    sources: tuple[str, ...] = ()


class Cause(Answered):
    """One cause with the reasons for and against it, and the test that would settle it."""

    code: str
    label: str
    established: bool
    speaks_for: tuple[str, ...]
    speaks_against: tuple[str, ...]
    settled_by: str
    sources: tuple[str, ...]


class CombinedIndex(Answered):
    """The combined index 4cB12: `low` and `high` agree if all four markers are measured; None means no bound.

    `index_class` is None if the interval spans several classes.
    """

    low: float | None
    high: float | None
    index_class: str | None
    measured: tuple[str, ...]
    caveats: tuple[str, ...]
    sources: tuple[str, ...]


class Alternative(Answered):
    """One condition that may cause a symptom: the reports that support it, and those that it does not explain.

    An explanation, never a score. `symptoms` are those whose table lists it, and `raised_by` the reported ones of them.
    `onset`, `side`, `place`, `character` and `goes_with` describe how it presents, blank if not described.
    `against_b12` is the evidence for it and against low B12. `b12` is whether it is low B12 itself. `treatment` is the
    usual treatment, never a plan. `unconfirmed` names the parts that rest on common clinical knowledge alone.
    """

    code: str
    label: str
    cause: str
    area: str
    symptoms: tuple[str, ...]
    raised_by: tuple[str, ...]
    b12: bool
    onset: str
    side: str
    place: str
    character: str
    goes_with: str
    against_b12: str
    test: str
    treatment: str
    note: str
    speaks_for: tuple[str, ...]
    not_explained: tuple[str, ...]
    source: str
    checked: str
    treatment_checked: str
    unconfirmed: str

    def __str__(self) -> str:
        presents = "; ".join(filter(None, (self.onset, self.side, self.place, self.character, self.goes_with)))
        said = {
            "for it": ", ".join(self.speaks_for),
            "does not explain": ", ".join(self.not_explained),
            "presents": presents,
            "against low B12": self.against_b12,
            "test": self.test,
            "usual treatment": self.treatment,
            "note": self.note,
        }
        doubt = f": {self.unconfirmed}" if self.unconfirmed else ""
        lines = [*(f"{name}: {text}" for name, text in said.items() if text), f"[{self.checked}{doubt}]"]
        wrapped = [textwrap.fill(line, WIDTH, initial_indent="  ", subsequent_indent="    ") for line in lines]
        return "\n".join([f"{self.label} ({self.cause})", *wrapped])


class Answer(Answered):
    """The interpretation of one panel by one guideline, as data.

    Members with a default may be absent from a document of an earlier version; they are then empty or open.
    """

    status: Status
    statement: str
    status_sources: tuple[str, ...] = ()
    functional_deficiency: bool | None = None
    megaloblastic_anemia: bool | None = None
    anemia: bool | None = None
    anemia_grade: Grade | None = None
    treatment: Treatment
    urgency: Urgency
    #: The findings and reported terms that give the urgency; empty if it is routine.
    urgency_because: tuple[Statement, ...] = ()
    unverified: tuple[Unverified, ...] = ()
    next_tests: tuple[NextTest, ...] = ()
    causes: tuple[Cause, ...] = ()
    combined_index: CombinedIndex | None = None
    overturned_by: tuple[str, ...]
    possible: Annotated[dict[str, tuple[str, ...]], Named()]
    evidence: tuple[Evidence, ...] = ()
    findings: Annotated[Mapping[str, Finding], Named()] = each(default_factory=ByName)
    problems: tuple[KeptProblem, ...]
    assumptions: tuple[str, ...] = ()
    results: Annotated[dict[str, Result], Named()] = each(default_factory=ByName)
    differential: tuple[Alternative, ...] = ()
    guideline: str
    guideline_title: str = ""
    sources: Annotated[dict[str, str], Named()] = each(default_factory=ByName)
    version: str
    provenance: Provenance | None = None

    @property
    def made_by(self) -> str:
        """The versions of b12labs and of its rules; answers of 0.1.0 have only the first."""
        return f"b12labs {self.version}" if self.provenance is None else str(self.provenance)

    @property
    def states(self) -> Mapping[str, bool | None]:
        """Whether each finding holds, by its code."""
        return {code: found.state for code, found in self.findings.items()}

    def holding(self) -> list[Finding]:
        """Return the findings that hold."""
        return [self.findings[code] for code, state in self.states.items() if state]

    def holds(self, code: str) -> bool | None:
        """Return whether a finding holds; None if the results leave it open or its version did not have the finding."""
        found = self.findings.get(code)
        return None if found is None else found.state
