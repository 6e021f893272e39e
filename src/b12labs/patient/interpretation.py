"""interpret(): one patient's interpretation and its methods."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Unpack

from b12labs.answer.compact import Detail, compact
from b12labs.answer.on_demand import OnDemand
from b12labs.errors import PanelError, checked_word
from b12labs.inputs.numbers import Decimal
from b12labs.inputs.options import Errors, Images, UnreportedContext, reports_errors, unreported_truth
from b12labs.inputs.panel import Panel
from b12labs.limits.default import DEFAULT_GUIDELINE
from b12labs.limits.stratified import Limits, limits_of
from b12labs.logic.language import FALSE, TruthValue
from b12labs.patient.assemble import Answering
from b12labs.patient.panel_values import PanelValues
from b12labs.patient.what_if import Moved, moved
from b12labs.provenance.model import reading_options
from b12labs.reference import Formulary
from b12labs.reference.frozen import Answered
from b12labs.site_mapping.mapping import SiteMapping, as_mapping
from b12labs.site_mapping.panels import panel_of
from b12labs.text import StrPath

if TYPE_CHECKING:
    from b12labs.inputs.variation import OwnVariation
    from b12labs.patient.certainty import Certainty
    from b12labs.patient.turning_points import TurningPoint

__all__ = ["Audience", "Interpretation", "WhatIf", "interpret", "interpret_panel"]

Audience = Literal["clinician", "patient", "note"]


@dataclass(eq=False)
class Origin:
    """The inputs of an interpretation.

    It is empty if the interpretation was read from JSON. All origins are equal, so they do not affect comparisons.
    """

    panel: Panel | None = None
    limits: Any = None
    unreported: TruthValue = FALSE
    formulary: Any = None
    #: The certainty, once it was computed.
    certainty: Certainty | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Origin)

    __hash__ = None  # type: ignore[assignment]  # like an interpretation, which holds dictionaries


class Interpretation(OnDemand):
    """The interpretation of one panel by one guideline.

    `possible` holds the outcomes still possible of every verdict that is not decided. `overturned_by` lists the open
    findings that could overturn a decided status. `assumptions` lists facts that were assumed, not stated.
    """

    @property
    def _origin(self) -> Origin:
        found: Origin | None = getattr(self, "__pydantic_private__", None)
        if found is None:  # read from JSON, or made from its members
            found = self.__pydantic_private__ = Origin()
        return found

    def __str__(self) -> str:
        return self.to_text()

    def __repr__(self) -> str:
        names = ("status", "functional_deficiency", "megaloblastic_anemia", "urgency", "guideline")
        said = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
        return f"<Interpretation {said}; print() shows the report>"

    def to_text(self, audience: Audience = "clinician") -> str:
        """Return the report as text: for a clinician, in plain words for the patient, or in eight lines for the note.

        >>> from b12labs import interpret
        >>> interpret(b12="145 pg/mL", age=40, sex="male").to_text("note").splitlines()[0]
        'DEFICIENT in vitamin B12. Prompt: B12 deficiency.'

        """
        from b12labs.answer.note import as_note
        from b12labs.answer.patient_report import as_patient_text
        from b12labs.answer.report import as_text

        written = {"clinician": as_text, "patient": as_patient_text, "note": as_note}
        return written[checked_word("audience", audience, Audience)](self)

    def to_html(self, *, images: Images = "inline") -> str:
        """Return the HTML that a notebook shows; with `images="data"`, its pictures survive where HTML is sanitized."""
        from b12labs.display.images import with_images
        from b12labs.display.notebook import as_html

        return with_images(as_html(self), images)

    def _repr_html_(self) -> str:
        return self.to_html()

    def to_json(self, *, detail: Detail = "full", indent: int | None = None) -> str:
        """Return everything as JSON; with `detail="holds"`, without the findings that do not hold.

        `open_findings` then has the codes of the open findings. Both forms have a schema (`b12labs schema`).
        """
        return self._with(detail).model_dump_json(indent=indent)

    def to_dict(self, *, detail: Detail = "full") -> dict[str, Any]:
        """Return the content of `to_json` as dictionaries, lists, texts and numbers."""
        return self._with(detail).model_dump(mode="json")

    def _with(self, detail: Detail) -> Answered:
        """Return the answer to be written: whole, or without the findings that do not hold."""
        return self if checked_word("detail", detail, Detail) == "full" else compact(self)

    def _made_from(self) -> tuple[Panel, Any]:
        """Return the panel and the limits; raises `PanelError` if they are not known."""
        if self._origin.panel is None:
            why = (
                "panel: this interpretation was read from JSON, which does not contain its panel; interpret "
                "the panel again"
            )
            raise PanelError(why, code="no_panel", field="panel")
        return self._origin.panel, self._origin.limits

    @property
    def certainty(self) -> Certainty:
        """The certainty: robust verdicts, results to repeat, the probability of each status (see `certainty_with`)."""
        if self._origin.certainty is None:
            self._origin.certainty = self.certainty_with()
        return self._origin.certainty

    def certainty_with(
        self, variation: OwnVariation | None = None, *, samples: int | None = None, seed: int | None = None
    ) -> Certainty:
        """Return the certainty, with your own CVs in percent by analyte before the published ones.

        >>> from b12labs import interpret
        >>> result = interpret(b12="170 pg/mL", age=40, sex="male")
        >>> result.certainty.robust, result.certainty.repeat
        (False, ('b12',))
        >>> result.certainty_with({"b12": 1}).robust
        True

        Raises `PanelError` if `variation` has an unknown analyte or an invalid CV, if `samples` or `seed` is out of
        range, or if the interpretation was read from JSON.
        """
        from b12labs.patient.certainty import SAMPLES, SEED, certainty_of

        panel, limits = self._made_from()
        return certainty_of(
            panel,
            limits,
            unreported=self._origin.unreported,
            variation=variation,
            samples=SAMPLES if samples is None else samples,
            seed=SEED if seed is None else seed,
        )

    def what_if(
        self, *, units: dict[str, str] | None = None, decimal: Decimal = ".", **changes: Unpack[PanelValues]
    ) -> WhatIf:
        """Return the interpretation with some values changed, and the answers and findings that moved.

        None removes a result. `units` and `decimal` are those of `interpret`.

        >>> from b12labs import interpret
        >>> result = interpret(b12="250 pg/mL", mma="0.62 umol/L", age=40, sex="male")
        >>> changed = result.what_if(mma="0.2 umol/L")
        >>> changed.result.status, changed.moved[0].code
        ('deficiency_unlikely', 'status')

        Raises `B12LabsError`, which names the field that cannot be read.
        """
        from b12labs.patient.what_if import changed_panel

        panel, limits = self._made_from()
        changed = changed_panel(panel, changes, units=units, decimal=decimal)
        result = interpret_panel(changed, limits, unreported=self._origin.unreported, formulary=self._origin.formulary)
        return WhatIf(result, moved(self, result))

    def turning_points(self) -> tuple[TurningPoint, ...]:
        """Return the nearest values of each result at which the status would turn, if everything else is unchanged.

        >>> from b12labs import interpret
        >>> print(interpret(b12="250 pg/mL", age=40, sex="male").turning_points()[0])
        B12 250 pg/mL: below 180 pg/mL the status would be deficient

        """
        from b12labs.patient.turning_points import turning_points_of

        panel, limits = self._made_from()
        return turning_points_of(panel, limits, unreported=self._origin.unreported)


@dataclass(frozen=True)
class WhatIf:
    """The interpretation after a change, and the answers, then the findings, that moved."""

    result: Interpretation
    moved: tuple[Moved, ...]

    def __str__(self) -> str:
        return "\n".join(map(str, self.moved)) or "Nothing would change."


def interpret(
    panel: Panel | Mapping[str, Any] | None = None,
    *,
    guideline: str = DEFAULT_GUIDELINE,
    units: dict[str, str] | None = None,
    decimal: Decimal | None = None,
    mapping: SiteMapping | StrPath | None = None,
    errors: Errors = "raise",
    unreported_context: UnreportedContext = "absent",
    formulary: Formulary | None = None,
    **values: Unpack[PanelValues],
) -> Interpretation:
    """Interpret one patient's results.

    Parameters
    ----------
    panel
        The values as a mapping or as a row of a table, whose names are read as `interpret_frame` reads headers
        (`interpret(table.iloc[0])`); or a `Panel` that was read before. Otherwise, give the values by name.
    guideline
        The key of a guideline, such as `nice-ng239` (see `b12labs.guidelines()`).
    units
        The units of analytes whose values have none.
    decimal
        `","` if values have a decimal comma.
    mapping
        A site's own names of tests, units and words, or the path of its file (docs/tables.md).
    errors
        `raise` a `B12LabsError` for a value that cannot be read, or `report` it under `problems` and continue without
        it.
    unreported_context
        Whether a symptom, medicine or diagnosis that is not mentioned is taken as absent, or as unknown.
    formulary
        The formulary of the suggested regimens, `uk` or `us`; by default the guideline's own.
    values
        Analytes (`b12="145 pg/mL"`), `age`, `sex`, `pregnant`, `trimester`, `gestational_weeks`, `elevation`,
        `symptoms`, `risk_factors`, `medicines`, `diagnoses`.

    Raises `B12LabsError` (a `ValueError`), which names the field. In a row, a name unlike any known name is taken as
    another column, such as an identifier; a name that may be a misspelling is an error.

    >>> from b12labs import interpret
    >>> interpret(b12="145 pg/mL", mma="0.62 umol/L", age=67, sex="female").status
    'deficient'
    >>> interpret({"B12 [pg/mL]": 145, "Sex": "F", "patient": "7"}).status
    'deficient'

    """
    limits, unreported, report = limits_of(guideline), unreported_truth(unreported_context), reports_errors(errors)
    checked_word("formulary", formulary, Formulary | None)
    site = None if mapping is None else as_mapping(mapping)
    read = panel_of(panel, values, units=units, decimal=decimal, mapping=site, report=report)
    reading = {} if read is panel else reading_options(units=units, decimal=decimal, mapping=site or SiteMapping())
    return interpret_panel(read, limits, unreported=unreported, formulary=formulary, reading=reading)


def interpret_panel(
    panel: Panel,
    limits: Limits,
    *,
    unreported: TruthValue = FALSE,
    formulary: Formulary | None = None,
    reading: dict[str, Any] | None = None,
) -> Interpretation:
    """Interpret a panel by the limits of a guideline; `reading` holds the options by which it was read."""
    answering = Answering(panel, limits, unreported=unreported, formulary=formulary, reading=reading)
    result = Interpretation.of_maker(answering)
    result.__pydantic_private__ = Origin(panel, limits, unreported, formulary)
    return result
