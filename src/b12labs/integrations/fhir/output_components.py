"""The components of an interpretation's Observation: the results as printed, the verdicts, and the findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, get_args

from b12labs.answer.answers import TRUTHS, VERDICTS
from b12labs.answer.parts import Evidence, Finding
from b12labs.errors import MeasurementError
from b12labs.inputs.flags import is_qualitative
from b12labs.inputs.measurement import Measurement
from b12labs.inputs.numbers import Decimal as DecimalSign
from b12labs.inputs.numbers import bounds, printed_number
from b12labs.inputs.panel import Panel
from b12labs.inputs.units import factor
from b12labs.logic.language import TRUE
from b12labs.logic.scalars import Plain
from b12labs.patient.interpretation import Interpretation
from b12labs.reasoning.compiled import VERDICT_RULES
from b12labs.reference import analytes
from b12labs.rules import FINDINGS_OF, advice, combined_index, regimen
from b12labs.rules.do_now import do_not_wait
from b12labs.text import as_words

__all__ = [
    "BELOW_REFERENCE_RANGE",
    "TERMINOLOGY",
    "Resource",
    "absent",
    "components",
    "concept",
    "is_below_reference_range",
    "outcome",
    "spaced",
    "without_blanks",
]

Resource = dict[str, Any]

TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"
UCUM = "http://unitsofmeasure.org"
#: b12labs's own code systems for the components: results, outcomes of verdicts, findings.
ANALYTE, VERDICT, FINDING = (f"urn:b12labs:{name}" for name in ("analyte", "verdict", "finding"))
#: A finding of the laboratory: the result is below its own interval. It is not a diagnosis.
BELOW_REFERENCE_RANGE = {"system": "http://snomed.info/sct", "code": "165645009"}
_FLAGS = {"low": ("L", "Low"), "normal": ("N", "Normal"), "high": ("H", "High")}
_FOUND = {"normal": ("NEG", "Negative"), "high": ("POS", "Positive")}
#: Rules about treatment and the validity of a formula: they are not findings in a patient.
_NOT_FOUND_IN_PATIENTS = frozenset(
    rule.code
    for rule in (do_not_wait, *(each for room in (advice, regimen, combined_index) for each in FINDINGS_OF[room]))
)


def without_blanks(content: Resource) -> Resource:
    """Return the content without empty members: FHIR has neither null nor empty lists."""
    return {name: value for name, value in content.items() if value is not None and value not in ("", [], {})}


def concept(system: str, code: str, display: str, text: str = "") -> Resource:
    """Return a CodeableConcept of one code."""
    return without_blanks({"coding": [{"system": system, "code": code, "display": display}], "text": text})


def outcome(verdict: str, found: str, text: str = "") -> Resource:
    """Return an outcome of a verdict as a CodeableConcept."""
    return concept(f"urn:b12labs:{verdict}", found, as_words(found), text)


def absent(why: str) -> Resource:
    """Return the reason for a missing value as a CodeableConcept."""
    return concept(f"{TERMINOLOGY}/data-absent-reason", "unknown", "Unknown", why)


def spaced(words: Iterable[str]) -> str:
    """Return codes as words, separated by commas."""
    return ", ".join(as_words(word) for word in words)


def components(panel: Panel, result: Interpretation) -> Iterator[Resource]:
    """Yield the results, the verdicts, all answers (whatever their state), and the other findings that hold."""
    for key, read in panel.results.items():
        yield _of_result(read, [entry for entry in result.evidence if entry.analyte == key])
    for verdict, found in _verdicts(result).items():
        code = {
            "code": concept(
                VERDICT,
                verdict,
                "suggested treatment route" if verdict == "treatment_route" else as_words(verdict),
            )
        }
        if found is not None:
            yield {**code, "valueCodeableConcept": outcome(verdict, found)}
        elif verdict in result.possible:
            yield {**code, "dataAbsentReason": absent(f"still possible: {spaced(result.possible[verdict])}")}
    for found_code, state in result.states.items():
        if (state and found_code not in _NOT_FOUND_IN_PATIENTS) or found_code in TRUTHS:
            below = found_code == "low_total_b12" and is_below_reference_range(panel, result)
            yield _of_finding(result.findings[found_code], below=below)


def _verdicts(result: Interpretation) -> dict[str, str | None]:
    index = result.combined_index
    words = {code: row.of(result) for code, row in VERDICTS.items() if code != "status"}
    decided = {code: word if word in VERDICT_RULES[code].outcomes else None for code, word in words.items()}
    return {**decided, "combined_index_class": index.index_class if index else None}


def _of_result(read: Measurement, evidence: list[Evidence]) -> Resource:
    """Return one result as it was printed, with the laboratory's flag and its relation to the limits that decided."""
    analyte = analytes()[read.analyte]
    said = [{"text": f"{entry.against} ({entry.source_name}) [{entry.checked}]"} for entry in evidence]
    return without_blanks(
        {
            "code": concept(ANALYTE, analyte.key, analyte.label, analyte.name),
            **_value(read),
            "interpretation": [*([_laboratory_flag(read)] if read.flag else []), *said],
        }
    )


def _laboratory_flag(read: Measurement) -> Resource:
    assert read.flag is not None
    found = is_qualitative(read.given.strip())
    code, display = _FOUND[read.flag] if found else _FLAGS[read.flag]
    return concept(f"{TERMINOLOGY}/v3-ObservationInterpretation", code, display, f"{display}, by the laboratory")


def _value(read: Measurement) -> Resource:
    """Return a result's value: a Quantity with the digits printed, or the laboratory's word."""
    if not read.measured and read.flag:
        return {"valueCodeableConcept": {"text": read.given.strip()}}
    printed = _printed(read)
    if printed is None:
        return {"valueString": read.given.strip()}
    comparator, value = printed
    return {
        "valueQuantity": without_blanks(
            {"value": value, "comparator": comparator, "unit": read.unit, "system": UCUM, "code": read.unit}
        )
    }


def _printed(read: Measurement) -> tuple[str, Decimal] | None:
    """Return a result's comparator and number as printed, using the decimal sign that gives the interval read."""
    for sign in get_args(DecimalSign):
        try:
            comparator, digits, _ = printed_number(analytes()[read.analyte], read.given.strip(), sign)
        except MeasurementError:
            continue
        if bounds(comparator, float(digits) * factor(read.analyte, read.unit)) == (read.low, read.high):
            return comparator, Decimal(digits)
    return None


def _of_finding(finding: Finding, *, below: bool) -> Resource:
    code = {
        "coding": [
            {"system": FINDING, "code": finding.code, "display": finding.label},
            *([BELOW_REFERENCE_RANGE] if below else []),
        ]
    }
    if finding.state is None:
        return {"code": code, "dataAbsentReason": absent(finding.statement)}
    return {"code": {**code, "text": finding.statement}, "valueBoolean": finding.state}


def is_below_reference_range(panel: Panel, result: Interpretation) -> bool:
    """Return whether B12 is low by the guideline, and by the laboratory's own interval or flag, too.

    Only then is the SNOMED CT code for a low result written.
    """
    b12 = panel.results.get("b12")
    if b12 is None or not result.holds("low_total_b12"):
        return False
    end = b12.reference_low
    return b12.flag == "low" if end is None else Plain.below((b12.low, b12.high), (end, end)) == TRUE
