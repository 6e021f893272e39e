"""Open parts of evaluated rules: outcomes still possible, results to ask for, and defeaters that could overturn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import heappop, heappush
from typing import Any

from b12labs.logic.language import FALSE, TRUE, UNKNOWN, Certain, Combine, Compare, Reported, Truth, Verdict
from b12labs.logic.program import Values

__all__ = ["open_comparisons", "open_defeaters", "outcomes", "possible_outcomes", "single_outcome"]


def outcomes(verdict: Verdict, values: Values, *, read: Sequence[Any] | None = None) -> int:
    """Return the outcomes still possible for one patient, one bit each, in the order of `verdict.outcomes`.

    `read` replaces the slots' values.
    """
    return sum(is_possible << place for place, is_possible in enumerate(possible_outcomes(verdict, values, read=read)))


def possible_outcomes(verdict: Verdict, values: Values, *, read: Sequence[Any] | None = None) -> list[Any]:
    """Return whether (for columns, in which rows) each outcome is possible, in the order of `verdict.outcomes`."""
    read = values.values if read is None else read
    do = values.primitives
    reach: Any = TRUE
    found = []
    for case in verdict.cases:
        holds = read[values.program.slot(case.when)]
        found.append(do.possible(do.all_of([reach, holds])))
        reach = do.all_of([reach, do.opposite(holds)])
    return [*found, do.possible(reach)]


def single_outcome(verdict: Verdict, possible: int, *, at_least: bool = False) -> str | None:
    """Return the only possible outcome, perhaps by several cases, or None if several are possible.

    With `at_least`, return the last of several, as the least that is certain: "at least prompt".
    """
    if at_least:
        return verdict.outcomes[possible.bit_length() - 1]
    found = {outcome for place, outcome in enumerate(verdict.outcomes) if possible >> place & 1}
    return found.pop() if len(found) == 1 else None


def open_comparisons(
    root: Truth | Verdict, values: Values, asked: Any = True
) -> Iterator[tuple[Compare | Reported, Any]]:
    """Yield the open comparisons to ask for next, each with whether to ask for it.

    For columns, the second is the rows in which to ask, among the rows `asked`.

    An open part matters if everything from it up to the rule is open too. Of several open parts that must all hold,
    only the first is asked for: the others matter only once it holds. A `certain(x)` is closed, unless it was widened:
    nothing below it is asked for.
    """
    program, read = values.program, values.values
    do = values.primitives
    matters: dict[int, Any] = {}

    waiting: list[int] = []

    def mark(slot: int, where: Any) -> None:
        if where is not False:
            if slot not in matters:
                heappush(waiting, -slot)
            matters[slot] = matters[slot] | where if slot in matters else where

    if isinstance(root, Verdict):
        reach: Any = TRUE
        for case in root.cases:
            slot = program.slot(case.when)
            mark(slot, asked & do.possible(reach) & values.is_open(slot))
            reach = do.all_of([reach, do.opposite(read[slot])])
    else:
        mark(program.slot(root), asked & values.is_open(program.slot(root)))
    while waiting:  # a rule comes after its parts: from last to first, each is complete at its turn
        slot = -heappop(waiting)
        where, step = matters[slot], program.steps[slot]
        if isinstance(step.node, Compare | Reported):
            yield step.node, where
        else:
            first_only = isinstance(step.node, Combine) and step.node.operator == "and"
            for part in step.parts:
                here = where & values.is_open(part)
                mark(part, here)
                if first_only:
                    where = where ^ here


def open_defeaters(root: Truth | Verdict, values: Values) -> list[Certain]:
    """Return, for one patient, the open `certain(x)` that must become certain before a decided rule can change.

    Every change of the rule makes one of them certain: with these held as they are now and every other defeater left
    open, the rule stays the same. If several defeaters would all have to become certain, one of them is listed.
    """
    program, values_now = values.program, values.values
    read = program.caution(root)
    defeaters = [slot for slot in program.below(root) if program.steps[slot].is_defeater]
    decided, _ = read(values_now, frozenset(defeaters))
    _, parts = read(values_now, frozenset())
    held = frozenset(
        slot for slot, part in zip(defeaters, parts, strict=True) if part == UNKNOWN and values_now[slot] == FALSE
    )

    def let_go(slots: list[int]) -> None:
        """Let go of the slots that need not be held.

        All at once if that changes nothing, else by halves, the first half first.
        """
        nonlocal held
        if read(values_now, held.difference(slots))[0] == decided:
            held = held.difference(slots)
        elif half := len(slots) // 2:
            let_go(slots[:half])
            let_go(slots[half:])

    if held:
        let_go(sorted(held))
    nodes = [program.steps[slot].node for slot in sorted(held)]
    return [node for node in nodes if isinstance(node, Certain)]
