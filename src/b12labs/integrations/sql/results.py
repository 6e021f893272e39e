"""Results read as SQL: unit, bound, plausibility, and numbers that may be in another unit.

The reading of a number, its unit and its comparator, and the choice of numbers that are set aside, come from `inputs/`.
"""

from __future__ import annotations

from dataclasses import dataclass

from b12labs.inputs.numbers import bounds, is_readable
from b12labs.inputs.operators import COMPARATORS, spelled_as
from b12labs.inputs.units import factor, find_unit, is_substance, listed_spellings, look_alikes, usual_units
from b12labs.integrations.sql.arithmetic import Ends
from b12labs.integrations.sql.cells import as_number, as_numbers, as_words, missing_to
from b12labs.integrations.sql.pieces import (
    DOUBLE,
    Piece,
    between,
    case_of,
    infix,
    matched,
    negated,
    number,
    word,
    words,
    written,
)
from b12labs.integrations.sql.statement import Statement
from b12labs.integrations.sql.told import Result
from b12labs.logic.expressions import INF
from b12labs.reference import Analyte, Unit, analytes
from b12labs.site_mapping.mapping import SiteMapping

__all__ = ["Given", "ReadResult", "give", "read", "settle"]

#: The mark of an unknown comparator.
_NO_OPERATOR = "?"


@dataclass(slots=True)
class Given:
    """One analyte's columns as the table has them: numbers, unit and comparator as text."""

    result: Result
    number: Piece
    unit: Piece | None
    bound: Piece | None
    fault: Piece | None = None


@dataclass(slots=True)
class ReadResult:
    """One analyte in every row: its ends, the rows set aside and why, and whether it is an amount of substance."""

    key: str
    ends: Ends
    #: In the canonical unit, in the stated reading.
    stated: Ends
    measured: Piece
    set_aside: Piece
    problem: Piece
    substance: Piece | bool
    #: Whether the number may be in another unit, and the ends of the other reading.
    doubtful: Piece | None = None
    other: Ends | None = None


def give(statement: Statement, result: Result, site: SiteMapping) -> Given:
    """Take an analyte's columns from the table."""
    key = result.key
    unit = bound = None
    if result.unit_column:
        text = as_words(result.unit_column, site.codes.get("unit", {}))
        if analytes()[key].kinds == ("index",):  # a plain number, which needs no unit
            text = written("COALESCE(NULLIF({}, ''), {})", text, word(analytes()[key].unit))
        unit = statement.put(f"{key}_unit", written("REPLACE(REPLACE({}, ' ', ''), '^', '')", text), own=True)
    if result.bound_column:
        bound = statement.put(f"{key}_bound", _comparator(as_words(result.bound_column, {}), site), own=True)
    fault = Piece(result.fault_column) if result.fault_column else None
    if fault is not None:
        fault = statement.put(f"{key}_set_aside", fault, own=True)
    return Given(result, statement.put(f"{key}_given", as_number(result.value), own=True), unit, bound, fault)


def _comparator(text: Piece, site: SiteMapping) -> Piece:
    """Return the comparator in a cell, blank for none; the site's own codes come first."""
    signs = {spelling: word(sign).text for sign in COMPARATORS for spelling in spelled_as(sign)}
    signs |= {code.upper(): word(meant).text for code, meant in site.operators.items()}
    answers = {word(spelling).text: sign for spelling, sign in signs.items()} | as_numbers(signs)
    return matched(missing_to(written("UPPER({})", text), "''"), answers, word(_NO_OPERATOR).text)


def read(statement: Statement, given: Given) -> ReadResult:
    """Read one analyte."""
    key, analyte = given.result.key, analytes()[given.result.key]
    if given.unit is None:
        assert given.result.unit is not None
        unit = find_unit(analyte, given.result.unit)
        scale = factor(key, unit.ucum)
        value = given.number if scale == 1 else infix("*", given.number, number(scale))
        units = [unit]
        substance: Piece | bool = is_substance(unit)
        faults: list[tuple[Piece, str]] = []
        by = None
    else:
        units, cases, faults = _by_unit(analyte, given.unit)
        by = statement.put(f"{key}_factor", cases)
        value = infix("*", given.number, by)
        substance = _is_substance(analyte, by, units)
    value = statement.held(value, f"{key}_value")
    is_readable_here = _readable(analyte, value, given.bound)
    there = infix("IS NOT", given.number, Piece("NULL"))
    if given.fault is not None:
        is_readable_here = infix("AND", is_readable_here, infix("IS", given.fault, Piece("NULL")))
        there = infix("OR", there, infix("IS NOT", given.fault, Piece("NULL")))
    readable = statement.put(f"{key}_readable", is_readable_here)
    problem = _problem(given, value, faults, analyte)
    plain = statement.put(f"{key}_stated", written("CASE WHEN {} THEN {} END", readable, value))
    stated = _bounded(statement, key, plain, given.bound)
    set_aside = infix("AND", there, negated(missing_to(readable, "FALSE")))
    found = ReadResult(key, stated, stated, Piece("TRUE"), set_aside, problem, substance)
    scales = {factor(key, unit.ucum) for unit in units}
    _doubt(statement, found, scales, by, plain, given.bound)
    return found


def _by_unit(analyte: Analyte, text: Piece) -> tuple[list[Unit], Piece, list[tuple[Piece, str]]]:
    """Return the units that a column may have, the factor by its text, and the faults of missing or similar units."""
    exact, any_case = listed_spellings(analyte)
    refused = look_alikes(analyte)
    usual = usual_units(analyte)
    in_order = sorted(exact, key=lambda spelling: spelling not in usual)
    factors = {spelling: number(factor(analyte.key, exact[spelling].ucum)).text for spelling in in_order}
    folded = {word(each.lower()).text: factors[each] for each in in_order if each in any_case}
    first = words(refused, "NULL") | {word(each).text: factors[each] for each in in_order if each not in any_case}
    known = matched(written("LOWER({})", text), folded)
    if first:
        known = matched(text, first, known.text)
    faults = [(infix("=", missing_to(text, "''"), word("")), "missing_unit")]
    if refused:
        faults.append((matched(text, words(refused, "TRUE"), "FALSE"), "look_alike_unit"))
    return list({unit.ucum: unit for unit in exact.values()}.values()), known, faults


def _is_substance(analyte: Analyte, by: Piece, units: list[Unit]) -> Piece | bool:
    """Return whether a factor is that of an amount of substance; mass has other factors, by the molar mass."""
    kinds = {is_substance(unit) for unit in units}
    if len(kinds) == 1:
        return kinds.pop()
    factors = (number(factor(analyte.key, unit.ucum)).text for unit in units if is_substance(unit))
    return matched(by, dict.fromkeys(factors, "TRUE"), "FALSE")


def _readable(analyte: Analyte, value: Piece, bound: Piece | None) -> Piece:
    """Return whether a number is plausible and its comparator bounds a result."""
    plausible = analyte.plausible
    within = between(value, plausible.low, plausible.high)
    if bound is None:
        return within
    parts = [within, infix("<>", bound, word(_NO_OPERATOR))]
    nothing = [sign for sign in COMPARATORS if plausible.low == 0 and not is_readable(analyte, sign, 0.0)]
    if nothing:
        never = matched(bound, words(nothing, "TRUE"), "FALSE")
        parts.append(negated(infix("AND", infix("=", value, number(0)), never)))
    return infix("AND", *parts)


def _problem(given: Given, value: Piece, faults: list[tuple[Piece, str]], analyte: Analyte) -> Piece:
    """Return the code of the problem of a number that is not readable, in the order of reading."""
    there, plausible = given.number, analyte.plausible
    infinite = infix("=", written("ABS({})", there), Piece(f"CAST('Infinity' AS {DOUBLE})"))
    cases = [(infinite, "not_finite"), (infix("<", there, number(0)), "negative_value"), *faults]
    if given.unit is not None:
        cases.append((written("{} IS NULL", value), "unknown_unit"))
    if given.bound is not None:
        cases.append((infix("=", given.bound, word(_NO_OPERATOR)), "unknown_operator"))
    cases.append((negated(between(value, plausible.low, plausible.high)), "implausible_value"))
    problem = case_of(cases, "unreadable_value")
    return problem if given.fault is None else written("COALESCE({}, {})", given.fault, problem)


def _bounded(statement: Statement, name: str, value: Piece, bound: Piece | None) -> Ends:
    """Return the ends of a number with its comparator, as multiples of the number; `bounds` of 1 gives the factors."""
    if bound is None:
        return Ends(value, value)
    lows, highs = zip(*(bounds(sign, 1.0) for sign in COMPARATORS), strict=True)

    def end(shares: tuple[float, ...]) -> Piece:
        cases = "".join(
            f"WHEN {word(sign).text} THEN {_share(value, share)} "
            for sign, share in zip(COMPARATORS, shares, strict=True)
            if share != 1
        )
        return Piece(f"CASE {bound.text} {cases}ELSE {value.text} END", max(value.level, bound.level))

    low = statement.put(f"{name}_at_least", written("CASE WHEN {} IS NOT NULL THEN {} END", value, end(lows)))
    return Ends(low, statement.put(f"{name}_at_most", end(highs)))


def _share(value: Piece, share: float) -> str:
    if share == INF:
        return "NULL"
    if share == 0:
        return "0"
    return f"{value.text} * (1 {'+' if share > 1 else '-'} {abs(share - 1):.0e})"


def _doubt(
    statement: Statement, found: ReadResult, scales: set[float], by: Piece | None, plain: Piece, bound: Piece | None
) -> None:
    """Add a column for rows in which a number may be in another unit, and the ends of that reading."""
    key = found.key
    doubt = analytes()[key].doubt
    doubted = dict.fromkeys(factor(key, unit) for unit in doubt.units) if doubt else {}
    if doubt is None or scales.isdisjoint(doubted):
        return
    scale = next(iter(doubted))
    signs = ((">", doubt.above), (">=", doubt.at_least), ("<", doubt.below), ("<=", doubt.at_most))
    parts = [infix(sign, plain, number(end * scale)) for sign, end in signs if 0 <= end < INF]
    if by is not None and not scales <= doubted.keys():
        parts.append(matched(by, {number(each).text: "TRUE" for each in doubted}, "FALSE"))
    found.doubtful = statement.put(f"{key}_doubtful", missing_to(infix("AND", *parts), "FALSE"))
    times = statement.put(f"{key}_otherwise", infix("*", plain, number(doubt.times)))
    found.other = _bounded(statement, f"{key}_otherwise", times, bound)


def settle(statement: Statement, results: dict[str, ReadResult]) -> None:
    """Read a doubtful number both ways, except in rows in which another result confirms it unchanged."""
    for key, found in results.items():
        low, high = found.stated.low, found.stated.high
        if found.doubtful is not None and found.other is not None:
            doubt, confirmation = analytes()[key].doubt, None
            assert doubt is not None
            assert high is not None
            confirmation = doubt.confirmed_by
            doubtful = found.doubtful
            if confirmation and confirmation.analyte in results:
                beside = results[confirmation.analyte].stated
                fits = [
                    _fits(each, beside, confirmation.least, confirmation.most) for each in (found.stated, found.other)
                ]
                confirmed = infix("AND", fits[0], negated(fits[1]))
                doubtful = statement.put(f"{key}_unconfirmed", infix("AND", doubtful, negated(confirmed)))
            found.doubtful = doubtful
            other_low, other_high = found.other.low, found.other.high
            assert other_high is not None
            case = "CASE WHEN {} THEN {} ELSE {} END"
            if doubt.times < 1:
                low = statement.put(f"{key}_least", written(case, doubtful, other_low, low))
            else:
                high = statement.put(f"{key}_most", written(case, doubtful, other_high, high))
        found.ends = Ends(low, high)
        found.measured = infix("IS NOT", low, Piece("NULL"))


def _fits(one: Ends, beside: Ends, least: float, most: float) -> Piece:
    """Return whether a reading fits the confirming result; an unknown end always fits."""
    assert one.high is not None
    assert beside.high is not None
    reaches = infix(">=", one.high, infix("*", beside.low, number(least)))
    stays = infix("<=", one.low, infix("*", beside.high, number(most)))
    return infix("AND", missing_to(reaches, "TRUE"), missing_to(stays, "TRUE"))
