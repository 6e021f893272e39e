"""The fields of the patient: age, sex, pregnancy and elevation, each read or refused."""

from __future__ import annotations

import math
import re
from typing import Any, Literal

from b12labs.errors import PanelError
from b12labs.reference import coefficient
from b12labs.text import LONGEST, cell_text, is_missing, shown

__all__ = [
    "NO",
    "PATIENT_FIELDS",
    "PATIENT_NAMES",
    "UNREADABLE",
    "YES",
    "PregnancyState",
    "Sex",
    "is_stated",
    "other_unit",
    "pregnant_man",
    "read_elevation",
    "read_gestation",
    "read_pregnancy",
    "read_sex",
    "read_trimester",
    "read_yes_no",
]

#: The fields of the patient, besides results and context.
PATIENT_FIELDS = ("age", "sex", "pregnant", "trimester", "gestational_weeks", "elevation")

#: Their names in the headers of tables, in several languages. "Sexo" is left out: M is a woman in Spanish, and a man in
#: Portuguese.
PATIENT_NAMES = {
    "age": (
        "age", "age years", "age in years", "age yr", "age y", "patient age", "alter", "alter jahre", "alter in jahren",
        "patientenalter", "âge", "edad", "età", "leeftijd", "alder", "ålder", "idade", "ikä",
    ),
    "sex": (
        "sex", "gender", "patient sex", "geschlecht", "sexe", "sesso", "geslacht", "køn", "kjønn", "kön", "sukupuoli",
    ),
    "pregnant": ("pregnant", "pregnancy", "is pregnant"),
    "trimester": ("trimester",),
    "gestational_weeks": ("gestational weeks", "weeks of gestation", "gestation weeks"),
    "elevation": ("elevation", "altitude", "elevation m", "altitude m"),
}  # fmt: skip

Sex = Literal["female", "male"]

#: None is unknown, 0 not pregnant, 1 to 3 the trimester, 4 pregnant in an unknown trimester.
PregnancyState = Literal[0, 1, 2, 3, 4]

_FEMALE = (
    "female", "f", "woman", "w", "girl",
    "weiblich", "frau", "femme", "féminin", "femmina", "donna", "vrouw", "kvinde", "kvinne", "kvinna", "nainen",
    "mujer", "femenino", "mulher", "feminino",
)  # fmt: skip
_MALE = (
    "male", "m", "man", "boy",
    "männlich", "mann", "homme", "masculin", "maschio", "uomo", "mand", "mies", "hombre", "masculino", "homem",
)  # fmt: skip
SEX_WORDS: dict[str, Sex | None] = {
    **dict.fromkeys(_FEMALE, "female"),
    **dict.fromkeys(_MALE, "male"),
    **dict.fromkeys(("", "unknown", "u", "na", "n/a", "nan", "none", "other", "o", "not specified"), None),
}

YES = frozenset({"yes", "y", "true", "1", "1.0", "t", "pregnant"})

NO = frozenset({"no", "n", "false", "0", "0.0", "f", "not pregnant"})

TRIMESTER_WORDS = {
    **dict.fromkeys(("1", "first", "t1"), 1),
    **dict.fromkeys(("2", "second", "t2"), 2),
    **dict.fromkeys(("3", "third", "t3"), 3),
}

UNKNOWN_WORDS = frozenset({"", "unknown", "na", "n/a", "nan", "none", "<na>"})

_METERS = {**dict.fromkeys(("m", "meter", "meters"), 1.0), **dict.fromkeys(("ft", "feet", "foot"), 0.3048)}

WEEKS = re.compile(r"(\d{1,2}(?:\.\d+)?)(?:\s*\+\s*[0-6])?\s*(?:weeks|wk|w)?", re.ASCII)

HEIGHT = re.compile(r"([+-]?\d+(?:\.\d*)?)\s*(m)?", re.ASCII)

LONGEST_GESTATION = 45

#: The elevations at which people live, in meters.
LOWEST, HIGHEST = -500, 6000

#: An unreadable trimester or gestation, which still means a pregnancy.
UNREADABLE = -1


def other_unit(field: str, value: Any, unit: str) -> PanelError:
    """Return the error of a cell whose own unit differs from the unit of its column."""
    return PanelError(
        f"{field}: expected {shown(unit)}, the unit of its column, got {shown(value)}",
        code=f"unreadable_{field}",
        field=field,
    )


def folded(value: Any) -> str:
    """Return a cell as folded text, blank if it is missing."""
    return "" if is_missing(value) else cell_text(value).strip().casefold()


def read_sex(value: Any) -> Sex | None:
    """Read the sex whose limits apply; None if it is unknown. Raises `PanelError`."""
    text = folded(value)
    if text not in SEX_WORDS:
        raise PanelError(
            f"sex: expected 'female', 'male' or 'unknown', got {shown(value)}",
            code="unreadable_sex",
            field="sex",
        )
    return SEX_WORDS[text]


def read_yes_no(value: Any, name: str) -> bool | None:
    """Read yes, no or unknown; raises `PanelError`."""
    text = folded(value)
    if text in UNKNOWN_WORDS:
        return None
    if text in YES or text in NO:
        return text in YES
    raise PanelError(f"{name}: expected yes or no, got {shown(value)}", code="unreadable_yes_no", field=name)


def is_stated(value: Any) -> bool:
    """Return whether a cell is neither missing nor blank; `unknown` is a stated value."""
    return folded(value) != ""


def read_trimester(value: Any) -> int | None:
    """Read a trimester, 1 to 3; raises `PanelError`."""
    text = folded(value).removesuffix(".0")
    if text in UNKNOWN_WORDS:
        return None
    if text not in TRIMESTER_WORDS:
        why = f"trimester: expected 1, 2 or 3, got {shown(value)}"
        raise PanelError(why, code="unreadable_trimester", field="trimester")
    return TRIMESTER_WORDS[text]


def read_gestation(value: Any) -> int | None:
    """Return the trimester from completed weeks of gestation (`20`, `20+3`).

    Week 0 has no meaning. Raises `PanelError`.
    """
    text = folded(value)
    if text in UNKNOWN_WORDS:
        return None
    said = WEEKS.fullmatch(text) if len(text) <= LONGEST else None
    weeks = float(said[1]) if said else math.nan
    if not 0 <= weeks <= LONGEST_GESTATION:
        raise PanelError(
            f"gestational_weeks: expected 0 to {LONGEST_GESTATION} weeks, got {shown(value)}",
            code="unreadable_weeks",
            field="gestational_weeks",
        )
    if weeks == 0:
        return None
    return 1 if weeks < coefficient("trimesters.second") else 2 if weeks < coefficient("trimesters.third") else 3


def read_pregnancy(
    pregnant: bool | None, trimester: int | None, gestation: int | None, *, stated: bool
) -> tuple[PregnancyState | None, PanelError | None]:
    """Combine the fields of pregnancy, and return its state and the error of fields that exclude each other.

    A pregnancy that is not mentioned is absent; one that is stated as unknown is unknown. `trimester` and `gestation`
    are 1 to 3, None or `UNREADABLE`.
    """
    given = {part for part in (trimester, gestation) if part is not None}
    known = sorted(given - {UNREADABLE})
    if pregnant is False:
        why = "'no' and a trimester or weeks of gestation exclude each other; neither is used"
        return (None, PanelError.conflict("pregnant", why)) if known else (0, None)
    if len(known) == 1:
        return known[0], None  # type: ignore[return-value]  # 1 to 3
    if known:
        return 4, PanelError.conflict(
            "trimester", "the weeks of gestation are in another trimester; the trimester is taken as unknown"
        )
    if pregnant or given:
        return 4, None
    return (None if stated else 0), None


def pregnant_man() -> PanelError:
    """Return the error of a pregnancy in a man."""
    return PanelError.conflict("sex", "'male' and a pregnancy exclude each other; neither is used")


def read_elevation(value: Any, unit: str | None = None) -> float | None:
    """Read an elevation in meters, or in the unit given (`ft`); raises `PanelError`."""
    if unit is not None and unit.strip().casefold() not in _METERS:
        raise PanelError(
            f"elevation: expected m or ft as its unit, got {shown(unit)}", code="unknown_unit", field="elevation"
        )
    text = folded(value)
    if text in UNKNOWN_WORDS:
        return None
    said = HEIGHT.fullmatch(text) if len(text) <= LONGEST else None
    if said and said[2] and unit and _METERS[said[2]] != _METERS[unit.strip().casefold()]:
        raise other_unit("elevation", value, unit)
    meters = float(said[1]) * _METERS[(said[2] or unit or "m").strip().casefold()] if said else math.nan
    if not LOWEST <= meters <= HIGHEST:
        raise PanelError(
            f"elevation: expected {LOWEST} to {HIGHEST} meters, got {shown(value)}",
            code="unreadable_elevation",
            field="elevation",
        )
    return max(meters, 0.0)
