"""Draws from a long table, which has one row per result. A draw is one row: a patient's results of one day.

If a test has several results in a day, the latest is used. If the latest ones differ, or none is a number, the result
is set aside and listed under `problems`.
"""

from __future__ import annotations

from collections.abc import Mapping

from b12labs.errors import ColumnError, PanelError, checked_texts, did_you_mean
from b12labs.inputs.codes import code_system
from b12labs.inputs.options import COLUMNS_EXPECTED
from b12labs.inputs.tests import recognize_test
from b12labs.integrations.sql.cells import as_number, as_numbers, coded, missing_to, quoted
from b12labs.integrations.sql.patient import SAYS_NEITHER, SAYS_NO, SAYS_YES
from b12labs.integrations.sql.pieces import Piece, infix, matched, word, words, written
from b12labs.integrations.sql.statement import Step
from b12labs.integrations.sql.told import Result, Told, told_of_patient
from b12labs.reference import analytes
from b12labs.reference.codes import code_systems, listed_codes
from b12labs.site_mapping.mapping import SiteMapping

__all__ = ["DRAW", "as_draws", "is_long"]

#: The required roles of a long table's columns, and all roles.
_NEEDED = ("patient", "time", "test", "value", "unit")
_ROLES = (*_NEEDED, "operator")

#: The columns that identify the draw of a row of answers.
DRAW = ("patient", "day")


def is_long(columns: Mapping[str, str] | None) -> bool:
    """Return whether columns are those of a long table, which has a column for the test."""
    checked_texts("columns", columns, COLUMNS_EXPECTED)
    return "test" in (columns or {}).values()


def as_draws(columns: Mapping[str, str], source: str, site: SiteMapping, system: str) -> tuple[list[Step], Told]:
    """Return the steps that make draws of a long table, and the columns of a draw."""
    roles = {what: name for name, what in columns.items() if what in _ROLES}
    missing = [role for role in _NEEDED if role not in roles]
    if missing:
        raise ColumnError(
            f"columns: expected a column for {missing[0]!r}, got none; a long table has {', '.join(_NEEDED)}",
            code="no_columns",
            field=missing[0],
        )
    patient = told_of_patient({name: what for name, what in columns.items() if what not in _ROLES}, site)
    tests = _tests(site, system)
    keys = [key for key in analytes() if key in tests.values()]
    found = Told(patient=dict(patient.patient), units=patient.units, terms=dict(patient.terms))
    for key in keys:
        found.results[key] = Result(key, f"{key}_value", None, f"{key}_u", f"{key}_operator", f"{key}_fault")
    own = {**patient.patient, **patient.terms}
    renamed = {name: f"own_{key}" for key, name in own.items()}
    found.patient = {key: renamed[name] for key, name in patient.patient.items()}
    found.terms = {key: renamed[name] for key, name in patient.terms.items()}
    meant = {code.casefold(): word(key).text for code, key in tests.items()}
    by_code = {word(code).text: key for code, key in meant.items()} | as_numbers(meant)
    code = written("LOWER({})", _text(roles["test"]))
    operator = missing_to(_text(roles["operator"]), "''") if "operator" in roles else word("")
    recognized = [
        ("patient", Piece(quoted(roles["patient"]))),
        ("day", Piece(f"CAST({quoted(roles['time'])} AS DATE)")),
        ("drawn_at", Piece(quoted(roles["time"]))),
        ("test", matched(code, by_code)),
        ("result", as_number(roles["value"])),
        ("result_unit", _text(roles["unit"])),
        ("result_operator", operator),
        *((renamed[name], Piece(quoted(name))) for name in own.values()),
    ]
    latest = Piece("MAX(CASE WHEN NOT result IS NULL THEN drawn_at END) OVER (PARTITION BY patient, day, test)")
    draws = [
        ("patient", Piece("patient")),
        ("day", Piece("day")),
        *(each for key in keys for each in _of_analyte(key)),
        *((renamed[name], _once_a_draw(key, renamed[name], site.codes.get(key, {}))) for key, name in own.items()),
    ]
    steps = [
        Step("results", recognized, source),
        Step(
            "latest",
            [("*", Piece("*")), ("latest", latest)],
            "results\n  WHERE NOT test IS NULL AND NOT day IS NULL AND TRIM(CAST(patient AS VARCHAR)) <> ''",
        ),
        Step("draws", draws, "latest\n  GROUP BY patient, day"),
    ]
    return steps, found


def _text(name: str) -> Piece:
    return Piece(f"TRIM(CAST({quoted(name)} AS VARCHAR))")


def _tests(site: SiteMapping, system: str) -> dict[str, str]:
    """Return the analyte of every code of a code system and of the site, whose own codes come first."""
    key = code_system(system)
    if key is None:
        hint = did_you_mean(system, code_systems()) or f"; known: {', '.join(code_systems())}"
        raise PanelError(
            f"code_system: {system!r} is not a code system{hint}", code="unknown_code_system", field="code_system"
        )
    listed = {row.code: row.analyte for row in listed_codes(key).values() if not row.refused and not row.prefix}
    named = {name: recognize_test(what).analyte or what for name, what in site.tests.items()}
    return {**listed, **named}


def _of_analyte(key: str) -> list[tuple[str, Piece]]:
    """Return the value, unit and operator of an analyte in a draw, and the code of the fault that bars its results."""
    here = f"test = '{key}'"

    def latest(of: str, what: str = "MAX") -> Piece:
        return Piece(f"{what}(CASE WHEN {here} AND drawn_at = latest THEN {of} END)")

    compared = ("result", "COALESCE(LOWER(result_unit), '')", "result_operator")
    differ = [infix("<>", latest(of, "MIN"), latest(of)) for of in compared]
    no_number = Piece(f"MAX(CASE WHEN {here} THEN 1 END) = 1 AND MAX(CASE WHEN {here} THEN result END) IS NULL")
    fault = written(
        "CASE WHEN {} THEN 'results_in_conflict' WHEN {} THEN 'unreadable_value' END", infix("OR", *differ), no_number
    )
    return [
        (f"{key}_value", latest("result")),
        (f"{key}_u", latest("result_unit")),
        (f"{key}_operator", latest("result_operator")),
        (f"{key}_fault", fault),
    ]


def _once_a_draw(key: str, name: str, codes: Mapping[str, str]) -> Piece:
    """Return a fact about the patient from the rows of a draw: sex if they agree; a yes before a no."""
    if key in ("age", "elevation", "gestational_weeks"):
        return Piece(f"MAX({name})")
    text = f"CAST({name} AS VARCHAR)"
    if key == "sex":
        return Piece(f"CASE WHEN MIN({text}) = MAX({text}) THEN MIN({text}) END")
    lowered = written("LOWER({})", coded(_text(name), codes))
    if key == "trimester":
        return Piece(f"MAX({lowered.text})")
    other = f"CASE WHEN NOT {lowered.text} IS NULL THEN 2 END"  # a text that is neither yes nor no stays unreadable
    weight = matched(lowered, words(SAYS_YES, "3") | words(SAYS_NO, "0") | words(SAYS_NEITHER, "1"), other)
    said = {"3": "'yes'", "2": "'unreadable'", "1": "'unknown'", "0": "'no'"}
    return matched(Piece(f"MAX({weight.text})"), said)
