"""Colors of every picture, distinct to color-blind readers, in light and dark.

The hues are those of Okabe and Ito (Color Universal Design, 2008). A color is never the only sign: a word or a shape
has the same meaning.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["DARK", "LIGHT", "STATUS_COLORS", "STATUS_SHAPES", "STATUS_TERMINAL", "Theme"]

#: The color of a status, for fills; text beside them keeps the color of text.
STATUS_COLORS = {
    "deficient": "#d55e00",
    "functional_deficiency": "#cc79a7",
    "indeterminate": "#e69f00",
    "deficiency_unlikely": "#0072b2",
    "not_assessed": "#999999",
}

#: The same on a terminal, in its own legible colors: the codes of ECMA-48.
STATUS_TERMINAL = {
    "deficient": "31",
    "functional_deficiency": "35",
    "indeterminate": "33",
    "deficiency_unlikely": "36",
    "not_assessed": "2",
}

#: The mark of a status among points, by its name in Vega.
STATUS_SHAPES = {
    "deficient": "triangle-down",
    "functional_deficiency": "diamond",
    "indeterminate": "square",
    "deficiency_unlikely": "circle",
    "not_assessed": "cross",
}


@dataclass(frozen=True)
class Theme:
    """The colors of a picture."""

    background: str
    text: str
    muted: str
    line: str
    #: The reference interval, behind the results.
    band: str
    #: The abnormal side of a limit.
    beyond: str


LIGHT = Theme(background="#ffffff", text="#1b1b1b", muted="#595959", line="#b0b0b0", band="#d6e8f5", beyond="#fbe3d4")

DARK = Theme(background="#16181c", text="#f0f0f0", muted="#b3b3b3", line="#5c6370", band="#1d3a52", beyond="#52311b")
