"""Plots of two results, over the answers of the rules to the two alone: B12 against MMA, hemoglobin against MCV."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import product
from typing import Any, Unpack

import numpy as np
import numpy.typing as npt

from b12labs.answer.words import STATUS_LABELS
from b12labs.display.palette import STATUS_COLORS, Theme
from b12labs.inputs.ages import read_age
from b12labs.inputs.fields import read_sex
from b12labs.limits.default import DEFAULT_GUIDELINE
from b12labs.limits.strata import SEXES
from b12labs.limits.stratified import Limits
from b12labs.plots.drawing import Chart, altair, finish, guideline_title, label_of, limits_source, theme_of, who
from b12labs.plots.points import Points, points_layers, points_of
from b12labs.plots.reading import read_table
from b12labs.plots.regions import Axis, Region, axis_of, decision_regions
from b12labs.reference import analytes
from b12labs.reference.unit_labels import unit_label
from b12labs.tables.frames import interpret_frame
from b12labs.tables.options import ReadingOptions, takes
from b12labs.text import count_of

__all__ = ["anemia_against_mcv", "b12_against_mma"]

Floats = npt.NDArray[np.float64]
_WIDTH, _HEIGHT = 600, 380
_GRADES = {
    None: "Cannot tell",
    "none": "No anemia",
    "mild": "Mild anemia",
    "moderate": "Moderate anemia",
    "severe": "Severe anemia",
}


@dataclass(frozen=True)
class _Plane:
    """The guideline of the plane, and the age and sex that it is drawn for."""

    limits: Limits
    guideline: str
    age: float | None
    sex: str | None

    @property
    def stratum(self) -> int:
        """The number of the patient's stratum in the guideline."""
        strata = self.limits.strata
        band = strata.unknown_age if self.age is None else strata.band(self.age, self.age)
        return int(strata.number(band, SEXES.index(self.sex), 0))

    def interpret(self, x: str, y: str, xs: Floats, ys: Floats, *, findings: list[str]) -> Any:
        """Return `interpret_frame`'s answers to results of two analytes in their canonical units."""
        import pandas

        table = pandas.DataFrame({f"{x} [{analytes()[x].unit}]": xs, f"{y} [{analytes()[y].unit}]": ys})
        if self.age is not None:
            table["age"] = self.age
        if self.sex is not None:
            table["sex"] = self.sex
        return interpret_frame(table, guideline=self.guideline, findings=findings)


@takes(ReadingOptions)
def b12_against_mma(
    table: Any,
    *,
    guideline: str = DEFAULT_GUIDELINE,
    age: float | None = None,
    sex: str | None = None,
    source: str = "",
    dark: bool = False,
    **reading: Unpack[ReadingOptions],
) -> Chart:
    """Draw vitamin B12 (pg/mL) against methylmalonic acid (umol/L) over the guideline's answers to the two alone.

    Parameters
    ----------
    table, units, columns, decimal
        As for `interpret_frame`: one row per draw. The caption counts the rows that lack either result.
    guideline
        The key of the guideline for the regions and for the interpretation of the rows.
    age, sex
        The age in years and the sex (`female` or `male`) for the regions; unknown if not given.
    source
        The source of the data, for the caption.
    dark
        Light on dark.

    The regions are the answers of `interpret_frame` over the plane. A row's mark shows the status by all of its
    results, so that it may differ from its region. A censored result has an arrow. In a large table, draws are counted
    in cells. Returns an altair chart (`chart.save("b12.svg")`). Raises `ColumnError`, `GuidelineError`, `PanelError`,
    and `MissingExtraError` if altair is not installed.

    """
    alt = altair()
    read = read_table(table, guideline, **reading)
    plane = _Plane(read.limits, guideline, *_patient(age, sex))

    def say(xs: Floats, ys: Floats) -> npt.NDArray[Any]:
        return np.array(
            [STATUS_LABELS[word] for word in plane.interpret("b12", "mma", xs, ys, findings=[])["status"]], dtype=object
        )

    points = points_of(read.interval("b12"), read.interval("mma"), read.words("status"), log=(True, True))
    x, y = (
        axis_of(key, read.limits, plane.stratum, points.marks[name].to_numpy(), log=True)
        for key, name in (("b12", "x"), ("mma", "y"))
    )
    regions = decision_regions(x, y, say)
    layers = _layers(
        regions, {STATUS_LABELS[key]: color for key, color in STATUS_COLORS.items()}, points, x, y, dark=dark
    )
    lines = [
        f"Shaded: the status by B12 and MMA alone, for {who(plane.age, plane.sex)}, by {guideline_title(read.limits)}.",
        *_counts(points, "B12 and MMA"),
        f"Limits: {limits_source(read.limits, ('b12', 'mma'), [plane.stratum], names=_STATUS_LIMITS)}.",
    ]
    chart = alt.layer(
        *layers, width=_WIDTH, height=_HEIGHT, resolve={"scale": {"color": "independent", "shape": "independent"}}
    )
    return finish(chart, title="Vitamin B12 against methylmalonic acid (MMA)", lines=lines, source=source, dark=dark)


@takes(ReadingOptions)
def anemia_against_mcv(
    table: Any,
    *,
    guideline: str = DEFAULT_GUIDELINE,
    age: float | None = None,
    sex: str | None = None,
    source: str = "",
    dark: bool = False,
    **reading: Unpack[ReadingOptions],
) -> Chart:
    """Draw hemoglobin (g/L) against MCV (fL) over the grades of anemia and macrocytosis.

    The marks show the status of B12. The parameters, the returned chart and the errors are those of `b12_against_mma`.
    """
    alt = altair()
    read = read_table(table, guideline, **reading)
    plane = _Plane(read.limits, guideline, *_patient(age, sex))

    def say(xs: Floats, ys: Floats) -> npt.NDArray[Any]:
        found = plane.interpret("mcv", "hemoglobin", xs, ys, findings=["macrocytosis"])
        grades = [_GRADES[None if grade != grade else grade] for grade in found["anemia_grade"].astype(object)]
        large = found["macrocytosis"].fillna(value=False)
        return np.array(
            [f"{grade}, macrocytosis" if is_large else grade for grade, is_large in zip(grades, large, strict=True)],
            dtype=object,
        )

    points = points_of(read.interval("mcv"), read.interval("hemoglobin"), read.words("status"), log=(False, False))
    x, y = (
        axis_of(key, read.limits, plane.stratum, points.marks[name].to_numpy(), log=False)
        for key, name in (("mcv", "x"), ("hemoglobin", "y"))
    )
    regions = decision_regions(x, y, say)
    theme = theme_of(dark=dark)
    fills = {_GRADES["none"]: theme.band, _GRADES[None]: theme.background}
    colors = {region.word: fills.get(region.word.partition(",")[0], theme.beyond) for region in regions}
    layers = _layers(regions, colors, points, x, y, dark=dark, solid=True)
    lines = [
        f"Shaded: anemia and macrocytosis by hemoglobin and MCV alone, for {who(plane.age, plane.sex)} at low "
        f"elevation, by {guideline_title(read.limits)}.",
        *_counts(points, "hemoglobin and MCV"),
        f"Limits: {limits_source(read.limits, ('mcv', 'hemoglobin'), [plane.stratum], names=_ANEMIA_LIMITS)}.",
    ]
    chart = alt.layer(
        *layers, width=_WIDTH, height=_HEIGHT, resolve={"scale": {"color": "independent", "shape": "independent"}}
    )
    return finish(chart, title="Anemia against the size of red cells (MCV)", lines=lines, source=source, dark=dark)


_STATUS_LIMITS = ("b12_deficient", "b12_adequate", "mma_raised")
_ANEMIA_LIMITS = ("hemoglobin_low", "hemoglobin_moderate", "hemoglobin_severe", "mcv_high")


def _patient(age: Any, sex: Any) -> tuple[float | None, str | None]:
    """Return the age and sex for the regions. Raises `PanelError`."""
    return None if age is None else read_age(age), None if sex is None else read_sex(sex)


def _counts(points: Points, both: str) -> list[str]:
    counted = f", counted in cells (the largest mark: {int(points.marks['draws'].max()):,})" if points.counted else ""
    said = f"Marks: {count_of(points.drawn, 'draw')}, each by all of its results{counted}."
    if points.censored:
        said += f" Arrows: censored results ({points.censored:,})."
    if points.not_drawn:
        said += f" Not drawn, without both {both}: {points.not_drawn:,}."
    return [said]


def _layers(
    regions: list[Region], colors: dict[str, str], points: Points, x: Axis, y: Axis, *, dark: bool, solid: bool = False
) -> list[Chart]:
    """Return the regions with their words, and the points over them."""
    import pandas

    alt = altair()
    theme = theme_of(dark=dark)
    encode_x, encode_y = partial(_encode, alt.X, x), partial(_encode, alt.Y, y)
    shaded = pandas.DataFrame([vars(region) for region in regions])
    words = list(dict.fromkeys(shaded["word"]))
    fill = alt.Color("word:N", scale=alt.Scale(domain=words, range=[colors[word] for word in words]), legend=None)
    under = alt.Chart(shaded).mark_rect(
        opacity=1 if solid else 0.3 if dark else 0.22, stroke=theme.muted, strokeWidth=0.8
    )
    layers = [under.encode(x=encode_x("x"), y=encode_y("y"), x2="x2", y2="y2", color=fill)]
    said = pandas.DataFrame([_word_of(word, regions, points, x, y) for word in words])
    for (align, baseline), group in said.groupby(["align", "baseline"]):
        text = {
            "align": align,
            "baseline": baseline,
            "dx": 7 if align == "left" else -7,
            "dy": 7 if baseline == "top" else -7,
            "lineBreak": "\n",
            "fontSize": 12,
            "fontWeight": "bold",
        }
        halo = alt.Chart(group).mark_text(
            **text, color=theme.background, stroke=theme.background, strokeWidth=4, strokeJoin="round", opacity=0.85
        )
        over = alt.Chart(group).mark_text(**text, color=theme.text)
        layers += [layer.encode(x=encode_x("x"), y=encode_y("y"), text="text:N") for layer in (halo, over)]
    # The points are drawn over the words, so that none is hidden.
    if len(points.marks):
        layers += points_layers(points, x, y, encode_x, encode_y, dark=dark)
    return [*layers, *_edge_labels(regions, x, y, theme)]


def _edge_labels(regions: list[Region], x: Axis, y: Axis, theme: Theme) -> list[Chart]:
    """Return the labels at the top and right edges, with the values at which the answer changes."""
    import pandas

    alt = altair()
    layers = []
    for name, axis, channel, place in (
        ("x", x, alt.X, {"y": alt.value(-7)}),
        ("y", y, alt.Y, {"x": alt.value(_WIDTH + 6)}),
    ):
        edges = sorted(edge for edge in {getattr(region, name) for region in regions} if axis.place(edge) > _EDGE)
        values = pandas.DataFrame({name: edges, "text": [f"{edge:.4g}" for edge in edges]})
        mark = alt.Chart(values).mark_text(
            align="center" if name == "x" else "left", baseline="middle", fontSize=11, color=theme.text
        )
        layers.append(mark.encode(**{name: _encode(channel, axis, name)}, **place, text="text:N"))
    return layers


#: An edge this close to an axis's beginning is that beginning.
_EDGE = 1e-6
#: The share of the plane of a letter and of a line of a region's word.
_LETTER, _LINE = 7.2 / _WIDTH, 15 / _HEIGHT
#: The share of the plane of half a point.
_MARK = 0.02


def _word_of(word: str, regions: list[Region], points: Points, x: Axis, y: Axis) -> dict[str, Any]:
    """Return the place of a region's word: the corner of its largest rectangle where it hides the fewest points.

    The word is broken into lines if it is too wide.
    """
    placed = [
        (x.place(one.x), x.place(one.x2), y.place(one.y), y.place(one.y2), one) for one in regions if one.word == word
    ]
    left, right, bottom, top, largest = max(placed, key=lambda one: float((one[1] - one[0]) * (one[3] - one[2])))
    at_x, at_y = x.place(points.marks["x"].to_numpy()), y.place(points.marks["y"].to_numpy())

    def room(text: str) -> tuple[float, float]:
        lines = text.split("\n")
        return _LETTER * max(map(len, lines)) + 0.03, _LINE * len(lines) + 0.03

    def hidden(way: tuple[str, tuple[str, str]]) -> int:
        text, (baseline, align) = way
        wide, high = room(text)
        from_x = left if align == "left" else right - wide
        from_y = top - high if baseline == "top" else bottom
        near_x = (at_x >= from_x - _MARK) & (at_x <= from_x + wide + _MARK)
        return int((near_x & (at_y >= from_y - _MARK) & (at_y <= from_y + high + _MARK)).sum())

    broken = word.replace(" ", "\n")
    ways = [word] if room(word)[0] <= right - left else [broken]
    ways += [broken] if room(broken)[1] <= top - bottom else []
    text, (baseline, align) = min(product(ways, product(("top", "bottom"), ("left", "right"))), key=hidden)
    return {
        "x": largest.x if align == "left" else largest.x2,
        "y": largest.y2 if baseline == "top" else largest.y,
        "text": text,
        "align": align,
        "baseline": baseline,
    }


def _encode(channel: Callable[..., Any], axis: Axis, field: str) -> Any:
    """Return the encoding of one axis, the same in every layer."""
    alt = altair()
    scale = alt.Scale(
        type="log" if axis.log else "linear", domain=[axis.low, axis.high], nice=False, zero=False, clamp=True
    )
    title = f"{label_of(axis.key)}, {unit_label(analytes()[axis.key].unit)}" + (", logarithmic" if axis.log else "")
    shown = {"values": axis.ticks(), "format": "~g"} if axis.log else {"tickCount": 8}
    return channel(f"{field}:Q", scale=scale, title=title, axis=alt.Axis(**shown))
