"""The meaning of one header: the name of an analyte, a field or a context term, and its unit.

`B12 [pg/mL]`, `hemoglobin (g/dL)`, `b12_pg_ml`, `B12..pg.mL.` (as R writes it) and `2132-9` are read. A header that
only resembles a name, or has more words, is not. `doubt` returns its possible meaning, so that no result is lost in
silence.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from b12labs.errors import ColumnError, did_you_mean
from b12labs.inputs.fields import PATIENT_NAMES
from b12labs.inputs.names import meanings_in, test_names
from b12labs.inputs.several import by_unit
from b12labs.inputs.tests import near_test, recognize_test
from b12labs.inputs.units import is_unit, is_unit_of
from b12labs.inputs.vocabulary import plain
from b12labs.inputs.words.folding import words as spelled
from b12labs.inputs.words.near_words import near_words
from b12labs.reference import CONTEXT_FIELDS, context
from b12labs.site_mapping.mapping import IGNORE
from b12labs.text import LONGEST

__all__ = [
    "AGE_IN",
    "Target",
    "doubt",
    "find_field",
    "split_header",
    "target_of",
    "told_target",
]

#: The meaning of a header: `analyte`, `patient`, `context` or `terms`, and its key.
Target = tuple[str, str]

#: Headers with the unit of age without brackets.
AGE_IN = {f"age {between}{unit}": unit for unit in ("months", "weeks", "days") for between in ("", "in ")}

_HEADER = re.compile(
    r"^(?P<name>(?:.*?\S)?)\s*[\[(](?P<unit>[^\[\](){}]*(?:(?:\([^()]*\)|\{[^{}]*\})[^\[\](){}]*)*)[\])][\s*]*$"
)
_BRACKETS = str.maketrans("（）［］【】", "()[][]")
#: A possible gap between a name and its unit, if there are no brackets.
_GAP = re.compile(r"[\s,;:._-]+")
#: Words in brackets after a question that is answered with yes or no.
_YES_NO = frozenset(
    {"y n", "yes no", "no yes", "0 1", "1 0", "1 yes", "1 yes 0 no", "0 no 1 yes", "true false", "binary", "boolean"}
)
#: Words of columns about a result, which hold no result themselves.
_ABOUT = frozenset({
    "date", "time", "datetime", "day", "comment", "comments", "note", "notes", "remark", "method", "assay", "kit", "id",
    "instrument", "lab", "laboratory", "code", "loinc", "flag", "status", "unit", "units", "specimen", "reference",
    "ref", "range", "interval", "lower", "upper", "limit", "lln", "uln",
})  # fmt: skip
#: Words that make a hemoglobin another test.
_HEMOGLOBINS = frozenset({"a1c", "a1", "a2", "f", "s", "c", "d", "e", "h", "barts", "glycated", "electrophoresis"})
#: Words of columns about the patient.
_FIELD_WORDS = {"age": "age", "sex": "sex", "gender": "sex", "pregnant": "pregnant", "pregnancy": "pregnant"}
_LONGEST_NAME = 6


def split_header(header: str) -> tuple[str, str | None]:
    """Split `B12 [pg/mL]` into name and unit.

    Brackets without a unit may be a part of the name (`Cobalamin [Mass/volume] in Serum`).
    """
    return _split_header(header) if len(header) <= LONGEST else (header, None)


@lru_cache(maxsize=4096)
def _split_header(header: str) -> tuple[str, str | None]:
    text = header.strip().translate(_BRACKETS)
    match = _HEADER.match(text)
    if match and match["name"]:
        name, unit = match["name"], match["unit"].strip()
        if is_unit(unit) or recognize_test(text).analyte is None:
            return name, unit or None
    return _without_brackets(text) or (text, None)


def _without_brackets(text: str) -> tuple[str, str] | None:
    """Split `B12 pg/mL`, `b12_pg_ml` or `B12..pg.mL.`, if the first part is an analyte and the rest a unit of it."""
    for gap in list(_GAP.finditer(text))[:_LONGEST_NAME]:
        name, rest = text[: gap.start()], text[gap.end() :].rstrip("._ ")
        may_be = re.search(r"[^\W\d]|%", rest) and rest.casefold() not in ("unit", "units")
        key = recognize_test(name).analyte if name and may_be else None
        for unit in (rest, re.sub(r"[._]+", "/", rest)):
            if key is not None and is_unit_of(by_unit(key, unit), unit):
                return name, unit
    return None


@cache
def _term_names() -> dict[str, str]:
    return {
        plain(name): term.key for term in context().terms.values() for name in (*term.synonyms, term.label, term.key)
    }


def find_field(header: str) -> str | None:
    """Return the key of the patient field, context field or context term that a header names, or None."""
    target = target_of(*split_header(header))
    return target[1] if target and target[0] != "analyte" else None


def target_of(name: str, unit: str | None = None) -> Target | None:
    """Return the meaning of a name, or None. A term with a unit is not a term: it is a result or an amount."""
    words = plain(name)
    test = recognize_test(name)
    if test.analyte is not None and not test.unit:  # a second unit, as of `B12 [pg/mL] (ref 200-900)`
        return "analyte", test.analyte
    if words in AGE_IN:
        return "patient", "age"
    for key, names in PATIENT_NAMES.items():
        if words in names:
            return "patient", key
    for key in CONTEXT_FIELDS:
        if words in (plain(key), plain(key)[:-1]):
            return "context", key
    if words in _term_names() and (unit is None or _asks(unit)):
        return "terms", _term_names()[words]
    return None


def _asks(bracket: str) -> bool:
    return plain(bracket.replace("=", " ")) in _YES_NO


def told_target(name: str) -> Target | None:
    """Return the meaning that the user gives a column, None for `ignore`. Raises `ColumnError` for an unknown name."""
    target = target_of(name)
    if target is None and name != IGNORE:
        raise ColumnError(
            f"{name!r} is neither an analyte nor a field{did_you_mean(''.join(spelled(name) or ()), test_names())}",
            code="unknown_field",
            field=name,
        )
    return target


def doubt(header: str, *, misspelled: bool = True) -> str | None:
    """Return the analyte, field or term that an unused column may hold, or None.

    `misspelled` also looks for similar names, which takes a fraction of a millisecond.
    """
    name, unit = split_header(header)
    if recognize_test(name).refused or recognize_test(header).refused:
        return None
    if recognize_test(name).unit:
        return recognize_test(name).analyte
    if unit is not None and not is_unit(unit) and plain(name) in _term_names():
        return _term_names()[plain(name)]
    known = meanings_in(name)
    told = spelled(re.sub(r"[^\w\s%]", " ", name.replace("_", " "))) or ()
    key = _named_in(told)
    if key is not None:
        return key if key and not known else None
    if not misspelled:
        return None
    near = near_test(name)
    if near is not None or known:
        return near
    return _field_names().get(near_words(plain(name), _field_names()) or "")


@cache
def _field_names() -> dict[str, str]:
    """Return the key of every name of a field or a term."""
    fields = {name: key for key, names in PATIENT_NAMES.items() for name in names}
    return {**fields, **{plain(key): key for key in CONTEXT_FIELDS}, **_term_names()}


def _named_in(told: tuple[str, ...]) -> str | None:
    """Return the analyte or field that some words name; blank if the other words mean that the column holds none."""
    for length in range(min(len(told), _LONGEST_NAME), 0, -1):
        for start in range(len(told) - length + 1):
            word = "".join(told[start : start + length])
            key = test_names()[word][0] if word in test_names() else _FIELD_WORDS.get(word)
            rest = {*told[:start], *told[start + length :]}
            if key is not None:
                return "" if rest and (rest <= _ABOUT or (key == "hemoglobin" and rest & _HEMOGLOBINS)) else key
    return None
