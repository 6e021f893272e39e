"""The decision path of each guideline to the status: a picture with limits and cases, and the same in words."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from b12labs.answer.words import HEADLINES, STATUS_LABELS
from b12labs.catalogue.entries import ADULT_AGE, CatalogueEntry, GuidelineLimit, catalogue
from b12labs.limits.strata import PREGNANCIES, SEXES
from b12labs.limits.stratified import canonical, limits_of, printed
from b12labs.logic.language import Case
from b12labs.reference import Guideline, Pregnancy, analytes, guideline, guideline_keys, sources
from b12labs.rules import FINDINGS_OF, b12_status, metabolites
from site_pages import conditions
from site_pages.drawing import Picture, Scale, lines_of
from site_pages.headings import slug

__all__ = ["drawn_limits", "page", "picture"]

_WIDTH, _CARD, _LINE, _EDGE = 920.0, 640.0, 19.0, 24.0
#: The analytes of the scales, with the ends of each scale in its canonical unit, and the limits on it.
_SCALES = (
    ("b12", (50, 1500), ("b12_deficient", "b12_adequate")),
    ("holotc", (10, 250), ("holotc_deficient", "holotc_adequate")),
    ("mma", (0.1, 2), ("mma_raised", "mma_marked")),
    ("homocysteine", (5, 60), ("homocysteine_raised",)),
)
_OPEN = "A case that cannot be answered yet keeps its outcome possible, and the next question is asked too."

_HEAD = f"""# Decision paths

How each guideline reaches the status: `deficient`, `functional_deficiency`, `deficiency_unlikely` or `indeterminate`. All guidelines share one
reasoning, [`b12_status.py`](rules/b12_status.md). Each has its own limits; if it gives none, the limits of another profile are used. `make generated`
makes this page and its pictures from the rules.

- Limits are as printed, for a woman of {ADULT_AGE:g} who is not pregnant. For a guideline of pregnancy, they are those of the first trimester.
- The first case that applies decides. {_OPEN} If more than one outcome is possible, the status is
  `indeterminate`, with the tests that would settle it. If no marker of B12 status was measured, it is `not_assessed`.
- "Unless known" names a condition that overturns the answer. It applies once it is known. Until then it is listed under `overturned_by`:
  [how it decides](how-it-decides.md#an-answer-lists-what-could-overturn-it).
"""


def page() -> str:
    """Return docs/decision-paths.md."""
    parts = [
        _HEAD,
        "## Guidelines\n",
        *(f"- [{guideline(key).title}](#{slug(guideline(key).title)})" for key in guideline_keys()),
    ]
    for key in guideline_keys():
        parts += ["", *_section(guideline(key))]
    return "\n".join(parts) + "\n"


def _section(own: Guideline) -> Iterator[str]:
    yield f"## {own.title}"
    yield (
        f'\n`guideline="{own.key}"`, from {sources()[own.source].title}. Limits for {_patient(own.key)}; checked: '
        f"{own.checked}.{_left_out(own)}"
    )
    yield (
        f"\n[![Decision path of {own.key}; the same in words is below the "
        f"picture](images/paths/{own.key}.svg)](images/paths/{own.key}.svg)"
    )
    yield f'\n<details markdown="1">\n<summary>{own.key} in words</summary>\n'
    yield from (f"- {text}" for text in _limit_lines(own.key))
    for place, case in enumerate(b12_status.status.cases, 1):
        yield f"\n**{place}. {case.says}** If so: {STATUS_LABELS[case.outcome].casefold()}.\n"
        yield from (f"{'    ' * depth}- {line}" for depth, line in _lines(case, own.key))
    yield (
        f"\n**Otherwise** {STATUS_LABELS['indeterminate'].casefold()}. {b12_status.status.otherwise.says} "
        f"{_second(own)}\n\n</details>"
    )


def _left_out(own: Guideline) -> str:
    """Return a sentence about the limits that the guideline does not cover, and their sources."""
    used = ", ".join(f"`{each}`" for each in own.uses)
    return f" It does not cover {own.leaves_out}: those limits come from the first of {used}." if own.leaves_out else ""


def picture(key: str) -> str:
    """Return one guideline's decision path as SVG."""
    own = guideline(key)
    drawn = Picture(_WIDTH, f"Decision path: {own.title}", " ".join(_words(own)))
    y = 34.0
    drawn.text(_EDGE, y, own.title, size=18, bold=True)
    y += 22
    drawn.text(_EDGE, y, f"guideline {key} [{own.checked}] · limits for {_patient(key)}", kind="muted", size=13)
    y = _draw_scales(drawn, key, y + 18)
    for place, case in enumerate(b12_status.status.cases, 1):
        y = _draw_case(drawn, place, case, key, y)
    _draw_end(drawn, own, y)
    return drawn.svg()


def _words(own: Guideline) -> Iterator[str]:
    yield "The status is the first case that applies."
    for place, case in enumerate(b12_status.status.cases, 1):
        yield f"{place}. {case.says}"
    yield f"Otherwise: {b12_status.status.otherwise.says}"
    yield "; ".join(_limit_lines(own.key)) + "."


@cache
def _rules() -> tuple[CatalogueEntry, ...]:
    return catalogue()


@cache
def drawn_limits(key: str) -> dict[str, GuidelineLimit]:
    """Return a guideline's limits by name, for the patient of its picture.

    A limit that exists only in pregnancy is that of pregnancy.
    """
    found = {limit.name: limit for entry in _rules() for limit in entry.limits if limit.guideline == key}
    own = limits_of(key)
    for name, limit in found.items():
        if name in own.by_name and (_pregnancy(key) != "none" or not limit.values):
            rows = own.rows(name, _stratum(key)) or own.rows(name, _stratum(key, "first"))
            if rows:
                row = rows[0][1]
                values = tuple(f"{value.interval[0]:g} {value.unit}" for value in row.values if value.value is not None)
                cited = {
                    "source": row.source,
                    "source_name": sources()[row.source].short,
                    "checked": row.checked,
                    "note": row.note or "",
                }
                found[name] = limit.model_copy(update={"values": values, **cited})
    return found


def _pregnancy(key: str) -> Pregnancy:
    """Return the pregnancy of the patient: none, or the guideline's first."""
    states = guideline(key).population.pregnancy
    return "none" if states is None or "none" in states else states[0]


def _stratum(key: str, pregnancy: Pregnancy | None = None) -> int:
    strata = limits_of(key).strata
    state = PREGNANCIES.index(pregnancy or _pregnancy(key))
    number: int = strata.number(strata.band(ADULT_AGE, ADULT_AGE), SEXES.index("female"), state)
    return number


def _patient(key: str) -> str:
    state = _pregnancy(key)
    return (
        f"a woman of {ADULT_AGE:g} who is not pregnant"
        if state == "none"
        else f"a woman of {ADULT_AGE:g} in the {state} trimester"
    )


def _lines(case: Case, key: str) -> list[tuple[int, str]]:
    made = conditions.tree(case.when, FINDINGS_OF[b12_status], closed=[metabolites.functional_deficiency])
    return list(conditions.lines(made, drawn_limits(key)))


def _limit_lines(key: str) -> Iterator[str]:
    """Yield a line for each limit: its name, value and source."""
    for _, _, names in _SCALES:
        for name in names:
            limit = drawn_limits(key)[name]
            yield f"{analytes()[limit.analyte].label}, {limit.means}: {conditions.printed(limit)}{_whose(limit)}"


def _whose(limit: GuidelineLimit) -> str:
    named = f" ({limit.source_name})" if limit.source_name else ""
    return f"{named} [{limit.checked}]" if limit.checked else named


def _second(own: Guideline) -> str:
    tests = [analytes()[name].label for name in own.second_tests]
    return f"Asked for next: {', then '.join(tests)}." if tests else ""


def _draw_scales(drawn: Picture, key: str, top: float) -> float:
    """Draw a scale for each analyte, with its limits, and return the position of the end."""
    y = top
    for analyte, (low, high), names in _SCALES:
        scale = Scale(low, high, _EDGE + 110, _EDGE + 335)
        known = [(name, at) for name in names if (at := _position(key, name)) is not None]
        drawn.text(_EDGE, y + 25, analytes()[analyte].label, bold=True)
        for start, end, kind in _stretches(analyte, [scale.at(at) for _, at in known], scale):
            drawn.box(start, y + 12, end - start, 16, kind, round_by=0)
        drawn.line(scale.left, y + 28, scale.right, y + 28)
        for _, at in known:
            drawn.line(scale.at(at), y + 6, scale.at(at), y + 34, "strong")
        for row, (name, _) in enumerate(known):
            limit = drawn_limits(key)[name]
            relation = (
                "low below"
                if name.endswith("deficient")
                else "adequate above"
                if name.endswith("adequate")
                else "raised above"
            )
            relation = "with reduced kidney function above" if name.endswith("marked") else relation
            text = f"{relation} {conditions.printed(limit)}{_whose(limit)}"
            drawn.text(scale.right + 16, y + (25 if len(known) == 1 else 16 + row * 18), text, size=12.5)
        y += 46
    return y + 10


def _position(key: str, name: str) -> float | None:
    """Return the value of a limit in its analyte's canonical unit, or None if the guideline has none."""
    own = limits_of(key)
    rows = own.rows(name, _stratum(key))
    analyte = own[name].analyte
    return canonical(analyte, printed(analyte, rows[0][1].values, substance=False))[0] if rows else None


def _stretches(analyte: str, at: list[float], scale: Scale) -> Iterator[tuple[float, float, str]]:
    """Yield the stretches of a scale: beyond a limit, open, and usual."""
    edges = [scale.left, *sorted(at), scale.right]
    low_counts = analyte in ("b12", "holotc")
    kinds = (
        {1: ["beyond", "band"], 2: ["beyond", "halo", "band"]}
        if low_counts
        else {1: ["band", "beyond"], 2: ["band", "beyond", "beyond"]}
    )
    if at:
        yield from zip(edges, edges[1:], kinds[len(at)], strict=False)


def _draw_case(drawn: Picture, place: int, case: Case, key: str, top: float) -> float:
    """Draw one case and its outcome, and return the position of the next."""
    question = lines_of(f"{place}. {case.says}", _CARD - 32, 15)
    listed = [
        (depth, part, row)
        for depth, text in _lines(case, key)
        for row, part in enumerate(lines_of(text, _CARD - 60 - depth * 18, 13))
    ]
    height = 22 + len(question) * 21 + len(listed) * _LINE + 6
    drawn.box(_EDGE, top, _CARD, height, "card")
    y = top + 26
    for line in question:
        drawn.text(_EDGE + 16, y, line, size=15, bold=True)
        y += 21
    for first, last, depth in _groups([(depth, row) for depth, _, row in listed]):
        x = _EDGE + 23 + depth * 18
        drawn.line(x, y + first * _LINE + 5, x, y + last * _LINE + 2, "guide")
    for depth, text, row in listed:
        heading = text.endswith(" of:")
        x = _EDGE + 20 + depth * 18
        if not heading and row == 0:
            drawn.dot(x + 2, y - 4.5, "ink", radius=2)
        drawn.text(x if heading else x + 10, y, text, size=13, kind="muted" if heading else "text")
        y += _LINE
    middle = top + height / 2
    right = _EDGE + _CARD
    drawn.arrow(right, middle, right + 50, middle)
    drawn.text(right + 22, middle - 8, "yes", size=13, anchor="middle")
    _draw_outcome(drawn, right + 54, middle, case.outcome)
    drawn.arrow(_EDGE + 60, top + height, _EDGE + 60, top + height + 34)
    drawn.text(_EDGE + 72, top + height + 21, "no, or not yet known", size=13)
    return top + height + 38


def _groups(rows: list[tuple[int, int]]) -> Iterator[tuple[int, int, int]]:
    """Yield the first and the last line of every group, and its indentation."""
    for first, (depth, continued) in enumerate(rows):
        last = first
        while last + 1 < len(rows) and rows[last + 1][0] > depth:
            last += 1
        if last > first and not continued:
            yield first, last, depth


def _draw_outcome(drawn: Picture, x: float, middle: float, status: str) -> None:
    """Draw an outcome: a bar in its color, and its name."""
    lines = lines_of(STATUS_LABELS[status], 140, 15)
    height = 24 + len(lines) * 20
    drawn.box(x, middle - height / 2, _WIDTH - _EDGE - x, height, "card")
    drawn.box(x, middle - height / 2, 10, height, status, round_by=4)
    for row, line in enumerate(lines):
        drawn.text(x + 22, middle - height / 2 + 27 + row * 20, line, size=15, bold=True)


def _draw_end(drawn: Picture, own: Guideline, top: float) -> None:
    texts = [
        b12_status.status.otherwise.says,
        _second(own),
        f"{HEADLINES['not_assessed']}: if no marker of B12 status was measured.",
        _OPEN,
    ]
    lines = [line for text in texts if text for line in lines_of(text, _CARD - 40, 13)]
    height = 22 + len(lines) * _LINE
    drawn.box(_EDGE, top, _CARD, height, "card")
    for row, line in enumerate(lines):
        drawn.text(_EDGE + 16, top + 26 + row * _LINE, line, size=13)
    drawn.arrow(_EDGE + _CARD, top + height / 2, _EDGE + _CARD + 50, top + height / 2)
    _draw_outcome(drawn, _EDGE + _CARD + 54, top + height / 2, "indeterminate")
    drawn.height = top + height + 24
