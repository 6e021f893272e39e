"""The meanings of a table's columns: an analyte with its unit and bound, the patient, or a context term."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from b12labs.errors import ColumnError, checked_texts, did_you_mean
from b12labs.inputs.fields import PATIENT_FIELDS
from b12labs.inputs.numbers import unit_of
from b12labs.inputs.options import COLUMNS_EXPECTED, UNITS_EXPECTED
from b12labs.inputs.several import by_unit, family
from b12labs.inputs.units import find_unit
from b12labs.reference import CONTEXT_FIELDS, analytes, context
from b12labs.site_mapping.header_names import AGE_IN, split_header, target_of, told_target
from b12labs.site_mapping.headers import agreed_unit
from b12labs.site_mapping.mapping import IGNORE, SiteMapping

__all__ = ["Result", "Told", "told", "told_of_patient"]

#: A column that may accompany an analyte's column, by the end of its name.
_BESIDE = re.compile(r"(?P<of>.+)[ _](?P<role>unit|bound)")
#: A column that may accompany it in a table, but is not supported in SQL.
_LEFT_OUT = re.compile(r".+[ _](flag|reference_low|reference_high)")


@dataclass(slots=True)
class Result:
    """The columns of one analyte: its numbers, their unit or its column, and the column of the bound."""

    key: str
    value: str
    unit: str | None = None
    unit_column: str | None = None
    bound_column: str | None = None
    #: The code of the fault that bars the number, NULL in rows without one.
    fault_column: str | None = None


@dataclass(slots=True)
class Told:
    """The meaning of every column."""

    results: dict[str, Result] = field(default_factory=dict)
    patient: dict[str, str] = field(default_factory=dict)
    #: The unit of age or of elevation, if it is not years or meters.
    units: dict[str, str] = field(default_factory=dict)
    terms: dict[str, str] = field(default_factory=dict)


def told(columns: Mapping[str, str] | None, units: Mapping[str, str] | None, site: SiteMapping) -> Told:
    """Return the meaning of each column; raises `ColumnError` if a column has none, or two have the same."""
    checked_texts("columns", columns, COLUMNS_EXPECTED)
    checked_texts("units", units, UNITS_EXPECTED)
    found, beside = Told(), dict[str, tuple[str, str]]()
    left = dict(units or {})
    for name, what in (columns or {}).items():
        role = _BESIDE.fullmatch(what)
        if what == IGNORE:
            continue
        if role and _target(role["of"]) and _target(what) is None:
            beside[name] = role["role"], _target_key(role["of"])
        elif _LEFT_OUT.fullmatch(what) and _target(what) is None:
            raise _refused(name, what, "flags and intervals per row are not supported in SQL; leave the column out")
        else:
            _take(found, name, what, left, site)
    for name, (part, key) in beside.items():
        _set_beside(found, name, part, key)
    for result in found.results.values():
        _check_unit(result)
    for name in left:
        raise ColumnError(
            f"units: {name!r} is not a result of this table{did_you_mean(name, found.results)}",
            code="unknown_column",
            field=name,
        )
    if not found.results:
        raise ColumnError(
            "columns: expected a column of a result, such as {'b12_result': 'b12'}, got none", code="no_columns"
        )
    return found


def told_of_patient(columns: Mapping[str, str], site: SiteMapping) -> Told:
    """Return the meanings of the columns besides those of a result; raises `ColumnError` if one is a result itself."""
    found = Told()
    for name, what in columns.items():
        if what != IGNORE:
            _take(found, name, what, {}, site)
    for result in found.results.values():
        raise _refused(result.value, result.key, "a long table has one row per result, and no column for a result")
    return found


def _target(what: str) -> tuple[str, str] | None:
    return target_of(split_header(what)[0])


def _target_key(what: str) -> str:
    target = _target(what)
    assert target is not None
    return target[1]


def _refused(name: str, what: str, why: str) -> ColumnError:
    return ColumnError(f"columns: {name!r}: {what!r}: {why}", code="not_in_sql", field=name)


def _take(found: Told, name: str, what: str, units: dict[str, str], site: SiteMapping) -> None:
    header, unit = split_header(what)
    try:
        target = told_target(header)
    except ColumnError as error:
        swapped = f"; put the table's column first: {{{what!r}: {name!r}}}" if _target(name) else ""
        near = swapped or did_you_mean(what, _known())
        raise ColumnError(
            f"columns: {name!r}: {what!r} is neither an analyte nor a field{near}", code=error.code, field=name
        ) from None
    assert target is not None
    kind, key = target
    # `folic_acid` is a medicine and a name of folate; a result would need a unit.
    if (
        kind == "analyte"
        and what in context().terms
        and what not in analytes()
        and not {name, key, what} & units.keys()
    ):
        kind, key = "terms", what
    if kind == "context":
        raise _refused(name, what, "a column of words is not supported in SQL; give each term a yes/no column")
    unit = unit or split_header(name)[1] if kind != "terms" else None
    if kind == "analyte":
        said = [units.pop(each, None) for each in dict.fromkeys((name, what, key))]
        default = None if unit or any(said) else site.units.get(key)
        key = by_unit(key, next(filter(None, (unit, *said, default)), None))
        _once(found.results, key, name, Result(key, name, agreed_unit(key, name, unit, *said, default)))
    elif kind == "patient":
        said_age = AGE_IN.get(header.casefold().replace("_", " "))
        _once(found.patient, key, name, name)
        stated = units.pop(name, None) or units.pop(key, None) or unit or said_age
        if stated:
            found.units[key] = stated
    else:
        _once(found.terms, key, name, name)


def _once(there: dict[str, Any], key: str, name: str, value: Any) -> None:
    """Note the meaning of a column; raises `ColumnError` if another has the same."""
    if key in there:
        other = there[key].value if isinstance(there[key], Result) else there[key]
        raise ColumnError(
            f"columns: {other!r} and {name!r} are both {key}; leave one out, or combine them in a view",
            code="two_columns",
            field=name,
        )
    there[key] = value


def _set_beside(found: Told, name: str, role: str, key: str) -> None:
    """Note the column of a unit or a bound for its result, or for a related analyte that is read under its name."""
    there = [found.results[each] for each in (family(key) if key in analytes() else ()) if each in found.results]
    if not there:
        raise ColumnError(
            f"columns: {name!r} is the {role} of {key}, which has no column of its own"
            f"{did_you_mean(key, found.results)}",
            code="unknown_column",
            field=name,
        )
    attribute = f"{role}_column"
    if getattr(there[0], attribute):
        raise ColumnError(
            f"columns: {getattr(there[0], attribute)!r} and {name!r} are both the {role} of {key}; leave one out",
            code="two_columns",
            field=name,
        )
    setattr(there[0], attribute, name)


def _check_unit(result: Result) -> None:
    """Check that a result has exactly one unit; raises `ColumnError` or `MeasurementError`."""
    if result.unit_column and result.unit:
        raise ColumnError(
            f"columns: {result.value!r} has the unit {result.unit!r} and the column {result.unit_column!r} for it; "
            "leave one out",
            code="conflicting_units",
            field=result.value,
        )
    if result.unit:
        find_unit(analytes()[result.key], result.unit)
    elif not result.unit_column:
        result.unit = unit_of(analytes()[result.key], "", None, result.value).ucum


def _known() -> list[str]:
    return [*analytes(), *PATIENT_FIELDS, *CONTEXT_FIELDS, *context().terms]
