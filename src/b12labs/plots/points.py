"""Draws as points of a plane, with an arrow if the result is censored; many draws are drawn as counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from b12labs.answer.words import STATUS_LABELS
from b12labs.plots.drawing import Chart, altair, status_scales, theme_of
from b12labs.plots.regions import Axis

__all__ = ["MOST_POINTS", "Points", "censored_places", "points_layers", "points_of"]

Floats = npt.NDArray[np.float64]
#: More points than this are counted in cells and drawn as one circle per cell. With their arrows, there are fewer than
#: 5,000 marks.
MOST_POINTS = 1_500
_CELLS = 24
#: The length of an arrow, as a part of the axis.
_ARROW = 0.035
_EXACT, _BELOW, _ABOVE, _RANGE = range(4)


def censored_places(low: Floats, high: Floats) -> Floats:
    """Return the places of results: at their value, at the known end, or in the middle of both ends."""
    middle = np.sqrt(np.maximum(low, 0) * np.where(np.isinf(high), 1, high))
    places: Floats = np.where(
        low == high, low, np.where(np.isinf(high), np.where(low > 0, low, np.nan), np.where(low <= 0, high, middle))
    )
    return places


def _kinds(low: Floats, high: Floats) -> npt.NDArray[np.int64]:
    return np.select([low == high, np.isinf(high), low <= 0], [_EXACT, _ABOVE, _BELOW], _RANGE)


@dataclass(frozen=True)
class Points:
    """The marks of a table's rows, as a pandas DataFrame; `not_drawn` counts the rows that lack a result."""

    marks: Any
    counted: bool
    drawn: int
    not_drawn: int
    censored: int


def points_of(
    x: tuple[Floats, Floats], y: tuple[Floats, Floats], status: npt.NDArray[Any], *, log: tuple[bool, bool]
) -> Points:
    """Return the points of rows with two results: single points, or counts of cells if more than `MOST_POINTS`."""
    import pandas

    at_x, at_y = censored_places(*x), censored_places(*y)
    rows = np.flatnonzero(~np.isnan(at_x) & ~np.isnan(at_y))
    marks = pandas.DataFrame(
        {
            "x": at_x[rows],
            "y": at_y[rows],
            "status": [STATUS_LABELS[word] for word in status[rows]],
            "kind_x": _kinds(*x)[rows],
            "kind_y": _kinds(*y)[rows],
            "x_low": x[0][rows],
            "x_high": x[1][rows],
            "y_low": y[0][rows],
            "y_high": y[1][rows],
            "draws": 1,
        }
    )
    drawn, censored = len(rows), int(((marks.kind_x > 0) | (marks.kind_y > 0)).sum())
    counted = drawn > MOST_POINTS
    cells = _CELLS
    exact = marks
    while len(marks) > MOST_POINTS:
        marks = _counted(exact, cells, log)
        cells //= 2
    return Points(marks, counted, drawn, len(status) - drawn, censored)


def _counted(marks: Any, cells: int, log: tuple[bool, bool]) -> Any:
    """Return one mark for every combination of cell, status and arrow that occurs, at the mean of its draws."""
    scaled = marks.assign(
        x=np.log(marks.x) if log[0] else marks.x,
        y=np.log(marks.y) if log[1] else marks.y,
        kind_x=marks.kind_x.where(marks.kind_x != _RANGE, _EXACT),
        kind_y=marks.kind_y.where(marks.kind_y != _RANGE, _EXACT),
    )
    for name in ("x", "y"):
        low, high = scaled[name].min(), scaled[name].max()
        scaled[f"cell_{name}"] = np.minimum((scaled[name] - low) / ((high - low) or 1) * cells, cells - 1).astype(int)
    grouped = scaled.groupby(["cell_x", "cell_y", "status", "kind_x", "kind_y"], observed=True)
    found = grouped.agg(x=("x", "mean"), y=("y", "mean"), draws=("draws", "sum")).reset_index()
    for name, is_log in zip(("x", "y"), log, strict=True):
        found[name] = np.exp(found[name]) if is_log else found[name]
        found[f"{name}_low"] = found[f"{name}_high"] = found[name]
    return found.sort_values("draws", ascending=False, ignore_index=True)


def points_layers(points: Points, x: Axis, y: Axis, encode_x: Any, encode_y: Any, *, dark: bool) -> list[Chart]:
    """Return the layers of the points: lines and heads of arrows, then the marks with their legend."""
    alt = altair()
    theme = theme_of(dark=dark)
    layers = []
    segments, heads = _arrows(points.marks, x, y)
    if len(segments):
        base = alt.Chart(segments).mark_rule(color=theme.text, strokeWidth=1.4)
        layers.append(base.encode(x=encode_x("x"), y=encode_y("y"), x2="x2", y2="y2"))
    for direction, at in heads.groupby("direction") if len(heads) else ():
        mark = alt.Chart(at).mark_point(
            shape=f"triangle-{direction}", size=34, filled=True, color=theme.text, opacity=1
        )
        layers.append(mark.encode(x=encode_x("x"), y=encode_y("y")))
    shown = points.marks[["x", "y", "status", "draws"]]
    mark = alt.Chart(shown).mark_point(
        filled=True, opacity=0.85 if points.counted else 0.95, stroke=theme.text, strokeWidth=0.7, size=62
    )
    size = {}
    if points.counted:
        # The caption gives the number of draws of the largest mark.
        size["size"] = alt.Size(
            "draws:Q", scale=alt.Scale(domain=[0, int(shown["draws"].max())], range=[12, 260]), legend=None
        )
    tooltip = [
        alt.Tooltip("status:N", title="Interpretation"),
        alt.Tooltip("x:Q", title=x.key, format=".4~g"),
        alt.Tooltip("y:Q", title=y.key, format=".4~g"),
    ]
    if points.counted:
        tooltip.append(alt.Tooltip("draws:Q", title="Draws"))
    layers.append(
        mark.encode(
            x=encode_x("x"), y=encode_y("y"), tooltip=tooltip, **status_scales(shown["status"].map(_KEYS)), **size
        )
    )
    return layers


_KEYS = {label: key for key, label in STATUS_LABELS.items()}


def _arrows(marks: Any, x: Axis, y: Axis) -> tuple[Any, Any]:
    """Return the lines over the possible values of censored results, and the heads of lines without an end."""
    import pandas

    segments, heads = [], []
    for name, axis, ways in (("x", x, ("left", "right")), ("y", y, ("down", "up"))):
        other = "y" if name == "x" else "x"
        for kind, step, way in ((_BELOW, -_ARROW, ways[0]), (_ABOVE, _ARROW, ways[1])):
            found = marks[marks[f"kind_{name}"] == kind]
            end = axis.value(axis.place(found[name].to_numpy()) + step)
            segments.append(
                pandas.DataFrame({name: found[name], other: found[other], f"{name}2": end, f"{other}2": found[other]})
            )
            heads.append(pandas.DataFrame({name: end, other: found[other], "direction": way}))
        found = marks[marks[f"kind_{name}"] == _RANGE]
        segments.append(
            pandas.DataFrame(
                {
                    name: found[f"{name}_low"],
                    other: found[other],
                    f"{name}2": found[f"{name}_high"],
                    f"{other}2": found[other],
                }
            )
        )
    return pandas.concat(segments, ignore_index=True), pandas.concat(heads, ignore_index=True)
