"""One draw: the results, who the patient is, and the clinical context that comes with them."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import Any, Literal

from b12labs.errors import B12LabsError, PanelError, nearest
from b12labs.measurement import Decimal, Measurement, is_missing, measure
from b12labs.reference import CONTEXT_FIELDS, analytes, coefficient, context
from b12labs.vocabulary import find_term, split_terms

__all__ = ["Panel", "Problem", "read_age", "read_panel", "read_pregnancy", "read_sex", "read_trimester"]

Sex = Literal["female", "male"]
#: None is not known; 0 not pregnant, 1 to 3 the trimester, 4 pregnant with an unknown trimester.
PregnancyState = Literal[0, 1, 2, 3, 4]

_SEXES: dict[str, Sex | None] = {
    **dict.fromkeys(("female", "f", "woman", "w", "girl"), "female"),
    **dict.fromkeys(("male", "m", "man", "boy"), "male"),
    **dict.fromkeys(("", "unknown", "u", "na", "n/a", "nan", "none", "other", "o", "not specified"), None),
}  # fmt: skip
YES = frozenset({"yes", "y", "true", "1", "1.0", "t", "pregnant"})
NO = frozenset({"no", "n", "false", "0", "0.0", "f", "not pregnant"})
_UNKNOWN = frozenset({"", "unknown", "na", "n/a", "nan", "none", "<na>"})
# A bare m or w is refused: 34M is a man of 34 more often than 34 months.
_AGE = re.compile(r"(\d+(?:\.\d+)?)\s*(years?|yrs?|yo|y|months?|mos?|mths?|weeks?|wks?|days?|d)?\.?\s*(?:old)?", re.IGNORECASE | re.ASCII)
_AGE_UNIT = re.compile(r"(years?|yrs?|yo|y|months?|mos?|mths?|m|weeks?|wks?|w|days?|d)\.?", re.IGNORECASE)
_YEARS = {"y": 1.0, "m": 1 / 12, "w": 7 / 365.25, "d": 1 / 365.25}
_METERS = {"m": 1.0, "meter": 1.0, "meters": 1.0, "ft": 0.3048, "feet": 0.3048, "foot": 0.3048}
OLDEST = 130


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that could not be used: a stable code, the field (or column) it concerns, and what to do about it."""

    code: str
    field: str
    message: str


@dataclass(frozen=True, slots=True)
class Panel:
    """One draw's results and the patient's context, read and checked; `age_unreadable` where an age was given and could not be read.

    `age` is in years, `elevation` in meters. `pregnancy` is 0 (no), 1 to 3 (trimester), 4 (pregnant, trimester unknown) or None
    (unknown). `terms` are the context terms reported.
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


def read_age(value: Any, unit: str | None = None) -> float | None:
    """Read an age: a number of years (or of the unit given), or a text such as `5 months`; raises `PanelError`."""
    if value is None:
        return None
    if unit is not None and not _AGE_UNIT.fullmatch(unit.strip()):
        raise PanelError(f"age: {unit!r} is not a unit of age; years, months, weeks or days", code="unknown_unit", field="age")
    text = str(value).strip()
    if text.casefold() in _UNKNOWN:
        return None
    match = _AGE.fullmatch(text)
    years = float(match[1]) * _YEARS[(match[2] or (unit or "y").strip())[0].lower()] if match else math.nan
    if not 0 <= years <= OLDEST:
        raise PanelError(
            f"age: {text!r} is not an age; years (67), or '5 months', '3 weeks', '10 days', up to {OLDEST} years", code="unreadable_age", field="age"
        )
    return years


def read_sex(value: Any) -> Sex | None:
    """Read the sex whose limits apply; None where it is not known. Raises `PanelError`."""
    text = "" if value is None else str(value).strip().casefold()
    if text not in _SEXES:
        raise PanelError(f"sex: {value!r} is not known; 'female', 'male' or 'unknown' is accepted", code="unreadable_sex", field="sex")
    return _SEXES[text]


def read_yes_no(value: Any, name: str) -> bool | None:
    """Read yes, no or unknown; raises `PanelError`."""
    text = "" if value is None else str(value).strip().casefold()
    if text in _UNKNOWN:
        return None
    if text in YES or text in NO:
        return text in YES
    raise PanelError(f"{name}: {value!r} is not yes or no", code="unreadable_yes_no", field=name)


def is_stated(value: Any) -> bool:
    """Tell whether a cell says anything: neither missing nor blank. `unknown` is something said."""
    return not is_missing(value) and str(value).strip() != ""


def read_trimester(trimester: Any = None, gestational_weeks: Any = None) -> int | None:
    """Return the trimester from itself or from weeks of gestation ; raises `PanelError`."""
    if gestational_weeks is not None and str(gestational_weeks).strip().casefold() not in _UNKNOWN:
        said = re.fullmatch(r"(\d{1,2}(?:\.\d+)?)(?:\s*\+\s*[0-6])?\s*(?:weeks|wk|w)?", str(gestational_weeks).strip().casefold())
        weeks = float(said[1]) if said else math.nan
        if not 0 <= weeks <= 45:
            raise PanelError(f"gestational_weeks: {gestational_weeks!r} is not between 0 and 45", code="unreadable_weeks", field="gestational_weeks")
        if weeks > 0:
            return 1 if weeks < coefficient("trimesters.second") else 2 if weeks < coefficient("trimesters.third") else 3
    text = "" if trimester is None else str(trimester).strip().casefold().removesuffix(".0")
    if text in _UNKNOWN:
        return None
    names = {"1": 1, "2": 2, "3": 3, "first": 1, "second": 2, "third": 3, "t1": 1, "t2": 2, "t3": 3}
    if text not in names:
        raise PanelError(f"trimester: {trimester!r} is not 1, 2 or 3", code="unreadable_trimester", field="trimester")
    return names[text]


def read_pregnancy(pregnant: bool | None, trimester: int | None, *, stated: bool) -> PregnancyState | None:
    """Combine what is said of pregnancy; not mentioned is not pregnant, said to be unknown is unknown."""
    if trimester is not None and pregnant is not False:
        return trimester  # type: ignore[return-value]  # 1 to 3 by read_trimester
    if pregnant:
        return 4
    return None if pregnant is None and stated else 0


class _Reader:
    """Reads the fields of one panel; what cannot be read is raised, or kept as a problem."""

    def __init__(self, *, report: bool) -> None:
        self.report = report
        self.problems: list[Problem] = []

    def __call__(self, read: Any, *given: Any, **options: Any) -> Any:
        try:
            return read(*given, **options)
        except B12LabsError as error:
            if not self.report:
                raise
            self.problems.append(Problem(error.code, error.field or "", error.message))
            return getattr(error, "kept", None)


def read_panel(values: dict[str, Any], *, units: dict[str, str] | None = None, decimal: Decimal = ".", report: bool = False) -> Panel:
    """Read a panel from named values.

    Names are analytes, `age`, `sex`, `pregnant`, `trimester`, `gestational_weeks`, `elevation`, and the context fields (`symptoms`,
    `risk_factors`, `medicines`, `diagnoses`), each a list or a text of terms, or a context term itself (`nitrous_oxide="yes"`).

    With `report` what cannot be read becomes a problem; otherwise a `B12LabsError` that names the field is raised.
    """
    reader = _Reader(report=report)
    units = units or {}
    results: dict[str, Measurement] = {}
    terms: set[str] = set()
    patient: dict[str, Any] = {}
    for name, value in values.items():
        if name in analytes():
            read = reader(measure, name, value, unit=units.get(name), decimal=decimal)
            if read is not None:
                results[name] = read
        elif name in CONTEXT_FIELDS:
            for word in _words(value):
                term = reader(find_term, str(word), name)
                if term is not None:
                    terms.add(term.key)
        elif name in _PATIENT:
            patient[name] = value
        elif name in context().terms:
            if reader(read_yes_no, value, name):
                terms.add(name)
        else:
            reader(_unknown_field, name)
    for name in units:
        if name not in analytes():
            reader(_unknown_field, name)
    before = len(reader.problems)
    age = reader(read_age, patient.get("age"))
    age_unreadable = len(reader.problems) > before
    sex = reader(read_sex, patient.get("sex"))
    pregnant = reader(read_yes_no, patient.get("pregnant"), "pregnant")
    before = len(reader.problems)
    trimester = reader(read_trimester, patient.get("trimester"), patient.get("gestational_weeks"))
    if len(reader.problems) > before and pregnant is not False:
        pregnant = True
    pregnancy = read_pregnancy(pregnant, trimester, stated=is_stated(patient.get("pregnant")))
    if pregnancy and sex == "male":
        reader(_conflict)
        sex = pregnancy = None
    elif pregnancy:
        sex = "female"
    elevation = reader(read_elevation, patient.get("elevation")) or 0.0
    stated = frozenset(name for name in patient if is_stated(patient[name]))
    return Panel(results, age, sex, pregnancy, elevation, frozenset(terms), tuple(reader.problems), stated, age_unreadable)


_PATIENT = ("age", "sex", "pregnant", "trimester", "gestational_weeks", "elevation")


def _words(value: Any) -> list[Any]:
    if value is None:
        return []
    if isinstance(value, str):
        return split_terms(value)
    return list(value)


def read_elevation(value: Any, unit: str | None = None) -> float | None:
    """Read an elevation in meters, or in the unit given (`ft`); raises `PanelError`."""
    if unit is not None and unit.strip().casefold() not in _METERS:
        raise PanelError(f"elevation: {unit!r} is not a unit of elevation; m or ft", code="unknown_unit", field="elevation")
    if value is None or str(value).strip().casefold() in _UNKNOWN:
        return None
    try:
        meters = float(str(value).casefold().removesuffix("m").strip()) * _METERS[(unit or "m").strip().casefold()]
    except ValueError:
        meters = math.nan
    if not -500 <= meters <= 6000:
        raise PanelError(f"elevation: {value!r} is not between -500 and 6000 meters", code="unreadable_elevation", field="elevation")
    return max(meters, 0.0)


def _conflict() -> None:
    raise PanelError.conflict()


def _unknown_field(name: str) -> None:
    near = nearest(name, (*analytes(), *CONTEXT_FIELDS, *_PATIENT))
    hint = f"; did you mean {near!r}?" if near else ""
    raise PanelError(f"{name!r} is neither an analyte nor a field of a panel{hint}", code="unknown_field", field=name)
