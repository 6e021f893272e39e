"""Results dated by a month or a year: a date of FHIR and HL7 may have no day. They are a separate draw."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from b12labs.integrations.results import LabResult, PatientContext, Reading, age_at

__all__ = ["by_part_dates", "has_part_dates"]

_PART = re.compile(r"\d{4}(?:-\d\d)?", re.ASCII)
#: The first and the last day of a year or month; every month has a 28th, which is near enough for an age.
_ENDS = {4: ("-01-01", "-12-31"), 7: ("-01", "-28")}
#: An age in years from which a patient is an adult, even with a year more or less.
_GROWN = 20


def has_part_dates(results: Sequence[LabResult]) -> bool:
    """Return whether a result has a month or year without a day."""
    return any(_PART.fullmatch(result.time) for result in results)


def by_part_dates(results: Sequence[LabResult], read: Callable[..., Reading], options: dict[str, Any]) -> Reading:
    """Read the results with a day using `read`, and those of each month or year as separate draws."""
    parts = sorted({result.time for result in results if _PART.fullmatch(result.time)})
    readings = [read([result for result in results if result.time not in parts], **options)]
    for part in parts:
        own = [replace(result, time=f"{part}{_ENDS[len(part)][0]}") for result in results if result.time == part]
        who = {result.patient: _at_some_day(_who(options["context"], result.patient), part) for result in own}
        found = read(own, **{**options, "context": who})
        readings.append(replace(found, draws=tuple(replace(draw, time=part) for draw in found.draws)))
    draws = sorted((draw for found in readings for draw in found.draws), key=lambda draw: (draw.patient, draw.time))
    problems = tuple(problem for found in readings for problem in found.problems)
    return Reading(tuple(draws), problems, tuple(note for found in readings for note in found.notes))


def _who(context: Any, patient: str) -> PatientContext:
    return (context.get(patient) if isinstance(context, Mapping) else context) or PatientContext()


def _at_some_day(who: PatientContext, part: str) -> PatientContext:
    """Return a patient with an age that holds for the whole month or year, or without one if it changes."""
    if not who.birth_date:
        return who
    (young, fault), (old, other_fault) = (age_at(who, f"{part}{end}") for end in _ENDS[len(part)])
    if fault or other_fault or young == old:
        return who
    grown = all(str(age).isdigit() and int(str(age)) >= _GROWN for age in (young, old))
    return replace(who, birth_date="", age=None if grown else f"{young} or {old}")
