"""Laboratory results from messages, read into panels: the part that FHIR, HL7 v2 and other formats share.

A format is read into `LabResult`s. `draws_of` groups them into draws by the rules of long tables, which decide the
analyte of a test, the results of one draw, and the choice between several results. Every result is used or reported,
with the place that it came from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from b12labs.draws.columns import LongColumns
from b12labs.draws.grouping import Draws, to_draws
from b12labs.draws.rows import ForeignTests
from b12labs.inputs.codes import code_system, find_code, is_loinc
from b12labs.inputs.numbers import Decimal
from b12labs.inputs.panel import Panel, Problem, add_context, read_panel
from b12labs.inputs.tests import recognize_test
from b12labs.integrations.part_dates import by_part_dates, has_part_dates
from b12labs.integrations.results import Draw, LabResult, PatientContext, Reading, age_at
from b12labs.site_mapping.mapping import ROLES, Role, SiteMapping

__all__ = [
    "Draw",
    "LabResult",
    "OtherTests",
    "PatientContext",
    "Reading",
    "age_at",
    "draws_of",
    "which_test",
]

#: A leap second.
_SIXTIETH = re.compile(r"(T\d\d:\d\d):60(?=\D|$)", re.ASCII)
_INSIDE = ("value", "unit", "flag", "reference_low", "reference_high")
_OFF_SCALE = ("<", ">")


def which_test(
    *, coded: Iterable[tuple[str, str]] = (), names: Iterable[str] = (), mapping: SiteMapping | None = None
) -> tuple[str, ...]:
    """Return the codes and names that identify the test of a result, best first, for `LabResult.tests`.

    `coded` are pairs of code and code system as sent. A site's mapping comes first. Then comes a code of a known
    system, which decides even if the name differs: creatinine in urine is named creatinine, too. A LOINC code that is
    not of an analyte means another test. If a code of another system is not listed, the name decides. A local code is
    used only with a mapping, or if it is alone: `HB` may be hepatitis B.
    """
    pairs = [(code.strip(), system.strip()) for code, system in coded if code.strip()]
    called = [text.strip() for text in names if text.strip()]
    mapped = _local_names(mapping)
    said = [text for text in (*(code for code, _ in pairs), *called) if text.casefold() in mapped]
    known: list[str] = []
    others: list[str] = []
    own: list[str] = []
    for code, system in pairs:
        key = code_system(system) or ("loinc" if not system and is_loinc(code) else "")
        listed = find_code(code, key) if key else None
        if listed is not None and not listed.refused:
            known.append(f"{key}:{code}")
        elif listed is not None or key == "loinc":
            others.append(f"{key}:{code}" if listed is not None else code)
        else:
            # A code of an unknown system may look like LOINC: it is not taken for a LOINC code.
            own.append(f"{system}:{code}" if system and recognize_test(code).coded else code)
    if others and not known:
        return tuple(said) or (" ".join([others[0], *called[:1]]) if ":" not in others[0] else others[0],)
    return tuple(dict.fromkeys([*said, *known, *(called or (() if known else own))]))


def draws_of(
    results: Iterable[LabResult],
    *,
    context: PatientContext | Mapping[str, PatientContext] | None = None,
    window_hours: float | None = None,
    mapping: SiteMapping | None = None,
    decimal: Decimal = ".",
    use_preliminary: bool = False,
) -> Reading:
    """Group results into draws, each with a panel to interpret; docs/tables.md has the rules.

    Parameters
    ----------
    results
        Results of one patient or of many.
    context
        The patients: one for all, or by `LabResult.patient`.
    window_hours
        The hours from the first result of a draw to its end; 24 unless given here or in the mapping.
    mapping
        A site's own names of tests, units, specimens, statuses, flags and sex. Its columns, decimal sign and format of
        times are not used.
    decimal
        `","` if values are written with a decimal comma.
    use_preliminary
        Whether a preliminary result is used if there is no final one.

    Results that cannot be read are reported, not raised. A `window_hours` that is not a number of hours raises
    `PanelError`.

    >>> from b12labs import interpret
    >>> b12 = LabResult("A", "2024-03-01", ("2132-9",), "145", "pg/mL")
    >>> reading = draws_of([b12, LabResult("A", "2024-03-01", ("Sodium",), "140")])
    >>> interpret(reading.draws[0].panel).status
    'deficient'
    >>> [problem.code for _, problem in reading.problems]
    ['not_an_analyte']

    """
    results = list(map(_on_the_clock, results))
    if has_part_dates(results):
        options: dict[str, Any] = {"window_hours": window_hours, "mapping": mapping, "decimal": decimal}
        return by_part_dates(results, draws_of, {**options, "context": context, "use_preliminary": use_preliminary})
    site = replace(mapping or SiteMapping(), columns={}, decimal=None, time_format=())
    said: list[tuple[int, Problem, bool]] = []
    others, places = OtherTests(mapping), list[int]()
    for place, result in enumerate(results):
        problem = others.problem(result.tests)
        if problem is None:
            places.append(place)
        else:
            said.append((place, problem, False))
    sources = [result.source for result in results]
    if not places and window_hours is None:
        return Reading(problems=tuple((sources[place], problem) for place, problem, _ in said))
    table, columns = _table([results[place] for place in places])
    draws = to_draws(
        table, columns, window_hours=window_hours, mapping=site, decimal=decimal, use_preliminary=use_preliminary
    )
    said += [(places[row], found.problem, found.used) for found in draws.problems for row in found.rows.tolist()]
    of_draws: list[list[Problem]] = [[] for _ in draws.cells["patient"]]
    for problem, drawn in draws.problems_of_draws():
        for number in drawn.tolist():
            of_draws[number].append(problem)
    read: list[Draw] = []
    for draw, cells, rows in _drawn(draws):
        patient, time = draw
        who = (context.get(patient) if isinstance(context, Mapping) else context) or PatientContext()
        panel, lost = _panel(cells, who, time, decimal, site)
        said += [(places[rows[key]], problem, key in panel.results) for key, problem in lost if key in rows]
        problems = (*panel.problems, *of_draws[len(read)], *who.problems)
        used = {key: sources[places[row]] for key, row in rows.items() if key in panel.results}
        read.append(Draw(replace(panel, problems=problems), patient, time, used, problems))
    said.sort(key=lambda entry: entry[0])
    lost_rows = {row for row, _, used in said if not used}
    unused = [(sources[row], problem) for row, problem, used in said if not used]
    notes = [(sources[row], problem) for row, problem, used in said if used and row not in lost_rows]
    return Reading(tuple(read), tuple(unused), tuple(notes))


def _on_the_clock(result: LabResult) -> LabResult:
    """Return a result without a leap second in its time: it becomes the second before."""
    time = _SIXTIETH.sub(r"\1:59", result.time)
    return result if time == result.time else replace(result, time=time)


def _local_names(mapping: SiteMapping | None) -> frozenset[str]:
    """Return the site's own names of tests, folded."""
    return frozenset(mapping.analytes_by_name()) if mapping else frozenset()


class OtherTests:
    """Recognizes results of other tests, which are most of a patient's, before their other parts are read."""

    def __init__(self, mapping: SiteMapping | None = None) -> None:
        self._local = _local_names(mapping)
        self._foreign = ForeignTests()
        self._problems: dict[tuple[str, ...], Problem | None] = {}

    def problem(self, tests: tuple[str, ...]) -> Problem | None:
        """Return the problem of a result of another test.

        Return None if a text names an analyte or one of the site's own tests, or if all texts are blank.
        """
        if tests not in self._problems:
            said = [text.strip() for text in tests if text.strip()]
            name = next((text for text in said if self._foreign.is_similar(text)), said[0] if said else "")
            named = not name or any(
                recognize_test(text).analyte is not None or text.strip().casefold() in self._local for text in tests
            )
            self._problems[tests] = None if named else self._foreign.problem(name)
        return self._problems[tests]


def _table(results: Sequence[LabResult]) -> tuple[Any, LongColumns]:
    """Return the results as a long table, and the roles of its columns."""
    width = max([1, *(len(result.tests) for result in results)])
    cells: dict[str, list[str]] = {}
    for name in ("patient", "time", "value", "unit", "flag", "reference_low", "reference_high", "status", "specimen"):
        cells[name] = [getattr(result, name) for result in results]
    cells["operator"] = [_off_scale(result) for result in results]
    cells["flag"] = ["" if operator else flag for operator, flag in zip(cells["operator"], cells["flag"], strict=True)]
    tests = [f"test {number}" for number in range(width)]
    for number, name in enumerate(tests):
        cells[name] = [result.tests[number] if number < len(result.tests) else "" for result in results]
    roles: dict[Role, tuple[str, ...]] = {role: (role,) if role in cells else () for role in ROLES}
    roles["test"] = tuple(tests)
    columns = {name: np.array([*column, None], dtype=object)[:-1] for name, column in cells.items()}
    return columns, LongColumns(roles)


def _off_scale(result: LabResult) -> str:
    """Return a flag that is a comparator, otherwise a blank.

    The flag `<` with the value 150 means that the number is the end of the instrument's scale.
    """
    flag, value = result.flag.strip(), result.value.strip()
    return flag if flag in _OFF_SCALE and (value[:1].isdigit() or value.startswith(flag)) else ""


def _drawn(draws: Draws) -> Iterable[tuple[tuple[str, str], dict[str, dict[str, str]], dict[str, int]]]:
    """Yield every draw: its patient and time, its results as printed by analyte, and the rows of those used."""
    wide = {name: column.tolist() for name, column in draws.cells.items()}
    cells: list[dict[str, dict[str, str]]] = [{} for _ in wide["patient"]]
    rows: list[dict[str, int]] = [{} for _ in cells]
    for row in np.flatnonzero(draws.used).tolist():
        place, key = int(draws.draw[row]), draws.keys[draws.analyte[row]]
        names = (key if name == "value" else f"{key}_{name}" for name in _INSIDE)
        cells[place][key] = {name: wide[column][place] for name, column in zip(_INSIDE, names, strict=True)}
        rows[place][key] = row
    for key in filter(wide.__contains__, draws.keys):
        for place, text in enumerate(wide[key]):
            if text and key not in cells[place]:  # results that contradict each other
                cells[place][key] = {"value": text}
    yield from zip(zip(wide["patient"], wide["time"], strict=True), cells, rows, strict=True)


def _panel(
    cells: dict[str, dict[str, str]], who: PatientContext, time: str, decimal: Decimal, site: SiteMapping
) -> tuple[Panel, list[tuple[str, Problem]]]:
    """Return a draw's panel, and the problems of its results with their analytes."""
    values: dict[str, Any] = {key: {name: cell or None for name, cell in read.items()} for key, read in cells.items()}
    for name in ("sex", "pregnant", "trimester", "gestational_weeks", "elevation"):
        given = getattr(who, name)
        if given not in (None, ""):
            values[name] = site.word(name, given)
    if who.medicines:
        values["medicines"] = site.word("medicines", list(who.medicines))
    if who.terms or who.diagnoses:
        values["diagnoses"] = site.word("diagnoses", [*sorted(who.terms), *who.diagnoses])
    age, fault = age_at(who, time)
    if age not in (None, ""):
        values["age"] = age
    panel = read_panel(values, decimal=decimal, report=True)
    if panel.unread or who.unread:
        panel = add_context(panel, (), who.unread)
    if fault is not None:
        panel = replace(panel, age_unreadable=True, problems=(*panel.problems, fault))
    # Results that contradict each other are a problem of their rows already.
    own = tuple(each for each in panel.problems if each.code != "results_in_conflict")
    panel = replace(panel, problems=own)
    return panel, [(problem.field, problem) for problem in panel.problems if problem.field in cells]
