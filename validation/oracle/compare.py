"""Both answers side by side: `b12labs.interpret_frame`, by its public columns, and the oracle."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

import b12labs
from validation.oracle import index, panels
from validation.oracle.statements import answer

__all__ = ["Difference", "Outcome", "compare"]

#: The number of panels that are interpreted at once.
CHUNK = 2_000
#: The number of panels of a chunk that are interpreted one by one, for the combined index, which has no column.
ONE_BY_ONE = 20


@dataclass(frozen=True)
class Difference:
    """One statement on one panel on which the two differ, with the row of the table."""

    statement: str
    guideline: str
    product: Any
    oracle: Any
    panel: dict[str, Any]

    def __str__(self) -> str:
        said = ", ".join(f"{name}={value}" for name, value in self.panel.items() if value not in (None, ""))
        return f"{self.statement} by {self.guideline}: b12labs {self.product}, oracle {self.oracle}: {said}"


@dataclass
class Outcome:
    """The outcome of a comparison."""

    panels: int = 0
    statements: Counter[str] = field(default_factory=Counter)
    differences: list[Difference] = field(default_factory=list)


def compare(count: int, seed: int = 2026, keys: Sequence[str] | None = None) -> Outcome:
    """Compare on `count` panels, spread over some guidelines, or over all."""
    outcome = Outcome()
    keys = keys or b12labs.guidelines()
    number = 0
    while outcome.panels < count:
        size = min(CHUNK, count - outcome.panels, max(1, -(-count // len(keys))))
        _chunk(outcome, panels.make((seed, number), size, keys[number % len(keys)]), keys[number % len(keys)])
        number += 1
    return outcome


def _chunk(outcome: Outcome, made: panels.Panels, guideline: str) -> None:
    answers = [answer(patient) for patient in made.patients]
    statements = list(dict.fromkeys(code for said in answers for code in said))
    frame = pd.DataFrame(made.columns)
    found = b12labs.interpret_frame(frame, guideline=guideline, findings=True)
    outcome.panels += len(answers)
    _indices(outcome, made, guideline)
    for statement in statements:
        column = found[statement].astype(object)
        product = column.where(column.notna(), None).tolist()
        for row, (theirs, ours) in enumerate(zip(product, answers, strict=True)):
            if statement not in ours:
                continue
            outcome.statements[statement] += 1
            if theirs != ours[statement]:
                panel = {name: values[row] for name, values in made.columns.items()}
                panel["problems"] = found["problems"].iloc[row]
                outcome.differences.append(Difference(statement, guideline, theirs, ours[statement], panel))


def _indices(outcome: Outcome, made: panels.Panels, guideline: str) -> None:
    rows = [row for row, patient in enumerate(made.patients) if index.applies(patient)]
    for row in rows[:ONE_BY_ONE]:
        panel = {name: made.columns[name][row] for name in ("age", *index.MARKERS)}
        found = b12labs.interpret(guideline=guideline, **panel).combined_index
        theirs = (found.low, found.index_class) if found else (None, None)
        value = index.combined_index(made.patients[row])
        same = theirs[0] is not None and abs(theirs[0] - value) <= 1e-4
        for statement, product, oracle, agreed in (
            ("combined_index", theirs[0], value, same),
            ("combined_index_class", theirs[1], index.class_of(value), theirs[1] == index.class_of(value)),
        ):
            outcome.statements[statement] += 1
            if not agreed:
                outcome.differences.append(Difference(statement, guideline, product, oracle, panel))
