"""Interval arithmetic as SQL, over quantities that are not negative.

A NULL low end is 0, or unbounded for a difference. A NULL high end is unbounded. An unmeasured quantity has two NULLs,
so its products, quotients and powers are NULL by themselves.
"""

from __future__ import annotations

from dataclasses import dataclass

from b12labs.integrations.sql.pieces import DOUBLE, Piece, infix, number, written
from b12labs.integrations.sql.statement import Statement
from b12labs.logic.expressions import INF
from b12labs.logic.scalars import Pair

__all__ = ["Ends", "Quantity", "arithmetic", "as_ends", "chosen", "inferred", "is_shared", "named", "solid"]

_NOTHING = Piece(f"CAST(NULL AS {DOUBLE})", plain=True)


@dataclass(frozen=True, slots=True)
class Ends:
    """Both ends of a quantity in every row; `high` is None if there is no high end.

    `low_open` and `high_open` are True if the end may be NULL; `unbounded` is True if a NULL low end may be below 0.
    """

    low: Piece
    high: Piece | None
    low_open: bool = True
    high_open: bool = True
    unbounded: bool = False

    @property
    def is_one(self) -> bool:
        """Whether the quantity is one number, or unknown."""
        return self.high is not None and self.low.text == self.high.text


#: A quantity that all rows share is a pair of numbers.
Quantity = Pair | Ends


def is_shared(quantity: Quantity) -> bool:
    """Return whether all rows share the interval."""
    return isinstance(quantity, tuple)


def as_ends(quantity: Quantity) -> Ends:
    """Return a quantity with its ends as SQL."""
    if isinstance(quantity, Ends):
        return quantity
    low, high = map(float, quantity)
    if low == -INF:
        return Ends(_NOTHING, None if high == INF else number(high), high_open=False, unbounded=True)
    return Ends(number(low), None if high == INF else number(high), low_open=False, high_open=high == INF)


def solid(quantity: Ends) -> Piece:
    """Return the low end, or 0 if it is unknown."""
    if quantity.unbounded:
        raise NotImplementedError("a difference has no low end to compute with")
    return written("COALESCE({}, 0)", quantity.low) if quantity.low_open else quantity.low


def named(statement: Statement, name: str, quantity: Ends) -> Ends:
    """Return a quantity whose ends are columns."""
    if quantity.is_one:
        low = high = statement.held(quantity.low, name)
    else:
        low = statement.held(quantity.low, f"{name}_low")
        high = None if quantity.high is None else statement.held(quantity.high, f"{name}_high")  # type: ignore[assignment]  # no high end
    return Ends(low, high, quantity.low_open, quantity.high_open, quantity.unbounded)


def inferred(primary: Ends, fallback: Ends) -> Ends:
    """Return the result, or the bounds from other results if it is not measured."""
    low = written("COALESCE({}, {})", primary.low, fallback.low)
    if primary.is_one and fallback.high is not None:
        high = written("COALESCE({}, {})", primary.low, fallback.high)
    else:
        ends = (each.high or _NOTHING for each in (fallback, primary))
        high = written("CASE WHEN {} IS NULL THEN {} ELSE {} END", primary.low, *ends)
    return Ends(low, high, fallback.low_open, True, fallback.unbounded)


def chosen(statement: Statement, hint: str, condition: Piece, one: Ends, other: Ends) -> Ends:
    """Return one quantity or the other by a condition, or the interval of both if the condition is unknown."""
    condition = statement.held(condition, f"{hint}_if")
    one, other = named(statement, f"{hint}_one", one), named(statement, f"{hint}_other", other)
    hull = arithmetic(statement, hint, "hull", one, other)
    case = "CASE WHEN {} THEN {} WHEN NOT {} THEN {} ELSE {} END"

    def by_end(first: Piece | None, second: Piece | None, either: Piece | None) -> Piece:
        return written(case, condition, first or _NOTHING, condition, second or _NOTHING, either or _NOTHING)

    return Ends(
        by_end(one.low, other.low, hull.low),
        by_end(one.high, other.high, hull.high),
        one.low_open or other.low_open,
        one.high_open or other.high_open,
        one.unbounded or other.unbounded,
    )


def arithmetic(statement: Statement, hint: str, operator: str, one: Ends, other: Ends) -> Ends:
    """Return the result of an operator on two quantities."""
    match operator:
        case "add":
            return _ends(infix("+", solid(one), solid(other)), _high("+", one, other), one, other, low_open=False)
        case "sub":
            low = _NOTHING if other.high is None else infix("-", one.low, other.high)
            high = None if one.high is None else infix("-", one.high, solid(other))
            low_open = one.low_open or other.high_open
            return Ends(low, high, low_open, one.high_open, one.unbounded or low_open)
        case "mul":
            return _ends(infix("*", one.low, other.low), _high("*", one, other), one, other)
        case "div":
            low = number(0) if other.high is None else infix("/", one.low, _not_zero(other, other.high))
            high = None if one.high is None else infix("/", one.high, _not_zero(other, other.low))
            return Ends(low, high, one.low_open or other.high_open, one.high_open or not _is_positive(other))
        case "pow":
            return _power(one, other)
        case "minimum" | "maximum" | "hull":
            one, other = named(statement, f"{hint}_one", one), named(statement, f"{hint}_other", other)
            low = _greater(one.low, other.low) if operator == "maximum" else _both("<=", one.low, other.low)
            if operator == "minimum":
                high = _lesser(one.high, other.high)
            else:
                high = None if one.high is None or other.high is None else _both(">=", one.high, other.high)
            return Ends(low, high, one.low_open or other.low_open, one.high_open or other.high_open)
    raise NotImplementedError(f"{operator} is not written as SQL")


def _ends(low: Piece, high: Piece | None, one: Ends, other: Ends, *, low_open: bool = True) -> Ends:
    if one.unbounded or other.unbounded:
        raise NotImplementedError("a difference has no low end to compute with")
    open_low = low_open and (one.low_open or other.low_open)
    return Ends(low, high, open_low, one.high_open or other.high_open)


def _high(operator: str, one: Ends, other: Ends) -> Piece | None:
    return None if one.high is None or other.high is None else infix(operator, one.high, other.high)


def _is_positive(quantity: Ends) -> bool:
    """Return whether all rows share a low end above 0."""
    return quantity.low.plain and quantity.low.text[0].isdigit() and float(quantity.low.text) > 0


def _not_zero(quantity: Ends, end: Piece) -> Piece:
    """Return an end to divide by; a division by 0 gives no end."""
    return end if _is_positive(quantity) else written("NULLIF({}, 0)", end)


def _power(base: Ends, exponent: Ends) -> Ends:
    """Return a power; either the base or the exponent is the same in all rows."""
    power = "POWER({}, {})"
    if exponent.is_one and exponent.low.text.lstrip("-")[0].isdigit():
        if float(exponent.low.text) > 0:
            high = None if base.high is None else written(power, base.high, exponent.low)
            return Ends(written(power, base.low, exponent.low), high, base.low_open, base.high_open)
        low = number(0) if base.high is None else written(power, base.high, exponent.low)
        return Ends(low, written(power, written("NULLIF({}, 0)", base.low), exponent.low), base.high_open, True)
    if base.is_one and base.low.plain and float(base.low.text) < 1:
        low = number(0) if exponent.high is None else written(power, base.low, exponent.high)
        return Ends(low, written(power, base.low, solid(exponent)), exponent.high_open, False)
    raise NotImplementedError("a power of one column to another is not written as SQL")


def _both(sign: str, one: Piece, other: Piece) -> Piece:
    """Return the lesser or the greater of two, or NULL if either is NULL."""
    flipped = {"<=": ">", ">=": "<"}[sign]
    return Piece(
        f"CASE WHEN {one.text} {sign} {other.text} THEN {one.text} "
        f"WHEN {one.text} {flipped} {other.text} THEN {other.text} END",
        max(one.level, other.level),
    )


def _greater(one: Piece, other: Piece) -> Piece:
    """Return the greater of two; a NULL is 0."""
    return Piece(
        f"CASE WHEN {one.text} > {other.text} THEN {one.text} ELSE COALESCE({other.text}, {one.text}) END",
        max(one.level, other.level),
    )


def _lesser(one: Piece | None, other: Piece | None) -> Piece | None:
    """Return the lesser of two; a NULL is infinite."""
    if one is None or other is None:
        return one or other
    return Piece(
        f"CASE WHEN {one.text} <= {other.text} THEN {one.text} ELSE COALESCE({other.text}, {one.text}) END",
        max(one.level, other.level),
    )
