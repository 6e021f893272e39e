"""Plot of one patient's results over time, each analyte on its own scale with the limits of that time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Unpack

import numpy as np

from b12labs.answer.words import STATUS_LABELS
from b12labs.errors import ColumnError
from b12labs.limits.default import DEFAULT_GUIDELINE
from b12labs.logic.scalars import ANYTHING
from b12labs.plots.drawing import (
    Chart,
    altair,
    finish,
    guideline_title,
    limits_source,
    plain_text,
    status_scales,
    theme_of,
)
from b12labs.plots.points import censored_places
from b12labs.plots.reading import ReadTable, column_of, read_table
from b12labs.plots.regions import Axis
from b12labs.reference import analytes
from b12labs.reference.unit_labels import unit_label
from b12labs.tables.cells import AnalyteData
from b12labs.tables.options import ReadingOptions, takes

__all__ = ["one_patient_over_time"]

_WIDTH, _HEIGHT = 600, 92
#: The analytes to draw if they were measured, from the top, with their limits and the name of the side beyond each.
_SHOWN: dict[str, dict[str, str]] = {
    "b12": {"b12_deficient": "low below", "b12_adequate": "adequate above"},
    "holotc": {"holotc_deficient": "low below", "holotc_adequate": "adequate above"},
    "mma": {"mma_raised": "raised above"},
    "homocysteine": {"homocysteine_raised": "raised above"},
    "hemoglobin": {"hemoglobin_low": "anemia below"},
    "mcv": {"mcv_high": "macrocytosis above"},
}
_LOG = ("b12", "holotc", "mma", "homocysteine")
_MOST = 500


@takes(ReadingOptions)
def one_patient_over_time(
    table: Any,
    *,
    time: str,
    name: str = "",
    guideline: str = DEFAULT_GUIDELINE,
    source: str = "",
    dark: bool = False,
    **reading: Unpack[ReadingOptions],
) -> Chart:
    """Draw one patient's B12, holoTC, MMA, homocysteine, hemoglobin and MCV over time, and the status at every draw.

    Parameters
    ----------
    table, units, columns, decimal
        As for `interpret_frame`: one row per draw, all of one patient.
    time
        The column of the times of draws, as dates or as ISO 8601 text.
    name
        The patient's name for the title.
    guideline
        The key of the guideline for the interpretation and for the limits.
    source
        The source of the data, for the caption.
    dark
        Light on dark.

    Values are in canonical units. The limits are those for the patient's age, sex and pregnancy at the draw. If the
    guideline leaves a limit to the laboratory, the laboratory's own is drawn. A censored result has an arrow. Returns
    an altair chart. Raises `ColumnError` (also for a time that cannot be read, and for more than 500 draws),
    `GuidelineError`, and `MissingExtraError` if altair is not installed.

    """
    alt = altair()
    read = read_table(table, guideline, **reading)
    if read.rows > _MOST:
        raise ColumnError(
            f"table: expected the draws of one patient, at most {_MOST} rows, got {read.rows:,}",
            code="too_many_rows",
        )
    times = _times(column_of(table, time, "time"), time)
    drawn = [key for key in _SHOWN if np.isfinite(censored_places(*read.interval(key))).any()]
    if not drawn:
        raise ColumnError(f"table: expected a result with a number of {', '.join(_SHOWN)}, got none", code="no_results")
    first, last = min(times), max(times)
    pad = (last - first) * 0.04 if last > first else _day() * 10
    span = first - pad, last + pad
    limits = {
        key: {name: _limit(read, key, name, says, times, span) for name, says in _SHOWN[key].items()} for key in drawn
    }
    panels = [
        _statuses(read, times, span, dark=dark),
        *(_panel(read, key, limits[key], times, span, dark=dark, last=key == drawn[-1]) for key in drawn),
    ]
    strata = sorted(set(read.strata().tolist()))
    names = [limit for key in drawn for limit in _SHOWN[key]]
    lines = [
        f"Status and limits: {guideline_title(read.limits)}, for the age, sex and pregnancy at each draw.",
        f"Limits: {limits_source(read.limits, drawn, strata, names=names)}. Arrows: censored results.",
        "A limit that depends on unknown facts about the patient is not drawn."
        if any(len(steps) < read.rows + 2 for of_one in limits.values() for steps in of_one.values())
        else "",
    ]
    title = f"{plain_text(name)}: B12 over time" if name else "One patient's B12 over time"
    # Each panel has its own legend, so that the names of the statuses are under its marks.
    body = alt.vconcat(*panels, spacing=14, resolve={"scale": {"color": "independent", "shape": "independent"}})
    return finish(body, title=title, lines=lines, source=source, dark=dark)


def _day() -> Any:
    import pandas

    return pandas.Timedelta(days=1)


def _times(cells: Sequence[Any], column: str) -> list[Any]:
    """Return the times. Raises `ColumnError` with the row of a time that cannot be read."""
    import pandas

    read = []
    for row, cell in enumerate(cells):
        moment: Any = pandas.to_datetime(
            str(cell), format="ISO8601", errors="coerce"
        )  # the order of day and month is not guessed
        if pandas.isna(moment):
            raise ColumnError(
                f"{column}, row {row + 1}: expected a date, such as 2026-03-31",
                code="unreadable_time",
                field="time",
            )
        read.append(moment.tz_localize(None) if moment.tzinfo is not None else moment)
    return read


def _along(span: tuple[Any, Any], *, shown: bool) -> Any:
    alt = altair()
    domain = [
        alt.DateTime(year=end.year, month=end.month, date=end.day, hours=end.hour, minutes=end.minute) for end in span
    ]
    days = (span[1] - span[0]).days
    # No two ticks may have the same label.
    count, words = (7, "%b %Y") if days > 120 else (7, "%d %b %Y") if days > 7 else (4, "%d %b %Y %H:%M")
    axis = alt.Axis(grid=True, tickCount=count, labels=shown, ticks=shown, title=None, format=words)
    return alt.X("time:T", scale=alt.Scale(domain=domain), axis=axis)


def _statuses(read: ReadTable, times: list[Any], span: tuple[Any, Any], *, dark: bool) -> Chart:
    import pandas

    alt = altair()
    words = read.words("status")
    rows = pandas.DataFrame({"time": times, "status": [STATUS_LABELS[word] for word in words]})
    mark = alt.Chart(rows).mark_point(
        filled=True, size=150, opacity=1, stroke=theme_of(dark=dark).text, strokeWidth=0.8
    )
    tooltip = [alt.Tooltip("time:T", title="Draw"), alt.Tooltip("status:N", title="Status")]
    title = alt.Title("Status", anchor="start", frame="group", fontSize=12, color=theme_of(dark=dark).text, offset=4)
    scales = status_scales(words, title="Status at each draw")
    return mark.encode(x=_along(span, shown=False), y=alt.value(16), tooltip=tooltip, **scales).properties(
        width=_WIDTH, height=32, title=title
    )


def _panel(
    read: ReadTable,
    key: str,
    of_one: dict[str, Any],
    times: list[Any],
    span: tuple[Any, Any],
    *,
    dark: bool,
    last: bool,
) -> Chart:
    import pandas

    alt = altair()
    theme = theme_of(dark=dark)
    low, high = read.interval(key)
    places = censored_places(low, high)
    rows = pandas.DataFrame({"time": times, "value": places, "low": low, "high": high})[~np.isnan(places)].sort_values(
        "time"
    )
    limits = pandas.concat(list(of_one.values()))
    log = key in _LOG
    ends = np.concatenate([rows["value"], limits["value"]])
    domain = (
        [float(ends.min() / 2), float(ends.max() * 2)] if log else [float(ends.min() * 0.93), float(ends.max() * 1.07)]
    )
    scale = alt.Scale(type="log" if log else "linear", domain=domain, nice=False, clamp=True)
    shown = {"values": Axis(key, domain[0], domain[1], log=True).ticks()} if log else {"tickCount": 4}
    axis = alt.Axis(format=".4~r", titleFontSize=11, minExtent=46, **shown)
    up, from_low = (
        alt.Y(f"{field}:Q", title=unit_label(analytes()[key].unit), scale=scale, axis=axis)
        for field in ("value", "low")
    )
    along = _along(span, shown=last)
    layers = [
        alt.Chart(limits)
        .mark_line(interpolate="step-after", strokeDash=[5, 3], color=theme.muted, strokeWidth=1.4)
        .encode(x=along, y=up, detail="name:N"),
        alt.Chart(rows).mark_line(color=theme.text, strokeWidth=1.6, opacity=0.6).encode(x=along, y=up),
        alt.Chart(rows[rows["low"] == rows["high"]])
        .mark_point(filled=True, size=60, color=theme.text, opacity=1)
        .encode(x=along, y=up),
    ]
    # Two limits may be close: the label of the lower is under it, that of the higher over it.
    ends_of_limits = limits.groupby("name").last().sort_values("value")
    sides = ["top", "bottom"] if len(ends_of_limits) == 2 else ["middle"] * len(ends_of_limits)
    for side, place in zip(sides, range(len(ends_of_limits)), strict=True):
        words = alt.Chart(ends_of_limits.iloc[[place]]).mark_text(
            align="left", baseline=side, dx=6, fontSize=10.5, color=theme.text
        )
        layers.append(words.encode(x=alt.value(_WIDTH), y=up, text="says:N"))
    for direction, found in (("down", rows[(rows["low"] <= 0)]), ("up", rows[np.isinf(rows["high"])])):
        dy = 13 if direction == "down" else -13
        at = alt.Chart(found)
        layers.append(
            at.mark_text(text="↓" if dy > 0 else "↑", fontSize=19, dy=dy, color=theme.text, fontWeight="bold").encode(
                x=along, y=up
            )
        )
        layers.append(at.mark_point(filled=False, size=60, color=theme.text, opacity=1).encode(x=along, y=up))
    between = rows[(rows["low"] > 0) & (rows["low"] < rows["high"]) & np.isfinite(rows["high"])]
    layers.append(alt.Chart(between).mark_rule(color=theme.text, strokeWidth=3).encode(x=along, y=from_low, y2="high"))
    title = alt.Title(analytes()[key].name, anchor="start", frame="group", fontSize=12, color=theme.text, offset=4)
    return alt.layer(*layers, width=_WIDTH, height=_HEIGHT, title=title)


def _limit(read: ReadTable, key: str, name: str, says: str, times: list[Any], span: tuple[Any, Any]) -> Any:
    """Return a limit as steps from draw to draw.

    Draws are left out if the limit does not apply, or depends on unknown facts about the patient.
    """
    import pandas

    data = read.cohort.results.get(key)
    substance = np.broadcast_to(False if data is None else data.is_substance(), (read.rows,))
    limit = read.limits[name]
    own = None
    if limit.laboratory_decides and isinstance(data, AnalyteData):
        of_cells = data.own_end(limit.laboratory_end)
        own = None if of_cells is None else of_cells[data.codes]
    steps: list[dict[str, Any]] = []
    for row in sorted(range(read.rows), key=times.__getitem__):
        ends, whose = limit.at(int(read.strata()[row]), substance=bool(substance[row])), ""
        if own is not None and not np.isnan(own[row]):  # as in the rules, the laboratory's own interval comes first
            ends, whose = (float(own[row]),) * 2, " (laboratory)"
        known = ends != ANYTHING and ends[0] == ends[1]
        steps.append(
            {
                "time": times[row],
                "value": ends[0] if known else np.nan,
                "name": name,
                "says": f"{says} {ends[0]:.4g}{whose}" if known else "",
            }
        )
    steps = [{**steps[0], "time": span[0]}, *steps, {**steps[-1], "time": span[1]}]
    return pandas.DataFrame(steps).dropna(subset="value")
