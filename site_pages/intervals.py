"""The pictures of how-it-decides.md.

They show values as intervals against a limit, a limit that depends on the patient, and the effect of one more result.
Every answer in them is from `interpret`, and every limit is the guideline's.
"""

from __future__ import annotations

from collections.abc import Sequence

from b12labs import interpret
from b12labs.answer.parts import Result, unbounded
from b12labs.answer.words import STATUS_LABELS
from b12labs.limits.strata import SEXES
from b12labs.limits.stratified import limits_of
from b12labs.logic.scalars import ANYTHING
from b12labs.reference import analytes, guideline, sources
from site_pages.drawing import Picture, Scale, lines_of

__all__ = ["one_more_result", "three_answers", "who_it_is"]

GUIDELINE = "nice-ng239"
_EDGE, _NAME, _RIGHT, _ROW = 24.0, 190.0, 560.0, 44.0
_ANSWERS = {True: ("yes", "deficient"), False: ("no", "deficiency_unlikely"), None: ("cannot tell", "indeterminate")}


def three_answers() -> str:
    """Return the picture of one question to six results, as SVG."""
    own = limits_of(GUIDELINE)
    stratum = own.strata.number(own.strata.band(40, 40), SEXES.index("male"), 0)
    limit = own["b12_deficient"].at(stratum, substance=False)
    unit = analytes()["b12"].unit
    drawn, scale, y = _begin(
        f"Is B12 below {limit[0]:g} {unit}?",
        f"The limit of {sources()[guideline(GUIDELINE).source].short}, for an adult. A result is the interval of "
        f"values it can be.",
        "B12",
        unit,
        (50, 2000),
        (50, 100, 200, 500, 1000, 2000),
        limit,
        rows=6,
    )
    for given in ("145 pg/mL", "<150 pg/mL", "<300 pg/mL", "250 pg/mL", ">2000 pg/mL", None):
        given_as = {"b12": given} if given else {"hemoglobin": "140 g/L"}
        result = interpret(age=40, sex="male", guideline=GUIDELINE, **given_as)  # type: ignore[arg-type] # values by name
        read = result.results.get("b12")
        interval = ANYTHING if read is None else _interval(read)
        _row(drawn, scale, y, given or "not measured", interval, result.findings["low_total_b12"].state)
        y += _ROW
    return drawn.svg()


def who_it_is() -> str:
    """Return the picture of a limit that depends on sex, as SVG."""
    own, given = limits_of(GUIDELINE), "125 g/L"
    source = sources()[own.rows("hemoglobin_low", own.strata.number(own.strata.band(40, 40), 0, 0))[0][1].source].short
    drawn, scale, y = _begin(
        f"Is there anemia at a hemoglobin of {given}?",
        f"{source} has a limit for women and one for men. If sex is not known, the limit is the interval of both.",
        "Hemoglobin",
        analytes()["hemoglobin"].unit,
        (100, 160),
        (100, 110, 120, 130, 140, 150, 160),
        None,
        rows=3,
    )
    for place, name in enumerate(("woman of 40", "man of 40", "sex not known")):
        sex = SEXES[place]
        limit = own["hemoglobin_low"].at(own.strata.number(own.strata.band(40, 40), place, 0), substance=False)
        result = interpret(hemoglobin=given, age=40, sex=sex, pregnant="no", guideline=GUIDELINE)
        _row(drawn, scale, y, name, _interval(result.results["hemoglobin"]), result.findings["anemia"].state, limit)
        y += _ROW
    return drawn.svg()


def one_more_result() -> str:
    """Return the picture of the effect of one more result, as SVG."""
    first, width = "250 pg/mL", 860.0
    known = {"b12": first, "age": 40, "sex": "male", "guideline": GUIDELINE}
    start = interpret(**known)  # type: ignore[arg-type] # one dict of several kinds of values
    drawn = Picture(width, f"After a B12 of {first}, one more result settles the status", "")
    drawn.text(_EDGE, 34, drawn.title, size=18, bold=True)
    drawn.text(_EDGE, 56, f"A man of 40, by {sources()[guideline(GUIDELINE).source].short}.", kind="muted", size=13)
    y = top = 78.0
    _outcome(drawn, _EDGE, top + 84, 250, f"B12 {first}", start.status)
    drawn.line(_EDGE + 250, top + 118, _EDGE + 290, top + 118)
    said = [f"B12 {first}: {_label(start.status)}."]
    for name, value in (("mma", "0.62 umol/L"), ("mma", "0.15 umol/L"), ("holotc", "18 pmol/L")):
        result = interpret(**known, **{name: value})  # type: ignore[arg-type] # likewise
        words = f"{analytes()[name].label} {value}"
        drawn.line(_EDGE + 290, top + 118, _EDGE + 290, y + 34)
        drawn.arrow(_EDGE + 290, y + 34, _EDGE + 330, y + 34)
        _outcome(drawn, _EDGE + 334, y, 250, f"and {words}", result.status)
        some, more = result.overturned_by[:2], len(result.overturned_by[2:])
        open_yet = f"Could overturn it: {'; '.join(some) or 'no open question'}{f'; and {more} more' if more else ''}."
        for row, line in enumerate(lines_of(open_yet, 240, 12.5)):
            drawn.text(_EDGE + 600, y + 20 + row * 17, line, size=12.5, kind="muted")
        said.append(f"With {words}: {_label(result.status)}. {open_yet}")
        y += 84
    drawn.description = " ".join(said)
    drawn.height = y + 10
    return drawn.svg()


def _interval(result: Result) -> tuple[float, float]:
    return result.low, unbounded(result.high)


def _label(status: str) -> str:
    return STATUS_LABELS[status].casefold()


def _outcome(drawn: Picture, x: float, y: float, width: float, given: str, status: str) -> None:
    drawn.box(x, y, width, 68, "card")
    drawn.box(x, y, 10, 68, status, round_by=4)
    drawn.text(x + 24, y + 27, given)
    drawn.text(x + 24, y + 51, STATUS_LABELS[status], size=16, bold=True)


def _begin(
    title: str,
    subtitle: str,
    label: str,
    unit: str,
    ends: tuple[float, float],
    ticks: Sequence[float],
    limit: tuple[float, float] | None,
    *,
    rows: int,
) -> tuple[Picture, Scale, float]:
    """Return a picture with its title and scale, the scale, and the position of the first row."""
    drawn = Picture(760, title, subtitle)
    scale = Scale(*ends, _NAME, _RIGHT)
    drawn.text(_EDGE, 34, title, size=18, bold=True)
    drawn.text(_EDGE, 56, subtitle, kind="muted", size=13)
    top, bottom = 82.0, 82.0 + rows * _ROW
    if limit is not None:
        drawn.box(scale.left, top, scale.at(limit[0]) - scale.left, bottom - top, "beyond", round_by=0)
        drawn.line(scale.at(limit[0]), top - 6, scale.at(limit[0]), bottom + 6, "strong")
    drawn.text(_RIGHT + 40, top - 4, "answer", kind="muted", size=13)
    drawn.line(scale.left, bottom, scale.right, bottom)
    for tick in ticks:
        drawn.line(scale.at(tick), bottom, scale.at(tick), bottom + 5)
        drawn.text(scale.at(tick), bottom + 20, f"{tick:g}", size=12.5, anchor="middle", kind="muted")
    drawn.text(_EDGE, bottom + 20, f"{label}, {unit}", size=12.5, kind="muted")
    drawn.height = bottom + 36
    return drawn, scale, top


def _row(
    drawn: Picture,
    scale: Scale,
    y: float,
    name: str,
    value: tuple[float, float],
    state: bool | None,
    limit: tuple[float, float] | None = None,
) -> None:
    """Draw one result as a dot or a bar with arrows at open ends, and the answer in words."""
    low, high = value
    middle = y + _ROW / 2
    answer, color = _ANSWERS[state]
    drawn.text(_EDGE, middle + 5, name)
    if limit is not None:
        drawn.box(scale.left, y + 6, scale.at(limit[0]) - scale.left, _ROW - 12, "beyond", round_by=0)
        wide = max(2, scale.at(limit[1]) - scale.at(limit[0]))
        drawn.box(scale.at(limit[0]), y + 6, wide, _ROW - 12, "ink" if limit[0] == limit[1] else "unsure", round_by=0)
    if low == high:
        drawn.dot(scale.at(low), middle, color, radius=8)
    else:
        left, right = scale.at(max(low, scale.low)), scale.at(high)
        if high > scale.high:
            right = scale.right + 14
        left = scale.left - 14 if low < scale.low else left
        drawn.line(left, middle, right, middle, f"line-{color}")
        for end, inside in ((left, low >= scale.low), (right, high <= scale.high)):
            turn = 1 if end == right else -1
            if inside:
                drawn.line(end, middle - 9, end, middle + 9, "strong")
            else:
                drawn.triangle(end, middle, turn, color)
    drawn.description += f" {name}: {answer}."
    drawn.dot(_RIGHT + 47, middle, color, radius=6)
    drawn.text(_RIGHT + 62, middle + 5, answer, bold=True)
