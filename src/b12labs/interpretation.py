"""What comes out: a structured interpretation whose every statement carries its evidence and source."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, PrivateAttr

from b12labs.errors import PanelError
from b12labs.panel import Panel, Problem

if TYPE_CHECKING:
    from b12labs.certainty import Certainty
    from b12labs.measurement import Decimal
    from b12labs.turning_points import TurningPoint
    from b12labs.variation import OwnVariation
    from b12labs.what_if import WhatIf

__all__ = [
    "AppliedLimit", "Cause", "CombinedIndex", "Evidence", "Finding", "Interpretation", "NextTest", "Regimen", "Result", "Statement",
    "Treatment",
]  # fmt: skip

Status = Literal["deficient", "functional_deficiency", "deficiency_unlikely", "indeterminate", "not_assessed"]
Grade = Literal["none", "mild", "moderate", "severe"]
Route = Literal["intramuscular", "oral", "oral_or_intramuscular", "none", "specialist", "undetermined"]
Urgency = Literal["emergency", "urgent", "prompt", "routine"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class AppliedLimit(_Part):
    """A limit that applied to the patient, and whether the result is beyond it: `holds` is None where the results cannot tell.

    `low` and `high` bound it in the analyte's canonical unit. They differ where it depends on an age, sex or pregnancy that is not known, or
    where its source gives a range; `high` is None where nothing bounds it. `text` is the limit as printed, in `unit`.
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
        return f"{'' if self.holds else 'perhaps ' if self.holds is None else 'not '}{self.side} {self.text}"


class Result(_Part):
    """One result as it was given, and as the interval it was read into (`high` is None where there is no upper bound).

    `limits` are those that applied to the patient. `compared` is what they are compared with where that is not the result itself:
    hemoglobin less what elevation and smoking add to it.
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
    sources: tuple[str, ...] = ()


class Statement(_Part):
    """One sentence with its stable code and its sources."""

    code: str
    text: str
    sources: tuple[str, ...]

    def __str__(self) -> str:
        return self.text


class Regimen(_Part):
    """One regimen of a formulary, as its source prints it; the maintenance may come from another."""

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


class Treatment(_Part):
    """The suggested route and why, its options, regimen and duration, the first review in days, and what goes with it.

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


class Cause(_Part):
    """One cause that something speaks for, and what would settle it."""

    code: str
    label: str
    established: bool
    speaks_for: tuple[str, ...]
    speaks_against: tuple[str, ...]
    settled_by: str
    sources: tuple[str, ...]


class CombinedIndex(_Part):
    """The combined index 4cB12: `low` and `high` agree where all four markers are measured, and are None where there is no such bound.

    `index_class` is None where it spans several.
    """

    low: float | None
    high: float | None
    index_class: str | None
    measured: tuple[str, ...]
    caveats: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Origin:
    """What an interpretation was made from; nothing where it was read back from JSON. It tells no two interpretations apart."""

    panel: Panel | None = None
    limits: Any = None
    unreported_context: Literal["absent", "unknown"] = "absent"
    formulary: Any = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Origin)

    __hash__ = None  # type: ignore[assignment]  # as an interpretation, which holds dictionaries


class Interpretation(_Part):
    """The interpretation of one panel by one guideline.

    `possible` holds, for every verdict that is not decided, the outcomes still possible. `overturned_by` lists what could still
    overturn a decided status. `assumptions` lists what was taken as given without having been said.
    """

    status: Status
    statement: str
    status_sources: tuple[str, ...]
    functional_deficiency: bool | None
    megaloblastic_anemia: bool | None
    anemia: bool | None
    anemia_grade: Grade | None
    treatment: Treatment
    urgency: Urgency
    next_tests: tuple[NextTest, ...]
    causes: tuple[Cause, ...]
    combined_index: CombinedIndex | None
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
    _origin: Origin = PrivateAttr(default_factory=Origin)

    def __str__(self) -> str:
        return self.to_text()

    def to_text(self, *, audience: Literal["clinician", "patient"] = "clinician") -> str:
        """Return the report as text: for a clinician, or in plain words for the patient."""
        from b12labs.report import as_patient_text, as_text

        return as_text(self) if audience == "clinician" else as_patient_text(self)

    def _repr_html_(self) -> str:
        from b12labs.display.notebook import as_html

        return as_html(self)

    def to_json(self, *, indent: int | None = None) -> str:
        """Return everything as JSON."""
        return self.model_dump_json(indent=indent)

    def _made_from(self) -> tuple[Panel, Any]:
        """Return the panel and the bound guideline; raises `PanelError` where they are not known."""
        if self._origin.panel is None:
            why = "this interpretation was read back, and the panel that it was made from is not in it; interpret the panel again"
            raise PanelError(why, code="no_panel", field="panel")
        return self._origin.panel, self._origin.limits

    @cached_property
    def certainty(self) -> Certainty:
        """How sure this is: which verdicts are robust, what to repeat, and how probable each status is (see `certainty_with`)."""
        return self.certainty_with()

    def certainty_with(self, variation: OwnVariation | None = None, *, samples: int | None = None, seed: int | None = None) -> Certainty:
        """Return how sure this is, with your own CVs in percent by analyte before the published ones.

        >>> from b12labs import interpret
        >>> result = interpret(b12="170 pg/mL", age=40, sex="male")
        >>> result.certainty.robust, result.certainty.repeat
        (False, ('b12',))
        >>> result.certainty_with({"b12": 1}).robust
        True

        Raises `PanelError` where `variation` names no analyte or holds no CV, `samples` or `seed` cannot be used, or the interpretation was read
        back from JSON.
        """
        from b12labs.certainty import SAMPLES, SEED, certainty_of

        panel, limits = self._made_from()
        return certainty_of(
            panel, limits, unreported_context=self._origin.unreported_context, variation=variation,
            samples=SAMPLES if samples is None else samples, seed=SEED if seed is None else seed,
        )  # fmt: skip

    def what_if(self, *, units: dict[str, str] | None = None, decimal: Decimal = ".", **changes: Any) -> WhatIf:
        """Return the interpretation with some values changed, and what moved; None takes a result out. `units`, `decimal` as for `interpret`.

        >>> from b12labs import interpret
        >>> result = interpret(b12="250 pg/mL", mma="0.62 umol/L", age=40, sex="male")
        >>> changed = result.what_if(mma="0.2 umol/L")
        >>> changed.result.status, changed.moved[0].code
        ('deficiency_unlikely', 'status')

        Raises `B12LabsError` that names the field that cannot be read.
        """
        from b12labs.one_patient import interpret_panel
        from b12labs.what_if import WhatIf, changed_panel, moved

        panel, limits = self._made_from()
        changed = changed_panel(panel, changes, units=units, decimal=decimal)
        result = interpret_panel(changed, limits, unreported_context=self._origin.unreported_context, formulary=self._origin.formulary)
        return WhatIf(result, moved(self, result))

    def turning_points(self) -> tuple[TurningPoint, ...]:
        """Return for each result the nearest values at which the status would turn, everything else as it is.

        >>> from b12labs import interpret
        >>> print(interpret(b12="250 pg/mL", age=40, sex="male").turning_points()[0])
        B12 250 pg/mL: below 180 pg/mL the status would be deficient

        """
        from b12labs.turning_points import turning_points_of

        panel, limits = self._made_from()
        return turning_points_of(panel, limits, unreported_context=self._origin.unreported_context)
