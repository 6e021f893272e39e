"""The primitives of the rules, written as SQL: NULL is UNKNOWN, and AND, OR and NOT are Kleene's already."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from b12labs.integrations.sql import arithmetic as ends
from b12labs.integrations.sql.arithmetic import Ends, Quantity, as_ends, is_shared
from b12labs.integrations.sql.pieces import NO, Piece, infix, negated, number, written
from b12labs.integrations.sql.statement import Statement
from b12labs.logic.expressions import TOLERANCE
from b12labs.logic.language import FALSE, TRUE, UNKNOWN
from b12labs.logic.scalars import Plain

__all__ = ["Truth", "Written", "as_piece"]

#: A truth that all rows share is an integer, as for one patient.
Truth = Piece | int


def as_piece(truth: Truth) -> Piece:
    """Return a truth as SQL."""
    if isinstance(truth, Piece):
        return truth
    return NO if truth == UNKNOWN else Piece("TRUE" if truth == TRUE else "FALSE", plain=True)


class Written:
    """Primitives that write SQL; values that all rows share are numbers or pairs, computed as for one patient."""

    def __init__(self, statement: Statement) -> None:
        self.statement = statement
        #: The name of a part that must be a column, because the step being written uses it twice.
        self.hint = ""

    def all_of(self, parts: Sequence[Truth]) -> Truth:
        return _combined("AND", parts, FALSE)

    def any_of(self, parts: Sequence[Truth]) -> Truth:
        return _combined("OR", parts, TRUE)

    def opposite(self, part: Truth) -> Truth:
        return TRUE - part if isinstance(part, int) else negated(part)

    def only_true(self, part: Truth) -> Truth:
        return Plain.only_true(part) if isinstance(part, int) else written("COALESCE({}, FALSE)", part)

    def at_least(self, count: int, parts: Sequence[Truth]) -> Truth:
        known = sum(part == TRUE for part in parts)
        left = [part for part in parts if part not in (TRUE, FALSE)]
        if count <= known or len(left) < count - known:
            return TRUE if count <= known else FALSE
        held = [self.statement.held(as_piece(part), f"{self.hint}_part") for part in left]
        sure, perhaps = (
            infix("+", *(written(f"COALESCE(CAST({{}} AS INT), {unknown})", part) for part in held))
            for unknown in (0, 1)
        )
        needed = str(count - known)
        return written(f"CASE WHEN {{}} >= {needed} THEN TRUE WHEN {{}} < {needed} THEN FALSE END", sure, perhaps)

    def below(self, left: Quantity, right: Quantity) -> Truth:
        if is_shared(left) and is_shared(right):
            return Plain.below(left, right)  # type: ignore[arg-type]  # both are pairs
        one, other = as_ends(left), as_ends(right)
        if one.is_one and other.is_one:
            return infix("<", one.low, _moved(other.low, -TOLERANCE))
        return _decided(
            None if one.high is None else infix("<", one.high, _moved(ends.solid(other), -TOLERANCE)),
            None if other.high is None else infix(">=", one.low, _moved(other.high, -TOLERANCE)),
        )

    def above(self, left: Quantity, right: Quantity) -> Truth:
        if is_shared(left) and is_shared(right):
            return Plain.above(left, right)  # type: ignore[arg-type]  # both are pairs
        one, other = as_ends(left), as_ends(right)
        if one.is_one and other.is_one:
            return infix(">", one.low, _moved(other.low, TOLERANCE))
        return _decided(
            None if other.high is None else infix(">", one.low, _moved(other.high, TOLERANCE)),
            None if one.high is None else infix("<=", one.high, _moved(ends.solid(other), TOLERANCE)),
        )

    def choose(self, condition: Truth, when_true: Quantity, when_false: Quantity) -> Quantity:
        if isinstance(condition, int):
            if condition == UNKNOWN:
                return self.arithmetic("hull", when_true, when_false)
            return when_true if condition == TRUE else when_false
        return ends.chosen(self.statement, self.hint, condition, as_ends(when_true), as_ends(when_false))

    def inferred(self, primary: Quantity, fallback: Quantity, flag: Any = 0) -> Quantity:
        if is_shared(primary):
            return Plain.inferred(primary, fallback, flag)  # type: ignore[arg-type]  # a pair
        return ends.inferred(as_ends(primary), as_ends(fallback))

    def arithmetic(self, operator: str, left: Quantity, right: Quantity) -> Quantity:
        if is_shared(left) and is_shared(right):
            return Plain.arithmetic(operator, left, right)  # type: ignore[arg-type]  # both are pairs
        if operator in ("add", "sub") and right == (0.0, 0.0):
            return left
        return ends.arithmetic(self.statement, self.hint, operator, as_ends(left), as_ends(right))

    def named(self, name: str, quantity: Quantity) -> Quantity:
        """Return a quantity whose ends are columns of this name."""
        return ends.named(self.statement, name, quantity) if isinstance(quantity, Ends) else quantity


def _combined(operator: str, parts: Sequence[Truth], settles: int) -> Truth:
    """Return truths combined: a truth equal to `settles` decides, and its opposite is left out."""
    if any(part == settles for part in parts if isinstance(part, int)):
        return settles
    left = list(dict.fromkeys(part for part in parts if isinstance(part, Piece)))
    is_open = any(part == UNKNOWN for part in parts if isinstance(part, int))
    if not left:
        return UNKNOWN if is_open else TRUE - settles
    return infix(operator, *left, *([NO] if is_open else []))


def _decided(so: Piece | None, not_so: Piece | None) -> Truth:
    """Return a truth from the conditions under which it is TRUE and FALSE; otherwise it is NULL."""
    cases = [f"WHEN {{}} THEN {said}" for piece, said in ((so, "TRUE"), (not_so, "FALSE")) if piece is not None]
    if not cases:
        return UNKNOWN
    return written(f"CASE {' '.join(cases)} END", *(piece for piece in (so, not_so) if piece is not None))


def _moved(limit: Piece, share: float) -> Piece:
    """Return a limit moved by a share of itself, so that a value within float noise is read as on the limit."""
    if limit.plain and limit.text == "0.0":
        return number(0)
    sign = "-" if (share < 0) != limit.text.startswith("-") else "+"
    return infix("*", limit, Piece(f"(1 {sign} {abs(share):g})", plain=True))
