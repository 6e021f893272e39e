"""Read the TOML file of a site's mapping, and check each word of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from b12labs.errors import B12LabsError, MeasurementError, PanelError, ReferenceDataError, checked_path, did_you_mean
from b12labs.inputs.fields import PATIENT_FIELDS, read_sex, read_trimester, read_yes_no
from b12labs.inputs.flags import read_flag
from b12labs.inputs.operators import COMPARATORS
from b12labs.inputs.several import by_unit
from b12labs.inputs.specimens import find_specimen
from b12labs.inputs.statuses import find_status
from b12labs.inputs.units import find_unit, is_unit
from b12labs.inputs.vocabulary import find_term, split_terms
from b12labs.reference import CONTEXT_FIELDS, analytes, context, read_toml
from b12labs.site_mapping.mapping import IGNORE, RELATIVE, ROLES, SiteMapping, as_mapping, is_window
from b12labs.text import StrPath

__all__ = ["as_mapping", "read_mapping"]

_KEYS = ("tests", "columns", "units", "codes", "operators", "decimal", "window_hours", "time_format")


def read_mapping(path: StrPath) -> SiteMapping:
    """Read a site's mapping file.

    Raises `ReferenceDataError` with the file, the key, and the expected value.
    """
    path = checked_path("mapping", path)
    raw, file = read_toml(path), path.name
    for key in raw:
        _one_of(file, key, key, _KEYS, "a key of a mapping")
    tests = _texts(raw, "tests", file)
    folded: dict[str, str] = {}
    for name, key in tests.items():
        _one_of(file, f"tests.{name}", key, tuple(analytes()), "an analyte")
        if folded.setdefault(name.strip().casefold(), key) != key:
            raise ReferenceDataError(
                file,
                f"tests.{name}",
                "expected one analyte per name, got two for names that differ only in case",
            )
    units = _texts(raw, "units", file)
    for key, unit in units.items():
        _one_of(file, f"units.{key}", key, tuple(analytes()), "an analyte")
        try:
            find_unit(analytes()[by_unit(key, unit)], unit)
        except MeasurementError as error:
            raise ReferenceDataError(file, f"units.{key}", f"got {unit!r}; {error.message}") from None
    codes = {key: _codes(raw["codes"], key, file) for key in _table(raw, "codes", file)}
    operators = _texts(raw, "operators", file)
    for code, sign in operators.items():
        _one_of(file, f"operators.{code}", sign, COMPARATORS, "a comparator")
    decimal, window, form = raw.get("decimal"), raw.get("window_hours"), raw.get("time_format")
    if decimal is not None:
        _one_of(file, "decimal", decimal, (".", ","), "the decimal sign")
    if window is not None and not is_window(window):
        raise ReferenceDataError(file, "window_hours", f"expected a number of hours, 0 or more, got {window!r}")
    forms = [form] if isinstance(form, str) else [] if form is None else form
    if not isinstance(forms, list) or not all(
        isinstance(each, str) and ("%" in each or each in RELATIVE) for each in forms
    ):
        expected = f"a format such as '%d/%m/%Y %H:%M', a list, or one of {', '.join(RELATIVE)}"
        raise ReferenceDataError(file, "time_format", f"expected {expected}, got {form!r}")
    return SiteMapping(tests, _columns(raw, file), units, operators, decimal, window, tuple(forms), codes)


def _columns_known() -> tuple[str, ...]:
    return (*dict.fromkeys((*ROLES, *PATIENT_FIELDS, *CONTEXT_FIELDS, IGNORE)), *context().terms)


def _codes(raw: Mapping[str, Any], key: str, file: str) -> dict[str, str]:
    """Read the meanings of the codes of one role or field: a known word, or a blank text for a code without meaning.

    A status needs a meaning, because a result without a status is final.
    """
    known = (*_READERS, *context().terms)
    _one_of(file, f"codes.{key}", key, known, f"one of {', '.join(_READERS)}, or a context term")
    read = _READERS.get(key, partial(read_yes_no, name=key))
    codes = _texts(raw, key, file, within="codes.")
    for code, word in codes.items():
        try:
            if word or key == "status":
                read(word)
        except B12LabsError as error:
            raise ReferenceDataError(file, f"codes.{key}.{code}", error.message) from None
    return codes


def _known_word(key: str, accepted: str, is_known: Callable[[str], object]) -> Callable[[str], object]:
    """Return a function that raises `PanelError` for an unknown word."""

    def read(word: str) -> object:
        if not is_known(word):
            raise PanelError(f"{key}: expected {accepted}, got {word!r}", code=f"unknown_{key}", field=key)
        return word

    return read


def _terms(key: str) -> Callable[[str], object]:
    return lambda words: [find_term(word, key) for word in split_terms(words)]


#: The roles and fields whose codes may be mapped, each with the reader of its words.
_READERS: dict[str, Callable[[str], object]] = {
    "sex": read_sex,
    "pregnant": partial(read_yes_no, name="pregnant"),
    "trimester": read_trimester,
    "unit": _known_word("unit", "a unit (see 'b12labs units')", is_unit),
    "specimen": _known_word(
        "specimen",
        "blood, serum, plasma, urine, csf or other",
        lambda word: find_specimen(word) not in ("", "unknown"),
    ),
    "status": _known_word(
        "status",
        "final, corrected, preliminary, entered in error or canceled",
        lambda word: word.strip() and find_status(word) != "unknown",
    ),
    "flag": _known_word("flag", "low, normal, high, negative or positive", read_flag),
    **{key: _terms(key) for key in CONTEXT_FIELDS},
}


def _columns(raw: Mapping[str, Any], file: str) -> dict[str, tuple[str, ...]]:
    columns = _table(raw, "columns", file)
    read: dict[str, tuple[str, ...]] = {}
    for role, headers in columns.items():
        _one_of(file, f"columns.{role}", role, _columns_known(), "a role or a field")
        given = [headers] if isinstance(headers, str) else headers
        if not isinstance(given, list) or not all(isinstance(header, str) and header for header in given):
            raise ReferenceDataError(
                file, f"columns.{role}", f"expected a header or a list of headers, got {headers!r}"
            )
        read[role] = tuple(given)
    return read


def _table(raw: Mapping[str, Any], name: str, file: str, within: str = "") -> dict[str, Any]:
    table = raw.get(name, {})
    if not isinstance(table, dict):
        raise ReferenceDataError(file, within + name, f"expected a table, written [{within}{name}], got {table!r}")
    return table


def _texts(raw: Mapping[str, Any], name: str, file: str, within: str = "") -> dict[str, str]:
    table = _table(raw, name, file, within)
    for key, value in table.items():
        if not isinstance(value, str):
            raise ReferenceDataError(file, f"{within}{name}.{key}", f"expected a text in quotes, got {value!r}")
    return table


def _one_of(file: str, key: str, given: object, accepted: Sequence[str], what: str) -> None:
    if given not in accepted:
        hint = did_you_mean(given, accepted) or "."
        few, list_of_analytes = len(accepted) < 20, tuple(accepted) == tuple(analytes())
        listing = (
            f"Accepted: {', '.join(filter(None, accepted))}"
            if few
            else "See 'b12labs units'"
            if list_of_analytes
            else "See docs/tables.md"
        )
        raise ReferenceDataError(file, key, f"expected {what}, got {given!r}{hint} {listing}")
