"""The parts that every plot shares: altair, the light and dark themes, titles, and the marks of a status."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import Any

from b12labs.answer.words import STATUS_LABELS
from b12labs.display.palette import DARK, LIGHT, STATUS_COLORS, STATUS_SHAPES, Theme
from b12labs.errors import extra
from b12labs.limits.stratified import Limits
from b12labs.reference import analytes, limit_names, sources
from b12labs.text import printable, shortened

__all__ = [
    "Chart",
    "altair",
    "finish",
    "guideline_title",
    "label_of",
    "limits_source",
    "plain_text",
    "status_scales",
    "theme_of",
    "who",
]

#: An altair chart of any kind. altair is an extra, so that its types may be missing.
Chart = Any
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
#: The most characters of a line under a title, which fits the narrowest plot, and of a text from outside.
_LINE, _LONGEST = 116, 120


def altair() -> Any:
    """Return altair. Raises `MissingExtraError` with the command that installs it."""
    with extra("plots", "a plot"):
        import altair
    return altair


def theme_of(*, dark: bool) -> Theme:
    """Return the colors to draw on and with."""
    return DARK if dark else LIGHT


def plain_text(value: Any) -> str:
    """Return a text from outside, made fit for one line of a picture.

    It is shortened, and characters that SVG cannot hold or that reverse the text are removed.
    """
    text = " ".join(printable(str(value)).replace("\ufffd", " ").split())  # not every font has this character
    return shortened(text, _LONGEST)


def label_of(key: str) -> str:
    """Return an analyte's name with its label: `Methylmalonic acid, serum or plasma (MMA)`."""
    analyte = analytes()[key]
    return analyte.name if analyte.label in analyte.name or "(" in analyte.name else f"{analyte.name} ({analyte.label})"


def guideline_title(limits: Limits) -> str:
    """Return the guideline's title."""
    return plain_text(limits.guideline.title)


def limits_source(
    limits: Limits, keys: Iterable[str], strata: Iterable[int], *, names: Iterable[str] | None = None
) -> str:
    """Return the sources of the limits of some analytes in some strata: `NG239; BSH 2014`."""
    wanted = [name for name in names or limit_names() if limit_names()[name] in set(keys)]
    rows = [row for stratum in strata for name in wanted for _, row in limits.rows(name, stratum)]
    return "; ".join(dict.fromkeys(plain_text(sources()[row.source].short) for row in rows))


def who(age: float | None, sex: str | None) -> str:
    """Return a patient in words: `a woman of 67 years`."""
    if age is None:
        return {
            "female": "a woman (age not given)",
            "male": "a man (age not given)",
            None: "a person (age and sex not given)",
        }[sex]
    adult = age >= 18
    noun = {
        "female": "a woman" if adult else "a girl",
        "male": "a man" if adult else "a boy",
        None: "a person (sex not given)",
    }[sex]
    return f"{noun} of {age:g} years"


def status_scales(present: Iterable[str], *, title: str = "Each draw, interpreted") -> dict[str, Any]:
    """Return the color and shape scales of the statuses that occur, with one legend for both."""
    alt = altair()
    found = set(present)
    keys = [key for key in STATUS_LABELS if key in found]
    names = [STATUS_LABELS[key] for key in keys]
    legend = alt.Legend(
        title=title,
        orient="bottom",
        columns=len(keys) if len(keys) < 5 else 3,
        symbolSize=90,
        symbolOpacity=1,
        labelLimit=200,
        titleLimit=500,
    )
    return {
        "color": alt.Color(
            "status:N", scale=alt.Scale(domain=names, range=[STATUS_COLORS[key] for key in keys]), legend=legend
        ),
        "shape": alt.Shape(
            "status:N", scale=alt.Scale(domain=names, range=[STATUS_SHAPES[key] for key in keys]), legend=legend
        ),
    }


def finish(
    chart: Chart, *, title: str, lines: Iterable[str], source: str = "", dark: bool = False, wide: int = _LINE
) -> Chart:
    """Set a chart's title, the lines under it and its theme, and return it; `source` is the source of its data."""
    said = [
        *lines,
        *([f"Data: {plain_text(source)}."] if source else []),
        "Decision support for clinicians, not a diagnosis.",
    ]
    wrapped = [part for line in said if line for part in textwrap.wrap(line, wide)]
    theme = theme_of(dark=dark)
    words = {
        "labelColor": theme.text,
        "titleColor": theme.text,
        "labelFont": FONT,
        "titleFont": FONT,
        "titleFontWeight": "normal",
    }
    # Set in place: altair's own methods copy all of the data at every call.
    chart.title = {"text": title, "subtitle": wrapped, "anchor": "start", "offset": 24}
    chart.background = theme.background
    chart.padding = 16
    chart.description = " ".join([f"{title}.", *wrapped])
    chart.config = {
        "font": FONT,
        "title": {
            "color": theme.text,
            "subtitleColor": theme.muted,
            "fontSize": 17,
            "subtitleFontSize": 11.5,
            "subtitlePadding": 6,
            "subtitleLineHeight": 15,
            "font": FONT,
            "subtitleFont": FONT,
            "fontWeight": "bold",
        },
        "axis": {
            "gridColor": theme.line,
            "gridOpacity": 0.35,
            "domainColor": theme.line,
            "tickColor": theme.line,
            "labelFontSize": 11,
            "titleFontSize": 12,
            **words,
        },
        "legend": {"labelFontSize": 12, "titleFontSize": 11, "rowPadding": 4, "columnPadding": 18, **words},
        "view": {"stroke": theme.line},
    }
    return chart
