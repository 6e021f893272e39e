"""interpret(): one patient's interpretation, and what can be asked of it."""

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
    """What an interpretation was made from.

    Nothing where it was read back from JSON. It tells no two interpretations apart.
    """

    panel: Panel | None = None
    limits: Any = None
    unreported: TruthValue = FALSE
    formulary: Any = None
    #: What was found of the certainty, once it was asked for.
    certainty: Certainty | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Origin)

    __hash__ = None  # type: ignore[assignment]  # as an interpretation, which holds dictionaries


class Interpretation(OnDemand):
    """The interpretation of one panel by one guideline.

    `possible` holds, for every verdict that is not decided, the outcomes still possible. `overturned_by` lists what
    could still overturn a decided status. `assumptions` lists what was taken as given without having been said.
    """

    @property
    def _origin(self) -> Origin:
        found: Origin | None = getattr(self, "__pydantic_private__", None)
        if found is None:  # it was read back, or made of its members
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
        """Return what a notebook shows, as HTML; with `images="data"` its pictures survive where HTML is cleaned."""
        from b12labs.display.images import with_images
        from b12labs.display.notebook import as_html

        return with_images(as_html(self), images)

    def _repr_html_(self) -> str:
        return self.to_html()

    def to_json(self, *, detail: Detail = "full", indent: int | None = None) -> str:
        """Return everything as JSON; with `detail="holds"` without the findings that do not hold.

        `open_findings` then has the codes of the findings that are open. Both have a schema (`b12labs schema`).
        """
        return self._with(detail).model_dump_json(indent=indent)

    def to_dict(self, *, detail: Detail = "full") -> dict[str, Any]:
        """Return what `to_json` writes as dictionaries, lists, words and numbers."""
        return self._with(detail).model_dump(mode="json")

    def _with(self, detail: Detail) -> Answered:
        """Return what is written: everything, or what holds."""
        return self if checked_word("detail", detail, Detail) == "full" else compact(self)

    def _made_from(self) -> tuple[Panel, Any]:
        """Return the panel and the limits; raises `PanelError` where they are not known."""
        if self._origin.panel is None:
            why = (
                "this interpretation was read back, and the panel that it was made from is not in it; interpret "
                "the panel again"
            )
            raise PanelError(why, code="no_panel", field="panel")
        return self._origin.panel, self._origin.limits

    @property
    def certainty(self) -> Certainty:
        """How sure this is: robust verdicts, what to repeat, how probable each status is (see `certainty_with`)."""
        if self._origin.certainty is None:
            self._origin.certainty = self.certainty_with()
        return self._origin.certainty

    def certainty_with(
        self, variation: OwnVariation | None = None, *, samples: int | None = None, seed: int | None = None
    ) -> Certainty:
        """Return how sure this is, with your own CVs in percent by analyte before the published ones.

        >>> from b12labs import interpret
        >>> result = interpret(b12="170 pg/mL", age=40, sex="male")
        >>> result.certainty.robust, result.certainty.repeat
        (False, ('b12',))
        >>> result.certainty_with({"b12": 1}).robust
        True

        Raises `PanelError` where `variation` names no analyte or holds no CV, `samples` or `seed` cannot be used, or
        the interpretation was read back from JSON.
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
        """Return the interpretation with some values changed, and what moved.

        None takes a result out. `units`, `decimal` as for `interpret`.

        >>> from b12labs import interpret
        >>> result = interpret(b12="250 pg/mL", mma="0.62 umol/L", age=40, sex="male")
        >>> changed = result.what_if(mma="0.2 umol/L")
        >>> changed.result.status, changed.moved[0].code
        ('deficiency_unlikely', 'status')

        Raises `B12LabsError` that names the field that cannot be read.
        """
        from b12labs.patient.what_if import changed_panel

        panel, limits = self._made_from()
        changed = changed_panel(panel, changes, units=units, decimal=decimal)
        result = interpret_panel(changed, limits, unreported=self._origin.unreported, formulary=self._origin.formulary)
        return WhatIf(result, moved(self, result))

    def turning_points(self) -> tuple[TurningPoint, ...]:
        """Return for each result the nearest values at which the status would turn, everything else as it is.

        >>> from b12labs import interpret
        >>> print(interpret(b12="250 pg/mL", age=40, sex="male").turning_points()[0])
        B12 250 pg/mL: below 180 pg/mL the status would be deficient

        """
        from b12labs.patient.turning_points import turning_points_of

        panel, limits = self._made_from()
        return turning_points_of(panel, limits, unreported=self._origin.unreported)


@dataclass(frozen=True)
class WhatIf:
    """The interpretation after a change, and what moved: first the answers, then the findings."""

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
        (`interpret(table.iloc[0])`); or a `Panel` already read. Otherwise the values are given by name.
    guideline
        The key of a guideline, such as `nice-ng239` (see `b12labs.guidelines()`).
    units
        The unit of an analyte whose value does not say one.
    decimal
        `","` where values are written with a decimal comma.
    mapping
        A site's own names of tests, units and words, or the path of its file (docs/tables.md).
    errors
        `raise` a `B12LabsError` on a value that cannot be read, or `report` it under `problems` and go on without that
        value.
    unreported_context
        Whether a symptom, medicine or diagnosis that is not mentioned is taken as absent, or as unknown.
    formulary
        Whose regimens are suggested, `uk` or `us`; the guideline's own where it is not given.
    values
        Analytes (`b12="145 pg/mL"`), `age`, `sex`, `pregnant`, `trimester`, `gestational_weeks`, `elevation`,
        `symptoms`, `risk_factors`, `medicines`, `diagnoses`.

    Raises `B12LabsError` (a `ValueError`) that names the field. Of a row, a name that is like none is another column's
    (an identifier), and one that may be meant is an error.

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
    """Interpret a panel that was read, by the limits of a guideline; `reading` says how it was read."""
    answering = Answering(panel, limits, unreported=unreported, formulary=formulary, reading=reading)
    result = Interpretation.of_maker(answering)
    result.__pydantic_private__ = Origin(panel, limits, unreported, formulary)
    return result
