"""Plot of the combined index 4cB12 of many draws on its classes."""

from __future__ import annotations

from typing import Any, Unpack

import numpy as np
import numpy.typing as npt

from b12labs.limits.default import DEFAULT_GUIDELINE
from b12labs.logic.columns.primitives import Columns
from b12labs.logic.language import FALSE
from b12labs.logic.open import possible_outcomes
from b12labs.logic.program import Program
from b12labs.plots.drawing import Chart, altair, finish, plain_text, theme_of
from b12labs.plots.reading import ReadTable, column_of, read_table
from b12labs.reference import formulas, sources
from b12labs.rules.combined_index import combined_index, combined_index_class, combined_index_valid
from b12labs.tables.cohort import CohortInputs
from b12labs.tables.options import ReadingOptions, takes
from b12labs.tables.outputs import Truths, Words
from b12labs.tables.wanted import Wanted, WantedTruth, columns_of, words_of
from b12labs.text import count_of

__all__ = ["combined_index_classes"]

Floats = npt.NDArray[np.float64]
#: The most draws that are drawn one per line; more are counted.
_LINES = 30
_MARKERS = ("b12", "holotc", "mma", "homocysteine")
#: With fewer markers the index may be almost anything.
_LEAST = 3
_BINS = 60
_WIDTH = 600
_LABELS = {
    "probable_deficiency": "Probable deficiency",
    "possible_deficiency": "Possible deficiency",
    "low": "Low",
    "adequate": "Adequate",
    "elevated": "Elevated",
}


@takes(ReadingOptions)
def combined_index_classes(
    table: Any,
    *,
    label: str | None = None,
    source: str = "",
    dark: bool = False,
    **reading: Unpack[ReadingOptions],
) -> Chart:
    """Draw the combined index 4cB12 (B12, holoTC, MMA, homocysteine; no unit) of every draw on its classes.

    Parameters
    ----------
    table, units, columns, decimal
        As for `interpret_frame`: one row per draw. The index needs an age of 20 years or over.
    label
        The column that names a draw; by default the draw's number from 1.
    source
        The source of the data, for the caption.
    dark
        Light on dark.

    Up to 30 draws are drawn one per line. If one marker is missing or censored, a line covers every index that the draw
    may have. For more draws, bars count the draws with all four markers by index. Returns an altair chart. Raises
    `ColumnError`, and `MissingExtraError` if altair is not installed.

    """
    altair()
    names = None if label is None else column_of(table, label, "label")
    read = read_table(table, DEFAULT_GUIDELINE, **reading)
    low, high, classes = indexes(read)
    measured = np.sum([cohort_has(read, key) for key in _MARKERS], axis=0)
    exact, bounded = low == high, (low < high) & (measured >= _LEAST)
    few = int((exact | bounded).sum()) <= _LINES
    drawn = np.flatnonzero(exact | bounded if few else exact)
    complete, between, other = int(exact.sum()), int(bounded.sum()), read.rows - int((exact | bounded).sum())
    decided = sum(classes[row] is not None for row in np.flatnonzero(bounded).tolist())
    lines = [
        f"{count_of(complete, 'draw')} with all four markers ({'dots' if few else 'bars'})."
        + (
            f" {count_of(between, 'draw')} with a missing or censored one:"
            f" {'lines over every possible index, to the edge of the plot' if few else 'not drawn'}"
            + (f"; the class of {decided:,} is certain all the same." if decided else ".")
            if between
            else ""
        ),
        f"Not drawn, fewer than three markers, or index not valid (under 20 years, age unknown, pregnant): {other:,}."
        if other
        else "",
        f"Index and classes: "
        f"{'; '.join(dict.fromkeys(sources()[formulas()[name].source].short for name in ('cb12', 'cb12_bands')))}."
        " Reduced kidney function, low folate or one false marker moves the whole index.",
    ]
    called = [plain_text(names[row]) if names else f"Draw {row + 1}" for row in drawn.tolist()] if few else []
    body = (
        _one_a_line(low[drawn], high[drawn], called, dark=dark) if few else _counted(low[drawn], high[drawn], dark=dark)
    )
    return finish(body, title="Combined B12 index (4cB12) on its classes", lines=lines, source=source, dark=dark)


def cohort_has(read: ReadTable, key: str) -> npt.NDArray[np.bool_]:
    """Return the rows with a result of an analyte, exact or censored."""
    data = read.cohort.results.get(key)
    return np.zeros(read.rows, dtype=bool) if data is None else data.is_measured()


def indexes(read: ReadTable) -> tuple[Floats, Floats, list[str | None]]:
    """Return every row's lowest and highest index, and its class.

    If the index is not valid, they are NaN and None. If the class is open, it is None.
    """
    program, do = Program([combined_index_class, combined_index_valid]), Columns()
    values = program.run(CohortInputs(read.cohort, read.limits, do, unreported=FALSE, by_value=program.in_powers))
    valid, index = do.certain(values.of(combined_index_valid)), values.of(combined_index)
    wanted: dict[str, Wanted] = {
        "class": words_of(combined_index_class, possible_outcomes(combined_index_class, values), ""),
        "valid": WantedTruth(valid, False),
    }
    found = columns_of(do.tape, wanted, read.rows)
    classes, holds = found["class"], found["valid"]
    assert isinstance(classes, Words)
    assert isinstance(holds, Truths)
    low, high = np.where(holds.holds, do.ends_by_row(index, read.rows), np.nan)
    said = zip(classes.objects(), holds.holds, strict=True)
    return low, high, [word if is_valid else None for word, is_valid in said]


def _classes(low: Floats, high: Floats) -> tuple[Any, tuple[float, float]]:
    """Return the classes as spans of the axis, and the ends of the axis."""
    import pandas

    bands = formulas()["cb12_bands"].coefficients
    edges = [bands["possible"], bands["low"], bands["adequate"], bands["elevated"]]
    ends = low[low == high]
    axis = min(edges[0] - 1, float(ends.min(initial=0)) - 0.2), max(edges[-1] + 1, float(ends.max(initial=0)) + 0.2)
    starts, stops = [axis[0], *edges], [*edges, axis[1]]
    middles = [(start + stop) / 2 for start, stop in zip(starts, stops, strict=True)]
    words = [
        _LABELS[word].replace(" ", "\n") if " " in _LABELS[word] else f"\n{_LABELS[word]}"
        for word in combined_index_class.outcomes
    ]
    return pandas.DataFrame(
        {"x": starts, "x2": stops, "middle": middles, "word": words, "strong": [0.9, 0.55, 0.25, 0.0, 0.0]}
    ), axis


def _bands(spans: Any, axis: tuple[float, float], *, dark: bool) -> tuple[list[Chart], Any]:
    alt = altair()
    theme = theme_of(dark=dark)

    def along(field: str) -> Any:
        shown = alt.Axis(
            orient="bottom",
            grid=False,
            values=[*spans["x"][1:], *range(int(axis[0]) - 1, int(axis[1]) + 2)],
            format=".3~g",
        )
        return alt.X(
            f"{field}:Q",
            scale=alt.Scale(domain=list(axis), nice=False),
            title="4cB12, no unit (log10 of a ratio)",
            axis=shown,
        )

    strong = alt.Opacity("strong:Q", scale=None, legend=None)
    shaded = alt.Chart(spans).mark_rect(color=theme.beyond).encode(x=along("x"), x2="x2", opacity=strong)
    edges = alt.Chart(spans.iloc[1:]).mark_rule(color=theme.muted, strokeDash=[4, 3]).encode(x=along("x"))
    words = alt.Chart(spans).mark_text(
        lineBreak="\n", baseline="bottom", fontSize=12, fontWeight="bold", color=theme.text
    )
    return [shaded, edges, words.encode(x=along("middle"), y=alt.value(-21), text="word:N")], along


def _one_a_line(low: Floats, high: Floats, called: list[str], *, dark: bool) -> Chart:
    import pandas

    alt = altair()
    theme = theme_of(dark=dark)
    spans, axis = _classes(low, high)
    layers, along = _bands(spans, axis, dark=dark)
    order = np.lexsort((high, low))
    # Two draws may have the same name, so the rows are encoded by their place.
    rows = pandas.DataFrame(
        {
            "place": np.arange(len(order)),
            "low": np.maximum(low[order], axis[0]),
            "high": np.minimum(high[order], axis[1]),
            "exact": low[order] == high[order],
            "name": [called[place] for place in order.tolist()],
        }
    )
    y = alt.Y("place:O", axis=None)
    names = (
        alt.Chart(rows)
        .mark_text(align="right", fontSize=11, color=theme.text, limit=170)
        .encode(x=alt.value(-8), y=y, text="name:N")
    )
    interval = (
        alt.Chart(rows[~rows["exact"]])
        .mark_rule(strokeWidth=3, color=theme.text)
        .encode(x=along("low"), x2="high", y=y)
    )
    dots = (
        alt.Chart(rows[rows["exact"]])
        .mark_point(filled=True, size=70, color=theme.text, opacity=1)
        .encode(x=along("low"), y=y)
    )
    return alt.layer(*layers, names, interval, dots).properties(width=_WIDTH, height=max(90, 20 * len(order)))


def _counted(low: Floats, high: Floats, *, dark: bool) -> Chart:
    import pandas

    alt = altair()
    theme = theme_of(dark=dark)
    exact = low[low == high]
    spans, axis = _classes(exact, exact)
    layers, along = _bands(spans, axis, dark=dark)
    # Each class is divided separately, so that bars end where classes end.
    steps = [
        max(1, round(_BINS * (stop - start) / (axis[1] - axis[0])))
        for start, stop in zip(spans["x"], spans["x2"], strict=True)
    ]
    edges = np.concatenate(
        [
            np.linspace(start, stop, step + 1)[:-1]
            for start, stop, step in zip(spans["x"], spans["x2"], steps, strict=True)
        ]
        + [axis[1:]]
    )
    counts, edges = np.histogram(exact, bins=edges)
    bars = pandas.DataFrame({"x": edges[:-1], "x2": edges[1:], "draws": counts})
    mark = alt.Chart(bars).mark_rect(color=theme.text, opacity=0.8, stroke=theme.background, strokeWidth=1)
    return alt.layer(
        *layers, mark.encode(x=along("x"), x2="x2", y=alt.Y("draws:Q", title="Draws"), y2=alt.datum(0))
    ).properties(width=_WIDTH, height=280)
