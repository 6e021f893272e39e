"""One draw: the results, who the patient is, and the clinical context that comes with them."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import Any, Literal

from b12labs.errors import B12LabsError, PanelError, did_you_mean
from b12labs.inputs.measurement import Decimal, Measurement, measure
from b12labs.inputs.vocabulary import find_term, words_of
from b12labs.reference import CONTEXT_FIELDS, analytes, coefficient, context
from b12labs.text import cell_text, is_missing, shown

__all__ = [
    "UNREADABLE",
    "Panel",
    "Problem",
    "pregnant_man",
    "read_age",
    "read_gestation",
    "read_panel",
    "read_pregnancy",
    "read_sex",
    "read_trimester",
]

Sex = Literal["female", "male"]


#: None is not known; 0 not pregnant, 1 to 3 the trimester, 4 pregnant with an unknown trimester.
PregnancyState = Literal[0, 1, 2, 3, 4]


SEX_WORDS: dict[str, Sex | None] = {
    **dict.fromkeys(("female", "f", "woman", "w", "girl"), "female"),
    **dict.fromkeys(("male", "m", "man", "boy"), "male"),
    **dict.fromkeys(("", "unknown", "u", "na", "n/a", "nan", "none", "other", "o", "not specified"), None),
}


YES = frozenset({"yes", "y", "true", "1", "1.0", "t", "pregnant"})


NO = frozenset({"no", "n", "false", "0", "0.0", "f", "not pregnant"})


TRIMESTER_WORDS = {"1": 1, "2": 2, "3": 3, "first": 1, "second": 2, "third": 3, "t1": 1, "t2": 2, "t3": 3}


UNKNOWN_WORDS = frozenset({"", "unknown", "na", "n/a", "nan", "none", "<na>"})


# A bare m or w is refused: 34M is a man of 34 more often than 34 months.
AGE = re.compile(
    r"(\d+(?:\.\d+)?)\s*(years?|yrs?|yo|y|months?|mos?|mths?|weeks?|wks?|days?|d)?\.?\s*(?:old)?",
    re.IGNORECASE | re.ASCII,
)


_AGE_UNIT = re.compile(r"(years?|yrs?|yo|y|months?|mos?|mths?|m|weeks?|wks?|w|days?|d)\.?", re.IGNORECASE)


_YEARS = {"y": 1.0, "m": 1 / 12, "w": 7 / 365.25, "d": 1 / 365.25}


_METERS = {"m": 1.0, "meter": 1.0, "meters": 1.0, "ft": 0.3048, "feet": 0.3048, "foot": 0.3048}


WEEKS = re.compile(r"(\d{1,2}(?:\.\d+)?)(?:\s*\+\s*[0-6])?\s*(?:weeks|wk|w)?", re.ASCII)


HEIGHT = re.compile(r"([+-]?\d+(?:\.\d*)?)\s*m?", re.ASCII)


OLDEST = 130


LONGEST_GESTATION = 45


#: Where people live, in meters.
LOWEST, HIGHEST = -500, 6000


#: A trimester or a gestation that was given and cannot be read: a pregnancy all the same.
UNREADABLE = -1


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that could not be used: a stable code, the field (or column) it concerns, and what to do about it."""

    code: str
    field: str
    message: str


@dataclass(frozen=True, slots=True)
class Panel:
    """One draw's results and the patient's context, read and checked.

    `age_unreadable` where an age was given and could not be read.

    `age` is in years, `elevation` in meters. `pregnancy` is 0 (no), 1 to 3 (trimester), 4 (pregnant, trimester unknown)
    or None (unknown). `terms` are the context terms reported.
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
    if is_missing(value):
        return None
    if unit is not None and not _AGE_UNIT.fullmatch(unit.strip()):
        raise PanelError(
            f"age: {unit!r} is not a unit of age; years, months, weeks or days", code="unknown_unit", field="age"
        )
    text = cell_text(value).strip()
    if text.casefold() in UNKNOWN_WORDS:
        return None
    match = AGE.fullmatch(text)
    years = float(match[1]) * _YEARS[(match[2] or (unit or "y").strip())[0].lower()] if match else math.nan
    if not 0 <= years <= OLDEST:
        raise PanelError(
            f"age: {shown(text)} is not an age; years (67), or '5 months', '3 weeks', '10 days', up to {OLDEST} years",
            code="unreadable_age",
            field="age",
        )
    return years


def _folded(value: Any) -> str:
    """Return a cell as folded text, blank where it is missing."""
    return "" if is_missing(value) else cell_text(value).strip().casefold()


def read_sex(value: Any) -> Sex | None:
    """Read the sex whose limits apply; None where it is not known. Raises `PanelError`."""
    text = _folded(value)
    if text not in SEX_WORDS:
        raise PanelError(
            f"sex: {shown(value)} is not known; 'female', 'male' or 'unknown' is accepted",
            code="unreadable_sex",
            field="sex",
        )
    return SEX_WORDS[text]


def read_yes_no(value: Any, name: str) -> bool | None:
    """Read yes, no or unknown; raises `PanelError`."""
    text = _folded(value)
    if text in UNKNOWN_WORDS:
        return None
    if text in YES or text in NO:
        return text in YES
    raise PanelError(f"{name}: {shown(value)} is not yes or no", code="unreadable_yes_no", field=name)


def is_stated(value: Any) -> bool:
    """Tell whether a cell says anything: neither missing nor blank. `unknown` is something said."""
    return _folded(value) != ""


def read_trimester(value: Any) -> int | None:
    """Read a trimester, 1 to 3; raises `PanelError`."""
    text = _folded(value).removesuffix(".0")
    if text in UNKNOWN_WORDS:
        return None
    if text not in TRIMESTER_WORDS:
        raise PanelError(f"trimester: {shown(value)} is not 1, 2 or 3", code="unreadable_trimester", field="trimester")
    return TRIMESTER_WORDS[text]


def read_gestation(value: Any) -> int | None:
    """Return the trimester from completed weeks of gestation (`20`, `20+3`).

    Week 0 says nothing. Raises `PanelError`.
    """
    text = _folded(value)
    if text in UNKNOWN_WORDS:
        return None
    said = WEEKS.fullmatch(text)
    weeks = float(said[1]) if said else math.nan
    if not 0 <= weeks <= LONGEST_GESTATION:
        raise PanelError(
            f"gestational_weeks: {shown(value)} is not between 0 and {LONGEST_GESTATION}",
            code="unreadable_weeks",
            field="gestational_weeks",
        )
    if weeks == 0:
        return None
    return 1 if weeks < coefficient("trimesters.second") else 2 if weeks < coefficient("trimesters.third") else 3


def read_pregnancy(
    pregnant: bool | None, trimester: int | None, gestation: int | None, *, stated: bool
) -> tuple[PregnancyState | None, PanelError | None]:
    """Combine what is said of pregnancy, and tell what of it excludes each other.

    Not mentioned is not pregnant, said to be unknown is unknown. `trimester` and `gestation` are 1 to 3, None or
    `UNREADABLE`.
    """
    given = {part for part in (trimester, gestation) if part is not None}
    known = sorted(given - {UNREADABLE})
    if pregnant is False:
        why = (
            "'no' and a trimester or weeks of gestation exclude each other; whether she is pregnant is taken as unknown"
        )
        return (None, PanelError.conflict("pregnant", why)) if known else (0, None)
    if len(known) == 1:
        return known[0], None  # type: ignore[return-value]  # 1 to 3
    if known:
        return 4, PanelError.conflict(
            "trimester", "the weeks of gestation are of another trimester; it is taken as unknown"
        )
    if pregnant or given:
        return 4, None
    return (None if stated else 0), None


def pregnant_man() -> PanelError:
    """Return the error of a pregnancy in a man."""
    return PanelError.conflict("sex", "'male' and a pregnancy exclude each other; both are taken as unknown")


class _Reader:
    """Reads the fields of one panel; what cannot be read is raised, or kept as a problem."""

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


def read_panel(
    values: dict[str, Any], *, units: dict[str, str] | None = None, decimal: Decimal = ".", report: bool = False
) -> Panel:
    """Read a panel from named values.

    Names are analytes, `age`, `sex`, `pregnant`, `trimester`, `gestational_weeks`, `elevation`, and the context fields
    (`symptoms`, `risk_factors`, `medicines`, `diagnoses`), each a list or a text of terms, or a context term itself
    (`nitrous_oxide="yes"`).

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
            for word in words_of(value):
                term = reader(find_term, word, name)
                if term is not None:
                    terms.add(term.key)
        elif name in PATIENT_FIELDS:
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
        results, age, sex, pregnancy, elevation, frozenset(terms), tuple(reader.problems), stated, age_unreadable
    )


PATIENT_FIELDS = ("age", "sex", "pregnant", "trimester", "gestational_weeks", "elevation")


def read_elevation(value: Any, unit: str | None = None) -> float | None:
    """Read an elevation in meters, or in the unit given (`ft`); raises `PanelError`."""
    if unit is not None and unit.strip().casefold() not in _METERS:
        raise PanelError(
            f"elevation: {unit!r} is not a unit of elevation; m or ft", code="unknown_unit", field="elevation"
        )
    text = _folded(value)
    if text in UNKNOWN_WORDS:
        return None
    said = HEIGHT.fullmatch(text)
    meters = float(said[1]) * _METERS[(unit or "m").strip().casefold()] if said else math.nan
    if not LOWEST <= meters <= HIGHEST:
        raise PanelError(
            f"elevation: {shown(value)} is not between {LOWEST} and {HIGHEST} meters",
            code="unreadable_elevation",
            field="elevation",
        )
    return max(meters, 0.0)


def _refuse(error: PanelError) -> None:
    raise error


def _unknown_field(name: str) -> None:
    hint = did_you_mean(name, (*analytes(), *CONTEXT_FIELDS, *PATIENT_FIELDS))
    raise PanelError(f"{name!r} is neither an analyte nor a field of a panel{hint}", code="unknown_field", field=name)
