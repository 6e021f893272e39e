"""Write docs/validation.md and its figure from NHANES and the published cases.

    python -m validation.page NHANES.csv.gz CASES.json docs

The files are those of `nhanes.py` and `published_cases.py`.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from b12labs.answer.words import STATUS_LABELS
from b12labs.reference import analytes, guideline, guideline_keys
from site_pages.drawing import Picture
from site_pages.headings import slug
from validation import nhanes, published_cases, repeat_draws

__all__ = ["write"]

#: The name of each figure, and its description.
FIGURES = {
    "b12_below_148_pmol_per_L": "B12 below 148 pmol/L",
    "b12_below_221_pmol_per_L": "B12 below 221 pmol/L",
    "b12_below_180_pg_per_mL": "B12 below 180 pg/mL",
    "b12_180_to_350_pg_per_mL": "B12 from 180 to 350 pg/mL",
    "mma_above_0.271_umol_per_L": "MMA above 0.271 umol/L",
    "homocysteine_above_15_umol_per_L": "Homocysteine above 15 umol/L",
    "mcv_above_100_fL": "MCV above 100 fL",
    "anemia_who_2024_not_pregnant_sea_level_nonsmoker": "Anemia (WHO 2024), not pregnant, as at sea level and not "
    "smoking",
    "of_those_severe_below_80_g_per_L": "of these, severe (below 80 g/L)",
    "of_b12_below_148_not_pregnant_neither_anemia_nor_mcv_above_100": "of those with B12 below 148 pmol/L, neither "
    "anemia nor MCV above 100 fL",
}
_DRAWN = ("deficient", "functional_deficiency", "indeterminate")
_HEAD = """# Validation

b12labs is compared with a national survey and with published cases. This page is written by `python -m validation.page`, from files that are not
part of the project; the tests run the same comparison if the files are available. `notebooks/nhanes_file.py` makes the survey's file from the files that
you download from its site, without the medicines. [The NHANES notebook](notebooks/nhanes.md) shows more of the same people.
[Limits](limits.md#what-it-was-tested-on) describes the limits of this comparison.
"""


def write(survey: Path, cases: Path, folder: Path) -> None:
    """Write the page and its figure into the folder of the documentation."""
    table = nhanes.read(survey)
    counts = nhanes.status_by_guideline(table)
    done = [(case, published_cases.run(case)) for case in json.loads(cases.read_text(encoding="utf-8"))]
    lines = [_HEAD, *_survey(nhanes.figures(table), counts), "", *_repeats(survey), "", *_cases(done)]
    (folder / "validation.md").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    (folder / "images/nhanes-status.svg").write_text(_picture(counts), encoding="utf-8", newline="\n")


def _survey(figures: dict[str, dict[str, float]], counts: dict[str, dict[str, int]]) -> list[str]:
    adults = sum(next(iter(counts.values()))[status] for status in nhanes.STATUSES)
    few = min(counts.values(), key=lambda each: each["deficient"])["deficient"]
    many = max(counts.values(), key=lambda each: each["deficient"])["deficient"]
    lines = [
        "## A national survey: NHANES 1999 to 2002",
        "",
        f"The [National Health and Nutrition Examination Survey](https://wwwn.cdc.gov/nchs/nhanes/) of the United "
        f"States measured B12, MMA, "
        f"homocysteine and the blood count of the same people. These are its {adults:,} adults of 20 years and over "
        f"with at least one of B12, MMA, "
        "homocysteine and hemoglobin.",
        "",
        "**Guidelines disagree about the same results.** These adults were not examined for B12 deficiency, so this "
        "does not show which guideline is right. It shows "
        f"how much the choice matters: by one guideline {few} of them are deficient, by another {many}.",
        "",
        "[![Adults by status and guideline; the numbers are in the table "
        "below](images/nhanes-status.svg)](images/nhanes-status.svg)",
        "",
        "| guideline | deficient | functional | unlikely | indeterminate | not assessed | would be treated |",
        f"|---|{'---:|' * (len(nhanes.STATUSES) + 1)}",
        *(
            f"| [{key}](decision-paths.md#{slug(guideline(key).title)}) | "
            f"{' | '.join(f'{count:,}' for count in each.values())} |"
            for key, each in counts.items()
        ),
        "",
        "**Each rule finds the right adults.** The tests compare these counts, to the last person, with counts "
        "computed from the survey's own "
        "table without b12labs. Weighted figures represent the population of the United States.",
        "",
        "| figure | adults with the results | cases | % | weighted % |",
        "|---|---:|---:|---:|---:|",
    ]
    for name, figure in figures.items():
        cells = [f"{figure['n']:,}" if "n" in figure else "", f"{figure['cases']:,}"]
        cells += [f"{figure[key]:.1f}" if key in figure else "" for key in ("unweighted_percent", "weighted_percent")]
        lines.append(f"| {FIGURES[name]} | {' | '.join(cells)} |")
    return lines


def _repeats(survey: Path) -> list[str]:
    found = [repeat_draws.calibration(survey, key) for key in guideline_keys()]
    lines = [
        "## Would it be the same at another draw?",
        "",
        "The [certainty](certainty.md) of answers was tested on the same survey, by simulation. Each adult's results are "
        "taken as their own "
        "levels, and two draws vary around them, by the within-person CVs published for NHANES's repeat examinations "
        "(a median of 17 days apart: "
        + ", ".join(f"{analytes()[key].label} {cv:g} %" for key, cv in repeat_draws.NHANES.items())
        + "). The first draw is interpreted and called robust or borderline, and the second shows whether the status is "
        "the same. This is done with "
        "the smaller, short-term CVs that b12labs ships, and with NHANES's own.",
        "",
        "| guideline | robust | same again | borderline | same again | robust, own CVs | same again | borderline, "
        "own CVs | same again |",
        f"|---|{'---:|' * 8}",
    ]
    for row in found:
        cells = [row[f"{what}_{name}"] for name in ("published", "nhanes") for what in ("robust", "borderline")]
        lines.append(
            f"| {row['guideline']} | " + " | ".join(f"{cell['rows']:,} | {cell['same']:.1%}" for cell in cells) + " |"
        )
    least = min(row["robust_published"]["same"] for row in found)
    lines += [
        "",
        f"By every guideline, at least {least:.1%} of the statuses called robust are the same at the second draw.",
    ]
    return lines


def _cases(done: list[tuple[dict[str, Any], dict[str, Any]]]) -> list[str]:
    results = [result for _, result in done]
    blood = [
        result["megaloblastic_anemia_right"] for result in results if result["megaloblastic_anemia_right"] is not None
    ]
    routes = [result["route_right"] for result in results if result["route_right"] is not None]
    lines = [
        "## Published cases",
        "",
        "Values and units are as printed, misprints included. A status is accepted if it is among those that the "
        "authors' verdict allows. A route is "
        "compared only if the authors gave one.",
        "",
        f"- Status accepted in {sum(result['accepted'] for result in results)} of {len(results)}.",
        f"- Megaloblastic anemia as in the report in {sum(blood)} of {len(blood)} with a blood count.",
        f"- Treatment route as in the report in {sum(routes)} of {len(routes)} compared.",
        f"- Required remarks that were missing: {sum(len(result['flags_missing']) for result in results)}.",
        "",
        "| case | status | accepted | megaloblastic anemia | route |",
        "|---|---|---|---|---|",
    ]
    words = {True: "yes", False: "no", None: "cannot tell"}
    for case, result in done:
        source = case["source"].replace("|", "\\|").replace("[", "(").replace("]", ")")
        link = f"[{source}]({case['url']})" if case.get("url") else source
        years = case.get("age_years")
        who = "child" if years is not None and years < 16 else {"F": "woman", "M": "man"}.get(case["sex"], "patient")
        right = {True: " (as theirs)", False: " (not as theirs)", None: ""}[result["route_right"]]
        cells = [
            f"{who}, {_age(years)}: {link}",
            STATUS_LABELS[result["status"]].casefold(),
            "yes" if result["accepted"] else "**no**",
            words[result["megaloblastic_anemia"]],
            result["route"].replace("_", " ") + right,
        ]
        lines.append(f"| {' | '.join(cells)} |")
    reread = [said for result in results for said in result["reread"]]
    if reread:
        lines += [
            "",
            f"Refused as printed, and read again in the usual unit, as after a call to the laboratory: "
            f"{'; '.join(reread)}.",
        ]
    return lines


def _age(years: float | None) -> str:
    if years is None:
        return "age not given"
    return f"{years * 12:.0f} months" if years < 2 else f"{years:g} years"


def _picture(counts: dict[str, dict[str, int]]) -> str:
    """Draw one bar per guideline: the numbers of deficient, functionally deficient and indeterminate adults."""
    left, right, row, top = 190.0, 560.0, 30.0, 104.0
    whole = sum(next(iter(counts.values()))[status] for status in nhanes.STATUSES)
    most = max(sum(each[status] for status in _DRAWN) for each in counts.values())
    drawn = Picture(880, "The same adults, by guideline", f"Of {whole:,} adults of NHANES 1999 to 2002, by guideline:")
    drawn.text(24, 34, drawn.title, size=18, bold=True)
    subtitle = (
        f"How many of {whole:,} adults of 20 years and over are not called unlikely (NHANES 1999 to 2002, not weighted)"
    )
    drawn.text(24, 56, subtitle, kind="muted", size=13)
    columns = [right + 80 + place * 110 for place in range(len(_DRAWN))]
    for x, status in zip(columns, _DRAWN, strict=True):
        label = {"functional_deficiency": "Functional"}.get(status, STATUS_LABELS[status])
        drawn.text(x, top - 10, label, size=13, anchor="end", bold=True)
        drawn.box(x - 12, top - 2, 12, 4, status, round_by=0)
    y = top + 8
    for key, each in counts.items():
        x = left
        drawn.text(24, y + 19, key, size=13)
        for status, column in zip(_DRAWN, columns, strict=True):
            wide = each[status] / most * (right - left)
            drawn.box(x, y + 5, max(wide - 1, 1), row - 10, status, round_by=0)
            drawn.text(column, y + 19, f"{each[status]:,}", size=13, anchor="end")
            x += wide
        said = ", ".join(f"{STATUS_LABELS[status].casefold()} {each[status]}" for status in _DRAWN)
        drawn.description += f" {guideline(key).title}: {said}."
        y += row
    drawn.line(left, top + 8, left, y)
    drawn.height = y + 20
    return drawn.svg()


def main() -> None:
    """Read the command line, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("survey", type=Path, metavar="NHANES.csv.gz")
    parser.add_argument("cases", type=Path, metavar="CASES.json")
    parser.add_argument("folder", type=Path, metavar="docs")
    options = parser.parse_args()
    write(options.survey, options.cases, options.folder)


if __name__ == "__main__":
    main()
