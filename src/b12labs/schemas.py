"""JSON Schemas: a panel as the keywords of `interpret()`, and an `Interpretation`, whole and compact.

All are derived. The panel's schema comes from the analytes, units, context terms and guidelines of
`reference_ranges/`, and from the words and patterns that the readers use. The interpretations' schemas come from their
pydantic models. The number in an id changes when a document that was valid no longer is.
"""

from __future__ import annotations

import inspect
import json
import re
import typing
from collections.abc import Callable, Iterable
from typing import Any, Literal, get_args

from pydantic import TypeAdapter

from b12labs.answer.compact import CompactAnswer
from b12labs.answer.parts import Answer
from b12labs.errors import checked_word
from b12labs.inputs import ages, fields, flags, numbers
from b12labs.inputs.several import family
from b12labs.limits.default import DEFAULT_GUIDELINE
from b12labs.patient.interpretation import Interpretation, interpret
from b12labs.reference import CONTEXT_FIELDS, Analyte, analytes, context, guideline_keys, units

__all__ = ["NAMES", "as_json", "compact_interpretation_schema", "interpretation_schema", "panel_schema", "schema"]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
Name = Literal["panel", "interpretation", "compact_interpretation"]
NAMES: tuple[Name, ...] = get_args(Name)
VERSIONS: dict[Name, int] = {"panel": 1, "interpretation": 1, "compact_interpretation": 1}
#: The keywords of `interpret()` that choose how a panel is interpreted. `errors` is left out: the caller chooses it.
OPTIONS = ("decimal", "unreported_context", "formulary")


def schema(name: Name) -> dict[str, Any]:
    """Return the schema `panel`, `interpretation` or `compact_interpretation` (JSON Schema 2020-12)."""
    made: dict[Name, Callable[[], dict[str, Any]]] = {
        "panel": panel_schema,
        "interpretation": interpretation_schema,
        "compact_interpretation": compact_interpretation_schema,
    }
    return made[checked_word("name", name, Name)]()


def as_json(name: Name) -> str:
    """Return a schema as JSON text."""
    return json.dumps(schema(name), indent=1, ensure_ascii=False) + "\n"


def interpretation_schema() -> dict[str, Any]:
    """Return the schema of `Interpretation.to_json()`.

    Documents of every version with this number satisfy it. Members that are not required are absent from documents of
    earlier versions. Later versions may add members, which a reader keeps or ignores.
    """
    return _of_answer("interpretation", "Interpretation", Interpretation)


def compact_interpretation_schema() -> dict[str, Any]:
    """Return the schema of `Interpretation.to_json(detail="holds")`; later versions satisfy it in the same way."""
    return _of_answer("compact_interpretation", "Compact interpretation", CompactAnswer)


def _of_answer(name: Name, title: str, model: type[Answer]) -> dict[str, Any]:
    derived = _cleaned(model.model_json_schema(mode="validation"))
    parts = derived.pop("$defs")
    return {**_head(name), "title": title, **derived, "$defs": parts}


def _head(name: Name) -> dict[str, Any]:
    return {"$schema": DIALECT, "$id": f"urn:b12labs:schema:{name}:{VERSIONS[name]}"}


def _cleaned(node: Any) -> Any:
    """Remove titles made from names, defaults of members that are always written, and the ban on additional members."""
    if isinstance(node, list):
        return [_cleaned(part) for part in node]
    if not isinstance(node, dict):
        return node
    kept = {
        key: value
        for key, value in node.items()
        if key not in ("default", "additionalProperties") or isinstance(value, dict)
    }
    kept = {key: value for key, value in kept.items() if not (key == "title" and isinstance(value, str))}
    return {key: _one_line(value) if key == "description" else _cleaned(value) for key, value in kept.items()}


def _one_line(description: Any) -> Any:
    """Return a docstring in one line."""
    return " ".join(description.split()) if isinstance(description, str) else _cleaned(description)


def panel_schema() -> dict[str, Any]:
    """Return the schema of a panel as JSON: the keywords of `interpret()`.

    b12labs reads a panel that satisfies it, except values that are implausible, lack a unit, or contradict each other.
    It also reads spellings that the schema does not list: other cases and spaces.
    """
    kinds = sorted({kind for analyte in analytes().values() for kind in analyte.kinds})
    return {
        **_head("panel"),
        "title": "Panel",
        "description": "One draw's results and the patient, as the keywords of b12labs.interpret(). Leave out an "
        "analyte that was not measured, or set it to null. "
        "Words may differ from those listed here in case.",
        "type": "object",
        "properties": {
            **{analyte.key: _result(analyte) for analyte in analytes().values()},
            **_patient(),
            **{name: {"$ref": "#/$defs/terms"} for name in CONTEXT_FIELDS},
            **{key: {"title": term.label, "$ref": "#/$defs/yes_no"} for key, term in context().terms.items()},
            **_options(),
        },
        "additionalProperties": False,
        "$defs": {
            "number": {
                "description": "A number; its unit is given beside it or under `units`.",
                "type": "number",
                "minimum": 0,
            },
            "text": _text(
                qualitative=False,
                what="A number with its unit, such as `145 pg/mL` or `<150 pg/mL`, or a laboratory's word.",
            ),
            "found": _text(
                qualitative=True, what="A number with its unit, or a laboratory's word, such as `positive`."
            ),
            "flag": {"enum": _spelled(flag_words(qualitative=False))},
            "flag_or_found": {"enum": _spelled(flag_words(qualitative=True))},
            "reference_end": {
                "description": "One end of the laboratory's own interval, in the unit of the value.",
                "anyOf": [
                    {"$ref": "#/$defs/number"},
                    {"type": "string", "pattern": f"^\\s*(?:{_number()}|$)"},
                    {"type": "null"},
                ],
            },
            "yes_no": {"enum": [True, False, 1, 0, None, *_spelled(fields.YES | fields.NO | fields.UNKNOWN_WORDS)]},
            "terms": {
                "description": "A list of context terms, or a text of them separated by commas or semicolons.",
                "anyOf": [{"type": "array", "items": {"$ref": "#/$defs/term"}}, {"type": "string"}, {"type": "null"}],
            },
            "term": {
                "enum": sorted(
                    {
                        word
                        for term in context().terms.values()
                        for word in (term.key, term.label, *term.synonyms, *term.codes)
                    }
                )
            },
            **{f"unit_of_{kind}": {"enum": _spellings(kind)} for kind in kinds},
        },
    }


def flag_words(*, qualitative: bool) -> set[str]:
    """Return the words that are read as a flag; with `qualitative`, also those of qualitative analytes."""
    return {word for words in flags.FLAG_WORDS.values() for word in words} | (
        set(flags.QUALITATIVE) if qualitative else set()
    )


def _spelled(words: Iterable[str]) -> list[str]:
    """Return words in lower case, capitalized, and in upper case."""
    return sorted({each for word in words for each in (word, word.capitalize(), word.upper())})


def _number() -> str:
    return "|".join(pattern.pattern for pattern in numbers.NUMBER.values())


def _text(*, qualitative: bool, what: str) -> dict[str, Any]:
    comparators = "|".join(re.escape(sign) for sign in sorted(_spelled(numbers.COMPARATORS), key=len, reverse=True))
    number = {"pattern": f"^\\s*(?:(?:{comparators})\\s*)?(?:{_number()})"}
    words = {"enum": _spelled(flag_words(qualitative=qualitative) | flags.MISSING)}
    return {"description": what, "type": "string", "anyOf": [number, words]}


def _spellings(kind: str) -> list[str]:
    return [
        spelling
        for unit in units().units
        if unit.kind == kind
        for spelling in dict.fromkeys((unit.ucum, *unit.spellings))
    ]


def _unit(analyte: Analyte) -> dict[str, Any]:
    kinds = [kind for key in family(analyte.key) for kind in analytes()[key].kinds]
    return {"anyOf": [{"$ref": f"#/$defs/unit_of_{kind}"} for kind in kinds]}


def _result(analyte: Analyte) -> dict[str, Any]:
    """Return the forms in which one result may be given."""
    text = {"$ref": "#/$defs/found" if analyte.qualitative else "#/$defs/text"}
    flag = {"$ref": "#/$defs/flag_or_found" if analyte.qualitative else "#/$defs/flag"}
    beside = {
        "value": {"anyOf": [{"$ref": "#/$defs/number"}, text, {"type": "null"}]},
        "unit": {"anyOf": [*_unit(analyte)["anyOf"], {"enum": ["", None]}]},
        "flag": {"anyOf": [flag, {"enum": ["", None]}]},
        "reference_low": {"$ref": "#/$defs/reference_end"},
        "reference_high": {"$ref": "#/$defs/reference_end"},
    }
    plausible = f"plausible from {analyte.plausible.low:g} to {analyte.plausible.high:,.6g} {analyte.unit}"
    return {
        "title": analyte.name,
        "description": f"Usually in {', '.join(analyte.usual or (analyte.unit,))}; {plausible}.",
        "anyOf": [
            text,
            {"$ref": "#/$defs/number"},
            {"type": "object", "properties": beside, "additionalProperties": False},
            {"type": "null"},
        ],
    }


def _patient() -> dict[str, Any]:
    unknown = {"enum": [None, *_spelled(fields.UNKNOWN_WORDS)]}

    def amount(what: str, low: float, high: float, pattern: re.Pattern[str]) -> dict[str, Any]:
        text = {"type": "string", "pattern": f"^\\s*(?:{pattern.pattern})\\s*$"}
        return {"description": what, "anyOf": [{"type": "number", "minimum": low, "maximum": high}, text, unknown]}

    return {
        "age": amount("In years, or a text such as `5 months` or `90+`.", 0, ages.OLDEST, ages.AGE),
        "sex": {"description": "The sex whose limits apply.", "enum": [None, *_spelled(fields.SEX_WORDS)]},
        "pregnant": {"$ref": "#/$defs/yes_no"},
        "trimester": {"enum": [None, *range(1, 4), *_spelled({*fields.TRIMESTER_WORDS, *fields.UNKNOWN_WORDS})]},
        "gestational_weeks": amount(
            "Completed weeks, such as `20` or `20+3`.", 0, fields.LONGEST_GESTATION, fields.WEEKS
        ),
        "elevation": amount("Elevation of the home, in meters.", fields.LOWEST, fields.HIGHEST, fields.HEIGHT),
    }


def _options() -> dict[str, Any]:
    hints, asked = typing.get_type_hints(interpret), inspect.signature(interpret).parameters
    return {
        "guideline": {"enum": list(guideline_keys()), "default": DEFAULT_GUIDELINE},
        "units": {
            "description": "The unit of each analyte whose value has none.",
            "anyOf": [
                {
                    "type": "object",
                    "properties": {key: _unit(analyte) for key, analyte in analytes().items()},
                    "additionalProperties": False,
                },
                {"type": "null"},
            ],
        },
        **{name: {**TypeAdapter(hints[name]).json_schema(), "default": asked[name].default} for name in OPTIONS},
    }
