"""The value of an Observation or a component with its comparator and unit, and the laboratory's flag."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from b12labs.inputs.flags import read_flag
from b12labs.inputs.panel import Problem
from b12labs.inputs.units import meanings
from b12labs.integrations.fhir.shapes import UCUM, Json, codings, names_of, text
from b12labs.text import LONGEST, shown

__all__ = ["NO_VALUE", "Value", "flag_of", "number_text", "quantity_unit", "value_of"]

#: A result as text and its unit, or why there is none.
Value = tuple[str, str] | Problem

_VALUES = frozenset(
    f"value{kind}"
    for kind in (
        "Quantity",
        "CodeableConcept",
        "String",
        "Boolean",
        "Integer",
        "Range",
        "Ratio",
        "SampledData",
        "Time",
        "DateTime",
        "Period",
        "Attachment",
        "Reference",
    )
)
_COMPARATORS = ("<", "<=", ">=", ">")
_LONGEST = 200
_DIGITS = 40
_CODE = re.compile("[a-z-]{1,40}", re.ASCII)
#: Systems of v3 ObservationInterpretation and of the HL7 table before it, whose codes mean the same: a direction beyond
#: a limit, or none.
_INTERPRETATION = frozenset(
    {
        "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation",
        "http://terminology.hl7.org/CodeSystem/v2-0078",
        "http://hl7.org/fhir/v3/ObservationInterpretation",
        "http://hl7.org/fhir/v2/0078",
        "urn:oid:2.16.840.1.113883.5.83",
        "urn:oid:2.16.840.1.113883.12.78",
    }
)
_DIRECTIONS = {"LU": "L", "HU": "H", "ND": "not detected", "DET": "detected"}
#: The value is the end of the instrument's range, and the true value lies beyond it.
_OFF_SCALE = frozenset({"<", ">"})
#: Neither found nor not found.
_UNDECIDED = "IND"
#: A change since the last result, without a relation to a limit.
_CHANGES = frozenset({"B", "D", "U", "W"})

NO_VALUE = Problem("no_result", "value", "there is no value")


def value_of(part: Json) -> Value:
    """Return the value of an Observation or component."""
    quantity = part.get("valueQuantity")
    there = _VALUES.intersection(part)
    if len(there) > 1:
        return Problem(
            "conflicting_values", "value", f"there are several values: {', '.join(sorted(there))}; none was used"
        )
    if part.get("dataAbsentReason") is not None:
        return _absent(part["dataAbsentReason"], there)
    if isinstance(quantity, dict):
        return _of_quantity(quantity)
    if not there:
        return NO_VALUE
    kind = next(iter(there))
    value = part[kind]
    if kind == "valueString" and isinstance(value, str):
        return (value.strip(), "") if len(value) <= _LONGEST else _unread("the text is too long to be a result")
    if kind == "valueInteger" and isinstance(value, int) and not isinstance(value, bool):
        written = number_text(value)
        return (written, "") if written else _unread("the number is too long to be a result")
    if kind == "valueCodeableConcept" and isinstance(value, dict):
        return _of_concept(value)
    if kind == "valueRange" and isinstance(value, dict):
        return _of_range(value)
    return _unread(f"expected a quantity, a text, an integer or a concept, got a {kind}")


def _unread(why: str) -> Problem:
    return Problem("unreadable_value", "value", why)


def _absent(reason: Any, there: frozenset[str]) -> Problem:
    codes = [code for coding in codings(reason) if _CODE.fullmatch(code := text(coding.get("code")))]
    said = f" ({', '.join(codes)})" if codes else ""
    if there:
        return Problem(
            "conflicting_values", "value", f"there is a value, and also a reason for its absence{said}; it is not used"
        )
    return Problem("no_result", "value", f"there is no value; a reason is given{said}")


def _of_quantity(quantity: Json) -> Value:
    value, comparator = quantity.get("value"), quantity.get("comparator")
    if comparator is None and "_comparator" in quantity:  # a converter writes a comparator that R4 lacks so
        comparator = "_comparator"
    if value is None:
        return NO_VALUE
    written = number_text(value)
    if not written:
        return _unread("expected a number")
    if comparator is not None and comparator not in _COMPARATORS:
        return Problem(
            "unknown_operator", "value", f"expected a comparator out of {', '.join(_COMPARATORS)}, got another"
        )
    unit = quantity_unit(quantity)
    return unit if isinstance(unit, Problem) else (f"{comparator or ''}{written}", unit)


def _of_range(value: Json) -> Value:
    """Return a range with one end as the result that it bounds; a range with two ends is not one number."""
    ends = [(sign, value[name]) for sign, name in ((">=", "low"), ("<=", "high")) if isinstance(value.get(name), dict)]
    if len(ends) != 1 or "comparator" in ends[0][1]:
        return _unread("expected a range with one end, a lower or an upper bound of the result")
    bound = _of_quantity(ends[0][1])
    return bound if isinstance(bound, Problem) else (f"{ends[0][0]}{bound[0]}", bound[1])


def number_text(value: Any) -> str:
    """Return a number as it was written, with its digits; blank if it is not a number, or too long for a result."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return ""
    if not (value.is_finite() if isinstance(value, Decimal) else isinstance(value, int) or math.isfinite(value)):
        return ""
    if isinstance(value, int) and abs(value) >= 10**_DIGITS:  # Python does not print thousands of digits
        return ""
    written = str(value)
    return written if len(written) <= _DIGITS else ""


def quantity_unit(quantity: Mapping[str, Any]) -> str | Problem:
    """Return a quantity's unit: its UCUM code, or its text if it has no code; blank if it has neither.

    A known code and a known text with another meaning are refused.
    """
    system, code, unit = text(quantity.get("system")), text(quantity.get("code")), text(quantity.get("unit"))
    if len(system) + len(code) + len(unit) > LONGEST:
        return Problem("unknown_unit", "unit", f"expected a unit of at most {LONGEST:,} characters; not used")
    return _unit(system, code, unit)


@lru_cache(maxsize=1024)
def _unit(system: str, code: str, unit: str) -> str | Problem:
    if not code or (system and system not in UCUM):
        return unit or code
    if not unit:
        return code
    if not system:
        return unit
    one, other = meanings(code), meanings(unit)
    if one and other and not one & other:
        return Problem(
            "conflicting_units", "unit", f"the unit's code is {shown(code)}, but its text is {shown(unit)}; not used"
        )
    return code


def _of_concept(concept: Json) -> Value:
    """Return the word of a concept that means low, normal, high, positive or negative, or else its name."""
    names = names_of(concept)
    coded = [text(coding.get("code")) for coding in codings(concept) if coding.get("system") in _INTERPRETATION]
    words = [name for name in (*names, *(_DIRECTIONS.get(code, code) for code in coded)) if read_flag(name)]
    own = text(concept.get("text")).casefold()
    # `Positive 1:80` agrees with its code, `Equivocal` does not. The text is the original report; codes derive from it.
    apart = bool(words) and (_UNDECIDED in coded or bool(own and not own.startswith(tuple(map(str.casefold, words)))))
    if apart or len(set(map(read_flag, words))) > 1:
        return Problem(
            "conflicting_flags", "value", "the text and the codes of the result do not agree; it is not used"
        )
    if words:
        return words[0], ""
    said = next(iter(names), "")
    if not said:
        return _unread("the concept has codes without a text; expected a text such as 'Positive'")
    return (said, "") if len(said) <= _LONGEST else _unread("the text is too long to be a result")


def flag_of(concepts: Any) -> str:
    """Return the laboratory's flag.

    If there are several, return the one with a direction, or all of them if their directions differ.
    """
    if not concepts:
        return ""
    said: list[str] = []
    for concept in concepts if isinstance(concepts, list) else [concepts]:
        coded = [
            text(coding.get("code"))
            for coding in codings(concept)
            if coding.get("system", "") in ("", *_INTERPRETATION)
        ]
        named = names_of(concept)
        words = [_DIRECTIONS.get(code, code) for code in coded if code and code not in _CHANGES]
        said += [*words, *filter(read_flag, named)] or named[:1]
        if not any((*coded, *named)):
            said.append(text(concept) or "unreadable")
    off_scale = _OFF_SCALE.intersection(said)
    if len(off_scale) == 1:
        return next(iter(off_scale))
    directed = {flag: word for word in reversed(said) if (flag := read_flag(word))}
    return next(iter(directed.values())) if len(directed) == 1 else " / ".join(dict.fromkeys(said))[:_LONGEST]
