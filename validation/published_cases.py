"""Interpret published case reports, and compare the answers with their authors' conclusions.

    python validation/published_cases.py FILE... [--json]

Each FILE is a JSON list of cases: `id`, `age_years`, `sex`, `pregnant`, `inputs` (value, unit, comparator,
qualitative, ref_low, ref_high by name), `context` (free texts) and `expected`. Values are read as printed. A misprinted
unit is refused and reported. The value is then read again in the analyte's usual unit, as after a call to the
laboratory.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from typing import Any

from b12labs import Interpretation, MeasurementError, interpret
from b12labs.inputs.flags import read_flag
from b12labs.inputs.measurement import measure
from b12labs.inputs.tests import recognize_test
from b12labs.inputs.vocabulary import find_terms, plain
from b12labs.reference import analytes

#: Names of the case file, and their analytes. Names that are neither here nor an analyte's own are listed as unused.
NAMES = {
    "b12_total": "b12",
    "b12": "b12",
    "active_b12": "holotc",
    "mma_serum": "mma",
    "mma_plasma": "mma",
    "homocysteine_total": "homocysteine",
    "folate_serum": "folate",
    "folate_rbc": "rbc_folate",
    "hb": "hemoglobin",
    "haemoglobin": "hemoglobin",
    "hct": "hematocrit",
    "haematocrit": "hematocrit",
    "reticulocytes_abs": "reticulocytes",
    "reticulocytes_pct": "reticulocyte_percent",
    "if_antibody": "intrinsic_factor_antibody",
    "mma_urine": "urine_mma_ratio",
    "urine_mma": "urine_mma_ratio",
}
#: Findings given in words, and the results that they flag.
IN_WORDS = {
    "cbc": ("hemoglobin", "mcv", "wbc", "platelets"),
    "pancytopenia": ("wbc", "platelets"),
}
#: Flags of the case file, by a pattern, and the findings, problems, next tests or verdicts that fulfill them.
FLAGS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"implausible unit|misprint", ("problem:implausible_value",)),
    (
        r"pseudo.?tma|\bttp\b|adamts13|microangiopath",
        ("thrombotic_microangiopathy_pattern", "fragments_with_low_platelets"),
    ),
    (r"ineffective erythropoiesis", ("ineffective_erythropoiesis",)),
    (r"masked macrocytosis", ("masked_macrocytosis", "possibly_masked_macrocytosis")),
    (r"pancytopenia", ("pancytopenia",)),
    (r"p(a)?ediatric|adult cut", ("adult_limits_not_valid",)),
    (r"\bcopper", ("copper_deficiency_suspected",)),
    (r"mma/homocysteine", ("test:mma", "raised_mma")),
    (r"low total b12 with normal holotc", ("discordant_low_total_b12",)),
    (r"unreliable in .*pregnancy", ("binding_protein_lowered",)),
    (r"renal|kidney", ("severely_reduced_kidney_function", "reduced_kidney_function")),
    (r"high b12 explained", ("high_b12_explained",)),
    (r"lifelong", ("lifelong_treatment",)),
    (r"before folate alone|folate alone", ("caution:folic acid alone", "folate_before_b12")),
    (r"combined folate", ("combined_folate_deficiency",)),
    (r"folate deficiency", ("folate_deficiency",)),
    (r"ileal disease", ("cause_ileal_disease",)),
    (r"parenteral preferred", ("route:intramuscular",)),
    (r"normal homocysteine and normal cbc|without an(a)?emia", ("deficiency_without_anemia",)),
    (r"high b12 does not exclude", ("unexplained_high_b12",)),
    (r"(?<!high b12 )does not exclude|in range|in-range", ("level_does_not_exclude",)),
    (r"^urgent|emergency", ("urgency",)),
    (r"nitrous", ("nitrous_oxide",)),
    (r"metformin", ("medicine_lowers_b12",)),
)


def read_case(case: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Return a case as named values for `interpret`, and the unused inputs."""
    values: dict[str, Any] = {}
    unused: list[str] = []
    texts: list[str] = []
    for name, given in case["inputs"].items():
        key = NAMES.get(name) or recognize_test(_plain_name(name)).analyte or name
        words = given.get("qualitative")
        if name == "gestation":
            values["gestational_weeks"] = given["value"]
        elif key in analytes():
            value = f"{given.get('comparator') or ''}{given['value']}" if given.get("value") is not None else None
            unit = given.get("unit") or ("{index}" if analytes()[key].kinds == ("index",) else None)
            entry = {"value": value, "unit": unit, "flag": _flag(words)}
            if entry["unit"]:
                entry.update(reference_low=given.get("ref_low"), reference_high=given.get("ref_high"))
            values[key] = {part: what for part, what in entry.items() if what is not None}
        elif name in IN_WORDS and _flag(words):
            for each in IN_WORDS[name]:
                values.setdefault(each, {"flag": "low" if name == "pancytopenia" else _flag(words)})
        elif words and name == "renal_function":
            texts.append(words)
        else:
            unused.append(name)
    values.update(age=case.get("age_years"), sex=case.get("sex"), pregnant="yes" if case.get("pregnant") else None)
    for part in case.get("context", {}).values():
        texts.extend(str(text).replace("_", " ") for text in part)
    values["diagnoses"] = sorted({term.key for text in texts for term in find_terms(text)})
    return values, unused


def _plain_name(name: str) -> str:
    """Return an input's name without words that do not change its meaning: `serum_b12_level` is `b12`."""
    return " ".join(word for word in plain(name).split() if word not in ("serum", "plasma", "level", "anti")) or name


def _flag(words: str | None) -> str | None:
    """Return the flag of a result in words, or None if it is negated or unclear."""
    if not words:
        return None
    said = [word.strip(".,:;()").casefold() for word in words.split()]
    whole = read_flag(" ".join(said))
    if whole or {"not", "no", "never", "borderline"} & set(said):
        return whole
    # The word is last in `mildly high`, and first in `normal apart from bilirubin`.
    return read_flag(said[0]) or read_flag(said[-1])


def reread(values: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Return the values with misprinted units replaced by the usual ones, and a note on each."""
    said: list[str] = []
    mended = dict(values)
    for key, given in values.items():
        if key not in analytes() or given.get("value") is None:
            continue
        try:
            measure(key, given)
        except MeasurementError as error:
            unit = analytes()[key].unit
            said.append(f"{key}: {error.code} as printed, read again in {unit}")
            mended[key] = {**given, "unit": unit}
    return mended, said


def run(case: dict[str, Any]) -> dict[str, Any]:
    """Interpret one case as printed, and again if a unit is refused. Return the comparison."""
    values, unused = read_case(case)
    as_printed = interpret(**values, errors="report")
    mended, said = reread(values)
    result = interpret(**mended, errors="report") if said else as_printed
    expected = case["expected"]
    problems = {problem.code for problem in as_printed.problems}
    missing = [flag for flag in expected.get("must_flag", ()) if not _present(flag, result, problems)]
    counted = any(key in values for key in ("hemoglobin", "hematocrit", "mcv"))
    route_counts = str(expected.get("route_origin", "")).startswith("author")
    return {
        "id": case["id"],
        "status": result.status,
        "accepted": result.status in expected["acceptable_statuses"],
        "acceptable_statuses": expected["acceptable_statuses"],
        "megaloblastic_anemia": result.megaloblastic_anemia,
        "megaloblastic_anemia_right": result.megaloblastic_anemia == expected.get("megaloblastic_anaemia")
        if counted
        else None,
        "route": result.treatment.route,
        "route_right": _same_route(str(expected.get("route")), result.treatment.route) if route_counts else None,
        "flags_missing": missing,
        "reread": said,
        "unused": unused,
        "problems": [problem.message for problem in as_printed.problems],
        "why": result.statement,
    }


def _present(flag: str, result: Interpretation, problems: set[str]) -> bool:
    """Return whether the interpretation fulfills a flag: an entry of every matching line must be in it."""
    matching = [codes for pattern, codes in FLAGS if re.search(pattern, flag.casefold())]
    return bool(matching) and all(any(_says(code, result, problems) for code in codes) for codes in matching)


def _says(code: str, result: Interpretation, problems: set[str]) -> bool:
    kind, _, what = code.rpartition(":")
    if kind == "problem":
        return what in problems
    if kind == "test":
        return any(test.analyte == what for test in result.next_tests)
    if kind == "route":
        return result.treatment.route == what
    if kind == "caution":
        return any(what in caution.text for caution in result.treatment.cautions)
    if code == "urgency":
        return result.urgency in ("urgent", "emergency")
    return code in result.findings and result.findings[code].state is True


def _same_route(expected: str, route: str) -> bool:
    """Compare routes by meaning: parenteral is intramuscular, and a treatment without B12 has no B12 route."""
    words = expected.casefold()
    if words.startswith(("none", "undetermined", "not b12", "oral folic")):
        return route in ("none", "undetermined")
    accepted = set()
    if re.search(r"parenteral|intramuscular|\bim\b|injection", words):
        accepted.add("intramuscular")
    if "oral" in words:
        accepted.add("oral")
    if len(accepted) == 2:
        accepted.add("oral_or_intramuscular")
    return route in accepted


def main() -> None:
    """Print one line per case and the totals, or everything as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("file", type=Path, nargs="+")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    cases = [case for file in options.file for case in json.loads(file.read_text(encoding="utf-8"))]
    done = [run(case) for case in cases]
    totals = {
        "cases": len(done),
        "accepted": sum(line["accepted"] for line in done),
        "megaloblastic_anemia_right": sum(bool(line["megaloblastic_anemia_right"]) for line in done),
        "blood_counts": sum(line["megaloblastic_anemia_right"] is not None for line in done),
        "routes_compared": sum(line["route_right"] is not None for line in done),
        "routes_right": sum(bool(line["route_right"]) for line in done),
        "flags_missing": sum(len(line["flags_missing"]) for line in done),
    }
    if options.json:
        json.dump({"cases": done, "totals": totals}, sys.stdout, indent=1, ensure_ascii=False)
        print()
        return
    words = {True: "yes", False: "no", None: "cannot tell"}
    print(f"{'case':<26}{'status':<23}{'accepted':<10}{'megaloblastic':<15}{'route':<23}flags missing")
    for line in done:
        accepted = "yes" if line["accepted"] else "NO"
        route = line["route"] + {True: " (right)", False: " (WRONG)", None: ""}[line["route_right"]]
        mega = words[line["megaloblastic_anemia"]] + (" (*)" if line["megaloblastic_anemia_right"] is False else "")
        print(
            f"{line['id']:<26}{line['status']:<23}{accepted:<10}{mega:<15}{route:<23}"
            f"{'; '.join(line['flags_missing']) or '-'}"
        )
        for said in line["reread"]:
            print(f"{'':<26}{said}")
        if not line["accepted"]:
            print(f"{'':<26}accepted would be {' or '.join(line['acceptable_statuses'])}; {line['why']}")
    print(f"\n{totals['accepted']} of {totals['cases']} accepted")
    right, counted = totals["megaloblastic_anemia_right"], totals["blood_counts"]
    print(f"megaloblastic anemia as the authors say in {right} of {counted} with a blood count (* where not)")
    print(
        f"route right in {totals['routes_right']} of {totals['routes_compared']} compared; flags missing: "
        f"{totals['flags_missing']}"
    )


if __name__ == "__main__":
    main()
