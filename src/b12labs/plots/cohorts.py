"""Plots of whole tables: status by age and sex."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Unpack

import numpy as np

from b12labs.answer.words import STATUS_LABELS
from b12labs.display.palette import STATUS_COLORS
from b12labs.limits.default import DEFAULT_GUIDELINE
from b12labs.limits.strata import SEXES
from b12labs.plots.drawing import Chart, altair, finish, guideline_title, theme_of
from b12labs.plots.reading import ReadTable, read_table
from b12labs.tables.options import ReadingOptions, takes
from b12labs.text import count_of

__all__ = ["status_by_age_and_sex"]

_SEX_WORDS = {"female": "Female", "male": "Male", None: "Sex not stated"}
_DECADES = (18, 30, 40, 50, 60, 70, 80)
_UNKNOWN_AGE = "Age not known"
#: The length of a bar of 100 %, and the width of a letter beside it. The axis continues beyond 100 %, to leave space
#: for the words beside the longest bar.
_WHOLE, _LETTER = 80, 6.2


@takes(ReadingOptions)
def status_by_age_and_sex(
    table: Any,
    *,
    guideline: str = DEFAULT_GUIDELINE,
    source: str = "",
    dark: bool = False,
    **reading: Unpack[ReadingOptions],
) -> Chart:
    """Draw the share of draws (%) with each status, by age (years) and sex.

    The parameters are those of `b12_against_mma`, without those of its regions. Every bar has its share and count
    beside it. The shares of an age and sex add up to 100 %. Returns an altair chart. Raises `ColumnError`,
    `GuidelineError`, and `MissingExtraError` if altair is not installed.
    """
    alt = altair()
    import pandas

    read = read_table(table, guideline, **reading)
    theme = theme_of(dark=dark)
    ages, order = _age_bands(read)
    sexes = [_SEX_WORDS[SEXES[place]] for place in np.broadcast_to(np.asarray(read.cohort.sex), (read.rows,)).tolist()]
    rows = pandas.DataFrame(
        {"age": ages, "sex": sexes, "status": [STATUS_LABELS[word] for word in read.words("status")]}
    )
    counts = rows.groupby(["sex", "age", "status"]).size().rename("draws").reset_index()
    whole = rows.groupby(["sex", "age"]).size().rename("whole").reset_index()
    counts = counts.merge(whole, on=["sex", "age"])
    counts["percent"] = 100 * counts["draws"] / counts["whole"]
    counts["said"] = [_share(percent, draws) for percent, draws in zip(counts["percent"], counts["draws"], strict=True)]
    counts["band"] = counts["age"]
    statuses = [label for label in STATUS_LABELS.values() if label in set(counts["status"])]
    called = {(sex, age): f"{age}  (n = {total:,})" for sex, age, total in whole.itertuples(index=False)}
    colors = {STATUS_LABELS[key]: color for key, color in STATUS_COLORS.items()}
    panels: list[Chart] = []
    wide = max(138, _WHOLE + _LETTER * int(counts["said"].str.len().max()) + 8)
    for sex in (word for word in _SEX_WORDS.values() if word in set(sexes)):
        here = [age for age in order if (sex, age) in called]
        line = []
        for status in statuses:
            found = counts[(counts["sex"] == sex) & (counts["status"] == status)].set_index("age").reindex(here)
            found = found.assign(
                percent=found["percent"].fillna(0),
                said=found["said"].fillna("0"),
                called=[called[sex, age] for age in here],
            )
            first, top = status == statuses[0], not panels
            line.append(
                _bars(
                    found, status, colors[status], theme, wide=wide, first=first, title=f"{sex}, age in years", top=top
                )
            )
        panels.append(alt.hconcat(*line, spacing=14))
    lines = [
        f"% of the draws of each age and sex (and their number), by {guideline_title(read.limits)}.",
        f"{count_of(read.rows, 'draw')}, each interpreted by all of its results.",
    ]
    return finish(
        alt.vconcat(*panels, spacing=22),
        title="Vitamin B12 status by age and sex",
        lines=lines,
        source=source,
        dark=dark,
    )


def _bars(found: Any, status: str, color: str, theme: Any, *, wide: float, first: bool, title: str, top: bool) -> Chart:
    """Return the bars of one status and sex.

    The name of the status is above the top row of bars, that of the sex above the first bars of a row.
    """
    import pandas

    alt = altair()
    axis = alt.Axis(labels=False, ticks=False, title=None, values=[50, 100], domain=False)
    x = alt.X("percent:Q", scale=alt.Scale(domain=[0, 100 * wide / _WHOLE]), axis=axis)
    y = alt.Y(
        "called:N",
        sort=list(found["called"]),
        axis=alt.Axis(title=None, labelLimit=200) if first else None,
        scale=alt.Scale(paddingInner=0.25),
    )
    data = found[["called", "percent", "said"]]
    bars = alt.Chart(data).mark_bar(color=color, stroke=theme.text, strokeWidth=0.5).encode(x=x, y=y)
    beside = (
        alt.Chart(data).mark_text(align="left", dx=5, fontSize=11, color=theme.text).encode(x=x, y=y, text="said:N")
    )
    heads = [(status, 0)] * top + [(title, -134)] * first
    words = [
        alt.Chart(pandas.DataFrame({"head": [head]}))
        .mark_text(align="left", baseline="bottom", fontSize=12, fontWeight="bold", color=theme.text)
        .encode(x=alt.value(place), y=alt.value(-7), text="head:N")
        for head, place in heads
    ]
    return alt.layer(bars, beside, *words).properties(width=wide, height=21 * len(found))


def _share(percent: float, draws: int) -> str:
    return f"{percent:.1f} % ({draws:,})" if percent < 9.95 else f"{percent:.0f} % ({draws:,})"


def _age_bands(read: ReadTable) -> tuple[list[str], list[str]]:
    """Return every row's age band, and the bands in order."""
    names = [f"under {_DECADES[0]}"]
    names += [f"{start} to {stop - 1}" for start, stop in pairwise(_DECADES)]
    names.append(f"{_DECADES[-1]} and over")
    if read.cohort.age is None:
        return [_UNKNOWN_AGE] * read.rows, [_UNKNOWN_AGE]
    low, high = read.cohort.age.interval()
    places = np.searchsorted(_DECADES, low, side="right")
    return [
        names[place] if known else _UNKNOWN_AGE
        for place, known in zip(places.tolist(), (low == high).tolist(), strict=True)
    ], [
        *names,
        _UNKNOWN_AGE,
    ]
