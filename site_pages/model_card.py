"""The model card: versions, guidelines and their years, validation, known failures, and reviews."""

from __future__ import annotations

from b12labs.reference import guideline, guideline_keys, sources
from b12labs.version import __version__
from validation.reviews import Review, reviews

__all__ = ["page"]

_HEAD = """# Model card

b12labs has no trained model: an answer follows from written rules and published limits. This card is generated from them by `make generated`.

| | |
|---|---|
| name | b12labs {version} |
| rules, numbers and sentences | {rules} ([versions](versions.md)) |
| kind | rules in three-valued logic over measured values; nothing is learned from data, and the same input gives the same answer |
| input | laboratory results with units, age, sex, pregnancy, elevation, smoking, symptoms, risk factors, medicines, diagnoses ([nomenclature](nomenclature.md)) |
| output | status, functional deficiency, megaloblastic anemia, causes, next tests, treatment route, urgency; each with evidence and sources |
| intended use | [intended use](intended-use.md): a health professional who can read the basis of each statement |
| license | Apache-2.0 |

## Guidelines

Each can be chosen; the default is NICE NG239. *Checked* shows how its numbers were read: `source` in the publication itself, `secondary` in a text that
cites it, `unconfirmed` nowhere yet.

| guideline | year | from age | checked | not covered |
|---|---|---|---|---|
"""

_TAIL = """
## Validation

- **A national survey.** Counts by guideline agree to the last person with counts made without b12labs: [validation](validation.md). The adults of
  the survey were not examined for B12 deficiency, so it gives no sensitivity and no specificity.
- **Published cases.** The status is accepted in all 18 cases of the table there. Cases are published because they are unusual.
- **A second reading.** `validation/oracle` states the facts again in plain Python and shares nothing with the package; CI compares 20,000 made-up patients.
- **Not done.** No prospective study, no comparison with a clinician's decisions, no study of outcomes.

## Known failures and limits

- No laboratory result excludes deficiency: `deficiency_unlikely` may be wrong in a patient with signs of it.
- Assays of B12 and holoTC differ between manufacturers. One limit for all of them is wrong for some.
- An intrinsic-factor antibody can make total B12 read falsely normal.
- Under a guideline's age its limits do not apply, and under 16 no dose is printed. Children have fewer limits, and rarer causes are only pointed out.
- In pregnancy total B12 falls without deficiency; a single profile covers it.
- Limits marked `unconfirmed` were not found in a source: [the rules](rules.md) mark each.
- `validation/oracle/settled.md` lists the statements on which the sources leave two answers open.
- [Limits](limits.md) describes the facts that b12labs does not see.

## Reviewed by

{reviewed}
"""


def page(rules_version: str) -> str:
    """Return docs/model-card.md for a version of the rules."""
    head = _HEAD.format(version=__version__, rules=rules_version)
    rows = "\n".join(map(_row, guideline_keys()))
    return f"{head}{rows}\n{_TAIL.format(reviewed=_reviewed(reviews()))}"


def _row(key: str) -> str:
    chosen = guideline(key)
    year, age = sources()[chosen.source].year, chosen.population.min_age
    return f"| {chosen.title} (`{key}`) | {year or 'not known'} | {age:g} | {chosen.checked} | {chosen.leaves_out} |"


def _reviewed(found: list[Review]) -> str:
    """Return the reviews as a table, with whether each file has changed since."""
    if not found:
        return (
            "There is no review yet: no clinician has reviewed the rules and signed for them. "
            "See [how to review a file](intended-use.md#review-and-sign-a-file)."
        )
    rows = [
        f"| `{each.file}` | {each.reviewer} | {each.date} | {each.verdict} "
        f"| {'unchanged' if each.stands else '**changed since**'} | {each.remarks} |"
        for each in found
    ]
    return "\n".join(["| file | reviewer | date | verdict | file | remarks |", "|---|---|---|---|---|---|", *rows])
