"""The patient as SQL: age, sex, pregnancy, elevation and context terms, read as `inputs/` reads them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import product

from b12labs.inputs.ages import OLDEST, read_age
from b12labs.inputs.fields import (
    HIGHEST,
    LONGEST_GESTATION,
    LOWEST,
    NO,
    SEX_WORDS,
    TRIMESTER_WORDS,
    UNKNOWN_WORDS,
    UNREADABLE,
    YES,
    read_elevation,
    read_gestation,
    read_pregnancy,
)
from b12labs.integrations.sql.cells import as_number, as_numbers, as_words, missing_to
from b12labs.integrations.sql.pieces import Piece, between, infix, matched, negated, number, word, words, written
from b12labs.integrations.sql.statement import Statement
from b12labs.integrations.sql.told import Told
from b12labs.limits.strata import PREGNANCY_UNKNOWN
from b12labs.logic.language import UNKNOWN, TruthValue
from b12labs.reference import coefficient
from b12labs.site_mapping.mapping import SiteMapping

__all__ = ["SAYS_NEITHER", "SAYS_NO", "SAYS_YES", "Patient", "read_patient"]

Problems = list[tuple[str, Piece, str]]

_USUAL = ("", "true", "false", "1", "0", "yes", "no")
#: Words of yes, of no and of neither; those usual in warehouses come first.
SAYS_YES, SAYS_NO, SAYS_NEITHER = (
    sorted(each, key=lambda text: (text not in _USUAL, text)) for each in (YES, NO, UNKNOWN_WORDS)
)


@dataclass(slots=True)
class Patient:
    """The facts about the patient; None if the table has no such column."""

    age: Piece | None = None
    age_unreadable: Piece | None = None
    sex: Piece | None = None
    pregnancy: Piece | None = None
    elevation: Piece | None = None
    #: By term, TRUE or FALSE, or NULL if the cell says neither.
    terms: dict[str, Piece] = field(default_factory=dict)
    #: A field, the condition of a problem, and the problem's code.
    problems: Problems = field(default_factory=list)
    later: Problems = field(default_factory=list)


def read_patient(
    statement: Statement, told: Told, site: SiteMapping, unreported_truth: TruthValue
) -> Callable[[], Patient]:
    """Take the columns from the table, and return a function that reads them in the next steps."""
    unreported = "NULL" if unreported_truth == UNKNOWN else "FALSE"
    numbers: dict[str, Piece] = {
        name: statement.put(f"{name}_given", as_number(told.patient[name]), own=True)
        for name in ("age", "gestational_weeks", "elevation")
        if name in told.patient
    }
    texts: dict[str, Piece] = {
        name: statement.put(f"{name}_given", _lower(told.patient[name], site.codes.get(name, {})), own=True)
        for name in ("sex", "pregnant", "trimester")
        if name in told.patient
    }
    terms = {
        name: statement.put(f"{name}_given", _lower(header, site.codes.get(name, {})), own=True)
        for name, header in told.terms.items()
    }

    def read() -> Patient:
        found = Patient()
        if "age" in numbers:
            _age(statement, found, numbers["age"], told.units.get("age"))
        if "sex" in texts:
            _sex(statement, found, texts["sex"])
        said: dict[str, Piece] = {**texts, **numbers}
        if said.keys() & {"pregnant", "trimester", "gestational_weeks"}:
            _pregnancy(statement, found, said)
        if "elevation" in numbers:
            _elevation(statement, found, numbers["elevation"], told.units.get("elevation"))
        for term, text in terms.items():
            found.terms[term] = _yes_no(statement, found, term, text, unreported)
        return found

    return read


def _lower(header: str, codes: Mapping[str, str]) -> Piece:
    """Return a cell in small letters, blank if it is empty."""
    return missing_to(written("LOWER({})", as_words(header, codes)), "''")


def _age(statement: Statement, found: Patient, given: Piece, unit: str | None) -> None:
    scale = read_age(1, unit) or 1.0
    years = given if scale == 1 else statement.put("age_years", infix("*", given, number(scale)))
    found.age = statement.put("age", written("CASE WHEN {} THEN {} END", between(years, 0, OLDEST), years), own=True)
    unreadable = negated(missing_to(between(years, 0, OLDEST), "TRUE"))
    found.age_unreadable = statement.put("age_unreadable", unreadable)
    found.problems.append(("age", found.age_unreadable, "unreadable_age"))


def _sex(statement: Statement, found: Patient, text: Piece) -> None:
    known: dict[str, str] = {
        word(said).text: "NULL" if sex is None else word(sex).text for said, sex in SEX_WORDS.items()
    }
    found.sex = statement.put("sex_said", matched(text, known))
    found.problems.append(("sex", _is_none_of(text, SEX_WORDS), "unreadable_sex"))


def _is_none_of(text: Piece, known: Iterable[str]) -> Piece:
    return matched(text, words(known, "FALSE"), "TRUE")


def _elevation(statement: Statement, found: Patient, given: Piece, unit: str | None) -> None:
    scale = read_elevation(1, unit) or 1.0
    meters = given if scale == 1 else statement.put("elevation_meters", infix("*", given, number(scale)))
    within = between(meters, LOWEST, HIGHEST)
    positive = written("CASE WHEN {} AND {} > 0 THEN {} ELSE 0 END", within, meters, meters)
    found.elevation = statement.put("elevation", positive, own=True)
    found.later.append(("elevation", negated(missing_to(within, "TRUE")), "unreadable_elevation"))


def _yes_no(statement: Statement, found: Patient, term: str, text: Piece, unreported: str) -> Piece:
    """Read a yes/no column: NULL if a cell says neither, and the truth of unreported context if it is empty."""
    answers = words(SAYS_YES, "TRUE") | words(SAYS_NO, "FALSE") | words(SAYS_NEITHER, unreported)
    answer = statement.put(term, matched(text, answers), own=True)
    if unreported == "NULL":
        unreadable = _is_none_of(text, (*SAYS_YES, *SAYS_NO, *SAYS_NEITHER))
    else:
        unreadable = infix("IS", answer, Piece("NULL"))
    found.later.append((term, unreadable, "unreadable_yes_no"))
    return answer


#: The possible contents of a column about pregnancy, in the order of the digits of its code.
_PREGNANT = ((None, False), (None, True), (True, True), (False, True))
_TRIMESTERS = (None, 1, 2, 3, UNREADABLE)


def _pregnancy(statement: Statement, found: Patient, said: Mapping[str, Piece]) -> None:
    """Combine the columns about pregnancy as `read_pregnancy` does, with a code of their contents."""
    digits: list[tuple[Piece, int]] = []
    pregnant: tuple[tuple[bool | None, bool], ...] = ((None, False),)
    trimester: tuple[int | None, ...] = (None,)
    gestation: tuple[int | None, ...] = (None,)
    if "pregnant" in said:
        pregnant = _PREGNANT
        digits.append((_pregnant_digit(found, said["pregnant"]), len(_PREGNANT)))
    if "trimester" in said:
        trimester = _TRIMESTERS
        digits.append((_trimester_digit(found, said["trimester"]), len(_TRIMESTERS)))
    if "gestational_weeks" in said:
        gestation = _TRIMESTERS
        digits.append((_weeks_digit(found, said["gestational_weeks"]), len(_TRIMESTERS)))
    code = digits[0][0]
    for digit, size in digits[1:]:
        code = infix("+", infix("*", statement.held(code, "pregnancy_part"), Piece(str(size), plain=True)), digit)
    code = statement.put("pregnancy_said", code)
    states: dict[str, str] = {}
    conflicts: dict[tuple[str, str], dict[str, str]] = {}
    for place, ((is_pregnant, stated), of_term, of_weeks) in enumerate(product(pregnant, trimester, gestation)):
        state, conflict = read_pregnancy(is_pregnant, of_term, of_weeks, stated=stated)
        if state != 0:
            states[str(place)] = str(PREGNANCY_UNKNOWN if state is None else state)
        if conflict is not None:
            conflicts.setdefault((conflict.field or "", conflict.code), {})[str(place)] = "TRUE"
    pregnancy = statement.put("pregnancy_stated", matched(code, states, "0"))
    for (name, problem), places in conflicts.items():
        found.problems.append((name, matched(code, places, "FALSE"), problem))
    _consistent(statement, found, pregnancy)


def _consistent(statement: Statement, found: Patient, pregnancy: Piece) -> None:
    """Take the sex from a pregnancy; if the sex is male, both are unknown."""
    pregnant = between(pregnancy, 1, PREGNANCY_UNKNOWN - 1)
    if found.sex is None:
        sex = written("CASE WHEN {} THEN 'female' END", pregnant)
        found.pregnancy = pregnancy
    else:
        conflict = statement.put(
            "pregnant_man", missing_to(infix("AND", pregnant, infix("=", found.sex, word("male"))), "FALSE")
        )
        found.problems.append(("sex", conflict, "conflict"))
        unknown = Piece(str(PREGNANCY_UNKNOWN), plain=True)
        found.pregnancy = statement.put(
            "pregnancy", written("CASE WHEN {} THEN {} ELSE {} END", conflict, unknown, pregnancy)
        )
        sex = written("CASE WHEN {} THEN NULL WHEN {} THEN 'female' ELSE {} END", conflict, pregnant, found.sex)
    found.sex = statement.put("sex_known", sex)


def _pregnant_digit(found: Patient, text: Piece) -> Piece:
    found.problems.append(("pregnant", _is_none_of(text, (*SAYS_YES, *SAYS_NO, *SAYS_NEITHER)), "unreadable_yes_no"))
    return matched(text, words(SAYS_YES, "2") | words(SAYS_NO, "3") | words(("", "nan", "<na>"), "0"), "1")


def _trimester_digit(found: Patient, text: Piece) -> Piece:
    places = {said: str(place) for said, place in TRIMESTER_WORDS.items()}
    said = {word(each).text: place for each, place in places.items()} | as_numbers(places) | words(SAYS_NEITHER, "0")
    found.problems.append(("trimester", matched(text, dict.fromkeys(said, "FALSE"), "TRUE"), "unreadable_trimester"))
    return matched(text, said, "4")


def _weeks_digit(found: Patient, weeks: Piece) -> Piece:
    second, third = coefficient("trimesters.second"), coefficient("trimesters.third")
    within = between(weeks, 0, LONGEST_GESTATION)
    found.problems.append(("gestational_weeks", negated(missing_to(within, "TRUE")), "unreadable_weeks"))
    digits = [read_gestation(each) for each in (second - 1, third - 1, third)]
    return Piece(
        f"CASE WHEN {weeks.text} IS NULL OR {weeks.text} = 0 THEN 0 WHEN NOT {within.text} THEN 4 "
        f"WHEN {weeks.text} < {number(second).text} THEN {digits[0]} "
        f"WHEN {weeks.text} < {number(third).text} THEN {digits[1]} ELSE {digits[2]} END",
        weeks.level,
    )
