"""Both answers side by side: `b12labs.interpret_frame`, by its public columns, and the oracle."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

import b12labs
from validation.oracle import panels
from validation.oracle.statements import answer

__all__ = ["Difference", "Outcome", "compare"]

#: Panels that are interpreted at once.
CHUNK = 2_000


@dataclass(frozen=True)
class Difference:
    """One statement on one panel on which the two differ, with what the table said of the patient."""

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
    """What came of a comparison."""

    panels: int = 0
    statements: Counter[str] = field(default_factory=Counter)
    differences: list[Difference] = field(default_factory=list)


def compare(count: int, seed: int = 2026, keys: Sequence[str] | None = None) -> Outcome:
    """Compare on so many panels, spread over these guidelines, or all."""
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
