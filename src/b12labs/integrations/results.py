"""The contents of messages: results with their places, patients, and draws ready to interpret."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from b12labs.inputs.context.reported import NOTHING_UNREAD, Unread
from b12labs.inputs.panel import Panel, Problem

__all__ = ["Draw", "LabResult", "PatientContext", "Reading", "age_at"]

_BIRTH = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
#: Below this many completed years an age is counted in months, and below one month in days.
_MONTHS_UNTIL = 2


@dataclass(frozen=True, slots=True)
class LabResult:
    """One result as its sender printed it, in texts that are blank if not given.

    `time` is ISO 8601. `tests` are the codes and names that identify the test, best first (see `which_test`).
    `value` is `145`, `<150` or `Positive`, with the digits that were sent. `source` is its place (`Observation/123`,
    `OBX 5`), for problems.
    """

    patient: str
    time: str
    tests: tuple[str, ...]
    value: str
    unit: str = ""
    flag: str = ""
    reference_low: str = ""
    reference_high: str = ""
    status: str = "final"
    specimen: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class PatientContext:
    """A patient, and the context reported for the patient.

    `birth_date` is written `1957-03-21`; the age at a draw is computed from it. Without it, `age` is used, as
    `interpret` takes it. `terms` are context terms (`metformin`); `medicines` and `diagnoses` are as `interpret` takes
    them: terms, products and codes. `problems` become problems of every draw. `unread` is the context that was sent and
    not understood.
    """

    birth_date: str = ""
    age: str | float | None = None
    sex: str = ""
    terms: frozenset[str] = frozenset()
    medicines: tuple[str, ...] = ()
    diagnoses: tuple[str, ...] = ()
    pregnant: str | bool | None = None
    trimester: str | int | None = None
    gestational_weeks: str | float | None = None
    elevation: str | float | None = None
    problems: tuple[Problem, ...] = ()
    unread: Unread = NOTHING_UNREAD


@dataclass(frozen=True, slots=True)
class Draw:
    """One draw, ready to interpret: `interpret(draw.panel)`.

    `time` is the time of its first result; `sources` has the source of the result used, by analyte. `problems` are all
    problems of the draw; the panel has the same ones, so that the interpretation lists them.
    """

    panel: Panel
    patient: str
    time: str
    sources: dict[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """The draws that were read, by patient and then by time, and the problems of all other results.

    `problems` has the source and the problem of every value that was not used. `notes` has remarks on values that were
    used: a flag without a direction, a laboratory's comment. `incomplete` is True if more data was announced than
    received; `not measured` then means `not in the data received`.
    """

    draws: tuple[Draw, ...] = ()
    problems: tuple[tuple[str, Problem], ...] = ()
    notes: tuple[tuple[str, Problem], ...] = ()
    incomplete: bool = False


def age_at(who: PatientContext, time: str) -> tuple[str | float | None, Problem | None]:
    """Return the age at a draw in completed years, months or days, and the problem if it is not known."""
    if not who.birth_date:
        return who.age, None
    try:
        born, drawn = (
            date.fromisoformat(who.birth_date if _BIRTH.fullmatch(who.birth_date) else ""),
            date.fromisoformat(time[:10]),
        )
    except ValueError:
        return None, Problem(
            "unreadable_birth_date",
            "age",
            "expected a birth date to the day (1957-03-21); the age is taken as unknown",
        )
    months = (drawn.year - born.year) * 12 + drawn.month - born.month - (drawn.day < born.day)
    if drawn < born:
        return None, Problem(
            "unreadable_birth_date", "age", "the birth date is after the draw; the age is taken as unknown"
        )
    if months < 1:
        return f"{(drawn - born).days} days", None
    return (f"{months} months" if months < 12 * _MONTHS_UNTIL else str(months // 12)), None
