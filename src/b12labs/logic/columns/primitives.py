"""The primitives over columns: the same operations as for one patient, but recorded for later."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from b12labs.logic.columns.arithmetic import arithmetic
from b12labs.logic.columns.comparing import above, below
from b12labs.logic.columns.quantities import (
    Coded,
    Numbers,
    Quantity,
    by_row,
    is_shared,
    same_codes,
    tables,
    without_nan,
)
from b12labs.logic.columns.running import numbers_of, packed, unpacked
from b12labs.logic.columns.tape import Array, Bits, Number, Tape
from b12labs.logic.columns.truths import Truth, at_codes, at_least, certain, possible, truth
from b12labs.logic.language import FALSE, TRUE, UNKNOWN
from b12labs.logic.scalars import ANYTHING, Plain

__all__ = ["ByCode", "Columns"]


class ByCode:
    """The laboratory's flags, or whether they decide: a table by code, and the code of every row."""

    def __init__(self, codes: Array, table: Any) -> None:
        self.codes, self.table = codes, table


class Columns:
    """Primitives over columns; a value that all rows share is a plain number or pair, computed as for one patient."""

    def __init__(self) -> None:
        self.tape = Tape()

    @staticmethod
    def certain(of: Truth) -> Bits:
        """Return the rows in which a truth is TRUE."""
        return certain(of)

    @staticmethod
    def possible(of: Truth) -> Bits:
        """Return the rows in which a truth is not FALSE."""
        return possible(of)

    @staticmethod
    def is_open(of: Truth) -> Bits:
        """Return the rows in which a truth is UNKNOWN."""
        return certain(of) ^ possible(of)

    @staticmethod
    def all_of(parts: Sequence[Truth]) -> Truth:
        is_certain: Bits = True
        is_possible: Bits = True
        for part in parts:
            is_certain, is_possible = is_certain & certain(part), is_possible & possible(part)
        return truth(is_certain, is_possible)

    @staticmethod
    def any_of(parts: Sequence[Truth]) -> Truth:
        is_certain: Bits = False
        is_possible: Bits = False
        for part in parts:
            is_certain, is_possible = is_certain | certain(part), is_possible | possible(part)
        return truth(is_certain, is_possible)

    @staticmethod
    def opposite(part: Truth) -> Truth:
        return truth(possible(part) ^ True, certain(part) ^ True)

    @staticmethod
    def only_true(part: Truth) -> Truth:
        return truth(certain(part), certain(part))

    @staticmethod
    def at_least(count: int, parts: Sequence[Truth]) -> Truth:
        is_certain, is_possible = ([of(part) for part in parts] for of in (certain, possible))
        return truth(at_least(count, is_certain), at_least(count, is_possible))

    @staticmethod
    def same(least: Truth, most: Truth) -> Truth:
        """Return the truth in rows in which both are the same, else open; `least` is never above `most`."""
        return truth(certain(least), possible(most))

    def below(self, left: Quantity, right: Quantity) -> Truth:
        return below(self.tape, left, right)

    def above(self, left: Quantity, right: Quantity) -> Truth:
        return above(self.tape, left, right)

    def flagged(self, answer: Truth, flag: Any, meaning: Sequence[int], decides: Any) -> Truth:
        """Return the truth of a comparison, from the laboratory's flag if the number leaves it open.

        If the flag `decides`, it takes precedence over the number.
        """
        said = np.array(meaning, dtype=np.int8)[flag.table if isinstance(flag, ByCode) else flag]
        deciding = decides.table if isinstance(decides, ByCode) else decides

        def where(wanted: Any) -> Bits:
            return self.tape.at_codes(np.broadcast_to(wanted, said.shape), flag.codes) if said.shape else bool(wanted)

        so, not_so = where(said == TRUE), where(said == FALSE)
        first_so, first_not_so = where((said == TRUE) & deciding), where((said == FALSE) & deciding)
        is_open = self.is_open(answer)
        is_certain, is_possible = certain(answer) | (is_open & so), possible(answer) & ((is_open & not_so) ^ True)
        return truth((is_certain & (first_not_so ^ True)) | first_so, (is_possible | first_so) & (first_not_so ^ True))

    def choose(self, condition: Truth, when_true: Quantity, when_false: Quantity) -> Quantity:
        if isinstance(condition, int):
            if condition == UNKNOWN:
                return self.arithmetic("hull", when_true, when_false)
            return when_true if condition == TRUE else when_false
        yes, no = self._not_anything(when_true), self._not_anything(when_false)
        missing = None if yes.missing is no.missing is None else ANYTHING
        is_open = self.is_open(condition)
        hull = self.tape.column("minimum", yes.low, no.low), self.tape.column("maximum", yes.high, no.high)

        def chosen(one: Number, other: Number, either: Number) -> Number:
            decided = self.tape.chosen(condition.certain, one, other)
            return self.tape.chosen(is_open, either, decided)

        return Numbers(chosen(yes.low, no.low, hull[0]), chosen(yes.high, no.high, hull[1]), missing)

    def choose_by_code(self, codes: Any, where: Any, one: Quantity, other: Quantity) -> Quantity:
        """Return one quantity for some of the codes and another for the others."""
        given = self.tape.array(codes)
        if all(is_shared(each) or (isinstance(each, Coded) and each.codes is given) for each in (one, other)):
            (low, high), (other_low, other_high) = tables(one), tables(other)
            return Coded(given, np.where(where, low, other_low), np.where(where, high, other_high))
        return self.choose(at_codes(self.tape, np.where(where, TRUE, FALSE), given), one, other)

    def _not_anything(self, quantity: Quantity) -> Numbers:
        """Return a quantity by row, in which NaN represents only ANYTHING."""
        if quantity == ANYTHING:
            return Numbers(np.nan, np.nan, ANYTHING)
        numbers = by_row(self.tape, quantity)
        return numbers if numbers.missing in (None, ANYTHING) else without_nan(self.tape, quantity)

    def inferred(self, primary: Quantity, fallback: Quantity, flag: Any = 0) -> Quantity:
        """Return the result, or the bounds that others set if nothing is known of it, not even a word."""
        if is_shared(primary):
            return Plain.inferred(primary, fallback, flag)  # type: ignore[arg-type]  # a pair
        if fallback == ANYTHING:
            return primary
        where = self._nothing_known(primary, flag)
        if where is False:
            return primary
        measured, others = by_row(self.tape, primary), self._not_anything(fallback)
        low, high = (
            self.tape.chosen(where, one, other)
            for one, other in ((others.low, measured.low), (others.high, measured.high))
        )
        return Numbers(low, high, measured.missing or others.missing)

    def _nothing_known(self, primary: Any, flag: Any) -> Bits:
        if isinstance(primary, Coded):
            unsaid = flag.table == 0 if isinstance(flag, ByCode) else np.full(len(primary.low), flag == 0)
            nothing = (primary.low == ANYTHING[0]) & (primary.high == ANYTHING[1])
            return self.tape.at_codes(nothing & unsaid, primary.codes)
        return primary.missing is not None and flag == 0 and self.tape.nan(primary.low)

    def arithmetic(self, operator: str, left: Quantity, right: Quantity) -> Quantity:
        return arithmetic(self.tape, operator, left, right)

    def ends(self, low_of: Quantity, high_of: Quantity) -> Quantity:
        """Return the interval from the low end of one quantity to the high end of the other."""
        if is_shared(low_of) and is_shared(high_of):
            return low_of[0], high_of[1]  # type: ignore[index]  # both are pairs
        codes = same_codes(low_of, high_of)
        if codes is not None and isinstance(low_of, Coded) and isinstance(high_of, Coded):
            return Coded(codes, low_of.low, high_of.high)
        one, other = by_row(self.tape, low_of), by_row(self.tape, high_of)
        known = (one.missing or ANYTHING)[0], (other.missing or ANYTHING)[1]
        return Numbers(one.low, other.high, None if one.missing is other.missing is None else known)

    def truths_by_row(self, truths: Sequence[Truth], rows: int) -> Any:
        """Run the operations of truths, and return each truth as a line of 0, 1 and 2."""
        found = unpacked(packed(self.tape, [of(each) for of in (certain, possible) for each in truths], rows), rows)
        return found[: len(truths)] + found[len(truths) :]

    def ends_by_row(self, quantity: Quantity, rows: int) -> Any:
        """Run the operations of a quantity, and return its low ends and its high ends, one line each."""
        solid = without_nan(self.tape, quantity)
        return numbers_of(self.tape, (solid.low, solid.high), rows)

    # Inputs.

    def numbers(self, values: Any, factor: float = 1.0) -> Numbers:
        """Return a column of numbers times a factor; NaN marks a missing number."""
        given = self.tape.rows(values)
        scaled = given if factor == 1 else self.tape.column("multiply", given, float(factor))
        return Numbers(scaled, scaled, ANYTHING)

    def intervals(self, low: Any, high: Any) -> Numbers:
        """Return an interval in every row, from two arrays; the same array twice if each row has one number."""
        nothing = (low == ANYTHING[0]) & (high == ANYTHING[1])
        missing = ANYTHING if nothing.any() else None
        first, last = (
            self.tape.rows(np.where(nothing, np.nan, end) if missing else np.asarray(end, dtype=np.float64))
            for end in (low, high)
        )
        return Numbers(first, last, missing)

    def coded(self, codes: Any, low: Any, high: Any) -> Coded:
        """Return an interval by code."""
        return Coded(self.tape.array(codes), low, high)

    def by_code(self, codes: Any, table: Any) -> ByCode:
        """Return the entry of a table for the code of every row."""
        return ByCode(self.tape.array(codes), table)

    def truths(self, codes: Any, table: Any) -> Truth:
        """Return the truth in a table for the code of every row."""
        return at_codes(self.tape, table, self.tape.array(codes))

    def where(self, codes: Any, table: Any) -> Bits:
        """Return the rows for whose code a table of bools has True."""
        return self.tape.at_codes(table, self.tape.array(codes))

    def is_nan(self, quantity: Numbers) -> Bits:
        """Return the rows in which a number of a column is unknown."""
        return self.tape.nan(quantity.low)
