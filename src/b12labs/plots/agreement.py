"""Plots of whole tables: the draws on which guidelines agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Unpack

import numpy as np
import numpy.typing as npt

from b12labs.answer.words import STATUS_LABELS
from b12labs.display.palette import Theme
from b12labs.errors import B12LabsError, did_you_mean
from b12labs.plots.drawing import Chart, altair, finish, plain_text, theme_of
from b12labs.plots.reading import read_table
from b12labs.reference import guideline_keys
from b12labs.tables.options import ReadingOptions, takes
from b12labs.text import count_of

__all__ = ["guideline_agreement"]

#: The most combinations of guidelines that are drawn; the caption counts the rest.
_COMBINATIONS = 16
_LETTER = 6.2


@dataclass(frozen=True)
class _Agreement:
    """The number of draws that are deficient by each combination of guidelines, the most frequent first."""

    names: list[str]
    #: For every drawn combination and guideline, whether the guideline belongs to it.
    combinations: npt.NDArray[np.bool_]
    counts: npt.NDArray[np.int64]
    #: The number of draws of each combination that is not drawn.
    rest: npt.NDArray[np.int64]
    #: The number of deficient draws by each guideline, and the number by none.
    sizes: npt.NDArray[np.int64]
    none: int
    rows: int

    @cached_property
    def by_size(self) -> list[str]:
        return [self.names[place] for place in np.argsort(-self.sizes, kind="stable").tolist()]

    @cached_property
    def width(self) -> float:
        most = int(self.counts.max(initial=1))
        step = max(34, _LETTER * len(f"{most:,}") + 8)  # so that the numbers over neighboring bars do not touch
        return max(step * len(self.counts), 200)

    @property
    def height(self) -> int:
        return 22 * len(self.names)


@takes(ReadingOptions)
def guideline_agreement(
    table: Any,
    *,
    guidelines: Sequence[str] = (),
    statuses: Sequence[str] = ("deficient", "functional_deficiency"),
    source: str = "",
    dark: bool = False,
    **reading: Unpack[ReadingOptions],
) -> Chart:
    """Draw the number of draws that are deficient by exactly one combination of guidelines.

    The chart has a column for every combination, the most frequent first.

    Parameters
    ----------
    table, units, columns, decimal, source, dark
        As for `b12_against_mma`.
    guidelines
        The keys of the guidelines to compare; by default all.
    statuses
        The statuses to count.

    Returns an altair chart. Raises `ColumnError`, `GuidelineError`, `B12LabsError` for an unknown status, and
    `MissingExtraError` if altair is not installed.

    """
    for status in statuses:
        if status not in STATUS_LABELS:
            known = f"; known: {', '.join(STATUS_LABELS)}"
            raise B12LabsError(
                f"statuses: {status!r} is not a status{did_you_mean(status, STATUS_LABELS) or known}",
                code="unknown_status",
                field="statuses",
            )
    alt = altair()
    keys = tuple(dict.fromkeys(map(str, guidelines))) or guideline_keys()
    theme = theme_of(dark=dark)
    found = _agreement(keys, memberships(table, keys, statuses, **reading))
    body = alt.vconcat(
        _bars(found, theme),
        alt.hconcat(_dots(found, theme), _totals(found, theme), spacing=10),
        spacing=6,
    )
    counted = " or ".join(STATUS_LABELS[status].lower() for status in dict.fromkeys(statuses))
    rarer = (
        f" Not drawn: {count_of(len(found.rest), 'rarer combination')}, of {count_of(int(found.rest.sum()), 'draw')}."
    )
    caption = [
        f"Counted: {counted}. {count_of(found.rows, 'draw')}; by none of these guidelines: {found.none:,}.",
        "Each column: the draws that exactly the guidelines with a full dot count." + rarer * bool(len(found.rest)),
        "At the right: the draws counted by each guideline. Limits: each guideline's own, see its file.",
    ]
    return finish(
        body,
        title="Whom do the guidelines agree about?",
        lines=caption,
        source=source,
        dark=dark,
        wide=max(70, int(found.width) // 6 + 30),
    )


def _agreement(keys: Sequence[str], counted: npt.NDArray[np.bool_]) -> _Agreement:
    combinations, counts = np.unique(counted, axis=0, return_counts=True)
    some = combinations.any(axis=1)
    none = int(counts[~some].sum())
    combinations, counts = combinations[some], counts[some]
    order = np.argsort(-counts, kind="stable")
    drawn = order[:_COMBINATIONS]
    return _Agreement(
        names=[plain_text(key) for key in keys],
        combinations=combinations[drawn],
        counts=counts[drawn],
        rest=counts[order[_COMBINATIONS:]],
        sizes=counted.sum(axis=0),
        none=none,
        rows=len(counted),
    )


def _column(found: _Agreement) -> Any:
    alt = altair()
    return alt.X("column:O", axis=None, scale=alt.Scale(domain=list(range(len(found.counts)))))


def _bars(found: _Agreement, theme: Theme) -> Any:
    """Draw the number of draws of each combination as bars."""
    alt = altair()
    import pandas

    bars = pandas.DataFrame({"column": range(len(found.counts)), "draws": found.counts})
    most = int(found.counts.max(initial=1))
    up = alt.Y(
        "draws:Q",
        title="Draws",
        axis=alt.Axis(tickCount=min(4, most)),
        scale=alt.Scale(domain=[0, most * 1.15], nice=False),
    )
    top = alt.Chart(bars).mark_bar(color=theme.text, width=20).encode(x=_column(found), y=up)
    numbers = (
        alt.Chart(bars)
        .mark_text(dy=-8, fontSize=11, color=theme.text)
        .encode(x=_column(found), y=up, text=alt.Text("draws:Q", format=","))
    )
    return alt.layer(top, numbers).properties(width=found.width, height=170)


def _dots(found: _Agreement, theme: Theme) -> Any:
    """Draw the guidelines of each combination as dots."""
    alt = altair()
    import pandas

    cells = pandas.DataFrame(
        [
            {"column": column, "guideline": name, "in": bool(found.combinations[column][place])}
            for column in range(len(found.counts))
            for place, name in enumerate(found.names)
        ],
        columns=["column", "guideline", "in"],
    ).astype({"in": bool})
    # A line joins the dots of a column, from its first to its last guideline on the axis.
    place = found.by_size.index
    inside = cells[cells["in"]].assign(place=lambda cell: cell["guideline"].map(place)).sort_values("place")
    spans = inside.groupby("column", as_index=False).agg(first=("guideline", "first"), last=("guideline", "last"))
    x = _column(found)
    y = alt.Y(
        "guideline:N",
        sort=found.by_size,
        title=None,
        axis=alt.Axis(labelLimit=200, ticks=False, domain=False, grid=True),
    )
    joined = (
        alt.Chart(spans)
        .mark_rule(strokeWidth=3, color=theme.text)
        .encode(x=x, y=alt.Y("first:N", sort=found.by_size, scale=alt.Scale(domain=found.by_size)), y2="last:N")
    )
    empty = (
        alt.Chart(cells[~cells["in"]])
        .mark_point(filled=True, size=40, color=theme.background, stroke=theme.muted, opacity=1, strokeWidth=1)
        .encode(x=x, y=y)
    )
    full = alt.Chart(inside).mark_point(filled=True, size=130, color=theme.text, opacity=1).encode(x=x, y=y)
    return alt.layer(joined, empty, full).properties(width=found.width, height=found.height).resolve_scale(y="shared")


def _totals(found: _Agreement, theme: Theme) -> Any:
    """Draw the number of draws counted by each guideline as bars."""
    alt = altair()
    import pandas

    sizes = found.sizes
    most = int(sizes.max(initial=1))
    totals = pandas.DataFrame(
        {"guideline": found.names, "draws": sizes, "said": [f"{size:,}" for size in sizes.tolist()]}
    )
    y = alt.Y("guideline:N", sort=found.by_size, axis=None)
    across = alt.X(
        "draws:Q",
        title="Draws in all",
        axis=alt.Axis(tickCount=min(2, most), format="~s"),
        scale=alt.Scale(domain=[0, most * 1.5]),
    )
    return alt.layer(
        alt.Chart(totals).mark_bar(color=theme.muted, height=13).encode(x=across, y=y),
        alt.Chart(totals)
        .mark_text(align="left", dx=4, fontSize=11, color=theme.text)
        .encode(x=across, y=y, text="said:N"),
    ).properties(width=110, height=found.height)


def memberships(
    table: Any,
    keys: Sequence[str],
    statuses: Sequence[str],
    **reading: Unpack[ReadingOptions],
) -> npt.NDArray[np.bool_]:
    """Return for every row and guideline whether its status is one of `statuses`."""
    found = [
        np.isin(
            read_table(table, key, **reading).words("status"),
            list(statuses),
        )
        for key in keys
    ]
    return np.stack(found, axis=1)
