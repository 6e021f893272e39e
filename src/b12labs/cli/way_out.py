"""The first lines of a summary if one reason made every result of an analyte unusable: the reason and the remedy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from b12labs.text import Paint, count_of

if TYPE_CHECKING:
    from b12labs.tables.counts.totals import ProblemKind, Totals

__all__ = ["ways_out"]

_NO_UNIT = "missing_unit"
_REASONS = {
    _NO_UNIT: "no unit is given",
    "decimal_comma": "it has a decimal comma",
    "unknown_unit": "its unit is not known",
    "look_alike_unit": "its unit looks like another unit",
    "wrong_kind_of_unit": "its unit belongs to another kind of quantity",
}
#: Problems of cells without a result.
_NOTHING_THERE = ("not_measured",)


def ways_out(totals: Totals, what: str, paint: Paint) -> list[str]:
    """Return two lines for every analyte whose results were all unusable for one reason, or an empty list."""
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
        return "Set it once for the whole file: --decimal ,"
    if kind.code != _NO_UNIT:
        return "Name the unit in a site mapping: b12labs audit FILE --mapping-out site.toml"
    first, *others = usual_units(analytes()[kind.field])
    more = f"  (or {', '.join(others)})" if others else ""
    return f"Set it once for the whole file: --unit {kind.field}={first}{more}"
