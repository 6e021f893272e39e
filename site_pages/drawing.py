"""A picture as an SVG file: its size, its alternative text, and colors for light and dark.

Every string is escaped. A picture has no script and loads nothing from elsewhere.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from html import escape
from textwrap import wrap

from b12labs.display.palette import DARK, LIGHT, STATUS_COLORS, Theme

__all__ = ["Picture", "Scale", "lines_of"]

#: The approximate width of a letter, as a share of the font size.
_LETTER = 0.54


@dataclass
class Picture:
    """A picture to which parts are added; lengths are in pixels."""

    width: float
    title: str
    description: str
    height: float = 0
    parts: list[str] = field(default_factory=list)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = 14,
        kind: str = "text",
        anchor: str = "start",
        bold: bool = False,
    ) -> None:
        """Write one line, whose baseline is at `y`."""
        weight = ' font-weight="600"' if bold else ""
        self.parts.append(
            f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" text-anchor="{anchor}" '
            f'class="{kind}"{weight}>{escape(text)}</text>'
        )

    def box(self, x: float, y: float, width: float, height: float, kind: str, *, round_by: float = 6) -> None:
        """Draw a rectangle."""
        size = f'width="{width:g}" height="{height:g}"'
        self.parts.append(f'<rect x="{x:g}" y="{y:g}" {size} rx="{round_by:g}" class="{kind}"/>')

    def line(self, x1: float, y1: float, x2: float, y2: float, kind: str = "stroke") -> None:
        """Draw a straight line."""
        self.parts.append(f'<line x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}" class="{kind}"/>')

    def arrow(self, x1: float, y1: float, x2: float, y2: float, kind: str = "stroke") -> None:
        """Draw a horizontal or vertical line with a head at its end."""
        self.line(x1, y1, x2, y2, kind)
        turn = math.atan2(y2 - y1, x2 - x1)
        ends = [(x2 - 8 * math.cos(turn + way), y2 - 8 * math.sin(turn + way)) for way in (0.45, -0.45)]
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in ((x2, y2), *ends))
        self.parts.append(f'<polygon points="{points}" class="fill-{kind}"/>')

    def dot(self, x: float, y: float, kind: str, *, radius: float = 6) -> None:
        """Draw a disk."""
        self.parts.append(f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}" class="{kind}"/>')

    def triangle(self, x: float, y: float, turn: int, kind: str) -> None:
        """Draw the head of a broad arrow that points right (`turn` 1) or left (-1) from `x`."""
        self.parts.append(
            f'<polygon points="{x:g},{y - 10:g} {x + 13 * turn:g},{y:g} {x:g},{y + 10:g}" class="{kind}"/>'
        )

    def svg(self) -> str:
        """Return the file."""
        size = f'width="{self.width:g}" height="{self.height:g}" viewBox="0 0 {self.width:g} {self.height:g}"'
        head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" font-family="system-ui, sans-serif">'
        words = f"<title>{escape(self.title)}</title>\n<desc>{escape(self.description)}</desc>"
        ground = f'<rect width="{self.width:g}" height="{self.height:g}" class="ground"/>'
        return "\n".join([head, words, f"<style>{_STYLE}</style>", ground, *self.parts, "</svg>", ""])


@dataclass(frozen=True)
class Scale:
    """A logarithmic scale from `low` at `left` to `high` at `right`. Values outside are drawn at its ends."""

    low: float
    high: float
    left: float
    right: float

    def at(self, value: float) -> float:
        """Return the position of a value."""
        inside = min(max(value, self.low), self.high)
        share = math.log(inside / self.low) / math.log(self.high / self.low)
        return round(self.left + share * (self.right - self.left), 1)


def lines_of(text: str, width: float, size: float = 14) -> list[str]:
    """Return a text as lines that fit into a width."""
    return wrap(text, max(10, int(width / (size * _LETTER))), break_long_words=False) or [""]


def _theme(theme: Theme) -> str:
    return (
        f".ground,.halo{{fill:{theme.background}}}.text{{fill:{theme.text}}}.muted{{fill:{theme.muted}}}"
        f".stroke,.strong{{stroke:{theme.line}}}.fill-stroke{{fill:{theme.line}}}.strong{{stroke:{theme.text}}}.fill-strong{{fill:{theme.text}}}"
        f".guide{{stroke:{theme.line};stroke-width:1}}.card{{fill:{theme.background};stroke:{theme.line}}}.band{{fill:{theme.band}}}.beyond{{fill:{theme.beyond}}}.ink{{fill:{theme.text}}}"
        f".unsure{{fill:{theme.line}}}"
    )


_STYLE = (
    ".stroke{stroke-width:1.5}.strong{stroke-width:2}.dashed{stroke-dasharray:5 4}"
    + _theme(LIGHT)
    + "".join(
        f".{status}{{fill:{color}}}.line-{status}{{stroke:{color};stroke-width:7}}"
        for status, color in STATUS_COLORS.items()
    )
    + f"@media (prefers-color-scheme:dark){{{_theme(DARK)}}}"
)
