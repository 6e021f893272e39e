"""Made-up rows as in a warehouse, and the same rows for `interpret_frame`.

Numbers are near the limits. Some are censored, in either of two units, exactly on a limit, implausible, negative,
infinite, or ordinary in a neighboring unit. Age, sex and context are sometimes missing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from b12labs.inputs.units import accepted_units, factor, usual_units
from b12labs.limits.stratified import Limits, limits_of
from b12labs.logic.expressions import INF
from b12labs.logic.language import Measured, Reported
from b12labs.logic.program import Program
from b12labs.reasoning.compiled import FINDING_RULES, VERDICT_RULES
from b12labs.reference import analytes, context, guideline_keys
from b12labs.site_mapping.header_names import target_of

__all__ = ["MadeUp", "made_up"]

_SIGNS = ("<", "<=", ">", ">=")


@dataclass
class MadeUp:
    """The same rows twice, with the arguments `columns` and `units` of `to_sql` and `interpret_frame`."""

    table: pd.DataFrame
    frame: pd.DataFrame
    columns: dict[str, str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)

    def of_a_usual_laboratory(self) -> MadeUp:
        """Return the same rows with the columns that most tables have."""

        def is_usual(what: str) -> bool:
            return what.removesuffix("_unit").removesuffix("_bound") in USUAL

        columns = {name: what for name, what in self.columns.items() if is_usual(what)}
        frame = self.frame[[name for name in self.frame if is_usual(str(name))]]
        return MadeUp(
            self.table[["id", *columns]],
            frame,
            columns,
            {key: unit for key, unit in self.units.items() if key in USUAL},
        )


USUAL = frozenset({
    "b12", "holotc", "mma", "homocysteine", "folate", "hemoglobin", "hematocrit", "mcv", "wbc", "platelets",
    "creatinine", "age", "sex", "pregnant", "smoking", "metformin", "nitrous_oxide", "paresthesia",
})  # fmt: skip


def made_up(rows: int, seed: int, *, odd: bool = True) -> MadeUp:
    """Return made-up rows. Every second analyte has a column for the unit and one for the bound.

    With `odd`, some cells cannot be used literally.
    """
    pick = np.random.default_rng(seed)
    made = MadeUp(pd.DataFrame({"id": np.arange(rows)}), pd.DataFrame(index=range(rows)))
    missing = pick.beta(0.7, 0.9, rows)
    table: dict[str, Any] = {}
    frame: dict[str, Any] = {}
    for place, key in enumerate(_asked_of("results")):
        there = pick.random(rows) >= missing
        _add_result(made, table, frame, key, there, pick, beside=place % 2 == seed % 2, odd=odd)
    _add_patient(made, table, frame, rows, pick, odd=odd)
    for place, term in enumerate(_asked_of("terms")):
        if pick.random() < 0.6:
            _add_term(made, table, frame, term, pick, rows, as_truth=place % 3 == 0, odd=odd)
    made.table = pd.concat([made.table, pd.DataFrame(table)], axis=1)
    made.frame = pd.DataFrame(frame)
    return made


def _asked_of(what: str) -> list[str]:
    """Return the analytes, or the terms, that any rule asks about."""
    steps = Program([*FINDING_RULES.values(), *VERDICT_RULES.values()]).steps
    if what == "results":
        asked = {step.node.key for step in steps if isinstance(step.node, Measured)}
        return [key for key in analytes() if key in asked]
    named = {step.node.name.removeprefix("group:") for step in steps if isinstance(step.node, Reported)}
    return [term.key for term in context().terms.values() if {term.key, *term.groups} & named]


def _around(key: str) -> list[float]:
    """Return the limits of an analyte under any guideline, in its canonical unit."""
    every: list[Limits] = [limits_of(guideline) for guideline in guideline_keys()]
    found = {
        end
        for limits in every
        for limit in limits.by_name.values()
        if limit.analyte == key
        for pairs in (limit.by_mass, limit.by_substance)
        for pair in pairs
        for end in pair
        if 0 < end < INF
    }
    low, high = analytes()[key].plausible.low, analytes()[key].plausible.high
    return sorted(found) or [max(low, high / 1000), high / 2]


def _two_units(key: str) -> list[str]:
    """Return two units of an analyte of different size, if it has two."""
    units = [*usual_units(analytes()[key]), *accepted_units(analytes()[key])]
    sizes: dict[float, str] = {}
    for unit in units:
        sizes.setdefault(factor(key, unit), unit)
    return list(sizes.values())[:2]


def _add_result(
    made: MadeUp,
    table: dict[str, Any],
    frame: dict[str, Any],
    key: str,
    there: np.ndarray[Any, Any],
    pick: np.random.Generator,
    *,
    beside: bool,
    odd: bool,
) -> None:
    rows, units, around = len(there), _two_units(key), _around(key)
    if not beside:
        units = units[:1]
    unit = np.array(units, dtype=object)[pick.integers(len(units), size=rows)]
    scale = np.array([factor(key, each) for each in unit])
    canonical = pick.choice(around, rows) * np.exp(pick.normal(0, 0.4, rows))
    on_limit = pick.random(rows) < 0.05
    canonical = np.where(on_limit, pick.choice(around, rows), canonical)
    plausible = analytes()[key].plausible
    numbers = np.clip(canonical, plausible.low, plausible.high) / scale
    # Three digits, as printed, give few distinct cells, as in a laboratory's table.
    numbers = np.array([float(f"{number:.3g}") for number in numbers])
    if odd:
        for share, times in ((0.004, 1000.0), (0.004, 0.1), (0.002, 1e-3), (0.002, -1.0)):
            numbers = np.where(pick.random(rows) < share, numbers * times, numbers)
        numbers = np.array([float(f"{number:.3g}") for number in numbers])
        numbers = np.where(pick.random(rows) < 0.002, 0.0, numbers)
    value = np.where(there, numbers, np.nan)
    made.columns[f"{key}_result"] = key
    if not beside:
        if odd:
            value = np.where(there & (pick.random(rows) < 0.002), np.inf, value)
        made.units[key] = units[0]
        table[f"{key}_result"] = frame[key] = value
        return
    sign = np.array(_SIGNS, dtype=object)[pick.integers(4, size=rows)]
    sign[(pick.random(rows) >= 0.1) | (numbers < 0)] = None
    if odd:
        unit[pick.random(rows) < 0.003] = "furlongs"
        unit[pick.random(rows) < 0.003] = None
    made.columns |= {f"{key}_u": f"{key}_unit", f"{key}_op": f"{key}_bound"}
    table |= {f"{key}_result": value, f"{key}_u": unit, f"{key}_op": sign}
    texts = [
        None if not is_there else f"{mark or ''}{number!r}"
        for is_there, number, mark in zip(there.tolist(), numbers.tolist(), sign.tolist(), strict=True)
    ]
    frame |= {key: pd.Series(texts, dtype="str"), f"{key}_unit": pd.Series(unit, dtype="str")}


def _add_patient(
    made: MadeUp, table: dict[str, Any], frame: dict[str, Any], rows: int, pick: np.random.Generator, *, odd: bool
) -> None:
    def cells(*choices: Any, p: list[float]) -> pd.Series[Any]:
        return pd.Series(np.array(choices, dtype=object)[pick.choice(len(choices), size=rows, p=p)])

    age = np.where(pick.random(rows) < 0.2, pick.integers(0, 60, rows) / 12, pick.integers(0, 100, rows))
    age = np.round(np.where(pick.random(rows) < 0.1, np.nan, age), 3)
    if odd:
        age = np.where(pick.random(rows) < 0.005, 200.0, age)
    wrong = "x" if odd else None
    given: dict[str, Any] = {
        "age": age,
        "sex": cells("F", "M", "female", "unknown", wrong, None, p=[0.4, 0.37, 0.1, 0.05, 0.01, 0.07]),
        "pregnant": cells("yes", "no", "unknown", wrong, None, p=[0.06, 0.3, 0.03, 0.01, 0.6]),
        "trimester": cells("1", "2", "third", wrong, None, p=[0.03, 0.03, 0.03, 0.01, 0.9]),
        "gestational_weeks": pd.to_numeric(cells(0, 8, 20, 33, 60 if odd else 40, None, p=[0.02] * 5 + [0.9])),
        "elevation": pd.to_numeric(
            cells(0, 1500, 3200, 9000 if odd else 20, -20, None, p=[0.2] * 3 + [0.01] * 2 + [0.38])
        ),
    }
    for name, values in given.items():
        table[f"the_{name}"] = frame[name] = values
        made.columns[f"the_{name}"] = name


def _add_term(
    made: MadeUp,
    table: dict[str, Any],
    frame: dict[str, Any],
    term: str,
    pick: np.random.Generator,
    rows: int,
    *,
    as_truth: bool,
    odd: bool,
) -> None:
    share = pick.choice([0.01, 0.05])
    if as_truth:
        values = pd.Series(
            np.array([True, False, None], dtype=object)[pick.choice(3, size=rows, p=[share, 0.4, 0.6 - share])]
        )
        values = values.astype("boolean")
    else:
        words = ["yes", "no", "unknown", "maybe" if odd and target_of(term) == ("terms", term) else "no", None]
        drawn = pick.choice(5, size=rows, p=[share, 0.4, 0.02, 0.004, 0.576 - share])
        values = pd.Series(np.array(words, dtype=object)[drawn]).astype("str")
    table[f"has_{term}"] = values
    made.columns[f"has_{term}"] = term
    if target_of(term) == ("terms", term):
        frame[term] = values
    else:  # its name is that of a result too, so that a table needs it in words
        frame[context().terms[term].field] = values.astype("str").map({"yes": term, "True": term})
