"""What is said first where no result of an analyte could be used for one reason: that, and the option that mends it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from b12labs.text import Paint, count_of

if TYPE_CHECKING:
    from b12labs.tables.counts.totals import ProblemKind, Totals

__all__ = ["ways_out"]

_NO_UNIT = "missing_unit"
_REASONS = {
    _NO_UNIT: "no unit is said",
    "decimal_comma": "it has a decimal comma",
    "unknown_unit": "its unit is not known",
    "look_alike_unit": "its unit looks like another",
    "wrong_kind_of_unit": "its unit is one of something else",
}
#: Problems that say only that there is nothing to read.
_NOTHING_THERE = ("not_measured",)


def ways_out(totals: Totals, what: str, paint: Paint) -> list[str]:
    """Return the lines for every analyte of which nothing could be used for one reason; none where there is none."""
    kinds: dict[str, list[ProblemKind]] = {}
    for kind in totals.problems:
        if kind.code not in _NOTHING_THERE:
            kinds.setdefault(kind.field, []).append(kind)
    lines: list[str] = []
    for field, found in kinds.items():
        if len(found) == 1 and found[0].code in _REASONS and field not in totals.usable:
            lines += _lines(found[0], what, paint)
    return [*lines, ""] if lines else []


def _lines(kind: ProblemKind, what: str, paint: Paint) -> list[str]:
    from b12labs.reference import analytes

    if kind.field not in analytes():
        return []
    rows = count_of(kind.rows, what)
    said = f"No result of {analytes()[kind.field].label} could be used: in {rows} {_REASONS[kind.code]}."
    return [paint(said, "problem"), f"  {_option(kind)}"]


def _option(kind: ProblemKind) -> str:
    from b12labs.inputs.units import usual_units
    from b12labs.reference import analytes

    if kind.code == "decimal_comma":
        return "Say it once for the whole file: --decimal ,"
    if kind.code != _NO_UNIT:
        return "Say it in a site mapping: b12labs audit FILE --mapping-out site.toml"
    first, *others = usual_units(analytes()[kind.field])
    more = f"  (or {', '.join(others)})" if others else ""
    return f"Say it once for the whole file: --unit {kind.field}={first}{more}"
