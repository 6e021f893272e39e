"""Whole tables: status by age and sex, and whom guidelines agree about."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Unpack

import numpy as np
import numpy.typing as npt

from b12labs.answer.words import STATUS_LABELS
from b12labs.display.palette import STATUS_COLORS
from b12labs.errors import B12LabsError, did_you_mean
from b12labs.limits.default import DEFAULT_GUIDELINE
from b12labs.limits.strata import SEXES
from b12labs.plots.drawing import Chart, altair, finish, guideline_title, plain_text, theme_of
from b12labs.plots.reading import ReadTable, read_table
from b12labs.reference import guideline_keys
from b12labs.tables.options import ReadingOptions, takes
from b12labs.text import count_of

__all__ = ["guideline_agreement", "status_by_age_and_sex"]

_SEX_WORDS = {"female": "Female", "male": "Male", None: "Sex not stated"}
_DECADES = (18, 30, 40, 50, 60, 70, 80)
_UNKNOWN_AGE = "Age not known"
#: How long a bar of 100 % is, and how wide a letter beside it. The axis goes on beyond, for the words beside the
#: longest bar.
_WHOLE, _LETTER = 80, 6.2
#: So many combinations of guidelines are drawn; the caption counts the rest.
_COMBINATIONS = 16


@takes(ReadingOptions)
def status_by_age_and_sex(
    table: Any,
    *,
    guideline: str = DEFAULT_GUIDELINE,
    source: str = "",
    dark: bool = False,
    **reading: Unpack[ReadingOptions],
) -> Chart:
    """Draw which share (%) of the draws has which status, by age (years) and sex.

    The parameters are those of `b12_against_mma`, without those of its regions. Every bar has its share and count
    beside it; the shares of an age and sex add up to 100 %. Returns an altair chart. Raises `ColumnError`,
    `GuidelineError`, and `B12LabsError` where altair is not installed.
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
        f"% of the draws of each age and sex (and how many), by {guideline_title(read.limits)}.",
        f"{count_of(read.rows, 'draw')}, each interpreted by everything measured in it.",
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

    The words of the status stand above the topmost, those of the sex above the first of a line.
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
    low, high = read.cohort.age
    places = np.searchsorted(_DECADES, low, side="right")
    return [
        names[place] if known else _UNKNOWN_AGE
        for place, known in zip(places.tolist(), (low == high).tolist(), strict=True)
    ], [
        *names,
        _UNKNOWN_AGE,
    ]


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
    """Draw how many draws are deficient by exactly which guidelines.

    A column for every combination, the most frequent first.

    Parameters
    ----------
    table, units, columns, decimal, source, dark
        As for `b12_against_mma`.
    guidelines
        The keys of the guidelines to compare; all where none is given.
    statuses
        The statuses that count.

    Returns an altair chart. Raises `ColumnError`, `GuidelineError`, and `B12LabsError` for an unknown status and where
    altair is not installed.

    """
    alt = altair()
    import pandas

    for status in statuses:
        if status not in STATUS_LABELS:
            known = f"; known: {', '.join(STATUS_LABELS)}"
            raise B12LabsError(
                f"statuses: {status!r} is not a status{did_you_mean(status, STATUS_LABELS) or known}",
                code="unknown_status",
                field="statuses",
            )
    keys = tuple(dict.fromkeys(map(str, guidelines))) or guideline_keys()
    theme = theme_of(dark=dark)
    said = memberships(table, keys, statuses, **reading)
    rows = len(said)
    combinations, counts = np.unique(said, axis=0, return_counts=True)
    some = combinations.any(axis=1)
    none = int(counts[~some].sum())
    combinations, counts = combinations[some], counts[some]
    order = np.argsort(-counts, kind="stable")
    rest = counts[order[_COMBINATIONS:]]
    combinations, counts = combinations[order[:_COMBINATIONS]], counts[order[:_COMBINATIONS]]
    names = [plain_text(key) for key in keys]
    sizes = said.sum(axis=0)
    by_size = [names[place] for place in np.argsort(-sizes, kind="stable").tolist()]
    bars = pandas.DataFrame({"column": range(len(counts)), "draws": counts})
    cells = pandas.DataFrame(
        [
            {"column": column, "guideline": name, "in": bool(combinations[column][place])}
            for column in range(len(counts))
            for place, name in enumerate(names)
        ],
        columns=["column", "guideline", "in"],
    ).astype({"in": bool})
    # A line joins the dots of a column, from its first to its last guideline as they stand on the axis.
    inside = cells[cells["in"]].assign(place=lambda found: found["guideline"].map(by_size.index)).sort_values("place")
    spans = inside.groupby("column", as_index=False).agg(first=("guideline", "first"), last=("guideline", "last"))
    most, most_of_one = int(counts.max(initial=1)), int(sizes.max(initial=1))
    step = max(34, _LETTER * len(f"{most:,}") + 8)  # the numbers over neighboring bars stay apart
    wide = max(step * len(counts), 200)
    x = alt.X("column:O", axis=None, scale=alt.Scale(domain=list(range(len(counts)))))
    y = alt.Y(
        "guideline:N", sort=by_size, title=None, axis=alt.Axis(labelLimit=200, ticks=False, domain=False, grid=True)
    )
    up = alt.Y(
        "draws:Q",
        title="Draws",
        axis=alt.Axis(tickCount=min(4, most)),
        scale=alt.Scale(domain=[0, most * 1.15], nice=False),
    )
    top = alt.Chart(bars).mark_bar(color=theme.text, width=20).encode(x=x, y=up)
    numbers = (
        alt.Chart(bars)
        .mark_text(dy=-8, fontSize=11, color=theme.text)
        .encode(x=x, y=up, text=alt.Text("draws:Q", format=","))
    )
    lines = alt.Chart(spans).mark_rule(strokeWidth=3, color=theme.text)
    empty = (
        alt.Chart(cells[~cells["in"]])
        .mark_point(filled=True, size=40, color=theme.background, stroke=theme.muted, opacity=1, strokeWidth=1)
        .encode(x=x, y=y)
    )
    full = alt.Chart(cells[cells["in"]]).mark_point(filled=True, size=130, color=theme.text, opacity=1).encode(x=x, y=y)
    high = 22 * len(names)
    joined = lines.encode(x=x, y=alt.Y("first:N", sort=by_size, scale=alt.Scale(domain=by_size)), y2="last:N")
    matrix = alt.layer(joined, empty, full).properties(width=wide, height=high).resolve_scale(y="shared")
    totals = pandas.DataFrame({"guideline": names, "draws": sizes, "said": [f"{size:,}" for size in sizes.tolist()]})
    other = alt.Y("guideline:N", sort=by_size, axis=None)
    across = alt.X(
        "draws:Q",
        title="Draws in all",
        axis=alt.Axis(tickCount=min(2, most_of_one), format="~s"),
        scale=alt.Scale(domain=[0, most_of_one * 1.5]),
    )
    side = alt.layer(
        alt.Chart(totals).mark_bar(color=theme.muted, height=13).encode(x=across, y=other),
        alt.Chart(totals)
        .mark_text(align="left", dx=4, fontSize=11, color=theme.text)
        .encode(x=across, y=other, text="said:N"),
    ).properties(width=110, height=high)
    body = alt.vconcat(
        alt.layer(top, numbers).properties(width=wide, height=170), alt.hconcat(matrix, side, spacing=10), spacing=6
    )
    counted = " or ".join(STATUS_LABELS[status].lower() for status in dict.fromkeys(statuses))
    caption = [
        f"Counted: {counted}. {count_of(rows, 'draw')}; by none of these guidelines: {none:,}.",
        "A column: the draws of which exactly the guidelines with a full dot say so."
        + (
            f" Not drawn: {count_of(len(rest), 'rarer combination')}, of {count_of(int(rest.sum()), 'draw')}."
            if len(rest)
            else ""
        ),
        "At the right: of how many draws each guideline says so. Limits: each guideline's own, see its file.",
    ]
    return finish(
        body,
        title="Whom do the guidelines agree about?",
        lines=caption,
        source=source,
        dark=dark,
        wide=max(70, int(wide) // 6 + 30),
    )


def memberships(
    table: Any,
    keys: Sequence[str],
    statuses: Sequence[str],
    **reading: Unpack[ReadingOptions],
) -> npt.NDArray[np.bool_]:
    """Return for every row and guideline whether its status is one of those that count."""
    found = [
        np.isin(
            read_table(table, key, **reading).words("status"),
            list(statuses),
        )
        for key in keys
    ]
    return np.stack(found, axis=1)
