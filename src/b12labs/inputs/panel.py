"""One draw: the results, the patient and the clinical context."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from b12labs.errors import B12LabsError, PanelError, checked_option, checked_texts, checked_word
from b12labs.inputs.ages import read_age
from b12labs.inputs.context.reported import NOTHING_UNREAD, Told, Unread, read_word, read_words
from b12labs.inputs.context.reported import unread as unread_word
from b12labs.inputs.doubts import is_confirmed
from b12labs.inputs.fields import (
    PATIENT_FIELDS,
    UNREADABLE,
    PregnancyState,
    Sex,
    is_stated,
    pregnant_man,
    read_elevation,
    read_gestation,
    read_pregnancy,
    read_sex,
    read_trimester,
    read_yes_no,
)
from b12labs.inputs.measurement import Measurement
from b12labs.inputs.numbers import OR, Decimal
from b12labs.inputs.options import OPTIONS, UNITS_EXPECTED
from b12labs.inputs.several import read_result, routed
from b12labs.inputs.words.hints import meant_name
from b12labs.reference import CONTEXT_FIELDS, analytes, context
from b12labs.text import cell_text, is_blank, repeated, shown

__all__ = ["PATIENT_FIELDS", "Panel", "Problem", "add_context", "doubtful_unit", "read_panel", "settled"]


@dataclass(frozen=True, slots=True)
class Problem:
    """An input that could not be used: a stable code, its field (or column), and a message with the remedy."""

    code: str
    field: str
    message: str


@dataclass(frozen=True, slots=True)
class Panel:
    """One draw's results and the patient's context, read and checked.

    `age_unreadable` is whether an age was given and could not be read. `set_aside` holds, by analyte, the inputs of
    results that could not be used.

    `age` is in years, `elevation` in meters. `pregnancy` is 0 (no), 1 to 3 (trimester), 4 (pregnant, trimester unknown)
    or None (unknown). `terms` are the reported context terms; `unread` are the words and codes not understood.
    """

    results: dict[str, Measurement] = field(default_factory=dict)
    age: float | None = None
    sex: Sex | None = None
    pregnancy: PregnancyState | None = 0
    elevation: float = 0.0
    terms: frozenset[str] = frozenset()
    problems: tuple[Problem, ...] = ()
    stated: frozenset[str] = frozenset()
    age_unreadable: bool = False
    set_aside: dict[str, str] = field(default_factory=dict)
    unread: Unread = NOTHING_UNREAD

    def __post_init__(self) -> None:
        if self.sex is not None:
            checked_word("sex", self.sex, Sex | None)
        if self.pregnancy is not None:
            checked_word("pregnancy", self.pregnancy, PregnancyState | None)

    def __hash__(self) -> int:
        held = (frozenset(self.results.items()), frozenset(self.set_aside.items()))
        return hash((self.age, self.sex, self.pregnancy, self.elevation, self.terms, *held))

    def is_unverified(self, key: str) -> bool:
        """Return whether a result cannot be used unchanged: it was set aside, or its unit is in doubt."""
        return key in self.set_aside or (key in self.results and self.results[key].readings is not None)


class _Reader:
    """Reads the fields of one panel; a field that cannot be read raises an error, or becomes a problem."""

    def __init__(self, *, report: bool) -> None:
        self.report = report
        self.problems: list[Problem] = []

    def __call__(self, read: Any, *given: Any, otherwise: Any = None, **options: Any) -> Any:
        try:
            return read(*given, **options)
        except B12LabsError as error:
            if not self.report:
                raise
            self.problems.append(Problem(error.code, error.field or "", error.message))
            return getattr(error, "kept", None) or otherwise

    def results(self, given: dict[str, Any], units: dict[str, str], decimal: Decimal) -> tuple[Results, dict[str, str]]:
        """Return the results, and the inputs of those that cannot be used."""
        read: Results = {}
        set_aside: dict[str, str] = {}
        for key, value in routed(given, units, decimal).items():
            before = len(self.problems)
            result = self(read_result, key, value, unit=units.get(key), decimal=decimal)
            if result is not None:
                read[key] = result
            elif len(self.problems) > before and self.problems[-1].code != "not_measured":
                set_aside[key] = as_given(value, units.get(key))
        for key, result in read.items():
            read[key] = settled(result, read)
            if read[key].readings is not None:
                self.problems.append(doubtful_unit(result))
        return read, set_aside


Results = dict[str, Measurement]

#: Marks an answer about a term that is neither yes, no nor unknown: the term is not taken as absent.
_UNREAD = object()


def as_given(value: Any, unit: str | None) -> str:
    """Return a result as given, with its unit."""
    if isinstance(value, list):
        return OR.join(filter(None, (as_given(each, unit) for each in value)))
    parts = [*value] if isinstance(value, tuple) else [value, unit]
    if isinstance(value, dict):
        own = value.get("unit")
        parts = [value.get("value"), unit if is_blank(own) else own]
    return repeated(" ".join(cell_text(part).strip() for part in parts if not is_blank(part)))


def settled(result: Measurement, results: Results) -> Measurement:
    """Return a result in its stated unit if another result settles the unit, else unchanged."""
    analyte = analytes()[result.analyte]
    if result.readings is None or analyte.doubt is None or analyte.doubt.confirmed_by is None:
        return result
    beside = results.get(analyte.doubt.confirmed_by.analyte)
    if beside is None or not is_confirmed(analyte, *result.readings, (beside.low, beside.high)):
        return result
    return result.as_it_stands()


def doubtful_unit(result: Measurement) -> Problem:
    """Return the problem of a result that may be in another unit."""
    why = f"may be in another unit ({result.other}) and is read as both. Is the unit right?"
    return Problem("doubtful_unit", result.analyte, f"{result.analyte}: {shown(result.given)} {why}")


def read_panel(
    values: dict[str, Any],
    *,
    units: dict[str, str] | None = None,
    decimal: Decimal = ".",
    report: bool = False,
) -> Panel:
    """Read a panel from named values.

    Names are analytes, `age`, `sex`, `pregnant`, `trimester`, `gestational_weeks`, `elevation`, and the context fields
    (`symptoms`, `risk_factors`, `medicines`, `diagnoses`), each a list or a text of terms, or a context term itself
    (`nitrous_oxide="yes"`).

    With `report`, a value that cannot be read becomes a problem; otherwise it raises a `B12LabsError` with its field.
    """
    checked_word("decimal", decimal, Decimal)
    checked_option("values", values, "a dictionary from names to values", holds=isinstance(values, Mapping))
    checked_texts("units", units, UNITS_EXPECTED)
    reader = _Reader(report=report)
    units = units or {}
    given = {name: values[name] for name in analytes() if name in values}
    for name in (*values, *units):
        if name not in _known_names():
            reader(_unknown_field, name)
    results, set_aside = reader.results(given, units, decimal)
    terms: set[str] = set()
    unread = NOTHING_UNREAD
    patient: dict[str, Any] = {}
    others = [name for name in (*CONTEXT_FIELDS, *context().terms) if name in values]
    for name in dict.fromkeys((*others, *(name for name in values if name not in given))):
        value = values[name]
        if name in CONTEXT_FIELDS:
            for word in read_words(value, name):
                told: Told = reader(read_word, word, name)
                terms |= told.terms
                unread += told.unread
        elif name in PATIENT_FIELDS:
            patient[name] = value
        elif name in context().terms:
            answer = reader(read_yes_no, value, name, otherwise=_UNREAD)
            if answer is _UNREAD:
                unread += unread_word(context().terms[name].field, (name,))
            elif answer:
                terms.add(name)
    before = len(reader.problems)
    age = reader(read_age, patient.get("age"))
    age_unreadable = len(reader.problems) > before
    sex = reader(read_sex, patient.get("sex"))
    pregnant = reader(read_yes_no, patient.get("pregnant"), "pregnant")
    trimester = reader(read_trimester, patient.get("trimester"), otherwise=UNREADABLE)
    gestation = reader(read_gestation, patient.get("gestational_weeks"), otherwise=UNREADABLE)
    pregnancy, conflict = read_pregnancy(pregnant, trimester, gestation, stated=is_stated(patient.get("pregnant")))
    if conflict is not None:
        reader(_refuse, conflict)
    if pregnancy and sex == "male":
        reader(_refuse, pregnant_man())
        sex = pregnancy = None
    elif pregnancy:
        sex = "female"
    elevation = reader(read_elevation, patient.get("elevation")) or 0.0
    stated = frozenset(name for name in patient if is_stated(patient[name]))
    return Panel(
        results,
        age,
        sex,
        _unless_perhaps(pregnancy, unread, stated, sex),
        elevation,
        frozenset(terms),
        tuple(reader.problems),
        stated,
        age_unreadable,
        set_aside,
        unread,
    )


def _unless_perhaps(
    pregnancy: PregnancyState | None, unread: Unread, stated: frozenset[str], sex: Sex | None
) -> PregnancyState | None:
    """Return the pregnancy, or unknown if a code for it was sent and no field states it."""
    perhaps = "pregnant" in unread.perhaps and not pregnancy and "pregnant" not in stated and sex != "male"
    return None if perhaps else pregnancy


def add_context(panel: Panel, terms: Iterable[str], unread: Unread) -> Panel:
    """Return a message's panel with more context, and with one problem for context that was not understood."""
    total, problems = panel.unread + unread, panel.problems
    if total:
        why = f"{total.sentence()}; the terms that may be meant are unknown, not absent"
        told = Problem(_NOT_UNDERSTOOD, total.counts[0][0] if len(total.counts) == 1 else "context", why)
        problems = (*(problem for problem in problems if problem.code != _NOT_UNDERSTOOD), told)
    pregnancy = _unless_perhaps(panel.pregnancy, total, panel.stated, panel.sex)
    return replace(panel, terms=panel.terms | set(terms), unread=total, pregnancy=pregnancy, problems=problems)


_NOT_UNDERSTOOD = "not_understood"


def _refuse(error: PanelError) -> None:
    raise error


@cache
def _known_names() -> frozenset[str]:
    return frozenset((*analytes(), *CONTEXT_FIELDS, *PATIENT_FIELDS, *context().terms))


def _unknown_field(name: str) -> None:
    hint = meant_name(name, (*_known_names(), *OPTIONS))
    raise PanelError(
        f"{shown(name)} is neither an analyte nor a field of a panel{hint}", code="unknown_field", field=repeated(name)
    )
