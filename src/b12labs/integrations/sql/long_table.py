"""A long table, a row for each result, made into draws: a patient's results of one day, a row for each.

Of several results of one test in a day the latest counts. Where the latest differ, or none is a number, the result is
set aside and the answer says so.
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

#: What a row of a long table has to say, and what it may say besides.
_NEEDED = ("patient", "time", "test", "value", "unit")
_ROLES = (*_NEEDED, "operator")

#: The columns that say which draw a row of answers is.
DRAW = ("patient", "day")


def is_long(columns: Mapping[str, str] | None) -> bool:
    """Tell whether columns are those of a long table: it says which test a result is of."""
    checked_texts("columns", columns, COLUMNS_EXPECTED)
    return "test" in (columns or {}).values()


def as_draws(columns: Mapping[str, str], source: str, site: SiteMapping, system: str) -> tuple[list[Step], Told]:
    """Return the steps that make draws of a long table, and what the columns of a draw are."""
    roles = {what: name for name, what in columns.items() if what in _ROLES}
    missing = [role for role in _NEEDED if role not in roles]
    if missing:
        raise ColumnError(
            f"columns: expected a column that is {missing[0]!r} beside that of test, got none; a long table has "
            f"{', '.join(_NEEDED)}",
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
    """Return the analyte of every code: those of a code system, and before them those of the site."""
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
    """Return the value, unit and operator of an analyte in a draw, and what keeps its results from being used."""
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
    """Return what the rows of a draw say of the patient: sex if they agree; of yes and no the one that weighs most."""
    if key in ("age", "elevation", "gestational_weeks"):
        return Piece(f"MAX({name})")
    text = f"CAST({name} AS VARCHAR)"
    if key == "sex":
        return Piece(f"CASE WHEN MIN({text}) = MAX({text}) THEN MIN({text}) END")
    lowered = written("LOWER({})", coded(_text(name), codes))
    if key == "trimester":
        return Piece(f"MAX({lowered.text})")
    other = f"CASE WHEN NOT {lowered.text} IS NULL THEN 2 END"  # a text that is read as neither stays unreadable
    weight = matched(lowered, words(SAYS_YES, "3") | words(SAYS_NO, "0") | words(SAYS_NEITHER, "1"), other)
    said = {"3": "'yes'", "2": "'unreadable'", "1": "'unknown'", "0": "'no'"}
    return matched(Piece(f"MAX({weight.text})"), said)
