"""One result on its own scale, to scale, as inline SVG.

It shows the value or its interval, the limits that applied, and the laboratory's own interval.

It needs no style sheet: its colors are those of the light theme. A style sheet with its classes (`display/style.py`)
may change them.
"""

from __future__ import annotations

from b12labs.answer.parts import AppliedLimit, Result, unbounded
from b12labs.answer.values import display_unit, shown_value, span
from b12labs.display.markup import joined
from b12labs.display.palette import LIGHT
from b12labs.display.scale import Scale, Stretch, ends, scale_of, stretches
from b12labs.logic.expressions import INF
from b12labs.reference.unit_labels import unit_label

__all__ = ["compared_words", "in_words", "strip"]

WIDTH = 420
#: Space at each end for the arrow of a value without a bound there.
MARGIN = 14
TOP, THICK = 18, 18
MIDDLE = TOP + THICK / 2
LETTER = 6.6
ROW = 15
FILLS = {
    "low": LIGHT.beyond,
    "high": LIGHT.beyond,
    "adequate": LIGHT.band,
    "within": LIGHT.band,
    "grey": LIGHT.background,
    "open": LIGHT.background,
}


def strip(result: Result) -> str:
    """Return the SVG of a result; empty if it is not a number, or has no limit or interval to be compared with."""
    nothing_beside = not result.limits and result.reference_low is None and result.reference_high is None
    if nothing_beside or (result.low == 0 and result.high is None):
        return ""
    scale = scale_of(result)
    parts = stretches(result, scale)
    body = [""] + [_stretch(scale, part) for part in parts]
    body.append(_rectangle("b12-frame", MARGIN, TOP, WIDTH - 2 * MARGIN, "none", stroke=LIGHT.line))
    body += [
        f'<path class="b12-tick" d="M{_x(scale, at)} {TOP}v{THICK + 6}" stroke="{LIGHT.text}"/>'
        for at, _ in _ticks(result)
    ]
    labels, rows = _labels(scale, _ticks(result), unit_label(display_unit(result)[0]), TOP + THICK + 17)
    own, low_edge = _laboratory(result, scale, TOP + THICK + 10 + rows * ROW)
    body += [labels, own, _value(result, scale)]
    height = round(low_edge + 6)
    body[0] = f'<rect class="b12-ground" width="{WIDTH}" height="{height}" fill="{LIGHT.background}"/>'
    words = joined(in_words(result, parts))
    return (
        f'<svg class="b12-strip" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img" '
        f'aria-label="{words}" '
        f'font-family="sans-serif" font-size="12"><title>{joined(result.label)} on its '
        f"scale</title><desc>{words}</desc>{''.join(body)}</svg>"
    )


def in_words(result: Result, parts: list[Stretch] | None = None) -> str:
    """Return the strip of a result in words, for readers who do not see it."""
    said = [f"{result.label} {shown_value(result)}"]
    said += compared_words(result)
    said += [f"{limit}, {limit.source_name}" for limit in result.limits] or ["no limit applied to this patient"]
    if result.reference_low is not None or result.reference_high is not None:
        said.append(f"the laboratory's own interval is {span(result, _own(result))}")
    kind = "logarithmic" if scale_of(result).logarithmic else "linear"
    stretched = ", ".join(part.words for part in parts or () if part.words)
    return "; ".join(said) + f". A {kind} scale" + (f", from low to high values: {stretched}." if stretched else ".")


def compared_words(result: Result) -> list[str]:
    """Return a line on the value that is compared with the limits, if it is not the result itself."""
    if result.compared is None:
        return []
    why = "minus the effect of elevation and smoking" if result.analyte == "hemoglobin" else "bounded by other results"
    hollow = " (hollow: as given)" if result.low == result.high else ""
    return [f"Compared as {span(result, ends(result))}, {why}{hollow}"]


def _own(result: Result) -> tuple[float, float]:
    return result.reference_low or 0.0, unbounded(result.reference_high)


def _x(scale: Scale, value: float) -> float:
    return round(MARGIN + scale.position(value) * (WIDTH - 2 * MARGIN), 1)


def _rectangle(name: str, left: float, top: float, width: float, fill: str, stroke: str = "none") -> str:
    return (
        f'<rect class="{name}" x="{left}" y="{top}" width="{round(width, 1)}" height="{THICK}" fill="{fill}" '
        f'stroke="{stroke}"/>'
    )


def _stretch(scale: Scale, part: Stretch) -> str:
    left, right = _x(scale, part.low), _x(scale, part.high)
    drawn = _rectangle(f"b12-{part.meaning}", left, TOP, right - left, FILLS[part.meaning])
    if part.meaning == "open":
        drawn += _hatching(left, right)
    if part.words and len(part.words) * LETTER <= right - left:
        x = round((left + right) / 2, 1)
        drawn += (
            f'<text class="b12-words" x="{x}" y="{TOP - 6}" text-anchor="middle" '
            f'fill="{LIGHT.muted}">{joined(part.words)}</text>'
        )
    return drawn


def _hatching(left: float, right: float) -> str:
    """Return slanted strokes that fill a stretch in which the limit itself may lie."""
    strokes = []
    start = left - THICK
    while start < right:
        first, last = max(start, left), min(start + THICK, right)
        if last > first:
            strokes.append(
                f"M{first:.1f} {TOP + THICK - (first - start):.1f}L{last:.1f} {TOP + THICK - (last - start):.1f}"
            )
        start += 6
    return f'<path class="b12-hatch" d="{"".join(strokes)}" stroke="{LIGHT.muted}" fill="none"/>'


def _ticks(result: Result) -> list[tuple[float, str]]:
    """Return every bound of every limit in the canonical unit with its number as printed, in order."""
    _, scale = display_unit(result)
    found = {end: f"{end / scale:.4g}" for limit in result.limits for end in _bounds(limit)}
    return sorted(found.items())


def _bounds(limit: AppliedLimit) -> list[float]:
    return [end for end in (limit.low, limit.high) if end]


def _labels(scale: Scale, ticks: list[tuple[float, str]], unit: str, top: float) -> tuple[str, int]:
    """Return the numbers under their ticks and their unit, in rows that keep neighbors apart, and the row count."""
    filled: list[float] = []
    drawn = []
    for at, text in ticks:
        half = len(text) * LETTER / 2 + 2
        x = min(max(_x(scale, at), half), WIDTH - half)
        row = next((place for place, end in enumerate(filled) if x - half > end), len(filled))
        filled[row : row + 1] = [x + half]
        y = top + row * ROW
        drawn.append(
            f'<text class="b12-number" x="{x:.1f}" y="{y}" text-anchor="middle" '
            f'fill="{LIGHT.text}">{joined(text)}</text>'
        )
    if not ticks:
        return "", 0
    x = WIDTH - len(unit) * LETTER - 2
    row = next((place for place, end in enumerate(filled) if x > end), len(filled))
    drawn.append(
        f'<text class="b12-words" x="{WIDTH}" y="{top + row * ROW}" text-anchor="end" '
        f'fill="{LIGHT.muted}">{joined(unit)}</text>'
    )
    return "".join(drawn), max(len(filled), row + 1)


def _laboratory(result: Result, scale: Scale, top: float) -> tuple[str, float]:
    """Return the laboratory's own interval as a bracket with its words, and its lower edge."""
    if result.reference_low is None and result.reference_high is None:
        return "", top
    low, high = _own(result)
    left, right = _x(scale, low), _x(scale, high)
    y = top + 6
    caps = f"M{left} {y - 3}v6" * (low > 0) + f"M{right} {y - 3}v6" * (high < INF)
    words = f"laboratory {span(result, (low, high))}"
    half = len(words) * LETTER / 2
    x = min(max((left + right) / 2, half), WIDTH - half)
    return (
        f'<path class="b12-laboratory" d="M{left} {y}H{right}{caps}" stroke="{LIGHT.muted}" fill="none"/>'
        f'<text class="b12-words" x="{x:.1f}" y="{y + 15}" text-anchor="middle" '
        f'fill="{LIGHT.muted}">{joined(words)}</text>'
    ), y + 16


def _value(result: Result, scale: Scale) -> str:
    """Return the mark of the compared value, and a hollow mark at the original result if the two differ."""
    mark = _mark(*ends(result), scale)
    if result.compared is None or result.low != result.high:
        return mark
    x = _x(scale, result.low)
    return (
        f'<circle class="b12-given" cx="{x}" cy="{MIDDLE}" r="5" fill="{LIGHT.background}" stroke="{LIGHT.text}" '
        f'stroke-width="2"/>{mark}'
    )


def _mark(low: float, high: float, scale: Scale) -> str:
    left, right = _x(scale, low), _x(scale, high)
    if low == high:
        return (
            f'<path class="b12-value" d="M{left} {TOP - 4}l6 6v{THICK - 4}l-6 6l-6 -6v-{THICK - 4}z" '
            f'fill="{LIGHT.text}" '
            f'stroke="{LIGHT.background}" stroke-width="1.5"/>'
        )
    tips = f"M{MARGIN} {MIDDLE - 6}l-11 6l11 6z" * (low == 0) + f"M{WIDTH - MARGIN} {MIDDLE - 6}l11 6l-11 6z" * (
        high == INF
    )
    caps = f"M{left - 1.5} {TOP - 2}h3v{THICK + 4}h-3z" * (low > 0) + f"M{right - 1.5} {TOP - 2}h3v{THICK + 4}h-3z" * (
        high < INF
    )
    return (
        f'<path class="b12-value" d="M{left} {MIDDLE - 2.5}H{right}v5H{left}z{tips}{caps}" fill="{LIGHT.text}" '
        f'stroke="{LIGHT.background}" stroke-width="0.5"/>'
    )
